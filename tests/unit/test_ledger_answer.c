/* Questions to a ledger of a few rows made up by hand: what is answered, word for word. */
#include "../store_folder.h"

#include "../flight_world.h"
#include "ledger/answer.h"
#include "store/ledger.h"

#include <stdio.h>

#define MINUTE_MS INT64_C(60000)
#define NOON_MS   INT64_C(1717761600000) /* 2024-06-07 */

enum { ROOF = 1 }; /* the number of the store's first receiver */

static struct claim end(uint32_t number, uint32_t leg, enum claim_kind kind, const char *code,
                        int minute_lo, int minute_hi)
{
    struct claim c = claim_none(kind, 0xaefc10, 0);
    c.number = number;
    c.leg = leg;
    c.p = 1;
    c.t_lo_ms = c.sure_hi_ms = NOON_MS + minute_lo * MINUTE_MS;
    c.t_hi_ms = c.sure_lo_ms = c.made_ms = NOON_MS + minute_hi * MINUTE_MS;
    c.candidates = 1;
    strcpy(c.candidate[0].airport, code);
    c.candidate[0].p = 1;
    memcpy(c.flight, "RCH103  ", 8);
    return c;
}

/* One country, NE, from 10 to 15 degrees north and 0 to 5 east; land holds its bytes. */
static struct airspace *a_square(struct buf *land)
{
    static const int32_t corner[][2] = {{100000000, 0},
                                        {100000000, 50000000},
                                        {150000000, 50000000},
                                        {150000000, 0},
                                        {100000000, 0}};
    struct airspace *a;
    assert_int_equal(airspace_build(&(struct airspace_ring){"NE", corner, 5}, 1, land), ERR_OK);
    assert_int_equal(airspace_open(land->p, land->n, &a), ERR_OK);
    struct buf json = {0};
    assert_true(airspace_geojson(a, "NE", &json));
    assert_false(airspace_geojson(a, "ML", &json));
    buf_byte(&json, 0);
    assert_string_equal((char *)json.p,
                        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,10],[5,10],[5,15],[0,15],"
                        "[0,10],[0,10]]]]}");
    buf_free(&json);
    return a;
}

/* Adds the answer of a store that has these rows to out, a string. */
static void answer_of(const struct claim *c, size_t n, enum ledger_what what,
                      const char *const *asked, struct buf *out)
{
    char dir[64], why[LEDGER_WHY_MAX];
    struct store *s;
    struct ledger_question q;
    const struct identity_book book = {0};
    struct buf land = {0};
    const struct ledger_views v = {airports, &book, a_square(&land)};
    folder_new(dir);
    assert_int_equal(
        store_open(dir, &(struct store_options){.mode = STORE_WRITE}, &s, why, sizeof why), ERR_OK);
    uint16_t roof;
    assert_int_equal(store_receiver(s, "roof", &roof), ERR_OK);
    assert_int_equal(roof, ROOF);
    assert_int_equal(store_ledger_append(s, "test", c, n, NOON_MS), ERR_OK);
    ledger_question_start(&q, what);
    q.format = LEDGER_CSV;
    for (; asked && *asked; asked += 2) {
        assert_int_equal(ledger_question_set(&q, asked[0], asked[1], why, sizeof why), ERR_OK);
    }
    assert_int_equal(ledger_answer(&q, s, &v, out, why, sizeof why), ERR_OK);
    buf_byte(out, 0);
    ledger_question_free(&q);
    airspace_free((struct airspace *)v.airspace);
    buf_free(&land);
    store_close(s);
    folder_remove(dir);
}

static unsigned lines(const struct buf *b)
{
    unsigned n = 0;
    for (const char *p = (const char *)b->p; (p = strchr(p, '\n')); p++) {
        n++;
    }
    return n;
}

/* Nobody heard it on the ground: landing and take-off follow from one silence, and so does the
   stay between them. */
static void a_stop_in_a_silence_is_a_stay(void **state)
{
    (void)state;
    struct claim c[4] = {
        end(1, 1, CLAIM_TOOK_OFF, "LAAA", 0, 1), end(2, 1, CLAIM_LANDED, "LBBB", 60, 90),
        end(3, 2, CLAIM_TOOK_OFF, "LBBB", 80, 110), end(4, 2, CLAIM_LANDED, "LAAA", 200, 201)};
    struct buf out = {0};
    c[1].method = c[2].method = CLAIM_METHOD_INFERRED_GAP;
    c[1].p = 0.8F, c[2].p = 0.75F;
    answer_of(c, 4, LEDGER_STAYS, (const char *const[]){"airport", "LBBB", NULL}, &out);
    assert_int_equal(lines(&out), 2);
    assert_non_null(strstr((char *)out.p, "LBBB,0.750,2024-06-07T13:00:00Z,2024-06-07T13:50:00Z,,,"
                                          "inferred_gap,1,0,"));
    buf_free(&out);
}

