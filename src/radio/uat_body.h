/* The loops of uat_sync.h. Compiled once for each processor, by kernel_body.h. */
#ifndef MASAR_RADIO_UAT_BODY_H
#define MASAR_RADIO_UAT_BODY_H

#include "radio/kernel.h"
#include "radio/lanes.h"

#include <math.h>

enum { UAT_TILE = 512, UAT_SIDE = 4 /* vectors of places looked at side by side */ };

/* The sines of phase steps of n places, n + 2 lag samples of iq; lag at most UAT_LAG_MAX. */
static void uat_steps(const float *restrict iq, size_t n, unsigned lag, float *restrict step)
{
    float re[UAT_TILE + UAT_LAG_MAX], im[UAT_TILE + UAT_LAG_MAX];
    for (size_t done = 0; done < n; done += UAT_TILE) {
        const size_t part = n - done < UAT_TILE ? n - done : UAT_TILE, sums = part + lag;
        for (size_t k = 0; k < sums; k++) {
            re[k] = iq[2 * (done + k)];
            im[k] = iq[2 * (done + k) + 1];
        }
        for (unsigned j = 1; j < lag; j++) {
            for (size_t k = 0; k < sums; k++) {
                re[k] += iq[2 * (done + k + j)];
                im[k] += iq[2 * (done + k + j) + 1];
            }
        }
        for (size_t k = 0; k < part; k++) {
            const float power = (re[k] * re[k] + im[k] * im[k]) *
                                (re[k + lag] * re[k + lag] + im[k + lag] * im[k + lag]);
            step[done + k] = (im[k + lag] * re[k] - re[k + lag] * im[k]) / sqrtf(power + 1e-20F);
        }
    }
}

/* sum[i] = the sum over taps of weight[k] x bit[i + k stride]; n a multiple of UAT_PLACES. */
static void uat_rough(const float *weight, unsigned taps, unsigned stride, const float *bit,
                      size_t n, float *restrict sum)
{
    for (size_t i = 0; i < n; i += UAT_PLACES) {
        lanes all[UAT_SIDE] = {{0}};
        const float *b = bit + i;
        for (unsigned k = 0; k < taps; k++, b += stride) {
            for (unsigned j = 0; j < UAT_SIDE; j++) {
                all[j] += weight[k] * lanes_load(b + (size_t)LANES * j);
            }
        }
        memcpy(sum + i, all, sizeof all);
    }
}

#endif
