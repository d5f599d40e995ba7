/* Compiled once for each processor: KERNEL_NAME names the instruction set. Whole numbers, and a
   square root that is rounded as IEEE 754 says, so that no two of them can differ. */
#include "radio/kernel.h"
#include "radio/pulse.h"

#include <math.h>

#define KERNEL_JOIN(a, b)  a##b
#define KERNEL_NAMED(a, b) KERNEL_JOIN(a, b)
#define KERNEL_STRING2(a)  #a
#define KERNEL_STRING(a)   KERNEL_STRING2(a)

static void loudness(const float *restrict iq, size_t n, float gain, uint16_t *restrict loud)
{
    for (size_t k = 0; k < n; k++) {
        const float i = iq[2 * k], q = iq[2 * k + 1];
        const float m = gain * sqrtf(i * i + q * q);
        const int32_t whole = (int32_t)(m < (float)KERNEL_LOUD_MAX ? m : (float)KERNEL_LOUD_MAX);
        loud[k] = (uint16_t)whole;
    }
}

/* What a pulse that begins at each of n samples, a phase later, would measure: 0 .. 16380. */
static void pulses(const struct kernel_preamble *p, unsigned phase, const uint16_t *restrict loud,
                   size_t n, uint16_t *restrict out)
{
    const uint16_t *w = p->weight[phase];
    for (size_t k = 0; k < n; k++) {
        out[k] = (uint16_t)(w[0] * loud[k] + w[1] * loud[k + 1] + w[2] * loud[k + 2] +
                            w[3] * loud[k + 3]);
    }
    for (unsigned j = 4; j < p->taps; j += 4) {
        const uint16_t *l = loud + j;
        for (size_t k = 0; k < n; k++) {
            out[k] = (uint16_t)(out[k] + w[j] * l[k] + w[j + 1] * l[k + 1] + w[j + 2] * l[k + 2] +
                                w[j + 3] * l[k + 3]);
        }
    }
    for (size_t k = 0; k < n; k++) {
        out[k] = out[k] >> 2;
    }
}

struct tile {
    uint16_t pulse[KERNEL_PHASES_MAX][KERNEL_TILE + 256];
};

static void score_phase(const struct kernel_preamble *p, const struct tile *t, unsigned phase,
                        size_t n, uint16_t *restrict score, uint8_t *restrict best)
{
    const uint16_t *a[KERNEL_PULSES], *b[KERNEL_PULSES];
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        a[k] = t->pulse[p->pulse[phase][k].phase] + p->pulse[phase][k].offset;
        b[k] = t->pulse[p->quiet[phase][k].phase] + p->quiet[phase][k].offset;
    }
    const uint16_t *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
    const uint16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
    for (size_t k = 0; k < n; k++) {
        const uint16_t up = (uint16_t)(a0[k] + a1[k] + a2[k] + a3[k]);
        const uint16_t down = (uint16_t)(b0[k] + b1[k] + b2[k] + b3[k]);
        const uint16_t s = (uint16_t)((up > down ? up : down) - down);
        best[k] = s > score[k] ? (uint8_t)phase : best[k];
        score[k] = s > score[k] ? s : score[k];
    }
}

static void preamble_tile(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                          uint16_t least, uint16_t *restrict score, uint8_t *restrict phase)
{
    struct tile t;
    for (unsigned f = 0; f < p->phases; f++) {
        pulses(p, f, loud - PULSE_BEFORE, n + p->reach, t.pulse[f]);
    }
    for (size_t k = 0; k < n; k++) {
        score[k] = least;
        phase[k] = KERNEL_PHASES_MAX;
    }
    for (unsigned f = 0; f < p->phases; f++) {
        score_phase(p, &t, f, n, score, phase);
    }
    for (size_t k = 0; k < n; k++) {
        score[k] = phase[k] == KERNEL_PHASES_MAX ? 0 : score[k];
    }
}

static void preamble(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                     uint16_t least, uint16_t *score, uint8_t *phase)
{
    for (size_t done = 0; done < n; done += KERNEL_TILE) {
        const size_t part = n - done < KERNEL_TILE ? n - done : KERNEL_TILE;
        preamble_tile(p, loud + done, part, least, score + done, phase + done);
    }
}

const struct kernel KERNEL_NAMED(kernel_, KERNEL_NAME);
const struct kernel KERNEL_NAMED(kernel_, KERNEL_NAME) = {
    .name = KERNEL_STRING(KERNEL_NAME), .loudness = loudness, .preamble = preamble};
