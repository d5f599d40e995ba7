#include "simulate/redraw.h"

#include "base/rng.h"
#include "simulate/draw.h"
#include "simulate/flight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double dropped = 0.12, again = 0.13; /* of the rotations that may be */
static const int64_t hour_us = INT64_C(3600000000);
static const int64_t apart_us = INT64_C(9000000000); /* least time between two rotations */
static const int64_t shift_us = INT64_C(36) * 3600000000, milestone_shift_us = 12 * 3600000000;

enum { ROTATION_LEGS_MAX = 4 };

struct redraw {
    struct scenario *sc;
    struct rng rng;
    struct scenario_leg *out;
    size_t n, max;
    int64_t next_leg; /* number of the next leg nobody numbered */
    bool failed;
};

static double between(struct redraw *r, double low, double high)
{
    return low + (high - low) * rng_unit(&r->rng);
}

static bool is_same_airframe(const struct scenario_leg *a, const struct scenario_leg *b)
{
    return strcmp(a->airframe, b->airframe) == 0;
}

/* Named in the news, or turned back: these took place whatever the seed. */
static bool is_milestone(const struct scenario_leg *leg)
{
    return leg->kind_at == LEG_TURNBACK || strncmp(leg->note, "first", 5) == 0 ||
           strncmp(leg->note, "last", 4) == 0 || strncmp(leg->note, "coordination", 12) == 0;
}

static bool is_fixed(const struct scenario *sc, const struct scenario_leg *leg)
{
    char address[8];
    snprintf(address, sizeof address, "%06x", (unsigned)leg->icao24);
    const bool shared = strcmp(address, leg->airframe) != 0;
    const bool training =
        strcmp(leg->note, "training") == 0 || leg->rolling || leg->kind_at == LEG_TOUCH_AND_GO;
    return shared || training || leg->kind_at == LEG_GHOST || leg->kind_at == LEG_PARKED ||
           sc->head.start_us > leg->takeoff_us;
}

/* How many legs from here lead the airframe back to where it began; one where none does soon. */
static size_t rotation(const struct scenario *sc, size_t at)
{
    const struct scenario_leg *first = &sc->leg[at];
    for (size_t n = 1; n <= ROTATION_LEGS_MAX && at + n <= sc->n_legs; n++) {
        const struct scenario_leg *leg = &sc->leg[at + n - 1];
        if (!is_same_airframe(leg, first)) {
            break;
        }
        if (leg->destination_at == first->origin_at) {
            return n;
        }
    }
    return 1;
}

static bool leads_back(const struct scenario_leg *leg, size_t n)
{
    return leg[n - 1].destination_at == leg->origin_at;
}

static void put(struct redraw *r, const struct scenario_leg *leg)
{
    if (r->n == r->max) {
        const size_t max = r->max ? 2 * r->max : 256;
        struct scenario_leg *more =
            max > SCENARIO_ROWS_MAX ? NULL : realloc(r->out, max * sizeof *more);
        if (!more) {
            r->failed = true;
            return;
        }
        r->out = more;
        r->max = max;
    }
    r->out[r->n++] = *leg;
}

/* Flights a little faster or slower, time on the ground other, in whole seconds. */
static void stretch(struct redraw *r, struct scenario_leg *leg, size_t n)
{
    int64_t moved_us = 0;
    int64_t before_us = 0, before_was_us = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t was_us = leg[i].takeoff_us, flown_us = leg[i].landing_us - was_us;
        const int64_t ground_us = i ? was_us - before_was_us : 0;
        int64_t takeoff_us = was_us + moved_us;
        if (i > 0) {
            const double longer_us = (double)ground_us * between(r, 0.9, 1.3);
            takeoff_us = before_us + (int64_t)fmax(longer_us, 5.4e9);
        }
        before_was_us = leg[i].landing_us;
        leg[i].takeoff_us = takeoff_us - takeoff_us % 1000000;
        const double share = leg[i].hold_min > 0 ? 1 : between(r, 0.98, 1.025);
        leg[i].landing_us = leg[i].takeoff_us + (int64_t)((double)flown_us / 1e6 * share) * 1000000;
        before_us = leg[i].landing_us;
        moved_us = leg[i].takeoff_us - was_us;
        if (leg[i].load_t >= 10) {
            const double load_t = leg[i].load_t + 8 * (between(r, -1, 1) + between(r, -1, 1)) / 2;
            leg[i].load_t = floor(fmin(fmax(load_t, 12), 60) + 0.5);
        }
    }
}

