/* Two parties at one place: who stands where, as landings and take-offs say it. */
#include "watch/internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAY_MS   INT64_C(604800000) /* nobody is taken to stand for longer than a week unheard */
#define HALF_MS   43200000.0F
#define NEAR_MS   INT64_C(21600000) /* rows of one stay differ by as much in when it began */
#define GROUND_MS INT64_C(3600000)  /* who takes off stood there for as long at least */
#define EXACT_MS  INT64_C(1800000)  /* a take-off known less closely says little of when it stood */
#define RIPE_MS   INT64_C(1200000)  /* heard for so long, a ghost is found out */
#define SHORT_MS  INT64_C(86400000) /* in a longer stay flights nobody heard have room */
#define APART_MS                                                                                   \
    INT64_C(43200000) /* the same of who landed some time in it, or was heard again                \
                       */
#define LOOK_MS  INT64_C(60000)
#define GONE_M   20000.0 /* heard so far away it stands there no more */
#define FIELD_M  6000.0  /* on the ground so near an airport it stands there */
#define STANDS_P 0.5F
#define SEEN_P   0.99F

enum { STANDING_MAX = 1 << 16 };

static void drop(struct watch_set *s, size_t i)
{
    s->standing[i] = s->standing[--s->n_standing];
}

/* It left; what is older than a stay may last is forgotten. */
static void leave(struct watch_set *s, uint32_t address, int64_t t_ms)
{
    for (size_t i = 0; i < s->n_standing;) {
        struct standing *n = &s->standing[i];
        if (n->address == address && n->until_ms == INT64_MAX && t_ms > n->since_ms) {
            n->until_ms = t_ms;
        }
        if (t_ms - n->seen_ms > 2 * STAY_MS) {
            drop(s, i);
        } else {
            i++;
        }
    }
}

void both_drop(struct watch_set *s, uint32_t address)
{
    for (size_t i = 0; i < s->n_standing;) {
        if (s->standing[i].address == address) {
            drop(s, i);
        } else {
            i++;
        }
    }
}

/* A stay that overlaps a time; another row may say of it more exactly when it was. */
static struct standing *find(struct watch_set *s, uint32_t address, const char *airport,
                             int64_t lo_ms, int64_t hi_ms)
{
    for (size_t i = 0; i < s->n_standing; i++) {
        struct standing *n = &s->standing[i];
        if (n->address == address && strncmp(n->airport, airport, sizeof n->airport) == 0 &&
            lo_ms < n->until_ms && hi_ms >= n->since_ms) {
            return n;
        }
    }
    return NULL;
}

static struct standing *add(struct watch_set *s, uint32_t address, const char *airport)
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
    struct standing *n = &s->standing[s->n_standing++];
    *n = (struct standing){
        .address = address, .until_ms = INT64_MAX, .heard_ms = INT64_MAX, .ripe_ms = INT64_MAX};
    memcpy(n->airport, airport, sizeof n->airport);
    return n;
}

