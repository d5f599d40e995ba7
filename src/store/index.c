#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The R*Tree's bounds are 32-bit integers: 1e-7 degrees and seconds since 2004. Chunks are appended
   in the order of their numbers, so their pages stay full; a large page wastes little beside rows
   of some 2 KB. */
static const char schema[] =
    "PRAGMA page_size = 16384;"
    "PRAGMA journal_mode = WAL;"
    "BEGIN IMMEDIATE;"
    "CREATE TABLE chunk(id INTEGER PRIMARY KEY, address INTEGER NOT NULL, first_ms INTEGER NOT "
    "NULL,"
    " last_ms INTEGER NOT NULL, points INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE INDEX chunk_of ON chunk(address, first_ms, last_ms);"
    "CREATE VIRTUAL TABLE place USING rtree_i32(id, lat0, lat1, lon0, lon1, t0, t1);"
    "CREATE TABLE aircraft(address INTEGER PRIMARY KEY, seq INTEGER NOT NULL, first_ms INTEGER NOT "
    "NULL, last_ms INTEGER NOT NULL, points INTEGER NOT NULL) STRICT;"
    "CREATE TABLE flight(callsign TEXT NOT NULL, address INTEGER NOT NULL, first_ms INTEGER NOT "
    "NULL, last_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX flight_of ON flight(callsign, address, first_ms);"
    "CREATE TABLE receiver(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE archive(key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE torn(id INTEGER PRIMARY KEY, address INTEGER NOT NULL, bytes BLOB NOT NULL) "
    "STRICT;"
    "PRAGMA application_id = 1835103090;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

#define GAP_MS INT64_C(3600000) /* a longer silence ends a chunk and a flight */

int32_t index_time(int64_t t_ms)
{
    const int64_t s = (t_ms - (t_ms < 0 ? 999 : 0)) / 1000 - INDEX_EPOCH_S;
    return (int32_t)(s > INT32_MAX ? INT32_MAX : s < INT32_MIN ? INT32_MIN : s);
}

enum err index_error(sqlite3 *db)
{
    switch (sqlite3_errcode(db)) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return ERR_OK;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    default:
        return ERR_SYSTEM;
    }
}

enum err index_run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : index_error(db);
}

sqlite3_stmt *index_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    return sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK ? q : NULL;
}

static int64_t pragma(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = index_prepare(db, sql);
    const int64_t v = q && sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    return v;
}

static enum err check_kind(struct store *s, const char *dir, char *why, size_t why_size)
{
    const int64_t id = pragma(s->db, "PRAGMA application_id"),
                  version = pragma(s->db, "PRAGMA user_version");
    if (id < 0) {
        snprintf(why, why_size, "%s/index.sqlite cannot be read: %s", dir, sqlite3_errmsg(s->db));
        return ERR_SYSTEM;
    }
    if (id != APPLICATION_ID) {
        snprintf(why, why_size, "%s/index.sqlite is not a store of masar", dir);
        return ERR_SYNTAX;
    }
    if (version != STORE_VERSION) {
        snprintf(why, why_size, "%s is a store of version %lld; this masar knows version %d", dir,
                 (long long)version, STORE_VERSION);
        return ERR_RANGE;
    }
    return ERR_OK;
}

static enum err open_file(struct store *s, const char *path, bool write)
{
    const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return s->db ? index_error(s->db) : ERR_MEMORY;
    }
    sqlite3_busy_timeout(s->db, 10000);
    return ERR_OK;
}

enum err index_open(struct store *s, const char *dir, char *why, size_t why_size)
{
    const bool write = s->o.mode == STORE_WRITE;
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/index.sqlite", dir) >= sizeof path) {
        snprintf(why, why_size, "the folder's name is too long");
        return ERR_RANGE;
    }
    enum err e = open_file(s, path, write);
    const bool is_new = !e && write && pragma(s->db, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!e && is_new) {
        e = index_run(s->db, schema);
    }
    if (e) {
        snprintf(why, why_size, "%s cannot be opened: %s", path,
                 s->db ? sqlite3_errmsg(s->db) : "out of memory");
        return e;
    }
    e = check_kind(s, dir, why, why_size);
    if (!e && write) {
        e = index_run(s->db, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;");
    }
    return e;
}

size_t index_run_length(const struct kept *p, size_t n, size_t max)
{
    size_t i = 1;
    while (i < n && i < max && p[i].t_ms - p[i - 1].t_ms <= GAP_MS &&
           p[i].t_ms - p[0].t_ms <= CHUNK_SPAN_MS_MAX &&
           llabs((int64_t)p[i].lon_e7 - p[i - 1].lon_e7) < INT64_C(1800000000)) {
        i++;
    }
    return i;
}

