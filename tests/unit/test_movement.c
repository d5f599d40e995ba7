/* The movements machine: every way a ledger is known to go wrong, made up and flown. */
#include "flight_probe.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { A, B, C, D, HIGH, BLANK, ISLAND, IST_OLD, IST_NEW, UNLISTED, FIELDS };

/* A to B 480 NM, C off the way, D 25 NM beside B. */
static const struct flight_field field[FIELDS] = {
    [A] = {"LAAA", 45.0, 5.0, 500, 90, AIRPORT_LARGE},
    [B] = {"LBBB", 45.0, 16.3, 300, 90, AIRPORT_LARGE},
    [C] = {"LCCC", 47.5, 10.5, 1200, 180, AIRPORT_LARGE},
    [D] = {"LDDD", 45.4, 16.4, 320, 50, AIRPORT_LARGE},
    [HIGH] = {"HHHH", 16.97, 8.0, 5200, 70, AIRPORT_LARGE},
    [BLANK] = {"BBBB", 13.48, 2.18, INT_MIN, 90, AIRPORT_LARGE},
    [ISLAND] = {"NFFF", -17.75, -179.2, 60, 20, AIRPORT_LARGE},
    [IST_OLD] = {"LTBA", 40.9719, 28.8238, 163, 170, AIRPORT_LARGE},
    [IST_NEW] = {"LTFM", 41.2749, 28.7321, 325, 160, AIRPORT_LARGE},
    [UNLISTED] = {"NE-0099", 15.0, 5.0, 900, 40, AIRPORT_MEDIUM},
};

static struct buf file;
static struct airports *airports;

static int open_airports(void **state)
{
    (void)state;
    airports = flight_airports(field, FIELDS, &file);
    return airports ? 0 : -1;
}

static int close_airports(void **state)
{
    (void)state;
    airports_free(airports);
    buf_free(&file);
    return 0;
}

static struct flight_probe probe(void)
{
    const struct movement_options o = {.views = {.airports = airports}};
    struct flight_probe p = {.m = movement_new(&o),
                             .address = 0x4b0001,
                             .call = "TST12",
                             .t_s = 1717700000,
                             .every_s = 8};
    assert_non_null(p.m);
    return p;
}

static void finish(struct flight_probe *p)
{
    free(p->claim);
}

static void check_at(const struct claim *c, int where)
{
    assert_non_null(c);
    assert_true(c->candidates > 0);
    assert_string_equal(c->candidate[0].airport, field[where].code);
    assert_true(c->candidate[0].p >= CLAIM_NAMED_P);
}

static void check_legs(const struct flight_probe *p, unsigned legs)
{
    assert_int_equal(flight_count(p, CLAIM_LEG, NULL), legs);
    assert_int_equal(flight_count(p, CLAIM_LANDED, NULL), legs);
}

static void a_whole_flight(void **state)
{
    (void)state;
    const struct claim *off = NULL, *on = NULL;
    struct flight_probe p = probe();
    flight_whole(&p, &field[A], &field[B], 35000, 450);
    flight_done(&p);
    check_legs(&p, 1);
    assert_int_equal(flight_count(&p, CLAIM_TOOK_OFF, &off), 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(off, A);
    check_at(on, B);
    assert_int_equal(off->method, CLAIM_METHOD_OBSERVED);
    assert_int_equal(on->method, CLAIM_METHOD_OBSERVED);
    assert_true(on->t_hi_ms - on->t_lo_ms < 60000);
    assert_true(on->evidence.share_pct[CLAIM_SOURCE_ADSB] == 100);
    finish(&p);
}

static void go_around(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_cruise(&p, &field[B], 35000, 450);
    flight_approach(&p, &field[B], 400);
    flight_to(&p, 45.1, 16.7, 4000, 200);
    flight_land(&p, &field[B]);
    flight_done(&p);
    check_legs(&p, 1);
    assert_int_equal(flight_count(&p, CLAIM_GO_AROUND, NULL), 1);
    finish(&p);
}

static void touch_and_go(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.every_s = 4;
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.2, 5.3, 5000, 200);
    flight_approach(&p, &field[A], 40);
    p.ground = true;
    p.alt_ft = 500;
    flight_to(&p, 45.0, 5.0, 500, 110);
    p.ground = false;
    flight_to(&p, 45.0, 5.2, 3500, 180);
    flight_to(&p, 45.2, 5.3, 5000, 200);
    flight_land(&p, &field[A]);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_TOUCH_AND_GO, NULL), 1);
    check_legs(&p, 1); /* one sortie */
    finish(&p);
}

