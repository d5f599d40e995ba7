/* One frame heard by several receivers is one frame. The same content by another receiver within a
   second of the first is its echo; by the same receiver it is a new transmission (a parked aircraft
   repeats itself, two radars ask the same question).

   A table of fixed size, one entry a hash; what is pushed out early is counted twice, which harms
   less than memory that grows. It is not used, nor its memory touched, before a second receiver is
   heard. */
#include "track/internal.h"

#include <stdlib.h>

enum {
    ENTRIES_MOST = 1 << 17,
    ENTRIES_LEAST = 1 << 10,
    SHIFT_MS = 10 /* 1.024 ms */,
    WINDOW_MS = 1000,
    AGAIN_MS = 300
};

struct heard {
    uint32_t tag; /* 0: none */
    uint32_t ms;
    uint32_t receivers; /* bit receiver % 32: has brought it */
    uint16_t receiver;  /* the first to bring it */
    uint16_t unused;
};

bool duplicate_init(struct tracker *t)
{
    uint32_t n = ENTRIES_LEAST;
    while (n < 4 * (uint64_t)t->aircraft_max && n < ENTRIES_MOST) {
        n *= 2; /* most aircraft say some four things a second */
    }
    t->heard_mask = n - 1;
    t->heard = calloc(n, sizeof *t->heard);
    return t->heard != NULL;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

/* Two frames with the same hash have the same content: address and payload, and where a frame has
   more than that (altitude, identity, status; of UAT all) its quantities. */
static uint64_t content_hash(const struct message *m)
{
    uint64_t h = mix((uint64_t)m->address << 8 | m->df, m->payload);
    if (m->has_place) {
        h = mix(h, (uint64_t)(uint32_t)m->lat_e7 << 32 | (uint32_t)m->lon_e7);
    }
    if (m->df != 17 && m->df != 18) {
        for (unsigned i = 0; i < m->n; i++) {
            h = mix(h, (uint64_t)m->item[i].field << 32 | (uint32_t)m->item[i].value);
        }
    }
    return mix(h, 1);
}

/* True where an entry is of this very transmission. */
static bool is_echo(const struct heard *e, uint16_t receiver, uint32_t ms)
{
    const int32_t since = (int32_t)(ms - e->ms);
    if (e->receiver == receiver || since > WINDOW_MS || since < -WINDOW_MS) {
        return false;
    }
    /* This receiver has brought its copy, or one that shares its bit has: told apart by time. */
    return !(e->receivers >> (receiver & 31) & 1) || since < AGAIN_MS;
}

bool duplicate_heard(struct tracker *t, const struct message *m, int64_t t_us)
{
    if (!t->is_shared) {
        t->is_shared = t->is_heard && m->receiver != t->receiver_first;
        t->is_heard = true;
        t->receiver_first = m->receiver;
        return false;
    }
    const uint64_t h = content_hash(m);
    struct heard *e = &t->heard[h & t->heard_mask];
    const uint32_t tag = (uint32_t)(h >> 32) | 1;
    const uint32_t ms = (uint32_t)(t_us >> SHIFT_MS);
    if (e->tag == tag && is_echo(e, m->receiver, ms)) {
        e->receivers |= UINT32_C(1) << (m->receiver & 31);
        return true;
    }
    *e = (struct heard){.tag = tag,
                        .ms = ms,
                        .receivers = UINT32_C(1) << (m->receiver & 31),
                        .receiver = m->receiver};
    return false;
}
