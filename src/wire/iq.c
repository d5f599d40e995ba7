/* I/Q: complex samples of 1090 MHz, as radios give them, over any transport; the demodulator, and
 * what renders frames for one, are radio/'s.
 *
 *   format=cu8|cs8|cs16|cs16q11|cf32   default cu8
 *   rate=HZ                            samples a second, 2.0e6 .. 20e6; default 2400000
 * read:
 *   kernel=plain|sse42|avx2            default the best this processor has (all give the same)
 * written:
 *   noise=DBFS                         its power; default -32
 *   fading=DB                          deviation of each frame's level; default 0
 *   fruit=N                            Mode A/C replies of others a second; default 0
 *   old=SHARE                          of aircraft whose pulses have no common phase; default 0
 *   seed=N                             default 1 */
#include "base/rng.h"
#include "radio/doubt.h"
#include "radio/pulse.h"
#include "radio/radio.h"
#include "radio/render.h"
#include "wire/clock.h"
#include "wire/wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct iq {
    struct radio *radio;
    struct doubt *doubt; /* until the first frame */
    struct clock clock;
    struct counters *counters;
    struct radio_state counted;
    int64_t now_us;
    wire_item_fn *out;
    void *ctx;
};

static const char *const keys[] = {"format", "rate", "kernel", "noise", "fading",
                                   "fruit",  "old",  "seed",   NULL};

static bool read_options(const struct spec *s, struct radio_options *o, char *why, size_t why_size)
{
    const char *format = spec_get(s, "format", "cu8");
    o->rate_hz = 2400000;
    o->kernel = spec_get(s, "kernel", NULL);
    if (!sample_format_named(format, &o->format)) {
        snprintf(why, why_size, "format=%s: write cu8, cs8, cs16, cs16q11 or cf32", format);
        return false;
    }
    return !spec_number(s, "rate", PULSE_RATE_MIN_HZ, PULSE_RATE_MAX_HZ, &o->rate_hz, why,
                        why_size);
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
    q->doubt = doubt_new(&options);
    q->counters = o->counters;
    clock_start(&q->clock, o->clock, CLOCK_TICK_12MHZ, o->base_us);
    return (struct wire_reader *)q;
}

static void on_frame(void *ctx, const struct frame *heard)
{
    struct iq *q = ctx;
    struct frame f = *heard;
    f.flags = clock_frame(&q->clock, f.tick, q->now_us, &f.t_us);
    const struct wire_item item = {.kind = WIRE_FRAME, .frame = &f};
    q->out(q->ctx, &item);
}

/* What the demodulator did since it was last asked. */
static void count_all(struct iq *q)
{
    const struct radio_state now = radio_state(q->radio), was = q->counted;
    count_add(q->counters, COUNT_RADIO_SAMPLES, now.samples - was.samples);
    count_add(q->counters, COUNT_RADIO_CLIPPED, now.clipped - was.clipped);
    count_add(q->counters, COUNT_RADIO_STARTS, now.starts - was.starts);
    count_add(q->counters, COUNT_RADIO_UNSTEADY, now.unsteady - was.unsteady);
    count_add(q->counters, COUNT_RADIO_UNDECODED, now.undecoded - was.undecoded);
    count_add(q->counters, COUNT_RADIO_TWICE, now.twice - was.twice);
    count_add(q->counters, COUNT_RADIO_REPAIRED, now.repaired - was.repaired);
    count_add(q->counters, COUNT_RADIO_STRONG, now.strong - was.strong);
    q->counted = now;
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
    if (q->doubt) {
        doubt_push(q->doubt, p, n);
    }
    radio_push(q->radio, p, n, on_frame, q);
    count_all(q);
    if (q->doubt && q->counted.frames > 0) {
        doubt_free(q->doubt);
        q->doubt = NULL;
    }
}

static void reader_lost(struct wire_reader *r, uint64_t samples, int64_t now_us, wire_item_fn *out,
                        void *ctx)
{
    struct iq *q = (struct iq *)r;
    use(q, now_us, out, ctx);
    radio_lost(q->radio, samples, on_frame, q);
    count_all(q);
}

