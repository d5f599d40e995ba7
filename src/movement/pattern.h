/* What one aircraft's path looks like: kept points → claims of orbit, holding and survey
   (model/claim.h), each with interval, middle, size, shape and probability. A path is described,
   never a mission.

   A path is reduced to a ring of points, one each 30 degrees of turn or 90 s, each with the turn
   and the way summed up to it. Turn is summed from the reported track and from the chord between
   fixes, so that fixes 60 s apart say as much as fixes 1 s apart, down to circles of some two
   minutes. Going back from the newest point, the stretch that is flown most often over its own
   extent is the candidate; how it turns, rises and repeats says what it is (docs/PATTERNS.md).

   One machine an aircraft (and epoch); its points in time order. Bounded: 0.8 KB in straight
   flight, at most 2.4 KB, 0.3 KB where nothing flies. Pure; one thread a machine. */
#ifndef MASAR_MOVEMENT_PATTERN_H
#define MASAR_MOVEMENT_PATTERN_H

#include "base/err.h"
#include "model/claim.h"
#include "model/kept.h"

struct pattern; /* opaque */

/* NULL: out of memory. */
struct pattern *pattern_new(uint32_t address, uint16_t epoch);
void pattern_free(struct pattern *p); /* NULL is fine; claims nothing more */

/* The next point. A claim is given when what it tells of has ended, at the point that shows it; its
   interval lies before that point. Points without a place or not later than the last one are left
   out. ERR_MEMORY: the point was not taken. */
enum err pattern_push(struct pattern *p, const struct kept *k, claim_fn *fn, void *ctx);

/* The path is cut here: after false positions, a stay, a change of airframe. Claims what lasted
   until now; CLAIM_OPEN where it may have gone on. The machine goes on empty. */
void pattern_cut(struct pattern *p, claim_fn *fn, void *ctx);

/* True while an orbit, a hold or a survey is being flown, as far as can be told by now; *now says
   which, with its interval so far (CLAIM_OPEN). */
bool pattern_now(const struct pattern *p, struct claim *now);

#endif
