/* Clearances against flights, days and each other, on small cases reckoned by hand. */
#include "operation/match.h"

#include "operation_made.h"

#include <stdlib.h>
#include <string.h>

static void clearances_must_go_together(void **state)
{
    (void)state;
    struct operation o;
    make(&o);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "A", "country", "NE", "use", "landing", "state",
                         "approved", "from", "2024-06-10", "to", "2024-06-20"),
                     ERR_OK);
    REFUSED(&o, ITEM_CLEARANCE, "B", "from: A is approved for the same flights", "country", "NE",
            "use", "landing", "state", "approved", "from", "2024-06-15", "to", "2024-06-25");
    REFUSED(&o, ITEM_CLEARANCE, "B", "state: A is approved for the same flights", "country", "NE",
            "use", "landing", "state", "refused", "from", "2024-06-15", "to", "2024-06-18");
    REFUSED(&o, ITEM_CLEARANCE, "B", "to: it is not before from", "country", "NE", "use", "landing",
            "state", "approved", "from", "2024-06-15", "to", "2024-06-01");
    REFUSED(&o, ITEM_CLEARANCE, "B", "replaces: no clearance here", "country", "NE", "use",
            "landing", "state", "approved", "from", "2024-06-15", "to", "2024-06-25", "replaces",
            "Z");
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "B", "country", "NE", "use", "landing", "state",
                         "approved", "from", "2024-06-15", "to", "2024-06-25", "replaces", "A"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "C", "country", "NE", "use", "overflight", "state",
                         "approved", "from", "2024-06-15", "to", "2024-06-25"),
                     ERR_OK);
    operation_free(&o);
}

static void clearances_are_judged_only_where_it_was_seen(void **state)
{
    (void)state;
    struct operation o;
    struct clearance_finding f[CLEARANCE_FINDINGS];
    make(&o);
    struct sortie s = flight(1, START + 4 * DAY_MS, "DRRN", "ETAR");
    assert_int_equal(PUT(&o, ITEM_RULE, "DE", "landing", "free"), ERR_OK);
    s.states = 1;
    s.state[0] = (struct sortie_state){"DZ", s.off.lo_ms + HOUR_MS, s.off.lo_ms + 2 * HOUR_MS};
    assert_int_equal(clearance_find(&o, NULL, &s, INT64_MAX, f), 2);
    assert_string_equal(f[0].country, "NE");
    assert_int_equal(f[0].state, CLEARANCE_NONE);
    assert_int_equal(f[1].state, CLEARANCE_NONE);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "N", "country", "NE", "use", "landing", "state",
                         "approved", "tails", "ae0002", "from", "2024-06-10", "to", "2024-06-12"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "D", "country", "DZ", "use", "overflight", "state",
                         "approved", "tails", "ae0002", "from", "2024-06-12", "to", "2024-06-13"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "L", "country", "LY", "use", "overflight", "state",
                         "approved", "tails", "ae0002", "from", "2024-06-10", "to", "2024-06-12"),
                     ERR_OK);
    assert_int_equal(clearance_find(&o, NULL, &s, INT64_MAX, f), 3);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    assert_int_equal(f[1].state, CLEARANCE_OUTSIDE);
    assert_string_equal(f[2].country, "LY");
    assert_int_equal(f[2].state, CLEARANCE_UNKNOWN);
    s.off.observed = false; /* inferred, and not seen over Niger */
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_UNKNOWN);
    /* By day: from midnight to midnight, a day after. */
    assert_int_equal(PUT(&o, ITEM_RULE, "DZ", "mode", "day", "before_h", "24"), ERR_OK);
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[1].state, CLEARANCE_INSIDE);
    operation_free(&o);
}

#define OVERFLIGHT(o, key, sign, from, to, since, until)                                           \
    assert_int_equal(PUT(o, ITEM_CLEARANCE, key, "country", "DZ", "use", "overflight", "state",    \
                         "approved", "tails", "ae0002", "callsigns", sign, "origin", from,         \
                         "destination", to, "from", since, "to", until),                           \
                     ERR_OK)

