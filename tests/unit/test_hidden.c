/* Flights nobody heard, told by an operation's rhythm. */
#include "operation/hidden.h"

#include "operation/match.h"
#include "operation/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)
#define START   INT64_C(1717718400000) /* 2024-06-07T00:00:00Z */

static void put(struct operation *o, enum item_kind kind, const char *key, const char *const *said)
{
    char why[ITEM_WHY_MAX];
    struct item i;
    assert_int_equal(item_start(&i, kind, key, why, sizeof why), ERR_OK);
    for (; *said; said += 2) {
        assert_int_equal(item_set(&i, said[0], said[1], why, sizeof why), ERR_OK);
    }
    assert_int_equal(operation_put(o, &i), ERR_OK);
    item_free(&i);
}

#define PUT(o, kind, key, ...) put(o, kind, key, (const char *const[]){__VA_ARGS__, NULL})

static void make(struct operation *o)
{
    *o = (struct operation){0};
    PUT(o, ITEM_HEAD, "test", "name", "T", "purpose", "withdrawal", "parties", "US", "types", "C17",
        "start", "2024-06-07", "deadline", "2024-09-15T23:59:59Z", "closure", "last_departure");
    PUT(o, ITEM_BASE, "DRRN", "role", "onload");
}

static void end(struct sortie_end *e, const char *place, int64_t t_ms)
{
    *e = (struct sortie_end){
        .known = true, .observed = true, .places = 1, .p = 1, .lo_ms = t_ms, .hi_ms = t_ms + 60000};
    strcpy(e->place[0].code, place);
    e->place[0].p = 1;
}

static size_t fly(struct sortie *s, size_t n, uint32_t address, const char *from, const char *to,
                  int64_t off_ms)
{
    s[n] = (struct sortie){.address = address,
                           .leg = (uint32_t)n,
                           .military = true,
                           .is_sortie = true,
                           .is_over = true,
                           .country = "US",
                           .type = "C17",
                           .callsign = "RCH1"};
    end(&s[n].off, from, off_ms);
    end(&s[n].on, to, off_ms + 5 * HOUR_MS);
    return n + 1;
}

/* Ten visits of three hours, one after another. */
static size_t rhythm(struct sortie *s)
{
    size_t n = 0;
    for (int k = 0; k < 10; k++) {
        n = fly(s, n, 1, "ETAR", "DRRN", START + k * 2 * DAY_MS);
        n = fly(s, n, 1, "DRRN", "ETAR", START + k * 2 * DAY_MS + 8 * HOUR_MS);
    }
    return n;
}

static struct tally_sum sum_of(const struct operation *o, struct sortie *s, size_t n,
                               int64_t now_ms)
{
    struct matches m;
    struct tally_sum sum;
    assert_int_equal(match_all(o, s, n, now_ms, &m), ERR_OK);
    assert_int_equal(tally_sum(o, &m, TALLY_OUT, NULL, 0, INT64_MAX, &sum), ERR_OK);
    matches_free(&m);
    return sum;
}

static void a_rhythm_that_was_heard_hides_nothing(void **state)
{
    (void)state;
    struct operation o;
    struct sortie s[32];
    make(&o);
    const struct tally_sum sum = sum_of(&o, s, rhythm(s), START + 30 * DAY_MS);
    assert_int_equal(sum.listed, 10);
    assert_true(sum.sum.expected >= 10 && sum.sum.expected < 10.1);
    operation_free(&o);
}

static void a_stay_of_days_holds_a_flight_out_and_one_back(void **state)
{
    (void)state;
    struct operation o;
    struct sortie s[32];
    make(&o);
    size_t n = rhythm(s);
    n = fly(s, n, 2, "ETAR", "DRRN", START + 3 * DAY_MS);
    n = fly(s, n, 2, "DRRN", "ETAR", START + 6 * DAY_MS);
    struct tally_sum sum = sum_of(&o, s, n, START + 30 * DAY_MS);
    assert_int_equal(sum.listed, 12); /* the eleventh heard, and the one in the stay */
    assert_true(sum.sum.expected > 11.5 && sum.sum.expected < 12.3);
    /* Where others stay long without room for a flight, so may this one. */
    for (int k = 0; k < 3; k++) {
        n = fly(s, n, 3, "ETAR", "DRRN", START + k * 4 * DAY_MS);
        n = fly(s, n, 3, "DRRN", "ETAR", START + k * 4 * DAY_MS + 19 * HOUR_MS);
    }
    sum = sum_of(&o, s, n, START + 30 * DAY_MS);
    assert_int_equal(sum.listed, 14);
    assert_true(sum.sum.expected < 14.2);
    operation_free(&o);
}

static void who_is_never_heard_again_has_left(void **state)
{
    (void)state;
    struct operation o;
    struct sortie s[32];
    make(&o);
    size_t n = rhythm(s);
    n = fly(s, n, 2, "ETAR", "DRRN", START + 3 * DAY_MS);
    const struct tally_sum soon = sum_of(&o, s, n, START + 3 * DAY_MS + 7 * HOUR_MS);
    const struct tally_sum late = sum_of(&o, s, n, START + 30 * DAY_MS);
    assert_true(soon.sum.expected < 2.2); /* two hours on the ground: it stands there */
    assert_int_equal(late.listed, 11);
    operation_free(&o);
}

static void a_way_only_flown_by_a_base_was_flown_by_it(void **state)
{
    (void)state;
    struct operation o;
    struct sortie s[40];
    make(&o);
    size_t n = rhythm(s);
    for (int k = 0; k < 3; k++) {
        n = fly(s, n, 2, "ETAR", "DRRN", START + k * 3 * DAY_MS);
        n = fly(s, n, 2, "DRRN", "DIAP", START + k * 3 * DAY_MS + 8 * HOUR_MS);
        n = fly(s, n, 2, "DIAP", "ETAR", START + k * 3 * DAY_MS + 20 * HOUR_MS);
    }
    n = fly(s, n, 3, "KDOV", "ETAR", START + DAY_MS);
    n = fly(s, n, 3, "DIAP", "ETAR", START + 3 * DAY_MS); /* how did it come to Abidjan? */
    const struct tally_sum sum = sum_of(&o, s, n, START + 30 * DAY_MS);
    assert_int_equal(sum.listed, 14);
    operation_free(&o);
}

static void few_stays_are_no_rhythm(void **state)
{
    (void)state;
    struct operation o;
    struct sortie s[4];
    make(&o);
    size_t n = fly(s, 0, 1, "ETAR", "DRRN", START);
    n = fly(s, n, 1, "DRRN", "ETAR", START + 5 * DAY_MS);
    const struct tally_sum sum = sum_of(&o, s, n, START + 30 * DAY_MS);
    assert_int_equal(sum.listed, 1);
    assert_true(sum.unseen <= 0);
    operation_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rhythm_that_was_heard_hides_nothing),
        cmocka_unit_test(a_stay_of_days_holds_a_flight_out_and_one_back),
        cmocka_unit_test(who_is_never_heard_again_has_left),
        cmocka_unit_test(a_way_only_flown_by_a_base_was_flown_by_it),
        cmocka_unit_test(few_stays_are_no_rhythm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
