/* readsb's trace_full_<hex>.json: see trace.h for its columns. A point is written when the one
   after it is known, for only that says whether it went stale. */
#include "archive/exporter.h"

#include <string.h>

/* As readsb: older than this when the next one comes. */
enum { STALE_MS = 20 * 1000 };

enum { FLAG_STALE = 1, FLAG_GEOM_RATE = 4, FLAG_GEOM_ALT = 8 };

static void trace_aircraft(struct exporter *e, const struct kept *k)
{
    struct buf *b = e->out;
    buf_text(b, "{\"icao\":\"");
    export_put_address(b, k->address);
    buf_text(b, "\",\"noRegData\":true,\"timestamp\":");
    buf_decimal(b, k->t_ms, 3);
    buf_text(b, ",\"trace\":[");
}

static void put(struct buf *b, int32_t v, unsigned decimals)
{
    buf_byte(b, ',');
    if (v == KEPT_NONE) {
        buf_text(b, "null");
    } else {
        buf_decimal(b, v, decimals);
    }
}

static bool is_same_detail(const struct kept *a, const struct kept *b)
{
    return memcmp(a->flight, b->flight, sizeof a->flight) == 0 && a->squawk == b->squawk &&
           a->nic == b->nic && a->nac_p == b->nac_p && a->sil == b->sil &&
           a->version == b->version && a->rc_m == b->rc_m && a->tas_kt == b->tas_kt &&
           a->mag_heading_e2_deg == b->mag_heading_e2_deg &&
           a->nav_qnh_e1_hpa == b->nav_qnh_e1_hpa && a->receiver == b->receiver;
}

/* An object stands until the next one. */
static void put_detail(struct exporter *e, const struct kept *k)
{
    struct buf *b = e->out;
    char flight[9];
    if (e->written > 0 && is_same_detail(&e->detail, k)) {
        buf_text(b, ",null");
        return;
    }
    e->detail = *k;
    buf_format(b, ",{\"type\":\"%s\"", origin_row[k->origin].type);
    if (export_flight(k, flight) > 0) {
        buf_format(b, ",\"flight\":\"%-8s\"", flight);
    }
    if (k->squawk != KEPT_NO_SQUAWK) {
        buf_format(b, ",\"squawk\":\"%04o\"", k->squawk);
    }
    export_put_quality(b, k);
    export_put_air(b, k);
    const char *receiver = export_receiver(e, k);
    if (receiver[0]) {
        buf_text(b, ",\"rId\":");
        buf_json_string(b, receiver, strlen(receiver));
    }
    buf_byte(b, '}');
}

static void put_point(struct exporter *e, const struct kept *k, bool is_stale)
{
    struct buf *b = e->out;
    const bool alt_is_geom =
        !k->ground && k->alt_baro_ft == KEPT_NONE && k->alt_geom_ft != KEPT_NONE;
    const bool rate_is_geom = k->baro_rate_fpm == KEPT_NONE && k->geom_rate_fpm != KEPT_NONE;
    buf_text(b, e->written > 0 ? ",\n[" : "\n[");
    buf_decimal(b, k->t_ms - e->first_ms, 3);
    put(b, k->lat_e7, 7);
    put(b, k->lon_e7, 7);
    if (k->ground) {
        buf_text(b, ",\"ground\"");
    } else {
        put(b, alt_is_geom ? k->alt_geom_ft : k->alt_baro_ft, 0);
    }
    put(b, k->gs_e2_kt, 2);
    put(b, k->track_e2_deg, 2);
    buf_format(b, ",%d",
               (is_stale ? FLAG_STALE : 0) | (rate_is_geom ? FLAG_GEOM_RATE : 0) |
                   (alt_is_geom ? FLAG_GEOM_ALT : 0));
    put(b, rate_is_geom ? k->geom_rate_fpm : k->baro_rate_fpm, 0);
    put_detail(e, k);
    buf_format(b, ",\"%s\"", origin_row[k->origin].type);
    put(b, k->alt_geom_ft, 0);
    put(b, k->geom_rate_fpm, 0);
    put(b, k->ias_kt == KEPT_NONE_16 ? KEPT_NONE : k->ias_kt, 0);
    put(b, k->roll_e2_deg == KEPT_NONE_16 ? KEPT_NONE : k->roll_e2_deg, 2);
    buf_byte(b, ']');
    e->written++;
}

static void trace_point(struct exporter *e, const struct kept *k)
{
    if (e->points > 0) {
        put_point(e, &e->last, k->t_ms - e->last.t_ms > STALE_MS);
    }
}

static void trace_segment_end(struct exporter *e)
{
    put_point(e, &e->last, !e->is_closing);
}

static void trace_aircraft_end(struct exporter *e)
{
    buf_text(e->out, "\n]}\n");
}

const struct export_format export_trace = {
    .name = "readsb-trace",
    .suffix = "json",
    .media_type = "application/json",
    .aircraft = trace_aircraft,
    .point = trace_point,
    .segment_end = trace_segment_end,
    .aircraft_end = trace_aircraft_end,
};
