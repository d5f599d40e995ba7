/* What the rhythm of a place tells of flights nobody heard, and what a sum makes of it. */
#include "ledger/flight.h"
#include "ledger/later.h"
#include "ledger/missed.h"
#include "movement/unheard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

enum { BASE = 1, AWAY = 2, OTHER = 3, MOST = 128 };

struct flights {
    struct unheard_flight of[MOST];
    size_t n;
};

static struct unheard_end end(uint32_t place, double p, int64_t t_ms)
{
    return (struct unheard_end){.place = p >= UNHEARD_SURE ? place : 0,
                                .is_base = place == BASE && p >= UNHEARD_SURE,
                                .base_p = place == BASE ? p : 0,
                                .place_p = p,
                                .lo_ms = t_ms,
                                .hi_ms = t_ms + 60000};
}

static void fly(struct flights *f, uint64_t airframe, uint32_t from, uint32_t to, int64_t off_ms,
                bool heard)
{
    assert_true(f->n < MOST);
    f->of[f->n++] = (struct unheard_flight){.airframe = airframe,
                                            .own = true,
                                            .heard = heard,
                                            .off = end(from, 1, off_ms),
                                            .on = end(to, 1, off_ms + 5 * HOUR_MS)};
}

/* A visit of three hours every other day, all heard; of the first `quiet` nobody heard the way out.
 */
static void visits(struct flights *f, uint64_t airframe, int from, int to, int quiet)
{
    for (int k = from; k < to; k++) {
        fly(f, airframe, AWAY, BASE, k * 2 * DAY_MS, true);
        fly(f, airframe, BASE, AWAY, k * 2 * DAY_MS + 8 * HOUR_MS, k >= quiet);
    }
}

static struct missed_sum sum_of(const struct flights *f, enum ledger_what what, int64_t now_ms,
                                struct ledger_question *q)
{
    struct missed m = {.now_ms = now_ms};
    struct missed_sum s;
    float p[4 * MOST];
    size_t n = 0;
    ledger_question_start(q, what);
    strcpy(q->airport, "DRRN");
    for (size_t i = 0; i < f->n; i++) {
        assert_int_equal(missed_add(missed_group(&m, "airlift_heavy", true), &f->of[i]), ERR_OK);
    }
    assert_true(missed_most(&m) <= 4 * MOST);
    assert_int_equal(missed_sum(&m, q, &s, p, &n, 4 * MOST), ERR_OK);
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(p[i] > 0 && p[i] < 1);
        all += (double)p[i];
    }
    assert_float_equal(all, missed_expected(&s), 1e-4);
    missed_free(&m);
    return s;
}

static void nothing_is_added_where_hearing_is_good(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights f = {0};
    visits(&f, 1, 0, 20, 0);
    fly(&f, 1, AWAY, BASE, 40 * DAY_MS, true); /* and there it stays */
    const struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, 60 * DAY_MS, &q);
    assert_float_equal(missed_expected(&s), 0, 1e-9);
    assert_float_equal(s.heard_out, 1, 1e-9);
}

static void one_that_came_and_was_not_heard_again_left(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights f = {0};
    visits(&f, 1, 0, 20, 5);
    fly(&f, 1, AWAY, BASE, 40 * DAY_MS, true);
    struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, 60 * DAY_MS, &q);
    assert_true(s.ends > 0.6 && s.ends < 0.95);
    assert_float_equal(s.heard_out, 1 - 5.5 / 21, 0.01);
    /* an hour after it came nothing says so, and of arrivals never */
    s = sum_of(&f, LEDGER_DEPARTURES, 40 * DAY_MS + 6 * HOUR_MS, &q);
    assert_float_equal(s.ends, 0, 1e-9);
    s = sum_of(&f, LEDGER_ARRIVALS, 60 * DAY_MS, &q);
    assert_float_equal(s.ends, 0, 1e-9);
}

/* Between two fields side by side nothing tells which it came to: asked of one it counts by as much
   as it came there, and so does what says how much is not heard. */
