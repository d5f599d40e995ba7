#include "coverage/grid.h"

#include <stdlib.h>
#include <string.h>

enum { GRID_LEAST = 256 };

/* At its bounds a count stays. */
static void sum(int32_t *to, int32_t n)
{
    if (__builtin_add_overflow(*to, n, to)) {
        *to = n < 0 ? INT32_MIN : INT32_MAX;
    }
}

void coverage_count_add(struct coverage_count *to, const struct coverage_count *from)
{
    sum(&to->heard_s, from->heard_s);
    sum(&to->missed_s, from->missed_s);
    sum(&to->heard, from->heard);
    sum(&to->missed, from->missed);
    sum(&to->presumed_s, from->presumed_s);
    sum(&to->presumed, from->presumed);
    sum(&to->lost, from->lost);
    sum(&to->sunk, from->sunk);
    sum(&to->found, from->found);
    if (from->low_ft != KEPT_NONE && (to->low_ft == KEPT_NONE || from->low_ft < to->low_ft)) {
        to->low_ft = from->low_ft;
    }
}

bool coverage_count_is_none(const struct coverage_count *n)
{
    return !(n->heard_s | n->missed_s | n->heard | n->missed | n->presumed_s | n->presumed |
             n->lost | n->sunk | n->found);
}

static size_t home(const struct coverage_grid *g, uint64_t key)
{
    const uint64_t h = (key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 32) & (g->slots - 1);
}

static void place(struct coverage_grid *g, uint32_t index)
{
    size_t i = home(g, g->entry[index].key);
    while (g->slot[i] != UINT32_MAX) {
        i = (i + 1) & (g->slots - 1);
    }
    g->slot[i] = index;
}

static enum err resize(struct coverage_grid *g, size_t cap)
{
    size_t slots = GRID_LEAST;
    while (slots < cap * 2) {
        slots *= 2;
    }
    struct coverage_entry *entry = realloc(g->entry, cap * sizeof *entry);
    if (!entry) {
        return ERR_MEMORY;
    }
    g->entry = entry;
    uint32_t *slot = realloc(g->slot, slots * sizeof *slot);
    if (!slot) {
        return ERR_MEMORY;
    }
    memset(slot, 0xff, slots * sizeof *slot);
    g->slot = slot, g->slots = slots, g->cap = cap;
    for (size_t i = 0; i < g->n; i++) {
        place(g, (uint32_t)i);
    }
    return ERR_OK;
}

enum err coverage_grid_init(struct coverage_grid *g, size_t max)
{
    *g = (struct coverage_grid){.max = max};
    return resize(g, max < GRID_LEAST ? max : GRID_LEAST);
}

void coverage_grid_free(struct coverage_grid *g)
{
    free(g->entry);
    free(g->slot);
    *g = (struct coverage_grid){0};
}

void coverage_grid_clear(struct coverage_grid *g)
{
    g->n = 0;
    memset(g->slot, 0xff, g->slots * sizeof *g->slot);
}

enum err coverage_grid_reserve(struct coverage_grid *g, size_t n)
{
    if (g->n + n <= g->cap) {
        return ERR_OK;
    }
    if (g->n + n > g->max) {
        return ERR_FULL;
    }
    size_t cap = g->cap * 2;
    cap = cap < g->n + n ? g->n + n : cap;
    return resize(g, cap < g->max ? cap : g->max);
}

uint32_t coverage_grid_at(struct coverage_grid *g, uint64_t key)
{
    size_t i = home(g, key);
    for (; g->slot[i] != UINT32_MAX; i = (i + 1) & (g->slots - 1)) {
        if (g->entry[g->slot[i]].key == key) {
            return g->slot[i];
        }
    }
    g->entry[g->n] = (struct coverage_entry){key, coverage_count_none()};
    g->slot[i] = (uint32_t)g->n;
    return (uint32_t)g->n++;
}

const struct coverage_count *coverage_grid_get(const struct coverage_grid *g, uint64_t key)
{
    for (size_t i = home(g, key); g->slot[i] != UINT32_MAX; i = (i + 1) & (g->slots - 1)) {
        if (g->entry[g->slot[i]].key == key) {
            return &g->entry[g->slot[i]].n;
        }
    }
    return NULL;
}

enum err coverage_grid_add(struct coverage_grid *g, const struct coverage_entry *e)
{
    const enum err err = coverage_grid_reserve(g, 1);
    if (!err) {
        coverage_count_add(&g->entry[coverage_grid_at(g, e->key)].n, &e->n);
    }
    return err;
}

static int order(const void *a, const void *b)
{
    const uint64_t x = ((const struct coverage_entry *)a)->key;
    const uint64_t y = ((const struct coverage_entry *)b)->key;
    const int32_t p = coverage_key_hour(x), q = coverage_key_hour(y);
    if (p != q) {
        return p < q ? -1 : 1;
    }
    const unsigned s = coverage_tile(coverage_key_cell(x)), t = coverage_tile(coverage_key_cell(y));
    if (s != t) {
        return s < t ? -1 : 1;
    }
    return (x > y) - (x < y);
}

void coverage_grid_sort(struct coverage_grid *g)
{
    if (g->n > 1) {
        qsort(g->entry, g->n, sizeof *g->entry, order);
    }
}
