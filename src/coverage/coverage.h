/* The memory of coverage: what was heard and what was missed, learned from kept points alone.

   The grid is a sum over pairs: each two points of one aircraft that follow each other in time, and
   the end of each aircraft's points. A pair less than `quiet` apart was heard all the while. A
   longer silence between two points in the air that can be joined by a flight went unheard through
   every cell on its way: the strongest evidence there is that a cell is not covered. A descent that
   ends in silence, a climb that begins out of it, went unheard below. So the grid does not depend
   on the order in which aircraft come, only on each aircraft's points coming in the order of time:
   live, replayed and imported points give the same.

   Pure; memory is bounded by the options; one thread. docs/COVERAGE.md gives the rules. */
#ifndef MASAR_COVERAGE_COVERAGE_H
#define MASAR_COVERAGE_COVERAGE_H

#include "coverage/grid.h"
#include "model/kept.h"

/* Points farther apart than this are not one flight: nothing is said of the time between. */
#define COVERAGE_HOLE_MS INT64_C(23400000) /* 6.5 h, the longest of the Atlantic */

struct coverage_options {
    size_t entries_max;  /* of the grid between two clearings, 40 bytes each; at least 4096 */
    uint32_t crafts_max; /* aircraft followed at once, 112 bytes each */
};

struct coverage;

/* NULL: out of memory, or options that make no sense. */
struct coverage *coverage_new(const struct coverage_options *o);
void coverage_free(struct coverage *c);

/* Takes a kept point; those of one aircraft in the order of their time (one that is earlier than
   its last is left out: ERR_EXISTS). ERR_FULL: the grid is full, nothing was counted: read it,
   clear it, push again; or crafts_max aircraft are followed and none has been silent for longer
   than COVERAGE_HOLE_MS: then this point is left out. ERR_MEMORY. */
enum err coverage_push(struct coverage *c, const struct kept *p);

/* The last point of an aircraft that was pushed and settled elsewhere: what is pushed next goes on
   from there. */
enum err coverage_resume(struct coverage *c, const struct kept *p);

/* Counts every aircraft's last point as its end, until another one is pushed that takes that back:
   the grid is then that of the points so far. ERR_FULL, ERR_MEMORY as coverage_push; call again
   after clearing. */
enum err coverage_settle(struct coverage *c);

/* Forgets all aircraft (settle first), not the grid. */
void coverage_forget(struct coverage *c);

/* What was counted since it was cleared. To read and sort; then coverage_clear. */
struct coverage_grid *coverage_grid(struct coverage *c);
void coverage_clear(struct coverage *c);

#endif
