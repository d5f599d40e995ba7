/* The ledger of movements kept in a store: claims (model/claim.h), appended and never erased. A
   claim of a newer detector takes the place of an older one's and leaves it where it is: each row
   knows the edition it came with and the one that took its place. Retention of points leaves it
   alone. (docs/LEDGER.md) */
#ifndef MASAR_STORE_LEDGER_H
#define MASAR_STORE_LEDGER_H

#include "model/claim.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_LEDGER_DETECTOR_MAX = 80 };

/* Appends rows to the newest edition (where there is none, the first is begun; detector says what
   makes it) and notes up to when points were looked at (KEPT_NO_TIME leaves it), in one
   transaction. n may be 0. A writer's handle; so for all that put. ERR_FULL, ERR_SYSTEM: none was
   appended. */
enum err store_ledger_append(struct store *s, const char *detector, const struct claim *c, size_t n,
                             int64_t through_ms);

/* A whole new edition: all that a detector says of the points there are. store_ledger_open begins
   it, store_ledger_stage takes its rows in any order (outside of transactions: it may take hours),
   store_ledger_close puts it in the place of what stood, in one transaction: rows that are the same
   byte for byte stay as they are, the others are kept as what was said before; rows of an aircraft
   from before the oldest of its points the store still has stay too. An edition nothing changed
   with is none. */
struct store_ledger_change {
    uint64_t rows, gone, came; /* that stand now; that another or nothing took the place of */
    int64_t edition;
};
enum err store_ledger_open(struct store *s);
enum err store_ledger_stage(struct store *s, const struct claim *c);
enum err store_ledger_close(struct store *s, const char *detector, int64_t through_ms,
                            struct store_ledger_change *changed);

/* What of an aircraft stays as above: the greatest number and leg of its rows, but for those that
   are numbered by time (from 2^30 on). */
typedef bool store_ledger_kept_fn(void *ctx, uint32_t address, uint16_t epoch, uint32_t number,
                                  uint32_t leg);
enum err store_ledger_before_points(struct store *s, store_ledger_kept_fn *out, void *ctx);

/* Takes a row; false ends it. */
typedef bool store_ledger_fn(void *ctx, const struct claim *c);

/* All rows of every aircraft that has a row that answers. */
struct store_ledger_query {
    uint32_t address;       /* ADDRESS_NONE: any */
    int64_t from_ms, to_ms; /* a row's time from <= t_hi and t_lo < to; INT64_MIN, INT64_MAX */
    const char *airport;    /* the first candidate's code; NULL: any */
    const char *airports;   /* of any of these, a JSON array of codes; NULL: any */
    int64_t edition;        /* as it stood after this edition; 0: as it stands */
};

/* By address, epoch, number. A store without a ledger has none. torn, if not NULL, gets how many
   rows could not be read. ERR_SYSTEM. */
enum err store_ledger_find(struct store *s, const struct store_ledger_query *q,
                           store_ledger_fn *out, void *ctx, size_t *torn);

/* Every aircraft with points, by address, and from when to when they are: what a rebuild goes
   through. */
typedef bool store_ledger_aircraft_fn(void *ctx, const struct store_span *s);
enum err store_ledger_aircraft(struct store *s, store_ledger_aircraft_fn *out, void *ctx);

struct store_ledger_state {
    int64_t edition; /* the newest; 0: there is no ledger */
    uint64_t rows;   /* that stand */
    uint64_t all;    /* with those another has taken the place of */
    int64_t through_ms;
    char detector[STORE_LEDGER_DETECTOR_MAX + 1];
};
enum err store_ledger_state(struct store *s, struct store_ledger_state *out);

#endif
