/* The operation's items, matching, clearances, claims and forecast, on small cases reckoned by
 * hand. */
#include "operation/board.h"
#include "operation/forecast.h"
#include "operation/heard.h"
#include "operation/verdict.h"
#include "operation/words.h"

#include "operation_made.h"

#include <stdlib.h>
#include <string.h>

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

/* Of ten days in which it may have left it counts on the one it is listed by; where an end tells
   none, or one that it cannot be, on the middle. */
static void a_flight_counts_when_it_likely_left(void **state)
{
    (void)state;
    struct operation o;
    struct matches m;
    make(&o);
    struct sortie s[3] = {flight(1, START + DAY_MS, "DRRN", "ETAR"),
                          flight(2, START + DAY_MS, "DRRN", "ETAR"),
                          flight(3, START + DAY_MS, "DRRN", "ETAR")};
    for (unsigned i = 0; i < 3; i++) {
        s[i].off.hi_ms = s[i].on.hi_ms = s[i].off.lo_ms + 10 * DAY_MS;
    }
    s[0].off.t_ms = s[0].off.hi_ms - HOUR_MS;
    s[1].off.t_ms = s[1].off.hi_ms + HOUR_MS;
    assert_int_equal(match_all(&o, s, 3, START + 30 * DAY_MS, &m), ERR_OK);
    assert_int_equal(m.n, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(m.of[i].t_ms, i == 2 ? s[0].off.t_ms : START + 6 * DAY_MS);
    }
    matches_free(&m);
    s[0].off.lo_ms = s[0].on.lo_ms = SORTIE_NO_TIME;
    assert_int_equal(sortie_end_time(&s[0].off), SORTIE_NO_TIME);
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

/* ---- how well bases were heard ---- */

static void silence_is_not_absence(void **state)
{
    (void)state;
    struct operation o;
    struct heard h;
    struct sortie s = flight(1, START + DAY_MS, "DRRN", "ETAR");
    struct matches m;
    struct buf b = {0};
    assert_int_equal(heard_word(&(struct heard_day){0}), HEARD_UNKNOWN);
    assert_int_equal(heard_word(&(struct heard_day){.missed_s = 60}), HEARD_MISSED);
    assert_int_equal(heard_word(&(struct heard_day){.heard_s = 60, .missed_s = 61}), HEARD_MISSED);
    assert_int_equal(heard_word(&(struct heard_day){.heard_s = 60}), HEARD_HIGH);
    assert_int_equal(
        heard_word(&(struct heard_day){.heard_s = 60, .low_heard_s = 9, .low_missed_s = 10}),
        HEARD_HIGH);
    assert_int_equal(
        heard_word(&(struct heard_day){.heard_s = 60, .low_heard_s = 10, .low_missed_s = 10}),
        HEARD_LOW);
    make(&o);
    assert_int_equal(match_all(&o, &s, 1, START + 2 * DAY_MS, &m), ERR_OK);
    const struct board_view v = {.o = &o, .m = &m, .at_ms = START + 2 * DAY_MS};
    assert_int_equal(heard_begin(&v, &h), ERR_OK);
    h.day[2].missed_s = 5;
    assert_int_equal(heard_write(&h, &b), ERR_OK);
    buf_byte(&b, 0);
    assert_string_equal((const char *)b.p, "{\"first_day\":\"2024-06-07\",\"bases\":[{\"base\":"
                                           "\"DRRN\",\"days\":[\"unknown\",\"low\",\"missed\"]}]}");
    buf_free(&b);
    heard_free(&h);
    matches_free(&m);
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
        cmocka_unit_test(csv_is_all_or_nothing),
        cmocka_unit_test(flights_are_matched_by_rule_and_hand),
        cmocka_unit_test(a_flight_nobody_heard_is_implied),
        cmocka_unit_test(a_flight_counts_when_it_likely_left),
        cmocka_unit_test(claims_are_held_against_flights),
        cmocka_unit_test(pace_and_load_give_the_date),
        cmocka_unit_test(what_is_left_is_known_by_day),
        cmocka_unit_test(no_pace_is_no_basis),
        cmocka_unit_test(nothing_leaves_through_a_clearance_gap),
        cmocka_unit_test(silence_is_not_absence),
        cmocka_unit_test(bands_hold_their_lower_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
