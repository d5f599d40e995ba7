/* The other state flights of niamey-2024 and what is written of the operation: counts, places and
   times, against what the frames say. */
#include "simulate_probe.h"

#include "geo/sphere.h"
#include "modes/decode.h"
#include "simulate/operation.h"
#include "simulate/redraw.h"
#include "simulate/state.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FOLDER TEST_SOURCE_DIR "/scenarios/niamey-2024"

static struct scenario *sc;

static size_t leg_row(int64_t leg)
{
    for (size_t i = 0; i < sc->n_legs; i++) {
        if (sc->leg[i].leg == leg) {
            return i;
        }
    }
    fail_msg("no leg %d", (int)leg);
    return 0;
}

static size_t leg_of(const char *callsign, const char *day)
{
    const int64_t from_us = simulate_probe_time(day);
    for (size_t i = 0; i < sc->n_legs; i++) {
        if (strcmp(sc->leg[i].callsign, callsign) == 0 && sc->leg[i].takeoff_us >= from_us &&
            sc->leg[i].takeoff_us < from_us + DAY_US) {
            return i;
        }
    }
    fail_msg("no %s on %s", callsign, day);
    return 0;
}

/* What the frames of one flight add up to. */
struct watch {
    int64_t leg;
    size_t frames, positions, no_accuracy, sil_0, ground, sites;
    int64_t first_us, last_us;
    int32_t lowest_ft;
    bool site[SCENARIO_SITES_MAX];
};

static void take(struct watch *w, const struct reception *r, uint32_t address)
{
    struct message m;
    const struct modes_options strict = {0};
    modes_decode(&r->frame, &strict, &m);
    assert_int_equal(m.address, address);
    w->first_us = w->frames++ ? w->first_us : r->frame.t_us;
    w->last_us = r->frame.t_us;
    w->sites += !w->site[r->site];
    w->site[r->site] = true;
    w->ground += r->ground;
    w->positions += m.cpr.present;
    w->no_accuracy += message_get(&m, FIELD_NAC_P, 9) == 0;
    w->sil_0 += message_get(&m, FIELD_SIL, 3) == 0;
    const int32_t ft = message_get(&m, FIELD_ALT_BARO, 99999);
    w->lowest_ft = w->frames == 1 || ft < w->lowest_ft ? ft : w->lowest_ft;
}

/* Without civil traffic. */
static void play(struct watch *w, size_t n, const char *start, double hours, double rate)
{
    struct simulation_options o = simulate_probe_options(sc, start, hours * 3600, rate);
    o.left_out = 1;
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    while (simulation_next(s, o.end_us + 1000000, &r)) {
        assert_false(r.flight & FLIGHT_TRAFFIC);
        for (size_t i = 0; i < n; i++) {
            if (r.flight == (uint64_t)w[i].leg) {
                take(&w[i], &r, (uint32_t)sc->leg[leg_row(w[i].leg)].icao24);
            }
        }
    }
    simulation_free(s);
}

static bool site_is(const struct watch *w, const char *name)
{
    for (size_t i = 0; i < sc->n_sites; i++) {
        if (w->site[i] && strcmp(sc->site[i].site, name) == 0) {
            return true;
        }
    }
    return false;
}

static struct flight_plan plan;

static struct flight planned(size_t row)
{
    struct flight f = flight_of_leg(sc, (uint64_t)sc->head.seed, row);
    assert_int_equal(flight_plan(sc, (uint64_t)sc->head.seed, &f, &plan), ERR_OK);
    return f;
}

static void the_turn_back_holds_85_minutes(void **state)
{
    (void)state;
    const size_t row = leg_of("RCH640", "2024-06-19");
    const struct flight f = planned(row);
    int64_t from_us, to_us;
    assert_true(flight_hold(&plan, &from_us, &to_us));
    print_message("%.0f minutes at %.0f kt\n", (double)(to_us - from_us) / 6e7,
                  plan.profile.cruise_kt);
    assert_true(llabs(to_us - from_us - INT64_C(85) * 60000000) < INT64_C(6) * 60000000);
    const struct state_flight sf = {sc, (uint64_t)sc->head.seed, &f, &plan};
    const struct sphere_place at = {361000000, -10000000};
    for (int64_t t_us = from_us; t_us < to_us; t_us += 10000000) {
        struct state s;
        state_at(&sf, t_us, &s);
        const struct sphere_place p = {s.said.at.lat_e7, s.said.at.lon_e7};
        assert_true(sphere_distance_m(p, at) < 20 * 1852);
    }
    assert_string_equal(sc->leg[row].destination, "LERT");
    struct watch w = {.leg = sc->leg[row].leg};
    play(&w, 1, "2024-06-19T19:30:00Z", 2.7, 0.1);
    assert_true(w.positions > 500 && site_is(&w, "almeria"));
}

