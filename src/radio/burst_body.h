/* The bits of a burst by magnitudes. Compiled once for each processor, by kernel_body.h. */
#ifndef MASAR_RADIO_BURST_BODY_H
#define MASAR_RADIO_BURST_BODY_H

#include "radio/burst.h"
#include "radio/pulse_body.h"

#include <math.h>

#define FORMAT(df) (UINT32_C(1) << (df))
#define FORMATS                                                                                    \
    (FORMAT(0) | FORMAT(4) | FORMAT(5) | FORMAT(11) | FORMAT(16) | FORMAT(17) | FORMAT(18) |       \
     FORMAT(20) | FORMAT(21))

/* Finds the halves of bits [from, to), multiples of 4. */
static void burst_slice(struct burst *b, const struct pulse *p, const float *iq, unsigned from,
                        unsigned to)
{
    const int64_t chip = p->chip_q, bit = 2 * chip;
    int64_t at = b->at + chip * PREAMBLE_CHIPS + bit * from;
    for (unsigned k = from; k < to; k += 4, at += 4 * bit) {
        for (int h = 0; h < 2; h++) {
            const int64_t a = at + h * chip;
            const struct amplitudes four = pulse_find(p, iq, a, a + bit, a + 2 * bit, a + 3 * bit);
            memcpy(b->half[h].re + k, &four.re, sizeof four.re);
            memcpy(b->half[h].im + k, &four.im, sizeof four.im);
        }
    }
}

static void burst_sizes(const struct burst_half *h, unsigned n, float *restrict size)
{
    for (unsigned k = 0; k < n; k++) {
        size[k] = sqrtf(h->re[k] * h->re[k] + h->im[k] * h->im[k]);
    }
}

/* How many of the first bits look as if sent by a transmitter of this height: the pulse as high as
   it should be, the empty half empty. A half beside pulses holds some of them: of two where both
   neighbors are pulses. */
static unsigned burst_steady(const float *restrict one, const float *restrict two, float leak,
                             float height, float noise)
{
    const float off = 0.3f * height + 1.5f * noise, more = off + leak * height;
    uint32_t steady = 0;
    for (unsigned k = 0; k < BURST_EARLY_BITS; k++) {
        const float high = one[k] > two[k] ? one[k] : two[k];
        const float low = one[k] > two[k] ? two[k] : one[k];
        steady += (uint32_t)((height - high < off) & (high - height < more) & (low < more));
    }
    return steady;
}

/* Whether the first five bits name a downlink format that there is. */
static bool burst_format_fits(const float *one, const float *two)
{
    unsigned df = 0;
    for (unsigned k = 0; k < 5; k++) {
        df = df << 1 | (one[k] > two[k]);
    }
    return FORMATS >> df & 1;
}

/* Writes byte from the signs of sure. */
static void burst_pack(struct burst *b)
{
    for (unsigned k = 0; k < b->bits; k += 8) {
        unsigned byte = 0;
        for (unsigned j = 0; j < 8; j++) {
            byte = byte << 1 | (b->sure[k + j] > 0);
        }
        b->byte[k / 8] = (uint8_t)byte;
    }
}

/* Decides each bit by the higher half; sets bits, height, sure (in amplitudes), byte. Foreign
   pulses above the preamble's height do not count for more. */
static void burst_compare(struct burst *b, const struct pulse *p, const float *iq)
{
    float one[BURST_BITS], two[BURST_BITS], high[BURST_BITS];
    const float most = 1.5f * b->preamble.height;
    const float first = b->half[0].re[0] * b->half[0].re[0] + b->half[0].im[0] * b->half[0].im[0];
    const float second = b->half[1].re[0] * b->half[1].re[0] + b->half[1].im[0] * b->half[1].im[0];
    b->bits = first > second ? BURST_BITS : BURST_SHORT_BITS; /* DF 16 and above are long */
    const unsigned n = b->bits;
    burst_slice(b, p, iq, BURST_EARLY_BITS, n);
    burst_sizes(&b->half[0], n, one);
    burst_sizes(&b->half[1], n, two);
    for (unsigned k = 0; k < n; k++) {
        b->sure[k] = one[k] - two[k];
        const float higher = one[k] > two[k] ? one[k] : two[k];
        high[k] = higher < most ? higher : most;
    }
    b->height = lanes_total(high, n) / (float)n;
    memset(b->byte, 0, sizeof b->byte);
    burst_pack(b);
}

#endif