static void five_low_approaches(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    p.every_s = 4;
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_cruise(&p, &field[D], 20000, 350);
    for (int i = 0; i < 5; i++) {
        flight_approach(&p, &field[D], 300);
        flight_to(&p, 45.55, 16.75, 3500, 190);
        flight_to(&p, 45.3, 16.9, 4000, 190);
    }
    flight_cruise(&p, &field[A], 20000, 350);
    flight_land(&p, &field[A]);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, A);
    assert_int_equal(flight_count(&p, CLAIM_GO_AROUND, NULL), 5);
    finish(&p);
}

static void turn_back(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 9.0, 30000, 440);
    flight_cruise(&p, &field[A], 30000, 440);
    flight_land(&p, &field[A]);
    flight_done(&p);
    check_legs(&p, 1);
    assert_int_equal(flight_count(&p, CLAIM_TURN_BACK, &c), 1);
    assert_true(c->flags & CLAIM_NOT_SORTIE);
    assert_true(c->size_m > 250000);
    finish(&p);
}

static void diversion(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 13.5, 35000, 450);
    flight_to(&p, 46.0, 12.5, 25000, 400);
    flight_cruise(&p, &field[C], 20000, 400);
    flight_land(&p, &field[C]);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, C);
    finish(&p);
}

static void ground_fix_missing_at_both_ends(void **state)
{
    (void)state;
    const struct claim *off = NULL, *on = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    p.silent = true;
    flight_stand(&p, 100);
    p.ground = false;
    flight_to(&p, 45.0, 5.06, 1500, 150);
    p.silent = false;
    flight_to(&p, 45.0, 5.5, 8000, 260);
    flight_cruise(&p, &field[B], 35000, 450);
    flight_approach(&p, &field[B], 700);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_TOOK_OFF, &off), 1);
    assert_int_equal(flight_count(&p, CLAIM_LANDED, &on), 1);
    check_at(off, A);
    check_at(on, B);
    assert_int_equal(off->method, CLAIM_METHOD_INFERRED_CLIMB);
    assert_int_equal(on->method, CLAIM_METHOD_INFERRED_LOST_DESCENT);
    assert_true(on->p > 0.7F && on->p < 1);
    finish(&p);
}

static void a_stop_shorter_than_the_hole(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_cruise(&p, &field[B], 33000, 450);
    p.silent = true;
    flight_land(&p, &field[B]);
    flight_stand(&p, 2400);
    flight_take_off(&p, &field[B]);
    p.silent = false;
    flight_cruise(&p, &field[A], 33000, 450);
    flight_land(&p, &field[A]);
    flight_done(&p);
    check_legs(&p, 2);
    for (size_t i = 0; i < p.claims; i++) {
        c = p.claim[i].kind == CLAIM_LANDED && p.claim[i].leg == 1 ? &p.claim[i] : c;
    }
    assert_non_null(c);
    assert_string_equal(c->candidate[0].airport, "LBBB"); /* the one beside is not ruled out */
    assert_int_equal(c->method, CLAIM_METHOD_INFERRED_GAP);
    finish(&p);
}

static void a_hole_in_cruise_is_no_stop(void **state)
{
    (void)state;
    const struct claim *gap = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 7.5, 35000, 450);
    p.silent = true;
    flight_to(&p, 45.0, 12.5, 35000, 450);
    p.silent = false;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    flight_done(&p);
    check_legs(&p, 1);
    assert_int_equal(flight_count(&p, CLAIM_GAP, &gap), 1);
    assert_true(gap->p < 0.05F);
    finish(&p);
}

static void a_silence_is_taken_back(void **state)
{
    (void)state;
    unsigned withdrawn = 0;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_cruise(&p, &field[B], 35000, 450); /* low near B ... */
    p.silent = true;
    flight_to(&p, 45.0, 17.5, 6000, 300); /* ... and on past it */
    flight_to(&p, 45.0, 22.0, 30000, 440);
    p.silent = false;
    flight_to(&p, 45.0, 24.0, 30000, 440);
    flight_done(&p);
    for (size_t i = 0; i < p.claims; i++) {
        withdrawn += (p.claim[i].flags & CLAIM_WITHDRAWN) != 0;
        assert_true(p.claim[i].supersedes < p.claim[i].number);
    }
    assert_true(withdrawn == 1 || flight_count(&p, CLAIM_LEG, NULL) == 2);
    finish(&p);
}