static void shift(struct scenario_leg *leg, size_t n, int64_t by_us)
{
    by_us -= by_us % 1000000;
    for (size_t i = 0; i < n; i++) {
        leg[i].takeoff_us += by_us;
        leg[i].landing_us += by_us;
    }
}

/* A base closes with the last flight the news tell of: nobody else leaves it afterwards who did not
   before. */
static bool is_in_time(const struct redraw *r, const struct scenario_leg *was,
                       const struct scenario_leg *now, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < r->sc->n_legs; k++) {
            const struct scenario_leg *last = &r->sc->leg[k];
            if (strncmp(last->note, "last", 4) == 0 && last->origin_at == was[i].origin_at &&
                was[i].takeoff_us < last->takeoff_us &&
                now[i].takeoff_us > last->takeoff_us - 14 * hour_us) {
                return false;
            }
        }
    }
    return now[n - 1].landing_us < r->sc->head.end_us && now->takeoff_us > r->sc->head.start_us;
}

struct room {
    int64_t from_us, to_us; /* the rotation must lie within */
};

/* Moves and stretches a rotation within its room; as it was where chance finds no place. */
static void move(struct redraw *r, struct scenario_leg *leg, size_t n, struct room room)
{
    struct scenario_leg was[ROTATION_LEGS_MAX];
    memcpy(was, leg, n * sizeof *leg);
    bool milestone = false;
    for (size_t i = 0; i < n; i++) {
        milestone |= is_milestone(&leg[i]);
    }
    const int64_t most_us = milestone ? milestone_shift_us : shift_us;
    stretch(r, leg, n);
    const int64_t least = room.from_us - leg->takeoff_us, most = room.to_us - leg[n - 1].landing_us;
    const int64_t low = least > -most_us ? least : -most_us, high = most < most_us ? most : most_us;
    if (low < high) {
        shift(leg, n, low + (int64_t)(between(r, 0, 1) * (double)(high - low)));
    }
    if (low >= high || (!milestone && !is_in_time(r, was, leg, n))) {
        for (size_t i = 0; i < n; i++) { /* loads stay drawn */
            leg[i].takeoff_us = was[i].takeoff_us;
            leg[i].landing_us = was[i].landing_us;
        }
    }
}

/* The rotation once more after itself where there is room. */
static void repeat(struct redraw *r, const struct scenario_leg *leg, size_t n, struct room room)
{
    struct scenario_leg copy[ROTATION_LEGS_MAX];
    const int64_t span_us = leg[n - 1].landing_us - leg->takeoff_us;
    const int64_t from_us = leg[n - 1].landing_us + apart_us;
    const int64_t slack_us = room.to_us - from_us - span_us - 2 * hour_us;
    if (slack_us <= 0) {
        return;
    }
    memcpy(copy, leg, n * sizeof *leg);
    const double by = between(r, 0, fmin((double)slack_us, 96e9 * 3.6));
    shift(copy, n, from_us - leg->takeoff_us + (int64_t)by);
    if (!is_in_time(r, leg, copy, n)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        copy[i].leg = r->next_leg++;
        put(r, &copy[i]);
    }
}

static bool is_plain(const struct scenario_leg *leg, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_milestone(&leg[i])) {
            return false;
        }
    }
    return leads_back(leg, n);
}

