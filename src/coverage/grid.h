/* The grid: counts by key (cell.h), in memory, and as bytes of one hour of one tile
   (docs/COVERAGE.md). Counts add up: grids of different points merge, and what was counted in
   error is taken back by counting it negatively. */
#ifndef MASAR_COVERAGE_GRID_H
#define MASAR_COVERAGE_GRID_H

#include "base/buf.h"
#include "base/err.h"
#include "coverage/cell.h"

#include <stdbool.h>
#include <stddef.h>

struct coverage_count {
    int32_t heard_s;    /* aircraft-seconds */
    int32_t missed_s;   /* that aircraft were there and not heard */
    int32_t heard;      /* passes: stays of one aircraft in this key */
    int32_t missed;     /* passes not heard */
    int32_t presumed_s; /* that aircraft that fell silent in cruise would have been there, had they
                           gone on, or those found in cruise had they come straight */
    int32_t presumed;   /* passes of that kind */
    int32_t lost;       /* aircraft last heard here, not in a descent towards the ground */
    int32_t sunk;       /* last heard here in a descent, low: landed, or lost */
    int32_t found;      /* airborne aircraft heard again here, or for the first time */
    int32_t low_ft; /* lowest height heard; KEPT_NONE: none. Does not add: the lower one stays */
};

struct coverage_entry {
    uint64_t key;
    struct coverage_count n;
};

static inline struct coverage_count coverage_count_none(void)
{
    return (struct coverage_count){.low_ft = KEPT_NONE};
}
void coverage_count_add(struct coverage_count *to, const struct coverage_count *from);
bool coverage_count_is_none(const struct coverage_count *n);

/* Entries in the order they came; looked up by hash. */
struct coverage_grid {
    struct coverage_entry *entry;
    size_t n, cap, max;
    uint32_t *slot; /* into entry, UINT32_MAX where free */
    size_t slots;   /* a power of two, at least twice cap */
};

/* Room for max entries (1 .. 2^28). ERR_MEMORY. */
enum err coverage_grid_init(struct coverage_grid *g, size_t max);
void coverage_grid_free(struct coverage_grid *g);
void coverage_grid_clear(struct coverage_grid *g);

/* Makes room for n more, so that the next n coverage_grid_at cannot fail. ERR_FULL: beyond max;
   ERR_MEMORY. */
enum err coverage_grid_reserve(struct coverage_grid *g, size_t n);

/* The index of a key's entry, made where it is not there; call after coverage_grid_reserve. It
   stands until coverage_grid_clear. */
uint32_t coverage_grid_at(struct coverage_grid *g, uint64_t key);

/* NULL: not there. */
const struct coverage_count *coverage_grid_get(const struct coverage_grid *g, uint64_t key);

/* Adds counts to a key's. ERR_FULL, ERR_MEMORY. */
enum err coverage_grid_add(struct coverage_grid *g, const struct coverage_entry *e);

/* Brings the entries in the order of hour, tile, key: what one record holds lies together. Indexes
   and lookups are void until coverage_grid_clear. */
void coverage_grid_sort(struct coverage_grid *g);

/* Writes entries of one hour and tile, in the order of their keys; those that count nothing, and
   negative counts, are left out. */
void coverage_write(const struct coverage_entry *e, size_t n, struct buf *out);

/* Reads them back: out is called for each; false ends it. ERR_SYNTAX: damaged; ERR_RANGE: of a
   later version. */
typedef bool coverage_entry_fn(void *ctx, const struct coverage_entry *e);
enum err coverage_read(const uint8_t *p, size_t n, int32_t hour, coverage_entry_fn *out, void *ctx);

#endif
