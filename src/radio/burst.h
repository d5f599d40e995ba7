/* One transmission: the amplitude of each half of its bits, the bits they say, and how sure each
   is. Pure. ICAO Annex 10 IV 3.1.2.1.5.1.2: a pulse in the first half of a bit is a 1, in the
   second half a 0. */
#ifndef MASAR_RADIO_BURST_H
#define MASAR_RADIO_BURST_H

#include "radio/preamble.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    BURST_BITS = 112,
    BURST_SHORT_BITS = 56,
    BURST_EARLY_BITS = 16 /* looked at before the rest is */
};

/* One half of every bit. */
struct burst_half {
    float re[BURST_BITS], im[BURST_BITS];
};

struct burst {
    int64_t at;    /* of its first pulse, samples in 1/65536 of the samples handed in */
    unsigned bits; /* 56 or 112 */
    struct preamble_found preamble;
    struct burst_half half[2];
    float height;           /* of its pulses, on average */
    float sure[BURST_BITS]; /* positive: a 1. A log likelihood ratio, or where only magnitudes were
                               compared, an amplitude */
    uint8_t byte[14];
};

/* The carrier under a burst. A transponder's pulses are pieces of one oscillation, so the phase of
   all tells the phase of each: bits are decided by what lies along it (about 2 dB better than by
   magnitudes), and a foreign pulse upon one, which has another phase, does not pass for it. Where
   the pulses do not hang together (old cavity oscillators), magnitudes tell. Zero-initialized is
   the start. */
struct carrier {
    bool known;
    float turn;      /* radians in half a microsecond */
    float coherence; /* 0 .. 1: how well the pulses hang together */
    unsigned unsure; /* bits that may well be wrong */
};

#endif
