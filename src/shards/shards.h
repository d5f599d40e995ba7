/* The tracker on several threads: aircraft are shared out by address, every thread has a tracker of
   its own and reads only the frames of its aircraft out of a batch that all see. No lock, nothing
   shared but the batch; between two batches the threads rest and everything may be read. Frames of
   one aircraft stay in their order. */
#ifndef MASAR_SHARDS_SHARDS_H
#define MASAR_SHARDS_SHARDS_H

#include "model/frame.h"
#include "modes/decode.h"
#include "track/track.h"

#include <stddef.h>

enum { SHARDS_MAX = 64 };

struct shards;

struct shards_options {
    unsigned n; /* threads, 1 .. SHARDS_MAX; the caller's is the first of them */
    struct modes_options modes;
    struct tracker_options
        track; /* aircraft_max and counters are for all shards together; counters are added up */
};

/* NULL: out of memory, or no threads to be had. */
struct shards *shards_new(const struct shards_options *o);
void shards_free(struct shards *s);

/* Decodes and tracks a batch and returns when all of it is done. messages and outcomes, of n rows
   each, are filled in where they are not NULL (both or none): what pipeline's sinks need, in the
   order of the batch. A frame whose address bits are wrong goes to the wrong aircraft's thread,
   which does not know it: it is not repaired then, and a reply with the same wrong bit again and
   again is not told to be its neighbor's (admit.c). Of echoes of other receivers' frames each
   thread remembers as many as one tracker does. */
void shards_push(struct shards *s, const struct frame *frames, size_t n, struct message *messages,
                 struct outcome *outcomes);

void shards_expire(struct shards *s, int64_t now_us);

unsigned shards_count(const struct shards *s);
const struct tracker *shards_tracker(const struct shards *s,
                                     unsigned i); /* to read, between two batches */

#endif
