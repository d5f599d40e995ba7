/* Flights that the operation's other flights tell of: ends the ledger could not place, stops nobody
   heard, and how many more there may be. */
#include "operation/habit.h"
#include "operation/hidden.h"
#include "operation/tally.h"
#include "operation/verdict.h"
#include "operation_made.h"

#include <stdlib.h>

enum { ROUNDS = 12 };

/* Each airframe by turns: ETAR - DRRN - ETAR every two days. Two flights a round. */
static void rotate(struct sortie s[2 * ROUNDS])
{
    for (unsigned k = 0; k < ROUNDS; k++) {
        struct sortie *in = &s[2 * k], *out = &s[2 * k + 1];
        *in = flight(0, START + (int64_t)(2 * k) * DAY_MS, "ETAR", "DRRN");
        *out = flight(0, START + (int64_t)(2 * k) * DAY_MS + 9 * HOUR_MS, "DRRN", "ETAR");
        strcpy(in->off.place[0].country, "DE");
        strcpy(in->on.place[0].country, "NE");
        in->leg = 2 * k + 1;
        out->leg = 2 * k + 2;
    }
}

static void doubt(struct sortie_end *e, const char *first, float p, const char *second, float q)
{
    e->observed = false;
    e->places = 2;
    e->place[1] = e->place[0];
    strcpy(e->place[0].code, first);
    strcpy(e->place[1].code, second);
    e->place[0].p = p;
    e->place[1].p = q;
}

static const struct match *find(const struct matches *m, uint32_t leg)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->of[i].s.leg == leg && !m->of[i].s.implied) {
            return &m->of[i];
        }
    }
    return NULL;
}

static void an_end_is_weighed_by_where_the_others_went(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    struct sortie s[2 * ROUNDS];
    make(&o);
    rotate(s);
    doubt(&s[10].on, "DNPM", 0.6F, "DRRN", 0.35F); /* came and left, seen over neither */
    doubt(&s[11].off, "DNPM", 0.6F, "DRRN", 0.35F);
    assert_int_equal(match_all(&o, s, 2 * ROUNDS, START + 90 * DAY_MS, &m), ERR_OK);
    const struct match *x = find(&m, 12);
    assert_non_null(x);
    assert_string_equal(x->s.off.place[0].code, "DRRN");
    assert_true(x->by_habit && x->leaves > 0.8F && x->leaves < 0.955F); /* of 0.95 in all */
    assert_true(x->s.off.place[0].p <= HABIT_MOST); /* never as sure as a path */
    assert_true(x->s.off.place[0].told > 0.349F && x->s.off.place[0].told < 0.351F);
    struct verdict_of of;
    assert_int_equal(PUT(&o, ITEM_CLAIM, "c", "text", "x", "by", "y", "published", "2024-07-10",
                         "event", "departure", "as_of", "2024-06-17T23:59:59Z", "place", "DRRN"),
                     ERR_OK);
    assert_int_equal(
        verdict_find(&o, &m, operation_find(&o, ITEM_CLAIM, "c"), START + 90 * DAY_MS, &of),
        ERR_OK);
    assert_int_equal(of.verdict, VERDICT_CONSISTENT); /* habit supports nothing */
    matches_free(&m);
    operation_free(&o);
}

static void what_is_usual_changes_with_time(void **state)
{
    (void)state;
    struct sortie s[4 * ROUNDS];
    bool own[4 * ROUNDS];
    rotate(s);
    rotate(s + 2 * ROUNDS);
    for (unsigned k = 0; k < 4 * ROUNDS; k++) {
        own[k] = true;
        if (k >= 2 * ROUNDS) { /* two months later all go to Agadez */
            struct sortie_end *e = k % 2 ? &s[k].off : &s[k].on;
            strcpy(e->place[0].code, "DRZA");
            s[k].off.lo_ms += 60 * DAY_MS;
            s[k].off.hi_ms += 60 * DAY_MS;
            s[k].on.lo_ms += 60 * DAY_MS;
            s[k].on.hi_ms += 60 * DAY_MS;
        }
    }
    doubt(&s[4].on, "DRZA", 0.5F, "DRRN", 0.5F);
    doubt(&s[2 * ROUNDS + 8].on, "DRRN", 0.5F, "DRZA", 0.5F);
    assert_int_equal(habit_weigh(s, own, 4 * ROUNDS, NULL, 0), ERR_OK);
    assert_string_equal(s[4].on.place[0].code, "DRRN");
    assert_string_equal(s[2 * ROUNDS + 8].on.place[0].code, "DRZA");
    assert_true(s[4].on.place[0].p > 0.9F && s[2 * ROUNDS + 8].on.place[0].p > 0.9F);
    assert_true(s[1].off.place[0].told > 0.99F && s[1].off.place[0].more <= 0);
}

