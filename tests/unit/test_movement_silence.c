/* Flights heard in parts: what is said of silences, and that it does not matter who asks when. */
#include "flight_world.h"

#include <stdio.h>

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
    struct flight_probe p = left(A);
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
    /* It left as surely as it landed. */
    assert_float_equal(of_leg(&p, CLAIM_TOOK_OFF, 2)->p, c->p, 1e-6);
    assert_true(c->p < 1);
    finish(&p);
}

static void a_hole_in_cruise_is_no_stop(void **state)
{
    (void)state;
    const struct claim *gap = NULL;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 7.5, 35000, 450);
    p.silent = true;
    flight_to(&p, 45.0, 12.5, 35000, 450);
    p.silent = false;
    flight_cruise(&p, &field[B], 35000, 450);
    flight_land(&p, &field[B]);
    check_landed(&p, 1, B);
    assert_int_equal(flight_count(&p, CLAIM_GAP, &gap), 1);
    assert_true(gap->p < 0.05F);
    finish(&p);
}

static void a_silence_is_taken_back(void **state)
{
    (void)state;
    unsigned withdrawn = 0;
    struct flight_probe p = left(A);
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

/* Many fields ahead, nearly all of them too far for the silence: the one that could be reached and
   left again is where it was, however much likelier the far ones are on the way out. */
static void a_stop_nearer_than_where_it_seemed_bound(void **state)
{
    (void)state;
    enum { FAR = 24, NEAR = FAR, HOME, ALL };
    char far_code[FAR][5];
    struct flight_field set[ALL] = {[NEAR] = {"LNNN", 44.4, 11.2, 300, 90, AIRPORT_MEDIUM},
                                    [HOME] = {"LHHH", 45.0, 5.0, 500, 90, AIRPORT_LARGE}};
    for (int i = 0; i < FAR; i++) {
        snprintf(far_code[i], sizeof far_code[i], "LF%c%c", 'A' + i / 5, 'A' + i % 5);
        set[i] = (struct flight_field){far_code[i], 44.4 + 0.02 * i, 17 + 0.2 * i, 300,
                                       90,          AIRPORT_LARGE};
    }
    struct buf bytes = {0};
    struct airports *view = flight_airports(set, ALL, &bytes);
    assert_non_null(view);
    const struct movement_options o = {.views = {.airports = view}};
    struct flight_probe p = probe_with(&o);
    flight_at(&p, &set[HOME]);
    flight_stand(&p, 100);
    flight_take_off(&p, &set[HOME]);
    flight_to(&p, 45.0, 8.5, 35000, 450);
    p.silent = true;
    flight_cruise(&p, &set[NEAR], 35000, 450);
    flight_land(&p, &set[NEAR]);
    flight_stand(&p, 2400);
    flight_take_off(&p, &set[NEAR]);
    flight_to(&p, 45.0, 8.5, 35000, 450);
    p.silent = false;
    flight_cruise(&p, &set[HOME], 35000, 450);
    flight_land(&p, &set[HOME]);
    flight_done(&p);
    check_legs(&p, 2);
    assert_string_equal(of_leg(&p, CLAIM_LANDED, 1)->candidate[0].airport, "LNNN");
    assert_int_equal(flight_count(&p, CLAIM_TURN_BACK, NULL), 0);
    finish(&p);
    airports_free(view);
    buf_free(&bytes);
}

/* What carries from place to place has no errand that ends where it began, however it went. */
static bool carrier(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out)
{
    (void)address;
    (void)t_ms;
    *out = (struct movement_airframe){.type = {.cruise_kt = 450, .carries = *(bool *)ctx}};
    return true;
}

static unsigned turns_back(bool carries)
{
    const struct movement_options o = {
        .views = {.airports = airports, .airframe = carrier, .airframe_ctx = &carries}};
    struct flight_probe p = probe_with(&o);
    leave(&p, A);
    flight_to(&p, 42.0, 6.0, 30000, 440); /* a bow of half as much again as straight on */
    flight_to(&p, 43.0, 12.0, 30000, 440);
    flight_to(&p, 45.0, 12.5, 30000, 440);
    flight_cruise(&p, &field[A], 30000, 440);
    flight_land(&p, &field[A]);
    check_landed(&p, 1, A);
    const unsigned n = (unsigned)flight_count(&p, CLAIM_TURN_BACK, NULL);
    finish(&p);
    return n;
}

/* It climbs away, is not heard for two days, and climbs out of the same field again: where it was
   meanwhile nobody saw. */
static void who_was_away_for_days_did_not_turn_back(void **state)
{
    (void)state;
    static const struct flight_field set[1] = {{"LHHH", 45.0, 5.0, 500, 90, AIRPORT_LARGE}};
    bool carries = true;
    struct buf bytes = {0};
    struct airports *view = flight_airports(set, 1, &bytes);
    const struct movement_options o = {
        .views = {.airports = view, .airframe = carrier, .airframe_ctx = &carries}};
    struct flight_probe p = probe_with(&o);
    flight_at(&p, &set[0]);
    flight_stand(&p, 100);
    flight_take_off(&p, &set[0]);
    flight_to(&p, 45.0, 7.0, 30000, 440);
    p.silent = true;
    flight_cruise(&p, &set[0], 30000, 440);
    flight_land(&p, &set[0]);
    flight_stand(&p, 2 * 86400);
    flight_take_off(&p, &set[0]);
    p.silent = false;
    flight_to(&p, 45.0, 7.0, 30000, 440);
    flight_done(&p);
    assert_int_equal(flight_count(&p, CLAIM_TURN_BACK, NULL), 0);
    finish(&p);
    airports_free(view);
    buf_free(&bytes);
}

static void who_carries_turns_back(void **state)
{
    (void)state;
    assert_int_equal(turns_back(true), 1);
    assert_int_equal(turns_back(false), 0);
}

/* It stood at one field, is silent for a night, and climbs out of another: what nobody heard has
   rows of its own, and it did not leave from the first for where it is bound now. */
static void a_flight_nobody_heard(void **state)
{
    (void)state;
    struct flight_probe p = probe();
    flight_whole(&p, &field[B], &field[A], 33000, 450);
    p.silent = true;
    p.t_s += 10 * 3600.0;
    leave(&p, B);
    flight_to(&p, 45.2, 17.2, 12000, 300);
    p.silent = false;
    flight_to(&p, 45.6, 20.0, 33000, 450);
    flight_done(&p);
    const struct claim *unheard = of_leg(&p, CLAIM_TOOK_OFF, 2), *on = of_leg(&p, CLAIM_LANDED, 2);
    const struct claim *off = of_leg(&p, CLAIM_TOOK_OFF, 3);
    assert_non_null(unheard);
    assert_non_null(on);
    assert_non_null(off);
    check_at(unheard, A);
    assert_true(unheard->p > 0.5F && unheard->p <= 1);
    assert_int_equal(unheard->method, CLAIM_METHOD_INFERRED_REAPPEARANCE);
    assert_string_equal(on->candidate[0].airport, field[B].code);
    assert_string_equal(off->candidate[0].airport, field[B].code);
    assert_true(off->t_hi_ms - off->t_lo_ms < INT64_C(11) * 3600000);
    finish(&p);
}

/* The last row standing of this kind and leg, and the first that was said. */
static const struct claim *said_again(const struct flight_probe *p, enum claim_kind kind,
                                      uint32_t leg, const struct claim **first)
{
    const struct claim *last = NULL;
    *first = NULL;
    for (size_t i = 0; i < p->claims; i++) {
        if (p->claim[i].kind == kind && p->claim[i].leg == leg) {
            *first = *first ? *first : &p->claim[i];
            last = &p->claim[i];
        }
    }
    return last;
}

/* It stood at one field and is found in the air after a night, and lands where it had stood: it
   came back from somewhere, and the flight there, which nobody heard, is the surer for it. */
static void where_it_lands_tells_where_it_came_from(void **state)
{
    (void)state;
    const struct claim *first;
    struct flight_probe p = probe();
    flight_whole(&p, &field[B], &field[A], 33000, 450);
    p.silent = true;
    p.t_s += 10 * 3600.0;
    leave(&p, B);
    flight_to(&p, 44.0, 12.5, 33000, 450);
    flight_to(&p, 45.0, 12.6, 33000, 450);
    p.silent = false;
    flight_to(&p, 45.3, 12.7, 33000, 450); /* not yet to where it will go */
    flight_cruise(&p, &field[A], 33000, 450);
    flight_land(&p, &field[A]);
    flight_stand(&p, 200);
    flight_done(&p);
    const struct claim *unheard = said_again(&p, CLAIM_TOOK_OFF, 2, &first);
    assert_non_null(unheard);
    assert_ptr_not_equal(unheard, first);
    assert_int_equal(unheard->supersedes, first->number);
    assert_true(unheard->p > first->p + 0.02F && unheard->p <= 1);
    const struct claim *on = said_again(&p, CLAIM_LANDED, 2, &first);
    assert_float_equal(on->p, unheard->p, 1e-6);
    const struct claim *off = said_again(&p, CLAIM_TOOK_OFF, 3, &first);
    assert_int_equal(off->supersedes, first->number);
    assert_true(off->made_ms > first->made_ms);
    assert_string_equal(first->candidate[0].airport, field[A].code);
    assert_string_not_equal(off->candidate[0].airport, field[A].code);
    finish(&p);
}

/* Lost on its way out, half a day later it stands where it came from: it was there and came back.
 */
static void there_and_back_unheard(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 12.0, 33000, 450);
    p.t_s += 12 * 3600.0;
    flight_at(&p, &field[A]);
    flight_stand(&p, 200);
    flight_done(&p);
    const struct claim *on = of_leg(&p, CLAIM_LANDED, 1), *off = of_leg(&p, CLAIM_TOOK_OFF, 2);
    const struct claim *back = of_leg(&p, CLAIM_LANDED, 2);
    assert_non_null(on);
    assert_non_null(off);
    assert_non_null(back);
    assert_string_not_equal(on->candidate[0].airport, field[A].code);
    assert_string_equal(back->candidate[0].airport, field[A].code);
    assert_true(off->p > 0.5F);
    assert_true(on->t_lo_ms < back->t_lo_ms && on->t_hi_ms < back->t_hi_ms);
    finish(&p);
}

