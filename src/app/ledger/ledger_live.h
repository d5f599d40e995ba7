/* The ledger while points are recorded: takes each point as the store keeps it and appends what it
   says of it, on the store's own thread. What it said before a restart is taken up again: the
   points of the last days are gone through anew, and nothing is said twice. */
#ifndef MASAR_APP_LEDGER_LIVE_H
#define MASAR_APP_LEDGER_LIVE_H

#include "app/ledger/ledger_world.h"
#include "model/claim.h"
#include "store/store.h"

struct ledger_live; /* opaque */

/* dir: the store's; s: its writer, open, and nothing is said of it yet. NULL: why says so in a
 * sentence; recording goes on without. */
struct ledger_live *ledger_live_open(const char *dir, const struct ledger_sources *from,
                                     struct store *s, char *why, size_t why_size);

/* Whoever wants to be told of each row once it is appended, on the store's thread. */
void ledger_live_tell(struct ledger_live *l, claim_fn *said, void *ctx);

/* The next point kept. Within the store: nothing is written here. */
void ledger_live_take(struct ledger_live *l, const struct kept *p);

/* What was said since is appended. Points wait two minutes of their own time for those of others;
   all: not these either, none come any more. Call after each store_sync, outside of the store. It
   takes a tenth of a second at most for points; what is left of them it goes on with at the next
   call. */
enum err ledger_live_sync(struct ledger_live *l, bool all);

/* True: points of before the last store_sync are left: call it soon. */
bool ledger_live_is_late(const struct ledger_live *l);

size_t ledger_live_waiting(const struct ledger_live *l); /* points kept and not looked at */

/* "", or in a sentence why it stands still until it is rebuilt. */
const char *ledger_live_why(const struct ledger_live *l);

/* True: it is not through yet with what it takes up, or has not looked at all that was taken: sync
   again. */
bool ledger_live_waits(const struct ledger_live *l);

/* What was not appended is lost to it. NULL is fine. */
void ledger_live_close(struct ledger_live *l);

#endif
