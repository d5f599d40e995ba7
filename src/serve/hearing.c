/* /api/v1/receivers and what it says of how each hears; the receivers' rows of /metrics. */
#include "track/hearing.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METRIC_RECEIVERS = 64 /* with rows of their own in /metrics */ };

static const struct hearing_row *heard_of(const struct serve *s, size_t number)
{
    return s->o.hearing ? hearing_row(s->o.hearing, (uint16_t)number) : NULL;
}

/* "0" .. "24", "ac", "uat". */
static void format_name(unsigned f, char name[8])
{
    if (f == HEARING_UAT || f == HEARING_MODE_AC) {
        snprintf(name, 8, "%s", f == HEARING_UAT ? "uat" : "ac");
    } else {
        snprintf(name, 8, "%u", f);
    }
}

static void write_counts(struct buf *b, const uint64_t *n, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(b, "%s%" PRIu64, i ? "," : "", n[i]);
    }
}

static void write_range(struct buf *b, const struct hearing_row *r)
{
    buf_format(b, ",\"range\":{\"sectors\":%d,\"bands_ft\":[", HEARING_SECTORS);
    for (unsigned k = 0; k < HEARING_BANDS - 1; k++) {
        buf_format(b, "%s%d", k ? "," : "", hearing_band_ft[k]);
    }
    buf_text(b, "],\"m\":[");
    for (unsigned k = 0; k < HEARING_BANDS; k++) {
        buf_text(b, k ? ",[" : "[");
        for (unsigned s = 0; s < HEARING_SECTORS; s++) {
            buf_format(b, "%s%" PRIu32, s ? "," : "", r->range_m[k][s]);
        }
        buf_byte(b, ']');
    }
    buf_text(b, "]}");
}

static void write_heard(struct buf *b, const struct hearing_row *r)
{
    bool first = true;
    buf_text(b, ",\"formats\":{");
    for (unsigned f = 0; f < HEARING_FORMATS; f++) {
        char name[8];
        format_name(f, name);
        if (r->format[f] > 0) {
            buf_format(b, "%s\"%s\":%" PRIu64, first ? "" : ",", name, r->format[f]);
            first = false;
        }
    }
    buf_format(b,
               "},\"values\":%" PRIu64 ",\"repaired\":%" PRIu64 ",\"bad_parity\":%" PRIu64
               ",\"unknown\":%" PRIu64 ",\"duplicate\":%" PRIu64 ",\"positions\":%" PRIu64
               ",\"rejected\":{",
               r->values, r->repaired, r->bad_parity, r->unknown, r->duplicate, r->positions);
    first = true;
    for (int v = 0; v < VERDICT_COUNT; v++) {
        if (r->rejected[v] > 0) {
            buf_format(b, "%s\"%s\":%" PRIu64, first ? "" : ",", verdict_row[v].key,
                       r->rejected[v]);
            first = false;
        }
    }
    buf_format(b, "},\"levels\":{\"step_db\":%d,\"counts\":[", HEARING_LEVEL_DB);
    write_counts(b, r->level, HEARING_LEVELS);
    buf_text(b, "]}");
    write_range(b, r);
}

static void write_radio(struct buf *b, const struct receiver_radio *r)
{
    buf_format(b,
               ",\"radio\":{\"samples\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"overruns\":%" PRIu64
               ",\"clipped\":%" PRIu64 ",\"starts\":%" PRIu64 ",\"unsteady\":%" PRIu64
               ",\"undecoded\":%" PRIu64 ",\"twice\":%" PRIu64 ",\"frames\":%" PRIu64
               ",\"repaired\":%" PRIu64 ",\"strong\":%" PRIu64 ",\"noise_dbfs\":",
               r->samples, r->lost, r->overruns, r->clipped, r->starts, r->unsteady, r->undecoded,
               r->twice, r->frames, r->repaired, r->strong);
    if (isfinite(r->noise_dbfs)) {
        buf_decimal(b, lround(10 * r->noise_dbfs), 1);
    } else {
        buf_text(b, "null");
    }
    buf_text(b, ",\"gain_db\":");
    if (r->has_gain) {
        buf_decimal(b, r->gain_db10, 1);
    } else {
        buf_text(b, "null");
    }
    buf_byte(b, '}');
}

static void write_receiver(struct buf *b, const struct serve *s, size_t number, int64_t now_us)
{
    const struct receiver *r = &s->o.receivers->row[number];
    const struct hearing_row *heard = heard_of(s, number);
    buf_format(b, "{\"number\":%zu,\"name\":", number);
    json_text(b, r->name);
    buf_format(b, ",\"source\":%u,\"simulated\":%s", r->source, r->simulated ? "true" : "false");
    if (r->has_place) {
        buf_text(b, ",\"lat\":");
        buf_decimal(b, r->lat_e7, 7);
        buf_text(b, ",\"lon\":");
        buf_decimal(b, r->lon_e7, 7);
        buf_format(b, ",\"alt_m\":%d", r->alt_m);
    }
    buf_format(b, ",\"frames\":%" PRIu64 "", r->frames);
    if (r->frames > 0 && r->last_frame_us > 0) {
        buf_text(b, ",\"last\":");
        json_seconds(b, r->last_frame_us);
        buf_text(b, ",\"age\":");
        json_seconds(b, now_us - r->last_frame_us);
    }
    if (heard) {
        write_heard(b, heard);
    }
    if (r->radio.samples > 0) {
        write_radio(b, &r->radio);
    }
    buf_text(b, "}");
}

