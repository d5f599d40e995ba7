/* BaseStation.sqb (Kinetic BaseStation, Virtual Radar Server) → kept points. Its table Flights has,
   of each flight, the first and the last position with altitude, speed, track, vertical rate and
   squawk, and the times of the first and last message; Aircraft has the addresses. Two points a
   flight, at those times: what lies between was never in it.

   The file is held in memory and opened there, read-only, as data that is not trusted: no
   extension, no trigger, no view, and an end to what one query may cost. */
#include "import/reader.h"

#include "base/buf.h"
#include "base/instant.h"
#include "wire/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a database may be long, and how many steps its reading may take. */
enum { SQB_BYTES_MAX = 1 << 30, STEPS_A_CALL = 1 << 20, CALLS_MAX = 1 << 12 };

struct sqb {
    archive_point_fn *out;
    void *ctx;
    struct buf held;
    int32_t zone_min;
    unsigned calls;
    struct import_sums sums;
    char why[IMPORT_WHY_MAX];
};

static const uint8_t magic[16] = "SQLite format 3";

static bool is_sqb(const uint8_t *p, size_t n)
{
    return n >= sizeof magic && memcmp(p, magic, sizeof magic) == 0;
}

/* ---- a flight ---- */

/* Columns of the query, of the first and of the last position. */
enum column {
    COLUMN_ADDRESS,
    COLUMN_CALLSIGN,
    COLUMN_TIME,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_ALT,
    COLUMN_GS,
    COLUMN_TRACK,
    COLUMN_RATE,
    COLUMN_SQUAWK,
    COLUMN_GROUND
};

#define HALF(which, time)                                                                          \
    "SELECT a.ModeS, f.Callsign, f." time ", f." which "Lat, f." which "Lon, f." which             \
    "Altitude, f." which "GroundSpeed, f." which "Track, f." which "VerticalRate, f." which        \
    "Squawk, f." which "IsOnGround FROM main.Flights f JOIN main.Aircraft a ON a.AircraftID = "    \
    "f.AircraftID"

static const char *const query[] = {HALF("First", "StartTime"), HALF("Last", "EndTime")};

static struct text text_of(sqlite3_stmt *q, enum column c)
{
    const char *p = (const char *)sqlite3_column_text(q, (int)c);
    return p ? text_trim((struct text){p, (size_t)sqlite3_column_bytes(q, (int)c)})
             : (struct text){"", 0};
}

/* A number in range, times scale, or none. */
static int32_t number_of(struct sqb *s, sqlite3_stmt *q, enum column c, double scale, int32_t lo,
                         int32_t hi)
{
    if (sqlite3_column_type(q, (int)c) == SQLITE_NULL || text_of(q, c).n == 0) {
        return KEPT_NONE;
    }
    const double v = sqlite3_column_double(q, (int)c) * scale;
    if (!(v >= lo && v <= hi)) {
        s->sums.bad_values++;
        return KEPT_NONE;
    }
    return (int32_t)(v < 0 ? v - 0.5 : v + 0.5);
}

/* "2024-06-07 08:30:00" and fractions of the second. */
static bool time_of(const struct sqb *s, struct text t, int64_t *t_ms)
{
    char text[40];
    int64_t us;
    if (t.n < 19 || t.n + 2 > sizeof text) {
        return false;
    }
    memcpy(text, t.p, t.n);
    text[10] = 'T';
    text[t.n] = 'Z';
    text[t.n + (t.p[t.n - 1] != 'Z')] = 0;
    if (instant_parse(text, &us)) {
        return false;
    }
    *t_ms = us / 1000 - INT64_C(60000) * s->zone_min;
    return *t_ms >= KEPT_TIME_MIN && *t_ms <= KEPT_TIME_MAX;
}

static bool take_place(struct sqb *s, sqlite3_stmt *q, struct kept *k)
{
    const int32_t lat = number_of(s, q, COLUMN_LAT, 1e7, -900000000, 900000000),
                  lon = number_of(s, q, COLUMN_LON, 1e7, -1800000000, 1800000000);
    k->lat_e7 = lat;
    k->lon_e7 = lon == 1800000000 ? -1800000000 : lon;
    /* A flight without positions has zeros. */
    return lat != KEPT_NONE && lon != KEPT_NONE && (lat != 0 || lon != 0);
}

static void take_row(struct sqb *s, sqlite3_stmt *q)
{
    struct kept k = kept_none();
    if (!take_place(s, q, &k)) {
        return;
    }
    if (!text_address(text_of(q, COLUMN_ADDRESS), &k.address) ||
        !time_of(s, text_of(q, COLUMN_TIME), &k.t_ms)) {
        s->sums.bad_points++;
        return;
    }
    if (!text_flight(text_of(q, COLUMN_CALLSIGN), k.flight)) {
        memset(k.flight, 0, sizeof k.flight);
    }
    k.ground = sqlite3_column_int(q, COLUMN_GROUND) != 0;
    k.alt_baro_ft = k.ground ? KEPT_NONE : number_of(s, q, COLUMN_ALT, 1, -5000, 150000);
    k.gs_e2_kt = number_of(s, q, COLUMN_GS, 100, 0, 400000);
    k.track_e2_deg = number_of(s, q, COLUMN_TRACK, 100, 0, 36000);
    k.track_e2_deg = k.track_e2_deg == 36000 ? 0 : k.track_e2_deg;
    k.baro_rate_fpm = number_of(s, q, COLUMN_RATE, 1, -60000, 60000);
    int32_t squawk; /* a number whose decimal digits are the squawk's */
    if (text_squawk(text_of(q, COLUMN_SQUAWK), &squawk) && squawk > 0) {
        k.squawk = (uint16_t)squawk;
    }
    k.origin = ORIGIN_OTHER;
    s->out(s->ctx, &k, &(struct archive_more){0});
}

