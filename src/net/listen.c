/* listen=[HOST]:PORT. Without a host only this machine can connect: what is open to others is so
   because somebody wrote it. */
#include "net/address.h"
#include "net/tcp.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BACKLOG = 128 };

struct listen {
    struct tcp_group group; /* first: tcp.c looks here */
    uv_tcp_t server;
};

static void show_state(struct net_transport *t)
{
    transport_state(t, "listening on %s, %zu connected", t->name, t->n_peers);
}

static void on_gone(struct tcp_peer *p, int status)
{
    (void)status;
    show_state(p->transport);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct listen *l = server->data;
    struct net_transport *t = l->group.transport;
    struct tcp_peer *p = status < 0 ? NULL : tcp_peer_new(&l->group);
    if (!p) {
        return;
    }
    struct sockaddr_storage address;
    int size = sizeof address;
    char name[NET_NAME_MAX];
    if (uv_accept(server, (uv_stream_t *)&p->handle) != 0 ||
        uv_tcp_getpeername(&p->handle, (struct sockaddr *)&address, &size) != 0) {
        tcp_peer_close(p);
        return;
    }
    if (t->n_peers >= t->option.peers_max) {
        count(t->counters, COUNT_CONNECTIONS_REFUSED);
        tcp_peer_close(p);
        return;
    }
    count(t->counters, COUNT_CONNECTIONS_IN);
    tcp_name((const struct sockaddr *)&address, name, sizeof name);
    p->gone = on_gone;
    tcp_peer_start(p, name);
    show_state(t);
}

static void explain(int status, const struct address *a, char *why, size_t why_size)
{
    switch (status) {
    case UV_EADDRINUSE:
        snprintf(why, why_size,
                 "port %s on %s is in use by another program: choose another in listen=, or stop "
                 "it",
                 a->port, a->host);
        break;
    case UV_EACCES:
        snprintf(why, why_size,
                 "port %s on %s is reserved: choose one of 1024 or above in listen=", a->port,
                 a->host);
        break;
    case UV_EADDRNOTAVAIL:
        snprintf(why, why_size,
                 "%s is not an address of this machine: give one that is in listen=, or 0.0.0.0 "
                 "for all",
                 a->host);
        break;
    default:
        snprintf(why, why_size, "cannot listen on port %s of %s (listen=): %s", a->port, a->host,
                 uv_strerror(status));
    }
}

static int bind_and_listen(struct listen *l, const struct address *a)
{
    uv_getaddrinfo_t req;
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    int r = uv_getaddrinfo(l->group.transport->loop, &req, NULL, a->host, a->port, &hints);
    if (r < 0) {
        return r;
    }
    r = uv_tcp_bind(&l->server, req.addrinfo->ai_addr, 0);
    uv_freeaddrinfo(req.addrinfo);
    /* A port in use is often told only here. */
    return r ? r : uv_listen((uv_stream_t *)&l->server, BACKLOG, on_connection);
}

static void on_server_closed(uv_handle_t *h)
{
    struct listen *l = h->data;
    transport_drop(l->group.transport);
}

static void listen_close(struct net_transport *t)
{
    struct listen *l = t->self;
    uv_close((uv_handle_t *)&l->server, on_server_closed);
    tcp_group_close(&l->group);
}

static enum err listen_open(struct net_transport *t, const struct spec *s, char *why,
                            size_t why_size)
{
    struct address address;
    const char *text = spec_get(s, "listen", "");
    const enum err e = address_parse(text, "listen", &address, why, why_size);
    if (e) {
        return e;
    }
    if (address.host[0] == '\0') {
        memcpy(address.host, "127.0.0.1", sizeof "127.0.0.1");
    }
    struct listen *l = calloc(1, sizeof *l);
    if (!l) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    t->self = l;
    tcp_group_open(&l->group, t);
    uv_tcp_init(t->loop, &l->server);
    l->server.data = l;
    transport_hold(t);
    const int r = bind_and_listen(l, &address);
    if (r < 0) {
        explain(r, &address, why, why_size);
        t->closed = true;
        listen_close(t);
        return ERR_SYSTEM;
    }
    struct sockaddr_storage bound;
    int size = sizeof bound;
    uv_tcp_getsockname(&l->server, (struct sockaddr *)&bound, &size);
    tcp_name((const struct sockaddr *)&bound, t->name, sizeof t->name);
    show_state(t);
    return ERR_OK;
}

static void listen_release(struct net_transport *t)
{
    free(t->self);
}

uint16_t net_port(const struct net_transport *t)
{
    struct sockaddr_storage bound;
    int size = sizeof bound;
    if (t->kind != &net_listen || t->closed) {
        return 0;
    }
    const struct listen *l = t->self;
    if (uv_tcp_getsockname(&l->server, (struct sockaddr *)&bound, &size) != 0) {
        return 0;
    }
    /* The port stands at the same place in both (RFC 3493 3.3). */
    return ntohs(((const struct sockaddr_in *)&bound)->sin_port);
}

const struct net_kind net_listen = {.open = listen_open,
                                    .pause = tcp_pause,
                                    .close = listen_close,
                                    .release = listen_release,
                                    .write = tcp_write,
                                    .waiting = tcp_waiting};
