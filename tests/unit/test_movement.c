/* Flights the movements machine hears whole: take-offs, landings, stays, and what happens between.
 */
#include "flight_world.h"

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

/* How likely it is bound for B or a field beside the way there, not for what lies far beyond, by
   the answer given last. */
static float bound_for_b(struct flight_probe *p)
{
    const struct claim *c = NULL;
    float p_b = 0;
    flight_done(p);
    flight_count(p, CLAIM_DESTINATION, &c);
    assert_non_null(c);
    for (unsigned i = 0; i < c->candidates; i++) {
        const char *code = c->candidate[i].airport;
        p_b += code[0] == 'L' && code[1] != 'T' ? c->candidate[i].p : 0;
    }
    finish(p);
    return p_b;
}

static float climbed_at(double kt)
{
    struct flight_probe p = left(A);
    flight_to(&p, 44.9, 8.2, 36000, kt); /* by 1,000 ft a minute to 250 kt, else by 1,900 */
    flight_to(&p, 44.8, 10.5, 36000, 450);
    return bound_for_b(&p);
}

static void who_climbs_slowly_goes_far(void **state)
{
    (void)state;
    assert_true(climbed_at(440) > climbed_at(250) + 0.1F);
}

static float cruised_to(double last_ft)
{
    struct flight_probe p = left(A);
    flight_to(&p, 44.8, 13.3, 36000, 440);
    flight_to(&p, 44.8, 13.5, last_ft, 440);
    return bound_for_b(&p);
}

static void who_leaves_its_cruise_is_near(void **state)
{
    (void)state;
    assert_true(cruised_to(34900) > 0.88F);
    assert_true(cruised_to(36000) < 0.8F);
}

static void go_around(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_cruise(&p, &field[B], 35000, 450);
    flight_approach(&p, &field[B], 400);
    flight_to(&p, 45.1, 16.7, 4000, 200);
    flight_land(&p, &field[B]);
    check_landed(&p, 1, B);
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
    check_landed(&p, 1, A);
    assert_int_equal(flight_count(&p, CLAIM_GO_AROUND, NULL), 5);
    finish(&p);
}

static void turn_back(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 9.0, 30000, 440);
    flight_cruise(&p, &field[A], 30000, 440);
    flight_land(&p, &field[A]);
    check_landed(&p, 1, A);
    assert_int_equal(flight_count(&p, CLAIM_TURN_BACK, &c), 1);
    assert_true(c->flags & CLAIM_NOT_SORTIE);
    assert_true(c->size_m > 250000);
    finish(&p);
}

/* Refused on the way it holds for 85 minutes, and goes home: that is no sortie to anywhere. */
static void turn_back_after_a_racetrack(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 10.0, 30000, 440);
    for (int lap = 0; lap < 11; lap++) { /* 57 NM each, 7.8 minutes */
        flight_to(&p, 45.25, 10.0, 30000, 440);
        flight_to(&p, 45.25, 9.5, 30000, 440);
        flight_to(&p, 45.0, 9.5, 30000, 440);
        flight_to(&p, 45.0, 10.0, 30000, 440);
    }
    flight_cruise(&p, &field[A], 30000, 440);
    flight_land(&p, &field[A]);
    check_landed(&p, 1, A);
    assert_int_equal(flight_count(&p, CLAIM_TURN_BACK, &c), 1);
    assert_true(c->flags & CLAIM_NOT_SORTIE);
    finish(&p);
}

static void diversion(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 13.5, 35000, 450);
    flight_to(&p, 46.0, 12.5, 25000, 400);
    flight_cruise(&p, &field[C], 20000, 400);
    flight_land(&p, &field[C]);
    check_landed(&p, 1, C);
    finish(&p);
}

/* All but there it turns, and comes down far behind. */
static void a_diversion_is_told(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = left(B);
    flight_to(&p, 45.0, 7.0, 35000, 450);
    flight_to(&p, 46.0, 7.5, 25000, 400);
    flight_cruise(&p, &field[C], 20000, 400);
    flight_land(&p, &field[C]);
    check_landed(&p, 1, C);
    assert_int_equal(flight_count(&p, CLAIM_DIVERSION, &c), 1);
    assert_true(c->p >= 0.5F && c->p < 1);
    finish(&p);
}

/* Who came straight was bound for it all along, whatever was thought before. */
static void a_wrong_guess_is_no_diversion(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 13.5, 35000, 450);
    flight_cruise(&p, &field[D], 20000, 400);
    flight_land(&p, &field[D]);
    check_landed(&p, 1, D);
    assert_int_equal(flight_count(&p, CLAIM_DIVERSION, NULL), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_flight),
        cmocka_unit_test(who_climbs_slowly_goes_far),
        cmocka_unit_test(who_leaves_its_cruise_is_near),
        cmocka_unit_test(go_around),
        cmocka_unit_test(touch_and_go),
        cmocka_unit_test(five_low_approaches),
        cmocka_unit_test(turn_back),
        cmocka_unit_test(turn_back_after_a_racetrack),
        cmocka_unit_test(diversion),
        cmocka_unit_test(a_diversion_is_told),
        cmocka_unit_test(a_wrong_guess_is_no_diversion),
        cmocka_unit_test(a_call_sign_used_twice_a_day),
        cmocka_unit_test(a_shuttle_of_like_sorties),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
