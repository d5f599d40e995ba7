#include "wire/aircraft_json.h"

#include "base/instant.h"
#include "wire/json_value.h"

#include <math.h>
#include <string.h>

static const char *crc_ok(const struct message *m)
{
    switch ((enum message_parity)m->parity) {
    case PARITY_OK:
    case PARITY_ID:
        return "true";
    case PARITY_BAD:
        return "false";
    case PARITY_ADDRESS:
    case PARITY_NONE:
        break;
    }
    return "null";
}

static bool has_time(const struct message *m)
{
    return !(m->flags & (FRAME_ELAPSED | FRAME_NO_TIME));
}

/* Where the message is: its own place, or the one CPR gave. */
static bool place_of(const struct message *m, const struct fix *fix, int32_t *lat_e7,
                     int32_t *lon_e7)
{
    if (fix && fix->verdict == VERDICT_ACCEPTED) {
        *lat_e7 = fix->lat_e7;
        *lon_e7 = fix->lon_e7;
        return true;
    }
    if (m->has_place && !fix) {
        *lat_e7 = m->lat_e7;
        *lon_e7 = m->lon_e7;
        return true;
    }
    return false;
}

static void put_address(struct buf *b, const struct message *m)
{
    if (m->address == ADDRESS_NONE) {
        buf_text(b, "null");
        return;
    }
    const uint8_t byte[3] = {(uint8_t)(m->address >> 16), (uint8_t)(m->address >> 8),
                             (uint8_t)m->address};
    buf_byte(b, '"');
    buf_hex(b, byte, sizeof byte);
    buf_byte(b, '"');
}

static void put_signal(struct buf *b, uint8_t signal)
{
    if (signal > 0) {
        json_put_key(b, "rssi");
        buf_decimal(b, lround(200 * log10(signal / 255.0)), 1);
    }
}

static void put_frame(struct buf *b, const struct frame *f, const struct message *m)
{
    if (f) {
        json_put_key(b, "frame");
        buf_byte(b, '"');
        buf_hex(b, f->byte, f->n);
        buf_byte(b, '"');
    }
    if (m->df != 255) {
        json_put_key(b, "df");
        buf_decimal(b, m->df, 0);
    }
    json_put_key(b, "icao24");
    put_address(b, m);
    json_put_key(b, "crc_ok");
    buf_text(b, crc_ok(m));
    json_put_key(b, "corrected");
    buf_decimal(b, m->corrected, 0);
    if (m->tc != 255) {
        json_put_key(b, "tc");
        buf_decimal(b, m->tc, 0);
    }
    if (m->bds) {
        json_put_key(b, "bds");
        buf_byte(b, '"');
        buf_hex(b, &m->bds, 1);
        buf_byte(b, '"');
    }
    json_put_key(b, "type");
    buf_byte(b, '"');
    buf_text(b, m->origin < ORIGIN_COUNT ? origin_row[m->origin].type : "unknown");
    buf_byte(b, '"');
}

/* Every item under its key; on the ground and without a pressure altitude, alt_baro is "ground". */
static void put_items(struct buf *b, const struct message *m)
{
    bool on_ground = false, has_altitude = false;
    for (unsigned i = 0; i < m->n; i++) {
        const enum field f = (enum field)m->item[i].field;
        if (f >= FIELD_COUNT || field_row[f].kind == FIELD_KIND_PLACE) {
            continue;
        }
        on_ground |= f == FIELD_GROUND && m->item[i].value;
        has_altitude |= f == FIELD_ALT_BARO;
        json_put_key(b, field_row[f].key);
        json_put_field(b, f, m->item[i].value, m->flight);
    }
    if (on_ground && !has_altitude) {
        json_put_key(b, "alt_baro");
        buf_text(b, "\"ground\"");
    }
}

