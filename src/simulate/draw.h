/* Draws that depend on nothing but the seed and what is asked: the same question has the same
   answer whenever it is asked, which lets a simulation begin anywhere in its time. */
#ifndef MASAR_SIMULATE_DRAW_H
#define MASAR_SIMULATE_DRAW_H

#include "base/rng.h"

#include <stdint.h>

/* What a draw is for: no two share their numbers. */
enum draw {
    DRAW_CLASS = 1,
    DRAW_SQUAWK,
    DRAW_LEVEL,
    DRAW_SPEED,
    DRAW_COUNT,
    DRAW_DEPARTURE,
    DRAW_TURN,
    DRAW_STAND,
    DRAW_GROUND,
    DRAW_RUNWAY,
    DRAW_QNH,
    DRAW_WIND,
    DRAW_LISTEN,
    DRAW_JITTER,
    DRAW_HEARD,
    DRAW_LOSS,
    DRAW_JAM,
    DRAW_GHOST,
    DRAW_REDRAW,
    DRAW_PEOPLE,
    DRAW_CLEARANCE,
    DRAW_CLAIM,
    DRAW_TRAFFIC
};

static inline uint64_t draw_bits(uint64_t seed, enum draw what, uint64_t a, uint64_t b)
{
    struct rng r = {seed ^ (uint64_t)what << 56};
    r.state = rng_next(&r) ^ a;
    r.state = rng_next(&r) ^ b;
    return rng_next(&r);
}

/* Uniform in [0, 1). */
static inline double draw_unit(uint64_t seed, enum draw what, uint64_t a, uint64_t b)
{
    return (double)(draw_bits(seed, what, a, b) >> 11) * 0x1p-53;
}

#endif
