#include "coverage/coverage.h"

#include "base/map.h"
#include "coverage/hole.h"

#include <stdlib.h>
#include <string.h>

/* More entries than one push can make. */
enum { ROOM = 2 * HOLE_STEPS_MAX, ENTRIES_LEAST = 4096, TAXI_S = 300 };

struct craft {
    struct kept last;
    uint64_t key;
    uint32_t entry, epoch; /* where last's key is, if epoch is the grid's */
    bool ended;            /* last is counted as the end */
};

struct coverage {
    struct coverage_grid grid;
    struct map crafts; /* address -> craft */
    struct craft *craft;
    uint32_t n, cap, max;
    uint32_t epoch;
    int64_t newest_ms;
};

struct coverage *coverage_new(const struct coverage_options *o)
{
    struct coverage *c = calloc(1, sizeof *c);
    if (!c || o->entries_max < ENTRIES_LEAST || o->crafts_max == 0) {
        free(c);
        return NULL;
    }
    c->max = o->crafts_max;
    c->newest_ms = INT64_MIN;
    if (coverage_grid_init(&c->grid, o->entries_max) || map_init(&c->crafts, c->max)) {
        coverage_free(c);
        return NULL;
    }
    return c;
}

void coverage_free(struct coverage *c)
{
    if (c) {
        coverage_grid_free(&c->grid);
        map_free(&c->crafts);
        free(c->craft);
        free(c);
    }
}

struct coverage_grid *coverage_grid(struct coverage *c)
{
    return &c->grid;
}

void coverage_clear(struct coverage *c)
{
    coverage_grid_clear(&c->grid);
    c->epoch++;
}

/* --- counting --------------------------------------------------------------------------------- */

static uint64_t key_of(const struct kept *p)
{
    const enum coverage_band band = p->ground ? COVERAGE_GROUND : coverage_band(hole_height_ft(p));
    return coverage_key(coverage_hour(p->t_ms), coverage_cell(p->lat_e7, p->lon_e7), band,
                        coverage_class(p->origin));
}

static struct coverage_count *at(struct coverage *c, uint64_t key)
{
    return &c->grid.entry[coverage_grid_at(&c->grid, key)].n;
}

static struct coverage_count *at_last(struct coverage *c, struct craft *a)
{
    if (a->epoch != c->epoch) {
        a->entry = coverage_grid_at(&c->grid, a->key);
        a->epoch = c->epoch;
    }
    return &c->grid.entry[a->entry].n;
}

static void heard_low(struct coverage_count *n, const struct kept *p)
{
    const int32_t height_ft = hole_height_ft(p);
    if (!p->ground && height_ft != KEPT_NONE && (n->low_ft == KEPT_NONE || height_ft < n->low_ft)) {
        n->low_ft = height_ft;
    }
}

/* What was passed on the way, into one kind of seconds and passes. A key that is the last's before
   is no new pass. */
struct tally {
    size_t seconds, passes; /* offsets in struct coverage_count */
};
static const struct tally in_heard = {offsetof(struct coverage_count, heard_s),
                                      offsetof(struct coverage_count, heard)},
                          in_missed = {offsetof(struct coverage_count, missed_s),
                                       offsetof(struct coverage_count, missed)},
                          in_presumed = {offsetof(struct coverage_count, presumed_s),
                                         offsetof(struct coverage_count, presumed)};

static void count_one(struct coverage *c, uint64_t key, int32_t seconds, int32_t passes,
                      struct tally t)
{
    char *count = (char *)at(c, key);
    *(int32_t *)(count + t.seconds) += seconds;
    *(int32_t *)(count + t.passes) += passes;
}

static void count_steps(struct coverage *c, const struct hole_step *step, unsigned n,
                        const struct kept *by, struct tally t, int sign)
{
    uint64_t last = UINT64_MAX;
    for (unsigned i = 0; i < n; i++) {
        const uint64_t key =
            coverage_key(coverage_hour(step[i].t_ms), coverage_cell(step[i].lat_e7, step[i].lon_e7),
                         coverage_band(step[i].alt_ft), coverage_class(by->origin));
        count_one(c, key, sign * step[i].seconds, key != last ? sign : 0, t);
        last = key;
    }
}

/* It flew on below where it was heard, unheard: an approach that ended in silence, or a climb that
   began out of it. On the ground only where it was last heard nearly there. */
