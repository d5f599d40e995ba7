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
    .pair_wide = 0.12F,
    .reverse = 0.6F,
    .history_k = 4,
    .region = 0.5F,
    .country = 0.5F,
    .gate = 0.15F,
    .same = 0.02F,
    .odd = 0.012F,
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
    .detour_share = 0.03F,
    .detour_odd = 0.03F,
    .detour_wild_nm = 400,
    .high_free = 0.5F,
    .high_ft = 15000,
    .descent_above = 0.16F,
    .descent_below = 0.3F,
    .descent_odd = 0.05F,
    .begin_early = 1.25F,
    .begin_width = 0.06F,
    .begin_odd = 0.05F,
    .level_early = 0.95F,
    .level_width = 0.07F,
    .level_odd = 0.12F,
    .brisk_usual_nm = 700,
    .brisk_slope = -0.25F,
    .brisk_width = 0.2F,
    .brisk_odd = 0.04F,
    .propeller_nm = 300,
    .propeller_fade_nm = 80,
    .aligned = 20,
    .heat_far = 1,
    .heat_near = 1,
    .heat_guessed = 1.4F,
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
    /* Those detours are as long as they have to be, and where they go is odd more often. */
    p->state_w.detour_share = 0.04F;
    p->state_w.detour_wild_nm = 1e9F;
    p->state_w.odd = 0.02F;
    p->state_w.pair_wide = 0.15F;
    p->state_w.level_odd = 0.08F;
    p->state_w.begin_odd = 0.15F;
    p->state_w.high_free = 0;
    p->alike_from = INT32_MAX; /* nothing is filled yet */
    if (!sites_init(&p->sites, views->airports, views->routes)) {
        free(p);
        return NULL;
    }
    const size_t n = p->sites.n + FIT_BLOCK;
    float **const by_site[] = {&p->base,  &p->op,    &p->from, &p->pair, &p->prior,
                               &p->score, &p->state, &p->end,  &p->nm,   &p->fit};
    const size_t quantities = sizeof by_site / sizeof *by_site;
    float *numbers = calloc(n * quantities, sizeof *numbers);
    for (size_t i = 0; i < quantities && numbers; i++) {
        *by_site[i] = numbers + i * n;
    }
    p->step = calloc(n, sizeof *p->step);
    p->country = calloc(n, sizeof *p->country);
    if (!numbers || !p->step || !p->country || !fit_places_init(&p->places, p->sites.n)) {
        posterior_free(p);
        return NULL;
    }
    for (uint32_t i = 0; i < p->sites.n; i++) {
        const char *c = airport_at(views->airports, p->sites.site[i].airport)->country;
        p->country[i] = (uint16_t)((uint8_t)c[0] << 8 | (uint8_t)c[1]);
        fit_places_add(&p->places, &p->sites.site[i]);
    }
    p->kernel = fit_kernel_best();
    prior_open(p);
    return p;
}

