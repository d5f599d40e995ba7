/* rtltcp: against a real socket: a server that tears its bytes, is slow, hangs up, is none. */
#include "radio_probe.h"
#include "source_probe.h"

enum { SCENE_FRAMES = 40, ORDERS_MAX = 64 };

struct server {
    uv_tcp_t tcp, client;
    uv_timer_t timer;
    int port;
    bool has_client;
    struct buf bytes;             /* header and samples */
    size_t at, piece, hang_up_at; /* bytes a piece; 0: all at once */
    unsigned connections;
    uint8_t order[ORDERS_MAX];
    size_t n_order;
};

static struct server server;
static struct probe_list sent;

static void alloc(uv_handle_t *h, size_t n, uv_buf_t *b)
{
    static char space[256];
    (void)h;
    (void)n;
    *b = uv_buf_init(space, sizeof space);
}

static void hang_up(void)
{
    if (server.has_client) {
        server.has_client = false;
        uv_close((uv_handle_t *)&server.client, NULL);
    }
}

static void on_order(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    (void)s;
    for (ssize_t k = 0; k < n && server.n_order < ORDERS_MAX; k++) {
        server.order[server.n_order++] = (uint8_t)b->base[k];
    }
    if (n < 0) {
        hang_up();
    }
}

static void on_connection(uv_stream_t *s, int status)
{
    assert_int_equal(status, 0);
    uv_tcp_init(s->loop, &server.client);
    if (uv_accept(s, (uv_stream_t *)&server.client) == 0) {
        server.has_client = true;
        server.connections++;
        server.at = 0;
        uv_read_start((uv_stream_t *)&server.client, alloc, on_order);
    }
}

static void on_timer(uv_timer_t *t)
{
    (void)t;
    if (!server.has_client || server.at >= server.bytes.n) {
        return;
    }
    if (server.hang_up_at > 0 && server.at >= server.hang_up_at && server.connections == 1) {
        hang_up();
        return;
    }
    const size_t left = server.bytes.n - server.at;
    const size_t n = server.piece && server.piece < left ? server.piece : left;
    uv_buf_t b = uv_buf_init((char *)server.bytes.p + server.at, (unsigned)n);
    const int done = uv_try_write((uv_stream_t *)&server.client, &b, 1);
    server.at += done > 0 ? (size_t)done : 0;
}

static void serve(struct source_probe *p, const char *header)
{
    const struct render_options o = {
        .format = SAMPLE_CU8, .rate_hz = 2.4e6, .noise_dbfs = -36, .seed = 5};
    struct sockaddr_in address;
    int n = sizeof address;
    memset(&server, 0, sizeof server);
    buf_add(&server.bytes, header, 12);
    probe_scene(&o, SCENE_FRAMES, 400, -12, &sent, &server.bytes);
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_init(&p->base.loop, &server.tcp);
    assert_int_equal(uv_tcp_bind(&server.tcp, (const struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&server.tcp, 4, on_connection), 0);
    uv_tcp_getsockname(&server.tcp, (struct sockaddr *)&address, &n);
    server.port = ntohs(address.sin_port);
    uv_timer_init(&p->base.loop, &server.timer);
    uv_timer_start(&server.timer, on_timer, 1, 1);
}

static void listen_to(struct source_probe *p, const char *more)
{
    char spec[128];
    snprintf(spec, sizeof spec, "rtltcp:connect=127.0.0.1:%d%s", server.port, more);
    assert_int_equal(probe_source(p, spec), ERR_OK);
}

static void end(struct source_probe *p)
{
    hang_up();
    uv_close((uv_handle_t *)&server.timer, NULL);
    uv_close((uv_handle_t *)&server.tcp, NULL);
    source_close(p->source);
    p->source = NULL;
    run_until(&p->base.loop, never, p, 20);
    buf_free(&server.bytes);
}

/* The last frames are heard only once more samples or the end have come. */
static bool has_most(void *ctx)
{
    return ((struct source_probe *)ctx)->n_frames >= SCENE_FRAMES * 3 / 4;
}

#define HEADER "RTL0\0\0\0\5\0\0\0\35"

static void orders_arrive_and_frames_come(void **state)
{
    struct source_probe *p = *state;
    serve(p, HEADER);
    listen_to(p, ",gain=49.6,ppm=-3,bias=1");
    assert_true(run_until(&p->base.loop, has_most, p, 5000));
    static const uint8_t orders[] = {2, 0,    0x24, 0x9f, 0x00, 5,  0xff, 0xff, 0xff, 0xfd,
                                     1, 0x40, 0xf8, 0x14, 0x80, 3,  0,    0,    0,    1,
                                     4, 0,    0,    1,    0xf0, 14, 0,    0,    0,    1};
    assert_int_equal(server.n_order, sizeof orders);
    assert_memory_equal(server.order, orders, sizeof orders);
    assert_int_equal(p->frame[0].t_us, probe_clock_us());
    assert_true(p->receivers->row[1].radio.frames >= p->n_frames);
    end(p);
}

static void torn_bytes_are_put_together(void **state)
{
    struct source_probe *p = *state;
    serve(p, HEADER);
    server.piece = 977;
    listen_to(p, "");
    assert_true(run_until(&p->base.loop, has_most, p, 20000));
    static const uint8_t highest[] = {13, 0, 0, 0, 28}; /* behind what it was greeted with */
    assert_int_equal(server.n_order, 25 + sizeof highest);
    assert_memory_equal(server.order + 25, highest, sizeof highest);
    end(p);
}

/* More than came before it hung up. */
static bool has_more(void *ctx)
{
    return ((struct source_probe *)ctx)->n_frames >= SCENE_FRAMES * 5 / 4;
}

static void a_server_that_hangs_up_is_tried_again(void **state)
{
    struct source_probe *p = *state;
    serve(p, HEADER);
    server.piece = 8192;
    server.hang_up_at = 60001;
    listen_to(p, "");
    assert_true(run_until(&p->base.loop, has_more, p, 10000));
    assert_int_equal(server.connections, 2);
    assert_true(p->base.counters.n[COUNT_RECONNECTS] >= 1);
    end(p);
}

static bool counts_bad(void *ctx)
{
    return ((struct source_probe *)ctx)->base.counters.n[COUNT_RTLTCP_BAD_HEADER] > 0;
}

static void what_is_no_rtl_tcp_is_counted(void **state)
{
    struct source_probe *p = *state;
    serve(p, "HTTP/1.1 200");
    listen_to(p, "");
    assert_true(run_until(&p->base.loop, counts_bad, p, 5000));
    assert_int_equal(p->n_frames, 0);
    end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOURCED(orders_arrive_and_frames_come),
        SOURCED(torn_bytes_are_put_together),
        SOURCED(a_server_that_hangs_up_is_tried_again),
        SOURCED(what_is_no_rtl_tcp_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
