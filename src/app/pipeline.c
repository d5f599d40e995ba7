/* The way through the house, in the order the bytes take it:
 *
 *   source (format over transport) → pipeline_item → modes_decode → tracker_push → sinks, serve,
 * history
 *
 * Everything runs on one loop and one thread. */
#include "app/pipeline.h"

#include "base/instant.h"
#include "encode/retell.h"
#include "uat/decode.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXPIRE_EVERY_MS = 1000,
    BATCH =
        32 /* frames decoded ahead of tracking, so that their aircraft are on the way from memory */
};

struct pipeline {
    struct pipeline_options o;
    struct counters counters;
    struct receivers *receivers;
    struct tracker *tracker;
    struct hearing *hearing; /* NULL: nobody asks (bare) */
    struct retell *retell;   /* NULL: values stay values */
    struct source *source[PIPELINE_SOURCES_MAX];
    struct sink *sink[PIPELINE_SINKS_MAX];
    unsigned n_sources, n_sinks, n_ended;
    bool runs_on_day_clock; /* an input without its own clock is there */
    int64_t newest_us;      /* the newest time any feed has said */
    int64_t start_us;       /* elapsed times count from here */
    struct receiver place;  /* where a receiver is that does not say: --at */
    uv_timer_t expire_timer;
    uv_prepare_t before_wait; /* the batch never waits for the world: emptied before and after the
                                 loop does */
    uv_check_t after_wait;
    unsigned n_batch;
    struct frame batch_frame[BATCH]; /* filled only where someone looks */
    struct message batch[BATCH];
    bool closing;
    struct buf sources_json;
    enum err failure;
    char why[PIPELINE_WHY_MAX];
};

static void emit(struct pipeline *p, const struct wire_event *e, const struct outcome *out)
{
    if (p->o.look) {
        p->o.look(p->o.ctx, e, out);
    }
    for (unsigned i = 0; i < p->n_sinks; i++) {
        sink_event(p->sink[i], e);
    }
}

static const struct receiver *receiver_row(const struct pipeline *p, uint16_t number)
{
    return number > 0 && number < p->receivers->n ? &p->receivers->row[number] : NULL;
}

static void emit_retold(void *ctx, const struct frame *f)
{
    struct pipeline *p = ctx;
    const struct wire_event e = {
        .frame = f, .receiver = receiver_row(p, f->receiver), .now_us = f->t_us};
    for (unsigned i = 0; i < p->n_sinks; i++) {
        if (sink_takes_frames(p->sink[i])) {
            sink_event(p->sink[i], &e);
        }
    }
}

static bool someone_looks(const struct pipeline *p)
{
    return p->o.look || p->n_sinks > 0;
}

static void tell_fix(const struct pipeline *p, const struct outcome *out)
{
    if (p->o.fix && out->has_fix && out->track && !out->duplicate &&
        out->fix.verdict == VERDICT_ACCEPTED) {
        p->o.fix(p->o.ctx, out->track, &out->fix);
    }
}

static void push_message(struct pipeline *p, const struct frame *f, const struct uat_frame *u,
                         struct message *m)
{
    struct outcome out;
    tracker_push(p->tracker, m, &out);
    if (p->hearing) {
        hearing_message(p->hearing, m, u != NULL, &out, receiver_row(p, m->receiver));
    }
    p->counters.n[COUNT_FRAMES_TRACKED] += out.track && !out.duplicate && m->df != 255;
    tell_fix(p, &out);
    if (!someone_looks(p) || (out.duplicate && !p->o.keep_duplicates)) {
        return;
    }
    const struct wire_event e = {
        .frame = f,
        .uat = u,
        .message = m,
        .fix = out.has_fix ? &out.fix : NULL,
        .receiver = receiver_row(p, m->receiver),
        .track = out.track,
        .attributed = out.track != NULL,
        .now_us = pipeline_now_us(p),
    };
    emit(p, &e, &out);
}

static void flush_batch(struct pipeline *p)
{
    const bool looks = someone_looks(p);
    for (unsigned i = 0; i < p->n_batch; i++) {
        push_message(p, looks ? &p->batch_frame[i] : NULL, NULL, &p->batch[i]);
    }
    p->n_batch = 0;
}

/* Once a second of the picture's time. */
static void second(struct pipeline *p, int64_t now_us)
{
    tracker_expire(p->tracker, now_us);
    for (size_t i = 1; p->hearing && i < p->receivers->n; i++) {
        const struct receiver *r = &p->receivers->row[i];
        if (r->radio.samples > 0) {
            hearing_radio(p->hearing, (uint16_t)i, &r->radio, now_us);
        }
    }
}

