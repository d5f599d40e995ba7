#include "ledger/together.h"

#include "base/map.h"
#include "movement/jamming.h"
#include "movement/pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

enum {
    AIRCRAFT_MAX = 1 << 18,
    /* A number holds the step and which row of the aircraft in it. */
    IN_STEP = 4,
    STEPS_MAX = 1 << 20, /* sorted by counting them, if no more lie between */
    CELL_AIRCRAFT = 4,   /* of fewer nothing is said */
    CELL_M = 40000,
};

/* Of one aircraft: the rows it was given last. */
struct given {
    int64_t step;
    unsigned in_step;
    uint32_t orbit, number; /* an orbit's, and of the refueling concluded from it; 0: none */
};

struct together {
    struct together_options o;
    struct pair *pair;
    struct jamming *jamming;
    struct together_points waiting;
    struct claims {
        struct claim *c;
        size_t n, max;
    } orbits,       /* not looked at yet */
        fresh;      /* of one look, without numbers */
    struct map map; /* address → given */
    struct given *given;
    size_t n, cap;
    bool failed; /* out of memory */
    claim_fn *fn;
    void *ctx;
};

/* ---- points ---- */

static int16_t rate_of(int32_t fpm)
{
    return fpm == KEPT_NONE ? KEPT_NONE_16 : fpm > 32000 ? 32000 : fpm < -32000 ? -32000 : fpm;
}

