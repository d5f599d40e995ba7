/* Polled network APIs against a stand-in on loopback: right answers, and all that is not. */
#include "source_probe.h"

#include "base/instant.h"
#include "net/http.h"

#include <netinet/in.h>

enum { SCRIPT_MAX = 8, REQUEST_MAX = 4096 };

/* Answers the n-th request with the n-th line of its script, then with the last again and again. */
struct stand_in {
    uv_tcp_t server;
    const char *script[SCRIPT_MAX]; /* whole answers; NULL: says nothing; "": closes */
    size_t huge_bytes;              /* of an answer that is "huge" */
    unsigned n_requests;
    char request[SCRIPT_MAX][REQUEST_MAX];
    uint16_t port;
};

struct visitor {
    struct stand_in *at;
    uv_tcp_t handle;
    uv_write_t write;
    char request[REQUEST_MAX];
    size_t n;
};

static char read_space[REQUEST_MAX];
static uint8_t *huge;

static void on_visitor_closed(uv_handle_t *h)
{
    free(h->data);
}

static void visitor_close(struct visitor *v)
{
    if (!uv_is_closing((uv_handle_t *)&v->handle)) {
        uv_close((uv_handle_t *)&v->handle, on_visitor_closed);
    }
}

static void on_visitor_written(uv_write_t *req, int status)
{
    (void)status;
    visitor_close(req->data);
}

static void answer(struct visitor *v)
{
    struct stand_in *at = v->at;
    unsigned line = at->n_requests < SCRIPT_MAX ? at->n_requests : SCRIPT_MAX - 1;
    memcpy(at->request[line], v->request, sizeof v->request);
    at->n_requests++;
    while (line > 0 && !at->script[line] && at->script[0]) {
        line--;
    }
    const char *text = at->script[line];
    if (!text) {
        return;
    }
    if (*text == '\0') {
        visitor_close(v);
        return;
    }
    v->write.data = v;
    uv_buf_t part[2] = {uv_buf_init((char *)text, (unsigned)strlen(text)),
                        uv_buf_init((char *)huge, (unsigned)at->huge_bytes)};
    uv_write(&v->write, (uv_stream_t *)&v->handle, part, at->huge_bytes ? 2 : 1,
             on_visitor_written);
}

static void on_visitor_alloc(uv_handle_t *h, size_t n, uv_buf_t *buf)
{
    (void)h;
    (void)n;
    *buf = uv_buf_init(read_space, sizeof read_space);
}

static bool is_whole(const struct visitor *v)
{
    const char *end = strstr(v->request, "\r\n\r\n");
    const char *length = strstr(v->request, "Content-Length: ");
    if (!end) {
        return false;
    }
    return !length || strlen(end + 4) >= strtoul(length + 16, NULL, 10);
}

static void on_visitor_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
    struct visitor *v = s->data;
    if (n < 0) {
        visitor_close(v);
        return;
    }
    if (v->n + (size_t)n < sizeof v->request) {
        memcpy(v->request + v->n, buf->base, (size_t)n);
        v->n += (size_t)n;
    }
    if (is_whole(v)) {
        uv_read_stop(s);
        answer(v);
        if (!uv_is_closing((uv_handle_t *)s)) {
            uv_read_start(s, on_visitor_alloc, on_visitor_read); /* to hear it leave */
        }
        v->n = 0;
        memset(v->request, 0, sizeof v->request);
    }
}

static void on_visitor(uv_stream_t *server, int status)
{
    assert_int_equal(status, 0);
    struct visitor *v = calloc(1, sizeof *v);
    v->at = server->data;
    uv_tcp_init(server->loop, &v->handle);
    v->handle.data = v;
    uv_accept(server, (uv_stream_t *)&v->handle);
    uv_read_start((uv_stream_t *)&v->handle, on_visitor_alloc, on_visitor_read);
}

