/* Track CSV: `time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground`, a
 * line for each position; a field that was not reported is empty.
 *
 * Read: the first line may name the columns, then in any order and with others among them; quoted
 * fields; the address is text, never a number. Written: no text cell begins with a character a
 * spreadsheet takes for a formula. */
#include "wire/line_reader.h"
#include "wire/value.h"
#include "wire/wire.h"

#include "track/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096, PARTS_MAX = 64 };

enum column {
    COLUMN_TIME,
    COLUMN_ADDRESS,
    COLUMN_FLIGHT,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_ALTITUDE,
    COLUMN_SPEED,
    COLUMN_TRACK,
    COLUMN_RATE,
    COLUMN_GROUND,
    COLUMN_COUNT
};

static const char *const column_name[COLUMN_COUNT] = {
    "time_utc_epoch", "icao24", "callsign",  "lat",       "lon",
    "alt_ft",         "gs_kt",  "track_deg", "vrate_fpm", "onground",
};

static const char header[] =
    "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n";

struct trackcsv {
    struct line_reader in;
    enum wire_clock clock;
    bool has_begun;
    uint8_t at[COLUMN_COUNT]; /* where the column stands; PARTS_MAX: nowhere */
    struct message message;
};

static const char *const keys[] = {NULL};

static line_fn use_line;

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct trackcsv *c = line_reader_new(sizeof *c, LINE_MAX_BYTES, use_line, o, why, why_size);
    if (!c) {
        return NULL;
    }
    c->clock = o->clock;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        c->at[i] = (uint8_t)i;
    }
    return (struct wire_reader *)c;
}

static uint8_t place_of(const char *name, const struct text *part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text_is(part[i], name)) {
            return (uint8_t)i;
        }
    }
    return PARTS_MAX;
}

/* A first line that names an address column names them all. */
static bool take_header(struct trackcsv *c, const struct text *part, size_t n)
{
    if (place_of(column_name[COLUMN_ADDRESS], part, n) == PARTS_MAX) {
        return false;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        c->at[i] = place_of(column_name[i], part, n);
    }
    return true;
}

static bool set_time(struct trackcsv *c, struct text t)
{
    struct message *m = &c->message;
    m->t_us = c->in.now_us;
    if (c->clock == WIRE_CLOCK_RECEIVE) {
        return true;
    }
    if (t.n == 0) {
        m->t_us = 0;
        m->flags |= FRAME_NO_TIME;
        return true;
    }
    return text_decimal(t, 6, &m->t_us);
}

static void add_ground(struct message *m, struct text t)
{
    static const char *const yes[] = {"1", "true", "True", "TRUE", "t"};
    static const char *const no[] = {"0", "false", "False", "FALSE", "f"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (text_is(t, yes[i]) || text_is(t, no[i])) {
            message_add(m, FIELD_GROUND, text_is(t, yes[i]));
            return;
        }
    }
}

static bool use_parts(struct trackcsv *c, const struct text *part, size_t n)
{
    static const struct text empty = {"", 0};
    struct message *m = &c->message;
    struct text column[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        column[i] = c->at[i] < n ? part[c->at[i]] : empty;
    }
    message_start(m);
    m->origin = ORIGIN_OTHER;
    if (!text_address(column[COLUMN_ADDRESS], &m->address) || !set_time(c, column[COLUMN_TIME])) {
        return false;
    }
    if (text_flight(column[COLUMN_FLIGHT], m->flight)) {
        message_add(m, FIELD_FLIGHT, 0);
    }
    value_add_place(m, column[COLUMN_LAT], column[COLUMN_LON]);
    value_add_text(m, FIELD_ALT_BARO, column[COLUMN_ALTITUDE]);
    value_add_text(m, FIELD_GS, column[COLUMN_SPEED]);
    value_add_text(m, FIELD_TRACK, column[COLUMN_TRACK]);
    value_add_text(m, FIELD_BARO_RATE, column[COLUMN_RATE]);
    add_ground(m, column[COLUMN_GROUND]);
    return true;
}

