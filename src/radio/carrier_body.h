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

/* What leaks from bit to bit to bit tells something as long as it is more than this. */
#define REACHES 0.0625f

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

/* Phasors of the turn back for every bit, from its first half; half: of the turn back in half a
 * bit.
 */
static void turn_back(struct amplitude half, unsigned n, struct phasors *restrict back)
{
    const struct amplitude one = times(half, half);
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
                      struct amplitude half, float height, struct parts *sum, float *size)
{
    float re[BURST_BITS], im[BURST_BITS], counts[BURST_BITS];
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

/* A turn, its phasor back, the phasors back of every bit, and the parts turned by them. */
struct found_turn {
    float turn;
    struct amplitude half;
    struct phasors back;
    struct parts parts;
    float size;
};

static void find_turn(const struct pulses *s, float height, float turn, struct found_turn *f)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        f->turn = pass ? turn + turn_left(&f->parts) : turn;
        f->half = phasor(-f->turn);
        turn_back(f->half, s->n, &f->back);
        sum_parts(s, &f->back, f->half, height, &f->parts, &f->size);
    }
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
    unsigned reach;        /* bits that one tells something of */
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

/* What lies on one side of each bit is off at least, were the bit a 0 or a 1; with a place before
   the first and after the last. */
struct sides {
    float of[2][BURST_BITS + 2 * LANES]; /* from LANES on */
};

/* There is no bit on that side: of what is there only the part that was measured counts. */
#define NEVER 1e6f

/* A bit further. */
static void from_before(const struct offs *restrict o, unsigned n, const struct sides *restrict was,
                        struct sides *restrict is)
{
    const float *zero = was->of[0] + LANES - 1, *one = was->of[1] + LANES - 1;
    for (unsigned k = 0; k < n; k++) {
        is->of[0][LANES + k] = less(zero[k] + o->of[0][k], one[k] + o->of[2][k]);
        is->of[1][LANES + k] = less(zero[k] + o->of[1][k], one[k] + o->of[3][k]);
    }
}

static void from_behind(const struct offs *restrict o, unsigned n, const struct sides *restrict was,
                        struct sides *restrict is)
{
    const float *zero = was->of[0] + LANES + 1, *one = was->of[1] + LANES + 1;
    for (unsigned k = 0; k < n; k++) {
        is->of[0][LANES + k] = less(zero[k] + o->of[0][k + 1], one[k] + o->of[1][k + 1]);
        is->of[1][LANES + k] = less(zero[k] + o->of[2][k + 1], one[k] + o->of[3][k + 1]);
    }
}

/* How sure each bit is: the least that it and the bits around it together are off with it a 0, less
   that with it a 1. Pulses reach into the chips beside them, so no bit can be weighed alone; but
   what is further away than `reach` bits (even) tells nothing more, and so all bits are weighed at
   once, so many times, and not one after the other. */