/* Runs a statement once with these integers bound. */
static enum err run_with(sqlite3 *db, const char *sql, const int64_t *v, int n)
{
    sqlite3_stmt *q = index_prepare(db, sql);
    if (!q) {
        return index_error(db);
    }
    for (int i = 0; i < n; i++) {
        sqlite3_bind_int64(q, i + 1, v[i]);
    }
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(db);
    sqlite3_finalize(q);
    return e;
}

static enum err bind_flight(sqlite3 *db, const char *sql, const struct kept *p, const int64_t *v,
                            int *changes)
{
    sqlite3_stmt *q = index_prepare(db, sql);
    if (!q) {
        return index_error(db);
    }
    sqlite3_bind_text(q, 1, p->flight, (int)strnlen(p->flight, 8), SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, p->address);
    sqlite3_bind_int64(q, 3, v[0]);
    sqlite3_bind_int64(q, 4, v[1]);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(db);
    *changes = sqlite3_changes(db);
    sqlite3_finalize(q);
    return e;
}

/* A run of points under one call sign: lengthens the flight it belongs to, or is a new one. */
static enum err add_flight(sqlite3 *db, const struct kept *p, size_t n)
{
    const int64_t v[2] = {p[0].t_ms, p[n - 1].t_ms};
    int changed = 0;
    enum err e = bind_flight(db,
                             "UPDATE flight SET first_ms = min(first_ms, ?3), last_ms = "
                             "max(last_ms, ?4) WHERE callsign = ?1 AND address = ?2 AND "
                             "first_ms <= ?4 + 3600000 AND last_ms >= ?3 - 3600000",
                             p, v, &changed);
    if (!e && changed == 0) {
        e = bind_flight(db, "INSERT INTO flight VALUES(?1, ?2, ?3, ?4)", p, v, &changed);
    }
    return e;
}

static enum err add_flights(sqlite3 *db, const struct kept *p, size_t n)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e;) {
        size_t to = i + 1;
        while (to < n && memcmp(p[to].flight, p[i].flight, 8) == 0) {
            to++;
        }
        e = p[i].flight[0] ? add_flight(db, p + i, to - i) : ERR_OK;
        i = to;
    }
    return e;
}

enum err index_add_rows(struct store *s, int64_t id, const struct kept *p, size_t n, uint64_t seq)
{
    int64_t box[7] = {id,
                      INT32_MAX,
                      INT32_MIN,
                      INT32_MAX,
                      INT32_MIN,
                      index_time(p[0].t_ms),
                      index_time(p[n - 1].t_ms)};
    for (size_t i = 0; i < n; i++) {
        box[1] = p[i].lat_e7 < box[1] ? p[i].lat_e7 : box[1];
        box[2] = p[i].lat_e7 > box[2] ? p[i].lat_e7 : box[2];
        box[3] = p[i].lon_e7 < box[3] ? p[i].lon_e7 : box[3];
        box[4] = p[i].lon_e7 > box[4] ? p[i].lon_e7 : box[4];
    }
    const int64_t row[5] = {p->address, (int64_t)seq, p[0].t_ms, p[n - 1].t_ms, (int64_t)n};
    enum err e = run_with(s->db, "INSERT INTO place VALUES(?, ?, ?, ?, ?, ?, ?)", box, 7);
    if (!e) {
        e = run_with(s->db,
                     "INSERT INTO aircraft VALUES(?, ?, ?, ?, ?) ON CONFLICT(address) DO UPDATE "
                     "SET seq = max(seq, excluded.seq), first_ms = min(first_ms, "
                     "excluded.first_ms), last_ms = max(last_ms, excluded.last_ms), points = "
                     "points + excluded.points",
                     row, 5);
    }
    return e ? e : add_flights(s->db, p, n);
}

enum err index_add(struct store *s, const struct kept *p, size_t n, uint64_t seq)
{
    buf_clear(&s->scratch);
    enum err e = chunk_encode(p, n, &s->scratch);
    sqlite3_stmt *q =
        e ? NULL : index_prepare(s->db, "INSERT INTO chunk VALUES(NULL, ?, ?, ?, ?, ?)");
    if (!q) {
        return e ? e : index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, p->address);
    sqlite3_bind_int64(q, 2, p[0].t_ms);
    sqlite3_bind_int64(q, 3, p[n - 1].t_ms);
    sqlite3_bind_int64(q, 4, (int64_t)n);
    sqlite3_bind_blob(q, 5, s->scratch.p, (int)s->scratch.n, SQLITE_STATIC);
    e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e ? e : index_add_rows(s, sqlite3_last_insert_rowid(s->db), p, n, seq);
}

uint64_t index_seq(struct store *s, uint32_t address)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT seq FROM aircraft WHERE address = ?");
    sqlite3_bind_int64(q, 1, address);
    const uint64_t seq =
        q && sqlite3_step(q) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return seq;
}
