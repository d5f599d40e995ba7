/* What several aircraft say together: kept points of all of them → rows of formations, refuelings
   (movement/pair.h) and cells of jamming (movement/jamming.h), numbered so that the same points
   make the same rows whenever and however often they are looked at.

   Points are noted as they come, in any order, and looked at in steps of 20 s of their own clock,
   once all of a step are there; within one by address and time. Orbits of the detector's
   (detect.h) are given too, before the time they were made at is looked at. Pure; one thread. 40
   bytes a point noted and not looked at yet. */
#ifndef MASAR_LEDGER_TOGETHER_H
#define MASAR_LEDGER_TOGETHER_H

#include "base/err.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOGETHER_STEP_MS = 20000 };

/* Numbers of these rows begin here: an aircraft's own (movement.h) stay far below. A cell's row has
   the address ADDRESS_NONE, the day as its epoch and the cell, from 1 on, as its number. */
#define TOGETHER_NUMBER (UINT32_C(1) << 30)

static inline bool together_is_row(const struct claim *c)
{
    return c->number >= TOGETHER_NUMBER || c->address == ADDRESS_NONE;
}

/* Points noted; zeroed is empty. Of one thread at a time. */
struct together_point {
    int64_t t_ms;
    uint32_t address;
    int32_t lat_e7, lon_e7, alt_baro_ft, gs_e2_kt;
    uint16_t track_e2_deg; /* KEPT_NO_HEADING */
    int16_t rate_fpm;      /* KEPT_NONE_16 */
    uint8_t nic, nac_p, origin, ground;
};

struct together_points {
    struct together_point *p;
    size_t n, cap;
};

enum err together_note(struct together_points *points, const struct kept *k); /* ERR_MEMORY */
void together_points_free(struct together_points *points);

struct together_options {
    /* Whether this address is a tanker: 1 yes, 0 no, -1 not known. NULL: never known. */
    int (*tanker)(void *ctx, uint32_t address, int64_t t_ms);
    void *tanker_ctx;
};

struct together; /* opaque */

struct together *together_new(const struct together_options *o); /* NULL: out of memory */
void together_free(struct together *t);                          /* NULL is fine */

/* Takes over what was noted; points is empty after it. ERR_MEMORY. */
enum err together_take(struct together *t, struct together_points *points);

/* A row of the detector's; what is no orbit is passed over. ERR_MEMORY. */
enum err together_orbit(struct together *t, const struct claim *c);

/* Nothing from before until_ms comes any more: looks at all whole steps before it, and closes the
   days that ended. ERR_MEMORY. */
enum err together_run(struct together *t, int64_t until_ms, claim_fn *fn, void *ctx);

#endif
