/* Scenario → frames: every transmission of every aircraft at its true instant, and which sites
   heard it. Pure: time is asked for, nothing is read. What happens at an instant depends on the
   scenario, the seed and the instant alone, so a simulation may begin anywhere and two that overlap
   agree. */
#ifndef MASAR_SIMULATE_SIMULATION_H
#define MASAR_SIMULATE_SIMULATION_H

#include "base/err.h"
#include "model/frame.h"
#include "simulate/flight.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simulation;

struct simulation_options {
    int64_t start_us, end_us; /* what is sent in [start, end) */
    uint64_t seed;
    /* Share of the true rate at which each aircraft sends, 0.05 .. 1: position twice a second at 1,
       every ten seconds at 0.05. Even and odd alternate whatever the rate. */
    double rate;
    double left_out; /* share of the civil rotations that do not fly, 0 .. 1; the rest fly alike */
    /* Called for every flight whose transponder goes on within the time (silent ones too, with the
       times it would have); both are borrowed for the call. NULL: not wanted. */
    void (*flight)(void *ctx, const struct flight *f, const struct flight_plan *plan);
    void *ctx;
};

/* A frame as one site received it. */
struct reception {
    struct frame frame; /* receiver is site + 1; tick counts 12 MHz from the scenario's start */
    uint16_t site;      /* row of the scenario's sites */
    bool ground;        /* sent on the ground */
    bool position;      /* an ADS-B position */
    uint64_t flight;    /* its id */
};

/* sc is borrowed for the simulation's life and must have passed scenario_check. ERR_RANGE: rate or
   times; ERR_MEMORY. */
enum err simulation_new(const struct scenario *sc, const struct simulation_options *o,
                        struct simulation **out);
void simulation_free(struct simulation *s);

/* The next reception, in the order of time; false where there is none before until_us. Work is done
   a second ahead. */
bool simulation_next(struct simulation *s, int64_t until_us, struct reception *out);

/* Memory ran out on the way: flights are missing from then on. */
bool simulation_failed(const struct simulation *s);

size_t simulation_active(const struct simulation *s); /* transponders on */

#endif
