/* HTTP as a client sees it. */
#include "serve_site.h"

#include "model/field.h"

#include <zlib.h>

static const char *text_of(const struct reply *r)
{
    return (const char *)r->body.p;
}

static void healthz_says_what_is_served(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/healthz", &r);
    assert_int_equal(r.status, 200);
    json_t *o = reply_json(&r);
    assert_string_equal(json_string_value(json_object_get(o, "status")), "ok");
    assert_int_equal(json_integer_value(json_object_get(o, "aircraft")), 1);
    assert_int_equal(json_integer_value(json_object_get(o, "with_position")), 1);
    assert_int_equal(json_array_size(json_object_get(o, "sources")), 1);
    assert_true(json_number_value(json_object_get(o, "now")) == 1717749000.0);
    json_decref(o);
    reply_free(&r);
}

static void aircraft_json_is_as_readsb_writes_it(void **state)
{
    struct site *s = *state;
    struct reply r;
    char value[64];
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/data/aircraft.json?_=1717749000123", &r);
    assert_int_equal(r.status, 200);
    assert_string_equal(reply_header(&r, "content-type", value, sizeof value), "application/json");
    json_t *o = reply_json(&r);
    json_t *a = json_array_get(json_object_get(o, "aircraft"), 0);
    assert_string_equal(json_string_value(json_object_get(a, "hex")), "3c6444");
    assert_string_equal(json_string_value(json_object_get(a, "flight")), "MSR1    ");
    assert_true(json_is_number(json_object_get(a, "lat")));
    json_decref(o);
    reply_free(&r);

    site_get(s, "/data/receiver.json", &r);
    o = reply_json(&r);
    assert_int_equal(json_integer_value(json_object_get(o, "refresh")), 1000);
    assert_int_equal(json_integer_value(json_object_get(o, "history")), 0);
    assert_null(json_object_get(o, "binCraft"));
    assert_null(json_object_get(o, "zstd"));
    json_decref(o);
    reply_free(&r);
}

static void aircraft_json_lists_only_the_recent(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_fly(s, 0x3c6444, 494000000, 76000000);
    s->now_us += 61000000;
    site_get(s, "/data/aircraft.json", &r);
    json_t *o = reply_json(&r);
    assert_int_equal(json_array_size(json_object_get(o, "aircraft")), 0);
    json_decref(o);
    reply_free(&r);
    site_get(s, "/api/v1/aircraft", &r);
    o = reply_json(&r);
    assert_int_equal(json_array_size(json_object_get(o, "aircraft")), 1);
    json_decref(o);
    reply_free(&r);
}

static void a_packed_body_unpacks_to_the_plain_one(void **state)
{
    struct site *s = *state;
    struct reply plain, packed;
    char value[32];
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/data/aircraft.json", &plain);
    site_ask(s,
             "GET /data/aircraft.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br;q=0, "
             "gzip\r\n\r\n",
             &packed);
    assert_string_equal(reply_header(&packed, "content-encoding", value, sizeof value), "gzip");
    uint8_t out[65536];
    z_stream z = {.next_in = packed.body.p,
                  .avail_in = (uInt)packed.body.n,
                  .next_out = out,
                  .avail_out = sizeof out};
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, plain.body.n);
    assert_memory_equal(out, plain.body.p, plain.body.n);
    inflateEnd(&z);
    reply_free(&plain);
    reply_free(&packed);
}

/* With so many aircraft the lists take more than one slice: they come all the same, whole, also to
   one who asks for several things on one connection, and while another has gone. */
static void large_lists_come_in_slices(void **state)
{
    enum { MANY = 3000 };
    struct site *s = *state;
    static const char ask[] = "GET /api/v1/aircraft HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (uint32_t i = 0; i < MANY; i++) {
        site_fly(s, 0x100000 + i * 1000, (int32_t)i * 100000, (int32_t)i * 200000);
    }
    const int gone = site_connect(s);
    site_send(s, gone, ask, sizeof ask - 1);
    close(gone);
    for (int i = 0; i < 3; i++) {
        struct reply plain, packed, counted;
        site_get(s, i % 2 ? "/api/v1/aircraft" : "/data/aircraft.json", &plain);
        json_t *o = reply_json(&plain);
        assert_int_equal(json_array_size(json_object_get(o, "aircraft")), MANY);
        json_decref(o);
        site_ask(s,
                 "GET /data/aircraft.json HTTP/1.1\r\nHost: localhost\r\n"
                 "Accept-Encoding: gzip\r\n\r\n",
                 &packed);
        assert_int_equal(packed.status, 200);
        assert_memory_equal(packed.body.p, "\x1f\x8b", 2);
        assert_true(packed.body.n < plain.body.n / 3);
        site_get(s, "/metrics", &counted);
        assert_non_null(strstr(text_of(&counted), "\nmasar_aircraft 3000\n"));
        reply_free(&plain);
        reply_free(&packed);
        reply_free(&counted);
    }
}

