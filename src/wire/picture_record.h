/* One aircraft's record of the live picture, written and read by the same function. */
#ifndef MASAR_WIRE_PICTURE_RECORD_H
#define MASAR_WIRE_PICTURE_RECORD_H

#include "base/range.h"
#include "wire/picture.h"
#include "wire/picture_aim.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ALTITUDE_MAX = 1000000, /* ft; beyond is not sent */
    RATE_MAX = 4096,        /* of 32 ft/min */
    AGE_MAX = 1 << 30,      /* tenths of a second: 34 years */
    FLAGS = 12
};

enum picture_kind { KIND_CHANGE, KIND_FULL, KIND_GONE, KIND_COUNT };

struct picture_slot {
    struct picture_item item; /* as the client has it */
    struct picture_aim aim;
    struct picture_item next; /* writing: as put in this round */
    int64_t heard_ds;         /* writing: item's seen as it was put */
    bool put;
};

/* One set for records that start from nothing, one for records that change. */
struct picture_models {
    struct range_model flags_changed, flag[2 * FLAGS];
    struct range_model identity_changed, flight_changed, letter[8][64], squawk_changed,
        category_changed, category[256], origin_changed, origin[256], receiver_changed,
        emergency_changed, emergency[8];
    struct range_model who_changed, type_changed, type[4][64], registration_changed,
        registration[10][64], country_changed, country[2][32], db_flags_changed, db_flags[16],
        operator_changed, operator[8];
    struct range_model heard, moved, dt[32], hits[8], off_step;
    struct range_number receiver, seen, age, dt_far, lat[2], lon[8], aim_lat, aim_lon, v_lat, v_lon,
        rate, steps[2], feet, speed, track;
};

struct picture_codec {
    struct range_coder range;
    struct range_model kind[4];
    struct range_number gap;
    struct picture_models models[2];
    int64_t now_ds;
};

void picture_codec_start(struct picture_codec *c, int64_t now_ms);

/* One record after its kind. Writing: `it` holds the new values; reading: the old ones. Leaves
   s->item and s->aim as both sides have them. False: values out of range, which only reading meets.
 */
bool picture_record(struct picture_codec *c, struct picture_slot *s, struct picture_item it,
                    bool full);

/* Letters on the wire: 0 none, 1..26 A-Z, 27..36 0-9, 37 space, 38.. `-+./?`. Those of a flight are
   at most PICTURE_FLIGHT_LETTER. */
enum { PICTURE_FLIGHT_LETTER = 37 };
uint32_t picture_letter_code(char c);
bool picture_same_identity(const struct picture_item *a, const struct picture_item *b);
bool picture_is_place(const struct picture_item *it);

#endif
