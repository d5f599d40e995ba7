/* Compiled once for each processor: KERNEL_NAME names the instruction set. Whole numbers, floats
   that are added up in a written order, and a square root that is rounded as IEEE 754 says, so that
   no two of them can differ. */
#include "radio/burst_body.h"
#include "radio/carrier_body.h"
#include "radio/kernel.h"
#include "radio/preamble_body.h"
#include "radio/pulse_body.h"
#include "radio/sample_body.h"
#include "radio/thin_body.h"
#include "radio/uat_body.h"

#include <math.h>

#define KERNEL_JOIN(a, b)  a##b
#define KERNEL_NAMED(a, b) KERNEL_JOIN(a, b)
#define KERNEL_STRING2(a)  #a
#define KERNEL_STRING(a)   KERNEL_STRING2(a)

enum {
    STEADY_PLAIN = 11, /* of the early bits */
    STEADY_LEAST = 5
};
#define AGREEMENT 0.4f

static float power(const float *iq, size_t n)
{
    lanes sum = {0};
    for (size_t k = 0; k < 2 * n; k += LANES) {
        sum += lanes_load(iq + k) * lanes_load(iq + k);
    }
    return lanes_sum(sum) / (float)n;
}

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
    const unsigned shift = p->taps > 4 ? 0 : 2;
    for (size_t k = 0; k < n; k++) {
        out[k] = (uint16_t)((uint16_t)(w[0] * loud[k] + w[1] * loud[k + 1] + w[2] * loud[k + 2] +
                                       w[3] * loud[k + 3]) >>
                            shift);
    }
    for (unsigned j = 4; j < p->taps; j += 4) {
        const uint16_t *l = loud + j;
        const unsigned last = j + 4 < p->taps ? 0 : 2;
        for (size_t k = 0; k < n; k++) {
            out[k] = (uint16_t)((uint16_t)(out[k] + w[j] * l[k] + w[j + 1] * l[k + 1] +
                                           w[j + 2] * l[k + 2] + w[j + 3] * l[k + 3]) >>
                                last);
        }
    }
}

struct tile {
    uint16_t pulse[KERNEL_PHASES_MAX][KERNEL_TILE + 256];
};

static inline uint16_t lower_of(uint16_t a, uint16_t b)
{
    return a < b ? a : b;
}

static inline uint16_t higher_of(uint16_t a, uint16_t b)
{
    return a > b ? a : b;
}

/* A start's score, its phase in the lowest bits, where it is the best yet. borne: what its quiet
   places may be above half its pulses, for noise. */
static void score_phase(const struct kernel_preamble *p, const struct tile *t, unsigned phase,
                        size_t n, uint16_t borne, uint16_t *restrict score)
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
        /* At most one of four is missing: the lowest but one is not. */
        const uint16_t l1 = lower_of(a0[k], a1[k]), h1 = higher_of(a0[k], a1[k]);
        const uint16_t l2 = lower_of(a2[k], a3[k]), h2 = higher_of(a2[k], a3[k]);
        const uint16_t second = lower_of(higher_of(l1, l2), lower_of(h1, h2));
        const uint16_t clear = (uint16_t)((up > down ? up : down) - down);
        const uint16_t s = (uint16_t)((clear & ~KERNEL_PHASE_MASK) | phase);
        const uint16_t bar = (uint16_t)((up >> 1) + borne);
        const uint16_t good = down <= bar ? s : 0, even = second >= (up >> 3) ? good : 0;
        score[k] = even > score[k] ? even : score[k];
    }
}

static void preamble_tile(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                          uint16_t least, uint16_t *restrict score)
{
    struct tile t;
    for (unsigned f = 0; f < p->phases; f++) {
        pulses(p, f, loud - PULSE_BEFORE, n + p->reach / LANES * LANES + LANES, t.pulse[f]);
    }
    memset(score, 0, n * sizeof *score);
    for (unsigned f = 0; f < p->phases; f++) {
        score_phase(p, &t, f, n, least / 2, score);
    }
    for (size_t k = 0; k < n; k++) {
        score[k] = score[k] >= least ? score[k] : 0;
    }
}

static void preamble(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                     uint16_t least, uint16_t *score)
{
    for (size_t done = 0; done < n; done += KERNEL_TILE) {
        const size_t part = n - done < KERNEL_TILE ? n - done : KERNEL_TILE;
        preamble_tile(p, loud + done, part, least, score + done);
    }
}

/* The first bits are of one transmitter: either plainly, or not as plainly but of one carrier. */
static bool looks_sent(struct burst *b, const struct pulse *p, const float *one, const float *two,
                       float noise)
{
    const unsigned steady = burst_steady(one, two, p->leak, b->preamble.height, noise);
    return steady >= STEADY_PLAIN ||
           (steady >= STEADY_LEAST && carrier_agreement(b, one, two) > AGREEMENT);
}

/* Cheap before dear: the preamble, the format, then the early bits. */
static bool begin(struct burst *b, const struct pulse *p, const float *iq, float noise)
{
    float one[BURST_EARLY_BITS], two[BURST_EARLY_BITS];
    if (!preamble_confirm(p, iq, &b->at, noise, &b->preamble)) {
        return false;
    }
    burst_slice(b, p, iq, 0, 8);
    burst_sizes(&b->half[0], 8, one);
    burst_sizes(&b->half[1], 8, two);
    if (!burst_format_fits(one, two)) {
        return false;
    }
    burst_slice(b, p, iq, 8, BURST_EARLY_BITS);
    burst_sizes(&b->half[0], BURST_EARLY_BITS, one);
    burst_sizes(&b->half[1], BURST_EARLY_BITS, two);
    return looks_sent(b, p, one, two, noise);
}

const struct kernel KERNEL_NAMED(kernel_, KERNEL_NAME);
const struct kernel KERNEL_NAMED(kernel_, KERNEL_NAME) = {
    .name = KERNEL_STRING(KERNEL_NAME),
    .read = read_samples,
    .thin = thin_samples,
    .mean = mean_samples,
    .power = power,
    .loudness = loudness,
    .preamble = preamble,
    .begin = begin,
    .compare = burst_compare,
    .decide = carrier_decide,
    .cancel = carrier_cancel,
    .uat_steps = uat_steps,
    .uat_rough = uat_rough,
};