static void head_has_the_head_of_get(void **state)
{
    struct site *s = *state;
    struct reply get, head;
    char a[32], b[32];
    site_get(s, "/api/v1/fields", &get);
    site_ask(s, "HEAD /api/v1/fields HTTP/1.1\r\nHost: localhost\r\n\r\n", &head);
    assert_int_equal(head.status, 200);
    assert_string_equal(reply_header(&get, "content-length", a, sizeof a),
                        reply_header(&head, "content-length", b, sizeof b));
    assert_int_equal(head.body.n, 0);
    reply_free(&get);
    reply_free(&head);
}

static void one_aircraft_with_every_quantity(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/api/v1/aircraft/3C6444", &r);
    assert_int_equal(r.status, 200);
    json_t *o = reply_json(&r);
    assert_string_equal(json_string_value(json_object_get(o, "flight")), "MSR1");
    json_t *place = json_object_get(o, "position");
    assert_string_equal(json_string_value(json_object_get(place, "method")), "reported");
    assert_string_equal(json_string_value(json_object_get(place, "verdict")), "accepted");
    assert_string_equal(json_string_value(json_object_get(place, "receiver_name")), "ro\"of");
    size_t i;
    json_t *f;
    int found = 0;
    json_array_foreach(json_object_get(o, "fields"), i, f)
    {
        const char *key = json_string_value(json_object_get(f, "key"));
        const json_t *v = json_object_get(f, "value");
        const double age = json_number_value(json_object_get(f, "age"));
        if (age < 1.0 || age > 3.0) { /* the tracker keeps times to its own exactness */
            fail_msg("%s is %f s old", key, age);
        }
        assert_true(json_is_true(json_object_get(f, "fresh")));
        found += strcmp(key, "squawk") == 0 && strcmp(json_string_value(v), "1234") == 0;
        found += strcmp(key, "category") == 0 && strcmp(json_string_value(v), "A3") == 0;
        found += strcmp(key, "gs") == 0 && json_number_value(v) == 451.0;
        found += strcmp(key, "emergency") == 0 && strcmp(json_string_value(v), "none") == 0;
        found += strcmp(key, "nav_modes") == 0 && json_array_size(v) == 2;
    }
    assert_int_equal(found, 5);
    json_decref(o);
    reply_free(&r);
}

static void trail_and_unknown_aircraft(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/api/v1/aircraft/3c6444/trail", &r);
    json_t *o = reply_json(&r);
    json_t *points = json_object_get(o, "points");
    assert_true(json_array_size(points) >= 1);
    assert_int_equal(json_array_size(json_array_get(points, 0)),
                     json_array_size(json_object_get(o, "columns")));
    json_decref(o);
    reply_free(&r);
    static const struct {
        const char *path;
        int status;
    } asked[] = {{"/api/v1/aircraft/000001", 404}, {"/api/v1/aircraft/~3c6444", 404},
                 {"/api/v1/aircraft/3c644", 400},  {"/api/v1/aircraft/xyzxyz/trail", 400},
                 {"/api/v1/aircraft/", 404},       {"/api/v1/nothing", 404}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        site_get(s, asked[i].path, &r);
        assert_int_equal(r.status, asked[i].status);
        o = reply_json(&r);
        assert_true(json_is_string(json_object_get(o, "error")));
        json_decref(o);
        reply_free(&r);
    }
}

static void fields_lists_every_row(void **state)
{
    struct site *s = *state;
    struct reply r;
    site_get(s, "/api/v1/fields", &r);
    json_t *o = reply_json(&r);
    assert_int_equal(json_array_size(json_object_get(o, "fields")), FIELD_COUNT);
    assert_int_equal(json_array_size(json_object_get(o, "origins")), ORIGIN_COUNT);
    assert_int_equal(json_array_size(json_object_get(o, "verdicts")), VERDICT_COUNT);
    json_decref(o);
    reply_free(&r);
    site_get(s, "/api/v1/receivers", &r);
    o = reply_json(&r);
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(o, "receivers"), 0), "name")),
                        "ro\"of");
    json_decref(o);
    reply_free(&r);
}

/* ------------------------------------------------------------------ files */

