/* rtl_tcp: a receiver elsewhere that sends its samples and takes orders. Only read; any transport,
 * as a rule connect=HOST:1234.
 *
 * server: "RTL0", tuner (32 bits), number of gains (32 bits), then I and Q as unsigned bytes.
 * client: orders of five bytes, big-endian: what (8 bits), value (32 bits):
 *
 *   1 frequency, Hz    2 samples a second    3 gain by hand (1) or automatic (0)
 *   4 gain, 0.1 dB     5 ppm                 14 power on the antenna's line (bias tee)
 *
 *   rate=HZ      2.0e6 .. 3.2e6; default 2400000
 *   gain=DB|auto default auto
 *   ppm=N        the oscillator's error; default 0
 *   bias=0|1     default 0 */
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
    SET_BIAS = 14
};

extern const struct wire_format wire_iq;

struct rtltcp {
    struct wire_reader *iq;
    struct counters *counters;
    uint8_t header[HEADER_BYTES];
    size_t n;    /* of the header, so far */
    bool is_bad; /* the peer is something else */
    uint32_t rate_hz;
    bool by_hand, bias;
    int gain_db10, ppm;
};

static const char *const keys[] = {"rate", "gain", "ppm", "bias", NULL};

static bool read_number(const struct spec *s, const char *key, double low, double high, double *v,
                        char *why, size_t why_size)
{
    const char *text = spec_get(s, key, NULL);
    char *end;
    if (!text) {
        return true;
    }
    *v = strtod(text, &end);
    if (end == text || *end != '\0' || !(*v >= low && *v <= high)) {
        snprintf(why, why_size, "%s=%s: write a number from %.0f to %.0f", key, text, low, high);
        return false;
    }
    return true;
}

static bool read_keys(struct rtltcp *t, const struct spec *s, char *why, size_t why_size)
{
    double rate = 2400000, gain = 0, ppm = 0, bias = 0;
    t->by_hand = strcmp(spec_get(s, "gain", "auto"), "auto") != 0;
    if (!read_number(s, "rate", 2.0e6, 3.2e6, &rate, why, why_size) ||
        (t->by_hand && !read_number(s, "gain", 0, 60, &gain, why, why_size)) ||
        !read_number(s, "ppm", -1000, 1000, &ppm, why, why_size) ||
        !read_number(s, "bias", 0, 1, &bias, why, why_size)) {
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
    order(out, SET_GAIN_BY_HAND, t->by_hand);
    if (t->by_hand) {
        order(out, SET_GAIN, (uint32_t)t->gain_db10);
    }
    order(out, SET_BIAS, t->bias);
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
        t->is_bad = t->n == HEADER_BYTES && memcmp(t->header, "RTL0", 4) != 0;
        count_add(t->counters, COUNT_RTLTCP_BAD_HEADER, t->is_bad);
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

static void reader_radio(const struct wire_reader *r, struct receiver_radio *out)
{
    wire_iq.reader_radio(((const struct rtltcp *)r)->iq, out);
}

const struct wire_format wire_rtltcp = {
    .name = "rtltcp",
    .help = "samples of a receiver behind rtl_tcp: connect=host:1234, gain=, ppm=, bias=1",
    .keys = keys,
    .is_binary = true,
    .reader_new = reader_new,
    .reader_greet = reader_greet,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .reader_radio = reader_radio,
};
