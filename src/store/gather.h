/* Short chunks on their way into packets: those that an archive brings wait until it is committed,
   or until there are many, and are then put together by where and when they are. Inside this room
   only. */
#ifndef MASAR_STORE_GATHER_H
#define MASAR_STORE_GATHER_H

#include "store/run.h"

#include <stdbool.h>

struct store;
struct gather;

/* NULL: out of memory. */
struct gather *gather_new(void);
void gather_free(struct gather *g);
void gather_clear(struct gather *g);

/* Whether one that waits overlaps with these times of an aircraft. */
bool gather_overlaps(const struct gather *g, uint32_t address, int64_t first_ms, int64_t last_ms);

/* Takes a chunk of a run, if it is short. *took: it did; else it is to go into the index. Where
   many wait they are written. A transaction must be open. */
enum err gather_add(struct store *s, const struct store_run *r, const struct run_chunk *c,
                    bool *took);

/* Writes all that wait: in packets, or, of a few, as chunks of their own. A transaction must be
   open. */
enum err gather_flush(struct store *s);

#endif