static void count_below(struct coverage *c, const struct kept *p, bool ground, int sign)
{
    const struct kept foot = hole_foot(p);
    const bool rises = foot.t_ms < p->t_ms;
    struct hole_step step[HOLE_STEPS_MAX];
    const unsigned n = rises ? hole_way(&foot, p, step) : hole_way(p, &foot, step);
    count_steps(c, step, n, p, in_missed, sign);
    if (ground) {
        /* From high up the place is a guess. */
        const bool sure = coverage_band(hole_height_ft(p)) == COVERAGE_LOW;
        count_one(c, key_of(&foot), sign * TAXI_S, sign, sure ? in_missed : in_presumed);
    }
}

static void count_straight(struct coverage *c, const struct kept *p, int way, int sign)
{
    struct hole_step step[HOLE_STEPS_MAX];
    if (hole_cruises(p)) {
        count_steps(c, step, hole_straight(p, way, step), p, in_presumed, sign);
    }
}

static void count_end(struct coverage *c, struct craft *a, int sign)
{
    if (a->last.ground) {
        return;
    }
    struct coverage_count *n = at_last(c, a);
    if (hole_sinks(&a->last)) {
        n->sunk += sign;
        count_below(c, &a->last, true, sign);
    } else {
        n->lost += sign;
        count_straight(c, &a->last, 1, sign);
    }
}

/* The first point after a silence. was_down: heard on the ground before. */
static void count_begin(struct coverage *c, const struct kept *p, uint64_t key, bool was_down)
{
    struct coverage_count *n = at(c, key);
    n->heard++;
    heard_low(n, p);
    if (!p->ground) {
        n->found++;
        if (hole_rises(p)) {
            count_below(c, p, !was_down, 1);
        }
        count_straight(c, p, -1, 1);
    }
}

/* A take-off or landing that must have been, unheard, at a place where the aircraft was heard on
   the ground before or after. */
static void count_unheard_end(struct coverage *c, const struct kept *p, int64_t t_ms)
{
    static const int32_t seconds[] = {
        [COVERAGE_GROUND] = TAXI_S, [COVERAGE_LOW] = 240, [COVERAGE_MIDDLE] = 400};
    for (enum coverage_band b = COVERAGE_GROUND; b <= COVERAGE_MIDDLE; b++) {
        count_one(c,
                  coverage_key(coverage_hour(t_ms), coverage_cell(p->lat_e7, p->lon_e7), b,
                               coverage_class(p->origin)),
                  seconds[b], 1, in_missed);
    }
}

static void count_unheard_ends(struct coverage *c, const struct kept *a, const struct kept *b)
{
    const int64_t way_ms = hole_way_ms(a, b);
    if (way_ms == 0 || way_ms > b->t_ms - a->t_ms) {
        return; /* it stayed, or the two are not one aircraft's */
    }
    if (a->ground && !hole_rises(b)) {
        count_unheard_end(c, a, b->t_ms - way_ms);
    }
    if (b->ground && !hole_sinks(a)) {
        count_unheard_end(c, b, a->t_ms + way_ms);
    }
}

static int64_t whole_s(int64_t t_ms)
{
    return (t_ms - (t_ms < 0 ? 999 : 0)) / 1000;
}

static void count_hole(struct coverage *c, struct craft *a, const struct kept *p, uint64_t key)
{
    struct hole_step step[HOLE_STEPS_MAX];
    const bool flown = hole_was_flown(&a->last, p);
    const bool quiet = p->t_ms - a->last.t_ms > hole_quiet_s(a->last.origin) * INT64_C(1000);
    if (flown && !quiet) {
        count_steps(c, step, hole_way(&a->last, p, step), &a->last, in_heard, 1);
        struct coverage_count *n = at(c, key);
        n->heard++;
        heard_low(n, p);
        return;
    }
    if (!flown) {
        count_end(c, a, 1);
        count_begin(c, p, key, a->last.ground);
        count_unheard_ends(c, &a->last, p);
        return;
    }
    at_last(c, a)->lost += !a->last.ground;
    count_steps(c, step, hole_way(&a->last, p, step), &a->last, in_missed, 1);
    struct coverage_count *n = at(c, key);
    n->heard++;
    n->found += !p->ground;
    heard_low(n, p);
}