static void use_line(void *ctx, const char *p, size_t n)
{
    struct trackcsv *c = ctx;
    struct text part[PARTS_MAX], line = {p, n};
    const bool is_first = !c->has_begun;
    c->has_begun = true;
    if (is_first && n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) { /* byte-order mark */
        line = (struct text){p + 3, n - 3};
    }
    const size_t parts = text_split(line, ',', part, PARTS_MAX);
    for (size_t i = 0; i < parts; i++) {
        part[i] = text_trim(part[i]);
    }
    if (is_first && take_header(c, part, parts)) {
        return;
    }
    if (!use_parts(c, part, parts)) {
        count(c->in.lines.counters, COUNT_CSV_BAD_LINE);
        return;
    }
    line_reader_give(&c->in, &c->message);
}

/* ---- writing ---- */

static void writer_head(struct wire_writer *w, struct buf *out)
{
    (void)w;
    buf_text(out, header);
}

/* A call sign without the blanks at its end. Only letters, digits and blanks within it: nothing a
   spreadsheet would run, nothing that ends the cell. */
static void put_flight(struct buf *out, const char *flight)
{
    struct text t = text_trim((struct text){flight, strnlen(flight, 8)});
    char clean[8];
    if (text_flight(t, clean)) {
        buf_add(out, clean, t.n);
    }
}

static void put_known(struct buf *out, bool is_known, int64_t v, unsigned decimals)
{
    buf_byte(out, ',');
    if (is_known) {
        buf_decimal(out, v, decimals);
    }
}

/* What the track knows of a quantity at the fix's time: value and whether it is fresh. */
static bool fresh(const struct wire_event *e, enum field f, int32_t *v)
{
    struct value value;
    if (!e->track) {
        *v = message_get(e->message, f, INT32_MIN);
        return *v != INT32_MIN;
    }
    const bool is_known = track_fresh(e->track, f, e->fix->t_us, &value);
    *v = is_known ? value.v : 0;
    return is_known;
}

static void writer_event(struct wire_writer *w, const struct wire_event *e, struct buf *out)
{
    (void)w;
    const struct fix *fix = e->fix;
    if (!fix || fix->verdict != VERDICT_ACCEPTED || !e->message) {
        return;
    }
    const uint8_t address[3] = {(uint8_t)(fix->address >> 16), (uint8_t)(fix->address >> 8),
                                (uint8_t)fix->address};
    int32_t rate;
    const bool has_rate = fresh(e, FIELD_BARO_RATE, &rate) || fresh(e, FIELD_GEOM_RATE, &rate);
    if (!(e->message->flags & (FRAME_ELAPSED | FRAME_NO_TIME))) {
        buf_decimal(out, fix->t_us, 6);
    }
    buf_byte(out, ',');
    if (fix->address & ADDRESS_NON_ICAO) {
        buf_byte(out, '~');
    }
    buf_hex(out, address, sizeof address);
    buf_byte(out, ',');
    if (e->track) {
        put_flight(out, track_flight(e->track));
    }
    put_known(out, true, fix->lat_e7, 7);
    put_known(out, true, fix->lon_e7, 7);
    put_known(out, fix->alt_baro_ft != FIX_NO_ALTITUDE, fix->alt_baro_ft, 0);
    put_known(out, fix->gs_e2_kt >= 0, fix->gs_e2_kt, 2);
    put_known(out, fix->track_e2_deg >= 0, fix->track_e2_deg, 2);
    put_known(out, has_rate, rate, 0);
    put_known(out, true, fix->ground ? 1 : 0, 0);
    buf_byte(out, '\n');
}

const struct wire_format wire_trackcsv = {
    .name = "trackcsv",
    .help = "track CSV: time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,"
            "onground",
    .keys = keys,
    .reader_new = reader_new,
    .reader_push = line_reader_push,
    .reader_end = line_reader_end,
    .reader_free = line_reader_free,
    .writer_new = line_writer_new,
    .writer_head = writer_head,
    .writer_event = writer_event,
    .writer_free = line_writer_free,
};
