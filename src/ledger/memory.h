/* What the ledger remembers of who flew where and stood where: counts of flights from a place to a
   place, and of stays and their hours, by an airframe and by its unit, halved every 30 days. It is
   the history that movement.h asks for.

   Of its unit an aircraft is told what had been concluded an hour before its day began (UTC), of
   itself everything. So the answer does not hang on which aircraft's point was looked at first,
   and the ledger is the same live and rebuilt. Pure; read by any number of threads while nobody
   adds. */
#ifndef MASAR_LEDGER_MEMORY_H
#define MASAR_LEDGER_MEMORY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define MEMORY_ANY UINT32_MAX /* in place of an origin: wherever from */

struct memory; /* opaque */

struct memory *memory_new(void); /* NULL: out of memory */
void memory_free(struct memory *m);

/* The day (since 1970) a conclusion of this time is known from on, and the day of a point. */
int32_t memory_known_day(int64_t made_ms);
int32_t memory_day(int64_t t_ms);

/* A flight of `who` (a number of the caller's for an airframe or a unit) from an origin (or
   MEMORY_ANY) to a destination, p sure (0 .. 1), known from a day on. Days may come in any order
   within three. ERR_MEMORY. */
enum err memory_add(struct memory *m, uint64_t who, uint32_t origin, uint32_t destination, float p,
                    int32_t known_day);

/* Every destination of who from there, as known on a day. count > 0. */
typedef void memory_fn(void *ctx, uint32_t destination, float count);
void memory_ask(const struct memory *m, uint64_t who, uint32_t origin, int32_t day, memory_fn *out,
                void *ctx);

/* A stay of who at a site, of so many hours (0 .. 100,000), known from a day on, as above.
   ERR_MEMORY. */
enum err memory_add_stay(struct memory *m, uint64_t who, uint32_t site, float hours,
                         int32_t known_day);

/* How many there were, and their hours together, as known on a day; 0 where there were none. */
void memory_stays(const struct memory *m, uint64_t who, uint32_t site, int32_t day, float *stays,
                  float *hours);

#endif
