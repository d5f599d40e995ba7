/* What is odd about a report, held against what was believed before; and reckoning on from there.
 */
#include "movement/trust_internal.h"

#include "geo/magnetic.h"

#include <math.h>

enum { HIGH_FT = 20000, VERY_HIGH_FT = 28000, AIR_DATA_MS = 60000 };

static const float DEG = 3.14159265F / 180.0F;
static const float SLOW_SHARE = 0.55F, VERY_SLOW_SHARE = 0.35F; /* of the speed it cruised at */
static const float SLOWS_KT_S = 4.0F; /* no aircraft loses speed faster for long */
static const float JUMP_KT = 900.0F, JUMP_FREE_M = 5556.0F;
static const float WIND_CHANGE_KT = 120.0F;
static const float HEIGHT_CHANGE_FT = 2500.0F;
static const float MISTIMED_S = 150.0F;

struct mark trust_mark(const struct kept *k)
{
    return (struct mark){.t_ms = k->t_ms,
                         .place = {k->lat_e7, k->lon_e7},
                         .gs_kt = k->gs_e2_kt >= 0 ? (float)k->gs_e2_kt / 100.0F : -1.0F,
                         .track_deg =
                             k->track_e2_deg >= 0 ? (float)k->track_e2_deg / 100.0F : -1.0F};
}

float trust_apart_m(struct sphere_place a, struct sphere_place b)
{
    const struct sphere_offset o = sphere_offset(a, b);
    return sqrtf(o.x_m * o.x_m + o.y_m * o.y_m);
}

float trust_seconds(int64_t from_ms, int64_t to_ms)
{
    return (float)(to_ms - from_ms) / 1000.0F;
}

bool trust_jumped(const struct mark *a, const struct mark *b)
{
    const float fast_kt = fmaxf(JUMP_KT, 1.3F * fmaxf(a->gs_kt, b->gs_kt));
    const float reach_m =
        JUMP_FREE_M + fast_kt * TRUST_NM_M / 3600.0F * trust_seconds(a->t_ms, b->t_ms);
    return trust_apart_m(a->place, b->place) > reach_m;
}

bool trust_mistimed(const struct mark *a, const struct mark *b)
{
    if (a->track_deg < 0.0F || b->track_deg < 0.0F || a->gs_kt < 0.0F ||
        sphere_turn_deg(a->track_deg, b->track_deg) > 20.0F) {
        return false;
    }
    const struct sphere_offset o = sphere_offset(a->place, b->place);
    const float along = o.x_m * sinf(a->track_deg * DEG) + o.y_m * cosf(a->track_deg * DEG);
    const float across = o.x_m * cosf(a->track_deg * DEG) - o.y_m * sinf(a->track_deg * DEG);
    const float way_m = a->gs_kt * TRUST_NM_M / 3600.0F * MISTIMED_S;
    return fabsf(along) < way_m && fabsf(across) < 3704.0F + 0.1F * fabsf(along);
}

static struct vector velocity(float kt, float deg)
{
    return (struct vector){kt * sinf(deg * DEG), kt * cosf(deg * DEG)};
}

/* The true air speed vector, where the point has air speed and heading. */
static bool air_vector(struct trust *t, const struct kept *k, struct vector *out)
{
    if (k->tas_kt == KEPT_NONE_16 || k->mag_heading_e2_deg == KEPT_NO_HEADING) {
        return false;
    }
    const struct sphere_place at = {k->lat_e7, k->lon_e7};
    if (!t->has_declination || trust_apart_m(t->declination_at, at) > 60.0F * TRUST_NM_M) {
        const double year = 1970.0 + (double)k->t_ms / (365.25 * 86400e3);
        t->declination_deg = (float)magnetic_declination_deg(at, 0.0, year);
        t->declination_at = at;
        t->has_declination = true;
    }
    *out = velocity((float)k->tas_kt, (float)k->mag_heading_e2_deg / 100.0F + t->declination_deg);
    return true;
}

/* Too slow for its height: lost faster than it can brake, or below any stall at all. */
static bool too_slow(const struct trust *t, const struct kept *k, const struct mark *m)
{
    if (m->gs_kt < 0.0F || k->alt_baro_ft < HIGH_FT || t->cruise_fixes < 5 ||
        t->cruise_kt < 250.0F || m->gs_kt >= SLOW_SHARE * t->cruise_kt) {
        return false;
    }
    const float lost_kt = t->sound.gs_kt - m->gs_kt;
    const float dt_s = t->sane_ms == KEPT_NO_TIME ? 1e6F : trust_seconds(t->sane_ms, m->t_ms);
    return trust_suspended(t) || lost_kt > 60.0F + SLOWS_KT_S * dt_s ||
           (k->alt_baro_ft >= VERY_HIGH_FT && m->gs_kt < VERY_SLOW_SHARE * t->cruise_kt);
}

