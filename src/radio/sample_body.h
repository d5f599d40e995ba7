/* Samples of each form → complex floats. Compiled once for each processor, by kernel_body.h. */
#ifndef MASAR_RADIO_SAMPLE_BODY_H
#define MASAR_RADIO_SAMPLE_BODY_H

#include "radio/lanes.h"
#include "radio/sample.h"

#include <math.h>

enum { VALUES = 16, BYTES = 32, COUNTED = 255 };

/* How many bytes are one of two values; a lane of counters holds 255. */
static uint64_t count_ends(const uint8_t *restrict in, size_t n, uint8_t low, uint8_t high)
{
    uint64_t ends = 0;
    size_t k = 0;
    while (k + BYTES <= n) {
        uint8_t count[BYTES] = {0};
        for (unsigned turn = 0; turn < COUNTED && k + BYTES <= n; turn++, k += BYTES) {
            for (unsigned j = 0; j < BYTES; j++) {
                count[j] = (uint8_t)(count[j] + ((in[k + j] == low) | (in[k + j] == high)));
            }
        }
        for (unsigned j = 0; j < BYTES; j++) {
            ends += count[j];
        }
    }
    for (; k < n; k++) {
        ends += (in[k] == low) | (in[k] == high);
    }
    return ends;
}

/* off: of I and Q in turn, in the values' own units. */
static uint64_t from_cu8(const uint8_t *restrict in, size_t n, const float off[VALUES],
                         float *restrict out)
{
    size_t k = 0;
    for (; k + VALUES <= n; k += VALUES) {
        for (unsigned j = 0; j < VALUES; j++) {
            out[k + j] = ((float)in[k + j] - off[j]) * (1.0f / 128.0f);
        }
    }
    for (; k < n; k++) {
        out[k] = ((float)in[k] - off[k % VALUES]) * (1.0f / 128.0f);
    }
    return count_ends(in, n, 0, 255);
}

static uint64_t from_cs8(const uint8_t *restrict in, size_t n, const float off[VALUES],
                         float *restrict out)
{
    size_t k = 0;
    for (; k + VALUES <= n; k += VALUES) {
        for (unsigned j = 0; j < VALUES; j++) {
            out[k + j] = ((float)(int8_t)in[k + j] - off[j]) * (1.0f / 128.0f);
        }
    }
    for (; k < n; k++) {
        out[k] = ((float)(int8_t)in[k] - off[k % VALUES]) * (1.0f / 128.0f);
    }
    return count_ends(in, n, 0x80, 0x7f);
}

static uint64_t from_cs16(const uint8_t *restrict in, size_t n, int full_scale,
                          const float off[VALUES], float *restrict out)
{
    const float scale = 1.0f / (float)full_scale;
    uint64_t ends = 0;
    for (size_t k = 0; k < n; k++) {
        const int v = (int16_t)(uint16_t)(in[2 * k] | in[2 * k + 1] << 8);
        out[k] = ((float)v - off[k % 2]) * scale;
        ends += (uint64_t)((v >= full_scale - 1) | (v <= -full_scale));
    }
    return ends;
}

/* A driver's "not a number" must not spread into every sum that follows. */
static uint64_t from_cf32(const uint8_t *restrict in, size_t n, const float off[VALUES],
                          float *restrict out)
{
    uint64_t ends = 0;
    for (size_t k = 0; k < n; k++) {
        float v;
        memcpy(&v, in + 4 * k, sizeof v);
        out[k] = (fabsf(v) <= 64.0f ? v : 0.0f) - off[k % 2];
        ends += fabsf(v) >= 1.0f;
    }
    return ends;
}

/* Turns n complex samples into iq (2n floats, full scale 1) without the offset of I and Q (full
   scale 1); returns how many values were at the end of the scale. */
static uint64_t read_samples(enum sample_format f, const uint8_t *in, size_t n, float i, float q,
                             float *iq)
{
    const float unit = sample_unit(f), zero = sample_zero(f);
    float off[VALUES];
    for (unsigned k = 0; k < VALUES; k += 2) {
        off[k] = zero + i * unit;
        off[k + 1] = zero + q * unit;
    }
    switch (f) {
    case SAMPLE_CU8:
        return from_cu8(in, 2 * n, off, iq);
    case SAMPLE_CS8:
        return from_cs8(in, 2 * n, off, iq);
    case SAMPLE_CS16:
    case SAMPLE_CS16Q11:
        return from_cs16(in, 2 * n, (int)unit, off, iq);
    default:
        return from_cf32(in, 2 * n, off, iq);
    }
}

/* The mean of n complex samples. */
static void mean_samples(const float *iq, size_t n, float *i, float *q)
{
    double each[LANES] = {0};
    size_t k = 0;
    while (k + LANES <= 2 * n) {
        lanes sum = {0};
        for (unsigned turn = 0; turn < COUNTED && k + LANES <= 2 * n; turn++, k += LANES) {
            sum += lanes_load(iq + k);
        }
        for (unsigned j = 0; j < LANES; j++) {
            each[j] += (double)sum[j];
        }
    }
    for (; k < 2 * n; k++) {
        each[k % LANES] += (double)iq[k];
    }
    *i = (float)((each[0] + each[2] + each[4] + each[6]) / (double)(n ? n : 1));
    *q = (float)((each[1] + each[3] + each[5] + each[7]) / (double)(n ? n : 1));
}

#endif
