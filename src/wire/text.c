#include "wire/text.h"

#include <math.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct text text_trim(struct text t)
{
    while (t.n > 0 && is_blank(t.p[0])) {
        t.p++;
        t.n--;
    }
    while (t.n > 0 && is_blank(t.p[t.n - 1])) {
        t.n--;
    }
    return t;
}

bool text_is(struct text t, const char *word)
{
    return strlen(word) == t.n && memcmp(t.p, word, t.n) == 0;
}

/* mantissa * 10^exponent */
struct decimal {
    bool is_negative;
    uint64_t mantissa;
    int exponent;
};

enum { EXPONENT_MAX = 400 };

/* Digits of p from *i on; those that do not fit the mantissa any more only move the exponent. */
static unsigned take_digits(struct text t, size_t *i, struct decimal *d, bool is_fraction)
{
    unsigned digits = 0;
    for (; *i < t.n && is_digit(t.p[*i]); ++*i, digits++) {
        if (d->mantissa < UINT64_C(100000000000000000)) {
            d->mantissa = 10 * d->mantissa + (uint64_t)(t.p[*i] - '0');
            d->exponent -= is_fraction;
        } else {
            d->exponent += !is_fraction;
        }
    }
    return digits;
}

static bool take_exponent(struct text t, size_t *i, struct decimal *d)
{
    if (*i >= t.n || (t.p[*i] != 'e' && t.p[*i] != 'E')) {
        return true;
    }
    ++*i;
    const bool negative = *i < t.n && t.p[*i] == '-';
    *i += *i < t.n && (t.p[*i] == '-' || t.p[*i] == '+');
    int exponent = 0;
    const size_t from = *i;
    for (; *i < t.n && is_digit(t.p[*i]); ++*i) {
        exponent = exponent > EXPONENT_MAX ? exponent : 10 * exponent + (t.p[*i] - '0');
    }
    d->exponent += negative ? -exponent : exponent;
    return *i > from;
}

static bool take_decimal(struct text t, struct decimal *d)
{
    *d = (struct decimal){0};
    size_t i = 0;
    if (t.n > 0 && (t.p[0] == '-' || t.p[0] == '+')) {
        d->is_negative = t.p[0] == '-';
        i++;
    }
    unsigned digits = take_digits(t, &i, d, false);
    if (i < t.n && t.p[i] == '.') {
        i++;
        digits += take_digits(t, &i, d, true);
    }
    return digits > 0 && take_exponent(t, &i, d) && i == t.n;
}

/* One rounding only: powers of ten up to 10^22 are exact in a double. */
static double scaled(const struct decimal *d, unsigned decimals)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int last = (int)(sizeof power / sizeof *power) - 1;
    const int exponent = d->exponent + (int)decimals;
    const double m = (double)d->mantissa;
    if (exponent >= 0) {
        return exponent > last ? (m > 0 ? HUGE_VAL : 0) : m * power[exponent];
    }
    return -exponent > last ? 0 : m / power[-exponent];
}

bool text_decimal(struct text t, unsigned decimals, int64_t *out)
{
    struct decimal d;
    if (!take_decimal(t, &d)) {
        return false;
    }
    const double v = scaled(&d, decimals);
    if (!(v < 9e18)) {
        return false;
    }
    const int64_t rounded = d.exponent + (int)decimals == 0 ? (int64_t)d.mantissa : llround(v);
    *out = d.is_negative ? -rounded : rounded;
    return true;
}

bool text_number(struct text t, unsigned decimals, int32_t lo, int32_t hi, int32_t *out)
{
    int64_t v;
    if (!text_decimal(t, decimals, &v) || v < lo || v > hi) {
        return false;
    }
    *out = (int32_t)v;
    return true;
}

/* A hexadecimal digit's value plus one, 0 for every other character. */
static const uint8_t hex_plus_one[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int hex_digit(char c)
{
    return hex_plus_one[(uint8_t)c] - 1;
}

bool text_hex(struct text t, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < t.n; i++) {
        const int digit = hex_digit(t.p[i]);
        if (digit < 0) {
            return false;
        }
        v = v << 4 | (uint64_t)digit;
    }
    *out = v;
    return t.n > 0 && t.n <= 16;
}

size_t text_bytes(struct text t, uint8_t *out, size_t max)
{
    if (t.n % 2 != 0 || t.n / 2 > max) {
        return 0;
    }
    for (size_t i = 0; i < t.n / 2; i++) {
        const int hi = hex_digit(t.p[2 * i]), lo = hex_digit(t.p[2 * i + 1]);
        if ((hi | lo) < 0) {
            return 0;
        }
        out[i] = (uint8_t)(hi << 4 | lo);
    }
    return t.n / 2;
}

bool text_address(struct text t, uint32_t *out)
{
    uint32_t kind = 0;
    if (t.n > 0 && t.p[0] == '~') {
        kind = ADDRESS_NON_ICAO;
        t.p++;
        t.n--;
    }
    uint64_t v;
    if (t.n != 6 || !text_hex(t, &v)) {
        return false;
    }
    *out = (uint32_t)v | kind;
    return true;
}

bool text_squawk(struct text t, int32_t *out)
{
    int32_t v = 0;
    if (t.n == 0 || t.n > 4) {
        return false;
    }
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '7') {
            return false;
        }
        v = v << 3 | (t.p[i] - '0');
    }
    *out = v;
    return true;
}

bool text_flight(struct text t, char out[8])
{
    t = text_trim(t);
    if (t.n == 0 || t.n > 8) {
        return false;
    }
    memset(out, ' ', 8);
    for (size_t i = 0; i < t.n; i++) {
        const char c = t.p[i] >= 'a' && t.p[i] <= 'z' ? (char)(t.p[i] - 'a' + 'A') : t.p[i];
        if (!is_digit(c) && !(c >= 'A' && c <= 'Z') && c != ' ') {
            return false;
        }
        out[i] = c;
    }
    return true;
}

/* The part that begins at p; *next is where the one after it does, NULL if it was the last. */
static struct text take_part(const char *p, const char *stop, char sep, const char **next)
{
    const char *from = p, *end = NULL;
    if (p < stop && *p == '"') {
        from = p + 1;
        end = memchr(from, '"', (size_t)(stop - from));
        while (end && end + 1 < stop && end[1] == '"') { /* a quote within is written twice */
            end = memchr(end + 2, '"', (size_t)(stop - end - 2));
        }
    }
    const char *at = memchr(end ? end : p, sep, (size_t)(stop - (end ? end : p)));
    *next = at ? at + 1 : NULL;
    if (end) {
        return (struct text){from, (size_t)(end - from)};
    }
    return (struct text){p, (size_t)((at ? at : stop) - p)};
}

size_t text_split(struct text t, char sep, struct text *out, size_t max)
{
    size_t n = 0;
    const char *stop = t.p + t.n;
    for (const char *p = t.p; p && n < max; n++) {
        out[n] = take_part(p, stop, sep, &p);
    }
    return n;
}

bool text_place(struct text lat, struct text lon, int32_t *lat_e7, int32_t *lon_e7)
{
    if (!text_number(lat, 7, -900000000, 900000000, lat_e7) ||
        !text_number(lon, 7, -1800000000, 1800000000, lon_e7)) {
        return false;
    }
    *lon_e7 = *lon_e7 == 1800000000 ? -1800000000 : *lon_e7;
    return true;
}
