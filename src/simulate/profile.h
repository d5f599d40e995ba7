/* The way of one flight in time: distance along its path, speed and pressure altitude at any
   instant, from phases in which speed and vertical rate change evenly. */
#ifndef MASAR_SIMULATE_PROFILE_H
#define MASAR_SIMULATE_PROFILE_H

#include "base/err.h"
#include "simulate/path.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum phase_kind {
    PHASE_PARKED, /* transponder on, at the stand */
    PHASE_TAXI_OUT,
    PHASE_LINE_UP,
    PHASE_ROLL,
    PHASE_CLIMB,
    PHASE_CRUISE,
    PHASE_DESCENT,
    PHASE_ROLL_OUT,
    PHASE_TAXI_IN,
    PHASE_ARRIVED,
    PHASE_COUNT
};

struct phase {
    double begin_s; /* after the profile's start */
    double length_s;
    double s_nm, v_kt, v_end_kt;   /* speed runs evenly from one to the other */
    double h_ft, r_fpm, r_end_fpm; /* and so does the vertical rate */
};

struct profile {
    int64_t on_us, takeoff_us, landing_us, off_us; /* transponder on, wheels off, on, off */
    double cruise_kt, cruise_ft;                   /* as flown: lower on a short way */
    struct phase phase[PHASE_COUNT];
};

struct profile_plan {
    const struct scenario_type *type;
    int64_t takeoff_us;
    int64_t landing_us; /* INSTANT_NONE: follows from the speed */
    double cruise_kt;   /* not used where landing_us is set */
    double cruise_ft;
    double from_ft, to_ft;      /* pressure altitudes of both runways */
    double parked_s, arrived_s; /* transponder on before taxi, and after */
    bool rolling;               /* begins as it rolls on from a touch-down */
    bool touching;              /* ends as the wheels touch */
};

/* ERR_RANGE: no speed of 100..700 kt arrives in time. */
enum err profile_build(struct profile *p, const struct path *path, const struct profile_plan *plan);

struct profile_state {
    enum phase_kind phase;
    bool ground;
    double s_nm, v_kt, h_ft, r_fpm;
};
void profile_at(const struct profile *p, int64_t t_us, struct profile_state *out);

#endif
