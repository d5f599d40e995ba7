#include "wire/uat_json.h"

#include "uat/decode.h"
#include "uat/uplink.h"
#include "wire/aircraft_json.h"
#include "wire/json_value.h"

#include <string.h>

static void put_number(struct buf *b, const char *key, int64_t v)
{
    json_put_key(b, key);
    buf_decimal(b, v, 0);
}

static void put_string(struct buf *b, const char *key, const char *s, size_t n)
{
    json_put_key(b, key);
    buf_json_string(b, s, n);
}

static void put_bool(struct buf *b, const char *key, bool v)
{
    json_put_key(b, key);
    buf_text(b, v ? "true" : "false");
}

static void put_hex(struct buf *b, const char *key, const uint8_t *p, size_t n)
{
    json_put_key(b, key);
    buf_byte(b, '"');
    buf_hex(b, p, n);
    buf_byte(b, '"');
}

static void put_degrees(struct buf *b, const char *key, int32_t e7)
{
    json_put_key(b, key);
    buf_decimal(b, e7, 7);
}

static void put_part(struct buf *b, const char *key, unsigned v)
{
    if (v != FISB_NONE) {
        put_number(b, key, v);
    }
}

/* The records of a text as an array; what pads the last one is no record. */
static void put_records(struct buf *b, const char *text, size_t n)
{
    json_put_key(b, "text");
    buf_byte(b, '[');
    bool is_first = true;
    for (size_t at = 0; at < n;) {
        size_t end = at;
        while (end < n && text[end] != 0x1e && text[end] != 0x03) {
            end++;
        }
        size_t stop = end;
        while (stop > at && (text[stop - 1] == '\n' || text[stop - 1] == ' ')) {
            stop--;
        }
        if (stop > at) {
            buf_text(b, is_first ? "" : ",");
            buf_json_string(b, text + at, stop - at);
            is_first = false;
        }
        at = end + 1;
    }
    buf_byte(b, ']');
}

static void put_fisb(struct buf *b, const struct uat_fisb *f)
{
    const char *name = uat_fisb_name(f->product);
    put_number(b, "product", f->product);
    put_string(b, "name", name, strlen(name));
    put_part(b, "month", f->month);
    put_part(b, "day", f->day);
    put_part(b, "hour", f->hour);
    put_part(b, "minute", f->minute);
    put_part(b, "second", f->second);
    if (f->is_segmented) {
        put_number(b, "file", f->file);
        put_number(b, "parts", f->parts);
        put_number(b, "part", f->part);
    }
    char text[UAT_TEXT_MAX];
    const size_t n = uat_fisb_text(f, text, sizeof text);
    if (n > 0) {
        put_records(b, text, n);
    }
}

static void put_uplink(struct buf *b, const struct uat_frame *f, const struct uat_uplink *u)
{
    put_degrees(b, "station_lat", u->lat_e7);
    put_degrees(b, "station_lon", u->lon_e7);
    put_bool(b, "position_valid", u->is_placed);
    put_bool(b, "utc_coupled", u->utc_coupled);
    put_bool(b, "application_data_valid", u->has_data);
    put_number(b, "slot", u->slot);
    put_number(b, "tisb_site_id", u->site);
    json_put_key(b, "frames");
    buf_byte(b, '[');
    struct uat_walk w;
    struct uat_info i;
    struct uat_fisb fisb;
    uat_walk_start(&w, f, u);
    for (bool is_first = true; uat_walk_next(&w, &i); is_first = false) {
        buf_format(b, "%s{\"frame_type\":%u", is_first ? "" : ",", i.type);
        put_number(b, "length", i.n);
        if (uat_fisb_read(&i, &fisb)) {
            put_fisb(b, &fisb);
        } else {
            put_hex(b, "data", i.data, i.n);
        }
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void put_adsb(struct buf *b, const struct uat_frame *f, const struct message *m)
{
    const uint8_t address[3] = {f->byte[1], f->byte[2], f->byte[3]};
    const char *q = uat_qualifier_name(f->byte[0] & 7);
    put_string(b, "address_qualifier", q, strlen(q));
    put_hex(b, "icao24", address, sizeof address);
    const char *type = origin_row[m->origin].type;
    put_string(b, "type", type, strlen(type));
}

void uat_json_write(struct buf *b, const struct uat_frame *f, const struct message *m)
{
    struct uat_uplink u;
    const bool is_uplink = uat_uplink_read(f, &u);
    buf_text(b, "{\"t\":");
    if (f->flags & (FRAME_ELAPSED | FRAME_NO_TIME)) {
        buf_text(b, "null");
    } else {
        buf_decimal(b, f->t_us, 6);
    }
    put_hex(b, "frame", f->byte, f->n);
    buf_text(b, is_uplink ? ",\"uat\":\"uplink\"" : ",\"uat\":\"adsb\"");
    buf_text(b, ",\"crc_ok\":true,\"corrected\":0");
    put_number(b, "rs", f->corrected);
    if (is_uplink) {
        put_uplink(b, f, &u);
    } else {
        put_adsb(b, f, m);
        message_json_values(b, m, NULL);
    }
    if (f->rssi_ddb != UAT_NO_RSSI && is_uplink) {
        json_put_key(b, "rssi");
        buf_decimal(b, f->rssi_ddb, 1);
    }
    buf_byte(b, '}');
}

void uat_text_write(struct buf *b, const struct uat_frame *f, const struct message *m,
                    const struct fix *fix)
{
    struct uat_uplink u;
    if (!uat_uplink_read(f, &u)) {
        message_text_write(b, NULL, m, fix);
        buf_text(b, "  ");
        buf_hex(b, f->byte, f->n);
        return;
    }
    message_text_write(b, NULL, m, NULL);
    buf_text(b, " UAT uplink  station ");
    buf_decimal(b, u.lat_e7, 7);
    buf_byte(b, ',');
    buf_decimal(b, u.lon_e7, 7);
    buf_format(b, "  slot %u  site %u", u.slot, u.site);
    struct uat_walk w;
    struct uat_info i;
    struct uat_fisb fisb;
    uat_walk_start(&w, f, &u);
    while (uat_walk_next(&w, &i)) {
        if (uat_fisb_read(&i, &fisb)) {
            buf_format(b, "  %u %s %02u:%02u", fisb.product, uat_fisb_name(fisb.product), fisb.hour,
                       fisb.minute);
        }
    }
}
