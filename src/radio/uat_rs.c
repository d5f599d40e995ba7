#include "radio/uat_rs.h"

#include <stdbool.h>
#include <string.h>

enum { FIRST_ROOT = 120, POLYNOMIAL = 0x187, ORDER = 255 };

void uat_rs_start(struct uat_rs *rs)
{
    unsigned v = 1;
    for (unsigned i = 0; i < ORDER; i++) {
        rs->power[i] = rs->power[i + ORDER] = (uint8_t)v;
        rs->log[v] = (uint8_t)i;
        v <<= 1;
        v ^= v & 256 ? POLYNOMIAL : 0;
    }
    rs->power[510] = rs->power[511] = 1;
    rs->log[0] = 0; /* has none; every use asks first */
}

static uint8_t times(const struct uat_rs *rs, uint8_t a, uint8_t b)
{
    return a && b ? rs->power[rs->log[a] + rs->log[b]] : 0;
}

static uint8_t over(const struct uat_rs *rs, uint8_t a, uint8_t b)
{
    return a ? rs->power[rs->log[a] + ORDER - rs->log[b]] : 0;
}

/* a^e for any e. */
static uint8_t power_of(const struct uat_rs *rs, unsigned e)
{
    return rs->power[e % ORDER];
}

void uat_rs_encode(const struct uat_rs *rs, uint8_t *p, unsigned n_data, unsigned n_check)
{
    uint8_t g[UAT_RS_CHECK_MAX + 1] = {1}; /* highest power first */
    for (unsigned i = 0; i < n_check; i++) {
        for (unsigned j = i + 1; j > 0; j--) {
            g[j] ^= times(rs, g[j - 1], power_of(rs, FIRST_ROOT + i));
        }
    }
    uint8_t *check = p + n_data;
    memset(check, 0, n_check);
    for (unsigned i = 0; i < n_data; i++) {
        const uint8_t lead = p[i] ^ check[0];
        memmove(check, check + 1, n_check - 1);
        check[n_check - 1] = 0;
        for (unsigned j = 0; j < n_check; j++) {
            check[j] ^= times(rs, lead, g[j + 1]);
        }
    }
}

struct work {
    const struct uat_rs *rs;
    unsigned n, n_check;
    uint8_t syndrome[UAT_RS_CHECK_MAX];
    uint8_t locator[UAT_RS_CHECK_MAX + 1]; /* lowest power first */
    unsigned degree;
};

static bool syndromes(struct work *w, const uint8_t *p)
{
    bool any = false;
    for (unsigned i = 0; i < w->n_check; i++) {
        const uint8_t root = power_of(w->rs, FIRST_ROOT + i);
        uint8_t s = 0;
        for (unsigned j = 0; j < w->n; j++) {
            s = times(w->rs, s, root) ^ p[j];
        }
        w->syndrome[i] = s;
        any |= s != 0;
    }
    return any;
}

/* The locator of what is erased: the product of 1 - x a^position. */
static void start_locator(struct work *w, const uint8_t *erased, unsigned n_erased)
{
    memset(w->locator, 0, sizeof w->locator);
    w->locator[0] = 1;
    for (unsigned e = 0; e < n_erased; e++) {
        const uint8_t at = power_of(w->rs, w->n - 1 - erased[e]);
        for (unsigned j = e + 1; j > 0; j--) {
            w->locator[j] ^= times(w->rs, w->locator[j - 1], at);
        }
    }
    w->degree = n_erased;
}

/* Berlekamp and Massey's, begun with the erasures. */
static void find_locator(struct work *w, unsigned n_erased)
{
    uint8_t *lambda = w->locator, b[UAT_RS_CHECK_MAX + 1], t[UAT_RS_CHECK_MAX + 1];
    unsigned length = n_erased;
    memcpy(b, lambda, sizeof b);
    for (unsigned r = n_erased; r < w->n_check; r++) {
        uint8_t d = 0;
        for (unsigned i = 0; i <= r; i++) {
            d ^= times(w->rs, lambda[i], w->syndrome[r - i]);
        }
        memmove(b + 1, b, sizeof b - 1);
        b[0] = 0;
        if (d == 0) {
            continue;
        }
        for (unsigned i = 0; i <= w->n_check; i++) {
            t[i] = lambda[i] ^ times(w->rs, d, b[i]);
        }
        if (2 * length <= r + n_erased) {
            length = r + 1 + n_erased - length;
            for (unsigned i = 0; i <= w->n_check; i++) {
                b[i] = over(w->rs, lambda[i], d);
            }
        }
        memcpy(lambda, t, sizeof t);
    }
    w->degree = w->n_check;
    while (w->degree > 0 && lambda[w->degree] == 0) {
        w->degree--;
    }
}

/* Forney's: what is wrong by how much, where the locator is 0. False: it is nowhere, or not often
   enough. */
static bool repair(const struct work *w, uint8_t *p, unsigned *changed)
{
    uint8_t omega[UAT_RS_CHECK_MAX] = {0};
    for (unsigned i = 0; i < w->n_check; i++) {
        for (unsigned j = 0; j <= i && j <= w->degree; j++) {
            omega[i] ^= times(w->rs, w->locator[j], w->syndrome[i - j]);
        }
    }
    unsigned roots = 0;
    *changed = 0;
    for (unsigned at = 0; at < w->n; at++) {
        const unsigned inverse = ORDER - at % ORDER; /* log of 1 / a^position */
        uint8_t value = 0, slope = 0, above = 0;
        for (unsigned j = 0; j <= w->degree; j++) {
            const uint8_t term = times(w->rs, w->locator[j], power_of(w->rs, inverse * j));
            value ^= term;
            slope ^= j & 1 ? term : 0;
        }
        if (value != 0) {
            continue;
        }
        if (slope == 0) {
            return false;
        }
        for (unsigned j = 0; j < w->n_check; j++) {
            above ^= times(w->rs, omega[j], power_of(w->rs, inverse * j));
        }
        /* slope is x times the derivative, which leaves x to the power of the first root. */
        const uint8_t wrong =
            times(w->rs, over(w->rs, above, slope), power_of(w->rs, inverse * FIRST_ROOT));
        roots++;
        *changed += wrong != 0;
        p[w->n - 1 - at] ^= wrong;
    }
    return roots == w->degree;
}

int uat_rs_decode(const struct uat_rs *rs, uint8_t *p, unsigned n, unsigned n_check,
                  const uint8_t *erased, unsigned n_erased, unsigned most)
{
    struct work w = {.rs = rs, .n = n, .n_check = n_check};
    if (n_erased > n_check) {
        return -1;
    }
    if (!syndromes(&w, p)) {
        return 0;
    }
    start_locator(&w, erased, n_erased);
    find_locator(&w, n_erased);
    const unsigned errors = w.degree - n_erased;
    if (w.degree < n_erased || errors > most || 2 * errors + n_erased > n_check) {
        return -1;
    }
    uint8_t was[ORDER];
    unsigned changed;
    memcpy(was, p, n);
    if (!repair(&w, p, &changed) || syndromes(&w, p)) {
        memcpy(p, was, n);
        return -1;
    }
    return (int)changed;
}
