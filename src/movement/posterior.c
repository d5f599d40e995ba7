#include "movement/prior.h"

#include "geo/sphere.h"
#include "movement/likelihood.h"

#include <math.h>
#include <stdlib.h>

enum { NEAR_MAX = 256 };

/* Small fields are looked for this far around a flight below this height. */
#define EXTRA_M  110000.0
#define EXTRA_FT 20000

/* Less than this share of the best prior is not weighed further. */
#define NEGLIGIBLE 1e-7F

const struct posterior_weights posterior_fitted = {
    .op_k = 20,
    .pair_k = 3,
    .origin_k = 20,
    .op_wide = 0.05F,
    .pair_wide = 0.15F,
    .reverse = 0.6F,
    .history_k = 4,
    .region = 0.5F,
    .country = 0.5F,
    .gate = 0.15F,
    .same = 0.02F,
    .odd = 0.02F,
    .none = 0.01F,
    .bearing_far_deg = 9,
    .bearing_mid_deg = 9,
    .bearing_near_deg = 74,
    .bearing_bent_nm = 1000,
    .bearing_bent_deg = 0.008F,
    .bearing_fade_nm = 23,
    .bearing_even_deg = 4,
    .bearing_odd = 0.05F,
    .turning = 0.9F,
    .detour_nm = 10,
    .detour_share = 0.04F,
    .detour_odd = 0.03F,
    .descent_above = 0.16F,
    .descent_below = 0.3F,
    .descent_odd = 0.05F,
    .level_early = 0.95F,
    .level_width = 0.07F,
    .level_odd = 0.08F,
    .propeller_nm = 400,
    .aligned = 20,
    .heat_far = 1,
    .heat_near = 1,
};

const struct sites *posterior_sites(const struct posterior *p)
{
    return &p->sites;
}

struct posterior *posterior_new(const struct movement_views *views,
                                const struct posterior_weights *weights)
{
    struct posterior *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->views = *views;
    p->w = p->state_w = weights ? *weights : posterior_fitted;
    /* A state's aircraft fly straighter than traffic between airways, and far away go around the
       countries that do not let them through. */
    p->state_w.bearing_far_deg = 6;
    p->state_w.bearing_mid_deg = 12;
    p->state_w.bearing_bent_nm = 700;
    p->state_w.bearing_bent_deg = 0.04F;
    p->day = INT32_MIN;
    if (!sites_init(&p->sites, views->airports, views->routes)) {
        free(p);
        return NULL;
    }
    const size_t n = p->sites.n ? p->sites.n : 1;
    p->base = calloc(n * 7, sizeof *p->base);
    if (!p->base) {
        posterior_free(p);
        return NULL;
    }
    p->op = p->base + n;
    p->from = p->op + n;
    p->pair = p->from + n;
    p->prior = p->pair + n;
    p->score = p->prior + n;
    p->state = p->score + n;
    prior_open(p);
    return p;
}

void posterior_free(struct posterior *p)
{
    if (!p) {
        return;
    }
    sites_free(&p->sites);
    free(p->base);
    free(p);
}

/* Small fields near a low flight: what they have of the prior is their size. */
static void find_extras(struct posterior *p, const struct posterior_moment *m, int32_t day)
{
    struct airport_near near[NEAR_MAX];
    p->extras = 0;
    if (!(m->alt_ft < EXTRA_FT)) {
        return;
    }
    const size_t n =
        airports_near(p->sites.airports, m->lat_e7, m->lon_e7, EXTRA_M, near, NEAR_MAX);
    for (size_t i = 0; i < n && p->extras < EXTRAS; i++) {
        const uint32_t a = near[i].index;
        if (p->sites.number[a] == SITE_NONE && site_airport(p->sites.airports, a) == a &&
            site_stands(airport_at(p->sites.airports, a), day)) {
            p->extra[p->extras++] = site_of(p->sites.airports, a);
        }
    }
}

/* ---- the answer ---- */

static void insert(struct posterior_end *out, uint32_t airport, float score)
{
    unsigned i = out->n < CLAIM_CANDIDATES ? out->n++ : CLAIM_CANDIDATES;
    if (i == CLAIM_CANDIDATES) {
        if (out->place[i - 1].p >= score) {
            return;
        }
        i--;
    }
    for (; i > 0 && out->place[i - 1].p < score; i--) {
        out->place[i] = out->place[i - 1];
    }
    out->place[i] = (struct place_p){airport, score};
}

