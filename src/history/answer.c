/* Answers as tables for people, CSV and JSON for programs. */
#include "base/instant.h"
#include "history/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TIME_TEXT = 32 };

/* What distinguishes the kinds of answer. */
static const struct shape {
    const char *key; /* of the list in JSON */
    const char *table, *csv;
} shapes[] = {
    [QUESTION_VISITS] = {"visits",
                         "hex      flight    from                  to                    points   "
                         "alt in  alt out   lowest  highest  closest",
                         "hex,flight,from,to,points,lat_in,lon_in,alt_in_ft,lat_out,lon_out,"
                         "alt_out_ft,alt_low_ft,alt_high_ft,closest_m,closest_at"},
    [QUESTION_POINTS] =
        {"points",
         "time                      hex      flight      latitude    longitude     alt     "
         "gs  track    rate  squawk",
         NULL},
    [QUESTION_PICTURE] =
        {"aircraft",
         "time                      hex      flight      latitude    longitude     alt     "
         "gs  track    rate  squawk",
         NULL},
    [QUESTION_THEN] = {"visits",
                       "hex      flight    from                  to                    points  "
                       "then                  alt",
                       "hex,flight,from,to,points,lat_in,lon_in,alt_in_ft,lat_out,lon_out,"
                       "alt_out_ft,alt_low_ft,alt_high_ft,closest_m,closest_at,then_at,then_lat,"
                       "then_lon,then_alt_ft"},
};

/* ---- pieces ---- */

enum { HEX_TEXT = 10, CELL = 16 };

static void hex_text(uint32_t address, char out[HEX_TEXT])
{
    snprintf(out, HEX_TEXT, "%s%06x", address & ADDRESS_NON_ICAO ? "~" : "",
             (unsigned)(address & 0xffffff));
}

static void number_text(bool is_known, double v, char out[CELL])
{
    if (is_known) {
        snprintf(out, CELL, "%.0f", v);
    } else {
        memcpy(out, "-", 2);
    }
}

static int32_t altitude_ft(const struct kept *k)
{
    return k->alt_baro_ft != KEPT_NONE ? k->alt_baro_ft : k->alt_geom_ft;
}

static void alt_text(const struct kept *k, char out[CELL])
{
    if (k->ground) {
        memcpy(out, "ground", 7);
    } else {
        number_text(altitude_ft(k) != KEPT_NONE, altitude_ft(k), out);
    }
}

static void flight_text(const char flight[8], char out[9])
{
    struct kept k = kept_none();
    memcpy(k.flight, flight, 8);
    if (export_flight(&k, out) == 0) {
        memcpy(out, "-", 2);
    }
}

static void time_text(int64_t t_ms, unsigned decimals, char out[TIME_TEXT])
{
    instant_format(t_ms * 1000, decimals, out);
}

/* ---- tables ---- */

static void table_visit(struct buf *b, const struct visit *v, const struct kept *then)
{
    char hex[HEX_TEXT], flight[9], from[TIME_TEXT], to[TIME_TEXT], in[CELL], out[CELL], low[CELL],
        high[CELL];
    hex_text(v->first.address, hex);
    flight_text(v->flight, flight);
    time_text(v->first.t_ms, 0, from);
    time_text(v->last.t_ms, 0, to);
    buf_format(b, "%-7s  %-8s  %-20s  %-20s  %6" PRIu64, hex, flight, from, to, v->points);
    if (then) {
        time_text(then->t_ms, 0, from);
        alt_text(then, in);
        buf_format(b, "  %-20s  %s\n", from, in);
        return;
    }
    alt_text(&v->first, in);
    alt_text(&v->last, out);
    number_text(v->alt_low_ft != KEPT_NONE, v->alt_low_ft, low);
    number_text(v->alt_high_ft != KEPT_NONE, v->alt_high_ft, high);
    buf_format(b, "  %7s  %7s  %7s  %7s", in, out, low, high);
    if (v->closest_m >= 0) {
        time_text(v->closest.t_ms, 0, from);
        buf_format(b, "  %.2f km at %s", v->closest_m / 1000, from);
    }
    buf_byte(b, '\n');
}

