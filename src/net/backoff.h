/* How long to wait before the next try: 1, 2, 4 … s up to a cap, each spread over ±10 % so that
   many who lost one server do not come back in step. */
#ifndef MASAR_NET_BACKOFF_H
#define MASAR_NET_BACKOFF_H

#include "base/rng.h"

#include <stdint.h>

struct backoff {
    unsigned failures; /* in a row; 0 after a success */
    struct rng spread;
};

/* Milliseconds to wait after one more failure, at most cap_ms and its spread. */
static inline uint64_t backoff_next_ms(struct backoff *b, uint64_t cap_ms)
{
    const unsigned doublings = b->failures < 20 ? b->failures : 20;
    uint64_t ms = UINT64_C(1000) << doublings;
    ms = ms < cap_ms ? ms : cap_ms;
    b->failures++;
    return (uint64_t)((double)ms * (0.9 + 0.2 * rng_unit(&b->spread)));
}

#endif
