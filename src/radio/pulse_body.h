/* The amplitudes of pulses at any fraction of a sample, four side by side. Compiled once for each
   processor, by kernel_body.h. */
#ifndef MASAR_RADIO_PULSE_BODY_H
#define MASAR_RADIO_PULSE_BODY_H

#include "radio/lanes.h"
#include "radio/pulse.h"

#include <stdint.h>

/* Complex amplitudes side by side. */
struct amplitudes {
    lanes_half re, im;
};

static inline lanes pulse_products(const struct pulse *p, const float *iq, int64_t at)
{
    const int64_t fine = at + (1 << (PULSE_Q - 5)); /* to the nearest phase */
    const float *s = iq + 2 * ((fine >> PULSE_Q) - PULSE_BEFORE);
    const float *w = p->match[(fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1)];
    lanes sum = lanes_load(s) * lanes_load(w);
    for (unsigned j = LANES; j < 2 * p->taps; j += LANES) {
        sum += lanes_load(s + j) * lanes_load(w + j);
    }
    return sum;
}

/* The amplitudes of the pulses that begin at a, b, c, d (samples, 1/65536) of iq. */
static inline struct amplitudes pulse_find(const struct pulse *p, const float *iq, int64_t a,
                                           int64_t b, int64_t c, int64_t d)
{
    const lanes each[4] = {pulse_products(p, iq, a), pulse_products(p, iq, b),
                           pulse_products(p, iq, c), pulse_products(p, iq, d)};
    lanes_half sum[4]; /* re im re im, four times */
    for (int k = 0; k < 4; k++) {
        sum[k] = __builtin_shufflevector(each[k], each[k], 0, 1, 2, 3) +
                 __builtin_shufflevector(each[k], each[k], 4, 5, 6, 7);
    }
    const lanes_half ab = __builtin_shufflevector(sum[0], sum[1], 0, 1, 4, 5) +
                          __builtin_shufflevector(sum[0], sum[1], 2, 3, 6, 7);
    const lanes_half cd = __builtin_shufflevector(sum[2], sum[3], 0, 1, 4, 5) +
                          __builtin_shufflevector(sum[2], sum[3], 2, 3, 6, 7);
    return (struct amplitudes){.re = __builtin_shufflevector(ab, cd, 0, 2, 4, 6),
                               .im = __builtin_shufflevector(ab, cd, 1, 3, 5, 7)};
}

#endif
