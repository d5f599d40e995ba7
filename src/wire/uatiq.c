/* I/Q of 978 MHz: complex samples in and out, over any transport; the demodulator and the renderer
 * are radio/'s.
 *
 *   format=cu8|cs8|cs16|cs16q11|cf32   default cu8
 *   rate=HZ                            samples a second, 2.0e6 .. 20e6; default 2083334
 * and of what is written
 *   level=DBFS      frames whose level is not known; default -12
 *   noise=DBFS      default -40
 *   gap=US          frames follow each other at this distance; default: as late as they were heard
 *   carrier=HZ      each frame's carrier is off by up to so much; default 2000
 *   shape=sudden|round   steps of the frequency; default round
 *   seed=N
 * A Mode S aircraft's accepted position is written as the UAT message an aircraft in its place
 * would send: so a scenario can be heard on 978 MHz. */
#include "base/rng.h"
#include "radio/uat_radio.h"
#include "radio/uat_render.h"
#include "radio/uat_wave.h"
#include "track/track.h"
#include "uat/encode.h"
#include "wire/clock.h"
#include "wire/wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct uatiq {
    struct uat_radio *radio;
    struct counters *counters;
    struct uat_radio_state counted;
    enum wire_clock clock;
    int64_t base_us, now_us;
    wire_item_fn *out;
    void *ctx;
};

static const char *const keys[] = {"format",  "rate",  "level", "noise", "gap",
                                   "carrier", "shape", "seed",  NULL};

static bool read_form(const struct spec *s, enum sample_format *format, double *rate_hz, char *why,
                      size_t why_size)
{
    const char *name = spec_get(s, "format", "cu8");
    if (!sample_format_named(name, format)) {
        snprintf(why, why_size, "format=%s: write cu8, cs8, cs16, cs16q11 or cf32", name);
        return false;
    }
    *rate_hz = 2083334;
    return !spec_number(s, "rate", UAT_RATE_MIN_HZ, UAT_RATE_MAX_HZ, rate_hz, why, why_size);
}

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    struct uat_radio_options options = {0};
    if (!read_form(s, &options.format, &options.rate_hz, why, why_size)) {
        return NULL;
    }
    struct uatiq *q = calloc(1, sizeof *q);
    struct uat_radio *radio = q ? uat_radio_new(&options) : NULL;
    if (!radio) {
        snprintf(why, why_size, "out of memory");
        free(q);
        return NULL;
    }
    *q = (struct uatiq){
        .radio = radio, .counters = o->counters, .clock = o->clock, .base_us = o->base_us};
    return (struct wire_reader *)q;
}

static void on_frame(void *ctx, const struct uat_frame *heard)
{
    struct uatiq *q = ctx;
    struct uat_frame f = *heard;
    if (q->clock == WIRE_CLOCK_RECEIVE) {
        f.t_us = q->now_us;
        f.flags = 0;
    } else {
        f.t_us += q->base_us;
        f.flags = q->base_us ? 0 : FRAME_ELAPSED;
    }
    const struct wire_item item = {.kind = WIRE_UAT, .uat = &f};
    q->out(q->ctx, &item);
}

static void use(struct uatiq *q, int64_t now_us, wire_item_fn *out, void *ctx)
{
    q->now_us = now_us;
    q->out = out;
    q->ctx = ctx;
}

/* What the demodulator did since it was last asked. */
static void count_all(struct uatiq *q)
{
    const struct uat_radio_state now = uat_radio_state(q->radio), was = q->counted;
    count_add(q->counters, COUNT_RADIO_SAMPLES, now.samples - was.samples);
    count_add(q->counters, COUNT_RADIO_CLIPPED, now.clipped - was.clipped);
    count_add(q->counters, COUNT_RADIO_STARTS, now.starts - was.starts);
    count_add(q->counters, COUNT_RADIO_UNDECODED, now.undecoded - was.undecoded);
    count_add(q->counters, COUNT_RADIO_REPAIRED, now.repaired - was.repaired);
    count_add(q->counters, COUNT_RADIO_STRONG, now.strong - was.strong);
    q->counted = now;
}

static void reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx)
{
    struct uatiq *q = (struct uatiq *)r;
    use(q, now_us, out, ctx);
    uat_radio_push(q->radio, p, n, on_frame, q);
    count_all(q);
}

static void reader_lost(struct wire_reader *r, uint64_t samples, int64_t now_us, wire_item_fn *out,
                        void *ctx)
{
    struct uatiq *q = (struct uatiq *)r;
    use(q, now_us, out, ctx);
    uat_radio_lost(q->radio, samples, on_frame, q);
    count_all(q);
}

static void reader_radio(const struct wire_reader *r, struct receiver_radio *out)
{
    const struct uat_radio_state s = uat_radio_state(((const struct uatiq *)r)->radio);
    *out = (struct receiver_radio){.samples = s.samples,
                                   .clipped = s.clipped,
                                   .starts = s.starts,
                                   .undecoded = s.undecoded,
                                   .frames = s.basic + s.extended + s.uplinks,
                                   .repaired = s.repaired,
                                   .strong = s.strong,
                                   .noise_dbfs = s.noise_dbfs};
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct uatiq *q = (struct uatiq *)r;
    use(q, now_us, out, ctx);
    uat_radio_end(q->radio, on_frame, q);
    count_all(q);
}

static void reader_free(struct wire_reader *r)
{
    struct uatiq *q = (struct uatiq *)r;
    if (q) {
        uat_radio_free(q->radio);
        free(q);
    }
}

/* ---- writing ---- */

static const double LEAD_US = 100; /* silence before the first frame */

