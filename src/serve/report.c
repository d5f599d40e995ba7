#include "serve/report.h"

#include "base/instant.h"
#include "serve/query.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reading {
    struct report *report;
    int64_t now_us;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 3, 4))) static enum err no(struct reading *r, enum err e,
                                                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->why, r->why_size, format, args);
    va_end(args);
    return e;
}

static enum err number(struct reading *r, const char *key, const json_t *v, double low, double high,
                       double *out)
{
    if (!json_is_number(v)) {
        return no(r, ERR_SYNTAX, "%s must be a number", key);
    }
    *out = json_number_value(v);
    if (!(*out >= low && *out <= high)) { /* also where it is not a number at all */
        return no(r, ERR_RANGE, "%s must be between %.0f and %.0f", key, low, high);
    }
    return ERR_OK;
}

static enum err text(struct reading *r, const char *key, const json_t *v, size_t max,
                     const char **out)
{
    if (!json_is_string(v)) {
        return no(r, ERR_SYNTAX, "%s must be text", key);
    }
    *out = json_string_value(v);
    size_t characters = 0;
    for (const char *p = *out; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            return no(r, ERR_SYNTAX, "%s must hold no control characters", key);
        }
        characters += ((unsigned char)*p & 0xc0) != 0x80;
    }
    if (characters > max || strlen(*out) != json_string_length(v)) {
        return no(r, ERR_RANGE, "%s must have at most %zu characters", key, max);
    }
    return ERR_OK;
}

static enum err take_hex(struct reading *r, const char *key, const json_t *v)
{
    if (r->report->message.address != ADDRESS_NONE) {
        return no(r, ERR_SYNTAX, "hex and icao24 mean the same: one of them is enough");
    }
    if (!json_is_string(v) || !query_hex(json_string_value(v), &r->report->message.address)) {
        return no(r, ERR_SYNTAX, "%s must be text of six hexadecimal digits, or ~ and six", key);
    }
    return ERR_OK;
}

static enum err take_lat(struct reading *r, const char *key, const json_t *v)
{
    double d = 0;
    const enum err e = number(r, key, v, -90, 90, &d);
    r->report->message.lat_e7 = e ? 0 : (int32_t)lround(d * 1e7);
    return e;
}

static enum err take_lon(struct reading *r, const char *key, const json_t *v)
{
    double d = 0;
    const enum err e = number(r, key, v, -180, 180, &d);
    const int32_t lon_e7 = e ? 0 : (int32_t)lround(d * 1e7);
    r->report->message.lon_e7 = lon_e7 == 1800000000 ? -1800000000 : lon_e7;
    return e;
}

static enum err take_t(struct reading *r, const char *key, const json_t *v)
{
    enum { AHEAD_US = 60000000 };
    int64_t *t_us = &r->report->message.t_us;
    if (json_is_string(v)) {
        if (instant_parse(json_string_value(v), t_us)) {
            return no(r, ERR_SYNTAX,
                      "%s must be RFC 3339, as 2024-06-07T14:05:00Z, or seconds since 1970", key);
        }
    } else {
        double d = 0;
        const enum err e = number(r, key, v, 0, 32503680000.0, &d);
        if (e) {
            return e;
        }
        *t_us = llround(d * 1e6);
    }
    if (*t_us > r->now_us + AHEAD_US) {
        return no(r, ERR_RANGE, "%s lies more than a minute ahead", key);
    }
    return *t_us < 0 ? no(r, ERR_RANGE, "%s lies before 1970", key) : ERR_OK;
}

static enum err take_who(struct reading *r, const char *key, const json_t *v)
{
    const char *who = NULL;
    const enum err e = text(r, key, v, REPORT_WHO_MAX, &who);
    if (!e && !who[0]) {
        return no(r, ERR_RANGE, "%s must say who reports", key);
    }
    if (!e) {
        snprintf(r->report->who, sizeof r->report->who, "%s", who);
    }
    return e;
}

