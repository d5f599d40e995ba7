#include "identity/delimited.h"

#include <string.h>

void delimited_open(struct delimited *d, char *p, size_t n, char separator, bool backslash)
{
    *d = (struct delimited){.p = p, .n = n, .separator = separator, .backslash = backslash};
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        d->p += 3;
        d->n -= 3;
    }
}

static char *line_end(char *p, char *end)
{
    char *at = memchr(p, '\n', (size_t)(end - p));
    return at ? at : end;
}

/* A field that begins with a quote: where it ends in the text, NULL if it does not. *out is the end
   of what it says, written from its first character on. */
static char *quoted(struct delimited *d, char *p, char *end, char **out)
{
    char *limit = end - p > DELIMITED_QUOTED_MAX ? p + DELIMITED_QUOTED_MAX : end, *q = p;
    while (p < limit && !(*p == '"' && (p + 1 == end || p[1] != '"'))) {
        p += *p == '"';
        p++;
    }
    if (p >= limit) {
        return NULL;
    }
    char *w = q;
    for (; q < p; q++) {
        d->line += *q == '\n';
        *w++ = *q;
        q += *q == '"';
    }
    *out = w;
    return p + 1;
}

static char *escaped(const struct delimited *d, char *p, const char *end, char **out)
{
    char *w = p;
    for (; p < end && *p != '\n' && *p != d->separator; p++) {
        if (*p == '\\' && p + 1 < end && p[1] != '\n') {
            p++;
        }
        *w++ = *p;
    }
    *out = w;
    return p;
}

/* One field from p; returns where the text goes on: at a separator, a line end or the end. */
static char *take(struct delimited *d, char *p, char *end, struct delimited_field *f)
{
    char *last;
    if (d->backslash) {
        char *stop = escaped(d, p, end, &last);
        *f = (struct delimited_field){p, (uint32_t)(last - p)};
        return stop;
    }
    if (p < end && *p == '"') {
        char *stop = quoted(d, p + 1, end, &last);
        if (stop) {
            *f = (struct delimited_field){p + 1, (uint32_t)(last - p - 1)};
            while (stop < end && *stop != d->separator && *stop != '\n') {
                stop++; /* text behind a closing quote is nobody's */
            }
            return stop;
        }
        d->torn_quotes++;
    }
    char *stop = p;
    while (stop < end && *stop != d->separator && *stop != '\n') {
        stop++;
    }
    *f = (struct delimited_field){p, (uint32_t)(stop - p)};
    return stop;
}

static struct delimited_field without_return(struct delimited_field f)
{
    if (f.n && f.p[f.n - 1] == '\r') {
        f.n--;
    }
    return f;
}

size_t delimited_next(struct delimited *d)
{
    char *end = d->p + d->n;
    while (d->p < end) {
        d->row_line = d->line + 1;
        size_t n = 0;
        char *p = d->p;
        for (bool more = true; more; n++) {
            struct delimited_field f;
            p = take(d, p, end, &f);
            more = p < end && *p == d->separator;
            p += more;
            if (n < DELIMITED_FIELDS) {
                d->field[n] = more ? f : without_return(f);
            }
        }
        p = line_end(p, end);
        d->line++;
        d->p = p < end ? p + 1 : end;
        d->n = (size_t)(end - d->p);
        if (n > 1 || d->field[0].n) {
            return n;
        }
    }
    return 0;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool delimited_is(struct delimited_field f, const char *text)
{
    for (uint32_t i = 0; i < f.n; i++) {
        if (!text[i] || lower(f.p[i]) != lower(text[i])) {
            return false;
        }
    }
    return text[f.n] == 0;
}

int delimited_column(const struct delimited *d, size_t fields, const char *name)
{
    for (size_t i = 0; i < fields && i < DELIMITED_FIELDS; i++) {
        if (delimited_is(d->field[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

bool delimited_copy(struct delimited_field f, char *out, size_t size)
{
    size_t n = f.n < size ? f.n : size - 1;
    while (n < f.n && n > 0 && ((uint8_t)f.p[n] & 0xc0) == 0x80) {
        n--;
    }
    memcpy(out, f.p, n);
    out[n] = 0;
    return n == f.n;
}

bool delimited_number(struct delimited_field f, unsigned decimals, int64_t *out)
{
    uint32_t i = f.n && (f.p[0] == '-' || f.p[0] == '+');
    const bool minus = f.n && f.p[0] == '-';
    int64_t v = 0;
    int left = -1; /* digits of the fraction still to come; -1: before the point */
    bool any = false, up = false;
    for (; i < f.n; i++) {
        const char c = f.p[i];
        if (c == '.' && left < 0) {
            left = (int)decimals;
        } else if (c < '0' || c > '9') {
            return false;
        } else if (left == 0) {
            up = c >= '5';
            left = 100; /* what comes behind the rounding digit does not count */
            any = true;
        } else if (left < 100) {
            v = v * 10 + (c - '0');
            left -= left > 0;
            any = true;
            if (v > INT64_C(1000000000000000)) {
                return false;
            }
        }
    }
    for (unsigned k = left < 0 ? decimals : left < 100 ? (unsigned)left : 0; k > 0; k--) {
        v *= 10;
        if (v > INT64_C(1000000000000000)) {
            return false;
        }
    }
    v += up;
    *out = minus ? -v : v;
    return any;
}
