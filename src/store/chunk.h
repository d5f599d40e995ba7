/* A chunk: up to CHUNK_POINTS_MAX kept points of one aircraft in few bytes, lossless, with its own
   version, checksum, times and bounding box. Pure. docs/STORE.md describes the bytes. */
#ifndef MASAR_STORE_CHUNK_H
#define MASAR_STORE_CHUNK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHUNK_POINTS_MAX = 1024,
    CHUNK_HEAD_BYTES = 48, /* of versions 1 and 2 */
    CHUNK_HEAD_LEAST = 16, /* of version 3 */
    CHUNK_VERSION = 3
};

/* Longest time a chunk may span. */
#define CHUNK_SPAN_MS_MAX INT64_C(2000000000)

struct chunk_head {
    uint8_t version; /* 1 .. CHUNK_VERSION; only the last is written */
    bool has_air;    /* any air data in it */
    uint32_t length; /* of the chunk in bytes, the head included */
    uint32_t address;
    uint32_t points; /* 1 .. CHUNK_POINTS_MAX */
    int64_t first_ms, last_ms;
    int32_t lat_low_e7, lat_high_e7, lon_low_e7, lon_high_e7; /* chunk_head: 0 of version 3 */
};

/* What both ways of coding need besides the points: tables and buffers. One thread at a time. */
struct chunk_codec;
struct chunk_codec *chunk_codec_new(void); /* NULL: out of memory */
void chunk_codec_free(struct chunk_codec *c);

/* Whether a point may be kept: place and time in range, an address, origin and ground as defined.
 */
bool chunk_point_fits(const struct kept *p);

/* Appends n points (1 .. CHUNK_POINTS_MAX) of one aircraft, times not descending, as a chunk.
   ERR_RANGE: they are not so; nothing is appended. ERR_MEMORY. */
enum err chunk_encode(struct chunk_codec *c, const struct kept *p, size_t n, struct buf *out);

/* As chunk_encode, and says what the head says. */
enum err chunk_write(struct chunk_codec *c, const struct kept *p, size_t n, struct buf *out,
                     struct chunk_head *head);

/* Says of n points (1 ..) what their head says of them: address, times, how many, where. */
struct chunk_head chunk_describe(const struct kept *p, size_t n);

/* Reads and verifies a chunk's head and checksum. ERR_SHORT: it is longer than n; ERR_SYNTAX: no
   chunk, or its checksum is wrong; ERR_RANGE: of a later version. */
enum err chunk_head(const uint8_t *b, size_t n, struct chunk_head *out);

/* Reads a chunk's points: out has room for CHUNK_POINTS_MAX. Errors as chunk_head; ERR_SYNTAX also
   where the points are not what the head says. */
enum err chunk_decode(struct chunk_codec *c, const uint8_t *b, size_t n, struct kept *out,
                      size_t *points);

/* Which columns are wanted. */
enum chunk_want {
    CHUNK_ALL,
    CHUNK_WAY /* time, place, pressure altitude (geometric where there is none) and what changes
                 rarely; of version 3 this is faster, and the others come as not known */
};

/* Reads a chunk's first points: at most max, and none later than to_ms. What follows is not
   looked at, so errors are only those of the head and the checksum. */
enum err chunk_read(struct chunk_codec *c, const uint8_t *b, size_t n, size_t max, int64_t to_ms,
                    enum chunk_want want, struct kept *out, size_t *points);

/* Whether of the points that chunk_read gave last no two share an instant; false where nobody
   looked (versions 1 and 2). */
bool chunk_ascends(const struct chunk_codec *c);

#endif