/* Two days after it was lost over the sea between it climbs out of the field ahead: its landing
   there is said then, in the place of what was thought before. */
static void a_closed_flight_is_found_again(void **state)
{
    (void)state;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 12.0, 33000, 450);
    p.silent = true;
    p.t_s += 48 * 3600.0;
    leave(&p, B);
    p.silent = false;
    flight_to(&p, 45.3, 18.0, 15000, 350);
    flight_to(&p, 45.6, 20.0, 33000, 450);
    flight_done(&p);
    const struct claim *on = of_leg(&p, CLAIM_LANDED, 1), *leg = of_leg(&p, CLAIM_LEG, 1);
    assert_non_null(on);
    assert_non_null(leg);
    assert_string_equal(on->candidate[0].airport, field[B].code);
    assert_int_equal(on->method, CLAIM_METHOD_INFERRED_GAP);
    assert_int_equal(flight_count(&p, CLAIM_FLIGHT_ENDED, NULL), 1);
    assert_true(on->t_hi_ms - on->t_lo_ms < INT64_C(49) * 3600000);
    finish(&p);
}

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

static void circle(struct flight_probe *p, unsigned laps)
{
    for (unsigned i = 0; i < 16 * laps; i++) {
        const double angle = i * 2 * M_PI / 16;
        flight_to(p, 45.0 + 0.1 * sin(angle), 7.5 + 0.14 * cos(angle), 20000, 250);
    }
}

