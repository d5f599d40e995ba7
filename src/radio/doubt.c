#include "radio/doubt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT_SAMPLES = 1200000,
    TRIED_SAMPLES = 600000,
    FRAMES_LEAST = 2, /* one may be chance */
    CLIPPED_PERCENT = 5
};

#define OFFSET_MOST 0.25 /* of full scale */
/* Deviation of values in steps of the scale: below, the scale is too coarse. */
#define STEPS_LEAST 1.0

struct doubt {
    struct radio_options o;
    size_t n, room;
    uint64_t bytes; /* in all */
    uint8_t *byte;
};

struct doubt *doubt_new(const struct radio_options *o)
{
    struct doubt *d = calloc(1, sizeof *d);
    if (!d) {
        return NULL;
    }
    d->o = *o;
    d->room = KEPT_SAMPLES * sample_bytes(o->format);
    d->byte = malloc(d->room);
    if (!d->byte) {
        free(d);
        return NULL;
    }
    return d;
}

void doubt_free(struct doubt *d)
{
    if (d) {
        free(d->byte);
        free(d);
    }
}

void doubt_push(struct doubt *d, const uint8_t *bytes, size_t n)
{
    const size_t part = n < d->room - d->n ? n : d->room - d->n;
    memcpy(d->byte + d->n, bytes, part);
    d->n += part;
    d->bytes += n;
}

static void count_frame(void *ctx, const struct frame *f)
{
    unsigned *frames = ctx;
    (void)f;
    ++*frames;
}

static unsigned frames_at(const struct doubt *d, enum sample_format format, double rate_hz)
{
    const struct radio_options o = {.format = format, .rate_hz = rate_hz};
    const size_t most = TRIED_SAMPLES * sample_bytes(format);
    unsigned frames = 0;
    struct radio *r = radio_new(&o);
    if (r) {
        radio_push(r, d->byte, d->n < most ? d->n : most, count_frame, &frames);
        radio_end(r, count_frame, &frames);
    }
    radio_free(r);
    return frames;
}

/* Rates and forms files are found in. */
static bool says_otherwise(const struct doubt *d, char *why, size_t why_size)
{
    static const double rate_hz[] = {2.0e6, 2.4e6, 2.048e6, 2.56e6, 2.88e6, 3.2e6, 4e6,
                                     5e6,   6e6,   8e6,     10e6,   12e6,   20e6};
    unsigned best = FRAMES_LEAST - 1;
    double best_hz = 0;
    enum sample_format best_format = SAMPLE_CU8;
    for (unsigned f = 0; f < SAMPLE_FORMATS; f++) {
        for (size_t k = 0; k < sizeof rate_hz / sizeof rate_hz[0]; k++) {
            const unsigned n = frames_at(d, (enum sample_format)f, rate_hz[k]);
            if (n > best) {
                best = n;
                best_hz = rate_hz[k];
                best_format = (enum sample_format)f;
            }
        }
    }
    if (best_hz > 0) {
        snprintf(why, why_size,
                 "no frame is heard at format=%s,rate=%.0f, but at format=%s,rate=%.0f there are: "
                 "write those",
                 sample_format_name(d->o.format), d->o.rate_hz, sample_format_name(best_format),
                 best_hz);
    }
    return best_hz > 0;
}

/* Mean and deviation of I and of Q together, in parts of full scale. */
struct level {
    double i, q, deviation;
};

static double value(enum sample_format format, const uint8_t *p)
{
    float f;
    double v;
    switch (format) {
    case SAMPLE_CU8:
        v = p[0];
        break;
    case SAMPLE_CS8:
        v = (int8_t)p[0];
        break;
    case SAMPLE_CF32:
        memcpy(&f, p, sizeof f);
        v = isfinite(f) ? (double)f : 0;
        break;
    default:
        v = (int16_t)(p[0] | p[1] << 8);
        break;
    }
    return (v - (double)sample_zero(format)) / (double)sample_unit(format);
}

static struct level level_of(const struct doubt *d)
{
    const size_t each = sample_bytes(d->o.format), n = d->n / each;
    double sum[2] = {0}, squares = 0;
    for (size_t k = 0; k < n; k++) {
        for (unsigned part = 0; part < 2; part++) {
            const double v = value(d->o.format, d->byte + k * each + part * each / 2);
            sum[part] += v;
            squares += v * v;
        }
    }
    struct level l = {0};
    if (n > 0) {
        l.i = sum[0] / (double)n;
        l.q = sum[1] / (double)n;
        l.deviation = sqrt(fmax(squares / (double)n - l.i * l.i - l.q * l.q, 0) / 2);
    }
    return l;
}

void doubt_say(const struct doubt *d, const struct radio_state *s, char *why, size_t why_size)
{
    const struct level l = level_of(d);
    const double clipped = s->samples > 0 ? 50.0 * (double)s->clipped / (double)s->samples : 0;
    if (s->samples == 0) {
        snprintf(why, why_size, "there are no samples: %llu bytes, of which one takes %zu",
                 (unsigned long long)d->bytes, sample_bytes(d->o.format));
    } else if (l.deviation == 0) {
        snprintf(why, why_size, "silence: all %llu samples are the same",
                 (unsigned long long)s->samples);
    } else if (says_otherwise(d, why, why_size)) {
        return;
    } else if (clipped > CLIPPED_PERCENT) {
        snprintf(why, why_size,
                 "no frame is heard: %.0f %% of the values are at the end of the scale: less gain, "
                 "or another format=",
                 clipped);
    } else if (fabs(l.i) > OFFSET_MOST || fabs(l.q) > OFFSET_MOST) {
        snprintf(why, why_size,
                 "no frame is heard: I and Q are off the middle by %.2f and %.2f of full scale: is "
                 "format=%s right?",
                 l.i, l.q, sample_format_name(d->o.format));
    } else if (l.deviation * (double)sample_unit(d->o.format) < STEPS_LEAST &&
               d->o.format != SAMPLE_CF32) {
        snprintf(why, why_size,
                 "no frame is heard: samples move by %.1f steps of their scale only: more gain",
                 l.deviation * (double)sample_unit(d->o.format));
    } else {
        snprintf(why, why_size,
                 "no frame is heard in %llu samples (noise at %.0f dBFS, %llu places looked like a "
                 "beginning): is it 1090 MHz, and is the rate right?",
                 (unsigned long long)s->samples, s->noise_dbfs, (unsigned long long)s->starts);
    }
}
