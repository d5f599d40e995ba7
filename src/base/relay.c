#include "base/relay.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

enum { LINE = 64 /* bytes: what one thread writes is not beside what the other does */ };

struct relay {
    size_t item_bytes;
    unsigned mask;
    uint8_t *items;
    _Alignas(LINE) atomic_uint written; /* both count on for ever and wrap */
    _Alignas(LINE) atomic_uint read;
};

struct relay *relay_new(size_t item_bytes, unsigned items)
{
    struct relay *r = aligned_alloc(LINE, sizeof *r);
    uint8_t *space = calloc(items, item_bytes);
    if (!r || !space || items == 0 || (items & (items - 1))) {
        free(r);
        free(space);
        return NULL;
    }
    r->item_bytes = item_bytes;
    r->mask = items - 1;
    r->items = space;
    atomic_init(&r->written, 0);
    atomic_init(&r->read, 0);
    return r;
}

void relay_free(struct relay *r)
{
    if (r) {
        free(r->items);
        free(r);
    }
}

static void *item(struct relay *r, unsigned number)
{
    return r->items + (number & r->mask) * r->item_bytes;
}

void *relay_room(struct relay *r)
{
    const unsigned written = atomic_load_explicit(&r->written, memory_order_relaxed);
    const unsigned read = atomic_load_explicit(&r->read, memory_order_acquire);
    return written - read > r->mask ? NULL : item(r, written);
}

void relay_put(struct relay *r)
{
    atomic_fetch_add_explicit(&r->written, 1, memory_order_release);
}

void *relay_oldest(struct relay *r)
{
    const unsigned read = atomic_load_explicit(&r->read, memory_order_relaxed);
    const unsigned written = atomic_load_explicit(&r->written, memory_order_acquire);
    return written == read ? NULL : item(r, read);
}

void relay_drop(struct relay *r)
{
    atomic_fetch_add_explicit(&r->read, 1, memory_order_release);
}

unsigned relay_waiting(const struct relay *r)
{
    return atomic_load_explicit(&r->written, memory_order_acquire) -
           atomic_load_explicit(&r->read, memory_order_acquire);
}
