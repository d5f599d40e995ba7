#include "operation/forecast.h"
#include "operation/forecast_internal.h"

#include <stdlib.h>
#include <string.h>

const char *forecast_basis_key(enum forecast_basis b)
{
    static const char *const key[] = {"forecast",  "done",    "no_pace",
                                      "not_ready", "no_unit", "no_load"};
    return key[b];
}

bool forecast_claim_known(const struct item *claim, int64_t now_ms)
{
    const int64_t t = item_ms(claim, SAID_CLAIM_PUBLISHED);
    return t == ITEM_NO_TIME || t <= now_ms;
}

static int base_of(const struct forecast *f, const char *code)
{
    for (size_t k = 0; k < f->bases; k++) {
        if (strcmp(f->base[k].code, code) == 0) {
            return (int)k;
        }
    }
    return -1;
}

static void take_bases(struct forecast_world *w)
{
    size_t n;
    const struct item *b = operation_all(w->o, ITEM_BASE, &n);
    struct forecast *f = w->out;
    for (size_t k = 0; k < n && f->bases < FORECAST_BASES; k++) {
        if (!operation_is_base(w->o, b[k].key)) {
            continue;
        }
        struct forecast_base *base = &f->base[f->bases++];
        strncpy(base->code, b[k].key, sizeof base->code - 1);
        const char *country = w->with->country ? w->with->country(w->with->ctx, b[k].key) : "";
        strncpy(base->country, country, sizeof base->country - 1);
    }
}

static enum err take_past(struct forecast_world *w, const struct matches *m)
{
    const struct item *head = operation_head(w->o);
    const bool arrivals = item_word(head, SAID_HEAD_CLOSURE) == 1;
    w->past = malloc((m->n + 1) * sizeof *w->past);
    if (!w->past) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct match *x = &m->of[i];
        const float p = arrivals ? x->arrives : x->leaves;
        const int base = base_of(w->out, x->base);
        if (match_is_in(x) && p > 0 && base >= 0 && x->t_ms <= w->with->now_ms) {
            w->past[w->n++] =
                (struct forecast_past){.t_ms = x->t_ms, .p = p < 1 ? p : 1, .base = (uint8_t)base};
        }
    }
    return ERR_OK;
}

static void take_lines(struct forecast_world *w)
{
    size_t n;
    const struct item *l = operation_all(w->o, ITEM_LINE, &n);
    struct forecast *f = w->out;
    for (size_t k = 0; k < n && f->lines < FORECAST_LINES; k++) {
        const struct unit_word *u = &unit_word[item_unit(&l[k], SAID_LINE_UNIT)];
        f->line[f->lines++] =
            (struct forecast_line){.line = &l[k],
                                   .quantity = item_number(&l[k], SAID_LINE_QUANTITY, 0),
                                   .unit_base = (u->low + u->high) / 2,
                                   .at_10_ms = FORECAST_NEVER,
                                   .at_50_ms = FORECAST_NEVER,
                                   .at_90_ms = FORECAST_NEVER};
    }
}

/* Up to when a day ahead is known to have no valid clearance. */
static enum err take_gaps(struct forecast_world *w)
{
    w->is_gap = calloc(FORECAST_BASES, FORECAST_DAYS);
    if (!w->is_gap) {
        return ERR_MEMORY;
    }
    const int32_t today = (int32_t)(w->with->now_ms / FORECAST_DAY_MS);
    for (size_t b = 0; b < w->out->bases; b++) {
        struct forecast_base *base = &w->out->base[b];
        enum clearance_day day[FORECAST_DAYS];
        if (!base->country[0]) {
            continue;
        }
        clearance_days(w->o, base->country, today, FORECAST_DAYS, w->with->now_ms, day);
        for (size_t d = 0; d < FORECAST_DAYS; d++) {
            const bool gap = day[d] == CLEARANCE_DAY_NONE;
            w->is_gap[b * FORECAST_DAYS + d] = gap;
            base->gap_days += gap;
        }
    }
    return ERR_OK;
}

/* Aircraft worked on at once, hours open, hours for one, and 85 % for queues (AFPAM 10-1403): an
   upper bound, not a forecast. */
static void take_ceilings(struct forecast_world *w)
{
    for (size_t b = 0; b < w->out->bases; b++) {
        struct forecast_base *base = &w->out->base[b];
        const struct item *i = operation_find(w->o, ITEM_BASE, base->code);
        const double mog = item_number(i, SAID_BASE_MOG, 0);
        const double ground_h = item_number(i, SAID_BASE_GROUND_H, 0);
        if (mog > 0 && ground_h > 0) {
            base->ceiling_kg =
                mog * w->load_kg * item_number(i, SAID_BASE_HOURS, 24) / ground_h * 0.85;
        }
    }
}

enum err forecast_make(const struct operation *o, const struct matches *m,
                       const struct forecast_options *with, struct forecast *out)
{
    struct forecast_world w = {.o = o, .with = with, .out = out};
    const struct item *head = operation_head(o);
    *out = (struct forecast){.now_ms = with->now_ms};
    if (!head) {
        return ERR_NOT_FOUND;
    }
    out->deadline_ms = item_ms(head, SAID_HEAD_DEADLINE);
    take_bases(&w);
    take_lines(&w);
    enum err e = take_past(&w, m);
    e = e ? e : take_gaps(&w);
    if (!e) {
        forecast_learn(&w);
        forecast_pace(&w);
        take_ceilings(&w);
        e = forecast_convoys(&w);
    }
    if (!e) {
        e = forecast_draw(&w);
    }
    free(w.past);
    free(w.convoy);
    free(w.is_gap);
    return e;
}
