/* Reproducible randomness, handed in: SplitMix64 (Steele, Lea, Flood 2014). Not for secrets. */
#ifndef MASAR_BASE_RNG_H
#define MASAR_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state; /* the seed; any value */
};

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Uniform in [0, 1). */
static inline double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. n-1; n > 0. The bias is below n / 2^32. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
    return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

#endif
