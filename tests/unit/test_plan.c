/* The plan of an airlift: the problem it hands to a solver, and what it reads out of an answer. The
   solver here is a hand: it fills the earliest days it may, line after line. */
#include "operation/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define START  INT64_C(1717718400000) /* 2024-06-07T00:00:00Z */

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

static void make(struct operation *o, const char *tons)
{
    *o = (struct operation){0};
    PUT(o, ITEM_HEAD, "test", "name", "T", "purpose", "withdrawal", "parties", "US", "start",
        "2024-06-07", "deadline", "2024-06-17T23:59:59Z", "closure", "last_departure");
    PUT(o, ITEM_BASE, "DRRN", "role", "onload", "mog", "1", "hours", "10", "ground_h", "2");
    PUT(o, ITEM_FACTOR, "plan", "type", "C17", "edition", "E", "role", "plan", "payload", "40",
        "unit", "t", "source", "S", "seats", "100", "ground_h", "2", "block_kt", "400");
    PUT(o, ITEM_LINE, "A", "what", "x", "quantity", tons, "unit", "t", "from", "DRRN", "to", "ETAR",
        "priority", "1");
    PUT(o, ITEM_LINE, "B", "what", "y", "quantity", "9", "unit", "vehicles", "from", "DRRN");
}

static double km(void *ctx, const char *from, const char *to)
{
    (void)ctx;
    return strcmp(from, "DRRN") == 0 && strcmp(to, "ETAR") == 0 ? 4000 : 0;
}

/* One base, one type, one line of tons: columns n(day), x(day), s. Checks the rows on the way. */
static bool by_hand(void *ctx, const struct plan_problem *p, double *x)
{
    const size_t days = (p->columns - 1) / 2;
    const double tons = p->high[p->rows - 1] / 1000;
    double left = tons;
    unsigned *calls = ctx;
    assert_true(p->low[p->rows - 1] >= p->high[p->rows - 1]); /* a line's row is fixed */
    for (size_t c = 1; c <= p->cells; c++) {
        assert_true(p->row[c] >= 1 && p->row[c] <= (int)p->rows);
        assert_true(p->column[c] >= 1 && p->column[c] <= (int)p->columns);
    }
    for (size_t d = 0; d < days; d++) {
        double most = HUGE_VAL;
        for (size_t c = 1; c <= p->cells; c++) { /* what each row lets fly, alone */
            if (p->column[c] == (int)d + 1 && p->value[c] > 0) {
                most = fmin(most, p->high[p->row[c] - 1] / p->value[c]);
            }
        }
        most = p->upper[d] > 0 ? most : 0;
        const double moved = p->upper[days + d] > 0 ? fmin(left, most * 40) : 0;
        x[d] = moved / 40;
        x[days + d] = moved * 1000;
        left -= moved;
    }
    x[2 * days] = left * 1000;
    (*calls)++;
    return true;
}

static void ask(const char *tons, double aircraft, struct plan *p)
{
    struct operation o;
    static struct forecast f;
    struct matches m = {0};
    char why[PLAN_WHY_MAX];
    unsigned calls = 0;
    make(&o, tons);
    const struct forecast_options with = {.now_ms = START, .seed = 1};
    assert_int_equal(forecast_make(&o, &m, &with, &f), ERR_OK);
    struct plan_question q = {.forecast = &f, .types = 1, .flying_h = 12, .km = km};
    strcpy(q.type[0].code, "C17");
    q.type[0].aircraft = aircraft;
    assert_int_equal(plan_make(&o, &m, &q, by_hand, &calls, p, why), ERR_OK);
    assert_int_equal(calls, 1 + PLAN_LIMITS);
    operation_free(&o);
}

static void it_fits_and_says_when(void **state)
{
    (void)state;
    struct plan *p = malloc(sizeof *p);
    /* 8,000 km at 400 kt are 10.8 h, with two stops 14.8: 1.11 round trips a day of 12 h flown. */
    ask("400", 2, p);
    assert_int_equal(p->days, 10);
    assert_int_equal(p->lines, 1);
    assert_int_equal(p->without, 1); /* vehicles */
    assert_true(p->base[0].cycle_h[0] > 14.7 && p->base[0].cycle_h[0] < 14.9);
    assert_true(p->base[0].each_day[0] > 1.10 && p->base[0].each_day[0] < 1.12);
    assert_true(p->base[0].places[0] > 3.9 && p->base[0].places[0] < 4.1); /* 10/2 * 0.85 = 4.25 */
    assert_true(p->as_is.must_over <= 0);
    assert_int_equal(p->as_is.all_done, 4); /* ten departures, 2.22 a day */
    assert_int_equal(p->as_is.departures, 10);
    assert_int_equal(p->as_is.fly[0][0][0], 3); /* what the day begins is flown on it */
    assert_int_equal(plan_binds(p), PLAN_AIRCRAFT);
    assert_int_equal(p->freed[PLAN_AIRCRAFT].all_done, 2); /* four places a day */
    free(p);
}

static void what_does_not_fit_stays(void **state)
{
    (void)state;
    struct plan *p = malloc(sizeof *p);
    ask("2000", 50, p); /* 4 places a day and 10 days are 40 departures, 1,600 t */
    assert_true(p->as_is.must_over > 0.19 && p->as_is.must_over < 0.21);
    assert_true(p->as_is.over[0] > 399000 && p->as_is.over[0] < 401000);
    assert_int_equal(plan_binds(p), PLAN_PLACES);
    assert_true(p->freed[PLAN_PLACES].must_over <= 0);
    free(p);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct operation o;
    static struct forecast f;
    struct matches m = {0};
    char why[PLAN_WHY_MAX];
    unsigned calls = 0;
    struct plan *p = malloc(sizeof *p);
    make(&o, "10");
    const struct forecast_options with = {.now_ms = START, .seed = 1};
    assert_int_equal(forecast_make(&o, &m, &with, &f), ERR_OK);
    struct plan_question q = {.forecast = &f, .flying_h = 12, .km = km};
    assert_int_equal(plan_make(&o, &m, &q, by_hand, &calls, p, why), ERR_RANGE);
    assert_memory_equal(why, "fleet:", 6);
    q.types = 1;
    strcpy(q.type[0].code, "A400");
    assert_int_equal(plan_make(&o, &m, &q, by_hand, &calls, p, why), ERR_NOT_FOUND);
    assert_non_null(strstr(why, "no planning factor of A400"));
    strcpy(q.type[0].code, "C17");
    f.now_ms = f.deadline_ms;
    assert_int_equal(plan_make(&o, &m, &q, by_hand, &calls, p, why), ERR_RANGE);
    assert_memory_equal(why, "deadline:", 9);
    assert_int_equal(calls, 0);
    operation_free(&o);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_fits_and_says_when),
                                       cmocka_unit_test(what_does_not_fit_stays),
                                       cmocka_unit_test(what_is_missing_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
