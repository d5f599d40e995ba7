/* A place on the sphere and the way ahead of it, as two unit vectors from the Earth's center, and
   small steps from there. Distances in nautical miles along great circles, angles in degrees,
   clockwise. Pure. */
#ifndef MASAR_SIMULATE_POSE_H
#define MASAR_SIMULATE_POSE_H

#include "geo/sphere.h"
#include "simulate/path.h"

#define POSE_RADIUS_NM (SPHERE_RADIUS_M / SPHERE_M_PER_NM)
#define POSE_DEGREE    (3.14159265358979323846 / 180)

struct pose {
    struct path_vector at, forward; /* unit, at right angles */
};

double pose_dot(struct path_vector a, struct path_vector b);
struct path_vector pose_cross(struct path_vector a, struct path_vector b);
/* a times ka plus b times kb. */
struct path_vector pose_mix(struct path_vector a, double ka, struct path_vector b, double kb);
struct path_vector pose_unit(struct path_vector a); /* a itself where it has no length */

/* Great circle distance, right for short ones too. */
double pose_distance_nm(struct path_vector a, struct path_vector b);

/* Unit tangent at a of the great circle to b; no length where both are one place or opposite. */
struct path_vector pose_toward(struct path_vector a, struct path_vector b);

struct pose pose_at(double lat_deg, double lon_deg, double heading_deg);
struct path_vector pose_right(struct pose p);      /* unit, at right angles to the way */
struct pose pose_on(struct pose p, double nm);     /* ahead; behind where negative */
struct pose pose_beside(struct pose p, double nm); /* to the right, heading the same way */
struct pose pose_turned(struct pose p, double right_deg);

#endif
