/* Points as they stand in a file → sorted by address and time, none twice. */
#ifndef MASAR_IMPORT_ORDER_H
#define MASAR_IMPORT_ORDER_H

#include "base/err.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>

/* True where b may follow a. */
static inline bool order_ascends(const struct kept *a, const struct kept *b)
{
    return a->address != b->address ? a->address < b->address : a->t_ms <= b->t_ms;
}

/* Sorts n points in place; of points of one address, time and place the first of the file stays. */
enum err order_sort(struct kept *p, size_t n);

/* Takes out of ascending points those that say the same place once more; returns how many stay. */
size_t order_unique(struct kept *p, size_t n);

#endif
