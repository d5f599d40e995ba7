/* The same operation as chance would have had it otherwise: rotations of the scenario's legs moved,
   left out, flown once more, faster or slower, with other loads. */
#ifndef MASAR_SIMULATE_REDRAW_H
#define MASAR_SIMULATE_REDRAW_H

#include "base/err.h"
#include "simulate/scenario.h"

#include <stdint.h>

/* sc has passed scenario_check and does again afterwards. What keeps its place: ghosts, parked
   aircraft, training, addresses on two airframes; what is never left out: first, last and turned-
   back flights, which move by half a day at most. Requirement and claims follow the new totals.
   Errors as scenario_check's. */
enum err scenario_redraw(struct scenario *sc, uint64_t seed, char *why, size_t why_size);

#endif
