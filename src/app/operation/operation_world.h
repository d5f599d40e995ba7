/* What questions to operations need beside the store: airports, who aircraft are, whose land is
   whose; and an operation with all that follows from it at an instant. Opened once, read by any
   thread. */
#ifndef MASAR_APP_OPERATION_WORLD_H
#define MASAR_APP_OPERATION_WORLD_H

#include "app/ledger/ledger_world.h"
#include "app/operation/operation_ledger.h"
#include "operation/forecast.h"

struct operation_world;

/* ledger: borrowed. NULL: out of memory. */
struct operation_world *operation_world_open(const struct ledger_world *ledger);
void operation_world_close(struct operation_world *w); /* NULL is fine */
const struct operation_views *operation_world_views(const struct operation_world *w);

/* An operation as known at an instant. */
struct operation_now {
    struct operation o;
    int64_t at_ms;
    struct sorties sorties;
    struct matches matches;
    struct forecast forecast;
    struct forecast_series *series; /* NULL: not asked for */
    struct buf before;              /* forecasts made before, JSON */
};

struct operation_question {
    const char *operation;
    int64_t at_ms; /* SORTIE_NO_TIME: now_ms, or where that is past the operation, its end */
    int64_t now_ms;
    int64_t state, edition; /* as the operation and the ledger stood then; 0: as they stand */
    bool series;            /* with what is left by day, which the board draws */
    bool all_paths;         /* of every flight, not only of the newest, which the board shows */
};

/* f, s: of the same store. ERR_NOT_FOUND and others with why. */
enum err operation_now_open(struct operation_world *w, struct operation_file *f, struct store *s,
                            const struct operation_question *q, struct operation_now *out,
                            char *why, size_t why_size);
void operation_now_close(struct operation_now *n);

#endif
