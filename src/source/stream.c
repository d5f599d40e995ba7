/* A wire format over a transport: each stream (the file, the connection, each of a listener's) has
   a reader of its own, and says for itself which receiver its frames are of. */
#include "base/instant.h"
#include "net/net.h"
#include "source/internal.h"
#include "source/pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream_source {
    struct source *source;
    const struct wire_format *format;
    struct wire_options options;
    struct net_transport *transport;
    struct pace *pace;       /* NULL: items go on as they are read */
    bool is_paused, is_full; /* by the user; because enough is waiting for its time */
    enum err end_error;      /* kept until the last item has had its time */
    char end_why[200];
};

struct stream {
    struct stream_source *owner;
    struct net_peer *peer;
    struct wire_reader *reader;
    uint16_t receiver; /* of the frames that follow */
    bool is_reading, is_closed;
};

const char *const source_stream_keys[] = {"clock", "start", "speed", NULL};

/* A ping is sent back as it came (Beast 'P': 24 bits, 0x1a doubled), so that the feeder can tell
   how long its bytes take. */
static void answer_ping(struct stream *st, uint32_t ping)
{
    uint8_t out[8] = {0x1a, 'P'};
    size_t n = 2;
    for (int shift = 16; shift >= 0; shift -= 8) {
        const uint8_t byte = (uint8_t)(ping >> shift);
        out[n++] = byte;
        if (byte == 0x1a) {
            out[n++] = byte;
        }
    }
    net_write(st->peer, out, n);
}

static void on_item(void *ctx, const struct wire_item *item)
{
    struct stream *st = ctx;
    struct source *s = st->owner->source;
    if (st->is_closed) {
        return; /* closed in the middle of what it had read */
    }
    switch (item->kind) {
    case WIRE_FRAME:
        item->frame->receiver = st->receiver;
        break;
    case WIRE_UAT:
        item->uat->receiver = st->receiver;
        break;
    case WIRE_MESSAGE:
        item->message->receiver = st->receiver;
        break;
    case WIRE_RECEIVER:
    case WIRE_FEEDER:
        st->receiver = source_number(s, item->receiver_name, item->receiver_id);
        return;
    case WIRE_PING:
        answer_ping(st, (uint32_t)item->receiver_id);
        return;
    }
    if (st->owner->pace) {
        pace_add(st->owner->pace, item);
    } else {
        source_item(s, item);
    }
}

static void on_due(void *ctx, const struct wire_item *item)
{
    struct stream_source *o = ctx;
    source_item(o->source, item);
}

static void pause_transport(struct stream_source *o)
{
    if (o->transport) {
        net_pause(o->transport, o->is_paused || o->is_full);
    }
}

static void on_hold(void *ctx, bool full)
{
    struct stream_source *o = ctx;
    o->is_full = full;
    pause_transport(o);
}

static void on_drained(void *ctx)
{
    struct stream_source *o = ctx;
    source_done(o->source, o->end_error, o->end_why);
}

static void greet(const struct stream_source *o, const struct wire_reader *reader,
                  struct net_peer *peer)
{
    struct buf out = {0};
    if (o->format->reader_greet) {
        o->format->reader_greet(reader, &out);
        net_write(peer, out.p, out.n);
    }
    buf_free(&out);
}

static void reply(const struct stream *st)
{
    struct buf out = {0};
    if (st->owner->format->reader_reply) {
        st->owner->format->reader_reply(st->reader, &out);
        if (out.n > 0) {
            net_write(st->peer, out.p, out.n);
        }
    }
    buf_free(&out);
}

static void *on_open(void *ctx, struct net_peer *peer)
{
    struct stream_source *o = ctx;
    char why[200];
    struct stream *st = calloc(1, sizeof *st);
    struct wire_reader *reader =
        st ? o->format->reader_new(&o->options, &o->source->spec, why, sizeof why) : NULL;
    if (!reader) {
        free(st);
        return NULL; /* out of memory: its bytes are passed over */
    }
    greet(o, reader, peer);
    *st = (struct stream){.owner = o, .peer = peer, .reader = reader, .receiver = o->source->first};
    return st;
}

static void free_stream(struct stream *st)
{
    st->owner->format->reader_free(st->reader);
    free(st);
}

static void tell_radio(const struct stream *st)
{
    if (st->owner->format->reader_radio) {
        struct receiver_radio *radio = &source_receiver(st->owner->source)->radio;
        st->owner->format->reader_radio(st->reader, radio);
    }
}

static void on_bytes(void *state, const uint8_t *p, size_t n)
{
    struct stream *st = state;
    if (!st) {
        return;
    }
    const struct source_options *o = &st->owner->source->o;
    st->is_reading = true;
    st->owner->format->reader_push(st->reader, p, n, o->clock_us(), on_item, st);
    st->is_reading = false;
    if (st->is_closed) {
        free_stream(st);
        return;
    }
    reply(st);
    tell_radio(st);
}

static void tell_doubt(struct stream *st)
{
    struct source *s = st->owner->source;
    char why[200];
    if (st->owner->format->reader_doubt && s->o.note &&
        st->owner->format->reader_doubt(st->reader, why, sizeof why)) {
        s->o.note(s->o.ctx, s->o.number, why);
    }
}

