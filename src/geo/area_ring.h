/* A polygon's rings as edges, longitudes as one run of numbers. Inside this room only. */
#ifndef MASAR_GEO_AREA_RING_H
#define MASAR_GEO_AREA_RING_H

#include "geo/area.h"

#define AREA_TURN INT64_C(3600000000)
#define AREA_HALF INT64_C(1800000000)
#define AREA_POLE INT64_C(900000000)

struct area_edge {
    int64_t lat_a, lon_a, lat_b, lon_b; /* longitudes perhaps beyond half a turn */
};

/* All rings' edges, each ring's in order and closed, from malloc. ERR_RANGE, ERR_MEMORY. */
enum err area_edges(const struct area *a, struct area_edge **out, size_t *n);

#endif
