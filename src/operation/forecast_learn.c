/* What a departure carries: a normal belief between low and plan of the types seen, moved by loads
   and totals that were claimed. */
#include "operation/forecast_internal.h"

#include <math.h>
#include <string.h>

/* One load differs from another by so much of the mean. */
#define LOAD_SPREAD 0.2
/* How well the mean of people aboard is known, log deviation, beside the chance of each departure,
   which is drawn: chosen by the interval score (docs/BENCHMARKS.md). */
#define PEOPLE_SPREAD 0.1

static double mean_of(const struct forecast_pin *p)
{
    return (p->low + p->high) / 2;
}

/* Departures expected by an instant from a base, and the variance of their number. */
static double count_by(const struct forecast_world *w, int base, int64_t at_ms, double *variance)
{
    double n = 0;
    *variance = 0;
    for (size_t i = 0; i < w->n && w->past[i].t_ms <= at_ms; i++) {
        if (base < 0 || w->past[i].base == base) {
            n += (double)w->past[i].p;
            *variance += (double)w->past[i].p * (1 - (double)w->past[i].p);
        }
    }
    return n;
}

static int find_base(const struct forecast_world *w, const char *code)
{
    for (size_t k = 0; k < w->out->bases; k++) {
        if (strcmp(w->out->base[k].code, code) == 0) {
            return (int)k;
        }
    }
    return -1;
}

static void put_pin(struct forecast_world *w, const struct forecast_pin *p)
{
    size_t k = 0;
    while (k < w->pins && !(w->pin[k].at_ms == p->at_ms && w->pin[k].base == p->base &&
                            w->pin[k].measure == p->measure)) {
        k++;
    }
    if (k < w->pins) {
        w->pin[k].low = p->low < w->pin[k].low ? p->low : w->pin[k].low;
        w->pin[k].high = p->high > w->pin[k].high ? p->high : w->pin[k].high;
        return;
    }
    if (w->pins == FORECAST_PINS) {
        return;
    }
    for (k = w->pins++; k > 0 && w->pin[k - 1].at_ms > p->at_ms; k--) {
        w->pin[k] = w->pin[k - 1];
    }
    w->pin[k] = *p;
}

/* A base said to be closed: all that was ready there has left, says the claim. */
static void pin_closed(struct forecast_world *w, const struct item *c, int64_t at_ms)
{
    const int base = find_base(w, item_text(c, SAID_CLAIM_PLACE));
    for (int m = MEASURE_MASS; base >= 0 && m <= MEASURE_PEOPLE; m++) {
        put_pin(w, &(struct forecast_pin){.at_ms = at_ms,
                                          .base = base,
                                          .measure = (enum measure)m,
                                          .low = FORECAST_ALL,
                                          .high = FORECAST_ALL});
    }
}

/* Totals claimed, in the order of what they speak of; where two of one instant differ both ends
   count. */
static void take_pins(struct forecast_world *w)
{
    size_t n;
    const struct item *c = operation_all(w->o, ITEM_CLAIM, &n);
    for (size_t i = 0; i < n; i++) {
        const enum unit u = item_unit(&c[i], SAID_CLAIM_UNIT);
        const int64_t as_of = item_ms(&c[i], SAID_CLAIM_AS_OF);
        const char *event = item_text(&c[i], SAID_CLAIM_EVENT);
        if (as_of == ITEM_NO_TIME || as_of > w->with->now_ms ||
            !forecast_claim_known(&c[i], w->with->now_ms)) {
            continue;
        }
        if (strcmp(event, "base_closed") == 0) {
            pin_closed(w, &c[i], as_of);
        }
        if (strcmp(event, "total_moved") != 0 || u == UNITS) {
            continue;
        }
        const double low = item_number(&c[i], SAID_CLAIM_LOW, 0);
        const struct forecast_pin p = {.at_ms = as_of,
                                       .base = find_base(w, item_text(&c[i], SAID_CLAIM_PLACE)),
                                       .measure = unit_word[u].measure,
                                       .low = low * unit_word[u].low,
                                       .high = item_number(&c[i], SAID_CLAIM_HIGH, low) *
                                               unit_word[u].high};
        put_pin(w, &p);
    }
}

struct belief {
    double mean, variance;
};

static void learn(struct belief *b, double value, double variance)
{
    const double share = b->variance / (b->variance + variance);
    b->mean += share * (value - b->mean);
    b->variance *= 1 - share;
}

/* Between low and plan of the heaviest type whose lift is known: what aircraft offer is more than
   what withdrawals fill. */