static void weigh_bits(const struct offs *restrict o, unsigned n, unsigned reach,
                       float *restrict sure)
{
    struct sides up[2], down[2];
    memset(&up[0], 0, sizeof up[0]);
    memset(&down[0], 0, sizeof down[0]);
    for (unsigned k = 0; k < 2; k++) {
        up[k].of[0][LANES - 1] = down[k].of[1][LANES + n] = NEVER;
        up[k].of[1][LANES - 1] = down[k].of[0][LANES + n] = 0;
    }
    for (unsigned k = 0; k < reach; k += 2) {
        from_before(o, n, &up[0], &up[1]);
        from_behind(o, n, &down[0], &down[1]);
        from_before(o, n, &up[1], &up[0]);
        from_behind(o, n, &down[1], &down[0]);
    }
    const float *up0 = up[0].of[0] + LANES, *up1 = up[0].of[1] + LANES;
    const float *down0 = down[0].of[0] + LANES, *down1 = down[0].of[1] + LANES;
    for (unsigned k = 0; k < n; k++) {
        sure[k] = (up0[k] + down0[k]) - (up1[k] + down1[k]);
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
                                 float noise, struct amplitude half)
{
    struct expectation e = {
        .height = height, .per_noise = 1 / (noise * noise + 0.02f * height * height), .half = half};
    for (int k = 0; k < LEAK_CHIPS; k++) {
        const int64_t fine = b->at + p->chip_q * k + (1 << (PULSE_Q - 5));
        const unsigned phase = (fine >> (PULSE_Q - 4)) & (PULSE_PHASES - 1);
        e.before += p->before[phase] / LEAK_CHIPS;
        e.after += p->after[phase] / LEAK_CHIPS;
    }
    const float leak = fminf(e.before + e.after, 0.8f);
    float left = 1;
    for (e.reach = 0; left > REACHES; e.reach += 2) {
        left *= leak * leak;
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
    struct found_turn f;
    float along;
    pick_pulses(b, b->bits, &s);
    if (!c->known) {
        const struct turns t = turns_of_pairs(&s, b->height);
        if (agreement_of(&t) < PAIRS_AGREE) {
            return false;
        }
        c->turn = atan2f(t.im, t.re) / 2;
        c->known = true;
    }
    find_turn(&s, b->height, c->turn, &f);
    c->turn = f.turn;
    const float height = follow_phase(&f.parts, &f.back, &along);
    c->coherence = along / (f.size + 1e-12f);
    const float h = fmaxf(height, 0.3f * b->height);
    const struct expectation e = expect(b, p, h, noise, f.half);
    struct halves halves;
    struct offs offs;
    turn_halves(b, &e, &f.back, &halves);
    weigh_pairs(&halves, &e, b->bits, &offs);
    weigh_bits(&offs, b->bits, e.reach, b->sure);
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
        const float before = 1 - first[(int)k - 1], after = first[k + 1];
        const float own = 1 / (1 + leak * (after + first[k] * (before - after)));
        s->re[k] *= own;
        s->im[k] *= own;
        s->size[k] *= own;
    }
}

/* The amplitude of every pulse by the carrier: the mean around it, turned on to it. */
static void pulses_of_carrier(const struct pulses *restrict s, const struct parts *parts,
                              const struct phasors *restrict back, struct amplitude forth,
                              struct phasors *restrict a)
{
    const float *first = s->first + LANES;
    for (unsigned k = 0; k < s->n; k += PART) {
        const struct amplitude mean = around(parts, k / PART);
        const struct amplitude second = times(mean, forth);
        for (unsigned j = k; j < k + PART; j++) {
            const float re = second.re + first[j] * (mean.re - second.re);
            const float im = second.im + first[j] * (mean.im - second.im);
            a->re[j] = re * back->re[j] + im * back->im[j];
            a->im[j] = im * back->re[j] - re * back->im[j];
        }
    }
}

/* Not one pulse after the other: they overlap, and a processor waits for what it has just written
   in other pieces than it reads. */
enum { APART = 5 };

static void take_bits(const struct burst *b, const struct pulse *p, float *iq,
                      const struct phasors *a)
{
    const int64_t first = b->at + p->chip_q * PREAMBLE_CHIPS;
    for (unsigned turn = 0; turn < APART; turn++) {
        for (unsigned k = turn; k < b->bits; k += APART) {
            const int64_t chip = 2 * (int64_t)k + (b->sure[k] > 0 ? 0 : 1);
            take_pulse(p, iq, first + p->chip_q * chip, (struct amplitude){a->re[k], a->im[k]});
        }
    }
}

/* Takes a burst whose bits are right out of the samples it was found in. Sets sure. */
static void carrier_cancel(struct burst *b, const struct pulse *p, float *iq)
{
    struct pulses s;
    struct found_turn f;
    struct phasors a;
    for (unsigned k = 0; k < b->bits; k++) {
        b->sure[k] = b->byte[k / 8] >> (7 - k % 8) & 1 ? 1 : -1;
    }
    pick_pulses(b, b->bits, &s);
    remove_leaks(&s, p->leak);
    const struct turns t = turns_of_pairs(&s, b->height);
    find_turn(&s, b->height, atan2f(t.im, t.re) / 2, &f);
    const struct amplitude start = around(&f.parts, 0);
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        const int chip = preamble_pulse[k];
        const struct amplitude z = phasor(f.turn * (float)(chip - PREAMBLE_CHIPS));
        take_pulse(p, iq, b->at + p->chip_q * chip, times(start, z));
    }
    pulses_of_carrier(&s, &f.parts, &f.back, (struct amplitude){f.half.re, -f.half.im}, &a);
    take_bits(b, p, iq, &a);
}

#endif
