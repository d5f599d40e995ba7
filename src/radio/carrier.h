/* The carrier under a burst. A transponder's pulses are pieces of one oscillation, so the phase of
   all tells the phase of each: bits are decided by what lies along it (about 2 dB better than by
   magnitudes), and a foreign pulse upon one, which has another phase, does not pass for it. Where
   the pulses do not hang together (old cavity oscillators), sure tells by magnitudes. Pure. */
#ifndef MASAR_RADIO_CARRIER_H
#define MASAR_RADIO_CARRIER_H

#include "radio/burst.h"

/* Zero-initialized is the start. */
struct carrier {
    bool known;
    float turn;      /* radians a chip */
    float coherence; /* 0 .. 1: how well the pulses hang together */
    unsigned unsure; /* bits that may well be wrong */
};

/* Estimates the carrier from the bits as they are decided now, the better the second time, and
   decides them anew: sure becomes a log likelihood ratio. noise: deviation of an amplitude where
   there is nothing. False: there is no carrier, nothing is changed. */
bool carrier_decide(struct burst *b, const struct pulse *p, float noise, struct carrier *c);

/* 0 .. 1: how well the preamble and the first n bits agree on one carrier. About 0.3 by chance for
   16 bits. */
float carrier_agreement(const struct burst *b, const struct pulse *p, const float *iq, unsigned n,
                        float height);

/* Takes a burst whose bits are right out of the samples it was found in. */
void carrier_cancel(const struct burst *b, const struct pulse *p, float *iq);

#endif