/* Feeds with a clock of their own forget by it, at each whole second: what a recording leads to
   does not depend on how fast it is read. */
static void note_time(struct pipeline *p, int64_t t_us)
{
    if (t_us <= p->newest_us) {
        return;
    }
    const bool next_second = t_us / 1000000 != p->newest_us / 1000000;
    p->newest_us = t_us;
    if (next_second && !p->runs_on_day_clock) {
        flush_batch(p);
        second(p, t_us);
    }
}

static void count_frame(struct pipeline *p, const struct message *m)
{
    p->counters.df[m->df < 32 ? m->df : 32]++;
    p->counters.n[COUNT_FRAMES_BAD_PARITY] += m->parity == PARITY_BAD;
    p->counters.n[COUNT_FRAMES_REPAIRED] += m->corrected > 0;
}

static void push_frame(struct pipeline *p, struct frame *f)
{
    if (f->flags & FRAME_ELAPSED) {
        f->t_us += p->start_us;
    }
    count(&p->counters, COUNT_FRAMES_IN);
    note_time(p, f->t_us);
    if (p->o.bare) {
        const struct wire_event e = {
            .frame = f, .receiver = receiver_row(p, f->receiver), .now_us = f->t_us};
        emit(p, &e, NULL);
        return;
    }
    struct message *m = &p->batch[p->n_batch];
    modes_decode(f, &p->o.modes, m);
    count_frame(p, m);
    if (tracker_count(p->tracker) < TRACKER_PREFETCH_FROM && p->n_batch == 0) {
        push_message(p, f, NULL, m);
        return;
    }
    tracker_prefetch(p->tracker, m->address);
    if (someone_looks(p)) {
        p->batch_frame[p->n_batch] = *f;
    }
    if (++p->n_batch == BATCH) {
        flush_batch(p);
    }
}

static void push_values(struct pipeline *p, struct message *m)
{
    count(&p->counters, COUNT_MESSAGES_IN);
    note_time(p, m->t_us);
    if (!p->o.bare) {
        flush_batch(p);
        push_message(p, NULL, NULL, m);
    } else if (p->o.look) {
        const struct wire_event e = {
            .message = m, .receiver = receiver_row(p, m->receiver), .now_us = m->t_us};
        p->o.look(p->o.ctx, &e, NULL);
    }
    if (p->retell) {
        retell_push(p->retell, m, emit_retold, p);
    }
}

/* Frames of 978 MHz. A ground station's uplink speaks of no aircraft: it is shown and passed on. */
static void push_uat(struct pipeline *p, struct uat_frame *f)
{
    if (f->flags & FRAME_ELAPSED) {
        f->t_us += p->start_us;
    }
    count(&p->counters, COUNT_FRAMES_IN);
    count(&p->counters, f->n == UAT_UPLINK ? COUNT_UAT_UPLINKS : COUNT_UAT_ADSB);
    note_time(p, f->t_us);
    flush_batch(p);
    if (p->o.bare) {
        const struct wire_event e = {
            .uat = f, .receiver = receiver_row(p, f->receiver), .now_us = f->t_us};
        emit(p, &e, NULL);
        return;
    }
    struct message m;
    uat_decode(f, &m);
    push_message(p, NULL, f, &m);
}

static void pipeline_item(void *ctx, const struct wire_item *item)
{
    struct pipeline *p = ctx;
    switch (item->kind) {
    case WIRE_FRAME:
        push_frame(p, item->frame);
        break;
    case WIRE_UAT:
        push_uat(p, item->uat);
        break;
    case WIRE_MESSAGE:
        push_values(p, item->message);
        break;
    case WIRE_RECEIVER:
    case WIRE_FEEDER:
    case WIRE_PING:
        break; /* the source has used them */
    }
}

static void source_done(void *ctx, uint16_t number, enum err e, const char *why)
{
    struct pipeline *p = ctx;
    (void)number;
    flush_batch(p);
    if (e && !p->failure) {
        p->failure = e;
        snprintf(p->why, sizeof p->why, "%s", why ? why : err_text(e));
    }
    p->n_ended++;
    if (p->n_ended == p->n_sources && p->o.ended) {
        p->o.ended(p->o.ctx);
    }
}

static void source_note(void *ctx, uint16_t number, const char *sentence)
{
    const struct pipeline *p = ctx;
    const struct source *s = p->source[number - 1];
    fprintf(stderr, "masar: %s: %s\n", s ? source_name(s) : "an input", sentence);
}

static void expire(uv_timer_t *timer)
{
    struct pipeline *p = timer->data;
    if (p->runs_on_day_clock) {
        second(p, pipeline_now_us(p));
    }
}

