/* What nobody heard of an operation (movement/unheard.h), in its own words: its bases, its flights,
   and the flights in between as sorties. Pure. Times are milliseconds. */
#ifndef MASAR_OPERATION_HIDDEN_H
#define MASAR_OPERATION_HIDDEN_H

#include "movement/unheard.h"
#include "operation/operation.h"
#include "operation/sortie.h"

struct hidden {
    struct unheard u;
    struct unheard_flight *flight; /* as many and in the order of the sorties */
    size_t n;
};

/* Of the operation's own flights, by airframe and leg; own: which of them are. ERR_MEMORY. */
enum err hidden_learn(const struct operation *o, const struct sortie *s, const bool *own, size_t n,
                      struct hidden *out);
void hidden_free(struct hidden *h);

enum { HIDDEN_MOST = 2 };

/* Flights between sortie[at] and the next of its airframe (has_next: sortie[at + 1] is it; else
   nothing was heard after, until now_ms), with the probability that they took place in off.p and
   on.p. Returns how many. */
size_t hidden_between(const struct operation *o, const struct hidden *h, const struct sortie *all,
                      size_t at, bool has_next, int64_t now_ms, struct sortie out[HIDDEN_MOST]);

#endif
