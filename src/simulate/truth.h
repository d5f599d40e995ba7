/* What really happened in a simulation, as three texts: every flight with its times, when each site
   heard it and when none did, and where it was. Against these what masar concludes can be scored.

   movements.csv  flight,icao24,callsign,type,origin,destination,takeoff_utc,landing_utc,sends
   heard.csv      flight,icao24,callsign,site,heard,from_utc,to_utc,frames,positions
                  heard 1: the site heard it, never silent for a minute; heard 0, site empty: no
   site heard it for a minute or more while it flew tracks.csv     track CSV, each aircraft every
   ten seconds while its transponder is on or would be
 */
#ifndef MASAR_SIMULATE_TRUTH_H
#define MASAR_SIMULATE_TRUTH_H

#include "base/buf.h"
#include "simulate/simulation.h"

#include <stdint.h>

enum truth_file { TRUTH_MOVEMENTS, TRUTH_HEARD, TRUTH_TRACKS, TRUTH_FILES };

extern const char *const truth_file_name[TRUTH_FILES];

struct truth;

/* The scenario is borrowed; the options are those of the simulation it looks at. NULL: out of
   memory. */
struct truth *truth_new(const struct scenario *sc, const struct simulation_options *o);
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
