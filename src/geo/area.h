/* Areas on the Earth: boxes, circles, polygons with holes, across the date line, around a pole;
   whether a place is in one, and whether a box may touch it. Pure. Longitudes and latitudes are
   degrees times 10^7. */
#ifndef MASAR_GEO_AREA_H
#define MASAR_GEO_AREA_H

#include "base/err.h"
#include "geo/sphere.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum area_kind {
    AREA_ANYWHERE,
    AREA_BOX,    /* from `low` to `high`; low.lon > high.lon: across the date line */
    AREA_CIRCLE, /* within radius_m of low */
    AREA_POLYGON /* corners; edges straight in latitude and longitude */
};

enum { AREA_CORNERS_MAX = 100000 };

/* What is asked for; corners belong to who asks. */
struct area {
    enum area_kind kind;
    struct sphere_place low, high;
    double radius_m;
    /* Polygon: rings of corners in order, not closed. An edge goes the shorter way around the
       Earth, but from -180 to 180 degrees exactly the long one. A ring that goes around a pole
       holds the nearer pole. A place is in the area where an odd number of rings holds it, so
       holes are rings too. */
    const struct sphere_place *corner;
    size_t n;                 /* 3 .. AREA_CORNERS_MAX */
    const uint32_t *ring_end; /* index after each ring's last corner */
    size_t rings;             /* 0: all corners are one ring */
};

struct area_box {
    int32_t lat_low, lat_high, lon_low, lon_high; /* low <= high, all included */
};

struct area_shape; /* an area made ready for many questions */

/* ERR_RANGE: it is none (a ring of less than three corners, a place off the Earth); ERR_MEMORY.
   Keeps nothing of a. */
enum err area_shape_new(const struct area *a, struct area_shape **out);
void area_shape_free(struct area_shape *s); /* NULL is fine */

/* The one or two boxes (two: across the date line) that cover it; returns how many. */
size_t area_shape_boxes(const struct area_shape *s, struct area_box box[2]);

bool area_shape_has(const struct area_shape *s, int32_t lat_e7, int32_t lon_e7);

/* False: no place of the box is in the area. True: some may be. */
bool area_shape_meets(const struct area_shape *s, const struct area_box *b);

/* A place amid the area: a circle's center, else the middle of what covers it. */
struct sphere_place area_shape_middle(const struct area_shape *s);

/* Whether two edges of a polygon cross (touching is fine); at gets a place where they do. Takes
   some n log n steps where edges are short. ERR_RANGE as above; ERR_MEMORY. */
enum err area_crosses_itself(const struct area *a, bool *crosses, struct sphere_place *at);

#endif
