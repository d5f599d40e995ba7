#include "modes/polar.h"

#include <stdlib.h>

#define INLINE static inline __attribute__((always_inline))

#define E2_PER_RADIAN 5729.57795130823209 /* 18000/pi */

/* atan(k/32) in hundredths of a degree. */
static const double arc_e2[33] = {
    0.00000000000000,    178.99106082460693,  357.63343749973512,  535.58250428551901,
    712.50163489017984,  888.06591505202448,  1061.96552761551357, 1233.90872783261943,
    1403.62434679264766, 1570.86378290157450, 1735.40246362613243, 1897.04078084865478,
    2055.60452195834660, 2210.94483437516737, 2362.93777306568199, 2511.48348861445629,
    2656.50511770779895, 2797.94743884801483, 2935.77535427912790, 3069.97225508144129,
    3200.53832080834945, 3327.48879848349225, 3450.85229876683979, 3570.66914006028856,
    3686.98976458440256, 3799.87324425046654, 3909.38588862295001, 4015.59996249193227,
    4118.59251657096502, 4218.44433157887761, 4315.23897340054100, 4409.06195508008659,
    4500.00000000000000};

/* atan(s/l), 0 <= s <= l, l > 0: the nearest atan(k/32) and the small rest, whose tangent is
   (s/l - k/32) / (1 + s/l k/32) = (32 s - k l) / (32 l + k s), at most 1/64, where three terms of
   the series leave an error below 1e-10 of a degree. */
static double arc(int32_t s, int32_t l)
{
    const int32_t k = (64 * s + l) / (2 * l);
    const double t = (double)(32 * s - k * l) / (double)(32 * l + k * s);
    const double tt = t * t;
    return arc_e2[k] + E2_PER_RADIAN * t * (1.0 - tt * (1.0 / 3.0 - tt * (1.0 / 5.0)));
}

/* Where the angle to the nearer axis is counted from and which way, by three bits: nearer to the
   east-west axis, southward, westward. A look-up, for the directions of one aircraft after another
   are random, and a branch guessed wrong takes longer than all the rest. */
static const double octant_axis_e2[8] = {0, 36000, 18000, 18000, 9000, 27000, 9000, 27000};
static const double octant_sense[8] = {1, -1, -1, 1, -1, 1, 1, -1};

bool polar_of(int32_t east, int32_t north, int32_t *speed_e2, int32_t *track_e2_deg)
{
    const int32_t e = east < 0 ? -east : east, n = north < 0 ? -north : north;
    const int32_t larger = n > e ? n : e, smaller = n > e ? e : n;
    *speed_e2 = polar_speed_e2(e, n);
    if (larger == 0) {
        return false;
    }
    const int o = (e > n) << 2 | (north < 0) << 1 | (east < 0);
    const int32_t track =
        (int32_t)(octant_axis_e2[o] + octant_sense[o] * arc(smaller, larger) + 0.5);
    *track_e2_deg = track == 36000 ? 0 : track;
    return true;
}

struct tables {
    const double *arc_e2, *axis_e2, *sense;
};

/* The same without a branch, and divided as doubles, whose quotient of whole numbers like these is
   never rounded up to a whole one: a processor does several in a step. The tables are handed in, or
   gcc 12 sees constants in them where it should see places to gather from. */
INLINE void many(const struct tables *in, const int32_t *restrict east,
                 const int32_t *restrict north, size_t n, int32_t *restrict speed_e2,
                 int32_t *restrict track_e2_deg)
{
    for (size_t i = 0; i < n; i++) {
        const int32_t e = abs(east[i]), m = abs(north[i]);
        const int32_t s = m > e ? e : m, most = m > e ? m : e, l = most > 0 ? most : 1;
        const int32_t k = (int32_t)((double)(64 * s + l) / (double)(2 * l));
        const double t = (double)(32 * s - k * l) / (double)(32 * l + k * s);
        const double tt = t * t;
        const double angle =
            in->arc_e2[k] + E2_PER_RADIAN * t * (1.0 - tt * (1.0 / 3.0 - tt * (1.0 / 5.0)));
        const int32_t o = (e > m ? 4 : 0) | (north[i] < 0 ? 2 : 0) | (east[i] < 0 ? 1 : 0);
        const int32_t track = (int32_t)(in->axis_e2[o] + in->sense[o] * angle + 0.5);
        speed_e2[i] = (int32_t)(100.0 * sqrt((double)(e * e + m * m)) + 0.5);
        track_e2_deg[i] = track == 36000 ? 0 : track;
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"), noinline)) static void
many_wide(const struct tables *in, const int32_t *east, const int32_t *north, size_t n,
          int32_t *speed_e2, int32_t *track_e2_deg)
{
    many(in, east, north, n, speed_e2, track_e2_deg);
}
#endif

void polar_of_many(const int32_t *east, const int32_t *north, size_t n, int32_t *speed_e2,
                   int32_t *track_e2_deg)
{
    const struct tables in = {arc_e2, octant_axis_e2, octant_sense};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        many_wide(&in, east, north, n, speed_e2, track_e2_deg);
        return;
    }
#endif
    many(&in, east, north, n, speed_e2, track_e2_deg);
}
