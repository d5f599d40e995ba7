/* An object with aircraft.json's keys, read in place → what of it is kept. */
#ifndef MASAR_ARCHIVE_DETAIL_H
#define MASAR_ARCHIVE_DETAIL_H

#include "archive/scan.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

struct detail {
    struct kept k;       /* t_ms aside */
    bool has_place;      /* k's place is set */
    int32_t seen_pos_ms; /* age of the place; 0 where it does not say */
    int64_t now_ms;      /* "now", in seconds or milliseconds; KEPT_NO_TIME */
    struct text type;    /* of the source, "" where it does not say; points into what was read */
};

enum { DETAIL_SLOTS = 64 };

/* Finds a key's row; 0 is an empty slot, else the row's number plus one. */
struct detail_keys {
    uint8_t slot[DETAIL_SLOTS];
};

void detail_keys_fill(struct detail_keys *k);

/* Reads the object at s into *d, which it sets to "nothing said" first. Other keys are passed over;
   a value out of range or of the wrong kind is absent and counted. Errors as struct scan. */
enum err detail_read(const struct detail_keys *keys, struct scan *s, struct detail *d,
                     uint64_t *bad_values);

/* Reads a time since 1970, in seconds or, where it is as large as that, milliseconds. ERR_RANGE: it
   is none a store holds. Errors as struct scan. */
enum err detail_read_time(struct scan *s, int64_t *t_ms);

#endif
