/* The rows of one airframe → its flights: which rows stand, and the last word on both ends of each
   leg. Pure; rows are borrowed. */
#ifndef MASAR_LEDGER_FLIGHT_H
#define MASAR_LEDGER_FLIGHT_H

#include "model/claim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flight {
    uint32_t leg;
    const struct claim *off;         /* took off, or where it is thought to come from; NULL */
    const struct claim *on;          /* landed; NULL: nobody says so */
    const struct claim *destination; /* where it is, or was, thought to be bound for; NULL */
    const struct claim *whole;       /* the leg as it ended; NULL: it goes on */
    const struct claim *first;       /* the first row of all */
    float off_p;    /* that it took off in a flight of its own, where off says where */
    bool is_sortie; /* false: a turn-back, a touch-and-go */
};

/* Marks which of n rows of one airframe (by number) stand: no later one corrects or withdraws them.
   stands: n entries. */
void flight_standing(const struct claim *c, size_t n, bool *stands);

/* Its flights by leg, at most max; returns how many. */
size_t flights_of(const struct claim *c, size_t n, const bool *stands, struct flight *out,
                  size_t max);

#endif
