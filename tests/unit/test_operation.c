/* The operation's items, matching, clearances, claims and forecast, on small cases reckoned by
 * hand. */
#include "operation/board.h"
#include "operation/forecast.h"
#include "operation/verdict.h"
#include "operation/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS  INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define START   INT64_C(1717718400000) /* 2024-06-07T00:00:00Z */

static enum err put(struct operation *o, enum item_kind kind, const char *key,
                    const char *const *said, char why[ITEM_WHY_MAX])
{
    struct item i;
    enum err e = item_start(&i, kind, key, why, ITEM_WHY_MAX);
    for (; !e && *said; said += 2) {
        e = item_set(&i, said[0], said[1], why, ITEM_WHY_MAX);
    }
    e = e ? e : item_check(&i, START, why, ITEM_WHY_MAX);
    e = e ? e : operation_check(o, &i, why, ITEM_WHY_MAX);
    e = e ? e : operation_put(o, &i);
    item_free(&i);
    return e;
}

#define PUT(o, kind, key, ...)                                                                     \
    put(o, kind, key, (const char *const[]){__VA_ARGS__, NULL}, (char[ITEM_WHY_MAX]){0})

static void assert_refused(struct operation *o, enum item_kind kind, const char *key,
                           const char *const *said, const char *begins)
{
    char why[ITEM_WHY_MAX] = "";
    const size_t before = o->n;
    assert_int_not_equal(put(o, kind, key, said, why), ERR_OK);
    if (strncmp(why, begins, strlen(begins)) != 0) {
        fail_msg("'%s' does not begin with '%s'", why, begins);
    }
    assert_int_equal(o->n, before);
}

#define REFUSED(o, kind, key, begins, ...)                                                         \
    assert_refused(o, kind, key, (const char *const[]){__VA_ARGS__, NULL}, begins)

static void make(struct operation *o)
{
    *o = (struct operation){0};
    assert_int_equal(PUT(o, ITEM_HEAD, "test", "name", "A test", "purpose", "withdrawal", "parties",
                         "US", "types", "C17", "start", "2024-06-07", "deadline",
                         "2024-09-15T23:59:59+01:00", "closure", "last_departure"),
                     ERR_OK);
    assert_int_equal(
        PUT(o, ITEM_BASE, "DRRN", "role", "onload", "mog", "2", "hours", "12", "ground_h", "2"),
        ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "low", "type", "C17", "edition", "E", "role", "low",
                         "payload", "25", "unit", "t", "source", "S"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "plan", "type", "C17", "edition", "E", "role", "plan",
                         "payload", "59", "unit", "t", "source", "S"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_FACTOR, "max", "type", "C17", "edition", "E", "role", "max",
                         "payload", "77.5", "unit", "t", "source", "S", "seats", "188"),
                     ERR_OK);
}

static struct sortie flight(unsigned number, int64_t off_ms, const char *from, const char *to)
{
    struct sortie s = {.address = 0xae0001 + number % 3,
                       .leg = number,
                       .military = true,
                       .is_sortie = true,
                       .is_over = true,
                       .country = "US",
                       .type = "C17",
                       .callsign = "RCH1"};
    s.off = (struct sortie_end){.known = true,
                                .observed = true,
                                .places = 1,
                                .p = 1,
                                .lo_ms = off_ms,
                                .hi_ms = off_ms + 60000};
    strcpy(s.off.place[0].code, from);
    strcpy(s.off.place[0].country, "NE");
    s.off.place[0].p = 1;
    s.on = s.off;
    s.on.lo_ms = s.on.hi_ms = off_ms + 5 * HOUR_MS;
    strcpy(s.on.place[0].code, to);
    strcpy(s.on.place[0].country, "DE");
    return s;
}

/* ---- items ---- */

