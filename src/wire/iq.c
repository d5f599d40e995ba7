/* I/Q: complex samples of 1090 MHz, as radios give them, over any transport; the demodulator is
 * radio/'s. Only read.
 *
 *   format=cu8|cs8|cs16|cs16q11|cf32   default cu8
 *   rate=HZ                            samples a second, 2.0e6 .. 20e6; default 2400000
 *   kernel=plain|sse42|avx2            default the best this processor has (all give the same) */
#include "radio/pulse.h"
#include "radio/radio.h"
#include "wire/clock.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>

struct iq {
    struct radio *radio;
    struct clock clock;
    int64_t now_us;
    wire_item_fn *out;
    void *ctx;
};

static const char *const keys[] = {"format", "rate", "kernel", NULL};

static bool read_options(const struct spec *s, struct radio_options *o, char *why, size_t why_size)
{
    const char *format = spec_get(s, "format", "cu8"), *rate = spec_get(s, "rate", "2400000");
    char *end;
    o->rate_hz = strtod(rate, &end);
    o->kernel = spec_get(s, "kernel", NULL);
    if (!sample_format_named(format, &o->format)) {
        snprintf(why, why_size, "format=%s: write cu8, cs8, cs16, cs16q11 or cf32", format);
        return false;
    }
    if (end == rate || *end != '\0' ||
        !(o->rate_hz >= PULSE_RATE_MIN_HZ && o->rate_hz <= PULSE_RATE_MAX_HZ)) {
        snprintf(why, why_size,
                 "rate=%s: write samples a second from 2000000 to 20000000, as 2400000", rate);
        return false;
    }
    return true;
}

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    struct radio_options options = {0};
    if (!read_options(s, &options, why, why_size)) {
        return NULL;
    }
    struct iq *q = calloc(1, sizeof *q);
    struct radio *radio = q ? radio_new(&options) : NULL;
    if (!radio) {
        snprintf(why, why_size, q ? "kernel=%s: this processor has not got it" : "out of memory",
                 options.kernel ? options.kernel : "");
        free(q);
        return NULL;
    }
    q->radio = radio;
    clock_start(&q->clock, o->clock, CLOCK_TICK_12MHZ, o->base_us);
    return (struct wire_reader *)q;
}

static void on_frame(void *ctx, const struct frame *heard, unsigned repaired)
{
    (void)repaired;
    struct iq *q = ctx;
    struct frame f = *heard;
    f.flags = clock_frame(&q->clock, f.tick, q->now_us, &f.t_us);
    const struct wire_item item = {.kind = WIRE_FRAME, .frame = &f};
    q->out(q->ctx, &item);
}

static void use(struct iq *q, int64_t now_us, wire_item_fn *out, void *ctx)
{
    q->now_us = now_us;
    q->out = out;
    q->ctx = ctx;
}

static void reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx)
{
    struct iq *q = (struct iq *)r;
    use(q, now_us, out, ctx);
    radio_push(q->radio, p, n, on_frame, q);
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct iq *q = (struct iq *)r;
    use(q, now_us, out, ctx);
    radio_end(q->radio, on_frame, q);
}

static void reader_free(struct wire_reader *r)
{
    struct iq *q = (struct iq *)r;
    if (q) {
        radio_free(q->radio);
        free(q);
    }
}

const struct wire_format wire_iq = {
    .name = "iq",
    .help = "complex samples of 1090 MHz: format=cu8|cs8|cs16|cs16q11|cf32, rate=2400000",
    .keys = keys,
    .is_binary = true,
    .reader_new = reader_new,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
};
