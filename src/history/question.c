#include "history/question.h"

#include "base/instant.h"
#include "wire/ask.h"
#include "wire/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGE_MS        INT64_C(90000) /* live history has a point a minute at least */
#define GAP_MS        INT64_C(600000)
#define GAP_FLIGHT_MS INT64_C(3600000)
#define SPAN_MS_MAX   INT64_C(31622400000) /* a year */

void question_start(struct question *q)
{
    *q = (struct question){
        .query = store_query_any(), .at_ms = KEPT_NO_TIME, .age_ms = AGE_MS, .within_ms = -1};
}

void question_free(struct question *q)
{
    area_given_free(&q->area);
    area_given_free(&q->then);
}

/* ---- cursors ---- */

void question_cursor(const struct store_after *a, char out[QUESTION_CURSOR_MAX])
{
    snprintf(out, QUESTION_CURSOR_MAX, "%s%06" PRIx32 ".%" PRId64 ".%" PRIu32,
             a->address & ADDRESS_NON_ICAO ? "~" : "", a->address & 0xffffff, a->t_ms, a->n);
}

static bool read_address(const char *text, uint32_t *out)
{
    return text_address((struct text){text, strlen(text)}, out);
}

enum err question_read_cursor(const char *text, struct store_after *out)
{
    char address[8];
    const size_t n = strcspn(text, ".");
    if (n == 0 || n >= sizeof address || text[n] != '.') {
        return ERR_SYNTAX;
    }
    memcpy(address, text, n);
    address[n] = 0;
    char *end;
    const char *t = text + n + 1;
    const long long t_ms = strtoll(t, &end, 10);
    if (!read_address(address, &out->address) || end == t || *end != '.' ||
        isspace((unsigned char)*t)) {
        return ERR_SYNTAX;
    }
    const char *count = end + 1;
    const unsigned long k = strtoul(count, &end, 10);
    if (!isdigit((unsigned char)*count) || *end || k > UINT32_MAX) {
        return ERR_SYNTAX;
    }
    out->t_ms = t_ms;
    out->n = (uint32_t)k;
    return ERR_OK;
}

/* ---- values ---- */

static enum err set_hex(struct question *q, const char *v, const struct ask_why *w)
{
    return read_address(v, &q->query.address)
               ? ERR_OK
               : ask_say(w, ERR_SYNTAX,
                         "'%.40s' is no address: six hexadecimal digits, say 3c6444 or ~2b1f03", v);
}

static enum err set_callsign(struct question *q, const char *v, const struct ask_why *w)
{
    const struct text t = text_trim((struct text){v, strlen(v)});
    char upper[9] = "";
    for (size_t i = 0; i < t.n && i < 8; i++) {
        upper[i] = (char)toupper((unsigned char)t.p[i]);
    }
    if (t.n == 0 || t.n > 8 || !text_flight((struct text){upper, t.n}, q->query.flight)) {
        return ask_say(w, ERR_SYNTAX,
                       "'%.40s' is no call sign: up to eight letters and digits, say DLH1AB", v);
    }
    return ERR_OK;
}

static enum err read_area(const struct question *q, struct area_given *out, const char *v,
                          const char *name, const struct ask_why *w)
{
    char inner[QUESTION_WHY_MAX - 40];
    area_given_free(out);
    const enum err e = area_read(v, strlen(v), q->lands, out, inner, sizeof inner);
    return e ? ask_say(w, e, "%s: %s", name, inner) : ERR_OK;
}

static enum err set_area(struct question *q, const char *v, const struct ask_why *w)
{
    const enum err e = read_area(q, &q->area, v, "area", w);
    q->query.area = q->area.area;
    return e;
}

static enum err set_then(struct question *q, const char *v, const struct ask_why *w)
{
    return read_area(q, &q->then, v, "then", w);
}

static enum err read_time(const char *v, const char *name, int64_t *out_ms, const struct ask_why *w)
{
    const enum err e = ask_time(v, name, out_ms, w);
    if (!e && (*out_ms < KEPT_TIME_MIN || *out_ms > KEPT_TIME_MAX)) {
        return ask_say(w, ERR_RANGE, "%s: history holds the years 1936 to 2071", name);
    }
    return e;
}

