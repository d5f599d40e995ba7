/* UAT frames → samples: what a receiver would give that hears them, in noise. The inverse of
   uat_radio.h, for tests and simulated feeds. Pure. */
#ifndef MASAR_RADIO_UAT_RENDER_H
#define MASAR_RADIO_UAT_RENDER_H

#include "base/buf.h"
#include "base/err.h"
#include "model/uat_frame.h"
#include "radio/sample.h"

#include <stdbool.h>
#include <stdint.h>

struct uat_render;

struct uat_render_options {
    enum sample_format format;
    double rate_hz;    /* UAT_RATE_MIN_HZ .. UAT_RATE_MAX_HZ */
    double noise_dbfs; /* power of the noise over all the rate */
    bool shaped;       /* steps of the frequency rounded (raised cosine, half), else sudden */
    double offset;     /* of I and Q, full scale 1 */
    uint64_t seed;
};

/* NULL: out of memory, or a rate that there is not. The first sample is at time 0. */
struct uat_render *uat_render_new(const struct uat_render_options *o);
void uat_render_free(struct uat_render *r);

/* A frame whose first bit of synchronization begins at t_us, carrier_hz off the middle, with the
   power level_dbfs. Samples before t_us are appended to out; frames overlap where they do, but come
   in the order of time: ERR_RANGE where this one is too late, or of no length there is. */
enum err uat_render_frame(struct uat_render *r, const struct uat_frame *f, double t_us,
                          double carrier_hz, double level_dbfs, struct buf *out);

/* Appends the samples before t_us, and before the end of what was rendered if that is more. */
void uat_render_until(struct uat_render *r, double t_us, struct buf *out);

/* When the next sample is that would be appended, and the end of what was rendered. */
double uat_render_now_us(const struct uat_render *r);
double uat_render_end_us(const struct uat_render *r);

#endif