static void two_airframes_on_one_address(void **state)
{
    (void)state;
    struct flight_probe p = probe(), q = p;
    q.call = "OTH34";
    flight_at(&p, &field[A]);
    flight_at(&q, &field[HIGH]);
    p.ground = q.ground = false;
    p.alt_ft = q.alt_ft = 33000;
    for (int i = 0; i < 60; i++) { /* both in flight, 1,700 NM apart */
        p.silent = q.silent = true;
        flight_to(&p, 45.0, 5.0 + 0.1 * (i + 1), 33000, 450);
        flight_to(&q, 17.0, 8.0 + 0.1 * (i + 1), 25000, 450);
        p.silent = q.silent = false;
        flight_point_out(&p);
        q.claim = p.claim;
        q.claims = p.claims;
        q.max = p.max;
        q.t_s = p.t_s + 3;
        flight_point_out(&q);
        p.claim = q.claim;
        p.claims = q.claims;
        p.max = q.max;
        p.t_s = q.t_s;
    }
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_ADDRESS_SHARED, NULL), 1);
    for (size_t i = 0; i < p.claims; i++) { /* nothing flew from one to the other */
        assert_false(p.claim[i].kind == CLAIM_LANDED && p.claim[i].method == CLAIM_METHOD_OBSERVED);
    }
    finish(&p);
}

static void a_call_sign_used_twice_a_day(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    flight_whole(&p, &field[A], &field[B], 35000, 450);
    flight_stand(&p, 3000);
    flight_whole(&p, &field[B], &field[A], 34000, 450);
    flight_done(&p);
    check_legs(&p, 2);
    assert_int_equal(flight_count(&p, CLAIM_STAY, NULL), 1);
    finish(&p);
}

static void an_altimeter_wrong_by_500_ft(void **state)
{
    (void)state;
    for (int error = -500; error <= 500; error += 1000) {
        const struct claim *on = NULL;
        struct flight_probe p = probe();
        p.error_ft = error;
        flight_whole(&p, &field[A], &field[B], 35000, 450);
        flight_done(&p);
        check_legs(&p, 1);
        flight_count(&p, CLAIM_LANDED, &on);
        check_at(on, B);
        finish(&p);
    }
}

static void a_transponder_on_while_parked(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    for (int i = 0; i < 40; i++) { /* a place that wanders by some meters */
        p.lat = field[A].lat + (i % 5) * 2e-5;
        flight_stand(&p, 900);
    }
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_LEG, NULL), 0);
    assert_int_equal(flight_count(&p, CLAIM_TOOK_OFF, NULL), 0);
    assert_int_equal(flight_count(&p, CLAIM_LANDED, NULL), 0);
    finish(&p);
}

static void over_midnight(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.t_s = 1717718400 - 1800; /* half an hour before */
    flight_whole(&p, &field[A], &field[B], 35000, 450);
    flight_done(&p);
    check_legs(&p, 1);
    finish(&p);
}

static void over_the_date_line(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    p.lat = -20.0;
    p.lon = 173.0;
    p.alt_ft = 33000;
    flight_to(&p, -19.0, 177.0, 33000, 450);
    flight_cruise(&p, &field[ISLAND], 33000, 450);
    flight_land(&p, &field[ISLAND]);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, ISLAND);
    finish(&p);
}

static void a_code_that_moved(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    p.t_s = 1501600000; /* 2017: only the old field is there */
    flight_at(&p, &field[B]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[B]);
    flight_cruise(&p, &field[IST_OLD], 35000, 450);
    flight_approach(&p, &field[IST_OLD], 3000);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_LANDED, &on), 1);
    assert_string_equal(on->candidate[0].airport, "LTBA");
    for (unsigned i = 0; i < on->candidates; i++) {
        assert_string_not_equal(on->candidate[i].airport, "LTFM");
    }
    finish(&p);
}

static void an_airport_without_a_code(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_whole(&p, &field[HIGH], &field[UNLISTED], 25000, 300);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, UNLISTED);
    finish(&p);
}

