/* One point after another through the range coder: the same code writes and reads. */
#ifndef MASAR_STORE_POINT_H
#define MASAR_STORE_POINT_H

#include "base/range.h"
#include "model/kept.h"
#include "store/grid.h"
#include "store/motion.h"

#include <stdbool.h>
#include <string.h>

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
    SLOW_QNH, /* from chunk version 2 on */
    SLOWS
};

/* What the aircraft itself measures of the air around it; from chunk version 2 on, and only where
   the chunk has any of it. */
enum point_air { AIR_IAS, AIR_TAS, AIR_ROLL, AIR_HEADING, AIRS };

/* A quantum of air data that says: steps of 45/256 degrees, as BDS 5,0 and 6,0 have them. */
enum { AIR_STEPS = 0 };

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
    struct range_model air_same, air_mask[16], air_moves[2];
    struct range_number air[AIRS];
};

struct point_coder {
    struct range_coder c;
    int32_t quantum[QUANTA];   /* 1 .. 65535; of QUANTUM_PLACE 1, 10 or 100 */
    int32_t air_quantum[AIRS]; /* 1 .. 65535 or AIR_STEPS */
    unsigned slows;            /* how many of SLOWS this version of the chunk has */
    bool has_air;
    struct kept at;      /* the last point */
    int64_t dt_ms;       /* to the point being coded */
    struct motion now;   /* its velocity; as the last where not known */
    struct motion drift; /* velocity between the last two points */
    bool has_velocity;   /* of the point being coded */
    uint64_t recent[SLOWS][POINT_RECENT];
    unsigned mask, velocity, context, air_mask, air_moved;
    int32_t air[AIRS]; /* the last known, in quanta */
    enum grid_kind kind;
    unsigned zones;
    struct grid_step step[GRID_KINDS][2];
    struct motion_scale scale;
    struct point_models m;
};

/* Before the first point, after c, the quanta, slows and has_air are set. Address and time are
   those of the chunk's first point. */
void point_start(struct point_coder *p, uint32_t address, int64_t first_ms);

/* What of a point changes rarely, as numbers. */
static inline void point_slow_get(const struct kept *k, uint64_t v[SLOWS])
{
    memcpy(&v[SLOW_FLIGHT], k->flight, 8);
    v[SLOW_SQUAWK] = k->squawk;
    v[SLOW_RECEIVER] = k->receiver;
    v[SLOW_ORIGIN] = k->origin;
    v[SLOW_GROUND] = k->ground;
    v[SLOW_VERSION] = k->version;
    v[SLOW_SIL] = k->sil;
    v[SLOW_NAC_P] = k->nac_p;
    v[SLOW_NIC] = k->nic;
    v[SLOW_RC] = (uint32_t)k->rc_m;
    v[SLOW_QNH] = k->nav_qnh_e1_hpa;
}

/* What of a point's air data is known, by bits of enum point_air. */
unsigned point_air_mask(const struct kept *k);
int32_t point_air_get(const struct kept *k, enum point_air a);
void point_air_set(struct kept *k, enum point_air a, int32_t v);
/* A value in a quantum's steps, and back; the nearest. */
int32_t point_air_steps(int32_t v, int32_t quantum);
int32_t point_air_value(int32_t steps, int32_t quantum);

/* Writes *k, or reads it. */
void point_code(struct point_coder *p, struct kept *k);

#endif
