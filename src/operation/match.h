/* Which flights of the ledger are the operation's: by its rule (parties, types, call signs, bases,
   period), put right by hand, and those nobody heard though the airframe was at a base before and
   elsewhere after. Pure. */
#ifndef MASAR_OPERATION_MATCH_H
#define MASAR_OPERATION_MATCH_H

#include "operation/clearance.h"
#include "operation/operation.h"
#include "operation/sortie.h"

/* Below this probability of having been at a base a flight is not listed; sums are over all. */
#define MATCH_LISTED_P 0.5

enum match_why {
    MATCH_IN,
    MATCH_BY_HAND,     /* in, a correction says so */
    MATCH_OUT_BY_HAND, /* out, a correction says so */
    MATCH_PARTY,       /* another party's */
    MATCH_CIVIL,
    MATCH_TYPE,
    MATCH_CALLSIGN,
    MATCH_PERIOD,
    MATCH_PLACE /* at none of the bases */
};

struct match {
    struct sortie s; /* with what the desk's own list of tails adds */
    enum match_why why;
    const struct item *correction; /* NULL */
    float leaves;                  /* probability that it left a base and the bases */
    float arrives;                 /* that it came to a base from elsewhere */
    bool by_habit;                 /* that is surer by habit.h than by its own path */
    char base[12];                 /* the likeliest base it left or came to */
    int64_t t_ms; /* when it left (sortie_end_time); of one that only came, when it came */
};

/* "in", "by hand", "party" … */
const char *match_why_key(enum match_why w);
static inline bool match_is_in(const struct match *m)
{
    return m->why <= MATCH_BY_HAND;
}

struct matches {
    struct match *of; /* by t_ms, address; all that touch a base in the period, in or out */
    size_t n, in;     /* in: how many are the operation's */
    /* Visits to bases expected beside them, of which neither end was heard; and at the least and
       most (movement/unheard.h). */
    double unseen, unseen_low, unseen_high;
    struct clearance_taken taken; /* by flights of `of` */
};

/* Sorties in any order; those of one airframe by leg. Places of the operation's own are weighed
   anew (habit.h). now_ms: nothing after it counts. ERR_MEMORY. */
enum err match_all(const struct operation *o, struct sortie *s, size_t n, int64_t now_ms,
                   struct matches *out);
void matches_free(struct matches *m);

#endif
