#include "radio/render.h"

#include "base/rng.h"
#include "radio/preamble.h"
#include "radio/pulse.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    PHASES =
        64, /* fractions of a sample a pulse may begin at: four times as fine as a receiver's */
    TAPS = 24,
    TAPS_BEFORE = 5,
    LATE_US = 1000, /* frames may come so much out of order */
    WINDOW_US = LATE_US + 400,
    CARRIER_HZ = 200000, /* transponders differ by so much, the standard allows 1 MHz */
    REPLY_PULSES = 14,   /* of Mode A and C: two frames, twelve code bits (and one place unused) */
    REPLY_STEP_NS = 1450
};

/* Levels of the replies of others. */
#define FRUIT_LOUDEST_DBFS (-6.0)
#define FRUIT_SPREAD_DB    30.0

struct render {
    struct render_options o;
    struct rng rng;
    float form[PHASES][TAPS];
    float *mix;          /* re and im in turn */
    size_t window, used; /* samples that fit, that hold something */
    uint64_t first;      /* number of the sample at mix[0] */
    double next_fruit_us, end_us;
};

static double gauss(struct rng *r)
{
    const double u = 1 - rng_unit(r), v = rng_unit(r);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static double next_fruit(struct render *r, double from_us)
{
    return r->o.fruit_hz > 0 ? from_us - log(1 - rng_unit(&r->rng)) / r->o.fruit_hz * 1e6
                             : INFINITY;
}

struct render *render_new(const struct render_options *o)
{
    if (!(o->rate_hz >= PULSE_RATE_MIN_HZ && o->rate_hz <= PULSE_RATE_MAX_HZ)) {
        return NULL;
    }
    struct render *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->o = *o;
    r->rng.state = o->seed;
    r->window = (size_t)ceil(WINDOW_US * o->rate_hz * 1e-6) + 2 * TAPS;
    r->mix = calloc(2 * r->window, sizeof *r->mix);
    if (!r->mix) {
        free(r);
        return NULL;
    }
    struct pulse_filter filter;
    pulse_filter_make(&filter, o->rate_hz);
    for (int f = 0; f < PHASES; f++) {
        for (int j = 0; j < TAPS; j++) {
            const double at = (double)(j - TAPS_BEFORE) - (double)f / PHASES;
            r->form[f][j] = (float)pulse_response(&filter, at / o->rate_hz * 1e6);
        }
    }
    r->next_fruit_us = next_fruit(r, 0);
    return r;
}

void render_free(struct render *r)
{
    if (r) {
        free(r->mix);
        free(r);
    }
}

double render_now_us(const struct render *r)
{
    return (double)r->first / r->o.rate_hz * 1e6;
}

double render_end_us(const struct render *r)
{
    return r->end_us;
}

/* One transmitter's carrier: where it is at the beginning, how it turns. */
struct tone {
    double phase, turn_hz, height;
    bool steady; /* else every pulse begins anywhere */
};

static void add_pulse(struct render *r, const struct tone *t, double begin_us, double at_us)
{
    const double at = at_us * r->o.rate_hz * 1e-6 - (double)r->first;
    const double whole = floor(at);
    const int64_t start = (int64_t)whole - TAPS_BEFORE;
    const float *form = r->form[(unsigned)((at - whole) * PHASES)];
    const double phase = t->steady ? t->phase + 2 * M_PI * t->turn_hz * (at_us - begin_us) * 1e-6
                                   : 2 * M_PI * rng_unit(&r->rng);
    const float re = (float)(t->height * cos(phase)), im = (float)(t->height * sin(phase));
    for (int j = 0; j < TAPS; j++) {
        const int64_t k = start + j;
        if (k >= 0 && (size_t)k < r->window) {
            r->mix[2 * k] += re * form[j];
            r->mix[2 * k + 1] += im * form[j];
        }
    }
    const size_t reach = (size_t)fmax((double)(start + TAPS), 0);
    r->used = reach > r->used ? (reach < r->window ? reach : r->window) : r->used;
    r->end_us = at_us + 2 > r->end_us ? at_us + 2 : r->end_us;
}

/* A reply in Mode A or C: two pulses 20.3 µs apart, those of its code between them. Annex 10 IV
   3.1.1.6. */
static void add_reply(struct render *r, double at_us)
{
    const double level = FRUIT_LOUDEST_DBFS - FRUIT_SPREAD_DB * rng_unit(&r->rng);
    const struct tone t = {.phase = 2 * M_PI * rng_unit(&r->rng),
                           .turn_hz = CARRIER_HZ * gauss(&r->rng),
                           .height = pow(10, level / 20),
                           .steady = true};
    const uint64_t code = rng_next(&r->rng);
    for (int k = 0; k <= REPLY_PULSES; k++) {
        const bool framing = k == 0 || k == REPLY_PULSES, unused = k == REPLY_PULSES / 2;
        if (framing || (!unused && code >> k & 1)) {
            add_pulse(r, &t, at_us, at_us + k * REPLY_STEP_NS * 1e-3);
        }
    }
}

static void write_value(const struct render *r, double v, uint8_t **p)
{
    const double unit = sample_unit(r->o.format), zero = sample_zero(r->o.format);
    if (r->o.format == SAMPLE_CF32) {
        const float f = (float)v;
        memcpy(*p, &f, sizeof f);
        *p += sizeof f;
        return;
    }
    const bool is_unsigned = r->o.format == SAMPLE_CU8;
    const double low = is_unsigned ? 0 : -unit, high = is_unsigned ? 2 * unit - 1 : unit - 1;
    const long whole = lrint(fmin(fmax(v * unit + zero, low), high));
    *(*p)++ = (uint8_t)whole;
    if (sample_bytes(r->o.format) == 4) {
        *(*p)++ = (uint8_t)(whole >> 8);
    }
}

/* Appends n samples from the beginning of the window and moves it on. */
static void append(struct render *r, size_t n, struct buf *out)
{
    uint8_t *p = buf_reserve(out, n * sample_bytes(r->o.format));
    if (!p) {
        return;
    }
    const uint8_t *const start = p;
    const double noise = pow(10, r->o.noise_dbfs / 20) / sqrt(2);
    for (size_t k = 0; k < 2 * n; k++) {
        write_value(r, (double)r->mix[k] + r->o.offset + noise * gauss(&r->rng), &p);
    }
    out->n += (size_t)(p - start);
    memmove(r->mix, r->mix + 2 * n, 2 * (r->window - n) * sizeof *r->mix);
    memset(r->mix + 2 * (r->window - n), 0, 2 * n * sizeof *r->mix);
    r->first += n;
    r->used = r->used > n ? r->used - n : 0;
}

void render_until(struct render *r, double t_us, struct buf *out)
{
    while (render_now_us(r) < t_us && !out->failed) {
        const double part_us = fmin(t_us, render_now_us(r) + LATE_US / 2.0);
        while (r->next_fruit_us < part_us) {
            add_reply(r, r->next_fruit_us);
            r->next_fruit_us = next_fruit(r, r->next_fruit_us);
        }
        const double samples = ceil(part_us * r->o.rate_hz * 1e-6) - (double)r->first;
        append(r, samples >= 1 ? (size_t)samples : 1, out);
    }
}

static bool is_old(const struct render *r, const uint8_t *byte)
{
    struct rng of = {.state = (uint64_t)byte[1] << 16 | (uint64_t)byte[2] << 8 | byte[3]};
    return rng_unit(&of) < r->o.old_share;
}

enum err render_frame(struct render *r, const uint8_t *byte, unsigned n, double t_us,
                      double level_dbfs, struct buf *out)
{
    if ((n != 7 && n != 14) || !(t_us >= render_now_us(r))) {
        return ERR_RANGE;
    }
    render_until(r, t_us - LATE_US, out);
    const double level = level_dbfs + r->o.fading_db * gauss(&r->rng);
    const struct tone t = {.phase = 2 * M_PI * rng_unit(&r->rng),
                           .turn_hz = CARRIER_HZ * gauss(&r->rng),
                           .height = pow(10, level / 20),
                           .steady = !is_old(r, byte)};
    for (unsigned k = 0; k < KERNEL_PULSES; k++) {
        add_pulse(r, &t, t_us, t_us + 0.5 * preamble_pulse[k]);
    }
    for (unsigned k = 0; k < 8 * n; k++) {
        const unsigned second = !(byte[k / 8] >> (7 - k % 8) & 1);
        add_pulse(r, &t, t_us, t_us + 0.5 * (PREAMBLE_CHIPS + 2 * k + second));
    }
    return out->failed ? ERR_MEMORY : ERR_OK;
}
