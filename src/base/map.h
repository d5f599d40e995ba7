/* An open-addressing table from 32-bit keys to 32-bit values. It doubles as it fills, so that few
   keys lie close together in memory; the longest a call takes is to move all keys over, some 1 ms
   for 100,000. Removal shifts entries back instead of leaving marks. The key MAP_NO_KEY is
   reserved. One thread. Owner: whoever made it. */
#ifndef MASAR_BASE_MAP_H
#define MASAR_BASE_MAP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NO_KEY UINT32_MAX
#define MAP_NONE   UINT32_MAX

struct map_entry {
    uint32_t key, value; /* one cache line holds eight: a search seldom leaves the first */
};

struct map {
    struct map_entry *entry;
    uint32_t mask; /* entries - 1; entries is a power of two */
    uint32_t n, max;
};

/* Room for max keys (1 .. 2^27). ERR_MEMORY. */
enum err map_init(struct map *m, uint32_t max);
void map_free(struct map *m);

/* Adds a key that is not there. ERR_FULL: max are; ERR_MEMORY. */
enum err map_add(struct map *m, uint32_t key, uint32_t value);

/* False: it was not there. */
bool map_remove(struct map *m, uint32_t key);

/* Where the search for a key begins: multiplications and shifts that spread every input bit
   (the finalizer of MurmurHash3). */
static inline uint32_t map_home(const struct map *m, uint32_t key)
{
    uint32_t h = key;
    h = (h ^ h >> 16) * UINT32_C(0x85ebca6b);
    h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
    return (h ^ h >> 16) & m->mask;
}

/* The value, MAP_NONE if the key is not there. */
static inline uint32_t map_get(const struct map *m, uint32_t key)
{
    for (uint32_t i = map_home(m, key);; i = (i + 1) & m->mask) {
        const struct map_entry e = m->entry[i];
        if (e.key == key) {
            return e.value;
        }
        if (e.key == MAP_NO_KEY) {
            return MAP_NONE;
        }
    }
}

#endif
