/* CPR over the whole globe: what is encoded comes back, to within half a step of its grid, from a
   pair, from one half near a reference, and with the reference anywhere within half a zone. Half a
   step is 5.1 m in the air up to 84 degrees and 10 m by the poles, where a zone is half the globe
   wide; on the ground a quarter of that. Poles, antimeridian and zone borders get their share. */
#include "base/rng.h"
#include "modes/cpr.h"
#include "seed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RUNS = 300000 };

static struct rng rng;

/* Metres between two places close together. */
static double apart_m(struct cpr_position a, struct cpr_position b)
{
    const double m_per_e7 = 0.0111195; /* a 1e-7 of a degree of latitude */
    double lon = (double)a.lon_e7 - b.lon_e7;
    lon -= 3.6e9 * round(lon / 3.6e9);
    const double mid = (a.lat_e7 * 0.5 + b.lat_e7 * 0.5) * 1e-7 * M_PI / 180;
    return hypot((a.lat_e7 - b.lat_e7) * m_per_e7, lon * m_per_e7 * cos(mid));
}

static int32_t between(int32_t low, int32_t high)
{
    return (int32_t)(low + (int64_t)(rng_unit(&rng) * ((double)high - low + 1)));
}

/* What half a step of the grid can be off at this latitude. */
static bool within(double off_m, struct cpr_position p, bool surface)
{
    const double air_m = abs(p.lat_e7) < 840000000 ? 5.1 : 10;
    return off_m < (surface ? air_m / 4 + 0.02 : air_m);
}

/* A place anywhere; often near a pole, the antimeridian, the equator or where the number of zones
   changes. */
static struct cpr_position somewhere(void)
{
    struct cpr_position p = {between(-900000000, 900000000), between(-1800000000, 1799999999)};
    switch (rng_below(&rng, 8)) {
    case 0:
        p.lat_e7 = between(869000000, 900000000) * (rng_below(&rng, 2) ? 1 : -1);
        break;
    case 1:
        p.lon_e7 = between(-1800000000, -1799990000);
        break;
    case 2:
        p.lon_e7 = between(1799990000, 1799999999);
        break;
    case 3:
        p.lat_e7 = between(-10000, 10000);
        break;
    case 4: {
        const double nl = 2 + (double)rng_below(&rng, 58);
        const double b = acos(sqrt((1 - cos(M_PI / 30)) / (1 - cos(2 * M_PI / nl))));
        const double sign = rng_below(&rng, 2) ? 1 : -1;
        p.lat_e7 = (int32_t)(sign * fmin(b * 180 / M_PI * 1e7 + between(-1000, 1000), 9e8));
        break;
    }
    default:
        break;
    }
    return p;
}

static void encode_pair(struct cpr_position p, bool surface, uint32_t even[2], uint32_t odd[2])
{
    cpr_encode(p, false, surface, even);
    cpr_encode(p, true, surface, odd);
    assert_true(even[0] < 131072 && even[1] < 131072 && odd[0] < 131072 && odd[1] < 131072);
}

static void airborne(void **state)
{
    (void)state;
    int zone = 0;
    double worst_m = 0;
    for (int i = 0; i < RUNS; i++) {
        const struct cpr_position p = somewhere();
        uint32_t even[2], odd[2];
        struct cpr_position q;
        encode_pair(p, false, even, odd);
        for (int newest_odd = 0; newest_odd < 2; newest_odd++) {
            const enum cpr_result r = cpr_airborne(even, odd, newest_odd, &q);
            zone += r == CPR_ZONE;
            if (r == CPR_OK) {
                worst_m = fmax(worst_m, apart_m(p, q));
                assert_true(within(apart_m(p, q), p, false));
                assert_true(q.lon_e7 >= -1800000000 && q.lon_e7 < 1800000000);
            } else {
                assert_int_equal(r, CPR_ZONE);
            }
        }
    }
    printf("airborne: worst %.2f m, %d of %d pairs across a zone border\n", worst_m, zone,
           2 * RUNS);
    assert_true(zone < RUNS / 10);
}

/* A reference within so many degrees of latitude, and of longitude at that latitude's zones. */
static struct cpr_position near_to(struct cpr_position p, double lat_deg, double lon_deg)
{
    const double lat = p.lat_e7 + (rng_unit(&rng) * 2 - 1) * lat_deg * 1e7;
    const double lon = p.lon_e7 + (rng_unit(&rng) * 2 - 1) * lon_deg * 1e7;
    return (struct cpr_position){(int32_t)fmax(-9e8, fmin(9e8, lat)),
                                 (int32_t)(lon - 3.6e9 * floor(lon / 3.6e9 + 0.5))};
}

static void local(void **state)
{
    (void)state;
    double worst_m[2] = {0, 0};
    for (int i = 0; i < RUNS; i++) {
        const struct cpr_position p = somewhere();
        const bool surface = rng_below(&rng, 2), odd = rng_below(&rng, 2);
        const double share = surface ? 0.25 : 1, zones = (double)cpr_nl(p.lat_e7) + 1;
        /* A little less than half a zone, so that no tie is asked for. */
        const struct cpr_position reference = near_to(p, 2.99 * share, 179.9 * share / zones);
        uint32_t half[2];
        struct cpr_position q;
        cpr_encode(p, odd, surface, half);
        const enum cpr_result r = cpr_local(half, odd, surface, reference, &q);
        assert_int_equal(r, CPR_OK);
        worst_m[surface] = fmax(worst_m[surface], apart_m(p, q));
        assert_true(within(apart_m(p, q), p, surface));
    }
    printf("local: worst %.2f m in the air, %.2f m on the ground\n", worst_m[0], worst_m[1]);
}

static void surface(void **state)
{
    (void)state;
    double worst_m = 0;
    int zone = 0;
    for (int i = 0; i < RUNS; i++) {
        const struct cpr_position p = somewhere();
        const struct cpr_position reference = near_to(p, 44, 44);
        uint32_t even[2], odd[2];
        struct cpr_position q;
        encode_pair(p, true, even, odd);
        const enum cpr_result r = cpr_surface(even, odd, i & 1, reference, &q);
        zone += r == CPR_ZONE;
        if (r == CPR_OK) {
            worst_m = fmax(worst_m, apart_m(p, q));
            assert_true(within(apart_m(p, q), p, true));
        } else {
            assert_int_equal(r, CPR_ZONE);
        }
    }
    printf("surface: worst %.2f m, %d of %d pairs across a zone border\n", worst_m, zone, RUNS);
    assert_true(zone < RUNS / 10);
}

/* Any halves at all: an answer, on Earth when it is one. */
static void anything(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        const uint32_t even[2] = {rng_below(&rng, 131072), rng_below(&rng, 131072)};
        const uint32_t odd[2] = {rng_below(&rng, 131072), rng_below(&rng, 131072)};
        const struct cpr_position reference = {(int32_t)rng_next(&rng), (int32_t)rng_next(&rng)};
        struct cpr_position q[3] = {{0, 0}, {0, 0}, {0, 0}};
        cpr_airborne(even, odd, i & 1, &q[0]);
        cpr_surface(even, odd, i & 1, reference, &q[1]);
        cpr_local(even, i & 1, i & 2, reference, &q[2]);
        for (int k = 0; k < 3; k++) {
            assert_true(abs(q[k].lat_e7) <= 900000000);
            assert_true(q[k].lon_e7 >= -1800000000 && q[k].lon_e7 < 1800000000);
        }
    }
}

int main(void)
{
    rng.state = seed_of_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(airborne),
        cmocka_unit_test(local),
        cmocka_unit_test(surface),
        cmocka_unit_test(anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