static void a_landing_off_any_airport(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.6, 6.2, 2500, 120);
    flight_to(&p, 45.65, 6.25, 600, 60);
    p.ground = true;
    flight_stand(&p, 300);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    assert_true(on->candidates == 0 || on->candidate[0].p < CLAIM_NAMED_P);
    assert_true(abs(on->lat_e7 - 456500000) < 100000);
    finish(&p);
}

static void two_aircraft_on_one_track_are_one(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.call = "PAIR1";
    flight_whole(&p, &field[A], &field[B], 25000, 400);
    flight_done(&p);
    check_legs(&p, 1);
    finish(&p);
}

/* Its place is drawn to another field and stands there: nothing landed. */
static void a_spoofed_place_is_no_landing(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 10.0, 37000, 450);
    const double lat = p.lat, lon = p.lon;
    for (int i = 0; i < 200; i++) {
        p.lat = field[C].lat + 0.001 * (i % 7);
        p.lon = field[C].lon;
        p.kt = 50;
        p.t_s += 8;
        flight_point_out(&p);
    }
    p.lat = lat;
    p.lon = lon + 4.0;
    flight_to(&p, 45.0, 14.5, 37000, 450);
    flight_cruise(&p, &field[B], 37000, 450);
    flight_land(&p, &field[B]);
    flight_done(&p);
    for (size_t i = 0; i < p.claims; i++) {
        if (p.claim[i].kind == CLAIM_LANDED && p.claim[i].candidates > 0) {
            assert_string_not_equal(p.claim[i].candidate[0].airport, "LCCC");
        }
    }
    assert_int_equal(flight_count(&p, CLAIM_SPOOFED, NULL), 1);
    finish(&p);
}

static void a_ghost_of_multilateration(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 8.0, 35000, 450);
    const struct flight_probe here = p;
    p.origin = ORIGIN_MLAT;
    p.lat += 6;
    flight_point_out(&p);
    p.lat = here.lat;
    p.origin = 0;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, B);
    finish(&p);
}

/* What it was given rows of before the twenty-fifth point is taken back, each by a row of its own;
   that it is a ghost stays. */
static void a_ghost_takes_its_rows_back(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.no_integrity = true;
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    flight_done(&p);
    unsigned given = 0, back = 0;
    for (size_t i = 0; i < p.claims; i++) {
        if (p.claim[i].kind != CLAIM_SPOOFED && p.claim[i].flags & CLAIM_WITHDRAWN) {
            assert_true(p.claim[i].supersedes > 0);
            assert_true(p.claim[i].made_ms > p.claim[p.claim[i].supersedes - 1].made_ms);
            back++;
        } else {
            given += p.claim[i].kind != CLAIM_SPOOFED;
        }
    }
    assert_true(given > 0);
    assert_true(back > 0);
    for (int kind = 0; kind < CLAIM_KINDS; kind++) {
        assert_int_equal(flight_count(&p, (enum claim_kind)kind, NULL), kind == CLAIM_SPOOFED);
    }
    finish(&p);
}

static void a_shuttle_of_like_sorties(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    for (int i = 0; i < 3; i++) {
        flight_whole(&p, &field[A], &field[B], 31000, 440);
        flight_stand(&p, 2000);
        flight_whole(&p, &field[B], &field[A], 32000, 440);
        flight_stand(&p, 2000);
    }
    flight_done(&p);
    check_legs(&p, 6);
    assert_int_equal(flight_count(&p, CLAIM_STAY, NULL), 5);
    finish(&p);
}

/* ---- bad input ---- */

static void a_clock_that_jumps(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_at(&p, &field[A]);
    flight_stand(&p, 100);
    flight_take_off(&p, &field[A]);
    flight_to(&p, 45.0, 9.0, 35000, 450);
    p.t_s -= 3600; /* an hour back, for a minute */
    flight_to(&p, 45.0, 9.2, 35000, 450);
    p.t_s += 3600;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    assert_true(movement_sums(p.m)->late > 0);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, B);
    finish(&p);
}

static void an_aircraft_that_never_lands(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.lat = 30;
    p.alt_ft = 60000;
    p.every_s = 60;
    for (int i = 0; i < 60; i++) { /* twelve days up */
        flight_to(&p, 30 + (i % 2) * 3, (i % 4) * 3, 60000, 60);
    }
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_LEG, NULL), 1);
    assert_true(p.claims < 2000);
    finish(&p);
}

