/* The linear problem of a plan and what its solution says.

   columns   departures n(base, type, day); moved x(line, day); left over s(line)
   rows      mass, people   x of a base's lines <= what its departures of the day take
             places         departures of a base and day
             aircraft       round trips of a type over all bases and a day
             line           all its x and s are what is left of it */
#include "operation/plan.h"

#include <math.h>
#include <stdlib.h>

/* What is left over costs more than any delay, and of what may be left less. */
#define COST_OVER     10000.0
#define COST_MAY_OVER 10.0
#define COST_FLIGHT   0.001
#define NOTHING       1e-6

static size_t at_n(const struct plan *p, size_t base, size_t type, size_t day)
{
    return (base * p->with.types + type) * p->days + day;
}

static size_t at_x(const struct plan *p, size_t line, size_t day)
{
    return p->bases * p->with.types * p->days + line * p->days + day;
}

static size_t at_s(const struct plan *p, size_t line)
{
    return at_x(p, p->lines, 0) + line;
}

static void put(struct plan_problem *q, size_t column, double value)
{
    q->cells++;
    q->row[q->cells] = (int)q->rows + 1;
    q->column[q->cells] = (int)column + 1;
    q->value[q->cells] = value;
}

static void close_row(struct plan_problem *q, double low, double high)
{
    q->low[q->rows] = low;
    q->high[q->rows++] = high;
}

/* Of one unit: half as much for each step of priority, so that the first goes first whatever the
   size of the lines. */
static double weight(const struct plan *p, const struct plan_line *l)
{
    double all = 0;
    for (size_t k = 0; k < p->lines; k++) {
        all += p->line[k].measure == l->measure ? p->line[k].left : 0;
    }
    return exp2(1 - fmin(9, fmax(1, item_number(l->line, SAID_LINE_PRIORITY, 9)))) / all;
}

static void put_columns(const struct plan *p, unsigned freed, struct plan_problem *q)
{
    for (size_t b = 0; b < p->bases; b++) {
        for (size_t t = 0; t < p->with.types; t++) {
            for (size_t d = 0; d < p->days; d++) {
                const bool open = p->base[b].open[d] || (freed & 1U << PLAN_CLEARANCES);
                q->cost[at_n(p, b, t, d)] = COST_FLIGHT;
                q->upper[at_n(p, b, t, d)] = open ? HUGE_VAL : 0;
            }
        }
    }
    for (size_t l = 0; l < p->lines; l++) {
        const struct plan_line *line = &p->line[l];
        const double each = weight(p, line);
        for (int d = 0; d < (int)p->days; d++) {
            const bool may = (freed & 1U << PLAN_DATES) || (d >= line->first && d <= line->last);
            q->cost[at_x(p, l, (size_t)d)] = each * (d + 1) / p->days;
            q->upper[at_x(p, l, (size_t)d)] = may ? HUGE_VAL : 0;
        }
        q->cost[at_s(p, l)] = each * (line->must ? COST_OVER : COST_MAY_OVER);
        q->upper[at_s(p, l)] = HUGE_VAL;
    }
}

static void put_loads(const struct plan *p, size_t base, size_t day, struct plan_problem *q)
{
    for (int m = MEASURE_MASS; m <= MEASURE_PEOPLE; m++) {
        for (size_t l = 0; l < p->lines; l++) {
            if (p->line[l].base == base && (int)p->line[l].measure == m) {
                put(q, at_x(p, l, day), 1);
            }
        }
        for (size_t t = 0; t < p->with.types; t++) {
            const struct plan_type *type = &p->with.type[t];
            put(q, at_n(p, base, t, day), m == MEASURE_MASS ? -type->payload_kg : -type->seats);
        }
        close_row(q, -HUGE_VAL, 0);
    }
}