static void the_tanker_flies_a_racetrack(void **state)
{
    (void)state;
    const size_t row = leg_of("LAGR21", "2024-06-07");
    planned(row);
    int64_t from_us, to_us;
    assert_true(flight_hold(&plan, &from_us, &to_us));
    assert_true(to_us - from_us > INT64_C(150) * 60000000 && plan.path.laps >= 8);
    assert_true(plan.path.lap_nm > 80 && plan.path.lap_nm < 125);
    struct watch w = {.leg = sc->leg[row].leg};
    play(&w, 1, "2024-06-07T10:00:00Z", 5.5, 0.1);
    assert_true(w.positions > 2000 && site_is(&w, "almeria"));
}

static void nobody_hears_agadez(void **state)
{
    (void)state;
    struct watch w = {.leg = sc->leg[leg_of("GRIM11", "2024-06-09")].leg};
    const struct flight f = planned(leg_row(w.leg));
    assert_int_equal(f.class, FLIGHT_MODE_S);
    play(&w, 1, "2024-06-09T03:00:00Z", 17, 0.1);
    assert_int_equal(w.frames, 0);
}

static void niamey_hears_the_orbit_beside_it(void **state)
{
    (void)state;
    struct watch w = {.leg = sc->leg[leg_of("IAM1451", "2024-06-11")].leg};
    play(&w, 1, "2024-06-11T10:00:00Z", 7, 0.1);
    print_message("orbit: %zu positions\n", w.positions);
    assert_true(w.positions > 500 && w.sites == 1 && site_is(&w, "niamey_intermittent"));
}

static void the_ghost_is_one_receivers_and_jumps(void **state)
{
    (void)state;
    const size_t row = leg_of("RCH906", "2024-07-02");
    struct watch w = {.leg = sc->leg[row].leg};
    planned(row);
    play(&w, 1, "2024-07-02T09:00:00Z", 2.5, 1);
    print_message("ghost: %zu positions, %zu of %zu without integrity\n", w.positions, w.sil_0,
                  w.frames);
    assert_true(w.positions > 3000 && w.sites == 1 && site_is(&w, "cotonou"));
    assert_true(w.sil_0 * 100 > w.frames * 3);
    assert_true(w.ground > 100); /* claims to stand at Niamey, 430 NM from who hears it */
    assert_true(w.first_us > sc->leg[row].takeoff_us + INT64_C(20) * 60000000);
}

/* An aircraft that says it knows its place badly. */
struct jammed {
    uint32_t address;
    int64_t from_us, to_us;
};

static void note_jammed(struct jammed *j, size_t *n, const struct reception *r, uint32_t address)
{
    size_t i = 0;
    while (i < *n && j[i].address != address) {
        i++;
    }
    assert_true(i < 256);
    if (i == *n) {
        j[(*n)++] = (struct jammed){address, r->frame.t_us, r->frame.t_us};
    }
    j[i].to_us = r->frame.t_us;
}

/* Many aircraft for minutes each: enough to tell a patch from a broken receiver. */
static void the_patch_takes_accuracy_away(void **state)
{
    (void)state;
    const struct simulation_options o =
        simulate_probe_options(sc, "2024-06-12T12:00:00Z", 2 * 3600, 0.1);
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    static struct jammed jammed[256];
    size_t said = 0, bad = 0, malta = 0, n = 0, lasting = 0;
    while (simulation_next(s, o.end_us, &r)) {
        struct message m;
        const struct modes_options strict = {0};
        modes_decode(&r.frame, &strict, &m);
        const int32_t nac_p = message_get(&m, FIELD_NAC_P, -1);
        said += nac_p >= 0;
        if (nac_p == 0) {
            bad++;
            malta += strcmp(sc->site[r.site].site, "malta") == 0;
            note_jammed(jammed, &n, &r, m.address);
        }
    }
    simulation_free(s);
    for (size_t i = 0; i < n; i++) {
        lasting += jammed[i].to_us - jammed[i].from_us >= 120000000;
    }
    print_message("%zu of %zu without accuracy, %zu at Malta; %zu aircraft, %zu for minutes\n", bad,
                  said, malta, n, lasting);
    assert_true(bad > 500 && bad * 10 < said && malta > 100 && lasting >= 12);
}

