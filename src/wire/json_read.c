#include "wire/json_read.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && is_space(*p)) {
        p++;
    }
    return p;
}

/* p is behind the opening quote. Returns the closing one, NULL if there is none. */
static const char *end_of_string(const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '"') {
            return p;
        }
        if (*p == '\\' && ++p == end) {
            break;
        }
    }
    return NULL;
}

/* p is behind an opening bracket. Returns its closing one, NULL if there is none. */
static const char *end_of_nest(const char *p, const char *end)
{
    for (size_t depth = 1; p < end; p++) {
        switch (*p) {
        case '"':
            p = end_of_string(p + 1, end);
            if (!p) {
                return NULL;
            }
            break;
        case '[':
        case '{':
            depth++;
            break;
        case ']':
        case '}':
            if (--depth == 0) {
                return p;
            }
            break;
        default:
            break;
        }
    }
    return NULL;
}

static const char *take_word(const char *p, const char *end, const char *word)
{
    const size_t n = strlen(word);
    return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

static const char *take_number(const char *p, const char *end)
{
    const char *from = p;
    while (p < end && ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' || *p == '.' ||
                       *p == 'e' || *p == 'E')) {
        p++;
    }
    return p > from ? p : NULL;
}

static const char *take_nest(const char *p, const char *end, char closing, struct json_value *out)
{
    const char *close = end_of_nest(p + 1, end);
    if (!close || *close != closing) {
        return NULL;
    }
    out->text = (struct text){p + 1, (size_t)(close - p - 1)};
    return close + 1;
}

/* Returns what is behind the value that begins at p, NULL if none does. */
static const char *take_value(const char *p, const char *end, struct json_value *out)
{
    const char *next = NULL;
    switch (p < end ? *p : 0) {
    case '{':
        out->kind = JSON_KIND_OBJECT;
        return take_nest(p, end, '}', out);
    case '[':
        out->kind = JSON_KIND_ARRAY;
        return take_nest(p, end, ']', out);
    case '"':
        out->kind = JSON_KIND_STRING;
        next = end_of_string(p + 1, end);
        out->text = (struct text){p + 1, next ? (size_t)(next - p - 1) : 0};
        return next ? next + 1 : NULL;
    case 't':
        out->kind = JSON_KIND_TRUE;
        next = take_word(p, end, "true");
        break;
    case 'f':
        out->kind = JSON_KIND_FALSE;
        next = take_word(p, end, "false");
        break;
    case 'n':
        out->kind = JSON_KIND_NULL;
        next = take_word(p, end, "null");
        break;
    default:
        out->kind = JSON_KIND_NUMBER;
        next = take_number(p, end);
        break;
    }
    out->text = (struct text){p, next ? (size_t)(next - p) : 0};
    return next;
}

bool json_read(struct text t, struct json_value *out)
{
    const char *end = t.p + t.n;
    const char *p = take_value(skip_space(t.p, end), end, out);
    return p && skip_space(p, end) == end;
}

void json_walk_start(struct json_walk *w, const struct json_value *v)
{
    const bool has_parts = v->kind == JSON_KIND_OBJECT || v->kind == JSON_KIND_ARRAY;
    *w = (struct json_walk){
        .p = v->text.p,
        .end = v->text.p + (has_parts ? v->text.n : 0),
        .is_object = v->kind == JSON_KIND_OBJECT,
        .is_first = true,
    };
}

/* Behind `"key":`, NULL where that does not stand at p. */
static const char *take_key(const char *p, const char *end, struct text *key)
{
    if (p >= end || *p != '"') {
        return NULL;
    }
    const char *close = end_of_string(p + 1, end);
    if (!close) {
        return NULL;
    }
    *key = (struct text){p + 1, (size_t)(close - p - 1)};
    p = skip_space(close + 1, end);
    return p < end && *p == ':' ? skip_space(p + 1, end) : NULL;
}

bool json_walk_next(struct json_walk *w, struct text *key, struct json_value *out)
{
    const char *p = skip_space(w->p, w->end);
    if (p == w->end || w->is_bad) {
        return false;
    }
    struct text found = {p, 0};
    if (!w->is_first) {
        p = *p == ',' ? skip_space(p + 1, w->end) : NULL;
    }
    if (p && w->is_object) {
        p = take_key(p, w->end, &found);
    }
    p = p ? take_value(p, w->end, out) : NULL;
    w->is_bad = !p;
    w->is_first = false;
    w->p = p ? p : w->end;
    if (key) {
        *key = found;
    }
    return p != NULL;
}
