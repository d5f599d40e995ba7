/* How well a moment of a flight fits that it is bound for, or came from, a site: the factors of the
   posterior, each at most about 1 where it fits best (the bearing is a density per degree). Pure
   functions.

   They stand here, and what differs from site to site is chosen between and not branched on, so
   that fit_body.h can take sites side by side: a new factor is written the same way. */
#ifndef MASAR_MOVEMENT_LIKELIHOOD_H
#define MASAR_MOVEMENT_LIKELIHOOD_H

#include "movement/posterior.h"
#include "movement/quick.h"

#include <math.h>

/* That where it heads says nothing: in a turn, and round in a hold, it says little. */
static inline float likelihood_odd(const struct posterior_weights *w, float straight)
{
    const float round = straight < 0.9F ? (0.9F - (straight > 0 ? straight : 0)) / 0.6F : 0;
    return w->bearing_odd + (round < 1 ? round : 1) * (1 - w->bearing_odd) * w->turning;
}

/* off_deg: between where it heads and where the site lies; odd: likelihood_odd. */
static inline float likelihood_bearing(const struct posterior_weights *w, float off_deg, float nm,
                                       float odd)
{
    /* Far away the great circle is bent by winds and by airspace. */
    const float bent_nm = nm > w->bearing_bent_nm ? nm - w->bearing_bent_nm : 0;
    const float bent_deg = bent_nm * w->bearing_bent_deg;
    const float far_deg = w->bearing_far_deg + (bent_deg < 14 ? bent_deg : 14);
    /* Within some hundred miles it follows the arrival routes. */
    const float b = far_deg + w->bearing_mid_deg * quick_exp(-nm / 250) +
                    w->bearing_near_deg * quick_exp(-nm / w->bearing_fade_nm);
    /* Even within some degrees, then falling by the degree: the hyperbolic distribution, whose
       integral is near enough b + 3/4 c. */
    const float c = w->bearing_even_deg;
    const float peak = 1 / (b * (1 - quick_exp(-180 / b)) + 0.75F * c);
    const float fall = quick_exp(-(sqrtf(c * c + off_deg * off_deg) - c) / b);
    return (1 - odd) * peak * fall + odd / 180;
}

/* excess_nm: way flown and still to fly, less the direct way; flown_nm: what was flown of it. */
static inline float likelihood_detour(const struct posterior_weights *w, float excess_nm,
                                      float flown_nm)
{
    const float scale = w->detour_nm + w->detour_share * flown_nm;
    const float e = excess_nm > 0 ? excess_nm / scale : 0;
    /* Who draws a picture, or goes around a war, still does not fly just anywhere. */
    const float wild = excess_nm > 0 ? excess_nm / w->detour_wild_nm : 0;
    return (1 - w->detour_odd) * quick_exp(-e) + w->detour_odd / (1 + wild * wild);
}

/* What it does about its height. */
enum likelihood_stage {
    LIKELIHOOD_UNKNOWN,    /* its height says nothing */
    LIKELIHOOD_BEGINS,     /* it leaves its top downward */
    LIKELIHOOD_COMES_DOWN, /* it descends for good */
    LIKELIHOOD_LEVELED,    /* level, down from its cruise */
    LIKELIHOOD_CRUISES,    /* level near its top */
    LIKELIHOOD_CLIMBS
};

static inline enum likelihood_stage likelihood_stage(const struct posterior_flight *f)
{
    const struct posterior_moment *m = &f->now;
    if (isnan(m->alt_ft)) {
        return LIKELIHOOD_UNKNOWN;
    }
    switch (m->phase) {
    case VERTICAL_DESCENT:
        return m->alt_ft < f->top_ft - 1500 ? LIKELIHOOD_COMES_DOWN : LIKELIHOOD_BEGINS;
    case VERTICAL_LEVEL:
        return m->alt_ft < f->top_ft - 5000 ? LIKELIHOOD_LEVELED : LIKELIHOOD_CRUISES;
    case VERTICAL_CLIMB:
        return LIKELIHOOD_CLIMBS;
    default:
        return LIKELIHOOD_UNKNOWN;
    }
}

/* Nautical miles that a descent takes, as airliners fly it. */
static inline float likelihood_descent_nm(float height_ft)
{
    return (height_ft > 500 ? height_ft : 500) * 0.0032F + 4;
}

/* Too high to go straight to a field nm away it is led around, away from it as often as not: how
   far that makes where it heads say nothing, 0..1. */
static inline float likelihood_high(const struct posterior_weights *w, float alt_ft, float nm,
                                    float elevation_ft)
{
    const float r = nm / likelihood_descent_nm(alt_ft - elevation_ft);
    const float high = r < 0.9F ? (0.9F - r) * 2 : 0;
    return w->high_free * (high < 1 ? high : 1);
}

