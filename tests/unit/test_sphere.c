/* Great circle forms against known distances and against one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "geo/sphere.h"

static struct sphere_place place(double lat, double lon)
{
    return (struct sphere_place){(int32_t)lrint(lat * 1e7), (int32_t)lrint(lon * 1e7)};
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        fail_msg("%.9g is not within %.3g of %.9g", a, tolerance, b);
    }
}

static void one_degree_is_60_miles(void **state)
{
    (void)state;
    const double degree = SPHERE_RADIUS_M * M_PI / 180;
    near(sphere_distance_m(place(0, 0), place(1, 0)), degree, 0.01);
    near(sphere_distance_m(place(0, 179.5), place(0, -179.5)), degree, 0.01);
    near(sphere_distance_m(place(90, 0), place(-90, 77)), SPHERE_RADIUS_M * M_PI, 0.01);
    near(sphere_distance_m(place(13.5, 2.1), place(13.5, 2.1)), 0, 0);
    near(SPHERE_M_PER_LAT_E7 * 1e7, degree, 0.01);
    /* Ramstein to Niamey, by hand from the spherical law of cosines. */
    near(sphere_distance_m(place(49.4369, 7.6003), place(13.4815, 2.1836)) / 1852, 2174, 3);
}

static void bearings_point_where_they_should(void **state)
{
    (void)state;
    near(sphere_bearing_deg(place(0, 0), place(1, 0)), 0, 1e-9);
    near(sphere_bearing_deg(place(0, 0), place(0, 1)), 90, 1e-9);
    near(sphere_bearing_deg(place(0, 0), place(-1, 0)), 180, 1e-9);
    near(sphere_bearing_deg(place(0, 179.9), place(0, -179.9)), 90, 1e-9);
    near(sphere_bearing_deg(place(0, 0), place(0, -1)), 270, 1e-9);
    near(sphere_bearing_deg(place(5, 5), place(5, 5)), 0, 0);
}

static void destination_undoes_distance_and_bearing(void **state)
{
    (void)state;
    struct rng r = {7};
    for (int i = 0; i < 20000; i++) {
        const struct sphere_place a = place(rng_unit(&r) * 178 - 89, rng_unit(&r) * 360 - 180);
        const double d = pow(10, rng_unit(&r) * 6 + 1);
        const double b = rng_unit(&r) * 360;
        const struct sphere_place c = sphere_destination(a, b, d);
        near(sphere_distance_m(a, c), d, 0.02);
        if (d > 1000) {
            near(remainder(sphere_bearing_deg(a, c) - b, 360), 0, 0.01);
        }
        const struct sphere_place mid = sphere_between(a, c, 0.5);
        near(sphere_distance_m(a, mid), d / 2, 0.03);
        near(sphere_distance_m(mid, c), d / 2, 0.03);
    }
}

static void the_fast_form_agrees_where_it_says_so(void **state)
{
    (void)state;
    struct rng r = {11};
    for (int i = 0; i < 50000; i++) {
        const struct sphere_place a = place(rng_unit(&r) * 148 - 74, rng_unit(&r) * 360 - 180);
        const double d = pow(10, rng_unit(&r) * 4 + 1);
        const double b = rng_unit(&r) * 360;
        const struct sphere_offset o = sphere_offset(a, sphere_destination(a, b, d));
        near(hypot((double)o.x_m, (double)o.y_m) / d, 1, 0.001 + 0.03 / d);
        if (d > 1000 && d < 20000) {
            /* the plane's direction is that at the middle: meridians converge by half of the way */
            near(remainder(sphere_offset_bearing_deg(o) - b, 360), 0, 0.4);
        }
    }
    for (int i = 0; i < 36000; i++) {
        const double b = i / 100.0 * M_PI / 180;
        const struct sphere_offset o = {(float)(sin(b) * 500), (float)(cos(b) * 500)};
        near(remainder(sphere_offset_bearing_deg(o) - i / 100.0, 360), 0, 0.02);
    }
}

static void far_is_never_called_near(void **state)
{
    (void)state;
    struct rng r = {13};
    for (int i = 0; i < 20000; i++) {
        const struct sphere_place a = place(rng_unit(&r) * 148 - 74, rng_unit(&r) * 360 - 180);
        const double d = 1e5 + rng_unit(&r) * 2.9e6;
        const struct sphere_place c = sphere_destination(a, rng_unit(&r) * 360, d);
        const struct sphere_offset o = sphere_offset(a, c);
        assert_true(hypot((double)o.x_m, (double)o.y_m) > 0.9 * d);
    }
}

static void longitudes_wrap(void **state)
{
    (void)state;
    assert_int_equal(sphere_wrap_e7(1800000000), -1800000000);
    assert_int_equal(sphere_wrap_e7(-1800000000), -1800000000);
    assert_int_equal(sphere_wrap_e7(-1800000001), 1799999999);
    assert_int_equal(sphere_wrap_e7(INT64_C(3600000005)), 5);
    assert_int_equal(sphere_wrap_e7(INT64_C(-36000000005)), -5);
    near(sphere_turn_deg(350, 10), 20, 1e-4);
    near(sphere_turn_deg(0, 180), 180, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_degree_is_60_miles),
        cmocka_unit_test(bearings_point_where_they_should),
        cmocka_unit_test(destination_undoes_distance_and_bearing),
        cmocka_unit_test(the_fast_form_agrees_where_it_says_so),
        cmocka_unit_test(far_is_never_called_near),
        cmocka_unit_test(longitudes_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
