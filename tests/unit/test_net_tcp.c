/* TCP: connect and listen, and what goes wrong on a network. */
#include "net_probe.h"

#include "net/address.h"
#include "net/backoff.h"
#include "net/tcp.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* A second transport on the first one's loop. */
struct pair {
    struct probe *server;
    struct probe client;
};

static int connect_raw(uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* A port nobody listens on. */
static uint16_t free_port(void)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static bool has_opened(void *ctx)
{
    return ((struct probe *)ctx)->opened > 0;
}

static bool has_closed(void *ctx)
{
    return ((struct probe *)ctx)->closed > 0;
}

static bool has_64(void *ctx)
{
    const struct probe *p = ctx;
    return p->opened + p->counters.n[COUNT_CONNECTIONS_REFUSED] >= 70;
}

static void addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host, *port;
        enum err e;
    } row[] = {
        {"host:30005", "host", "30005", ERR_OK},
        {":30004", "", "30004", ERR_OK},
        {"[2001:db8::1]:1", "2001:db8::1", "1", ERR_OK},
        {"0.0.0.0:65535", "0.0.0.0", "65535", ERR_OK},
        {"host", NULL, NULL, ERR_SYNTAX},
        {"host:", NULL, NULL, ERR_SYNTAX},
        {"host:http", NULL, NULL, ERR_SYNTAX},
        {"2001:db8::1:30005", NULL, NULL, ERR_SYNTAX},
        {"host:65536", NULL, NULL, ERR_RANGE},
        {"host:99999999999999999999", NULL, NULL, ERR_RANGE},
        {"", NULL, NULL, ERR_SYNTAX},
        {"[::1:5", NULL, NULL, ERR_SYNTAX},
    };
    char why[200];
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct address a;
        assert_int_equal(address_parse(row[i].text, "connect", &a, why, sizeof why), row[i].e);
        if (!row[i].e) {
            assert_string_equal(a.host, row[i].host);
            assert_string_equal(a.port, row[i].port);
        }
    }
}

static void backoff_doubles_to_its_cap(void **state)
{
    (void)state;
    static const unsigned want_ms[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
    struct backoff b = {.spread = {42}};
    bool differs = false;
    for (size_t i = 0; i < sizeof want_ms / sizeof *want_ms; i++) {
        const uint64_t ms = backoff_next_ms(&b, 30000);
        assert_in_range(ms, want_ms[i] * 9 / 10, want_ms[i] * 11 / 10);
        differs |= ms != want_ms[i];
    }
    assert_true(differs);
    b.failures = 4000000000u;
    assert_in_range(backoff_next_ms(&b, 30000), 27000, 33000);
}

static void start_pair(struct pair *pair, struct probe *server, const char *server_spec,
                       bool server_reads, const char *client_keys)
{
    memset(pair, 0, sizeof *pair);
    pair->server = server;
    assert_int_equal(probe_start(server, server_spec, server_reads), ERR_OK);
    const uint16_t port = net_port(server->transport);
    assert_true(port > 0);
    char text[200];
    snprintf(text, sizeof text, "avr:connect=127.0.0.1:%u%s", port, client_keys);
    struct spec s;
    struct probe *c = &pair->client;
    assert_int_equal(spec_parse(&s, text, c->why, sizeof c->why), ERR_OK);
    assert_int_equal(net_open(&server->loop, &s, !server_reads, &probe_events, c, &c->counters,
                              &c->transport, c->why, sizeof c->why),
                     ERR_OK);
    assert_true(run_until(&server->loop, has_opened, server, 3000));
    assert_true(run_until(&server->loop, has_opened, c, 3000));
}

static void end_pair(struct pair *pair)
{
    net_close(pair->client.transport);
    net_close(pair->server->transport);
    pair->server->transport = NULL;
    uv_run(&pair->server->loop, UV_RUN_DEFAULT);
    assert_int_equal(pair->client.opened, pair->client.closed);
    buf_free(&pair->client.got);
}

static bool got_a_million(void *ctx)
{
    return ((struct probe *)ctx)->got.n >= 1000000;
}

static void bytes_pass_whole(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0", true, "");
    assert_non_null(strstr(net_state(pair.client.transport), "connected to 127.0.0.1:"));
    assert_non_null(strstr(net_state(pair.server->transport), "listening on 127.0.0.1:"));
    assert_non_null(strstr(net_state(pair.server->transport), ", 1 connected"));
    uint8_t *bytes = malloc(1000000);
    for (size_t i = 0; i < 1000000; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    }
    /* In pieces of every length. */
    for (size_t at = 0, n = 1; at < 1000000; at += n, n = n * 2 + 1) {
        n = n > 1000000 - at ? 1000000 - at : n;
        assert_true(net_write(pair.client.peer, bytes + at, n));
    }
    assert_true(run_until(&pair.server->loop, got_a_million, pair.server, 5000));
    assert_int_equal(pair.server->got.n, 1000000);
    assert_memory_equal(pair.server->got.p, bytes, 1000000);
    free(bytes);
    end_pair(&pair);
}

static int option(const struct net_peer *peer, int level, int name)
{
    const struct tcp_peer *p = peer->self;
    uv_os_fd_t fd;
    int value = -1;
    socklen_t size = sizeof value;
    assert_int_equal(uv_fileno((const uv_handle_t *)&p->handle, &fd), 0);
    assert_int_equal(getsockopt(fd, level, name, &value, &size), 0);
    return value;
}

/* A peer that vanishes without a word (no power, a cut cable) cannot be played on one machine; the
   system finds it for us where these are set. */
static void half_open_connections_are_found(void **state)
{
    static struct pair pair;
    start_pair(&pair, *state, "avr:listen=:0", true, "");
    const struct net_peer *const ends[] = {pair.server->peer, pair.client.peer};
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(option(ends[i], SOL_SOCKET, SO_KEEPALIVE), 1);
        assert_int_equal(option(ends[i], IPPROTO_TCP, TCP_KEEPIDLE), 60);
        assert_int_equal(option(ends[i], IPPROTO_TCP, TCP_KEEPINTVL), 10);
        assert_int_equal(option(ends[i], IPPROTO_TCP, TCP_KEEPCNT), 3);
        assert_int_equal(option(ends[i], IPPROTO_TCP, TCP_USER_TIMEOUT), 90000);
    }
    end_pair(&pair);
}

