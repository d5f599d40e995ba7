/* What is known of each quantity, read from field.def. */
#ifndef MASAR_MODEL_FIELD_H
#define MASAR_MODEL_FIELD_H

#include <stdint.h>

/* FIELD_TRACKED is the number of rows kept for every aircraft, and the number of the first row that
 * is not. */
enum field {
#define FIELD(id, key, unit, kind, decimals, ttl_s, source) FIELD_##id,
#define FIELD_TRACKED_END                                   FIELD_TRACKED, FIELD_TRACKED_LAST = FIELD_TRACKED - 1,
#include "model/field.def"
    FIELD_COUNT
};

enum field_kind {
    FIELD_KIND_NUMBER,
    FIELD_KIND_FLAG,
    FIELD_KIND_ENUM,
    FIELD_KIND_SET,
    FIELD_KIND_OCTAL,
    FIELD_KIND_HEX,
    FIELD_KIND_TEXT,
    FIELD_KIND_PLACE
};

struct field_row {
    const char *key, *unit, *source;
    uint8_t kind, decimals;
    uint16_t ttl_s;
};

extern const struct field_row field_row[FIELD_COUNT];

/* The NULL-ended words of an ENUM's values or a SET's bits, lowest first; NULL for the other kinds.
 */
const char *const *field_words(enum field f);

/* The field with this key, FIELD_COUNT if there is none. */
enum field field_find(const char *key);

/* emergency, bits of nav_modes, sil_type: the order of aircraft.json's words. */
enum emergency {
    EMERGENCY_NONE,
    EMERGENCY_GENERAL,
    EMERGENCY_LIFEGUARD,
    EMERGENCY_MINFUEL,
    EMERGENCY_NORDO,
    EMERGENCY_UNLAWFUL,
    EMERGENCY_DOWNED,
    EMERGENCY_RESERVED
};
enum nav_mode {
    NAV_AUTOPILOT = 1,
    NAV_VNAV = 2,
    NAV_ALTHOLD = 4,
    NAV_APPROACH = 8,
    NAV_LNAV = 16,
    NAV_TCAS = 32
};
enum sil_type { SIL_UNKNOWN, SIL_PER_SAMPLE, SIL_PER_HOUR };

#endif