static void files_have_types_and_times_to_live(void **state)
{
    struct site *s = *state;
    struct reply r;
    char v[1024];
    site_get(s, "/?aircraft=3c6444", &r);
    assert_int_equal(r.status, 200);
    assert_string_equal(text_of(&r), "<!doctype html><title>masar</title>");
    assert_string_equal(reply_header(&r, "content-type", v, sizeof v), "text/html; charset=utf-8");
    assert_string_equal(reply_header(&r, "cache-control", v, sizeof v), "no-cache");
    assert_string_equal(reply_header(&r, "x-content-type-options", v, sizeof v), "nosniff");
    assert_non_null(
        strstr(reply_header(&r, "content-security-policy", v, sizeof v), "default-src 'self'"));
    char etag[128], request[512];
    reply_header(&r, "etag", etag, sizeof etag);
    reply_free(&r);
    snprintf(request, sizeof request,
             "GET / HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"x\", W/%s\r\n\r\n", etag);
    site_ask(s, request, &r);
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.n, 0);
    reply_free(&r);

    site_get(s, "/assets/index-AbCd1234.js", &r);
    assert_string_equal(text_of(&r), "export const masar = 1;");
    assert_string_equal(reply_header(&r, "content-type", v, sizeof v),
                        "text/javascript; charset=utf-8");
    assert_string_equal(reply_header(&r, "cache-control", v, sizeof v),
                        "public, max-age=31536000, immutable");
    reply_free(&r);
    site_ask(s,
             "GET /assets/index-AbCd1234.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: "
             "gzip\r\n\r\n",
             &r);
    assert_string_equal(text_of(&r), "(packed)");
    assert_string_equal(reply_header(&r, "content-encoding", v, sizeof v), "gzip");
    reply_free(&r);
    site_get(s, "/assets/plain.css", &r);
    assert_string_equal(reply_header(&r, "cache-control", v, sizeof v), "no-cache");
    reply_free(&r);
}

static void nothing_outside_the_folder(void **state)
{
    struct site *s = *state;
    static const char *const paths[] = {
        "/../../etc/passwd",
        "/assets/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/.secret",
        "/assets/..%5c.secret",
        "/assets//../.token",
        "/.token",
        "/assets",
        "/%00index.html",
        "/etc/passwd",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply r;
        site_get(s, paths[i], &r);
        assert_true(r.status == 0 || r.status == 404 || r.status == 403 || r.status == 400 ||
                    strcmp(text_of(&r), "<!doctype html><title>masar</title>") == 0);
        assert_null(strstr(text_of(&r), "root:"));
        assert_null(strstr(text_of(&r), "hidden"));
        assert_null(strstr(text_of(&r), s->token));
        reply_free(&r);
    }
}

/* ------------------------------------------------------------------ who may ask */

static void a_foreign_host_is_refused(void **state)
{
    struct site *s = *state;
    static const struct {
        const char *host;
        int status;
    } asked[] = {{"localhost", 200},
                 {"LOCALHOST:8080", 200},
                 {"127.0.0.1", 200},
                 {"127.9.9.9:1", 200},
                 {"[::1]:8080", 200},
                 {"masar.localhost", 200},
                 {"evil.example", 403},
                 {"localhost.evil.example", 403},
                 {"127.0.0.1.evil.example", 403},
                 {"127.0.0.1@evil", 403},
                 {"1270.0.0.1", 403},
                 {"localhost:80x", 403},
                 {"", 400}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct reply r;
        char request[256];
        snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n",
                 asked[i].host);
        site_ask(s, request, &r);
        if (r.status != asked[i].status) {
            fail_msg("Host '%s' got %d", asked[i].host, r.status);
        }
        reply_free(&r);
    }
    assert_true(s->counters.n[COUNT_HTTP_REFUSED] >= 7);
}

