#include "sink/sink.h"

#include "net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_BYTES = 32 * 1024, HEARTBEAT_S = 60, HEARTBEAT_S_MAX = 3600 };

static const char *const sink_keys[] = {"heartbeat", NULL};

struct sink_peer {
    struct sink *sink;
    struct net_peer *peer;
    struct sink_peer *next, **link;
    bool has_lost; /* a write: what came since stands on bytes it never got (Beast's 0xe3) */
};

struct sink {
    struct sink_options o;
    const struct wire_format *format;
    struct wire_writer *writer;
    struct net_transport *transport;
    struct sink_peer *peers;
    struct buf out; /* what the events of this turn came to, for every peer alike */
    /* Run only while out holds something: before the loop sleeps, and after it was woken. */
    uv_prepare_t before_sleep;
    uv_check_t turn_end;
    uv_timer_t heartbeat;
    uint64_t heartbeat_ms; /* of silence before one is sent; 0 never */
    uint64_t sent_ms;      /* when something was last sent */
    unsigned handles;
    bool is_closed, failed;
    bool connects; /* to a peer, which may not be there */
    char why[200];
    struct spec spec;
};

static bool send_head(struct sink *s, struct net_peer *peer)
{
    struct buf head = {0};
    if (s->format->writer_head) {
        s->format->writer_head(s->writer, &head);
    }
    const bool ok = !head.failed && net_write(peer, head.p, head.n);
    buf_free(&head);
    return ok;
}

/* A peer that lost a write begins anew, with a head, once it keeps up. The head tells how things
   stand after these bytes, so they are left out for it. */
static void send_one(struct sink_peer *p, const void *bytes, size_t n)
{
    if (!p->has_lost) {
        p->has_lost = !net_write(p->peer, bytes, n);
        return;
    }
    count_add(p->sink->o.counters, COUNT_SINK_DROPPED_BYTES, n);
    if (net_waiting(p->peer) == 0) {
        p->has_lost = !send_head(p->sink, p->peer);
    }
}

static void send_all(struct sink *s, const void *bytes, size_t n)
{
    for (struct sink_peer *p = s->peers; p; p = p->next) {
        send_one(p, bytes, n);
    }
    s->sent_ms = uv_now(s->o.loop);
}

void sink_flush(struct sink *s)
{
    uv_prepare_stop(&s->before_sleep);
    uv_check_stop(&s->turn_end);
    if (s->out.n > 0) {
        send_all(s, s->out.p, s->out.n);
        buf_clear(&s->out);
    }
}

static void on_before_sleep(uv_prepare_t *prepare)
{
    sink_flush(prepare->data);
}

static void on_turn_end(uv_check_t *check)
{
    sink_flush(check->data);
}

/* A frame that a format of frames, which holds nothing back, wrote nothing of. */
static bool is_unwritten(const struct sink *s, const struct wire_event *e, size_t before)
{
    return s->out.n == before && s->format->takes_frames && !s->format->writer_end &&
           (e->frame || e->uat);
}

void sink_event(struct sink *s, const struct wire_event *e)
{
    if (!s->peers || s->is_closed) {
        count_add(s->o.counters, COUNT_SINK_UNCONNECTED, s->connects && !s->is_closed);
        return;
    }
    const size_t before = s->out.n;
    s->format->writer_event(s->writer, e, &s->out);
    if (s->out.failed) {
        /* Half an event would spoil the stream: it is left out, whole. */
        count_add(s->o.counters, COUNT_SINK_DROPPED_BYTES, s->out.n - before);
        s->out.n = before;
        s->out.failed = false;
    }
    count_add(s->o.counters, COUNT_SINK_UNWRITTEN, is_unwritten(s, e, before));
    if (s->out.n >= FLUSH_BYTES) {
        sink_flush(s);
    } else if (before == 0 && s->out.n > 0) {
        uv_prepare_start(&s->before_sleep, on_before_sleep);
        uv_check_start(&s->turn_end, on_turn_end);
    }
}

static void on_heartbeat(uv_timer_t *timer)
{
    struct sink *s = timer->data;
    if (s->peers && uv_now(s->o.loop) - s->sent_ms >= s->heartbeat_ms) {
        send_all(s, s->format->heartbeat, s->format->heartbeat_n);
    }
}

static void *on_open(void *ctx, struct net_peer *peer)
{
    struct sink *s = ctx;
    struct sink_peer *p = malloc(sizeof *p);
    if (!p) {
        return NULL; /* it gets nothing */
    }
    sink_flush(s); /* what was said before it came is not for it */
    *p = (struct sink_peer){.sink = s, .peer = peer, .next = s->peers, .link = &s->peers};
    if (p->next) {
        p->next->link = &p->next;
    }
    s->peers = p;
    p->has_lost = !send_head(s, peer);
    s->sent_ms = uv_now(s->o.loop);
    return p;
}

static void on_close(void *state)
{
    struct sink_peer *p = state;
    if (!p) {
        return;
    }
    *p->link = p->next;
    if (p->next) {
        p->next->link = p->link;
    }
    free(p);
}

