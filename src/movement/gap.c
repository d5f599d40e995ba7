/* A silence in flight: did it fly on, or land and leave again? Never by time alone: by how far it
   came, how fast it flies, what both sides look like, and whether there is a field it could have
   reached, stood on and left in that time (MOVEMENTS 1.2). */
#include "movement/internal.h"
#include "movement/likelihood.h"

#include "geo/sphere.h"

#include <math.h>
#include <string.h>

/* What a stop takes at least, minutes, besides the flying: where the type does not say. */
#define STOP_MIN_FAST 22
#define STOP_MIN_SLOW 8

/* A stop, before looking: of silences in which one would fit. */
#define STOP_PRIOR 0.25F

struct gap {
    const struct path_point *a, *b;
    struct posterior_moment before, after;
    float minutes, nm, kt, expected_kt;
};

static float expected_kt(const struct aircraft *a, const struct path_point *p)
{
    const float top = a->leg.top_gs_kt > 60 ? a->leg.top_gs_kt : 0;
    if (a->frame.type.cruise_kt) {
        return a->frame.type.cruise_kt;
    }
    const float last = a->air_last.gs_kt > 60 ? a->air_last.gs_kt : 0;
    const float next = p->gs_kt > 60 ? p->gs_kt : 0;
    const float mean = last && next ? 0.5F * (last + next) : last + next;
    /* Near an end it is slow; in between it flies as fast as it did. */
    return top > 0 && mean < 0.7F * top ? 0.85F * top : mean > 0 ? mean : 400;
}

/* The other side is one point so far: its own report says what it does. */
static void moment_after(const struct path_point *p, struct posterior_moment *out)
{
    *out =
        (struct posterior_moment){.at = unit_of(p->lat_e7, p->lon_e7),
                                  .lat_e7 = p->lat_e7,
                                  .lon_e7 = p->lon_e7,
                                  .track_deg = p->track_e1 < 0 ? -1 : (float)p->track_e1 / 10,
                                  .alt_ft = p->alt_ft == PATH_NO_ALTITUDE ? NAN : (float)p->alt_ft,
                                  .gs_kt = p->gs_kt < 0 ? NAN : (float)p->gs_kt,
                                  .rate_fpm = p->rate_fpm == INT16_MIN ? 0 : p->rate_fpm,
                                  .phase = p->rate_fpm == INT16_MIN ? VERTICAL_UNKNOWN
                                           : p->rate_fpm > 300      ? VERTICAL_CLIMB
                                           : p->rate_fpm < -300     ? VERTICAL_DESCENT
                                                                    : VERTICAL_LEVEL};
}

/* How likely the silence looks like this if it flew on: time it cannot account for is time spent
   holding or going round, which gets rarer by the quarter of an hour. */
static float fit_continued(const struct gap *g)
{
    const float needed = g->nm / g->expected_kt * 60;
    const float spare = g->minutes - needed;
    float fit = spare > 0 ? expf(-spare / (10 + 0.1F * needed)) : 1;
    if (g->after.phase == VERTICAL_CLIMB && g->after.alt_ft < g->before.alt_ft + 2000) {
        fit *= 0.4F;
    }
    if (g->before.phase == VERTICAL_DESCENT && g->after.alt_ft > g->before.alt_ft + 1000) {
        fit *= 0.3F;
    }
    return fit;
}

/* The stop at one site, if there was one: how much time was left there, and how well both sides
   fit. */
static float fit_stop(const struct movement *m, const struct aircraft *a, const struct gap *g,
                      uint32_t airport)
{
    const struct site s = site_of(m->o.views.airports, airport);
    const float in_nm = unit_nm(g->before.at, s.at), out_nm = unit_nm(s.at, g->after.at);
    const bool fast = g->expected_kt > 220;
    const float stop_min = a->frame.type.ground_min ? a->frame.type.ground_min
                                                    : (fast ? STOP_MIN_FAST : STOP_MIN_SLOW);
    /* Slower than cruise near the ground, and a circuit. */
    const float flying = (in_nm + out_nm) / (0.8F * g->expected_kt) * 60 + (fast ? 6 : 2);
    const float spare = g->minutes - flying - stop_min;
    if (spare < 0) {
        return 0;
    }
    const float elevation = match_elevation(m->o.views.airports, airport);
    float fit = likelihood_climb(&g->after, out_nm, elevation);
    if (g->after.track_deg >= 0 && out_nm > 3) {
        const float off = sphere_turn_deg(fmodf(unit_bearing_deg(g->after.at, s.at) + 180, 360),
                                          g->after.track_deg);
        fit *= 180 * likelihood_bearing(&posterior_fitted, off, out_nm, 1);
    }
    /* One point says less than a path does. */
    return sqrtf(fit);
}

/* Sites it may have stopped at, weighed from both sides; the return says how well a stop fits at
   all. */
