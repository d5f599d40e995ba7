/* Which clearances end next, and whether another goes on after them. */
#include "operation/clearance.h"

#include <string.h>

/* Whether one's list names something of the other's. */
static bool list_holds(const struct item *a, const struct item *b, enum said f)
{
    const char *v = item_text(a, f);
    while (*v) {
        char word[16] = "";
        const size_t n = strcspn(v, ",");
        memcpy(word, v, n < sizeof word ? n : sizeof word - 1);
        if (f == SAID_CLEARANCE_CALLSIGNS ? item_lists_sign(b, f, word)
                                          : item_lists(b, f, word, false)) {
            return true;
        }
        v += n + (v[n] == ',');
    }
    return false;
}

/* An operator's block on either side holds its single flights. */
static bool lists_meet(const struct item *a, const struct item *b, enum said f)
{
    return !item_has(a, f) || !item_has(b, f) || list_holds(a, b, f) || list_holds(b, a, f);
}

bool clearance_meet(const struct item *a, const struct item *b)
{
    return strcmp(item_text(a, SAID_CLEARANCE_COUNTRY), item_text(b, SAID_CLEARANCE_COUNTRY)) ==
               0 &&
           item_word(a, SAID_CLEARANCE_USE) == item_word(b, SAID_CLEARANCE_USE) &&
           lists_meet(a, b, SAID_CLEARANCE_TAILS) && lists_meet(a, b, SAID_CLEARANCE_CALLSIGNS) &&
           lists_meet(a, b, SAID_CLEARANCE_TYPES);
}

enum follow { FOLLOW_NONE, FOLLOW_LATER, FOLLOW_REPLACED };

/* Whether another one goes on after it. */
static enum follow follow_of(const struct operation *o, const struct clearance_end *e,
                             int64_t now_ms)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    enum follow f = FOLLOW_NONE;
    for (size_t i = 0; i < n; i++) {
        int64_t from, to;
        if (&c[i] == e->c || !clearance_meet(&c[i], e->c) || !clearance_is_known(&c[i], now_ms) ||
            !clearance_window(o, &c[i], now_ms, &from, &to) || to <= e->to_ms) {
            continue;
        }
        if (strcmp(item_text(&c[i], SAID_CLEARANCE_REPLACES), e->c->key) == 0) {
            return FOLLOW_REPLACED;
        }
        f = FOLLOW_LATER;
    }
    return f;
}

static bool is_sooner(const struct clearance_end *a, const struct clearance_end *b)
{
    return a->to_ms != b->to_ms ? a->to_ms < b->to_ms : strcmp(a->c->key, b->c->key) < 0;
}

size_t clearance_ends(const struct operation *o, int64_t now_ms, int64_t ahead_ms,
                      struct clearance_end *out, size_t most)
{
    size_t n = 0, items;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &items);
    for (size_t i = 0; i < items && most; i++) {
        struct clearance_end e = {.c = &c[i]};
        if (!clearance_is_known(e.c, now_ms) ||
            !clearance_window(o, e.c, now_ms, &e.from_ms, &e.to_ms) || e.from_ms > now_ms ||
            e.to_ms < now_ms || e.to_ms > now_ms + ahead_ms ||
            (n == most && !is_sooner(&e, &out[n - 1]))) {
            continue;
        }
        const enum follow f = follow_of(o, &e, now_ms);
        if (f == FOLLOW_REPLACED) {
            continue;
        }
        e.is_last = f == FOLLOW_NONE;
        size_t k = n < most ? n++ : n - 1;
        for (; k > 0 && is_sooner(&e, &out[k - 1]); k--) {
            out[k] = out[k - 1];
        }
        out[k] = e;
    }
    return n;
}
