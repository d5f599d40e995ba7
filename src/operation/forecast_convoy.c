/* Departures that are drawn together: of thousands only the sums by day and base matter. */
#include "operation/forecast_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up to so many departures each is drawn on its own. */
#define ALONE 256

/* How many of the instants at which something changes lie before it: totals claimed before it, and
   lines ready by then. Departures of one convoy have the same before them. */
static unsigned epoch_of(const struct forecast_world *w, int64_t t_ms)
{
    unsigned before = 0;
    for (size_t k = 0; k < w->pins; k++) {
        before += w->pin[k].at_ms < t_ms;
    }
    for (size_t k = 0; k < w->out->lines; k++) {
        const int64_t ready = item_ms(w->out->line[k].line, SAID_LINE_READY);
        before += ready != ITEM_NO_TIME && ready <= t_ms;
    }
    return before;
}

static bool is_together(const struct forecast_world *w, const struct forecast_convoy *c,
                        int64_t t_ms)
{
    return c->last_ms / FORECAST_DAY_MS == t_ms / FORECAST_DAY_MS &&
           epoch_of(w, c->last_ms) == epoch_of(w, t_ms);
}

enum err forecast_convoys(struct forecast_world *w)
{
    size_t open[FORECAST_BASES]; /* the last of each base */
    const size_t alone = w->with->alone ? w->with->alone : ALONE;
    memset(open, 0xff, sizeof open);
    w->convoy = malloc((w->n + 1) * sizeof *w->convoy);
    if (!w->convoy) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct forecast_past *p = &w->past[i];
        size_t *at = &open[p->base];
        if (w->n <= alone || *at == SIZE_MAX || !is_together(w, &w->convoy[*at], p->t_ms)) {
            *at = w->convoys++;
            w->convoy[*at] =
                (struct forecast_convoy){.first_ms = p->t_ms, .first = i, .base = p->base};
        }
        w->convoy[*at].last_ms = p->t_ms;
        w->convoy[*at].n++;
    }
    return ERR_OK;
}

static double bell(double z)
{
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

static double below(double z)
{
    return erfc(-z / M_SQRT2) / 2;
}

/* The moments of a normal curve whose ends are folded onto 0 and most. */
struct forecast_moments forecast_one_load(double mean, double sd, double most)
{
    if (sd <= 0) {
        return (struct forecast_moments){fmin(most, fmax(0, mean)), 0};
    }
    const double a = -mean / sd, b = (most - mean) / sd;
    const double within = below(b) - below(a), over = below(-b);
    const double one = mean * within + sd * (bell(a) - bell(b)) + most * over;
    const double two = (mean * mean + sd * sd) * within + 2 * mean * sd * (bell(a) - bell(b)) +
                       sd * sd * (a * bell(a) - b * bell(b)) + most * most * over;
    return (struct forecast_moments){one, fmax(0, two - one * one)};
}
