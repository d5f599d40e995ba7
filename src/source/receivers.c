#include "source/receivers.h"

#include "base/instant.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * RECEIVERS_MAX };

/* The table as others see it, and an open hash of its rows by source and id, or name; 0 is empty.
 */
struct indexed {
    struct receivers table; /* first */
    uint16_t slot[SLOTS];
};

struct receivers *receivers_new(void)
{
    struct indexed *x = calloc(1, sizeof *x);
    if (!x) {
        return NULL;
    }
    x->table.n = 1;
    x->table.row[0].last_frame_us = INSTANT_NONE;
    return &x->table;
}

void receivers_free(struct receivers *r)
{
    free((struct indexed *)r);
}

/* Fowler, Noll and Vo's FNV-1a over what tells a receiver from others. */
static size_t hash(uint16_t source, const char *name, uint64_t id)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ source;
    if (id != 0) {
        h = (h ^ id) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    } else {
        for (const char *c = name; *c; c++) {
            h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
        }
    }
    return (size_t)(h ^ h >> 32) % SLOTS;
}

static bool is_same(const struct receiver *row, uint16_t source, const char *name, uint64_t id)
{
    return row->source == source && row->id == id && (id != 0 || strcmp(row->name, name) == 0);
}

static uint16_t first_row(const struct receivers *r, uint16_t source)
{
    for (size_t i = 1; i < r->n; i++) {
        if (r->row[i].source == source) {
            return (uint16_t)i;
        }
    }
    return 0;
}

uint16_t receivers_number(struct receivers *r, uint16_t source, const char *name, uint64_t id)
{
    uint16_t *slot = ((struct indexed *)r)->slot;
    char text[RECEIVER_NAME_MAX];
    snprintf(text, sizeof text, "%s", name ? name : "");
    size_t at = hash(source, text, id);
    for (; slot[at] != 0; at = (at + 1) % SLOTS) {
        if (is_same(&r->row[slot[at]], source, text, id)) {
            return slot[at];
        }
    }
    if (r->n == RECEIVERS_MAX) {
        return first_row(r, source);
    }
    const uint16_t number = (uint16_t)r->n++;
    struct receiver *row = &r->row[number];
    *row = (struct receiver){
        .id = id,
        .source = source,
        .simulated = (id & RECEIVER_ID_SIMULATED_MASK) == RECEIVER_ID_SIMULATED,
        .last_frame_us = INSTANT_NONE,
    };
    memcpy(row->name, text, sizeof text);
    if (text[0] == '\0' && id != 0) {
        snprintf(row->name, sizeof row->name, "%016" PRIx64, id);
    }
    slot[at] = number;
    return number;
}
