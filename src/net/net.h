/* Transports on one libuv loop: files and standard streams (decompressed as they are read), TCP
   connect with reconnect and back-off, TCP listen. A transport moves bytes; what they mean is
   wire/'s. */
#ifndef MASAR_NET_NET_H
#define MASAR_NET_NET_H

#include "base/err.h"
#include "base/spec.h"
#include "model/counter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* Keys every transport takes, NULL-ended: connect listen file (one of them), and what goes with it.
 */
extern const char *const net_keys[];

struct net_peer; /* one open stream: the file, the connection, one of the connections taken */

struct net_events {
    void *(*open)(void *ctx,
                  struct net_peer *peer); /* a stream is there; returns the peer's own state */
    void (*bytes)(void *state, const uint8_t *p, size_t n); /* read from it */
    void (*close)(void *state); /* it ended; state is the callee's to free */
    void (*done)(void *ctx, enum err e,
                 const char *why); /* no stream will come any more (end of file, or it
                                      could not be opened: why is a sentence) */
};

struct net_transport;

/* Opens what s names for reading (is_input) or writing. The file or port itself is opened before
   this returns, so that a missing file or a port in use is an error here, told in why in a sentence
   that names it; connections follow. */
enum err net_open(uv_loop_t *loop, const struct spec *s, bool is_input,
                  const struct net_events *events, void *ctx, struct counters *counters,
                  struct net_transport **out, char *why, size_t why_size);

/* Stops reading (slow consumer) and goes on. */
void net_pause(struct net_transport *t, bool paused);

/* Queues bytes to a peer, copying them. A peer that does not read loses whole writes once
   queue_bytes (key queue=, default 4 MiB) wait for it, counted; after 60 s without any progress it
   is closed. False: dropped. A file is written at once. */
bool net_write(struct net_peer *p, const void *bytes, size_t n);

const char *
net_peer_name(const struct net_peer *p); /* "127.0.0.1:53124", "x.bin.gz", "standard input" */

/* Closes everything; the memory goes once the loop has run its close callbacks. */
void net_close(struct net_transport *t);

#endif
