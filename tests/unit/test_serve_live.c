/* The live picture over a WebSocket: hello, a snapshot, deltas; who may listen; who falls behind.
 */
#include "serve_site.h"

#include "wire/picture.h"

enum { OP_TEXT = 1, OP_BINARY = 2 };

struct listener {
    int fd;
    struct picture *picture;
    struct buf message;
    int opcode;
};

static int handshake(struct site *s, int fd, const char *path, const char *host, const char *origin)
{
    char request[512];
    struct reply r;
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: %s\r\n%s%s%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
             path, host, origin ? "Origin: " : "", origin ? origin : "", origin ? "\r\n" : "");
    site_send(s, fd, request, strlen(request));
    site_reply(s, fd, false, &r);
    if (r.status == 101) {
        char accept[64];
        assert_string_equal(reply_header(&r, "sec-websocket-accept", accept, sizeof accept),
                            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
    reply_free(&r);
    return r.status;
}

static struct listener listen_to(struct site *s)
{
    struct listener l = {.fd = site_connect(s), .picture = picture_new()};
    assert_int_equal(handshake(s, l.fd, "/ws", "localhost", NULL), 101);
    return l;
}

static void stop(struct listener *l)
{
    close(l->fd);
    picture_free(l->picture);
    buf_free(&l->message);
}

/* The next frame, whole; false where the connection was closed. */
static bool hear(struct site *s, struct listener *l)
{
    struct buf h = {0};
    bool closed;
    assert_true(site_receive(s, l->fd, &h, 2, &closed));
    if (closed) {
        buf_free(&h);
        return false;
    }
    assert_int_equal(h.p[0] & 0x70, 0);    /* no compression of one client's own */
    assert_int_equal(h.p[0] & 0x80, 0x80); /* one message, one frame */
    l->opcode = h.p[0] & 15;
    const unsigned length = h.p[1] & 127u, more = length == 126 ? 2 : length == 127 ? 8 : 0;
    assert_true(site_receive(s, l->fd, &h, 2 + more, &closed));
    size_t n = more ? 0 : length;
    for (unsigned i = 0; i < more; i++) {
        n = n << 8 | h.p[2 + i];
    }
    buf_free(&h);
    buf_clear(&l->message);
    if (!site_receive(s, l->fd, &l->message, n, &closed)) {
        fail_msg("%zu of %zu bytes of opcode %d came", l->message.n, n, l->opcode);
    }
    return !closed;
}

/* The next picture message, applied. */
static enum err hear_picture(struct site *s, struct listener *l)
{
    do {
        assert_true(hear(s, l));
    } while (l->opcode != OP_BINARY);
    return picture_apply(l->picture, l->message.p, l->message.n, NULL, NULL);
}

static void hello_snapshot_deltas(void **state)
{
    struct site *s = *state;
    site_fly(s, 0x3c6444, 494321100, 76001100);
    struct listener l = listen_to(s);
    assert_true(hear(s, &l));
    assert_int_equal(l.opcode, OP_TEXT);
    json_t *hello = json_loadb((const char *)l.message.p, l.message.n, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(hello, "type")), "hello");
    assert_int_equal(json_integer_value(json_object_get(hello, "format")), PICTURE_FORMAT);
    assert_int_equal(json_array_size(json_object_get(hello, "origins")), ORIGIN_COUNT);
    assert_int_equal(json_array_size(json_object_get(hello, "receivers")), 1);
    assert_true(json_is_false(json_object_get(hello, "simulation")));
    json_decref(hello);

    assert_int_equal(hear_picture(s, &l), ERR_OK);
    assert_int_equal(l.message.p[3], 0);
    const struct track *t = tracker_find(s->tracker, 0x3c6444);
    const uint32_t slot = track_slot(s->tracker, t);
    const struct picture_item *it = picture_get(l.picture, slot);
    assert_non_null(it);
    assert_int_equal(it->address, 0x3c6444);
    assert_int_equal(it->lat_e5, 4943211);
    assert_int_equal(it->altitude_ft, 36000);
    assert_int_equal(it->speed_kt, 451);
    assert_int_equal(it->track_deg, 90);
    assert_int_equal(it->squawk, 01234);
    assert_int_equal(it->category, 0xa3);
    assert_int_equal(it->origin, ORIGIN_ADSB_ICAO);
    assert_int_equal(it->receiver, 1);
    assert_string_equal(it->flight, "MSR1");

    s->now_us += 4000000;
    site_fly(s, 0x3c6444, 494330000, 76001100);
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    assert_int_equal(l.message.p[3], 1);
    assert_int_equal(picture_get(l.picture, slot)->lat_e5, 4943300);
    stop(&l);
}

