/* One point after another through the range coder: the same code writes and reads. */
#ifndef MASAR_STORE_POINT_H
#define MASAR_STORE_POINT_H

#include "base/range.h"
#include "model/kept.h"
#include "store/grid.h"
#include "store/motion.h"

#include <stdbool.h>

/* The quantities that change little by little, each a whole number of its quantum. */
enum point_quantum {
    QUANTUM_TIME, /* of what passed since the chunk's first point, ms */
    QUANTUM_PLACE,
    QUANTUM_BARO_RATE,
    QUANTUM_GEOM_RATE,
    QUANTUM_ALT_BARO,
    QUANTUM_ALT_GEOM,
    QUANTUM_GS,
    QUANTUM_TRACK,
    QUANTA
};

/* The quantities that change rarely. */
enum point_slow {
    SLOW_FLIGHT,
    SLOW_SQUAWK,
    SLOW_RECEIVER,
    SLOW_ORIGIN,
    SLOW_GROUND,
    SLOW_VERSION,
    SLOW_SIL,
    SLOW_NAC_P,
    SLOW_NIC,
    SLOW_RC,
    SLOWS
};

enum { POINT_RECENT = 8, POINT_CONTEXTS = 4 };

struct point_length { /* a number >= 0 of any size: its bits, then the two below the first */
    struct range_model bits[32];
    struct range_model top[32][4];
};

struct point_models {
    struct range_model changed, which[SLOWS], recent[SLOWS][POINT_RECENT];
    struct range_model same_mask, mask[64];
    struct range_model velocity[4][4], grid[8][8];
    struct point_length time;
    struct range_number rate[2][2], alt_baro[2], alt_geom[2], gs, track, east[2], north[2];
    struct range_number place[2][POINT_CONTEXTS][2]; /* off or on the grid, by context, lat lon */
};

struct point_coder {
    struct range_coder c;
    int32_t quantum[QUANTA]; /* 1 .. 65535; of QUANTUM_PLACE 1, 10 or 100 */
    struct kept at;          /* the last point */
    int64_t dt_ms;           /* to the point being coded */
    struct motion now;       /* its velocity; as the last where not known */
    struct motion drift;     /* velocity between the last two points */
    bool has_velocity;       /* of the point being coded */
    uint64_t recent[SLOWS][POINT_RECENT];
    unsigned mask, velocity, context;
    enum grid_kind kind;
    unsigned zones;
    struct grid_step step[GRID_KINDS][2];
    struct motion_scale scale;
    struct point_models m;
};

/* Before the first point, after c and quantum are set. first is the chunk's first point: address
   and time are taken from it. */
void point_start(struct point_coder *p, uint32_t address, int64_t first_ms);

/* Writes *k, or reads it. */
void point_code(struct point_coder *p, struct kept *k);

#endif
