/* Paths of every kind, made up, and what is claimed of them. */
#include "movement/pattern.h"
#include "path_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CLAIMS_MAX = 32 };

struct seen {
    struct pattern *p;
    unsigned n;
    struct claim claim[CLAIMS_MAX];
};

static void take(void *ctx, const struct claim *c)
{
    struct seen *s = ctx;
    assert_true(s->n < CLAIMS_MAX);
    s->claim[s->n++] = *c;
}

static void hear(void *ctx, const struct kept *k)
{
    struct seen *s = ctx;
    assert_int_equal(pattern_push(s->p, k, take, s), ERR_OK);
}

static struct path_probe start(struct seen *s, double speed_kt, double alt_ft, double every_s)
{
    *s = (struct seen){.p = pattern_new(0x4b1234, 0)};
    assert_non_null(s->p);
    struct path_probe p = path_probe(46.9, 7.1, 80.0, speed_kt, alt_ft, every_s);
    p.heard = hear;
    p.ctx = s;
    return p;
}

static void stop(struct seen *s)
{
    pattern_cut(s->p, take, s);
    pattern_free(s->p);
}

static void check_one(const struct seen *s, enum claim_kind kind, enum claim_shape shape)
{
    assert_int_equal(s->n, 1);
    assert_string_equal(claim_kind_word[s->claim[0].kind].key, claim_kind_word[kind].key);
    assert_string_equal(claim_shape_word[s->claim[0].shape].key, claim_shape_word[shape].key);
    assert_true(s->claim[0].p > 0.5F && s->claim[0].p <= 1.0F);
    assert_true(s->claim[0].t_lo_ms <= s->claim[0].sure_lo_ms);
    assert_true(s->claim[0].sure_lo_ms <= s->claim[0].sure_hi_ms);
    assert_true(s->claim[0].sure_hi_ms <= s->claim[0].t_hi_ms);
}

static void straight_flight_is_nothing(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 440.0, 35000.0, 5.0);
    path_fly(&p, 7200.0, 0.0);
    path_turn(&p, 90.0, 1.5);
    path_fly(&p, 3600.0, 0.0);
    stop(&s);
    assert_int_equal(s.n, 0);
}

static void circles_are_an_orbit(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 150.0, 8000.0, 10.0);
    path_fly(&p, 1200.0, 0.0);
    const double begin_s = p.t_s;
    const struct sphere_place where = p.at;
    path_turn(&p, -360.0 * 8, 2.5);
    const double end_s = p.t_s;
    path_fly(&p, 1200.0, 0.0);
    stop(&s);
    check_one(&s, CLAIM_ORBIT, CLAIM_SHAPE_CIRCLE);
    const struct claim *c = &s.claim[0];
    assert_true(fabs((double)c->sure_lo_ms / 1000.0 - begin_s) < 120.0);
    assert_true(fabs((double)c->sure_hi_ms / 1000.0 - end_s) < 60.0);
    assert_in_range(c->turns, 7, 8);
    const double radius_m = 150.0 / 3600.0 * 1852.0 / (2.5 * 3.14159265 / 180.0);
    assert_true(fabs((double)c->size_m - 2.0 * radius_m) < 0.3 * radius_m);
    const struct sphere_place middle = {c->lat_e7, c->lon_e7};
    assert_true(sphere_distance_m(where, middle) < 1.4 * radius_m);
    assert_true(abs(c->alt_ft - 8000) < 50);
    assert_int_equal(c->flags & CLAIM_OPEN, 0);
}

static void racetracks_are_an_orbit(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 220.0, 22000.0, 10.0);
    path_fly(&p, 1200.0, 0.0);
    for (int i = 0; i < 12; i++) {
        path_fly(&p, 240.0, 0.0);
        path_turn(&p, 180.0, 1.5);
        path_fly(&p, 240.0, 0.0);
        path_turn(&p, 180.0, 1.5);
    }
    path_fly(&p, 2400.0, 0.0);
    stop(&s);
    check_one(&s, CLAIM_ORBIT, CLAIM_SHAPE_RACETRACK);
    assert_in_range(s.claim[0].turns, 11, 12);
}

