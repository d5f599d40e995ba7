/* The carrier under a burst (see burst.h). Compiled once for each processor, by kernel_body.h. */
#ifndef MASAR_RADIO_CARRIER_BODY_H
#define MASAR_RADIO_CARRIER_BODY_H

#include "radio/burst.h"
#include "radio/burst_body.h"
#include "radio/lanes.h"

#include <math.h>

enum {
    PART = LANES, /* bits whose pulses are summed, so that noise does not hide their phase */
    PARTS = BURST_BITS / PART,
    PART_CHIPS = 2 * PART,
    LEAK_CHIPS = 5 /* a leak is the mean of so many chips': at 2.4 MHz their phases repeat then */
};

/* A log likelihood ratio ends here for one half of a bit: what is further off is not noise but a
   foreign pulse, and says nothing. */
#define FOREIGN 10.0f

/* A bit with a log likelihood ratio below this may well be wrong: one in 50 is. */
#define UNSURE 4.0f

/* Pairs of pulses that agree less than this are of no carrier. */
#define PAIRS_AGREE 0.25f

/* What a pulse counts for at most, in heights: more is of two. */
#define COUNTS_FOR 1.35f

/* The pulse of every bit, as the bits are decided now, with a place after the last. */
struct pulses {
    unsigned n;
    float re[BURST_BITS + LANES], im[BURST_BITS + LANES], size[BURST_BITS + LANES];
    float first[BURST_BITS + 2 * LANES]; /* from LANES on: 1 where it is in the first half */
};

struct phasors {
    float re[BURST_BITS], im[BURST_BITS];
};

struct parts {
    unsigned n;
    struct amplitude sum[PARTS];
};

