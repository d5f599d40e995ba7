#include "operation/tally.h"

#include "operation/habit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static float p_of(const struct match *m, enum tally_edge edge)
{
    return edge == TALLY_OUT ? m->leaves : m->arrives;
}

static bool is_observed(const struct match *m, enum tally_edge edge)
{
    const struct sortie_end *e = edge == TALLY_OUT ? &m->s.off : &m->s.on;
    return e->observed && !m->by_habit && (double)p_of(m, edge) >= 0.95;
}

enum tally_edge operation_edge(const struct operation *o)
{
    return item_word(operation_head(o), SAID_HEAD_CLOSURE) == 1 ? TALLY_IN : TALLY_OUT;
}

/* ---- lift ---- */

static double kilograms(const struct item *f)
{
    const struct unit_word *u = &unit_word[item_unit(f, SAID_FACTOR_UNIT)];
    return item_number(f, SAID_FACTOR_PAYLOAD, 0) * u->low;
}

bool tally_lift(const struct operation *o, const struct sortie *s, const char *edition,
                double kg[LIFTS])
{
    size_t n;
    const struct item *f = operation_all(o, ITEM_FACTOR, &n);
    for (int k = 0; k < LIFTS; k++) {
        kg[k] = s->lift_kg[k];
    }
    for (size_t i = 0; i < n; i++) {
        const int role = item_word(&f[i], SAID_FACTOR_ROLE);
        if (role < 0 || !item_lists(&f[i], SAID_FACTOR_TYPE, s->type, false)) {
            continue;
        }
        if (role != LIFT_PLAN || !edition ||
            strcmp(item_text(&f[i], SAID_FACTOR_EDITION), edition) == 0) {
            kg[role] = kilograms(&f[i]);
        }
    }
    return kg[LIFT_MAX] > 0;
}

/* ---- sums ---- */

/* A number that varies as of many rare chances. */
enum { UNSEEN_PARTS = 64 };

/* p has room for them behind its n. */
static enum err sum_with(float *p, size_t n, double unseen, struct chance_sum *out)
{
    for (int k = 0; k < UNSEEN_PARTS && unseen > 0; k++) {
        p[n++] = (float)fmin(1, unseen / UNSEEN_PARTS);
    }
    return chance_sum(p, n, out);
}

enum err tally_sum(const struct operation *o, const struct matches *m, enum tally_edge edge,
                   const char *base, int64_t from_ms, int64_t to_ms, struct tally_sum *out)
{
    float *p = malloc((m->n + UNSEEN_PARTS) * sizeof *p);
    size_t n = 0;
    double all = 0, these = 0;
    *out = (struct tally_sum){0};
    if (!p) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct match *x = &m->of[i];
        const float chance = p_of(x, edge);
        all += match_is_in(x) ? (double)chance : 0;
        if (!match_is_in(x) || chance <= 0 || x->t_ms < from_ms || x->t_ms >= to_ms ||
            (base && strcmp(base, x->base) != 0)) {
            continue;
        }
        double kg[LIFTS];
        const bool known = tally_lift(o, &x->s, NULL, kg);
        const bool listed = (double)chance >= MATCH_LISTED_P;
        for (int k = 0; k < LIFTS && known; k++) {
            out->lift_kg[k] += (double)chance * kg[k];
        }
        out->listed += listed;
        out->lift_unknown += listed && !known;
        out->observed += is_observed(x, edge);
        these += (double)chance;
        p[n++] = chance < 1 ? chance : 1;
    }
    /* Visits with neither end heard came when and where the others did. */
    const double share = all > 0 ? these / all : 0;
    struct chance_sum low, high;
    out->unseen = m->unseen * share;
    enum err e = sum_with(p, n, out->unseen, &out->sum);
    e = e ? e : sum_with(p, n, m->unseen_low * share, &low);
    e = e ? e : sum_with(p, n, m->unseen_high * share, &high);
    if (!e) { /* how many they are is not known either: the widest of both doubts */
        out->sum.low = low.low;
        out->sum.high = high.high;
    }
    free(p);
    return e;
}