/* ---- the database ---- */

static int on_steps(void *ctx)
{
    struct sqb *s = ctx;
    return ++s->calls > CALLS_MAX;
}

/* Not a view that is called so. */
static bool has_table(sqlite3 *db, const char *name)
{
    sqlite3_stmt *q = NULL;
    bool has = false;
    if (sqlite3_prepare_v2(db,
                           "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND lower(name) = "
                           "lower(?) AND sql NOT LIKE 'CREATE VIRTUAL%'",
                           -1, &q, NULL) == SQLITE_OK) {
        sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
        has = sqlite3_step(q) == SQLITE_ROW;
    }
    sqlite3_finalize(q);
    return has;
}

static enum err failed(struct sqb *s, enum err e, const char *why)
{
    snprintf(s->why, sizeof s->why, "%s", why);
    return e;
}

static enum err read_half(struct sqb *s, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &q, NULL);
    if (step == SQLITE_OK) {
        while ((step = sqlite3_step(q)) == SQLITE_ROW) {
            take_row(s, q);
        }
    }
    if (step != SQLITE_DONE) {
        char why[IMPORT_WHY_MAX];
        snprintf(why, sizeof why, "its flights cannot be read: %s", sqlite3_errmsg(db));
        failed(s, ERR_SYNTAX, why);
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE ? ERR_OK : ERR_SYNTAX;
}

static enum err read_tables(struct sqb *s, sqlite3 *db)
{
    enum err e = ERR_OK;
    if (!has_table(db, "Aircraft")) {
        return failed(s, ERR_SYNTAX, "it is an SQLite file without the tables of BaseStation");
    }
    if (!has_table(db, "Flights")) {
        return failed(s, ERR_SYNTAX,
                      "it has no table Flights: it tells of aircraft, not where they were (see "
                      "masar data import)");
    }
    for (size_t i = 0; i < sizeof query / sizeof *query && !e; i++) {
        e = read_half(s, db, query[i]);
    }
    return e;
}

/* sqlite3 takes no file in WAL mode from memory; whoever copies one has ended that mode. */
static void leave_wal(uint8_t *p)
{
    enum { WRITE_VERSION = 18, READ_VERSION = 19, LEGACY = 1, WAL = 2 };
    if (p[WRITE_VERSION] == WAL && p[READ_VERSION] == WAL) {
        p[WRITE_VERSION] = p[READ_VERSION] = LEGACY;
    }
}

static enum err read_database(struct sqb *s)
{
    enum { HEAD = 100 };
    sqlite3 *db = NULL;
    if (s->held.n < HEAD) {
        return failed(s, ERR_SHORT, "it ends before an SQLite file's head does: it was cut");
    }
    leave_wal(s->held.p);
    enum err e = ERR_MEMORY;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
            SQLITE_OK &&
        sqlite3_deserialize(db, "main", s->held.p, (sqlite3_int64)s->held.n,
                            (sqlite3_int64)s->held.n, SQLITE_DESERIALIZE_READONLY) == SQLITE_OK) {
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        sqlite3_progress_handler(db, STEPS_A_CALL, on_steps, s);
        e = read_tables(s, db);
    } else {
        failed(s, e, "out of memory");
    }
    sqlite3_close(db);
    return e;
}

/* ---- the file ---- */

static enum err start(void *made, const struct import_options *o)
{
    struct sqb *s = made;
    buf_clear(&s->held);
    s->why[0] = 0;
    s->zone_min = o->zone_min;
    s->calls = 0;
    return ERR_OK;
}

static enum err push(void *made, const uint8_t *p, size_t n)
{
    struct sqb *s = made;
    if (n > SQB_BYTES_MAX - s->held.n) {
        return failed(s, ERR_RANGE, "it is longer than 1 GiB");
    }
    buf_add(&s->held, p, n);
    return s->held.failed ? failed(s, ERR_MEMORY, "out of memory") : ERR_OK;
}

static enum err end(void *made)
{
    struct sqb *s = made;
    const enum err e = read_database(s);
    buf_free(&s->held); /* the next may be small */
    return e;
}

static void *make(archive_point_fn *out, void *ctx)
{
    struct sqb *s = calloc(1, sizeof *s);
    if (s) {
        s->out = out;
        s->ctx = ctx;
    }
    return s;
}

static void unmake(void *made)
{
    struct sqb *s = made;
    if (s) {
        buf_free(&s->held);
        free(s);
    }
}

static const char *why(const void *made)
{
    return ((const struct sqb *)made)->why;
}

static void sums(const void *made, struct import_sums *out)
{
    *out = ((const struct sqb *)made)->sums;
}

const struct reader import_read_SQB = {is_sqb, make, unmake, start, push, end, why, sums};
