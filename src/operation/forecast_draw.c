/* The draws: each takes one past that fits what is known and goes on from it day by day. */
#include "operation/draw.h"
#include "operation/forecast_internal.h"
#include "operation/forecast_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rests smaller than this part of a line are rounding, not a sortie. */
#define REST 0.01

struct open_line {
    size_t at; /* in forecast.line */
    int base;
    double priority, left, whole; /* base units */
    int64_t ready_ms;
    enum measure measure;
};

struct drawing {
    struct forecast_world *w;
    struct rng rng;
    struct open_line line[FORECAST_LINES]; /* by priority */
    size_t n;
    double moved[FORECAST_LINES]; /* of the present draw, by `at` */
    int64_t closed[FORECAST_LINES];
    double load_kg, people[FORECAST_BASES]; /* mean of this draw */
    struct forecast_moments one_load;       /* of many, in this draw */
    double sum[FORECAST_BASES][2];          /* claimed or reckoned so far: kg, people */
    int64_t (*when)[FORECAST_LINES + 1];    /* of each draw; the last: all */
    double (*share)[FORECAST_LINES];
    int64_t (*next)[FORECAST_BASES]; /* departure of each base */
    unsigned draws;
    struct series_maker *series; /* NULL */
};

static int compare_lines(const void *p, const void *q)
{
    const struct open_line *a = p, *b = q;
    return a->priority != b->priority ? (a->priority < b->priority ? -1 : 1)
                                      : (a->at < b->at ? -1 : a->at > b->at);
}

static void open_lines(struct drawing *d)
{
    const struct forecast *f = d->w->out;
    for (size_t k = 0; k < f->lines; k++) {
        const struct item *i = f->line[k].line;
        struct open_line *l = &d->line[d->n++];
        const int64_t ready = item_ms(i, SAID_LINE_READY);
        *l = (struct open_line){.at = k,
                                .base = -1,
                                .priority = item_number(i, SAID_LINE_PRIORITY, 9),
                                .whole = f->line[k].quantity * f->line[k].unit_base,
                                .ready_ms = ready == ITEM_NO_TIME ? INT64_MIN : ready,
                                .measure = unit_word[item_unit(i, SAID_LINE_UNIT)].measure};
        for (size_t b = 0; b < f->bases; b++) {
            if (strcmp(f->base[b].code, item_text(i, SAID_LINE_FROM)) == 0 ||
                strcmp(f->base[b].code, item_text(i, SAID_LINE_TO)) == 0) {
                l->base = (int)b;
            }
        }
    }
    if (d->n > 1) {
        qsort(d->line, d->n, sizeof *d->line, compare_lines);
    }
}

/* Loads an amount of one measure, evenly from one instant to another, at a base into its lines,
   first things first. */
static void load(struct drawing *d, int base, enum measure m, double amount, int64_t from_ms,
                 int64_t to_ms)
{
    const double all = amount;
    for (size_t k = 0; k < d->n && amount > 0; k++) {
        struct open_line *l = &d->line[k];
        if (l->base != base || l->measure != m || l->left <= 0 || l->ready_ms > from_ms) {
            continue;
        }
        const double part = amount < l->left ? amount : l->left;
        series_note(d->series, l->at, from_ms, l->left);
        l->left -= part;
        amount -= part;
        if (l->left <= REST * l->whole) {
            l->left = 0;
            d->closed[l->at] =
                from_ms + (int64_t)((double)(to_ms - from_ms) * (all - amount) / all);
        }
    }
}

static double draw_load(struct drawing *d)
{
    const double x = d->load_kg + d->w->each_sd_kg * draw_normal(&d->rng);
    return x < 0 ? 0 : x > d->w->most_kg ? d->w->most_kg : x;
}

static void depart(struct drawing *d, int base, int64_t t_ms)
{
    const double kg = draw_load(d), people = draw_poisson(&d->rng, d->people[base]);
    d->sum[base][0] += kg;
    d->sum[base][1] += people;
    load(d, base, MEASURE_MASS, kg, t_ms, t_ms);
    load(d, base, MEASURE_PEOPLE, people, t_ms, t_ms);
}

static unsigned draw_count(struct drawing *d, const struct forecast_convoy *c)
{
    unsigned n = 0;
    const struct forecast_past *p = &d->w->past[c->first];
    for (unsigned left = c->n; left > 0; p++) {
        if (p->base == c->base) {
            n += rng_unit(&d->rng) < (double)p->p;
            left--;
        }
    }
    return n;
}

