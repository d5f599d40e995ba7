/* The live picture for WebSockets: once a second one round of the tracker, one delta, one buffer,
   sent to every client. The last few deltas are kept, so that a client that missed a beat catches
   up; one farther behind is sent a snapshot, which all that need one in the same second share.

   A round and a snapshot are made in slices (job.h), one after the other:

     RESTING ── the second is over ──▶ TAKING ── all aircraft put ──▶ CODING ── delta done ──▶
   RESTING RESTING ── somebody needs one ──▶ SNAPSHOT ── done ──▶ RESTING */
#include "serve/internal.h"
#include "serve/walk.h"
#include "serve/who.h"
#include "wire/picture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    INTERVAL_MS = 1000,
    KEPT = 4,
    STALLED_MS = 60000,
    READ_MAX = 65536,
    UNSENT_MAX = 16384,
    SLOTS = 32,
    COUNTS_MS = 10000,
    PIECE = 131072
};

enum stage { RESTING, TAKING, CODING, SNAPSHOT };

/* What is told in text, besides hello: anew when it changed. */
enum { NEWS_SOURCES, NEWS_RECEIVERS, NEWS_COUNT };

struct client {
    struct client *next, *previous;
    struct lws *wsi;
    uint32_t seq; /* round it has; 0 before its first snapshot */
    bool greeted;
    bool needs_snapshot;
    struct body *body; /* of which a part is sent */
    size_t sent;
    uint32_t told[NEWS_COUNT]; /* the news as it knows them */
    int64_t took_ms;           /* when it last could be written to */
    size_t came;               /* bytes from it since the last round */
    struct playing *playing;   /* NULL: it has never looked at the past */
};

struct live {
    struct serve *s;
    uv_timer_t *timer;
    struct client *clients;
    struct picture *picture;
    struct who who;
    enum stage stage;
    struct job job;
    struct walk walk;
    struct picture_writer *writer;
    struct buf b;             /* the message under way */
    struct body *delta[KEPT]; /* of round seq - i at [(seq - i) % KEPT] */
    struct body *snapshot;    /* of round snapshot_seq */
    uint32_t snapshot_seq;
    int64_t round_ms;
    struct news {
        struct body *body;
        uint32_t version;
    } news[NEWS_COUNT];
    char *sources_text;   /* of the sources' news */
    bool history_stopped; /* as they say */
    int64_t sources_ms;   /* when they were made */
    size_t receivers;     /* of the receivers' */
};

/* ------------------------------------------------------------------ rounds */

static void put(void *ctx, const struct track *a, int64_t now_us)
{
    struct live *l = ctx;
    const uint32_t slot = track_slot(l->s->o.tracker, a);
    struct picture_item it;
    live_item(l->s, a, now_us, &it);
    who_fill(&l->who, slot, now_us / 1000, &it);
    picture_put(l->picture, slot, &it);
}

static void tell_all(const struct live *l)
{
    for (const struct client *c = l->clients; c; c = c->next) {
        lws_callback_on_writable(c->wsi);
    }
}

static bool anyone_needs_snapshot(const struct live *l)
{
    for (const struct client *c = l->clients; c; c = c->next) {
        if (c->needs_snapshot) {
            return true;
        }
    }
    return false;
}

static void begin_coding(struct live *l)
{
    body_begin(&l->b);
    picture_write_delta(l->writer, l->picture, l->walk.now_us / 1000, &l->b);
    l->stage = CODING;
}

static void begin_snapshot(struct live *l)
{
    body_begin(&l->b);
    picture_write_snapshot(l->writer, l->picture, &l->b);
    l->stage = SNAPSHOT;
}

/* NULL where memory ran out: the clients get a snapshot instead of the delta, or none. */
static void end_message(struct live *l)
{
    struct body *body = body_take(&l->b, &l->s->jobs);
    if (l->stage == SNAPSHOT) {
        body_drop(l->snapshot);
        l->snapshot = body;
        l->snapshot_seq = picture_seq(l->picture);
    } else {
        struct body **kept = &l->delta[picture_seq(l->picture) % KEPT];
        body_drop(*kept);
        *kept = body;
    }
    l->stage = RESTING;
    tell_all(l);
}

static bool work_some(void *ctx)
{
    struct live *l = ctx;
    if (l->stage == TAKING) {
        if (!walk_some(&l->walk, put, l)) {
            begin_coding(l);
        }
    } else if (!picture_write_some(l->writer, SLOTS)) {
        end_message(l);
        if (anyone_needs_snapshot(l) && l->snapshot_seq != picture_seq(l->picture)) {
            begin_snapshot(l);
        }
    }
    return l->stage != RESTING;
}

