/* What the index knows of a chunk, so that it need not be decoded, in 116 bytes. Where its eighths
   lie: a long flight's box is large, its parts' boxes are not, so a query knows whether a chunk may
   answer, and how far to read it. And what a list of flights says of it. Pure. docs/STORE.md
   describes the bytes. */
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
    PART_BYTES = PART_BOX_BYTES + 52,
    PART_POINTS_MIN = 64 /* of a shorter chunk it is not worth its bytes */
};

/* n points (1 ..) of one aircraft, times not descending, not across the date line. */
void part_write(const struct kept *p, size_t n, uint8_t out[PART_BYTES]);

/* Up to which of its n points, from first_ms to last_ms, a chunk may have one in the shape and in
   from_ms <= t < to_ms: 0 if there is none. */
size_t part_reach(const uint8_t b[PART_BOX_BYTES], size_t n, int64_t first_ms, int64_t last_ms,
                  const struct area_shape *shape, int64_t from_ms, int64_t to_ms);

/* All of a chunk in a few words. Of first and last only time, place, altitudes and ground are set,
   and the address. */
struct part_whole {
    struct kept first, last;
    char flight[8];                  /* of every point */
    int32_t alt_low_ft, alt_high_ft; /* 0 on the ground, else pressure altitude, else geometric */
    uint32_t points;
};

/* False: the chunk cannot be told so: its call sign changes, or several points share its first or
   its last instant. Of out, first.t_ms, last.t_ms, both addresses and points are left to the
   caller. */
bool part_whole(const uint8_t b[PART_BYTES], struct part_whole *out);

#endif