static void answer(struct posterior *p, float heat, struct posterior_end *out)
{
    float best = p->none_score, all = 0;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        best = p->score[i] > best ? p->score[i] : best;
    }
    for (unsigned i = 0; i < p->extras; i++) {
        best = p->extra_score[i] > best ? p->extra_score[i] : best;
    }
    *out = (struct posterior_end){.rules = p->rules};
    p->best = best;
    p->heat = heat;
    p->all = 1;
    if (!(best > 0)) {
        return;
    }
    for (uint32_t i = 0; i < p->sites.n + p->extras; i++) {
        const bool is_extra = i >= p->sites.n;
        const float s = is_extra ? p->extra_score[i - p->sites.n] : p->score[i];
        if (s > best * NEGLIGIBLE) {
            const float v = powf(s / best, 1 / heat);
            all += v;
            insert(out, is_extra ? p->extra[i - p->sites.n].airport : p->sites.site[i].airport, v);
        }
    }
    all += p->none_score > 0 ? powf(p->none_score / best, 1 / heat) : 0;
    p->all = all;
    out->none_p = 1;
    for (unsigned i = 0; i < out->n; i++) {
        out->place[i].p /= all;
        out->none_p -= out->place[i].p;
    }
    out->none_p = out->none_p > 0 ? out->none_p : 0;
}

float posterior_of(const struct posterior *p, uint32_t airport)
{
    const uint32_t i = p->sites.number[airport];
    float score = i == SITE_NONE ? 0 : p->score[i];
    for (unsigned k = 0; k < p->extras && i == SITE_NONE; k++) {
        score = p->extra[k].airport == airport ? p->extra_score[k] : score;
    }
    return score > 0 && p->best > 0 ? powf(score / p->best, 1 / p->heat) / p->all : 0;
}

static float elevation_of(const struct site *s)
{
    return s->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : (float)s->elevation_ft;
}

static float score_destination(const struct posterior *p, const struct posterior_flight *f,
                               const struct site *s, const struct site *origin)
{
    const struct posterior_weights *w = f->state ? &p->state_w : &p->w;
    const float nm = unit_nm(f->now.at, s->at);
    float fit = likelihood_descent(w, f, nm, elevation_of(s)) * likelihood_reach(w, f, s, nm);
    const float direct = unit_nm(origin ? origin->at : f->first.at, s->at);
    fit *= likelihood_detour(w, f->flown_nm + nm - direct, f->flown_nm);
    if (f->now.track_deg >= 0) {
        const float off = sphere_turn_deg(unit_bearing_deg(f->now.at, s->at), f->now.track_deg);
        fit *= likelihood_bearing(w, off, nm, f->now.straight);
    } else {
        fit /= 180;
    }
    if (nm < 20 && f->now.alt_ft < elevation_of(s) + 6000 && f->now.phase != VERTICAL_CLIMB &&
        likelihood_aligned(p->sites.airports, airport_at(p->sites.airports, s->airport), &f->now,
                           false, NULL)) {
        fit *= w->aligned;
    }
    return fit;
}

typedef float score_fn(const struct posterior *p, const struct posterior_flight *f,
                       const struct site *s, const struct site *other_end);

/* Prior times fit, everywhere. A place that is not in the list fits as well as places do on
   average: near a low flight those near it, in cruise those ahead. */
static void weigh(struct posterior *p, const struct posterior_flight *f,
                  const struct posterior_moment *m, float reach_nm, const struct site *other_end,
                  score_fn *score)
{
    const float chord = 2 * sinf(fminf(reach_nm, 10000) / 3440.07F / 2);
    p->none_score = 0;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        const struct unit *u = &p->sites.site[i].at;
        const float x = u->x - m->at.x, y = u->y - m->at.y, z = u->z - m->at.z;
        p->score[i] = 0;
        if (x * x + y * y + z * z > chord * chord) {
            continue;
        }
        const float fit = score(p, f, &p->sites.site[i], other_end);
        p->score[i] = p->prior[i] * fit;
        p->none_score += p->base[i] * fit;
    }
    for (unsigned i = 0; i < p->extras; i++) {
        const float base = p->base_small * p->extra[i].size;
        const float fit = score(p, f, &p->extra[i], other_end);
        p->extra_score[i] = base * p->wide * fit;
        p->none_score += base * fit;
    }
    p->none_score *= p->w.none;
}

/* Down from cruise it will not go farther than this: the fit of what lies beyond is nothing. */
static float reach_of(const struct posterior_flight *f)
{
    const float alt_ft = f->now.alt_ft;
    const bool is_down = f->now.phase != VERTICAL_CLIMB && f->now.phase != VERTICAL_UNKNOWN &&
                         alt_ft < f->top_ft - 5000;
    return is_down && !f->state ? 12 * (alt_ft * 0.0032F + 4) + 20 : 20000;
}

void posterior_destination(struct posterior *p, const struct posterior_flight *f,
                           const struct posterior_end *origin, struct posterior_end *out)
{
    const struct posterior_weights *w = &p->w;
    p->rules = 1U << CLAIM_RULE_BEARING | 1U << CLAIM_RULE_DETOUR | 1U << CLAIM_RULE_PROFILE;
    prior_fill(p, f, origin, false);
    find_extras(p, &f->now, p->day);
    struct site from, *known = NULL;
    if (origin->n && origin->place[0].p > 0.5F) {
        from = site_of(p->sites.airports, origin->place[0].airport);
        known = &from;
    }
    weigh(p, f, &f->now, reach_of(f), known, score_destination);
    answer(p, f->now.phase == VERTICAL_DESCENT ? w->heat_near : w->heat_far, out);
}

