/* The way of one flight over the ground: stand, taxi, runway, route, runway, taxi, stand, as great
   circle pieces with rounded corners, known by the distance along it. */
#ifndef MASAR_SIMULATE_PATH_H
#define MASAR_SIMULATE_PATH_H

#include "geo/sphere.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stddef.h>

enum { PATH_POINTS_MAX = 640 };

struct path_vector {
    double x, y, z;
};

struct path_point {
    struct path_vector at;      /* unit, from the Earth's center */
    struct path_vector forward; /* unit, the way on from here */
    double s_nm;                /* distance from the stand */
};

struct path {
    double runway_nm; /* where the take-off roll begins */
    double touch_nm;  /* where the wheels touch */
    double exit_nm;   /* where the runway is left */
    double length_nm;
    /* A piece flown again and again: from loop_nm on, lap_nm long, `laps` times in all. The points
       have it once; the distances above count it as often as it is flown. */
    double loop_nm, lap_nm;
    unsigned laps; /* 0: there is none */
    size_t n;
    struct path_point point[PATH_POINTS_MAX];
};

/* One end of a flight. */
struct path_end {
    const struct scenario_airport *airport;
    bool reverse; /* uses the runway against runway_deg */
    double stand; /* -1 .. 1: where along the apron */
};

struct path_plan {
    struct path_end from, to;
    const struct sphere_place *waypoint; /* n of them, the airports' own left out or not */
    size_t n;
    double hold_nm; /* extra distance flown in circles at the middle waypoint; 0 none */
    double hold_leg_nm, hold_width_nm; /* of the racetrack; leg 0: a circle of this diameter */
};

void path_build(struct path *p, const struct path_plan *plan);

/* Where s_nm (0 .. length_nm) lies. */
struct path_place {
    struct path_vector at;
    struct sphere_place place;
    double track_deg; /* true, [0, 360) */
};
void path_at(const struct path *p, double s_nm, struct path_place *out);

struct path_vector path_vector(struct sphere_place p);

#endif
