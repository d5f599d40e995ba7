/* Questions to history, answered beside the loop by a few threads, each with its own handle of the
   store. A question gets a slice of time, then others have theirs; its answer waits in memory until
   the client takes it, and no more is made while much of it waits: a slow client costs memory for a
   quarter of a megabyte and no thread. All functions are the loop's; what the threads do is inside.
 */
#ifndef MASAR_SERVE_READERS_H
#define MASAR_SERVE_READERS_H

#include "base/buf.h"
#include "history/inquiry.h"

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum {
    READERS = 2,
    READERS_ASKS_MAX = 64, /* at once, in all */
    READERS_PEER_MAX = 4,  /* from one address; a proxy stands behind loopback: */
    READERS_LOOPBACK_MAX = 32,
    READERS_SLICE_MS = 20,
    READERS_READY_BYTES = 256 << 10
};

struct readers;
struct ask;

/* ready is called on the loop when an answer has grown or ended. NULL: out of memory. */
struct readers *readers_open(uv_loop_t *loop, const char *dir, void (*ready)(void *ctx), void *ctx);

/* Waits for the slices under way. What is still asked is freed with its ask_drop, which may come
   later. NULL is fine. */
void readers_close(struct readers *r);

/* Asks; takes q, which is then empty. gzip: the answer is to be packed. NULL: too many questions
   are open (of this peer: is_peer), or out of memory. */
struct ask *ask_new(struct readers *r, struct question *q, const char *peer, bool gzip,
                    bool *is_peer);

/* No more is wanted. */
void ask_drop(struct ask *a);

struct ask_state {
    bool done;        /* nothing more comes than what is ready */
    bool failed;      /* why is its sentence */
    size_t ready;     /* bytes to be taken */
    uint64_t found;   /* so far */
    const char *why;  /* lives as long as the ask */
    const char *type; /* media type */
    bool gzip;
};
struct ask_state ask_state(struct ask *a);

/* Moves at most max bytes of the answer to out. */
size_t ask_take(struct ask *a, uint8_t *out, size_t max);

#endif
