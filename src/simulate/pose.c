#include "simulate/pose.h"

#include <math.h>

double pose_dot(struct path_vector a, struct path_vector b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct path_vector pose_cross(struct path_vector a, struct path_vector b)
{
    return (struct path_vector){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
                                a.x * b.y - a.y * b.x};
}

struct path_vector pose_mix(struct path_vector a, double ka, struct path_vector b, double kb)
{
    return (struct path_vector){a.x * ka + b.x * kb, a.y * ka + b.y * kb, a.z * ka + b.z * kb};
}

struct path_vector pose_unit(struct path_vector a)
{
    const double n = sqrt(pose_dot(a, a));
    return n > 0 ? pose_mix(a, 1 / n, a, 0) : a;
}

double pose_distance_nm(struct path_vector a, struct path_vector b)
{
    const struct path_vector d = pose_mix(a, 1, b, -1); /* the chord: exact for short ones too */
    const double half = sqrt(pose_dot(d, d)) / 2;
    return 2 * asin(half < 1 ? half : 1) * POSE_RADIUS_NM;
}

struct path_vector pose_toward(struct path_vector a, struct path_vector b)
{
    const struct path_vector on = pose_mix(b, 1, a, -pose_dot(a, b));
    return pose_dot(on, on) < 1e-20 ? (struct path_vector){0} : pose_unit(on);
}

struct pose pose_at(double lat_deg, double lon_deg, double heading_deg)
{
    const double lat = lat_deg * POSE_DEGREE, lon = lon_deg * POSE_DEGREE;
    const double heading = heading_deg * POSE_DEGREE;
    const struct path_vector at = {cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
    const struct path_vector north = {-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat)};
    const struct path_vector east = {-sin(lon), cos(lon), 0};
    return (struct pose){at, pose_mix(north, cos(heading), east, sin(heading))};
}

struct path_vector pose_right(struct pose p)
{
    return pose_cross(p.forward, p.at);
}

struct pose pose_on(struct pose p, double nm)
{
    const double c = cos(nm / POSE_RADIUS_NM), s = sin(nm / POSE_RADIUS_NM);
    return (struct pose){pose_mix(p.at, c, p.forward, s), pose_mix(p.forward, c, p.at, -s)};
}

struct pose pose_beside(struct pose p, double nm)
{
    const double angle = nm / POSE_RADIUS_NM;
    return (struct pose){pose_mix(p.at, cos(angle), pose_right(p), sin(angle)), p.forward};
}

struct pose pose_turned(struct pose p, double right_deg)
{
    const double angle = right_deg * POSE_DEGREE;
    return (struct pose){p.at, pose_mix(p.forward, cos(angle), pose_right(p), sin(angle))};
}