static void work(struct live *l)
{
    job_start(&l->s->jobs, &l->job, work_some, l);
}

/* A round that takes longer than the interval, as on a machine with too much to do, costs the next
   one. */
static void take_round(struct live *l)
{
    if (l->stage == RESTING) {
        l->round_ms = serve_clock_ms(l->s);
        walk_begin(&l->walk, l->s->o.tracker, serve_now_us(l->s), l->round_ms);
        l->stage = TAKING;
        work(l);
    }
}

/* ------------------------------------------------------------------ hello, sources */

static void write_receivers(struct buf *b, const struct serve *s)
{
    const struct receivers *r = s->o.receivers;
    buf_text(b, ",\"receivers\":[");
    for (size_t i = 1; i < r->n; i++) {
        buf_format(b, "%s{\"number\":%zu,\"name\":", i > 1 ? "," : "", i);
        json_text(b, r->row[i].name);
        buf_text(b, r->row[i].simulated ? ",\"simulated\":true}" : ",\"simulated\":false}");
    }
    buf_text(b, "]");
}

static void write_start(struct buf *b, const struct live *l, const char *type)
{
    buf_format(b, "{\"type\":\"%s\",\"now\":", type);
    json_seconds(b, serve_now_us(l->s));
    buf_format(b, ",\"simulation\":%s", serve_simulated(l->s) ? "true" : "false");
}

static void write_sources(struct buf *b, const struct live *l)
{
    buf_text(b, ",\"sources\":");
    buf_text(b, l->sources_text ? l->sources_text : "[]");
    buf_text(b, ",\"history\":");
    health_history(l->s, b);
}

static struct body *hello(struct live *l)
{
    const struct serve_options *o = &l->s->o;
    struct buf b = {0};
    write_start(&b, l, "hello");
    buf_format(&b, ",\"format\":%d,\"interval_ms\":%d", PICTURE_FORMAT, INTERVAL_MS);
    write_sources(&b, l);
    write_receivers(&b, l->s);
    buf_text(&b, ",\"origins\":[");
    for (int i = 0; i < ORIGIN_COUNT; i++) {
        buf_format(&b, "%s{\"type\":\"%s\",\"label\":", i ? "," : "", origin_row[i].type);
        json_text(&b, origin_row[i].label);
        buf_text(&b, "}");
    }
    const bool has_inputs = strcmp(serve_sources(l->s), "[]") != 0;
    buf_format(&b, "],\"past\":%s,\"live\":%s", o->store_dir ? "true" : "false",
               has_inputs ? "true" : "false");
    if (o->has_place) {
        buf_format(&b, ",\"place\":{\"lat\":%.6f,\"lon\":%.6f}", o->lat_deg, o->lon_deg);
    }
    buf_text(&b, "}");
    struct body *body = body_of(&b);
    buf_free(&b);
    return body;
}

static void renew(struct live *l, int which)
{
    struct buf b = {0};
    write_start(&b, l, which == NEWS_SOURCES ? "sources" : "receivers");
    if (which == NEWS_SOURCES) {
        write_sources(&b, l);
    } else {
        write_receivers(&b, l->s);
    }
    buf_text(&b, "}");
    body_drop(l->news[which].body);
    l->news[which].body = body_of(&b);
    l->news[which].version++;
    buf_free(&b);
}

static bool is_count(const char *p)
{
    return strncmp(p, "\"frames\":", 9) == 0 || strncmp(p, "\"last\":", 7) == 0;
}

static const char *after_number(const char *p)
{
    return p + strspn(p, "0123456789.");
}

/* Whether two lists of sources differ in more than how much was heard, and when. A quote within a
   name is escaped, so what looks like a key is one. */
static bool differ(const char *a, const char *b)
{
    while (*a && *a == *b) {
        if (is_count(a) && is_count(b)) {
            a = after_number(strchr(a, ':') + 1);
            b = after_number(strchr(b, ':') + 1);
        } else {
            a++;
            b++;
        }
    }
    return *a != *b;
}

static void refresh_news(struct live *l)
{
    const char *text = serve_sources(l->s);
    const int64_t now_ms = serve_clock_ms(l->s);
    const bool counts = now_ms - l->sources_ms >= COUNTS_MS;
    const bool stopped = health_stopped(l->s);
    if (!l->sources_text || differ(l->sources_text, text) || stopped != l->history_stopped ||
        (counts && strcmp(l->sources_text, text) != 0)) {
        free(l->sources_text);
        l->sources_text = strdup(text);
        l->sources_ms = now_ms;
        l->history_stopped = stopped;
        renew(l, NEWS_SOURCES);
    }
    if (l->receivers != l->s->o.receivers->n) {
        l->receivers = l->s->o.receivers->n;
        renew(l, NEWS_RECEIVERS);
    }
}

