/* What is odd, false or impossible: addresses, heights, clocks, airports, positions. */
#include "flight_world.h"

/* Two aircraft, 1,700 NM apart, for ten minutes. */
static void fly_both(struct flight_probe *p)
{
    struct flight_probe q = *p;
    q.call = "OTH34";
    flight_at(p, &field[A]);
    flight_at(&q, &field[HIGH]);
    p->ground = q.ground = false;
    p->alt_ft = q.alt_ft = 33000;
    for (int i = 0; i < 60; i++) { /* both in flight, 1,700 NM apart */
        p->silent = q.silent = true;
        flight_to(p, 45.0, 5.0 + 0.1 * (i + 1), 33000, 450);
        flight_to(&q, 17.0, 8.0 + 0.1 * (i + 1), 25000, 450);
        p->silent = q.silent = false;
        flight_point_out(p);
        q.claim = p->claim;
        q.claims = p->claims;
        q.max = p->max;
        q.t_s = p->t_s + 3;
        flight_point_out(&q);
        p->claim = q.claim;
        p->claims = q.claims;
        p->max = q.max;
        p->t_s = q.t_s;
    }
}

static void two_airframes_on_one_address(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    fly_both(&p);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_ADDRESS_SHARED, NULL), 1);
    assert_int_equal(flight_count(&p, CLAIM_SPOOFED, NULL),
                     0);                    /* the other one's places are true */
    for (size_t i = 0; i < p.claims; i++) { /* nothing flew from one to the other */
        assert_false(p.claim[i].kind == CLAIM_LANDED && p.claim[i].method == CLAIM_METHOD_OBSERVED);
    }
    finish(&p);
}

/* Points of different aircraft come in any order: what is said of one is as of its own. */
static void what_is_said_does_not_hang_on_others(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    fly_both(&p);
    struct flight_probe other = p;
    other.address = 0x3c6444;
    other.t_s += 40 * 3600.0;
    flight_point_out(&other);
    p.claim = other.claim;
    p.claims = other.claims;
    p.max = other.max;
    p.t_s += 30 * 3600.0;
    flight_point_out(&p);
    size_t said = 0;
    for (size_t i = 0; i < p.claims; i++) {
        said += p.claim[i].kind == CLAIM_ADDRESS_SHARED;
        assert_true(p.claim[i].address != p.address || p.claim[i].made_ms <= p.t_s * 1000);
    }
    assert_int_equal(said, 1);
    flight_done(&p);
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
    struct flight_probe p = probe();
    p.lat = -20.0;
    p.lon = 173.0;
    p.alt_ft = 33000;
    flight_to(&p, -19.0, 177.0, 33000, 450);
    flight_cruise(&p, &field[ISLAND], 33000, 450);
    flight_land(&p, &field[ISLAND]);
    check_landed(&p, 1, ISLAND);
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
    struct flight_probe p = probe();
    flight_whole(&p, &field[HIGH], &field[UNLISTED], 25000, 300);
    check_landed(&p, 1, UNLISTED);
    finish(&p);
}

static void a_landing_off_any_airport(void **state)
{
    (void)state;
    const struct claim *on = NULL;
    struct flight_probe p = left(A);
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

static void a_spoofed_place_is_no_landing(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
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
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 8.0, 35000, 450);
    const struct flight_probe here = p;
    p.origin = ORIGIN_MLAT;
    p.lat += 6;
    flight_point_out(&p);
    p.lat = here.lat;
    p.origin = 0;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    check_landed(&p, 1, B);
    finish(&p);
}

/* What it was given rows of before the twenty-fifth point is taken back, each by a row of its own;
   that it is a ghost stays. */
static void a_ghost_takes_its_rows_back(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    p.no_integrity = true;
    leave(&p, A);
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

static void a_clock_that_jumps(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 9.0, 35000, 450);
    p.t_s -= 3600; /* an hour back, for a minute */
    flight_to(&p, 45.0, 9.2, 35000, 450);
    p.t_s += 3600;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    assert_true(movement_sums(p.m)->late > 0);
    check_landed(&p, 1, B);
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
    struct flight_probe p = probe();
    flight_whole(&p, &field[HIGH], &field[BLANK], 30000, 430);
    check_landed(&p, 1, BLANK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_airframes_on_one_address),
        cmocka_unit_test(what_is_said_does_not_hang_on_others),
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
        cmocka_unit_test(a_clock_that_jumps),
        cmocka_unit_test(an_aircraft_that_never_lands),
        cmocka_unit_test(an_airport_without_elevation),
        cmocka_unit_test(ten_thousand_on_one_airfield),
        cmocka_unit_test(what_is_impossible_is_counted),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
