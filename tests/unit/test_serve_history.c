/* History over HTTP: the same bytes as the question asked directly, in pieces and packed or not;
   wrong questions get a sentence; who does not read, or leaves, holds nobody up. */
#include "history/inquiry.h"
#include "serve_site.h"
#include "store_folder.h"

#include <zlib.h>

enum { FLEET = 20, EACH = 2000 };

#define T0_MS INT64_C(1717749000000)

static char store_dir[64];

static int up(void **state)
{
    char why[512] = "";
    static struct kept p[EACH];
    const struct store_options w = {.mode = STORE_WRITE};
    folder_new(store_dir);
    struct store *store = folder_open(store_dir, &w);
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(i + 1, 0x3c6400 + i);
        f.lat = 48, f.lon = 2;
        for (size_t j = 0; j < EACH; j++) {
            p[j] = kept_fly(&f, 4000);
            p[j].receiver = 0;
        }
        assert_int_equal(store_put(store, p, EACH, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(store), ERR_OK);
    store_close(store);
    site_up(state);
    struct site *s = *state;
    serve_close(s->serve);
    while (uv_run(&s->loop, UV_RUN_NOWAIT)) {
        usleep(1000);
    }
    struct serve_options o = site_options(s);
    o.store_dir = store_dir;
    if (serve_open(&o, &s->serve, why, sizeof why)) {
        fail_msg("%s", why);
    }
    s->port = serve_port(s->serve);
    s->now_us = (T0_MS + INT64_C(7200000)) * 1000;
    return 0;
}

static int down(void **state)
{
    site_down(state);
    folder_remove(store_dir);
    return 0;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int ask_slowly(struct site *s, const char *path, const char *also)
{
    char request[2048];
    const int fd = site_connect_small(s, 4096);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, also);
    site_send(s, fd, request, strlen(request));
    return fd;
}

/* Takes chunks apart; false: the last one is missing. */
static bool unchunk(struct buf *b)
{
    size_t from = 0, to = 0;
    while (from < b->n) {
        char *end;
        const size_t n = strtoul((const char *)b->p + from, &end, 16);
        from = (size_t)((uint8_t *)end - b->p) + 2;
        if (n == 0) {
            b->n = to;
            return true;
        }
        if (from + n > b->n) {
            return false;
        }
        memmove(b->p + to, b->p + from, n);
        to += n;
        from += n + 2;
    }
    return false;
}

static void get(struct site *s, const char *path, const char *also, struct reply *r)
{
    char request[2048], coding[32];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, also);
    const int fd = site_connect(s);
    site_send(s, fd, request, strlen(request));
    site_reply(s, fd, false, r);
    reply_header(r, "transfer-encoding", coding, sizeof coding);
    if (strcmp(coding, "chunked") == 0) {
        assert_true(site_receive(s, fd, &r->body, SIZE_MAX / 2, &r->closed));
        buf_byte(&r->body, 0);
        r->body.n--;
        assert_true(unchunk(&r->body));
    }
    close(fd);
}

/* What the question is answered when nobody stands between. */
static struct buf directly(struct question *q)
{
    const struct store_options o = {.mode = STORE_READ};
    char why[QUESTION_WHY_MAX];
    struct store *store = folder_open(store_dir, &o);
    struct inquiry *i;
    struct buf b = {0};
    bool more = true;
    assert_int_equal(question_ready(q, why, sizeof why), ERR_OK);
    assert_int_equal(inquiry_new(q, store, &i), ERR_OK);
    while (more) {
        assert_int_equal(inquiry_step(i, store, &b, &more), ERR_OK);
    }
    inquiry_free(i);
    store_close(store);
    return b;
}

static void is_same(const struct reply *r, struct buf *b)
{
    assert_int_equal(r->status, 200);
    assert_int_equal(r->body.n, b->n);
    assert_memory_equal(r->body.p, b->p, b->n);
    buf_free(b);
}

