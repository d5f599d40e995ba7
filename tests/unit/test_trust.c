/* False positions, glitches, ghosts and late reports, made up and real. */
#include "movement/trust.h"
#include "path_probe.h"
#include "truth_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct seen {
    struct trust *t;
    unsigned n, verdicts[4];
    struct claim claim[8];
    struct kept now; /* what is changed in every point */
    bool lie, air, low_integrity;
    struct sphere_place lie_at;
    float lie_kt;
};

static void take(void *ctx, const struct claim *c)
{
    struct seen *s = ctx;
    assert_true(s->n < 8);
    s->claim[s->n++] = *c;
}

static void hear(void *ctx, const struct kept *k)
{
    struct seen *s = ctx;
    struct kept q = *k;
    q.version = 2;
    q.sil = s->low_integrity ? 0 : 3;
    if (s->air) {
        q.tas_kt = (int16_t)(k->gs_e2_kt / 100);
        q.mag_heading_e2_deg = (uint16_t)k->track_e2_deg;
    }
    if (s->lie) {
        s->lie_at.lon_e7 += 2000;
        q.lat_e7 = s->lie_at.lat_e7;
        q.lon_e7 = s->lie_at.lon_e7;
        q.gs_e2_kt = (int32_t)(s->lie_kt * 100.0F);
        q.track_e2_deg = 9000;
    }
    const struct trust_fix f = trust_push(s->t, &q, false, take, s);
    s->verdicts[f.verdict]++;
    assert_true(f.p >= 0.0F && f.p <= 1.0F);
}

static struct path_probe start(struct seen *s, double every_s)
{
    *s = (struct seen){.t = trust_new(0x4b1234, 0), .lie_kt = 52.0F};
    assert_non_null(s->t);
    struct path_probe p = path_probe(46.9, 7.1, 30.0, 460.0, 37000.0, every_s);
    p.heard = hear;
    p.ctx = s;
    return p;
}

static void stop(struct seen *s)
{
    trust_end(s->t, take, s);
    trust_free(s->t);
}

static void an_honest_flight_is_sound(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 10.0);
    path_fly(&p, 3600.0, 0.0);
    path_turn(&p, 120.0, 1.5);
    p.climb_fpm = -2000.0;
    p.speed_kt = 300.0;
    path_fly(&p, 900.0, 0.0);
    assert_false(trust_suspended(s.t));
    stop(&s);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.verdicts[TRUST_SUSPECT] + s.verdicts[TRUST_FALSE], 0);
}

/* Moved to an attractor with its speed for half an hour, heard every second and every minute, with
   and without air data: the interval is found, and it is reckoned on near where it truly is. */
static void a_spoofed_aircraft_is_found(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        const double every_s = i & 1U ? 60.0 : 1.0;
        struct seen s;
        struct path_probe p = start(&s, every_s);
        s.air = (i & 2U) != 0;
        path_fly(&p, 2400.0, 0.0);
        const double begin_s = p.t_s;
        s.lie = true;
        s.lie_at = (struct sphere_place){(int32_t)496700000, (int32_t)239000000};
        path_fly(&p, 1800.0, 0.0);
        assert_true(trust_suspended(s.t));
        struct sphere_place at;
        uint32_t radius_m;
        assert_true(trust_reckoned(s.t, (int64_t)(p.t_s * 1000.0), &at, &radius_m));
        assert_true(sphere_distance_m(at, p.at) < (double)radius_m);
        assert_true(radius_m < 120000);
        s.lie = false;
        const double end_s = p.t_s;
        path_fly(&p, 900.0, 0.0);
        assert_false(trust_suspended(s.t));
        stop(&s);
        assert_int_equal(s.n, 1);
        const struct claim *c = &s.claim[0];
        assert_int_equal(c->kind, CLAIM_SPOOFED);
        assert_true(c->p > 0.9F);
        assert_true(fabs((double)c->t_lo_ms / 1000.0 - begin_s) <= 60.0);
        assert_true(fabs((double)c->t_hi_ms / 1000.0 - end_s) <= 61.0);
        assert_true(abs(c->lat_e7 - 496700000) < 3000000);
    }
}

/* The attractor is flown around at an airliner's speed: only the jumps tell. */
static void a_jump_there_and_back_is_found(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 5.0);
    path_fly(&p, 1200.0, 0.0);
    s.lie = true;
    s.lie_kt = 440.0F;
    s.lie_at = (struct sphere_place){(int32_t)496700000, (int32_t)239000000};
    path_fly(&p, 400.0, 0.0);
    assert_true(trust_suspended(s.t));
    s.lie = false;
    path_fly(&p, 600.0, 0.0);
    assert_false(trust_suspended(s.t));
    stop(&s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].evidence.rules & 1U << CLAIM_RULE_TELEPORT,
                     1U << CLAIM_RULE_TELEPORT);
}

