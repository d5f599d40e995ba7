/* Transports on one libuv loop: files and standard streams (decompressed as they are read), TCP
   connect with reconnect and back-off, TCP listen. A transport moves bytes; what they mean is
   wire/'s. One thread: the loop's. */
#ifndef MASAR_NET_NET_H
#define MASAR_NET_NET_H

#include "base/err.h"
#include "base/spec.h"
#include "model/counter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* Keys every transport takes, NULL-ended. One of
     file=PATH          `-` is standard input or output; .gz and .zst are read and written as such,
                        a compressed input is also known by its first bytes
     connect=HOST:PORT  IPv6 in brackets; tried again after 1, 2, 4 … 30 s
     listen=[HOST]:PORT without a host on 127.0.0.1 only; 0.0.0.0 or [::] for every interface
   and with the two TCP ones
     queue=BYTES        that may wait for a peer; default 4 MiB
     idle=SECONDS       without a byte from a peer of an input before it is closed (and connected
                        to again); default 120, 0 never
     stall=SECONDS      without a byte taken by a peer of an output before it is closed; default
                        60, 0 never
     peers=N            connections a listener takes at a time; default 64 */
extern const char *const net_keys[];

struct net_peer; /* one open stream: the file, the connection, one of the connections taken */

struct net_events {
    void *(*open)(void *ctx,
                  struct net_peer *peer); /* a stream is there; returns the peer's own state */
    void (*bytes)(void *state, const uint8_t *p, size_t n); /* read from it; NULL: not wanted */
    void (*close)(void *state); /* it ended; state is the callee's to free */
    void (*done)(void *ctx, enum err e,
                 const char *why); /* no stream will come any more (end of file, or it
                                      could not be opened: why is a sentence) */
};

struct net_transport;

/* Opens what s names for reading (is_input) or writing. The file or port itself is opened before
   this returns, so that a missing file or a port in use is an error here, told in why in a sentence
   that names it; connections follow. A file to write is open when this returns (events.open has
   been called); everything else comes from the loop. SIGPIPE is ignored from here on. */
enum err net_open(uv_loop_t *loop, const struct spec *s, bool is_input,
                  const struct net_events *events, void *ctx, struct counters *counters,
                  struct net_transport **out, char *why, size_t why_size);

/* Stops reading (slow consumer) and goes on. Of a file no byte comes while paused; of a socket, one
   read may still. */
void net_pause(struct net_transport *t, bool paused);

/* Queues bytes to a peer, copying what the socket does not take at once. A peer that does not read
   loses whole writes once queue_bytes (key queue=, default 4 MiB) wait for it, counted; after 60 s
   without any progress it is closed. False: dropped. A file is written at once, and a pipe on
   standard output blocks until its reader has taken it. A peer may be closed only from the loop,
   never within this call. */
bool net_write(struct net_peer *p, const void *bytes, size_t n);

/* Bytes waiting for this peer: a producer that can wait (a simulation at full speed) looks here. */
size_t net_waiting(const struct net_peer *p);

const char *
net_peer_name(const struct net_peer *p); /* "127.0.0.1:53124", "x.bin.gz", "standard input" */

/* One line for people: "connected to h:30005", "retrying h:30005 in 8 s: connection refused". */
const char *net_state(const struct net_transport *t);

/* Writes what an output file still lacks to be whole (the end of its compressed form); only
   net_close may follow. ERR_SYSTEM where that or a write before it failed: net_state says why.
   Others: ERR_OK. */
enum err net_finish(struct net_transport *t);

/* The TCP port a listener has (for listen=:0, the one it was given); 0 where it is none. */
uint16_t net_port(const struct net_transport *t);

/* Closes everything: each open peer's close is called within this, done is not. What waits for a
   TCP peer still leaves, for at most 5 s. The memory goes once the loop has run. */
void net_close(struct net_transport *t);

#endif
