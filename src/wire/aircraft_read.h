/* An aircraft object (aircraft.json, ADSBx v2, a line of `jsonl`, of `decode --format json`) →
   message. */
#ifndef MASAR_WIRE_AIRCRAFT_READ_H
#define MASAR_WIRE_AIRCRAFT_READ_H

#include "base/instant.h"
#include "model/message.h"
#include "wire/json_read.h"

#include <stdbool.h>
#include <stdint.h>

/* What the object says of itself besides the message's quantities. */
struct aircraft_read {
    int64_t now_us;  /* "now" or "t", INSTANT_NONE if it does not say; milliseconds are told from
                        seconds by their size */
    int64_t seen_us; /* "seen", 0 if not there */
    int64_t seen_pos_us;  /* "seen_pos", -1 if not there */
    struct text receiver; /* "rId", who heard it: a span of what was read, empty if not there */
    enum field next; /* where the search for the next key begins; keep it from object to object */
};

/* Reads v into m, t_us aside. m->origin is the one of "type". Values out of range or of the wrong
   kind are absent. False where v is no object with a "hex" (or "icao24"), or is not JSON. */
bool aircraft_read(const struct json_value *v, struct message *m, struct aircraft_read *r);

/* When it was said: now less the age of the position, else less that of the last message. */
int64_t aircraft_read_time(const struct aircraft_read *r, const struct message *m, int64_t now_us);

/* An epoch time as a JSON number, in seconds or, where it is as large as that, in milliseconds;
   INSTANT_NONE where it is none. */
int64_t aircraft_read_epoch(const struct json_value *v);

#endif