static void set(struct question *q, const char *name, const char *value)
{
    char why[QUESTION_WHY_MAX];
    assert_int_equal(question_set(q, name, value, why, sizeof why), ERR_OK);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void answers_as_the_question_does(void **state)
{
    struct site *s = *state;
    struct reply r;
    struct question q;
    question_start(&q);
    q.format = QUESTION_JSON;
    set(&q, "area", "circle=48,2,50km");
    set(&q, "limit", "7");
    struct buf b = directly(&q);
    get(s, "/api/v1/history/find?area=circle=48,2,50km&limit=7", "", &r);
    is_same(&r, &b);
    assert_non_null(strstr((const char *)r.body.p, "\"next\":\""));
    reply_free(&r);
    question_free(&q);

    question_start(&q);
    q.format = QUESTION_JSON;
    set(&q, "at", "1717752000");
    b = directly(&q);
    get(s, "/api/v1/history/at?at=1717752000", "", &r);
    is_same(&r, &b);
    reply_free(&r);

    question_start(&q);
    q.format = QUESTION_JSON;
    set(&q, "points", "1");
    set(&q, "hex", "3c6405");
    set(&q, "limit", "100");
    b = directly(&q);
    get(s, "/api/v1/history/aircraft/3c6405?limit=100", "", &r);
    is_same(&r, &b);
    reply_free(&r);
}

static struct buf unpack(const struct buf *packed)
{
    z_stream z = {.next_in = packed->p, .avail_in = (uInt)packed->n};
    struct buf b = {0};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    int e = Z_OK;
    while (e == Z_OK) {
        z.next_out = buf_reserve(&b, 65536);
        z.avail_out = 65536;
        e = inflate(&z, Z_NO_FLUSH);
        b.n += 65536 - z.avail_out;
    }
    assert_int_equal(e, Z_STREAM_END);
    inflateEnd(&z);
    return b;
}

static void long_answers_are_streamed(void **state)
{
    struct site *s = *state;
    static const char *const formats[] = {"csv", "jsonl", "geojson", "gpx", "kml", "readsb-trace"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct reply r;
        struct question q;
        char path[128];
        question_start(&q);
        q.kind = QUESTION_EXPORT;
        set(&q, "format", formats[i]);
        struct buf b = directly(&q);
        assert_true(b.n > 1000000);
        snprintf(path, sizeof path, "/api/v1/history/export?format=%s", formats[i]);
        get(s, path, "", &r);
        is_same(&r, &b);
        reply_free(&r);
        b = directly(&q);
        get(s, path, "Accept-Encoding: gzip\r\n", &r);
        assert_true(r.body.n < b.n / 2);
        struct buf plain = unpack(&r.body);
        assert_int_equal(plain.n, b.n);
        assert_memory_equal(plain.p, b.p, b.n);
        buf_free(&plain);
        buf_free(&b);
        reply_free(&r);
    }
}

static void wrong_questions_get_a_sentence(void **state)
{
    static const struct {
        const char *path, *part;
        int status;
    } wrong[] = {
        {"/api/v1/history/find?colour=blue", "there is no 'colour'; known are hex", 400},
        {"/api/v1/history/find?hex=3c64", "six hexadecimal digits", 400},
        {"/api/v1/history/find?callsign=%2B", "no call sign", 400},
        {"/api/v1/history/find?area=box=1,2", "box=SOUTH,WEST,NORTH,EAST", 400},
        {"/api/v1/history/find?area=polygon=0,0,10,10,0,10,10,0", "crosses itself", 400},
        {"/api/v1/history/find?area=circle=1,2,3", "with its unit", 400},
        {"/api/v1/history/find?from=yesterday", "is no time", 400},
        {"/api/v1/history/find?from=2024-02-02&to=2024-02-01", "from lies after to", 400},
        {"/api/v1/history/find?from=2024-02-02&to=2024-02-02", "one instant", 400},
        {"/api/v1/history/find?alt=high", "LOW-HIGH in feet", 400},
        {"/api/v1/history/find?limit=0", "limit", 400},
        {"/api/v1/history/find?limit=10001", "10000 at most", 400},
        {"/api/v1/history/find?after=x", "not what an answer gave", 400},
        {"/api/v1/history/find?then=box=1,2,3,4&within=1h", "needs an area", 400},
        {"/api/v1/history/find?area=box=1,2,3,4&then=box=1,2,3,4", "needs within", 400},
        {"/api/v1/history/find?within=1h", "goes with then", 400},
        {"/api/v1/history/find?gap=0s", "longer than nothing", 400},
        {"/api/v1/history/find?format=xml", "table, csv and json", 400},
        {"/api/v1/history/at", "which instant", 400},
        {"/api/v1/history/at?at=1717752000&from=2024-01-01", "an instant", 400},
        {"/api/v1/history/export?format=pdf", "readsb-trace are known", 400},
        {"/api/v1/history/export", "what to write", 400},
        {"/api/v1/history/aircraft/xyz", "is no address", 400},
        {"/data/traces/05/trace_full_3c64.json", "no such file", 404},
        {"/data/traces/05/trace_full_aaaaaa.json", "nothing of it", 404},
        {"/globe_history/2024/13/07/traces/05/trace_full_3c6405.json", "no such file", 404},
    };
    struct site *s = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct reply r;
        get(s, wrong[i].path, "", &r);
        if (r.status != wrong[i].status || !strstr((const char *)r.body.p, wrong[i].part)) {
            fail_msg("%s: %d %s", wrong[i].path, r.status, (const char *)r.body.p);
        }
        reply_free(&r);
    }
}

