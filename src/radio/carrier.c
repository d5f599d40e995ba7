#include "radio/carrier.h"

#include "radio/middle.h"

#include <math.h>
#include <string.h>

enum {
    PART_CHIPS = 16,
    PARTS = BURST_CHIPS / PART_CHIPS,
    WINDOW = 14,       /* pulses to either side that tell a pulse's phase */
    CANCEL_WINDOW = 10 /* and amplitude, which may droop, when it is taken out */
};

/* A log likelihood ratio ends here for one half of a bit: what is further off is not noise but a
   foreign pulse, and says nothing. */
#define FOREIGN 10.0f

/* A bit with a log likelihood ratio below this may well be wrong: one in 50 is. */
#define UNSURE 4.0f

/* Pairs of pulses that agree less than this are of no carrier. */
#define PAIRS_AGREE 0.25f

/* Pulses of a known burst: where, and how high. */
struct pulses {
    unsigned n;
    uint8_t chip[BURST_CHIPS];
    struct amplitude a[BURST_CHIPS];
    float magnitude[BURST_CHIPS];
};

static void add_pulse(struct pulses *s, unsigned chip, struct amplitude a)
{
    s->chip[s->n] = (uint8_t)chip;
    s->a[s->n] = a;
    s->magnitude[s->n++] = sqrtf(a.re * a.re + a.im * a.im) + 1e-12f;
}

static void pulses_of_bits(const struct burst *b, struct pulses *s)
{
    s->n = 0;
    for (unsigned k = 0; k < b->bits; k++) {
        const unsigned chip = PREAMBLE_CHIPS + 2 * k + (b->sure[k] <= 0);
        add_pulse(s, chip, b->chip[chip]);
    }
}

/* The turn from one pulse to the next two chips on, over all such pairs, none counting for more
   than its height: unambiguous up to half a turn in a microsecond, 500 kHz. agree: 0 .. 1, how much
   of one mind the pairs are. */
static float turn_by_pairs(const struct pulses *s, float height, float *agree)
{
    const float most = height * height;
    float re = 0, im = 0, sum = 1e-20f;
    for (unsigned k = 0; k + 1 < s->n; k++) {
        const struct amplitude a = s->a[k], c = s->a[k + 1];
        const float m = s->magnitude[k] * s->magnitude[k + 1];
        const float w = s->chip[k + 1] != s->chip[k] + 2 ? 0 : m > most ? most / m : 1;
        re += w * (c.re * a.re + c.im * a.im);
        im += w * (c.im * a.re - c.re * a.im);
        sum += w * m;
    }
    *agree = sqrtf(re * re + im * im) / sum;
    return atan2f(im, re) / 2;
}

/* Phasors of the turn back for every chip, eight side by side. */
static void turn_back(float turn, struct amplitude back[BURST_CHIPS])
{
    enum { LANES = 8 };
    float re[LANES], im[LANES];
    for (int k = 0; k < LANES; k++) {
        re[k] = cosf(-turn * (float)k);
        im[k] = sinf(-turn * (float)k);
    }
    const float c = cosf(-turn * LANES), s = sinf(-turn * LANES);
    for (unsigned k = 0; k < BURST_CHIPS; k += LANES) {
        for (int j = 0; j < LANES; j++) {
            back[k + j] = (struct amplitude){re[j], im[j]};
            const float next = re[j] * c - im[j] * s;
            im[j] = re[j] * s + im[j] * c;
            re[j] = next;
        }
    }
}