static void other_methods_are_refused(void **state)
{
    struct site *s = *state;
    static const struct {
        const char *request;
        int status;
    } asked[] = {
        {"PUT /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405},
        {"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
        {"GET /api/v1/reports HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
        {"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 400},
        {"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\n\r\n", 411},
        {"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n", 413},
        {"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 411},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct reply r;
        site_ask(s, asked[i].request, &r);
        if (r.status != asked[i].status) {
            fail_msg("%s got %d", asked[i].request, r.status);
        }
        reply_free(&r);
    }
}

static void a_connection_is_used_again(void **state)
{
    struct site *s = *state;
    const int fd = site_connect(s);
    for (int i = 0; i < 5; i++) {
        struct reply r;
        const char *request = i % 2 ? "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    : "GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n";
        site_send(s, fd, request, strlen(request));
        site_reply(s, fd, false, &r);
        assert_int_equal(r.status, i % 2 ? 200 : 404);
        reply_free(&r);
    }
    close(fd);
}

static void garbage_does_not_stop_it(void **state)
{
    struct site *s = *state;
    static const char *const garbage[] = {
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "GET",
        "GET / HTTP/9.9\r\n\r\n",
        "\r\n\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "BREW / HTCPCP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, "
        "HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        const int fd = site_connect(s);
        site_send(s, fd, garbage[i], strlen(garbage[i]));
        for (int k = 0; k < 20; k++) {
            site_turn(s);
        }
        close(fd);
    }
    char *huge = malloc(100000);
    assert_non_null(huge);
    memset(huge, 'a', 100000);
    memcpy(huge, "GET /", 5);
    const int fd = site_connect(s);
    site_send(s, fd, huge, 100000);
    close(fd);
    free(huge);
    struct reply r;
    site_get(s, "/healthz", &r);
    assert_int_equal(r.status, 200);
    reply_free(&r);
}

static void connections_over_the_limit_are_refused(void **state)
{
    struct site *s = *state;
    int fds[300];
    for (int i = 0; i < 300; i++) {
        fds[i] = site_connect(s);
        site_turn(s);
    }
    assert_true(s->counters.n[COUNT_CONNECTIONS_REFUSED] >= 40);
    for (int i = 0; i < 300; i++) {
        close(fds[i]);
    }
    for (int i = 0; i < 100; i++) {
        site_turn(s);
    }
    struct reply r;
    site_get(s, "/healthz", &r);
    assert_int_equal(r.status, 200);
    reply_free(&r);
}

static void a_port_in_use_is_a_sentence(void **state)
{
    struct site *s = *state;
    struct serve *other = NULL;
    char why[512] = "", port[16];
    struct serve_options o = site_options(s);
    o.port = s->port;
    assert_int_equal(serve_open(&o, &other, why, sizeof why), ERR_SYSTEM);
    snprintf(port, sizeof port, "%d", s->port);
    assert_non_null(strstr(why, port));
    assert_non_null(strstr(why, "in use"));
    o.host = "no-such-host.invalid";
    assert_int_equal(serve_open(&o, &other, why, sizeof why), ERR_SYSTEM);
    assert_non_null(strstr(why, "no-such-host.invalid"));
}

/* ------------------------------------------------------------------ metrics */

/* The text format: every sample follows its own HELP and TYPE, every name once. */
static void metrics_can_be_scraped(void **state)
{
    struct site *s = *state;
    struct reply r;
    s->counters.verdict[VERDICT_SPEED] = 3;
    s->counters.df[17] = 12;
    site_fly(s, 0x3c6444, 494000000, 76000000);
    site_get(s, "/metrics", &r);
    assert_int_equal(r.status, 200);
    assert_non_null(
        strstr(text_of(&r), "\nmasar_fixes_rejected_by_reason_total{reason=\"too_fast\"} 3\n"));
    assert_non_null(strstr(text_of(&r), "\nmasar_frames_by_format_total{df=\"17\"} 12\n"));
    assert_non_null(strstr(text_of(&r), "\nmasar_aircraft 1\n"));
    assert_non_null(strstr(text_of(&r), "\nreadsb_aircraft_total 1\n"));
    assert_non_null(strstr(text_of(&r), "\nmasar_loop_pause_seconds_bucket{le=\"+Inf\"} "));
    assert_non_null(strstr(text_of(&r), "\nmasar_loop_pause_max_seconds 0."));
    char family[128] = "";
    for (char *save = NULL, *line = strtok_r((char *)r.body.p, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, "# HELP ", 7) == 0) {
            snprintf(family, sizeof family, "%.*s", (int)strcspn(line + 7, " "), line + 7);
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            assert_memory_equal(line + 7, family, strlen(family));
        } else {
            assert_memory_equal(line, family, strlen(family));
            const char *rest = line + strlen(family);
            assert_true(rest[0] == ' ' || rest[0] == '{' || strncmp(rest, "_bucket{", 8) == 0 ||
                        strncmp(rest, "_sum ", 5) == 0 || strncmp(rest, "_count ", 7) == 0);
            char *end = NULL;
            strtod(strrchr(line, ' ') + 1, &end);
            assert_int_equal(*end, 0);
        }
    }
    reply_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(healthz_says_what_is_served),
        SITE_TEST(aircraft_json_is_as_readsb_writes_it),
        SITE_TEST(aircraft_json_lists_only_the_recent),
        SITE_TEST(a_packed_body_unpacks_to_the_plain_one),
        SITE_TEST(large_lists_come_in_slices),
        SITE_TEST(head_has_the_head_of_get),
        SITE_TEST(one_aircraft_with_every_quantity),
        SITE_TEST(trail_and_unknown_aircraft),
        SITE_TEST(fields_lists_every_row),
        SITE_TEST(files_have_types_and_times_to_live),
        SITE_TEST(nothing_outside_the_folder),
        SITE_TEST(a_foreign_host_is_refused),
        SITE_TEST(other_methods_are_refused),
        SITE_TEST(a_connection_is_used_again),
        SITE_TEST(garbage_does_not_stop_it),
        SITE_TEST(connections_over_the_limit_are_refused),
        SITE_TEST(a_port_in_use_is_a_sentence),
        SITE_TEST(metrics_can_be_scraped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
