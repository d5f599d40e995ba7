#include "wire/area_read.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32 };

struct reader {
    const struct area_lands *lands;
    bool is_map; /* the corners are no user's: where a map's coast touches itself is no slip */
    struct area_given *out;
    size_t corners, corners_max, rings, rings_max;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 3, 4))) static enum err say(struct reader *r, enum err e,
                                                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->why, r->why_size, format, args);
    va_end(args);
    return e;
}

static enum err no_memory(struct reader *r)
{
    return say(r, ERR_MEMORY, "out of memory");
}

/* ---- corners ---- */

static int32_t e7(double deg)
{
    return (int32_t)lround(deg * 1e7);
}

/* A longitude as maps draw it beyond the date line, brought back. */
static enum err place(struct reader *r, double lat, double lon, struct sphere_place *out)
{
    if (!(fabs(lat) <= 90) || !(fabs(lon) <= 360)) {
        return say(r, ERR_RANGE,
                   "%.6g, %.6g is no place: latitude is -90 to 90 degrees, longitude -180 to 180",
                   lat, lon);
    }
    const double back = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
    *out = (struct sphere_place){e7(lat), e7(back)};
    return ERR_OK;
}

static enum err add_corner(struct reader *r, double lat, double lon)
{
    if (r->corners == AREA_CORNERS_MAX) {
        return say(r, ERR_RANGE, "the area has more than %d corners: simplify it",
                   AREA_CORNERS_MAX);
    }
    if (r->corners == r->corners_max) {
        const size_t max = r->corners_max ? 2 * r->corners_max : 64;
        struct sphere_place *more = realloc(r->out->corner, max * sizeof *more);
        if (!more) {
            return no_memory(r);
        }
        r->out->corner = more;
        r->corners_max = max;
    }
    struct sphere_place p;
    const enum err e = place(r, lat, lon, &p);
    if (!e) {
        r->out->corner[r->corners++] = p;
    }
    return e;
}

static bool is_same(struct sphere_place a, struct sphere_place b)
{
    return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

/* Corners that repeat the one before, and the one that closes the ring, say nothing. */
static enum err end_ring(struct reader *r, size_t from)
{
    struct sphere_place *p = r->out->corner;
    size_t n = from;
    for (size_t i = from; i < r->corners; i++) {
        if (n == from || !is_same(p[i], p[n - 1])) {
            p[n++] = p[i];
        }
    }
    while (n > from + 1 && is_same(p[n - 1], p[from])) {
        n--;
    }
    r->corners = n;
    if (n < from + 3) {
        return say(r, ERR_SYNTAX, "a polygon's ring has three different corners at least");
    }
    if (r->rings == r->rings_max) {
        const size_t max = r->rings_max ? 2 * r->rings_max : 8;
        uint32_t *more = realloc(r->out->ring_end, max * sizeof *more);
        if (!more) {
            return no_memory(r);
        }
        r->out->ring_end = more;
        r->rings_max = max;
    }
    r->out->ring_end[r->rings++] = (uint32_t)n;
    return ERR_OK;
}

static enum err end_polygon(struct reader *r)
{
    struct area *a = &r->out->area;
    bool crosses;
    struct sphere_place at;
    if (r->rings == 0) {
        return say(r, ERR_SYNTAX, "there is no Polygon or MultiPolygon in it");
    }
    *a = (struct area){.kind = AREA_POLYGON,
                       .corner = r->out->corner,
                       .n = r->corners,
                       .ring_end = r->out->ring_end,
                       .rings = r->rings};
    if (r->is_map) {
        return ERR_OK;
    }
    const enum err e = area_crosses_itself(a, &crosses, &at);
    if (e) {
        return e == ERR_MEMORY ? no_memory(r) : say(r, e, "the polygon cannot be read");
    }
    if (crosses) {
        return say(r, ERR_RANGE,
                   "the polygon crosses itself near %.5f, %.5f: give its corners in order, and "
                   "polygons that do not overlap",
                   at.lat_e7 * 1e-7, at.lon_e7 * 1e-7);
    }
    return ERR_OK;
}

/* ---- the short forms ---- */

/* Numbers with commas between; at most max. end gets what follows the last. */
static size_t numbers(const char *text, double *v, size_t max, const char **end)
{
    size_t n = 0;
    for (const char *p = text; n < max;) {
        char *after;
        v[n] = strtod(p, &after);
        if (after == p || !isfinite(v[n])) {
            *end = p;
            return n;
        }
        n++;
        *end = after;
        if (*after != ',') {
            return n;
        }
        p = after + 1;
    }
    return n;
}

static enum err read_box(struct reader *r, const char *text)
{
    double v[4];
    const char *end = text;
    struct area *a = &r->out->area;
    if (numbers(text, v, 4, &end) != 4 || *end) {
        return say(r, ERR_SYNTAX,
                   "a box is box=SOUTH,WEST,NORTH,EAST in degrees, say box=48,1,49.5,3");
    }
    enum err e = place(r, v[0], v[1], &a->low);
    e = e ? e : place(r, v[2], v[3], &a->high);
    if (!e && v[0] > v[2]) {
        e = say(r, ERR_RANGE, "the box's south (%g) lies north of its north (%g)", v[0], v[2]);
    }
    a->kind = AREA_BOX;
    return e;
}

static enum err read_circle(struct reader *r, const char *text)
{
    static const struct {
        const char *name;
        double m;
    } units[] = {{"km", 1000}, {"nm", SPHERE_M_PER_NM}, {"m", 1}};
    double v[3];
    const char *end = text;
    struct area *a = &r->out->area;
    if (numbers(text, v, 3, &end) == 3) {
        end += strspn(end, " ");
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            if (strcasecmp(end, units[i].name) == 0) {
                a->kind = AREA_CIRCLE;
                a->radius_m = v[2] * units[i].m;
                if (!(a->radius_m > 0 && a->radius_m < 2e7)) {
                    return say(r, ERR_RANGE,
                               "the circle's radius is more than 0 and less than 20,000 km");
                }
                return place(r, v[0], v[1], &a->low);
            }
        }
    }
    return say(r, ERR_SYNTAX,
               "a circle is circle=LAT,LON,RADIUS, the radius with its unit (km, NM or m), say "
               "circle=48.7,2.4,30km");
}