/* How high it is, and what it does about it, for nm to go to a field at elevation_ft. */
static inline float likelihood_descent(const struct posterior_weights *w,
                                       enum likelihood_stage stage, float alt_ft, float nm,
                                       float elevation_ft)
{
    const float height_ft = alt_ft - elevation_ft;
    const float r = nm / likelihood_descent_nm(height_ft);
    if (stage == LIKELIHOOD_BEGINS) {
        const float due = 1 / (1 + quick_exp((r - w->begin_early) / w->begin_width));
        return height_ft > 10000 ? w->begin_odd + (1 - w->begin_odd) * due : 1;
    }
    if (stage == LIKELIHOOD_COMES_DOWN) {
        const float z = (r - 1) / w->descent_above;
        const float above =
            (1 - w->descent_odd) * quick_exp(-0.5F * z * z) + w->descent_odd * quick_exp(-(r - 1));
        const float below = 0.3F + 0.7F * quick_exp(-(1 - r) / w->descent_below);
        return r > 1 ? above : below;
    }
    if (stage == LIKELIHOOD_LEVELED) {
        const float z = r > 1.1F ? (r - 1.1F) / (2 * w->descent_above) : 0;
        return (1 - 3 * w->descent_odd) * quick_exp(-0.5F * z * z) +
               3 * w->descent_odd * quick_exp(-(r - 1));
    }
    if (stage == LIKELIHOOD_CRUISES) {
        const float early = 1 / (1 + quick_exp(-(r - w->level_early) / w->level_width));
        return height_ft > 10000 ? w->level_odd + (1 - w->level_odd) * early : 1;
    }
    return stage == LIKELIHOOD_CLIMBS && r < 0.8F ? 0.15F : 1;
}

/* How high it was, climbing or not, nm after leaving a field at elevation_ft. */
static inline float likelihood_climb(bool climbs, float alt_ft, float nm, float elevation_ft)
{
    const float height_ft = alt_ft - elevation_ft;
    const float r = nm / ((height_ft > 300 ? height_ft : 300) * 0.0023F + 2);
    if (climbs) {
        const float z = quick_log(r > 0.05F ? r : 0.05F) / 0.45F;
        const float far = quick_exp(-(r - 1) * 0.3F);
        return 0.97F * quick_exp(-0.5F * z * z) + 0.03F * (r > 1 ? far : 0.3F);
    }
    const float high = 0.05F + 0.95F / (1 + quick_exp(-(r - 1) / 0.15F));
    return height_ft > 10000 ? high : 1;
}

/* What of its kind, and of what it showed so far, tells how far it goes and where it lands; 0: says
   nothing. */
struct likelihood_kind {
    float brisk;     /* logarithm of its climb by what is usual; NAN not known */
    float heavy_ft;  /* its height, if who has far to go flies lower */
    float range_nm;  /* of its type */
    float far_nm;    /* how far propellers go */
    float fade_nm;   /* and few go beyond */
    float runway_ft; /* that its type wants */
    float small;     /* fit of a small field */
};

static inline struct likelihood_kind likelihood_kind(const struct posterior_weights *w,
                                                     const struct posterior_flight *f)
{
    const bool is_fast = f->top_gs_kt > 250 || f->top_ft > 20000;
    const bool is_level = f->now.phase == VERTICAL_LEVEL;
    /* One fast report does not make a jet of what cruises slowly. */
    const bool is_slow =
        f->top_gs_kt < 320 || (is_level && f->now.alt_ft > 0.9F * f->top_ft && f->now.gs_kt < 330);
    const bool is_propeller = f->top_gs_kt > 0 && is_slow && f->top_ft < 27000;
    const bool is_jet = f->top_gs_kt >= 320 && f->top_ft >= 27000;
    return (struct likelihood_kind){
        .brisk = f->brisk > 0 && is_jet && !f->state ? quick_log(f->brisk) : NAN,
        .heavy_ft = is_level && f->now.alt_ft > 30000 ? f->now.alt_ft : 0,
        .range_nm = 1.05F * (float)f->type.range_nm,
        .far_nm = !f->type.range_nm && is_propeller ? w->propeller_nm : 0,
        .fade_nm = w->propeller_fade_nm,
        .runway_ft = f->type.runway_ft,
        .small = !f->type.runway_ft && is_fast ? 0.03F : 0};
}

/* For nm to go: who has far to go is heavy, and flies low for it. */
static inline float likelihood_heavy(const struct likelihood_kind *k, float nm)
{
    const float ceiling_ft = 42000 - 2 * (nm - 1500);
    const float low = 0.1F + 0.9F / (1 + quick_exp((k->heavy_ft - ceiling_ft) / 1500));
    return nm > 1500 ? low : 1;
}

/* Who has far to go has the fuel for it aboard and flies what is built for it: it climbs slower. */
static inline float likelihood_brisk(const struct posterior_weights *w, float brisk, float all_nm)
{
    const float way = (all_nm > 150 ? all_nm : 150) / w->brisk_usual_nm;
    const float z = (brisk - w->brisk_slope * quick_log(way)) / w->brisk_width;
    return (1 - w->brisk_odd) * quick_exp(-0.5F * z * z) + w->brisk_odd;
}

/* For a flight of all_nm. */
static inline float likelihood_range(const struct likelihood_kind *k, float all_nm)
{
    return all_nm > k->range_nm ? 0.02F : 1;
}

static inline float likelihood_far(const struct likelihood_kind *k, float all_nm)
{
    const float far = 0.03F + 0.97F * quick_exp(-(all_nm - k->far_nm) / k->fade_nm);
    return all_nm > k->far_nm ? far : 1;
}

/* That it lands on what has longest_ft (0: not known). */
static inline float likelihood_runway(const struct likelihood_kind *k, float longest_ft)
{
    /* It can, and does so seldom. */
    const float seldom = 0.2F + 0.8F * (longest_ft / k->runway_ft - 1);
    const float enough = longest_ft < 2 * k->runway_ft ? seldom : 1;
    const float known = longest_ft < k->runway_ft ? 0.05F : enough;
    return longest_ft > 0 ? known : 1;
}

/* On the extended centerline of one of its runways, landing (or, for_takeoff, leaving): 1, else 0;
 *name is that runway end, or NULL is given. */
bool likelihood_aligned(const struct airports *airports, const struct airport *a,
                        const struct posterior_moment *m, bool for_takeoff, char name[4]);

#endif