static void a_clearance_is_for_one_way_and_one_rotation(void **state)
{
    (void)state;
    struct operation o;
    struct clearance_finding f[CLEARANCE_FINDINGS];
    make(&o);
    struct sortie s = flight(1, START + 4 * DAY_MS, "DRRN", "ETAR");
    assert_int_equal(PUT(&o, ITEM_RULE, "NE", "landing", "free"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_RULE, "DE", "landing", "free"), ERR_OK);
    s.states = 2; /* seen twice, a hole between */
    s.state[0] = (struct sortie_state){"DZ", s.off.lo_ms + HOUR_MS, s.off.lo_ms + HOUR_MS};
    s.state[1] = (struct sortie_state){"DZ", s.off.lo_ms + 2 * HOUR_MS, s.off.lo_ms + 3 * HOUR_MS};
    OVERFLIGHT(&o, "IN", "RCH1", "ETAR", "DRRN", "2024-06-10", "2024-06-12");
    assert_int_equal(clearance_find(&o, NULL, &s, INT64_MAX, f), 1);
    assert_int_equal(f[0].state, CLEARANCE_NONE); /* valid now, for the way there */
    OVERFLIGHT(&o, "OTHER", "RCH7", "DRRN", "ETAR", "2024-06-11T12:00:00Z", "2024-06-13");
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_NONE); /* another rotation's, of the same airframe */
    memcpy(s.came_as, "RCH7", 5);
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_OUTSIDE); /* its own: it came as RCH7 */
    OVERFLIGHT(&o, "OUT", "RCH1", "DRRN", "ETAR", "2024-06-11T01:30:00Z", "2024-06-13");
    assert_int_equal(clearance_find(&o, NULL, &s, INT64_MAX, f), 1);
    assert_int_equal(f[0].state, CLEARANCE_OUTSIDE); /* the first of its passages was before */
    assert_string_equal(f[0].clearance->key, "OUT");
    s.state[0] = s.state[1];
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    operation_free(&o);
}

static void days_without_clearance_are_known(void **state)
{
    (void)state;
    struct operation o;
    make(&o);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "A", "country", "NE", "use", "landing", "state",
                         "approved", "decided", "2024-06-08", "from", "2024-06-10", "to",
                         "2024-06-12"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "B", "country", "NE", "use", "landing", "state",
                         "approved", "decided", "2024-06-11", "from", "2024-06-20", "to",
                         "2024-06-22"),
                     ERR_OK);
    const int32_t day = (int32_t)(START / DAY_MS); /* 7 June */
    const int64_t late = START + 10 * DAY_MS, early = START + 2 * DAY_MS;
    assert_int_equal(clearance_day(&o, "NE", day + 4, late), CLEARANCE_DAY_VALID);
    assert_int_equal(clearance_day(&o, "NE", day + 8, late), CLEARANCE_DAY_NONE);
    assert_int_equal(clearance_day(&o, "NE", day + 8, early), CLEARANCE_DAY_UNKNOWN);
    assert_int_equal(clearance_day(&o, "NE", day + 40, late), CLEARANCE_DAY_UNKNOWN);
    assert_int_equal(clearance_day(&o, "DZ", day, late), CLEARANCE_DAY_UNKNOWN);
    int64_t at;
    assert_true(clearance_lapses(&o, "NE", START + 14 * DAY_MS, 3 * DAY_MS, &at));
    assert_int_equal(at, START + 15 * DAY_MS);
    assert_false(clearance_lapses(&o, "NE", START + 10 * DAY_MS, 3 * DAY_MS, &at));
    operation_free(&o);
}

