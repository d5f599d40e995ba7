/* A line for each point: CSV and JSON lines. */
#include "archive/exporter.h"

/* ---- CSV ---- */

static void csv_begin(struct exporter *e)
{
    buf_text(e->out, "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,"
                     "onground,alt_geom_ft,geom_rate_fpm,squawk,nic,rc_m,nac_p,sil,version,"
                     "source\n");
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

static void csv_point(struct exporter *e, const struct kept *k)
{
    struct buf *b = e->out;
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
    buf_format(b, ",%s\n", origin_row[k->origin].type);
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
    if (v != KEPT_NONE) {
        buf_format(b, ",\"%s\":", key);
        buf_decimal(b, v, decimals);
    }
}

static void jsonl_point(struct exporter *e, const struct kept *k)
{
    struct buf *b = e->out;
    char flight[9];
    buf_text(b, "{\"t\":");
    buf_decimal(b, k->t_ms, 3);
    buf_text(b, ",\"hex\":\"");
    export_put_address(b, k->address);
    buf_format(b, "\",\"type\":\"%s\"", origin_row[k->origin].type);
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
    if (k->squawk != KEPT_NO_SQUAWK) {
        buf_format(b, ",\"squawk\":\"%04o\"", k->squawk);
    }
    export_put_quality(b, k);
    buf_text(b, "}\n");
}

const struct export_format export_jsonl = {
    .name = "jsonl",
    .suffix = "jsonl",
    .media_type = "application/x-ndjson",
    .point = jsonl_point,
};
