/* What a transponder sends and how often. */
#ifndef MASAR_SIMULATE_EMISSION_H
#define MASAR_SIMULATE_EMISSION_H

#include "simulate/flight.h"
#include "simulate/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum emission_needs {
    EMISSION_ADSB = 1,      /* sent by aircraft with ADS-B */
    EMISSION_RADAR = 2,     /* a reply: sent where an interrogator hears */
    EMISSION_REGISTERS = 4, /* and that by types with Comm-B registers */
    EMISSION_POSITION = 8   /* fails in minutes without position */
};

/* One row is one kind of transmission. Its slots come every interval; in the air, taxiing and
   parked every nth slot is sent (0: none). Squitters wander by up to `jitter` of the
   interval. */
struct emission {
    const char *name;
    int32_t interval_ms;
    uint8_t air, taxi, parked, needs;
    double jitter;
    void (*encode)(const struct state_flight *f, int64_t t_us, uint64_t slot, struct state *s,
                   struct frame *out);
};

enum { EMISSION_ROWS_MAX = 12 };

extern const struct emission emission_row[];
extern const size_t emission_rows;

/* Every nth slot is sent in this phase; this is n, 0 for none. Where all is sent at a part of the
   true rate (0..1), what is rare anyhow is thinned less. */
unsigned emission_step(const struct emission *e, enum phase_kind phase, double rate);

#endif
