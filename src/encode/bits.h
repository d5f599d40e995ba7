/* Writing the fields of a 56-bit ME or MB field. */
#ifndef MASAR_ENCODE_BITS_H
#define MASAR_ENCODE_BITS_H

#include <stdint.h>

/* v, cut to its width, as bits first..last (1 = most significant of 56), to be added with |. */
static inline uint64_t bits_at(unsigned first, unsigned last, int64_t v)
{
    return ((uint64_t)v & ((UINT64_C(1) << (last - first + 1)) - 1)) << (56 - last);
}

/* n/d rounded to the nearest, halves away from zero; d > 0. */
static inline int64_t bits_round(int64_t n, int64_t d)
{
    return n < 0 ? -((-n + d / 2) / d) : (n + d / 2) / d;
}

/* |v| in steps, plus one: how velocities and differences are coded, where 0 is "not available" and
   most "that or more". */
static inline int64_t bits_steps_1(int64_t v, int64_t step, int64_t most)
{
    const int64_t n = bits_round(v < 0 ? -v : v, step) + 1;
    return n < most ? n : most;
}

#endif
