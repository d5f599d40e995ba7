/* Where a flight that was found in the air had come from, weighed again once it is known where it
   went: hardly anybody flies from a field back to it, or a way nobody ever flew. Where a flight
   nobody heard would have brought it to a better beginning, that flight becomes the surer, and its
   rows are corrected with it. */
#include "movement/internal.h"

#include <stdlib.h>
#include <string.h>

/* A correction is worth rows when a probability moves by this much. */
#define MOVED 0.02F

struct again {
    uint32_t leg; /* the one found in the air; the flight nobody heard is the one before */
    bool notes;   /* rows given now are those that may be corrected */
    bool hidden;  /* there is one */
    float p;      /* that it came down at all before */
    struct stop_way way[STOP_WAYS];
    unsigned ways;
    float none_p;
    struct claim off, on, whole, left;
};

void again_free(struct aircraft *a)
{
    free(a->again);
    a->again = NULL;
}

void again_begin(struct movement *m, struct aircraft *a, const struct stop_answer *s, float p)
{
    (void)m;
    again_free(a);
    if (s->ways < 2 || !(a->again = calloc(1, sizeof *a->again))) {
        return; /* there is nothing to choose; or it stays as it was weighed first */
    }
    a->again->p = p;
    a->again->notes = true;
    a->again->ways = s->ways;
    a->again->none_p = s->left.none_p;
    memcpy(a->again->way, s->way, s->ways * sizeof *s->way);
}

void again_note(struct aircraft *a, const struct claim *c)
{
    struct again *g = a->again;
    if (!g || !g->notes) {
        return;
    }
    if (c->kind == CLAIM_TOOK_OFF) {
        g->hidden |= g->left.number != 0; /* a second one: the first was of the flight before */
        g->off = g->left;
        g->left = *c;
        g->leg = c->leg;
    } else if (c->kind == CLAIM_LANDED) {
        g->on = *c;
    } else if (c->kind == CLAIM_LEG) {
        g->whole = *c;
    }
}

void again_noted(struct aircraft *a)
{
    if (a->again) {
        a->again->notes = false;
    }
}

/* How much likelier each way becomes by where it went. */
static void weigh_ways(struct movement *m, const struct aircraft *a,
                       const struct posterior_end *site, struct again *g)
{
    struct posterior_flight f;
    uint32_t airport[CLAIM_CANDIDATES];
    float to[CLAIM_CANDIDATES];
    leg_question(m, a, &f);
    f.silent = false; /* no more */
    for (unsigned k = 0; k < site->n; k++) {
        airport[k] = site->place[k].airport;
    }
    for (unsigned i = 0; i < g->ways; i++) {
        const struct posterior_end from = {.place = {{g->way[i].airport, 1}}, .n = 1};
        float fit = 0;
        posterior_prior(m->posterior, &f, &from, airport, site->n, to);
        for (unsigned k = 0; k < site->n; k++) {
            fit += site->place[k].p * to[k];
        }
        g->way[i].once *= fit;
        g->way[i].twice *= fit;
    }
}

/* An end of the weights of ways: of all, or of those after a flight nobody heard. */
static float end_of(const struct again *g, bool all, struct posterior_end *out)
{
    float sum = 0;
    out->n = 0;
    for (unsigned i = 0; i < g->ways; i++) {
        sum += g->way[i].twice + (all ? g->way[i].once : 0);
    }
    for (unsigned i = 0; i < g->ways && sum > 0; i++) {
        const float p = (g->way[i].twice + (all ? g->way[i].once : 0)) / sum * (1 - g->none_p);
        unsigned k = CLAIM_CANDIDATES - 1;
        if (out->n < CLAIM_CANDIDATES) {
            k = out->n++;
        } else if (out->place[k].p >= p) {
            continue;
        }
        for (; k > 0 && out->place[k - 1].p < p; k--) {
            out->place[k] = out->place[k - 1];
        }
        out->place[k] = (struct place_p){g->way[i].airport, p};
    }
    return sum;
}

static uint32_t correct(struct movement *m, struct aircraft *a, const struct claim *old, float p,
                        const struct posterior_end *end)
{
    struct claim c = *old;
    c.supersedes = old->number;
    c.p = p;
    c.made_ms = a->path.last.t_ms;
    if (end) {
        c.lat_e7 = c.lon_e7 = CLAIM_NO_PLACE;
        row_end(m, &c, end);
    }
    return row_give(m, a, &c);
}

void again_landed(struct movement *m, struct aircraft *a, const struct posterior_end *site, float p)
{
    struct again *g = a->again;
    struct posterior_end left = {.rules = a->leg.origin.rules}, to = {0};
    if (!g || g->notes || g->leg != a->legs || p < 0.5F || !site->n) {
        return;
    }
    weigh_ways(m, a, site, g);
    const float all = end_of(g, true, &left);
    const float twice = end_of(g, false, &to);
    if (all > 0 && g->hidden) {
        const float hidden_p = g->p * twice / all;
        if (hidden_p > g->off.p + MOVED || hidden_p < g->off.p - MOVED) {
            to.rules = 1U << CLAIM_RULE_REACHABLE;
            correct(m, a, &g->off, hidden_p, NULL);
            correct(m, a, &g->on, hidden_p, &to);
            correct(m, a, &g->whole, hidden_p, &to);
        }
    }
    if (all > 0 && a->leg.origin.n && left.n &&
        (left.place[0].airport != a->leg.origin.place[0].airport ||
         left.place[0].p > a->leg.origin.place[0].p + MOVED ||
         left.place[0].p < a->leg.origin.place[0].p - MOVED)) {
        a->leg.origin = left;
        a->leg.origin_claim = correct(m, a, &g->left, g->left.p, &left);
    }
    again_free(a);
}
