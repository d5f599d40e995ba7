/* Lines on maps: GeoJSON, GPX, KML. Texts within them are addresses, times and call signs of
   letters, digits and blanks: nothing has to be escaped. */
#include "archive/exporter.h"

/* "DLH1 (3c6444)", or the address alone. */
static void put_name(struct buf *b, uint32_t address, const char *flight)
{
    if (flight[0]) {
        buf_format(b, "%s (", flight);
    }
    export_put_address(b, address);
    buf_text(b, flight[0] ? ")" : "");
}

static void put_meters(struct buf *b, const char *before, const struct kept *k)
{
    int64_t e4_m;
    if (export_height(k, &e4_m)) {
        buf_text(b, before);
        buf_decimal(b, e4_m, 4);
    }
}

/* ---- GeoJSON ---- */

static void geojson_begin(struct exporter *e)
{
    buf_text(e->out, "{\"type\":\"FeatureCollection\",\"features\":[");
}

/* Coordinates wait in side[0], times in side[1]: whether it is a line is known at the end. */
static void geojson_point(struct exporter *e, const struct kept *k)
{
    struct buf *b = &e->side[0], *times = &e->side[1];
    buf_text(b, e->points > 0 ? ",[" : "[");
    buf_decimal(b, k->lon_e7, 7);
    buf_byte(b, ',');
    buf_decimal(b, k->lat_e7, 7);
    put_meters(b, ",", k);
    buf_byte(b, ']');
    buf_text(times, e->points > 0 ? ",\"" : "\"");
    export_put_time(times, k->t_ms);
    buf_byte(times, '"');
}

static void geojson_segment_end(struct exporter *e)
{
    struct buf *b = e->out;
    const bool is_line = e->points > 1;
    buf_text(b, e->segments > 1 ? ",\n" : "\n");
    buf_format(b, "{\"type\":\"Feature\",\"geometry\":{\"type\":\"%s\",\"coordinates\":%s",
               is_line ? "LineString" : "Point", is_line ? "[" : "");
    buf_add(b, e->side[0].p, e->side[0].n);
    buf_format(b, "%s},\"properties\":{\"icao24\":\"", is_line ? "]" : "");
    export_put_address(b, e->last.address);
    buf_text(b, "\",\"callsign\":");
    buf_format(b, e->flight[0] ? "\"%s\"" : "null%s", e->flight);
    buf_text(b, ",\"altitude\":\"pressure\",\"coordTimes\":[");
    buf_add(b, e->side[1].p, e->side[1].n);
    buf_text(b, "]}}");
}

static void geojson_end(struct exporter *e)
{
    buf_text(e->out, "\n]}\n");
}

const struct export_format export_geojson = {
    .name = "geojson",
    .suffix = "geojson",
    .media_type = "application/geo+json",
    .begin = geojson_begin,
    .point = geojson_point,
    .segment_end = geojson_segment_end,
    .end = geojson_end,
    .cuts_date_line = true, /* RFC 7946 3.1.9 */
};

/* ---- GPX ---- */

static void gpx_begin(struct exporter *e)
{
    buf_text(e->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<gpx version=\"1.1\" creator=\"masar\" "
                     "xmlns=\"http://www.topografix.com/GPX/1/1\">\n");
}

static void gpx_aircraft(struct exporter *e, const struct kept *k)
{
    char flight[9];
    export_flight(k, flight);
    buf_text(e->out, "<trk><name>");
    put_name(e->out, k->address, flight);
    buf_text(e->out, "</name>\n");
}

static void gpx_segment(struct exporter *e, const struct kept *k)
{
    (void)k;
    buf_text(e->out, "<trkseg>\n");
}

static void gpx_point(struct exporter *e, const struct kept *k)
{
    struct buf *b = e->out;
    int64_t e4_m;
    buf_text(b, "<trkpt lat=\"");
    buf_decimal(b, k->lat_e7, 7);
    buf_text(b, "\" lon=\"");
    buf_decimal(b, k->lon_e7, 7);
    buf_text(b, "\">");
    put_meters(b, "<ele>", k);
    buf_text(b, export_height(k, &e4_m) ? "</ele><time>" : "<time>");
    export_put_time(b, k->t_ms);
    buf_text(b, "</time></trkpt>\n");
}

static void gpx_segment_end(struct exporter *e)
{
    buf_text(e->out, "</trkseg>\n");
}

static void gpx_aircraft_end(struct exporter *e)
{
    buf_text(e->out, "</trk>\n");
}

static void gpx_end(struct exporter *e)
{
    buf_text(e->out, "</gpx>\n");
}

const struct export_format export_gpx = {
    .name = "gpx",
    .suffix = "gpx",
    .media_type = "application/gpx+xml",
    .begin = gpx_begin,
    .aircraft = gpx_aircraft,
    .segment = gpx_segment,
    .point = gpx_point,
    .segment_end = gpx_segment_end,
    .aircraft_end = gpx_aircraft_end,
    .end = gpx_end,
};

/* ---- KML ---- */

static void kml_begin(struct exporter *e)
{
    buf_text(e->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<kml xmlns=\"http://www.opengis.net/kml/2.2\" "
                     "xmlns:gx=\"http://www.google.com/kml/ext/2.2\"><Document>\n");
}

/* gx:Track has all its times first, then all its places. */
static void kml_point(struct exporter *e, const struct kept *k)
{
    struct buf *times = &e->side[0], *places = &e->side[1];
    int64_t e4_m;
    buf_text(times, "<when>");
    export_put_time(times, k->t_ms);
    buf_text(times, "</when>\n");
    buf_text(places, "<gx:coord>");
    buf_decimal(places, k->lon_e7, 7);
    buf_byte(places, ' ');
    buf_decimal(places, k->lat_e7, 7);
    buf_byte(places, ' ');
    buf_decimal(places, export_height(k, &e4_m) ? e4_m : 0, 4);
    buf_text(places, "</gx:coord>\n");
}

static void kml_segment_end(struct exporter *e)
{
    struct buf *b = e->out;
    buf_text(b, "<Placemark><name>");
    put_name(b, e->last.address, e->flight);
    buf_text(b, "</name><gx:Track><altitudeMode>absolute</altitudeMode>\n");
    buf_add(b, e->side[0].p, e->side[0].n);
    buf_add(b, e->side[1].p, e->side[1].n);
    buf_text(b, "</gx:Track></Placemark>\n");
}

static void kml_end(struct exporter *e)
{
    buf_text(e->out, "</Document></kml>\n");
}

const struct export_format export_kml = {
    .name = "kml",
    .suffix = "kml",
    .media_type = "application/vnd.google-earth.kml+xml",
    .begin = kml_begin,
    .point = kml_point,
    .segment_end = kml_segment_end,
    .end = kml_end,
};
