/* A closer look at a start, by complex amplitudes. Compiled once for each processor, by
   kernel_body.h. */
#ifndef MASAR_RADIO_PREAMBLE_BODY_H
#define MASAR_RADIO_PREAMBLE_BODY_H

#include "radio/preamble.h"
#include "radio/pulse_body.h"

#include <math.h>
#include <stdbool.h>

/* Not beside a pulse, whose edges reach over. */
enum { QUIETS = 8 };

/* Deviation of the pulses' heights, as part of their mean. */
#define EVEN       0.45f
#define EVEN_THREE 0.08f

static void four_of(const struct pulse *p, const float *iq, int64_t at, const uint8_t chip[4],
                    float re[4], float im[4])
{
    const struct amplitudes a =
        pulse_find(p, iq, at + p->chip_q * chip[0], at + p->chip_q * chip[1],
                   at + p->chip_q * chip[2], at + p->chip_q * chip[3]);
    memcpy(re, &a.re, sizeof a.re);
    memcpy(im, &a.im, sizeof a.im);
}

static float mean_size(const float re[4], const float im[4], float size[4])
{
    for (unsigned k = 0; k < 4; k++) {
        size[k] = sqrtf(re[k] * re[k] + im[k] * im[k]);
    }
    return ((size[0] + size[1]) + (size[2] + size[3])) * 0.25f;
}

/* Pulses of one transmitter differ by 2 dB at most. One of the four may be missing, or be two: then
   the other three must be alike all the more. Writes their mean; false: they are not. */
static bool about_equal(const float size[4], float noise, float *mean)
{
    const float a = size[0], b = size[1], c = size[2], d = size[3];
    const float sum = KERNEL_PULSES * *mean, squares = (a * a + b * b) + (c * c + d * d);
    const float allowed = EVEN * EVEN * *mean * *mean + 0.25f * noise * noise;
    if (squares - sum * *mean <= KERNEL_PULSES * allowed) {
        return true;
    }
    const float h1 = a > b ? a : b, h2 = c > d ? c : d, high = h1 > h2 ? h1 : h2;
    const float l1 = a > b ? b : a, l2 = c > d ? d : c, low = l1 < l2 ? l1 : l2;
    const float out = high - *mean > *mean - low ? high : low;
    const float three = (sum - out) * (1.0f / (KERNEL_PULSES - 1));
    *mean = three;
    return squares - out * out - (sum - out) * three <=
           (KERNEL_PULSES - 1) * (EVEN_THREE * EVEN_THREE * three * three + 0.1f * noise * noise);
}

static bool stands_clear(const struct pulse *p, const float *iq, int64_t at, float mean,
                         float noise)
{
    static const uint8_t quiet[QUIETS] = {4, 5, 10, 11, 12, 13, 14, 15};
    float re[4], im[4], size[4], sum = 0;
    for (unsigned k = 0; k < QUIETS; k += 4) {
        four_of(p, iq, at, quiet + k, re, im);
        sum += mean_size(re, im, size);
    }
    return sum * 4 / QUIETS <= 0.35f * mean + 0.9f * noise;
}

/* A tenth of a sample at 2.4 MHz is a fortieth of a microsecond: enough for the bits. */
static void move_to_best(const struct pulse *p, const float *iq, int64_t *at,
                         struct preamble_found *f)
{
    const int64_t start = *at, step = p->chip_q / 12;
    for (int side = -1; side <= 1; side += 2) {
        for (int k = 1; k <= 2; k++) {
            struct preamble_found g;
            float size[4];
            four_of(p, iq, start + side * k * step, preamble_pulse, g.re, g.im);
            g.height = mean_size(g.re, g.im, size);
            if (g.height <= f->height) {
                break;
            }
            *f = g;
            *at = start + side * k * step;
        }
    }
}

/* True if its pulses are about equal and stand clear of the quiet places. Then *at is moved to
   where they are best met. noise: deviation of an amplitude where there is nothing. */
static bool preamble_confirm(const struct pulse *p, const float *iq, int64_t *at, float noise,
                             struct preamble_found *f)
{
    float size[4];
    four_of(p, iq, *at, preamble_pulse, f->re, f->im);
    f->height = mean_size(f->re, f->im, size);
    if (!about_equal(size, noise, &f->height) || !stands_clear(p, iq, *at, f->height, noise)) {
        return false;
    }
    move_to_best(p, iq, at, f);
    return true;
}

#endif
