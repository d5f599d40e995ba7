/* Thinning: points on a straight line in time between two others say nothing and are left out. The
   bound holds for every point left out, against the line between the kept ones around it. Pure. */
#ifndef MASAR_STORE_THIN_H
#define MASAR_STORE_THIN_H

#include "model/kept.h"

#include <stdbool.h>

enum { THIN_WAITING_MAX = 32 };

/* One aircraft. Zero-initialized is the start. The points since the last kept one: only where they
   were, to judge them; the newest in full. */
struct thin {
    bool has_anchor;
    struct kept anchor; /* the last kept point */
    struct kept newest; /* the last waiting one, where n > 0 */
    unsigned n;
    struct thin_place {
        int64_t t_ms;
        int32_t lat_e7, lon_e7, alt_ft;
    } waiting[THIN_WAITING_MAX];
};

/* Takes a point; returns how many points (0, 1 or 2) are to be kept now: the waiting newest, then
   perhaps this one. m, ft: the bounds. */
unsigned thin_take(struct thin *t, const struct kept *p, int32_t m, int32_t ft, struct kept out[2]);

#endif
