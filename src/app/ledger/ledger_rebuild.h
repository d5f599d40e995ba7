/* The whole ledger anew from the points a store has: two threads, a day or a quarter at a time. */
#ifndef MASAR_APP_LEDGER_REBUILD_H
#define MASAR_APP_LEDGER_REBUILD_H

#include "app/ledger/ledger_world.h"
#include "store/ledger.h"

struct ledger_rebuild {
    const char *dir;      /* of the store */
    struct store *writer; /* its writer; nothing is being put */
    struct ledger_sources sources;
    bool progress; /* a line now and then on standard error */
};

struct ledger_rebuilt {
    struct store_ledger_change change;
    uint64_t points, claims;
    double detect_s, all_s; /* of the wall: reading and detecting; with coverage and writing */
};

/* On an error why says in a sentence what is wrong. */
enum err ledger_rebuild(const struct ledger_rebuild *r, struct ledger_rebuilt *out, char *why,
                        size_t why_size);

#endif
