/* Departures of a day drawn together say what each drawn on its own says. */
#include "operation/forecast.h"

#include "operation_made.h"

#include <math.h>
#include <stdlib.h>

enum { FLIGHTS = 400, SEEDS = 10, SAID = 12 };

/* Eight a day for fifty days, some of them doubtful. */
static void fly(struct matches *m)
{
    *m = (struct matches){.of = calloc(FLIGHTS, sizeof *m->of), .n = FLIGHTS, .in = FLIGHTS};
    assert_non_null(m->of);
    for (unsigned i = 0; i < FLIGHTS; i++) {
        m->of[i] = (struct match){.t_ms = START + (int64_t)i * 3 * HOUR_MS,
                                  .leaves = i % 3 ? 0.98F : 0.6F,
                                  .base = "DRRN"};
    }
}

/* A total claimed in between, a line done since, one not ready at first, one still open. */
static void need(struct operation *o)
{
    make(o);
    assert_int_equal(PUT(o, ITEM_LINE, "A", "what", "x", "quantity", "5000", "unit", "t", "from",
                         "DRRN", "priority", "1"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_LINE, "B", "what", "x", "quantity", "30000", "unit", "t", "from",
                         "DRRN", "priority", "3"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_LINE, "C", "what", "x", "quantity", "2000", "unit", "t", "from",
                         "DRRN", "priority", "2", "ready", "2024-06-30T07:00:00Z"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_LINE, "P", "what", "x", "quantity", "6000", "unit", "people",
                         "from", "DRRN", "priority", "1"),
                     ERR_OK);
    assert_int_equal(PUT(o, ITEM_CLAIM, "T", "text", "x", "by", "y", "published", "2024-06-26",
                         "event", "total_moved", "place", "DRRN", "low", "4000", "high", "4400",
                         "unit", "t", "as_of", "2024-06-17T12:00:00Z"),
                     ERR_OK);
}

static double days_of(const struct forecast *f, int64_t t_ms)
{
    return t_ms == FORECAST_NEVER ? 400 : (double)(t_ms - f->now_ms) / (double)DAY_MS;
}

/* Quantiles of a forecast, as numbers of one size: days, shares of a line times a hundred. */
static void say(const struct operation *o, const struct matches *m, uint64_t seed, size_t alone,
                double load_kg, double out[SAID])
{
    static struct forecast f;
    const struct forecast_options with = {
        .now_ms = START + 50 * DAY_MS, .seed = seed, .alone = alone, .load_kg = load_kg};
    assert_int_equal(forecast_make(o, m, &with, &f), ERR_OK);
    const struct forecast_line *a = &f.line[0], *b = &f.line[1], *c = &f.line[2], *p = &f.line[3];
    const double said[SAID] = {
        days_of(&f, a->at_10_ms), days_of(&f, a->at_50_ms),     days_of(&f, a->at_90_ms),
        days_of(&f, b->at_10_ms), days_of(&f, b->at_50_ms),     days_of(&f, b->at_90_ms),
        days_of(&f, c->at_10_ms), days_of(&f, c->at_90_ms),     days_of(&f, p->at_10_ms),
        days_of(&f, p->at_90_ms), 100 * b->moved / b->quantity, 100 * b->p_deadline};
    memcpy(out, said, sizeof said);
}

/* One departure to the next, days: what is drawn on its own ends at a departure. */
#define BETWEEN 0.125

/* Their means over seeds differ by no more than that and chance between draws. */
static void assert_alike(double load_kg)
{
    struct operation o;
    struct matches m;
    double sum[2][SAID] = {{0}}, squares[2][SAID] = {{0}};
    need(&o);
    fly(&m);
    for (unsigned k = 0; k < 2 * SEEDS; k++) {
        double said[SAID];
        say(&o, &m, k / 2, k % 2 ? 1 : FLIGHTS, load_kg, said);
        for (unsigned i = 0; i < SAID; i++) {
            sum[k % 2][i] += said[i] / SEEDS;
            squares[k % 2][i] += said[i] * said[i] / SEEDS;
        }
    }
    for (unsigned i = 0; i < SAID; i++) {
        double variance = 0;
        for (unsigned k = 0; k < 2; k++) {
            variance += (squares[k][i] - sum[k][i] * sum[k][i]) / (SEEDS - 1);
        }
        const double off = fabs(sum[0][i] - sum[1][i]);
        if (off > BETWEEN + 3.5 * sqrt(fmax(0, variance))) {
            fail_msg("%u: %.3f each on its own, %.3f together", i, sum[0][i], sum[1][i]);
        }
    }
    free(m.of);
    operation_free(&o);
}

static void loads_learned(void **state)
{
    (void)state;
    assert_alike(0);
}

/* Half of the loads would be more than the aircraft lifts. */
static void loads_at_the_most(void **state)
{
    (void)state;
    assert_alike(77500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_learned),
        cmocka_unit_test(loads_at_the_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
