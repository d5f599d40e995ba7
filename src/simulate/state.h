/* What an aircraft would say at an instant: place, heights, speeds, settings, ready to be encoded.
 */
#ifndef MASAR_SIMULATE_STATE_H
#define MASAR_SIMULATE_STATE_H

#include "encode/encode.h"
#include "simulate/flight.h"

struct state {
    struct encode_state said;
    struct path_vector at;
    enum phase_kind phase;
};

/* One flight with all it takes to tell its state. */
struct state_flight {
    const struct scenario *sc;
    uint64_t seed;
    const struct flight *flight;
    const struct flight_plan *plan;
};

/* Row + 1 of the jamming a place is in then; 0: none. */
unsigned state_jammed(const struct scenario *sc, int64_t t_us, struct path_vector at);

void state_at(const struct state_flight *f, int64_t t_us, struct state *out);

/* Adds air speeds, heading and turn, which only Comm-B replies tell. */
void state_add_air_data(const struct state_flight *f, int64_t t_us, struct state *s);

#endif
