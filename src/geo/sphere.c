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

/* cos x for |x| <= pi/2 by its series to x^10: errs by less than 5e-7. */
static float cos_quick(float x)
{
    const float q = x * x;
    return 1 - q * (0.5F -
                    q * (1 / 24.0F - q * (1 / 720.0F - q * (1 / 40320.0F - q * (1 / 3628800.0F)))));
}

struct sphere_offset sphere_offset(struct sphere_place from, struct sphere_place to)
{
    const int64_t middle = ((int64_t)from.lat_e7 + to.lat_e7) / 2;
    const int64_t north = (int64_t)to.lat_e7 - from.lat_e7;
    const float m = (float)SPHERE_M_PER_LAT_E7;
    const float east =
        (float)lon_difference_e7(from, to) * cos_quick((float)middle * (float)RAD_PER_E7);
    return (struct sphere_offset){.x_m = east * m, .y_m = (float)north * m};
}

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
    float deg = rad * (float)(180 / M_PI); /* from the nearer axis */
    deg = ax > ay ? 90 - deg : deg;        /* from north, first quadrant */
    deg = o.y_m < 0 ? 180 - deg : deg;
    deg = o.x_m < 0 ? 360 - deg : deg;
    return deg < 360 ? deg : 0;
}

float sphere_turn_deg(float a_deg, float b_deg)
{
    const float d = fabsf(a_deg - b_deg);
    return d > 180 ? 360 - d : d;
}