static struct amplitude times(struct amplitude a, struct amplitude b)
{
    return (struct amplitude){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* Sums of the pulses turned back over parts of the burst, PART_CHIPS long. */
static void sum_parts(const struct pulses *s, const struct amplitude back[BURST_CHIPS],
                      float height, struct amplitude sum[PARTS])
{
    const float most = 1.3f * height;
    memset(sum, 0, PARTS * sizeof sum[0]);
    for (unsigned k = 0; k < s->n; k++) {
        const float w = s->magnitude[k] > most ? most / s->magnitude[k] : 1;
        const struct amplitude z = times(s->a[k], back[s->chip[k]]);
        sum[s->chip[k] / PART_CHIPS].re += w * z.re;
        sum[s->chip[k] / PART_CHIPS].im += w * z.im;
    }
}

/* Angle from each sum to the one `step` further on, over all. */
static float angle_between(const struct amplitude sum[PARTS], unsigned step)
{
    float re = 0, im = 0;
    for (unsigned k = 0; k + step < PARTS; k++) {
        re += sum[k + step].re * sum[k].re + sum[k + step].im * sum[k].im;
        im += sum[k + step].im * sum[k].re - sum[k + step].re * sum[k].im;
    }
    return atan2f(im, re);
}

/* What is left of a turn that is right to half a turn in PART_CHIPS: first from one part to the
   next, then, those turned by that, from each to the one half a burst further on. */
static float turn_left(const struct pulses *s, const struct amplitude back[BURST_CHIPS],
                       float height)
{
    struct amplitude sum[PARTS];
    sum_parts(s, back, height, sum);
    const float coarse = angle_between(sum, 1);
    for (unsigned k = 0; k < PARTS; k++) {
        const struct amplitude z = {cosf(-coarse * (float)k), sinf(-coarse * (float)k)};
        sum[k] = times(sum[k], z);
    }
    const unsigned half = (s->chip[s->n - 1] / PART_CHIPS + 1) / 2;
    return (coarse + angle_between(sum, half) / (float)half) / PART_CHIPS;
}

static float find_turn(const struct pulses *s, float height, float turn,
                       struct amplitude back[BURST_CHIPS])
{
    turn_back(turn, back);
    turn += turn_left(s, back, height);
    turn_back(turn, back);
    return turn;
}

/* Sums of the pulses turned back, none higher than 1.5 heights, from the first on. */
static void sum_up(const struct pulses *s, const struct amplitude back[BURST_CHIPS], float most,
                   struct amplitude sum[BURST_CHIPS + 1], float *magnitudes)
{
    sum[0] = (struct amplitude){0};
    *magnitudes = 0;
    for (unsigned k = 0; k < s->n; k++) {
        const float w = s->magnitude[k] > most ? most / s->magnitude[k] : 1;
        const struct amplitude z = times(s->a[k], back[s->chip[k]]);
        sum[k + 1] = (struct amplitude){sum[k].re + w * z.re, sum[k].im + w * z.im};
        *magnitudes += w * s->magnitude[k];
    }
}

/* Mean of the pulses around one. */
static struct amplitude around(const struct amplitude *sum, unsigned n, unsigned k, unsigned window)
{
    const unsigned low = k < window ? 0 : k - window;
    const unsigned high = k + window + 1 > n ? n : k + window + 1;
    const float each = 1.0f / (float)(high - low);
    return (struct amplitude){each * (sum[high].re - sum[low].re),
                              each * (sum[high].im - sum[low].im)};
}

/* How far an amplitude is from what it should be (along the carrier), in noises squared. */
static float off(struct amplitude a, float should, float per_noise)
{
    const float d = a.re - should;
    const float r = (d * d + a.im * a.im) * per_noise;
    return r < FOREIGN ? r : FOREIGN;
}

struct expectation {
    float height, leak, per_noise;
};

/* before, after: whether the chip before and the one after the bit hold a pulse. */
static float ratio(const struct expectation *e, struct amplitude one, struct amplitude two,
                   bool before, bool after)
{
    const float h = e->height, l = e->leak * h;
    const float b = before ? l : 0, a = after ? l : 0;
    const float if_1 = off(one, h + b, e->per_noise) + off(two, l + a, e->per_noise);
    const float if_0 = off(one, l + b, e->per_noise) + off(two, h + a, e->per_noise);
    return if_0 - if_1;
}

/* The phase of the carrier at each bit, from the pulses around it; their mean height along it. */
static float follow_phase(const struct pulses *s, const struct amplitude back[BURST_CHIPS],
                          float most, struct amplitude phase[BURST_BITS], float *coherence)
{
    struct amplitude sum[BURST_CHIPS + 1];
    float magnitudes, along = 0, height = 0;
    sum_up(s, back, most, sum, &magnitudes);
    for (unsigned k = 0; k < s->n; k++) {
        const struct amplitude mean = around(sum, s->n, k, WINDOW);
        const float m = sqrtf(mean.re * mean.re + mean.im * mean.im) + 1e-12f;
        phase[k] = (struct amplitude){mean.re / m, -mean.im / m};
        along += m;
        height +=
            (sum[k + 1].re - sum[k].re) * phase[k].re - (sum[k + 1].im - sum[k].im) * phase[k].im;
    }
    *coherence = along / (magnitudes + 1e-12f);
    return height / (float)s->n;
}

/* Decides the bits anew; returns how many are not sure. */
static unsigned decide(struct burst *b, const struct expectation *e,
                       const struct amplitude back[BURST_CHIPS],
                       const struct amplitude phase[BURST_BITS])
{
    float sure[BURST_BITS];
    unsigned unsure = 0;
    for (unsigned k = 0; k < b->bits; k++) {
        const unsigned chip = PREAMBLE_CHIPS + 2 * k;
        const struct amplitude one = times(times(b->chip[chip], back[chip]), phase[k]);
        const struct amplitude two = times(times(b->chip[chip + 1], back[chip + 1]), phase[k]);
        sure[k] = ratio(e, one, two, k > 0 && b->sure[k - 1] <= 0,
                        k + 1 < b->bits && b->sure[k + 1] > 0) +
                  1e-3f * (one.re - two.re) / e->height;
        unsure += fabsf(sure[k]) < UNSURE;
    }
    memcpy(b->sure, sure, b->bits * sizeof sure[0]);
    burst_pack(b);
    return unsure;
}

bool carrier_decide(struct burst *b, const struct pulse *p, float noise, struct carrier *c)
{
    struct pulses s;
    struct amplitude back[BURST_CHIPS], phase[BURST_BITS];
    float agree = 1;
    pulses_of_bits(b, &s);
    c->turn = c->known ? c->turn : turn_by_pairs(&s, b->height, &agree);
    if (agree < PAIRS_AGREE) {
        return false;
    }
    c->turn = find_turn(&s, b->height, c->turn, back);
    c->known = true;
    const float height = follow_phase(&s, back, 1.5f * b->height, phase, &c->coherence);
    const float h = fmaxf(height, 0.3f * b->height);
    const struct expectation e = {
        .height = h, .leak = p->leak, .per_noise = 1 / (noise * noise + 0.02f * h * h)};
    c->unsure = decide(b, &e, back, phase);
    return true;
}

float carrier_agreement(const struct burst *b, const struct pulse *p, const float *iq, unsigned n,
                        float height)
{
    struct pulses s = {.n = 0};
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        const unsigned chip = preamble_pulse[k];
        add_pulse(&s, chip, pulse_find(p, iq, b->at + p->chip_q * (int64_t)chip));
    }
    for (unsigned k = 0; k < n; k++) {
        const unsigned chip = PREAMBLE_CHIPS + 2 * k;
        const struct amplitude one = b->chip[chip], two = b->chip[chip + 1];
        const bool first = one.re * one.re + one.im * one.im > two.re * two.re + two.im * two.im;
        add_pulse(&s, chip + !first, first ? one : two);
    }
    float agree;
    turn_by_pairs(&s, height, &agree);
    return agree;
}

/* All pulses of a burst, measured anew where they are now: what was taken out before is gone. */
static void pulses_of_burst(const struct burst *b, const struct pulse *p, const float *iq,
                            struct pulses *s)
{
    uint8_t has[BURST_CHIPS + 2] = {0};
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        has[1 + preamble_pulse[k]] = 1;
    }
    for (unsigned k = 0; k < b->bits; k++) {
        has[1 + PREAMBLE_CHIPS + 2 * k + !(b->byte[k / 8] >> (7 - k % 8) & 1)] = 1;
    }
    s->n = 0;
    for (unsigned k = 0; k < PREAMBLE_CHIPS + 2 * b->bits; k++) {
        if (!has[1 + k]) {
            continue;
        }
        const struct amplitude a = pulse_find(p, iq, b->at + p->chip_q * (int64_t)k);
        const float own = 1 / (1 + p->leak * (float)(has[k] + has[k + 2]));
        add_pulse(s, k, (struct amplitude){a.re * own, a.im * own});
    }
}