static void one_address_on_two_airframes(void **state)
{
    (void)state;
    struct watch w[2] = {{.leg = sc->leg[leg_of("RCH613", "2024-06-26")].leg},
                         {.leg = sc->leg[leg_of("HERKY52", "2024-06-26")].leg}};
    assert_int_equal(sc->leg[leg_row(w[0].leg)].icao24, sc->leg[leg_row(w[1].leg)].icao24);
    play(w, 2, "2024-06-26T08:30:00Z", 5, 0.1);
    assert_true(w[0].positions > 500 && w[1].positions > 500);
    assert_true(w[0].last_us > w[1].first_us && w[1].last_us > w[0].first_us);
}

static void touch_and_go_rolls_on(void **state)
{
    (void)state;
    const int64_t first = sc->leg[leg_of("AME3101", "2024-06-10")].leg;
    struct watch w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = (struct watch){.leg = first + i};
        const struct flight a = planned(leg_row(first + i));
        if (i < 3) {
            const struct state_flight sf = {sc, (uint64_t)sc->head.seed, &a, &plan};
            struct state end, begin;
            state_at(&sf, a.off_us - 1000, &end);
            const struct flight b = planned(leg_row(first + i + 1));
            const struct state_flight sg = {sc, (uint64_t)sc->head.seed, &b, &plan};
            state_at(&sg, b.on_us, &begin);
            const struct sphere_place p = {end.said.at.lat_e7, end.said.at.lon_e7};
            const struct sphere_place q = {begin.said.at.lat_e7, begin.said.at.lon_e7};
            assert_true(llabs(b.on_us - a.off_us) < 3000000);
            assert_true(sphere_distance_m(p, q) < 400);
            assert_true(abs(end.said.gs_e2_kt - begin.said.gs_e2_kt) < 500);
        }
    }
    play(w, 4, "2024-06-10T08:45:00Z", 2, 0.5);
    assert_true(w[0].positions > 100 && w[1].ground > 5 && w[2].ground > 5);
    assert_true(w[1].lowest_ft < 1000);
}

static void the_parked_stay(void **state)
{
    (void)state;
    struct watch w[2] = {{.leg = sc->leg[leg_of("RCH700", "2024-06-10")].leg},
                         {.leg = sc->leg[leg_of("RFF7200", "2024-07-05")].leg}};
    play(w, 2, "2024-06-14T10:00:00Z", 1, 0.2);
    assert_true(w[0].frames > 100 && w[0].ground == w[0].frames && w[1].frames == 0);
    play(w, 2, "2024-07-06T00:00:00Z", 24, 0.05);
    assert_true(w[1].frames > 100 && w[1].sites == 1 && site_is(&w[1], "niamey_intermittent"));
}

/* --- texts -------------------------------------------------------------------------------- */

static struct buf text[OPERATION_FILES];

static void write_again(void)
{
    for (int i = 0; i < OPERATION_FILES; i++) {
        buf_clear(&text[i]);
    }
    assert_true(
        operation_write(sc, (uint64_t)sc->head.seed, sc->head.start_us, sc->head.end_us, text));
    for (int i = 0; i < OPERATION_FILES; i++) {
        buf_byte(&text[i], '\0');
    }
}

static size_t count(enum operation_file file, const char *what)
{
    size_t n = 0;
    for (const char *p = (const char *)text[file].p; (p = strstr(p, what)); p++) {
        n++;
    }
    return n;
}

