/* What the files of net/ share. Nobody outside includes this.

   A transport lives as long as anything of it is under way on the loop. Every handle, request and
   peer holds a reference (transport_hold, transport_drop); net_close marks it closed, after which
   no event is called any more, and the memory goes with the last reference. */
#ifndef MASAR_NET_INTERNAL_H
#define MASAR_NET_INTERNAL_H

#include "net/net.h"

/* A stream hands on less at a time than a file: others wait meanwhile, and 3,000 frames are a
   millisecond's work where there are many aircraft. */
enum {
    NET_READ_BYTES = 128 * 1024,
    NET_STREAM_BYTES = 64 * 1024,
    NET_NAME_MAX = 128,
    NET_STATE_MAX = 200
};

struct net_kind {
    enum err (*open)(struct net_transport *t, const struct spec *s, char *why, size_t why_size);
    void (*pause)(struct net_transport *t, bool paused);
    void (*close)(struct net_transport *t);
    void (*release)(struct net_transport *t); /* frees self, when nothing is under way */
    bool (*write)(struct net_peer *p, const uint8_t *bytes, size_t n);
    size_t (*waiting)(const struct net_peer *p);
    enum err (*finish)(struct net_transport *t); /* NULL: there is nothing to finish */
};

extern const struct net_kind net_file_in, net_file_out, net_stream_in, net_connect, net_listen;

struct net_options {
    uint64_t queue_bytes;
    uint64_t idle_ms;  /* an input that brings nothing for so long is closed; 0 never */
    uint64_t stall_ms; /* a peer that takes nothing for so long is closed; 0 never */
    unsigned peers_max;
};

struct net_transport {
    const struct net_kind *kind;
    uv_loop_t *loop;
    struct net_events events;
    void *ctx;
    struct counters *counters;
    struct net_options option;
    bool is_input, paused, closed, done;
    unsigned references;
    void *self;           /* the kind's own */
    uint8_t *read_buffer; /* NET_READ_BYTES: one for all peers, since a read is handed on at once */
    size_t n_peers;
    struct net_peer *peers; /* list */
    char name[NET_NAME_MAX];
    char state[NET_STATE_MAX];
};

struct net_peer {
    struct net_transport *transport;
    struct net_peer *next, **link;
    void *state; /* the callee's */
    bool is_open;
    void *self; /* the kind's own */
    char name[NET_NAME_MAX];
};

void transport_hold(struct net_transport *t);
void transport_drop(struct net_transport *t);
void transport_state(struct net_transport *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells events.done, once. */
void transport_done(struct net_transport *t, enum err e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Links p in, holds the transport and tells events.open. */
void peer_open(struct net_peer *p, struct net_transport *t, void *self, const char *name);
void peer_bytes(struct net_peer *p, const uint8_t *bytes, size_t n);
/* Tells events.close, once, and unlinks; the kind drops the reference when p's memory goes. */
void peer_close(struct net_peer *p);

#endif