static void what_waits_still_leaves(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0", true, "");
    uint8_t *bytes = calloc(1, 1000000);
    net_pause(pair.server->transport, true);
    size_t sent = 0;
    while (net_waiting(pair.client.peer) == 0 && sent < 100000000) {
        assert_true(net_write(pair.client.peer, bytes, 1000000));
        sent += 1000000;
    }
    assert_true(net_waiting(pair.client.peer) > 0);
    net_close(pair.client.transport);
    assert_int_equal(pair.client.closed, 1);
    net_pause(pair.server->transport, false);
    assert_true(run_until(&pair.server->loop, has_closed, pair.server, 5000));
    assert_int_equal(pair.server->got.n, sent);
    free(bytes);
    end_pair(&pair);
}

static void port_in_use_is_told(void **state)
{
    struct probe *p = *state;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    char text[100], want[200];
    snprintf(text, sizeof text, "avr:listen=:%u", ntohs(at.sin_port));
    snprintf(want, sizeof want,
             "port %u on 127.0.0.1 is in use by another program: choose another in listen=, or "
             "stop it",
             ntohs(at.sin_port));
    assert_int_equal(probe_start(p, text, true), ERR_SYSTEM);
    assert_string_equal(p->why, want);
    close(fd);
}

static void not_our_address_is_told(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:listen=192.0.2.1:30004", true), ERR_SYSTEM);
    assert_non_null(strstr(p->why, "192.0.2.1 is not an address of this machine"));
}

static void bad_addresses_are_told(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:connect=:30005", true), ERR_SYNTAX);
    assert_int_equal(probe_start(p, "avr:connect=host", true), ERR_SYNTAX);
    assert_string_equal(p->why, "connect=host is not HOST:PORT: write, for example, "
                                "127.0.0.1:30005 or [::1]:30005");
    assert_int_equal(probe_start(p, "avr:connect=host:0", true), ERR_SYNTAX);
}

static void listens_on_ipv6(void **state)
{
    struct probe *p = *state;
    if (probe_start(p, "avr:listen=[::1]:0", true) != ERR_OK) {
        print_message("no IPv6 here: %s\n", p->why);
        skip();
    }
    assert_non_null(strstr(net_state(p->transport), "listening on [::1]:"));
}

