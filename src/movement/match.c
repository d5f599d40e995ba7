#include "movement/match.h"

#include "geo/sphere.h"

#include <math.h>

enum { NEAR_MAX = 128 };

/* How far around ground points are matched, and how far a point of the field may lie from its
   runways or from its reference point. */
#define GROUND_M  14000.0
#define SPREAD_NM 0.45F

static float segment_nm(const struct runway *r, struct sphere_place at)
{
    const struct sphere_offset b =
        sphere_offset((struct sphere_place){r->low_lat_e7, r->low_lon_e7},
                      (struct sphere_place){r->high_lat_e7, r->high_lon_e7});
    const struct sphere_offset q =
        sphere_offset((struct sphere_place){r->low_lat_e7, r->low_lon_e7}, at);
    const float length2 = b.x_m * b.x_m + b.y_m * b.y_m;
    float t = length2 > 0 ? (q.x_m * b.x_m + q.y_m * b.y_m) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypotf(q.x_m - t * b.x_m, q.y_m - t * b.y_m) / (float)SPHERE_M_PER_NM;
}

/* Beyond the field's own extent. */
static float outside_nm(const struct airports *airports, const struct airport *a,
                        struct sphere_place at, float distance_nm)
{
    static const float radius_nm[] = {
        [AIRPORT_LARGE] = 1.8F,    [AIRPORT_MEDIUM] = 1,      [AIRPORT_SMALL] = 0.5F,
        [AIRPORT_SEAPLANE] = 0.5F, [AIRPORT_HELIPORT] = 0.1F, [AIRPORT_BALLOON] = 0.2F,
        [AIRPORT_CLOSED] = 1.5F};
    float nm = distance_nm - radius_nm[a->kind <= AIRPORT_CLOSED ? a->kind : AIRPORT_CLOSED];
    for (uint32_t i = 0; i < a->runways; i++) {
        const struct runway *r = runway_at(airports, a->runway + i);
        if (r->low_lat_e7 != INT32_MIN && r->high_lat_e7 != INT32_MIN) {
            const float s = segment_nm(r, at) - 0.5F;
            nm = s < nm ? s : nm;
        }
    }
    return nm > 0 ? nm : 0;
}

static void insert(struct posterior_end *out, uint32_t airport, float p)
{
    for (unsigned i = 0; i < out->n; i++) {
        if (out->place[i].airport == airport) {
            out->place[i].p = out->place[i].p > p ? out->place[i].p : p;
            return;
        }
    }
    unsigned i = out->n < CLAIM_CANDIDATES ? out->n++ : CLAIM_CANDIDATES - 1;
    for (; i > 0 && out->place[i - 1].p < p; i--) {
        out->place[i] = out->place[i - 1];
    }
    out->place[i] = (struct place_p){airport, p};
}

void match_ground(const struct airports *airports, int32_t day, const struct path_point *at,
                  bool helicopter, struct posterior_end *out)
{
    struct airport_near near[NEAR_MAX];
    const size_t n = airports_near(airports, at->lat_e7, at->lon_e7, GROUND_M, near, NEAR_MAX);
    const struct sphere_place here = {at->lat_e7, at->lon_e7};
    *out = (struct posterior_end){.rules = 1U << CLAIM_RULE_GROUND_FIXES};
    float all = 0.002F; /* at none of them */
    for (size_t i = 0; i < n; i++) {
        const struct airport *a = airport_at(airports, near[i].index);
        if (!site_stands(a, day) && !(helicopter && a->kind == AIRPORT_HELIPORT)) {
            continue;
        }
        const float nm = near[i].distance_m / (float)SPHERE_M_PER_NM;
        const float z = outside_nm(airports, a, here, nm) / SPREAD_NM;
        const float size = site_of(airports, near[i].index).size;
        const float p = sqrtf(size > 0.001F ? size : 0.001F) * expf(-0.5F * z * z - 0.35F * nm);
        if (p > 1e-6F) {
            insert(out, site_airport(airports, near[i].index), p);
        }
    }
    for (unsigned i = 0; i < out->n; i++) {
        all += out->place[i].p;
    }
    out->none_p = 1;
    for (unsigned i = 0; i < out->n; i++) {
        out->place[i].p /= all;
        out->none_p -= out->place[i].p;
    }
    out->none_p = out->none_p > 0 ? out->none_p : 0;
}

uint32_t match_nearest(const struct airports *airports, int32_t day, int32_t lat_e7, int32_t lon_e7,
                       float radius_nm, bool fast, float *nm)
{
    struct airport_near near[NEAR_MAX];
    const size_t n =
        airports_near(airports, lat_e7, lon_e7, radius_nm * SPHERE_M_PER_NM, near, NEAR_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct airport *a = airport_at(airports, near[i].index);
        if (site_stands(a, day) && !(fast && a->kind == AIRPORT_SMALL && a->longest_ft < 3900)) {
            *nm = near[i].distance_m / (float)SPHERE_M_PER_NM;
            return site_airport(airports, near[i].index);
        }
    }
    return UINT32_MAX;
}

float match_elevation(const struct airports *airports, uint32_t airport)
{
    if (airport >= airports_count(airports)) {
        return 0;
    }
    const int16_t ft = airport_at(airports, airport)->elevation_ft;
    return ft == AIRPORT_NO_ELEVATION ? 0 : ft;
}
