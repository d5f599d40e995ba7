/* Where the eighths of a chunk lie, in 64 bytes: a long flight's box is large, its parts' boxes are
   not, so a query knows without decoding whether a chunk may answer, and how far to read it. Boxes
   are rounded outward. Pure. docs/STORE.md describes the bytes. */
#ifndef MASAR_STORE_PART_H
#define MASAR_STORE_PART_H

#include "geo/area.h"
#include "model/kept.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PARTS = 8,
    PART_BYTES = 16 + 6 * PARTS,
    PART_POINTS_MIN = 64 /* of a shorter chunk it is not worth its bytes */
};

/* n points (1 ..) of one aircraft, times not descending, not across the date line. */
void part_write(const struct kept *p, size_t n, uint8_t out[PART_BYTES]);

/* Up to which of its n points, from first_ms to last_ms, a chunk may have one in the shape and in
   from_ms <= t < to_ms: 0 if there is none. */
size_t part_reach(const uint8_t b[PART_BYTES], size_t n, int64_t first_ms, int64_t last_ms,
                  const struct area_shape *shape, int64_t from_ms, int64_t to_ms);

#endif
