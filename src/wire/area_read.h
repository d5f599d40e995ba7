/* Areas as text: what a command line, an address bar or a file says → struct area. Pure.

     box=SOUTH,WEST,NORTH,EAST          degrees; west > east: across the date line
     circle=LAT,LON,RADIUS              radius with its unit: 30km, 20NM, 500m
     polygon=LAT,LON,LAT,LON,LAT,LON…   three corners or more, not closed
     country=NE                         a state's land, where who asks hands in whose is whose
     {"type":"Polygon",…}               GeoJSON (RFC 7946): Polygon, MultiPolygon, a Feature, a
                                        FeatureCollection or GeometryCollection of these; holes are
                                        holes, what is no polygon is passed over

   A polygon's edge goes the shorter way around the Earth; a ring around a pole holds it. */
#ifndef MASAR_WIRE_AREA_READ_H
#define MASAR_WIRE_AREA_READ_H

#include "base/buf.h"
#include "base/err.h"
#include "geo/area.h"

#include <stdbool.h>
#include <stddef.h>

struct area_given {
    struct area area; /* its corners are these: */
    struct sphere_place *corner;
    uint32_t *ring_end;
};

/* Whose land is whose. */
struct area_lands {
    /* Adds a country's borders and coasts to out, as GeoJSON. False: it has none. NULL: nobody
       knows. */
    bool (*land)(void *ctx, const char country[3], struct buf *out);
    void *ctx;
};

/* On an error why says in a sentence what is wrong and what would be right, and *out is empty.
   lands: NULL: no country is known.
   ERR_SYNTAX; ERR_RANGE: no such place; it crosses itself; too many corners; ERR_MEMORY. */
enum err area_read(const char *text, size_t n, const struct area_lands *lands,
                   struct area_given *out, char *why, size_t why_size);

void area_given_free(struct area_given *a); /* an empty one is fine */

#endif
