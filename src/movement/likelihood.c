#include "movement/likelihood.h"

#include "geo/sphere.h"
#include "movement/quick.h"

#include <math.h>
#include <string.h>

#define RADIANS 0.017453293F

float likelihood_bearing(const struct posterior_weights *w, float off_deg, float nm, float straight)
{
    /* Far away the great circle is bent by winds and by airspace. */
    const float bent_nm = nm > w->bearing_bent_nm ? nm - w->bearing_bent_nm : 0;
    const float far_deg = w->bearing_far_deg + fminf(bent_nm * w->bearing_bent_deg, 14);
    /* Within some hundred miles it follows the arrival routes. */
    const float b = far_deg + w->bearing_mid_deg * quick_exp(-nm / 250) +
                    w->bearing_near_deg * quick_exp(-nm / w->bearing_fade_nm);
    /* Even within some degrees, then falling by the degree: the hyperbolic distribution, whose
       integral is near enough b + 3/4 c. */
    const float c = w->bearing_even_deg;
    const float peak = 1 / (b * (1 - quick_exp(-180 / b)) + 0.75F * c);
    const float fall = quick_exp(-(sqrtf(c * c + off_deg * off_deg) - c) / b);
    /* In a turn, and round in a hold, where it heads says little. */
    const float round = straight < 0.9F ? (0.9F - (straight > 0 ? straight : 0)) / 0.6F : 0;
    const float odd = w->bearing_odd + (round < 1 ? round : 1) * (1 - w->bearing_odd) * w->turning;
    return (1 - odd) * peak * fall + odd / 180;
}

float likelihood_detour(const struct posterior_weights *w, float excess_nm, float flown_nm)
{
    const float scale = w->detour_nm + w->detour_share * flown_nm;
    const float e = excess_nm > 0 ? excess_nm / scale : 0;
    return (1 - w->detour_odd) * quick_exp(-e) + w->detour_odd;
}

/* Nautical miles that a descent from a height above the field takes, as airliners fly it. */
static float descent_nm(float height_ft)
{
    return (height_ft > 500 ? height_ft : 500) * 0.0032F + 4;
}

float likelihood_descent(const struct posterior_weights *w, const struct posterior_flight *f,
                         float nm, float elevation_ft)
{
    const struct posterior_moment *m = &f->now;
    if (isnan(m->alt_ft)) {
        return 1;
    }
    const float height_ft = m->alt_ft - elevation_ft;
    const float r = nm / descent_nm(height_ft);
    const bool has_descended = m->alt_ft < f->top_ft - 5000;
    if (m->phase == VERTICAL_DESCENT && m->alt_ft < f->top_ft - 1500) {
        if (r > 1) {
            const float z = (r - 1) / w->descent_above;
            return (1 - w->descent_odd) * quick_exp(-0.5F * z * z) +
                   w->descent_odd * quick_exp(-(r - 1));
        }
        return 0.3F + 0.7F * quick_exp(-(1 - r) / w->descent_below);
    }
    if (m->phase == VERTICAL_LEVEL && has_descended) {
        const float z = r > 1.1F ? (r - 1.1F) / (2 * w->descent_above) : 0;
        return (1 - 3 * w->descent_odd) * quick_exp(-0.5F * z * z) +
               3 * w->descent_odd * quick_exp(-(r - 1));
    }
    if (m->phase == VERTICAL_LEVEL && height_ft > 10000) {
        const float early = 1 / (1 + quick_exp(-(r - w->level_early) / w->level_width));
        return w->level_odd + (1 - w->level_odd) * early;
    }
    if (m->phase == VERTICAL_CLIMB && r < 0.8F) {
        return 0.15F;
    }
    return 1;
}

float likelihood_climb(const struct posterior_moment *first, float nm, float elevation_ft)
{
    if (isnan(first->alt_ft)) {
        return 1;
    }
    const float height_ft = first->alt_ft - elevation_ft;
    const float r = nm / ((height_ft > 300 ? height_ft : 300) * 0.0023F + 2);
    if (first->phase == VERTICAL_CLIMB) {
        const float z = logf(r > 0.05F ? r : 0.05F) / 0.45F;
        return 0.97F * quick_exp(-0.5F * z * z) +
               0.03F * (r > 1 ? quick_exp(-(r - 1) * 0.3F) : 0.3F);
    }
    if (height_ft > 10000) {
        return 0.05F + 0.95F / (1 + quick_exp(-(r - 1) / 0.15F));
    }
    return 1;
}

