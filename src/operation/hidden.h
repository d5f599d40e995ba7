/* What nobody heard of an operation, from its own rhythm: how long aircraft stay at its bases, how
   long they fly, and which share of departures and arrivals was not heard. So a stay that leaves
   room for a flight out and back, an aircraft that came and was never heard again, and a way that
   is only ever flown by a base each tell of flights in between; and of visits with both ends
   unheard their number is known though not when (two lists of the same visits, those by arrival and
   those by departure: Chapman 1951). Pure. Times are milliseconds. */
#ifndef MASAR_OPERATION_HIDDEN_H
#define MASAR_OPERATION_HIDDEN_H

#include "operation/operation.h"
#include "operation/sortie.h"

/* A place is where an end was with this much. */
#define HIDDEN_SURE 0.7

struct hidden {
    double *stay_h; /* at bases, rising */
    size_t stays;
    double usual_h, flight_h;       /* medians; flight: of one that came to or left a base */
    double room_h;                  /* a stay as long as this holds a flight out and one back */
    double p_room;                  /* that it did */
    double unheard_out, unheard_in; /* share of departures, arrivals not heard */
    double unseen;                  /* visits with neither end heard, expected */
};

/* Of the operation's own flights, by airframe and leg; own: which of them are. ERR_MEMORY. */
enum err hidden_learn(const struct operation *o, const struct sortie *s, const bool *own, size_t n,
                      struct hidden *out);
void hidden_free(struct hidden *h);

enum { HIDDEN_MOST = 2 };

/* Flights between two flights of one airframe (b: NULL: nothing was heard after a, until now_ms),
   with the probability that they took place in off.p and on.p. Returns how many. */
size_t hidden_between(const struct operation *o, const struct hidden *h, const struct sortie *a,
                      const struct sortie *b, const struct sortie *all, const bool *own, size_t n,
                      int64_t now_ms, struct sortie out[HIDDEN_MOST]);

#endif
