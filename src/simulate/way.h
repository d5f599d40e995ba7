/* A path laid piece by piece: each begins where the last ended and in its direction, so whatever is
   laid has no corner anywhere. */
#ifndef MASAR_SIMULATE_WAY_H
#define MASAR_SIMULATE_WAY_H

#include "simulate/pose.h"

struct way {
    struct path *path;
    struct pose here; /* where the next piece begins */
};

struct way way_begin(struct path *p, struct pose from);

/* Straight on. */
void way_on(struct way *w, double nm);

/* A turn to the right by so many radians (0 .. 2 pi), or with a negative radius to the left. */
void way_turn(struct way *w, double radius_nm, double angle);

/* The shortest way of turn, straight piece and turn that ends at `to` in its direction. Radii
   (> 0) of the first and the last turn; the lesser of them for both where the places are too close
   for two. */
void way_join(struct way *w, struct pose to, double radius_nm, double end_radius_nm);

/* One lap back to where it begins, in right-hand turns: a racetrack around two straight legs, in
   the middle of whose first it begins, or a circle where leg_nm is 0. */
void way_lap(struct way *w, double leg_nm, double width_nm);

#endif