/* Legs of 30 and 60 NM, as tankers and radar aircraft fly them. */
static void large_racetracks_are_an_orbit(void **state)
{
    (void)state;
    for (double leg_nm = 30.0; leg_nm <= 60.0; leg_nm += 30.0) {
        struct seen s;
        struct path_probe p = start(&s, 290.0, 26000.0, 10.0);
        path_fly(&p, 2400.0, 0.0);
        for (int i = 0; i < 4; i++) {
            path_fly(&p, leg_nm / 290.0 * 3600.0, 0.0);
            path_turn(&p, -180.0, 1.2);
            path_fly(&p, leg_nm / 290.0 * 3600.0, 0.0);
            path_turn(&p, -180.0, 1.2);
        }
        path_turn(&p, 50.0, 1.2);
        path_fly(&p, 3000.0, 0.0);
        stop(&s);
        check_one(&s, CLAIM_ORBIT, CLAIM_SHAPE_RACETRACK);
        assert_true(s.claim[0].size_m > (leg_nm - 5.0) * 1852.0);
    }
}

static void figures_of_eight_are_an_orbit(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 180.0, 15000.0, 10.0);
    path_fly(&p, 1200.0, 0.0);
    for (int i = 0; i < 10; i++) {
        path_fly(&p, 120.0, 0.0);
        path_turn(&p, 230.0, 2.0);
        path_fly(&p, 120.0, 0.0);
        path_turn(&p, -230.0, 2.0);
    }
    path_fly(&p, 1800.0, 0.0);
    stop(&s);
    check_one(&s, CLAIM_ORBIT, CLAIM_SHAPE_FIGURE_EIGHT);
}

static void parallel_lines_are_a_survey(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 160.0, 6000.0, 10.0);
    path_fly(&p, 1200.0, 0.0);
    for (int i = 0; i < 8; i++) {
        path_fly(&p, 420.0, 0.0);
        path_turn(&p, 180.0, 2.0);
        path_fly(&p, 420.0, 0.0);
        path_turn(&p, -180.0, 2.0);
    }
    path_fly(&p, 1800.0, 0.0);
    stop(&s);
    check_one(&s, CLAIM_SURVEY, CLAIM_SHAPE_LAWNMOWER);
    assert_in_range(s.claim[0].turns, 14, 17);
}

/* Down from cruise, four rounds of the stack, on to the field. */
static void rounds_on_the_way_down_are_a_hold(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 440.0, 35000.0, 5.0);
    path_fly(&p, 1800.0, 0.0);
    p.climb_fpm = -2000.0;
    path_fly(&p, 750.0, 0.0);
    p.climb_fpm = 0.0;
    p.speed_kt = 230.0;
    for (int i = 0; i < 4; i++) {
        path_fly(&p, 60.0, 0.0);
        path_turn(&p, 180.0, 3.0);
        path_fly(&p, 60.0, 0.0);
        path_turn(&p, 180.0, 3.0);
    }
    p.climb_fpm = -1000.0;
    path_fly(&p, 480.0, 0.0);
    stop(&s);
    check_one(&s, CLAIM_HOLDING, CLAIM_SHAPE_RACETRACK);
}

static void a_glider_in_thermals_is_nothing(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 50.0, 4000.0, 4.0);
    for (int i = 0; i < 6; i++) {
        p.climb_fpm = 350.0;
        path_turn(&p, 360.0 * 12, 14.0);
        p.climb_fpm = -180.0;
        path_fly(&p, 500.0, 0.0);
    }
    stop(&s);
    assert_int_equal(s.n, 0);
}

static void a_silence_and_the_ground_cut_a_path(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 150.0, 8000.0, 10.0);
    path_turn(&p, -360.0 * 8, 2.5);
    p.t_s += 3600.0;
    path_fly(&p, 60.0, 0.0);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].flags & CLAIM_OPEN, CLAIM_OPEN);
    path_turn(&p, -360.0 * 8, 2.5);
    struct claim now;
    assert_true(pattern_now(s.p, &now));
    assert_int_equal(now.kind, CLAIM_ORBIT);
    struct kept k = kept_none();
    k.t_ms = (int64_t)(p.t_s + 5.0) * 1000;
    k.lat_e7 = p.at.lat_e7;
    k.lon_e7 = p.at.lon_e7;
    k.ground = 1;
    hear(&s, &k);
    assert_int_equal(s.n, 2);
    assert_false(pattern_now(s.p, &now));
    stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_flight_is_nothing),
        cmocka_unit_test(circles_are_an_orbit),
        cmocka_unit_test(racetracks_are_an_orbit),
        cmocka_unit_test(large_racetracks_are_an_orbit),
        cmocka_unit_test(figures_of_eight_are_an_orbit),
        cmocka_unit_test(parallel_lines_are_a_survey),
        cmocka_unit_test(rounds_on_the_way_down_are_a_hold),
        cmocka_unit_test(a_glider_in_thermals_is_nothing),
        cmocka_unit_test(a_silence_and_the_ground_cut_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
