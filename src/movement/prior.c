#include "movement/prior.h"

#include "geo/sphere.h"
#include "movement/likelihood.h"
#include "movement/quick.h"

#include <math.h>
#include <string.h>

enum { SEEN = 32 };

/* The region a unit works in reaches about 250 NM around the places it flies to. */
#define REGION_NM2 (3440.07F * 3440.07F / (250.0F * 250.0F))

/* A site's traffic is its neighbor's on days before it opened, or since that one took it over: the
   latter only where the other is flown to as well, so that what was left at a field that still is
   one stays there. */
static void move_traffic(const struct sites *s, int32_t day, float *of)
{
    for (uint32_t k = 0; k < s->heirs; k++) {
        const uint32_t i = s->heir[k];
        const struct site *a = &s->site[i];
        if (of[i] <= 0 || (a->other_since ? day < a->other_day : day >= a->other_day)) {
            continue;
        }
        const bool stands = site_stands(airport_at(s->airports, a->airport), day);
        if (!stands || of[a->other] > 0.5F * of[i]) {
            of[a->other] += of[i];
            of[i] = 0;
        }
    }
}

/* Where airlines go says little of where a state's aircraft do: to its own kind's fields first, and
   a large field is not often much likelier than a medium one. */
static void states_of_day(struct posterior *p, int32_t day)
{
    double all = 0;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        const struct site *s = &p->sites.site[i];
        const bool stands = site_stands(airport_at(p->sites.airports, s->airport), day);
        p->state[i] = stands ? (s->military ? 0.5F : 0.12F * sqrtf(s->size)) : 0;
        all += p->state[i];
    }
    for (uint32_t i = 0; i < p->sites.n && all > 0; i++) {
        p->state[i] /= (float)all;
    }
}

/* The days around one on which the same fields stand and have the same traffic: what is filled for
   one holds for all of them. */
static void fill_alike(struct posterior *p, int32_t day)
{
    p->alike_from = INT32_MIN;
    p->alike_to = INT32_MAX;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        const struct site *s = &p->sites.site[i];
        const struct airport *a = airport_at(p->sites.airports, s->airport);
        const int32_t change[] = {a->from_day, a->to_day,
                                  s->other == SITE_NONE ? a->to_day : s->other_day};
        for (size_t k = 0; k < sizeof change / sizeof *change; k++) {
            if (change[k] <= day) {
                p->alike_from = change[k] > p->alike_from ? change[k] : p->alike_from;
            } else {
                p->alike_to = change[k] < p->alike_to ? change[k] : p->alike_to;
            }
        }
    }
}

static void base_of_day(struct posterior *p, int32_t day)
{
    p->day = day;
    if (day >= p->alike_from && day < p->alike_to) {
        return;
    }
    const struct sites *s = &p->sites;
    double traffic = 0, size = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        const bool stands = site_stands(airport_at(s->airports, s->site[i].airport), day);
        traffic += s->site[i].traffic;
        size += stands ? s->site[i].size : 0;
    }
    const float by_traffic = traffic > 0 ? 0.9F / (float)traffic : 0;
    p->base_small = (traffic > 0 ? 0.1F : 1) / (float)(size > 0 ? size : 1);
    for (uint32_t i = 0; i < s->n; i++) {
        const bool stands = site_stands(airport_at(s->airports, s->site[i].airport), day);
        p->base[i] =
            by_traffic * s->site[i].traffic + (stands ? p->base_small * s->site[i].size : 0);
    }
    move_traffic(s, day, p->base);
    states_of_day(p, day);
    fill_alike(p, day);
}

static void clear(const struct posterior *p, float *of)
{
    memset(of, 0, p->sites.n * sizeof *of);
}

float prior_sum(const struct posterior *p, const float *of)
{
    return p->kernel->sum(of, p->sites.n);
}

