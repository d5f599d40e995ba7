/* An aircraft, or one message, as a JSON object: append-only writers without printf in the hot
   part. The aircraft's keys are aircraft.json's as readsb's README-json.md lists them; what stands
   there only is not written by us. */
#ifndef MASAR_WIRE_AIRCRAFT_JSON_H
#define MASAR_WIRE_AIRCRAFT_JSON_H

#include "base/buf.h"
#include "model/fix.h"
#include "model/frame.h"
#include "model/message.h"
#include "model/receiver.h"
#include "track/track.h"

#include <stdint.h>

enum aircraft_json_flag {
    AIRCRAFT_JSON_NOW = 1, /* begin with "now", epoch seconds: a line that stands by itself */
    AIRCRAFT_JSON_VALUES =
        2 /* end with "values": every quantity ever said, stale ones included:
             {"alt_baro":{"value":37000,"age":0.4,"origin":"ADS-B",
             "receiver":"roof"},…}; value is written as the key itself would be */
};

/* Who it is, as a database says; what aircraft.json has under r, t, desc, ownOp, year, dbFlags.
   Texts are UTF-8, "" not known. */
struct aircraft_name {
    const char *registration, *type, *description, *owner;
    uint16_t year; /* 0 not known */
    uint8_t flags; /* 1 military, 2 interesting, 4 PIA, 8 LADD */
};

/* One object `{…}`, no newline. Keys of quantities never said, or older than twice their time to
   live, are left out; lat and lon are there for the position's time to live, then lastPosition.
   receivers: table of RECEIVERS_MAX rows for the names in "values", may be NULL. flags: enum
   aircraft_json_flag. name: NULL where nobody knows. */
void aircraft_json_write(struct buf *b, const struct track *a, const struct receiver *receivers,
                         const struct aircraft_name *name, int64_t now_us, unsigned flags);

/* The line of `masar decode --format json`, no newline: t (epoch seconds to the microsecond, null
   where the time of day is not known), frame, df, icao24, crc_ok (null where the parity carries the
   address), corrected, tc and bds where there are, every item of m under its key, lat and lon where
   m has a place or fix is accepted. frame may be NULL (did not come as a frame), fix may be NULL.
 */
void message_json_write(struct buf *b, const struct frame *f, const struct message *m,
                        const struct fix *fix);

/* The part of it that is the message's own: `,"key":value` of its items, place, CPR and level. */
void message_json_values(struct buf *b, const struct message *m, const struct fix *fix);

/* The same for people: one line, no newline (`--format text`). */
void message_text_write(struct buf *b, const struct frame *f, const struct message *m,
                        const struct fix *fix);

#endif
