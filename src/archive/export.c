#include "archive/export.h"

#include "archive/exporter.h"
#include "base/instant.h"
#include "wire/text.h"

#include <stdlib.h>
#include <string.h>

enum { GAP_MS = 5 * 60 * 1000 };

const struct export_format *const export_formats[] = {
    &export_csv, &export_jsonl, &export_geojson, &export_gpx, &export_kml, &export_trace, NULL,
};

const struct export_format *export_format_find(const char *name)
{
    for (size_t i = 0; export_formats[i]; i++) {
        if (strcmp(export_formats[i]->name, name) == 0) {
            return export_formats[i];
        }
    }
    return NULL;
}

size_t export_flight(const struct kept *k, char out[9])
{
    const struct text t = text_trim((struct text){k->flight, strnlen(k->flight, 8)});
    char clean[8];
    if (!text_flight(t, clean)) {
        out[0] = 0;
        return 0;
    }
    memcpy(out, clean, t.n);
    out[t.n] = 0;
    return t.n;
}

void export_put_address(struct buf *b, uint32_t address)
{
    const uint8_t bytes[3] = {(uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address};
    if (address & ADDRESS_NON_ICAO) {
        buf_byte(b, '~');
    }
    buf_hex(b, bytes, sizeof bytes);
}

void export_put_time(struct buf *b, int64_t t_ms)
{
    char text[32];
    instant_format(1000 * t_ms, 3, text);
    buf_text(b, text);
}

bool export_height(const struct kept *k, int64_t *e4_m)
{
    const int32_t ft = k->alt_baro_ft != KEPT_NONE ? k->alt_baro_ft : k->alt_geom_ft;
    *e4_m = INT64_C(3048) * ft;
    return ft != KEPT_NONE && !k->ground;
}

void export_put_number(struct buf *b, const char *key, bool is_known, int64_t v, unsigned decimals)
{
    if (is_known) {
        buf_text(b, ",\"");
        buf_text(b, key);
        buf_text(b, "\":");
        buf_decimal(b, v, decimals);
    }
}

void export_put_quality(struct buf *b, const struct kept *k)
{
    export_put_number(b, "nic", k->nic != KEPT_NONE_8, k->nic, 0);
    export_put_number(b, "rc", k->rc_m != KEPT_NONE, k->rc_m, 0);
    export_put_number(b, "version", k->version != KEPT_NONE_8, k->version, 0);
    export_put_number(b, "nac_p", k->nac_p != KEPT_NONE_8, k->nac_p, 0);
    export_put_number(b, "sil", k->sil != KEPT_NONE_8, k->sil, 0);
}

void export_put_air(struct buf *b, const struct kept *k)
{
    export_put_number(b, "tas", k->tas_kt != KEPT_NONE_16, k->tas_kt, 0);
    export_put_number(b, "mag_heading", k->mag_heading_e2_deg != KEPT_NO_HEADING,
                      k->mag_heading_e2_deg, 2);
    export_put_number(b, "nav_qnh", k->nav_qnh_e1_hpa != 0, k->nav_qnh_e1_hpa, 1);
}

void export_receivers(struct exporter *e, export_receiver_fn *name, void *ctx)
{
    e->receiver = name;
    e->receiver_ctx = ctx;
}

const char *export_receiver(const struct exporter *e, const struct kept *k)
{
    return e->receiver && k->receiver ? e->receiver(e->receiver_ctx, k->receiver) : "";
}

/* A blank before the sign does not help: spreadsheets pass over it. */
static bool is_formula(const char *text)
{
    const char c = text[strspn(text, " ")];
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n';
}

void export_cell(struct buf *b, const char *text)
{
    const bool is_quoted = strpbrk(text, ",;\"'\r\n\t") || is_formula(text);
    if (!is_quoted) {
        buf_text(b, text);
        return;
    }
    buf_text(b, is_formula(text) ? "\"'" : "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"') {
            buf_byte(b, '"');
        }
        buf_byte(b, *p == '\r' || *p == '\n' ? ' ' : (uint8_t)*p);
    }
    buf_byte(b, '"');
}

struct exporter *export_new(const struct export_format *f, int64_t gap_ms, struct buf *out)
{
    struct exporter *e = calloc(1, sizeof *e);
    if (!e) {
        return NULL;
    }
    e->format = f;
    e->out = out;
    e->gap_ms = gap_ms > 0 ? gap_ms : GAP_MS;
    if (f->begin) {
        f->begin(e);
    }
    return e;
}

void export_to(struct exporter *e, struct buf *out)
{
    e->out = out;
}

static void end_segment(struct exporter *e)
{
    if (e->format->segment_end) {
        e->format->segment_end(e);
    }
    buf_clear(&e->side[0]);
    buf_clear(&e->side[1]);
    e->out->failed |= e->side[0].failed || e->side[1].failed;
}

static void end_aircraft(struct exporter *e)
{
    e->is_closing = true;
    end_segment(e);
    e->is_closing = false;
    if (e->format->aircraft_end) {
        e->format->aircraft_end(e);
    }
}

static void begin_segment(struct exporter *e, const struct kept *k)
{
    e->points = 0;
    e->segments++;
    e->flight[0] = 0;
    if (e->format->segment) {
        e->format->segment(e, k);
    }
}

static bool is_cut(const struct exporter *e, const struct kept *k)
{
    const int64_t turn_e7 = (int64_t)k->lon_e7 - e->last.lon_e7;
    return k->t_ms - e->last.t_ms > e->gap_ms ||
           (e->format->cuts_date_line && llabs(turn_e7) > 1800000000);
}

void export_point(struct exporter *e, const struct kept *k)
{
    const bool is_other = !e->has_last || e->last.address != k->address;
    if (e->has_last && is_other) {
        end_aircraft(e);
    } else if (e->has_last && is_cut(e, k)) {
        end_segment(e);
        begin_segment(e, k);
    }
    if (is_other) {
        e->first_ms = k->t_ms;
        e->written = 0;
        if (e->format->aircraft) {
            e->format->aircraft(e, k);
        }
        begin_segment(e, k);
    }
    char flight[9];
    if (export_flight(k, flight) > 0) {
        memcpy(e->flight, flight, sizeof flight);
    }
    e->format->point(e, k);
    e->points++;
    e->last = *k;
    e->has_last = true;
}

void export_end(struct exporter *e)
{
    if (!e) {
        return;
    }
    if (e->has_last) {
        end_aircraft(e);
    }
    if (e->format->end) {
        e->format->end(e);
    }
    buf_free(&e->side[0]);
    buf_free(&e->side[1]);
    free(e);
}
