/* A question to the ledger that came over HTTP. Any number of threads at once. */
#ifndef MASAR_APP_LEDGER_ASKED_H
#define MASAR_APP_LEDGER_ASKED_H

#include "app/ledger/ledger_world.h"
#include "base/buf.h"

/* what: "flights" …; args: "a=1&b=2", escapes resolved. Adds JSON to out. Returns the HTTP status;
   where it is not 200, why is the sentence. */
int ledger_asked(struct ledger_world *w, struct store *s, const char *what, const char *args,
                 struct buf *out, char *why, size_t why_size);

/* What it says of one aircraft as things stand (ledger/now.h). The same. */
int ledger_asked_now(struct ledger_world *w, struct store *s, uint32_t address, struct buf *out,
                     char *why, size_t why_size);

#endif
