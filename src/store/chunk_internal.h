/* What the files of a chunk share: how it is planned (chunk_plan.c), and versions of before
   (chunk_before.c). Pure. */
#ifndef MASAR_STORE_CHUNK_INTERNAL_H
#define MASAR_STORE_CHUNK_INTERNAL_H

#include "store/chunk.h"
#include "store/course.h"

enum { TIME_WIDTH_MAX = 1 << 24 };

/* What the writer says beside the points of a chunk: quanta, times, which columns there are. */
void chunk_plan_make(const struct kept *p, size_t n, bool has_air, struct course_plan *plan);

/* Whether points are those of a chunk: as chunk_encode wants them. */
bool chunk_run_fits(const struct kept *p, size_t n);

/* The head of a chunk of version 1 or 2; errors as chunk_head. */
enum err chunk_before_head(const uint8_t *b, size_t n, struct chunk_head *out);
/* Its first points, as chunk_read. */
enum err chunk_before_read(struct point_coder *coder, const struct chunk_head *h, const uint8_t *b,
                           size_t max, int64_t to_ms, struct kept *out, size_t *points);

#endif
