/* Message → track: every aircraft with every quantity's value, age, origin and receiver; positions
   from CPR, a gate that says which of them to believe, rejected ones kept with their reason, and
   the last hour's trail. Pure: time comes with the messages. One thread. Owns its memory; nothing
   is allocated per message. */
#ifndef MASAR_TRACK_TRACK_H
#define MASAR_TRACK_TRACK_H

#include "base/err.h"
#include "model/counter.h"
#include "model/fix.h"
#include "model/kept.h"
#include "model/message.h"
#include "model/receiver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tracker;
struct track; /* one aircraft; opaque, read with the calls below; valid until the next
                 tracker_expire */

struct tracker_options {
    uint32_t aircraft_max;     /* most aircraft at once; more are refused and counted. 0: 100,000 */
    uint32_t trail_points_max; /* trail points in all. 0: 2,000,000 */
    int32_t trail_s;           /* length of trails. 0: 3,600 */
    uint32_t rejected_max;     /* rejected fixes kept, the oldest go first. 0: 4,096 */
    int64_t forget_after_us;   /* an aircraft not heard for so long is forgotten. 0: 1 hour */
    const struct receiver
        *receivers; /* table of RECEIVERS_MAX rows, places for surface CPR and range; may be NULL */
    struct counters *counters; /* handed in; not NULL */
};

struct tracker *tracker_new(const struct tracker_options *o); /* NULL: out of memory */
void tracker_free(struct tracker *t);

/* What one message did. */
struct outcome {
    const struct track *track; /* NULL where it was attributed to no aircraft */
    bool duplicate;            /* another receiver brought the same frame just before */
    bool created;              /* first message of this aircraft */
    bool has_fix;              /* fix is set: a position was found, accepted or not */
    struct fix fix;
    uint64_t fields; /* bit FIELD_x: taken into the track from this message */
};

/* Takes a message; m->bds and its Comm-B quantities are filled in on the way, by what is known of
   the aircraft.

   Who becomes an aircraft: the address of a clean DF 11, 17 or 18, of a message that did not come
   as a frame, and one that replies of DF 0 4 5 16 20 21 carry again and again, agreeing among
   themselves (admit.c). Every other frame, repaired ones above all, only adds to an aircraft
   already known, and only what agrees with it.

   Counts frames_duplicate, frames_unknown_address, frames_contradicting, frames_mode_ac,
   fixes_accepted, fixes_rejected, aircraft_*, and verdicts; the caller counts the rest by the
   outcome. */
void tracker_push(struct tracker *t, struct message *m, struct outcome *out);

/* Brings what tracker_push will touch for this address nearer: call it some frames ahead. It pays
   where the aircraft do not fit into the processor's caches; with fewer than TRACKER_PREFETCH_FROM
   the detour costs more than it saves. */
enum { TRACKER_PREFETCH_FROM = 16384 };
void tracker_prefetch(const struct tracker *t, uint32_t address);

/* Forgets aircraft not heard for forget_after_us before now; call about once a second. A call looks
   at no more than 16,384 aircraft and forgets no more than 2,048, so that none takes long. */
void tracker_expire(struct tracker *t, int64_t now_us);

/* Aircraft, in a stable order: for (const struct track *a = NULL; (a = tracker_next(t, a));) */
const struct track *tracker_next(const struct tracker *t, const struct track *after);
const struct track *tracker_find(const struct tracker *t, uint32_t address);
size_t tracker_count(const struct tracker *t);

/* By slot, for whoever reads them a few at a time: one more than the highest slot ever used, and
   the aircraft in a slot, NULL if there is none. */
uint32_t tracker_slots(const struct tracker *t);
const struct track *tracker_at(const struct tracker *t, uint32_t slot);

/* A small number that is this aircraft's as long as it lives, 0 .. aircraft_max - 1; used again
 * after it is forgotten. */
uint32_t track_slot(const struct tracker *t, const struct track *a);

/* One quantity. */
struct value {
    int32_t v;    /* see field.def */
    int64_t t_us; /* when it was said */
    uint16_t receiver;
    uint8_t origin;
};

/* False: never said, or longer ago than half an hour. Times are right to 66 ms. */
bool track_get(const struct track *a, enum field f, struct value *out);

/* True where the value was said within its time to live before now. */
bool track_fresh(const struct track *a, enum field f, int64_t now_us, struct value *out);

uint32_t track_address(const struct track *a);
const char *track_flight(
    const struct track *a); /* 8 characters, NUL-terminated, trailing spaces kept; "" if unknown */
bool track_place(const struct track *a,
                 struct fix *out); /* last accepted position, with its time and origin */
/* What history keeps of an aircraft at an accepted fix of it: altitudes, speeds, directions and
 * rates as they stand within their time to live; call sign, squawk, version, NACp and SIL as last
 * said, up to half an hour ago; a pressure altitude never on the ground. receiver is the fix's. */
struct kept track_kept(const struct track *a, const struct fix *f);
uint32_t track_messages(const struct track *a);
uint32_t
track_repaired(const struct track *a); /* of them: frames with bits turned; 65,535 at most */
int64_t track_first_us(const struct track *a);
int64_t track_seen_us(const struct track *a);
uint8_t
track_origin(const struct track *a); /* the best origin of late: the `type` of aircraft.json */
float track_rssi_dbfs(
    const struct track *a); /* mean of the last eight signals; 0 where none is known */
uint32_t track_version(const struct track *a); /* changes whenever anything of it changes */

/* Trail, oldest first. gap: nothing was heard between the point before and this one for longer than
 * the track allows. */
struct trail_point {
    int64_t t_us;
    int32_t lat_e7, lon_e7, alt_baro_ft;
    uint16_t gs_kt, track_deg; /* 65535 if not known */
    uint8_t origin, ground, gap;
};
size_t track_trail(const struct tracker *t, const struct track *a, struct trail_point *out,
                   size_t max);

/* Rejected fixes, newest first. address ADDRESS_NONE: of all. */
size_t tracker_rejected(const struct tracker *t, uint32_t address, struct fix *out, size_t max);

#endif
