/* Distances, bearings and destinations on a sphere of the Earth's mean radius. Places are degrees
   times 10^7; latitude within [-90, 90] degrees, longitude any (answers lie in [-180, 180)).
   Against the WGS 84 ellipsoid distances err by up to 0.56 %, bearings by up to 0.2 degrees. Pure,
   no state, no errors. */
#ifndef MASAR_GEO_SPHERE_H
#define MASAR_GEO_SPHERE_H

#include <stdint.h>

#define SPHERE_RADIUS_M     6371008.8 /* mean radius of WGS 84, (2a + b) / 3 */
#define SPHERE_M_PER_NM     1852.0
#define SPHERE_M_PER_LAT_E7 0.011119508 /* SPHERE_RADIUS_M * pi / 180 / 10^7 */

struct sphere_place {
    int32_t lat_e7, lon_e7;
};

/* A longitude in units of 10^-7 degree, brought into [-180, 180) degrees. */
int32_t sphere_wrap_e7(int64_t lon_e7);

/* Great circle distance in meters; right to a millimeter or so also for points close together. */
double sphere_distance_m(struct sphere_place from, struct sphere_place to);

/* Initial true bearing of the great circle, degrees in [0, 360); 0 where the places are one. */
double sphere_bearing_deg(struct sphere_place from, struct sphere_place to);

/* The place distance_m (>= 0) away along the great circle that leaves at bearing_deg. */
struct sphere_place sphere_destination(struct sphere_place from, double bearing_deg,
                                       double distance_m);

/* The place a fraction (0..1) of the way along the great circle; fractions outside go on past the
 * ends. */
struct sphere_place sphere_between(struct sphere_place from, struct sphere_place to,
                                   double fraction);

/* Fast form for hot paths, no library call: `to` in a plane that touches the sphere between both,
   x east and y north, meters. Within 100 km and below 75 degrees of latitude the distance errs by
   less than 0.1 %, farther (to 3,000 km) by up to 10 %, which is enough to say "far". Within
   1 degree of a pole use sphere_distance_m. */
struct sphere_offset {
    float x_m, y_m;
};
struct sphere_offset sphere_offset(struct sphere_place from, struct sphere_place to);

/* Direction of an offset, degrees in [0, 360), right to 0.02 degrees. */
float sphere_offset_bearing_deg(struct sphere_offset o);

/* Difference of two directions, degrees in [0, 180]; both within [0, 360]. */
float sphere_turn_deg(float a_deg, float b_deg);

#endif