static void connects_again(void **state)
{
    struct probe *p = *state;
    const uint16_t port = free_port();
    char text[100];
    snprintf(text, sizeof text, "avr:connect=127.0.0.1:%u", port);
    assert_int_equal(probe_start(p, text, true), ERR_OK);
    run_until(&p->loop, never, NULL, 200);
    assert_non_null(strstr(net_state(p->transport), "retrying 127.0.0.1:"));
    assert_non_null(strstr(net_state(p->transport), " in 1 s: connection refused"));
    struct probe server = {0};
    struct spec s;
    snprintf(text, sizeof text, "avr:listen=:%u", port);
    spec_parse(&s, text, server.why, sizeof server.why);
    assert_int_equal(net_open(&p->loop, &s, false, &probe_events, &server, &server.counters,
                              &server.transport, server.why, sizeof server.why),
                     ERR_OK);
    assert_true(run_until(&p->loop, has_opened, p, 4000));
    assert_true(p->counters.n[COUNT_RECONNECTS] >= 1);
    assert_int_equal(p->done, 0);
    /* The server goes away: the stream ends, the transport does not. */
    net_close(server.transport);
    assert_true(run_until(&p->loop, has_closed, p, 2000));
    assert_non_null(strstr(net_state(p->transport), "it closed the connection"));
    assert_int_equal(p->done, 0);
}

static void unknown_host_is_retried(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:connect=no-such-host.invalid:30005", true), ERR_OK);
    run_until(&p->loop, never, NULL, 500);
    assert_int_equal(p->opened, 0);
    assert_int_equal(p->done, 0);
    assert_non_null(strstr(net_state(p->transport), "no-such-host.invalid:30005"));
}

static bool getaddrinfo_knows(const char *name)
{
    struct addrinfo *found = NULL;
    const bool known = getaddrinfo(name, NULL, NULL, &found) == 0;
    if (found) {
        freeaddrinfo(found);
    }
    return known;
}

/* localhost is ::1 and 127.0.0.1: where the one refuses the other is tried, before any wait. */
static void every_address_of_a_name_is_tried(void **state)
{
    struct probe *p = *state;
    if (!getaddrinfo_knows("localhost")) {
        print_message("skipped: this system does not know the name localhost\n");
        skip();
    }
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    char text[100];
    snprintf(text, sizeof text, "avr:connect=localhost:%u", ntohs(at.sin_port));
    assert_int_equal(probe_start(p, text, true), ERR_OK);
    assert_true(run_until(&p->loop, has_opened, p, 2000));
    assert_int_equal(p->counters.n[COUNT_RECONNECTS], 0);
    close(fd);
}

static void stalled_feed_is_left_and_tried_again(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0", false, ",idle=1");
    assert_true(run_until(&pair.server->loop, has_closed, &pair.client, 3000));
    assert_int_equal(pair.client.counters.n[COUNT_INPUTS_STALLED], 1);
    assert_non_null(strstr(net_state(pair.client.transport), "it brought nothing for too long"));
    pair.client.opened = pair.client.closed = 0;
    assert_true(run_until(&pair.server->loop, has_opened, &pair.client, 3000));
    end_pair(&pair);
}

static void feed_that_brings_bytes_is_kept(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0", false, ",idle=1");
    for (unsigned i = 0; i < 8; i++) {
        net_write(pair.server->peer, "*0000;\n", 7);
        run_until(&pair.server->loop, never, NULL, 250);
    }
    assert_int_equal(pair.client.closed, 0);
    assert_int_equal(pair.client.got.n, 56);
    end_pair(&pair);
}

static void paused_feed_is_not_stalled(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0", false, ",idle=1");
    net_pause(pair.client.transport, true);
    run_until(&pair.server->loop, never, NULL, 2000);
    assert_int_equal(pair.client.closed, 0);
    end_pair(&pair);
}

/* One peer never reads, one does: the first loses whole writes and is closed, the second gets all.
 */
static void never_reading_peer_harms_nobody(void **state)
{
    static struct pair pair; /* outlives a test that fails */
    start_pair(&pair, *state, "avr:listen=:0,queue=65536,stall=1", false, "");
    struct probe *server = pair.server;
    struct net_peer *const reader = server->peer;
    const int fd = connect_raw(net_port(server->transport));
    server->opened = 0;
    assert_true(run_until(&server->loop, has_opened, server, 2000));
    struct net_peer *const lazy = server->peer;
    assert_ptr_not_equal(reader, lazy);
    static uint8_t block[10000];
    size_t taken = 0, dropped = 0, sent = 0;
    for (unsigned i = 0; i < 2000; i++) {
        if (net_write(lazy, block, sizeof block)) {
            taken += sizeof block;
        } else {
            dropped += sizeof block;
        }
        sent += net_write(reader, block, sizeof block) ? sizeof block : 0;
        uv_run(&server->loop, UV_RUN_NOWAIT);
    }
    assert_true(dropped > 0);
    assert_int_equal(taken + dropped, 2000 * sizeof block);
    assert_int_equal(server->counters.n[COUNT_SINK_DROPPED_BYTES], dropped);
    assert_true(net_waiting(lazy) <= 65536 + sizeof block);
    assert_true(run_until(&server->loop, has_closed, server, 3000));
    assert_int_equal(server->counters.n[COUNT_SINK_PEERS_CLOSED], 1);
    run_until(&server->loop, never, NULL, 100);
    assert_int_equal(sent, 2000 * sizeof block);
    assert_int_equal(pair.client.got.n, sent);
    assert_int_equal(pair.client.closed, 0);
    close(fd);
    server->opened = server->closed = 1;
    end_pair(&pair);
    server->opened = server->closed;
}