/* What the operator flies to (from, where backward), whatever the other end. */
static float fill_operator(struct posterior *p, uint32_t key, bool backward)
{
    size_t n = 0;
    clear(p, p->op);
    const struct route *r =
        key && p->views.routes ? route_of_operator(p->views.routes, key, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        p->op[p->sites.number[backward ? r[i].origin : r[i].destination]] += r[i].weight;
    }
    if (n == 0) {
        return 0;
    }
    move_traffic(&p->sites, p->day, p->op);
    return prior_sum(p, p->op);
}

/* What anybody flies from the ends given (to them, where backward), by their probability. */
static float fill_from(struct posterior *p, const struct posterior_end *end, bool backward)
{
    size_t all = 0;
    clear(p, p->from);
    for (unsigned k = 0; k < end->n && p->views.routes; k++) {
        for (int way = 0; way < 2; way++) {
            size_t n;
            const bool to = (way == 1) != backward;
            const uint32_t *row = to ? route_to(p->views.routes, end->place[k].airport, &n)
                                     : route_from(p->views.routes, end->place[k].airport, &n);
            all += n;
            for (size_t i = 0; i < n; i++) {
                const struct route *r = route_at(p->views.routes, row[i]);
                p->from[p->sites.number[to ? r->origin : r->destination]] +=
                    r->weight * end->place[k].p * (way ? p->w.reverse : 1);
            }
        }
    }
    if (all == 0) {
        return 0;
    }
    move_traffic(&p->sites, p->day, p->from);
    return prior_sum(p, p->from);
}

/* Whether one site's traffic is another's that day: a day's stand-in has the routes of the field it
   stands in for. */
static bool stands_in(const struct posterior *p, const struct site *s)
{
    return s->other_since ? p->day >= s->other_day : p->day < s->other_day;
}

/* Adds sign times how likely each site is the other end, or what the other end stands in for. */
static void mark_ends(struct posterior *p, const struct posterior_end *end, float sign)
{
    const struct sites *s = &p->sites;
    for (unsigned k = 0; k < end->n; k++) {
        const uint32_t airport = end->place[k].airport, own = s->number[airport];
        if (own != SITE_NONE) {
            p->end[own] = sign > 0 ? p->end[own] + end->place[k].p : 0;
        }
        for (uint32_t h = 0; h < s->heirs; h++) {
            const uint32_t i = s->heir[h];
            if (i != own && s->site[s->site[i].other].airport == airport &&
                stands_in(p, &s->site[i])) {
                p->end[i] = sign > 0 ? p->end[i] + end->place[k].p : 0;
            }
        }
    }
}

/* Where the other end is a list: what the operator flies from it. */
static float fill_pair(struct posterior *p, uint32_t key, const struct posterior_end *end,
                       bool backward)
{
    size_t n = 0;
    clear(p, p->pair);
    const struct route *r =
        key && p->views.routes ? route_of_operator(p->views.routes, key, &n) : NULL;
    if (n == 0) {
        return 0;
    }
    mark_ends(p, end, 1);
    for (size_t i = 0; i < n; i++) {
        const uint32_t here = p->sites.number[backward ? r[i].destination : r[i].origin];
        const uint32_t there = p->sites.number[backward ? r[i].origin : r[i].destination];
        p->pair[there] += r[i].weight * p->end[here];
        p->pair[here] += r[i].weight * p->end[there] * p->w.reverse;
    }
    mark_ends(p, end, 0);
    move_traffic(&p->sites, p->day, p->pair);
    return prior_sum(p, p->pair);
}

/* How well the first point lies on the way between two sites. */
static float on_way(const struct posterior *p, const struct posterior_moment *m,
                    const struct site *from, const struct site *to)
{
    const float before = unit_nm(from->at, m->at), after = unit_nm(m->at, to->at);
    const float direct = unit_nm(from->at, to->at);
    float fit = likelihood_detour(&p->w, before + after - direct, before);
    if (m->track_deg >= 0) {
        /* As densities of the direction: flat at 1. */
        const float ahead = sphere_turn_deg(unit_bearing_deg(m->at, to->at), m->track_deg);
        const float behind =
            sphere_turn_deg(fmodf(unit_bearing_deg(m->at, from->at) + 180, 360), m->track_deg);
        const float off = ahead < behind ? ahead : behind;
        fit *= 180 * likelihood_bearing(&p->w, off, before < after ? before : after,
                                        likelihood_odd(&p->w, 1));
    }
    const float elevation =
        from->elevation_ft == AIRPORT_NO_ELEVATION ? 0 : (float)from->elevation_ft;
    return isnan(m->alt_ft)
               ? fit
               : fit * likelihood_climb(m->phase == VERTICAL_CLIMB, m->alt_ft, before, elevation);
}