/* Sums over loaded sorties of the published set: 1,593 t and 766 people by 8 July. */
static void the_published_totals(void **state)
{
    (void)state;
    write_again();
    double t = 0, t_all = 0;
    unsigned people = 0, people_all = 0, loaded = 0;
    for (char *p = (char *)text[OPERATION_SORTIES].p; (p = strchr(p, '\n')) && p[1];) {
        char *field[20] = {++p};
        for (int i = 1; i < 17; i++) {
            field[i] = strchr(field[i - 1], ',') + 1;
        }
        const double load_t = strtod(field[13], NULL);
        const unsigned aboard = (unsigned)strtoul(field[14], NULL, 10);
        const bool by = strncmp(field[9], "2024-07-08", 10) < 0;
        loaded += load_t > 0;
        t_all += load_t;
        people_all += aboard;
        t += by ? load_t : 0;
        people += by ? aboard : 0;
    }
    assert_int_equal(loaded, 56);
    assert_true(t == 1593 && t_all == 2113);
    assert_int_equal(people, 766);
    assert_int_equal(people_all, 950);
}

static void events_and_clearances_are_told(void **state)
{
    (void)state;
    write_again();
    assert_int_equal(count(OPERATION_EVENTS, "\nturn_back,89,"), 1);
    assert_int_equal(count(OPERATION_EVENTS, "\noverdue,89,"), 1);
    assert_int_equal(count(OPERATION_EVENTS, "\nghost,"), 3);
    assert_int_equal(count(OPERATION_EVENTS, "\nparked,"), 3);
    assert_int_equal(count(OPERATION_EVENTS, "\ntouch_and_go,"), 6);
    assert_int_equal(count(OPERATION_EVENTS, "\njamming,"), 3);
    assert_int_equal(count(OPERATION_EVENTS, "\naddress_shared,"), 2);
    assert_true(count(OPERATION_EVENTS, "\nmeeting,") >= 5);
    assert_int_equal(count(OPERATION_EVENTS, ",circle,") + count(OPERATION_EVENTS, ",racetrack,"),
                     count(OPERATION_EVENTS, "\norbit,"));
    assert_int_equal(count(OPERATION_SORTIES, "RCH906"), 0); /* a ghost is no sortie */
    assert_int_equal(count(OPERATION_CLEARANCES, ",refused,"), 1);
    assert_true(count(OPERATION_SORTIES, "NE:inside") > 80);
    assert_true(count(OPERATION_SORTIES, "NE:outside") > 0);
    assert_int_equal(count(OPERATION_CLAIMS, "766 soldiers"), 1);
    assert_true(count(OPERATION_CLAIMS, ",load,") > 8);
}

/* Each seed another operation of about the same size, the same each time. */
static void seeds_redraw_within_the_envelope(void **state)
{
    (void)state;
    const size_t published = sc->n_legs;
    size_t differs = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct scenario *a = simulate_probe_scenario(FOLDER);
        struct scenario *b = simulate_probe_scenario(FOLDER);
        char why[512] = "";
        assert_int_equal(scenario_redraw(a, seed, why, sizeof why), ERR_OK);
        assert_int_equal(scenario_redraw(b, seed, why, sizeof why), ERR_OK);
        assert_int_equal(a->n_legs, b->n_legs);
        size_t loaded = 0, turned = 0;
        for (size_t i = 0; i < a->n_legs; i++) {
            assert_int_equal(a->leg[i].takeoff_us, b->leg[i].takeoff_us);
            loaded += a->leg[i].load_t > 0;
            turned += a->leg[i].kind_at == LEG_TURNBACK;
        }
        assert_true(loaded >= 42 && loaded <= 70);
        assert_int_equal(turned, 1);
        differs += a->n_legs != published;
        scenario_free(a);
        scenario_free(b);
    }
    assert_true(differs >= 8);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_turn_back_holds_85_minutes),
        cmocka_unit_test(the_tanker_flies_a_racetrack),
        cmocka_unit_test(nobody_hears_agadez),
        cmocka_unit_test(niamey_hears_the_orbit_beside_it),
        cmocka_unit_test(the_ghost_is_one_receivers_and_jumps),
        cmocka_unit_test(the_patch_takes_accuracy_away),
        cmocka_unit_test(one_address_on_two_airframes),
        cmocka_unit_test(touch_and_go_rolls_on),
        cmocka_unit_test(the_parked_stay),
        cmocka_unit_test(the_published_totals),
        cmocka_unit_test(events_and_clearances_are_told),
        cmocka_unit_test(seeds_redraw_within_the_envelope),
    };
    sc = simulate_probe_scenario(FOLDER);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (int i = 0; i < OPERATION_FILES; i++) {
        buf_free(&text[i]);
    }
    scenario_free(sc);
    return failed;
}