static void on_before_wait(uv_prepare_t *handle)
{
    flush_batch(handle->data);
}

static void on_after_wait(uv_check_t *handle)
{
    flush_batch(handle->data);
}

static void start_handles(struct pipeline *p)
{
    uv_timer_init(p->o.loop, &p->expire_timer);
    uv_prepare_init(p->o.loop, &p->before_wait);
    uv_check_init(p->o.loop, &p->after_wait);
    p->expire_timer.data = p->before_wait.data = p->after_wait.data = p;
    uv_timer_start(&p->expire_timer, expire, EXPIRE_EVERY_MS, EXPIRE_EVERY_MS);
    uv_prepare_start(&p->before_wait, on_before_wait);
    uv_check_start(&p->after_wait, on_after_wait);
    uv_unref((uv_handle_t *)&p->expire_timer);
    uv_unref((uv_handle_t *)&p->before_wait);
    uv_unref((uv_handle_t *)&p->after_wait);
}

struct pipeline *pipeline_new(const struct pipeline_options *o)
{
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->o = *o;
    p->newest_us = INSTANT_NONE;
    p->start_us = o->elapsed_from_zero ? 0 : o->clock_us();
    p->receivers = receivers_new();
    p->o.track.counters = &p->counters;
    p->o.track.receivers = p->receivers ? p->receivers->row : NULL;
    p->tracker = tracker_new(&p->o.track);
    p->retell = o->retell ? retell_new() : NULL;
    p->hearing = o->hearing ? hearing_new() : NULL;
    if (!p->receivers || !p->tracker || (o->hearing && !p->hearing) || (o->retell && !p->retell)) {
        pipeline_free(p);
        return NULL;
    }
    start_handles(p);
    return p;
}

void pipeline_set_place(struct pipeline *p, bool has_place, double lat_deg, double lon_deg,
                        double alt_m)
{
    p->place.has_place = has_place;
    p->place.lat_e7 = (int32_t)lrint(lat_deg * 1e7);
    p->place.lon_e7 = (int32_t)lrint(lon_deg * 1e7);
    p->place.alt_m = (int32_t)lrint(alt_m);
}

static void place_new_receivers(struct pipeline *p, size_t first)
{
    for (size_t i = first; p->place.has_place && i < p->receivers->n; i++) {
        struct receiver *r = &p->receivers->row[i];
        if (!r->has_place) {
            r->has_place = true;
            r->lat_e7 = p->place.lat_e7;
            r->lon_e7 = p->place.lon_e7;
            r->alt_m = p->place.alt_m;
        }
    }
}

enum err pipeline_add_source(struct pipeline *p, const char *spec, char *why, size_t why_size)
{
    if (p->n_sources == PIPELINE_SOURCES_MAX) {
        snprintf(why, why_size, "more than %d inputs: leave some out", PIPELINE_SOURCES_MAX);
        return ERR_FULL;
    }
    const struct source_options o = {
        .loop = p->o.loop,
        .clock_us = p->o.clock_us,
        .receivers = p->receivers,
        .counters = &p->counters,
        .number = (uint16_t)(p->n_sources + 1),
        .item = pipeline_item,
        .done = source_done,
        .note = source_note,
        .ctx = p,
    };
    const size_t before = p->receivers->n;
    const enum err e = source_open(spec, &o, &p->source[p->n_sources], why, why_size);
    if (e) {
        return e;
    }
    place_new_receivers(p, before);
    p->runs_on_day_clock |= !source_has_own_clock(p->source[p->n_sources]);
    p->n_sources++;
    return ERR_OK;
}

enum err pipeline_add_sink(struct pipeline *p, const char *spec, char *why, size_t why_size)
{
    if (p->n_sinks == PIPELINE_SINKS_MAX) {
        snprintf(why, why_size, "more than %d outputs: leave some out", PIPELINE_SINKS_MAX);
        return ERR_FULL;
    }
    const struct sink_options o = {
        .loop = p->o.loop, .clock_us = p->o.clock_us, .counters = &p->counters};
    const enum err e = sink_open(spec, &o, &p->sink[p->n_sinks], why, why_size);
    if (!e) {
        p->o.bare = p->o.bare && sink_takes_frames(p->sink[p->n_sinks]);
        p->n_sinks++;
    }
    return e;
}

bool pipeline_report(struct pipeline *p, struct message *m, const char *who)
{
    char name[RECEIVER_NAME_MAX];
    snprintf(name, sizeof name, "%s", who);
    flush_batch(p);
    m->receiver = receivers_number(p->receivers, 0, name, 0);
    note_time(p, m->t_us);
    struct outcome out;
    tracker_push(p->tracker, m, &out);
    if (!out.track) {
        return false;
    }
    tell_fix(p, &out);
    const struct wire_event e = {
        .message = m,
        .fix = out.has_fix ? &out.fix : NULL,
        .receiver = receiver_row(p, m->receiver),
        .track = out.track,
        .attributed = true,
        .now_us = pipeline_now_us(p),
    };
    emit(p, &e, &out);
    return true;
}

