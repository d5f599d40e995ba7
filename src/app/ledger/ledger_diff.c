#include "app/ledger/ledger_diff.h"

#include "app/command.h"
#include "base/instant.h"
#include "model/claim_pack.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of one edition; what only names a row does not count. */
struct side {
    struct claim *claim;
    size_t n, cap;
    bool failed;
};

static bool take(void *ctx, const struct claim *c)
{
    struct side *s = ctx;
    if (s->n == s->cap) {
        const size_t cap = s->cap ? s->cap * 2 : 4096;
        struct claim *more = realloc(s->claim, cap * sizeof *more);
        if (!more) {
            s->failed = true;
            return false;
        }
        s->claim = more;
        s->cap = cap;
    }
    s->claim[s->n] = *c;
    s->claim[s->n].number = s->claim[s->n].supersedes = s->claim[s->n].leg = 0;
    s->n++;
    return true;
}

static int compare(const void *p, const void *q)
{
    const struct claim *a = p, *b = q;
    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    if (a->made_ms != b->made_ms) {
        return a->made_ms < b->made_ms ? -1 : 1;
    }
    uint8_t x[CLAIM_PACK_MAX], y[CLAIM_PACK_MAX];
    const size_t n = claim_pack(a, x), m = claim_pack(b, y);
    const int order = memcmp(x, y, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

static void print(char sign, const struct claim *c)
{
    char lo[32] = "", hi[32] = "";
    if (c->t_lo_ms != CLAIM_NO_TIME) {
        instant_format(c->t_lo_ms * 1000, 0, lo);
        instant_format(c->t_hi_ms * 1000, 0, hi);
    }
    printf("%c %s%06" PRIx32 " %-8.8s %s %s %s %.3f %s", sign,
           c->address & ADDRESS_NON_ICAO ? "~" : "", c->address & 0xffffff, c->flight,
           claim_kind_word[c->kind].key, lo, hi, (double)c->p, claim_method_word[c->method].key);
    for (unsigned i = 0; i < c->candidates && i < 3; i++) {
        printf(" %s:%.3f", c->candidate[i].airport, (double)c->candidate[i].p);
    }
    printf("\n");
}

static void compare_all(struct side *a, struct side *b)
{
    size_t i = 0, k = 0, gone = 0, came = 0;
    qsort(a->claim, a->n, sizeof *a->claim, compare);
    qsort(b->claim, b->n, sizeof *b->claim, compare);
    while (i < a->n || k < b->n) {
        const int order = i == a->n ? 1 : k == b->n ? -1 : compare(&a->claim[i], &b->claim[k]);
        if (order < 0) {
            print('-', &a->claim[i++]);
            gone++;
        } else if (order > 0) {
            print('+', &b->claim[k++]);
            came++;
        } else {
            i++;
            k++;
        }
    }
    printf("%zu rows before, %zu now; %zu went, %zu came\n", a->n, b->n, gone, came);
}

int ledger_diff(struct store *s, int64_t from, int64_t to)
{
    struct store_ledger_state state;
    struct side a = {0}, b = {0};
    enum err e = store_ledger_state(s, &state);
    struct store_ledger_query q = {
        .address = ADDRESS_NONE, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
    to = to ? to : state.edition;
    from = from ? from : to > 1 ? to - 1 : to;
    q.edition = to;
    e = e ? e : store_ledger_find(s, &q, take, &b, NULL);
    q.edition = from;
    e = e || to <= 1 ? e : store_ledger_find(s, &q, take, &a, NULL);
    if (e || a.failed || b.failed) {
        fprintf(stderr, "masar ledger: %s\n", e ? "the ledger cannot be read" : "out of memory");
    } else if (to <= 1) {
        printf("the first edition: %zu rows\n", b.n);
    } else {
        compare_all(&a, &b);
    }
    free(a.claim);
    free(b.claim);
    return e || a.failed || b.failed ? EXIT_COULD_NOT : EXIT_DONE;
}
