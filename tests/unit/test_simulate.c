/* The simulator on the project's own scenario: times, places, hearing, and that it is always the
 * same. */
#include "simulate/hearing.h"
#include "simulate/state.h"
#include "simulate_probe.h"

#include "modes/decode.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FOLDER TEST_SOURCE_DIR "/scenarios/niamey-2024"

static struct scenario *sc;

static int load(void **state)
{
    (void)state;
    sc = simulate_probe_scenario(FOLDER);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    scenario_free(sc);
    return 0;
}

/* Flights as the simulation tells them. */
struct seen {
    size_t n;
    struct flight flight[8192];
    struct flight_plan leg_plan; /* of the last leg */
    struct flight leg;
};

static void see(void *ctx, const struct flight *f, const struct flight_plan *plan)
{
    struct seen *s = ctx;
    assert_true(s->n < sizeof s->flight / sizeof *s->flight);
    s->flight[s->n++] = *f;
    if (f->leg) {
        s->leg = *f;
        s->leg_plan = *plan;
    }
}

static void rch103_keeps_its_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sc->n_legs; i++) {
        struct flight f = flight_of_leg(sc, (uint64_t)sc->head.seed, i);
        static struct flight_plan plan;
        assert_int_equal(flight_plan(sc, (uint64_t)sc->head.seed, &f, &plan), ERR_OK);
        if (f.id != 4) {
            continue;
        }
        const int64_t off_us = simulate_probe_time("2024-06-07T09:00:00Z");
        const int64_t on_us = simulate_probe_time("2024-06-07T14:16:29Z");
        assert_true(llabs(f.takeoff_us - off_us) <= 1000000);
        assert_true(llabs(f.landing_us - on_us) <= 1000000);
        assert_true(f.on_us < simulate_probe_time("2024-06-07T08:30:00Z"));
        /* At these instants the wheels leave and touch: height, place, ground. */
        const struct state_flight sf = {sc, (uint64_t)sc->head.seed, &f, &plan};
        struct state s;
        state_at(&sf, off_us - 1000000, &s);
        assert_true(s.said.ground);
        state_at(&sf, off_us + 1000000, &s);
        assert_false(s.said.ground);
        assert_int_equal(s.phase, PHASE_CLIMB);
        state_at(&sf, on_us + 2000000, &s);
        assert_true(s.said.ground);
        assert_true(fabs(s.said.at.lat_e7 * 1e-7 - 13.485) < 0.03);
        assert_true(fabs(s.said.at.lon_e7 * 1e-7 - 2.186) < 0.03);
        assert_true(fabs(plan.profile.cruise_kt - 445) <= 12);
        return;
    }
    fail();
}

static void all_legs_fly_at_a_c17s_speed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sc->n_legs; i++) {
        struct flight f = flight_of_leg(sc, (uint64_t)sc->head.seed, i);
        static struct flight_plan plan;
        assert_int_equal(flight_plan(sc, (uint64_t)sc->head.seed, &f, &plan), ERR_OK);
        const double kt = plan.profile.cruise_kt;
        if (strcmp(f.leg->file, "legs.csv") != 0) {
            continue;
        }
        if (kt < 400 || kt > 475) {
            print_error("leg %u cruises at %.0f kt\n", (unsigned)f.id, kt);
            assert_string_equal(f.leg->kind, "turnback");
        }
    }
}

static void add_planned(struct seen *seen, struct flight f)
{
    static struct flight_plan plan;
    assert_int_equal(flight_plan(sc, (uint64_t)sc->head.seed, &f, &plan), ERR_OK);
    assert_true(seen->n < sizeof seen->flight / sizeof *seen->flight);
    seen->flight[seen->n++] = f;
}

static void no_aircraft_in_two_places(void **state)
{
    (void)state;
    static struct seen seen;
    const uint64_t seed = (uint64_t)sc->head.seed;
    for (size_t i = 0; i < sc->n_legs; i++) {
        add_planned(&seen, flight_of_leg(sc, seed, i));
    }
    for (int64_t day = 19880; day < 19884; day++) {
        for (size_t r = 0; r < sc->n_routes; r++) {
            for (unsigned j = 0; j < flight_rotations(sc, seed, r, day); j++) {
                add_planned(&seen, flight_out(sc, seed, r, day, j));
                add_planned(&seen, flight_back(sc, seed, &seen.flight[seen.n - 1]));
            }
        }
    }
    assert_true(seen.n > 5000);
    for (size_t i = 0; i < seen.n; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct flight *a = &seen.flight[i], *b = &seen.flight[j];
            if (a->leg && b->leg && strcmp(a->leg->airframe, b->leg->airframe) != 0) {
                continue; /* one address may be on two of them */
            }
            if (a->address == b->address && a->on_us < b->off_us && b->on_us < a->off_us) {
                fail_msg("%06x is on two flights, %s and %s", a->address, a->callsign, b->callsign);
            }
        }
    }
}

