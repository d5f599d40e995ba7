/* Points made ready for the store: encoded chunks, and what the index says of each. The costly part
   of writing, without the disk, so that it may be done on any thread. Pure. */
#ifndef MASAR_STORE_RUN_H
#define MASAR_STORE_RUN_H

#include "base/buf.h"
#include "store/chunk.h"
#include "store/part.h"
#include "store/store.h"

struct run_flight { /* points in a row under one call sign */
    char callsign[8];
    int64_t first_ms, last_ms;
};

struct run_chunk {
    size_t at; /* in store_run.bytes */
    struct chunk_head head;
    size_t flight, flights; /* which of store_run.flight */
    size_t part_bytes;
    uint8_t part[PART_BYTES_MAX];
};

struct store_run {
    struct chunk_codec *codec;
    uint32_t chunk_points;
    struct buf bytes;
    struct run_chunk *chunk;
    struct run_flight *flight;
    size_t chunks, chunks_max, flights, flights_max;
};

/* As store_run_add, from points that are known to fit; chunk_points is the run's. */
enum err run_add(struct store_run *r, const struct kept *p, size_t n);

/* Adds a chunk of another run. ERR_MEMORY: then nothing is added. */
enum err run_copy(struct store_run *r, const struct store_run *from, const struct run_chunk *c);

/* Says what the index shall say of a chunk: of these points, with this head, its bytes at `at`. */
enum err run_describe(struct store_run *r, size_t at, const struct chunk_head *h,
                      const struct kept *p, size_t n);

#endif