static void table_point(struct buf *b, const struct kept *k)
{
    char time[TIME_TEXT], hex[HEX_TEXT], flight[9], alt[CELL], gs[CELL], track[CELL], rate[CELL];
    time_text(k->t_ms, 3, time);
    hex_text(k->address, hex);
    flight_text(k->flight, flight);
    alt_text(k, alt);
    number_text(k->gs_e2_kt != KEPT_NONE, k->gs_e2_kt * 0.01, gs);
    number_text(k->track_e2_deg != KEPT_NONE, k->track_e2_deg * 0.01, track);
    number_text(k->baro_rate_fpm != KEPT_NONE, k->baro_rate_fpm, rate);
    buf_format(b, "%-24s  %-7s  %-8s  %10.6f  %11.6f  %6s  %5s  %5s  %6s  ", time, hex, flight,
               k->lat_e7 * 1e-7, k->lon_e7 * 1e-7, alt, gs, track, rate);
    buf_format(b, k->squawk != KEPT_NO_SQUAWK ? "%04o\n" : "-\n", k->squawk);
}

/* ---- CSV ---- */

static void csv_number(struct buf *b, bool is_known, int64_t v, unsigned decimals)
{
    buf_byte(b, ',');
    if (is_known) {
        buf_decimal(b, v, decimals);
    }
}

/* On the ground is 0, as in questions. */
static void csv_place(struct buf *b, const struct kept *k)
{
    const int32_t alt = k->ground ? 0 : altitude_ft(k);
    csv_number(b, true, k->lat_e7, 7);
    csv_number(b, true, k->lon_e7, 7);
    csv_number(b, alt != KEPT_NONE, alt, 0);
}

static void csv_visit(struct buf *b, const struct visit *v, const struct kept *then)
{
    char flight[9];
    struct kept k = kept_none();
    memcpy(k.flight, v->flight, 8);
    export_flight(&k, flight);
    export_put_address(b, v->first.address);
    buf_byte(b, ',');
    buf_text(b, flight);
    csv_number(b, true, v->first.t_ms, 3);
    csv_number(b, true, v->last.t_ms, 3);
    csv_number(b, true, (int64_t)v->points, 0);
    csv_place(b, &v->first);
    csv_place(b, &v->last);
    csv_number(b, v->alt_low_ft != KEPT_NONE, v->alt_low_ft, 0);
    csv_number(b, v->alt_high_ft != KEPT_NONE, v->alt_high_ft, 0);
    csv_number(b, v->closest_m >= 0, (int64_t)(v->closest_m * 10), 1);
    csv_number(b, v->closest_m >= 0, v->closest.t_ms, 3);
    if (then) {
        csv_number(b, true, then->t_ms, 3);
        csv_place(b, then);
    }
    buf_byte(b, '\n');
}

/* ---- JSON ---- */

static void json_number(struct buf *b, const char *key, int64_t v, unsigned decimals)
{
    buf_format(b, ",\"%s\":", key);
    buf_decimal(b, v, decimals);
}

static void json_place(struct buf *b, const char *key, const struct kept *k)
{
    buf_format(b, ",\"%s\":{\"t\":", key);
    buf_decimal(b, k->t_ms, 3);
    json_number(b, "lat", k->lat_e7, 7);
    json_number(b, "lon", k->lon_e7, 7);
    if (k->ground) {
        buf_text(b, ",\"alt_baro\":\"ground\"");
    } else if (k->alt_baro_ft != KEPT_NONE) {
        json_number(b, "alt_baro", k->alt_baro_ft, 0);
    }
    if (k->alt_geom_ft != KEPT_NONE) {
        json_number(b, "alt_geom", k->alt_geom_ft, 0);
    }
    buf_byte(b, '}');
}

