/* Departures a day: a gamma belief of each base's rate on days with clearance, the last weeks
   counting most, which is also the doubt of the pace to come; days differ from each other by more
   or less than chance alone. */
#include "operation/forecast_internal.h"

#include <math.h>

#define HALF_LIFE_DAYS 14.0
/* A base is forecast only while something left it within this. */
#define PACE_DAYS 14
/* What the whole operation's pace is worth beside a base's own, days. */
#define PRIOR_DAYS 2.0
/* Days differ as by chance until they show otherwise, worth so many days. */
#define PRIOR_RATIO      1.0
#define PRIOR_RATIO_DAYS 15

static double weight(double days_ago)
{
    return exp2(-days_ago / HALF_LIFE_DAYS);
}

/* Expected departures and clear days of a base, both weighted; from its first departure on. */
struct seen {
    double n, days, last_ago, first_ago;
};

static struct seen look(const struct forecast_world *w, size_t base)
{
    const int64_t now = w->with->now_ms;
    const int32_t today = (int32_t)(now / FORECAST_DAY_MS);
    struct seen s = {.last_ago = HUGE_VAL, .first_ago = -1};
    for (size_t i = 0; i < w->n; i++) {
        if (w->past[i].base == base) {
            const double ago = (double)(now - w->past[i].t_ms) / (double)FORECAST_DAY_MS;
            s.n += weight(ago) * (double)w->past[i].p;
            s.first_ago = s.first_ago < 0 ? ago : s.first_ago;
            if ((double)w->past[i].p >= MATCH_LISTED_P) {
                s.last_ago = ago;
            }
        }
    }
    const char *country = w->out->base[base].country;
    enum clearance_day day[FORECAST_DAYS]; /* so many on end, d days ago among them */
    for (int d = 0; d < (int)ceil(s.first_ago); d++) {
        const int k = FORECAST_DAYS - 1 - d % FORECAST_DAYS;
        if (country[0] && d % FORECAST_DAYS == 0) {
            clearance_days(w->o, country, today - d - k, FORECAST_DAYS, now, day);
        }
        if (!country[0] || day[k] != CLEARANCE_DAY_NONE) {
            s.days += weight(d + 0.5) * fmin(1, s.first_ago - d);
        }
    }
    return s;
}

/* Variance over mean of departures a day, 1 if they come by chance alone: from the days of all
   bases together, drawn toward chance. */
static double dispersion(const struct forecast_world *w)
{
    enum { DAYS = 120 };
    double count[DAYS] = {0};
    const int64_t now = w->with->now_ms;
    const int64_t first = w->n ? w->past[0].t_ms : now;
    int days = (int)((now - first) / FORECAST_DAY_MS) + 1;
    days = days > DAYS ? DAYS : days;
    for (size_t i = 0; i < w->n; i++) {
        const int64_t ago = (now - w->past[i].t_ms) / FORECAST_DAY_MS;
        if (ago >= 0 && ago < days) {
            count[ago] += (double)w->past[i].p;
        }
    }
    double sum = 0, squares = 0;
    for (int d = 0; d < days; d++) {
        sum += count[d];
        squares += count[d] * count[d];
    }
    const double mean = sum / days, variance = squares / days - mean * mean;
    const double ratio = mean > 0 ? variance / mean : PRIOR_RATIO;
    return fmin(
        5, fmax(0.4, (days * ratio + PRIOR_RATIO_DAYS * PRIOR_RATIO) / (days + PRIOR_RATIO_DAYS)));
}

void forecast_pace(struct forecast_world *w)
{
    struct seen of[FORECAST_BASES], all = {0};
    for (size_t b = 0; b < w->out->bases; b++) {
        of[b] = look(w, b);
        all.n += of[b].n;
        all.days += of[b].days;
    }
    const double common = (all.n + 0.5) / (all.days + 1);
    w->dispersion = dispersion(w);
    for (size_t b = 0; b < w->out->bases; b++) {
        struct forecast_base *base = &w->out->base[b];
        w->shape[b] = (of[b].n + common * PRIOR_DAYS) / w->dispersion;
        w->rate[b] = (of[b].days + PRIOR_DAYS) / w->dispersion;
        base->rate = w->shape[b] / w->rate[b];
        const double half = 1.2816 * sqrt(w->shape[b]) / w->rate[b]; /* 10 and 90 % */
        base->rate_low = fmax(0, base->rate - half);
        base->rate_high = base->rate + half;
        base->has_pace = of[b].last_ago <= PACE_DAYS;
    }
}