/* The stay the detector saw is not said twice. */
static void a_stay_that_was_heard_is_one(void **state)
{
    (void)state;
    const struct claim c[5] = {
        end(1, 1, CLAIM_TOOK_OFF, "LAAA", 0, 1), end(2, 1, CLAIM_LANDED, "LBBB", 60, 61),
        end(3, 0, CLAIM_STAY, "LBBB", 60, 81), end(4, 2, CLAIM_TOOK_OFF, "LBBB", 80, 81),
        end(5, 2, CLAIM_LANDED, "LAAA", 200, 201)};
    struct buf out = {0};
    answer_of(c, 5, LEDGER_STAYS, (const char *const[]){"airport", "LBBB", NULL}, &out);
    assert_int_equal(lines(&out), 2);
    buf_free(&out);
}

/* Where it stands now has no end; once it left, it has. Found elsewhere, it did not stand there. */
static void it_stands_where_it_landed_last(void **state)
{
    (void)state;
    struct claim c[4] = {
        end(1, 1, CLAIM_TOOK_OFF, "LAAA", 0, 1), end(2, 1, CLAIM_LANDED, "LBBB", 60, 62),
        end(3, 2, CLAIM_TOOK_OFF, "LBBB", 80, 81), end(4, 2, CLAIM_LANDED, "LAAA", 200, 201)};
    struct buf out = {0};
    answer_of(c, 2, LEDGER_STAYS, NULL, &out);
    assert_int_equal(lines(&out), 2);
    assert_non_null(strstr((char *)out.p, "LBBB,1.000,2024-06-07T13:00:00Z,,2024-06-07T13:02:00Z,,"
                                          "observed,0,1,"));
    buf_free(&out);
    answer_of(c, 4, LEDGER_STAYS, NULL, &out);
    assert_int_equal(lines(&out), 3);
    buf_free(&out);
    strcpy(c[2].candidate[0].airport, "LCCC");
    answer_of(c, 3, LEDGER_STAYS, NULL, &out);
    assert_int_equal(lines(&out), 1);
    buf_free(&out);
}

/* A list that is read names no place that is but a guess; a table of data does. */
static void a_guess_is_no_name(void **state)
{
    (void)state;
    struct claim c[2] = {end(1, 1, CLAIM_TOOK_OFF, "LAAA", 0, 1),
                         end(2, 1, CLAIM_LANDED, "LBBB", 60, 61)};
    struct buf table = {0}, csv = {0};
    c[1].candidate[0].p = 0.39F;
    answer_of(c, 2, LEDGER_FLIGHTS, (const char *const[]){"format", "table", NULL}, &table);
    answer_of(c, 2, LEDGER_FLIGHTS, NULL, &csv);
    assert_non_null(strstr((char *)table.p, "LAAA"));
    assert_non_null(strstr((char *)table.p, "unknown"));
    assert_null(strstr((char *)table.p, "LBBB"));
    assert_non_null(strstr((char *)csv.p, "LBBB,0.390"));
    buf_free(&table);
    buf_free(&csv);
}

/* A path has no other side to be observed from, and what orbits offers no lift. */
static void sums_say_what_there_is(void **state)
{
    (void)state;
    const struct claim c[1] = {end(1, 1, CLAIM_ORBIT, "LAAA", 0, 60)};
    struct buf out = {0};
    const char *const table[] = {"format", "table", NULL};
    answer_of(c, 1, LEDGER_ORBITS, table, &out);
    assert_non_null(strstr((char *)out.p, "\n1 orbits; expected 1.0 (1-1)\n"));
    buf_free(&out);
}

/* A circle far from any airport is flown over somebody's land all the same. */
static void an_orbit_is_in_the_country_below(void **state)
{
    (void)state;
    struct claim c[2] = {end(1, 1, CLAIM_ORBIT, "", 0, 60), end(2, 1, CLAIM_ORBIT, "", 0, 60)};
    struct buf out = {0};
    for (unsigned i = 0; i < 2; i++) {
        c[i].candidates = 0;
        c[i].lat_e7 = i == 0 ? 138800000 : 200000000; /* the other north of the border */
        c[i].lon_e7 = 18000000;
    }
    answer_of(c, 2, LEDGER_ORBITS, (const char *const[]){"country", "NE", NULL}, &out);
    assert_int_equal(lines(&out), 2);
    assert_non_null(strstr((char *)out.p, "13.88000,1.80000"));
    buf_free(&out);
}

