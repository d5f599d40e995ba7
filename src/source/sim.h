/* The scenario a `sim:` input plays, and how it is read from its folder. */
#ifndef MASAR_SOURCE_SIM_H
#define MASAR_SOURCE_SIM_H

#include "base/err.h"
#include "base/spec.h"
#include "simulate/scenario.h"
#include "simulate/simulation.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads a scenario's folder and checks it. Errors are told in why, in a sentence that names the
   file and line. The scenario is the caller's. */
enum err sim_scenario_open(const char *folder, struct scenario **out, char *why, size_t why_size);

/* What the keys ask for: scenario= start= hours= speed= seed= rate= traffic=. */
struct sim_options {
    struct scenario *scenario; /* the caller's */
    struct simulation_options simulation;
    double speed; /* times real time; 0: as fast as it goes */
};

/* Reads the keys, the scenario with them. Errors as above; nothing is left behind then. */
enum err sim_options_read(const struct spec *spec, struct sim_options *out, char *why,
                          size_t why_size);

#endif
