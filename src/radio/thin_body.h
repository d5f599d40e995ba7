/* The loop of thin.h. Compiled once for each processor, by kernel_body.h. */
#ifndef MASAR_RADIO_THIN_BODY_H
#define MASAR_RADIO_THIN_BODY_H

#include "radio/lanes.h"
#include "radio/thin.h"

/* Makes of the samples held as many as it can, the rest moved down. Returns how many. */
static size_t thin_samples(struct thin *t, float *restrict out)
{
    size_t n = 0, at = 0;
    for (; at + t->taps <= t->n; at += t->by, n++) {
        const float *s = t->iq + 2 * at;
        lanes sum = {0};
        for (unsigned k = 0; k < 2 * t->taps; k += LANES) {
            sum += lanes_load(s + k) * lanes_load(t->weight + k);
        }
        const lanes_half h = __builtin_shufflevector(sum, sum, 0, 1, 2, 3) +
                             __builtin_shufflevector(sum, sum, 4, 5, 6, 7);
        out[2 * n] = h[0] + h[2];
        out[2 * n + 1] = h[1] + h[3];
    }
    t->n -= at;
    memmove(t->iq, t->iq + 2 * at, 2 * t->n * sizeof *t->iq);
    return n;
}

#endif