static void on_done(void *ctx, enum err e, const char *why)
{
    struct sink *s = ctx;
    s->failed = e != ERR_OK;
    snprintf(s->why, sizeof s->why, "%s", why);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct sink *s = handle->data;
    if (--s->handles > 0) {
        return;
    }
    if (s->writer) {
        s->format->writer_free(s->writer);
    }
    buf_free(&s->out);
    free(s);
}

static void close_handles(struct sink *s)
{
    s->is_closed = true;
    uv_close((uv_handle_t *)&s->before_sleep, on_handle_closed);
    uv_close((uv_handle_t *)&s->turn_end, on_handle_closed);
    uv_close((uv_handle_t *)&s->heartbeat, on_handle_closed);
}

static enum err find_format(struct sink *s, char *why, size_t why_size)
{
    s->format = wire_format_find(s->spec.name);
    if (s->format && s->format->writer_new) {
        return ERR_OK;
    }
    int at = snprintf(why, why_size, "'%s' is no output; there are", s->spec.name);
    for (size_t i = 0; wire_formats[i] && at > 0 && (size_t)at < why_size; i++) {
        if (wire_formats[i]->writer_new) {
            at += snprintf(why + at, why_size - (size_t)at, " %s", wire_formats[i]->name);
        }
    }
    return ERR_UNKNOWN;
}

static enum err read_heartbeat(struct sink *s, char *why, size_t why_size)
{
    const char *text = spec_get(&s->spec, "heartbeat", NULL);
    char *end = NULL;
    const unsigned long v = text ? strtoul(text, &end, 10) : HEARTBEAT_S;
    if (text && (text[0] < '0' || text[0] > '9' || *end != '\0' || v > HEARTBEAT_S_MAX)) {
        snprintf(why, why_size,
                 "heartbeat=%s is not a whole number of seconds from 0 (never) to %d", text,
                 HEARTBEAT_S_MAX);
        return ERR_RANGE;
    }
    s->heartbeat_ms = v * 1000;
    return ERR_OK;
}

static enum err open_parts(struct sink *s, char *why, size_t why_size)
{
    static const struct net_events events = {on_open, NULL, on_close, on_done};
    const char *const *lists[] = {net_keys, sink_keys, s->format->keys};
    enum err e = spec_check(&s->spec, lists, s->format->keys ? 3 : 2, why, why_size);
    e = e ? e : read_heartbeat(s, why, why_size);
    if (e) {
        return e;
    }
    s->connects = spec_get(&s->spec, "connect", NULL) != NULL;
    s->writer = s->format->writer_new(&s->spec, why, why_size);
    if (!s->writer) {
        return ERR_SYNTAX;
    }
    /* A file wants none: it would be read again. */
    if (s->format->heartbeat && s->heartbeat_ms && !spec_get(&s->spec, "file", NULL)) {
        const uint64_t every = s->heartbeat_ms / 10;
        uv_timer_start(&s->heartbeat, on_heartbeat, every, every);
    }
    return net_open(s->o.loop, &s->spec, false, &events, s, s->o.counters, &s->transport, why,
                    why_size);
}

static void start_handles(struct sink *s)
{
    uv_prepare_init(s->o.loop, &s->before_sleep);
    uv_check_init(s->o.loop, &s->turn_end);
    uv_timer_init(s->o.loop, &s->heartbeat);
    s->before_sleep.data = s->turn_end.data = s->heartbeat.data = s;
    s->handles = 3;
    /* What is sent to keeps the loop running, not the wish to send. */
    uv_unref((uv_handle_t *)&s->before_sleep);
    uv_unref((uv_handle_t *)&s->turn_end);
    uv_unref((uv_handle_t *)&s->heartbeat);
}

enum err sink_open(const char *text, const struct sink_options *o, struct sink **out, char *why,
                   size_t why_size)
{
    struct sink *s = calloc(1, sizeof *s);
    if (!s) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    s->o = *o;
    enum err e = spec_parse(&s->spec, text, why, why_size);
    e = e ? e : find_format(s, why, why_size);
    if (e) {
        free(s);
        return e;
    }
    start_handles(s);
    e = open_parts(s, why, why_size);
    if (e) {
        close_handles(s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

bool sink_takes_frames(const struct sink *s)
{
    return s->format->takes_frames;
}

bool sink_is_ready(const struct sink *s)
{
    return !s->connects || s->peers;
}

size_t sink_waiting(const struct sink *s)
{
    size_t most = 0;
    for (const struct sink_peer *p = s->peers; p; p = p->next) {
        const size_t n = net_waiting(p->peer);
        most = n > most ? n : most;
    }
    return most;
}

const char *sink_name(const struct sink *s)
{
    return s->spec.name;
}

const char *sink_state(const struct sink *s)
{
    return s->failed ? s->why : net_state(s->transport);
}

uint16_t sink_port(const struct sink *s)
{
    return net_port(s->transport);
}

enum err sink_finish(struct sink *s)
{
    sink_flush(s);
    const enum err e = net_finish(s->transport);
    return s->failed ? ERR_SYSTEM : e;
}

void sink_close(struct sink *s)
{
    if (s->is_closed) {
        return;
    }
    if (s->format->writer_end) {
        s->format->writer_end(s->writer, &s->out);
    }
    sink_flush(s);
    net_close(s->transport);
    close_handles(s);
}
