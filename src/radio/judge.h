/* Whether a burst's bits are a frame: by their parity, by the addresses heard of late, and, where
   bits are wrong, by turning those least sure of. Pure. ICAO Annex 10 IV 3.1.2.3.3. */
#ifndef MASAR_RADIO_JUDGE_H
#define MASAR_RADIO_JUDGE_H

#include "radio/burst.h"
#include "radio/heard.h"

enum judgment {
    JUDGE_NO,
    JUDGE_CLEAN,    /* as received */
    JUDGE_REPAIRED, /* with bits turned */
};

/* Zero-initialized is the start. */
struct judge {
    struct heard heard;
    unsigned heard_n; /* about how many addresses */
    uint32_t now_s;
};

/* Without turning a bit. Frames whose parity carries an address (DF 0 4 5 16 20 21) must carry one
   that was heard; DF 11 17 18 with clean parity prove theirs. In a DF 11 that answers an
   interrogator, the bits of its code must each be at least `firm` sure: a wrong bit there looks
   like a code. */
enum judgment judge_bits(struct judge *j, const struct burst *b, float firm);

/* With more bits unsure than this, turning them is hopeless. */
unsigned judge_most_unsure(const struct burst *b);

/* Turns bits of byte that are not sure so that parity holds and the address is one that was heard:
   only if as many bits as chance would need cannot have been tried. sure is in log likelihood.
   turned: how many. */
enum judgment judge_repair(struct judge *j, struct burst *b, unsigned *turned);

#endif