static enum err read_polygon(struct reader *r, const char *text)
{
    const char *p = text;
    enum err e = ERR_OK;
    bool more = true;
    while (!e && more) {
        double v[2];
        const char *end = p;
        if (numbers(p, v, 2, &end) != 2 || (*end && *end != ',')) {
            return say(r, ERR_SYNTAX,
                       "a polygon is polygon=LAT,LON,LAT,LON,LAT,LON and so on, in degrees");
        }
        e = add_corner(r, v[0], v[1]);
        more = *end == ',';
        p = end + 1;
    }
    e = e ? e : end_ring(r, 0);
    return e ? e : end_polygon(r);
}

/* ---- GeoJSON ---- */

static enum err geo_ring(struct reader *r, json_t *ring)
{
    const size_t from = r->corners;
    enum err e = ERR_OK;
    size_t i;
    json_t *p;
    if (!json_is_array(ring)) {
        return say(r, ERR_SYNTAX, "a polygon's coordinates are rings of [longitude, latitude]");
    }
    json_array_foreach(ring, i, p)
    {
        json_t *lon = json_array_get(p, 0), *lat = json_array_get(p, 1);
        if (!json_is_number(lon) || !json_is_number(lat)) {
            return say(r, ERR_SYNTAX, "a corner is [longitude, latitude], two numbers");
        }
        e = add_corner(r, json_number_value(lat), json_number_value(lon));
        if (e) {
            return e;
        }
    }
    return end_ring(r, from);
}

static enum err geo_polygon(struct reader *r, json_t *rings)
{
    enum err e = ERR_OK;
    size_t i;
    json_t *ring;
    if (json_array_size(rings) == 0) {
        return say(r, ERR_SYNTAX, "a polygon's coordinates are rings of [longitude, latitude]");
    }
    json_array_foreach(rings, i, ring)
    {
        e = e ? e : geo_ring(r, ring);
    }
    return e;
}

static enum err geo_value(struct reader *r, json_t *v, int depth);

static enum err geo_list(struct reader *r, json_t *list, int depth)
{
    enum err e = ERR_OK;
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        e = e ? e : geo_value(r, v, depth + 1);
    }
    return e;
}

