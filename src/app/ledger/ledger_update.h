/* The ledger brought up to date with points that came into the store by another way than recording
   (an import): where all of them are later than what it has looked at, it goes on from there; else
   it is made anew, and what differs takes the place of what stood. */
#ifndef MASAR_APP_LEDGER_UPDATE_H
#define MASAR_APP_LEDGER_UPDATE_H

#include "app/ledger/ledger_world.h"

struct ledger_update {
    const char *dir;
    struct store *writer; /* of the store; nothing is being put */
    struct ledger_sources sources;
    int64_t since_ms; /* of the oldest point that is new */
    bool progress;    /* lines on standard error */
};

/* Says on standard error what it did, in a sentence. ERR_NOT_FOUND: there are no airports to make
   one with, or the routes cannot be read; why says so, as of all errors. */
enum err ledger_update(const struct ledger_update *u, char *why, size_t why_size);

#endif
