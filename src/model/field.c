#include "model/field.h"

#include <stddef.h>
#include <string.h>

/* The row FIELD_TRACKED shares its number with the first message-only row: see enum field. */
const struct field_row field_row[FIELD_COUNT] = {
#define FIELD(id, key, unit, kind, decimals, ttl_s, source)                                        \
    [FIELD_##id] = {key, unit, source, FIELD_KIND_##kind, decimals, ttl_s},
#include "model/field.def"
};

const char *const *field_words(enum field f)
{
    static const char *const emergency[] = {"none",     "general", "lifeguard", "minfuel", "nordo",
                                            "unlawful", "downed",  "reserved",  NULL};
    static const char *const nav_modes[] = {"autopilot", "vnav", "althold", "approach",
                                            "lnav",      "tcas", NULL};
    static const char *const sil_type[] = {"unknown", "persample", "perhour", NULL};
    switch ((int)f) {
    case FIELD_EMERGENCY:
        return emergency;
    case FIELD_NAV_MODES:
        return nav_modes;
    case FIELD_SIL_TYPE:
        return sil_type;
    default:
        return NULL;
    }
}

enum field field_find(const char *key)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (strcmp(field_row[f].key, key) == 0) {
            return (enum field)f;
        }
    }
    return FIELD_COUNT;
}
