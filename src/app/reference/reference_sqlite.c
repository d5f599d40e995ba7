#include "app/reference/reference_sqlite.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static void copy(sqlite3_stmt *s, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    out[0] = 0;
    /* A code that does not fit is not a code; a name is cut at a whole character. */
    if (text && strlen(text) < size) {
        snprintf(out, size, "%s", text);
    } else if (text && size > 64) {
        size_t n = size - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) {
            n--;
        }
        memcpy(out, text, n);
        out[n] = 0;
    }
}

static int32_t degrees_e7(sqlite3_stmt *s, int column, double limit, int32_t nothing)
{
    if (sqlite3_column_type(s, column) == SQLITE_NULL) {
        return nothing;
    }
    const double v = sqlite3_column_double(s, column);
    return fabs(v) <= limit ? (int32_t)lround(v * 1e7) : nothing;
}

static int64_t whole(sqlite3_stmt *s, int column, int64_t low, int64_t high, int64_t nothing)
{
    if (sqlite3_column_type(s, column) == SQLITE_NULL) {
        return nothing;
    }
    const int64_t v = sqlite3_column_int64(s, column);
    return v >= low && v <= high ? v : nothing;
}

static enum err add_airport(sqlite3_stmt *s, struct airport_builder *b)
{
    struct airport_row r = {.scheduled = -1};
    copy(s, 0, r.ident, sizeof r.ident);
    copy(s, 1, r.iata, sizeof r.iata);
    copy(s, 2, r.gps, sizeof r.gps);
    copy(s, 3, r.local, sizeof r.local);
    copy(s, 4, r.name, sizeof r.name);
    copy(s, 9, r.country, sizeof r.country);
    const char *kind = (const char *)sqlite3_column_text(s, 5);
    if (!kind || !airport_kind_read(kind, strlen(kind), &r.kind)) {
        airport_builder_counts(b)->bad_rows++;
        return ERR_OK;
    }
    r.lat_e7 = degrees_e7(s, 6, 90.0, INT32_MAX);
    r.lon_e7 = degrees_e7(s, 7, 180.0, INT32_MAX);
    r.elevation_ft = (int16_t)whole(s, 8, -1500, 20000, AIRPORT_NO_ELEVATION);
    return airport_builder_add(b, &r);
}

static enum err add_runway(sqlite3_stmt *s, struct airport_builder *b)
{
    struct runway_row w = {0};
    struct runway *r = &w.r;
    copy(s, 0, w.airport, sizeof w.airport);
    r->length_ft = (uint16_t)whole(s, 1, 0, 60000, 0);
    r->width_ft = (uint16_t)whole(s, 2, 0, 30000, 0);
    const char *surface = (const char *)sqlite3_column_text(s, 3);
    w.surface = surface ? runway_surface_read(surface, strlen(surface)) : SURFACE_UNKNOWN;
    copy(s, 4, r->low_name, sizeof r->low_name);
    r->low_lat_e7 = degrees_e7(s, 5, 90.0, INT32_MIN);
    r->low_lon_e7 = degrees_e7(s, 6, 180.0, INT32_MIN);
    r->low_heading_deg = (int16_t)whole(s, 7, 0, 360, -1);
    copy(s, 8, r->high_name, sizeof r->high_name);
    r->high_lat_e7 = degrees_e7(s, 9, 90.0, INT32_MIN);
    r->high_lon_e7 = degrees_e7(s, 10, 180.0, INT32_MIN);
    return airport_builder_runway(b, &w);
}

static enum err each(sqlite3 *db, const char *sql, struct airport_builder *b,
                     enum err (*add)(sqlite3_stmt *, struct airport_builder *))
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) {
        return ERR_SYNTAX;
    }
    enum err e = ERR_OK;
    int step = SQLITE_ROW;
    while (!e && (step = sqlite3_step(s)) == SQLITE_ROW) {
        e = add(s, b);
    }
    sqlite3_finalize(s);
    return !e && step != SQLITE_DONE ? ERR_SYNTAX : e;
}

static void read_date(sqlite3 *db, char date[REFERENCE_DATE])
{
    sqlite3_stmt *q = NULL;
    sqlite3_prepare_v2(db, "SELECT date(max(updated_at)) FROM airports", -1, &q, NULL);
    const bool has = q && sqlite3_step(q) == SQLITE_ROW && sqlite3_column_text(q, 0);
    snprintf(date, REFERENCE_DATE, "%s", has ? (const char *)sqlite3_column_text(q, 0) : "");
    sqlite3_finalize(q);
}

enum err reference_read_sqlite(const char *path, struct airport_builder *b,
                               char date[REFERENCE_DATE], char *why, size_t size)
{
    sqlite3 *db = NULL;
    enum err e = ERR_SYSTEM;
    date[0] = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        e = each(db,
                 "SELECT icao, iata, faa, local, name, type, latitude, longitude, elevation_ft,"
                 " country_code FROM airports",
                 b, add_airport);
        read_date(db, date);
    }
    if (!e) {
        /* The two ends of a runway are its rows in runway_ends in the order of their ids. */
        e = each(db,
                 "SELECT a.icao, r.length_ft, r.width_ft, r.surface, l.ident, l.latitude_deg,"
                 " l.longitude_deg, l.heading_degT, h.ident, h.latitude_deg, h.longitude_deg"
                 " FROM runways r JOIN airports a ON a.id = r.airport_id"
                 " LEFT JOIN (SELECT min(id) id, max(id) other, runway_id FROM runway_ends"
                 " GROUP BY runway_id) e ON e.runway_id = r.id"
                 " LEFT JOIN runway_ends l ON l.id = e.id"
                 " LEFT JOIN runway_ends h ON h.id = e.other AND e.other > e.id",
                 b, add_runway);
    }
    if (e) {
        snprintf(why, size, "%s", e == ERR_SYNTAX ? sqlite3_errmsg(db) : err_text(e));
    }
    sqlite3_close(db);
    return e;
}