void api_receivers(struct serve *s, const struct request *q, struct answer *a)
{
    (void)q;
    struct buf b = {0};
    const int64_t now_us = serve_now_us(s);
    buf_text(&b, "{\"now\":");
    json_seconds(&b, now_us);
    buf_text(&b, ",\"receivers\":[");
    for (size_t i = 1; i < s->o.receivers->n; i++) {
        buf_text(&b, i > 1 ? ",\n" : "\n");
        write_receiver(&b, s, i, now_us);
    }
    buf_text(&b, "]}\n");
    answer_json(s, a, &b);
}

/* --- over time ---------------------------------------------------------------------------- */

static void write_level(struct buf *b, double dbfs)
{
    if (dbfs < 0) {
        buf_byte(b, ',');
        buf_decimal(b, lround(10 * dbfs), 1);
    } else {
        buf_text(b, ",null");
    }
}

static void write_minute(struct buf *b, const struct hearing_minute *m)
{
    buf_format(b, "[%" PRId64 ",%u,%u,%u,%u,%u,%u", m->minute * 60, m->frames, m->positions,
               m->aircraft, m->repaired, m->bad, m->range_m);
    write_level(b, (double)m->level_dbfs);
    write_level(b, (double)m->noise_dbfs);
    buf_format(b, ",%" PRIu64 ",%" PRIu64 ",", m->lost, m->clipped);
    if (m->gain_db10 == HEARING_NO_GAIN) {
        buf_text(b, "null]");
    } else {
        buf_decimal(b, m->gain_db10, 1);
        buf_byte(b, ']');
    }
}

/* ?minutes=N: the last N there are. */
static size_t minutes_asked(const struct request *q, size_t all)
{
    char text[16];
    char *end;
    if (!query_arg(q->args, "minutes", text, sizeof text)) {
        return all;
    }
    const unsigned long n = strtoul(text, &end, 10);
    return end != text && *end == '\0' && n < all ? n : all;
}

void api_receiver_minutes(struct serve *s, const struct request *q, struct answer *a)
{
    char *end;
    const unsigned long number = strtoul(q->rest, &end, 10);
    if (q->rest[0] < '0' || q->rest[0] > '9' || *end != '\0' || number == 0 ||
        number >= s->o.receivers->n) {
        answer_error(s, a, 404, "there is no receiver %s: /api/v1/receivers lists them", q->rest);
        return;
    }
    const struct hearing_row *r = heard_of(s, number);
    const size_t all = r ? hearing_minutes(r) : 0, n = minutes_asked(q, all);
    struct buf b = {0};
    buf_format(&b, "{\"number\":%lu,\"name\":", number);
    json_text(&b, s->o.receivers->row[number].name);
    buf_text(&b, ",\"now\":");
    json_seconds(&b, serve_now_us(s));
    buf_text(&b, ",\"columns\":[\"t\",\"frames\",\"positions\",\"aircraft\",\"repaired\",\"bad\","
                 "\"range_m\",\"level_dbfs\",\"noise_dbfs\",\"lost\",\"clipped\",\"gain_db\"],"
                 "\"rows\":[");
    for (size_t i = all - n; i < all; i++) {
        buf_text(&b, i > all - n ? ",\n" : "\n");
        write_minute(&b, hearing_minute(r, i));
    }
    buf_text(&b, "]}\n");
    answer_json(s, a, &b);
}

/* --- /metrics ----------------------------------------------------------------------------- */

/* A label's value: backslash, quote and line end escaped. */
static void write_label(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"') {
            buf_byte(b, '\\');
        }
        if (*text == '\n') {
            buf_text(b, "\\n");
        } else {
            buf_byte(b, (uint8_t)*text);
        }
    }
}

/* One row; value is a number as text. */
static void write_row(struct buf *b, const struct serve *s, size_t number, const char *name,
                      const char *label, const char *of, double v)
{
    buf_format(b, "masar_receiver_%s{receiver=\"", name);
    write_label(b, s->o.receivers->row[number].name);
    buf_format(b, "\",number=\"%zu\"", number);
    if (label) {
        buf_format(b, ",%s=\"%s\"", label, of);
    }
    buf_format(b, "} %.15g\n", v);
}

static void metric_formats(struct buf *b, const struct serve *s, size_t number)
{
    const struct hearing_row *r = heard_of(s, number);
    for (unsigned f = 0; r && f < HEARING_FORMATS; f++) {
        char name[8];
        format_name(f, name);
        if (r->format[f] > 0) {
            write_row(b, s, number, "frames_total", "df", name, (double)r->format[f]);
        }
    }
}