static bool start(struct forecast_world *w, struct belief *b)
{
    size_t n;
    const struct item *f = operation_all(w->o, ITEM_FACTOR, &n);
    double kg[LIFTS] = {0};
    for (size_t i = 0; i < n; i++) {
        const int role = item_word(&f[i], SAID_FACTOR_ROLE);
        const double v = item_number(&f[i], SAID_FACTOR_PAYLOAD, 0) *
                         unit_word[item_unit(&f[i], SAID_FACTOR_UNIT)].low;
        kg[role] = v > kg[role] ? v : kg[role];
    }
    if (kg[LIFT_PLAN] <= 0) {
        return false;
    }
    const double low = kg[LIFT_LOW] > 0 ? kg[LIFT_LOW] : kg[LIFT_PLAN] / 2;
    const double span = kg[LIFT_PLAN] - low;
    *b = (struct belief){.mean = low + span / 2, .variance = span * span / 12};
    w->most_kg = kg[LIFT_MAX] > 0 ? kg[LIFT_MAX] : kg[LIFT_PLAN] * 1.3;
    return true;
}

static void learn_loads(struct forecast_world *w, struct belief *b)
{
    size_t n;
    const struct item *c = operation_all(w->o, ITEM_CLAIM, &n);
    const double each = LOAD_SPREAD * b->mean;
    for (size_t i = 0; i < n; i++) {
        const enum unit u = item_unit(&c[i], SAID_CLAIM_UNIT);
        if (strcmp(item_text(&c[i], SAID_CLAIM_EVENT), "load") == 0 && u != UNITS &&
            unit_word[u].measure == MEASURE_MASS && forecast_claim_known(&c[i], w->with->now_ms)) {
            const double low = item_number(&c[i], SAID_CLAIM_LOW, 0);
            const double high = item_number(&c[i], SAID_CLAIM_HIGH, low);
            learn(b, (low * unit_word[u].low + high * unit_word[u].high) / 2, each * each);
            w->learned = true;
        }
    }
    for (size_t k = 0; k < w->pins; k++) {
        double variance;
        const double count = count_by(w, w->pin[k].base, w->pin[k].at_ms, &variance);
        if (w->pin[k].measure == MEASURE_MASS && count >= 3 && w->pin[k].low < FORECAST_ALL) {
            const double mean = mean_of(&w->pin[k]) / count;
            const double half = (w->pin[k].high - w->pin[k].low) / 2 / count;
            learn(b, mean,
                  each * each / count + half * half + mean * mean * variance / (count * count));
            w->learned = true;
        }
    }
}

/* People a departure from each base: so that its people and its tons end together, for the last
   people go with the last load; where a total was claimed, by that. */
static void learn_people(struct forecast_world *w)
{
    for (size_t b = 0; b < w->out->bases; b++) {
        double people = 0, kg = 0;
        for (size_t k = 0; k < w->out->lines; k++) {
            const struct forecast_line *l = &w->out->line[k];
            const enum measure m = unit_word[item_unit(l->line, SAID_LINE_UNIT)].measure;
            if (find_base(w, item_text(l->line, SAID_LINE_FROM)) == (int)b ||
                find_base(w, item_text(l->line, SAID_LINE_TO)) == (int)b) {
                people += m == MEASURE_PEOPLE ? l->quantity : 0;
                kg += m == MEASURE_MASS ? l->quantity * l->unit_base : 0;
            }
        }
        w->people[b] = kg > 0 && w->load_kg > 0 ? people * w->load_kg / kg : 0;
        w->people_sd[b] = PEOPLE_SPREAD;
        for (size_t k = 0; k < w->pins; k++) {
            double variance;
            const double count = count_by(w, (int)b, w->pin[k].at_ms, &variance);
            if (w->pin[k].measure == MEASURE_PEOPLE && w->pin[k].base == (int)b && count >= 3 &&
                w->pin[k].low < FORECAST_ALL) {
                w->people[b] = mean_of(&w->pin[k]) / count;
                w->people_sd[b] = PEOPLE_SPREAD + sqrt(variance) / count;
            }
        }
    }
}

void forecast_learn(struct forecast_world *w)
{
    struct belief load;
    take_pins(w);
    if (start(w, &load)) {
        if (w->with->load_kg > 0) {
            load = (struct belief){.mean = w->with->load_kg};
        } else {
            learn_loads(w, &load);
        }
        w->load_kg = load.mean;
        w->load_sd_kg = sqrt(load.variance);
        w->each_sd_kg = LOAD_SPREAD * load.mean;
    }
    learn_people(w);
    for (size_t b = 0; b < w->out->bases; b++) {
        w->out->base[b].people = w->people[b];
    }
    w->out->load_kg = w->load_kg;
    w->out->load_sd_kg = w->load_sd_kg;
    w->out->load_learned = w->learned && w->with->load_kg <= 0;
}