static void what_lapses_next_is_told_with_its_last_instant(void **state)
{
    (void)state;
    struct operation o;
    struct clearance_end e[4];
    make(&o);
    assert_int_equal(PUT(&o, ITEM_RULE, "NE", "after_h", "6"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "A", "country", "NE", "use", "landing", "state",
                         "approved", "tails", "ae0002", "from", "2024-06-10", "to", "2024-06-12"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "B", "country", "DZ", "use", "overflight", "state",
                         "approved", "tails", "ae0002", "from", "2024-06-10", "to", "2024-06-11"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "C", "country", "LY", "use", "overflight", "state",
                         "requested", "from", "2024-06-10", "to", "2024-06-11"),
                     ERR_OK);
    const int64_t now = START + (int64_t)(3.5 * (double)DAY_MS);
    assert_int_equal(clearance_ends(&o, now, 2 * DAY_MS, e, 4), 2);
    assert_string_equal(e[0].c->key, "B");
    assert_int_equal(e[0].to_ms, START + 4 * DAY_MS);
    assert_string_equal(e[1].c->key, "A");
    assert_int_equal(e[1].to_ms, START + 5 * DAY_MS + 6 * HOUR_MS); /* its country's rule */
    assert_true(e[1].is_last);
    assert_int_equal(clearance_ends(&o, now, 2 * DAY_MS, e, 1), 1);
    assert_string_equal(e[0].c->key, "B");
    assert_int_equal(clearance_ends(&o, now - DAY_MS, 5 * DAY_MS, e, 4), 0); /* not valid yet */
    /* One for the same airframe later: A is not the last; one in the place of B: B is none. */
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "A2", "country", "NE", "use", "landing", "state",
                         "approved", "tails", "ae0002,ae0003", "from", "2024-06-14", "to",
                         "2024-06-15"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "B2", "country", "DZ", "use", "overflight", "state",
                         "approved", "tails", "ae0002", "replaces", "B", "from", "2024-06-10", "to",
                         "2024-06-13"),
                     ERR_OK);
    assert_int_equal(clearance_ends(&o, now, 2 * DAY_MS, e, 4), 1);
    assert_string_equal(e[0].c->key, "A");
    assert_false(e[0].is_last);
    operation_free(&o);
}

static void one_for_one_flight_alone_is_no_others(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    struct clearance_finding f[CLEARANCE_FINDINGS];
    make(&o);
    assert_int_equal(PUT(&o, ITEM_RULE, "NE", "landing", "free"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_RULE, "DE", "landing", "free"), ERR_OK);
    struct sortie s[2] = {flight(1, START + 4 * DAY_MS, "DRRN", "ETAR"),
                          flight(4, START + 5 * DAY_MS, "DRRN", "ETAR")};
    for (unsigned k = 0; k < 2; k++) {
        s[k].states = 1;
        s[k].state[0] =
            (struct sortie_state){"DZ", s[k].off.lo_ms + HOUR_MS, s[k].off.lo_ms + 2 * HOUR_MS};
    }
    OVERFLIGHT(&o, "FIRST", "RCH1", "DRRN", "ETAR", "2024-06-10T12:00:00Z", "2024-06-13");
    OVERFLIGHT(&o, "LATE", "RCH1", "DRRN", "ETAR", "2024-06-12T12:00:00Z", "2024-06-14");
    assert_int_equal(match_all(&o, s, 2, START + 30 * DAY_MS, &m), ERR_OK);
    clearance_find(&o, &m.taken, &m.of[m.n - 1].s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE); /* nobody says that it is used up */
    matches_free(&m);
    assert_int_equal(PUT(&o, ITEM_RULE, "DZ", "once", "yes"), ERR_OK);
    assert_int_equal(match_all(&o, s, 2, START + 30 * DAY_MS, &m), ERR_OK);
    clearance_find(&o, &m.taken, &m.of[0].s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    assert_string_equal(f[0].clearance->key, "FIRST");
    clearance_find(&o, &m.taken, &m.of[m.n - 1].s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_OUTSIDE); /* its own began after it had passed */
    assert_string_equal(f[0].clearance->key, "LATE");
    matches_free(&m);
    operation_free(&o);
}

/* Two visits by one airframe under one call sign; the clearance was for the first. */
static void a_landing_clearance_is_for_one_visit(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    struct clearance_finding f[CLEARANCE_FINDINGS];
    make(&o);
    assert_int_equal(PUT(&o, ITEM_RULE, "NE", "once", "yes"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_RULE, "DE", "landing", "free"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "L", "country", "NE", "use", "landing", "state",
                         "approved", "callsigns", "RCH1", "from", "2024-06-10", "to", "2024-06-14"),
                     ERR_OK);
    struct sortie s[4];
    for (unsigned k = 0; k < 4; k++) {
        const int64_t t_ms = START + (4 + 2 * (k / 2)) * DAY_MS + (k % 2) * 8 * HOUR_MS;
        s[k] = flight(3 * k, t_ms, k % 2 ? "DRRN" : "ETAR", k % 2 ? "ETAR" : "DRRN");
        strcpy((k % 2 ? &s[k].on : &s[k].off)->place[0].country, "DE");
        strcpy((k % 2 ? &s[k].off : &s[k].on)->place[0].country, "NE");
    }
    static const enum clearance_state wanted[] = {CLEARANCE_INSIDE, CLEARANCE_INSIDE,
                                                  CLEARANCE_NONE, CLEARANCE_NONE};
    assert_int_equal(match_all(&o, s, 4, START + 30 * DAY_MS, &m), ERR_OK);
    for (unsigned k = 0; k < 4; k++) {
        assert_int_equal(clearance_find(&o, &m.taken, &m.of[k].s, INT64_MAX, f), 1);
        assert_int_equal(f[0].leaving, k % 2);
        assert_int_equal(f[0].state, wanted[k]);
    }
    matches_free(&m);
    /* The one that came first was not heard, nor was the way in of the second known well. */
    s[2].on.hi_ms += 13 * HOUR_MS;
    s[2].on.observed = false;
    s[2].states = 1;
    s[2].state[0] = (struct sortie_state){"NE", s[2].on.lo_ms, s[2].on.lo_ms};
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "L", "country", "NE", "use", "landing", "state",
                         "approved", "callsigns", "RCH1", "from", "2024-06-20", "to", "2024-06-24"),
                     ERR_OK);
    clearance_find(&o, NULL, &s[2], INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_UNKNOWN); /* not seen enough to say "none" */
    operation_free(&o);
}