static void bad_values_are_named(void **state)
{
    (void)state;
    struct operation o;
    make(&o);
    REFUSED(&o, ITEM_LINE, "L1", "quantity: '-5' is negative", "what", "x", "quantity", "-5");
    REFUSED(&o, ITEM_LINE, "L1", "unit: 'tonnes' is no unit", "what", "x", "quantity", "5", "unit",
            "tonnes");
    REFUSED(&o, ITEM_LINE, "L1", "unit: a line says it", "what", "x", "quantity", "5", "from",
            "DRRN");
    REFUSED(&o, ITEM_LINE, "L1", "from: 'XXXX' is no base", "what", "x", "quantity", "5", "unit",
            "t", "from", "XXXX");
    REFUSED(&o, ITEM_LINE, "L1", "colour: a line has no such field", "colour", "red");
    REFUSED(&o, ITEM_CLAIM, "C1", "text: '<script>alert(1)</script>' holds markup", "text",
            "<script>alert(1)</script>");
    REFUSED(&o, ITEM_CLAIM, "C1", "text: 'a\nb' holds a control character", "text", "a\nb");
    REFUSED(&o, ITEM_CLAIM, "C1", "url: ", "url", "javascript:alert(1)");
    REFUSED(&o, ITEM_CLAIM, "C1", "unit: a quantity says its unit", "text", "x", "by", "y",
            "published", "2024-07-01", "event", "total_moved", "low", "5");
    REFUSED(&o, ITEM_CLAIM, "C1", "high: it is not less than low", "text", "x", "by", "y",
            "published", "2024-07-01", "event", "total_moved", "low", "5", "high", "4", "unit",
            "t");
    REFUSED(&o, ITEM_HEAD, "other", "deadline: it is past", "name", "x", "purpose", "other",
            "start", "2023-01-01", "deadline", "2023-02-01", "closure", "last_arrival");
    REFUSED(&o, ITEM_HEAD, "other", "deadline: it is after the start", "name", "x", "purpose",
            "other", "start", "2025-01-01", "deadline", "2024-12-01", "closure", "last_arrival");
    assert_int_equal(PUT(&o, ITEM_CLAIM, "C1", "text", "5 < 6 tons", "by", "y", "published",
                         "2024-07-01", "event", "other"),
                     ERR_OK);
    operation_free(&o);
}

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

static enum err count_item(void *ctx, struct item *i, size_t line, char *why, size_t why_size)
{
    (void)i;
    (void)line;
    (void)why;
    (void)why_size;
    ++*(unsigned *)ctx;
    return ERR_OK;
}

static void assert_csv(enum item_kind kind, const char *text, unsigned items, const char *begins)
{
    char copy[512], why[ITEM_WHY_MAX] = "";
    unsigned n = 0;
    strcpy(copy, text);
    const enum err e = item_csv(kind, copy, strlen(copy), 0, count_item, &n, why, sizeof why);
    assert_int_equal(e == ERR_OK, begins == NULL);
    assert_int_equal(n, items);
    if (begins && strncmp(why, begins, strlen(begins)) != 0) {
        fail_msg("'%s' does not begin with '%s'", why, begins);
    }
}

static void csv_is_all_or_nothing(void **state)
{
    (void)state;
    assert_csv(ITEM_LINE, "key,what,quantity,unit,from\nA,x,5,t,DRRN\nB,y,6,st,DRRN\n", 2, NULL);
    assert_csv(ITEM_LINE, "key,what,colour\nA,x,red\n", 0, "line 1, column 3: colour: a line has");
    assert_csv(ITEM_LINE, "what,quantity,unit,from\nx,5,t,DRRN\n", 0, "line 1: no column");
    assert_csv(ITEM_LINE, "key,what,quantity,unit,from\nA,x,5,t,DRRN\nB,y,-6,t,DRRN\n", 0,
               "line 3: quantity: '-6' is negative");
    assert_csv(ITEM_LINE, "key,what,quantity,unit,from\nA,x,5\n", 0, "line 2: 3 fields");
    assert_csv(ITEM_CLEARANCE,
               "clearance,country,kind,party,state,valid_from_utc,valid_to_utc\n"
               "N1,NE,landing,USA,approved,2024-06-07T00:00:00Z,2024-06-08T00:00:00Z\n",
               1, NULL);
}

/* ---- flights ---- */

