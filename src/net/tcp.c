#include "net/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LINGER_MS = 5000, WATCH_MS_MAX = 5000, WATCH_MS_MIN = 100 };

struct write {
    uv_write_t req;
    uint8_t bytes[];
};

/* Keepalive finds a peer that has vanished without a word after about a minute and a half; the
   user time-out does the same for one to whom bytes are on their way (RFC 5482). */
static void set_options(uv_tcp_t *handle)
{
    uv_os_fd_t fd;
    uv_tcp_nodelay(handle, 1);
    uv_tcp_keepalive(handle, 1, 60);
    if (uv_fileno((uv_handle_t *)handle, &fd) == 0) {
        const int interval_s = 10, tries = 3;
        const unsigned user_ms = 90000;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof tries);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_ms, sizeof user_ms);
    }
}

void tcp_name(const struct sockaddr *address, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "?";
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
        uv_ip6_name(six, host, sizeof host);
        snprintf(out, size, "[%s]:%u", host, ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)address;
        uv_ip4_name(four, host, sizeof host);
        snprintf(out, size, "%s:%u", host, ntohs(four->sin_port));
    }
}

static void on_closed(uv_handle_t *h)
{
    struct tcp_peer *p = h->data;
    struct net_transport *t = p->transport;
    *p->link = p->next;
    if (p->next) {
        p->next->link = p->link;
    }
    free(p);
    transport_drop(t);
}

/* Closes the handle now, whatever waits. */
static void drop_handle(struct tcp_peer *p)
{
    if (!p->is_closing) {
        p->is_closing = true;
        uv_close((uv_handle_t *)&p->handle, on_closed);
    }
}

void tcp_peer_close(struct tcp_peer *p)
{
    peer_close(&p->peer);
    drop_handle(p);
}

/* A peer that was open ends by itself: the kind is told, which may connect again. */
static void lose(struct tcp_peer *p, int status)
{
    const bool was_open = p->peer.is_open;
    tcp_peer_close(p);
    if (was_open && p->gone && !p->transport->closed) {
        p->gone(p, status);
    }
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
    (void)status;
    drop_handle(req->data);
}

/* Closes once what waits has left; watch_peers ends the wait. */
static void linger(struct tcp_peer *p)
{
    peer_close(&p->peer);
    uv_read_stop((uv_stream_t *)&p->handle);
    if (p->is_closing || p->linger_until_ms) {
        return;
    }
    p->shutdown.data = p;
    if (uv_stream_get_write_queue_size((uv_stream_t *)&p->handle) == 0 ||
        uv_shutdown(&p->shutdown, (uv_stream_t *)&p->handle, on_shutdown) != 0) {
        drop_handle(p);
        return;
    }
    p->linger_until_ms = uv_now(p->transport->loop) + LINGER_MS;
}

static void watch_peer(struct tcp_peer *p, uint64_t now_ms)
{
    struct net_transport *t = p->transport;
    const uint64_t waiting = uv_stream_get_write_queue_size((uv_stream_t *)&p->handle);
    if (p->linger_until_ms && now_ms >= p->linger_until_ms) {
        drop_handle(p);
        return;
    }
    if (!p->peer.is_open) {
        return;
    }
    if (waiting == 0 || p->queued - waiting != p->left) {
        p->left = p->queued - waiting;
        p->left_ms = now_ms;
    } else if (t->option.stall_ms && now_ms - p->left_ms >= t->option.stall_ms) {
        count(t->counters, COUNT_SINK_PEERS_CLOSED);
        lose(p, UV_ETIMEDOUT);
        return;
    }
    if (t->paused) {
        p->read_ms = now_ms;
    } else if (t->option.idle_ms && now_ms - p->read_ms >= t->option.idle_ms) {
        count(t->counters, COUNT_INPUTS_STALLED);
        lose(p, UV_ETIMEDOUT);
    }
}

static void on_group_closed(uv_handle_t *h)
{
    struct tcp_group *g = h->data;
    transport_drop(g->transport);
}

static void on_watch(uv_timer_t *timer)
{
    struct tcp_group *g = timer->data;
    const uint64_t now_ms = uv_now(g->transport->loop);
    /* Losing one may bring a new one, at the list's head, never at the tail. */
    for (struct tcp_peer *p = g->all, *next; p; p = next) {
        next = p->next;
        watch_peer(p, now_ms);
    }
    if (g->transport->closed && !g->all && !uv_is_closing((uv_handle_t *)timer)) {
        uv_close((uv_handle_t *)timer, on_group_closed);
    }
}

