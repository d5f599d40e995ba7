#include "archive/scan.h"

enum err scan_scalar(struct scan *s, unsigned decimals, enum scan_kind *kind, int64_t *v,
                     struct text *t)
{
    char c;
    enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    if (c == '"') {
        e = scan_string(s, t);
        *kind = SCAN_TEXT;
        if (!e && text_decimal(text_trim(*t), decimals, v)) {
            *kind = SCAN_NUMBER;
        }
        return e;
    }
    if (c == '[' || c == '{') {
        return ERR_SYNTAX;
    }
    struct text word;
    e = scan_word(s, &word);
    if (e) {
        return e;
    }
    if (text_is(word, "null")) {
        *kind = SCAN_NULL;
    } else if (text_decimal(word, decimals, v)) {
        *kind = SCAN_NUMBER;
    } else if (text_is(word, "true") || text_is(word, "false")) {
        *kind = SCAN_NUMBER;
        *v = c == 't';
        for (unsigned i = 0; i < decimals; i++) {
            *v *= 10;
        }
    } else {
        *kind = SCAN_NOT_A_NUMBER;
    }
    return ERR_OK;
}

/* A scalar or the opening of an array or object; moves past it. */
static enum err skip_one(struct scan *s, char c, unsigned *depth)
{
    struct text t;
    if (c == '"') {
        return scan_string(s, &t);
    }
    if (c == '[' || c == '{') {
        s->p++;
        return ++*depth > SCAN_DEPTH_MAX ? ERR_SYNTAX : ERR_OK;
    }
    if (c == ']' || c == '}') {
        if (*depth == 0) {
            return ERR_SYNTAX;
        }
        s->p++;
        --*depth;
        return ERR_OK;
    }
    if (c == ',' || c == ':') {
        s->p++;
        return *depth > 0 ? ERR_OK : ERR_SYNTAX;
    }
    return scan_word(s, &t);
}

/* Not a check of the grammar: only brackets and quotes count for where a value ends. */
enum err scan_skip(struct scan *s)
{
    unsigned depth = 0;
    do {
        char c;
        enum err e = scan_peek(s, &c);
        if (!e) {
            e = skip_one(s, c, &depth);
        }
        if (e) {
            return e;
        }
    } while (depth > 0);
    return ERR_OK;
}
