/* Kept points → the rows of the ledger: the movements machine with what the ledger itself adds to
   its views, the flights seen before. One detector holds the aircraft it is given; several may
   share a memory of units if nobody folds while another runs.

   Points of one aircraft in time order; of different ones in any order within some minutes. Before
   the first point of a new day (UTC) all that is due by then is claimed and new_day is called, day
   by day, so that views which change do so at the same points of every aircraft. Pure. */
#ifndef MASAR_LEDGER_DETECT_H
#define MASAR_LEDGER_DETECT_H

#include "ledger/memory.h"
#include "movement/movement.h"

enum { DETECT_AIRCRAFT_MAX = 1 << 18 };

/* What is written beside an edition. Changed with whatever changes claims. */
#define DETECT_NAME "movements 7"

struct detect_options {
    struct movement_views views;             /* history is the detector's own */
    struct memory *units;                    /* shared */
    void (*new_day)(void *ctx, int32_t day); /* NULL: nobody cares */
    void *ctx;
};

struct detect; /* opaque */

struct detect *detect_new(const struct detect_options *o); /* NULL: out of memory */
void detect_free(struct detect *d);                        /* NULL is fine */

/* Rows are given to fn before it returns. ERR_MEMORY. */
enum err detect_push(struct detect *d, const struct kept *k, claim_fn *fn, void *ctx);

/* Time has come to t_ms. */
enum err detect_tick(struct detect *d, int64_t t_ms, claim_fn *fn, void *ctx);

/* Adds the flights seen since to the memory of units. ERR_MEMORY. */
enum err detect_fold(struct detect *d);

/* A row of before the points that will be pushed, as if the detector had given it: in the order of
   aircraft, number. */
enum err detect_remember(struct detect *d, const struct claim *c);

/* No more is remembered: legs are numbered anew. ERR_MEMORY. */
enum err detect_remembered(struct detect *d);

const struct movement *detect_movement(const struct detect *d);

#endif
