/* What the files of a chunk share: how it is planned (chunk_plan.c), and versions of before
   (chunk_before.c). Pure. */
#ifndef MASAR_STORE_CHUNK_INTERNAL_H
#define MASAR_STORE_CHUNK_INTERNAL_H

#include "store/chunk.h"
#include "store/course.h"

enum { TIME_WIDTH_MAX = 1 << 24 };

/* What the writer says beside the points of a chunk: quanta, times, which columns there are. */
void chunk_plan_make(const struct kept *p, size_t n, bool has_air, struct course_plan *plan);

/* A chunk of version 3 in two: what its head says of it, and from `tail` on all else. */
struct chunk_split {
    uint8_t flags;
    uint32_t address, points, time_low, time_width;
    int64_t first_ms, last_ms;
    size_t tail;
};

/* b is a whole chunk of n bytes. Errors as chunk_head; ERR_RANGE also where it is of another
   version. */
enum err chunk_split(const uint8_t *b, size_t n, struct chunk_split *out);
/* Appends the chunk of these parts, its checksum made anew. ERR_MEMORY. */
enum err chunk_join(const struct chunk_split *s, const uint8_t *tail, size_t n, struct buf *out);

/* Whether points are those of a chunk: as chunk_encode wants them. */
bool chunk_run_fits(const struct kept *p, size_t n);

/* The head of a chunk of version 1 or 2; errors as chunk_head. */
enum err chunk_before_head(const uint8_t *b, size_t n, struct chunk_head *out);
/* Its first points, as chunk_read. */
enum err chunk_before_read(struct point_coder *coder, const struct chunk_head *h, const uint8_t *b,
                           size_t max, int64_t to_ms, struct kept *out, size_t *points);

#endif
