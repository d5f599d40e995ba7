/* Where in samples a UAT burst begins: found by its 36 bits of synchronization, then told to a
   fraction of a sample and of the carrier. Pure. */
#ifndef MASAR_RADIO_UAT_SYNC_H
#define MASAR_RADIO_UAT_SYNC_H

#include "radio/uat_wave.h"

#include <stdbool.h>
#include <stddef.h>

enum { UAT_SYNC_PHASES = 2, UAT_SYNC_STEPS_MAX = 128 };

struct uat_sync {
    double rate_hz, per_bit; /* samples */
    unsigned lag;            /* a phase step is taken over so many samples, about half a bit */
    unsigned steps;
    float weight[UAT_SYNC_PHASES]
                [UAT_SYNC_STEPS_MAX]; /* sum 0: a carrier off the middle is no bit */
    float threshold;
    /* The same coarser: steps of a whole bit, both phases as one; what passes is looked at. */
    unsigned rough_steps;
    float rough[UAT_SYNC_STEPS_MAX / 2], rough_threshold;
};

void uat_sync_start(struct uat_sync *s, double rate_hz);

/* Samples a look at one place reaches over. */
size_t uat_sync_reach(const struct uat_sync *s);

/* How much the steps from `step` on look like synchronization: positive ADS-B's, negative an
   uplink's; the greater of both phases. */
float uat_sync_match(const struct uat_sync *s, const float *step);

/* A burst's beginning. */
struct uat_start {
    bool is_uplink;
    double at;      /* the first bit's beginning, in samples */
    double carrier; /* its offset, radians a sample */
    float re, im;   /* the sum of samples against what was sent: the phase at `at` */
    float likeness; /* 0 noise .. 1 nothing else */
};

/* Refines a match found at sample `near` of iq, of which n are there. False: too near to an end. */
bool uat_sync_refine(const struct uat_sync *s, const float *iq, size_t n, size_t near,
                     bool is_uplink, struct uat_start *out);

#endif
