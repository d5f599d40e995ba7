/* What the tests of track/ share: a tracker with its counters and receivers, and messages as the
   decoder would fill them. */
#ifndef MASAR_TESTS_TRACK_TOOL_H
#define MASAR_TESTS_TRACK_TOOL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/sphere.h"
#include "modes/cpr.h"
#include "track/track.h"

#define SECOND INT64_C(1000000)

struct bench {
    struct tracker *t;
    struct counters counters;
    struct receiver *receivers; /* RECEIVERS_MAX, none with a place */
};

static inline int bench_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->receivers = calloc(RECEIVERS_MAX, sizeof *b->receivers);
    const struct tracker_options o = {.aircraft_max = 1000,
                                      .trail_points_max = 20000,
                                      .rejected_max = 100,
                                      .receivers = b->receivers,
                                      .counters = &b->counters};
    b->t = tracker_new(&o);
    assert_non_null(b->t);
    *state = b;
    return 0;
}

static inline int bench_down(void **state)
{
    struct bench *b = *state;
    tracker_free(b->t);
    free(b->receivers);
    free(b);
    return 0;
}

#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, bench_up, bench_down)

static inline struct outcome push(struct bench *b, struct message *m)
{
    struct outcome o;
    tracker_push(b->t, m, &o);
    return o;
}

static inline struct message from(uint32_t address, int64_t t_us, uint8_t df, uint8_t parity,
                                  uint8_t origin)
{
    struct message m;
    message_start(&m);
    m.address = address;
    m.t_us = t_us;
    m.df = df;
    m.parity = parity;
    m.origin = origin;
    return m;
}

static inline struct message squitter(uint32_t address, int64_t t_us)
{
    return from(address, t_us, 17, PARITY_OK, ORIGIN_ADSB_ICAO);
}

static inline struct message all_call(uint32_t address, int64_t t_us)
{
    return from(address, t_us, 11, PARITY_OK, ORIGIN_MODE_S);
}

static inline struct message reply(uint32_t address, int64_t t_us, uint8_t df, enum field f,
                                   int32_t v)
{
    struct message m = from(address, t_us, df, PARITY_ADDRESS, ORIGIN_MODE_S);
    if (f != FIELD_COUNT) {
        message_add(&m, f, v);
    }
    return m;
}

/* A squitter with a CPR half of a place. */
static inline struct message position(uint32_t address, int64_t t_us, struct sphere_place at,
                                      bool odd, bool surface)
{
    struct message m = squitter(address, t_us);
    uint32_t half[2];
    cpr_encode((struct cpr_position){at.lat_e7, at.lon_e7}, odd, surface, half);
    m.tc = surface ? 6 : 11;
    m.payload = (uint64_t)half[0] << 17 | half[1]; /* what tells one frame from another */
    m.cpr = (struct message_cpr){
        .lat = half[0], .lon = half[1], .odd = odd, .surface = surface, .present = 1};
    return m;
}

static inline struct sphere_place at(double lat_deg, double lon_deg)
{
    return (struct sphere_place){(int32_t)lrint(lat_deg * 1e7), (int32_t)lrint(lon_deg * 1e7)};
}

#endif