static float weigh_stops(struct movement *m, struct aircraft *a, const struct gap *g,
                         struct posterior_end *end)
{
    struct posterior_end in;
    float all = 0;
    struct posterior_flight f;
    leg_question(m, a, &f);
    posterior_destination(m->posterior, &f, &a->leg.origin, &in);
    *end = (struct posterior_end){.rules = in.rules | 1U << CLAIM_RULE_REACHABLE};
    for (unsigned i = 0; i < in.n; i++) {
        const float p = in.place[i].p * fit_stop(m, a, g, in.place[i].airport);
        unsigned k = p > 1e-6F ? end->n++ : end->n;
        if (p <= 1e-6F) {
            continue;
        }
        for (; k > 0 && end->place[k - 1].p < p; k--) {
            end->place[k] = end->place[k - 1];
        }
        end->place[k] = (struct place_p){in.place[i].airport, p};
        all += p;
    }
    const float none = 0.01F * in.none_p;
    for (unsigned i = 0; i < end->n; i++) {
        end->place[i].p /= all + none;
    }
    end->none_p = all > 0 ? none / (all + none) : 1;
    return all;
}

static void give_gap(struct movement *m, struct aircraft *a, const struct gap *g, float p)
{
    struct claim c = row_of(a, CLAIM_GAP, CLAIM_METHOD_INFERRED_GAP);
    row_times(&c, g->a->t_ms, g->b->t_ms);
    c.sure_lo_ms = c.t_lo_ms;
    c.sure_hi_ms = c.t_hi_ms;
    c.p = p; /* that it landed meanwhile */
    c.size_m = (uint32_t)((double)g->nm * SPHERE_M_PER_NM);
    c.evidence.silent_s = (uint32_t)((g->b->t_ms - g->a->t_ms) / 1000);
    c.evidence.lost_alt_ft = g->a->alt_ft;
    c.evidence.rules |= p < 0.5F ? 1U << CLAIM_RULE_CONTINUOUS : 1U << CLAIM_RULE_REACHABLE;
    row_give(m, a, &c);
}

/* It landed at a site in the silence and is seen leaving: the next leg begins there. */
static void leave_again(struct movement *m, struct aircraft *a, const struct path_point *p,
                        const struct posterior_end *site, int64_t lo_ms)
{
    leg_begin(m, a, p);
    struct leg *l = &a->leg;
    l->origin = *site;
    l->is_takeoff = true;
    l->method = CLAIM_METHOD_INFERRED_GAP;
    l->off_lo_ms = lo_ms;
    l->off_hi_ms = p->t_ms;
    const struct site s = site_of(m->o.views.airports, site->place[0].airport);
    l->flown_nm = unit_nm(s.at, unit_of(p->lat_e7, p->lon_e7));
    struct claim c = row_of(a, CLAIM_TOOK_OFF, CLAIM_METHOD_INFERRED_GAP);
    row_times(&c, lo_ms, p->t_ms);
    row_end(m, &c, site);
    l->origin_claim = row_give(m, a, &c);
    a->has_landed = false;
    a->state = FLIGHT_AIR;
    a->air_last = *p;
    leg_track(m, a, p);
}

static bool landed_meanwhile(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct posterior_end site;
    match_ground(m->o.views.airports, day_of(p->t_ms), p, a->frame.type.helicopter, &site);
    leg_land(m, a, &site, a->air_last.t_ms, p->t_ms, CLAIM_METHOD_INFERRED_REAPPEARANCE, 0.995F);
    a->state = FLIGHT_GROUND;
    a->ground_first = a->ground_last = *p;
    a->run = 0;
    path_cut(&a->path);
    return true;
}

bool gap_resolve(struct movement *m, struct aircraft *a, const struct path_point *p, bool on_ground)
{
    if (on_ground) {
        return landed_meanwhile(m, a, p);
    }
    struct gap g = {.a = &a->air_last, .b = p};
    struct posterior_end site = {0};
    const struct path_point now = a->path.last;
    a->path.last = a->air_last; /* questions are asked as of the last point before */
    path_moment(&a->path, &g.before);
    moment_after(p, &g.after);
    g.minutes = (float)(p->t_ms - a->air_last.t_ms) / 60000;
    g.nm = path_nm(&a->air_last, p);
    g.expected_kt = expected_kt(a, p);
    g.kt = g.nm / g.minutes * 60;
    float odds = 0;
    if (g.kt < 0.8F * g.expected_kt) {
        const float stop = STOP_PRIOR * weigh_stops(m, a, &g, &site);
        const float on = (1 - STOP_PRIOR) * fit_continued(&g);
        odds = stop / (stop + on + 1e-12F);
    }
    give_gap(m, a, &g, odds);
    if (odds > 0.5F && site.n) {
        const int64_t land_ms =
            a->air_last.t_ms +
            (int64_t)((double)(unit_nm(g.before.at,
                                       site_of(m->o.views.airports, site.place[0].airport).at) /
                               g.expected_kt) *
                      3600000);
        leg_land(m, a, &site, a->air_last.t_ms, p->t_ms, CLAIM_METHOD_INFERRED_GAP, odds);
        a->path.last = now;
        leave_again(m, a, p, &site, land_ms < p->t_ms ? land_ms : a->air_last.t_ms);
        return true;
    }
    a->path.last = now;
    lost_withdraw(m, a);
    a->leg.gap_p = odds > a->leg.gap_p ? odds : a->leg.gap_p;
    path_cut(&a->path); /* what was before says nothing of the track now */
    return false;
}