static enum err geo_value(struct reader *r, json_t *v, int depth)
{
    const char *type = json_string_value(json_object_get(v, "type"));
    json_t *coordinates = json_object_get(v, "coordinates");
    if (depth > DEPTH_MAX || !type) {
        return depth == 0 ? say(r, ERR_SYNTAX, "it is no GeoJSON: there is no \"type\"") : ERR_OK;
    }
    if (strcmp(type, "Polygon") == 0) {
        return geo_polygon(r, coordinates);
    }
    if (strcmp(type, "MultiPolygon") == 0) {
        enum err e = ERR_OK;
        size_t i;
        json_t *polygon;
        json_array_foreach(coordinates, i, polygon)
        {
            e = e ? e : geo_polygon(r, polygon);
        }
        return e;
    }
    if (strcmp(type, "Feature") == 0) {
        return geo_value(r, json_object_get(v, "geometry"), depth + 1);
    }
    if (strcmp(type, "FeatureCollection") == 0) {
        return geo_list(r, json_object_get(v, "features"), depth);
    }
    return strcmp(type, "GeometryCollection") == 0
               ? geo_list(r, json_object_get(v, "geometries"), depth)
               : ERR_OK;
}

static enum err read_geojson(struct reader *r, const char *text, size_t n)
{
    json_error_t error;
    json_t *root = json_loadb(text, n, 0, &error);
    if (!root) {
        return say(r, ERR_SYNTAX, "it is no JSON (line %d: %s)", error.line, error.text);
    }
    enum err e = geo_value(r, root, 0);
    json_decref(root);
    return e ? e : end_polygon(r);
}

/* ---- */

static enum err read_country(struct reader *r, const char *text)
{
    struct buf land = {0};
    if (strlen(text) != 2 || !isupper((unsigned char)text[0]) || !isupper((unsigned char)text[1])) {
        return say(r, ERR_SYNTAX, "country= takes two letters (ISO 3166-1), as country=NE");
    }
    if (!r->lands || !r->lands->land) {
        return say(r, ERR_NOT_FOUND,
                   "nobody here knows whose land is whose: name a box= or draw "
                   "the country as GeoJSON");
    }
    if (!r->lands->land(r->lands->ctx, text, &land)) {
        buf_free(&land);
        return say(r, ERR_NOT_FOUND, "no land of a country '%s' is on the map", text);
    }
    r->is_map = true;
    const enum err e = land.failed ? no_memory(r) : read_geojson(r, (char *)land.p, land.n);
    buf_free(&land);
    return e;
}

static enum err read_any(struct reader *r, const char *text, size_t n)
{
    static const struct {
        const char *name;
        enum err (*read)(struct reader *r, const char *text);
    } forms[] = {{"box=", read_box},
                 {"circle=", read_circle},
                 {"polygon=", read_polygon},
                 {"country=", read_country}};
    const size_t blank = n ? strspn(text, " \t\r\n") : 0;
    if (blank < n && text[blank] == '{') {
        return read_geojson(r, text, n);
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const size_t length = strlen(forms[i].name);
        if (strncmp(text, forms[i].name, length) == 0) {
            return forms[i].read(r, text + length);
        }
    }
    return say(r, ERR_SYNTAX,
               "an area is box=SOUTH,WEST,NORTH,EAST, circle=LAT,LON,RADIUS (30km, 20NM), "
               "polygon=LAT,LON,…, country=NE or GeoJSON with a Polygon");
}

enum err area_read(const char *text, size_t n, const struct area_lands *lands,
                   struct area_given *out, char *why, size_t why_size)
{
    struct reader r = {.lands = lands, .out = out, .why = why, .why_size = why_size};
    *out = (struct area_given){0};
    char *copy = malloc(n + 1); /* ended by NUL for strtod, whatever it holds */
    if (!copy) {
        return no_memory(&r);
    }
    memcpy(copy, text, n);
    copy[n] = 0;
    const enum err e = read_any(&r, copy, n);
    free(copy);
    if (e) {
        area_given_free(out);
    }
    return e;
}

void area_given_free(struct area_given *a)
{
    free(a->corner);
    free(a->ring_end);
    *a = (struct area_given){0};
}
