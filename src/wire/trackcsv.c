/* Track CSV: `time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground`, a
 * line for each position; a field that was not reported is empty.
 *
 * Read: the first line may name the columns, then in any order and with others among them; quoted
 * fields; the address is text, never a number. Written: no text cell begins with a character a
 * spreadsheet takes for a formula. */
#include "wire/lines.h"
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
    struct lines lines;
    enum wire_clock clock;
    bool has_begun;
    uint8_t at[COLUMN_COUNT]; /* where the column stands; PARTS_MAX: nowhere */
    int64_t now_us;
    wire_item_fn *out;
    void *ctx;
    struct message message;
};

static const char *const keys[] = {NULL};

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct trackcsv *c = calloc(1, sizeof *c);
    if (!c || !lines_start(&c->lines, LINE_MAX_BYTES, o->counters)) {
        free(c);
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    c->clock = o->clock;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        c->at[i] = (uint8_t)i;
    }
    return (struct wire_reader *)c;
}

static void reader_free(struct wire_reader *r)
{
    struct trackcsv *c = (struct trackcsv *)r;
    if (c) {
        lines_stop(&c->lines);
        free(c);
    }
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
    m->t_us = c->now_us;
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
        count(c->lines.counters, COUNT_CSV_BAD_LINE);
        return;
    }
    const struct wire_item item = {.kind = WIRE_MESSAGE, .message = &c->message};
    c->out(c->ctx, &item);
}

static void reader_push(struct wire_reader *r, const uint8_t *p, size_t n, int64_t now_us,
                        wire_item_fn *out, void *ctx)
{
    struct trackcsv *c = (struct trackcsv *)r;
    c->now_us = now_us;
    c->out = out;
    c->ctx = ctx;
    lines_push(&c->lines, p, n, use_line, c);
}

static void reader_end(struct wire_reader *r, int64_t now_us, wire_item_fn *out, void *ctx)
{
    struct trackcsv *c = (struct trackcsv *)r;
    c->now_us = now_us;
    c->out = out;
    c->ctx = ctx;
    lines_end(&c->lines, use_line, c);
}

/* ---- writing ---- */

struct trackcsv_writer {
    char nothing; /* a line stands by itself: no state */
};

static struct wire_writer *writer_new(const struct spec *s, char *why, size_t why_size)
{
    (void)s;
    struct trackcsv_writer *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
    }
    return (struct wire_writer *)w;
}

static void writer_free(struct wire_writer *w)
{
    free(w);
}

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
    .reader_push = reader_push,
    .reader_end = reader_end,
    .reader_free = reader_free,
    .writer_new = writer_new,
    .writer_head = writer_head,
    .writer_event = writer_event,
    .writer_free = writer_free,
};