/* What so many carried in all is as good as normal. */
static void depart_together(struct drawing *d, const struct forecast_convoy *c)
{
    const double n = draw_count(d, c);
    const double spread = sqrt(n * d->one_load.variance);
    const double kg = fmax(0, n * d->one_load.mean + spread * draw_normal(&d->rng));
    const double people = draw_poisson(&d->rng, n * d->people[c->base]);
    d->sum[c->base][0] += kg;
    d->sum[c->base][1] += people;
    load(d, c->base, MEASURE_MASS, kg, c->first_ms, c->last_ms);
    load(d, c->base, MEASURE_PEOPLE, people, c->first_ms, c->last_ms);
}

/* What had left a base by a claim, instead of what was reckoned until then: into its lines anew,
   first things first. */
static void reload(struct drawing *d, int base, const struct forecast_pin *p, double total)
{
    for (size_t k = 0; k < d->n; k++) {
        struct open_line *l = &d->line[k];
        if (l->base != base || l->measure != p->measure || l->ready_ms > p->at_ms) {
            continue;
        }
        const double part = total < l->whole ? total : l->whole;
        const double before = l->left;
        total -= part;
        l->left = l->whole - part <= REST * l->whole ? 0 : l->whole - part;
        series_pin(d->series, l->at, p->at_ms, before, l->left);
        if (l->left > 0) {
            d->closed[l->at] = FORECAST_NEVER;
        } else if (d->closed[l->at] > p->at_ms) {
            d->closed[l->at] = p->at_ms;
        }
    }
}

static void pin(struct drawing *d, const struct forecast_pin *p)
{
    const int part = p->measure == MEASURE_MASS ? 0 : 1;
    const double total = p->low + (p->high - p->low) * rng_unit(&d->rng);
    const size_t bases = d->w->out->bases;
    double reckoned = 0;
    for (size_t b = 0; b < bases; b++) {
        reckoned += p->base < 0 || p->base == (int)b ? d->sum[b][part] : 0;
    }
    for (size_t b = 0; b < bases; b++) {
        if (p->base < 0 || p->base == (int)b) {
            const double share = p->base >= 0   ? 1
                                 : reckoned > 0 ? d->sum[b][part] / reckoned
                                                : 1.0 / (double)bases;
            d->sum[b][part] = total * share;
            reload(d, (int)b, p, total * share);
        }
    }
}

static bool has_open(const struct drawing *d, int base)
{
    for (size_t k = 0; k < d->n; k++) {
        if (d->line[k].base == base && d->line[k].left > 0) {
            return true;
        }
    }
    return false;
}

static void draw_past(struct drawing *d)
{
    const struct forecast_world *w = d->w;
    size_t k = 0;
    for (size_t i = 0; i < w->convoys; i++) {
        const struct forecast_convoy *c = &w->convoy[i];
        for (; k < w->pins && w->pin[k].at_ms < c->first_ms; k++) {
            pin(d, &w->pin[k]);
        }
        if (c->n > 1 && k == w->pins && !has_open(d, c->base)) {
            continue; /* nothing is left to load, and no total to share out */
        }
        if (c->n > 1) {
            depart_together(d, c);
        } else if (draw_count(d, c)) {
            depart(d, c->base, c->first_ms);
        }
    }
    for (; k < w->pins; k++) {
        pin(d, &w->pin[k]);
    }
}

/* The instant so many days of clearance ahead. FORECAST_NEVER: beyond what is looked at. */
static int64_t clear_ahead(const struct forecast_world *w, size_t base, double days)
{
    for (int day = 0; day < FORECAST_DAYS; day++) {
        const bool gap = w->is_gap[base * FORECAST_DAYS + (size_t)day];
        if (!gap && days < 1) {
            return w->with->now_ms + (int64_t)((day + days) * (double)FORECAST_DAY_MS);
        }
        days -= gap ? 0 : 1;
    }
    return FORECAST_NEVER;
}

/* Departures one after another, a gamma's time between them: its shape is what makes the counts of
   days differ as much as they did. */
static void draw_future(struct drawing *d, unsigned draw)
{
    const struct forecast_world *w = d->w;
    const double shape = 1 / w->dispersion;
    for (size_t b = 0; b < w->out->bases; b++) {
        const double rate = draw_gamma(&d->rng, w->shape[b]) / w->rate[b];
        const double scale = w->dispersion / fmax(rate, 1e-3);
        double days = draw_gamma(&d->rng, shape) * scale * rng_unit(&d->rng);
        d->next[draw][b] = FORECAST_NEVER;
        while (w->out->base[b].has_pace && has_open(d, (int)b)) {
            const int64_t t = clear_ahead(w, b, days);
            if (t == FORECAST_NEVER) {
                break;
            }
            d->next[draw][b] = t < d->next[draw][b] ? t : d->next[draw][b];
            series_depart(d->series, t);
            depart(d, (int)b, t);
            days += draw_gamma(&d->rng, shape) * scale;
        }
    }
}

