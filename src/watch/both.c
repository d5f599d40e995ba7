/* Two parties at one place: who stands where, as landings and take-offs say it. */
#include "watch/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAY_MS INT64_C(604800000) /* nobody is taken to stand for longer than a week unheard */
#define GONE_M  20000.0            /* heard so far away it stands there no more */

enum { STANDING_MAX = 1 << 16 };

static void leave(struct watch_set *s, uint32_t address)
{
    for (size_t i = 0; i < s->n_standing;) {
        if (s->standing[i].address == address) {
            s->standing[i] = s->standing[--s->n_standing];
        } else {
            i++;
        }
    }
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

static struct standing *arrive(struct watch_set *s, const struct claim *c)
{
    const struct claim_candidate *k = &c->candidate[0];
    leave(s, c->address);
    if (c->candidates == 0 || c->p * k->p < 0.5F || !is_asked(s, k->airport)) {
        return NULL;
    }
    if (s->n_standing == s->standing_max) {
        const size_t max = s->standing_max ? 2 * s->standing_max : 64;
        struct standing *more =
            max > STANDING_MAX ? NULL : realloc(s->standing, max * sizeof *s->standing);
        if (!more) {
            return NULL;
        }
        s->standing = more;
        s->standing_max = max;
    }
    struct standing *n = &s->standing[s->n_standing++];
    *n = (struct standing){.address = c->address,
                           .since_ms = c->t_lo_ms,
                           .p = c->p * k->p,
                           .lat_e7 = c->lat_e7,
                           .lon_e7 = c->lon_e7,
                           .number = c->number,
                           .epoch = c->epoch};
    memcpy(n->airport, k->airport, sizeof n->airport);
    return n;
}

/* The one that came, and another that stands there, as one event of both. */
static enum err weigh_pair(struct watch_set *s, const struct entry *en, struct plane *a,
                           const struct standing *mine, const struct standing *other,
                           const struct claim *c)
{
    const struct watch *w = &s->watch[en->watch];
    const struct watch_term *t = &w->rule->term[w->rule->of[en->of].event];
    struct plane *b = plane_find(s, other->address);
    const float p = mine->p * other->p;
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
    o.t_lo_ms = mine->since_ms > other->since_ms ? mine->since_ms : other->since_ms;
    o.t_hi_ms = c->t_hi_ms > o.t_lo_ms ? c->t_hi_ms : o.t_lo_ms;
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

/* It is told once for this stay and that other aircraft, whichever row says it came. */
static bool told_before(struct watch_set *s, const struct plane *a, int64_t watch,
                        const struct standing *other, const struct claim *c)
{
    for (struct event *e = event_at(s, a->event); e; e = event_at(s, e->next)) {
        if (e->told.word == WATCH_BOTH && e->told.watch == watch &&
            e->told.other == other->address && e->told.last_ms > c->t_lo_ms - STAY_MS / 7 &&
            e->told.since_ms >= other->since_ms) {
            return true;
        }
    }
    return false;
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
                c->made_ms - other.since_ms < STAY_MS &&
                !told_before(s, a, s->watch[en.watch].id, &other, c)) {
                e = weigh_pair(s, &en, a, &me, &other, c);
            }
        }
    }
    return e;
}

enum err both_claim(struct watch_set *s, struct plane *a, const struct claim *c)
{
    if (c->kind == CLAIM_TOOK_OFF || (c->kind == CLAIM_LANDED && c->flags & CLAIM_WITHDRAWN)) {
        leave(s, c->address);
        return ERR_OK;
    }
    if (c->kind != CLAIM_LANDED) {
        return ERR_OK;
    }
    const struct standing *mine = arrive(s, c);
    return mine ? weigh_all(s, a, mine, c) : ERR_OK;
}

void both_fix(struct watch_set *s, const struct plane *a)
{
    for (size_t i = 0; i < s->n_standing; i++) {
        const struct standing *n = &s->standing[i];
        const struct sphere_place there = {n->lat_e7, n->lon_e7}, here = {a->lat_e7, a->lon_e7};
        if (n->address == a->address && a->last_ms > n->since_ms && n->lat_e7 != CLAIM_NO_PLACE &&
            sphere_distance_m(there, here) > GONE_M) {
            leave(s, a->address);
            return;
        }
    }
}