static enum err set_from(struct question *q, const char *v, const struct ask_why *w)
{
    return read_time(v, "from", &q->query.from_ms, w);
}

static enum err set_to(struct question *q, const char *v, const struct ask_why *w)
{
    return read_time(v, "to", &q->query.to_ms, w);
}

static enum err set_at(struct question *q, const char *v, const struct ask_why *w)
{
    return read_time(v, "at", &q->at_ms, w);
}

/* 90s, 10m, 2h, 1d; a bare number is of the unit given. */
static enum err read_span(const char *v, const char *name, double bare_ms, int64_t *out_ms,
                          const struct ask_why *w)
{
    static const struct {
        char letter;
        double ms;
    } units[] = {{'s', 1e3}, {'m', 6e4}, {'h', 3.6e6}, {'d', 8.64e7}};
    char *end;
    const double n = strtod(v, &end);
    double unit = *end ? 0 : bare_ms;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        unit = end[0] == units[i].letter && !end[1] ? units[i].ms : unit;
    }
    if (end == v || unit == 0 || !(n >= 0)) {
        return ask_say(w, ERR_SYNTAX, "%s: '%.40s' is no length of time: write 90s, 10m, 2h or 1d",
                       name, v);
    }
    if (n * unit > (double)SPAN_MS_MAX) {
        return ask_say(w, ERR_RANGE, "%s: a year at most", name);
    }
    *out_ms = llround(n * unit);
    return ERR_OK;
}

static enum err set_within(struct question *q, const char *v, const struct ask_why *w)
{
    return read_span(v, "within", 3.6e6, &q->within_ms, w);
}

static enum err set_gap(struct question *q, const char *v, const struct ask_why *w)
{
    const enum err e = read_span(v, "gap", 0, &q->gap_ms, w);
    return !e && q->gap_ms == 0 ? ask_say(w, ERR_RANGE, "gap: it is longer than nothing, say 10m")
                                : e;
}

static enum err set_age(struct question *q, const char *v, const struct ask_why *w)
{
    return read_span(v, "age", 0, &q->age_ms, w);
}

static enum err set_alt(struct question *q, const char *v, const struct ask_why *w)
{
    char *end;
    const long low = strtol(v, &end, 10);
    bool fits = end != v && *end == '-' && low >= -10000 && low <= 200000;
    long high = 0;
    const char *rest = end + 1;
    if (fits && *rest) {
        high = strtol(rest, &end, 10);
        fits = end != rest && *end == 0 && high >= low && high <= 200000;
    }
    if (!fits) {
        return ask_say(
            w, ERR_SYNTAX,
            "alt: '%.40s' is no range of altitudes: write LOW-HIGH in feet, say 0-10000, or "
            "30000- for all above",
            v);
    }
    q->query.alt_low_ft = (int32_t)low;
    q->query.alt_high_ft = *rest ? (int32_t)high : KEPT_NONE;
    return ERR_OK;
}

static enum err set_limit(struct question *q, const char *v, const struct ask_why *w)
{
    return ask_count(v, "limit", 1000000000, &q->limit, w);
}

static enum err set_after(struct question *q, const char *v, const struct ask_why *w)
{
    return question_read_cursor(v, &q->query.after)
               ? ask_say(w, ERR_SYNTAX,
                         "after: '%.60s' is not what an answer gave as `next`, say "
                         "3c6444.1717749000123.1",
                         v)
               : ERR_OK;
}

static enum err set_points(struct question *q, const char *v, const struct ask_why *w)
{
    if (strcmp(v, "1") != 0 && strcmp(v, "0") != 0) {
        return ask_say(w, ERR_SYNTAX, "points: it is 1 or 0");
    }
    q->wants_points = v[0] == '1';
    return ERR_OK;
}