struct uatiq_writer {
    struct uat_render *render;
    struct rng rng;
    double level_dbfs, carrier_hz, gap_us; /* gap_us below 0: as late as they were heard */
    bool has_begun;
    int64_t begin_us;
};

static bool read_scene(const struct spec *s, struct uatiq_writer *w, struct uat_render_options *o,
                       char *why, size_t why_size)
{
    const char *shape = spec_get(s, "shape", "round");
    double seed = 1;
    o->noise_dbfs = -40;
    w->level_dbfs = -12;
    w->carrier_hz = 2000;
    w->gap_us = -1;
    o->shaped = strcmp(shape, "round") == 0;
    if (!o->shaped && strcmp(shape, "sudden") != 0) {
        snprintf(why, why_size, "shape=%s: write round or sudden", shape);
        return false;
    }
    if (!read_form(s, &o->format, &o->rate_hz, why, why_size) ||
        spec_number(s, "noise", -200, 20, &o->noise_dbfs, why, why_size) ||
        spec_number(s, "level", -200, 20, &w->level_dbfs, why, why_size) ||
        spec_number(s, "carrier", 0, 100000, &w->carrier_hz, why, why_size) ||
        spec_number(s, "gap", -1, 1e9, &w->gap_us, why, why_size) ||
        spec_number(s, "seed", 0, 9e15, &seed, why, why_size)) {
        return false;
    }
    o->seed = w->rng.state = (uint64_t)seed;
    return true;
}

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    struct uat_render_options o = {0};
    struct uatiq_writer *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    if (!read_scene(s, w, &o, why, why_size)) {
        free(w);
        return NULL;
    }
    w->render = uat_render_new(&o);
    if (!w->render) {
        snprintf(why, why_size, "out of memory");
        free(w);
        return NULL;
    }
    return (struct wire_writer *)w;
}

static void writer_free(struct wire_writer *writer)
{
    struct uatiq_writer *w = (struct uatiq_writer *)writer;
    if (w) {
        uat_render_free(w->render);
        free(w);
    }
}

/* A frame that comes while another is on the air is sent right after it, as a transponder would
   wait; one that is hours later than what was before is not waited for. */
static double when(struct uatiq_writer *w, const struct uat_frame *f)
{
    static const double LONGEST_US = 10e6;
    const double now_us = uat_render_end_us(w->render);
    if (w->gap_us >= 0) {
        return now_us + LEAD_US + w->gap_us;
    }
    if (!w->has_begun) {
        w->has_begun = true;
        w->begin_us = f->t_us;
    }
    double at_us = (double)(f->t_us - w->begin_us) + LEAD_US;
    if (at_us > now_us + LONGEST_US) {
        w->begin_us += (int64_t)(at_us - now_us - LONGEST_US);
        at_us = now_us + LONGEST_US;
    }
    return at_us > now_us + 10 ? at_us : now_us + 10;
}

/* What an aircraft with UAT in its place would send. */
static void make_frame(const struct wire_event *e, struct uat_frame *out)
{
    static const enum field said[] = {
        FIELD_ALT_BARO,  FIELD_ALT_GEOM,  FIELD_GROUND,   FIELD_GS,       FIELD_TRACK,
        FIELD_BARO_RATE, FIELD_GEOM_RATE, FIELD_SQUAWK,   FIELD_CATEGORY, FIELD_EMERGENCY,
        FIELD_NIC,       FIELD_VERSION,   FIELD_NIC_BARO, FIELD_NAC_P,    FIELD_NAC_V,
        FIELD_SIL,       FIELD_SIL_TYPE,  FIELD_GVA,      FIELD_SDA};
    struct message m;
    struct value v;
    message_start(&m);
    m.t_us = e->message->t_us;
    m.flags = e->message->flags;
    m.address = track_address(e->track);
    m.origin = e->fix->origin;
    m.has_place = true;
    m.lat_e7 = e->fix->lat_e7;
    m.lon_e7 = e->fix->lon_e7;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (track_fresh(e->track, said[i], m.t_us, &v)) {
            message_add(&m, said[i], v.v);
        }
    }
    const char *flight = track_flight(e->track);
    if (flight[0]) {
        memcpy(m.flight, flight, sizeof m.flight);
        message_add(&m, FIELD_FLIGHT, 0);
    }
    uat_encode(&m, out);
}

static void writer_event(struct wire_writer *writer, const struct wire_event *e, struct buf *out)
{
    struct uatiq_writer *w = (struct uatiq_writer *)writer;
    struct uat_frame made;
    const struct uat_frame *f = e->uat;
    if (!f) {
        if (!e->track || !e->message || !e->fix || e->fix->verdict != VERDICT_ACCEPTED) {
            return;
        }
        make_frame(e, &made);
        f = &made;
    }
    const double carrier_hz = (2 * rng_unit(&w->rng) - 1) * w->carrier_hz;
    const double level = f->rssi_ddb == UAT_NO_RSSI ? w->level_dbfs : f->rssi_ddb / 10.0;
    const double at_us = when(w, f);
    if (uat_render_frame(w->render, f, at_us, carrier_hz, level, out) == ERR_OK) {
        /* Nothing is held back: the stream may end at any time. */
        uat_render_until(w->render, 0, out);
    }
}

const struct wire_format wire_uatiq = {
    .name = "uatiq",
    .help = "complex samples of 978 MHz: format=cu8|cs8|cs16|cs16q11|cf32, rate=2083334",
    .keys = keys,
    .is_binary = true,
    .reader_new = reader_new,
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .reader_lost = reader_lost,
    .reader_radio = reader_radio,
    .writer_new = writer_new,
    .writer_event = writer_event,
    .writer_free = writer_free,
};
