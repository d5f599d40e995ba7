#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum err map_init(struct map *m, uint32_t max)
{
    /* At most four fifths full: there a search for a key that is not there looks at 13 entries on
       the average, one for a key that is at 3. */
    uint32_t size = 8;
    while (size < max + max / 4 + 1) {
        size *= 2;
    }
    *m = (struct map){.mask = size - 1, .max = max, .entry = malloc(size * sizeof *m->entry)};
    if (!m->entry) {
        return ERR_MEMORY;
    }
    memset(m->entry, 0xff, size * sizeof *m->entry); /* MAP_NO_KEY everywhere */
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
    uint32_t i = map_home(m, key);
    while (m->entry[i].key != MAP_NO_KEY) {
        i = (i + 1) & m->mask;
    }
    m->entry[i] = (struct map_entry){key, value};
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
