#include "store/way.h"

#include "geo/sphere.h"

enum { STEP_M = 100, STEPS_MAX = 500 };

static int32_t between(int32_t a, int32_t b, int i, int n)
{
    return (int32_t)(a + ((int64_t)b - a) * i / n);
}

static int32_t known_between(int32_t a, int32_t b, int i, int n)
{
    return a == KEPT_NONE || b == KEPT_NONE ? KEPT_NONE : between(a, b, i, n);
}

static struct kept reckon(const struct kept *a, const struct kept *b, int i, int n)
{
    struct kept k = *a;
    k.t_ms = a->t_ms + (b->t_ms - a->t_ms) * i / n;
    k.lat_e7 = between(a->lat_e7, b->lat_e7, i, n);
    k.lon_e7 = between(a->lon_e7, b->lon_e7, i, n);
    k.alt_baro_ft = known_between(a->alt_baro_ft, b->alt_baro_ft, i, n);
    k.alt_geom_ft = known_between(a->alt_geom_ft, b->alt_geom_ft, i, n);
    k.ground = a->ground && b->ground;
    k.spare[0] = WAY_RECKONED;
    return k;
}

static struct area_box box_of(const struct kept *a, const struct kept *b)
{
    return (struct area_box){a->lat_e7 < b->lat_e7 ? a->lat_e7 : b->lat_e7,
                             a->lat_e7 < b->lat_e7 ? b->lat_e7 : a->lat_e7,
                             a->lon_e7 < b->lon_e7 ? a->lon_e7 : b->lon_e7,
                             a->lon_e7 < b->lon_e7 ? b->lon_e7 : a->lon_e7};
}

bool way_through(const struct area_shape *shape, const struct kept *a, const struct kept *b,
                 struct kept out[2])
{
    const struct area_box box = box_of(a, b);
    const int64_t turn = (int64_t)b->lon_e7 - a->lon_e7;
    if (b->t_ms <= a->t_ms || b->t_ms - a->t_ms > WAY_MS_MAX || turn > INT64_C(1800000000) ||
        turn < -INT64_C(1800000000) || !area_shape_meets(shape, &box)) {
        return false;
    }
    const double m = sphere_distance_m((struct sphere_place){a->lat_e7, a->lon_e7},
                                       (struct sphere_place){b->lat_e7, b->lon_e7});
    const int n = m / STEP_M + 1 < STEPS_MAX ? (int)(m / STEP_M) + 1 : STEPS_MAX;
    bool in = false;
    for (int i = 1; i < n; i++) {
        const struct kept k = reckon(a, b, i, n);
        if (area_shape_has(shape, k.lat_e7, k.lon_e7)) {
            out[0] = in ? out[0] : k;
            out[1] = k;
            in = true;
        }
    }
    return in;
}
