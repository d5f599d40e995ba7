/* What the ledger says of one aircraft as things stand: on its way or on the ground, whence and
   whither with all candidates and how the answer moved, the visits it paid to a place, the last
   flights, stays and events; and one sentence that says the first of it. docs/API.md lists the
   keys. Pure but for the store. */
#ifndef MASAR_LEDGER_NOW_H
#define MASAR_LEDGER_NOW_H

#include "ledger/answer.h"

/* Adds one JSON object to out. ERR_NOT_FOUND: there is no ledger, or it says nothing of this
   address; why says which. ERR_SYSTEM, ERR_MEMORY. */
enum err ledger_now(uint32_t address, struct store *s, const struct ledger_views *v,
                    struct buf *out, char *why, size_t why_size);

/* The same of n aircraft in short, for a table: {"movements": [{hex, state, as_of, spoofed_until,
   place}]}, place being where it is bound for or stands: {airport, p, method}, null where nothing
   is known. Those the ledger says nothing of are left out. ERR_NOT_FOUND: there is no ledger. */
enum err ledger_now_brief(const uint32_t *address, size_t n, struct store *s, struct buf *out,
                          char *why, size_t why_size);

#endif