static void an_airport_without_elevation(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = probe();
    flight_whole(&p, &field[HIGH], &field[BLANK], 30000, 430);
    flight_done(&p);
    check_legs(&p, 1);
    flight_count(&p, CLAIM_LANDED, &on);
    check_at(on, BLANK);
    finish(&p);
}

static void ten_thousand_on_one_airfield(void **state)
{
    (void)state;
    const struct movement_options o = {.views = {.airports = airports}, .aircraft_max = 8000};
    struct flight_probe p = probe();
    movement_free(p.m);
    p.m = movement_new(&o);
    assert_non_null(p.m);
    for (uint32_t i = 0; i < 10000; i++) {
        p.address = 0x100000 + i;
        flight_at(&p, &field[A]);
        p.t_s += 0.001;
        flight_stand(&p, 32);
    }
    assert_true(movement_sums(p.m)->evicted == 2000);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_LEG, NULL), 0);
    finish(&p);
}

static void what_is_impossible_is_counted(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    struct kept k = kept_none();
    assert_int_equal(movement_push(p.m, &k, flight_take, &p), ERR_OK);
    k.address = 1;
    assert_int_equal(movement_push(p.m, &k, flight_take, &p), ERR_OK);
    k.t_ms = 1;
    k.lat_e7 = 910000000;
    assert_int_equal(movement_push(p.m, &k, flight_take, &p), ERR_OK);
    assert_int_equal(movement_sums(p.m)->impossible, 3);
    assert_int_equal(movement_sums(p.m)->fixes, 0);
    flight_done(&p);
    finish(&p);
}

/* ---- the same ledger whoever asks when ---- */

static void hear_and_tick(struct flight_probe *p, bool tick)
{
    flight_at(p, &field[A]);
    flight_stand(p, 100);
    flight_take_off(p, &field[A]);
    flight_cruise(p, &field[B], 35000, 450);
    for (int i = 0; i < 500; i++) {
        p->t_s += 60;
        if (tick) {
            movement_tick(p->m, llround(p->t_s * 1000), flight_take, p);
        }
    }
    flight_at(p, &field[B]);
    flight_stand(p, 100);
    flight_done(p);
}

static void ticks_change_no_row(void **state)
{
    (void)state;
    struct flight_probe p = probe(), q = probe();
    hear_and_tick(&p, false);
    hear_and_tick(&q, true);
    assert_int_equal(p.claims, q.claims);
    assert_memory_equal(p.claim, q.claim, p.claims * sizeof *p.claim);
    check_legs(&p, 1);
    finish(&p);
    finish(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_flight),
        cmocka_unit_test(go_around),
        cmocka_unit_test(touch_and_go),
        cmocka_unit_test(five_low_approaches),
        cmocka_unit_test(turn_back),
        cmocka_unit_test(diversion),
        cmocka_unit_test(ground_fix_missing_at_both_ends),
        cmocka_unit_test(a_stop_shorter_than_the_hole),
        cmocka_unit_test(a_hole_in_cruise_is_no_stop),
        cmocka_unit_test(a_silence_is_taken_back),
        cmocka_unit_test(two_airframes_on_one_address),
        cmocka_unit_test(a_call_sign_used_twice_a_day),
        cmocka_unit_test(an_altimeter_wrong_by_500_ft),
        cmocka_unit_test(a_transponder_on_while_parked),
        cmocka_unit_test(over_midnight),
        cmocka_unit_test(over_the_date_line),
        cmocka_unit_test(a_code_that_moved),
        cmocka_unit_test(an_airport_without_a_code),
        cmocka_unit_test(a_landing_off_any_airport),
        cmocka_unit_test(two_aircraft_on_one_track_are_one),
        cmocka_unit_test(a_spoofed_place_is_no_landing),
        cmocka_unit_test(a_ghost_of_multilateration),
        cmocka_unit_test(a_ghost_takes_its_rows_back),
        cmocka_unit_test(a_shuttle_of_like_sorties),
        cmocka_unit_test(a_clock_that_jumps),
        cmocka_unit_test(an_aircraft_that_never_lands),
        cmocka_unit_test(an_airport_without_elevation),
        cmocka_unit_test(ten_thousand_on_one_airfield),
        cmocka_unit_test(what_is_impossible_is_counted),
        cmocka_unit_test(ticks_change_no_row),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
