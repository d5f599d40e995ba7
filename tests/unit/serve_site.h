/* What the tests of serve/ share: a server on loopback with a tracker behind it, and a small client
   in the same thread, which turns the loop while it waits. */
#ifndef MASAR_TESTS_SERVE_SITE_H
#define MASAR_TESTS_SERVE_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "serve/serve.h"

enum { SITE_WAIT_MS = 5000, SITE_HEAD_MAX = 4096 };

struct site {
    uv_loop_t loop;
    struct serve *serve;
    struct tracker *tracker;
    struct receivers *receivers;
    struct counters counters;
    int64_t now_us;
    char folder[64], token_file[96], token[80];
    bool refuse_reports;
    struct message reported;
    char who[80];
    int port;
};

struct reply {
    int status; /* 0: closed without one */
    char head[SITE_HEAD_MAX];
    struct buf body; /* NUL-terminated beyond its end */
    bool closed;
};

static inline int64_t site_now_us(void *ctx)
{
    return ((struct site *)ctx)->now_us;
}

static inline const char *site_sources(void *ctx)
{
    (void)ctx;
    return "[{\"name\":\"test\",\"state\":\"connected\",\"simulated\":false}]";
}

static inline bool site_report(void *ctx, struct message *m, const char *who)
{
    struct site *s = ctx;
    s->reported = *m;
    snprintf(s->who, sizeof s->who, "%s", who);
    return !s->refuse_reports;
}

static inline void site_write(const struct site *s, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static inline void site_make_folder(struct site *s)
{
    char path[160];
    snprintf(s->folder, sizeof s->folder, "/tmp/masar-serve-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    snprintf(path, sizeof path, "%s/assets", s->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    site_write(s, "index.html", "<!doctype html><title>masar</title>");
    site_write(s, "assets/index-AbCd1234.js", "export const masar = 1;");
    site_write(s, "assets/index-AbCd1234.js.gz", "(packed)");
    site_write(s, "assets/plain.css", "body{}");
    site_write(s, ".secret", "hidden");
    snprintf(s->token_file, sizeof s->token_file, "%s/.token", s->folder);
}

/* An aircraft that sends its place itself, three times so that it is believed. */
static inline void site_fly(struct site *s, uint32_t address, int32_t lat_e7, int32_t lon_e7)
{
    for (int i = 3; i > 0; i--) {
        struct message m;
        struct outcome o;
        message_start(&m);
        m.t_us = s->now_us - i * 1000000;
        m.address = address;
        m.receiver = 1;
        m.origin = ORIGIN_ADSB_ICAO;
        m.has_place = true;
        m.lat_e7 = lat_e7;
        m.lon_e7 = lon_e7 - i * 10000;
        message_add(&m, FIELD_ALT_BARO, 36000);
        message_add(&m, FIELD_GS, 45100);
        message_add(&m, FIELD_TRACK, 9000);
        message_add(&m, FIELD_SQUAWK, 01234);
        message_add(&m, FIELD_CATEGORY, 0xa3);
        message_add(&m, FIELD_NAV_MODES, NAV_AUTOPILOT | NAV_TCAS);
        message_add(&m, FIELD_EMERGENCY, EMERGENCY_NONE);
        memcpy(m.flight, "MSR1    ", 8);
        message_add(&m, FIELD_FLIGHT, 0);
        tracker_push(s->tracker, &m, &o);
        assert_non_null(o.track);
    }
}

static inline struct serve_options site_options(struct site *s)
{
    return (struct serve_options){.loop = &s->loop,
                                  .host = "127.0.0.1",
                                  .port = 0,
                                  .web_dir = s->folder,
                                  .token_file = s->token_file,
                                  .tracker = s->tracker,
                                  .receivers = s->receivers,
                                  .counters = &s->counters,
                                  .has_place = true,
                                  .lat_deg = 49.4,
                                  .lon_deg = 7.6,
                                  .alt_m = 320,
                                  .now_us = site_now_us,
                                  .sources = site_sources,
                                  .report = site_report,
                                  .ctx = s};
}

static inline void site_read_token(struct site *s)
{
    FILE *f = fopen(s->token_file, "rb");
    assert_non_null(f);
    assert_non_null(fgets(s->token, sizeof s->token, f));
    s->token[strcspn(s->token, "\n")] = '\0';
    fclose(f);
}

static inline int site_up(void **state)
{
    struct site *s = calloc(1, sizeof *s);
    char why[512] = "";
    assert_non_null(s);
    s->now_us = INT64_C(1717749000000000);
    assert_int_equal(uv_loop_init(&s->loop), 0);
    s->receivers = calloc(1, sizeof *s->receivers);
    assert_non_null(s->receivers);
    s->receivers->n = 2;
    s->receivers->row[1] =
        (struct receiver){.name = "ro\"of", .source = 1, .frames = 7, .last_frame_us = s->now_us};
    const struct tracker_options t = {.aircraft_max = 5000,
                                      .trail_points_max = 20000,
                                      .receivers = s->receivers->row,
                                      .counters = &s->counters};
    s->tracker = tracker_new(&t);
    assert_non_null(s->tracker);
    site_make_folder(s);
    const struct serve_options o = site_options(s);
    if (serve_open(&o, &s->serve, why, sizeof why)) {
        fail_msg("%s", why);
    }
    s->port = serve_port(s->serve);
    site_read_token(s);
    *state = s;
    return 0;
}

static inline void site_remove(const struct site *s)
{
    static const char *const names[] = {"index.html",
                                        "assets/index-AbCd1234.js",
                                        "assets/index-AbCd1234.js.gz",
                                        "assets/plain.css",
                                        ".secret",
                                        ".token",
                                        "assets",
                                        ""};
    char path[160];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", s->folder, names[i]);
        remove(path);
    }
}

static inline int site_down(void **state)
{
    struct site *s = *state;
    serve_close(s->serve);
    for (int i = 0; i < 100 && uv_run(&s->loop, UV_RUN_NOWAIT); i++) {
        usleep(1000);
    }
    assert_int_equal(uv_loop_close(&s->loop), 0); /* nothing of ours is left in it */
    tracker_free(s->tracker);
    free(s->receivers);
    site_remove(s);
    free(s);
    return 0;
}

#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, site_up, site_down)

/* ------------------------------------------------------------------ client */

static inline void site_turn(struct site *s)
{
    uv_run(&s->loop, UV_RUN_NOWAIT);
    usleep(500);
}

/* A connection that takes little: receive_bytes of buffer (0: what the system gives), and segments
   small enough that such a window still holds some. */
static inline int site_connect_small(struct site *s, int receive_bytes)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), segment = 1400;
    if (receive_bytes) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    }
    const struct sockaddr_in a = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)s->port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static inline int site_connect(struct site *s)
{
    return site_connect_small(s, 0);
}

