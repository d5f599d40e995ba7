/* Which flight, or visit, a clearance was for. */
#include "operation/clearance_internal.h"

#include <stdlib.h>
#include <string.h>

bool clearance_is_once(const struct operation *o, const struct item *c)
{
    const struct item *r = operation_find(o, ITEM_RULE, item_text(c, SAID_CLEARANCE_COUNTRY));
    return r && item_flag(r, SAID_RULE_ONCE) && item_has(c, SAID_CLEARANCE_CALLSIGNS) &&
           !item_lists_operator(c, SAID_CLEARANCE_CALLSIGNS);
}

uint32_t clearance_visit(const struct sortie *s, bool leaving)
{
    return leaving && s->came_by ? s->came_by - 1 : s->leg;
}

/* When an end was; SORTIE_NO_TIME where it is not known well enough to go by. */
static int64_t end_time(const struct sortie_end *e)
{
    return e->lo_ms == SORTIE_NO_TIME || e->hi_ms - e->lo_ms > CLEARANCE_WIDE_MS
               ? SORTIE_NO_TIME
               : sortie_end_time(e);
}

static int64_t time_of(const struct sortie *s)
{
    const int64_t off = end_time(&s->off);
    return off != SORTIE_NO_TIME ? off : end_time(&s->on);
}

struct pairing {
    int64_t far_ms, t_ms;
    uint32_t clearance, flight, visit; /* of overflights each flight is its own */
};

static int nearer(const void *p, const void *q)
{
    const struct pairing *a = p, *b = q;
    return a->far_ms != b->far_ms         ? (a->far_ms < b->far_ms ? -1 : 1)
           : a->clearance != b->clearance ? (a->clearance < b->clearance ? -1 : 1)
           : a->flight != b->flight       ? (a->flight < b->flight ? -1 : 1)
                                          : 0;
}

struct pairs {
    struct pairing *of;
    size_t n, cap;
};

static enum err add_pair(struct pairs *p, struct pairing one)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 256;
        struct pairing *more = realloc(p->of, p->cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        p->of = more;
    }
    p->of[p->n++] = one;
    return ERR_OK;
}

static const struct sortie *sortie_at(const struct sortie *first, size_t stride, size_t i)
{
    return (const struct sortie *)(const void *)((const char *)first + i * stride);
}

/* Those within its time first, by how long after it begins, for it is granted for one flight's
   time; then those beside it. */
static int64_t distance(const struct item *c, int64_t t_ms)
{
    const int64_t beside = clearance_apart(c, t_ms, t_ms), from = item_ms(c, SAID_CLEARANCE_FROM);
    return beside > 0 || from == ITEM_NO_TIME ? CLEARANCE_NAMED_MS + beside : t_ms - from;
}

static bool is_in(const struct sortie_end *e, const char *country)
{
    return e->places && strcmp(e->place[0].country, country) == 0;
}

/* Ends and flights that may have been somebody's, by time: a clearance looks only at those about
   its own. */
struct timed {
    int64_t t_ms;
    const struct sortie *s;
    uint32_t flight;
    bool leaving;
};

struct timeline {
    struct timed *end, *flight; /* landings and take-offs; whole flights */
    size_t ends, flights;
};

static int sooner(const void *p, const void *q)
{
    const struct timed *a = p, *b = q;
    return a->t_ms != b->t_ms       ? (a->t_ms < b->t_ms ? -1 : 1)
           : a->flight != b->flight ? (a->flight < b->flight ? -1 : 1)
                                    : a->leaving - b->leaving;
}

static void put(struct timed *of, size_t *n, struct timed one)
{
    if (one.t_ms != SORTIE_NO_TIME) {
        of[(*n)++] = one;
    }
}

static enum err lay_out(const struct sortie *first, size_t n, size_t stride, struct timeline *t)
{
    *t = (struct timeline){.end = malloc((2 * n + 1) * sizeof *t->end),
                           .flight = malloc((n + 1) * sizeof *t->flight)};
    for (size_t i = 0; i < n && t->end && t->flight; i++) {
        const struct sortie *s = sortie_at(first, stride, i);
        if (!s->implied && s->callsign[0]) {
            put(t->end, &t->ends, (struct timed){end_time(&s->on), s, (uint32_t)i, false});
            put(t->end, &t->ends, (struct timed){end_time(&s->off), s, (uint32_t)i, true});
            put(t->flight, &t->flights, (struct timed){time_of(s), s, (uint32_t)i, false});
        }
    }
    if (t->ends > 1) {
        qsort(t->end, t->ends, sizeof *t->end, sooner);
    }
    if (t->flights > 1) {
        qsort(t->flight, t->flights, sizeof *t->flight, sooner);
    }
    return t->end && t->flight ? ERR_OK : ERR_MEMORY;
}

