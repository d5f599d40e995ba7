#include "store/area.h"

#include "geo/sphere.h"

#include <math.h>

#define TURN INT64_C(3600000000)
#define HALF INT64_C(1800000000)
#define POLE 900000000

static bool is_place(struct store_place p)
{
    return p.lat_e7 >= -POLE && p.lat_e7 <= POLE && p.lon_e7 >= -HALF && p.lon_e7 <= HALF;
}

/* A longitude as near to a reference as whole turns bring it. */
static int64_t beside(int64_t lon, int64_t reference)
{
    return lon - reference > HALF ? lon - TURN : lon - reference < -HALF ? lon + TURN : lon;
}

/* Longitudes from low to high, low <= high, perhaps beyond half a turn. */
static size_t split(int64_t lat_low, int64_t lat_high, int64_t low, int64_t high,
                    struct area_box box[2])
{
    const int32_t south = (int32_t)(lat_low < -POLE ? -POLE : lat_low),
                  north = (int32_t)(lat_high > POLE ? POLE : lat_high);
    if (high - low >= TURN) {
        low = -HALF, high = HALF - 1;
    }
    const int64_t back = low >= HALF ? TURN : high < -HALF ? -TURN : 0;
    low -= back, high -= back;
    if (low >= -HALF && high < HALF) {
        box[0] = (struct area_box){south, north, (int32_t)low, (int32_t)high};
        return 1;
    }
    const int64_t west = low < -HALF ? low + TURN : low, east = high >= HALF ? high - TURN : high;
    box[0] = (struct area_box){south, north, (int32_t)west, (int32_t)(HALF - 1)};
    box[1] = (struct area_box){south, north, (int32_t)-HALF, (int32_t)east};
    return 2;
}

static size_t circle(const struct store_area *a, struct area_box box[2])
{
    const double rad = M_PI / 180, angle = a->radius_m / SPHERE_RADIUS_M * 1.0001 + 1e-9;
    const double lat = a->low.lat_e7 * 1e-7 * rad;
    const double reach = angle / rad * 1e7;
    if (fabs(lat) + angle >= M_PI / 2) {
        const double south = a->low.lat_e7 - reach, north = a->low.lat_e7 + reach;
        return split(south < -POLE ? -POLE : (int64_t)south, north > POLE ? POLE : (int64_t)north,
                     -HALF, HALF - 1, box);
    }
    const double wide = asin(sin(angle) / cos(lat)) / rad * 1e7;
    return split((int64_t)(a->low.lat_e7 - reach) - 1, (int64_t)(a->low.lat_e7 + reach) + 1,
                 a->low.lon_e7 - (int64_t)wide - 1, a->low.lon_e7 + (int64_t)wide + 1, box);
}

static size_t polygon(const struct store_area *a, struct area_box box[2])
{
    int64_t lat_low = POLE, lat_high = -POLE, low = a->corner[0].lon_e7, high = low, at = low;
    for (size_t i = 0; i < a->n; i++) {
        const struct store_place c = a->corner[i];
        at = beside(c.lon_e7, at);
        lat_low = c.lat_e7 < lat_low ? c.lat_e7 : lat_low;
        lat_high = c.lat_e7 > lat_high ? c.lat_e7 : lat_high;
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    return split(lat_low, lat_high, low, high, box);
}

enum err area_boxes(const struct store_area *a, struct area_box box[2], size_t *n)
{
    switch (a->kind) {
    case STORE_ANYWHERE:
        *n = split(-POLE, POLE, -HALF, HALF - 1, box);
        return ERR_OK;
    case STORE_BOX:
        if (!is_place(a->low) || !is_place(a->high) || a->low.lat_e7 > a->high.lat_e7) {
            return ERR_RANGE;
        }
        *n = split(a->low.lat_e7, a->high.lat_e7, a->low.lon_e7,
                   a->low.lon_e7 <= a->high.lon_e7 ? a->high.lon_e7 : a->high.lon_e7 + TURN, box);
        return ERR_OK;
    case STORE_CIRCLE:
        if (!is_place(a->low) || !(a->radius_m >= 0 && a->radius_m < 3e7)) {
            return ERR_RANGE;
        }
        *n = circle(a, box);
        return ERR_OK;
    case STORE_POLYGON:
        for (size_t i = 0; i < a->n; i++) {
            if (!is_place(a->corner[i])) {
                return ERR_RANGE;
            }
        }
        if (a->n < 3) {
            return ERR_RANGE;
        }
        *n = polygon(a, box);
        return ERR_OK;
    }
    return ERR_RANGE;
}

/* Crossings of a ray to the east, counted in one chain of longitudes, once for every turn the chain
   may lie in. */
static bool in_polygon(const struct store_area *a, int64_t lat, int64_t lon)
{
    for (int64_t turn = -TURN; turn <= TURN; turn += TURN) {
        bool in = false;
        int64_t from = a->corner[0].lon_e7;
        for (size_t i = 0; i < a->n; i++) {
            const struct store_place b = a->corner[(i + 1) % a->n];
            const int64_t to = beside(b.lon_e7, from), lat_a = a->corner[i].lat_e7;
            if ((lat_a > lat) != (b.lat_e7 > lat)) {
                const double x = (double)from + (double)(to - from) * (double)(lat - lat_a) /
                                                    (double)(b.lat_e7 - lat_a);
                in ^= (double)(lon + turn) < x;
            }
            from = to;
        }
        if (in) {
            return true;
        }
    }
    return false;
}

bool area_has(const struct store_area *a, int32_t lat_e7, int32_t lon_e7)
{
    switch (a->kind) {
    case STORE_ANYWHERE:
        return true;
    case STORE_BOX: {
        const bool in_lon = a->low.lon_e7 <= a->high.lon_e7
                                ? lon_e7 >= a->low.lon_e7 && lon_e7 <= a->high.lon_e7
                                : lon_e7 >= a->low.lon_e7 || lon_e7 <= a->high.lon_e7;
        return in_lon && lat_e7 >= a->low.lat_e7 && lat_e7 <= a->high.lat_e7;
    }
    case STORE_CIRCLE:
        return sphere_distance_m((struct sphere_place){a->low.lat_e7, a->low.lon_e7},
                                 (struct sphere_place){lat_e7, lon_e7}) <= a->radius_m;
    case STORE_POLYGON:
        return in_polygon(a, lat_e7, lon_e7);
    }
    return false;
}