static void put_rows(const struct plan *p, unsigned freed, struct plan_problem *q)
{
    for (size_t d = 0; d < p->days; d++) {
        for (size_t b = 0; b < p->bases; b++) {
            put_loads(p, b, d, q);
            if (p->base[b].places[d] < HUGE_VAL && !(freed & 1U << PLAN_PLACES)) {
                for (size_t t = 0; t < p->with.types; t++) {
                    put(q, at_n(p, b, t, d), 1);
                }
                close_row(q, -HUGE_VAL, p->base[b].places[d]);
            }
        }
        for (size_t t = 0; t < p->with.types && !(freed & 1U << PLAN_AIRCRAFT); t++) {
            for (size_t b = 0; b < p->bases; b++) {
                put(q, at_n(p, b, t, d), 1 / p->base[b].each_day[t]);
            }
            close_row(q, -HUGE_VAL, p->with.type[t].aircraft);
        }
    }
    for (size_t l = 0; l < p->lines; l++) {
        for (size_t d = 0; d < p->days; d++) {
            put(q, at_x(p, l, d), 1);
        }
        put(q, at_s(p, l), 1);
        close_row(q, p->line[l].left, p->line[l].left);
    }
}

enum err plan_problem_make(const struct plan *p, unsigned freed, struct plan_problem *out)
{
    const size_t bases = p->bases, types = p->with.types, days = p->days;
    const size_t rows = days * (bases * 3 + types) + p->lines;
    const size_t cells =
        days * (bases * types * 4 + p->lines * 2) + p->lines; /* x stands in two rows */
    *out = (struct plan_problem){.columns = at_s(p, p->lines)};
    out->cost = calloc(out->columns + 1, sizeof *out->cost);
    out->upper = calloc(out->columns + 1, sizeof *out->upper);
    out->low = calloc(rows + 1, sizeof *out->low);
    out->high = calloc(rows + 1, sizeof *out->high);
    out->row = calloc(cells + 1, sizeof *out->row);
    out->column = calloc(cells + 1, sizeof *out->column);
    out->value = calloc(cells + 1, sizeof *out->value);
    if (!out->cost || !out->upper || !out->low || !out->high || !out->row || !out->column ||
        !out->value) {
        plan_problem_free(out);
        return ERR_MEMORY;
    }
    put_columns(p, freed, out);
    put_rows(p, freed, out);
    return ERR_OK;
}

void plan_problem_free(struct plan_problem *p)
{
    free(p->cost);
    free(p->upper);
    free(p->low);
    free(p->high);
    free(p->row);
    free(p->column);
    free(p->value);
    *p = (struct plan_problem){0};
}

/* Whole departures: each on the day on which the broken ones first need it. */
static void round_up(const struct plan *p, struct plan_result *out)
{
    for (size_t b = 0; b < p->bases; b++) {
        for (size_t t = 0; t < p->with.types; t++) {
            double sum = 0, flown = 0;
            for (size_t d = 0; d < p->days; d++) {
                sum += out->lp[b][t][d];
                const double whole = ceil(sum - 1e-4);
                out->fly[b][t][d] = (uint16_t)(whole > flown ? whole - flown : 0);
                flown = whole > flown ? whole : flown;
            }
            out->departures += (unsigned)flown;
        }
    }
}

void plan_read(const struct plan *p, const double *x, struct plan_result *out)
{
    *out = (struct plan_result){.all_done = -1};
    double must = 0;
    for (size_t b = 0; b < p->bases; b++) {
        for (size_t t = 0; t < p->with.types; t++) {
            for (size_t d = 0; d < p->days; d++) {
                out->lp[b][t][d] = fmax(0, x[at_n(p, b, t, d)]);
            }
        }
    }
    for (size_t l = 0; l < p->lines; l++) {
        const struct plan_line *line = &p->line[l];
        out->done[l] = -1;
        for (size_t d = 0; d < p->days; d++) {
            out->moved[l][d] = fmax(0, x[at_x(p, l, d)]);
            out->done[l] = out->moved[l][d] > NOTHING * line->left ? (int)d : out->done[l];
        }
        const double over = x[at_s(p, l)];
        out->over[l] = over > NOTHING * line->left ? over : 0;
        if (line->must) {
            out->all_done = out->done[l] > out->all_done ? out->done[l] : out->all_done;
            out->must_over += out->over[l] / line->left;
            must++;
        }
    }
    out->must_over = must > 0 ? out->must_over / must : 0;
    round_up(p, out);
}
