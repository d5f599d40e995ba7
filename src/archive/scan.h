/* JSON as bytes in a row, read in place: no tree, no copy, no allocation. Each call reads one thing
   at s->p and moves past it. ERR_SHORT: the bytes ended within it, and s->p is anywhere: the caller
   goes back to where it began and comes again with more. ERR_SYNTAX: it is not JSON. */
#ifndef MASAR_ARCHIVE_SCAN_H
#define MASAR_ARCHIVE_SCAN_H

#include "base/err.h"
#include "wire/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct scan {
    const char *p, *end;
};

static inline bool scan_is_blank(char c)
{
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t'); /* nearly none is */
}

/* The next character that is not blank, not moved past. */
static inline enum err scan_peek(struct scan *s, char *c)
{
    while (s->p < s->end && scan_is_blank(*s->p)) {
        s->p++;
    }
    if (s->p == s->end) {
        return ERR_SHORT;
    }
    *c = *s->p;
    return ERR_OK;
}

/* Moves past this character. */
static inline enum err scan_expect(struct scan *s, char want)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    s->p++;
    return c == want ? ERR_OK : ERR_SYNTAX;
}

/* What stands between two quotes, escapes as they are written: none of the texts of an archive that
   count has any. */
static inline enum err scan_string(struct scan *s, struct text *out)
{
    const enum err e = scan_expect(s, '"');
    if (e) {
        return e;
    }
    const char *from = s->p, *p = from;
    for (; p < s->end && *p != '"'; p++) {
        if (*p == '\\' && ++p == s->end) {
            return ERR_SHORT;
        }
    }
    if (p == s->end) {
        return ERR_SHORT;
    }
    *out = (struct text){from, (size_t)(p - from)};
    s->p = p + 1;
    return ERR_OK;
}

/* A number, true, false, null: everything up to what ends a value. */
static inline enum err scan_word(struct scan *s, struct text *out)
{
    const char *from = s->p, *p = from;
    while (p < s->end && *p != ',' && *p != ']' && *p != '}' && !scan_is_blank(*p)) {
        p++;
    }
    if (p == s->end) {
        return ERR_SHORT;
    }
    *out = (struct text){from, (size_t)(p - from)};
    s->p = p;
    return out->n > 0 ? ERR_OK : ERR_SYNTAX;
}

/* What a scalar was. */
enum scan_kind { SCAN_NUMBER, SCAN_NULL, SCAN_TEXT, SCAN_NOT_A_NUMBER };

/* The rare forms of scan_number: null, text, exponents, numbers too long. */
enum err scan_scalar(struct scan *s, unsigned decimals, enum scan_kind *kind, int64_t *v,
                     struct text *t);

static inline unsigned scan_digit(char c)
{
    return (unsigned)(unsigned char)c - '0';
}

/* A number as value * 10^decimals, rounded half away from zero, without a detour through floating
   point; or null; or text, which is a number too if it reads as one (some write "32000"). decimals:
   0..9. kind says what it was; t is set with SCAN_TEXT only. An array or object is ERR_SYNTAX. */
static inline enum err scan_number(struct scan *s, unsigned decimals, enum scan_kind *kind,
                                   int64_t *v, struct text *t)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    const char *p = s->p;
    const bool negative = c == '-';
    p += negative;
    const char *digits = p;
    int64_t m = 0;
    for (; p < s->end && scan_digit(*p) < 10; p++) {
        m = 10 * m + scan_digit(*p);
        if (p - digits > 8) {
            return scan_scalar(s, decimals, kind, v, t);
        }
    }
    if (p == digits) {
        return scan_scalar(s, decimals, kind, v, t);
    }
    unsigned left = decimals;
    if (p < s->end && *p == '.') {
        for (p++; left > 0 && p < s->end && scan_digit(*p) < 10; p++, left--) {
            m = 10 * m + scan_digit(*p);
        }
        if (left == 0 && p < s->end && scan_digit(*p) < 10) {
            m += scan_digit(*p) >= 5;
            while (p < s->end && scan_digit(*p) < 10) {
                p++;
            }
        }
    }
    if (p == s->end) {
        return ERR_SHORT;
    }
    if (*p != ',' && *p != ']' && *p != '}') {
        return scan_scalar(s, decimals, kind, v, t);
    }
    for (; left > 0; left--) {
        m *= 10;
    }
    s->p = p;
    *kind = SCAN_NUMBER;
    *v = negative ? -m : m;
    return ERR_OK;
}

/* Any value. At most SCAN_DEPTH_MAX deep: deeper is ERR_SYNTAX. */
enum { SCAN_DEPTH_MAX = 32 };
enum err scan_skip(struct scan *s);

#endif
