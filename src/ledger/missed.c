#include "ledger/missed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With fewer departures and arrivals known to be unheard nothing says that hearing was not good. */
#define LEAST_HIDDEN 1.5
#define LEAST_SHARE  0.02

bool missed_is_asked(const struct ledger_question *q)
{
    return (q->what == LEDGER_ARRIVALS || q->what == LEDGER_DEPARTURES) &&
           (q->airport[0] || q->country[0] || q->shape) && !q->callsign[0] &&
           !q->operator[0] && q->least_p <= LEDGER_LEAST_P;
}

struct missed_group *missed_group(struct missed *m, const char *unit, bool military)
{
    for (size_t i = 0; i < m->groups; i++) {
        if (m->group[i].military == military && strcmp(m->group[i].unit, unit) == 0) {
            return &m->group[i];
        }
    }
    struct missed_group *more = realloc(m->group, (m->groups + 1) * sizeof *more);
    if (!more) {
        return NULL;
    }
    m->group = more;
    struct missed_group *g = &more[m->groups++];
    *g = (struct missed_group){.military = military};
    snprintf(g->unit, sizeof g->unit, "%s", unit);
    return g;
}

enum err missed_add(struct missed_group *g, const struct unheard_flight *f)
{
    if (g->n == g->cap) {
        const size_t cap = g->cap ? 2 * g->cap : 64;
        struct unheard_flight *more = realloc(g->flight, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        g->flight = more;
        g->cap = cap;
    }
    g->flight[g->n++] = *f;
    return ERR_OK;
}

void missed_free(struct missed *m)
{
    for (size_t i = 0; i < m->groups; i++) {
        free(m->group[i].flight);
        later_free(&m->group[i].later);
    }
    free(m->group);
    *m = (struct missed){0};
}

/* ---- the sum ---- */

static bool is_in_time(const struct ledger_question *q, int64_t lo_ms, int64_t hi_ms)
{
    const int64_t t_ms = lo_ms + (hi_ms - lo_ms) / 2;
    return t_ms >= q->from_ms && t_ms < q->to_ms;
}

/* What a sum has of what took place between two flights; NULL: nothing. Where a place elsewhere was
   itself not heard (UNHEARD_FROM_A_BASE, UNHEARD_TO_A_BASE) says something only to who knows all
   bases: to a question for one of several fields nobody hears the others are such places. */
static double *part_of(struct missed_sum *s, enum unheard_kind kind, bool arrivals)
{
    switch (kind) {
    case UNHEARD_LEFT:
        return arrivals ? NULL : &s->ends;
    case UNHEARD_OUT_AND_BACK:
        return &s->stays;
    case UNHEARD_BY_A_BASE:
        return &s->ways;
    default:
        return NULL;
    }
}

static void add_between(const struct unheard_between *b, const struct ledger_question *q,
                        struct missed_sum *s, float *p, size_t *n, size_t max)
{
    double *to = part_of(s, b->kind, q->what == LEDGER_ARRIVALS);
    if (!to || !is_in_time(q, b->came_ms, b->left_ms) || *n == max) {
        return;
    }
    *to += b->p;
    p[(*n)++] = (float)b->p;
}

static void add_visits(const struct unheard *u, struct missed_sum *s, float *p, size_t *n,
                       size_t max)
{
    /* Chances of at most a half that add up to them. */
    const size_t more = 2 * (size_t)ceil(u->unseen);
    for (size_t i = 0; i < more && *n < max; i++) {
        p[(*n)++] = (float)(u->unseen / (double)more);
    }
    s->visits += u->unseen;
    /* Its two shares are each known from so many. */
    s->variance_more += u->unseen * u->unseen * 4 / u->hidden;
}

static enum err add_group(const struct missed_group *g, const struct ledger_question *q,
                          int64_t now_ms, struct missed_sum *s, float *p, size_t *n, size_t max)
{
    struct unheard u;
    const enum err e = unheard_learn(g->flight, g->n, &u);
    if (e) {
        return e;
    }
    if (u.stays && u.hidden >= LEAST_HIDDEN && fmax(u.unheard_out, u.unheard_in) >= LEAST_SHARE) {
        for (size_t i = 0; i < g->n; i++) {
            const bool has_next =
                i + 1 < g->n && g->flight[i].airframe == g->flight[i + 1].airframe;
            const struct unheard_between b = unheard_find(&u, g->flight, g->n, i, has_next, now_ms);
            add_between(&b, q, s, p, n, max);
        }
        add_visits(&u, s, p, n, max);
        s->heard_out = fmin(s->heard_out, 1 - u.unheard_out);
        s->heard_in = fmin(s->heard_in, 1 - u.unheard_in);
    }
    unheard_free(&u);
    return ERR_OK;
}

size_t missed_most(const struct missed *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->groups; i++) {
        n += 3 * m->group[i].n + 4;
    }
    return n;
}

enum err missed_sum(const struct missed *m, const struct ledger_question *q, struct missed_sum *out,
                    float *p, size_t *n, size_t max)
{
    const int64_t now_ms = q->to_ms < m->now_ms ? q->to_ms : m->now_ms;
    enum err e = ERR_OK;
    *out = (struct missed_sum){.heard_out = 1, .heard_in = 1};
    for (size_t i = 0; i < m->groups && !e; i++) {
        e = add_group(&m->group[i], q, now_ms, out, p, n, max);
    }
    return e;
}

double missed_expected(const struct missed_sum *s)
{
    return s->stays + s->ends + s->ways + s->visits;
}
