/* One transmission: the amplitude of each of its half microseconds, the bits they say, and how sure
   each is. Pure. ICAO Annex 10 IV 3.1.2.1.5.1.2: a pulse in the first half of a bit is a 1, in the
   second half a 0. */
#ifndef MASAR_RADIO_BURST_H
#define MASAR_RADIO_BURST_H

#include "radio/preamble.h"

#include <stddef.h>

enum { BURST_BITS = 112, BURST_CHIPS = PREAMBLE_CHIPS + 2 * BURST_BITS };

struct burst {
    int64_t at;    /* of its first pulse, samples in 1/65536 of the samples handed in */
    unsigned bits; /* 56 or 112 */
    struct amplitude chip[BURST_CHIPS]; /* of the bits: from PREAMBLE_CHIPS on */
    float height;                       /* of its pulses, on average */
    float sure[BURST_BITS];             /* positive: a 1. In heights squared over noise, or where
                                           only magnitudes were compared, in noises */
    uint8_t byte[14];
};

/* Finds the chips of bits [from, to). */
void burst_slice(struct burst *b, const struct pulse *p, const float *iq, unsigned from,
                 unsigned to);

/* Whether five sliced bits name a downlink format that there is: 0 4 5 11 16 17 18 20 21; bits less
   sure than `doubt` (an amplitude) may also be wrong, one at most. */
bool burst_format_fits(const struct burst *b, float doubt);

/* How many of the first n bits look as if sent by a transmitter of this height: the pulse as high
   as it should be, the empty half empty. */
unsigned burst_steady(const struct burst *b, const struct pulse *p, unsigned n, float height,
                      float noise);

/* Decides each of the 112 sliced bits by the higher half; sets bits, height, sure (in amplitudes),
   byte. height: of the preamble; foreign pulses above it do not count for more. */
void burst_compare(struct burst *b, float height);

/* Writes byte from the signs of sure. */
void burst_pack(struct burst *b);

#endif
