#include "watch/tree.h"

#include <stdlib.h>
#include <string.h>

enum { LEAF_MAX = 4, DEPTH_MAX = 13, ITEMS_MAX = 1 << 24 };

struct tree_node {
    uint32_t child; /* first of four; 0: a leaf */
    uint32_t first, n;
};

static enum err room(void **p, uint32_t *max, uint32_t need, size_t size)
{
    if (need <= *max) {
        return ERR_OK;
    }
    uint32_t more = *max ? *max : 256;
    while (more < need) {
        more *= 2;
    }
    void *q = realloc(*p, more * size);
    if (!q) {
        return ERR_MEMORY;
    }
    *p = q;
    *max = more;
    return ERR_OK;
}

static struct area_box quarter(const struct area_box *b, unsigned i)
{
    const int32_t lat = (int32_t)(((int64_t)b->lat_low + b->lat_high) / 2);
    const int32_t lon = (int32_t)(((int64_t)b->lon_low + b->lon_high) / 2);
    return (struct area_box){.lat_low = i & 2 ? lat : b->lat_low,
                             .lat_high = i & 2 ? b->lat_high : lat,
                             .lon_low = i & 1 ? lon : b->lon_low,
                             .lon_high = i & 1 ? b->lon_high : lon};
}

/* Writes what of the list meets the box behind the items; how many. */
static enum err meeting(struct tree *t, const struct area_shape *const *shape, uint32_t first,
                        uint32_t n, const struct area_box *b, uint32_t *out)
{
    if (t->items > ITEMS_MAX || room((void **)&t->item, &t->items_max, t->items + n, 4)) {
        return ERR_MEMORY;
    }
    uint32_t m = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t k = t->item[first + i];
        if (area_shape_meets(shape[k], b)) {
            t->item[t->items + m++] = k;
        }
    }
    *out = m;
    return ERR_OK;
}

/* Splits a node as long as that leaves fewer areas in its quarters. */
static enum err split(struct tree *t, const struct area_shape *const *shape, uint32_t at,
                      const struct area_box *box, unsigned depth)
{
    const uint32_t first = t->node[at].first, n = t->node[at].n;
    if (n <= LEAF_MAX || depth == DEPTH_MAX) {
        return ERR_OK;
    }
    const uint32_t child = t->nodes;
    if (room((void **)&t->node, &t->nodes_max, t->nodes + 4, sizeof *t->node)) {
        return ERR_MEMORY;
    }
    t->nodes += 4;
    uint32_t most = 0, m[4];
    const uint32_t items = t->items;
    for (unsigned i = 0; i < 4; i++) {
        const struct area_box b = quarter(box, i);
        const enum err e = meeting(t, shape, first, n, &b, &m[i]);
        if (e) {
            return e;
        }
        t->node[child + i] = (struct tree_node){.first = t->items, .n = m[i]};
        t->items += m[i];
        most = m[i] > most ? m[i] : most;
    }
    if (most == n && depth > 6) { /* they lie over each other: no smaller box helps */
        t->nodes = child;
        t->items = items;
        return ERR_OK;
    }
    t->node[at].child = child;
    for (unsigned i = 0; i < 4; i++) {
        const struct area_box b = quarter(box, i);
        const enum err e = split(t, shape, child + i, &b, depth + 1);
        if (e) {
            return e;
        }
    }
    return ERR_OK;
}

static const struct area_box whole = {-900000000, 900000000, -1800000000, 1800000000};

enum err tree_make(struct tree *t, const struct area_shape *const *shape, uint32_t n)
{
    t->nodes = t->items = 0;
    if (n == 0) {
        return ERR_OK;
    }
    if (room((void **)&t->node, &t->nodes_max, 1, sizeof *t->node) ||
        room((void **)&t->item, &t->items_max, n, 4)) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++) {
        t->item[i] = i;
    }
    t->items = n;
    t->node[0] = (struct tree_node){.n = n};
    t->nodes = 1;
    const enum err e = split(t, shape, 0, &whole, 0);
    t->nodes = e ? 0 : t->nodes;
    return e;
}

void tree_free(struct tree *t)
{
    free(t->node);
    free(t->item);
    *t = (struct tree){0};
}

const uint32_t *tree_at(const struct tree *t, int32_t lat_e7, int32_t lon_e7, uint32_t *n)
{
    *n = 0;
    if (t->nodes == 0) {
        return NULL;
    }
    struct area_box b = whole;
    uint32_t at = 0;
    while (t->node[at].child) {
        const int32_t lat = (int32_t)(((int64_t)b.lat_low + b.lat_high) / 2);
        const int32_t lon = (int32_t)(((int64_t)b.lon_low + b.lon_high) / 2);
        const unsigned i = (lat_e7 >= lat ? 2U : 0U) | (lon_e7 >= lon ? 1U : 0U);
        b = quarter(&b, i);
        at = t->node[at].child + i;
    }
    *n = t->node[at].n;
    return t->item + t->node[at].first;
}