static void json_visit(struct buf *b, const struct visit *v, const struct kept *then)
{
    struct kept k = kept_none();
    char flight[9];
    memcpy(k.flight, v->flight, 8);
    buf_text(b, "{\"hex\":\"");
    export_put_address(b, v->first.address);
    buf_byte(b, '"');
    if (export_flight(&k, flight) > 0) {
        buf_format(b, ",\"flight\":\"%s\"", flight);
    }
    json_number(b, "from", v->first.t_ms, 3);
    json_number(b, "to", v->last.t_ms, 3);
    json_number(b, "points", (int64_t)v->points, 0);
    json_place(b, "in", &v->first);
    json_place(b, "out", &v->last);
    if (v->alt_low_ft != KEPT_NONE) {
        json_number(b, "alt_low", v->alt_low_ft, 0);
        json_number(b, "alt_high", v->alt_high_ft, 0);
    }
    if (v->closest_m >= 0) {
        json_place(b, "closest", &v->closest);
        json_number(b, "closest_m", (int64_t)(v->closest_m * 10), 1);
    }
    if (then) {
        json_place(b, "then", then);
    }
    buf_byte(b, '}');
}

/* ---- all kinds ---- */

static void begin_item(struct inquiry *i, struct buf *out)
{
    if (i->q->format == QUESTION_JSON) {
        buf_text(out, i->found ? ",\n" : "\n");
    }
}

void answer_begin(struct inquiry *i, struct buf *out)
{
    const struct shape *shape = &shapes[i->q->kind];
    switch (i->q->format) {
    case QUESTION_TABLE:
        buf_text(out, shape->table);
        buf_byte(out, '\n');
        break;
    case QUESTION_CSV:
        if (shape->csv) {
            buf_text(out, shape->csv);
            buf_byte(out, '\n');
        } else {
            export_csv_begin(out);
        }
        break;
    default:
        buf_byte(out, '{');
        if (i->q->kind == QUESTION_PICTURE) {
            buf_text(out, "\"at\":");
            buf_decimal(out, i->q->at_ms, 3);
            buf_byte(out, ',');
        }
        buf_format(out, "\"%s\":[", shape->key);
        break;
    }
}

static void put_visit(struct inquiry *i, struct buf *out, const struct visit *v,
                      const struct kept *then)
{
    static void (*const put[QUESTION_FORMATS])(struct buf * b, const struct visit *v,
                                               const struct kept *then) = {
        [QUESTION_TABLE] = table_visit, [QUESTION_CSV] = csv_visit, [QUESTION_JSON] = json_visit};
    begin_item(i, out);
    put[i->q->format](out, v, then);
}

void answer_visit(struct inquiry *i, struct buf *out, const struct visit *v)
{
    put_visit(i, out, v, NULL);
}

void answer_then(struct inquiry *i, struct buf *out, const struct visit *v, const struct kept *k)
{
    put_visit(i, out, v, k);
}

void answer_point(struct inquiry *i, struct buf *out, const struct kept *k)
{
    const char *receiver = k->receiver ? names_get(&i->names, k->receiver) : "";
    begin_item(i, out);
    switch (i->q->format) {
    case QUESTION_TABLE:
        table_point(out, k);
        break;
    case QUESTION_CSV:
        export_csv_line(out, k, receiver);
        break;
    default:
        export_object(out, k, receiver);
        break;
    }
}

/* How a JSON answer ended: `next` where it was cut, `torn` chunks that could not be read. */
void answer_end(struct inquiry *i, struct buf *out)
{
    if (i->q->format != QUESTION_JSON) {
        return;
    }
    const struct inquiry_state s = inquiry_state(i);
    buf_format(out, "\n],\"next\":%s%s%s,\"torn\":%zu}\n", s.next[0] ? "\"" : "",
               s.next[0] ? s.next : "null", s.next[0] ? "\"" : "", s.search.torn);
}
