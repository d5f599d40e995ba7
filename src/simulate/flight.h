/* Which flights there are: the legs of the scenario as written, and civil traffic drawn from its
   routes by the seed, each day by itself. */
#ifndef MASAR_SIMULATE_FLIGHT_H
#define MASAR_SIMULATE_FLIGHT_H

#include "base/err.h"
#include "simulate/path.h"
#include "simulate/profile.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stdint.h>

#define DAY_US INT64_C(86400000000)

enum flight_class {
    FLIGHT_POSITION, /* ADS-B with position */
    FLIGHT_MODE_S,   /* transponder without ADS-B: presence without place */
    FLIGHT_SILENT    /* transponder off */
};

struct flight {
    uint64_t id; /* a leg's number, or FLIGHT_TRAFFIC with day, route, rotation and direction */
    uint32_t address;
    uint16_t emitter_at; /* of ghosts: the row of the site someone sends at */
    bool ghost;
    double alt_error_ft; /* of its altimeter */
    char callsign[9];
    uint8_t class;                               /* enum flight_class */
    uint16_t type_at, origin_at, destination_at; /* rows of the scenario */
    uint16_t squawk;
    const struct scenario_leg *leg; /* NULL: traffic */
    int64_t takeoff_us, landing_us; /* landing INSTANT_NONE until flight_plan has run */
    int64_t on_us, off_us;          /* transponder, by flight_plan */
    double cruise_ft, cruise_kt;
};

#define FLIGHT_TRAFFIC (UINT64_C(1) << 63)

/* Path and profile of a flight: some 16 KB, rebuilt when wanted. */
struct flight_plan {
    struct path path;
    struct profile profile;
};

struct flight flight_of_leg(const struct scenario *sc, uint64_t seed, size_t leg);

/* Number of rotations of a route on a day (days since 1970); each is a flight out and one back. */
unsigned flight_rotations(const struct scenario *sc, uint64_t seed, size_t route, int64_t day);
struct flight flight_out(const struct scenario *sc, uint64_t seed, size_t route, int64_t day,
                         unsigned rotation);
struct flight flight_back(const struct scenario *sc, uint64_t seed, const struct flight *out);

/* Fills plan and f's times. ERR_RANGE: cannot be flown (see profile_build). */
enum err flight_plan(const struct scenario *sc, uint64_t seed, struct flight *f,
                     struct flight_plan *plan);

/* The time in which a leg flies its laps; false where it has none. plan is filled by flight_plan.
 */
bool flight_hold(const struct flight_plan *plan, int64_t *from_us, int64_t *to_us);

/* Sea level pressure of an airport on a day. */
double flight_qnh_hpa(const struct scenario *sc, uint64_t seed, size_t airport, int64_t t_us);

#endif
