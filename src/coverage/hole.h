/* A silence between two points of one aircraft: whether it flew on, and where. */
#ifndef MASAR_COVERAGE_HOLE_H
#define MASAR_COVERAGE_HOLE_H

#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

/* One minute on the way, or what is left of it. */
struct hole_step {
    int64_t t_ms;                   /* its begin */
    int32_t lat_e7, lon_e7, alt_ft; /* its middle */
    int32_t seconds;
};

enum { HOLE_STEPS_MAX = 400 };

/* How long points of this origin may be apart and count as heard all the while, seconds. Longer
   than a minute, because thinning and archives leave so much; shorter than the crossing of a cell.
 */
int32_t hole_quiet_s(uint8_t origin);

/* A height to reckon with: pressure, else geometric; 0 on the ground; KEPT_NONE. */
int32_t hole_height_ft(const struct kept *p);

/* In a steady descent or climb below FL245: to or from a runway. */
bool hole_sinks(const struct kept *p);
bool hole_rises(const struct kept *p);

/* How long a flight from one place to the other takes, about, ms; 0 where they are one airport. */
int64_t hole_way_ms(const struct kept *a, const struct kept *b);

/* Above that, level, fast and on a course: it goes on for a while. */
bool hole_cruises(const struct kept *p);

/* The next minutes of an aircraft that was lost in cruise, or with sign -1 the last before it was
   found: straight on, level. Returns how many steps; their times are p's. */
unsigned hole_straight(const struct kept *p, int sign, struct hole_step out[HOLE_STEPS_MAX]);

/* Where an aircraft in a descent comes down, or one in a climb came up: ahead or behind on its
   course, 3.2 NM a thousand feet; where its course is not known, at its own place. On the ground.
 */
struct kept hole_foot(const struct kept *p);

/* Whether it flew from one to the other, near the great circle: the speed and both courses say so.
 */
bool hole_was_flown(const struct kept *a, const struct kept *b);

/* The way of such a flight: along the great circle at even speed, at the greater of both heights
   but for climb and descent at both ends. Seconds add up to those between the whole seconds of both
   points. Returns how many steps. */
unsigned hole_way(const struct kept *a, const struct kept *b, struct hole_step out[HOLE_STEPS_MAX]);

#endif