void posterior_free(struct posterior *p)
{
    if (!p) {
        return;
    }
    sites_free(&p->sites);
    fit_places_free(&p->places);
    free(p->step);
    free(p->country);
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

/* A weight as a power of it: how much the answer is trusted. */
static float heated(float of_best, float heat)
{
    return heat == 1 ? of_best : powf(of_best, 1 / heat);
}

/* The best of them, falling; returns the sum of all that are not negligible. */
static float best_of(const struct posterior *p, struct posterior_end *out)
{
    const float scale = 1 / p->best, negligible = p->best * NEGLIGIBLE;
    float least = negligible, all = 0;
    if (p->heat == 1) {
        all = p->kernel->sum_above(p->score, p->sites.n, negligible) * scale;
    }
    for (uint32_t i = 0; i < p->sites.n + p->extras; i++) {
        const bool is_extra = i >= p->sites.n;
        const float s = is_extra ? p->extra_score[i - p->sites.n] : p->score[i];
        if (s > least || (s > negligible && (is_extra || p->heat != 1))) {
            const float v = heated(s * scale, p->heat);
            all += is_extra || p->heat != 1 ? v : 0;
            insert(out, is_extra ? p->extra[i - p->sites.n].airport : p->sites.site[i].airport, v);
            /* Rounding aside, what is less is not inserted. */
            least =
                out->n == CLAIM_CANDIDATES && p->heat == 1
                    ? fmaxf(out->place[CLAIM_CANDIDATES - 1].p * p->best * 0.999999F, negligible)
                    : negligible;
        }
    }
    return all;
}

static void answer(struct posterior *p, float heat, struct posterior_end *out)
{
    float best = p->kernel->greatest(p->score, p->sites.n);
    best = best > p->none_score ? best : p->none_score;
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
    p->all = best_of(p, out) + (p->none_score > 0 ? heated(p->none_score / best, heat) : 0);
    out->none_p = 1;
    for (unsigned i = 0; i < out->n; i++) {
        out->place[i].p /= p->all;
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
    return score > 0 && p->best > 0 ? heated(score / p->best, p->heat) / p->all : 0;
}

static float elevation_of(const struct site *s)
{
    return s->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : (float)s->elevation_ft;
}

/* ---- the fit ---- */

typedef void fit_fn(const struct fit_question *q, const struct fit_places *p, size_t from,
                    size_t to, float *nm, float *fit);

static struct fit_question question(const struct posterior *p, const struct posterior_flight *f,
                                    const struct site *other)
{
    return (struct fit_question){
        .weights = f->state ? &p->state_w : &p->w, .flight = f, .other = other ? &other->at : NULL};
}

/* What of it may be in line with a runway: low and near; coming down, or (left) climbing. */
struct lined {
    const struct posterior_moment *m;
    float nm, above_ft;
    bool may, left;
};

static struct lined landing(const struct posterior_flight *f)
{
    return (struct lined){&f->now, 20, 6000, f->now.phase != VERTICAL_CLIMB, false};
}

static struct lined leaving(const struct posterior_flight *f)
{
    return (struct lined){&f->first, 15, 5000, f->first.phase == VERTICAL_CLIMB, true};
}

static float lined_up(const struct posterior *p, const struct lined *l, const struct site *s,
                      float nm)
{
    const bool is = l->may && nm < l->nm && l->m->alt_ft < elevation_of(s) + l->above_ft &&
                    likelihood_aligned(p->sites.airports, airport_at(p->sites.airports, s->airport),
                                       l->m, l->left, NULL);
    return is ? p->w.aligned : 1;
}

/* No field is higher. */
#define HIGHEST_FT 16000

/* The fit of some few sites. */
static void fit_few(const struct posterior *p, const struct fit_question *q, fit_fn *fit_of,
                    const struct lined *l, const struct site *const *s, unsigned n, float *fit)
{
    float quantity[6][FIT_BLOCK] = {{0}}, nm[FIT_BLOCK];
    struct fit_places few = {.x = quantity[0],
                             .y = quantity[1],
                             .z = quantity[2],
                             .elevation_ft = quantity[3],
                             .longest_ft = quantity[4],
                             .small = quantity[5]};
    for (unsigned i = 0; i < n; i++) {
        fit_places_add(&few, s[i]);
    }
    fit_of(q, &few, 0, n, nm, fit);
    for (unsigned i = 0; i < n; i++) {
        fit[i] *= lined_up(p, l, s[i], nm[i]);
    }
}

static void weigh_extras(struct posterior *p, const struct fit_question *q, fit_fn *fit_of,
                         const struct lined *l)
{
    const struct site *s[EXTRAS];
    float fit[FIT_BLOCK];
    for (unsigned i = 0; i < p->extras; i++) {
        s[i] = &p->extra[i];
    }
    fit_few(p, q, fit_of, l, s, p->extras, fit);
    for (unsigned i = 0; i < p->extras; i++) {
        const float base = p->base_small * p->extra[i].size;
        p->extra_score[i] = base * p->wide * fit[i];
        p->none_score += base * fit[i];
    }
}

/* Prior times fit, everywhere. A place that is not in the list fits as well as places do on
   average: near a low flight those near it, in cruise those ahead. */
static void weigh(struct posterior *p, const struct fit_question *q, fit_fn *fit_of,
                  const struct lined *l, float reach_nm)
{
    fit_of(q, &p->places, 0, p->sites.n, p->nm, p->fit);
    for (uint32_t i = 0; i < p->sites.n; i++) {
        p->fit[i] = p->nm[i] > reach_nm ? 0 : p->fit[i];
    }
    for (uint32_t i = 0; i < p->sites.n && l->may && l->m->alt_ft < HIGHEST_FT + l->above_ft; i++) {
        if (p->nm[i] < l->nm) {
            p->fit[i] *= lined_up(p, l, &p->sites.site[i], p->nm[i]);
        }
    }
    p->none_score = p->kernel->weigh(p->prior, p->base, p->fit, p->sites.n, p->score);
    weigh_extras(p, q, fit_of, l);
    p->none_score *= p->w.none;
}

/* Nothing flies as far, and near the antipode every way heads there. */
#define FARTHEST_NM 10000.0F

/* Down from cruise it will not go farther than this: the fit of what lies beyond is nothing. */
static float reach_of(const struct posterior_flight *f)
{
    const float alt_ft = f->now.alt_ft;
    const bool is_down = f->now.phase != VERTICAL_CLIMB && f->now.phase != VERTICAL_UNKNOWN &&
                         alt_ft < f->top_ft - 5000;
    return is_down && !f->state ? 12 * (alt_ft * 0.0032F + 4) + 20 : FARTHEST_NM;
}

/* A field's size tells its traffic within some factor, and what is unlike in two fields of one size
   nobody knows: the mean over what it may be is a cooler answer. */
static float heat_of(const struct posterior *p, float heat)
{
    return heat * (1 + (p->w.heat_guessed - 1) * p->guessed);
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
    const struct fit_question q = question(p, f, known);
    const struct lined l = landing(f);
    weigh(p, &q, p->kernel->destination, &l, reach_of(f));
    answer(p, heat_of(p, f->now.phase == VERTICAL_DESCENT ? w->heat_near : w->heat_far), out);
}

static void list(struct shortlist *l, uint32_t airport, float prior)
{
    unsigned k = l->n < SHORTLIST ? l->n++ : SHORTLIST - 1;
    for (; k > 0 && l->prior[k - 1] < prior; k--) {
        l->prior[k] = l->prior[k - 1];
        l->airport[k] = l->airport[k - 1];
    }
    l->prior[k] = prior;
    l->airport[k] = airport;
}

/* Everything that may still count later: the prior, and that it does not lie behind by much. */
void posterior_shortlist(struct posterior *p, const struct posterior_flight *f,
                         const struct posterior_end *origin, struct shortlist *out)
{
    prior_fill(p, f, origin, false);
    *out = (struct shortlist){.rest = 1, .heat = heat_of(p, 1)};
    const float all = prior_sum(p, p->prior);
    for (uint32_t i = 0; i < p->sites.n; i++) {
        if (out->n < SHORTLIST || p->prior[i] > out->prior[SHORTLIST - 1]) {
            list(out, p->sites.site[i].airport, p->prior[i]);
        }
    }
    for (unsigned k = 0; k < out->n && all > 0; k++) {
        out->prior[k] /= all;
        out->rest -= out->prior[k];
    }
    out->rest = fmaxf(out->rest, 0); /* rounding: a power of less than nothing is no number */
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
    const struct fit_question q = question(p, f, known);
    const struct lined l = landing(f);
    const struct site *site[SHORTLIST];
    float fit[FIT_BLOCK], all = 0;
    for (unsigned k = 0; k < list->n; k++) {
        site[k] = &p->sites.site[p->sites.number[list->airport[k]]];
    }
    fit_few(p, &q, p->kernel->destination, &l, site, list->n, fit);
    for (unsigned k = 0; k < list->n; k++) {
        const float v = heated(list->prior[k] * fit[k], list->heat);
        all += v;
        insert(out, list->airport[k], v);
    }
    /* What is not in the list fits as the mean of what is flat in direction. */
    all += heated(list->rest * 0.1F / 180, list->heat);
    for (unsigned k = 0; k < out->n; k++) {
        out->place[k].p /= all;
        out->none_p -= out->place[k].p;
    }
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
    const struct fit_question q = question(p, f, known);
    const struct lined l = leaving(f);
    weigh(p, &q, p->kernel->origin, &l, FARTHEST_NM);
    answer(p, heat_of(p, p->w.heat_far), out);
}

float posterior_heat(const struct posterior *p)
{
    return p->heat;
}

float posterior_left(const struct posterior *p, const struct posterior_flight *f, uint32_t airport)
{
    const struct site s = site_of(p->sites.airports, airport), *one = &s;
    const struct fit_question q = question(p, f, NULL);
    const struct lined l = leaving(f);
    float fit[FIT_BLOCK];
    fit_few(p, &q, p->kernel->origin, &l, &one, 1, fit);
    return fit[0];
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