/* ------------------------------------------------------------------ clients */

static int send_body(struct client *c, const struct body *body, enum lws_write_protocol how)
{
    return body && lws_write(c->wsi, body->bytes, body->n, how) >= (int)body->n ? 0 : -1;
}

static int greet(struct live *l, struct client *c)
{
    struct body *b = hello(l);
    const int sent = send_body(c, b, LWS_WRITE_TEXT);
    body_drop(b);
    c->greeted = true;
    for (int i = 0; i < NEWS_COUNT; i++) {
        c->told[i] = l->news[i].version;
    }
    return sent;
}

/* The first of the news a client has not been told; NEWS_COUNT if there is none. */
static int untold(const struct live *l, const struct client *c)
{
    int i = 0;
    while (i < NEWS_COUNT && c->told[i] == l->news[i].version) {
        i++;
    }
    return i;
}

static int send_news(struct live *l, struct client *c)
{
    const int which = untold(l, c);
    c->told[which] = l->news[which].version;
    return send_body(c, l->news[which].body, LWS_WRITE_TEXT);
}

/* What leads a client on, NULL while there is nothing: then it waits for the next round, or a
   snapshot. */
static struct body *next_picture(const struct live *l, const struct client *c)
{
    const uint32_t seq = picture_seq(l->picture);
    if (c->seq == seq) {
        return NULL;
    }
    if (c->seq && seq - c->seq <= KEPT && l->delta[(c->seq + 1) % KEPT]) {
        return l->delta[(c->seq + 1) % KEPT];
    }
    /* One of the round before will do where the delta since then is there. */
    const bool last = l->snapshot_seq + 1 == seq && l->delta[seq % KEPT];
    return l->snapshot && (last || l->snapshot_seq == seq) ? l->snapshot : NULL;
}

/* A large body in pieces, that no call takes long. The frame's header goes where the piece before
   ends: other clients still want those bytes. */
static int send_piece(struct client *c)
{
    uint8_t kept[LWS_PRE];
    uint8_t *p = c->body->bytes + c->sent;
    const size_t left = c->body->n - c->sent, n = left < PIECE ? left : PIECE;
    const int how =
        (c->sent ? LWS_WRITE_CONTINUATION : LWS_WRITE_BINARY) | (n < left ? LWS_WRITE_NO_FIN : 0);
    memcpy(kept, p - LWS_PRE, LWS_PRE);
    const int sent = lws_write(c->wsi, p, n, (enum lws_write_protocol)how);
    memcpy(p - LWS_PRE, kept, LWS_PRE);
    c->sent += n;
    if (c->sent == c->body->n) {
        body_drop(c->body);
        c->body = NULL;
    }
    return sent >= (int)n ? 0 : -1;
}

static int send_picture(struct live *l, struct client *c, struct body *body)
{
    if (body == l->snapshot) {
        if (c->seq) {
            count_add(l->s->o.counters, COUNT_WS_SKIPPED, l->snapshot_seq - c->seq);
        }
        count(l->s->o.counters, COUNT_WS_SNAPSHOTS);
        c->seq = l->snapshot_seq;
    } else {
        c->seq++;
    }
    c->needs_snapshot = false;
    c->body = body_hold(body);
    c->sent = 0;
    return send_piece(c);
}

static void ask_for_snapshot(struct live *l, struct client *c)
{
    c->needs_snapshot = true;
    if (l->stage == RESTING) {
        begin_snapshot(l);
        work(l);
    }
}

static bool is_due(const struct live *l, const struct client *c)
{
    return c->body || !c->greeted || next_picture(l, c) || untold(l, c) < NEWS_COUNT;
}

/* What its stay in the past brings. Back in the present it needs the whole picture. */
static int write_past(struct client *c)
{
    bool is_text;
    struct body *body = playing_next(c->playing, &is_text);
    int sent = 0;
    if (body && is_text) {
        sent = send_body(c, body, LWS_WRITE_TEXT);
        body_drop(body);
    } else if (body) {
        c->body = body;
        c->sent = 0;
        c->seq = 0;
        sent = send_piece(c);
    }
    if (sent == 0 && (c->body || playing_has_next(c->playing))) {
        lws_callback_on_writable(c->wsi);
    }
    return sent;
}

