/* What is done often: for every sample, how loud it is and how much like a preamble what follows it
   looks; for every start, from its preamble to its bits. The same C (kernel_body.h) is compiled for
   several processors; all give the same answer to the bit, and the best the processor has is chosen
   at run time. Pure. */
#ifndef MASAR_RADIO_KERNEL_H
#define MASAR_RADIO_KERNEL_H

#include "radio/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KERNEL_PHASES_MAX = 3, /* fractions of a sample a preamble is looked for at */
    KERNEL_PHASE_MASK = 3, /* where a score holds its phase */
    KERNEL_TAPS_MAX = 16,
    KERNEL_PULSES = 4,      /* of a preamble, and quiet places held against them */
    KERNEL_LOUD_MAX = 4095, /* loudness ends here */
    KERNEL_TILE = 1024,     /* starts looked at together, so that what is between stays near */
    UAT_LAG_MAX = 16,
    UAT_PLACES = 32 /* looked at together */
};

/* Where to look, in whole samples after a start, and at which phase. */
struct kernel_place {
    uint16_t offset;
    uint8_t phase;
};

struct kernel_preamble {
    unsigned phases, taps;
    uint16_t weight[KERNEL_PHASES_MAX][KERNEL_TAPS_MAX]; /* of a pulse's samples; sum at most 16 */
    struct kernel_place pulse[KERNEL_PHASES_MAX][KERNEL_PULSES];
    struct kernel_place quiet[KERNEL_PHASES_MAX][KERNEL_PULSES];
    unsigned reach; /* samples after a start that are looked at */
};

struct burst;
struct carrier;
struct thin;
struct pulse;

struct kernel {
    const char *name;
    /* Turns n complex samples into iq (re and im in turn, full scale 1) without the receiver's
       offset of I and Q (full scale 1); returns how many values were at the end of the scale. */
    uint64_t (*read)(enum sample_format f, const uint8_t *in, size_t n, float i, float q,
                     float *iq);
    /* Fewer of the samples held in t; returns how many went to out. */
    size_t (*thin)(struct thin *t, float *out);
    /* The mean of n complex samples. */
    void (*mean)(const float *iq, size_t n, float *i, float *q);
    /* The mean power of n complex samples, n a multiple of 4. */
    float (*power)(const float *iq, size_t n);
    /* loud[k] = gain x magnitude of sample k, at most KERNEL_LOUD_MAX. */
    void (*loudness)(const float *iq, size_t n, float gain, uint16_t *loud);
    /* Marks of n starts (a multiple of 32) the best phase, plus 1, of those whose pulses stand at
       least so far above their quiet places, and further than those of the next two; 0 the others.
       loud[-PULSE_BEFORE .. n + reach + 64] is read. */
    void (*preamble)(const struct kernel_preamble *p, const uint16_t *loud, size_t n, int16_t least,
                     uint8_t *mark);
    /* From a start (b->at) to its early bits: false where no transmission begins. Else b->at is
       moved to where its pulses are best met. noise: deviation of an amplitude where there is
       nothing. */
    bool (*begin)(struct burst *b, const struct pulse *p, const float *iq, float noise);
    /* The rest of its bits, by magnitudes: sure in amplitudes. */
    void (*compare)(struct burst *b, const struct pulse *p, const float *iq);
    /* Estimates the carrier from the bits as they are decided now, the better the second time, and
       decides them anew: sure becomes a log likelihood ratio. False: there is no carrier, nothing
       is changed. */
    bool (*decide)(struct burst *b, const struct pulse *p, float noise, struct carrier *c);
    /* Takes a burst whose bits are right out of the samples it was found in. Sets sure. */
    void (*cancel)(struct burst *b, const struct pulse *p, float *iq);
    /* UAT: the sines of phase steps over `lag` samples (at most UAT_LAG_MAX) at n places, of n + 2
       lag samples; and sums over taps of weight[k] x bit[i + k stride], n a multiple of UAT_PLACES.
     */
    void (*uat_steps)(const float *iq, size_t n, unsigned lag, float *step);
    void (*uat_rough)(const float *weight, unsigned taps, unsigned stride, const float *bit,
                      size_t n, float *sum);
};

/* The best for this processor; and all it can run, NULL after the last, the plainest first. */
const struct kernel *kernel_best(void);
const struct kernel *kernel_at(unsigned index);

#endif
