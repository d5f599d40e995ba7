/* Days of the memory of coverage: the hours' records summed up, so that an answer over months reads
   one record where it would read twenty-four. Nothing in them is not in the hours: a day of which
   an hour changes is forgotten, by triggers, and summed up anew. Inside this room only. */
#ifndef MASAR_STORE_COVERAGE_DAY_H
#define MASAR_STORE_COVERAGE_DAY_H

#include "store/store.h"

/* The tables, made by the writer beside those of the hours. */
extern const char coverage_day_tables[];

/* Sums up the oldest day that is not, but for the last two, which still grow. more: there are
   others. ERR_FULL, ERR_SYSTEM, ERR_MEMORY: nothing was done. */
enum err coverage_day_make(struct store *s, bool *more);

/* Days since 1970 of an hour, rounded down. */
static inline int32_t coverage_day_of(int32_t hour)
{
    return (int32_t)(hour / 24 - (hour % 24 < 0));
}

/* The first day from `day` on, below `end`, that is summed up; end where none is. */
int32_t coverage_day_next(struct store *s, int32_t day, int32_t end);

#endif