/* Everything of ten minutes, as one number: the same on every compiler and at every optimization.
   A change of scenario, frames or rates changes it; look at the difference before writing it here.
 */
static void ten_minutes_are_always_the_same(void **state)
{
    (void)state;
    const struct simulation_options o = simulate_probe_options(sc, "2024-06-07T08:55:00Z", 600, 1);
    struct simulation *s = simulate_probe_new(sc, &o);
    uint64_t hash = SIMULATE_PROBE_HASH;
    size_t n = 0;
    struct reception r;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        hash = simulate_probe_hash(hash, &r);
        n++;
    }
    simulation_free(s);
    print_message("%zu frames, %016llx\n", n, (unsigned long long)hash);
    assert_int_equal(n, 246824);
    assert_int_equal(hash, UINT64_C(0x95e76cd775bf7610));
}

static void a_later_start_brings_the_same_frames(void **state)
{
    (void)state;
    struct simulation_options o = simulate_probe_options(sc, "2024-06-07T08:50:00Z", 90, 1);
    struct simulation *early = simulate_probe_new(sc, &o);
    o.start_us += 61500000;
    struct simulation *late = simulate_probe_new(sc, &o);
    struct reception a, b;
    size_t n = 0;
    bool more = true;
    while (more) {
        do { /* what was sent before the later start is the early one's alone */
            more = simulation_next(early, o.end_us + 1000000, &a);
        } while (more && a.frame.t_us < o.start_us + 10000);
        do {
            if (!simulation_next(late, o.end_us + 1000000, &b)) {
                assert_false(more);
            }
        } while (more && b.frame.t_us < o.start_us + 10000);
        if (more) {
            assert_int_equal(simulate_probe_hash(0, &a), simulate_probe_hash(0, &b));
            n++;
        }
    }
    assert_true(n > 1000);
    simulation_free(early);
    simulation_free(late);
}

static void seeds_differ(void **state)
{
    (void)state;
    struct simulation_options o = simulate_probe_options(sc, "2024-06-07T12:00:00Z", 10, 1);
    struct simulation *a = simulate_probe_new(sc, &o);
    o.seed++;
    struct simulation *b = simulate_probe_new(sc, &o);
    struct reception p, q;
    assert_true(simulation_next(a, o.end_us, &p));
    assert_true(simulation_next(b, o.end_us, &q));
    assert_int_not_equal(simulate_probe_hash(0, &p), simulate_probe_hash(0, &q));
    simulation_free(a);
    simulation_free(b);
}

static void frames_are_in_order_and_clean(void **state)
{
    (void)state;
    const struct simulation_options o = simulate_probe_options(sc, "2024-06-07T15:00:00Z", 120, 1);
    struct simulation *s = simulate_probe_new(sc, &o);
    int64_t last_us = o.start_us;
    struct reception r;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        const struct frame *f = &r.frame;
        struct message m;
        const struct modes_options strict = {0};
        const enum message_parity parity = modes_decode(f, &strict, &m);
        assert_true(parity == PARITY_OK || parity == PARITY_ADDRESS);
        assert_true(f->t_us >= last_us);
        assert_true(f->t_us < o.end_us + 3000);
        assert_true(f->signal > 0);
        assert_int_equal(f->receiver, r.site + 1);
        assert_true(r.site < sc->n_sites);
        assert_int_equal(f->flags, 0);
        /* 12 MHz from the scenario's start, the same instant to the rounding. */
        assert_true(llabs((int64_t)(f->tick / 12) - (f->t_us - sc->head.start_us)) <= 1);
        last_us = f->t_us;
    }
    assert_true(last_us > o.end_us - 1000000);
    simulation_free(s);
}

/* Where the flight of an address is. */
enum { PLANS_MAX = 512 };
struct ground_truth {
    struct seen seen;
    struct flight_plan *plan[PLANS_MAX];
};

static void keep_plan(void *ctx, const struct flight *f, const struct flight_plan *plan)
{
    struct ground_truth *g = ctx;
    assert_true(g->seen.n < PLANS_MAX);
    g->plan[g->seen.n] = malloc(sizeof *plan);
    *g->plan[g->seen.n] = *plan;
    g->seen.flight[g->seen.n++] = *f;
}

static const struct flight *flight_by_id(const struct ground_truth *g, uint64_t id, size_t *at)
{
    for (size_t i = 0; i < g->seen.n; i++) {
        if (g->seen.flight[i].id == id) {
            *at = i;
            return &g->seen.flight[i];
        }
    }
    fail_msg("a frame of a flight nobody told of");
    return NULL;
}

