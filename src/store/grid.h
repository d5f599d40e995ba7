/* The CPR grids: the places an aircraft can say, as whole steps. A position that came as CPR is a
   point of one of four grids, rounded to a quantum; kept as steps it needs 9 bits less a
   coordinate, and comes back bit for bit. ICAO Doc 9871 C.2.6. */
#ifndef MASAR_STORE_GRID_H
#define MASAR_STORE_GRID_H

#include <stdbool.h>
#include <stdint.h>

enum grid_kind { GRID_NONE, GRID_EVEN, GRID_ODD, GRID_SURFACE_EVEN, GRID_SURFACE_ODD, GRID_KINDS };

/* Length of a step of a grid. */
struct grid_step {
    double e7, per_e7; /* one step in 1e-7 degrees; steps in 1e-7 degrees */
    double quanta;     /* one step in quanta */
    double limit;      /* quanta in 32 bits of 1e-7 degrees */
    int32_t quantum_e7;
};

/* Of latitude. */
struct grid_step grid_lat_step(enum grid_kind kind, int32_t quantum_e7);
/* Of longitude, where there are nl (1 .. 59) zones. */
struct grid_step grid_lon_step(enum grid_kind kind, unsigned nl, int32_t quantum_e7);

/* The nearest whole number, halves up; |v| < 2^62. A conversion to integer cuts towards zero. */
static inline int64_t grid_nearest(double v)
{
    const int64_t whole = (int64_t)(v + 0.5);
    return whole - ((double)whole > v + 0.5);
}

/* The nearest step to a coordinate (|e7| up to 2^33). */
static inline int64_t grid_steps(const struct grid_step *s, double e7)
{
    return grid_nearest(e7 * s->per_e7);
}

/* The coordinate of a step, rounded to the quantum; a step beyond 32 bits of 1e-7 degrees gives
   INT32_MAX or INT32_MIN. */
static inline int32_t grid_e7(const struct grid_step *s, int64_t steps)
{
    const double quanta = (double)steps * s->quanta;
    if (quanta > s->limit) {
        return INT32_MAX;
    }
    if (quanta < -s->limit) {
        return INT32_MIN;
    }
    return (int32_t)grid_nearest(quanta) * s->quantum_e7;
}

#endif