static void flights_are_matched_by_rule_and_hand(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    make(&o);
    struct sortie s[5] = {
        flight(1, START + DAY_MS, "DRRN", "ETAR"), flight(2, START + 2 * DAY_MS, "DRRN", "ETAR"),
        flight(4, START + 3 * DAY_MS, "DRRN", "ETAR"),
        flight(5, START + 4 * DAY_MS, "DRRN", "DRRN"), flight(6, START - DAY_MS, "DRRN", "ETAR")};
    strcpy(s[1].type, "IL76");
    strcpy(s[2].country, "RU");
    assert_int_equal(PUT(&o, ITEM_CORRECTION, "ae0003/2024-06-09T00:00:30Z", "action", "include",
                         "reason", "a borrowed aircraft"),
                     ERR_OK);
    assert_int_equal(match_all(&o, s, 5, START + 30 * DAY_MS, &m), ERR_OK);
    assert_int_equal(m.in, 2);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.of[0].why, MATCH_IN);
    assert_int_equal(m.of[1].why, MATCH_BY_HAND);
    assert_int_equal(m.of[2].why, MATCH_PARTY);
    struct tally_sum sum;
    assert_int_equal(tally_sum(&o, &m, TALLY_OUT, "DRRN", 0, INT64_MAX, &sum), ERR_OK);
    assert_int_equal(sum.listed, 2);
    assert_int_equal((int)(sum.lift_kg[LIFT_MAX] + 0.5), 77500); /* none is known of an Il-76 */
    assert_int_equal(sum.lift_unknown, 1);
    matches_free(&m);
    operation_free(&o);
}

