/* Any two poses on the globe are joined by a way without a corner that ends in the second, and any
   plan makes a path that runs on evenly in place and direction. */
#include "base/rng.h"
#include "seed.h"
#include "simulate/way.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rng rng;

static double between(double low, double high)
{
    return low + (high - low) * rng_unit(&rng);
}

static struct pose any_pose(void)
{
    return pose_at(asin(between(-1, 1)) / POSE_DEGREE, between(-180, 180), between(0, 360));
}

/* Each piece goes on where the one before ended, in its direction. */
static void assert_smooth(const struct path *p)
{
    for (size_t i = 1; i < p->n; i++) {
        const struct path_piece *a = &p->piece[i - 1], *b = &p->piece[i];
        const double angle = (b->s_nm - a->s_nm) / (POSE_RADIUS_NM * a->radius);
        const double c = cos(angle), s = sin(angle);
        const struct path_vector spoke = pose_mix(a->spoke, c, a->forward, a->radius * s);
        const struct path_vector forward = pose_mix(a->forward, c, a->spoke, -s / a->radius);
        const struct path_vector end = pose_mix(a->center, 1, spoke, 1);
        const struct path_vector begin = pose_mix(b->center, 1, b->spoke, 1);
        assert_true(pose_distance_nm(end, begin) < 1e-6);
        assert_true(pose_dot(forward, b->forward) > 1 - 1e-12);
        assert_true(fabs(pose_dot(begin, begin) - 1) < 1e-12);
        assert_true(fabs(pose_dot(b->forward, begin)) < 1e-9);
    }
}

static void assert_there(struct pose is, struct pose wanted)
{
    assert_true(pose_distance_nm(is.at, wanted.at) < 0.005);
    assert_true(pose_dot(is.forward, wanted.forward) > 1 - 1e-9);
}

static void any_two_poses_are_joined(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        static struct path p;
        const struct pose from = any_pose();
        /* Near by as often as far away; sometimes ahead, or where it stands. */
        const double nm = exp(between(log(0.01), log(9000)));
        struct pose to =
            pose_turned(pose_on(pose_turned(from, between(0, 360)), nm), between(0, 360));
        to = rng_below(&rng, 20) == 0 ? pose_on(from, nm) : to;
        to = rng_below(&rng, 50) == 0 ? from : to;
        const double r_nm = exp(between(log(0.02), log(20))), end_nm = between(0.02, 20);
        struct way w = way_begin(&p, from);
        way_join(&w, to, r_nm, end_nm);
        assert_there(w.here, to);
        assert_smooth(&p);
        const double most_nm = pose_distance_nm(from.at, to.at) + 4 * 3.1416 * (r_nm + end_nm);
        assert_true(p.n <= 3 && p.length_nm < most_nm);
    }
}

static void laps_close(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        static struct path p;
        const struct pose from = any_pose();
        const double leg_nm = rng_below(&rng, 3) ? between(0, 90) : 0, width_nm = between(2, 60);
        struct way w = way_begin(&p, from);
        way_lap(&w, leg_nm, width_nm);
        assert_there(w.here, from);
        assert_smooth(&p);
        const double flat_nm = 2 * leg_nm + 3.14159265 * width_nm;
        assert_true(fabs(p.length_nm - flat_nm) < 0.01 * flat_nm);
    }
}

/* The track turns and the place moves no faster than the tightest turn allows. */
static void assert_even(const struct path *p, double from_nm, double to_nm, double step_nm,
                        double turn_nm)
{
    struct path_place a, b;
    path_at(p, from_nm, &a);
    for (double s_nm = from_nm + step_nm; s_nm < to_nm; s_nm += step_nm) {
        path_at(p, s_nm, &b);
        assert_true(fabs(pose_distance_nm(a.at, b.at) - step_nm) < 0.06 * step_nm);
        if (abs(b.place.lat_e7) < 850000000) {
            const double turn = fabs(remainder(b.track_deg - a.track_deg, 360));
            assert_true(turn < step_nm / turn_nm / POSE_DEGREE * 1.2 + 0.5);
        }
        a = b;
    }
}

static void any_plan_makes_an_even_path(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        static struct path p;
        struct scenario_airport airport[2] = {{.code = "A"}, {.code = "B"}};
        struct sphere_place waypoint[SCENARIO_WAYPOINTS_MAX];
        for (int k = 0; k < 2; k++) {
            airport[k].lat = between(-70, 70);
            airport[k].lon = between(-180, 180);
            airport[k].runway_deg = between(0, 360);
            airport[k].runway_ft = between(2000, 16000);
        }
        struct path_plan plan = {
            .from = {&airport[0], rng_below(&rng, 2), between(-1, 1)},
            .to = {&airport[rng_below(&rng, 3) > 0], rng_below(&rng, 2), between(-1, 1)},
            .waypoint = waypoint,
            .n = rng_below(&rng, 8),
            .hold_nm = rng_below(&rng, 2) ? between(10, 500) : 0,
            .hold_leg_nm = rng_below(&rng, 2) ? between(0, 60) : 0,
            .hold_width_nm = between(4, 40),
        };
        for (size_t k = 0; k < plan.n; k++) {
            const bool again = k > 0 && rng_below(&rng, 6) == 0;
            const struct sphere_place near = {(int32_t)(airport[0].lat * 1e7),
                                              (int32_t)(airport[0].lon * 1e7)};
            waypoint[k] = again ? waypoint[k - 1]
                                : sphere_destination(near, between(0, 360), between(1e3, 2e6));
        }
        path_build(&p, &plan);
        assert_smooth(&p);
        assert_true(p.runway_nm > 0 && p.touch_nm > p.runway_nm && p.exit_nm > p.touch_nm &&
                    p.length_nm > p.exit_nm);
        assert_true(p.laps == 0 || p.loop_nm + p.laps * p.lap_nm < p.touch_nm);
        assert_even(&p, p.runway_nm, p.touch_nm, 0.2, 1);
        assert_even(&p, 0, p.runway_nm, 0.005, 0.03);
        assert_even(&p, p.exit_nm, p.length_nm, 0.005, 0.03);
    }
}

int main(void)
{
    rng.state = seed_of_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_poses_are_joined),
        cmocka_unit_test(laps_close),
        cmocka_unit_test(any_plan_makes_an_even_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
