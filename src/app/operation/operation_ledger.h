/* The ledger's flights of the airframes that were at an operation's bases, as the operation asks
   for them: who, both ends, and of its own flights whose airspace their points lie in. Any thread;
   a store handle is used by one at a time. */
#ifndef MASAR_APP_OPERATION_LEDGER_H
#define MASAR_APP_OPERATION_LEDGER_H

#include "app/operation/operation_file.h"
#include "identity/airport.h"
#include "identity/airspace.h"
#include "identity/identity.h"
#include "operation/match.h"
#include "store/store.h"

struct operation_views {
    const struct airports *airports;
    const struct identity_book *book;
    const struct airspace *airspace; /* NULL: nobody knows whose land is whose */
};

struct sorties {
    struct sortie *of; /* by airframe, leg */
    size_t n, cap;
    bool failed;
};
void sorties_free(struct sorties *s);

/* As known at at_ms: rows the ledger could say by then. An operation of a store without a ledger
   has none. ERR_SYSTEM, ERR_MEMORY. */
enum err operation_sorties(const struct operation *o, struct store *s,
                           const struct operation_views *v, int64_t at_ms, int64_t edition,
                           struct sorties *out);

/* Puts into the newest `most` of the operation's own flights whose airspace they were seen in, from
   the store's points or as the file remembers; f may be NULL. Remembers what is over. ERR_SYSTEM.
 */
enum err operation_paths(struct matches *m, struct store *s, struct operation_file *f,
                         const struct operation_views *v, int64_t at_ms, size_t most);

/* The country of an airport; "" where nobody knows it. ctx: struct operation_views. */
const char *operation_country(void *ctx, const char *airport);

#endif
