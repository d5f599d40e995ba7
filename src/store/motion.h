/* Where an aircraft is expected: plain products and sums of doubles, no library call, so that every
   machine that computes as IEEE 754 says finds the same place to the bit. A chunk holds only the
   miss. Built without contraction of products and sums (-ffp-contract=off). */
#ifndef MASAR_STORE_MOTION_H
#define MASAR_STORE_MOTION_H

#include <stdbool.h>
#include <stdint.h>

/* East and north part in knots of a speed (0.01 kt) and direction (0.01 degrees, any). */
struct motion {
    double east_kt, north_kt;
};
struct motion motion_of(int32_t gs_e2_kt, int32_t track_e2_deg);

/* How far a knot carries in a millisecond at a latitude (WGS 84, taken at the middle of its tenth
   of a degree or so): 1e-7 degrees. Zero-initialized is valid for motion_scale_at. */
struct motion_scale {
    int32_t band; /* which latitude band, plus 1 */
    double lat_per_kt_ms, lon_per_kt_ms;
};
void motion_scale_at(struct motion_scale *s, int32_t lat_e7);

enum { MOTION_BAND_BITS = 20 }; /* a band is 2^20 1e-7 degrees, some 12 km */

/* Whether it is that of this latitude already. */
static inline bool motion_scale_is_at(const struct motion_scale *s, int32_t lat_e7)
{
    return s->band == (lat_e7 >> MOTION_BAND_BITS) + 1 && s->lat_per_kt_ms > 0;
}

#endif
