#define _GNU_SOURCE /* memmem */
#include "identity/airport_csv.h"

#include "identity/delimited.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS_MAX = 20 };

struct column {
    const char *name;
    bool needed;
};

/* Where each column is in this file, -1 where it is not. */
static enum err find_columns(const struct delimited *d, size_t fields, const struct column *c,
                             int n, int *at, char *why, size_t size)
{
    for (int i = 0; i < n; i++) {
        at[i] = delimited_column(d, fields, c[i].name);
        if (at[i] < 0 && c[i].needed) {
            snprintf(why, size, "its first line has no column '%s'", c[i].name);
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

static struct delimited_field get(const struct delimited *d, size_t fields, int at)
{
    const bool there = at >= 0 && (size_t)at < fields;
    return there ? d->field[at] : (struct delimited_field){"", 0};
}

/* A number, or the value for nothing where the field is empty. False: something else. */
static bool number(struct delimited_field f, unsigned decimals, int64_t low, int64_t high,
                   int64_t nothing, int64_t *out)
{
    if (f.n == 0) {
        *out = nothing;
        return true;
    }
    return delimited_number(f, decimals, out) && *out >= low && *out <= high;
}

enum {
    A_IDENT,
    A_TYPE,
    A_NAME,
    A_LAT,
    A_LON,
    A_ELEVATION,
    A_COUNTRY,
    A_SCHEDULED,
    A_ICAO,
    A_IATA,
    A_GPS,
    A_LOCAL,
    A_COLUMNS
};

static const struct column airport_columns[A_COLUMNS] = {
    {"ident", true},         {"type", true},
    {"name", true},          {"latitude_deg", true},
    {"longitude_deg", true}, {"elevation_ft", true},
    {"iso_country", true},   {"scheduled_service", false},
    {"icao_code", false},    {"iata_code", false},
    {"gps_code", false},     {"local_code", false},
};

static bool read_airport(const struct delimited *d, size_t n, const int *at, struct airport_row *r)
{
    *r = (struct airport_row){.scheduled = -1};
    int64_t lat, lon, elevation;
    const struct delimited_field type = get(d, n, at[A_TYPE]), service = get(d, n, at[A_SCHEDULED]);
    if (!delimited_copy(get(d, n, at[A_IDENT]), r->ident, sizeof r->ident) ||
        !airport_kind_read(type.p, type.n, &r->kind) ||
        !number(get(d, n, at[A_LAT]), 7, INT32_MIN, INT32_MAX, INT32_MAX, &lat) ||
        !number(get(d, n, at[A_LON]), 7, INT32_MIN, INT32_MAX, INT32_MAX, &lon) ||
        !number(get(d, n, at[A_ELEVATION]), 0, -100000, 100000, AIRPORT_NO_ELEVATION, &elevation)) {
        return false;
    }
    r->lat_e7 = (int32_t)lat;
    r->lon_e7 = (int32_t)lon;
    const bool high = elevation > INT16_MAX || elevation < INT16_MIN;
    r->elevation_ft = (int16_t)(high ? AIRPORT_NO_ELEVATION : elevation);
    r->scheduled = (int8_t)(delimited_is(service, "yes") || delimited_is(service, "1")  ? 1
                            : delimited_is(service, "no") || delimited_is(service, "0") ? 0
                                                                                        : -1);
    /* A code too long for its kind is left out, the airport is not. */
    const struct {
        int column;
        char *to;
        size_t size;
    } texts[] = {{A_ICAO, r->icao, sizeof r->icao},
                 {A_GPS, r->gps, sizeof r->gps},
                 {A_LOCAL, r->local, sizeof r->local},
                 {A_IATA, r->iata, sizeof r->iata},
                 {A_COUNTRY, r->country, sizeof r->country}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!delimited_copy(get(d, n, at[texts[i].column]), texts[i].to, texts[i].size)) {
            texts[i].to[0] = 0;
        }
    }
    delimited_copy(get(d, n, at[A_NAME]), r->name, sizeof r->name);
    return true;
}

static enum err take_airport(struct airport_builder *b, const struct delimited *d, size_t fields,
                             const int *at)
{
    struct airport_row r;
    if (read_airport(d, fields, at, &r)) {
        return airport_builder_add(b, &r);
    }
    airport_builder_counts(b)->bad_rows++;
    return ERR_OK;
}

enum {
    R_AIRPORT,
    R_LENGTH,
    R_WIDTH,
    R_SURFACE,
    R_CLOSED,
    R_LOW,
    R_LOW_LAT,
    R_LOW_LON,
    R_LOW_HEADING,
    R_HIGH,
    R_HIGH_LAT,
    R_HIGH_LON,
    R_COLUMNS
};

static const struct column runway_columns[R_COLUMNS] = {
    {"airport_ident", true},   {"length_ft", true},        {"width_ft", false},
    {"surface", false},        {"closed", false},          {"le_ident", true},
    {"le_latitude_deg", true}, {"le_longitude_deg", true}, {"le_heading_degT", false},
    {"he_ident", true},        {"he_latitude_deg", true},  {"he_longitude_deg", true},
};

static bool read_end(struct delimited_field lat, struct delimited_field lon, int32_t *lat_e7,
                     int32_t *lon_e7)
{
    int64_t y, x;
    if (!number(lat, 7, -900000000, 900000000, INT32_MIN, &y) ||
        !number(lon, 7, -1800000000, 1800000000, INT32_MIN, &x)) {
        return false;
    }
    *lat_e7 = (int32_t)y;
    *lon_e7 = (int32_t)x;
    return true;
}

static bool read_runway(const struct delimited *d, size_t n, const int *at, struct runway_row *w)
{
    *w = (struct runway_row){0};
    struct runway *r = &w->r;
    int64_t length, width, heading;
    if (!delimited_copy(get(d, n, at[R_AIRPORT]), w->airport, sizeof w->airport) ||
        !number(get(d, n, at[R_LENGTH]), 0, 0, 60000, 0, &length) ||
        !number(get(d, n, at[R_WIDTH]), 0, 0, 30000, 0, &width) ||
        !number(get(d, n, at[R_LOW_HEADING]), 0, 0, 360, -1, &heading) ||
        !read_end(get(d, n, at[R_LOW_LAT]), get(d, n, at[R_LOW_LON]), &r->low_lat_e7,
                  &r->low_lon_e7) ||
        !read_end(get(d, n, at[R_HIGH_LAT]), get(d, n, at[R_HIGH_LON]), &r->high_lat_e7,
                  &r->high_lon_e7)) {
        return false;
    }
    const struct delimited_field surface = get(d, n, at[R_SURFACE]);
    r->length_ft = (uint16_t)length;
    r->width_ft = (uint16_t)width;
    r->low_heading_deg = (int16_t)heading;
    r->closed = delimited_is(get(d, n, at[R_CLOSED]), "1");
    w->surface = runway_surface_read(surface.p, surface.n);
    if (!delimited_copy(get(d, n, at[R_LOW]), r->low_name, sizeof r->low_name)) {
        r->low_name[0] = 0;
    }
    if (!delimited_copy(get(d, n, at[R_HIGH]), r->high_name, sizeof r->high_name)) {
        r->high_name[0] = 0;
    }
    return true;
}

static enum err take_runway(struct airport_builder *b, const struct delimited *d, size_t fields,
                            const int *at)
{
    struct runway_row w;
    if (read_runway(d, fields, at, &w)) {
        return airport_builder_runway(b, &w);
    }
    airport_builder_counts(b)->bad_rows++;
    return ERR_OK;
}

typedef enum err take_fn(struct airport_builder *b, const struct delimited *d, size_t fields,
                         const int *at);

static enum err read_rows(struct airport_builder *b, char *p, size_t n,
                          const struct column *columns, int n_columns, take_fn *take, char *why,
                          size_t size)
{
    struct delimited d;
    int at[COLUMNS_MAX];
    delimited_open(&d, p, n, ',', false);
    enum err e = find_columns(&d, delimited_next(&d), columns, n_columns, at, why, size);
    for (size_t fields; !e && (fields = delimited_next(&d));) {
        e = take(b, &d, fields, at);
    }
    airport_builder_counts(b)->torn_quotes += (uint32_t)d.torn_quotes;
    if (e && e != ERR_SYNTAX) {
        snprintf(why, size, "%s at line %llu", err_text(e), (unsigned long long)d.row_line);
    }
    return e;
}

enum err airport_csv_airports(struct airport_builder *b, char *p, size_t n, char *why, size_t size)
{
    return read_rows(b, p, n, airport_columns, A_COLUMNS, take_airport, why, size);
}

enum err airport_csv_runways(struct airport_builder *b, char *p, size_t n, char *why, size_t size)
{
    return read_rows(b, p, n, runway_columns, R_COLUMNS, take_runway, why, size);
}

static bool first_line_has(const char *p, size_t n, const char *text)
{
    const char *end = memchr(p, '\n', n);
    const size_t line = end ? (size_t)(end - p) : n;
    return memmem(p, line, text, strlen(text)) != NULL;
}

bool airport_csv_is_airports(const char *p, size_t n)
{
    return first_line_has(p, n, "ident") && first_line_has(p, n, "elevation_ft") &&
           first_line_has(p, n, "iso_country");
}

bool airport_csv_is_runways(const char *p, size_t n)
{
    return first_line_has(p, n, "airport_ident") && first_line_has(p, n, "le_ident");
}
