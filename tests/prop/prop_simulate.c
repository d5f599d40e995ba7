/* At any start and seed: aircraft move steadily, and what is sent does not depend on where the
   simulation began. */
#include "seed.h"
#include "simulate/state.h"
#include "simulate_probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FOLDER TEST_SOURCE_DIR "/scenarios/niamey-2024"

static struct rng rng;

static struct flight any_flight(const struct scenario *sc, uint64_t seed)
{
    static struct flight_plan plan;
    if (rng_below(&rng, 4) == 0) {
        for (;;) { /* ghosts jump, and who is parked does not move */
            const struct flight leg =
                flight_of_leg(sc, seed, rng_below(&rng, (uint32_t)sc->n_legs));
            if (!leg.ghost && leg.leg->kind_at != LEG_PARKED) {
                return leg;
            }
        }
    }
    const int64_t day = sc->head.start_us / DAY_US + rng_below(&rng, 100);
    struct flight f;
    for (;;) {
        const size_t route = rng_below(&rng, (uint32_t)sc->n_routes);
        const unsigned n = flight_rotations(sc, seed, route, day);
        if (n > 0) {
            f = flight_out(sc, seed, route, day, rng_below(&rng, n));
            break;
        }
    }
    if (rng_below(&rng, 2)) {
        assert_int_equal(flight_plan(sc, seed, &f, &plan), ERR_OK);
        f = flight_back(sc, seed, &f);
    }
    return f;
}

/* From transponder on to off, second by second: no jump in place, height, speed or direction. */
static void watch(const struct scenario *sc, uint64_t seed, struct flight *f)
{
    static struct flight_plan plan;
    assert_int_equal(flight_plan(sc, seed, f, &plan), ERR_OK);
    const struct state_flight sf = {sc, seed, f, &plan};
    struct state a, b;
    const int64_t step_us = 1000000;
    state_at(&sf, f->on_us, &a);
    for (int64_t t_us = f->on_us + step_us; t_us < f->off_us; t_us += step_us) {
        state_at(&sf, t_us, &b);
        const struct sphere_place p = {a.said.at.lat_e7, a.said.at.lon_e7};
        const struct sphere_place q = {b.said.at.lat_e7, b.said.at.lon_e7};
        const double kt = sphere_distance_m(p, q) / 1852 * 3600;
        const double said_kt = (a.said.gs_e2_kt + b.said.gs_e2_kt) / 200.0;
        const double rate_fpm = (b.said.alt_baro_ft - a.said.alt_baro_ft) * 60.0;
        if (a.phase == b.phase) {
            assert_true(fabs(kt - said_kt) < 8); /* corners on the ground and rounding */
            assert_true(fabs(rate_fpm - b.said.baro_rate_fpm) < 150); /* of whole feet */
        }
        assert_true(kt < 700 && b.said.alt_baro_ft < 45000 && b.said.alt_baro_ft > -1500);
        if (!a.said.ground && !b.said.ground) {
            assert_true(abs((b.said.track_e2_deg - a.said.track_e2_deg + 54000) % 36000 - 18000) <
                        2500);
        }
        a = b;
    }
    assert_true(a.said.ground || (f->leg && f->leg->kind_at == LEG_TOUCH_AND_GO));
}

static void aircraft_move_steadily(void **state)
{
    const struct scenario *sc = *state;
    for (int i = 0; i < 150; i++) {
        const uint64_t seed = rng_next(&rng);
        struct flight f = any_flight(sc, seed);
        watch(sc, seed, &f);
    }
}

static void the_start_does_not_matter(void **state)
{
    const struct scenario *sc = *state;
    for (int i = 0; i < 6; i++) {
        struct simulation_options o = {.seed = rng_next(&rng),
                                       .rate = 0.05 + 0.95 * rng_unit(&rng)};
        const int64_t middle_us =
            sc->head.start_us + DAY_US + (int64_t)(rng_unit(&rng) * 90 * (double)DAY_US);
        o.end_us = middle_us + 5000000;
        o.start_us = middle_us - 1 - rng_below(&rng, 20000000);
        struct simulation *a = simulate_probe_new(sc, &o);
        o.start_us = middle_us - 1 - rng_below(&rng, 20000000);
        struct simulation *b = simulate_probe_new(sc, &o);
        uint64_t hash[2] = {SIMULATE_PROBE_HASH, SIMULATE_PROBE_HASH};
        struct reception r;
        size_t n = 0;
        while (simulation_next(a, o.end_us + 1000000, &r)) {
            n += r.frame.t_us > middle_us + 10000;
            hash[0] = r.frame.t_us > middle_us + 10000 ? simulate_probe_hash(hash[0], &r) : hash[0];
        }
        while (simulation_next(b, o.end_us + 1000000, &r)) {
            hash[1] = r.frame.t_us > middle_us + 10000 ? simulate_probe_hash(hash[1], &r) : hash[1];
        }
        assert_int_equal(hash[0], hash[1]);
        simulation_free(a);
        simulation_free(b);
    }
}

int main(void)
{
    rng.state = seed_of_run();
    struct scenario *sc = simulate_probe_scenario(FOLDER);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(aircraft_move_steadily, sc),
        cmocka_unit_test_prestate(the_start_does_not_matter, sc),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scenario_free(sc);
    return failed;
}
