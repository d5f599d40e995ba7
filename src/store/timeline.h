/* What a query finds, in the order of time instead of by aircraft: read in slices of time that are
   made shorter or longer so that each fits the memory given. One thread at a time, as its store. */
#ifndef MASAR_STORE_TIMELINE_H
#define MASAR_STORE_TIMELINE_H

#include "store/store.h"

struct timeline;

/* q's times must both be set. points_max: of a slice, at least 2; one instant of more points than
   that is still one slice. The store is borrowed until timeline_free; what q points to is read
   until then. NULL: out of memory. */
struct timeline *timeline_new(struct store *s, const struct store_query *q, size_t points_max);
void timeline_free(struct timeline *t);

/* The next slice that has points, ordered by time, then address; borrowed until the next call. n is
   0 at the end. Errors as store_find; torn counts chunks that could not be read (one may count once
   for each slice it reaches into). */
enum err timeline_next(struct timeline *t, const struct kept **points, size_t *n);
size_t timeline_torn(const struct timeline *t);

#endif