static void a_glitch_is_none(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 5.0);
    path_fly(&p, 1200.0, 0.0);
    for (int i = 0; i < 5; i++) {
        s.lie = true;
        s.lie_at = (struct sphere_place){(int32_t)496700000, (int32_t)239000000};
        s.lie_kt = i & 1 ? 440.0F : 30.0F;
        path_fly(&p, 10.0, 0.0);
        s.lie = false;
        path_fly(&p, 300.0, 0.0);
        assert_false(trust_suspended(s.t));
    }
    stop(&s);
    assert_int_equal(s.n, 0);
}

/* Mixed with a feed some 20 s behind: late, not false. */
static void a_late_feed_is_not_false(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 30.0);
    struct sphere_place old = p.at;
    for (int i = 0; i < 100; i++) {
        path_fly(&p, 30.0, 0.0);
        struct kept k = kept_none();
        k.t_ms = (int64_t)(p.t_s * 1000.0) + 2000;
        k.lat_e7 = old.lat_e7;
        k.lon_e7 = old.lon_e7;
        k.alt_baro_ft = 37000;
        k.gs_e2_kt = 46000;
        k.track_e2_deg = 3000;
        s.verdicts[trust_push(s.t, &k, false, take, &s).verdict]++;
        old = p.at;
    }
    stop(&s);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.verdicts[TRUST_FALSE], 0);
}

static void a_ghost_is_told_by_its_integrity(void **state)
{
    (void)state;
    struct seen s;
    struct path_probe p = start(&s, 5.0);
    s.low_integrity = true;
    path_fly(&p, 100.0, 0.0);
    assert_false(trust_ghost(s.t));
    path_fly(&p, 100.0, 0.0);
    assert_true(trust_ghost(s.t));
    s.low_integrity = false;
    path_fly(&p, 300.0, 0.0);
    assert_true(trust_ghost(s.t)); /* what it claims of itself for a while unmakes no ghost */
    path_fly(&p, 600.0, 0.0);
    assert_false(trust_ghost(s.t));
    stop(&s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_SPOOFED);
    assert_int_equal(s.claim[0].flags & CLAIM_NOT_SORTIE, CLAIM_NOT_SORTIE);
}

static void run(const char *path, struct seen *s)
{
    struct truth_track t = truth_read(path);
    if (t.n == 0) {
        print_message("not there: %s\n", path);
        skip();
    }
    *s = (struct seen){.t = trust_new(t.k[0].address, 0)};
    for (size_t i = 0; i < t.n; i++) {
        s->verdicts[trust_push(s->t, &t.k[i], false, take, s).verdict]++;
    }
    stop(s);
    free(t.k);
}

/* Istanbul to Oslo on 17 September 2024, at "Lviv" from 09:24:21 to 09:58:10. */
static void a_real_one_is_found(void **state)
{
    (void)state;
    struct seen s;
    run(TEST_SHARED_DIR "/truth/trust/noisy_noisy_spoofing_4baac6_20240917.csv", &s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_SPOOFED);
    assert_true(llabs(s.claim[0].t_lo_ms - INT64_C(1726565061000)) <= 60000);
    assert_true(llabs(s.claim[0].t_hi_ms - INT64_C(1726567090000)) <= 60000);
}

static void noise_is_not_false(void **state)
{
    (void)state;
    static const char *const path[] = {
        TEST_SHARED_DIR "/truth/trust/noisy_noisy_ground_440549_20191111.csv",
        TEST_SHARED_DIR "/truth/trust/noisy_noisy_landing_3c664e_20191111.csv",
        TEST_SHARED_DIR "/truth/trust/noisy_noisy_time_issue_4b1815_20220713.csv"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        struct seen s;
        run(path[i], &s);
        assert_int_equal(s.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_flight_is_sound),
        cmocka_unit_test(a_spoofed_aircraft_is_found),
        cmocka_unit_test(a_jump_there_and_back_is_found),
        cmocka_unit_test(a_glitch_is_none),
        cmocka_unit_test(a_late_feed_is_not_false),
        cmocka_unit_test(a_ghost_is_told_by_its_integrity),
        cmocka_unit_test(a_real_one_is_found),
        cmocka_unit_test(noise_is_not_false),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
