/* Compact Position Reporting: worked examples, the zone table against its formula, the poles. */
#include "modes/cpr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct cpr_position at(double lat_deg, double lon_deg)
{
    return (struct cpr_position){(int32_t)lround(lat_deg * 1e7), (int32_t)lround(lon_deg * 1e7)};
}

static void assert_at(struct cpr_position p, double lat_deg, double lon_deg)
{
    assert_int_equal(p.lat_e7, lround(lat_deg * 1e7));
    assert_int_equal(p.lon_e7, lround(lon_deg * 1e7));
}

/* 8D40621D58C382D690C8AC2863A7 and 8D40621D58C386435CC412692AD6. */
static const uint32_t air_even[2] = {93000, 51372}, air_odd[2] = {74158, 50194};

static void airborne(void **state)
{
    (void)state;
    struct cpr_position p;
    assert_int_equal(cpr_airborne(air_even, air_odd, false, &p), CPR_OK);
    assert_at(p, 52.2572021484375, 3.91937255859375);
    assert_int_equal(cpr_airborne(air_even, air_odd, true, &p), CPR_OK);
    assert_at(p, 52.26578017412606, 3.938912527901786);
}

static void local(void **state)
{
    (void)state;
    struct cpr_position p;
    assert_int_equal(cpr_local(air_even, false, false, at(52.258, 3.918), &p), CPR_OK);
    assert_at(p, 52.2572021484375, 3.91937255859375);
    assert_int_equal(cpr_local(air_odd, true, false, at(52.258, 3.918), &p), CPR_OK);
    assert_at(p, 52.26578017412606, 3.938912527901786);
}

/* 8C4841753AAB238733C8CD4020B1 (even) and 8C4841753A8A35323FAEBDAC702D (odd). */
static void surface(void **state)
{
    (void)state;
    const uint32_t even[2] = {115609, 116941}, odd[2] = {39199, 110269};
    struct cpr_position p;
    assert_int_equal(cpr_surface(even, odd, true, at(51.990, 4.375), &p), CPR_OK);
    assert_true(abs(p.lat_e7 - 523206100) < 100 && abs(p.lon_e7 - 47347300) < 100);
    /* The same halves, told by a reference on the other side of the Earth. */
    struct cpr_position q;
    assert_int_equal(cpr_surface(even, odd, true, at(-38, -175), &q), CPR_OK);
    assert_true(q.lat_e7 < 0 && q.lon_e7 < 0);
    assert_int_equal(q.lat_e7, p.lat_e7 - 900000000);
}

/* Halves that lie in different longitude zones give no place. */
static void zones_differ(void **state)
{
    (void)state;
    uint32_t even[2], odd[2];
    struct cpr_position p;
    cpr_encode(at(10.4700, 20), false, false, even);
    cpr_encode(at(10.4710, 20), true, false, odd);
    assert_int_equal(cpr_airborne(even, odd, false, &p), CPR_ZONE);
}

static void beyond_pole(void **state)
{
    (void)state;
    /* An index of zone 16 of 60: 96 degrees. */
    const uint32_t even[2] = {0, 0};
    struct cpr_position p;
    bool seen = false;
    for (uint32_t odd_lat = 0; odd_lat < 131072 && !seen; odd_lat += 64) {
        const uint32_t odd[2] = {odd_lat, 0};
        seen = cpr_airborne(even, odd, false, &p) == CPR_LATITUDE;
    }
    assert_true(seen);
    const uint32_t half[2] = {131071, 0};
    assert_int_equal(cpr_local(half, false, false, at(89.9999, 0), &p), CPR_OK);
    assert_int_equal(cpr_local((const uint32_t[2]){2000, 0}, false, false, at(90, 0), &p),
                     CPR_LATITUDE);
}

static double transition_deg(int nl)
{
    const double a = 1 - cos(M_PI / 30), b = 1 - cos(2 * M_PI / nl);
    return acos(sqrt(a / b)) * 180 / M_PI;
}

static void zone_table(void **state)
{
    (void)state;
    for (int nl = 59; nl >= 3; nl--) {
        const double t_e7 = transition_deg(nl) * 1e7;
        const int32_t below = (int32_t)floor(t_e7), above = below + 1;
        assert_int_equal(cpr_nl(below), nl);
        assert_int_equal(cpr_nl(above), nl - 1);
        assert_int_equal(cpr_nl(-below), nl);
        assert_int_equal(cpr_nl(-above), nl - 1);
    }
    assert_int_equal(cpr_nl(0), 59);
    assert_int_equal(cpr_nl(870000000), 2);
    assert_int_equal(cpr_nl(870000001), 1);
    assert_int_equal(cpr_nl(900000000), 1);
    assert_int_equal(cpr_nl(INT32_MIN), 1);
}

/* The pairs around every transition: what is encoded there comes back from a global decode,
   whenever both halves agree on the zone. */
static void around_transitions(void **state)
{
    (void)state;
    int zone = 0, ok = 0;
    for (int nl = 59; nl >= 2; nl--) {
        const int32_t t = nl == 2 ? 870000000 : (int32_t)(transition_deg(nl) * 1e7);
        for (int32_t d = -2000; d <= 2000; d += 37) {
            const struct cpr_position p = {t + d, 123456789};
            uint32_t even[2], odd[2];
            struct cpr_position q;
            cpr_encode(p, false, false, even);
            cpr_encode(p, true, false, odd);
            const enum cpr_result r = cpr_airborne(even, odd, d & 1, &q);
            zone += r == CPR_ZONE;
            if (r == CPR_OK) {
                ok++;
                assert_true(abs(q.lat_e7 - p.lat_e7) < 300);
                const double metres =
                    abs(q.lon_e7 - p.lon_e7) * 1e-7 * 111195 * cos(p.lat_e7 * 1e-7 * M_PI / 180);
                assert_true(metres < 5.1);
            }
        }
    }
    assert_true(ok > 5000 && zone > 0);
}

/* Half a meter from the north pole the latitude's halves have come round to 0: it is the pole, not
   the equator. */
static void surface_at_the_pole(void **state)
{
    (void)state;
    const uint32_t even[2] = {0, 15046}, odd[2] = {0, 15046};
    const struct cpr_position reference = {900000000, -472370990};
    struct cpr_position q;
    assert_int_equal(cpr_surface(even, odd, false, reference, &q), CPR_OK);
    assert_int_equal(q.lat_e7, 900000000);
}

/* A place that is none is still encoded as something. */
static void nowhere(void **state)
{
    (void)state;
    uint32_t half[2];
    struct cpr_position p;
    cpr_encode((struct cpr_position){INT32_MIN, INT32_MIN}, true, true, half);
    assert_true(half[0] < 131072 && half[1] < 131072);
    assert_int_equal(cpr_local(half, true, false, (struct cpr_position){INT32_MAX, INT32_MAX}, &p),
                     CPR_LATITUDE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(airborne),     cmocka_unit_test(local),
        cmocka_unit_test(surface),      cmocka_unit_test(surface_at_the_pole),
        cmocka_unit_test(zones_differ), cmocka_unit_test(beyond_pole),
        cmocka_unit_test(zone_table),   cmocka_unit_test(around_transitions),
        cmocka_unit_test(nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