/* Seen over neither of two bases: not likely at that from which nothing may leave yet. */
static void a_base_where_nothing_is_ready_is_the_less_likely(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    for (int ready = 0; ready < 2; ready++) {
        struct sortie s[2 * ROUNDS];
        make(&o);
        assert_int_equal(PUT(&o, ITEM_BASE, "DRZA", "role", "onload"), ERR_OK);
        assert_int_equal(PUT(&o, ITEM_LINE, "A1", "what", "x", "quantity", "100", "unit", "t",
                             "from", "DRZA", "ready", ready ? "2024-06-07" : "2024-07-08"),
                         ERR_OK);
        rotate(s);
        for (unsigned k = 0; k < 2 * ROUNDS; k++) { /* habit alone would go either way */
            doubt(k % 2 ? &s[k].off : &s[k].on, "DRZA", 0.6F, "DRRN", 0.35F);
        }
        assert_int_equal(match_all(&o, s, 2 * ROUNDS, START + 90 * DAY_MS, &m), ERR_OK);
        const struct match *x = find(&m, 12);
        assert_non_null(x);
        assert_string_equal(x->base, ready ? "DRZA" : "DRRN");
        assert_true(x->leaves > 0.9F); /* from one of the two, either way */
        matches_free(&m);
        operation_free(&o);
    }
}

static void few_flights_are_no_habit(void **state)
{
    (void)state;
    struct sortie s[2] = {flight(0, START, "ETAR", "DRRN"),
                          flight(0, START + DAY_MS, "DRRN", "ETAR")};
    const bool own[2] = {true, true};
    doubt(&s[0].on, "DNPM", 0.6F, "DRRN", 0.35F);
    assert_int_equal(habit_weigh(s, own, 2, NULL, 0), ERR_OK);
    assert_string_equal(s[0].on.place[0].code, "DNPM");
    assert_int_equal(habit_weigh(s, own, 0, NULL, 0), ERR_OK);
}

/* It stood at ETAR, and is next heard landing there: nobody ever heard one fly from there to there.
 */
static void a_stop_between_two_ends_of_one_place(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    struct sortie s[2 * ROUNDS];
    make(&o);
    rotate(s);
    s[12] = s[13]; /* the way there was not heard */
    s[12].leg = 13;
    strcpy(s[12].off.place[0].code, "ETAR");
    s[12].off.observed = false;
    s[12].off.lo_ms = s[11].on.hi_ms + HOUR_MS;
    s[12].off.hi_ms = s[13].off.hi_ms + HOUR_MS;
    memmove(&s[13], &s[14], (2 * ROUNDS - 14) * sizeof *s);
    assert_int_equal(match_all(&o, s, 2 * ROUNDS - 1, START + 2 * ROUNDS * DAY_MS, &m), ERR_OK);
    double between = 0;
    for (size_t i = 0; i < m.n; i++) {
        between += m.of[i].s.implied ? (double)m.of[i].leaves : 0;
    }
    assert_true(between > 0.85 && between < 0.95);
    struct tally_sum sum;
    assert_int_equal(tally_sum(&o, &m, TALLY_OUT, "DRRN", 0, INT64_MAX, &sum), ERR_OK);
    assert_true(sum.sum.low <= ROUNDS && sum.sum.high >= ROUNDS);
    assert_true(m.unseen_low <= m.unseen && m.unseen <= m.unseen_high);
    matches_free(&m);
    operation_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_weighed_by_where_the_others_went),
        cmocka_unit_test(what_is_usual_changes_with_time),
        cmocka_unit_test(a_base_where_nothing_is_ready_is_the_less_likely),
        cmocka_unit_test(few_flights_are_no_habit),
        cmocka_unit_test(a_stop_between_two_ends_of_one_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
