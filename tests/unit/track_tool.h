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

enum { FLIGHT_HEX = 0x4b1234 };

/* One aircraft on a straight way, two position squitters and a velocity a second. */
struct flight {
    struct bench *b;
    struct sphere_place from;
    double gs_kt, track_deg;
    int64_t start_us;
    bool surface;
    uint16_t receiver;
};

static inline struct sphere_place flight_at(const struct flight *f, int64_t t_us)
{
    const double s = (double)(t_us - f->start_us) * 1e-6;
    return sphere_destination(f->from, f->track_deg, s * f->gs_kt * 1852 / 3600);
}

static inline struct outcome fly_one(const struct flight *f, int64_t t_us, bool odd)
{
    struct message m = position(FLIGHT_HEX, t_us, flight_at(f, t_us), odd, f->surface);
    m.receiver = f->receiver;
    message_add(&m, FIELD_GS, (int32_t)(f->gs_kt * 100));
    message_add(&m, FIELD_TRACK, (int32_t)(f->track_deg * 100));
    return push(f->b, &m);
}

/* From t0 on, n positions half a second apart; returns the last outcome. */
static inline struct outcome fly(const struct flight *f, int64_t t0, int n)
{
    struct outcome o = {0};
    for (int i = 0; i < n; i++) {
        o = fly_one(f, t0 + i * SECOND / 2, i & 1);
    }
    return o;
}

static inline void assert_place(const struct outcome *o, struct sphere_place expected,
                                double within_m)
{
    assert_non_null(o->track);
    struct fix f;
    assert_true(track_place(o->track, &f));
    const double d = sphere_distance_m((struct sphere_place){f.lat_e7, f.lon_e7}, expected);
    if (d > within_m) {
        fail_msg("%.1f m away", d);
    }
}

static inline struct flight cruise(struct bench *b)
{
    return (struct flight){
        .b = b, .from = at(49.4, 7.6), .gs_kt = 450, .track_deg = 190, .start_us = 1000 * SECOND};
}

#endif