/* Neither end is known: every route of the operator, as well as the first point lies on it. */
static float fill_ways(struct posterior *p, uint32_t key, const struct posterior_moment *first,
                       bool backward)
{
    size_t n = 0;
    clear(p, p->pair);
    const struct route *r =
        key && p->views.routes ? route_of_operator(p->views.routes, key, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = p->sites.number[r[i].origin], to = p->sites.number[r[i].destination];
        p->pair[backward ? from : to] +=
            r[i].weight * on_way(p, first, &p->sites.site[from], &p->sites.site[to]);
    }
    if (n == 0) {
        return 0;
    }
    move_traffic(&p->sites, p->day, p->pair);
    return prior_sum(p, p->pair);
}

struct add_history {
    struct posterior *p;
    float weight, sum, places;
    float *to;
};

static void add_history(void *ctx, uint32_t destination, float airframe, float unit)
{
    struct add_history *a = ctx;
    const uint32_t i = destination < airports_count(a->p->sites.airports)
                           ? a->p->sites.number[destination]
                           : SITE_NONE;
    if (i != SITE_NONE) {
        const float n = a->weight * (2 * airframe + unit);
        a->places += a->p->op[i] <= 0 && n > 0;
        a->p->op[i] += n; /* op is done with by then */
        a->sum += n;
    }
}

static void add_plain(void *ctx, uint32_t destination, float airframe, float unit)
{
    struct add_history *a = ctx;
    const uint32_t i = destination < airports_count(a->p->sites.airports)
                           ? a->p->sites.number[destination]
                           : SITE_NONE;
    if (i != SITE_NONE) {
        a->to[i] += a->weight * (2 * airframe + unit);
    }
}

/* Flights to one place pass the same gates: where it was lost tells the places it was bound for by
   how many of the flights to each were lost there. */
static void weigh_gate(struct posterior *p, const struct posterior_flight *f,
                       const struct posterior_moment *m, uint32_t other)
{
    const float k = 3, gate = p->w.gate; /* flights a way not known yet counts for */
    const struct movement_views *v = &p->views;
    struct add_history here = {.p = p, .to = p->from}, any = {.p = p, .to = p->pair, .weight = 1};
    clear(p, p->from); /* both are done with */
    clear(p, p->pair);
    v->history(v->history_ctx, f->address, f->epoch, f->t_ms, movement_gate_any(other), add_plain,
               &any);
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            const int32_t lat_e7 = m->lat_e7 + dy * 20000000;
            const int64_t lon_e7 = (int64_t)m->lon_e7 + dx * INT64_C(20000000);
            here.weight = dy == 0 && dx == 0 ? 1 : 0.4F;
            if (lat_e7 > -900000000 && lat_e7 < 900000000) {
                v->history(v->history_ctx, f->address, f->epoch, f->t_ms,
                           movement_gate(lat_e7, sphere_wrap_e7(lon_e7)), add_plain, &here);
            }
        }
    }
    for (uint32_t i = 0; i < p->sites.n; i++) {
        if (p->op[i] > 0) {
            const float seen = fminf(p->from[i], p->pair[i]);
            p->op[i] *= (seen + k * gate) / ((p->pair[i] + k) * gate);
        }
    }
}

static void mix_in(struct posterior *p, const float *of, float share)
{
    const float all = prior_sum(p, of);
    if (all > 0) {
        p->kernel->mix(p->prior, 1 - share, of, share / all, of, 0, p->sites.n);
    }
}