static bool is_asked(const struct watch_set *s, const char *code)
{
    for (uint32_t i = 0; i < s->sites; i++) {
        if (strncmp(s->site[i].code, code, sizeof s->site[i].code) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- what says that it stands somewhere ---- */

static void take_row(struct standing *n, const struct claim *c)
{
    const float p = c->p * c->candidate[0].p;
    n->p = p > n->p ? p : n->p;
    n->number = c->number;
    n->epoch = c->epoch;
    n->leg = c->leg;
    n->claim = *c;
}

static bool says_where(const struct watch_set *s, const struct claim *c)
{
    return c->candidates > 0 && c->p * c->candidate[0].p >= STANDS_P &&
           is_asked(s, c->candidate[0].airport);
}

/* A row that another takes the place of says nothing any more. */
static void forget_row(struct watch_set *s, const struct claim *c)
{
    for (size_t i = 0; c->supersedes && i < s->n_standing;) {
        const struct standing *n = &s->standing[i];
        if (n->address == c->address && n->epoch == c->epoch && n->number == c->supersedes) {
            drop(s, i);
        } else {
            i++;
        }
    }
}

/* A landing, or a whole stay, which is known once it is over. */
static struct standing *arrive(struct watch_set *s, const struct claim *c)
{
    const char *airport = c->candidate[0].airport;
    const bool stay = c->kind == CLAIM_STAY, over = stay && !(c->flags & CLAIM_OPEN);
    leave(s, c->address, c->t_lo_ms);
    forget_row(s, c);
    if (!says_where(s, c) || (stay && c->sure_hi_ms - c->sure_lo_ms > SHORT_MS) ||
        (!stay && c->t_hi_ms - c->t_lo_ms > APART_MS)) {
        return NULL;
    }
    struct standing *n = find(s, c->address, airport, c->t_lo_ms, c->t_hi_ms);
    n = n ? n : add(s, c->address, airport);
    if (n) {
        n->since_ms = stay ? c->sure_lo_ms : c->t_hi_ms;
        n->since_ms = n->heard_ms < n->since_ms ? n->heard_ms : n->since_ms;
        n->until_ms = over ? c->sure_hi_ms : n->until_ms;
        n->seen_ms = n->since_ms > n->seen_ms ? n->since_ms : n->seen_ms;
        n->lat_e7 = c->lat_e7;
        n->lon_e7 = c->lon_e7;
        take_row(n, c);
    }
    return n;
}

/* It took off: where it did it stood before, whether or not anybody heard it come. */
static struct standing *depart(struct watch_set *s, const struct claim *c)
{
    const char *airport = c->candidate[0].airport;
    leave(s, c->address, c->t_lo_ms);
    if (!says_where(s, c) || c->t_hi_ms - c->t_lo_ms > EXACT_MS ||
        c->method == CLAIM_METHOD_INFERRED_SILENCE ||
        c->method == CLAIM_METHOD_INFERRED_REAPPEARANCE) {
        return NULL;
    }
    struct standing *n = find(s, c->address, airport, c->t_lo_ms - GROUND_MS, c->t_lo_ms);
    if (!n && (n = add(s, c->address, airport))) {
        n->since_ms = n->seen_ms = c->t_lo_ms - GROUND_MS;
        n->lat_e7 = c->lat_e7;
        n->lon_e7 = c->lon_e7;
    }
    if (n) {
        n->until_ms = c->t_lo_ms;
        take_row(n, c);
    }
    return n;
}

/* ---- two of them ---- */

static int64_t overlap_from(const struct standing *a, const struct standing *b)
{
    return a->since_ms > b->since_ms ? a->since_ms : b->since_ms;
}

static int64_t overlap_to(const struct standing *a, const struct standing *b)
{
    return a->until_ms < b->until_ms ? a->until_ms : b->until_ms;
}

/* How surely it stood there then, and had not left and come again unheard: half as surely every
   twelve hours between that and when it was known to be there, before or after. */
static float still_there(const struct standing *n, int64_t t_ms)
{
    const bool was_heard = n->heard_ms <= t_ms;
    int64_t after_ms = t_ms - (was_heard ? n->seen_ms : n->since_ms);
    int64_t before_ms = n->until_ms == INT64_MAX ? INT64_MAX : n->until_ms - t_ms;
    if (!was_heard && n->heard_ms != INT64_MAX && n->heard_ms - t_ms < before_ms) {
        before_ms = n->heard_ms - t_ms;
    }
    after_ms = after_ms < before_ms ? after_ms : before_ms;
    return after_ms > 0 ? exp2f(-(float)after_ms / HALF_MS) : 1;
}

/* A row has a number; who is only heard on the ground is told from its other stays by when. */
static unsigned name_of(const struct standing *n)
{
    return n->number ? n->number : (unsigned)(n->since_ms / 60000);
}

static struct watch_alert alert_of(const struct watch_set *s, const struct watch *w,
                                   const struct entry *en, const struct plane *a,
                                   const struct standing *mine, const struct standing *other,
                                   int64_t made_ms)
{
    struct watch_alert o = event_alert(s, w, a);
    o.word = WATCH_BOTH;
    o.step = (uint8_t)en->step;
    o.made_ms = made_ms;
    o.t_lo_ms = overlap_from(mine, other);
    o.t_hi_ms = overlap_to(mine, other);
    o.t_hi_ms = o.t_hi_ms == INT64_MAX ? o.t_lo_ms : o.t_hi_ms;
    o.other = other->address;
    o.epoch = mine->epoch;
    o.leg = mine->leg;
    o.number = mine->number;
    o.has_claim = mine->number > 0;
    o.claim = mine->claim;
    snprintf(o.airport, sizeof o.airport, "%.11s", mine->airport);
    snprintf(o.key, sizeof o.key, "both:%06x:%u:%06x:%u", (unsigned)mine->address, name_of(mine),
             (unsigned)other->address, name_of(other));
    return o;
}

/* The one of whom something new is known, and another that stands there, as one event of both. */
static enum err weigh_pair(struct watch_set *s, const struct entry *en, struct plane *a,
                           const struct standing *mine, const struct standing *other,
                           int64_t made_ms)
{
    const struct watch *w = &s->watch[en->watch];
    const struct watch_term *t = &w->rule->term[w->rule->of[en->of].event];
    struct plane *b = plane_find(s, other->address);
    const int64_t from_ms = overlap_from(mine, other);
    const float p = mine->p * other->p * still_there(mine, from_ms) * still_there(other, from_ms);
    if (!b || p < t->p || event_is_false(b, other->since_ms, made_ms) || plane_renew(s, b)) {
        return ERR_OK;
    }
    const bool fits = (weigh_side(s, w, t, 0, a, made_ms) && weigh_side(s, w, t, 1, b, made_ms)) ||
                      (weigh_side(s, w, t, 1, a, made_ms) && weigh_side(s, w, t, 0, b, made_ms));
    if (!fits || weigh_case(s, w, &w->rule->of[en->of], a, made_ms) != IS_TRUE ||
        (en->step && !event_armed(s, w->id, en->step, a->address, from_ms, made_ms))) {
        return ERR_OK;
    }
    struct watch_alert o = alert_of(s, w, en, a, mine, other, made_ms);
    o.p = p;
    const struct watch_told told = {.watch = w->id,
                                    .since_ms = o.t_lo_ms,
                                    .last_ms = made_ms,
                                    .word = WATCH_BOTH,
                                    .step = (uint8_t)en->step,
                                    .epoch = mine->epoch,
                                    .address = a->address,
                                    .other = b->address,
                                    .leg = name_of(mine),
                                    .number = mine->number};
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

static bool is_ripe(const struct watch_set *s, const struct standing *n)
{
    return n->ripe_ms == INT64_MAX || n->ripe_ms <= s->now_ms;
}

static enum err weigh_all(struct watch_set *s, struct plane *a, const struct standing *mine,
                          int64_t made_ms)
{
    enum err e = ERR_OK;
    const struct standing me = *mine;
    for (uint32_t i = index_first(s, index_key(KEY_AT, 0, me.airport, 0)); i != NONE && !e;
         i = s->link[i].next) {
        const struct entry en = s->entry[s->link[i].entry];
        for (size_t k = 0; k < s->n_standing && en.word == WATCH_BOTH && !e; k++) {
            const struct standing other = s->standing[k];
            if (other.address != me.address && is_ripe(s, &other) &&
                strcmp(other.airport, me.airport) == 0 && me.since_ms - other.seen_ms < STAY_MS &&
                other.since_ms - me.seen_ms < STAY_MS &&
                is_new_pair(s, s->watch[en.watch].id, &me, &other)) {
                e = weigh_pair(s, &en, a, &me, &other, made_ms);
            }
        }
    }
    return e;
}

/* Weighs it now, or once it has been heard for long enough. */
static enum err weigh_or_wait(struct watch_set *s, struct plane *a, struct standing *n,
                              int64_t first_ms, int64_t made_ms)
{
    a->stands = true;
    if (first_ms != CLAIM_NO_TIME && s->now_ms - first_ms < RIPE_MS) {
        n->ripe_ms = first_ms + RIPE_MS;
        s->ripe_ms = n->ripe_ms < s->ripe_ms ? n->ripe_ms : s->ripe_ms;
        return ERR_OK;
    }
    n->ripe_ms = INT64_MAX;
    return weigh_all(s, a, n, made_ms);
}

enum err both_tick(struct watch_set *s)
{
    enum err e = ERR_OK;
    if (s->now_ms < s->ripe_ms) {
        return ERR_OK;
    }
    s->ripe_ms = INT64_MAX;
    for (size_t i = 0; i < s->n_standing && !e; i++) {
        struct standing *n = &s->standing[i];
        struct plane *a = plane_find(s, n->address);
        if (n->ripe_ms > s->now_ms) {
            s->ripe_ms = n->ripe_ms < s->ripe_ms ? n->ripe_ms : s->ripe_ms;
            continue;
        }
        const int64_t made_ms = n->ripe_ms;
        n->ripe_ms = INT64_MAX;
        e = a ? plane_renew(s, a) : ERR_OK;
        e = e || !a ? e : weigh_all(s, a, n, made_ms);
    }
    return e;
}

enum err both_claim(struct watch_set *s, struct plane *a, const struct claim *c)
{
    const bool withdrawn = c->flags & CLAIM_WITHDRAWN;
    if (withdrawn && (c->kind == CLAIM_LANDED || c->kind == CLAIM_TOOK_OFF)) {
        forget_row(s, c);
        return ERR_OK;
    }
    if (withdrawn ||
        (c->kind != CLAIM_LANDED && c->kind != CLAIM_STAY && c->kind != CLAIM_TOOK_OFF)) {
        return ERR_OK;
    }
    struct standing *mine = c->kind == CLAIM_TOOK_OFF ? depart(s, c) : arrive(s, c);
    return mine ? weigh_or_wait(s, a, mine, c->evidence.first_ms, c->made_ms) : ERR_OK;
}

/* ---- positions ---- */

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

static const struct asked_site *site_at(const struct watch_set *s, const struct plane *a)
{
    const struct sphere_place here = {a->lat_e7, a->lon_e7};
    for (uint32_t i = 0; i < s->sites; i++) {
        const struct asked_site *at = &s->site[i];
        const int64_t apart_e7 = (int64_t)at->lat_e7 - a->lat_e7;
        if (apart_e7 < 1000000 && apart_e7 > -1000000 &&
            sphere_distance_m(here, (struct sphere_place){at->lat_e7, at->lon_e7}) < FIELD_M) {
            return at;
        }
    }
    return NULL;
}

enum err both_ground(struct watch_set *s, struct plane *a)
{
    if (a->stood_ms != KEPT_NO_TIME && a->last_ms - a->stood_ms < LOOK_MS &&
        a->last_ms >= a->stood_ms) {
        return ERR_OK;
    }
    a->stood_ms = a->last_ms;
    const struct asked_site *site = site_at(s, a);
    if (!site) {
        return ERR_OK;
    }
    struct standing *n = find(s, a->address, site->code, a->last_ms, a->last_ms);
    if (n && a->last_ms - n->seen_ms > APART_MS && n->until_ms == INT64_MAX) {
        n->until_ms = n->seen_ms + 1;
        n = NULL;
    }
    const bool is_new = !n;
    if (is_new && !(n = add(s, a->address, site->code))) {
        return ERR_MEMORY;
    }
    n->heard_ms = n->heard_ms < a->last_ms ? n->heard_ms : a->last_ms;
    if (is_new) {
        n->since_ms = a->last_ms;
        n->lat_e7 = site->lat_e7;
        n->lon_e7 = site->lon_e7;
    }
    const bool surer = n->p < SEEN_P;
    n->seen_ms = a->last_ms > n->seen_ms ? a->last_ms : n->seen_ms;
    n->p = surer ? SEEN_P : n->p;
    return surer ? weigh_or_wait(s, a, n, a->last_ms, a->last_ms) : ERR_OK;
}