static void on_close(void *state)
{
    struct stream *st = state;
    if (!st) {
        return;
    }
    if (st->is_reading) {
        st->is_closed = true; /* by an item's callee: on_bytes ends it */
        return;
    }
    struct stream_source *o = st->owner;
    if (!o->source->is_closed) {
        o->format->reader_end(st->reader, o->source->o.clock_us(), on_item, st);
        tell_radio(st);
        tell_doubt(st);
    }
    free_stream(st);
}

static void on_done(void *ctx, enum err e, const char *why)
{
    struct stream_source *o = ctx;
    if (!o->pace) {
        source_done(o->source, e, why);
        return;
    }
    o->end_error = e;
    snprintf(o->end_why, sizeof o->end_why, "%s", why ? why : err_text(e));
    pace_end(o->pace);
}

static enum err read_clock(const struct spec *spec, enum wire_clock *out, char *why,
                           size_t why_size)
{
    const char *text = spec_get(spec, "clock", NULL);
    *out = spec_get(spec, "file", NULL) ? WIRE_CLOCK_FEED : WIRE_CLOCK_RECEIVE;
    if (text && strcmp(text, "feed") != 0 && strcmp(text, "receive") != 0) {
        snprintf(why, why_size, "clock=%s: it is feed (the times it bears) or receive (arrival)",
                 text);
        return ERR_UNKNOWN;
    }
    if (text) {
        *out = text[0] == 'f' ? WIRE_CLOCK_FEED : WIRE_CLOCK_RECEIVE;
    }
    return ERR_OK;
}

/* speed=N on a file: played at N times its own pace. */
static enum err read_speed(struct stream_source *o, const struct spec *spec, char *why,
                           size_t why_size)
{
    const char *text = spec_get(spec, "speed", "max");
    char *end;
    const double speed = strtod(text, &end);
    if (strcmp(text, "max") == 0) {
        return ERR_OK;
    }
    if (end == text || *end != '\0' || !(speed > 0 && speed < 1e6)) {
        snprintf(why, why_size, "speed=%s: write a number above 0, or max", text);
        return ERR_RANGE;
    }
    if (!spec_get(spec, "file", NULL)) {
        snprintf(why, why_size,
                 "speed= is for file=: what is not a recording comes at its own pace");
        return ERR_RANGE;
    }
    const struct pace_options options = {.loop = o->source->o.loop,
                                         .speed = speed,
                                         .item = on_due,
                                         .hold = on_hold,
                                         .drained = on_drained,
                                         .ctx = o};
    o->pace = pace_new(&options);
    return o->pace ? ERR_OK : ERR_MEMORY;
}

static enum err read_options(struct stream_source *o, const struct spec *spec, char *why,
                             size_t why_size)
{
    const char *start = spec_get(spec, "start", NULL);
    o->options.counters = o->source->o.counters;
    enum err e = read_clock(spec, &o->options.clock, why, why_size);
    if (!e && start && instant_parse(start, &o->options.base_us)) {
        snprintf(why, why_size, "start=%s is no time: write 2024-06-07T08:30:00Z", start);
        e = ERR_SYNTAX;
    }
    return e;
}

enum err source_stream_open(struct source *s, const struct wire_format *format, char *why,
                            size_t why_size)
{
    static const struct net_events events = {on_open, on_bytes, on_close, on_done};
    const struct spec *spec = &s->spec;
    struct stream_source *o = calloc(1, sizeof *o);
    if (!o) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    o->source = s;
    o->format = format;
    s->kind_state = o; /* freed with s */
    enum err e = read_options(o, spec, why, why_size);
    if (e) {
        return e;
    }
    /* A reader made only to hear what it says of the keys. */
    struct wire_reader *trial = format->reader_new(&o->options, spec, why, why_size);
    if (!trial) {
        return ERR_SYNTAX;
    }
    format->reader_free(trial);
    e = read_speed(o, spec, why, why_size);
    if (e) {
        return e;
    }
    s->own_clock = o->options.clock == WIRE_CLOCK_FEED;
    s->place_is_theirs = !spec_get(spec, "listen", NULL);
    e = net_open(s->o.loop, spec, true, &events, o, s->o.counters, &o->transport, why, why_size);
    if (e && o->pace) {
        pace_close(o->pace);
        o->pace = NULL;
    }
    return e;
}

const char *source_stream_state(const void *state)
{
    const struct stream_source *o = state;
    return net_state(o->transport);
}

static void stream_close(void *state)
{
    struct stream_source *o = state;
    if (o->pace) {
        pace_close(o->pace);
        o->pace = NULL;
    }
    net_close(o->transport);
}

static void stream_pause(void *state, bool paused)
{
    struct stream_source *o = state;
    o->is_paused = paused;
    pause_transport(o);
    if (o->pace) {
        pace_pause(o->pace, paused);
    }
}

const struct source_kind source_stream = {
    .name = "stream", .close = stream_close, .pause = stream_pause};