static void reader_radio(const struct wire_reader *r, struct receiver_radio *out)
{
    const struct radio_state s = radio_state(((const struct iq *)r)->radio);
    *out = (struct receiver_radio){.samples = s.samples,
                                   .clipped = s.clipped,
                                   .starts = s.starts,
                                   .unsteady = s.unsteady,
                                   .undecoded = s.undecoded,
                                   .twice = s.twice,
                                   .frames = s.frames,
                                   .repaired = s.repaired,
                                   .strong = s.strong,
                                   .noise_dbfs = s.noise_dbfs};
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct iq *q = (struct iq *)r;
    use(q, now_us, out, ctx);
    count_add(q->counters, COUNT_RADIO_CUT, radio_cut(q->radio));
    radio_end(q->radio, on_frame, q);
    count_all(q);
}

static bool reader_doubt(struct wire_reader *r, char *why, size_t why_size)
{
    const struct iq *q = (const struct iq *)r;
    const unsigned cut = radio_cut(q->radio);
    if (q->doubt && q->counted.frames == 0) {
        doubt_say(q->doubt, &q->counted, why, why_size);
        return true;
    }
    if (cut > 0) {
        snprintf(why, why_size, "the last %u bytes are no whole sample", cut);
    }
    return cut > 0;
}

static void reader_free(struct wire_reader *r)
{
    struct iq *q = (struct iq *)r;
    if (q) {
        radio_free(q->radio);
        doubt_free(q->doubt);
        free(q);
    }
}

/* --- writing ------------------------------------------------------------------------------ */

struct iq_writer {
    struct render *render;
    struct rng rng;
    bool begun;
    int64_t first_us; /* of the first sample */
};

/* Silence before the first frame and behind the last. */
#define MARGIN_US 200
/* Frames whose level nobody told. */
#define LEVEL_DBFS (-20.0)

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    struct radio_options o = {0};
    double noise = -32, fading = 0, fruit = 0, old = 0, seed = 1;
    if (!read_options(s, &o, why, why_size) ||
        spec_number(s, "noise", -200, 0, &noise, why, why_size) ||
        spec_number(s, "fading", 0, 40, &fading, why, why_size) ||
        spec_number(s, "fruit", 0, 1e5, &fruit, why, why_size) ||
        spec_number(s, "old", 0, 1, &old, why, why_size) ||
        spec_number(s, "seed", 0, 9e15, &seed, why, why_size)) {
        return NULL;
    }
    const struct render_options r = {.format = o.format,
                                     .rate_hz = o.rate_hz,
                                     .noise_dbfs = noise,
                                     .fading_db = fading,
                                     .fruit_hz = fruit,
                                     .old_share = old,
                                     .seed = (uint64_t)seed};
    struct iq_writer *w = calloc(1, sizeof *w);
    struct render *render = w ? render_new(&r) : NULL;
    if (!render) {
        snprintf(why, why_size, "out of memory");
        free(w);
        return NULL;
    }
    w->render = render;
    w->rng.state = r.seed;
    return (struct wire_writer *)w;
}

/* A frame's time is known to a microsecond: the rest of it is chance. One too late for the samples
   already written is heard as soon as can be. */
static void writer_event(struct wire_writer *writer, const struct wire_event *e, struct buf *out)
{
    struct iq_writer *w = (struct iq_writer *)writer;
    const struct frame *f = e->frame;
    if (!f || (f->n != FRAME_SHORT && f->n != FRAME_LONG)) {
        return;
    }
    if (!w->begun) {
        w->begun = true;
        w->first_us = f->t_us - MARGIN_US;
    }
    const double at_us = (double)(f->t_us - w->first_us) + rng_unit(&w->rng);
    const double level = f->signal ? 20 * log10(f->signal / 255.0) : LEVEL_DBFS;
    render_frame(w->render, f->byte, f->n, fmax(at_us, render_now_us(w->render)), level, out);
}

static void writer_end(struct wire_writer *writer, struct buf *out)
{
    struct iq_writer *w = (struct iq_writer *)writer;
    render_until(w->render, render_end_us(w->render) + MARGIN_US, out);
}

static void writer_free(struct wire_writer *writer)
{
    struct iq_writer *w = (struct iq_writer *)writer;
    render_free(w->render);
    free(w);
}

const struct wire_format wire_iq = {
    .name = "iq",
    .help = "complex samples of 1090 MHz: format=cu8|cs8|cs16|cs16q11|cf32, rate=2400000",
    .keys = keys,
    .is_binary = true,
    .takes_frames = true,
    .reader_new = reader_new,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .reader_lost = reader_lost,
    .reader_radio = reader_radio,
    .reader_doubt = reader_doubt,
    .writer_new = writer_new,
    .writer_event = writer_event,
    .writer_end = writer_end,
    .writer_free = writer_free,
};