static void no_more_connections_than_said(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:listen=:0", true), ERR_OK);
    int fd[70];
    for (unsigned i = 0; i < 70; i++) {
        fd[i] = connect_raw(net_port(p->transport));
        uv_run(&p->loop, UV_RUN_NOWAIT);
    }
    assert_true(run_until(&p->loop, has_64, p, 2000));
    assert_int_equal(p->opened, 64);
    assert_int_equal(p->counters.n[COUNT_CONNECTIONS_IN], 64);
    assert_int_equal(p->counters.n[COUNT_CONNECTIONS_REFUSED], 6);
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(write(fd[i], "x", 1), 1);
    }
    run_until(&p->loop, never, NULL, 100);
    assert_int_equal(p->got.n, 64);
    /* One goes, one more may come. */
    close(fd[0]);
    assert_true(run_until(&p->loop, has_closed, p, 2000));
    fd[0] = connect_raw(net_port(p->transport));
    run_until(&p->loop, never, NULL, 100);
    assert_int_equal(p->opened, 65);
    for (unsigned i = 0; i < 70; i++) {
        close(fd[i]);
    }
}

/* The peer resets the connection with bytes under way both ways. */
static void reset_is_survived(void **state)
{
    struct probe *p = *state;
    assert_int_equal(probe_start(p, "avr:listen=:0", false), ERR_OK);
    const int fd = connect_raw(net_port(p->transport));
    assert_true(run_until(&p->loop, has_opened, p, 2000));
    static uint8_t block[1000000];
    assert_true(net_write(p->peer, block, sizeof block));
    const struct linger hard = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);
    assert_true(run_until(&p->loop, has_closed, p, 2000));
    assert_int_equal(p->done, 0);
}

static void closing_within(void *state, const uint8_t *bytes, size_t n)
{
    struct probe *p = state;
    buf_add(&p->got, bytes, n);
    net_close(p->transport);
    p->transport = NULL;
}

static bool got_some(void *ctx)
{
    return ((struct probe *)ctx)->got.n > 0;
}

static void may_be_closed_by_its_own_bytes(void **state)
{
    struct probe *p = *state;
    const struct net_events events = {probe_open, closing_within, probe_close, probe_done};
    struct spec s;
    spec_parse(&s, "avr:listen=:0", p->why, sizeof p->why);
    assert_int_equal(net_open(&p->loop, &s, true, &events, p, &p->counters, &p->transport, p->why,
                              sizeof p->why),
                     ERR_OK);
    const int fd = connect_raw(net_port(p->transport));
    assert_int_equal(write(fd, "x", 1), 1);
    assert_true(run_until(&p->loop, got_some, p, 2000));
    assert_int_equal(p->closed, 1);
    close(fd);
}

#define PROBED(test) cmocka_unit_test_setup_teardown(test, probe_setup, probe_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(backoff_doubles_to_its_cap),
        PROBED(bytes_pass_whole),
        PROBED(half_open_connections_are_found),
        PROBED(what_waits_still_leaves),
        PROBED(port_in_use_is_told),
        PROBED(not_our_address_is_told),
        PROBED(bad_addresses_are_told),
        PROBED(listens_on_ipv6),
        PROBED(connects_again),
        PROBED(unknown_host_is_retried),
        PROBED(every_address_of_a_name_is_tried),
        PROBED(stalled_feed_is_left_and_tried_again),
        PROBED(feed_that_brings_bytes_is_kept),
        PROBED(paused_feed_is_not_stalled),
        PROBED(never_reading_peer_harms_nobody),
        PROBED(no_more_connections_than_said),
        PROBED(reset_is_survived),
        PROBED(may_be_closed_by_its_own_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
