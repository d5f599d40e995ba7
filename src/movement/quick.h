/* Functions by polynomials: quick, alike on every machine, and without a branch, so that loops over
   them are vectorized. */
#ifndef MASAR_MOVEMENT_QUICK_H
#define MASAR_MOVEMENT_QUICK_H

#include <stdint.h>
#include <string.h>

/* The exponential function, right to 3 in 10^7 of the result; below exp(-87.6): 0, above exp(88):
   that. A power of two by the exponent's bits times a polynomial; of -127 and less the bits are
   those of 0. */
static inline float quick_exp(float x)
{
    const float least = x > -88 ? x : -88, bounded = least < 88 ? least : 88;
    const float t = bounded * 1.44269504F; /* as a power of two */
    const int32_t whole = (int32_t)(t + 127.5F) - 127;
    const float r = (t - (float)whole) * 0.69314718F; /* at most half of it left, as one of e */
    const float series =
        1 + r * (1 + r * (0.5F + r * (0.16666667F + r * (0.041666667F + r * 0.0083333333F))));
    const int32_t bits = (whole + 127) * (1 << 23);
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale * series;
}

/* The natural logarithm of x > 0 (no denormal), right to 10^-7 + 10^-7 of the result. The mantissa
   is brought into [sqrt(1/2), sqrt(2)), where the series of the area tangent converges fast. */
static inline float quick_log(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int32_t whole = (bits - 0x3f3504f3) >> 23; /* sqrt(1/2) */
    const int32_t rest = bits - whole * (1 << 23);
    float m;
    memcpy(&m, &rest, sizeof m);
    const float s = (m - 1) / (m + 1), s2 = s * s;
    const float series =
        2 * s * (1 + s2 * (0.33333333F + s2 * (0.2F + s2 * (0.14285714F + s2 * 0.11111111F))));
    return (float)whole * 0.69314718F + series;
}

/* The angle in degrees, 0 .. 180, between the direction of x and one whose components along it and
   across it are x and y; 0 where both are. Abramowitz and Stegun 4.4.49: right to 2 in 10^8
   radians. */
static inline float quick_angle_deg(float x, float y)
{
    const float a = x < 0 ? -x : x, b = y < 0 ? -y : y;
    const float low = a < b ? a : b, high = a < b ? b : a;
    const float t = low / (high > 1e-30F ? high : 1e-30F), u = t * t;
    const float tail = 0.0429096138F + u * (-0.0161657367F + u * 0.0028662257F);
    const float most = 0.1065626393F + u * (-0.0752896400F + u * tail);
    const float series =
        1 + u * (-0.3333314528F + u * (0.1999355085F + u * (-0.1420889944F + u * most)));
    const float eighth = t * series * 57.2957795F; /* to the nearer axis */
    const float quarter = a < b ? 90 - eighth : eighth;
    return x < 0 ? 180 - quarter : quarter;
}

#endif
