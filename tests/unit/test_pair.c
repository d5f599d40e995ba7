/* Aircraft side by side: formation, refueling, parallel traffic, a crowd, and one real pair. */
#include "movement/pair.h"
#include "path_probe.h"
#include "truth_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TANKER = 0xae0001, RECEIVER = 0xae0002 };

struct seen {
    struct pair *p;
    unsigned n;
    struct claim claim[8];
    struct kept *k; /* kept to be given in time order */
    size_t kept, room;
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
    if (s->kept == s->room) {
        s->room = s->room * 2 + 1024;
        s->k = realloc(s->k, s->room * sizeof *s->k);
        assert_non_null(s->k);
    }
    s->k[s->kept++] = *k;
}

static int by_time(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->t_ms > y->t_ms) - (x->t_ms < y->t_ms);
}

static int tanker(void *ctx, uint32_t address, int64_t t_ms)
{
    (void)ctx;
    (void)t_ms;
    return address == TANKER;
}

static struct path_probe start(struct seen *s, uint32_t address, double lat, double lon,
                               double alt_ft)
{
    struct path_probe p = path_probe(lat, lon, 90.0, 280.0, alt_ft, 7.0);
    p.address = address;
    p.heard = hear;
    p.ctx = s;
    return p;
}

static void play(struct seen *s, bool known)
{
    const struct pair_options o = {.tanker = known ? tanker : NULL};
    s->p = pair_new(&o);
    assert_non_null(s->p);
    if (s->kept > 0) {
        qsort(s->k, s->kept, sizeof *s->k, by_time);
    }
    for (size_t i = 0; i < s->kept; i++) {
        assert_int_equal(pair_push(s->p, &s->k[i], take, s), ERR_OK);
    }
    pair_end(s->p, take, s);
}

static void stop(struct seen *s)
{
    pair_free(s->p);
    free(s->k);
}

static void two_side_by_side_are_a_formation(void **state)
{
    (void)state;
    struct seen s = {0};
    struct path_probe a = start(&s, 0xae1111, 36.0, 5.0, 24000.0);
    struct path_probe b = start(&s, 0xae2222, 36.008, 4.995, 24000.0);
    path_fly(&a, 1500.0, 0.0);
    path_fly(&b, 1500.0, 0.0);
    play(&s, true);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_FORMATION);
    assert_int_equal(s.claim[0].address, 0xae2222); /* it is the one behind */
    assert_int_equal(s.claim[0].other, 0xae1111);
    assert_true(s.claim[0].p > 0.95F);
    assert_true(s.claim[0].t_hi_ms - s.claim[0].t_lo_ms > 1300000);
    stop(&s);
}

/* Comes from 40 NM behind, stays a quarter of an hour, leaves. */
static void contact_with_a_tanker_is_as_for_refueling(void **state)
{
    (void)state;
    struct seen s = {0};
    struct path_probe t = start(&s, TANKER, 36.0, 5.0, 25000.0);
    struct path_probe r = start(&s, RECEIVER, 36.004, 4.2, 25000.0);
    r.speed_kt = 480.0;
    while (r.at.lon_e7 < t.at.lon_e7 - 60000) {
        path_fly(&t, 10.0, 0.0);
        path_fly(&r, 10.0, 0.0);
    }
    r.speed_kt = 280.0;
    path_fly(&t, 900.0, 0.0);
    path_fly(&r, 900.0, 0.0);
    path_fly(&t, 900.0, 0.0);
    path_turn(&r, 90.0, 1.0);
    path_fly(&r, 810.0, 0.0);
    play(&s, true);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_REFUELING);
    assert_int_equal(s.claim[0].address, RECEIVER);
    assert_int_equal(s.claim[0].other, TANKER);
    assert_true(s.claim[0].p >= 0.85F && s.claim[0].p < 0.95F);
    stop(&s);
}