static bool gates(const struct forecast_line *l)
{
    return l->basis <= FORECAST_DONE && !item_flag(l->line, SAID_LINE_MAY_BE_LEFT);
}

static void keep(struct drawing *d, unsigned draw)
{
    double left[FORECAST_LINES] = {0};
    for (size_t k = 0; k < d->w->out->lines; k++) {
        d->when[draw][k] = d->closed[k];
        left[d->line[k].at] = d->line[k].left;
    }
    series_keep(d->series, left);
}

static void draw_one(struct drawing *d, unsigned draw)
{
    const struct forecast_world *w = d->w;
    d->rng = (struct rng){.state = w->with->seed * UINT64_C(0x9e3779b97f4a7c15) + draw};
    memset(d->sum, 0, sizeof d->sum);
    for (size_t k = 0; k < d->n; k++) {
        d->line[k].left = d->line[k].whole;
        d->closed[k] = FORECAST_NEVER;
    }
    series_draw(d->series);
    d->load_kg = fmax(1, w->load_kg + w->load_sd_kg * draw_normal(&d->rng));
    d->one_load = forecast_one_load(d->load_kg, w->each_sd_kg, w->most_kg);
    for (size_t b = 0; b < w->out->bases; b++) { /* people_sd is all their doubt: not loads' too */
        d->people[b] = w->people[b] * exp(w->people_sd[b] * draw_normal(&d->rng));
    }
    draw_past(d);
    for (size_t k = 0; k < d->n; k++) {
        const struct open_line *l = &d->line[k];
        d->share[draw][l->at] = l->whole > 0 ? (l->whole - l->left) / l->whole : 1;
    }
    draw_future(d, draw);
    keep(d, draw);
}

/* ---- what the draws say ---- */

static int by_double(const void *p, const void *q)
{
    const double a = *(const double *)p, b = *(const double *)q;
    return a < b ? -1 : a > b;
}

static int by_time(const void *p, const void *q)
{
    const int64_t a = *(const int64_t *)p, b = *(const int64_t *)q;
    return a < b ? -1 : a > b;
}

static void give_times(struct drawing *d, size_t k, int64_t *of, struct forecast_line *l)
{
    unsigned made = 0;
    for (unsigned i = 0; i < d->draws; i++) {
        of[i] = d->when[i][k];
        made += of[i] <= d->w->out->deadline_ms;
    }
    qsort(of, d->draws, sizeof *of, by_time);
    l->at_10_ms = of[d->draws / 10];
    l->at_50_ms = of[d->draws / 2];
    l->at_90_ms = of[d->draws * 9 / 10];
    l->p_deadline = (double)made / d->draws;
}

static void give_moved(struct drawing *d, size_t k, double *of, struct forecast_line *l)
{
    for (unsigned i = 0; i < d->draws; i++) {
        of[i] = d->share[i][k] * l->quantity;
    }
    qsort(of, d->draws, sizeof *of, by_double);
    l->moved_low = of[d->draws / 10];
    l->moved = of[d->draws / 2];
    l->moved_high = of[d->draws * 9 / 10];
}

/* Departures a day to take the rest by the deadline, through the days with clearance. */
static void give_needed(const struct forecast_world *w, struct forecast_line *l, int base)
{
    const bool people = unit_word[item_unit(l->line, SAID_LINE_UNIT)].measure == MEASURE_PEOPLE;
    const double each = !people ? w->load_kg : base >= 0 ? w->people[base] : 0;
    double days = (double)(w->out->deadline_ms - w->with->now_ms) / (double)FORECAST_DAY_MS;
    days -= base >= 0 ? w->out->base[base].gap_days : 0;
    const double left = (l->quantity - l->moved) * l->unit_base;
    l->needed_a_day = each > 0 && days > 0 && left > 0 ? left / each / days : 0;
}