static void put_cpr(struct buf *b, const struct message_cpr *c)
{
    if (!c->present) {
        return;
    }
    json_put_key(b, "cpr_format");
    buf_text(b, c->odd ? "\"odd\"" : "\"even\"");
    json_put_key(b, "cpr_lat");
    buf_decimal(b, c->lat, 0);
    json_put_key(b, "cpr_lon");
    buf_decimal(b, c->lon, 0);
}

void message_json_values(struct buf *b, const struct message *m, const struct fix *fix)
{
    put_items(b, m);
    int32_t lat_e7, lon_e7;
    if (place_of(m, fix, &lat_e7, &lon_e7)) {
        json_put_key(b, "lat");
        buf_decimal(b, lat_e7, 7);
        json_put_key(b, "lon");
        buf_decimal(b, lon_e7, 7);
    }
    put_cpr(b, &m->cpr);
    put_signal(b, m->signal);
}

void message_json_write(struct buf *b, const struct frame *f, const struct message *m,
                        const struct fix *fix)
{
    buf_text(b, "{\"t\":");
    if (has_time(m)) {
        buf_decimal(b, m->t_us, 6);
    } else {
        buf_text(b, "null");
    }
    put_frame(b, f, m);
    message_json_values(b, m, fix);
    buf_byte(b, '}');
}

/* ---- the same for people ---- */

static void put_text_time(struct buf *b, const struct message *m)
{
    if (m->flags & FRAME_NO_TIME) {
        return;
    }
    if (m->flags & FRAME_ELAPSED) {
        buf_byte(b, '+');
        buf_decimal(b, m->t_us, 6);
        buf_text(b, "s ");
        return;
    }
    char text[32];
    instant_format(m->t_us, 6, text);
    buf_text(b, text);
    buf_byte(b, ' ');
}

static const char *parity_text(const struct message *m)
{
    return m->parity == PARITY_BAD ? " (bad parity)" : m->corrected ? " (repaired)" : "";
}

static void put_text_head(struct buf *b, const struct message *m)
{
    put_text_time(b, m);
    if (m->df == 32) {
        buf_text(b, "Mode A/C");
    } else if (m->df != 255) {
        buf_format(b, "DF%u", m->df);
    } else {
        buf_text(b, m->origin < ORIGIN_COUNT ? origin_row[m->origin].label : "?");
    }
    if (m->address != ADDRESS_NONE) {
        buf_format(b, " %s%06x", m->address & ADDRESS_NON_ICAO ? "~" : "", m->address & 0xffffffu);
    }
    buf_text(b, parity_text(m));
    if (m->bds) {
        buf_format(b, " BDS %X,%X", m->bds >> 4, m->bds & 15);
    }
    if (m->tc != 255) {
        buf_format(b, " TC %u", m->tc);
    }
}

void message_text_write(struct buf *b, const struct frame *f, const struct message *m,
                        const struct fix *fix)
{
    put_text_head(b, m);
    for (unsigned i = 0; i < m->n; i++) {
        const enum field k = (enum field)m->item[i].field;
        if (k >= FIELD_COUNT || field_row[k].kind == FIELD_KIND_PLACE) {
            continue;
        }
        buf_text(b, "  ");
        buf_text(b, field_row[k].key);
        buf_byte(b, ' ');
        json_put_field(b, k, m->item[i].value, m->flight);
        if (field_row[k].unit[0]) {
            buf_byte(b, ' ');
            buf_text(b, field_row[k].unit);
        }
    }
    int32_t lat_e7, lon_e7;
    if (place_of(m, fix, &lat_e7, &lon_e7)) {
        buf_text(b, "  at ");
        buf_decimal(b, lat_e7, 7);
        buf_byte(b, ',');
        buf_decimal(b, lon_e7, 7);
    } else if (fix) {
        buf_text(b, "  position not believed: ");
        buf_text(b, fix->verdict < VERDICT_COUNT ? verdict_row[fix->verdict].text : "?");
    }
    if (f) {
        buf_text(b, "  ");
        buf_hex(b, f->byte, f->n);
    }
}
