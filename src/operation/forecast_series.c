/* What is left by day, and departures ahead, counted over the draws: what a chart needs. */
#include "operation/forecast_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares of a whole are counted in steps of half a percent, departures a day up to so many. */
enum { STEPS = 200, MOST_A_DAY = 31 };

struct series_maker {
    struct forecast_series *out;
    unsigned draws;
    struct series_line {
        double whole;  /* base units */
        unsigned upto; /* days filled of the present draw */
        int pinned;    /* the day a total was claimed last; -1 none */
        float left[FORECAST_DAYS];
    } line[FORECAST_LINES];
    uint8_t member[FORECAST_BURNS][FORECAST_LINES];
    uint16_t share[FORECAST_BURNS][FORECAST_DAYS][STEPS + 1];
    uint16_t ahead[FORECAST_DAYS][MOST_A_DAY + 1];
    uint8_t today[FORECAST_DAYS]; /* departures of the present draw */
};

static unsigned day_of(const struct forecast_series *s, int64_t t_ms)
{
    const int64_t day = t_ms / FORECAST_DAY_MS - s->first_day;
    return day < 0 ? 0 : day >= s->days ? s->days : (unsigned)day;
}

static struct forecast_burn *add(struct forecast_series *s, const struct item *line, enum measure m)
{
    struct forecast_burn *b = &s->of[s->n++];
    *b = (struct forecast_burn){.line = line, .measure = m};
    return b;
}

static bool must_go(const struct item *line)
{
    return !item_flag(line, SAID_LINE_MAY_BE_LEFT);
}

/* Of each measure all lines that must go together, then line by line. */
static void choose(struct series_maker *s, const struct forecast *f)
{
    for (int m = MEASURE_MASS; m <= MEASURE_PEOPLE; m++) {
        struct forecast_burn *b = add(s->out, NULL, (enum measure)m);
        for (size_t k = 0; k < f->lines; k++) {
            const struct item *l = f->line[k].line;
            if ((int)unit_word[item_unit(l, SAID_LINE_UNIT)].measure == m && must_go(l)) {
                s->member[s->out->n - 1][k] = 1;
                b->whole += s->line[k].whole;
            }
        }
        s->out->n -= b->whole <= 0;
    }
    for (size_t k = 0; k < f->lines && s->out->n < FORECAST_BURNS; k++) {
        const enum measure m = unit_word[item_unit(f->line[k].line, SAID_LINE_UNIT)].measure;
        if (m <= MEASURE_PEOPLE && s->line[k].whole > 0) {
            add(s->out, f->line[k].line, m)->whole = s->line[k].whole;
            s->member[s->out->n - 1][k] = 1;
        }
    }
}

struct series_maker *series_begin(const struct forecast_world *w, unsigned draws)
{
    struct forecast_series *out = w->with->series;
    struct series_maker *s = out ? calloc(1, sizeof *s) : NULL;
    if (!s) {
        return NULL;
    }
    const int64_t start = item_ms(operation_head(w->o), SAID_HEAD_START);
    const int64_t last =
        w->out->deadline_ms > w->out->now_ms ? w->out->deadline_ms : w->out->now_ms;
    memset(out, 0, sizeof *out);
    s->out = out;
    s->draws = draws;
    out->first_day = (int32_t)(start / FORECAST_DAY_MS);
    out->days = FORECAST_DAYS;
    out->days = day_of(out, last + SERIES_AFTER_DAYS * FORECAST_DAY_MS);
    for (size_t k = 0; k < w->out->lines; k++) {
        s->line[k].whole = w->out->line[k].quantity * w->out->line[k].unit_base;
    }
    choose(s, w->out);
    return s;
}

void series_draw(struct series_maker *s)
{
    for (size_t k = 0; s && k < FORECAST_LINES; k++) {
        s->line[k].upto = 0;
        s->line[k].pinned = -1;
    }
    if (s) {
        memset(s->today, 0, sizeof s->today);
    }
}

static void fill(struct series_line *l, unsigned day, double left)
{
    while (l->upto < day) {
        l->left[l->upto++] = (float)left;
    }
}

