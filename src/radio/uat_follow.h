/* The bits of a UAT burst whose beginning is known, and how sure each is: Viterbi's search over the
   phases a signal that turns by +-0.6 pi a bit can have (five at each bit's end). Each path keeps
   its own idea of the carrier, a mean over some twenty bits. Pure. */
#ifndef MASAR_RADIO_UAT_FOLLOW_H
#define MASAR_RADIO_UAT_FOLLOW_H

#include "radio/uat_sync.h"

/* Reads n_bytes after the synchronization. sure: per byte, of its least sure bit, in units of
   amplitude. iq holds n samples; what lies beyond them reads as nothing. */
void uat_follow(const struct uat_sync *s, const float *iq, size_t n, const struct uat_start *start,
                unsigned n_bytes, uint8_t *byte, float *sure);

#endif