static void take_pulse(const struct pulse *p, float *iq, int64_t at, struct amplitude a)
{
    const int64_t fine = at + (1 << (PULSE_Q - 5));
    float *s = iq + 2 * ((fine >> PULSE_Q) - PULSE_FORM_BEFORE);
    const float *form = p->form[(fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1)];
    for (unsigned j = 0; j < p->form_taps; j++) {
        s[2 * j] -= a.re * form[j];
        s[2 * j + 1] -= a.im * form[j];
    }
}

void carrier_cancel(const struct burst *b, const struct pulse *p, float *iq)
{
    struct pulses s;
    struct amplitude back[BURST_CHIPS], sum[BURST_CHIPS + 1];
    float sorted[BURST_CHIPS], magnitudes;
    pulses_of_burst(b, p, iq, &s);
    memcpy(sorted, s.magnitude, s.n * sizeof sorted[0]);
    const float height = middle_of(sorted, s.n);
    float agree;
    const float turn = turn_by_pairs(&s, height, &agree);
    find_turn(&s, height, turn, back);
    sum_up(&s, back, 1.3f * height, sum, &magnitudes);
    for (unsigned k = 0; k < s.n; k++) {
        const struct amplitude mean = around(sum, s.n, k, CANCEL_WINDOW);
        const struct amplitude forth = {back[s.chip[k]].re, -back[s.chip[k]].im};
        take_pulse(p, iq, b->at + p->chip_q * s.chip[k], times(mean, forth));
    }
}