static inline void site_send(struct site *s, int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    for (int i = 0; n > 0 && i < SITE_WAIT_MS; i++) {
        const ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        p += sent > 0 ? sent : 0;
        n -= sent > 0 ? (size_t)sent : 0;
        if (sent < 0 && errno != EAGAIN) {
            return; /* closed on us: the reply will tell */
        }
        site_turn(s);
    }
}

/* Reads until `want` bytes are there or the peer closes; false: neither within the wait. */
static inline bool site_receive(struct site *s, int fd, struct buf *b, size_t want, bool *closed)
{
    *closed = false;
    for (int i = 0; i < SITE_WAIT_MS * 2; i++) {
        uint8_t bytes[65536];
        const size_t left = want - b->n;
        const ssize_t n =
            b->n >= want ? 0 : recv(fd, bytes, left < sizeof bytes ? left : sizeof bytes, 0);
        if (n > 0) {
            buf_add(b, bytes, (size_t)n);
        }
        if (b->n >= want) {
            return true;
        }
        if (n == 0 || (n < 0 && errno != EAGAIN)) {
            *closed = true;
            return true;
        }
        if (n < 0) {
            site_turn(s);
        }
    }
    return false;
}

static inline const char *reply_header(const struct reply *r, const char *name, char *out,
                                       size_t size)
{
    out[0] = '\0';
    for (const char *p = r->head; (p = strstr(p, "\r\n")); p += 2) {
        const size_t n = strlen(name);
        if (strncasecmp(p + 2, name, n) == 0 && p[2 + n] == ':') {
            const char *value = p + 3 + n + strspn(p + 3 + n, " ");
            snprintf(out, size, "%.*s", (int)strcspn(value, "\r"), value);
            break;
        }
    }
    return out;
}

static inline void reply_free(struct reply *r)
{
    buf_free(&r->body);
}

/* Reads one reply from a connection. no_body: of a HEAD. */
static inline void site_reply(struct site *s, int fd, bool no_body, struct reply *r)
{
    struct buf head = {0};
    char length[32];
    *r = (struct reply){0};
    while (!r->closed && head.n < SITE_HEAD_MAX - 1 &&
           (head.n < 4 || memcmp(head.p + head.n - 4, "\r\n\r\n", 4) != 0)) {
        assert_true(site_receive(s, fd, &head, head.n + 1, &r->closed));
    }
    if (head.n) {
        memcpy(r->head, head.p, head.n);
        r->status = (int)strtol(r->head + 9, NULL, 10);
    }
    buf_free(&head);
    reply_header(r, "content-length", length, sizeof length);
    if (!no_body && length[0] && !r->closed) {
        assert_true(site_receive(s, fd, &r->body, strtoul(length, NULL, 10), &r->closed));
    }
    buf_byte(&r->body, 0);
    r->body.n--;
}

/* One request on a connection of its own. */
static inline void site_ask(struct site *s, const char *request, struct reply *r)
{
    const int fd = site_connect(s);
    site_send(s, fd, request, strlen(request));
    site_reply(s, fd, strncmp(request, "HEAD", 4) == 0, r);
    close(fd);
}

static inline void site_get(struct site *s, const char *path, struct reply *r)
{
    char request[2048];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", path,
             s->port);
    site_ask(s, request, r);
}

static inline json_t *reply_json(const struct reply *r)
{
    json_error_t e;
    json_t *o = json_loadb((const char *)r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &e);
    if (!o) {
        fail_msg("%s at %d:%d of %s", e.text, e.line, e.column, (const char *)r->body.p);
    }
    return o;
}

#endif
