/* Aircraft side by side: kept points of many aircraft → claims of formation and refueling.

   Every 20 seconds of the data's clock each aircraft heard in the last minute, carried on to then,
   is laid into a grid of 3 NM and held against its neighbors, at most so many: two that stay
   within 1.5 NM (3 NM where either is multilaterated) and 1,000 ft, at one speed and track, above
   8,000 ft, for five minutes, flew in formation. Where one of them is a tanker, by what the caller
   knows of its type, or flies the speed and heights and the racetrack of one, and the other comes
   from 10 NM away, stays within 0.5 NM for eight minutes or more, and leaves, they flew as for
   refueling. Never more than "as for": nobody sees the hose. What closes in on arrival does not
   count: both must hold their height.

   Points of all aircraft in time order; one older than its aircraft's last is left out. Bounded:
   10,000 aircraft on one airfield cost no more than 10,000 elsewhere. 100 bytes an aircraft, 130 a
   pair. Pure; one thread a machine. */
#ifndef MASAR_MOVEMENT_PAIR_H
#define MASAR_MOVEMENT_PAIR_H

#include "base/err.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

struct pair_options {
    uint32_t aircraft_max; /* 0: 100,000; the ones longest silent make room */
    uint32_t pairs_max;    /* 0: 10,000; further ones are counted and not followed */
    /* Whether this address is a tanker: 1 yes, 0 no, -1 not known. NULL: never known. */
    int (*tanker)(void *ctx, uint32_t address, int64_t t_ms);
    void *tanker_ctx;
};

struct pair_sums {
    uint64_t points, late, low; /* taken; older than the last; not flying high enough */
    uint64_t compared;          /* two aircraft held against each other */
    uint64_t crowded;           /* neighbors left out: too many in a cell */
    uint64_t full;              /* pairs not followed: pairs_max are */
    uint64_t claims;
};

struct pair; /* opaque */

/* NULL: out of memory. */
struct pair *pair_new(const struct pair_options *o);
void pair_free(struct pair *p); /* NULL is fine; claims nothing more */

/* The next point of all. A claim is given at the end of what it tells of, to the address that was
   followed (the tanker's partner, else the one behind), with the other in `other`. ERR_MEMORY: the
   point was not taken. */
enum err pair_push(struct pair *p, const struct kept *k, claim_fn *fn, void *ctx);

/* An orbit claimed of a tanker's height, whose partner was not seen: a refueling of probability 0.5
   at most, 0.3 where the type is not known. Call it with every orbit (pattern.h) that is claimed;
   others are passed over. */
void pair_orbit(struct pair *p, const struct claim *orbit, claim_fn *fn, void *ctx);

/* Claims what lasts, CLAIM_OPEN; the machine goes on empty. */
void pair_end(struct pair *p, claim_fn *fn, void *ctx);

const struct pair_sums *pair_sums(const struct pair *p);

#endif
