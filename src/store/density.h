/* How much history there is, and when: what a time bar shows. Read from the index and the journal,
   no chunk is opened: some 0.2 us a chunk. */
#ifndef MASAR_STORE_DENSITY_H
#define MASAR_STORE_DENSITY_H

#include "store/store.h"

/* The first and the last instant of any point; KEPT_NO_TIME where there is none. */
enum err store_span(struct store *s, int64_t *first_ms, int64_t *last_ms);

/* aircraft[i]: how many different ones were heard in the i-th of n equal parts of [from_ms, to_ms).
   An aircraft counts as heard from a chunk's first point to its last, in which there is no hole of
   an hour, and from the first of the journal to its last. ERR_RANGE: from_ms >= to_ms or n is 0;
   ERR_SYSTEM, ERR_MEMORY. */
enum err store_density(struct store *s, int64_t from_ms, int64_t to_ms, uint32_t n,
                       uint32_t *aircraft);

/* What there is of one aircraft. */
struct store_sum {
    uint32_t address;
    int64_t first_ms, last_ms;
    uint64_t points;
};
typedef bool store_sum_fn(void *ctx, const struct store_sum *sum); /* false ends it */

/* Every aircraft that is in chunks, by address. ERR_SYSTEM, ERR_MEMORY. */
enum err store_sums(struct store *s, store_sum_fn *out, void *ctx);

#endif