void tcp_group_open(struct tcp_group *g, struct net_transport *t)
{
    const uint64_t idle = t->option.idle_ms ? t->option.idle_ms : UINT64_MAX;
    const uint64_t stall = t->option.stall_ms ? t->option.stall_ms : UINT64_MAX;
    uint64_t every = (idle < stall ? idle : stall) / 4;
    every = every > WATCH_MS_MAX ? WATCH_MS_MAX : every;
    every = every < WATCH_MS_MIN ? WATCH_MS_MIN : every;
    g->transport = t;
    uv_timer_init(t->loop, &g->watch);
    g->watch.data = g;
    uv_timer_start(&g->watch, on_watch, every, every);
    uv_unref((uv_handle_t *)&g->watch); /* what it watches keeps the loop running */
    transport_hold(t);
}

void tcp_group_close(struct tcp_group *g)
{
    for (struct tcp_peer *p = g->all; p; p = p->next) {
        if (p->peer.is_open) {
            linger(p);
        } else {
            drop_handle(p);
        }
    }
    /* Looked after until the last has gone, then closed by on_watch itself. */
    uv_ref((uv_handle_t *)&g->watch);
    uv_timer_start(&g->watch, on_watch, 0, WATCH_MS_MIN);
}

struct tcp_peer *tcp_peer_new(struct tcp_group *g)
{
    struct tcp_peer *p = calloc(1, sizeof *p);
    if (!p || uv_tcp_init(g->transport->loop, &p->handle) != 0) {
        free(p);
        return NULL;
    }
    p->transport = g->transport;
    p->handle.data = p;
    p->connect.data = p;
    p->next = g->all;
    p->link = &g->all;
    if (p->next) {
        p->next->link = &p->next;
    }
    g->all = p;
    transport_hold(g->transport);
    return p;
}

/* The library reads on, up to 32 times, as long as a read fills the buffer; a peer with a backlog
   would stop the loop for long. No buffer ends its turn. */
static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct tcp_peer *p = h->data;
    *buf = uv_buf_init((char *)p->transport->read_buffer, p->had_all ? 0 : NET_STREAM_BYTES);
    p->had_all = false;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct tcp_peer *p = stream->data;
    if (n < 0 && n != UV_ENOBUFS) {
        lose(p, (int)n);
    } else if (n > 0) {
        p->had_all = n == NET_STREAM_BYTES;
        p->read_ms = uv_now(p->transport->loop);
        p->has_read = true;
        peer_bytes(&p->peer, (const uint8_t *)buf->base, (size_t)n);
    }
}

void tcp_peer_start(struct tcp_peer *p, const char *name)
{
    set_options(&p->handle);
    p->read_ms = p->left_ms = uv_now(p->transport->loop);
    peer_open(&p->peer, p->transport, p, name);
    if (!p->transport->paused && !p->is_closing) {
        uv_read_start((uv_stream_t *)&p->handle, on_alloc, on_read);
    }
}

void tcp_pause(struct net_transport *t, bool paused)
{
    struct tcp_group *g = t->self;
    for (struct tcp_peer *p = g->all; p; p = p->next) {
        if (!p->peer.is_open) {
            continue;
        }
        if (paused) {
            uv_read_stop((uv_stream_t *)&p->handle);
        } else {
            p->read_ms = uv_now(t->loop);
            uv_read_start((uv_stream_t *)&p->handle, on_alloc, on_read);
        }
    }
}

static void on_written(uv_write_t *req, int status)
{
    struct tcp_peer *p = req->data;
    free(req);
    if (status < 0 && status != UV_ECANCELED) {
        lose(p, status);
    }
}

bool tcp_write(struct net_peer *peer, const uint8_t *bytes, size_t n)
{
    struct tcp_peer *p = peer->self;
    uv_stream_t *stream = (uv_stream_t *)&p->handle;
    const size_t waiting = uv_stream_get_write_queue_size(stream);
    size_t sent = 0;
    if (waiting == 0) {
        const uv_buf_t whole = uv_buf_init((char *)bytes, (unsigned)n);
        const int r = uv_try_write(stream, &whole, 1);
        sent = r > 0 ? (size_t)r : 0; /* an error comes again, and to the loop, with uv_write */
    } else if (waiting + n > p->transport->option.queue_bytes) {
        return false;
    }
    p->queued += sent;
    if (sent == n) {
        return true;
    }
    const size_t rest = n - sent;
    struct write *w = malloc(sizeof *w + rest);
    if (!w) {
        return false;
    }
    memcpy(w->bytes, bytes + sent, rest);
    w->req.data = p;
    const uv_buf_t part = uv_buf_init((char *)w->bytes, (unsigned)rest);
    if (uv_write(&w->req, stream, &part, 1, on_written) != 0) {
        free(w);
        return false;
    }
    p->queued += rest;
    return true;
}

size_t tcp_waiting(const struct net_peer *peer)
{
    const struct tcp_peer *p = peer->self;
    return uv_stream_get_write_queue_size((const uv_stream_t *)&p->handle);
}
