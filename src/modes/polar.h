/* A velocity of two components as speed and direction, without libm: the hot path of BDS 0,9. */
#ifndef MASAR_MODES_POLAR_H
#define MASAR_MODES_POLAR_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* east, north: whole knots, each within -16,000 .. 16,000. Speed in 0.01 kt and direction in 0.01
   degrees clockwise from north, 0 .. 35,999, each the nearest to the exact value. Nothing is
   written to track_e2_deg, and false returned, where both are zero and there is no direction. */
bool polar_of(int32_t east, int32_t north, int32_t *speed_e2, int32_t *track_e2_deg);

/* The same of n velocities, to the bit; where both are zero the direction is 0. */
void polar_of_many(const int32_t *east, const int32_t *north, size_t n, int32_t *speed_e2,
                   int32_t *track_e2_deg);

/* The speed alone, at a third of the cost; the same ranges. */
static inline int32_t polar_speed_e2(int32_t east, int32_t north)
{
    return (int32_t)(100.0 * sqrt((double)(east * east + north * north)) + 0.5);
}

#endif
