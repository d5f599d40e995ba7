/* What a plan is made from, and what binds it. */
#include "operation/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define KM_NM  1.852
/* Aircraft wait for each other: AFPAM 10-1403's queuing efficiency. */
#define QUEUE 0.85

const char *plan_limit_key(enum plan_limit l)
{
    static const char *const key[PLAN_LIMITS] = {"aircraft", "places", "clearances", "dates"};
    return key[l];
}

/* ---- types ---- */

static const struct item *factor_of(const struct operation *o, const char *type,
                                    const char *edition)
{
    size_t n;
    const struct item *f = operation_all(o, ITEM_FACTOR, &n);
    for (size_t k = 0; k < n; k++) {
        if (item_word(&f[k], SAID_FACTOR_ROLE) == LIFT_PLAN &&
            item_lists(&f[k], SAID_FACTOR_TYPE, type, false) &&
            (!edition || strcmp(item_text(&f[k], SAID_FACTOR_EDITION), edition) == 0)) {
            return &f[k];
        }
    }
    return NULL;
}

/* Payload and seats of its planning factor; the load the operation's own claims taught, which is
   less, where there is one type alone that it can be of. */
static enum err take_types(const struct operation *o, struct plan *p, char *why)
{
    for (size_t t = 0; t < p->with.types; t++) {
        struct plan_type *type = &p->with.type[t];
        const struct item *f = factor_of(o, type->code, p->with.edition);
        if (!f) {
            snprintf(why, PLAN_WHY_MAX,
                     "there is no planning factor of %s%s%s: masar operation factor … role=plan",
                     type->code, p->with.edition ? " by " : "",
                     p->with.edition ? p->with.edition : "");
            return ERR_NOT_FOUND;
        }
        type->factor = f;
        type->payload_kg =
            item_number(f, SAID_FACTOR_PAYLOAD, 0) * unit_word[item_unit(f, SAID_FACTOR_UNIT)].low;
        if (p->with.types == 1 && p->with.forecast->load_learned && !p->with.edition) {
            type->payload_kg = fmin(type->payload_kg, p->with.forecast->load_kg);
        }
        type->seats = item_number(f, SAID_FACTOR_SEATS, 0);
        type->ground_h = item_number(f, SAID_FACTOR_GROUND_H, 0);
        type->block_kt = item_number(f, SAID_FACTOR_BLOCK_KT, 0);
        if (type->block_kt <= 0 || type->ground_h <= 0) {
            snprintf(why, PLAN_WHY_MAX, "block_kt and ground_h: the factor %s must say both",
                     f->key);
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}

/* ---- bases ---- */

/* Where its lines go, else where most of its flights went. */
static void find_other(const struct operation *o, const struct matches *m, struct plan_base *b)
{
    size_t n;
    const struct item *l = operation_all(o, ITEM_LINE, &n);
    for (size_t k = 0; k < n; k++) {
        const char *from = item_text(&l[k], SAID_LINE_FROM), *to = item_text(&l[k], SAID_LINE_TO);
        const char *other = strcmp(from, b->code) == 0 ? to : strcmp(to, b->code) == 0 ? from : "";
        if (*other && !b->other[0]) {
            snprintf(b->other, sizeof b->other, "%s", other);
        }
    }
    struct {
        char code[12];
        double n;
    } seen[16] = {0};
    for (size_t i = 0; i < m->n && !b->other[0]; i++) {
        const struct sortie_end *on = &m->of[i].s.on;
        const char *code = on->places ? on->place[0].code : "";
        if (!match_is_in(&m->of[i]) || strcmp(m->of[i].base, b->code) != 0 || !*code ||
            m->of[i].leaves < 0.5F) {
            continue;
        }
        size_t k = 0;
        while (k < 15 && seen[k].code[0] && strcmp(seen[k].code, code) != 0) {
            k++;
        }
        snprintf(seen[k].code, sizeof seen[k].code, "%s", code);
        seen[k].n += (double)m->of[i].leaves;
    }
    double most = 0;
    for (size_t k = 0; k < 15; k++) {
        if (seen[k].n > most) {
            most = seen[k].n;
            snprintf(b->other, sizeof b->other, "%s", seen[k].code);
        }
    }
}

static void take_days(const struct operation *o, const struct plan *p, const char *country,
                      struct plan_base *b)
{
    const struct item *i = operation_find(o, ITEM_BASE, b->code);
    const double mog = item_number(i, SAID_BASE_MOG, 0);
    const double ground_h = item_number(i, SAID_BASE_GROUND_H, p->with.type[0].ground_h);
    const double room = mog * item_number(i, SAID_BASE_HOURS, 24) / ground_h * QUEUE;
    const int64_t closed = item_ms(i, SAID_BASE_CLOSED);
    for (unsigned d = 0; d < p->days; d++) {
        const int32_t day = p->first_day + (int32_t)d;
        const bool shut = closed != ITEM_NO_TIME && day * DAY_MS > closed;
        b->open[d] =
            !shut && (!country[0] || clearance_day(o, country, day, p->with.forecast->now_ms) !=
                                         CLEARANCE_DAY_NONE);
        b->places[d] = mog > 0 ? (room >= 1 ? floor(room) : room) : HUGE_VAL;
    }
}

static enum err take_bases(const struct operation *o, const struct matches *m, struct plan *p,
                           char *why)
{
    for (size_t k = 0; k < p->with.forecast->bases; k++) {
        struct plan_base *b = &p->base[p->bases];
        *b = (struct plan_base){0};
        memcpy(b->code, p->with.forecast->base[k].code, sizeof b->code);
        find_other(o, m, b);
        b->km = b->other[0] ? p->with.km(p->with.ctx, b->code, b->other) : 0;
        if (b->km <= 0) {
            snprintf(why, PLAN_WHY_MAX, "to: where %s is flown to is not known: give a line of it",
                     b->code);
            return ERR_NOT_FOUND;
        }
        for (size_t t = 0; t < p->with.types; t++) {
            const struct plan_type *type = &p->with.type[t];
            const double flying_h = 2 * b->km / KM_NM / type->block_kt;
            b->cycle_h[t] = flying_h + 2 * type->ground_h;
            b->each_day[t] = fmin(24 / b->cycle_h[t], p->with.flying_h / flying_h);
        }
        take_days(o, p, p->with.forecast->base[k].country, b);
        p->bases++;
    }
    return ERR_OK;
}

/* ---- lines ---- */

static int day_of(const struct plan *p, int64_t t_ms)
{
    return (int)(t_ms / DAY_MS - p->first_day);
}

static void take_lines(struct plan *p)
{
    for (size_t k = 0; k < p->with.forecast->lines; k++) {
        const struct forecast_line *f = &p->with.forecast->line[k];
        const enum measure m = unit_word[item_unit(f->line, SAID_LINE_UNIT)].measure;
        const double left = (f->quantity - f->moved) * f->unit_base;
        const int64_t ready = item_ms(f->line, SAID_LINE_READY);
        const int64_t latest = item_ms(f->line, SAID_LINE_LATEST);
        struct plan_line l = {.line = f->line,
                              .measure = m,
                              .left = left,
                              .base = p->bases,
                              .last = (int)p->days - 1,
                              .must = !item_flag(f->line, SAID_LINE_MAY_BE_LEFT)};
        for (size_t b = 0; b < p->bases; b++) {
            if (strcmp(p->base[b].code, item_text(f->line, SAID_LINE_FROM)) == 0 ||
                strcmp(p->base[b].code, item_text(f->line, SAID_LINE_TO)) == 0) {
                l.base = b;
            }
        }
        if (l.base == p->bases || m > MEASURE_PEOPLE) {
            p->without++;
            continue;
        }
        l.first = ready != ITEM_NO_TIME && day_of(p, ready) > 0 ? day_of(p, ready) : 0;
        if (latest != ITEM_NO_TIME && day_of(p, latest) < l.last) {
            l.last = day_of(p, latest);
        }
        if (left > f->quantity * f->unit_base * 0.001) {
            p->line[p->lines++] = l;
        }
    }
}

/* ---- all ---- */

static enum err solve_one(const struct plan *p, unsigned freed, plan_solve_fn *solve, void *ctx,
                          struct plan_result *out, char *why)
{
    struct plan_problem q;
    enum err e = plan_problem_make(p, freed, &q);
    if (e) {
        return e;
    }
    double *x = calloc(q.columns + 1, sizeof *x);
    if (!x) {
        e = ERR_MEMORY;
    } else if (!solve(ctx, &q, x)) {
        snprintf(why, PLAN_WHY_MAX, "the solver found no plan");
        e = ERR_RANGE;
    } else {
        plan_read(p, x, out);
    }
    free(x);
    plan_problem_free(&q);
    return e;
}

static enum err solve_all(struct plan *p, plan_solve_fn *solve, void *ctx, char *why)
{
    struct plan_result *room = calloc(1, sizeof *room);
    enum err e = room ? solve_one(p, 0, solve, ctx, &p->as_is, why) : ERR_MEMORY;
    for (unsigned k = 0; k < PLAN_LIMITS && !e; k++) {
        e = solve_one(p, 1U << k, solve, ctx, room, why);
        p->freed[k].must_over = room->must_over;
        p->freed[k].all_done = room->all_done;
    }
    free(room);
    return e;
}

enum err plan_make(const struct operation *o, const struct matches *m,
                   const struct plan_question *with, plan_solve_fn *solve, void *ctx,
                   struct plan *out, char why[PLAN_WHY_MAX])
{
    const struct forecast *f = with->forecast;
    *out = (struct plan){.with = *with, .first_day = (int32_t)(f->now_ms / DAY_MS) + 1};
    snprintf(why, PLAN_WHY_MAX, "out of memory");
    const int64_t days = f->deadline_ms / DAY_MS - out->first_day + 1;
    if (days < 1) {
        snprintf(why, PLAN_WHY_MAX, "deadline: no day is left before it");
        return ERR_RANGE;
    }
    if (with->types < 1) {
        snprintf(why, PLAN_WHY_MAX, "fleet: name aircraft, as fleet=C17:6,C30J:2");
        return ERR_RANGE;
    }
    out->days = days > PLAN_DAYS ? PLAN_DAYS : (unsigned)days;
    enum err e = take_types(o, out, why);
    e = e ? e : take_bases(o, m, out, why);
    if (!e) {
        take_lines(out);
        e = solve_all(out, solve, ctx, why);
    }
    return e;
}

enum plan_limit plan_binds(const struct plan *p)
{
    enum plan_limit best = PLAN_LIMITS;
    double most = 0;
    for (unsigned k = 0; k < PLAN_LIMITS; k++) {
        const double gain = (p->as_is.must_over - p->freed[k].must_over) * PLAN_DAYS +
                            (p->as_is.must_over > 0 ? 0 : p->as_is.all_done - p->freed[k].all_done);
        if (gain > most + 1e-6) {
            most = gain;
            best = (enum plan_limit)k;
        }
    }
    return best;
}
