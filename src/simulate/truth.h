/* What really happened in a simulation, as texts: every flight with its times, when each site heard
   it and when none did, where it was, and what the operation was. Against these what masar
   concludes can be scored. The files are docs/SCENARIOS.md's. */
#ifndef MASAR_SIMULATE_TRUTH_H
#define MASAR_SIMULATE_TRUTH_H

#include "base/buf.h"
#include "simulate/operation.h"
#include "simulate/simulation.h"

#include <stdint.h>

enum truth_file {
    TRUTH_OPERATION, /* enum operation_file, from here on */
    TRUTH_EVENTS = TRUTH_OPERATION + OPERATION_EVENTS,
    TRUTH_MOVEMENTS = TRUTH_OPERATION + OPERATION_FILES,
    TRUTH_FLEET, /* of every airframe its type, as a list of aircraft has it */
    TRUTH_HEARD,
    TRUTH_TRACKS, /* the last, for it may be left out */
    TRUTH_FILES
};

const char *truth_file_name(enum truth_file file);

struct truth;

enum truth_wanted {
    TRUTH_HEARING = 1, /* who heard whom, and silences; without it no reception need be told */
    TRUTH_PLACES = 2   /* where everyone was, some 100 MB a day */
};

/* The scenario is borrowed; the options are those of the simulation it looks at; wanted: of enum
   truth_wanted. NULL: out of memory. */
struct truth *truth_new(const struct scenario *sc, const struct simulation_options *o,
                        unsigned wanted);
void truth_free(struct truth *t);

/* For simulation_options.flight, with the truth as ctx. */
void truth_flight(void *truth, const struct flight *f, const struct flight_plan *plan);

void truth_reception(struct truth *t, const struct reception *r);

/* All until t_us is known: writes what is complete. At the end of the simulation truth_end. */
void truth_until(struct truth *t, int64_t t_us);
void truth_end(struct truth *t);

/* What was written since the caller cleared it; failed is set where memory ran out. */
struct buf *truth_text(struct truth *t, enum truth_file file);

#endif
