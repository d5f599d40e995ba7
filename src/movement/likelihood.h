/* How well a moment of a flight fits that it is bound for, or came from, a site: the factors of the
   posterior, each at most about 1 where it fits best (the bearing is a density per degree). Pure
   functions. */
#ifndef MASAR_MOVEMENT_LIKELIHOOD_H
#define MASAR_MOVEMENT_LIKELIHOOD_H

#include "movement/posterior.h"

/* off_deg: between where it heads and where the site lies. */
float likelihood_bearing(const struct posterior_weights *w, float off_deg, float nm,
                         float straight);

/* excess_nm: way flown and still to fly, less the direct way; flown_nm: what was flown of it. */
float likelihood_detour(const struct posterior_weights *w, float excess_nm, float flown_nm);

/* How high it is, and what it does about it, for nm to go to a field at elevation_ft. */
float likelihood_descent(const struct posterior_weights *w, const struct posterior_flight *f,
                         float nm, float elevation_ft);

/* How high it was, and what it did, nm after leaving a field at elevation_ft. */
float likelihood_climb(const struct posterior_moment *first, float nm, float elevation_ft);

/* What the type, or what it showed so far, can reach and land on. */
float likelihood_reach(const struct posterior_weights *w, const struct posterior_flight *f,
                       const struct site *s, float nm);

/* On the extended centerline of one of its runways, landing (or, for_takeoff, leaving): 1, else 0;
 *name is that runway end, or NULL is given. */
bool likelihood_aligned(const struct airports *airports, const struct airport *a,
                        const struct posterior_moment *m, bool for_takeoff, char name[4]);

#endif