static void all_share_and_late_ones_join(void **state)
{
    struct site *s = *state;
    site_fly(s, 0x3c6444, 494321100, 76001100);
    struct listener a = listen_to(s);
    assert_int_equal(hear_picture(s, &a), ERR_OK);
    site_fly(s, 0x3c6445, 404321100, 76001100);
    assert_int_equal(hear_picture(s, &a), ERR_OK);
    struct listener b = listen_to(s);
    assert_int_equal(hear_picture(s, &b), ERR_OK);
    assert_int_equal(b.message.p[3], 0);
    s->now_us += 1000000;
    assert_int_equal(hear_picture(s, &a), ERR_OK);
    assert_int_equal(hear_picture(s, &b), ERR_OK);
    while (picture_seq(b.picture) < picture_seq(a.picture)) {
        assert_int_equal(hear_picture(s, &b), ERR_OK);
    }
    while (picture_seq(a.picture) < picture_seq(b.picture)) {
        assert_int_equal(hear_picture(s, &a), ERR_OK);
    }
    assert_int_equal(a.message.n, b.message.n);
    assert_memory_equal(a.message.p, b.message.p, a.message.n);
    assert_non_null(
        picture_get(b.picture, track_slot(s->tracker, tracker_find(s->tracker, 0x3c6445))));
    assert_int_equal(s->counters.n[COUNT_WS_CLIENTS], 2);
    stop(&a);
    stop(&b);
}

static void the_forgotten_are_gone(void **state)
{
    struct site *s = *state;
    site_fly(s, 0x3c6444, 494321100, 76001100);
    struct listener l = listen_to(s);
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    const uint32_t slot = track_slot(s->tracker, tracker_find(s->tracker, 0x3c6444));
    assert_non_null(picture_get(l.picture, slot));
    s->now_us += INT64_C(7200000000);
    tracker_expire(s->tracker, s->now_us);
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    assert_null(picture_get(l.picture, slot));
    stop(&l);
}

static void others_may_not_listen(void **state)
{
    struct site *s = *state;
    static const struct {
        const char *path, *host, *origin;
        int status;
    } tried[] = {
        {"/ws", "localhost:8080", "http://localhost:8080", 101},
        {"/ws", "localhost:8080", NULL, 101},
        {"/ws", "localhost:8080", "http://evil.example", 403},
        {"/ws", "localhost:8080", "null", 403},
        {"/ws", "localhost:8080", "http://localhost:8081", 403},
        {"/ws", "evil.example", "http://evil.example", 403},
        {"/", "localhost:8080", NULL, 404},
        {"/wss", "localhost:8080", NULL, 404},
    };
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        const int fd = site_connect(s);
        const int status = handshake(s, fd, tried[i].path, tried[i].host, tried[i].origin);
        if (status != tried[i].status) {
            fail_msg("%s %s %s got %d", tried[i].path, tried[i].host,
                     tried[i].origin ? tried[i].origin : "-", status);
        }
        close(fd);
    }
}

/* One client stops reading while the picture is large: the others go on, and when it reads again it
   is sent a snapshot. */
static void a_slow_client_skips_and_recovers(void **state)
{
    struct site *s = *state;
    for (uint32_t i = 0; i < 4000; i++) {
        site_fly(s, 0x100000 + i * 1000, (int32_t)i * 100000, (int32_t)i * 200000);
    }
    struct listener slow = {.fd = site_connect_small(s, 8192), .picture = picture_new()};
    assert_int_equal(handshake(s, slow.fd, "/ws", "localhost", NULL), 101);
    struct listener quick = listen_to(s);
    assert_int_equal(hear_picture(s, &quick), ERR_OK);
    for (int i = 0; i < 7; i++) {
        s->now_us += 1000000;
        assert_int_equal(hear_picture(s, &quick), ERR_OK);
    }
    assert_int_equal(s->counters.n[COUNT_WS_SKIPPED], 0);
    for (int i = 0; i < 40 && picture_seq(slow.picture) < picture_seq(quick.picture); i++) {
        assert_int_equal(hear_picture(s, &slow), ERR_OK);
    }
    assert_true(picture_seq(slow.picture) >= picture_seq(quick.picture));
    assert_true(s->counters.n[COUNT_WS_SKIPPED] > 0);
    assert_int_equal(s->counters.n[COUNT_WS_SNAPSHOTS], 3);
    for (uint32_t i = 0; i < picture_slots(quick.picture); i++) {
        assert_int_equal(picture_get(quick.picture, i) != NULL,
                         picture_get(slow.picture, i) != NULL);
    }
    stop(&slow);
    stop(&quick);
}

static void what_a_client_sends_does_no_harm(void **state)
{
    struct site *s = *state;
    struct listener l = listen_to(s);
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    static const uint8_t masked_text[] = {0x81,    0x85,    1,       2,       3,      4,
                                          'h' ^ 1, 'e' ^ 2, 'l' ^ 3, 'l' ^ 4, 'o' ^ 1};
    site_send(s, l.fd, masked_text, sizeof masked_text);
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    struct listener rude = listen_to(s);
    static const uint8_t unmasked[] = {0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 1,    2,    3};
    site_send(s, rude.fd, unmasked, sizeof unmasked);
    for (int i = 0; i < 50; i++) {
        site_turn(s);
    }
    assert_int_equal(hear_picture(s, &l), ERR_OK);
    stop(&rude);
    stop(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(hello_snapshot_deltas),
        SITE_TEST(all_share_and_late_ones_join),
        SITE_TEST(the_forgotten_are_gone),
        SITE_TEST(others_may_not_listen),
        SITE_TEST(a_slow_client_skips_and_recovers),
        SITE_TEST(what_a_client_sends_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
