/* Fixes nobody should believe, kept with the reason: a ring, the oldest go first. */
#include "track/internal.h"

#include <stdlib.h>

bool rejected_init(struct tracker *t, uint32_t max)
{
    t->rejected_max = max;
    t->rejected = calloc(max, sizeof *t->rejected);
    return t->rejected != NULL;
}

void rejected_keep(struct tracker *t, const struct fix *f)
{
    t->rejected[t->rejected_n++ % t->rejected_max] = *f;
}

size_t tracker_rejected(const struct tracker *t, uint32_t address, struct fix *out, size_t max)
{
    const uint64_t kept = t->rejected_n < t->rejected_max ? t->rejected_n : t->rejected_max;
    size_t n = 0;
    for (uint64_t back = 1; back <= kept && n < max; back++) {
        const struct fix *f = &t->rejected[(t->rejected_n - back) % t->rejected_max];
        if (address == ADDRESS_NONE || f->address == address) {
            out[n++] = *f;
        }
    }
    return n;
}
