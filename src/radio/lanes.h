/* Eight floats side by side. The compiler makes of them what the processor has; the order in which
   they are added up is written here, so that the answer is the same to the bit on all. Pure. */
#ifndef MASAR_RADIO_LANES_H
#define MASAR_RADIO_LANES_H

#include <string.h>

enum { LANES = 8 };

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef float lanes_half __attribute__((vector_size(2 * LANES)));

static inline lanes lanes_load(const float *v)
{
    lanes l;
    memcpy(&l, v, sizeof l);
    return l;
}

static inline float lanes_sum(lanes l)
{
    const lanes_half h =
        __builtin_shufflevector(l, l, 0, 1, 2, 3) + __builtin_shufflevector(l, l, 4, 5, 6, 7);
    return (h[0] + h[2]) + (h[1] + h[3]);
}

/* The sum of n numbers, n a multiple of LANES. */
static inline float lanes_total(const float *v, unsigned n)
{
    lanes sum = {0};
    for (unsigned k = 0; k < n; k += LANES) {
        sum += lanes_load(v + k);
    }
    return lanes_sum(sum);
}

#endif
