#include "radio/preamble.h"

#include <math.h>

const uint8_t preamble_pulse[KERNEL_PULSES] = {0, 2, 7, 9};

/* Not beside a pulse, whose edges reach over; not near the bits. */
static const uint8_t quiet_far[KERNEL_PULSES] = {4, 5, 12, 13};
static const uint8_t quiet_all[] = {4, 5, 10, 11, 12, 13, 14, 15};

enum { QUIETS = sizeof quiet_all };

static unsigned phases_at(double rate_hz)
{
    return rate_hz < 4e6 ? 5 : rate_hz < 8e6 ? 2 : 1;
}

static struct kernel_place place(const struct pulse *p, unsigned phases, unsigned chip,
                                 unsigned phase)
{
    const double steps = (double)(p->chip_q * chip) / (1 << PULSE_Q) * phases;
    const unsigned all = (unsigned)lrint(steps) + phase;
    return (struct kernel_place){.offset = (uint16_t)(all / phases), .phase = all % phases};
}

/* Whole weights in the proportion of a pulse's samples; their sum is 16 or a little less. */
static void weigh(const struct pulse *p, unsigned phase, unsigned phases, uint16_t *weight)
{
    double form[KERNEL_TAPS_MAX], sum = 0;
    for (unsigned j = 0; j < p->taps; j++) {
        const double t = ((double)j - PULSE_BEFORE - (double)phase / phases) / p->rate_hz * 1e6;
        form[j] = fmax(pulse_response(p->rate_hz, t), 0);
        sum += form[j];
    }
    int left = 16;
    for (unsigned j = 0; j < p->taps; j++) {
        const int w = (int)lrint(form[j] / sum * 16);
        weight[j] = (uint16_t)(w < left ? w : left);
        left -= weight[j];
    }
}

void preamble_kernel(const struct pulse *p, struct kernel_preamble *out)
{
    *out = (struct kernel_preamble){.phases = phases_at(p->rate_hz), .taps = p->taps};
    for (unsigned f = 0; f < out->phases; f++) {
        weigh(p, f, out->phases, out->weight[f]);
        for (unsigned k = 0; k < KERNEL_PULSES; k++) {
            out->pulse[f][k] = place(p, out->phases, preamble_pulse[k], f);
            out->quiet[f][k] = place(p, out->phases, quiet_far[k], f);
        }
    }
    out->reach = out->quiet[out->phases - 1][KERNEL_PULSES - 1].offset + 1u;
}

/* The magnitude of noise deviates by 0.523 of its mean (Rayleigh); a quarter of a weight of 16 for
   each of four pulses makes a score. */
uint16_t preamble_least(const struct kernel_preamble *k, double noise_loudness, double above)
{
    double sum = 0;
    for (unsigned j = 0; j < k->taps; j++) {
        sum += k->weight[0][j];
    }
    const double least = above * 0.523 * noise_loudness * sum / 4 * KERNEL_PULSES;
    return (uint16_t)fmin(fmax(least, 1), UINT16_MAX);
}

static float magnitude(struct amplitude a)
{
    return sqrtf(a.re * a.re + a.im * a.im);
}

static float heights(const struct pulse *p, const float *iq, int64_t at,
                     float height[KERNEL_PULSES])
{
    float sum = 0;
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        height[k] = magnitude(pulse_find(p, iq, at + p->chip_q * preamble_pulse[k]));
        sum += height[k];
    }
    return sum / KERNEL_PULSES;
}

static bool about_equal(const float height[KERNEL_PULSES], float mean, float noise)
{
    float squares = 0;
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        squares += (height[k] - mean) * (height[k] - mean);
    }
    /* Pulses of one transmitter differ by 2 dB at most; a foreign pulse upon one of four may. */
    const float allowed = 0.45f * mean;
    return squares / KERNEL_PULSES <= allowed * allowed + 0.25f * noise * noise;
}

static bool stands_clear(const struct pulse *p, const float *iq, int64_t at, float mean,
                         float noise)
{
    float sum = 0;
    for (unsigned k = 0; k < QUIETS; k++) {
        sum += magnitude(pulse_find(p, iq, at + p->chip_q * quiet_all[k]));
    }
    return sum / QUIETS <= 0.35f * mean + 0.9f * noise;
}

/* A tenth of a sample at 2.4 MHz is a fortieth of a microsecond: enough for the bits. */
static void move_to_best(const struct pulse *p, const float *iq, int64_t *at, float *height)
{
    const int64_t start = *at, step = p->chip_q / 12;
    for (int k = -2; k <= 2; k++) {
        float each[KERNEL_PULSES];
        const float mean = k ? heights(p, iq, start + k * step, each) : 0;
        if (mean > *height) {
            *height = mean;
            *at = start + k * step;
        }
    }
}

bool preamble_confirm(const struct pulse *p, const float *iq, int64_t *at, float noise,
                      float *height)
{
    float each[KERNEL_PULSES];
    *height = heights(p, iq, *at, each);
    if (!about_equal(each, *height, noise) || !stands_clear(p, iq, *at, *height, noise)) {
        return false;
    }
    move_to_best(p, iq, at, height);
    return true;
}
