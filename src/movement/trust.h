/* How far one aircraft's reports can be believed: kept points → a verdict for each, and claims of
   false positions (`spoofed`).

   Believed is what fits what came before. A report is odd where no aircraft of this height and
   history can do it: a ground speed far below what it cruised at, lost faster than it can slow
   down; a position farther than it can have flown; a position that stands while its speed does not;
   air data or geometric height that suddenly contradict the rest. At the first odd report places
   are suspended at once; whether that was a glitch or a false position is decided by what follows.
   Meanwhile the aircraft is reckoned on from its heading and airspeed, or from its last speed, with
   a radius that grows. The default is a fault, not an attack: nothing is called false for less than
   a minute of it. (docs/PATTERNS.md)

   Apart from that a track may as a whole be that of an aircraft that does not exist: most of its
   version 2 reports carry SIL 0, or many do and it jumps.

   One machine an aircraft (and epoch), 0.4 KB; its points in time order. Pure. */
#ifndef MASAR_MOVEMENT_TRUST_H
#define MASAR_MOVEMENT_TRUST_H

#include "geo/sphere.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

enum trust_verdict {
    TRUST_SOUND,
    TRUST_STALE,   /* an old position sent again: neither for nor against */
    TRUST_SUSPECT, /* odd, or after something odd: believe no place yet */
    TRUST_FALSE    /* within false positions */
};

enum trust_flag {
    TRUST_MLAT_ONLY = 1,    /* no ADS-B position for ten minutes, only multilateration */
    TRUST_ONE_RECEIVER = 2, /* one receiver has heard all of the last 16 points that name theirs */
    TRUST_LOW_ACCURACY = 4, /* NACp below 8 or NIC below 7: as where satellites are jammed */
    TRUST_NO_INTEGRITY = 8, /* version 2 with SIL 0 */
    TRUST_REPAIRED = 16     /* from a frame whose bits were repaired (the caller says so) */
};

/* Of one point. */
struct trust_fix {
    enum trust_verdict verdict;
    uint8_t flags;  /* enum trust_flag */
    uint32_t rules; /* what was odd: bits, enum claim_rule */
    float p;        /* that the aircraft is where the point says, 0..1 */
};

struct trust; /* opaque */

/* NULL: out of memory. */
struct trust *trust_new(uint32_t address, uint16_t epoch);
void trust_free(struct trust *t); /* NULL is fine; claims nothing more */

/* The next point; one not later than the last is TRUST_STALE. repaired: its frame was. */
struct trust_fix trust_push(struct trust *t, const struct kept *k, bool repaired, claim_fn *fn,
                            void *ctx);

/* No more will come: claims what lasts, CLAIM_OPEN. The machine goes on empty. */
void trust_end(struct trust *t, claim_fn *fn, void *ctx);

/* What is odd about it now comes of another airframe that has its address, and that is known:
   nothing is called false, and it begins anew with the next point. */
void trust_forgive(struct trust *t);

/* True from the first odd report until reports are believed again: nothing may be concluded from
   places now: no landing, no orbit, no airport. As of the last point pushed. */
bool trust_suspended(const struct trust *t);

/* The track is that of an aircraft that does not exist: counted nowhere. */
bool trust_ghost(const struct trust *t);

/* It is a ghost's, and nothing in this point says that it is of another: the same call sign, or
   none. However it jumps, it is no second airframe of the address. */
bool trust_ghost_has(const struct trust *t, const struct kept *k);

/* Where it is likely to be at t_ms, within radius_m: reckoned on from the last believed point.
   False: nothing was believed yet. */
bool trust_reckoned(const struct trust *t, int64_t t_ms, struct sphere_place *at,
                    uint32_t *radius_m);

#endif
