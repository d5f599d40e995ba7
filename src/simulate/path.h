/* The way of one flight over the ground: stand, taxi, runway, route, runway, taxi, stand, known by
   the distance along it. It is laid of straight pieces (great circles) and turns (small circles),
   each in the direction in which the last ended. */
#ifndef MASAR_SIMULATE_PATH_H
#define MASAR_SIMULATE_PATH_H

#include "geo/sphere.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stddef.h>

enum { PATH_PIECES_MAX = 160 };

struct path_vector {
    double x, y, z;
};

struct path_piece {
    struct path_vector center;  /* of the circle it lies on; the Earth's of straight ones */
    struct path_vector spoke;   /* from there to where it begins; Earth radii */
    struct path_vector forward; /* unit, the way on from where it begins */
    double radius;              /* of the circle, Earth radii */
    double s_nm;                /* distance from the stand to where it begins */
};

struct path {
    double runway_nm; /* where the take-off roll begins */
    double touch_nm;  /* where the wheels touch */
    double exit_nm;   /* where the runway is left */
    double length_nm;
    /* A lap flown again and again: from loop_nm on, lap_nm long, `laps` times in all. The pieces
       have it once; the distances above count it as often as it is flown. */
    double loop_nm, lap_nm;
    unsigned laps; /* 0: there is none */
    size_t n;
    struct path_piece piece[PATH_PIECES_MAX];
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
    size_t n;                            /* up to SCENARIO_WAYPOINTS_MAX */
    double hold_nm; /* extra distance flown in circles at the middle waypoint; 0 none */
    double hold_leg_nm, hold_width_nm; /* of the racetrack from end to end; leg 0: a circle */
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