static struct amplitude times(struct amplitude a, struct amplitude b)
{
    return (struct amplitude){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static struct amplitude phasor(float angle)
{
    return (struct amplitude){cosf(angle), sinf(angle)};
}

static void pick_pulses(const struct burst *b, unsigned n, struct pulses *restrict s)
{
    const struct burst_half *one = &b->half[0], *two = &b->half[1];
    float *first = s->first + LANES;
    s->n = n;
    for (unsigned k = 0; k < n; k++) {
        const float re = b->sure[k] > 0 ? one->re[k] : two->re[k];
        const float im = b->sure[k] > 0 ? one->im[k] : two->im[k];
        first[k] = b->sure[k] > 0 ? 1.0f : 0.0f;
        s->re[k] = re;
        s->im[k] = im;
        s->size[k] = sqrtf(re * re + im * im) + 1e-12f;
    }
    /* Before the first there is no pulse in a second half, nor one after the last. */
    first[-1] = 1;
    first[n] = s->re[n] = s->im[n] = s->size[n] = 0;
}

/* Pairs of pulses two chips apart, none counting for more than its height: the turn of all. */
struct turns {
    float re, im, size;
};

static struct turns turns_of_pairs(const struct pulses *restrict s, float height)
{
    float re[BURST_BITS], im[BURST_BITS], size[BURST_BITS];
    const float most = height * height, *first = s->first + LANES;
    for (unsigned k = 0; k < s->n; k++) {
        const float m = s->size[k] * s->size[k + 1];
        const float w = (first[k] == first[k + 1] ? most : 0.0f) / (m > most ? m : most);
        re[k] = w * (s->re[k + 1] * s->re[k] + s->im[k + 1] * s->im[k]);
        im[k] = w * (s->im[k + 1] * s->re[k] - s->re[k + 1] * s->im[k]);
        size[k] = w * m;
    }
    return (struct turns){
        .re = lanes_total(re, s->n), .im = lanes_total(im, s->n), .size = lanes_total(size, s->n)};
}

static float agreement_of(const struct turns *t)
{
    return sqrtf(t->re * t->re + t->im * t->im) / (t->size + 1e-20f);
}

/* Phasors of the turn back for every bit, from its first half. */
static void turn_back(float turn, unsigned n, struct phasors *restrict back)
{
    const struct amplitude one = phasor(-2 * turn);
    struct amplitude power = {1, 0};
    for (unsigned k = 0; k < LANES; k++) {
        back->re[k] = power.re;
        back->im[k] = power.im;
        power = times(power, one);
    }
    for (unsigned k = LANES; k < n; k++) {
        back->re[k] = back->re[k - LANES] * power.re - back->im[k - LANES] * power.im;
        back->im[k] = back->re[k - LANES] * power.im + back->im[k - LANES] * power.re;
    }
}

/* Sums of the pulses turned back over parts of the burst; size: of what each counts for, all. */
static void sum_parts(const struct pulses *restrict s, const struct phasors *restrict back,
                      float turn, float height, struct parts *sum, float *size)
{
    float re[BURST_BITS], im[BURST_BITS], counts[BURST_BITS];
    const struct amplitude half = phasor(-turn);
    const float most = COUNTS_FOR * height, *first = s->first + LANES;
    for (unsigned k = 0; k < s->n; k++) {
        const float w = most / (s->size[k] > most ? s->size[k] : most);
        const float c = w * (half.re + first[k] * (1 - half.re));
        const float d = w * (half.im - first[k] * half.im);
        const float tr = back->re[k] * c - back->im[k] * d;
        const float ti = back->re[k] * d + back->im[k] * c;
        re[k] = s->re[k] * tr - s->im[k] * ti;
        im[k] = s->re[k] * ti + s->im[k] * tr;
        counts[k] = w * s->size[k];
    }
    sum->n = s->n / PART;
    for (unsigned k = 0; k < sum->n; k++) {
        sum->sum[k].re = lanes_total(re + k * PART, PART);
        sum->sum[k].im = lanes_total(im + k * PART, PART);
    }
    *size = lanes_total(counts, s->n);
}

/* From each sum to the one `step` further on, over all. */
static struct amplitude turn_between(const struct parts *p, unsigned step)
{
    struct amplitude all = {0, 0};
    for (unsigned k = 0; k + step < p->n; k++) {
        const struct amplitude a = p->sum[k], b = p->sum[k + step];
        all.re += b.re * a.re + b.im * a.im;
        all.im += b.im * a.re - b.re * a.im;
    }
    return all;
}

/* What is left of a turn that is right to half a turn in a part: first from one part to the next,
   then, those turned by that, from each to the one half a burst further on. */
static float turn_left(struct parts *p)
{
    const struct amplitude next = turn_between(p, 1);
    const float coarse = atan2f(next.im, next.re);
    const float size = sqrtf(next.re * next.re + next.im * next.im) + 1e-20f;
    const struct amplitude one = {next.re / size, -next.im / size};
    struct amplitude power = {1, 0};
    for (unsigned k = 0; k < p->n; k++) {
        p->sum[k] = times(p->sum[k], power);
        power = times(power, one);
    }
    const unsigned half = p->n / 2;
    const struct amplitude far = turn_between(p, half);
    return (coarse + atan2f(far.im, far.re) / (float)half) / PART_CHIPS;
}

static float find_turn(const struct pulses *s, float height, float turn, struct phasors *back,
                       struct parts *parts, float *size)
{
    turn_back(turn, s->n, back);
    sum_parts(s, back, turn, height, parts, size);
    turn += turn_left(parts);
    turn_back(turn, s->n, back);
    sum_parts(s, back, turn, height, parts, size);
    return turn;
}

/* Mean of the pulses of the parts around one. */
static struct amplitude around(const struct parts *p, unsigned k)
{
    const unsigned low = k < 1 ? 0 : k - 1, high = k + 2 > p->n ? p->n : k + 2;
    struct amplitude sum = {0, 0};
    for (unsigned j = low; j < high; j++) {
        sum.re += p->sum[j].re;
        sum.im += p->sum[j].im;
    }
    const float each = 1.0f / (float)((high - low) * PART);
    return (struct amplitude){sum.re * each, sum.im * each};
}

/* Turns each bit's phasor on by the phase of the carrier around it; the pulses' mean height along
   it. */
static float follow_phase(const struct parts *parts, struct phasors *restrict back, float *along)
{
    float height = 0;
    *along = 0;
    for (unsigned k = 0; k < parts->n; k++) {
        const struct amplitude mean = around(parts, k);
        const float size = sqrtf(mean.re * mean.re + mean.im * mean.im) + 1e-12f;
        const struct amplitude phase = {mean.re / size, -mean.im / size};
        *along += size;
        height += parts->sum[k].re * phase.re - parts->sum[k].im * phase.im;
        float *re = back->re + k * PART, *im = back->im + k * PART;
        for (unsigned j = 0; j < PART; j++) {
            const float r = re[j] * phase.re - im[j] * phase.im;
            im[j] = re[j] * phase.im + im[j] * phase.re;
            re[j] = r;
        }
    }
    *along *= PART;
    return height / (float)(parts->n * PART);
}

struct expectation {
    float height, per_noise;
    float before, after;   /* what a pulse in the chip before, or after, puts into one */
    struct amplitude half; /* turn back from a second half to the first */
};

/* How far from what they should be the halves that two bits beside each other both have a part in
   are: the second half of the first, the first of the second. By what the two bits are. */
struct offs {
    float of[4][BURST_BITS + 1]; /* 2 x first + second; of bits k-1 and k */
};

/* How far an amplitude is from what it should be (along the carrier), in noises squared. */
static inline float off(float along, float across, float should, float per_noise)
{
    const float d = along - should;
    const float r = (d * d + across * across) * per_noise;
    return r < FOREIGN ? r : FOREIGN;
}

/* The halves turned to the carrier, with a place before the first and after the last bit. */
struct halves {
    float x1[BURST_BITS + 1], y1[BURST_BITS + 1], x2[BURST_BITS + 1], y2[BURST_BITS + 1];
};

static void turn_halves(const struct burst *restrict b, const struct expectation *e,
                        const struct phasors *restrict back, struct halves *restrict to)
{
    const struct burst_half *one = &b->half[0], *two = &b->half[1];
    const float hr = e->half.re, hi = e->half.im;
    to->x2[0] = to->y2[0] = to->x1[b->bits] = to->y1[b->bits] = 0;
    for (unsigned k = 0; k < b->bits; k++) {
        const float br = back->re[k], bi = back->im[k];
        const float cr = br * hr - bi * hi, ci = br * hi + bi * hr;
        to->x1[k] = one->re[k] * br - one->im[k] * bi;
        to->y1[k] = one->re[k] * bi + one->im[k] * br;
        to->x2[k + 1] = two->re[k] * cr - two->im[k] * ci;
        to->y2[k + 1] = two->re[k] * ci + two->im[k] * cr;
    }
}

static void weigh_pairs(const struct halves *restrict h, const struct expectation *e, unsigned n,
                        struct offs *restrict o)
{
    const float pn = e->per_noise, high = e->height;
    const float before = e->before * high, after = e->after * high;
    for (unsigned k = 0; k <= n; k++) {
        const float x1 = h->x1[k], y1 = h->y1[k], x2 = h->x2[k], y2 = h->y2[k];
        o->of[0][k] = off(x2, y2, high, pn) + off(x1, y1, after + before, pn);
        o->of[1][k] = off(x2, y2, high + after, pn) + off(x1, y1, high + before, pn);
        o->of[2][k] = off(x2, y2, before, pn) + off(x1, y1, after, pn);
        o->of[3][k] = off(x2, y2, before + after, pn) + off(x1, y1, high, pn);
    }
    /* Before the first bit, behind the last, nothing was measured. */
    o->of[2][0] = off(h->x1[0], h->y1[0], after, pn);
    o->of[3][0] = off(h->x1[0], h->y1[0], high, pn);
    o->of[0][n] = off(h->x2[n], h->y2[n], high, pn);
    o->of[2][n] = off(h->x2[n], h->y2[n], before, pn);
}

static inline float less(float a, float b)
{
    return a < b ? a : b;
}

/* How sure each bit is: the least that all bits together are off with it a 0, less that with it a
   1. Pulses reach into the chips beside them, so no bit can be weighed alone; each knows of what is
   before and behind it by two sums. */
static void weigh_bits(const struct offs *restrict o, unsigned n, float *restrict sure)
{
    float up[2][BURST_BITS], down[2][BURST_BITS];
    float u0 = o->of[2][0], u1 = o->of[3][0], d0 = o->of[0][n], d1 = o->of[2][n];
    for (unsigned k = 0, j = n - 1; k < n; k++, j--) {
        up[0][k] = u0;
        up[1][k] = u1;
        down[0][j] = d0;
        down[1][j] = d1;
        const float v0 = less(u0 + o->of[0][k + 1], u1 + o->of[2][k + 1]);
        u1 = less(u0 + o->of[1][k + 1], u1 + o->of[3][k + 1]);
        u0 = v0;
        const float e0 = less(d0 + o->of[0][j], d1 + o->of[1][j]);
        d1 = less(d0 + o->of[2][j], d1 + o->of[3][j]);
        d0 = e0;
    }
    for (unsigned k = 0; k < n; k++) {
        sure[k] = (up[0][k] + down[0][k]) - (up[1][k] + down[1][k]);
    }
}

/* What is off counts at most so much, so that bits under foreign pulses would be equal: then the
   higher half tells. */
static void prefer_higher(const struct halves *h, float height, unsigned n, float *restrict sure)
{
    const float more = 1e-3f / height;
    for (unsigned k = 0; k < n; k++) {
        sure[k] += more * (h->x1[k] - h->x2[k + 1]);
    }
}

static struct expectation expect(const struct burst *b, const struct pulse *p, float height,
                                 float noise, float turn)
{
    struct expectation e = {.height = height,
                            .per_noise = 1 / (noise * noise + 0.02f * height * height),
                            .half = phasor(-turn)};
    for (int k = 0; k < LEAK_CHIPS; k++) {
        const int64_t fine = b->at + p->chip_q * k + (1 << (PULSE_Q - 5));
        const unsigned phase = (fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1);
        e.before += p->before[phase] / LEAK_CHIPS;
        e.after += p->after[phase] / LEAK_CHIPS;
    }
    return e;
}

static unsigned count_unsure(const float *sure, unsigned n)
{
    uint32_t unsure = 0;
    for (unsigned k = 0; k < n; k++) {
        unsure += (uint32_t)(fabsf(sure[k]) < UNSURE);
    }
    return unsure;
}

static bool carrier_decide(struct burst *b, const struct pulse *p, float noise, struct carrier *c)
{
    struct pulses s;
    struct phasors back;
    struct parts parts;
    float size, along;
    pick_pulses(b, b->bits, &s);
    if (!c->known) {
        const struct turns t = turns_of_pairs(&s, b->height);
        if (agreement_of(&t) < PAIRS_AGREE) {
            return false;
        }
        c->turn = atan2f(t.im, t.re) / 2;
        c->known = true;
    }
    c->turn = find_turn(&s, b->height, c->turn, &back, &parts, &size);
    const float height = follow_phase(&parts, &back, &along);
    c->coherence = along / (size + 1e-12f);
    const float h = fmaxf(height, 0.3f * b->height);
    const struct expectation e = expect(b, p, h, noise, c->turn);
    struct halves halves;
    struct offs offs;
    turn_halves(b, &e, &back, &halves);
    weigh_pairs(&halves, &e, b->bits, &offs);
    weigh_bits(&offs, b->bits, b->sure);
    prefer_higher(&halves, h, b->bits, b->sure);
    c->unsure = count_unsure(b->sure, b->bits);
    burst_pack(b);
    return true;
}

/* The pulses of a preamble that are two chips apart. */
static void add_preamble_pairs(struct turns *t, const struct preamble_found *f)
{
    const float most = f->height * f->height;
    for (unsigned k = 0; k < KERNEL_PULSES; k += 2) {
        const struct amplitude a = {f->re[k], f->im[k]}, b = {f->re[k + 1], f->im[k + 1]};
        const float m = sqrtf((a.re * a.re + a.im * a.im) * (b.re * b.re + b.im * b.im));
        const float w = most / (m > most ? m : most);
        t->re += w * (b.re * a.re + b.im * a.im);
        t->im += w * (b.im * a.re - b.re * a.im);
        t->size += w * m;
    }
}

/* 0 .. 1: how well the preamble and the first bits agree on one carrier. About 0.3 by chance. Sets
   sure of those bits. */
static float carrier_agreement(struct burst *b, const float *one, const float *two)
{
    struct pulses s;
    for (unsigned k = 0; k < BURST_EARLY_BITS; k++) {
        b->sure[k] = one[k] - two[k];
    }
    pick_pulses(b, BURST_EARLY_BITS, &s);
    struct turns t = turns_of_pairs(&s, b->preamble.height);
    add_preamble_pairs(&t, &b->preamble);
    return agreement_of(&t);
}

static void take_pulse(const struct pulse *p, float *iq, int64_t at, struct amplitude a)
{
    const int64_t fine = at + (1 << (PULSE_Q - 5));
    float *s = iq + 2 * ((fine >> PULSE_Q) - PULSE_FORM_BEFORE);
    const float *form = p->form[(fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1)];
    const lanes both = {a.re, a.im, a.re, a.im, a.re, a.im, a.re, a.im};
    for (unsigned j = 0; j < 2 * p->form_taps; j += LANES) {
        const lanes left = lanes_load(s + j) - both * lanes_load(form + j);
        memcpy(s + j, &left, sizeof left);
    }
}

/* A pulse that stands beside others was measured with what leaks from them. */
static void remove_leaks(struct pulses *restrict s, float leak)
{
    const float *first = s->first + LANES;
    for (unsigned k = 0; k < s->n; k++) {
        const float beside = first[k] > 0 ? 1 - first[(int)k - 1] : first[k + 1];
        const float own = 1 / (1 + leak * beside);
        s->re[k] *= own;
        s->im[k] *= own;
        s->size[k] *= own;
    }
}

/* Takes a burst whose bits are right out of the samples it was found in. Sets sure. */
static void carrier_cancel(struct burst *b, const struct pulse *p, float *iq)
{
    struct pulses s;
    struct phasors back;
    struct parts parts;
    float size;
    for (unsigned k = 0; k < b->bits; k++) {
        b->sure[k] = b->byte[k / 8] >> (7 - k % 8) & 1 ? 1 : -1;
    }
    pick_pulses(b, b->bits, &s);
    remove_leaks(&s, p->leak);
    const struct turns t = turns_of_pairs(&s, b->height);
    const float turn = find_turn(&s, b->height, atan2f(t.im, t.re) / 2, &back, &parts, &size);
    const struct amplitude start = around(&parts, 0), forth = phasor(turn);
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        const int chip = preamble_pulse[k];
        const struct amplitude z = phasor(turn * (float)(chip - PREAMBLE_CHIPS));
        take_pulse(p, iq, b->at + p->chip_q * chip, times(start, z));
    }
    const float *first = s.first + LANES;
    for (unsigned k = 0; k < s.n; k++) {
        const struct amplitude z = {back.re[k], -back.im[k]};
        const struct amplitude a = times(around(&parts, k / PART), z);
        const int64_t chip = PREAMBLE_CHIPS + 2 * (int64_t)k + (first[k] > 0 ? 0 : 1);
        take_pulse(p, iq, b->at + p->chip_q * chip, first[k] > 0 ? a : times(a, forth));
    }
}

#endif