/* Everything that may still count later: the prior, and that it does not lie behind by much. */
void posterior_shortlist(struct posterior *p, const struct posterior_flight *f,
                         const struct posterior_end *origin, struct shortlist *out)
{
    prior_fill(p, f, origin, false);
    *out = (struct shortlist){.rest = 1};
    float all = 0;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        all += p->prior[i];
        unsigned k = out->n < SHORTLIST ? out->n++ : SHORTLIST;
        if (k == SHORTLIST) {
            if (out->prior[k - 1] >= p->prior[i]) {
                continue;
            }
            k--;
        }
        for (; k > 0 && out->prior[k - 1] < p->prior[i]; k--) {
            out->prior[k] = out->prior[k - 1];
            out->airport[k] = out->airport[k - 1];
        }
        out->prior[k] = p->prior[i];
        out->airport[k] = p->sites.site[i].airport;
    }
    for (unsigned k = 0; k < out->n && all > 0; k++) {
        out->prior[k] /= all;
        out->rest -= out->prior[k];
    }
}

void posterior_quick(const struct posterior *p, const struct posterior_flight *f,
                     const struct posterior_end *origin, const struct shortlist *list,
                     struct posterior_end *out)
{
    struct site from, *known = NULL;
    *out = (struct posterior_end){.none_p = 1, .rules = 1U << CLAIM_RULE_BEARING};
    if (origin->n && origin->place[0].p > 0.5F) {
        from = site_of(p->sites.airports, origin->place[0].airport);
        known = &from;
    }
    float all = 0;
    for (unsigned k = 0; k < list->n; k++) {
        const struct site *s = &p->sites.site[p->sites.number[list->airport[k]]];
        const float v = list->prior[k] * score_destination(p, f, s, known);
        all += v;
        insert(out, list->airport[k], v);
    }
    /* What is not in the list fits as the mean of what is flat in direction. */
    all += list->rest * 0.1F / 180;
    for (unsigned k = 0; k < out->n; k++) {
        out->place[k].p /= all;
        out->none_p -= out->place[k].p;
    }
}

static float score_origin(const struct posterior *p, const struct posterior_flight *f,
                          const struct site *s, const struct site *destination)
{
    const struct posterior_weights *w = f->state ? &p->state_w : &p->w;
    const struct posterior_moment *m = &f->first;
    const float nm = unit_nm(s->at, m->at);
    float fit = likelihood_climb(m, nm, elevation_of(s)) * likelihood_reach(w, f, s, nm);
    if (destination) {
        const float excess = nm + f->flown_nm + unit_nm(f->now.at, destination->at) -
                             unit_nm(s->at, destination->at);
        fit *= likelihood_detour(&p->w, excess, nm + f->flown_nm);
    }
    if (m->track_deg >= 0) {
        const float off =
            sphere_turn_deg(fmodf(unit_bearing_deg(m->at, s->at) + 180, 360), m->track_deg);
        fit *= likelihood_bearing(w, off, nm, 1);
    } else {
        fit /= 180;
    }
    if (nm < 15 && m->alt_ft < elevation_of(s) + 5000 && m->phase == VERTICAL_CLIMB &&
        likelihood_aligned(p->sites.airports, airport_at(p->sites.airports, s->airport), m, true,
                           NULL)) {
        fit *= p->w.aligned;
    }
    return fit;
}

void posterior_origin(struct posterior *p, const struct posterior_flight *f,
                      const struct posterior_end *destination, struct posterior_end *out)
{
    p->rules = 1U << CLAIM_RULE_BEARING | 1U << CLAIM_RULE_PROFILE;
    prior_fill(p, f, destination, true);
    find_extras(p, &f->first, p->day);
    struct site to, *known = NULL;
    if (destination->n && destination->place[0].p > 0.3F) {
        to = site_of(p->sites.airports, destination->place[0].airport);
        known = &to;
    }
    weigh(p, f, &f->first, 20000, known, score_origin);
    answer(p, p->w.heat_far, out);
}

float posterior_left(const struct posterior *p, const struct posterior_flight *f, uint32_t airport)
{
    const struct site s = site_of(p->sites.airports, airport);
    return score_origin(p, f, &s, NULL);
}

void posterior_prior(struct posterior *p, const struct posterior_flight *f,
                     const struct posterior_end *origin, const uint32_t *airport, unsigned n,
                     float *out)
{
    prior_fill(p, f, origin, false);
    const float all = prior_sum(p, p->prior);
    for (unsigned k = 0; k < n; k++) {
        const uint32_t i = p->sites.number[airport[k]];
        out[k] = i == SITE_NONE || all <= 0
                     ? p->base_small * site_of(p->sites.airports, airport[k]).size * p->wide
                     : p->prior[i] / all;
    }
}
