/* Two parties at one place: who stands where, as landings and take-offs say it. */
#include "watch/internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAY_MS INT64_C(604800000) /* nobody is taken to stand for longer than a week unheard */
#define HALF_MS 43200000.0F
#define NEAR_MS INT64_C(3600000) /* rows of one stay differ by as much in when it began */
#define GONE_M  20000.0          /* heard so far away it stands there no more */

enum { STANDING_MAX = 1 << 16 };

/* It left; what is older than a stay may last is forgotten. */
static void leave(struct watch_set *s, uint32_t address, int64_t t_ms)
{
    for (size_t i = 0; i < s->n_standing;) {
        struct standing *n = &s->standing[i];
        if (n->address == address && n->until_ms == INT64_MAX && t_ms > n->since_ms) {
            n->until_ms = t_ms;
        }
        if (t_ms - n->since_ms > 2 * STAY_MS) {
            *n = s->standing[--s->n_standing];
        } else {
            i++;
        }
    }
}

/* Another row may say of the same stay more exactly when it was. */
static struct standing *find(struct watch_set *s, const struct claim *c)
{
    for (size_t i = 0; i < s->n_standing; i++) {
        struct standing *n = &s->standing[i];
        if (n->address == c->address && n->epoch == c->epoch &&
            strncmp(n->airport, c->candidate[0].airport, sizeof n->airport) == 0 &&
            c->t_lo_ms < n->until_ms && c->t_hi_ms >= n->since_ms) {
            return n;
        }
    }
    return NULL;
}

