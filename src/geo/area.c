#include "geo/area.h"

#include "geo/area_ring.h"

#include <math.h>
#include <stdlib.h>

#define TURN AREA_TURN
#define HALF AREA_HALF
#define POLE AREA_POLE

enum { BANDS_MAX = 4096 };

/* A polygon's edges lie in bands of latitude, so that a place is compared with few of them. */
struct area_shape {
    enum area_kind kind;
    struct area_box box[2];
    size_t boxes;
    struct sphere_place low, high, middle;
    double radius_m;
    struct area_edge *edge;
    size_t edges;
    int64_t turn_low, turn_high; /* whole turns by which a place may have to be moved */
    int64_t lat_low, band_e7;
    uint32_t bands, *first; /* first[b] .. first[b + 1] - 1 are band b's numbers in `in_band` */
    uint32_t *in_band;
};

static bool is_place(struct sphere_place p)
{
    return p.lat_e7 >= -POLE && p.lat_e7 <= POLE && p.lon_e7 >= -HALF && p.lon_e7 <= HALF;
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

static size_t circle(const struct area *a, struct area_box box[2])
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

/* ---- polygons ---- */

static uint32_t band_of(const struct area_shape *s, int64_t lat)
{
    const int64_t b = (lat - s->lat_low) / s->band_e7;
    return b < 0 ? 0 : b >= s->bands ? s->bands - 1 : (uint32_t)b;
}

static void edge_bands(const struct area_shape *s, const struct area_edge *e, uint32_t *from,
                       uint32_t *to)
{
    *from = band_of(s, e->lat_a < e->lat_b ? e->lat_a : e->lat_b);
    *to = band_of(s, e->lat_a < e->lat_b ? e->lat_b : e->lat_a);
}

/* Numbers of edges by band: counted, then laid down. */
static enum err fill_bands(struct area_shape *s, int64_t lat_high)
{
    s->bands = s->edges / 2 < 1 ? 1 : s->edges / 2 > BANDS_MAX ? BANDS_MAX : (uint32_t)s->edges / 2;
    s->band_e7 = (lat_high - s->lat_low) / s->bands + 1;
    s->first = calloc((size_t)s->bands + 2, sizeof *s->first);
    if (!s->first) {
        return ERR_MEMORY;
    }
    uint32_t from, to;
    size_t n = 0;
    for (size_t i = 0; i < s->edges; i++) {
        edge_bands(s, &s->edge[i], &from, &to);
        n += to - from + 1;
        for (uint32_t b = from; b <= to; b++) {
            s->first[b + 2]++;
        }
    }
    s->in_band = n <= UINT32_MAX ? malloc((n + 1) * sizeof *s->in_band) : NULL;
    if (!s->in_band) {
        return ERR_MEMORY;
    }
    for (uint32_t b = 2; b < s->bands + 2; b++) {
        s->first[b] += s->first[b - 1];
    }
    for (size_t i = 0; i < s->edges; i++) {
        edge_bands(s, &s->edge[i], &from, &to);
        for (uint32_t b = from; b <= to; b++) {
            s->in_band[s->first[b + 1]++] = (uint32_t)i;
        }
    }
    return ERR_OK;
}

/* By how many whole turns a longitude lies beyond [-180, 180). */
static int64_t turns(int64_t lon)
{
    const int64_t v = lon + HALF;
    return v >= 0 ? v / TURN : -((TURN - 1 - v) / TURN);
}

static enum err polygon(const struct area *a, struct area_shape *s)
{
    enum err e = area_edges(a, &s->edge, &s->edges);
    if (e) {
        return e;
    }
    int64_t lat_high = -POLE, low = INT64_MAX, high = INT64_MIN;
    s->lat_low = POLE;
    for (size_t i = 0; i < s->edges; i++) {
        const struct area_edge *g = &s->edge[i];
        s->lat_low = g->lat_a < s->lat_low ? g->lat_a : s->lat_low;
        lat_high = g->lat_a > lat_high ? g->lat_a : lat_high;
        low = g->lon_a < low ? g->lon_a : low;
        high = g->lon_a > high ? g->lon_a : high;
    }
    s->boxes = split(s->lat_low, lat_high, low, high, s->box);
    s->turn_low = turns(low);
    s->turn_high = turns(high);
    return fill_bands(s, lat_high);
}

/* Crossings of a ray to the east. */
static bool in_polygon(const struct area_shape *s, int64_t lat, int64_t lon)
{
    const uint32_t band = band_of(s, lat);
    bool in = false;
    for (uint32_t i = s->first[band]; i < s->first[band + 1]; i++) {
        const struct area_edge *e = &s->edge[s->in_band[i]];
        if ((e->lat_a > lat) == (e->lat_b > lat)) {
            continue;
        }
        const double x = (double)e->lon_a + (double)(e->lon_b - e->lon_a) *
                                                (double)(lat - e->lat_a) /
                                                (double)(e->lat_b - e->lat_a);
        for (int64_t t = s->turn_low; t <= s->turn_high; t++) {
            in ^= (double)(lon + t * TURN) < x;
        }
    }
    return in;
}

/* Whether an edge touches a box moved by whole turns, or comes near enough to say so. */
static bool edge_meets(const struct area_edge *e, int64_t south, int64_t north, int64_t west,
                       int64_t east)
{
    if ((e->lat_a < south && e->lat_b < south) || (e->lat_a > north && e->lat_b > north) ||
        (e->lon_a < west && e->lon_b < west) || (e->lon_a > east && e->lon_b > east)) {
        return false;
    }
    const double dx = (double)(e->lon_b - e->lon_a), dy = (double)(e->lat_b - e->lat_a);
    const int64_t corner[4][2] = {{south, west}, {south, east}, {north, west}, {north, east}};
    int left = 0, right = 0;
    for (int i = 0; i < 4; i++) {
        const double side =
            dx * (double)(corner[i][0] - e->lat_a) - dy * (double)(corner[i][1] - e->lon_a);
        left += side > 0, right += side < 0;
    }
    return left < 4 && right < 4;
}

static bool polygon_meets(const struct area_shape *s, const struct area_box *b)
{
    const uint32_t from = band_of(s, b->lat_low), to = band_of(s, b->lat_high);
    for (uint32_t i = s->first[from]; i < s->first[to + 1]; i++) {
        for (int64_t t = s->turn_low; t <= s->turn_high; t++) {
            if (edge_meets(&s->edge[s->in_band[i]], b->lat_low, b->lat_high, b->lon_low + t * TURN,
                           b->lon_high + t * TURN)) {
                return true;
            }
        }
    }
    return in_polygon(s, b->lat_low, b->lon_low); /* all of it or nothing */
}

/* ---- circles ---- */

/* A box's nearest place is about where the center is moved straight into it; far from poles and
   over moderate distances that is right to 2 %. */
static bool circle_meets(const struct area_shape *s, const struct area_box *b)
{
    static const int32_t steep = 700000000;
    if (s->radius_m > 1e6 || abs(b->lat_low) > steep || abs(b->lat_high) > steep) {
        return true;
    }
    const int32_t lat = s->low.lat_e7 < b->lat_low    ? b->lat_low
                        : s->low.lat_e7 > b->lat_high ? b->lat_high
                                                      : s->low.lat_e7;
    for (int64_t t = -TURN; t <= TURN; t += TURN) {
        const int64_t at = s->low.lon_e7 + t;
        const int64_t lon = at < b->lon_low ? b->lon_low : at > b->lon_high ? b->lon_high : at;
        const struct sphere_place near = {lat, (int32_t)lon};
        if (sphere_distance_m(s->low, near) <= s->radius_m * 1.1) {
            return true;
        }
    }
    return false;
}

/* ---- all kinds ---- */

static enum err prepare(const struct area *a, struct area_shape *s)
{
    switch (a->kind) {
    case AREA_ANYWHERE:
        s->boxes = split(-POLE, POLE, -HALF, HALF - 1, s->box);
        return ERR_OK;
    case AREA_BOX:
        if (!is_place(a->low) || !is_place(a->high) || a->low.lat_e7 > a->high.lat_e7) {
            return ERR_RANGE;
        }
        s->boxes =
            split(a->low.lat_e7, a->high.lat_e7, a->low.lon_e7,
                  a->low.lon_e7 <= a->high.lon_e7 ? a->high.lon_e7 : a->high.lon_e7 + TURN, s->box);
        return ERR_OK;
    case AREA_CIRCLE:
        if (!is_place(a->low) || !(a->radius_m >= 0 && a->radius_m < 3e7)) {
            return ERR_RANGE;
        }
        s->boxes = circle(a, s->box);
        return ERR_OK;
    case AREA_POLYGON:
        return polygon(a, s);
    }
    return ERR_RANGE;
}

static struct sphere_place middle(const struct area_shape *s)
{
    if (s->kind == AREA_CIRCLE) {
        return s->low;
    }
    const struct area_box *a = &s->box[0], *b = &s->box[s->boxes - 1];
    const int64_t high = b->lon_high + (s->boxes == 2 ? TURN : 0);
    return (struct sphere_place){(int32_t)(((int64_t)a->lat_low + a->lat_high) / 2),
                                 sphere_wrap_e7((a->lon_low + high) / 2)};
}

enum err area_shape_new(const struct area *a, struct area_shape **out)
{
    struct area_shape *s = calloc(1, sizeof *s);
    if (!s) {
        return ERR_MEMORY;
    }
    s->kind = a->kind;
    s->low = a->low;
    s->high = a->high;
    s->radius_m = a->radius_m;
    const enum err e = prepare(a, s);
    if (e) {
        area_shape_free(s);
        return e;
    }
    s->middle = middle(s);
    *out = s;
    return ERR_OK;
}

void area_shape_free(struct area_shape *s)
{
    if (s) {
        free(s->edge);
        free(s->first);
        free(s->in_band);
        free(s);
    }
}

size_t area_shape_boxes(const struct area_shape *s, struct area_box box[2])
{
    box[0] = s->box[0];
    box[1] = s->box[1];
    return s->boxes;
}

struct sphere_place area_shape_middle(const struct area_shape *s)
{
    return s->middle;
}

static bool in_boxes(const struct area_shape *s, int32_t lat, int32_t lon)
{
    for (size_t i = 0; i < s->boxes; i++) {
        const struct area_box *b = &s->box[i];
        if (lat >= b->lat_low && lat <= b->lat_high && lon >= b->lon_low && lon <= b->lon_high) {
            return true;
        }
    }
    return false;
}

bool area_shape_has(const struct area_shape *s, int32_t lat_e7, int32_t lon_e7)
{
    switch (s->kind) {
    case AREA_ANYWHERE:
        return true;
    case AREA_BOX:
        return in_boxes(s, lat_e7, lon_e7);
    case AREA_CIRCLE:
        return in_boxes(s, lat_e7, lon_e7) &&
               sphere_distance_m(s->low, (struct sphere_place){lat_e7, lon_e7}) <= s->radius_m;
    case AREA_POLYGON:
        return in_boxes(s, lat_e7, lon_e7) && in_polygon(s, lat_e7, lon_e7);
    }
    return false;
}

bool area_shape_meets(const struct area_shape *s, const struct area_box *b)
{
    bool near = false;
    for (size_t i = 0; i < s->boxes; i++) {
        const struct area_box *c = &s->box[i];
        near = near || (b->lat_low <= c->lat_high && b->lat_high >= c->lat_low &&
                        b->lon_low <= c->lon_high && b->lon_high >= c->lon_low);
    }
    return near && (s->kind != AREA_CIRCLE || circle_meets(s, b)) &&
           (s->kind != AREA_POLYGON || polygon_meets(s, b));
}