static void tar1090_gets_its_traces(void **state)
{
    struct site *s = *state;
    static const char *const paths[] = {
        "/data/traces/05/trace_full_3c6405.json", "/data/traces/05/trace_recent_3c6405.json",
        "/globe_history/2024/06/07/traces/05/trace_full_3c6405.json"};
    size_t points[3];
    struct reply r;
    for (int i = 0; i < 3; i++) {
        get(s, paths[i], "", &r);
        assert_int_equal(r.status, 200);
        json_t *v = json_loadb((const char *)r.body.p, r.body.n, 0, NULL);
        assert_string_equal(json_string_value(json_object_get(v, "icao")), "3c6405");
        points[i] = json_array_size(json_object_get(v, "trace"));
        json_decref(v);
        reply_free(&r);
    }
    assert_true(points[0] > points[1] && points[1] > 100 && points[2] >= points[0]);
    get(s, "/data/receiver.json", "", &r);
    assert_non_null(strstr((const char *)r.body.p, "\"haveTraces\":true"));
    reply_free(&r);
}

/* More clients than threads ask for everything and take nothing; others are answered meanwhile. */
static void who_does_not_read_holds_nobody_up(void **state)
{
    struct site *s = *state;
    int fd[12];
    struct reply r;
    for (int i = 0; i < 12; i++) {
        fd[i] = ask_slowly(s, "/api/v1/history/export?format=jsonl", "");
    }
    for (int i = 0; i < 3; i++) {
        get(s, "/api/v1/history/find?area=circle=48,2,50km&limit=2", "", &r);
        assert_int_equal(r.status, 200);
        reply_free(&r);
    }
    for (int i = 0; i < 12; i++) { /* they leave in the midst of it */
        close(fd[i]);
    }
    get(s, "/api/v1/history/aircraft/3c6405?limit=3", "", &r);
    assert_int_equal(r.status, 200);
    reply_free(&r);
}

/* One address has so many questions open and no more. */
static void nobody_asks_too_much(void **state)
{
    struct site *s = *state;
    enum { MANY = 40 };
    int fd[MANY], refused = 0;
    for (int i = 0; i < MANY; i++) {
        fd[i] = ask_slowly(s, "/api/v1/history/export?format=jsonl", "");
    }
    for (int i = 0; i < 100; i++) {
        site_turn(s);
    }
    for (int i = 0; i < MANY; i++) {
        char head[16] = "";
        refused += recv(fd[i], head, 12, MSG_PEEK) == 12 && memcmp(head + 9, "429", 3) == 0;
        close(fd[i]);
    }
    assert_int_equal(refused, MANY - 32);
}

static void closes_with_questions_open(void **state)
{
    struct site *s = *state;
    for (int i = 0; i < 8; i++) {
        ask_slowly(s, "/api/v1/history/export?format=kml", "Accept-Encoding: gzip\r\n");
    }
    site_turn(s);
}

static void says_where_no_history_is(void **state)
{
    struct site *s = *state;
    struct reply r;
    get(s, "/api/v1/history/find", "", &r);
    assert_int_equal(r.status, 404);
    assert_non_null(strstr((const char *)r.body.p, "masar serve --store DIR"));
    reply_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_as_the_question_does, up, down),
        cmocka_unit_test_setup_teardown(long_answers_are_streamed, up, down),
        cmocka_unit_test_setup_teardown(wrong_questions_get_a_sentence, up, down),
        cmocka_unit_test_setup_teardown(tar1090_gets_its_traces, up, down),
        cmocka_unit_test_setup_teardown(who_does_not_read_holds_nobody_up, up, down),
        cmocka_unit_test_setup_teardown(nobody_asks_too_much, up, down),
        cmocka_unit_test_setup_teardown(closes_with_questions_open, up, down),
        SITE_TEST(says_where_no_history_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