/* Each position decoded by itself, with the place known within half a zone, lies within 20 m of
   where the aircraft was when it spoke. */
static void positions_lie_on_the_route(void **state)
{
    (void)state;
    static struct ground_truth g;
    struct simulation_options o = simulate_probe_options(sc, "2024-06-07T08:58:00Z", 240, 1);
    o.flight = keep_plan;
    o.ctx = &g;
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    size_t n = 0, n_ground = 0;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        struct message m;
        const struct modes_options strict = {0};
        modes_decode(&r.frame, &strict, &m);
        assert_int_equal(m.cpr.present, r.position);
        if (!r.position) {
            continue;
        }
        size_t at = 0;
        const struct flight *f = flight_by_id(&g, r.flight, &at);
        const struct state_flight sf = {sc, o.seed, f, g.plan[at]};
        struct state truth;
        state_at(&sf, r.frame.t_us, &truth);
        const struct sphere_place was = {truth.said.at.lat_e7, truth.said.at.lon_e7};
        const struct sphere_place about = sphere_destination(was, 33, 9000);
        const struct cpr_position reference = {about.lat_e7, about.lon_e7};
        const uint32_t half[2] = {m.cpr.lat, m.cpr.lon};
        struct cpr_position p;
        assert_int_equal(cpr_local(half, m.cpr.odd, m.cpr.surface, reference, &p), CPR_OK);
        const struct sphere_place said = {p.lat_e7, p.lon_e7};
        assert_true(sphere_distance_m(was, said) < 20);
        assert_int_equal(m.address, f->address);
        n++;
        n_ground += r.ground;
    }
    simulation_free(s);
    for (size_t i = 0; i < g.seen.n; i++) {
        free(g.plan[i]);
    }
    print_message("%zu positions, %zu on the ground\n", n, n_ground);
    assert_true(n > 5000 && n_ground > 50);
}

/* The leg's own waypoints, not our path: between them it flies great circles. */
static void the_leg_flies_over_its_waypoints(void **state)
{
    (void)state;
    static struct flight_plan plan;
    for (size_t i = 0; i < sc->n_legs; i++) {
        if (sc->leg[i].leg != 4) {
            continue;
        }
        struct flight f = flight_of_leg(sc, (uint64_t)sc->head.seed, i);
        flight_plan(sc, (uint64_t)sc->head.seed, &f, &plan);
        for (size_t k = 1; k + 1 < sc->leg[i].n; k++) {
            double nearest_m = 1e9;
            for (int quarter = 0; quarter < (int)(plan.path.length_nm * 4); quarter++) {
                struct path_place p;
                path_at(&plan.path, quarter / 4.0, &p);
                nearest_m = fmin(nearest_m, sphere_distance_m(p.place, sc->leg[i].waypoint[k]));
            }
            /* Corners are cut by a turn of 7 NM radius: at most a mile and a half at 60 degrees. */
            assert_true(nearest_m < 1.5 * 1852);
        }
    }
}

static void the_sahara_is_silent(void **state)
{
    (void)state;
    struct simulation_options o = simulate_probe_options(sc, "2024-06-07T08:30:00Z", 6 * 3600, 0.1);
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    int64_t last_us = 0, gap_us = 0, ground_before = 0, first_air_us = 0;
    bool niamey = false, ramstein_ground = false;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        if (r.flight != 4) {
            continue;
        }
        gap_us = last_us && r.frame.t_us - last_us > gap_us ? r.frame.t_us - last_us : gap_us;
        last_us = r.frame.t_us;
        ground_before += r.ground && first_air_us == 0;
        first_air_us = !r.ground && first_air_us == 0 ? r.frame.t_us : first_air_us;
        niamey |= strcmp(sc->site[r.site].site, "niamey_intermittent") == 0;
        ramstein_ground |= r.ground && strcmp(sc->site[r.site].site, "ramstein") == 0;
    }
    simulation_free(s);
    print_message("longest silence %.0f min\n", (double)gap_us / 6e7);
    assert_true(gap_us > INT64_C(100) * 60000000 && gap_us < INT64_C(200) * 60000000);
    assert_true(ground_before > 100 && ramstein_ground);
    assert_true(niamey); /* on 7 June it listens while the aircraft lands */
    assert_true(llabs(first_air_us - simulate_probe_time("2024-06-07T09:00:00Z")) < 60000000);
}

