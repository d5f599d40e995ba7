/* Kept points → claims: take-offs, landings, stays, legs, silences, origins and destinations, and
   what the machines beside it (pattern.h, trust.h) see, one row of the ledger each (model/claim.h).

   One machine holds any number of aircraft. The points of one aircraft come in time order (one
   that is older than the last is counted and left out); those of different aircraft in any order.
   What is claimed depends on the points and on the views alone: whatever becomes due by silence is
   given as of when it became due, not as of when somebody asked, so the same rows come out live,
   replayed at any speed, or imported.

   Pure. One thread a machine. Views are borrowed, must outlive it, and are only read. The method is
   in docs/MOVEMENT.md. */
#ifndef MASAR_MOVEMENT_MOVEMENT_H
#define MASAR_MOVEMENT_MOVEMENT_H

#include "base/err.h"
#include "identity/airport.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a type can do. 0: not known (a jet airliner is assumed where the speed allows no better). */
struct movement_type {
    uint16_t cruise_kt;
    uint16_t climb_fpm;
    uint16_t range_nm;
    uint16_t endurance_min;
    uint16_t runway_ft;  /* shortest it uses in practice */
    uint16_t ground_min; /* shortest stop, minutes */
    bool helicopter, seaplane;
    bool carries; /* flies from one place to another: airliners, the larger airlifters */
};

/* Who flies it, as identity knows. Borrowed until the next call. */
struct movement_airframe {
    struct movement_type type;
    char designator[5]; /* "C17"; "" */
    char operator[4];   /* three letters where it has them; "" */
    bool state;         /* of a state: call signs are mission numbers, no timetable */
};

/* Stays seen, and their hours together. */
struct movement_stays {
    float hours, stays;
};

struct posterior_weights; /* posterior.h */
struct route_prior;       /* route.h: weights of operator, origin, destination */

struct movement_views {
    const struct airports *airports; /* required */

    /* False: nothing is known of this address. NULL: of none. */
    bool (*airframe)(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out);
    void *airframe_ctx;

    /* How likely an aircraft at this place and height (feet above the sea) at this time is heard
       within a minute, 0..1, from what was heard there before; < 0: nobody knows. NULL: never
       known. */
    float (*heard)(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms);
    void *heard_ctx;

    /* How often the ledger saw it before t_ms, decayed: flights origin → destination (indexes of
       sites; UINT32_MAX any) by airframe (epoch: which of those of its address, 0 the first), and
       by its unit or operator and type. For an origin that
       is a gate (below): the ends beyond, of flights that were lost or found at that gate. NULL: no
       history. */
    void (*history)(void *ctx, uint32_t address, uint16_t epoch, int64_t t_ms, uint32_t origin,
                    void (*each)(void *each_ctx, uint32_t destination, float airframe, float unit),
                    void *each_ctx);
    void *history_ctx;

    /* How long it, and its unit or operator and type, stood at a site (its index) as far as the
       ledger knew before t_ms, decayed; ctx is history_ctx. NULL: nobody knows. */
    void (*stay)(void *ctx, uint32_t address, uint16_t epoch, int64_t t_ms, uint32_t site,
                 struct movement_stays *airframe, struct movement_stays *unit);

    const struct route_prior *routes; /* NULL: none */
};

/* A gate is a place where flights are lost from hearing or found again: who flies to the same end
   passes the same gates. Cells of two degrees. */
#define MOVEMENT_GATE UINT32_C(0x80000000)
static inline uint32_t movement_gate(int32_t lat_e7, int32_t lon_e7)
{
    const uint32_t row = (uint32_t)((int64_t)lat_e7 + 900000000) / 20000000;
    const uint32_t column = (uint32_t)((int64_t)lon_e7 + 1800000000) / 20000000 % 180;
    return MOVEMENT_GATE | (row * 180 + column);
}

/* Any gate, of flights whose other end is a site; UINT32_MAX: whatever it is (itself no answer,
   that means any origin). */
static inline uint32_t movement_gate_any(uint32_t other)
{
    return UINT32_C(0xc0000000) | (other == UINT32_MAX ? UINT32_C(0x3ffffffe) : other);
}

struct movement_options {
    struct movement_views views;
    uint32_t aircraft_max; /* 0: 100,000; one more: the one longest silent is closed */
    const struct posterior_weights *weights; /* NULL: the fitted ones (posterior.h) */
    bool live; /* destination rows each time the answer moves, else only at ends of legs */
};

struct movement_sums {
    uint64_t fixes;         /* taken */
    uint64_t late;          /* left out: older than the last of its aircraft */
    uint64_t impossible;    /* left out: no time or no place */
    uint64_t teleports;     /* held back, and never confirmed */
    uint64_t clock_jumps;   /* its clock went back or forward more than its path allows */
    uint64_t ground_denied; /* ground bits not believed */
    uint64_t suspended;     /* places nothing was concluded from (trust.h) */
    uint64_t evicted;       /* closed to make room */
    uint64_t claims;
};

struct movement; /* opaque */

/* NULL: out of memory. */
struct movement *movement_new(const struct movement_options *o);
void movement_free(struct movement *m); /* NULL is fine; claims nothing more */

/* The next point of its aircraft. Claims it makes due are given to fn before it returns. ERR_OK
   also where the point was left out (it is counted); ERR_MEMORY: it was not taken. */
enum err movement_push(struct movement *m, const struct kept *k, claim_fn *fn, void *ctx);

/* Time has come to now_ms on the data's clock: gives what silence made due. Calling it seldom or
   often changes no claim. */
enum err movement_tick(struct movement *m, int64_t now_ms, claim_fn *fn, void *ctx);

/* No more will come of this aircraft (ADDRESS_NONE: of any): claims what can be said of open
   flights as if its silence lasted, and forgets it. */
void movement_end(struct movement *m, uint32_t address, claim_fn *fn, void *ctx);

/* Where an aircraft in flight is bound, and came from, as of its last point; for a picture that
   wants it now. False: not known, or on the ground. */
bool movement_destination(const struct movement *m, uint32_t address, struct claim *origin,
                          struct claim *destination);

const struct movement_sums *movement_sums(const struct movement *m);

#endif