/* Matches of one day lie together: they are in the order of time. */
static enum err day_interval(const struct matches *m, size_t from, size_t to, float *room,
                             struct tally_day *d)
{
    enum err err = ERR_OK;
    for (unsigned e = 0; e < TALLY_EDGES && !err; e++) {
        struct chance_sum sum;
        size_t n = 0;
        for (size_t i = from; i < to; i++) {
            const float p = p_of(&m->of[i], e);
            if (match_is_in(&m->of[i]) && p > 0) {
                room[n++] = p < 1 ? p : 1;
            }
        }
        err = chance_sum(room, n, &sum);
        d->low[e] = (uint16_t)sum.low;
        d->high[e] = (uint16_t)sum.high;
    }
    return err;
}

enum err tally_days(const struct matches *m, int32_t first_day, size_t days, struct tally_day *out)
{
    float *room = malloc((m->n + 1) * sizeof *room);
    enum err err = room ? ERR_OK : ERR_MEMORY;
    size_t i = 0;
    memset(out, 0, days * sizeof *out);
    for (size_t d = 0; d < days && !err; d++) {
        while (i < m->n && m->of[i].t_ms / DAY_MS - first_day < (int64_t)d) {
            i++;
        }
        const size_t from = i;
        for (; i < m->n && m->of[i].t_ms / DAY_MS - first_day == (int64_t)d; i++) {
            const struct match *x = &m->of[i];
            for (unsigned e = 0; e < TALLY_EDGES && match_is_in(x); e++) {
                out[d].expected[e] += p_of(x, e);
                out[d].observed[e] += is_observed(x, e);
                out[d].listed[e] += (double)p_of(x, e) >= MATCH_LISTED_P;
            }
        }
        err = day_interval(m, from, i, room, &out[d]);
    }
    free(room);
    return err;
}

/* ---- presence ---- */

static struct presence *row_of(struct presence_all *all, size_t *cap, const struct sortie *s)
{
    for (size_t k = 0; k < all->n; k++) {
        struct presence *r = &all->row[k];
        if (strcmp(r->country, s->country) == 0 && strcmp(r->operator, s->operator) == 0 &&
            r->military == s->military) {
            return r;
        }
    }
    if (all->n == *cap) {
        *cap = *cap ? *cap * 2 : 32;
        struct presence *more = realloc(all->row, *cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        all->row = more;
    }
    struct presence *r = &all->row[all->n];
    *r = (struct presence){.military = s->military};
    memcpy(r->country, s->country, sizeof r->country);
    memcpy(r->operator, s->operator, sizeof r->operator);
    r->day = calloc(all->days, sizeof *r->day);
    if (!r->day) {
        return NULL;
    }
    all->n++;
    return r;
}

static int by_expected(const void *p, const void *q)
{
    const struct presence *a = p, *b = q;
    if (a->expected > b->expected || a->expected < b->expected) {
        return a->expected > b->expected ? -1 : 1;
    }
    const int c = strcmp(a->country, b->country);
    return c ? c : strcmp(a->operator, b->operator);
}

enum err presence_find(const struct matches *m, int32_t first_day, size_t days,
                       struct presence_all *out)
{
    size_t cap = 0;
    *out = (struct presence_all){.first_day = first_day, .days = days ? days : 1};
    for (size_t i = 0; i < m->n; i++) {
        const struct match *x = &m->of[i];
        const float most = x->arrives > x->leaves ? x->arrives : x->leaves;
        const float p = x->by_habit && most > HABIT_MOST ? HABIT_MOST : most;
        const int64_t day = x->t_ms / DAY_MS - first_day;
        if (day < 0 || (size_t)day >= out->days || p <= 0) {
            continue;
        }
        struct presence *r = row_of(out, &cap, &x->s);
        if (!r) {
            presence_free(out);
            return ERR_MEMORY;
        }
        r->in |= match_is_in(x);
        r->expected += x->arrives;
        r->arrivals += (double)x->arrives >= MATCH_LISTED_P;
        r->day[day].n += (double)p >= MATCH_LISTED_P;
        r->day[day].surest = p > r->day[day].surest ? p : r->day[day].surest;
    }
    if (out->n > 1) {
        qsort(out->row, out->n, sizeof *out->row, by_expected);
    }
    return ERR_OK;
}

void presence_free(struct presence_all *p)
{
    for (size_t k = 0; k < p->n; k++) {
        free(p->row[k].day);
    }
    free(p->row);
    *p = (struct presence_all){0};
}
