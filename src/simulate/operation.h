/* What the simulated operation really was, beside its frames: five CSV texts, a function of
   scenario and seed alone. Draws: people, clearances and stated loads; all else follows from the
   legs.

   sorties.csv      every state flight with its party, load and people
   requirement.csv  what was to be moved
   clearances.csv   what was asked for and granted, with the legs each was for
   claims.csv       what was said in public, and loads as somebody stated them
   events.csv       orbits, turn-back, touch-and-go, ghosts, shared addresses, jamming, meetings …
 */
#ifndef MASAR_SIMULATE_OPERATION_H
#define MASAR_SIMULATE_OPERATION_H

#include "base/buf.h"
#include "simulate/flight.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum operation_file {
    OPERATION_SORTIES,
    OPERATION_REQUIREMENT,
    OPERATION_CLEARANCES,
    OPERATION_CLAIMS,
    OPERATION_EVENTS,
    OPERATION_FILES
};

extern const char *const operation_file_name[OPERATION_FILES];

/* Writes all five, of legs whose transponder is on, or would be, within [start, end). sc has passed
   scenario_check. False where memory ran out. */
bool operation_write(const struct scenario *sc, uint64_t seed, int64_t start_us, int64_t end_us,
                     struct buf text[OPERATION_FILES]);

/* --- between the files of this room ------------------------------------------------------- */

struct operation {
    const struct scenario *sc;
    uint64_t seed;
    int64_t start_us, end_us;
    struct flight *flight;    /* planned, one for each leg, in the scenario's order */
    struct flight_plan *plan; /* of one leg at a time */
    unsigned *people;         /* aboard, one for each leg */
    struct buf *text;         /* OPERATION_FILES of them */
};

/* True for legs somebody really flew: no ghosts, nothing parked. */
bool operation_is_sortie(const struct scenario_leg *leg);
bool operation_is_within(const struct operation *o, size_t leg);
void operation_instant(struct buf *b, int64_t t_us, const char *then);
/* A field of CSV, in quotes where it needs them. */
void operation_field(struct buf *b, const char *text, const char *then);

/* Fills people: each line of people is shared out among the loaded legs from its place, from its
   ready date to the next line's. */
void operation_people(struct operation *o);

void operation_clearances(struct operation *o);
/* What the clearances say of one leg: `NE:inside DZ:none`. */
void operation_clearance_states(const struct operation *o, size_t leg, struct buf *out);

void operation_events(struct operation *o);

#endif
