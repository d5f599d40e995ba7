/* What the index knows of a chunk, so that it need not be decoded, in 116 bytes or some more. Where
   its eighths lie: a long flight's box is large, its parts' boxes are not, so a query knows whether
   a chunk may answer, and how far to read it. And what a list of flights says of it, call sign by
   call sign. Pure. docs/STORE.md describes the bytes. */
#ifndef MASAR_STORE_PART_H
#define MASAR_STORE_PART_H

#include "geo/area.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PARTS = 8,
    PART_BOX_BYTES = 16 + 6 * PARTS,
    PART_BYTES = PART_BOX_BYTES + 52, /* a chunk under one call sign; else 64 for each: */
    PART_RUNS_MAX = 3,
    PART_BYTES_MAX = PART_BOX_BYTES + 64 * PART_RUNS_MAX,
    PART_POINTS_MIN = 64 /* of a shorter chunk it is not worth its bytes */
};

/* n points (1 ..) of one aircraft, times not descending, not across the date line. Returns the
   number of bytes. */
size_t part_write(const struct kept *p, size_t n, uint8_t out[PART_BYTES_MAX]);

/* Up to which of its n points, from first_ms to last_ms, a chunk may have one in the shape and in
   from_ms <= t < to_ms: 0 if there is none. */
size_t part_reach(const uint8_t b[PART_BOX_BYTES], size_t n, int64_t first_ms, int64_t last_ms,
                  const struct area_shape *shape, int64_t from_ms, int64_t to_ms);

/* All points of a chunk that lie in a row under one call sign, in a few words. Of first and last
   only time, place, altitudes and ground are set, and the address. */
struct part_whole {
    struct kept first, last;
    char flight[8];                  /* of every point */
    int32_t alt_low_ft, alt_high_ft; /* 0 on the ground, else pressure altitude, else geometric */
    uint32_t points;
};

/* The chunk as such rows, in order: returns how many, 0 where it cannot be told so (its call sign
   changes often, or several points share an instant where one of them begins or ends). The chunk
   has this head. */
size_t part_wholes(const uint8_t *b, size_t bytes, uint32_t address, int64_t first_ms,
                   int64_t last_ms, uint32_t points, struct part_whole out[PART_RUNS_MAX]);

#endif