static void what_is_sent_fits_the_equipment(void **state)
{
    (void)state;
    static struct seen seen;
    struct simulation_options o = simulate_probe_options(sc, "2024-06-07T10:00:00Z", 60, 1);
    o.flight = see;
    o.ctx = &seen;
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    size_t without_place = 0;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        for (size_t i = 0; i < seen.n; i++) {
            if (seen.flight[i].id != r.flight) {
                continue;
            }
            assert_int_not_equal(seen.flight[i].class, FLIGHT_SILENT);
            if (seen.flight[i].class == FLIGHT_MODE_S) {
                assert_int_not_equal(r.frame.byte[0] >> 3, 17);
                without_place++;
            }
            break;
        }
    }
    simulation_free(s);
    assert_true(without_place > 100);
    size_t of[3] = {0};
    for (size_t i = 0; i < seen.n; i++) {
        of[seen.flight[i].class]++;
    }
    assert_true(of[FLIGHT_POSITION] * 100 > seen.n * 75);
    assert_true(of[FLIGHT_SILENT] * 100 < seen.n * 12);
}

/* Two halves of a position within CPR's ten seconds even at the lowest rate a demo uses. */
static void thinned_frames_still_pair(void **state)
{
    (void)state;
    const struct simulation_options o =
        simulate_probe_options(sc, "2024-06-07T09:10:00Z", 600, 0.125);
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    int64_t half_us[2] = {0};
    size_t pairs = 0, positions = 0;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        if (r.flight != 4 || !r.position) {
            continue;
        }
        const unsigned odd = r.frame.byte[6] >> 2 & 1;
        half_us[odd] = r.frame.t_us;
        pairs += half_us[!odd] && r.frame.t_us - half_us[!odd] <= 10000000;
        positions++;
    }
    simulation_free(s);
    assert_true(positions > 100);
    assert_true(pairs * 100 > positions * 95);
}

static void hearing_follows_the_horizon(void **state)
{
    (void)state;
    struct hearing_site ramstein;
    hearing_site(sc, 0, &ramstein);
    const double fl350 = hearing_range_nm(&ramstein, 35000 + sc->site[0].elevation_ft);
    assert_true(fabs(fl350 - sc->site[0].range_nm_at_fl350) < 0.5);
    assert_true(hearing_range_nm(&ramstein, 0) > 5 && hearing_range_nm(&ramstein, 0) < 10);
    const struct path_vector here = path_vector((struct sphere_place){494000000, 76000000});
    struct heard heard[SCENARIO_SITES_MAX];
    struct hearing_site site[1] = {ramstein};
    assert_int_equal(hearing_of(site, 1, &sc->head, 1, 0, here, 30000, heard), 1);
    assert_true(fabs(heard[0].chance - 0.95) < 1e-9 && heard[0].gain > 0.99);
    const struct sphere_place edge =
        sphere_destination((struct sphere_place){494000000, 76000000}, 90, fl350 * 0.9 * 1852);
    assert_int_equal(hearing_of(site, 1, &sc->head, 1, 0, path_vector(edge),
                                35000 + sc->site[0].elevation_ft, heard),
                     1);
    assert_true(fabs(heard[0].chance - 0.475) < 0.02); /* half of the outer fifth */
    const struct sphere_place beyond =
        sphere_destination((struct sphere_place){494000000, 76000000}, 90, fl350 * 1.02 * 1852);
    assert_int_equal(hearing_of(site, 1, &sc->head, 1, 0, path_vector(beyond), 35000, heard), 0);
    /* 100 km of light. */
    const struct sphere_place far =
        sphere_destination((struct sphere_place){494000000, 76000000}, 0, 100000);
    assert_true(fabs(hearing_delay_us(&ramstein, path_vector(far), 0) - 333.6) < 2);
}

static void niamey_listens_eight_hours(void **state)
{
    (void)state;
    for (size_t i = 0; i < sc->n_sites; i++) {
        struct hearing_site site;
        hearing_site(sc, i, &site);
        int minutes = 0;
        for (int m = 0; m < 1440; m++) {
            minutes +=
                hearing_listens(&site, i, 7, INT64_C(1717718400000000) + m * INT64_C(60000000));
        }
        assert_true(abs(minutes - (int)(sc->site[i].hours * 60)) <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rch103_keeps_its_times),
        cmocka_unit_test(all_legs_fly_at_a_c17s_speed),
        cmocka_unit_test(no_aircraft_in_two_places),
        cmocka_unit_test(ten_minutes_are_always_the_same),
        cmocka_unit_test(a_later_start_brings_the_same_frames),
        cmocka_unit_test(seeds_differ),
        cmocka_unit_test(frames_are_in_order_and_clean),
        cmocka_unit_test(positions_lie_on_the_route),
        cmocka_unit_test(the_leg_flies_over_its_waypoints),
        cmocka_unit_test(the_sahara_is_silent),
        cmocka_unit_test(what_is_sent_fits_the_equipment),
        cmocka_unit_test(thinned_frames_still_pair),
        cmocka_unit_test(hearing_follows_the_horizon),
        cmocka_unit_test(niamey_listens_eight_hours),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