enum err together_note(struct together_points *points, const struct kept *k)
{
    if (points->n == points->cap) {
        const size_t cap = points->cap ? points->cap * 2 : 4096;
        struct together_point *more = realloc(points->p, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        points->p = more;
        points->cap = cap;
    }
    points->p[points->n++] = (struct together_point){
        .t_ms = k->t_ms,
        .address = k->address,
        .lat_e7 = k->lat_e7,
        .lon_e7 = k->lon_e7,
        .alt_baro_ft = k->alt_baro_ft,
        .gs_e2_kt = k->gs_e2_kt,
        .track_e2_deg = k->track_e2_deg == KEPT_NONE ? KEPT_NO_HEADING : (uint16_t)k->track_e2_deg,
        .rate_fpm = rate_of(k->baro_rate_fpm),
        .nic = k->nic,
        .nac_p = k->nac_p,
        .origin = k->origin,
        .ground = k->ground};
    return ERR_OK;
}

void together_points_free(struct together_points *points)
{
    free(points->p);
    *points = (struct together_points){0};
}

static struct kept kept_of(const struct together_point *p)
{
    struct kept k = kept_none();
    k.t_ms = p->t_ms;
    k.address = p->address;
    k.lat_e7 = p->lat_e7;
    k.lon_e7 = p->lon_e7;
    k.alt_baro_ft = p->alt_baro_ft;
    k.gs_e2_kt = p->gs_e2_kt;
    k.track_e2_deg = p->track_e2_deg == KEPT_NO_HEADING ? KEPT_NONE : p->track_e2_deg;
    k.baro_rate_fpm = p->rate_fpm == KEPT_NONE_16 ? KEPT_NONE : p->rate_fpm;
    k.nic = p->nic;
    k.nac_p = p->nac_p;
    k.origin = p->origin;
    k.ground = p->ground;
    return k;
}

/* ---- rows ---- */

static struct given *given_of(struct together *t, uint32_t address)
{
    const uint32_t i = map_get(&t->map, address);
    if (i != MAP_NONE) {
        return &t->given[i];
    }
    if (t->n == t->cap) {
        const size_t cap = t->cap ? t->cap * 2 : 256;
        struct given *more = realloc(t->given, cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        t->given = more;
        t->cap = cap;
    }
    if (map_add(&t->map, address, (uint32_t)t->n)) {
        return NULL;
    }
    t->given[t->n] = (struct given){.step = -1};
    return &t->given[t->n++];
}

/* Numbers a row of a pair, or of an orbit that may have been one. */
static void give(struct together *t, const struct claim *c, const struct claim *orbit)
{
    const int64_t step = c->made_ms / TOGETHER_STEP_MS;
    struct given *g = given_of(t, c->address);
    if (!g) {
        t->failed = true;
        return;
    }
    g->in_step = g->step == step ? g->in_step + 1 : 0;
    g->step = step;
    if (g->in_step >= IN_STEP || step < 0) {
        return; /* side by side with so many at once: a formation has fewer rows than pairs */
    }
    struct claim mine = *c;
    mine.number = TOGETHER_NUMBER | ((uint32_t)step * IN_STEP + g->in_step);
    mine.epoch = 0;
    mine.leg = 0;
    mine.supersedes = 0;
    if (orbit) {
        mine.supersedes = orbit->supersedes && orbit->supersedes == g->orbit ? g->number : 0;
        g->orbit = orbit->number;
        g->number = mine.number;
    }
    t->fn(t->ctx, &mine);
}

static bool add(struct claims *list, const struct claim *c)
{
    if (list->n == list->max) {
        const size_t max = list->max ? list->max * 2 : 64;
        struct claim *more = realloc(list->c, max * sizeof *more);
        if (!more) {
            return false;
        }
        list->c = more;
        list->max = max;
    }
    list->c[list->n++] = *c;
    return true;
}

static void take_pair(void *ctx, const struct claim *c)
{
    struct together *t = ctx;
    t->failed |= !add(&t->fresh, c);
}

/* By time, address and whom it was with: no other order than their own, so that each has its number
   whatever the machine saw before. */
static int compare_claims(const void *p, const void *q)
{
    const struct claim *a = p, *b = q;
    return a->made_ms != b->made_ms   ? (a->made_ms < b->made_ms ? -1 : 1)
           : a->address != b->address ? (a->address < b->address ? -1 : 1)
           : a->other != b->other     ? (a->other < b->other ? -1 : 1)
                                      : (a->number > b->number) - (a->number < b->number);
}

static void sort_claims(struct claims *list)
{
    if (list->n > 1) {
        qsort(list->c, list->n, sizeof *list->c, compare_claims);
    }
}

static void give_fresh(struct together *t, const struct claim *orbit)
{
    sort_claims(&t->fresh);
    for (size_t i = 0; i < t->fresh.n; i++) {
        give(t, &t->fresh.c[i], orbit);
    }
    t->fresh.n = 0;
}

/* Red and yellow ones: of what is not given all was well, or few were there. */
static void take_cell(void *ctx, const struct jamming_cell *j)
{
    struct together *t = ctx;
    if (j->aircraft < CELL_AIRCRAFT || j->color < JAMMING_YELLOW || j->day < 0 ||
        j->day > UINT16_MAX) {
        return;
    }
    struct claim c = claim_none(CLAIM_JAMMING, ADDRESS_NONE, (uint16_t)j->day);
    c.number = j->cell + 1;
    c.method = CLAIM_METHOD_TRUST;
    c.p = j->over_tenth_p;
    c.t_lo_ms = c.sure_lo_ms = j->day * DAY_MS;
    c.t_hi_ms = c.sure_hi_ms = c.t_lo_ms + DAY_MS - 1;
    c.made_ms = c.t_lo_ms + DAY_MS;
    c.lat_e7 = j->center.lat_e7;
    c.lon_e7 = j->center.lon_e7;
    c.radius_m = CELL_M / 2;
    c.size_m = CELL_M;
    c.turns = (uint16_t)(j->bad < UINT16_MAX ? j->bad : UINT16_MAX);
    c.evidence.fixes = j->aircraft;
    c.evidence.rules = 1U << CLAIM_RULE_INTEGRITY;
    t->fn(t->ctx, &c);
}

/* ---- life ---- */

struct together *together_new(const struct together_options *o)
{
    struct together *t = calloc(1, sizeof *t);
    if (!t) {
        return NULL;
    }
    const struct pair_options pair = {.tanker = o->tanker, .tanker_ctx = o->tanker_ctx};
    t->o = *o;
    t->pair = pair_new(&pair);
    t->jamming = jamming_new(0);
    if (!t->pair || !t->jamming || map_init(&t->map, AIRCRAFT_MAX)) {
        together_free(t);
        return NULL;
    }
    return t;
}

void together_free(struct together *t)
{
    if (t) {
        pair_free(t->pair);
        jamming_free(t->jamming);
        together_points_free(&t->waiting);
        map_free(&t->map);
        free(t->given);
        free(t->orbits.c);
        free(t->fresh.c);
        free(t);
    }
}

enum err together_take(struct together *t, struct together_points *points)
{
    struct together_points *w = &t->waiting;
    if (w->n == 0) {
        const struct together_points empty = *w;
        *w = *points;
        *points = empty;
        return ERR_OK;
    }
    if (w->cap < w->n + points->n) {
        struct together_point *more = realloc(w->p, (w->n + points->n) * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        w->p = more;
        w->cap = w->n + points->n;
    }
    if (points->n > 0) {
        memcpy(w->p + w->n, points->p, points->n * sizeof *points->p);
    }
    w->n += points->n;
    points->n = 0;
    return ERR_OK;
}

enum err together_orbit(struct together *t, const struct claim *c)
{
    if (c->kind != CLAIM_ORBIT || c->flags & (CLAIM_WITHDRAWN | CLAIM_GOES_ON)) {
        return ERR_OK;
    }
    return add(&t->orbits, c) ? ERR_OK : ERR_MEMORY;
}

/* ---- the order ---- */

static int64_t step_of(int64_t t_ms)
{
    return t_ms / TOGETHER_STEP_MS - (t_ms % TOGETHER_STEP_MS < 0);
}

static int compare(const void *p, const void *q)
{
    const struct together_point *a = p, *b = q;
    const int64_t x = step_of(a->t_ms), y = step_of(b->t_ms);
    return x != y                     ? (x < y ? -1 : 1)
           : a->address != b->address ? (a->address < b->address ? -1 : 1)
                                      : (a->t_ms > b->t_ms) - (a->t_ms < b->t_ms);
}

static void sort(struct together_point *p, size_t n)
{
    if (n > 1) {
        qsort(p, n, sizeof *p, compare);
    }
}

/* Laid out by steps first, each sorted by itself: a day has millions of points and 4,320 steps. */
static enum err sort_steps(struct together_points *w, int64_t first, size_t steps)
{
    size_t *at = calloc(steps + 1, sizeof *at);
    struct together_point *to = malloc(w->cap * sizeof *to);
    if (!at || !to) {
        free(at);
        free(to);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < w->n; i++) {
        at[step_of(w->p[i].t_ms) - first + 1]++;
    }
    for (size_t s = 1; s <= steps; s++) {
        at[s] += at[s - 1];
    }
    for (size_t i = 0; i < w->n; i++) {
        to[at[step_of(w->p[i].t_ms) - first]++] = w->p[i];
    }
    for (size_t s = 0; s < steps; s++) {
        const size_t from = s ? at[s - 1] : 0;
        sort(to + from, at[s] - from);
    }
    free(w->p);
    free(at);
    w->p = to;
    return ERR_OK;
}

static enum err put_in_order(struct together *t)
{
    struct together_points *w = &t->waiting;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < w->n; i++) {
        const int64_t s = step_of(w->p[i].t_ms);
        first = s < first ? s : first;
        last = s > last ? s : last;
    }
    sort_claims(&t->orbits);
    if (w->n > STEPS_MAX / 256 && last - first < STEPS_MAX) {
        return sort_steps(w, first, (size_t)(last - first) + 1);
    }
    sort(w->p, w->n);
    return ERR_OK;
}

/* ---- looking ---- */

static size_t look_at_orbits(struct together *t, size_t from, int64_t until_ms)
{
    for (; from < t->orbits.n && t->orbits.c[from].made_ms < until_ms; from++) {
        pair_orbit(t->pair, &t->orbits.c[from], take_pair, t);
        give_fresh(t, &t->orbits.c[from]);
    }
    return from;
}

enum err together_run(struct together *t, int64_t until_ms, claim_fn *fn, void *ctx)
{
    struct together_points *w = &t->waiting;
    const int64_t end_ms = step_of(until_ms) * TOGETHER_STEP_MS;
    enum err e = put_in_order(t);
    size_t n = 0, orbits = 0;
    t->fn = fn;
    t->ctx = ctx;
    for (; n < w->n && w->p[n].t_ms < end_ms && !e; n++) {
        const struct kept k = kept_of(&w->p[n]);
        orbits = look_at_orbits(t, orbits, step_of(k.t_ms) * TOGETHER_STEP_MS);
        e = pair_push(t->pair, &k, take_pair, t);
        give_fresh(t, NULL);
        jamming_push(t->jamming, &k, take_cell, t);
    }
    orbits = look_at_orbits(t, orbits, end_ms);
    w->n -= n;
    if (w->n > 0) {
        memmove(w->p, w->p + n, w->n * sizeof *w->p);
    }
    t->orbits.n -= orbits;
    if (t->orbits.n > 0) {
        memmove(t->orbits.c, t->orbits.c + orbits, t->orbits.n * sizeof *t->orbits.c);
    }
    return t->failed ? ERR_MEMORY : e;
}