static void count_pair(struct coverage *c, struct craft *a, const struct kept *p, uint64_t key)
{
    const int64_t dt_ms = p->t_ms - a->last.t_ms;
    if (dt_ms > COVERAGE_HOLE_MS) {
        count_end(c, a, 1);
        count_begin(c, p, key, false);
        return;
    }
    if (dt_ms > hole_quiet_s(ORIGIN_ADSB_ICAO) * INT64_C(1000)) {
        count_hole(c, a, p, key);
        return;
    }
    struct coverage_count *n = at_last(c, a);
    n->heard_s += (int32_t)(whole_s(p->t_ms) - whole_s(a->last.t_ms));
    if (key == a->key) {
        heard_low(n, p);
        return;
    }
    n = at(c, key);
    n->heard++;
    heard_low(n, p);
}

/* --- aircraft --------------------------------------------------------------------------------- */

static void forget_craft(struct coverage *c, uint32_t i)
{
    map_remove(&c->crafts, c->craft[i].last.address);
    if (i != --c->n) {
        c->craft[i] = c->craft[c->n];
        map_remove(&c->crafts, c->craft[i].last.address);
        map_add(&c->crafts, c->craft[i].last.address, i); /* room was just made */
    }
}

/* Those that nothing can follow on: what is pushed next would begin anew. */
static enum err sweep(struct coverage *c)
{
    const enum err e = coverage_settle(c);
    for (uint32_t i = c->n; i-- > 0 && !e;) {
        if (c->newest_ms - c->craft[i].last.t_ms > COVERAGE_HOLE_MS) {
            forget_craft(c, i);
        }
    }
    return e ? e : c->n < c->max ? ERR_OK : ERR_FULL;
}

static enum err add_craft(struct coverage *c, const struct kept *p, struct craft **out)
{
    enum err e = c->n < c->max ? ERR_OK : sweep(c);
    if (!e && c->n == c->cap) {
        uint32_t cap = c->cap ? c->cap * 2 : 64;
        cap = cap < c->max ? cap : c->max;
        struct craft *more = realloc(c->craft, cap * sizeof *more);
        e = more ? ERR_OK : ERR_MEMORY;
        c->craft = more ? more : c->craft;
        c->cap = more ? cap : c->cap;
    }
    e = e ? e : map_add(&c->crafts, p->address, c->n);
    if (!e) {
        *out = &c->craft[c->n++];
    }
    return e;
}

static void follow(struct coverage *c, struct craft *a, const struct kept *p, uint64_t key)
{
    if (a->key != key || a->epoch != c->epoch) {
        a->key = key;
        a->entry = coverage_grid_at(&c->grid, key);
        a->epoch = c->epoch;
    }
    a->last = *p;
    a->ended = false;
    c->newest_ms = p->t_ms > c->newest_ms ? p->t_ms : c->newest_ms;
}

enum err coverage_push(struct coverage *c, const struct kept *p)
{
    enum err e = coverage_grid_reserve(&c->grid, ROOM);
    if (e) {
        return e;
    }
    const uint32_t i = map_get(&c->crafts, p->address);
    struct craft *a = i == MAP_NONE ? NULL : &c->craft[i];
    if (a && p->t_ms < a->last.t_ms) {
        return ERR_EXISTS;
    }
    const uint64_t key = key_of(p);
    if (!a) {
        e = add_craft(c, p, &a);
        if (e) {
            return e;
        }
        *a = (struct craft){.last = *p, .key = key, .epoch = c->epoch - 1};
        e = coverage_grid_reserve(&c->grid, ROOM); /* a sweep may have used it */
        if (e) {
            forget_craft(c, c->n - 1);
            return e;
        }
        count_begin(c, p, key, false);
    } else {
        if (a->ended) {
            count_end(c, a, -1);
        }
        count_pair(c, a, p, key);
    }
    follow(c, a, p, key);
    return ERR_OK;
}

enum err coverage_resume(struct coverage *c, const struct kept *p)
{
    struct craft *a;
    if (map_get(&c->crafts, p->address) != MAP_NONE) {
        return ERR_EXISTS;
    }
    const enum err e = add_craft(c, p, &a);
    if (!e) {
        *a = (struct craft){.last = *p, .key = key_of(p), .epoch = c->epoch - 1, .ended = true};
        c->newest_ms = p->t_ms > c->newest_ms ? p->t_ms : c->newest_ms;
    }
    return e;
}

enum err coverage_settle(struct coverage *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->craft[i].ended) {
            continue;
        }
        const enum err e = coverage_grid_reserve(&c->grid, ROOM);
        if (e) {
            return e;
        }
        count_end(c, &c->craft[i], 1);
        c->craft[i].ended = true;
    }
    return ERR_OK;
}

void coverage_forget(struct coverage *c)
{
    while (c->n > 0) {
        forget_craft(c, c->n - 1);
    }
}