/* Live, an orbit is told while it is flown: by its fourth lap, again where it is surer, and each
   row supersedes the one before, up to that of its end. */
static void an_orbit_is_told_while_it_is_flown(void **state)
{
    (void)state;
    const struct movement_options o = {.views = {.airports = airports}, .live = true};
    struct flight_probe p = probe_with(&o);
    leave(&p, A);
    flight_to(&p, 45.0, 7.5, 20000, 250);
    circle(&p, 1);
    const struct claim *c = NULL;
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 0);
    circle(&p, 3);
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 1);
    assert_int_equal(c->flags & (CLAIM_GOES_ON | CLAIM_OPEN), CLAIM_GOES_ON | CLAIM_OPEN);
    assert_in_range(c->turns, 2, 3);
    assert_in_range(c->evidence.fixes, 16, 1000);
    assert_true(c->p >= 0.7F);
    assert_int_equal(c->supersedes, 0);
    circle(&p, 4);
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 1);
    assert_true(c->p >= 0.95F);
    flight_to(&p, 45.0, 12, 20000, 400);
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 1);
    assert_int_equal(c->flags & (CLAIM_GOES_ON | CLAIM_OPEN), 0);
    uint32_t before = 0;
    unsigned rows = 0;
    for (unsigned i = 0; i < p.claims; i++) {
        if (p.claim[i].kind == CLAIM_ORBIT) {
            assert_int_equal(p.claim[i].supersedes, before);
            before = p.claim[i].number;
            rows++;
        }
    }
    assert_in_range(rows, 3, 4);
    flight_done(&p);
    finish(&p);
}

/* An orbit that ends in silence is told when the flight is given up, not when it is heard again. */
static void an_orbit_ends_in_silence(void **state)
{
    (void)state;
    const struct claim *c = NULL;
    struct flight_probe p = left(A);
    flight_to(&p, 45.0, 7.5, 20000, 250);
    circle(&p, 6);
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 0);
    movement_tick(p.m, llround(p.t_s * 1000) + INT64_C(72) * 3600000, flight_take, &p);
    assert_int_equal(flight_count(&p, CLAIM_ORBIT, &c), 1);
    flight_done(&p);
    finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ground_fix_missing_at_both_ends),
        cmocka_unit_test(a_stop_shorter_than_the_hole),
        cmocka_unit_test(a_hole_in_cruise_is_no_stop),
        cmocka_unit_test(a_silence_is_taken_back),
        cmocka_unit_test(a_stop_nearer_than_where_it_seemed_bound),
        cmocka_unit_test(who_was_away_for_days_did_not_turn_back),
        cmocka_unit_test(who_carries_turns_back),
        cmocka_unit_test(a_flight_nobody_heard),
        cmocka_unit_test(where_it_lands_tells_where_it_came_from),
        cmocka_unit_test(there_and_back_unheard),
        cmocka_unit_test(a_closed_flight_is_found_again),
        cmocka_unit_test(ticks_change_no_row),
        cmocka_unit_test(an_orbit_is_told_while_it_is_flown),
        cmocka_unit_test(an_orbit_ends_in_silence),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
