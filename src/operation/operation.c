#include "operation/operation.h"

#include "operation/clearance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void operation_free(struct operation *o)
{
    for (size_t k = 0; k < o->n; k++) {
        item_free(&o->item[k]);
    }
    free(o->item);
    *o = (struct operation){0};
}

static size_t first_of(const struct operation *o, enum item_kind kind)
{
    size_t at = 0;
    for (unsigned k = 0; k < kind; k++) {
        at += o->count[k];
    }
    return at;
}

/* Where the item is, or would be. */
static size_t lower(const struct operation *o, enum item_kind kind, const char *key, bool *is)
{
    size_t low = first_of(o, kind), high = low + (o->item ? o->count[kind] : 0);
    *is = false;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = strcmp(o->item[middle].key, key);
        if (c == 0) {
            *is = true;
            return middle;
        }
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum err operation_put(struct operation *o, const struct item *i)
{
    struct item copy;
    bool is;
    const size_t at = lower(o, i->kind, i->key, &is);
    if (item_copy(i, &copy)) {
        return ERR_MEMORY;
    }
    if (is) {
        item_free(&o->item[at]);
        o->item[at] = copy;
        return ERR_OK;
    }
    if (o->n == o->cap) {
        const size_t cap = o->cap ? o->cap * 2 : 32;
        struct item *more = realloc(o->item, cap * sizeof *more);
        if (!more) {
            item_free(&copy);
            return ERR_MEMORY;
        }
        o->item = more;
        o->cap = cap;
    }
    memmove(&o->item[at + 1], &o->item[at], (o->n - at) * sizeof *o->item);
    o->item[at] = copy;
    o->n++;
    o->count[i->kind]++;
    return ERR_OK;
}

void operation_remove(struct operation *o, enum item_kind kind, const char *key)
{
    bool is;
    const size_t at = lower(o, kind, key, &is);
    if (is) {
        item_free(&o->item[at]);
        memmove(&o->item[at], &o->item[at + 1], (o->n - at - 1) * sizeof *o->item);
        o->n--;
        o->count[kind]--;
    }
}

const struct item *operation_find(const struct operation *o, enum item_kind kind, const char *key)
{
    bool is;
    const size_t at = lower(o, kind, key, &is);
    return is ? &o->item[at] : NULL;
}

const struct item *operation_all(const struct operation *o, enum item_kind kind, size_t *n)
{
    *n = o->count[kind];
    return o->item ? &o->item[first_of(o, kind)] : NULL;
}

const struct item *operation_head(const struct operation *o)
{
    size_t n;
    const struct item *i = operation_all(o, ITEM_HEAD, &n);
    return n ? i : NULL;
}

bool operation_is_base(const struct operation *o, const char *code)
{
    const struct item *base = operation_find(o, ITEM_BASE, code);
    const struct item *head = operation_head(o);
    if (!base || !head) {
        return false;
    }
    return item_word(base, SAID_BASE_ROLE) == item_word(head, SAID_HEAD_CLOSURE);
}

/* ---- what does not go together ---- */

struct span {
    int64_t lo_ms, hi_ms;
};

static struct span span_of(const struct item *i)
{
    const int64_t lo = item_ms(i, SAID_CLEARANCE_FROM), hi = item_ms(i, SAID_CLEARANCE_TO);
    return (struct span){lo, hi == ITEM_NO_TIME ? lo : hi};
}

static bool names_flights(const struct item *i)
{
    return item_has(i, SAID_CLEARANCE_TAILS) || item_has(i, SAID_CLEARANCE_CALLSIGNS);
}

/* Whether two for the same flights cannot both be meant. Of those that name flights each flight has
   its own, and their days may overlap: alike are only those of the very same time, and against each
   other a refused one within an approved one's time. Others must not overlap at all. */
static bool spans_clash(const struct item *a, const struct item *b)
{
    enum { REFUSED = 2 };
    const struct span x = span_of(a), y = span_of(b);
    const int s = item_word(a, SAID_CLEARANCE_STATE), t = item_word(b, SAID_CLEARANCE_STATE);
    if (x.lo_ms == ITEM_NO_TIME || y.lo_ms == ITEM_NO_TIME) {
        return false;
    }
    const bool within =
        (x.lo_ms <= y.lo_ms && x.hi_ms >= y.hi_ms) || (y.lo_ms <= x.lo_ms && y.hi_ms >= x.hi_ms);
    if (names_flights(a) && names_flights(b)) {
        return s == t ? x.lo_ms == y.lo_ms && x.hi_ms == y.hi_ms
                      : within && (s == REFUSED || t == REFUSED);
    }
    return x.lo_ms <= y.hi_ms && y.lo_ms <= x.hi_ms;
}

static enum err check_clearance(const struct operation *o, const struct item *i, char *why,
                                size_t size)
{
    enum { REQUESTED, APPROVED };
    const char *replaces = item_text(i, SAID_CLEARANCE_REPLACES);
    if (*replaces && !operation_find(o, ITEM_CLEARANCE, replaces)) {
        snprintf(why, size, "replaces: no clearance here is numbered '%s'", replaces);
        return ERR_NOT_FOUND;
    }
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    for (size_t k = 0; c && k < n; k++) {
        if (strcmp(c[k].key, i->key) == 0 || strcmp(c[k].key, replaces) == 0 ||
            strcmp(item_text(&c[k], SAID_CLEARANCE_REPLACES), i->key) == 0 ||
            !clearance_meet(&c[k], i) || !spans_clash(&c[k], i)) {
            continue;
        }
        const int a = item_word(&c[k], SAID_CLEARANCE_STATE),
                  b = item_word(i, SAID_CLEARANCE_STATE);
        if (a == REQUESTED || b == REQUESTED) {
            continue;
        }
        snprintf(
            why, size,
            "%s: %s is %s for the same flights from %s; say replaces=%s, or other times, tails "
            "or call signs",
            a == b ? "from" : "state", c[k].key, item_text(&c[k], SAID_CLEARANCE_STATE),
            item_text(&c[k], SAID_CLEARANCE_FROM), c[k].key);
        return ERR_EXISTS;
    }
    return ERR_OK;
}

static enum err check_line(const struct operation *o, const struct item *i, char *why, size_t size)
{
    const char *from = item_text(i, SAID_LINE_FROM), *to = item_text(i, SAID_LINE_TO);
    if (operation_is_base(o, from) || (*to && operation_is_base(o, to))) {
        return ERR_OK;
    }
    snprintf(why, size, "from: '%s' is no base of this operation; name it as a base first", from);
    return ERR_NOT_FOUND;
}

enum err operation_check(const struct operation *o, const struct item *i, char *why,
                         size_t why_size)
{
    return i->kind == ITEM_CLEARANCE ? check_clearance(o, i, why, why_size)
           : i->kind == ITEM_LINE    ? check_line(o, i, why, why_size)
                                     : ERR_OK;
}