static void metric_repaired(struct buf *b, const struct serve *s, size_t number)
{
    const struct hearing_row *r = heard_of(s, number);
    if (r) {
        write_row(b, s, number, "repaired_total", NULL, NULL, (double)r->repaired);
    }
}

static void metric_rejected(struct buf *b, const struct serve *s, size_t number)
{
    const struct hearing_row *r = heard_of(s, number);
    for (int v = 0; r && v < VERDICT_COUNT; v++) {
        if (r->rejected[v] > 0) {
            write_row(b, s, number, "rejected_total", "reason", verdict_row[v].key,
                      (double)r->rejected[v]);
        }
    }
    if (r) {
        write_row(b, s, number, "rejected_total", "reason", "bad_parity", (double)r->bad_parity);
        write_row(b, s, number, "rejected_total", "reason", "unknown", (double)r->unknown);
    }
}

static void metric_range(struct buf *b, const struct serve *s, size_t number)
{
    const struct hearing_row *r = heard_of(s, number);
    uint32_t most = 0;
    for (unsigned k = 0; r && k < HEARING_BANDS * HEARING_SECTORS; k++) {
        const uint32_t m = r->range_m[k / HEARING_SECTORS][k % HEARING_SECTORS];
        most = m > most ? m : most;
    }
    if (most > 0) {
        write_row(b, s, number, "range_meters", NULL, NULL, most);
    }
}

static void metric_level(struct buf *b, const struct serve *s, size_t number)
{
    const struct hearing_row *r = heard_of(s, number);
    const size_t n = r ? hearing_minutes(r) : 0;
    const double level = n > 0 ? (double)hearing_minute(r, n - 1)->level_dbfs : 0;
    if (level < 0) {
        write_row(b, s, number, "level_dbfs", NULL, NULL, level);
    }
}

static void metric_noise(struct buf *b, const struct serve *s, size_t number)
{
    const struct receiver_radio *r = &s->o.receivers->row[number].radio;
    if (r->samples > 0 && isfinite(r->noise_dbfs)) {
        write_row(b, s, number, "noise_dbfs", NULL, NULL, r->noise_dbfs);
    }
}

static void metric_gain(struct buf *b, const struct serve *s, size_t number)
{
    const struct receiver_radio *r = &s->o.receivers->row[number].radio;
    if (r->has_gain) {
        write_row(b, s, number, "gain_db", NULL, NULL, r->gain_db10 / 10.0);
    }
}

static void metric_lost(struct buf *b, const struct serve *s, size_t number)
{
    const struct receiver_radio *r = &s->o.receivers->row[number].radio;
    if (r->samples > 0) {
        write_row(b, s, number, "lost_samples_total", NULL, NULL, (double)r->lost);
    }
}

static void metric_radio(struct buf *b, const struct serve *s, size_t number)
{
    const struct receiver_radio *r = &s->o.receivers->row[number].radio;
    const struct {
        const char *what;
        uint64_t n;
    } counted[] = {{"samples", r->samples}, {"overruns", r->overruns}, {"clipped", r->clipped},
                   {"starts", r->starts},   {"unsteady", r->unsteady}, {"undecoded", r->undecoded},
                   {"twice", r->twice},     {"frames", r->frames},     {"strong", r->strong}};
    for (size_t i = 0; r->samples > 0 && i < sizeof counted / sizeof *counted; i++) {
        write_row(b, s, number, "radio_total", "what", counted[i].what, (double)counted[i].n);
    }
}

void metrics_receivers(const struct serve *s, struct buf *b)
{
    static const struct {
        const char *name, *type, *help;
        void (*write)(struct buf *b, const struct serve *s, size_t number);
    } rows[] = {
        {"frames_total", "counter", "frames of a receiver by downlink format", metric_formats},
        {"repaired_total", "counter", "frames of a receiver with bits turned", metric_repaired},
        {"rejected_total", "counter", "frames and positions of a receiver not believed, and why",
         metric_rejected},
        {"range_meters", "gauge", "farthest accepted position heard from an aircraft itself",
         metric_range},
        {"level_dbfs", "gauge", "mean power of the last minute's frames", metric_level},
        {"noise_dbfs", "gauge", "power where nothing is sent", metric_noise},
        {"gain_db", "gauge", "gain of a radio", metric_gain},
        {"lost_samples_total", "counter", "samples of a radio lost", metric_lost},
        {"radio_total", "counter", "what a radio's samples came to, from samples to strong frames",
         metric_radio},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_format(b, "# HELP masar_receiver_%s %s\n# TYPE masar_receiver_%s %s\n", rows[i].name,
                   rows[i].help, rows[i].name, rows[i].type);
        for (size_t k = 1; k < s->o.receivers->n && k <= METRIC_RECEIVERS; k++) {
            rows[i].write(b, s, k);
        }
    }
}