bool pipeline_has_time(const struct pipeline *p)
{
    return p->runs_on_day_clock || p->newest_us != INSTANT_NONE;
}

int64_t pipeline_now_us(const struct pipeline *p)
{
    return p->runs_on_day_clock || p->newest_us == INSTANT_NONE ? p->o.clock_us() : p->newest_us;
}

const struct tracker *pipeline_tracker(const struct pipeline *p)
{
    return p->tracker;
}

const struct receivers *pipeline_receivers(const struct pipeline *p)
{
    return p->receivers;
}

const struct hearing *pipeline_hearing(const struct pipeline *p)
{
    return p->hearing;
}

struct counters *pipeline_counters(struct pipeline *p)
{
    return &p->counters;
}

static void source_json(struct pipeline *p, unsigned i, struct buf *out)
{
    bool simulated = false;
    uint64_t frames = 0;
    int64_t last_us = INSTANT_NONE;
    for (size_t r = 1; r < p->receivers->n; r++) {
        const struct receiver *row = &p->receivers->row[r];
        if (row->source == i + 1) {
            simulated |= row->simulated;
            frames += row->frames;
            last_us = row->last_frame_us > last_us ? row->last_frame_us : last_us;
        }
    }
    const char *name = source_name(p->source[i]), *state = source_state(p->source[i]);
    buf_text(out, i ? ",{\"name\":" : "{\"name\":");
    buf_json_string(out, name, strlen(name));
    buf_text(out, ",\"state\":");
    buf_json_string(out, state, strlen(state));
    buf_format(out, ",\"simulated\":%s,\"frames\":%llu", simulated ? "true" : "false",
               (unsigned long long)frames);
    if (last_us != INSTANT_NONE) {
        buf_text(out, ",\"last\":");
        buf_decimal(out, last_us / 1000, 3);
    }
    buf_byte(out, '}');
}

const char *pipeline_sources_json(struct pipeline *p)
{
    buf_clear(&p->sources_json);
    buf_byte(&p->sources_json, '[');
    for (unsigned i = 0; i < p->n_sources; i++) {
        source_json(p, i, &p->sources_json);
    }
    buf_add(&p->sources_json, "]", 2);
    return p->sources_json.failed ? "[]" : (const char *)p->sources_json.p;
}

enum err pipeline_failure(struct pipeline *p, const char **why)
{
    for (unsigned i = 0; i < p->n_sinks; i++) {
        const enum err e = sink_finish(p->sink[i]);
        if (e && !p->failure) {
            p->failure = e;
            snprintf(p->why, sizeof p->why, "%s", sink_state(p->sink[i]));
        }
    }
    *why = p->why;
    return p->failure;
}

size_t pipeline_waiting(const struct pipeline *p)
{
    size_t most = 0;
    for (unsigned i = 0; i < p->n_sinks; i++) {
        const size_t n = sink_waiting(p->sink[i]);
        most = n > most ? n : most;
    }
    return most;
}

const char *pipeline_unready(const struct pipeline *p)
{
    for (unsigned i = 0; i < p->n_sinks; i++) {
        if (!sink_is_ready(p->sink[i])) {
            return sink_state(p->sink[i]);
        }
    }
    return NULL;
}

void pipeline_pause(struct pipeline *p, bool paused)
{
    for (unsigned i = 0; i < p->n_sources; i++) {
        source_pause(p->source[i], paused);
    }
}

void pipeline_close(struct pipeline *p)
{
    if (p->closing) {
        return;
    }
    p->closing = true;
    flush_batch(p);
    for (unsigned i = 0; i < p->n_sources; i++) {
        source_close(p->source[i]);
    }
    for (unsigned i = 0; i < p->n_sinks; i++) {
        sink_flush(p->sink[i]);
        sink_close(p->sink[i]);
    }
    p->n_sinks = 0;
    uv_close((uv_handle_t *)&p->expire_timer, NULL);
    uv_close((uv_handle_t *)&p->before_wait, NULL);
    uv_close((uv_handle_t *)&p->after_wait, NULL);
}

void pipeline_free(struct pipeline *p)
{
    if (!p) {
        return;
    }
    tracker_free(p->tracker);
    hearing_free(p->hearing);
    retell_free(p->retell);
    receivers_free(p->receivers);
    buf_free(&p->sources_json);
    free(p);
}