static void an_operators_letters_are_all_its_flights(void **state)
{
    (void)state;
    struct operation o;
    struct clearance_finding f[CLEARANCE_FINDINGS];
    make(&o);
    struct sortie s = flight(1, START + 4 * DAY_MS, "DRRN", "DNAA");
    memcpy(s.on.place[0].country, "NG", 3);
    memcpy(s.callsign, "UNO901F", 8);
    assert_int_equal(PUT(&o, ITEM_RULE, "NE", "landing", "needed", "once", "yes"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_RULE, "NG", "landing", "free"), ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "B", "country", "NE", "use", "landing", "state",
                         "approved", "callsigns", "UNO", "from", "2024-06-08", "to", "2024-06-15"),
                     ERR_OK);
    assert_int_equal(clearance_find(&o, NULL, &s, INT64_MAX, f), 1);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    /* A block is nobody's alone, though the country's clearances are for one visit each. */
    struct sortie two[2] = {s, s};
    two[1].leg++;
    struct clearance_taken taken;
    assert_int_equal(clearance_take(&o, two, 2, sizeof *two, &taken), ERR_OK);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(clearance_find(&o, &taken, &two[k], INT64_MAX, f), 1);
        assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    }
    clearance_taken_free(&taken);
    memcpy(s.callsign, "UNOMAD", 7); /* no flight of the operator */
    clearance_find(&o, NULL, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_NONE);
    /* Against the block: one flight of it refused. */
    REFUSED(&o, ITEM_CLEARANCE, "C", "state: B is approved for the same flights", "country", "NE",
            "use", "landing", "state", "refused", "callsigns", "UNO12", "from", "2024-06-10", "to",
            "2024-06-10");
    operation_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clearances_must_go_together),
        cmocka_unit_test(clearances_are_judged_only_where_it_was_seen),
        cmocka_unit_test(a_clearance_is_for_one_way_and_one_rotation),
        cmocka_unit_test(days_without_clearance_are_known),
        cmocka_unit_test(one_for_one_flight_alone_is_no_others),
        cmocka_unit_test(a_landing_clearance_is_for_one_visit),
        cmocka_unit_test(what_lapses_next_is_told_with_its_last_instant),
        cmocka_unit_test(an_operators_letters_are_all_its_flights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
