/* History as it is played: one stretch of time after another, of every aircraft. Asking store_find
   for each would decode a chunk, from its beginning, for every stretch it reaches into; with a
   shelf (shelf.h) it is decoded once. What has no place there is decoded again. One thread at a
   time. */
#ifndef MASAR_STORE_REEL_H
#define MASAR_STORE_REEL_H

#include "store/shelf.h"
#include "store/store.h"

#include <stdatomic.h>

struct reel;

/* The shelf is borrowed. NULL: out of memory. */
struct reel *reel_new(struct shelf *shelf);
void reel_free(struct reel *r); /* NULL is fine */

struct reel_ask {
    int64_t from_ms, to_ms; /* from <= t < to */
    bool keeps; /* chunks are decoded whole and put on the shelf; else as far as is needed now */
    atomic_bool *stop; /* ends it early; NULL: never */
};

/* Tells every point there is then, in the order of store_find. out false ends it. whole, if not
   NULL: that it was not stopped. Errors as store_find. */
enum err reel_read(struct reel *r, struct store *s, const struct reel_ask *ask, store_point_fn *out,
                   void *ctx, bool *whole);

/* Points decoded since reel_new. */
uint64_t reel_decoded(const struct reel *r);

#endif