static void an_arrival_in_doubt_counts_by_its_doubt(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights sure = {0}, doubt = {0};
    visits(&sure, 1, 0, 20, 5);
    fly(&sure, 1, AWAY, BASE, 40 * DAY_MS, true);
    doubt = sure;
    doubt.of[doubt.n - 1].on = end(BASE, 0.6, 40 * DAY_MS + 5 * HOUR_MS);
    const struct missed_sum s = sum_of(&sure, LEDGER_DEPARTURES, 60 * DAY_MS, &q);
    const struct missed_sum d = sum_of(&doubt, LEDGER_DEPARTURES, 60 * DAY_MS, &q);
    assert_float_equal(d.ends, 0.6 * s.ends, 0.02);
    /* next heard to leave elsewhere, it left unheard as surely as it had come */
    fly(&doubt, 1, AWAY, OTHER, 50 * DAY_MS, true);
    const struct missed_sum m = sum_of(&doubt, LEDGER_DEPARTURES, 60 * DAY_MS, &q);
    assert_float_equal(m.ends, 0, 1e-9);
    assert_float_equal(m.heard_out, 1 - (5.6 + 0.5) / (15 + 5.6 + 1), 0.02);
}

static void a_stay_with_room_holds_a_flight_out_and_back(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights f = {0};
    visits(&f, 1, 0, 20, 3);
    fly(&f, 1, AWAY, BASE, 40 * DAY_MS, true);
    fly(&f, 1, BASE, AWAY, 42 * DAY_MS, true);
    const struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, 43 * DAY_MS, &q);
    assert_true(s.stays > 0.5 && s.stays < 0.95);
    const struct missed_sum back = sum_of(&f, LEDGER_ARRIVALS, 43 * DAY_MS, &q);
    assert_float_equal(back.stays, s.stays, 1e-9);
}

/* Two lists: of departures a quarter is not heard, of arrivals a third; so of twelve visits one was
   heard neither coming nor going. */
static void visits_with_neither_end_heard_are_counted(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights f = {0};
    for (int k = 0; k < 36; k++) {
        fly(&f, 1, AWAY, BASE, k * 2 * DAY_MS, k % 3 != 0);
        fly(&f, 1, BASE, AWAY, k * 2 * DAY_MS + 8 * HOUR_MS, k % 4 != 0);
    }
    const struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, 80 * DAY_MS, &q);
    assert_float_equal(s.visits, 36.0 / 11, 0.2);
    assert_true(s.variance_more > 0);
}

static void what_nobody_heard_has_no_call_sign(void **state)
{
    (void)state;
    struct ledger_question q;
    ledger_question_start(&q, LEDGER_DEPARTURES);
    assert_false(missed_is_asked(&q)); /* of no place */
    strcpy(q.airport, "DRRN");
    assert_true(missed_is_asked(&q));
    strcpy(q.callsign, "RCH1");
    assert_false(missed_is_asked(&q));
    q.callsign[0] = 0;
    q.least_p = 0.5F;
    assert_false(missed_is_asked(&q));
    ledger_question_start(&q, LEDGER_STAYS);
    strcpy(q.airport, "DRRN");
    assert_false(missed_is_asked(&q));
}

static void no_flights_say_nothing(void **state)
{
    (void)state;
    struct ledger_question q;
    const struct flights f = {0};
    const struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, DAY_MS, &q);
    assert_float_equal(missed_expected(&s), 0, 1e-9);
}