void series_note(struct series_maker *s, size_t line, int64_t t_ms, double left)
{
    if (s) {
        fill(&s->line[line], day_of(s->out, t_ms), left);
    }
}

/* The days since the claim before are stretched to end where this one does: what was reckoned
   between them keeps its shape. */
void series_pin(struct series_maker *s, size_t line, int64_t t_ms, double before, double after)
{
    if (!s) {
        return;
    }
    struct series_line *l = &s->line[line];
    const int day = (int)day_of(s->out, t_ms);
    fill(l, (unsigned)day, before);
    const double from = l->pinned < 0 ? l->whole : (double)l->left[l->pinned];
    for (int d = l->pinned + 1; d < day; d++) {
        const double share = fabs(before - from) > 1e-9 * l->whole
                                 ? ((double)l->left[d] - from) / (before - from)
                                 : (double)(d - l->pinned) / (day - l->pinned);
        l->left[d] = (float)fmin(l->whole, fmax(0, from + share * (after - from)));
    }
    l->pinned = day - 1;
}

void series_depart(struct series_maker *s, int64_t t_ms)
{
    if (s) {
        const unsigned day = day_of(s->out, t_ms);
        s->today[day < FORECAST_DAYS ? day : FORECAST_DAYS - 1] += day < s->out->days;
    }
}

/* Nothing left is a step of its own: a rest is never rounded away. */
static unsigned step_of(double left, double whole)
{
    const long k = left <= 0 ? 0 : lround(left / whole * STEPS);
    return left <= 0 ? 0 : k < 1 ? 1 : k > STEPS ? STEPS : (unsigned)k;
}

void series_keep(struct series_maker *s, const double left[FORECAST_LINES])
{
    if (!s) {
        return;
    }
    for (size_t k = 0; k < FORECAST_LINES; k++) {
        if (s->line[k].whole > 0) {
            fill(&s->line[k], s->out->days, left[k]);
        }
    }
    for (size_t b = 0; b < s->out->n; b++) {
        double sum[FORECAST_DAYS] = {0};
        for (size_t k = 0; k < FORECAST_LINES; k++) {
            for (unsigned d = 0; s->member[b][k] && d < s->out->days; d++) {
                sum[d] += (double)s->line[k].left[d];
            }
        }
        for (unsigned d = 0; d < s->out->days; d++) {
            s->share[b][d][step_of(sum[d], s->out->of[b].whole)]++;
        }
    }
    for (unsigned d = 0; d < s->out->days; d++) {
        s->ahead[d][s->today[d] < MOST_A_DAY ? s->today[d] : MOST_A_DAY]++;
    }
}

/* Of counts by step: the step under which a share of them lies. */
static unsigned quantile(const uint16_t *count, unsigned steps, double wanted)
{
    unsigned k = 0;
    double n = count[0];
    while (k < steps && n <= wanted) {
        n += count[++k];
    }
    return k;
}

void series_end(struct series_maker *s)
{
    for (size_t b = 0; s && b < s->out->n; b++) {
        struct forecast_burn *burn = &s->out->of[b];
        for (unsigned d = 0; d < s->out->days; d++) {
            const uint16_t *count = s->share[b][d];
            const double step = burn->whole / STEPS;
            burn->day[d] =
                (struct forecast_band){(float)(step * quantile(count, STEPS, 0.1 * s->draws)),
                                       (float)(step * quantile(count, STEPS, 0.5 * s->draws)),
                                       (float)(step * quantile(count, STEPS, 0.9 * s->draws))};
        }
    }
    for (unsigned d = 0; s && d < s->out->days; d++) {
        double sum = 0;
        for (unsigned k = 1; k <= MOST_A_DAY; k++) {
            sum += (double)k * s->ahead[d][k];
        }
        s->out->ahead[d] = (struct forecast_band){
            (float)quantile(s->ahead[d], MOST_A_DAY, 0.1 * s->draws), (float)(sum / s->draws),
            (float)quantile(s->ahead[d], MOST_A_DAY, 0.9 * s->draws)};
    }
    free(s);
}
