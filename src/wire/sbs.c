/* BaseStation lines (port 30003): 22 fields, comma between, CR LF behind.
 *
 *    1 MSG, or MLAT for a result of multilateration; SEL ID AIR STA CLK are about the program's
 * list 2 1..8 which of the downlink formats  3 session  4 aircraft number  5 address  6 flight
 * number 7 8 date and time received  9 10 date and time written  11 call sign 12 altitude ft, 'H'
 * behind it where it is above the ellipsoid  13 ground speed kt  14 track 15 latitude  16 longitude
 * 17 vertical rate fpm  18 squawk 19 alert  20 emergency  21 SPI  22 on the ground: -1 (some write
 * 1) or 0
 *
 * An empty field is not known; fields missing at the end are empty. Times are UTC unless zone= says
 * otherwise (the original product writes local time). A number and a comma before MSG are
 * nanoseconds since the start, as some recorders write them. */
#include "base/instant.h"
#include "wire/line_reader.h"
#include "wire/value.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024, PARTS = 23, PARTS_LEAST = 5 };

/* 0-based places of the fields. */
enum {
    AT_KIND,
    AT_TYPE,
    AT_HEX = 4,
    AT_DATE = 6,
    AT_TIME,
    AT_FLIGHT = 10,
    AT_ALTITUDE,
    AT_SPEED,
    AT_TRACK,
    AT_LAT,
    AT_LON,
    AT_RATE,
    AT_SQUAWK,
    AT_ALERT,
    AT_EMERGENCY,
    AT_SPI,
    AT_GROUND
};

struct sbs {
    struct line_reader in;
    enum wire_clock clock;
    int64_t base_us, zone_us;
    struct message message;
};

static const char *const keys[] = {"zone", NULL}; /* read into wire_options by the caller */

#define MINUTE_US INT64_C(60000000)

static line_fn use_line;

static struct wire_reader *reader_new(const struct wire_options *o, const struct spec *s, char *why,
                                      size_t why_size)
{
    (void)s;
    struct sbs *b = line_reader_new(sizeof *b, LINE_MAX_BYTES, use_line, o, why, why_size);
    if (!b) {
        return NULL;
    }
    b->clock = o->clock;
    b->base_us = o->base_us;
    b->zone_us = o->zone_min * MINUTE_US;
    return (struct wire_reader *)b;
}

/* Three whole numbers with sep between, in range. */
static bool three(struct text t, char sep, const int32_t lo[3], const int32_t hi[3],
                  unsigned last_decimals, int32_t out[3])
{
    struct text part[4];
    if (text_split(t, sep, part, 4) != 3) {
        return false;
    }
    return text_number(part[0], 0, lo[0], hi[0], &out[0]) &&
           text_number(part[1], 0, lo[1], hi[1], &out[1]) &&
           text_number(part[2], last_decimals, lo[2], hi[2], &out[2]);
}

/* 2010/05/23 or 2010-05-23, and 00:00:17.984. */
static bool read_time(struct text date, struct text time, int64_t zone_us, int64_t *t_us)
{
    static const int32_t date_lo[] = {1970, 1, 1}, date_hi[] = {2200, 12, 31};
    static const int32_t time_lo[] = {0, 0, 0}, time_hi[] = {23, 59, 60999999};
    int32_t d[3], t[3];
    const bool has_slash = date.n > 0 && memchr(date.p, '/', date.n);
    if (!three(date, has_slash ? '/' : '-', date_lo, date_hi, 0, d) ||
        !three(time, ':', time_lo, time_hi, 6, t)) {
        return false;
    }
    const struct instant_parts parts = {.year = d[0],
                                        .month = d[1],
                                        .day = d[2],
                                        .hour = t[0],
                                        .minute = t[1],
                                        .second = t[2] / 1000000,
                                        .us = t[2] % 1000000};
    *t_us = instant_join(&parts) - zone_us;
    return true;
}

