#include "geo/sphere.h"

#include <math.h>

#define RAD_PER_DEG (M_PI / 180.0)
#define RAD_PER_E7  (RAD_PER_DEG * 1e-7)

enum { HALF_TURN_E7 = 1800000000 };
#define TURN_E7 INT64_C(3600000000)

int32_t sphere_wrap_e7(int64_t lon_e7)
{
    if (lon_e7 >= -HALF_TURN_E7 && lon_e7 < HALF_TURN_E7) {
        return (int32_t)lon_e7;
    }
    int64_t w = (lon_e7 + HALF_TURN_E7) % TURN_E7;
    if (w < 0) {
        w += TURN_E7;
    }
    return (int32_t)(w - HALF_TURN_E7);
}

static int32_t lon_difference_e7(struct sphere_place from, struct sphere_place to)
{
    return sphere_wrap_e7((int64_t)to.lon_e7 - from.lon_e7);
}

/* Haversine: unlike the cosine rule it does not lose digits where the points are close. */
double sphere_distance_m(struct sphere_place from, struct sphere_place to)
{
    const double la = from.lat_e7 * RAD_PER_E7;
    const double lb = to.lat_e7 * RAD_PER_E7;
    const double sy = sin(((double)to.lat_e7 - from.lat_e7) * RAD_PER_E7 / 2);
    const double sx = sin(lon_difference_e7(from, to) * RAD_PER_E7 / 2);
    const double h = sy * sy + cos(la) * cos(lb) * sx * sx;
    return 2 * SPHERE_RADIUS_M * asin(sqrt(h < 1 ? h : 1));
}

static double turn_of(double y, double x)
{
    const double deg = atan2(y, x) / RAD_PER_DEG;
    const double turn = deg < 0 ? deg + 360 : deg;
    return turn < 360 ? turn : 0; /* -1e-20 + 360 rounds to 360 */
}

double sphere_bearing_deg(struct sphere_place from, struct sphere_place to)
{
    const double la = from.lat_e7 * RAD_PER_E7;
    const double lb = to.lat_e7 * RAD_PER_E7;
    const double dl = lon_difference_e7(from, to) * RAD_PER_E7;
    /* cos la sin lb - sin la cos lb cos dl, in the form that keeps its digits for close places. */
    const double half = sin(dl / 2);
    const double north = sin(lb - la) + 2 * sin(la) * cos(lb) * half * half;
    return turn_of(sin(dl) * cos(lb), north);
}

static struct sphere_place place_of(double lat_rad, double lon_rad)
{
    return (struct sphere_place){
        .lat_e7 = (int32_t)lrint(lat_rad / RAD_PER_E7),
        .lon_e7 = sphere_wrap_e7(llrint(lon_rad / RAD_PER_E7)),
    };
}

struct sphere_place sphere_destination(struct sphere_place from, double bearing_deg,
                                       double distance_m)
{
    const double la = from.lat_e7 * RAD_PER_E7;
    const double a = distance_m / SPHERE_RADIUS_M;
    const double b = bearing_deg * RAD_PER_DEG;
    const double s = sin(la) * cos(a) + cos(la) * sin(a) * cos(b);
    const double lat = asin(s < -1 ? -1 : s > 1 ? 1 : s);
    const double east = sin(b) * sin(a) * cos(la);
    return place_of(lat, from.lon_e7 * RAD_PER_E7 + atan2(east, cos(a) - sin(la) * s));
}

struct sphere_place sphere_between(struct sphere_place from, struct sphere_place to,
                                   double fraction)
{
    const double bearing = sphere_bearing_deg(from, to);
    const double d = sphere_distance_m(from, to) * fraction;
    return d < 0 ? sphere_destination(from, bearing + 180, -d)
                 : sphere_destination(from, bearing, d);
}

