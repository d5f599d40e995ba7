/* Decoded chunks, packed (pack.h: some 16 bytes a point), for all who play history: whoever comes
   to a chunk that another has opened need not open it again. What nobody uses goes when its place
   is needed, the longest unused first; what is in use stays. Any thread. */
#ifndef MASAR_STORE_SHELF_H
#define MASAR_STORE_SHELF_H

#include <stddef.h>
#include <stdint.h>

struct shelf;

struct shelf_key {
    int64_t id, first_ms, last_ms;
    uint32_t address;
};

/* All points of a chunk, each as it differs from the one before, the first from a point of which
   nothing is known, at 0 ms (reel.c). Read only, until it is given back. */
struct shelf_item {
    struct shelf_key key;
    uint32_t n;
    uint8_t packed[];
};

/* For one store. bytes_max: of all that is on it. NULL: out of memory. */
struct shelf *shelf_new(size_t bytes_max);
/* When all was given back. NULL is fine. */
void shelf_free(struct shelf *s);

/* NULL: it is not there. */
const struct shelf_item *shelf_take(struct shelf *s, const struct shelf_key *key);

/* Puts a copy of n bytes there and takes it; what is there already is taken instead. NULL: there is
   no place. */
const struct shelf_item *shelf_put(struct shelf *s, const struct shelf_key *key,
                                   const uint8_t *packed, uint32_t n);

void shelf_give_back(struct shelf *s, const struct shelf_item *item);

size_t shelf_bytes(struct shelf *s);

#endif