static enum err set_format(struct question *q, const char *v, const struct ask_why *w)
{
    static const char *const names[QUESTION_FORMATS] = {"table", "csv", "json"};
    for (int i = 0; i < QUESTION_FORMATS && q->kind != QUESTION_EXPORT; i++) {
        if (strcmp(v, names[i]) == 0) {
            q->format = (enum question_format)i;
            return ERR_OK;
        }
    }
    if (q->kind != QUESTION_EXPORT) {
        return ask_say(w, ERR_UNKNOWN, "format: there is no '%.40s'; table, csv and json are known",
                       v);
    }
    q->export = export_format_find(v);
    return q->export ? ERR_OK
                     : ask_say(w, ERR_UNKNOWN,
                               "format: there is no '%.40s'; csv, jsonl, geojson, gpx, kml and "
                               "readsb-trace are known",
                               v);
}

/* ---- */

static const struct setting {
    const char *name;
    enum err (*set)(struct question *q, const char *v, const struct ask_why *w);
} settings[] = {
    {"hex", set_hex},       {"aircraft", set_hex},  {"callsign", set_callsign},
    {"area", set_area},     {"from", set_from},     {"to", set_to},
    {"at", set_at},         {"alt", set_alt},       {"then", set_then},
    {"within", set_within}, {"points", set_points}, {"gap", set_gap},
    {"age", set_age},       {"limit", set_limit},   {"after", set_after},
    {"format", set_format},
};

enum err question_set(struct question *q, const char *name, const char *value, char *why,
                      size_t why_size)
{
    const struct ask_why w = {why, why_size};
    size_t i = 0;
    const enum err e = ask_row(&settings[0].name, sizeof *settings,
                               sizeof settings / sizeof *settings, name, &i, &w);
    return e ? e : settings[i].set(q, value, &w);
}

static enum err judge(const struct question *q, const struct ask_why *w)
{
    const bool has_at = q->at_ms != KEPT_NO_TIME, has_then = q->then.area.kind != AREA_ANYWHERE;
    const struct store_query any = store_query_any();
    const bool has_times = q->query.from_ms != any.from_ms || q->query.to_ms != any.to_ms;
    if (q->query.from_ms > q->query.to_ms) {
        return ask_say(w, ERR_RANGE, "from lies after to");
    }
    if (q->query.from_ms == q->query.to_ms) {
        return ask_say(
            w, ERR_RANGE,
            "from and to are one instant, and to is not included: a day is from=2024-06-07 "
            "to=2024-06-08");
    }
    if (has_at && (has_times || has_then)) {
        return ask_say(w, ERR_SYNTAX, "at is an instant: from, to and then do not go with it");
    }
    if (has_then && q->query.area.kind == AREA_ANYWHERE) {
        return ask_say(w, ERR_SYNTAX, "then needs an area to have been in before");
    }
    if (has_then && q->within_ms < 0) {
        return ask_say(w, ERR_SYNTAX, "then needs within, the time between the two, say within=2h");
    }
    if (!has_then && q->within_ms >= 0) {
        return ask_say(w, ERR_SYNTAX, "within goes with then, the area to be in afterwards");
    }
    if (has_then && q->wants_points) {
        return ask_say(w, ERR_SYNTAX, "points and then do not go together");
    }
    if (q->kind == QUESTION_EXPORT && (has_at || has_then)) {
        return ask_say(w, ERR_SYNTAX,
                       "at and then are questions of find: an export has from and to");
    }
    return ERR_OK;
}

enum err question_ready(struct question *q, char *why, size_t why_size)
{
    const struct ask_why w = {why, why_size};
    const enum err e = judge(q, &w);
    if (q->kind != QUESTION_EXPORT) {
        q->kind = q->at_ms != KEPT_NO_TIME             ? QUESTION_PICTURE
                  : q->then.area.kind != AREA_ANYWHERE ? QUESTION_THEN
                  : q->wants_points                    ? QUESTION_POINTS
                                                       : QUESTION_VISITS;
    }
    if (q->gap_ms == 0 && q->kind != QUESTION_EXPORT) { /* export has its own */
        q->gap_ms = q->query.area.kind == AREA_ANYWHERE ? GAP_FLIGHT_MS : GAP_MS;
    }
    return e;
}