/* cos of 0 .. 90 degrees; one more for the interpolation. */
static const float cos_of_degree[92] = {
    1.0000000F, 0.9998477F, 0.9993908F, 0.9986295F, 0.9975641F, 0.9961947F, 0.9945219F, 0.9925462F,
    0.9902681F, 0.9876883F, 0.9848078F, 0.9816272F, 0.9781476F, 0.9743701F, 0.9702957F, 0.9659258F,
    0.9612617F, 0.9563048F, 0.9510565F, 0.9455186F, 0.9396926F, 0.9335804F, 0.9271839F, 0.9205049F,
    0.9135455F, 0.9063078F, 0.8987940F, 0.8910065F, 0.8829476F, 0.8746197F, 0.8660254F, 0.8571673F,
    0.8480481F, 0.8386706F, 0.8290376F, 0.8191520F, 0.8090170F, 0.7986355F, 0.7880108F, 0.7771460F,
    0.7660444F, 0.7547096F, 0.7431448F, 0.7313537F, 0.7193398F, 0.7071068F, 0.6946584F, 0.6819984F,
    0.6691306F, 0.6560590F, 0.6427876F, 0.6293204F, 0.6156615F, 0.6018150F, 0.5877853F, 0.5735764F,
    0.5591929F, 0.5446390F, 0.5299193F, 0.5150381F, 0.5000000F, 0.4848096F, 0.4694716F, 0.4539905F,
    0.4383711F, 0.4226183F, 0.4067366F, 0.3907311F, 0.3746066F, 0.3583679F, 0.3420201F, 0.3255682F,
    0.3090170F, 0.2923717F, 0.2756374F, 0.2588190F, 0.2419219F, 0.2249511F, 0.2079117F, 0.1908090F,
    0.1736482F, 0.1564345F, 0.1391731F, 0.1218693F, 0.1045285F, 0.0871557F, 0.0697565F, 0.0523360F,
    0.0348995F, 0.0174524F, 0.0000000F, 0.0F};

/* The cosine of a latitude, between whole degrees by a straight line: errs by less than 4e-5. */
static inline float cos_quick(int32_t lat_e7)
{
    const uint32_t e7 = (uint32_t)(lat_e7 < 0 ? -(int64_t)lat_e7 : lat_e7);
    const uint32_t i = e7 / 10000000;
    const float part = (float)(int32_t)(e7 - i * 10000000) * 1e-7F;
    return cos_of_degree[i] + part * (cos_of_degree[i + 1] - cos_of_degree[i]);
}

struct sphere_offset sphere_offset(struct sphere_place from, struct sphere_place to)
{
    const float m = (float)SPHERE_M_PER_LAT_E7;
    const int32_t middle = from.lat_e7 / 2 + to.lat_e7 / 2;
    const int32_t north = to.lat_e7 - from.lat_e7;
    const float east = (float)lon_difference_e7(from, to) * cos_quick(middle);
    return (struct sphere_offset){.x_m = east * m, .y_m = (float)north * m};
}

/* Where an angle from the nearer axis is counted from and which way, by three bits: nearer to the
   east-west axis, southward, westward. Branches would be guessed wrong every other time. */
static const struct octant {
    float axis_deg, sense;
} octant[8] = {{0, 1}, {360, -1}, {180, -1}, {180, 1}, {90, -1}, {270, 1}, {90, 1}, {270, -1}};

float sphere_offset_bearing_deg(struct sphere_offset o)
{
    const float ax = fabsf(o.x_m);
    const float ay = fabsf(o.y_m);
    const float most = ax > ay ? ax : ay;
    if (!(most > 0)) {
        return 0;
    }
    /* atan on [0, 1] by a minimax polynomial of degree 9 (Abramowitz and Stegun 4.4.49 form). */
    const float t = (ax > ay ? ay : ax) / most;
    const float q = t * t;
    const float rad =
        t *
        (0.9998660F + q * (-0.3302995F + q * (0.1801410F + q * (-0.0851330F + q * 0.0208351F))));
    const struct octant q8 = octant[(ax > ay) << 2 | (o.y_m < 0) << 1 | (o.x_m < 0)];
    const float deg = q8.axis_deg + q8.sense * rad * (float)(180 / M_PI);
    return deg < 360 ? deg : 0;
}

float sphere_turn_deg(float a_deg, float b_deg)
{
    const float d = fabsf(a_deg - b_deg);
    return d > 180 ? 360 - d : d;
}
