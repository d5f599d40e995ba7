/* rtl_tcp: a receiver elsewhere that sends its samples and takes orders. Only read; any transport,
 * as a rule connect=HOST:1234.
 *
 * server: "RTL0", tuner (32 bits), number of gains (32 bits), then I and Q as unsigned bytes.
 * client: orders of five bytes, big-endian: what (8 bits), value (32 bits):
 *
 *   1 frequency, Hz    2 samples a second    3 gain by hand (1) or automatic (0)
 *   4 gain, 0.1 dB     5 ppm                 13 gain by its number, 0 the lowest
 *   14 power on the antenna's line (bias tee)
 *
 *   rate=HZ            2.0e6 .. 3.2e6; default 2400000
 *   gain=DB|auto|tuner default auto: followed here (radio/gain.h); tuner: its own control
 *   ppm=N              the oscillator's error; default 0
 *   bias=0|1           default 0 */
#include "radio/gain.h"
#include "wire/wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 12,
    FREQUENCY_HZ = 1090000000,
    SET_FREQUENCY = 1,
    SET_RATE = 2,
    SET_GAIN_BY_HAND = 3,
    SET_GAIN = 4,
    SET_PPM = 5,
    SET_GAIN_NUMBER = 13,
    SET_BIAS = 14,
    TUNER_R820T = 5, /* and the R828D, 6 */
    GAINS_MAX = 256,
    GAIN_PERIOD_S = 2
};

/* Of the R820T and the R828D, in 0.1 dB: of others only the number is told. */
static const int16_t r820t_db10[] = {0,   9,   14,  27,  37,  77,  87,  125, 144, 157,
                                     166, 197, 207, 229, 254, 280, 297, 328, 338, 364,
                                     372, 386, 402, 421, 434, 439, 445, 480, 496};
enum { R820T_GAINS = sizeof r820t_db10 / sizeof r820t_db10[0] };

enum gain_mode { GAIN_AUTO, GAIN_TUNER, GAIN_HAND };

extern const struct wire_format wire_iq;

struct rtltcp {
    struct wire_reader *iq;
    struct counters *counters;
    uint8_t header[HEADER_BYTES];
    size_t n;    /* of the header, so far */
    bool is_bad; /* the peer is something else */
    uint32_t rate_hz;
    enum gain_mode mode;
    bool bias;
    int gain_db10, ppm;
    struct gain gain;            /* GAIN_AUTO; no steps before the header */
    bool is_gain_new;            /* to be told */
    struct receiver_radio since; /* as it was when the period began */
};

static const char *const keys[] = {"rate", "gain", "ppm", "bias", NULL};

static bool read_keys(struct rtltcp *t, const struct spec *s, char *why, size_t why_size)
{
    double rate = 2400000, gain = 0, ppm = 0, bias = 0;
    const char *wish = spec_get(s, "gain", "auto");
    t->mode = !strcmp(wish, "auto") ? GAIN_AUTO : !strcmp(wish, "tuner") ? GAIN_TUNER : GAIN_HAND;
    if (spec_number(s, "rate", 2.0e6, 3.2e6, &rate, why, why_size) ||
        (t->mode == GAIN_HAND && spec_number(s, "gain", 0, 60, &gain, why, why_size)) ||
        spec_number(s, "ppm", -1000, 1000, &ppm, why, why_size) ||
        spec_number(s, "bias", 0, 1, &bias, why, why_size)) {
        return false;
    }
    t->rate_hz = (uint32_t)rate;
    t->gain_db10 = (int)lround(gain * 10);
    t->ppm = (int)lround(ppm);
    t->bias = bias > 0;
    return true;
}

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    struct rtltcp *t = calloc(1, sizeof *t);
    if (!t) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    t->counters = o->counters;
    t->iq = read_keys(t, s, why, why_size) ? wire_iq.reader_new(o, s, why, why_size) : NULL;
    if (!t->iq) {
        free(t);
        return NULL;
    }
    return (struct wire_reader *)t;
}

static void order(struct buf *out, uint8_t what, uint32_t value)
{
    const uint8_t bytes[] = {what, (uint8_t)(value >> 24), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 8), (uint8_t)value};
    buf_add(out, bytes, sizeof bytes);
}

