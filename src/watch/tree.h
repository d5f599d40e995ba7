/* Which of many areas may hold a place: a tree of boxes, halved each way until few areas meet a
   box. Pure; shapes are borrowed. */
#ifndef MASAR_WATCH_TREE_H
#define MASAR_WATCH_TREE_H

#include "base/err.h"
#include "geo/area.h"

#include <stddef.h>
#include <stdint.h>

struct tree_node;

/* Zeroed is empty. */
struct tree {
    struct tree_node *node;
    uint32_t nodes, nodes_max;
    uint32_t *item; /* lists of leaves */
    uint32_t items, items_max;
};

/* Makes it of n areas; what it held is gone. ERR_MEMORY. */
enum err tree_make(struct tree *t, const struct area_shape *const *shape, uint32_t n);
void tree_free(struct tree *t);

/* Indexes of the areas that may hold it, ascending; NULL where there is none. */
const uint32_t *tree_at(const struct tree *t, int32_t lat_e7, int32_t lon_e7, uint32_t *n);

#endif
