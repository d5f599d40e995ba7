/* An object with aircraft.json's keys, read in place → quantities, by the rows of field.def. */
#ifndef MASAR_ARCHIVE_DETAIL_H
#define MASAR_ARCHIVE_DETAIL_H

#include "archive/scan.h"
#include "model/message.h"

#include <stdint.h>

enum { DETAIL_SLOTS = 256 };

/* Finds a key's row; 0 is an empty slot, else the field's number plus one. */
struct detail_keys {
    uint8_t slot[DETAIL_SLOTS];
};

void detail_keys_fill(struct detail_keys *k);

/* Reads the object at s and adds what it says to m (started by the caller). Keys not in field.def
   are passed over; a value out of range or of the wrong kind is absent and counted. */
enum err detail_read(const struct detail_keys *k, struct scan *s, struct message *m,
                     uint64_t *bad_values);

#endif
