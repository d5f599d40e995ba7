/* The exponential function, quickly and alike on every machine: a power of two by the exponent's
   bits times a polynomial, right to 3 in 10^7 of the result. Below exp(-87): 0. */
#ifndef MASAR_MOVEMENT_QUICK_H
#define MASAR_MOVEMENT_QUICK_H

#include <stdint.h>
#include <string.h>

static inline float quick_exp(float x)
{
    const float t = (x > 88 ? 88 : x < -87 ? -87 : x) * 1.44269504F; /* as a power of two */
    const float whole = (float)(int32_t)(t + (t < 0 ? -0.5F : 0.5F));
    const float r = (t - whole) * 0.69314718F; /* at most half of it left, as one of e */
    const float series =
        1 + r * (1 + r * (0.5F + r * (0.16666667F + r * (0.041666667F + r * 0.0083333333F))));
    const int32_t bits = ((int32_t)whole + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return x < -87 ? 0 : scale * series;
}

#endif
