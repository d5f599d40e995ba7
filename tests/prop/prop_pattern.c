/* What a path is called does not hang on where it is flown, which way it points, or how often it is
   heard; the same points give the same claims, byte for byte; and what a point costs. */
#include "base/rng.h"
#include "movement/patterns.h"
#include "path_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { CLAIMS_MAX = 16, FIGURES = 6 };

struct seen {
    struct patterns *p;
    unsigned n;
    struct claim claim[CLAIMS_MAX];
    uint64_t fixes;
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
    s->fixes++;
    assert_int_equal(patterns_push(s->p, k, NULL, take, s), ERR_OK);
}

/* A figure between two straight flights; side: which way it turns. */
static void figure(struct path_probe *p, unsigned which, double side, double size)
{
    path_fly(p, 1500.0, 0.0);
    switch (which) {
    case 0: /* circles of 2.5 minutes and more */
        path_turn(p, side * 360.0 * 9, 2.4 / size);
        break;
    case 1: /* racetracks */
    case 2: /* large ones */
        for (int i = 0; i < 10; i++) {
            path_fly(p, (which == 1 ? 200.0 : 600.0) * size, 0.0);
            path_turn(p, side * 180.0, 1.5);
        }
        break;
    case 3: /* a survey */
        for (int i = 0; i < 16; i++) {
            path_fly(p, 450.0 * size, 0.0);
            path_turn(p, i % 2 != 0 ? side * 180.0 : -side * 180.0, 2.0);
        }
        break;
    case 4: /* a figure of eight */
        for (int i = 0; i < 24; i++) {
            path_fly(p, 130.0 * size, 0.0);
            path_turn(p, i % 2 != 0 ? side * 228.0 : -side * 228.0, 1.8);
        }
        break;
    default: /* nothing: bends of an airway */
        for (int i = 0; i < 12; i++) {
            path_turn(p, side * (i % 3 == 0 ? -50.0 : 25.0), 1.5);
            path_fly(p, 500.0, 0.0);
        }
        break;
    }
    path_fly(p, 2400.0, 0.0);
}

static void fly(struct seen *s, unsigned which, double side, double size, double lat, double lon,
                double heading, double every_s)
{
    *s = (struct seen){.p = patterns_new(0x4b1234, 0)};
    assert_non_null(s->p);
    struct path_probe p =
        path_probe(lat, lon, heading, which == 5 ? 450.0 : 190.0, 20000.0, every_s);
    p.heard = hear;
    p.ctx = s;
    figure(&p, which, side, size);
    patterns_end(s->p, take, s);
    patterns_free(s->p);
}

static const struct {
    enum claim_kind kind;
    enum claim_shape shape;
} expected[FIGURES] = {
    {CLAIM_ORBIT, CLAIM_SHAPE_CIRCLE},       {CLAIM_ORBIT, CLAIM_SHAPE_RACETRACK},
    {CLAIM_ORBIT, CLAIM_SHAPE_RACETRACK},    {CLAIM_SURVEY, CLAIM_SHAPE_LAWNMOWER},
    {CLAIM_ORBIT, CLAIM_SHAPE_FIGURE_EIGHT}, {CLAIM_KINDS, CLAIM_SHAPE_NONE},
};

static void check(const struct seen *s, unsigned which, const char *how)
{
    const bool right = which == 5 ? s->n == 0
                                  : s->n == 1 && s->claim[0].kind == expected[which].kind &&
                                        s->claim[0].shape == expected[which].shape;
    if (!right) {
        for (unsigned i = 0; i < s->n; i++) {
            print_message("  %s %s, %u turns, p %.2f\n", claim_kind_word[s->claim[i].kind].key,
                          claim_shape_word[s->claim[i].shape].key, s->claim[i].turns,
                          (double)s->claim[i].p);
        }
        fail_msg("figure %u: %s", which, how);
    }
}

static void the_place_and_the_heading_do_not_matter(void **state)
{
    (void)state;
    struct rng r = {20240607};
    char how[128];
    for (int i = 0; i < 120; i++) {
        const unsigned which = (unsigned)i % FIGURES;
        const double side = rng_unit(&r) < 0.5 ? -1.0 : 1.0, size = 1.0 + 0.3 * rng_unit(&r);
        const double lat = 130.0 * rng_unit(&r) - 65.0, lon = 360.0 * rng_unit(&r) - 180.0;
        const double heading = 360.0 * rng_unit(&r);
        struct seen s;
        fly(&s, which, side, size, lat, lon, heading, 10.0);
        snprintf(how, sizeof how, "seed 20240607, at %.2f %.2f heading %.0f size %.2f", lat, lon,
                 heading, size);
        check(&s, which, how);
    }
}

static void how_often_it_is_heard_does_not_matter(void **state)
{
    (void)state;
    static const double every_s[] = {1.0, 3.0, 10.0, 20.0, 30.0, 45.0, 60.0};
    char how[64];
    for (unsigned which = 0; which < FIGURES; which++) {
        for (size_t i = 0; i < sizeof every_s / sizeof *every_s; i++) {
            struct seen s;
            fly(&s, which, 1.0, 1.1, 36.0, 5.0, 77.0, every_s[i]);
            snprintf(how, sizeof how, "every %.0f s", every_s[i]);
            check(&s, which, how);
        }
    }
}

static void the_same_points_give_the_same_claims(void **state)
{
    (void)state;
    for (unsigned which = 0; which < FIGURES; which++) {
        struct seen a, b;
        fly(&a, which, -1.0, 1.0, 36.0, 179.9, 10.0, 7.0);
        fly(&b, which, -1.0, 1.0, 36.0, 179.9, 10.0, 7.0);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.claim, b.claim, a.n * sizeof a.claim[0]);
        check(&a, which, "over the date line");
    }
}