/* Two fields that nobody hears: flights to and from the other one are not taken for this one's. */
static void what_went_to_another_unheard_field_is_not_counted_here(void **state)
{
    (void)state;
    struct ledger_question q;
    struct flights f = {0};
    visits(&f, 1, 0, 12, 3);
    for (int k = 12; k < 24; k++) {
        fly(&f, 1, AWAY, OTHER, k * 2 * DAY_MS, true);
        f.of[f.n - 1].on.lo_ms -= 2 * HOUR_MS;
        f.of[f.n - 1].on.hi_ms += 2 * HOUR_MS;
        fly(&f, 1, OTHER, AWAY, k * 2 * DAY_MS + 14 * HOUR_MS, true);
        f.of[f.n - 1].off.lo_ms -= 2 * HOUR_MS;
        f.of[f.n - 1].off.hi_ms += 2 * HOUR_MS;
    }
    const struct missed_sum s = sum_of(&f, LEDGER_DEPARTURES, 48 * DAY_MS, &q);
    assert_float_equal(s.ways, 0, 1e-9);
    assert_true(missed_expected(&s) < 1);
}

/* Of a dozen fields that nobody had flown to by then one was flown to ever after. */
static void later_flights_say_where_earlier_ones_were(void **state)
{
    (void)state;
    struct later l = {0};
    assert_float_equal(later_weight(&l, 0, 7), 1, 1e-9); /* nothing is known */
    for (int k = 0; k < 20; k++) {
        assert_int_equal(later_add(&l, (19 - k) * DAY_MS / 2, k % 2 ? BASE : AWAY, 1), ERR_OK);
    }
    assert_int_equal(later_ready(&l), ERR_OK);
    const double base = later_weight(&l, 0, BASE), never = later_weight(&l, 0, OTHER);
    assert_true(base > 10 && never < 0.1);
    assert_float_equal(never, later_weight(&l, 0, UINT32_MAX), 1e-9);
    /* who knew as much by then has nothing to learn, and after weeks without flights all is open */
    assert_float_equal(later_weight(&l, 10 * DAY_MS, BASE), 1, 0.05);
    assert_true(later_weight(&l, 60 * DAY_MS, BASE) < 0.1);
    later_free(&l);
}

/* A landing may correct rows of the flight before it: they come after those of its own. */
static void rows_of_a_leg_may_come_after_the_next_began(void **state)
{
    (void)state;
    const enum claim_kind kind[] = {CLAIM_TOOK_OFF,   CLAIM_LANDED,   CLAIM_TOOK_OFF,
                                    CLAIM_FIRST_SEEN, CLAIM_TOOK_OFF, CLAIM_TOOK_OFF,
                                    CLAIM_LANDED};
    const uint32_t leg[] = {1, 1, 2, 2, 1, 2, 2}, supersedes[] = {0, 0, 0, 0, 1, 3, 0};
    struct claim c[7];
    bool stands[7];
    struct flight f[7];
    for (unsigned i = 0; i < 7; i++) {
        c[i] = claim_none(kind[i], 0x123456, 0);
        c[i].number = i + 1;
        c[i].leg = leg[i];
        c[i].supersedes = supersedes[i];
    }
    flight_standing(c, 7, stands);
    assert_int_equal(flights_of(c, 7, stands, f, 7), 2);
    assert_int_equal(f[0].leg, 1);
    assert_ptr_equal(f[0].off, &c[4]);
    assert_ptr_equal(f[0].on, &c[1]);
    assert_int_equal(f[1].leg, 2);
    assert_ptr_equal(f[1].off, &c[5]);
    assert_ptr_equal(f[1].on, &c[6]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_added_where_hearing_is_good),
        cmocka_unit_test(one_that_came_and_was_not_heard_again_left),
        cmocka_unit_test(an_arrival_in_doubt_counts_by_its_doubt),
        cmocka_unit_test(a_stay_with_room_holds_a_flight_out_and_back),
        cmocka_unit_test(visits_with_neither_end_heard_are_counted),
        cmocka_unit_test(what_nobody_heard_has_no_call_sign),
        cmocka_unit_test(no_flights_say_nothing),
        cmocka_unit_test(what_went_to_another_unheard_field_is_not_counted_here),
        cmocka_unit_test(later_flights_say_where_earlier_ones_were),
        cmocka_unit_test(rows_of_a_leg_may_come_after_the_next_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
