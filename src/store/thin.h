/* Thinning: points on a straight line in time between two others say nothing and are left out. The
   bound holds for every point left out, against the line between the kept ones around it. Pure.

   Each point left out says which velocities from the last kept point pass it within bounds: a disk,
   of which the regular octagon inside is held, and an interval of climb. What all of them together
   allow is one octagon and one interval, however many points wait. */
#ifndef MASAR_STORE_THIN_H
#define MASAR_STORE_THIN_H

#include "model/kept.h"

#include <stdbool.h>

/* One aircraft. Zero-initialized is the start. */
struct thin {
    bool has_anchor;
    unsigned waiting; /* points since the anchor, left out so far, the newest of them in full */
    float lon_scale;  /* meters east of 1e-7 degrees there, more than anywhere a point may wait */
    float low[4], high[4], climb_low, climb_high; /* m/ms along four axes; ft/ms */
    struct kept anchor;                           /* the last kept point */
    struct kept newest;                           /* where any waits */
};

/* Whether a point must be kept as it comes, once none waits: the first, after a gap, or with
   something new of the aircraft itself. */
bool thin_must_keep(const struct thin *t, const struct kept *p);

/* Whether all that wait lie within bounds of the line from the anchor to p. Where not, the newest
   waiting must be kept first (thin_kept). */
bool thin_fits(const struct thin *t, const struct kept *p);

/* p was kept: it is the anchor, none waits. p may be t->newest. */
void thin_kept(struct thin *t, const struct kept *p);

/* p waits. m, ft: the bounds. */
void thin_wait(struct thin *t, const struct kept *p, int32_t m, int32_t ft);

#endif
