/* Samples → UAT frames, 978 MHz: a machine that takes complex samples at 2 to 20 million a second.
   Pure; the same samples give the same frames however they are cut into pushes. One thread.

   It looks for the 36 bits of synchronization in the signs and sizes of phase steps, tells time and
   carrier from all of them together, then follows the five phases the signal can have from bit to
   bit (Viterbi's search; each path keeps its own idea of the carrier), which hears some 4 dB more
   than deciding every bit alone. How sure each bit is comes out of the same search: bytes that are
   not are told to Reed-Solomon. */
#ifndef MASAR_RADIO_UAT_RADIO_H
#define MASAR_RADIO_UAT_RADIO_H

#include "model/uat_frame.h"
#include "radio/sample.h"

#include <stddef.h>
#include <stdint.h>

struct uat_radio;

struct uat_radio_options {
    enum sample_format format;
    double rate_hz; /* UAT_RATE_MIN_HZ .. UAT_RATE_MAX_HZ; 2083334 is customary */
};

/* t_us counts from the first sample to the end of the synchronization, flagged FRAME_ELAPSED;
   receiver is 0. */
typedef void uat_radio_fn(void *ctx, const struct uat_frame *f);

/* NULL: out of memory, or a rate out of bounds. */
struct uat_radio *uat_radio_new(const struct uat_radio_options *o);
void uat_radio_free(struct uat_radio *r);

/* Takes n bytes; a sample may be cut anywhere. Frames come in the order of their time. */
void uat_radio_push(struct uat_radio *r, const uint8_t *bytes, size_t n, uat_radio_fn *out,
                    void *ctx);

/* So many samples are missing before the next: what is held back is looked at, and time goes on. */
void uat_radio_lost(struct uat_radio *r, uint64_t samples, uat_radio_fn *out, void *ctx);

/* No more samples come: what is still held back is looked at. */
void uat_radio_end(struct uat_radio *r, uat_radio_fn *out, void *ctx);

struct uat_radio_state {
    uint64_t samples, clipped;  /* clipped: values at the end of the scale */
    uint64_t starts, undecoded; /* places that looked like synchronization; and were none */
    uint64_t basic, extended, uplinks;
    uint64_t repaired, repaired_bytes; /* frames, and bytes in them */
    uint64_t strong;                   /* frames within 3 dB of full scale */
    double noise_dbfs;                 /* power where nothing is sent; -infinity not known */
};
struct uat_radio_state uat_radio_state(const struct uat_radio *r);

#endif