/* The place hardly moves while it reports speed along a straight line. */
static bool stands(const struct trust *t, const struct kept *k, const struct mark *m)
{
    if (t->last.t_ms == KEPT_NO_TIME || k->alt_baro_ft < HIGH_FT || m->gs_kt < 200.0F ||
        t->last.gs_kt < 200.0F || m->track_deg < 0.0F || t->last.track_deg < 0.0F ||
        sphere_turn_deg(m->track_deg, t->last.track_deg) > 20.0F) {
        return false;
    }
    const float dt_s = trust_seconds(t->last.t_ms, m->t_ms);
    const float way_m = m->gs_kt * TRUST_NM_M / 3600.0F * dt_s;
    return dt_s >= 20.0F && dt_s <= 90.0F && trust_apart_m(t->last.place, m->place) < 0.25F * way_m;
}

uint32_t trust_oddities(struct trust *t, const struct kept *k, const struct mark *m, bool fresh)
{
    uint32_t rules = 0;
    struct vector air;
    if (too_slow(t, k, m)) {
        rules |= 1U << CLAIM_RULE_PROFILE;
    }
    if (fresh && stands(t, k, m)) {
        rules |= 1U << CLAIM_RULE_STATIONARY;
    }
    if (air_vector(t, k, &air)) {
        t->air = air;
        t->air_ms = k->t_ms;
        if (t->has_wind && m->gs_kt >= 0.0F && m->track_deg >= 0.0F) {
            const struct vector g = velocity(m->gs_kt, m->track_deg);
            const float e = g.e - air.e - t->wind.e, n = g.n - air.n - t->wind.n;
            if (e * e + n * n > WIND_CHANGE_KT * WIND_CHANGE_KT) {
                rules |= 1U << CLAIM_RULE_AIR_DATA;
            }
        }
    }
    if (isfinite(t->height_ft) && k->alt_geom_ft != KEPT_NONE && k->alt_baro_ft != KEPT_NONE &&
        fabsf((float)(k->alt_geom_ft - k->alt_baro_ft) - t->height_ft) > HEIGHT_CHANGE_FT) {
        rules |= 1U << CLAIM_RULE_INTEGRITY;
    }
    return rules;
}

void trust_learn(struct trust *t, const struct kept *k, const struct mark *m)
{
    if (m->gs_kt > 0.0F && k->alt_baro_ft >= HIGH_FT) {
        const float weight = t->cruise_fixes < 20 ? 1.0F / (float)(t->cruise_fixes + 1) : 0.05F;
        t->cruise_kt += weight * (m->gs_kt - t->cruise_kt);
        t->cruise_fixes += t->cruise_fixes < UINT16_MAX;
    }
    if (t->air_ms == k->t_ms && m->gs_kt >= 0.0F && m->track_deg >= 0.0F) {
        const struct vector g = velocity(m->gs_kt, m->track_deg);
        const float weight = t->has_wind ? 0.1F : 1.0F;
        t->wind.e += weight * (g.e - t->air.e - t->wind.e);
        t->wind.n += weight * (g.n - t->air.n - t->wind.n);
        t->has_wind = true;
    }
    if (k->alt_geom_ft != KEPT_NONE && k->alt_baro_ft != KEPT_NONE) {
        const float ft = (float)(k->alt_geom_ft - k->alt_baro_ft);
        t->height_ft = isfinite(t->height_ft) ? t->height_ft + 0.1F * (ft - t->height_ft) : ft;
    }
    t->sane_ms = k->t_ms;
}

void trust_reckon(const struct trust *t, int64_t t_ms, struct sphere_place *at, float *radius_m)
{
    const float dt_s = trust_seconds(t->reckoned_ms, t_ms);
    *at = t->reckoned;
    *radius_m = t->reckoned_m;
    if (dt_s <= 0.0F) {
        return;
    }
    const bool by_air = t->air_ms != 0 && t_ms - t->air_ms < AIR_DATA_MS && t->has_wind;
    struct vector v = {0.0F, 0.0F};
    if (by_air) {
        v = (struct vector){t->air.e + t->wind.e, t->air.n + t->wind.n};
    } else if (t->sound.gs_kt >= 0.0F && t->sound.track_deg >= 0.0F) {
        v = velocity(t->sound.gs_kt, t->sound.track_deg);
    }
    const float kt = sqrtf(v.e * v.e + v.n * v.n);
    const float way_m = kt * TRUST_NM_M / 3600.0F * dt_s;
    *at = sphere_destination(t->reckoned,
                             (double)sphere_offset_bearing_deg((struct sphere_offset){v.e, v.n}),
                             (double)way_m);
    *radius_m += way_m * (by_air ? 0.06F : 0.15F) + 10.0F * dt_s;
}
