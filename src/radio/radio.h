/* Samples → frames, 1090 MHz: a machine that takes complex samples of any form at 2 to 20 million a
   second and gives the Mode S frames in them, strong ones first taken out so that weaker ones
   beneath them are heard too. Pure; deterministic: the same samples give the same frames however
   they are cut into pushes. One thread. */
#ifndef MASAR_RADIO_RADIO_H
#define MASAR_RADIO_RADIO_H

#include "base/err.h"
#include "model/frame.h"
#include "radio/sample.h"

#include <stddef.h>
#include <stdint.h>

struct radio;

struct radio_options {
    enum sample_format format;
    double rate_hz;     /* PULSE_RATE_MIN_HZ .. PULSE_RATE_MAX_HZ */
    const char *kernel; /* "plain", "sse42", "avx2"; NULL: the best this processor has */
};

/* A frame heard: tick counts 12 MHz from the first sample to the end of its 56th bit (in long
   frames too, the Beast convention); t_us the same in microseconds, flagged FRAME_ELAPSED; receiver
   is 0; signal as in frame.h. */
typedef void radio_fn(void *ctx, const struct frame *f);

/* NULL: out of memory, or a rate or kernel that there is not. */
struct radio *radio_new(const struct radio_options *o);
void radio_free(struct radio *r);

/* Takes n bytes; a sample may be cut anywhere. Frames come in about the order of their time, up to
   a quarter of a millisecond apart from it. */
void radio_push(struct radio *r, const uint8_t *bytes, size_t n, radio_fn *out, void *ctx);

/* So many samples are missing before the next: what is held back is looked at, and time goes on. A
   sample that was cut is missing too. */
void radio_lost(struct radio *r, uint64_t samples, radio_fn *out, void *ctx);

/* No more samples come: what is still held back is looked at. */
void radio_end(struct radio *r, radio_fn *out, void *ctx);

/* Bytes of a sample that was cut, so far. */
unsigned radio_cut(const struct radio *r);

struct radio_state {
    uint64_t samples;
    uint64_t clipped;   /* values of I or Q at the end of the scale */
    uint64_t starts;    /* places that looked like a preamble */
    uint64_t unsteady;  /* of them: pulses uneven, or not quiet between; no such format */
    uint64_t undecoded; /* of them: went to the end, and no frame came of it */
    uint64_t frames, repaired, twice; /* twice: what was left of a frame taken out */
    uint64_t strong;                  /* frames within 3 dB of full scale */
    uint64_t format[32];              /* frames by downlink format */
    double noise_dbfs;                /* power where nothing is sent */
};
struct radio_state radio_state(const struct radio *r);

#endif
