/* One TCP stream of a transport: reading, the bounded queue of writes, time-outs, closing. Shared
   by connect.c and listen.c. */
#ifndef MASAR_NET_TCP_H
#define MASAR_NET_TCP_H

#include "net/internal.h"

struct tcp_peer {
    struct net_transport *transport;
    struct tcp_peer *next, **link; /* all of a transport's that still have a handle */
    struct net_peer peer;
    uv_tcp_t handle;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    uint64_t queued; /* bytes ever queued: with what waits it tells what has left */
    uint64_t left;   /* as of the last look */
    uint64_t read_ms, left_ms;
    uint64_t linger_until_ms; /* closing, once what waits has left or it is too late; 0: is not */
    bool is_closing, has_read;
    bool had_all;                                 /* the last read filled the buffer */
    void (*gone)(struct tcp_peer *p, int status); /* a peer that was open closed by itself */
};

/* What both kinds have first in their self. */
struct tcp_group {
    struct net_transport *transport;
    struct tcp_peer *all;
    uv_timer_t watch; /* looks for peers that bring or take nothing */
};

/* The group's handle; holds the transport. */
void tcp_group_open(struct tcp_group *g, struct net_transport *t);
/* Closes the peers (what waits still leaves, for at most 5 s), then itself. */
void tcp_group_close(struct tcp_group *g);

/* A peer with its handle ready to connect or accept; holds the transport. NULL: out of memory. */
struct tcp_peer *tcp_peer_new(struct tcp_group *g);
/* It is connected: tells events.open, begins to read. */
void tcp_peer_start(struct tcp_peer *p, const char *name);
/* Ends it without a word to gone. */
void tcp_peer_close(struct tcp_peer *p);

void tcp_pause(struct net_transport *t, bool paused);
bool tcp_write(struct net_peer *peer, const uint8_t *bytes, size_t n);
size_t tcp_waiting(const struct net_peer *peer);

/* "127.0.0.1:53124", "[::1]:53124" */
void tcp_name(const struct sockaddr *address, char *out, size_t size);

#endif