static void set_time(struct sbs *b, const struct text *part, struct text since_ns)
{
    struct message *m = &b->message;
    int64_t ns;
    m->t_us = b->in.now_us;
    if (b->clock == WIRE_CLOCK_RECEIVE) {
        return;
    }
    if (read_time(part[AT_DATE], part[AT_TIME], b->zone_us, &m->t_us)) {
        return;
    }
    if (since_ns.n > 0 && text_decimal(since_ns, 0, &ns) && ns >= 0) {
        m->t_us = b->base_us + ns / 1000;
        m->flags |= b->base_us ? 0 : FRAME_ELAPSED;
        return;
    }
    m->t_us = 0;
    m->flags |= FRAME_NO_TIME;
}

/* -1 or 1 set, 0 not, anything else not known. */
static int flag_of(struct text t)
{
    return text_is(t, "0") ? 0 : text_is(t, "-1") || text_is(t, "1") ? 1 : -1;
}

static void add_flag(struct message *m, enum field f, struct text t)
{
    const int flag = flag_of(t);
    if (flag >= 0) {
        message_add(m, f, flag);
    }
}

static void add_altitude(struct message *m, struct text t)
{
    if (t.n > 0 && t.p[t.n - 1] == 'H') {
        t.n--;
        value_add_text(m, FIELD_ALT_GEOM, t);
    } else {
        value_add_text(m, FIELD_ALT_BARO, t);
    }
}

/* The field says that there is an emergency; which one the squawk tells. */
static void add_emergency(struct message *m)
{
    switch (message_get(m, FIELD_SQUAWK, 0)) {
    case 07500:
        message_add(m, FIELD_EMERGENCY, EMERGENCY_UNLAWFUL);
        break;
    case 07600:
        message_add(m, FIELD_EMERGENCY, EMERGENCY_NORDO);
        break;
    default:
        message_add(m, FIELD_EMERGENCY, EMERGENCY_GENERAL);
        break;
    }
}

static void add_fields(struct message *m, const struct text *part, bool is_mlat)
{
    int32_t squawk;
    if (text_flight(part[AT_FLIGHT], m->flight)) {
        message_add(m, FIELD_FLIGHT, 0);
    }
    add_altitude(m, part[AT_ALTITUDE]);
    value_add_text(m, FIELD_GS, part[AT_SPEED]);
    value_add_text(m, FIELD_TRACK, part[AT_TRACK]);
    value_add_place(m, part[AT_LAT], part[AT_LON]);
    value_add_text(m, FIELD_BARO_RATE, part[AT_RATE]);
    if (text_squawk(part[AT_SQUAWK], &squawk)) {
        message_add(m, FIELD_SQUAWK, squawk);
    }
    if (!is_mlat) { /* these two hold the count of receivers and the error then */
        add_flag(m, FIELD_ALERT, part[AT_ALERT]);
        if (flag_of(part[AT_EMERGENCY]) == 1) {
            add_emergency(m);
        }
    }
    add_flag(m, FIELD_SPI, part[AT_SPI]);
    add_flag(m, FIELD_GROUND, part[AT_GROUND]);
}

static bool is_number(struct text t)
{
    int64_t v;
    return t.n > 0 && text_decimal(t, 0, &v);
}

/* Lines about the program's own list say nothing new of the air, but they are no garbage. */
static bool is_list_line(struct text kind)
{
    return text_is(kind, "SEL") || text_is(kind, "ID") || text_is(kind, "AIR") ||
           text_is(kind, "STA") || text_is(kind, "CLK");
}

/* False where the parts are no line of ours. */
static bool use_parts(struct sbs *b, const struct text *part, size_t n, struct text since_ns)
{
    struct message *m = &b->message;
    if (n < PARTS_LEAST) {
        return false;
    }
    if (is_list_line(part[AT_KIND])) {
        return true;
    }
    const bool is_mlat = text_is(part[AT_KIND], "MLAT");
    message_start(m);
    if ((!is_mlat && !text_is(part[AT_KIND], "MSG")) || part[AT_TYPE].n != 1 ||
        part[AT_TYPE].p[0] < '1' || part[AT_TYPE].p[0] > '8' ||
        !text_address(part[AT_HEX], &m->address)) {
        return false;
    }
    m->origin = is_mlat ? ORIGIN_MLAT : ORIGIN_OTHER;
    set_time(b, part, since_ns);
    add_fields(m, part, is_mlat);
    line_reader_give(&b->in, m);
    return true;
}

