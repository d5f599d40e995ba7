/* connect=HOST:PORT.

     resolve ──on_resolved──> attempt ──on_connect──> open ──on_gone──┐
        ^                        │ next address, or none left         │
        └──on_timer── waiting <──┴─────────── retry ──────────────────┘

   Every address the name has is tried before the wait. The wait starts at 1 s again only after a
   connection that was worth something: an input's brought bytes, an output's lasted. */
#include "net/address.h"
#include "net/backoff.h"
#include "net/tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, RETRY_MS_MAX = 30000, WORTH_MS = 10000 };

struct connect {
    struct tcp_group group; /* first: tcp.c looks here */
    struct address address;
    uv_timer_t timer; /* waits for the next try, or for an answer to this one */
    uv_getaddrinfo_t resolve;
    struct addrinfo *found, *next;
    bool is_resolving, timed_out;
    struct tcp_peer *peer;
    uint64_t opened_ms;
    struct backoff backoff;
};

static void resolve(struct connect *c);
static void attempt(struct connect *c, int status);

static void on_timer_retry(uv_timer_t *timer)
{
    struct connect *c = timer->data;
    count(c->group.transport->counters, COUNT_RECONNECTS);
    resolve(c);
}

static void retry(struct connect *c, const char *reason)
{
    struct net_transport *t = c->group.transport;
    const uint64_t ms = backoff_next_ms(&c->backoff, RETRY_MS_MAX);
    transport_state(t, "retrying %.100s in %llu s: %s", t->name,
                    (unsigned long long)((ms + 500) / 1000), reason);
    uv_timer_start(&c->timer, on_timer_retry, ms, 0);
}

static void on_gone(struct tcp_peer *p, int status)
{
    struct connect *c = p->transport->self;
    const bool is_input = p->transport->is_input;
    const uint64_t lasted_ms = uv_now(p->transport->loop) - c->opened_ms;
    c->peer = NULL;
    if (is_input ? p->has_read : lasted_ms >= WORTH_MS) {
        c->backoff.failures = 0;
    }
    const char *reason = status == UV_EOF         ? "it closed the connection"
                         : status != UV_ETIMEDOUT ? uv_strerror(status)
                         : is_input               ? "it brought nothing for too long"
                                                  : "it took nothing for too long";
    retry(c, reason);
}

static void on_connect(uv_connect_t *req, int status)
{
    struct tcp_peer *p = req->data;
    struct net_transport *t = p->transport;
    struct connect *c = t->self;
    if (t->closed) {
        return;
    }
    uv_timer_stop(&c->timer);
    if (status < 0) {
        tcp_peer_close(p);
        c->peer = NULL;
        attempt(c, c->timed_out ? UV_ETIMEDOUT : status);
        return;
    }
    uv_freeaddrinfo(c->found);
    c->found = c->next = NULL;
    c->opened_ms = uv_now(t->loop);
    p->gone = on_gone;
    transport_state(t, "connected to %s", t->name);
    tcp_peer_start(p, t->name);
}

static void on_timer_connect(uv_timer_t *timer)
{
    struct connect *c = timer->data;
    c->timed_out = true;
    tcp_peer_close(c->peer); /* on_connect is told that it was canceled */
}

/* Tries the next address; status is why the one before failed. */
static void attempt(struct connect *c, int status)
{
    while (c->next) {
        const struct sockaddr *to = c->next->ai_addr;
        c->next = c->next->ai_next;
        c->peer = tcp_peer_new(&c->group);
        if (!c->peer) {
            status = UV_ENOMEM;
            break;
        }
        c->timed_out = false;
        status = uv_tcp_connect(&c->peer->connect, &c->peer->handle, to, on_connect);
        if (status == 0) {
            uv_timer_start(&c->timer, on_timer_connect, CONNECT_MS, 0);
            return;
        }
        tcp_peer_close(c->peer);
        c->peer = NULL;
    }
    uv_freeaddrinfo(c->found);
    c->found = c->next = NULL;
    retry(c, status == UV_ETIMEDOUT ? "no answer" : uv_strerror(status));
}

static void on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
    struct connect *c = req->data;
    struct net_transport *t = c->group.transport;
    c->is_resolving = false;
    if (t->closed) {
        uv_freeaddrinfo(found);
    } else if (status < 0) {
        retry(c, uv_strerror(status));
    } else {
        c->found = c->next = found;
        attempt(c, UV_EAI_NODATA);
    }
    transport_drop(t);
}

static void resolve(struct connect *c)
{
    struct net_transport *t = c->group.transport;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    transport_state(t, "connecting to %s", t->name);
    c->resolve.data = c;
    const int r =
        uv_getaddrinfo(t->loop, &c->resolve, on_resolved, c->address.host, c->address.port, &hints);
    if (r < 0) {
        retry(c, uv_strerror(r));
        return;
    }
    c->is_resolving = true;
    transport_hold(t);
}

static void on_timer_start(uv_timer_t *timer)
{
    resolve(timer->data);
}

static enum err connect_open(struct net_transport *t, const struct spec *s, char *why,
                             size_t why_size)
{
    struct address address;
    const char *text = spec_get(s, "connect", "");
    enum err e = address_parse(text, "connect", &address, why, why_size);
    if (!e && (address.host[0] == '\0' || strtoul(address.port, NULL, 10) == 0)) {
        snprintf(why, why_size, "connect=%s: give both a host and a port from 1 to 65535", text);
        e = ERR_SYNTAX;
    }
    if (e) {
        return e;
    }
    struct connect *c = calloc(1, sizeof *c);
    if (!c) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    t->self = c;
    c->address = address;
    c->backoff.spread.state = uv_hrtime();
    snprintf(t->name, sizeof t->name, "%s", text);
    tcp_group_open(&c->group, t);
    uv_timer_init(t->loop, &c->timer);
    c->timer.data = c;
    transport_hold(t);
    transport_state(t, "connecting to %s", t->name);
    uv_timer_start(&c->timer, on_timer_start, 0, 0);
    return ERR_OK;
}

static void on_timer_closed(uv_handle_t *h)
{
    struct connect *c = h->data;
    transport_drop(c->group.transport);
}

static void connect_close(struct net_transport *t)
{
    struct connect *c = t->self;
    if (c->is_resolving) {
        uv_cancel((uv_req_t *)&c->resolve);
    }
    tcp_group_close(&c->group);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}

static void connect_release(struct net_transport *t)
{
    struct connect *c = t->self;
    if (c) {
        uv_freeaddrinfo(c->found);
        free(c);
    }
}

const struct net_kind net_connect = {.open = connect_open,
                                     .pause = tcp_pause,
                                     .close = connect_close,
                                     .release = connect_release,
                                     .write = tcp_write,
                                     .waiting = tcp_waiting};