static void a_flight_nobody_heard_is_implied(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    make(&o);
    /* In to DRRN; next heard leaving Rota: it left DRRN between. */
    struct sortie s[2] = {flight(1, START + DAY_MS, "ETAR", "DRRN"),
                          flight(4, START + 3 * DAY_MS, "LERT", "ETAR")};
    assert_int_equal(match_all(&o, s, 2, START + 30 * DAY_MS, &m), ERR_OK);
    assert_int_equal(m.n, 2);
    assert_true(m.of[1].s.implied);
    assert_true(m.of[1].leaves > 0.99F);
    assert_false(m.of[1].s.off.observed);
    matches_free(&m);
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
    assert_int_equal(clearance_find(&o, &s, INT64_MAX, f), 2);
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
    assert_int_equal(clearance_find(&o, &s, INT64_MAX, f), 3);
    assert_int_equal(f[0].state, CLEARANCE_INSIDE);
    assert_int_equal(f[1].state, CLEARANCE_OUTSIDE);
    assert_string_equal(f[2].country, "LY");
    assert_int_equal(f[2].state, CLEARANCE_UNKNOWN);
    s.off.observed = false; /* inferred, and not seen over Niger */
    clearance_find(&o, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_UNKNOWN);
    /* By day: from midnight to midnight, a day after. */
    assert_int_equal(PUT(&o, ITEM_RULE, "DZ", "mode", "day", "before_h", "24"), ERR_OK);
    clearance_find(&o, &s, INT64_MAX, f);
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
    assert_int_equal(clearance_find(&o, &s, INT64_MAX, f), 1);
    assert_int_equal(f[0].state, CLEARANCE_NONE); /* valid now, for the way there */
    OVERFLIGHT(&o, "OTHER", "RCH7", "DRRN", "ETAR", "2024-06-11T12:00:00Z", "2024-06-13");
    clearance_find(&o, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_NONE); /* another rotation's, of the same airframe */
    memcpy(s.came_as, "RCH7", 5);
    clearance_find(&o, &s, INT64_MAX, f);
    assert_int_equal(f[0].state, CLEARANCE_OUTSIDE); /* its own: it came as RCH7 */
    OVERFLIGHT(&o, "OUT", "RCH1", "DRRN", "ETAR", "2024-06-11T01:30:00Z", "2024-06-13");
    assert_int_equal(clearance_find(&o, &s, INT64_MAX, f), 1);
    assert_int_equal(f[0].state, CLEARANCE_OUTSIDE); /* the first of its passages was before */
    assert_string_equal(f[0].clearance->key, "OUT");
    s.state[0] = s.state[1];
    clearance_find(&o, &s, INT64_MAX, f);
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

/* ---- claims ---- */

static void judge(const struct operation *o, const struct matches *m, const char *key,
                  enum verdict verdict, struct verdict_of *of)
{
    const struct item *c = operation_find(o, ITEM_CLAIM, key);
    assert_int_equal(verdict_find(o, m, c, START + 90 * DAY_MS, of), ERR_OK);
    if (of->verdict != verdict) {
        fail_msg("%s is %s", key, verdict_key(of->verdict));
    }
}

static void claims_are_held_against_flights(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    struct verdict_of of;
    struct sortie s[40];
    make(&o);
    for (unsigned i = 0; i < 40; i++) {
        s[i] = flight(i, START + 17 * HOUR_MS + (int64_t)i * 18 * HOUR_MS, "DRRN", "ETAR");
    }
    assert_int_equal(match_all(&o, s, 40, START + 90 * DAY_MS, &m), ERR_OK);
#define CLAIM(key, event, at, ...)                                                                 \
    assert_int_equal(PUT(&o, ITEM_CLAIM, key, "text", "x", "by", "y", "published", "2024-07-10",   \
                         "event", event, "as_of", at, __VA_ARGS__),                                \
                     ERR_OK)
    CLAIM("first", "departure", "2024-06-07T23:59:59Z", "place", "DRRN", "low", "1", "unit",
          "sorties");
    CLAIM("wrong", "departure", "2024-06-07T05:00:00Z", "place", "DRRN");
    CLAIM("tons", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "1593", "unit",
          "t");
    CLAIM("unsaid", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "1593", "unit",
          "t?");
    CLAIM("short", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "1593", "unit",
          "st");
    CLAIM("much", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "9000", "unit",
          "t");
    CLAIM("766", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "766", "unit",
          "people");
    CLAIM("776", "total_moved", "2024-07-08T12:00:00Z", "place", "DRRN", "low", "776", "unit",
          "people");
    CLAIM("kabul", "total_moved", "2021-08-31T00:00:00Z", "place", "OAKB", "low", "124334", "unit",
          "people");
    CLAIM("loads", "total_moved", "2021-05-11T00:00:00Z", "place", "OAIX", "low", "104", "high",
          "104", "unit", "loads");
    judge(&o, &m, "first", VERDICT_SUPPORTED, &of);
    assert_int_equal(of.flights, 1);
    judge(&o, &m, "wrong", VERDICT_CANNOT_TELL, &of);
    judge(&o, &m, "tons", VERDICT_CONSISTENT, &of);
    assert_int_equal((int)of.loads_at_max, 21); /* 1,593 / 77.5 */
    assert_int_equal((int)of.loads_at_plan, 27);
    judge(&o, &m, "short", VERDICT_CONSISTENT, &of);
    assert_int_equal((int)of.loads_at_max, 19);
    assert_int_equal((int)of.loads_at_plan, 25);
    judge(&o, &m, "unsaid", VERDICT_CONSISTENT, &of);
    assert_int_equal((int)of.loads_at_max, 19);
    assert_int_equal((int)of.loads_at_max_high, 21);
    judge(&o, &m, "much", VERDICT_CONTRADICTED, &of);
    judge(&o, &m, "766", VERDICT_CANNOT_TELL, &of);
    assert_int_equal(of.conflicts, 1);
    assert_string_equal(of.conflict[0]->key, "776");
    judge(&o, &m, "kabul", VERDICT_CANNOT_TELL, &of);
    assert_int_equal((int)of.loads_at_max, 662); /* 124,334 / 188 */
    judge(&o, &m, "loads", VERDICT_CANNOT_TELL, &of);
    assert_int_equal((int)of.offered_max_kg, 104 * 77500);
    matches_free(&m);
    operation_free(&o);
}

/* ---- the forecast ---- */

static const char *niger(void *ctx, const char *airport)
{
    (void)ctx;
    return strcmp(airport, "DRRN") == 0 ? "NE" : "";
}

static struct forecast_series days_of;

static void forecast(struct operation *o, unsigned flights, int64_t now_ms, struct forecast *f)
{
    struct sortie s[64];
    struct matches m;
    for (unsigned i = 0; i < flights; i++) {
        s[i] = flight(i, START + (int64_t)i * DAY_MS, "DRRN", "ETAR");
    }
    const struct forecast_options with = {
        .now_ms = now_ms, .seed = 3, .series = &days_of, .country = niger};
    assert_int_equal(match_all(o, s, flights, now_ms, &m), ERR_OK);
    assert_int_equal(forecast_make(o, &m, &with, f), ERR_OK);
    matches_free(&m);
}

static void pace_and_load_give_the_date(void **state)
{
    (void)state;
    static struct forecast f, again;
    struct operation o;
    make(&o);
    assert_int_equal(PUT(&o, ITEM_LINE, "A", "what", "x", "quantity", "1600", "unit", "t", "from",
                         "DRRN", "priority", "1"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLAIM, "T", "text", "x", "by", "y", "published", "2024-06-26",
                         "event", "total_moved", "place", "DRRN", "low", "800", "unit", "t",
                         "as_of", "2024-06-26T12:00:00Z"),
                     ERR_OK);
    /* 20 departures, one a day, carried 800 t: 800 t are left, 20 days at this pace. */
    forecast(&o, 20, START + 20 * DAY_MS, &f);
    assert_int_equal(f.line[0].basis, FORECAST_OPEN);
    assert_true(f.load_learned && f.load_kg > 38000 && f.load_kg < 42000);
    assert_true(f.line[0].moved > 780 && f.line[0].moved < 850);
    const double days = (double)(f.line[0].at_50_ms - f.now_ms) / (double)DAY_MS;
    assert_true(days > 17 && days < 23);
    assert_true(f.line[0].at_10_ms < f.line[0].at_50_ms);
    assert_true(f.line[0].p_deadline > 0.99);
    assert_true(f.base[0].ceiling_kg > 2 * 38000 * 12 / 2 * 0.85);
    /* Two departures of 40 t in 80 days: a quarter a day is needed of twenty left. */
    assert_true(f.line[0].needed_a_day > 0.2 && f.line[0].needed_a_day < 0.3);
    forecast(&o, 20, START + 20 * DAY_MS, &again);
    assert_memory_equal(&f.all, &again.all, sizeof f.all);
    operation_free(&o);
}

/* The same 800 of 1,600 t: a chart goes through what was claimed and ends where the dates do. */
static void what_is_left_is_known_by_day(void **state)
{
    (void)state;
    static struct forecast f;
    struct operation o;
    make(&o);
    assert_int_equal(PUT(&o, ITEM_LINE, "A", "what", "x", "quantity", "1600", "unit", "t", "from",
                         "DRRN", "priority", "1"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLAIM, "T", "text", "x", "by", "y", "published", "2024-06-26",
                         "event", "total_moved", "place", "DRRN", "low", "800", "unit", "t",
                         "as_of", "2024-06-26T12:00:00Z"),
                     ERR_OK);
    forecast(&o, 20, START + 20 * DAY_MS, &f);
    assert_int_equal(days_of.n, 2); /* all lines, the line */
    assert_int_equal(days_of.first_day, START / DAY_MS);
    const struct forecast_band *day = days_of.of[0].day;
    assert_true(day[19].low <= 800000 && day[19].high >= 800000);
    assert_true(day[9].mid > 1100000 && day[9].mid < 1300000); /* the way there is straight */
    for (unsigned d = 1; d < days_of.days; d++) {
        assert_true(day[d].low <= day[d].mid && day[d].mid <= day[d].high);
        assert_true(day[d].high <= day[d - 1].high);
    }
    const int64_t closes = f.all.at_50_ms / DAY_MS - days_of.first_day;
    assert_true(day[closes - 2].mid > 0 && day[closes + 1].mid <= 0);
    assert_true(day[days_of.days - 1].high <= 0);
    assert_true(days_of.ahead[5].mid <= 0); /* ahead is after now */
    assert_true(days_of.ahead[24].mid > 0.6F && days_of.ahead[24].mid < 1.5F);
    assert_true(f.base[0].next_10_ms >= f.now_ms && f.base[0].next_90_ms < f.now_ms + 5 * DAY_MS);
    operation_free(&o);
}

static void no_pace_is_no_basis(void **state)
{
    (void)state;
    static struct forecast f;
    struct operation o;
    make(&o);
    assert_int_equal(
        PUT(&o, ITEM_LINE, "A", "what", "x", "quantity", "1600", "unit", "t", "from", "DRRN"),
        ERR_OK);
    assert_int_equal(
        PUT(&o, ITEM_LINE, "B", "what", "x", "quantity", "30", "unit", "vehicles", "from", "DRRN"),
        ERR_OK);
    assert_int_equal(PUT(&o, ITEM_LINE, "C", "what", "x", "quantity", "30", "unit", "t", "ready",
                         "2024-09-01", "from", "DRRN"),
                     ERR_OK);
    forecast(&o, 10, START + 60 * DAY_MS, &f);
    assert_int_equal(f.line[0].basis, FORECAST_NO_PACE);
    assert_int_equal(f.line[1].basis, FORECAST_NO_UNIT);
    assert_int_equal(f.line[2].basis, FORECAST_NOT_READY);
    assert_int_equal(f.all.basis, FORECAST_NO_PACE);
    assert_int_equal(f.lines_without, 3);
    forecast(&o, 0, START + 60 * DAY_MS, &f);
    assert_int_equal(f.line[0].basis, FORECAST_NO_PACE);
    operation_free(&o);
}

static void nothing_leaves_through_a_clearance_gap(void **state)
{
    (void)state;
    static struct forecast f;
    struct operation o;
    make(&o);
    assert_int_equal(
        PUT(&o, ITEM_LINE, "A", "what", "x", "quantity", "860", "unit", "t", "from", "DRRN"),
        ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "N1", "country", "NE", "use", "landing", "state",
                         "approved", "from", "2024-06-01", "to", "2024-06-26T12:00:00Z"),
                     ERR_OK);
    assert_int_equal(PUT(&o, ITEM_CLEARANCE, "N2", "country", "NE", "use", "landing", "state",
                         "approved", "from", "2024-07-20", "to", "2024-08-20"),
                     ERR_OK);
    forecast(&o, 20, START + 20 * DAY_MS, &f); /* 27 June */
    assert_int_equal(f.base[0].gap_days, 23);
    assert_true(f.line[0].at_50_ms >= START + 43 * DAY_MS); /* 20 July */
    operation_free(&o);
}

