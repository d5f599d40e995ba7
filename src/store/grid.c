#include "store/grid.h"

#define E7_PER_TURN 3600000000.0
#define STEPS       131072.0 /* 2^17 in a zone */

static struct grid_step step_of(double zones, enum grid_kind kind, int32_t quantum_e7)
{
    const double per_turn = zones * STEPS * (kind >= GRID_SURFACE_EVEN ? 4.0 : 1.0);
    return (struct grid_step){.e7 = E7_PER_TURN / per_turn,
                              .per_e7 = per_turn / E7_PER_TURN,

                              .quanta = E7_PER_TURN / (per_turn * quantum_e7),
                              .limit = 2147483000.0 / quantum_e7,
                              .quantum_e7 = quantum_e7};
}

static bool is_odd(enum grid_kind kind)
{
    return kind == GRID_ODD || kind == GRID_SURFACE_ODD;
}

struct grid_step grid_lat_step(enum grid_kind kind, int32_t quantum_e7)
{
    return step_of(is_odd(kind) ? 59.0 : 60.0, kind, quantum_e7);
}

struct grid_step grid_lon_step(enum grid_kind kind, unsigned nl, int32_t quantum_e7)
{
    const unsigned zones = nl - (is_odd(kind) ? 1 : 0);
    return step_of(zones > 0 ? (double)zones : 1.0, kind, quantum_e7);
}