/* How much of what it flew went to a country: a state's aircraft land where they are cleared to. */
static float flown_to(const struct posterior *p, const uint32_t *seen, unsigned n, uint16_t country)
{
    float all = 0;
    for (unsigned k = 0; k < n && country; k++) {
        all += p->country[seen[k]] == country ? p->op[seen[k]] : 0;
    }
    return all;
}

/* What it never flew to is likelier in a country, and in a region, it flies to. */
static void add_region(struct posterior *p)
{
    uint32_t seen[SEEN];
    unsigned n = 0;
    for (uint32_t i = 0; i < p->sites.n && n < SEEN; i++) {
        if (p->op[i] > 0.1F) {
            seen[n++] = i;
        }
    }
    clear(p, p->from); /* from and pair are done with */
    clear(p, p->pair);
    for (unsigned k = 0; k < n; k++) { /* how much of it went near each place */
        p->kernel->add_near(&p->places, p->sites.site[seen[k]].at, REGION_NM2, p->op[seen[k]],
                            p->from);
    }
    uint16_t country = 0;
    float to = 0;
    for (uint32_t i = 0; i < p->sites.n; i++) {
        /* What it hardly ever flew to is as good as new. */
        const float new = p->state[i] / (1 + p->op[i]);
        if (p->country[i] != country) { /* neighbors in the list mostly lie in one */
            country = p->country[i];
            to = flown_to(p, seen, n, country);
        }
        p->from[i] *= new;
        p->pair[i] = new *to;
    }
    mix_in(p, p->from, p->w.region);
    mix_in(p, p->pair, p->w.country);
}

/* The ledger's own flights over the routes of others. A place it never flew to has its share, the
   greater the more different places it was seen at (Pitman and Yor's rule with half a flight taken
   from each place). */
static void mix_history(struct posterior *p, const struct posterior_flight *f,
                        const struct posterior_end *origin, bool backward)
{
    struct add_history a = {.p = p};
    if (!p->views.history) {
        return;
    }
    clear(p, p->op);
    for (unsigned k = 0; k < origin->n && !backward; k++) {
        a.weight = origin->place[k].p;
        p->views.history(p->views.history_ctx, f->address, f->epoch, f->t_ms,
                         origin->place[k].airport, add_history, &a);
    }
    uint32_t home[CLAIM_CANDIDATES] = {0};
    float there[CLAIM_CANDIDATES] = {0}; /* who is at a place does not go to it as others do */
    for (unsigned k = 0; k < origin->n && !backward; k++) {
        const uint32_t i = p->sites.number[origin->place[k].airport];
        there[k] = i == SITE_NONE ? 0 : p->op[i];
    }
    a.weight = backward ? 1 : 0.3F;
    p->views.history(p->views.history_ctx, f->address, f->epoch, f->t_ms, UINT32_MAX, add_history,
                     &a);
    for (unsigned k = 0; k < origin->n && !backward; k++) {
        const uint32_t i = p->sites.number[origin->place[k].airport];
        const float came = i == SITE_NONE ? 0 : origin->place[k].p * (p->op[i] - there[k]);
        if (came > 0) {
            p->op[i] -= came;
            a.sum -= came;
        }
        home[k] = i;
    }
    if (a.sum <= 0) {
        return;
    }
    if (f->state) {
        add_region(p);
    }
    const float fresh = f->state ? fminf(1, (1.5F + 0.2F * a.places) / (1.5F + a.sum))
                                 : p->w.history_k / (p->w.history_k + a.sum);
    if (f->silent) {
        weigh_gate(p, f, backward ? &f->first : &f->now,
                   !backward && origin->n && origin->place[0].p > 0.5F ? origin->place[0].airport
                                                                       : UINT32_MAX);
    }
    for (unsigned k = 0; k < origin->n && !backward && f->state; k++) { /* nor to a place near it */
        p->prior[home[k] == SITE_NONE ? 0 : home[k]] *=
            home[k] == SITE_NONE ? 1 : 1 - origin->place[k].p;
    }
    p->kernel->mix(p->prior, fresh, p->op, (1 - fresh) / a.sum, p->op, 0, p->sites.n);
    p->guessed *= fresh;
    p->rules |= a.sum > 0.1F ? 1U << CLAIM_RULE_OWN_HISTORY : 0;
}

