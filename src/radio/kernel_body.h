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
    STEADY_LEAST = 5,
    TILE_BESIDE = 32, /* scores beyond a tile's, for its last starts are held against the next */
    TILE_MORE = 256   /* that far a start reaches */
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

/* What a pulse that begins at each of n samples, a phase later, would measure: 0 .. 8190, so that
   four of them and what is made of them fit 16 bits with a sign, which all processors compare. */
enum { PULSE_SHIFT = 3 };

static void pulses(const struct kernel_preamble *p, unsigned phase, const uint16_t *restrict loud,
                   size_t n, int16_t *restrict out)
{
    const uint16_t *w = p->weight[phase];
    const uint16_t w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
    for (size_t k = 0; k < n; k++) {
        out[k] = (int16_t)((uint16_t)(w0 * loud[k] + w1 * loud[k + 1] + w2 * loud[k + 2] +
                                      w3 * loud[k + 3]) >>
                           PULSE_SHIFT);
    }
}

/* The same of a pulse that reaches over more samples. */
static void wide_pulses(const struct kernel_preamble *p, unsigned phase,
                        const uint16_t *restrict loud, size_t n, int16_t *restrict out)
{
    uint16_t sum[KERNEL_TILE + TILE_MORE];
    const uint16_t *w = p->weight[phase];
    for (size_t k = 0; k < n; k++) {
        sum[k] = (uint16_t)(w[0] * loud[k]);
    }
    for (unsigned j = 1; j < p->taps; j++) {
        const uint16_t wj = w[j], *l = loud + j;
        for (size_t k = 0; k < n; k++) {
            sum[k] = (uint16_t)(sum[k] + wj * l[k]);
        }
    }
    for (size_t k = 0; k < n; k++) {
        out[k] = (int16_t)(sum[k] >> PULSE_SHIFT);
    }
}

struct tile {
    int16_t pulse[KERNEL_PHASES_MAX][KERNEL_TILE + TILE_MORE];
    int16_t score[KERNEL_TILE + TILE_BESIDE];
};

static inline int16_t lower_of(int16_t a, int16_t b)
{
    return a < b ? a : b;
}

static inline int16_t higher_of(int16_t a, int16_t b)
{
    return a > b ? a : b;
}

/* A start's score, its phase in the lowest bits, where it is the best yet. borne: what its quiet
   places may be above half its pulses, for noise. */
static void score_phase(const struct kernel_preamble *p, struct tile *restrict t, unsigned phase,
                        size_t n, int16_t borne)
{
    const int16_t *a[KERNEL_PULSES], *b[KERNEL_PULSES];
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        a[k] = t->pulse[p->pulse[phase][k].phase] + p->pulse[phase][k].offset;
        b[k] = t->pulse[p->quiet[phase][k].phase] + p->quiet[phase][k].offset;
    }
    const int16_t *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
    const int16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
    int16_t *restrict score = t->score;
    const int16_t is = (int16_t)phase;
    for (size_t k = 0; k < n; k++) {
        const int16_t up = (int16_t)(a0[k] + a1[k] + a2[k] + a3[k]);
        const int16_t down = (int16_t)(b0[k] + b1[k] + b2[k] + b3[k]);
        /* At most one of four is missing: the lowest but one is not. */
        const int16_t l1 = lower_of(a0[k], a1[k]), h1 = higher_of(a0[k], a1[k]);
        const int16_t l2 = lower_of(a2[k], a3[k]), h2 = higher_of(a2[k], a3[k]);
        const int16_t second = lower_of(higher_of(l1, l2), lower_of(h1, h2));
        const int16_t bar = (int16_t)((up >> 1) + borne), even = (int16_t)(up >> 3);
        const int16_t s = (int16_t)(((up - down) & ~KERNEL_PHASE_MASK) | is);
        const int16_t good = down > bar ? 0 : s, fit = second < even ? 0 : good;
        score[k] = higher_of(score[k], fit);
    }
}

/* n is a multiple of TILE_BESIDE. */
static void preamble_tile(const struct kernel_preamble *p, const uint16_t *loud, size_t n,
                          int16_t least, uint8_t *restrict mark)
{
    struct tile t;
    for (unsigned f = 0; f < p->phases; f++) {
        const size_t reach = (n + p->reach) / TILE_BESIDE * TILE_BESIDE + 2 * TILE_BESIDE;
        (p->taps > 4 ? wide_pulses : pulses)(p, f, loud - PULSE_BEFORE, reach, t.pulse[f]);
    }
    memset(t.score, 0, sizeof t.score);
    for (unsigned f = 0; f < p->phases; f++) {
        score_phase(p, &t, f, n + TILE_BESIDE, least / 2);
    }
    const int16_t *restrict s = t.score;
    for (size_t k = 0; k < n; k++) {
        const int16_t next = higher_of(s[k + 1], s[k + 2]), bar = higher_of(next, least);
        mark[k] = (uint8_t)(s[k] >= bar ? (s[k] & KERNEL_PHASE_MASK) + 1 : 0);
    }
}

static void preamble(const struct kernel_preamble *p, const uint16_t *loud, size_t n, int16_t least,
                     uint8_t *mark)
{
    for (size_t done = 0; done < n; done += KERNEL_TILE) {
        const size_t part = n - done < KERNEL_TILE ? n - done : KERNEL_TILE;
        preamble_tile(p, loud + done, part, least, mark + done);
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