static void stand_in_open(struct stand_in *at, uv_loop_t *loop)
{
    struct sockaddr_in address;
    int size = sizeof address;
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_init(loop, &at->server);
    at->server.data = at;
    assert_int_equal(uv_tcp_bind(&at->server, (struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&at->server, 16, on_visitor), 0);
    uv_tcp_getsockname(&at->server, (struct sockaddr *)&address, &size);
    at->port = ntohs(address.sin_port);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define ADSBX                                                                                      \
    OK "{\"ac\":[{\"hex\":\"ae1234\",\"flight\":\"RCH123  \",\"lat\":13.5,\"lon\":2.2,"            \
       "\"alt_baro\":31000,\"gs\":430.5,\"track\":90,\"seen\":1.5,\"seen_pos\":2.5},"              \
       "{\"hex\":\"~2e0001\",\"alt_baro\":\"ground\",\"seen\":0}],"                                \
       "\"msg\":\"No error\",\"now\":1717749000000,\"total\":2,\"ctime\":0,\"ptime\":0}"
#define OPENSKY                                                                                    \
    OK "{\"time\":1717749000,\"states\":[[\"ae1234\",\"RCH123  \",\"United States\",1717748999,"   \
       "1717749000,2.2,13.5,9448.8,false,221.2,90,0,null,9600,\"1234\",false,0,6]]}"

struct stage {
    struct source_probe *p;
    struct stand_in at;
};

static struct stage stage;

static void begin(void **state)
{
    memset(&stage, 0, sizeof stage);
    stage.p = *state;
    stand_in_open(&stage.at, &stage.p->base.loop);
}

static void end(void)
{
    source_close(stage.p->source);
    stage.p->source = NULL;
    uv_close((uv_handle_t *)&stage.at.server, NULL);
    uv_run(&stage.p->base.loop, UV_RUN_DEFAULT);
}

static void ask(const char *format)
{
    char text[400];
    snprintf(text, sizeof text, format, stage.at.port);
    assert_int_equal(probe_source(stage.p, text), ERR_OK);
}

static uint64_t counted(enum counter which)
{
    return stage.p->base.counters.n[which];
}

static bool has_two_messages(void *ctx)
{
    return ((struct source_probe *)ctx)->n_messages >= 2;
}

static bool has_settled(void *ctx)
{
    (void)ctx;
    return counted(COUNT_API_BAD_ANSWER) + counted(COUNT_API_LIMITED) + counted(COUNT_API_ERRORS) >
           0;
}

static void wait_settled(void)
{
    assert_true(run_until(&stage.p->base.loop, has_settled, NULL, 5000));
}

static bool has_two_requests(void *ctx)
{
    return ((struct stand_in *)ctx)->n_requests >= 2;
}

static void adsblol_gives_aircraft(void **state)
{
    begin(state);
    stage.at.script[0] = ADSBX;
    ask("adsblol:point=13.5/2.2/250,url=http://127.0.0.1:%u,name=lol");
    assert_true(run_until(&stage.p->base.loop, has_two_messages, stage.p, 10000));
    assert_int_equal(strncmp(stage.at.request[0], "GET /v2/point/13.5/2.2/250 HTTP/1.1\r\n", 37),
                     0);
    const struct message *m = &stage.p->message[0];
    assert_int_equal(m->address, 0xae1234);
    assert_true(m->has_place);
    assert_int_equal(m->lat_e7, 135000000);
    assert_int_equal(m->t_us, INT64_C(1717748997500000));
    assert_int_equal(m->origin, ORIGIN_API);
    assert_int_equal(m->receiver, 1);
    assert_string_equal(stage.p->receivers->row[1].name, "lol");
    assert_int_equal(stage.p->message[1].address, 0x2e0001 | ADDRESS_NON_ICAO);
    assert_string_equal(source_state(stage.p->source), "answered with 2 aircraft");
    assert_false(source_has_own_clock(stage.p->source));
    assert_int_equal(counted(COUNT_API_POLLS), 1);
    end();
}

static void asks_again_after_every(void **state)
{
    begin(state);
    stage.at.script[0] = ADSBX;
    ask("adsblol:mil=1,url=http://127.0.0.1:%u/,every=1");
    const uint64_t begun_ns = uv_hrtime();
    assert_true(run_until(&stage.p->base.loop, has_two_requests, &stage.at, 5000));
    const uint64_t took_ms = (uv_hrtime() - begun_ns) / 1000000;
    assert_in_range(took_ms, 900, 5000);
    assert_int_equal(strncmp(stage.at.request[1], "GET /v2/mil HTTP/1.1\r\n", 22), 0);
    end();
}

static void whole_address_is_asked_as_it_stands(void **state)
{
    begin(state);
    stage.at.script[0] = OK "{\"now\":1717749000.0,\"messages\":1,\"aircraft\":["
                            "{\"hex\":\"ae1234\",\"seen\":0},{\"hex\":\"ae1235\",\"seen\":0}]}";
    ask("adsblol:url=http://127.0.0.1:%u/data/aircraft.json");
    assert_true(run_until(&stage.p->base.loop, has_two_messages, stage.p, 10000));
    assert_int_equal(strncmp(stage.at.request[0], "GET /data/aircraft.json HTTP/1.1\r\n", 34), 0);
    end();
}

static bool has_a_message(void *ctx)
{
    return ((struct source_probe *)ctx)->n_messages >= 1;
}

static void opensky_gives_aircraft(void **state)
{
    begin(state);
    stage.at.script[0] = OPENSKY;
    ask("opensky:box=10/0/16.5/6,url=http://127.0.0.1:%u");
    assert_true(run_until(&stage.p->base.loop, has_a_message, stage.p, 5000));
    const char want[] =
        "GET /api/states/all?lamin=10&lomin=0&lamax=16.5&lomax=6&extended=1 HTTP/1.1\r\n";
    assert_int_equal(strncmp(stage.at.request[0], want, sizeof want - 1), 0);
    assert_null(strstr(stage.at.request[0], "Authorization"));
    const struct message *m = &stage.p->message[0];
    assert_int_equal(m->address, 0xae1234);
    assert_int_equal(m->lat_e7, 135000000);
    assert_int_equal(m->lon_e7, 22000000);
    assert_int_equal(m->t_us, INT64_C(1717748999000000));
    end();
}

static void put_key(const char *text, char path[32])
{
    snprintf(path, 32, "/tmp/masar_key_XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void check_key(void **state, const char *text, const char *header)
{
    begin(state);
    stage.at.script[0] = ADSBX;
    char path[32], spec[200];
    put_key(text, path);
    snprintf(spec, sizeof spec, "adsblol:mil=1,url=http://127.0.0.1:%%u,key-file=%s", path);
    ask(spec);
    assert_true(run_until(&stage.p->base.loop, has_two_messages, stage.p, 10000));
    assert_non_null(strstr(stage.at.request[0], header));
    unlink(path);
    end();
}

static void key_alone_is_api_auth(void **state)
{
    check_key(state, "s3cret\n", "\r\napi-auth: s3cret\r\n");
}

static void key_may_be_a_bearer(void **state)
{
    check_key(state, "bearer s3cret\r\n", "\r\nAuthorization: Bearer s3cret\r\n");
}

static void key_may_be_a_header(void **state)
{
    check_key(state, "x-rapidapi-key:  s3cret", "\r\nx-rapidapi-key: s3cret\r\n");
}

static void bad_keys_are_told(void **state)
{
    struct source_probe *p = *state;
    static const char *const text[] = {"", "\n", "a b: c\n", "x:\n", "k\x01y\n"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        char path[32], spec[100];
        put_key(text[i], path);
        snprintf(spec, sizeof spec, "adsblol:mil=1,key-file=%s", path);
        assert_int_equal(probe_source(p, spec), ERR_SYNTAX);
        assert_non_null(strstr(p->base.why, "is no key"));
        unlink(path);
    }
}

static void check_token(void **state, const char *key)
{
    begin(state);
    stage.at.script[0] =
        OK "{\"access_token\":\"t0ken\",\"expires_in\":1800,\"token_type\":\"Bearer\"}";
    stage.at.script[1] = OPENSKY;
    char path[32], spec[300];
    put_key(key, path);
    snprintf(spec, sizeof spec,
             "opensky:url=http://127.0.0.1:%%u,token-url=http://127.0.0.1:%u/token,key-file=%s,"
             "every=1",
             stage.at.port, path);
    ask(spec);
    assert_true(run_until(&stage.p->base.loop, has_two_messages, stage.p, 10000));
    assert_int_equal(strncmp(stage.at.request[0], "POST /token HTTP/1.1\r\n", 22), 0);
    assert_non_null(strstr(stage.at.request[0],
                           "\r\n\r\ngrant_type=client_credentials&client_id=me-"
                           "api-client&client_secret=a%2Bb%26c"));
    assert_int_equal(stage.at.n_requests, 3); /* one token serves many */
    assert_non_null(strstr(stage.at.request[1], "\r\nAuthorization: Bearer t0ken\r\n"));
    assert_non_null(strstr(stage.at.request[2], "\r\nAuthorization: Bearer t0ken\r\n"));
    unlink(path);
    end();
}

static void opensky_gets_a_token_by_two_lines(void **state)
{
    check_token(state, "me-api-client\na+b&c\n");
}

static void opensky_gets_a_token_by_its_json(void **state)
{
    check_token(state, "{\"clientId\": \"me-api-client\", \"clientSecret\": \"a+b&c\"}");
}

static void limit_with_retry_after_is_kept(void **state)
{
    begin(state);
    stage.at.script[0] =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n";
    stage.at.script[1] = ADSBX;
    ask("adsblol:mil=1,url=http://127.0.0.1:%u,every=1");
    const uint64_t begun_ns = uv_hrtime();
    wait_settled();
    assert_string_equal(source_state(stage.p->source), "429 (too many requests): waiting 2 s");
    assert_int_equal(counted(COUNT_API_LIMITED), 1);
    assert_int_equal(counted(COUNT_API_ERRORS), 0);
    assert_true(run_until(&stage.p->base.loop, has_two_messages, stage.p, 10000));
    assert_in_range((uv_hrtime() - begun_ns) / 1000000, 1900, 6000);
    end();
}

static void opensky_limit_is_kept(void **state)
{
    begin(state);
    stage.at.script[0] = "HTTP/1.1 429 Too Many Requests\r\nX-Rate-Limit-Remaining: 0\r\n"
                         "X-Rate-Limit-Retry-After-Seconds: 31337\r\nContent-Length: 0\r\n\r\n";
    ask("opensky:url=http://127.0.0.1:%u");
    wait_settled();
    assert_string_equal(source_state(stage.p->source), "429 (too many requests): waiting 31337 s");
    end();
}

/* What comes back instead of an answer, what is counted, and what people are told. */
static void check_bad(void **state, const char *script, enum counter which, const char *told)
{
    begin(state);
    stage.at.script[0] = script;
    ask("adsblol:mil=1,url=http://127.0.0.1:%u,every=1,timeout=1");
    wait_settled();
    if (counted(which) != 1 || !strstr(source_state(stage.p->source), told)) {
        fail_msg("%s", source_state(stage.p->source));
    }
    assert_non_null(strstr(source_state(stage.p->source), ": waiting 1 s"));
    assert_int_equal(stage.p->n_messages, 0);
    assert_int_equal(stage.p->base.done, 0);
    end();
}

static void error_500(void **state)
{
    check_bad(state, "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops", COUNT_API_ERRORS,
              "500 (its own error)");
}

static void error_401(void **state)
{
    check_bad(state, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", COUNT_API_ERRORS,
              "401 (it refuses the key: see key-file=)");
}

static void html_for_json(void **state)
{
    check_bad(state, OK "<!DOCTYPE html><html><body>Please log in</body></html>",
              COUNT_API_BAD_ANSWER, "HTML");
}

static void empty_answer(void **state)
{
    check_bad(state, OK, COUNT_API_BAD_ANSWER, "empty");
}

static void json_of_another_shape(void **state)
{
    check_bad(state, OK "{\"error\":\"no\"}", COUNT_API_BAD_ANSWER, "");
}

static void cut_json(void **state)
{
    check_bad(state, OK "{\"ac\":[{\"hex\":\"ae1234\"", COUNT_API_BAD_ANSWER, "");
}

static void cut_body(void **state)
{
    check_bad(state, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ac\":[", COUNT_API_ERRORS,
              "no answer");
}

static void nothing_at_all(void **state)
{
    check_bad(state, "", COUNT_API_ERRORS, "no answer");
}

static void stalled(void **state)
{
    check_bad(state, NULL, COUNT_API_ERRORS, "timed out");
}

static void not_http(void **state)
{
    check_bad(state, "SSH-2.0-OpenSSH_9.2\r\n", COUNT_API_ERRORS, "no answer");
}

static void redirection_is_told_not_followed(void **state)
{
    check_bad(state,
              "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\n"
              "Content-Length: 0\r\n\r\n",
              COUNT_API_ERRORS, "302: moved to http://127.0.0.1:1/x (give that in url=)");
}

static void nobody_there(void **state)
{
    begin(state);
    ask("adsblol:mil=1,url=http://127.0.0.1:1");
    wait_settled();
    assert_non_null(strstr(source_state(stage.p->source), "no answer"));
    assert_non_null(strstr(source_state(stage.p->source), ": waiting 5 s"));
    end();
}

static void huge_answer_is_cut_off(void **state)
{
    begin(state);
    stage.at.script[0] = OK;
    stage.at.huge_bytes = HTTP_ANSWER_MAX + 1000000u;
    huge = malloc(stage.at.huge_bytes);
    memset(huge, ' ', stage.at.huge_bytes);
    ask("adsblol:mil=1,url=http://127.0.0.1:%u");
    assert_true(run_until(&stage.p->base.loop, has_settled, NULL, 20000));
    assert_non_null(strstr(source_state(stage.p->source), "longer than 64 MiB"));
    end();
    free(huge);
}

static void may_be_closed_by_its_own_message(void **state)
{
    begin(state);
    stage.at.script[0] = ADSBX;
    stage.p->close_at_first = true;
    ask("adsblol:mil=1,url=http://127.0.0.1:%u");
    assert_true(run_until(&stage.p->base.loop, has_a_message, stage.p, 5000));
    assert_int_equal(stage.p->n_messages, 1);
    uv_close((uv_handle_t *)&stage.at.server, NULL);
}

int main(void)
{
    /* A proxy of this machine's is no part of the test. */
    static const char *const proxy[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof proxy / sizeof *proxy; i++) {
        unsetenv(proxy[i]);
    }
    const struct CMUnitTest tests[] = {
        SOURCED(adsblol_gives_aircraft),
        SOURCED(asks_again_after_every),
        SOURCED(whole_address_is_asked_as_it_stands),
        SOURCED(opensky_gives_aircraft),
        SOURCED(key_alone_is_api_auth),
        SOURCED(key_may_be_a_bearer),
        SOURCED(key_may_be_a_header),
        SOURCED(bad_keys_are_told),
        SOURCED(opensky_gets_a_token_by_two_lines),
        SOURCED(opensky_gets_a_token_by_its_json),
        SOURCED(limit_with_retry_after_is_kept),
        SOURCED(opensky_limit_is_kept),
        SOURCED(error_500),
        SOURCED(error_401),
        SOURCED(html_for_json),
        SOURCED(empty_answer),
        SOURCED(json_of_another_shape),
        SOURCED(cut_json),
        SOURCED(cut_body),
        SOURCED(nothing_at_all),
        SOURCED(stalled),
        SOURCED(not_http),
        SOURCED(redirection_is_told_not_followed),
        SOURCED(nobody_there),
        SOURCED(huge_answer_is_cut_off),
        SOURCED(may_be_closed_by_its_own_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
