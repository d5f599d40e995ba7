/* The live picture for WebSockets: once a second one round of the tracker, one delta, one buffer,
   sent to every client. The last few deltas are kept, so that a client that missed a beat catches
   up; one farther behind is sent a snapshot, which all that need one in the same second share. */
#include "serve/internal.h"
#include "wire/picture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { INTERVAL_MS = 1000, KEPT = 4, STALLED_MS = 60000, READ_MAX = 65536, UNSENT_MAX = 16384 };

/* What is told in text, besides hello: anew when it changed. */
enum { NEWS_SOURCES, NEWS_RECEIVERS, NEWS_COUNT };

struct client {
    struct client *next, *previous;
    struct lws *wsi;
    uint32_t seq; /* round it has; 0 before its first snapshot */
    bool greeted;
    uint32_t told[NEWS_COUNT]; /* the news as it knows them */
    int64_t took_ms;           /* when it last could be written to */
    size_t came;               /* bytes from it, of which we want none */
};

struct live {
    struct serve *s;
    uv_timer_t *timer;
    struct client *clients;
    struct picture *picture;
    struct body *delta[KEPT]; /* of round seq - i at [(seq - i) % KEPT] */
    struct body *snapshot;    /* of round snapshot_seq */
    uint32_t snapshot_seq;
    int64_t round_ms;
    struct news {
        struct body *body;
        uint32_t version;
    } news[NEWS_COUNT];
    char *sources_text; /* of the sources' news */
    size_t receivers;   /* of the receivers' */
};

/* ------------------------------------------------------------------ track → item */

static int32_t rounded(int32_t v, int32_t unit)
{
    return v >= 0 ? (v + unit / 2) / unit : -((-v + unit / 2) / unit);
}

static int64_t tenths(int64_t t_us)
{
    return t_us >= 0 ? t_us / 100000 : -((99999 - t_us) / 100000);
}

static void add_place(struct picture_item *it, const struct track *a)
{
    struct fix fix;
    if (!track_place(a, &fix)) {
        return;
    }
    const int32_t lon = rounded(fix.lon_e7, 100);
    it->flags |= PICTURE_POSITION | (fix.ground ? PICTURE_GROUND : 0);
    it->lat_e5 = rounded(fix.lat_e7, 100);
    it->lon_e5 = lon == 18000000 ? -18000000 : lon;
    it->position_ds = tenths(fix.t_us);
    it->origin = fix.origin;
    it->receiver = fix.receiver;
}

static void add_motion(struct picture_item *it, const struct track *a, int64_t now_us)
{
    struct value v;
    if (track_fresh(a, FIELD_GS, now_us, &v)) {
        it->flags |= PICTURE_SPEED;
        it->speed_kt = (uint16_t)rounded(v.v, 100);
    }
    if (track_fresh(a, FIELD_TRACK, now_us, &v)) {
        it->flags |= PICTURE_TRACK;
        it->track_deg = (uint16_t)(rounded(v.v, 100) % 360);
    }
    if (track_fresh(a, FIELD_BARO_RATE, now_us, &v) ||
        track_fresh(a, FIELD_GEOM_RATE, now_us, &v)) {
        it->flags |= PICTURE_RATE;
        it->rate_32fpm = rounded(v.v, 32);
    }
    if (track_fresh(a, FIELD_ALT_BARO, now_us, &v)) {
        it->flags |= PICTURE_ALTITUDE;
        it->altitude_ft = v.v;
    } else if (track_fresh(a, FIELD_ALT_GEOM, now_us, &v)) {
        it->flags |= PICTURE_ALTITUDE | PICTURE_GEOMETRIC;
        it->altitude_ft = v.v;
    }
}

static void add_flags(struct picture_item *it, const struct track *a, int64_t now_us)
{
    static const struct {
        enum field field;
        uint16_t flag;
    } flags[] = {
        {FIELD_GROUND, PICTURE_GROUND}, {FIELD_ALERT, PICTURE_ALERT}, {FIELD_SPI, PICTURE_SPI}};
    struct value v;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (track_fresh(a, flags[i].field, now_us, &v)) {
            it->flags = (uint16_t)(v.v ? it->flags | flags[i].flag : it->flags & ~flags[i].flag);
        }
    }
}

/* Who is heard of an aircraft without a position: of the first quantity there is. */
static uint16_t any_receiver(const struct track *a)
{
    static const enum field fields[] = {FIELD_ALT_BARO, FIELD_GS, FIELD_SQUAWK, FIELD_FLIGHT};
    struct value v;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (track_get(a, fields[i], &v)) {
            return v.receiver;
        }
    }
    return 0;
}

