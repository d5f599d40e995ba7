/* A line for each point: CSV and JSON lines. */
#include "archive/exporter.h"

#include <string.h>

/* ---- CSV ---- */

void export_csv_begin(struct buf *b)
{
    buf_text(b, "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,"
                "onground,alt_geom_ft,geom_rate_fpm,squawk,nic,rc_m,nac_p,sil,version,"
                "source,ias_kt,tas_kt,roll_deg,mag_heading_deg,nav_qnh_hpa,receiver,origin\n");
}

static void csv_cell(struct buf *b, bool is_known, int64_t v, unsigned decimals)
{
    buf_byte(b, ',');
    if (is_known) {
        buf_decimal(b, v, decimals);
    }
}

static void csv_32(struct buf *b, int32_t v, unsigned decimals)
{
    csv_cell(b, v != KEPT_NONE, v, decimals);
}

static void csv_8(struct buf *b, uint8_t v)
{
    csv_cell(b, v != KEPT_NONE_8, v, 0);
}

static void csv_begin(struct exporter *e)
{
    export_csv_begin(e->out);
}

void export_csv_line(struct buf *b, const struct kept *k, const char *receiver)
{
    char flight[9];
    export_flight(k, flight);
    buf_decimal(b, k->t_ms, 3);
    buf_byte(b, ',');
    export_put_address(b, k->address);
    buf_byte(b, ',');
    buf_text(b, flight);
    csv_32(b, k->lat_e7, 7);
    csv_32(b, k->lon_e7, 7);
    csv_32(b, k->alt_baro_ft, 0);
    csv_32(b, k->gs_e2_kt, 2);
    csv_32(b, k->track_e2_deg, 2);
    csv_32(b, k->baro_rate_fpm, 0);
    csv_cell(b, true, k->ground, 0);
    csv_32(b, k->alt_geom_ft, 0);
    csv_32(b, k->geom_rate_fpm, 0);
    buf_byte(b, ',');
    if (k->squawk != KEPT_NO_SQUAWK) {
        buf_format(b, "%04o", k->squawk);
    }
    csv_8(b, k->nic);
    csv_32(b, k->rc_m, 0);
    csv_8(b, k->nac_p);
    csv_8(b, k->sil);
    csv_8(b, k->version);
    buf_byte(b, ',');
    buf_text(b, origin_row[k->origin].type);
    csv_cell(b, k->ias_kt != KEPT_NONE_16, k->ias_kt, 0);
    csv_cell(b, k->tas_kt != KEPT_NONE_16, k->tas_kt, 0);
    csv_cell(b, k->roll_e2_deg != KEPT_NONE_16, k->roll_e2_deg, 2);
    csv_cell(b, k->mag_heading_e2_deg != KEPT_NO_HEADING, k->mag_heading_e2_deg, 2);
    csv_cell(b, k->nav_qnh_e1_hpa != 0, k->nav_qnh_e1_hpa, 1);
    buf_byte(b, ',');
    export_cell(b, receiver ? receiver : "");
    buf_byte(b, ',');
    export_cell(b, origin_row[k->origin].label);
    buf_byte(b, '\n');
}

static void csv_point(struct exporter *e, const struct kept *k)
{
    export_csv_line(e->out, k, export_receiver(e, k));
}

const struct export_format export_csv = {
    .name = "csv",
    .suffix = "csv",
    .media_type = "text/csv",
    .begin = csv_begin,
    .point = csv_point,
};

/* ---- JSON lines ---- */

static void json_32(struct buf *b, const char *key, int32_t v, unsigned decimals)
{
    export_put_number(b, key, v != KEPT_NONE, v, decimals);
}

void export_object(struct buf *b, const struct kept *k, const char *receiver)
{
    char flight[9];
    buf_text(b, "{\"t\":");
    buf_decimal(b, k->t_ms, 3);
    buf_text(b, ",\"hex\":\"");
    export_put_address(b, k->address);
    buf_text(b, "\",\"type\":\"");
    buf_text(b, origin_row[k->origin].type);
    buf_byte(b, '"');
    if (export_flight(k, flight) > 0) {
        buf_format(b, ",\"flight\":\"%-8s\"", flight);
    }
    json_32(b, "lat", k->lat_e7, 7);
    json_32(b, "lon", k->lon_e7, 7);
    if (k->ground) {
        buf_text(b, ",\"alt_baro\":\"ground\"");
    } else {
        json_32(b, "alt_baro", k->alt_baro_ft, 0);
    }
    json_32(b, "alt_geom", k->alt_geom_ft, 0);
    json_32(b, "gs", k->gs_e2_kt, 2);
    json_32(b, "track", k->track_e2_deg, 2);
    json_32(b, "baro_rate", k->baro_rate_fpm, 0);
    json_32(b, "geom_rate", k->geom_rate_fpm, 0);
    export_put_number(b, "ias", k->ias_kt != KEPT_NONE_16, k->ias_kt, 0);
    export_put_number(b, "roll", k->roll_e2_deg != KEPT_NONE_16, k->roll_e2_deg, 2);
    export_put_air(b, k);
    if (k->squawk != KEPT_NO_SQUAWK) {
        buf_format(b, ",\"squawk\":\"%04o\"", k->squawk);
    }
    export_put_quality(b, k);
    if (receiver && receiver[0]) {
        buf_text(b, ",\"rId\":");
        buf_json_string(b, receiver, strlen(receiver));
    }
    buf_byte(b, '}');
}

static void jsonl_point(struct exporter *e, const struct kept *k)
{
    export_object(e->out, k, export_receiver(e, k));
    buf_byte(e->out, '\n');
}

const struct export_format export_jsonl = {
    .name = "jsonl",
    .suffix = "jsonl",
    .media_type = "application/x-ndjson",
    .point = jsonl_point,
};