int live_write(struct live *l, struct client *c)
{
    c->took_ms = serve_clock_ms(l->s);
    if (c->greeted && !c->body && playing_is_on(c->playing)) {
        const int written = write_past(c);
        if (written == 0 && !playing_is_on(c->playing)) {
            lws_callback_on_writable(c->wsi);
        }
        return written;
    }
    int sent = 0;
    if (!c->body && c->greeted && c->seq != picture_seq(l->picture) && !next_picture(l, c)) {
        ask_for_snapshot(l, c);
    }
    struct body *body = next_picture(l, c);
    if (c->body) {
        sent = send_piece(c);
    } else if (!c->greeted) {
        sent = greet(l, c);
    } else if (body) {
        sent = send_picture(l, c, body);
    } else if (untold(l, c) < NEWS_COUNT) {
        sent = send_news(l, c);
    }
    if (sent == 0 && is_due(l, c)) {
        lws_callback_on_writable(c->wsi);
    }
    return sent;
}

int live_read(struct live *l, struct client *c, const void *in, size_t n, bool is_whole)
{
    c->came += n;
    if (c->came > READ_MAX) {
        return -1;
    }
    if (!c->playing) {
        c->playing = playing_new(l->s, c->wsi);
    }
    if (c->playing) {
        playing_hear(c->playing, in, is_whole ? n : 0);
    }
    return 0;
}

void live_tick(struct live *l)
{
    if (!l->clients) {
        return;
    }
    const int64_t now_ms = serve_clock_ms(l->s);
    refresh_news(l);
    take_round(l);
    for (struct client *c = l->clients; c; c = c->next) {
        c->came = 0;
        if (now_ms - c->took_ms > STALLED_MS) {
            count(l->s->o.counters, COUNT_SINK_PEERS_CLOSED);
            lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        } else {
            lws_callback_on_writable(c->wsi);
        }
    }
}

/* Without this the system would take megabytes for a slow client, and it would look on minutes
   late instead of skipping. */
static void keep_little_unsent(struct lws *wsi)
{
    const int unsent = UNSENT_MAX;
    setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

struct client *live_join(struct live *l, struct lws *wsi)
{
    struct client *c = calloc(1, sizeof *c);
    if (!c) {
        return NULL;
    }
    c->wsi = wsi;
    c->next = l->clients;
    c->took_ms = serve_clock_ms(l->s);
    if (l->clients) {
        l->clients->previous = c;
    }
    l->clients = c;
    keep_little_unsent(wsi);
    count(l->s->o.counters, COUNT_WS_CLIENTS);
    if (picture_seq(l->picture) == 0 || c->took_ms - l->round_ms > INTERVAL_MS) {
        take_round(l); /* nobody looked on, so there was no round of late */
    }
    if (!next_picture(l, c)) {
        ask_for_snapshot(l, c); /* now, not at the next second: a page is opening */
    }
    refresh_news(l);
    lws_callback_on_writable(wsi);
    return c;
}

void live_leave(struct live *l, struct client *c)
{
    if (c->previous) {
        c->previous->next = c->next;
    } else {
        l->clients = c->next;
    }
    if (c->next) {
        c->next->previous = c->previous;
    }
    body_drop(c->body);
    playing_free(c->playing);
    free(c);
}

size_t live_clients(const struct live *l)
{
    size_t n = 0;
    for (const struct client *c = l->clients; c; c = c->next) {
        n++;
    }
    return n;
}

/* ------------------------------------------------------------------ life */

static void on_timer(uv_timer_t *timer)
{
    live_tick(timer->data);
}

static void on_closed(uv_handle_t *timer)
{
    free(timer);
}

struct live *live_new(struct serve *s)
{
    struct live *l = calloc(1, sizeof *l);
    if (!l) {
        return NULL;
    }
    l->s = s;
    l->who.o = &s->o;
    l->picture = picture_new();
    l->writer = picture_writer_new();
    l->timer = malloc(sizeof *l->timer);
    if (!l->picture || !l->writer || !l->timer) {
        picture_writer_free(l->writer);
        picture_free(l->picture);
        free(l->timer);
        free(l);
        return NULL;
    }
    uv_timer_init(s->o.loop, l->timer);
    l->timer->data = l;
    uv_timer_start(l->timer, on_timer, INTERVAL_MS, INTERVAL_MS);
    return l;
}

void live_stop(struct live *l)
{
    if (l->timer) {
        uv_close((uv_handle_t *)l->timer, on_closed);
        l->timer = NULL;
    }
}

void live_free(struct live *l)
{
    for (struct client *c = l->clients, *next; c; c = next) {
        next = c->next;
        body_drop(c->body);
        playing_free(c->playing);
        free(c);
    }
    live_stop(l);
    for (int i = 0; i < KEPT; i++) {
        body_drop(l->delta[i]);
    }
    body_drop(l->snapshot);
    buf_free(&l->b);
    picture_writer_free(l->writer);
    for (int i = 0; i < NEWS_COUNT; i++) {
        body_drop(l->news[i].body);
    }
    picture_free(l->picture);
    who_free(&l->who);
    free(l->sources_text);
    free(l);
}