static void traffic_is_nothing(void **state)
{
    (void)state;
    struct seen s = {0};
    struct path_probe low = start(&s, 1, 36.0, 5.0, 4000.0);
    struct path_probe low2 = start(&s, 2, 36.008, 5.0, 4000.0);
    struct path_probe above = start(&s, 3, 40.0, 5.0, 34000.0);
    struct path_probe below = start(&s, 4, 40.0, 5.0, 32000.0);
    struct path_probe there = start(&s, 5, 44.0, 5.0, 34000.0);
    struct path_probe back = start(&s, 6, 44.0, 7.0, 34000.0);
    struct path_probe behind = start(&s, 7, 44.0, 4.9, 34000.0);
    back.heading_deg = 270.0;
    struct path_probe *all[] = {&low, &low2, &above, &below, &there, &back, &behind};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        path_fly(all[i], 1800.0, 0.0);
    }
    play(&s, true);
    assert_int_equal(s.n, 0);
    stop(&s);
}

static void a_lone_tanker_is_unsure(void **state)
{
    (void)state;
    struct seen s = {0};
    play(&s, true);
    struct claim orbit = claim_none(CLAIM_ORBIT, TANKER, 0);
    orbit.shape = CLAIM_SHAPE_RACETRACK;
    orbit.alt_ft = 25000;
    orbit.size_m = 60000;
    orbit.p = 0.95F;
    pair_orbit(s.p, &orbit, take, &s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_REFUELING);
    assert_true(s.claim[0].p <= 0.5F);
    orbit.address = 0x123456; /* not a tanker */
    pair_orbit(s.p, &orbit, take, &s);
    assert_int_equal(s.n, 1);
    stop(&s);
}

/* 10,000 flying at one place: the work is bounded, nothing is lost but neighbors, and counted. */
static void a_crowd_costs_no_more(void **state)
{
    (void)state;
    const struct pair_options o = {.aircraft_max = 10000, .pairs_max = 1000};
    struct seen s = {.p = pair_new(&o)};
    struct kept k = kept_none();
    for (uint32_t round = 0; round < 5; round++) {
        for (uint32_t i = 0; i < 10000; i++) {
            k.t_ms = INT64_C(1700000000000) + round * 20000 + i;
            k.address = i + 1;
            k.lat_e7 = 500000000 + (int32_t)(i % 100) * 100;
            k.lon_e7 = 80000000 + (int32_t)(i / 100) * 100;
            k.alt_baro_ft = 20000 + (int32_t)(i % 100) * 1500;
            k.gs_e2_kt = 30000;
            k.track_e2_deg = 9000;
            assert_int_equal(pair_push(s.p, &k, take, &s), ERR_OK);
        }
    }
    assert_true(pair_sums(s.p)->compared <= UINT64_C(5) * 10000 * 9 * 16);
    assert_true(pair_sums(s.p)->crowded > 0);
    assert_int_equal(pair_sums(s.p)->points, 50000);
    pair_free(s.p);
}

/* An airliner and the jet that filmed it, 1 December 2017. */
static void a_real_formation_is_found(void **state)
{
    (void)state;
    struct seen s = {0};
    static const char *const path[] = {
        TEST_SHARED_DIR
        "/truth/patterns/tracks/featured_dreamliner_airfrance_3900fb_20171201.csv.gz",
        TEST_SHARED_DIR
        "/truth/patterns/tracks/featured_dreamliner_airfrance_39c424_20171201.csv.gz"};
    for (size_t i = 0; i < 2; i++) {
        struct truth_track t = truth_read(path[i]);
        if (t.n == 0) {
            print_message("not there: %s\n", path[i]);
            skip();
        }
        for (size_t j = 0; j < t.n; j++) {
            hear(&s, &t.k[j]);
        }
        free(t.k);
    }
    play(&s, false);
    assert_true(s.n >= 1);
    for (unsigned i = 0; i < s.n; i++) {
        assert_int_equal(s.claim[i].kind, CLAIM_FORMATION);
    }
    stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_side_by_side_are_a_formation),
        cmocka_unit_test(contact_with_a_tanker_is_as_for_refueling),
        cmocka_unit_test(traffic_is_nothing),
        cmocka_unit_test(a_lone_tanker_is_unsure),
        cmocka_unit_test(a_crowd_costs_no_more),
        cmocka_unit_test(a_real_formation_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