static enum err take_quantity(struct reading *r, const char *key, const json_t *v, enum field f,
                              double low, double high)
{
    static const double power[] = {1, 10, 100, 1000};
    double d = 0;
    const enum err e = number(r, key, v, low, high, &d);
    if (!e) {
        message_add(&r->report->message, f, (int32_t)lround(d * power[field_row[f].decimals]));
    }
    return e;
}

static enum err take_alt(struct reading *r, const char *key, const json_t *v)
{
    return take_quantity(r, key, v, FIELD_ALT_BARO, -2000, 130000);
}

static enum err take_gs(struct reading *r, const char *key, const json_t *v)
{
    return take_quantity(r, key, v, FIELD_GS, 0, 4000);
}

static enum err take_track(struct reading *r, const char *key, const json_t *v)
{
    double d = 0;
    const enum err e = number(r, key, v, 0, 360, &d);
    if (!e) {
        message_add(&r->report->message, FIELD_TRACK, (int32_t)lround(d * 100) % 36000);
    }
    return e;
}

static enum err take_flight(struct reading *r, const char *key, const json_t *v)
{
    const char *flight = json_is_string(v) ? json_string_value(v) : "";
    const size_t n = strlen(flight);
    bool ok = n >= 1 && n <= 8;
    for (size_t i = 0; ok && i < 8; i++) {
        const char c = i < n ? (char)toupper((unsigned char)flight[i]) : ' ';
        ok = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
        r->report->message.flight[i] = c;
    }
    if (!ok) {
        return no(r, ERR_SYNTAX, "%s must be text of 1 to 8 letters, digits and spaces", key);
    }
    message_add(&r->report->message, FIELD_FLIGHT, 0);
    return ERR_OK;
}

static enum err take_note(struct reading *r, const char *key, const json_t *v)
{
    const char *note = NULL;
    const enum err e = text(r, key, v, REPORT_NOTE_MAX, &note);
    if (!e) {
        snprintf(r->report->note, sizeof r->report->note, "%s", note);
    }
    return e;
}

enum { SEEN_HEX = 1, SEEN_LAT = 2, SEEN_LON = 4, SEEN_T = 8, SEEN_WHO = 16, SEEN_NEEDED = 31 };

static const struct key {
    const char *name;
    enum err (*take)(struct reading *r, const char *key, const json_t *v);
    unsigned seen;
} keys[] = {
    {"hex", take_hex, SEEN_HEX}, {"icao24", take_hex, SEEN_HEX}, {"lat", take_lat, SEEN_LAT},
    {"lon", take_lon, SEEN_LON}, {"t", take_t, SEEN_T},          {"who", take_who, SEEN_WHO},
    {"alt_ft", take_alt, 0},     {"gs_kt", take_gs, 0},          {"track_deg", take_track, 0},
    {"flight", take_flight, 0},  {"note", take_note, 0},
};

static enum err take(struct reading *r, const char *name, const json_t *v, unsigned *seen)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            *seen |= keys[i].seen;
            return keys[i].take(r, name, v);
        }
    }
    return no(r, ERR_SYNTAX,
              "there is no key '%.40s'; the keys are hex lat lon t who alt_ft gs_kt track_deg "
              "flight note",
              name);
}

enum err report_parse(const void *bytes, size_t n, int64_t now_us, struct report *out, char *why,
                      size_t why_size)
{
    struct reading r = {out, now_us, why, why_size};
    message_start(&out->message);
    out->message.origin = ORIGIN_REPORT;
    out->message.has_place = true;
    out->who[0] = out->note[0] = '\0';
    json_error_t error;
    json_t *o = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(o)) {
        json_decref(o);
        return no(&r, ERR_SYNTAX, "the body must be one JSON object%s%.80s", o ? "" : ": ",
                  o ? "" : error.text);
    }
    unsigned seen = 0;
    enum err e = ERR_OK;
    const char *name;
    json_t *value;
    json_object_foreach(o, name, value)
    {
        e = e ? e : take(&r, name, value, &seen);
    }
    json_decref(o);
    for (size_t i = 0; !e && i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].seen & SEEN_NEEDED & ~seen) {
            e = no(&r, ERR_SYNTAX, "%s is needed", keys[i].name);
        }
    }
    return e;
}
