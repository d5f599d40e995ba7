#include "identity/airspace.h"

#include "geo/sphere.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The bytes: magic, then runs of up to RUN edges, a chain of corners each, little-endian:
     country 2 bytes, ring 4, corners 2, then lat 4, lon 4 of each
   Chains of a ring follow each other and share their end corners, so each has a small box. */
enum { RUN = 32, MAGIC_BYTES = 8, HEAD_BYTES = 8 };
static const char magic[MAGIC_BYTES] = "msrland1";

struct chain {
    char country[3];
    uint32_t ring;
    uint16_t n;
    const uint8_t *corner;
    int32_t lat_low, lat_high, lon_low, lon_high;
};

struct airspace {
    struct chain *chain;
    size_t n;
};

static void put32(struct buf *b, int32_t v)
{
    const uint32_t u = (uint32_t)v;
    for (int k = 0; k < 4; k++) {
        buf_byte(b, (uint8_t)(u >> (8 * k)));
    }
}

static int32_t get32(const uint8_t *p)
{
    return (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                     (uint32_t)p[3] << 24);
}

static void put_chain(struct buf *b, const struct airspace_ring *r, size_t ring, size_t from,
                      size_t n)
{
    buf_add(b, r->country, 2);
    put32(b, (int32_t)ring);
    buf_byte(b, (uint8_t)n);
    buf_byte(b, (uint8_t)(n >> 8));
    for (size_t k = 0; k < n; k++) {
        const size_t at = (from + k) % r->n;
        put32(b, r->corner[at][0]);
        put32(b, r->corner[at][1]);
    }
}

enum err airspace_build(const struct airspace_ring *r, size_t n, struct buf *out)
{
    buf_add(out, magic, sizeof magic);
    for (size_t i = 0; i < n; i++) {
        if (r[i].n < 3) {
            return ERR_RANGE;
        }
        for (size_t k = 0; k < r[i].n; k++) {
            if (abs(r[i].corner[k][0]) > 900000000 || abs(r[i].corner[k][1]) > 1800000000) {
                return ERR_RANGE;
            }
        }
        for (size_t k = 0; k < r[i].n; k += RUN) {
            const size_t left = r[i].n - k;
            put_chain(out, &r[i], i, k, (left < RUN ? left : RUN) + 1);
        }
    }
    return out->failed ? ERR_MEMORY : ERR_OK;
}

static void box_chain(struct chain *c)
{
    c->lat_low = c->lon_low = INT32_MAX;
    c->lat_high = c->lon_high = INT32_MIN;
    for (unsigned k = 0; k < c->n; k++) {
        const int32_t lat = get32(c->corner + 8 * k), lon = get32(c->corner + 8 * k + 4);
        c->lat_low = lat < c->lat_low ? lat : c->lat_low;
        c->lat_high = lat > c->lat_high ? lat : c->lat_high;
        c->lon_low = lon < c->lon_low ? lon : c->lon_low;
        c->lon_high = lon > c->lon_high ? lon : c->lon_high;
    }
}

static bool is_on_earth(const struct chain *c)
{
    return c->lat_low >= -900000000 && c->lat_high <= 900000000 && c->lon_low >= -1800000000 &&
           c->lon_high <= 1800000000;
}

/* Counts the chains, or fills them in. False: torn, or off the Earth. */
static bool read_chains(const uint8_t *p, size_t n, struct chain *out, size_t *chains)
{
    *chains = 0;
    for (size_t at = MAGIC_BYTES; at < n; (*chains)++) {
        if (n - at < HEAD_BYTES) {
            return false;
        }
        const uint16_t corners = (uint16_t)(p[at + 6] | p[at + 7] << 8);
        if (corners < 2 || corners > RUN + 1 || n - at - HEAD_BYTES < 8 * (size_t)corners) {
            return false;
        }
        if (out) {
            struct chain *c = &out[*chains];
            *c = (struct chain){.country = {(char)p[at], (char)p[at + 1], 0},
                                .ring = (uint32_t)get32(p + at + 2),
                                .n = corners,
                                .corner = p + at + HEAD_BYTES};
            box_chain(c);
            if (!is_on_earth(c)) {
                return false;
            }
        }
        at += HEAD_BYTES + 8 * (size_t)corners;
    }
    return true;
}

enum err airspace_open(const void *bytes, size_t n, struct airspace **out)
{
    size_t chains;
    *out = NULL;
    if (n < MAGIC_BYTES || memcmp(bytes, magic, sizeof magic) != 0 ||
        !read_chains(bytes, n, NULL, &chains)) {
        return ERR_SYNTAX;
    }
    struct airspace *a = calloc(1, sizeof *a);
    if (a) {
        a->chain = calloc(chains + 1, sizeof *a->chain);
    }
    if (!a || !a->chain) {
        free(a);
        return ERR_MEMORY;
    }
    if (!read_chains(bytes, n, a->chain, &a->n)) {
        airspace_free(a);
        return ERR_SYNTAX;
    }
    *out = a;
    return ERR_OK;
}

void airspace_free(struct airspace *a)
{
    if (a) {
        free(a->chain);
        free(a);
    }
}

