#include "wire/value.h"

#include <string.h>

/* What no aircraft, air or transponder exceeds, in stored units. Rows not here are checked by their
   kind alone. */
static const struct {
    int32_t lo, hi;
} limit[FIELD_COUNT] = {
    [FIELD_ALT_BARO] = {-5000, 150000},
    [FIELD_ALT_GEOM] = {-5000, 150000},
    [FIELD_GS] = {0, 400000},
    [FIELD_TRACK] = {0, 36000},
    [FIELD_BARO_RATE] = {-60000, 60000},
    [FIELD_GEOM_RATE] = {-60000, 60000},
    [FIELD_SQUAWK] = {0, 07777},
    [FIELD_CATEGORY] = {0xa0, 0xdf},
    [FIELD_EMERGENCY] = {0, EMERGENCY_RESERVED},
    [FIELD_NIC] = {0, 11},
    [FIELD_RC] = {0, 100000},
    [FIELD_VERSION] = {0, 7},
    [FIELD_NIC_BARO] = {0, 1},
    [FIELD_NAC_P] = {0, 15},
    [FIELD_NAC_V] = {0, 7},
    [FIELD_SIL] = {0, 3},
    [FIELD_SIL_TYPE] = {0, SIL_PER_HOUR},
    [FIELD_GVA] = {0, 3},
    [FIELD_SDA] = {0, 3},
    [FIELD_NAV_ALT_MCP] = {-5000, 150000},
    [FIELD_NAV_ALT_FMS] = {-5000, 150000},
    [FIELD_NAV_QNH] = {8000, 12100},
    [FIELD_NAV_HEADING] = {0, 36000},
    [FIELD_NAV_MODES] = {0, 63},
    [FIELD_IAS] = {0, 4000},
    [FIELD_TAS] = {0, 4000},
    [FIELD_MACH] = {0, 6000},
    [FIELD_MAG_HEADING] = {0, 36000},
    [FIELD_TRUE_HEADING] = {0, 36000},
    [FIELD_ROLL] = {-18000, 18000},
    [FIELD_TRACK_RATE] = {-6000, 6000},
    [FIELD_CALC_TRACK] = {0, 360},
    [FIELD_GEO_DELTA] = {-20000, 20000},
    [FIELD_WIND_DIR] = {0, 360},
    [FIELD_WIND_SPEED] = {0, 512},
    [FIELD_OAT] = {-1300, 1300},
    [FIELD_TAT] = {-1300, 1300},
    [FIELD_PRESSURE] = {0, 2048},
    [FIELD_HUMIDITY] = {0, 1000},
    [FIELD_TURBULENCE] = {0, 3},
    [FIELD_RADIO_HEIGHT] = {-1000, 70000},
};

/* A direction, whose full turn is 0. */
static bool is_direction(enum field f)
{
    return limit[f].lo == 0 && strcmp(field_row[f].unit, "deg") == 0;
}

static bool has_limit(enum field f)
{
    return limit[f].hi > limit[f].lo;
}

bool value_add(struct message *m, enum field f, int64_t v)
{
    const int64_t lo = has_limit(f) ? limit[f].lo : -INT32_MAX;
    const int64_t hi = has_limit(f) ? limit[f].hi : INT32_MAX;
    if (v < lo || v > hi || (field_row[f].kind == FIELD_KIND_FLAG && (v < 0 || v > 1))) {
        return false;
    }
    message_add(m, f, v == hi && is_direction(f) ? 0 : (int32_t)v);
    return true;
}

bool value_add_text(struct message *m, enum field f, struct text t)
{
    int64_t v;
    return t.n > 0 && text_decimal(t, field_row[f].decimals, &v) && value_add(m, f, v);
}

bool value_add_place(struct message *m, struct text lat, struct text lon)
{
    int32_t lat_e7, lon_e7;
    if (lat.n == 0 || lon.n == 0 || !text_place(lat, lon, &lat_e7, &lon_e7)) {
        return false;
    }
    m->lat_e7 = lat_e7;
    m->lon_e7 = lon_e7;
    m->has_place = true;
    return true;
}
