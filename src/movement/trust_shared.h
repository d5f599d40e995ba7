/* One address, perhaps two airframes: tells by their points which of them is meant, and claims
   `address_shared` when they were heard at once.

   Two airframes are two where the address jumps to and fro between two paths, each of which can be
   flown and neither of which can be reached from the other, and where they differ in height or call
   sign as well: one aircraft whose positions are spoofed now and then does not. In turn, they are
   two where the second comes after a silence from where the first cannot have flown to, under
   another call sign; and after 30 days nobody knows.

   A plain value of 0.2 KB for each address, zero-initialized at first. Pure. */
#ifndef MASAR_MOVEMENT_TRUST_SHARED_H
#define MASAR_MOVEMENT_TRUST_SHARED_H

#include "geo/sphere.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHARED_HEADS = 3 };

/* The newest point of one path. */
struct shared_head {
    int64_t t_ms;
    struct sphere_place place;
    int32_t alt_ft;         /* KEPT_NONE */
    float gs_kt, track_deg; /* < 0: not known */
    char flight[8];         /* NUL: not known */
    uint16_t epoch, fixes;
    uint16_t returns; /* how often it was come back to by an impossible jump */
};

struct shared {
    struct shared_head head[SHARED_HEADS];
    uint8_t heads, current;    /* current: whose point the last was */
    uint8_t confirmed;         /* heads known to be airframes of their own, from the first */
    uint16_t epochs;           /* the next number */
    int64_t first_ms, last_ms; /* of both being heard; first_ms 0: never */
    struct sphere_place other; /* of the second airframe, when it was told apart */
};

/* The airframe's number this point belongs to. Points in time order. A claim is given when the
   second airframe has been silent for two hours. */
uint16_t shared_push(struct shared *s, const struct kept *k, claim_fn *fn, void *ctx);

/* Whether two of its airframes are being heard at once. */
static inline bool shared_at_once(const struct shared *s)
{
    return s->confirmed > 1 && s->first_ms != 0;
}

/* No more will come: claims what lasted. The value is as new. */
void shared_end(struct shared *s, uint32_t address, claim_fn *fn, void *ctx);

#endif
