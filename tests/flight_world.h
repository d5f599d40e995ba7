/* The fields the tests of movements fly between, and what nearly every one of them does. One test
   program includes it once. */
#ifndef MASAR_TESTS_FLIGHT_WORLD_H
#define MASAR_TESTS_FLIGHT_WORLD_H

#include "flight_probe.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { A, B, C, D, HIGH, BLANK, ISLAND, IST_OLD, IST_NEW, UNLISTED, FIELDS };

/* A to B 480 NM, C off the way, D 25 NM beside B. */
static const struct flight_field field[FIELDS] = {
    [A] = {"LAAA", 45.0, 5.0, 500, 90, AIRPORT_LARGE},
    [B] = {"LBBB", 45.0, 16.3, 300, 90, AIRPORT_LARGE},
    [C] = {"LCCC", 47.5, 10.5, 1200, 180, AIRPORT_LARGE},
    [D] = {"LDDD", 45.4, 16.4, 320, 50, AIRPORT_LARGE},
    [HIGH] = {"HHHH", 16.97, 8.0, 5200, 70, AIRPORT_LARGE},
    [BLANK] = {"BBBB", 13.48, 2.18, INT_MIN, 90, AIRPORT_LARGE},
    [ISLAND] = {"NFFF", -17.75, -179.2, 60, 20, AIRPORT_LARGE},
    [IST_OLD] = {"LTBA", 40.9719, 28.8238, 163, 170, AIRPORT_LARGE},
    [IST_NEW] = {"LTFM", 41.2749, 28.7321, 325, 160, AIRPORT_LARGE},
    [UNLISTED] = {"NE-0099", 15.0, 5.0, 900, 40, AIRPORT_MEDIUM},
};

static struct buf file;
static struct airports *airports;

static inline int open_airports(void **state)
{
    (void)state;
    airports = flight_airports(field, FIELDS, &file);
    return airports ? 0 : -1;
}

static inline int close_airports(void **state)
{
    (void)state;
    airports_free(airports);
    buf_free(&file);
    return 0;
}

static inline struct flight_probe probe_with(const struct movement_options *o)
{
    struct flight_probe p = {.m = movement_new(o),
                             .address = 0x4b0001,
                             .call = "TST12",
                             .t_s = 1717700000,
                             .every_s = 8};
    assert_non_null(p.m);
    return p;
}

static inline struct flight_probe probe(void)
{
    const struct movement_options o = {.views = {.airports = airports}};
    return probe_with(&o);
}

static inline void leave(struct flight_probe *p, int from)
{
    flight_at(p, &field[from]);
    flight_stand(p, 100);
    flight_take_off(p, &field[from]);
}

/* It stood at a field, heard, and has just left it. */
static inline struct flight_probe left(int from)
{
    struct flight_probe p = probe();
    leave(&p, from);
    return p;
}

static inline void finish(struct flight_probe *p)
{
    free(p->claim);
}

static inline void check_at(const struct claim *c, int where)
{
    assert_non_null(c);
    assert_true(c->candidates > 0);
    assert_string_equal(c->candidate[0].airport, field[where].code);
    assert_true(c->candidate[0].p >= CLAIM_NAMED_P);
}

static inline void check_legs(const struct flight_probe *p, unsigned legs)
{
    assert_int_equal(flight_count(p, CLAIM_LEG, NULL), legs);
    assert_int_equal(flight_count(p, CLAIM_LANDED, NULL), legs);
}

/* The end of the flight: so many legs, the last of them to there. */
static inline void check_landed(struct flight_probe *p, unsigned legs, int where)
{
    const struct claim *on = NULL;
    flight_done(p);
    check_legs(p, legs);
    flight_count(p, CLAIM_LANDED, &on);
    check_at(on, where);
}

/* The claim of a kind on a leg; NULL: none. */
static inline const struct claim *of_leg(const struct flight_probe *p, enum claim_kind kind,
                                         uint32_t leg)
{
    const struct claim *found = NULL;
    for (size_t i = 0; i < p->claims; i++) {
        const struct claim *c = &p->claim[i];
        found = c->kind == kind && c->leg == leg && !flight_is_void(p, c) ? c : found;
    }
    return found;
}

#endif