/* ---- words ---- */

static void bands_hold_their_lower_bound(void **state)
{
    (void)state;
    assert_int_equal(band_of(0.95, false), BAND_INFERRED);
    assert_int_equal(band_of(0.9499, false), BAND_PROBABLE);
    assert_int_equal(band_of(0.70, false), BAND_PROBABLE);
    assert_int_equal(band_of(0.40, false), BAND_POSSIBLE);
    assert_int_equal(band_of(0.39, false), BAND_OPEN);
    assert_int_equal(words_percent(0.946), 94);
    assert_int_equal(words_percent(0.9496), 94);
    assert_int_equal(words_percent(0.955), 96);
    assert_int_equal(words_percent(0.9999), 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_values_are_named),
        cmocka_unit_test(clearances_must_go_together),
        cmocka_unit_test(csv_is_all_or_nothing),
        cmocka_unit_test(flights_are_matched_by_rule_and_hand),
        cmocka_unit_test(a_flight_nobody_heard_is_implied),
        cmocka_unit_test(clearances_are_judged_only_where_it_was_seen),
        cmocka_unit_test(a_clearance_is_for_one_way_and_one_rotation),
        cmocka_unit_test(days_without_clearance_are_known),
        cmocka_unit_test(claims_are_held_against_flights),
        cmocka_unit_test(pace_and_load_give_the_date),
        cmocka_unit_test(what_is_left_is_known_by_day),
        cmocka_unit_test(no_pace_is_no_basis),
        cmocka_unit_test(nothing_leaves_through_a_clearance_gap),
        cmocka_unit_test(bands_hold_their_lower_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
