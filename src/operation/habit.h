/* Which ways the operation's own aircraft go, from all their flights together: an end that the
   ledger could not place well, for it knew nothing of the operation then, is weighed anew by how
   often they flew from each of its places to each of the other end's, before and after (an
   expectation-maximization of a mixture: Dempster, Laird and Rubin 1977). What paths show stands:
   only places the ledger gave an end take part, each by what it gave them, and none comes to be
   "inferred" by habit. A flight that took place only if the one before came (or the one after
   left) where it begins (or ends) takes part in that. A base where nothing of the requirement is
   ready yet is the less likely one of an end's places. Pure. */
#ifndef MASAR_OPERATION_HABIT_H
#define MASAR_OPERATION_HABIT_H

#include "base/err.h"
#include "operation/sortie.h"

#include <stddef.h>

/* What habit makes an end at most: never "inferred", which is what paths show. */
#define HABIT_MOST 0.94F

/* When the first of what is to move at a base is ready, milliseconds since 1970. */
struct habit_ready {
    const char *code;
    int64_t ms;
};

/* Sorties by airframe, each one's in their order. Rewrites the places of own ones and how sure they
   are to have taken place; told keeps what the ledger said. ERR_MEMORY: nothing was rewritten. */
enum err habit_weigh(struct sortie *s, const bool *own, size_t n, const struct habit_ready *ready,
                     size_t bases);

#endif