static void item_of(const struct serve *s, const struct track *a, int64_t now_us,
                    struct picture_item *it)
{
    struct value v;
    *it = (struct picture_item){.address = track_address(a),
                                .seen_ds = tenths(track_seen_us(a)),
                                .origin = track_origin(a)};
    add_place(it, a);
    add_motion(it, a, now_us);
    add_flags(it, a, now_us);
    if (track_fresh(a, FIELD_SQUAWK, now_us, &v)) {
        it->flags |= PICTURE_SQUAWK;
        it->squawk = (uint16_t)v.v;
    }
    it->category = track_get(a, FIELD_CATEGORY, &v) ? (uint8_t)v.v : 0;
    it->emergency = track_fresh(a, FIELD_EMERGENCY, now_us, &v) ? (uint8_t)v.v : 0;
    const char *flight = track_flight(a);
    memcpy(it->flight, flight, strnlen(flight, sizeof it->flight));
    if (!(it->flags & PICTURE_POSITION)) {
        it->receiver = any_receiver(a);
    }
    if (it->receiver < s->o.receivers->n && s->o.receivers->row[it->receiver].simulated) {
        it->flags |= PICTURE_SIMULATED;
    }
}

/* ------------------------------------------------------------------ rounds */

static void take_round(struct live *l)
{
    const int64_t now_us = serve_now_us(l->s);
    struct picture_item it;
    for (const struct track *a = NULL; (a = tracker_next(l->s->o.tracker, a));) {
        item_of(l->s, a, now_us, &it);
        picture_put(l->picture, track_slot(l->s->o.tracker, a), &it);
    }
    struct buf b = {0};
    picture_delta(l->picture, now_us / 1000, &b);
    struct body **kept = &l->delta[picture_seq(l->picture) % KEPT];
    body_drop(*kept);
    *kept = body_of(&b); /* NULL where memory ran out: the clients get a snapshot */
    buf_free(&b);
    l->round_ms = serve_clock_ms(l->s);
}

static struct body *snapshot(struct live *l)
{
    const uint32_t seq = picture_seq(l->picture);
    if (!l->snapshot || l->snapshot_seq != seq) {
        struct buf b = {0};
        picture_snapshot(l->picture, &b);
        body_drop(l->snapshot);
        l->snapshot = body_of(&b);
        l->snapshot_seq = seq;
        buf_free(&b);
    }
    return l->snapshot;
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
    buf_text(&b, "]");
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

static void refresh_news(struct live *l)
{
    const char *text = serve_sources(l->s);
    if (!l->sources_text || strcmp(l->sources_text, text) != 0) {
        free(l->sources_text);
        l->sources_text = strdup(text);
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

static int send_picture(struct live *l, struct client *c)
{
    const uint32_t seq = picture_seq(l->picture);
    const uint32_t behind = seq - c->seq;
    const struct body *delta = l->delta[(c->seq + 1) % KEPT];
    if (c->seq && behind <= KEPT && delta) {
        c->seq++;
        return send_body(c, delta, LWS_WRITE_BINARY);
    }
    if (c->seq) {
        count_add(l->s->o.counters, COUNT_WS_SKIPPED, behind);
    }
    count(l->s->o.counters, COUNT_WS_SNAPSHOTS);
    c->seq = seq;
    return send_body(c, snapshot(l), LWS_WRITE_BINARY);
}

static bool is_due(const struct live *l, const struct client *c)
{
    return !c->greeted || untold(l, c) < NEWS_COUNT || c->seq != picture_seq(l->picture);
}

int live_write(struct live *l, struct client *c)
{
    c->took_ms = serve_clock_ms(l->s);
    int sent = 0;
    if (!c->greeted) {
        sent = greet(l, c);
    } else if (c->seq != picture_seq(l->picture)) {
        sent = send_picture(l, c);
    } else if (is_due(l, c)) {
        sent = send_news(l, c);
    }
    if (sent == 0 && is_due(l, c)) {
        lws_callback_on_writable(c->wsi);
    }
    return sent;
}

int live_read(struct client *c, size_t n)
{
    c->came += n;
    return c->came > READ_MAX ? -1 : 0;
}

void live_tick(struct live *l)
{
    if (!l->clients) {
        return;
    }
    refresh_news(l);
    take_round(l);
    for (struct client *c = l->clients; c; c = c->next) {
        if (l->round_ms - c->took_ms > STALLED_MS) {
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
    l->picture = picture_new();
    l->timer = malloc(sizeof *l->timer);
    if (!l->picture || !l->timer) {
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
        free(c);
    }
    live_stop(l);
    for (int i = 0; i < KEPT; i++) {
        body_drop(l->delta[i]);
    }
    body_drop(l->snapshot);
    for (int i = 0; i < NEWS_COUNT; i++) {
        body_drop(l->news[i].body);
    }
    picture_free(l->picture);
    free(l->sources_text);
    free(l);
}
