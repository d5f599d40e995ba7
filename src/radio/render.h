/* Frames → samples: what a receiver would give that hears them, with noise, fading, collisions and
   the replies of others. The inverse of radio.h, for tests and simulated feeds. Pure. */
#ifndef MASAR_RADIO_RENDER_H
#define MASAR_RADIO_RENDER_H

#include "base/buf.h"
#include "base/err.h"
#include "radio/sample.h"

#include <stdint.h>

struct render;

struct render_options {
    enum sample_format format;
    double rate_hz;    /* PULSE_RATE_MIN_HZ .. PULSE_RATE_MAX_HZ */
    double noise_dbfs; /* power of the noise */
    double fading_db;  /* deviation of a frame's level from what it should be */
    double fruit_hz;   /* Mode A/C replies a second, of chance time, code and level */
    double old_share;  /* 0 .. 1: of addresses whose every pulse has a phase of its own */
    double offset;     /* of I and Q, full scale 1 */
    uint64_t seed;
};

/* NULL: out of memory, or a rate that there is not. The first sample is at time 0. */
struct render *render_new(const struct render_options *o);
void render_free(struct render *r);

/* A frame of n bytes (7 or 14) whose first pulse begins at t_us, as it is heard alone: level_dbfs
   is the power of its pulses. Samples that no later frame can reach are appended to out: frames may
   come up to a millisecond out of order, later than that is ERR_RANGE and nothing is rendered. */
enum err render_frame(struct render *r, const uint8_t *byte, unsigned n, double t_us,
                      double level_dbfs, struct buf *out);

/* Appends the samples before t_us to out: what is still to come begins there. */
void render_until(struct render *r, double t_us, struct buf *out);

/* When the next sample is that would be appended, and the end of what was rendered. */
double render_now_us(const struct render *r);
double render_end_us(const struct render *r);

#endif