static void use_line(void *ctx, const char *p, size_t n)
{
    struct sbs *b = ctx;
    static const struct text none = {"", 0};
    struct text part[PARTS];
    const size_t parts = text_split((struct text){p, n}, ',', part, PARTS);
    for (size_t i = 0; i < PARTS; i++) {
        part[i] = i < parts ? text_trim(part[i]) : none;
    }
    const bool is_offset = is_number(part[0]);
    if (!use_parts(b, part + is_offset, parts - is_offset, is_offset ? part[0] : none)) {
        count(b->in.lines.counters, COUNT_SBS_BAD_LINE);
    }
}

/* ---- writing ---- */

/* The type of a message that did not come as a frame: by what it says. */
static char type_of_values(const struct message *m)
{
    if (m->has_place) {
        return '3';
    }
    if (message_get(m, FIELD_GS, -1) >= 0) {
        return '4';
    }
    for (unsigned i = 0; i < m->n; i++) {
        switch (m->item[i].field) {
        case FIELD_FLIGHT:
            return '1';
        case FIELD_SQUAWK:
            return '6';
        case FIELD_ALT_BARO:
        case FIELD_ALT_GEOM:
            return '5';
        default:
            break;
        }
    }
    return '8';
}

/* Field 2 by downlink format and type code, as readsb has it; 0: not written. GNSS altitude
   positions (20..22) are positions too. */
static char type_of(const struct message *m)
{
    switch (m->df) {
    case 17:
    case 18:
        return m->tc >= 1 && m->tc <= 4                                      ? '1'
               : m->tc >= 5 && m->tc <= 8                                    ? '2'
               : (m->tc >= 9 && m->tc <= 18) || (m->tc >= 20 && m->tc <= 22) ? '3'
               : m->tc == 19                                                 ? '4'
                                                                             : 0;
    case 4:
    case 20:
        return '5';
    case 5:
    case 21:
        return '6';
    case 0:
    case 16:
        return '7';
    case 11:
        return '8';
    case 255:
        return type_of_values(m);
    default:
        return 0;
    }
}

/* Digits of v with leading zeros. */
static void put_digits(struct buf *out, int v, unsigned digits)
{
    uint8_t *to = buf_reserve(out, digits);
    if (!to) {
        return;
    }
    for (unsigned i = digits; i > 0; i--, v /= 10) {
        to[i - 1] = (uint8_t)('0' + v % 10);
    }
    out->n += digits;
}

/* `,2024/06/07,08:30:00.123`, or two empty fields. */
static void put_time(struct buf *out, int64_t t_us, bool is_known)
{
    if (!is_known || t_us < 0) {
        buf_text(out, ",,");
        return;
    }
    const struct instant_parts t = instant_split(t_us);
    buf_byte(out, ',');
    put_digits(out, t.year, 4);
    buf_byte(out, '/');
    put_digits(out, t.month, 2);
    buf_byte(out, '/');
    put_digits(out, t.day, 2);
    buf_byte(out, ',');
    put_digits(out, t.hour, 2);
    buf_byte(out, ':');
    put_digits(out, t.minute, 2);
    buf_byte(out, ':');
    put_digits(out, t.second, 2);
    buf_byte(out, '.');
    put_digits(out, t.us / 1000, 3);
}

static bool has(const struct message *m, enum field f, int32_t *v)
{
    for (unsigned i = 0; i < m->n; i++) {
        if (m->item[i].field == (uint8_t)f) {
            *v = m->item[i].value;
            return true;
        }
    }
    return false;
}

/* Rounded to whole units, half away from zero. */
static int32_t whole(int32_t v, enum field f)
{
    int32_t unit = 1;
    for (unsigned i = 0; i < field_row[f].decimals; i++) {
        unit *= 10;
    }
    return (v + (v < 0 ? -unit / 2 : unit / 2)) / unit;
}

static void put_whole(struct buf *out, const struct message *m, enum field f)
{
    int32_t v;
    buf_byte(out, ',');
    if (has(m, f, &v)) {
        buf_decimal(out, whole(v, f), 0);
    }
}

static void put_altitude(struct buf *out, const struct message *m)
{
    int32_t v;
    buf_byte(out, ',');
    if (has(m, FIELD_ALT_BARO, &v)) {
        buf_decimal(out, v, 0);
    } else if (has(m, FIELD_ALT_GEOM, &v)) {
        buf_decimal(out, v, 0);
        buf_byte(out, 'H');
    }
}