/* Down to who heard it, when, and where hearing ended. */
static void evidence_is_told(void **state)
{
    (void)state;
    struct claim c = end(1, 1, CLAIM_LANDED, "LBBB", 60, 61);
    struct buf out = {0};
    c.evidence.first_ms = NOON_MS;
    c.evidence.last_ms = NOON_MS + MINUTE_MS;
    c.evidence.lost_alt_ft = 2500;
    c.evidence.receivers = 2;
    c.evidence.receiver[0] = ROOF;
    c.evidence.receiver[1] = ROOF + 1; /* the store has no such name */
    answer_of(&c, 1, LEDGER_ARRIVALS, (const char *const[]){"format", "json", NULL}, &out);
    assert_non_null(strstr((char *)out.p,
                           "\"heard_by\":[\"roof\"],\"first\":\"2024-06-07T12:00:00Z\","
                           "\"last\":\"2024-06-07T12:01:00Z\",\"lost_alt_ft\":2500}"));
    buf_free(&out);
}

/* The answer has so many rows, and this text in it (NULL: any). */
static void assert_listed(const struct claim *c, size_t n, enum ledger_what what,
                          const char *const *asked, unsigned rows, const char *text)
{
    struct buf out = {0};
    answer_of(c, n, what, asked, &out);
    assert_int_equal(lines(&out), rows + 1);
    assert_true(!text || strstr((char *)out.p, text));
    buf_free(&out);
}

/* Of eight days in which it may have left and landed both are listed where they are likely. */
static void a_row_is_listed_by_its_likely_time(void **state)
{
    (void)state;
    const int days = 8 * 24 * 60;
    struct claim c[4] = {
        end(1, 1, CLAIM_TOOK_OFF, "LAAA", 0, days), end(2, 1, CLAIM_LANDED, "LBBB", 60, days),
        end(3, 2, CLAIM_TOOK_OFF, "LBBB", 120, 121), end(4, 2, CLAIM_LANDED, "LCCC", 300, 301)};
    c[2].address = c[3].address = 0xaefc11;
    c[2].number = 1, c[3].number = 2;
    c[0].t_ms = NOON_MS + 180 * MINUTE_MS;
    c[1].t_ms = NOON_MS + 240 * MINUTE_MS;
    const char *const day[] = {"from", "2024-06-07", "to", "2024-06-08", NULL};
    const char *const middle[] = {"from", "2024-06-10", "to", "2024-06-13", NULL};
    const char *const minute[] = {"from", "2024-06-07T15:00:00Z", "to", "2024-06-07T15:01:00Z",
                                  NULL};
    assert_listed(c, 4, LEDGER_DEPARTURES, day, 2, ",t_lo,t_hi,t,method,");
    assert_listed(c, 4, LEDGER_DEPARTURES, minute, 1,
                  "LAAA,1.000,2024-06-07T12:00:00Z,2024-06-15T12:00:00Z,2024-06-07T15:00:00Z,");
    assert_listed(c, 4, LEDGER_DEPARTURES, middle, 0, NULL);
    assert_listed(c, 4, LEDGER_ARRIVALS, day, 2,
                  "LBBB,1.000,2024-06-07T13:00:00Z,2024-06-15T12:00:00Z,2024-06-07T16:00:00Z,");
    assert_listed(c, 4, LEDGER_ARRIVALS, middle, 0, NULL);
    assert_listed(c, 4, LEDGER_FLIGHTS, minute, 1,
                  "2024-06-07T12:00:00Z,2024-06-15T12:00:00Z,2024-06-07T15:00:00Z,");
    assert_listed(c, 4, LEDGER_FLIGHTS, middle, 0, NULL);
    /* The stay it ended is no instant. */
    assert_listed(c, 2, LEDGER_STAYS, NULL, 1, "LBBB,1.000,2024-06-07T13:00:00Z,,");
    /* Page by page in the order of that time: 14:00 before 15:00, whatever the intervals. */
    struct buf out = {0};
    char next[64] = "";
    answer_of(c, 4, LEDGER_DEPARTURES, (const char *const[]){"format", "json", "limit", "1", NULL},
              &out);
    assert_non_null(strstr((char *)out.p, "\"hex\":\"aefc11\""));
    assert_int_equal(sscanf(strstr((char *)out.p, "\"next\":"), "\"next\":\"%63[^\"]", next), 1);
    buf_free(&out);
    assert_listed(c, 4, LEDGER_DEPARTURES, (const char *const[]){"after", next, NULL}, 1,
                  "aefc10,0,1,1,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_in_a_silence_is_a_stay),
        cmocka_unit_test(a_stay_that_was_heard_is_one),
        cmocka_unit_test(it_stands_where_it_landed_last),
        cmocka_unit_test(a_guess_is_no_name),
        cmocka_unit_test(sums_say_what_there_is),
        cmocka_unit_test(an_orbit_is_in_the_country_below),
        cmocka_unit_test(evidence_is_told),
        cmocka_unit_test(a_row_is_listed_by_its_likely_time),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