/* Points that no aircraft sends: nothing breaks, and what is claimed keeps its order. */
static void nonsense_is_survived(void **state)
{
    (void)state;
    struct rng r = {99};
    for (int round = 0; round < 200; round++) {
        struct seen s = {.p = patterns_new(1, 0)};
        struct kept k = kept_none();
        k.t_ms = (int64_t)(rng_unit(&r) * 1e12) - 500000000000;
        for (int i = 0; i < 400 && s.n < CLAIMS_MAX - 2; i++) {
            k.t_ms += (int64_t)(rng_unit(&r) * (rng_below(&r, 50) == 0 ? 1e8 : 60000.0)) - 1000;
            k.lat_e7 = (int32_t)((rng_unit(&r) - 0.5) * 1.8e9);
            k.lon_e7 = (int32_t)((rng_unit(&r) - 0.5) * 3.59e9);
            if (rng_below(&r, 3) != 0) { /* sometimes near */
                k.lat_e7 = (int32_t)rng_below(&r, 2000000);
                k.lon_e7 = -1790000000 - (int32_t)rng_below(&r, 2000000);
            }
            k.alt_baro_ft = rng_below(&r, 4) == 0 ? KEPT_NONE : (int32_t)rng_next(&r) / 1000;
            k.alt_geom_ft = rng_below(&r, 2) == 0 ? KEPT_NONE : (int32_t)rng_below(&r, 60000);
            k.gs_e2_kt = rng_below(&r, 4) == 0 ? KEPT_NONE : (int32_t)rng_below(&r, 200000);
            k.track_e2_deg = rng_below(&r, 4) == 0 ? KEPT_NONE : (int32_t)rng_below(&r, 36000);
            k.tas_kt = rng_below(&r, 2) == 0 ? KEPT_NONE_16 : (int16_t)rng_below(&r, 900);
            k.mag_heading_e2_deg = (uint16_t)rng_below(&r, 36000);
            k.ground = rng_below(&r, 20) == 0;
            k.version = (uint8_t)rng_below(&r, 4);
            k.sil = (uint8_t)(1 + rng_below(&r, 3));
            assert_int_equal(patterns_push(s.p, &k, NULL, take, &s), ERR_OK);
        }
        patterns_end(s.p, take, &s);
        patterns_free(s.p);
        for (unsigned i = 0; i < s.n; i++) {
            const struct claim *c = &s.claim[i];
            assert_true(c->t_lo_ms <= c->sure_lo_ms && c->sure_hi_ms <= c->t_hi_ms);
            assert_true(c->p >= 0.0F && c->p <= 1.0F);
            assert_true(c->lon_e7 == CLAIM_NO_PLACE ||
                        (c->lon_e7 >= -1800000000 && c->lon_e7 < 1800000000));
        }
    }
}

/* Says what a point costs, of a fleet of which a tenth turns and turns; fails only where it is far
   from what the design allows. */
static void a_point_costs_little(void **state)
{
    (void)state;
    struct kept *k = malloc(400000 * sizeof *k);
    assert_non_null(k);
    uint64_t n = 0, total = 0;
    double best = 1e9;
    for (unsigned craft = 0; craft < 100;
         craft++) { /* paths beforehand: only the machine is timed */
        double lat = 40.0, lon = 5.0 + craft, heading = 90.0;
        for (unsigned i = 0; i < 4000; i++, n++) {
            const double speed_kt = craft < 10 ? 180.0 : 450.0;
            heading += craft < 10 ? 10.0 : 0.0;
            lat += cos(heading * 0.0174533) * speed_kt / 3600.0 * 5.0 / 60.0;
            lon += sin(heading * 0.0174533) * speed_kt / 3600.0 * 5.0 / 60.0 / 0.766;
            k[n] = kept_none();
            k[n].t_ms = INT64_C(1700000000000) + i * INT64_C(5000);
            k[n].lat_e7 = (int32_t)(lat * 1e7);
            k[n].lon_e7 = sphere_wrap_e7((int64_t)(lon * 1e7));
            k[n].alt_baro_ft = 30000;
            k[n].gs_e2_kt = (int32_t)(speed_kt * 100.0);
            k[n].track_e2_deg = (int32_t)(fmod(heading, 360.0) * 100.0);
            k[n].origin = ORIGIN_ADSB_ICAO;
        }
    }
    for (unsigned round = 0; round < 5; round++) {
        struct timespec a, b;
        total = 0;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        for (unsigned craft = 0; craft < 100; craft++) {
            struct seen s = {.p = patterns_new(craft, 0)};
            for (unsigned i = 0; i < 4000; i++, total++) {
                patterns_push(s.p, &k[craft * 4000 + i], NULL, take, &s);
            }
            patterns_end(s.p, take, &s);
            patterns_free(s.p);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        const double ns =
            ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / (double)total;
        best = ns < best ? ns : best;
    }
    free(k);
    print_message("patterns_point_cost %.0f ns, a tenth of 100 aircraft in orbit\n", best);
    assert_true(best < 20000.0); /* sanitizers and load are no reason to fail */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_and_the_heading_do_not_matter),
        cmocka_unit_test(how_often_it_is_heard_does_not_matter),
        cmocka_unit_test(the_same_points_give_the_same_claims),
        cmocka_unit_test(nonsense_is_survived),
        cmocka_unit_test(a_point_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