static void reader_greet(const struct wire_reader *r, struct buf *out)
{
    const struct rtltcp *t = (const struct rtltcp *)r;
    order(out, SET_RATE, t->rate_hz);
    order(out, SET_PPM, (uint32_t)t->ppm);
    order(out, SET_FREQUENCY, FREQUENCY_HZ);
    order(out, SET_GAIN_BY_HAND, t->mode != GAIN_TUNER);
    if (t->mode == GAIN_HAND) {
        order(out, SET_GAIN, (uint32_t)t->gain_db10);
    }
    order(out, SET_BIAS, t->bias);
}

static uint32_t number_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Automatic gain begins with the highest there is. */
static void take_header(struct rtltcp *t)
{
    const uint32_t gains = number_at(t->header + 8);
    t->is_bad = memcmp(t->header, "RTL0", 4) != 0;
    count_add(t->counters, COUNT_RTLTCP_BAD_HEADER, t->is_bad);
    if (!t->is_bad && t->mode == GAIN_AUTO && gains > 0 && gains <= GAINS_MAX) {
        t->gain = (struct gain){.steps = gains, .step = gains - 1};
        t->is_gain_new = true;
    }
}

static void follow_gain(struct rtltcp *t)
{
    struct receiver_radio now = {0};
    wire_iq.reader_radio(t->iq, &now);
    const struct receiver_radio *was = &t->since;
    if (now.samples - was->samples < (uint64_t)GAIN_PERIOD_S * t->rate_hz) {
        return;
    }
    const struct gain_heard h = {.values = 2 * (now.samples - was->samples),
                                 .clipped = now.clipped - was->clipped,
                                 .frames = now.frames - was->frames,
                                 .strong = now.strong - was->strong,
                                 .noise_dbfs = now.noise_dbfs};
    t->is_gain_new |= gain_period(&t->gain, &h);
    t->since = now;
}

/* A receiver that names no gains of its own is left to its own control. */
static void reader_reply(struct wire_reader *r, struct buf *out)
{
    struct rtltcp *t = (struct rtltcp *)r;
    if (t->mode != GAIN_AUTO || t->n < HEADER_BYTES || t->is_bad) {
        return;
    }
    if (t->gain.steps == 0) {
        order(out, SET_GAIN_BY_HAND, 0);
        t->mode = GAIN_TUNER;
        return;
    }
    follow_gain(t);
    if (t->is_gain_new) {
        order(out, SET_GAIN_NUMBER, t->gain.step);
        t->is_gain_new = false;
    }
}

static void reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx)
{
    struct rtltcp *t = (struct rtltcp *)r;
    if (t->n < HEADER_BYTES) {
        const size_t part = n < HEADER_BYTES - t->n ? n : HEADER_BYTES - t->n;
        memcpy(t->header + t->n, p, part);
        t->n += part;
        p += part;
        n -= part;
        if (t->n == HEADER_BYTES) {
            take_header(t);
        }
    }
    if (n > 0 && !t->is_bad) {
        wire_iq.reader_push(t->iq, p, n, now_us, out, ctx);
    }
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct rtltcp *t = (struct rtltcp *)r;
    wire_iq.reader_end(t->iq, now_us, out, ctx);
}

static void reader_free(struct wire_reader *r)
{
    struct rtltcp *t = (struct rtltcp *)r;
    if (t) {
        wire_iq.reader_free(t->iq);
        free(t);
    }
}

/* The gain in use, where it is known in dB. */
static void reader_radio(const struct wire_reader *r, struct receiver_radio *out)
{
    const struct rtltcp *t = (const struct rtltcp *)r;
    const uint32_t tuner = number_at(t->header + 4);
    const bool is_r820t = tuner == TUNER_R820T || tuner == TUNER_R820T + 1;
    const bool known = t->mode == GAIN_AUTO && is_r820t && t->gain.steps == R820T_GAINS;
    wire_iq.reader_radio(t->iq, out);
    out->has_gain = known || t->mode == GAIN_HAND;
    out->gain_db10 = known ? r820t_db10[t->gain.step] : t->gain_db10;
}

const struct wire_format wire_rtltcp = {
    .name = "rtltcp",
    .help = "samples of a receiver behind rtl_tcp: connect=host:1234, gain=DB|auto|tuner, ppm=, "
            "bias=1",
    .keys = keys,
    .is_binary = true,
    .reader_new = reader_new,
    .reader_greet = reader_greet,
    .reader_reply = reader_reply,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .reader_radio = reader_radio,
};
