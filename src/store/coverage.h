/* The memory of coverage kept in a store: grids of coverage/coverage.h by hour and ten-degree tile,
   beside the chunks they are learned from. Nothing in it is not in the chunks: what is new in them
   is added in one transaction with the number of the last chunk that is in, so that after kill -9
   or an import said twice nothing is missing and nothing counted twice. Where points come into
   hours that were known already, those hours are marked and learned anew.

   The grid is complete up to the newest chunk: live points come into it with their chunk, when
   the writer next learns. */
#ifndef MASAR_STORE_COVERAGE_H
#define MASAR_STORE_COVERAGE_H

#include "coverage/grid.h"
#include "geo/area.h"
#include "store/store.h"

/* Takes up to chunks_max new chunks in (0: 1024), or where there are none learns up to two marked
   days anew, or where there are none sums up a day of hours. more tells whether there is more to
   do. A writer's, outside of store_put and store_commit (ERR_EXISTS). ERR_FULL, ERR_SYSTEM,
   ERR_MEMORY: nothing was taken in. */
enum err store_coverage_update(struct store *s, uint32_t chunks_max, bool *more);

/* Marks hours [from, to) to be learned anew by store_coverage_update. */
enum err store_coverage_mark(struct store *s, int32_t from_hour, int32_t to_hour);

/* Removes the records of days wholly before until_ms, a slice of them, but for hours that are
   pinned: what they were learned from has gone. more tells whether there are more. Called by
   store_prune. */
enum err store_coverage_prune(struct store *s, int64_t until_ms, bool *more);

/* Every entry of hours [from, to) whose cell an area may touch (NULL: everywhere), in the order of
   hours; out false ends it. torn, if not NULL, gets how many records could not be read. A store
   nobody learned from has none. ERR_SYSTEM, ERR_MEMORY. */
enum err store_coverage_read(struct store *s, int32_t from_hour, int32_t to_hour,
                             const struct area_shape *area, coverage_entry_fn *out, void *ctx,
                             size_t *torn);

/* The same sums in fewer entries: where a day within [from, to) has been summed up, it comes as of
   its first hour. */
enum err store_coverage_sum(struct store *s, int32_t from_hour, int32_t to_hour,
                            const struct area_shape *area, coverage_entry_fn *out, void *ctx,
                            size_t *torn);

struct store_coverage_state {
    int32_t first_hour, last_hour; /* INT32_MIN where there is none */
    uint64_t records, bytes;
    uint64_t behind; /* chunks that are not in yet */
    uint64_t marked; /* hours to be learned anew */
};
enum err store_coverage_state(struct store *s, struct store_coverage_state *out);

#endif
