/* What the files about clearances share: which flights one names, and which it was for. Inside this
   room. */
#ifndef MASAR_OPERATION_CLEARANCE_INTERNAL_H
#define MASAR_OPERATION_CLEARANCE_INTERNAL_H

#include "operation/clearance.h"

#define CLEARANCE_HOUR_MS INT64_C(3600000)
#define CLEARANCE_DAY_MS  INT64_C(86400000)
/* A clearance speaks of a flight it names if its time is this near. */
#define CLEARANCE_NAMED_MS (10 * CLEARANCE_DAY_MS)
/* One that never held for it must be this near to have been for it, not for another rotation. */
#define CLEARANCE_OWN_MS (3 * CLEARANCE_DAY_MS)
/* A time known no closer than this says neither which clearance it was nor that none was valid. */
#define CLEARANCE_WIDE_MS (12 * CLEARANCE_HOUR_MS)

/* How well a clearance names a flight. */
enum clearance_fit {
    FIT_NO,
    FIT_TAIL, /* the airframe, under another call sign: it may be another flight's */
    FIT_CAME, /* the airframe and the call sign it came under */
    FIT_OWN
};

/* By call sign, by the one it came under, by tail (clearance.c). */
enum clearance_fit clearance_fit(const struct operation *o, const struct item *c,
                                 const struct sortie *s);
/* The time it speaks of, asked for or granted. False: none. */
bool clearance_span(const struct item *c, int64_t *from_ms, int64_t *to_ms);
/* How far a span lies from a clearance's time; 0: they meet. */
int64_t clearance_apart(const struct item *c, int64_t lo_ms, int64_t hi_ms);

/* Whether it is for one flight or visit alone (clearance_take.c). */
bool clearance_is_once(const struct operation *o, const struct item *c);
/* What one landing clearance is for: a visit, named by the flight that came, or by the one that
   left where nobody knows that one. */
uint32_t clearance_visit(const struct sortie *s, bool leaving);
bool clearance_is_same(const struct clearance_flight *a, const struct clearance_flight *b);
/* Each flight, or visit, takes one clearance a country. */
bool clearance_has_one(const struct operation *o, const struct clearance_taken *t,
                       const struct clearance_flight *by, const char *country,
                       enum clearance_use use);

#endif