static struct standing *add(struct watch_set *s)
{
    if (s->n_standing == s->standing_max) {
        const size_t max = s->standing_max ? 2 * s->standing_max : 64;
        struct standing *more =
            max > STANDING_MAX ? NULL : realloc(s->standing, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        s->standing = more;
        s->standing_max = max;
    }
    return &s->standing[s->n_standing++];
}

static bool is_asked(const struct watch_set *s, const char *code)
{
    for (uint32_t i = index_first(s, index_key(KEY_AT, 0, code, 0)); i != NONE;
         i = s->link[i].next) {
        if (s->entry[s->link[i].entry].word == WATCH_BOTH) {
            return true;
        }
    }
    return false;
}

/* A landing, or a whole stay, which is known once it is over. */
static struct standing *arrive(struct watch_set *s, const struct claim *c)
{
    const struct claim_candidate *k = &c->candidate[0];
    const bool over = c->kind == CLAIM_STAY && !(c->flags & CLAIM_OPEN);
    leave(s, c->address, c->t_lo_ms);
    if (c->candidates == 0 || c->p * k->p < 0.5F || !is_asked(s, k->airport)) {
        return NULL;
    }
    struct standing *n = find(s, c);
    n = n ? n : add(s);
    if (!n) {
        return NULL;
    }
    *n = (struct standing){.address = c->address,
                           .since_ms = c->kind == CLAIM_STAY ? c->sure_lo_ms : c->t_hi_ms,
                           .until_ms = over ? c->sure_hi_ms : INT64_MAX,
                           .p = c->p * k->p,
                           .lat_e7 = c->lat_e7,
                           .lon_e7 = c->lon_e7,
                           .number = c->number,
                           .epoch = c->epoch};
    memcpy(n->airport, k->airport, sizeof n->airport);
    return n;
}

static int64_t overlap_from(const struct standing *a, const struct standing *b)
{
    return a->since_ms > b->since_ms ? a->since_ms : b->since_ms;
}

static int64_t overlap_to(const struct standing *a, const struct standing *b)
{
    return a->until_ms < b->until_ms ? a->until_ms : b->until_ms;
}

/* How surely the earlier one has not left again unheard: half as surely every twelve hours. */
static float still_there(const struct standing *a, const struct standing *b)
{
    const int64_t apart_ms =
        a->since_ms > b->since_ms ? a->since_ms - b->since_ms : b->since_ms - a->since_ms;
    return exp2f(-(float)apart_ms / HALF_MS);
}

/* The one that came, and another that stands there, as one event of both. */
static enum err weigh_pair(struct watch_set *s, const struct entry *en, struct plane *a,
                           const struct standing *mine, const struct standing *other,
                           const struct claim *c)
{
    const struct watch *w = &s->watch[en->watch];
    const struct watch_term *t = &w->rule->term[w->rule->of[en->of].event];
    struct plane *b = plane_find(s, other->address);
    const float p = mine->p * other->p * still_there(mine, other);
    if (!b || p < t->p || plane_renew(s, b)) {
        return ERR_OK;
    }
    const int64_t t_ms = c->made_ms;
    const bool fits = (weigh_side(s, w, t, 0, a, t_ms) && weigh_side(s, w, t, 1, b, t_ms)) ||
                      (weigh_side(s, w, t, 1, a, t_ms) && weigh_side(s, w, t, 0, b, t_ms));
    if (!fits || weigh_case(s, w, &w->rule->of[en->of], a, t_ms) != IS_TRUE ||
        (en->step && !event_armed(s, w->id, en->step, a->address, c->t_lo_ms, c->t_hi_ms))) {
        return ERR_OK;
    }
    struct watch_alert o = event_alert(s, w, a);
    o.word = WATCH_BOTH;
    o.step = (uint8_t)en->step;
    o.made_ms = t_ms;
    o.t_lo_ms = overlap_from(mine, other);
    o.t_hi_ms = overlap_to(mine, other);
    o.t_hi_ms = o.t_hi_ms == INT64_MAX ? o.t_lo_ms : o.t_hi_ms;
    o.p = p;
    o.other = b->address;
    o.epoch = c->epoch;
    o.leg = c->leg;
    o.number = c->number;
    o.has_claim = true;
    o.claim = *c;
    snprintf(o.airport, sizeof o.airport, "%.11s", mine->airport);
    snprintf(o.key, sizeof o.key, "both:%06x:%u:%06x:%u", (unsigned)c->address, (unsigned)c->number,
             (unsigned)other->address, (unsigned)other->number);
    const struct watch_told told = {.watch = w->id,
                                    .since_ms = o.t_lo_ms,
                                    .last_ms = t_ms,
                                    .word = WATCH_BOTH,
                                    .step = (uint8_t)en->step,
                                    .epoch = c->epoch,
                                    .address = c->address,
                                    .other = b->address,
                                    .leg = c->number,
                                    .number = c->number};
    return event_tell(s, a, &o, &told, NULL);
}

/* Told of them, of either, while they stood there together. */
static bool told_of(struct watch_set *s, uint32_t address, uint32_t other, int64_t watch,
                    int64_t from_ms, int64_t to_ms)
{
    const struct plane *a = plane_find(s, address);
    for (struct event *e = a ? event_at(s, a->event) : NULL; e; e = event_at(s, e->next)) {
        if (e->told.word == WATCH_BOTH && e->told.watch == watch && e->told.other == other &&
            e->told.since_ms >= from_ms - NEAR_MS && e->told.since_ms <= to_ms) {
            return true;
        }
    }
    return false;
}

static bool is_new_pair(struct watch_set *s, int64_t watch, const struct standing *a,
                        const struct standing *b)
{
    const int64_t from_ms = overlap_from(a, b), to_ms = overlap_to(a, b);
    return from_ms < to_ms && !told_of(s, a->address, b->address, watch, from_ms, to_ms) &&
           !told_of(s, b->address, a->address, watch, from_ms, to_ms);
}

static enum err weigh_all(struct watch_set *s, struct plane *a, const struct standing *mine,
                          const struct claim *c)
{
    enum err e = ERR_OK;
    const struct standing me = *mine;
    for (uint32_t i = index_first(s, index_key(KEY_AT, 0, me.airport, 0)); i != NONE && !e;
         i = s->link[i].next) {
        const struct entry en = s->entry[s->link[i].entry];
        for (size_t k = 0; k < s->n_standing && en.word == WATCH_BOTH && !e; k++) {
            const struct standing other = s->standing[k];
            if (other.address != me.address && strcmp(other.airport, me.airport) == 0 &&
                me.since_ms - other.since_ms < STAY_MS && other.since_ms - me.since_ms < STAY_MS &&
                is_new_pair(s, s->watch[en.watch].id, &me, &other)) {
                e = weigh_pair(s, &en, a, &me, &other, c);
            }
        }
    }
    return e;
}

enum err both_claim(struct watch_set *s, struct plane *a, const struct claim *c)
{
    if (c->kind == CLAIM_TOOK_OFF || (c->kind == CLAIM_LANDED && c->flags & CLAIM_WITHDRAWN)) {
        leave(s, c->address, c->t_lo_ms);
        return ERR_OK;
    }
    if ((c->kind != CLAIM_LANDED && c->kind != CLAIM_STAY) || c->flags & CLAIM_WITHDRAWN) {
        return ERR_OK;
    }
    const struct standing *mine = arrive(s, c);
    a->stands |= mine != NULL;
    return mine ? weigh_all(s, a, mine, c) : ERR_OK;
}

void both_fix(struct watch_set *s, struct plane *a)
{
    bool stands = false;
    for (size_t i = 0; i < s->n_standing; i++) {
        const struct standing *n = &s->standing[i];
        const struct sphere_place there = {n->lat_e7, n->lon_e7}, here = {a->lat_e7, a->lon_e7};
        const bool mine = n->address == a->address && n->until_ms == INT64_MAX;
        stands |= mine;
        if (mine && a->last_ms > n->since_ms && n->lat_e7 != CLAIM_NO_PLACE &&
            sphere_distance_m(there, here) > GONE_M) {
            leave(s, a->address, a->last_ms);
            return;
        }
    }
    a->stands = stands;
}