static enum forecast_basis basis_of(const struct forecast_world *w, const struct open_line *l)
{
    const bool pace = l->base >= 0 && w->out->base[l->base].has_pace;
    if (l->measure != MEASURE_MASS && l->measure != MEASURE_PEOPLE) {
        return FORECAST_NO_UNIT;
    }
    if (w->load_kg <= 0 ||
        (l->measure == MEASURE_PEOPLE && (l->base < 0 || w->people[l->base] <= 0))) {
        return FORECAST_NO_LOAD;
    }
    return l->ready_ms > w->with->now_ms ? FORECAST_NOT_READY
           : pace                        ? FORECAST_OPEN
                                         : FORECAST_NO_PACE;
}

/* First without those that have no pace: a line may be done though nothing leaves any more. */
static void settle_basis(struct drawing *d)
{
    struct forecast *f = d->w->out;
    for (size_t k = 0; k < d->n; k++) {
        struct forecast_line *l = &f->line[d->line[k].at];
        unsigned done = 0;
        for (unsigned i = 0; i < d->draws; i++) {
            done += d->share[i][d->line[k].at] >= 1;
        }
        l->basis = basis_of(d->w, &d->line[k]);
        if (done >= d->draws * 0.95 && l->basis != FORECAST_NO_UNIT && l->quantity > 0) {
            l->basis = FORECAST_DONE;
        }
        f->lines_without += l->basis > FORECAST_DONE && !item_flag(l->line, SAID_LINE_MAY_BE_LEFT);
    }
    for (unsigned i = 0; i < d->draws; i++) {
        int64_t all = INT64_MIN;
        for (size_t k = 0; k < f->lines; k++) {
            all = gates(&f->line[k]) && d->when[i][k] > all ? d->when[i][k] : all;
        }
        d->when[i][FORECAST_LINES] = all == INT64_MIN ? FORECAST_NEVER : all;
    }
}

static void give_next(struct drawing *d, int64_t *of)
{
    for (size_t b = 0; b < d->w->out->bases; b++) {
        struct forecast_base *base = &d->w->out->base[b];
        for (unsigned i = 0; i < d->draws; i++) {
            of[i] = d->next[i][b];
        }
        qsort(of, d->draws, sizeof *of, by_time);
        base->next_10_ms = of[d->draws / 10];
        base->next_50_ms = of[d->draws / 2];
        base->next_90_ms = of[d->draws * 9 / 10];
    }
}

static void give(struct drawing *d, void *room)
{
    struct forecast *f = d->w->out;
    bool any = false;
    settle_basis(d);
    for (size_t k = 0; k < d->n; k++) {
        struct forecast_line *l = &f->line[d->line[k].at];
        give_moved(d, d->line[k].at, room, l);
        give_needed(d->w, l, d->line[k].base);
        if (l->basis <= FORECAST_DONE) {
            give_times(d, d->line[k].at, room, l);
        }
        any |= gates(l);
    }
    f->all.basis = any ? FORECAST_DONE : FORECAST_NO_PACE;
    for (size_t k = 0; k < f->lines; k++) {
        if (gates(&f->line[k]) && f->line[k].basis == FORECAST_OPEN) {
            f->all.basis = FORECAST_OPEN;
        }
    }
    f->all.at_10_ms = f->all.at_50_ms = f->all.at_90_ms = FORECAST_NEVER;
    if (any) {
        give_times(d, FORECAST_LINES, room, &f->all);
    }
    give_next(d, room);
}

/* Of thousands of departures the sums hardly differ from draw to draw: fewer draws do. */
static unsigned count_draws(const struct forecast_world *w)
{
    enum { LOADS = 150000, LEAST = 100 };
    const unsigned wanted = w->with->draws ? w->with->draws : FORECAST_DRAWS;
    const size_t most = w->n ? LOADS / w->n : wanted;
    return most >= wanted ? wanted : most < LEAST ? LEAST : (unsigned)most;
}

enum err forecast_draw(struct forecast_world *w)
{
    const unsigned draws = count_draws(w);
    struct drawing *d = calloc(1, sizeof *d);
    void *room = malloc(draws * sizeof(int64_t));
    if (d) {
        d->w = w;
        d->draws = draws;
        d->when = malloc(draws * sizeof *d->when);
        d->share = malloc(draws * sizeof *d->share);
        d->next = malloc(draws * sizeof *d->next);
        d->series = series_begin(w, draws);
    }
    const bool fine =
        d && room && d->when && d->share && d->next && (d->series || !w->with->series);
    if (fine) {
        open_lines(d);
        for (unsigned i = 0; i < draws; i++) {
            draw_one(d, i);
        }
        give(d, room);
    }
    if (d) {
        series_end(d->series);
        free(d->when);
        free(d->share);
        free(d->next);
    }
    free(d);
    free(room);
    return fine ? ERR_OK : ERR_MEMORY;
}
