/* The way between two kept points: history that was thinned has a point a minute where an aircraft
   flies straight, and it was everywhere between. Pure. */
#ifndef MASAR_STORE_WAY_H
#define MASAR_STORE_WAY_H

#include "geo/area.h"
#include "model/kept.h"

#include <stdbool.h>

/* Points no farther apart in time are joined: thinning leaves no longer way out. */
#define WAY_MS_MAX INT64_C(60000)

/* In kept.spare[0] of a point that was reckoned, not heard; never in a store. */
enum { WAY_RECKONED = 1 };

/* Whether the straight line in time from a to the later b, neither of them in the area, passes
   through it, looked at every 100 m or, of ways of more than 50 km, at 500 places. out: where it
   is first and last seen in it, reckoned between the two; all else is a's. */
bool way_through(const struct area_shape *shape, const struct kept *a, const struct kept *b,
                 struct kept out[2]);

#endif