static size_t redraw_rotation(struct redraw *r, size_t at)
{
    struct scenario_leg *leg = &r->sc->leg[at], copy[ROTATION_LEGS_MAX];
    const size_t n = rotation(r->sc, at);
    memcpy(copy, leg, n * sizeof *leg);
    const struct scenario_leg *before = r->n > 0 ? &r->out[r->n - 1] : NULL;
    const bool follows = before && is_same_airframe(before, leg);
    const bool more = at + n < r->sc->n_legs && is_same_airframe(&leg[n], leg);
    const struct room room = {follows ? before->landing_us + apart_us : leg->takeoff_us - shift_us,
                              more ? leg[n].takeoff_us - apart_us
                                   : leg[n - 1].landing_us + shift_us};
    const bool plain = is_plain(leg, n), fixed = is_fixed(r->sc, leg);
    const double chance = rng_unit(&r->rng);
    if (plain && !fixed && chance < dropped) {
        return n;
    }
    if (!fixed) {
        move(r, copy, n, room);
    }
    for (size_t i = 0; i < n; i++) {
        put(r, &copy[i]);
    }
    if (plain && !fixed && chance > 1 - again) {
        repeat(r, copy, n, room);
    }
    return n;
}

static double lifted_t(const struct scenario *sc, const char *from)
{
    double t = 0;
    for (size_t i = 0; i < sc->n_legs; i++) {
        t += strcmp(sc->leg[i].origin, from) == 0 ? sc->leg[i].load_t : 0;
    }
    return t;
}

/* What was to be moved, and what was said of it, in proportion to what now is. */
static void scale(struct scenario *sc, const double *was_t, uint64_t seed)
{
    const double people = 0.93 + 0.14 * draw_unit(seed, DRAW_REDRAW, 1, 0);
    for (size_t i = 0; i < sc->n_requirements; i++) {
        struct scenario_requirement *q = &sc->requirement[i];
        const double now_t = lifted_t(sc, q->from);
        const double by = strcmp(q->unit, "people") == 0 ? people
                          : was_t[i] > 0                 ? now_t / was_t[i]
                                                         : 1;
        q->quantity = floor(q->quantity * by + 0.5);
    }
    for (size_t i = 0; i < sc->n_claims; i++) {
        struct scenario_claim *c = &sc->claim[i];
        double by = strcmp(c->measure, "people") == 0 ? people : 1;
        if (strcmp(c->measure, "tons") == 0 && was_t[sc->n_requirements + i] > 0) {
            by = lifted_t(sc, c->place) / was_t[sc->n_requirements + i];
        }
        c->low = floor(c->low * by + 0.5);
        c->high = floor(c->high * by + 0.5);
    }
}

static void redraw_legs(struct redraw *r)
{
    for (size_t at = 0; at < r->sc->n_legs;) {
        at += redraw_rotation(r, at);
    }
}

enum err scenario_redraw(struct scenario *sc, uint64_t seed, char *why, size_t why_size)
{
    struct redraw r = {.sc = sc, .rng = {draw_bits(seed, DRAW_REDRAW, 0, 0)}, .next_leg = 1};
    double *was_t = calloc(sc->n_requirements + sc->n_claims + 1, sizeof *was_t);
    for (size_t i = 0; was_t && i < sc->n_requirements; i++) {
        was_t[i] = lifted_t(sc, sc->requirement[i].from);
    }
    for (size_t i = 0; was_t && i < sc->n_claims; i++) {
        was_t[sc->n_requirements + i] = lifted_t(sc, sc->claim[i].place);
    }
    for (size_t i = 0; i < sc->n_legs; i++) {
        r.next_leg = sc->leg[i].leg >= r.next_leg ? sc->leg[i].leg + 1 : r.next_leg;
    }
    redraw_legs(&r);
    if (r.failed || !was_t) {
        free(r.out);
        free(was_t);
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    free(sc->leg);
    sc->leg = r.out;
    sc->n_legs = r.n;
    scale(sc, was_t, seed);
    free(was_t);
    return scenario_check_legs(sc, why, why_size);
}
