/* All that is watched of one aircraft beside its movements: how far it can be believed (trust.h),
   and what its path looks like (pattern.h), in the order these need each other: no pattern is read
   from places that are not believed, and a false stretch cuts the path.

   One machine an aircraft (and epoch), its points in time order: 1.2 KB in straight flight, at most
   2.7 KB. Pure. */
#ifndef MASAR_MOVEMENT_PATTERNS_H
#define MASAR_MOVEMENT_PATTERNS_H

#include "movement/pattern.h"
#include "movement/trust.h"

struct patterns; /* opaque */

/* NULL: out of memory. */
struct patterns *patterns_new(uint32_t address, uint16_t epoch);
void patterns_free(struct patterns *p); /* NULL is fine; claims nothing more */

/* The next point; *fix (may be NULL) says what it is worth. ERR_MEMORY: its path was not taken, its
   trust was. */
enum err patterns_push(struct patterns *p, const struct kept *k, struct trust_fix *fix,
                       claim_fn *fn, void *ctx);

/* It is silent and will be heard again, if ever, on another flight: claims what lasts, CLAIM_OPEN.
   The machine goes on empty. */
void patterns_end(struct patterns *p, claim_fn *fn, void *ctx);

/* Between the first report that is not believed and the first that is again nothing may be
   concluded from its places: no landing, no orbit, no airport. As of the last point pushed. */
bool patterns_suspended(const struct patterns *p);

/* trust_ghost, trust_reckoned, pattern_now. */
const struct trust *patterns_trust(const struct patterns *p);
const struct pattern *patterns_path(const struct patterns *p);

#endif