/* How far flights go, where only the size of fields is known; by the chord, for speed. */
void prior_open(struct posterior *p)
{
    for (int i = 0; i < STAGES; i++) {
        const float half = ((float)i + 0.5F) / STAGES;
        const float nm = 2 * 3440.07F * asinf(half);
        const float z = logf((nm > 1 ? nm : 1) / 500);
        p->stage[i] = 0.05F + quick_exp(-0.4F * z * z);
    }
}

/* As far as flights go from there. */
static void fill_stages(struct posterior *p, const float *wide_of, struct unit from)
{
    p->kernel->steps(&p->places, from, 0.5F * STAGES, STAGES - 1, p->step);
    for (uint32_t i = 0; i < p->sites.n; i++) {
        p->prior[i] = wide_of[i] * p->stage[p->step[i]];
    }
}

/* What the wider prior has where n flights of the narrower kind are known. */
static float share(float k, float n, float least)
{
    const float s = k / (n + k);
    return s > least ? s : least;
}

/* The prior over all sites given the other end; backward: of origins. */
void prior_fill(struct posterior *p, const struct posterior_flight *f,
                const struct posterior_end *end, bool backward)
{
    base_of_day(p, day_of(f->t_ms));
    const struct posterior_weights *w = f->state ? &p->state_w : &p->w;
    const uint32_t key = f->state ? 0 : route_operator(f->operator);
    const float ops = fill_operator(p, key, backward);
    const float froms = fill_from(p, end, backward);
    const float pairs =
        end->n ? fill_pair(p, key, end, backward) : fill_ways(p, key, &f->first, backward);
    const struct unit here =
        end->n ? site_of(p->sites.airports, end->place[0].airport).at : f->first.at;
    const float op_wide = share(w->op_k, ops, w->op_wide);
    /* What airlines fly from there says little of states and of strangers. */
    const float end_wide = share(w->origin_k, froms, f->state ? 0.7F : ops > 0 ? 0 : 0.15F);
    const float *wide_of = f->state ? p->state : p->base;
    const struct fit_shares shares = {.op = ops > 0 ? (1 - op_wide) / ops : 0,
                                      .op_wide = op_wide,
                                      .end = froms > 0 ? (1 - end_wide) / froms : 0,
                                      .end_wide = end_wide};
    if (ops > 0 || froms > 0) {
        p->kernel->product(p->op, p->from, wide_of, &shares, p->sites.n, p->prior);
    } else if (end->n) { /* no route says anything */
        fill_stages(p, wide_of, here);
    } else {
        memcpy(p->prior, wide_of, p->sites.n * sizeof *p->prior);
    }
    const float all = prior_sum(p, p->prior);
    /* A wide prior knows nothing of where the first point lies: a tenth of ways fit it as well. */
    const float pair_k = end->n ? w->pair_k : 0.1F * w->pair_k;
    const float wide = share(pair_k, pairs, end->n ? w->pair_wide : 0) / (all > 0 ? all : 1);
    const float odd = ops > 0 ? w->odd : 5 * w->odd;
    const float narrow =
        pairs > 0 ? (1 - share(pair_k, pairs, end->n ? w->pair_wide : 0)) / pairs : 0;
    p->kernel->mix(p->prior, wide, p->pair, narrow, wide_of, odd, p->sites.n);
    /* A field nobody has a route to has the share of its size in the widest prior. */
    p->wide = wide * op_wide * end_wide + odd;
    p->rules |= pairs > 0 ? 1U << CLAIM_RULE_ROUTES : 0;
    p->guessed = f->state || ops > 0 || froms > 0 || pairs > 0 ? 0 : 1;
    mix_history(p, f, end, backward);
    for (unsigned k = 0; k < end->n; k++) {
        const uint32_t i = p->sites.number[end->place[k].airport];
        if (i != SITE_NONE) {
            p->prior[i] += w->same * end->place[k].p;
        }
    }
}