/* The first not before an instant. */
static size_t since(const struct timed *of, size_t n, int64_t t_ms)
{
    size_t low = 0;
    while (low < n) {
        const size_t middle = low + (n - low) / 2;
        if (of[middle].t_ms < t_ms) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return low;
}

static enum err pair_up(const struct operation *o, const struct item *c, uint32_t number,
                        const struct timeline *t, struct pairs *p)
{
    const char *country = item_text(c, SAID_CLEARANCE_COUNTRY);
    const bool landing = item_word(c, SAID_CLEARANCE_USE) == CLEARANCE_LANDING;
    const struct timed *of = landing ? t->end : t->flight;
    const size_t n = landing ? t->ends : t->flights;
    int64_t from, to;
    enum err e = ERR_OK;
    if (!clearance_span(c, &from, &to)) {
        return ERR_OK;
    }
    for (size_t i = since(of, n, from - CLEARANCE_OWN_MS + 1);
         i < n && of[i].t_ms < to + CLEARANCE_OWN_MS && !e; i++) {
        const struct sortie *s = of[i].s;
        if ((!landing || is_in(of[i].leaving ? &s->off : &s->on, country)) &&
            clearance_fit(o, c, s) == FIT_OWN) {
            e = add_pair(p,
                         (struct pairing){distance(c, of[i].t_ms), of[i].t_ms, number, of[i].flight,
                                          landing ? clearance_visit(s, of[i].leaving) : s->leg});
        }
    }
    return e;
}

bool clearance_is_same(const struct clearance_flight *a, const struct clearance_flight *b)
{
    return a->is && b->is && a->address == b->address && a->leg == b->leg && a->epoch == b->epoch;
}

bool clearance_has_one(const struct operation *o, const struct clearance_taken *t,
                       const struct clearance_flight *by, const char *country,
                       enum clearance_use use)
{
    size_t n;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &n);
    for (size_t i = 0; t && i < n && i < t->n; i++) {
        if (clearance_is_same(&t->by[i], by) && item_word(&c[i], SAID_CLEARANCE_USE) == (int)use &&
            strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), country) == 0) {
            return true;
        }
    }
    return false;
}

/* How far from its beginning, before or after. */
static int64_t off_begin(const struct item *c, int64_t t_ms)
{
    const int64_t from = item_ms(c, SAID_CLEARANCE_FROM);
    return from == ITEM_NO_TIME ? 0 : t_ms < from ? from - t_ms : t_ms - from;
}

/* A flight that was left without one may have been meant, if it was nearer to the beginning than
   the flight that took it: it came too early, and the other one flew on its clearance. */
static void contest(const struct operation *o, const struct sortie *s, const struct pairing *p,
                    struct clearance_taken *t)
{
    size_t n;
    const struct item *c = &operation_all(o, ITEM_CLEARANCE, &n)[p->clearance];
    struct clearance_flight *by = &t->by[p->clearance];
    const struct clearance_flight it = {s->address, p->visit, s->epoch, true, false, 0};
    by->contested |= by->is && !clearance_is_same(by, &it) &&
                     off_begin(c, p->t_ms) < off_begin(c, by->t_ms) &&
                     clearance_apart(c, p->t_ms, p->t_ms) < CLEARANCE_OWN_MS &&
                     !clearance_has_one(o, t, &it, item_text(c, SAID_CLEARANCE_COUNTRY),
                                        (enum clearance_use)item_word(c, SAID_CLEARANCE_USE));
}

enum err clearance_take(const struct operation *o, const struct sortie *first, size_t n,
                        size_t stride, struct clearance_taken *out)
{
    size_t items;
    const struct item *c = operation_all(o, ITEM_CLEARANCE, &items);
    struct pairs p = {0};
    struct timeline t;
    enum err e = lay_out(first, n, stride, &t);
    *out = (struct clearance_taken){.by = calloc(items + 1, sizeof *out->by), .n = items};
    for (size_t i = 0; i < items && out->by && !e; i++) {
        e = clearance_is_once(o, &c[i]) ? pair_up(o, &c[i], (uint32_t)i, &t, &p) : ERR_OK;
    }
    if (p.n > 1) {
        qsort(p.of, p.n, sizeof *p.of, nearer);
    }
    for (size_t k = 0; k < p.n && out->by && !e; k++) {
        const struct sortie *s = sortie_at(first, stride, p.of[k].flight);
        const struct item *one = &c[p.of[k].clearance];
        struct clearance_flight *by = &out->by[p.of[k].clearance];
        const struct clearance_flight it = {s->address, p.of[k].visit, s->epoch,
                                            true,       false,         p.of[k].t_ms};
        if (!by->is && !clearance_has_one(o, out, &it, item_text(one, SAID_CLEARANCE_COUNTRY),
                                          (enum clearance_use)item_word(one, SAID_CLEARANCE_USE))) {
            *by = it;
        }
    }
    for (size_t k = 0; k < p.n && out->by && !e; k++) {
        contest(o, sortie_at(first, stride, p.of[k].flight), &p.of[k], out);
    }
    free(p.of);
    free(t.end);
    free(t.flight);
    e = out->by ? e : ERR_MEMORY;
    if (e) {
        clearance_taken_free(out);
    }
    return e;
}

void clearance_taken_free(struct clearance_taken *t)
{
    free(t->by);
    *t = (struct clearance_taken){0};
}