/* How often a ray to the east of the place meets the chain. */
static unsigned crossings(const struct chain *c, int32_t lat, int32_t lon)
{
    unsigned n = 0;
    if (lat < c->lat_low || lat > c->lat_high || lon > c->lon_high) {
        return 0;
    }
    for (unsigned k = 0; k + 1 < c->n; k++) {
        const int32_t a_lat = get32(c->corner + 8 * k), a_lon = get32(c->corner + 8 * k + 4);
        const int32_t b_lat = get32(c->corner + 8 * k + 8), b_lon = get32(c->corner + 8 * k + 12);
        if ((a_lat > lat) != (b_lat > lat)) {
            const double at = (double)a_lon + ((double)lat - a_lat) / ((double)b_lat - a_lat) *
                                                  ((double)b_lon - a_lon);
            n += at > lon;
        }
    }
    return n;
}

/* To the nearest edge of the chain in a plane that touches the sphere at the place, meters. */
static double nearest_m(const struct chain *c, struct sphere_place at)
{
    double best = HUGE_VAL;
    struct sphere_offset a = {0}, b;
    for (unsigned k = 0; k < c->n; k++) {
        b = sphere_offset(
            at, (struct sphere_place){get32(c->corner + 8 * k), get32(c->corner + 8 * k + 4)});
        if (k > 0) {
            const double dx = (double)b.x_m - (double)a.x_m, dy = (double)b.y_m - (double)a.y_m;
            const double length = dx * dx + dy * dy;
            double t = length > 0 ? -((double)a.x_m * dx + (double)a.y_m * dy) / length : 0;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            best = fmin(best, hypot((double)a.x_m + t * dx, (double)a.y_m + t * dy));
        }
        a = b;
    }
    return best;
}

static bool is_near(const struct chain *c, int32_t lat, int32_t lon)
{
    const int64_t dlat = 2100000; /* 12 NM and some, degrees * 10^7 */
    const double cosine = cos((double)lat * 1e-7 * 0.017453292519943295);
    const int64_t dlon = (int64_t)((double)dlat / fmax(0.05, cosine));
    return lat >= c->lat_low - dlat && lat <= c->lat_high + dlat && lon >= c->lon_low - dlon &&
           lon <= c->lon_high + dlon;
}

bool airspace_at(const struct airspace *a, int32_t lat_e7, int32_t lon_e7, char country[3])
{
    double best = AIRSPACE_SEA_M;
    bool found = false;
    for (size_t i = 0; i < a->n;) {
        /* One country's rings stand together: its land is where an odd number of edges lies east.
         */
        const char *of = a->chain[i].country;
        unsigned edges = 0;
        double coast = HUGE_VAL;
        for (; i < a->n && memcmp(a->chain[i].country, of, 2) == 0; i++) {
            edges += crossings(&a->chain[i], lat_e7, lon_e7);
            if (is_near(&a->chain[i], lat_e7, lon_e7)) {
                coast = fmin(coast, nearest_m(&a->chain[i], (struct sphere_place){lat_e7, lon_e7}));
            }
        }
        if (edges % 2 == 1 || coast < best) {
            memcpy(country, of, 3);
            found = true;
            best = coast;
        }
        if (edges % 2 == 1) {
            return true;
        }
    }
    return found;
}

static void put_corner(struct buf *b, const struct chain *c, unsigned k, bool first)
{
    buf_text(b, first ? "[" : ",[");
    buf_decimal(b, get32(c->corner + 8 * k + 4), 7);
    buf_byte(b, ',');
    buf_decimal(b, get32(c->corner + 8 * k), 7);
    buf_byte(b, ']');
}

bool airspace_geojson(const struct airspace *a, const char country[3], struct buf *out)
{
    const struct chain *before = NULL; /* of the same country */
    for (size_t i = 0; i < a->n; i++) {
        const struct chain *c = &a->chain[i];
        if (memcmp(c->country, country, 2) != 0) {
            continue;
        }
        const bool begins = !before || before->ring != c->ring;
        buf_text(out, !before  ? "{\"type\":\"MultiPolygon\",\"coordinates\":[[["
                      : begins ? "]],[["
                               : "");
        for (unsigned k = begins ? 0 : 1; k < c->n; k++) { /* a chain begins where one ended */
            put_corner(out, c, k, begins && k == 0);
        }
        before = c;
    }
    buf_text(out, before ? "]]]}" : "");
    return before != NULL;
}

void airspace_outline(const struct airspace *a, const int32_t low[2], const int32_t high[2],
                      airspace_chain_fn *out, void *ctx)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct chain *c = &a->chain[i];
        int32_t corner[RUN + 1][2];
        if (c->lat_high < low[0] || c->lat_low > high[0] || c->lon_high < low[1] ||
            c->lon_low > high[1]) {
            continue;
        }
        for (unsigned k = 0; k < c->n; k++) {
            corner[k][0] = get32(c->corner + 8 * k);
            corner[k][1] = get32(c->corner + 8 * k + 4);
        }
        out(ctx, c->country, (const int32_t(*)[2])corner, c->n);
    }
}
