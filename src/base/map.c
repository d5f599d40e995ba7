#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 256 };

/* A table of size entries, a power of two, all free. */
static enum err map_alloc(struct map *m, uint32_t size)
{
    m->entry = malloc(size * sizeof *m->entry);
    m->mask = size - 1;
    if (!m->entry) {
        return ERR_MEMORY;
    }
    memset(m->entry, 0xff, size * sizeof *m->entry); /* MAP_NO_KEY everywhere */
    return ERR_OK;
}

enum err map_init(struct map *m, uint32_t max)
{
    *m = (struct map){.max = max};
    return map_alloc(m, LEAST);
}

static void put(struct map *m, struct map_entry e)
{
    uint32_t i = map_home(m, e.key);
    while (m->entry[i].key != MAP_NO_KEY) {
        i = (i + 1) & m->mask;
    }
    m->entry[i] = e;
}

static enum err map_double(struct map *m)
{
    const struct map old = *m;
    if (map_alloc(m, 2 * (old.mask + 1)) != ERR_OK) {
        *m = old;
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i <= old.mask; i++) {
        if (old.entry[i].key != MAP_NO_KEY) {
            put(m, old.entry[i]);
        }
    }
    free(old.entry);
    return ERR_OK;
}

void map_free(struct map *m)
{
    free(m->entry);
    *m = (struct map){0};
}

enum err map_add(struct map *m, uint32_t key, uint32_t value)
{
    if (m->n >= m->max) {
        return ERR_FULL;
    }
    /* At most seven tenths full: there a search for a key looks at some 2 entries, one for a key
       that is not there at 6. */
    if (m->n >= m->mask / 10 * 7 && map_double(m) != ERR_OK) {
        return ERR_MEMORY;
    }
    put(m, (struct map_entry){key, value});
    m->n++;
    return ERR_OK;
}

bool map_remove(struct map *m, uint32_t key)
{
    uint32_t hole = map_home(m, key);
    while (m->entry[hole].key != key) {
        if (m->entry[hole].key == MAP_NO_KEY) {
            return false;
        }
        hole = (hole + 1) & m->mask;
    }
    /* Every entry after the hole whose search would pass the hole moves into it, so that a search
       may still end at the first free entry. */
    for (uint32_t i = (hole + 1) & m->mask; m->entry[i].key != MAP_NO_KEY; i = (i + 1) & m->mask) {
        const uint32_t home = map_home(m, m->entry[i].key);
        if (((i - home) & m->mask) >= ((i - hole) & m->mask)) {
            m->entry[hole] = m->entry[i];
            hole = i;
        }
    }
    m->entry[hole] = (struct map_entry){MAP_NO_KEY, MAP_NONE};
    m->n--;
    return true;
}