/* Degrees with six decimals, as printf's %.6f. */
static void put_degrees(struct buf *out, int32_t e7)
{
    const int64_t e6 = ((int64_t)e7 + (e7 < 0 ? -5 : 5)) / 10;
    const int64_t v = e6 < 0 ? -e6 : e6;
    buf_byte(out, ',');
    if (e6 < 0) {
        buf_byte(out, '-');
    }
    buf_decimal(out, v / 1000000, 0);
    buf_byte(out, '.');
    put_digits(out, (int)(v % 1000000), 6);
}

static void put_place(struct buf *out, const struct wire_event *e)
{
    if (e->fix && e->fix->verdict == VERDICT_ACCEPTED) {
        put_degrees(out, e->fix->lat_e7);
        put_degrees(out, e->fix->lon_e7);
    } else {
        buf_text(out, ",,");
    }
}

static void put_flag(struct buf *out, bool is_known, bool is_set)
{
    buf_text(out, !is_known ? "," : is_set ? ",-1" : ",0");
}

static void put_flags(struct buf *out, const struct message *m, bool is_mlat)
{
    int32_t v = 0;
    bool is_known = has(m, FIELD_ALERT, &v);
    put_flag(out, is_known && !is_mlat, v);
    is_known = has(m, FIELD_SQUAWK, &v);
    put_flag(out, is_known && !is_mlat, v == 07500 || v == 07600 || v == 07700);
    is_known = has(m, FIELD_SPI, &v);
    put_flag(out, is_known, v);
    is_known = has(m, FIELD_GROUND, &v);
    put_flag(out, is_known, v);
}

static void put_head(struct buf *out, const struct message *m, char type, bool is_mlat)
{
    static const char digit[] = "0123456789ABCDEF";
    buf_text(out, is_mlat ? "MLAT," : "MSG,");
    buf_byte(out, (uint8_t)type);
    buf_text(out, ",1,1,");
    for (int shift = 20; shift >= 0; shift -= 4) {
        buf_byte(out, (uint8_t)digit[m->address >> shift & 15]);
    }
    buf_text(out, ",1");
}

static void writer_event(struct wire_writer *w, const struct wire_event *e, struct buf *out)
{
    (void)w;
    const struct message *m = e->message;
    const char type = m ? type_of(m) : 0;
    if (!type || !e->attributed || m->address >= ADDRESS_NON_ICAO) {
        return;
    }
    const bool is_mlat = m->origin == ORIGIN_MLAT;
    const bool has_time = !(m->flags & (FRAME_ELAPSED | FRAME_NO_TIME));
    int32_t v;
    put_head(out, m, type, is_mlat);
    put_time(out, m->t_us, has_time);
    put_time(out, e->now_us, has_time);
    buf_byte(out, ',');
    if (has(m, FIELD_FLIGHT, &v)) {
        buf_add(out, m->flight, sizeof m->flight);
    }
    put_altitude(out, m);
    put_whole(out, m, FIELD_GS);
    put_whole(out, m, FIELD_TRACK);
    put_place(out, e);
    put_whole(out, m, FIELD_BARO_RATE);
    buf_byte(out, ',');
    if (has(m, FIELD_SQUAWK, &v)) {
        put_digits(out, (v >> 9 & 7) * 1000 + (v >> 6 & 7) * 100 + (v >> 3 & 7) * 10 + (v & 7), 4);
    }
    put_flags(out, m, is_mlat);
    buf_text(out, "\r\n");
}

static const char heartbeat[] = "\r\n";

const struct wire_format wire_sbs = {
    .name = "sbs",
    .help = "BaseStation lines (port 30003); zone=+01:00 reads local times",
    .keys = keys,
    .reader_new = reader_new,
    .reader_push = line_reader_push,
    .reader_end = line_reader_end,
    .reader_free = line_reader_free,
    .writer_new = line_writer_new,
    .writer_event = writer_event,
    .writer_free = line_writer_free,
    .heartbeat = heartbeat,
    .heartbeat_n = sizeof heartbeat - 1,
};
