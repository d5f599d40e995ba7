#include "store/motion.h"

#define RADIANS_PER_E2 (3.14159265358979323846 / 18000.0)
#define M_PER_KT_MS    (1852.0 / 3600000.0)

/* Sine and cosine of an angle in hundredths of a degree, by their series about the nearest multiple
   of 90 degrees: errors below 3e-9. */
static void sine_cosine(int32_t angle_e2, double *sine, double *cosine)
{
    const int32_t turn = (angle_e2 % 36000 + 36000) % 36000;
    const int32_t quarter = (turn + 4500) / 9000;
    const double x = (double)(turn - quarter * 9000) * RADIANS_PER_E2;
    const double xx = x * x;
    const double s =
        x * (1.0 - xx / 6.0 * (1.0 - xx / 20.0 * (1.0 - xx / 42.0 * (1.0 - xx / 72.0))));
    const double c = 1.0 - xx / 2.0 * (1.0 - xx / 12.0 * (1.0 - xx / 30.0 * (1.0 - xx / 56.0)));
    switch (quarter & 3) {
    case 0:
        *sine = s, *cosine = c;
        break;
    case 1:
        *sine = c, *cosine = -s;
        break;
    case 2:
        *sine = -s, *cosine = -c;
        break;
    default:
        *sine = -c, *cosine = s;
        break;
    }
}

struct motion motion_of(int32_t gs_e2_kt, int32_t track_e2_deg)
{
    double sine, cosine;
    sine_cosine(track_e2_deg, &sine, &cosine);
    const double gs_kt = (double)gs_e2_kt / 100.0;
    return (struct motion){gs_kt * sine, gs_kt * cosine};
}

/* Meters in a degree of latitude and longitude: the usual series of the ellipsoid's radii. */
void motion_scale_at(struct motion_scale *s, int32_t lat_e7)
{
    const int32_t band = (lat_e7 >> MOTION_BAND_BITS) + 1;
    if (motion_scale_is_at(s, lat_e7)) {
        return;
    }
    const int64_t middle_e7 =
        (int64_t)(band - 1) * (1 << MOTION_BAND_BITS) + (1 << (MOTION_BAND_BITS - 1));
    double sine, c, c3;
    sine_cosine((int32_t)(middle_e7 / 100000), &sine, &c);
    c3 = c * (4.0 * c * c - 3.0);
    const double c2 = 2.0 * c * c - 1.0;
    const double lat_m = 111132.954 - 559.822 * c2 + 1.175 * (2.0 * c2 * c2 - 1.0);
    const double lon_m = 111412.84 * c - 93.5 * c3;
    s->band = band;
    s->lat_per_kt_ms = M_PER_KT_MS * 1e7 / lat_m;
    s->lon_per_kt_ms = M_PER_KT_MS * 1e7 / (lon_m > 1000.0 ? lon_m : 1000.0);
}
