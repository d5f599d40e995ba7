#include "wire/aircraft_json.h"

#include "wire/json_value.h"

#include <math.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)

_Static_assert(FIELD_TRACKED <= 64, "fields are gathered in a 64-bit set");

/* What an object has told so far, for the lists of fields that came by MLAT and TIS-B. */
struct told {
    uint64_t mlat, tisb;
    bool has_place;
};

static bool is_tisb(uint8_t origin)
{
    return origin == ORIGIN_TISB_ICAO || origin == ORIGIN_TISB_OTHER ||
           origin == ORIGIN_TISB_TRACKFILE;
}

static void tell(struct told *t, enum field f, uint8_t origin)
{
    t->mlat |= (uint64_t)(origin == ORIGIN_MLAT) << f;
    t->tisb |= (uint64_t)is_tisb(origin) << f;
}

static void put_age(struct buf *b, const char *key, int64_t now_us, int64_t t_us)
{
    json_put_key(b, key);
    buf_decimal(b, now_us > t_us ? (now_us - t_us) / (SECOND_US / 10) : 0, 1);
}

static void put_address(struct buf *b, uint32_t address)
{
    const uint8_t byte[3] = {(uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address};
    buf_text(b, address & ADDRESS_NON_ICAO ? "\"hex\":\"~" : "\"hex\":\"");
    buf_hex(b, byte, sizeof byte);
    buf_byte(b, '"');
}

static void put_place(struct buf *b, const struct fix *fix)
{
    json_put_key(b, "lat");
    buf_decimal(b, fix->lat_e7, 7);
    json_put_key(b, "lon");
    buf_decimal(b, fix->lon_e7, 7);
}

/* A position is shown for its time to live; then it is the last one known. */
static void put_position(struct buf *b, const struct track *a, int64_t now_us, struct told *told)
{
    struct fix fix;
    if (!track_place(a, &fix)) {
        return;
    }
    if (now_us - fix.t_us <= field_row[FIELD_POSITION].ttl_s * SECOND_US) {
        put_place(b, &fix);
        put_age(b, "seen_pos", now_us, fix.t_us);
        tell(told, FIELD_POSITION, fix.origin);
        return;
    }
    json_put_key(b, "lastPosition");
    buf_text(b, "{\"lat\":");
    buf_decimal(b, fix.lat_e7, 7);
    json_put_key(b, "lon");
    buf_decimal(b, fix.lon_e7, 7);
    if (fix.nic != 255) {
        json_put_key(b, "nic");
        buf_decimal(b, fix.nic, 0);
    }
    if (fix.rc_m >= 0) {
        json_put_key(b, "rc");
        buf_decimal(b, fix.rc_m, 0);
    }
    put_age(b, "seen_pos", now_us, fix.t_us);
    buf_byte(b, '}');
}

/* Said, and no older than twice its time to live. */
static bool is_current(const struct track *a, enum field f, int64_t now_us, struct value *v)
{
    return track_get(a, f, v) && now_us - v->t_us <= 2 * field_row[f].ttl_s * SECOND_US;
}

static void put_altitude(struct buf *b, const struct track *a, int64_t now_us, struct told *told)
{
    struct value v;
    if (is_current(a, FIELD_GROUND, now_us, &v) && v.v) {
        json_put_key(b, "alt_baro");
        buf_text(b, "\"ground\"");
    } else if (is_current(a, FIELD_ALT_BARO, now_us, &v)) {
        json_put_key(b, "alt_baro");
        buf_decimal(b, v.v, 0);
    } else {
        return;
    }
    tell(told, FIELD_ALT_BARO, v.origin);
}

static void put_quantity(struct buf *b, const struct track *a, enum field f, int64_t now_us,
                         struct told *told)
{
    struct value v;
    if (!is_current(a, f, now_us, &v)) {
        return;
    }
    json_put_key(b, field_row[f].key);
    json_put_field(b, f, v.v, track_flight(a));
    tell(told, f, v.origin);
}

static void put_list(struct buf *b, const char *key, uint64_t set)
{
    json_put_key(b, key);
    buf_byte(b, '[');
    for (unsigned f = 0, n = 0; set; f++, set >>= 1) {
        if (!(set & 1)) {
            continue;
        }
        buf_text(b, n++ ? ",\"" : "\"");
        buf_text(b, f == FIELD_POSITION ? "lat\",\"lon" : field_row[f].key);
        buf_byte(b, '"');
    }
    buf_byte(b, ']');
}

static void put_source(struct buf *b, const struct value *v, const struct receiver *receivers,
                       int64_t now_us)
{
    put_age(b, "age", now_us, v->t_us);
    const char *label = v->origin < ORIGIN_COUNT ? origin_row[v->origin].label : "";
    json_put_key(b, "origin");
    buf_json_string(b, label, strlen(label));
    if (receivers && v->receiver > 0 && v->receiver < RECEIVERS_MAX) {
        const char *name = receivers[v->receiver].name;
        json_put_key(b, "receiver");
        buf_json_string(b, name, strnlen(name, RECEIVER_NAME_MAX));
    }
    buf_byte(b, '}');
}

static void put_values(struct buf *b, const struct track *a, const struct receiver *receivers,
                       int64_t now_us)
{
    unsigned n = 0;
    json_put_key(b, "values");
    buf_byte(b, '{');
    for (enum field f = 0; f < FIELD_TRACKED; f++) {
        struct value v;
        struct fix fix;
        if (f == FIELD_POSITION && track_place(a, &fix)) {
            v = (struct value){0, fix.t_us, fix.receiver, fix.origin};
            buf_text(b, n++ ? ",\"position\":{\"value\":[" : "\"position\":{\"value\":[");
            buf_decimal(b, fix.lat_e7, 7);
            buf_byte(b, ',');
            buf_decimal(b, fix.lon_e7, 7);
            buf_byte(b, ']');
        } else if (f != FIELD_POSITION && track_get(a, f, &v)) {
            buf_text(b, n++ ? ",\"" : "\"");
            buf_text(b, field_row[f].key);
            buf_text(b, "\":{\"value\":");
            json_put_field(b, f, v.v, track_flight(a));
        } else {
            continue;
        }
        put_source(b, &v, receivers, now_us);
    }
    buf_byte(b, '}');
}

static void put_text(struct buf *b, const char *key, const char *text)
{
    if (*text) {
        json_put_key(b, key);
        buf_json_string(b, text, strlen(text));
    }
}

static void put_name(struct buf *b, const struct aircraft_name *n)
{
    put_text(b, "r", n->registration);
    put_text(b, "t", n->type);
    put_text(b, "desc", n->description);
    put_text(b, "ownOp", n->owner);
    if (n->year) {
        json_put_key(b, "year");
        buf_format(b, "\"%u\"", n->year);
    }
    if (n->flags) {
        json_put_key(b, "dbFlags");
        buf_decimal(b, n->flags, 0);
    }
}

void aircraft_json_write(struct buf *b, const struct track *a, const struct receiver *receivers,
                         const struct aircraft_name *name, int64_t now_us, unsigned flags)
{
    struct told told = {0};
    buf_byte(b, '{');
    if (flags & AIRCRAFT_JSON_NOW) {
        buf_text(b, "\"now\":");
        buf_decimal(b, now_us / 1000, 3);
        buf_byte(b, ',');
    }
    put_address(b, track_address(a));
    buf_text(b, ",\"type\":\"");
    buf_text(b, origin_row[track_origin(a)].type);
    buf_byte(b, '"');
    put_quantity(b, a, FIELD_FLIGHT, now_us, &told);
    if (name) {
        put_name(b, name);
    }
    put_altitude(b, a, now_us, &told);
    for (enum field f = FIELD_ALT_GEOM; f < FIELD_TRACKED; f++) {
        if (f != FIELD_GROUND && f != FIELD_FLIGHT) {
            put_quantity(b, a, f, now_us, &told);
        }
    }
    put_position(b, a, now_us, &told);
    put_list(b, "mlat", told.mlat);
    put_list(b, "tisb", told.tisb);
    json_put_key(b, "messages");
    buf_decimal(b, track_messages(a), 0);
    put_age(b, "seen", now_us, track_seen_us(a));
    const float rssi = track_rssi_dbfs(a);
    if (rssi < 0) {
        json_put_key(b, "rssi");
        buf_decimal(b, lrintf(rssi * 10), 1);
    }
    if (flags & AIRCRAFT_JSON_VALUES) {
        put_values(b, a, receivers, now_us);
    }
    buf_byte(b, '}');
}
