#include "radio/preamble.h"

#include <math.h>

const uint8_t preamble_pulse[KERNEL_PULSES] = {0, 2, 7, 9};

/* Not beside a pulse, whose edges reach over; not near the bits. */
static const uint8_t quiet_far[KERNEL_PULSES] = {4, 5, 12, 13};

static unsigned phases_at(double rate_hz)
{
    return rate_hz < 4e6 ? 3 : rate_hz < 8e6 ? 2 : 1;
}

static struct kernel_place place(const struct pulse *p, unsigned phases, unsigned chip,
                                 unsigned phase)
{
    const double steps = (double)(p->chip_q * chip) / (1 << PULSE_Q) * phases;
    const unsigned all = (unsigned)lrint(steps) + phase;
    return (struct kernel_place){.offset = (uint16_t)(all / phases), .phase = all % phases};
}

/* Whole weights in the proportion of a pulse's samples; their sum is 16 or a little less. */
static void weigh(const struct pulse *p, const struct pulse_filter *filter, unsigned phase,
                  unsigned phases, uint16_t *weight)
{
    double form[KERNEL_TAPS_MAX], sum = 0;
    for (unsigned j = 0; j < p->taps; j++) {
        const double t = ((double)j - PULSE_BEFORE - (double)phase / phases) / p->rate_hz * 1e6;
        form[j] = fmax(pulse_response(filter, t), 0);
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
    struct pulse_filter filter;
    pulse_filter_make(&filter, p->rate_hz);
    *out = (struct kernel_preamble){.phases = phases_at(p->rate_hz), .taps = p->taps};
    for (unsigned f = 0; f < out->phases; f++) {
        weigh(p, &filter, f, out->phases, out->weight[f]);
        for (unsigned k = 0; k < KERNEL_PULSES; k++) {
            out->pulse[f][k] = place(p, out->phases, preamble_pulse[k], f);
            out->quiet[f][k] = place(p, out->phases, quiet_far[k], f);
        }
    }
    out->reach = out->quiet[out->phases - 1][KERNEL_PULSES - 1].offset + 1u;
}

/* The magnitude of noise deviates by 0.523 of its mean (Rayleigh); an eighth of a weight of 16 for
   each of four pulses makes a score. */
int16_t preamble_least(const struct kernel_preamble *k, double noise_loudness, double above)
{
    double sum = 0;
    for (unsigned j = 0; j < k->taps; j++) {
        sum += k->weight[0][j];
    }
    const double least = above * 0.523 * noise_loudness * sum / 8 * KERNEL_PULSES;
    return (int16_t)fmin(fmax(least, 1), INT16_MAX);
}