float likelihood_reach(const struct posterior_weights *w, const struct posterior_flight *f,
                       const struct site *s, float nm)
{
    float fit = 1;
    /* Who has far to go is heavy, and flies low for it. */
    if (nm > 1500 && f->now.phase == VERTICAL_LEVEL && f->now.alt_ft > 30000) {
        const float ceiling_ft = 42000 - 2 * (nm - 1500);
        fit *= 0.1F + 0.9F / (1 + quick_exp((f->now.alt_ft - ceiling_ft) / 1500));
    }
    const bool is_fast = f->top_gs_kt > 250 || f->top_ft > 20000;
    /* One fast report does not make a jet of what cruises slowly. */
    const bool is_slow =
        f->top_gs_kt < 320 ||
        (f->now.phase == VERTICAL_LEVEL && f->now.alt_ft > 0.9F * f->top_ft && f->now.gs_kt < 330);
    const bool is_propeller = f->top_gs_kt > 0 && is_slow && f->top_ft < 27000;
    if (f->type.range_nm && f->flown_nm + nm > 1.05F * (float)f->type.range_nm) {
        fit *= 0.02F;
    } else if (!f->type.range_nm && is_propeller && f->flown_nm + nm > w->propeller_nm) {
        fit *= 0.03F + 0.97F * quick_exp(-(f->flown_nm + nm - w->propeller_nm) / 200);
    }
    if (f->type.runway_ft && s->longest_ft && s->longest_ft < f->type.runway_ft) {
        fit *= 0.05F;
    } else if (f->type.runway_ft && s->longest_ft && s->longest_ft < 2 * f->type.runway_ft) {
        /* It can, and does so seldom. */
        fit *= 0.2F + 0.8F * ((float)s->longest_ft / f->type.runway_ft - 1);
    } else if (!f->type.runway_ft && s->small && is_fast) {
        fit *= 0.03F;
    }
    return fit;
}

/* ---- runways ---- */

struct runway_line {
    struct sphere_place threshold; /* of the end that is landed on */
    float heading_deg;
    bool surveyed;
};

static bool runway_line(const struct airport *a, const struct runway *r, bool low_end,
                        struct runway_line *out)
{
    if (r->low_heading_deg < 0 || r->closed) {
        return false;
    }
    out->heading_deg = (float)(low_end ? r->low_heading_deg : (r->low_heading_deg + 180) % 360);
    out->surveyed = r->low_lat_e7 != INT32_MIN && r->high_lat_e7 != INT32_MIN;
    out->threshold = (struct sphere_place){a->lat_e7, a->lon_e7};
    if (out->surveyed) {
        const struct sphere_place low = {r->low_lat_e7, r->low_lon_e7};
        const struct sphere_place high = {r->high_lat_e7, r->high_lon_e7};
        out->threshold = low_end ? low : high;
        out->heading_deg = (float)sphere_bearing_deg(out->threshold, low_end ? high : low);
    }
    return true;
}

static bool is_on_line(const struct runway_line *l, const struct posterior_moment *m,
                       bool for_takeoff)
{
    const float slack_deg = l->surveyed ? 12 : 18;
    if (sphere_turn_deg(m->track_deg, l->heading_deg) > slack_deg) {
        return false;
    }
    const struct sphere_offset o =
        sphere_offset(l->threshold, (struct sphere_place){m->lat_e7, m->lon_e7});
    const float along_m =
        o.x_m * sinf(l->heading_deg * RADIANS) + o.y_m * cosf(l->heading_deg * RADIANS);
    const float across_m =
        o.x_m * cosf(l->heading_deg * RADIANS) - o.y_m * sinf(l->heading_deg * RADIANS);
    const float far_m = fabsf(along_m);
    const float wide_m = (l->surveyed ? 250 : 900) + 0.035F * far_m;
    return far_m < 30000 && fabsf(across_m) < wide_m &&
           (for_takeoff ? along_m > -500 : along_m < (l->surveyed ? 1000 : 2500));
}

bool likelihood_aligned(const struct airports *airports, const struct airport *a,
                        const struct posterior_moment *m, bool for_takeoff, char name[4])
{
    struct runway_line line;
    for (uint32_t i = 0; i < a->runways && m->track_deg >= 0; i++) {
        const struct runway *r = runway_at(airports, a->runway + i);
        for (int low = 0; low < 2; low++) {
            if (runway_line(a, r, low, &line) && is_on_line(&line, m, for_takeoff)) {
                if (name) {
                    memcpy(name, low ? r->low_name : r->high_name, 4);
                }
                return true;
            }
        }
    }
    return false;
}
