#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The R*Tree's bounds are 32-bit integers: 1e-7 degrees and seconds since 2004. Chunks are appended
   in the order of their numbers, so their pages stay full; a large page wastes little beside rows
   of some 2 KB. */
static const char schema[] =
    "PRAGMA page_size = 32768;"
    "PRAGMA auto_vacuum = INCREMENTAL;"
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
    "NULL, last_ms INTEGER NOT NULL, PRIMARY KEY(callsign, address, first_ms)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE receiver(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE archive(key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE torn(id INTEGER PRIMARY KEY, address INTEGER NOT NULL, bytes BLOB NOT NULL) "
    "STRICT;"
    "PRAGMA application_id = 1835103090;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

/* Where the parts of each chunk lie (part.h). A store from before has no such table: the writer
   makes it, readers do without, and a chunk without a row is looked at whole. */
static const char parts[] =
    "CREATE TABLE IF NOT EXISTS part(id INTEGER PRIMARY KEY, address INTEGER NOT NULL, first_ms "
    "INTEGER NOT NULL, last_ms INTEGER NOT NULL, points INTEGER NOT NULL, boxes BLOB NOT NULL) "
    "STRICT;"
    "CREATE TRIGGER IF NOT EXISTS part_goes AFTER DELETE ON chunk BEGIN DELETE FROM part WHERE id "
    "= old.id; END;"
    /* What retention must leave: an aircraft's points, NULL all, in a span of time, and why. */
    "CREATE TABLE IF NOT EXISTS pin(id INTEGER PRIMARY KEY, address INTEGER, from_ms INTEGER NOT "
    "NULL, to_ms INTEGER NOT NULL, why TEXT NOT NULL) STRICT;"
    /* Short chunks, many in a row (packet.h), and what leads to them (lead.h). */
    "CREATE TABLE IF NOT EXISTS packet(id INTEGER PRIMARY KEY, n INTEGER NOT NULL, points INTEGER "
    "NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS lead(key INTEGER NOT NULL, id INTEGER NOT NULL, n INTEGER NOT "
    "NULL, bytes BLOB NOT NULL, PRIMARY KEY(key, id)) STRICT, WITHOUT ROWID;";

/* A silence of more than an hour ends a flight. */
static const char *const text[INDEX_STATEMENTS] = {
    [INDEX_ADD_CHUNK] = "INSERT INTO chunk VALUES(?6, ?1, ?2, ?3, ?4, ?5)",
    [INDEX_ADD_PLACE] = "INSERT INTO place VALUES(?, ?, ?, ?, ?, ?, ?)",
    [INDEX_ADD_PART] = "INSERT OR REPLACE INTO part VALUES(?, ?, ?, ?, ?, ?)",
    [INDEX_ADD_AIRCRAFT] =
        "INSERT INTO aircraft VALUES(?, ?, ?, ?, ?) ON CONFLICT(address) DO UPDATE SET seq = "
        "max(seq, excluded.seq), first_ms = CASE WHEN points > 0 THEN min(first_ms, "
        "excluded.first_ms) ELSE excluded.first_ms END, last_ms = CASE WHEN points > 0 THEN "
        "max(last_ms, excluded.last_ms) ELSE excluded.last_ms END, points = points + "
        "excluded.points",
    [INDEX_LENGTHEN_FLIGHT] =
        "UPDATE OR REPLACE flight SET first_ms = min(first_ms, ?3), last_ms = max(last_ms, ?4) "
        "WHERE callsign "
        "= ?1 AND address = ?2 AND first_ms <= ?4 + 3600000 AND last_ms >= ?3 - 3600000",
    [INDEX_ADD_FLIGHT] = "INSERT INTO flight VALUES(?1, ?2, ?3, ?4)",
    /* The second bound lets the index find the few that are near. */
    [INDEX_OVERLAPS] = "SELECT bytes FROM chunk WHERE address = ?1 AND first_ms BETWEEN ?2 - "
                       "2000000000 AND ?3 AND last_ms >= ?2 UNION ALL SELECT bytes FROM packed "
                       "WHERE address = ?1 AND first_ms <= ?3 AND last_ms >= ?2",
    /* The last chunk that begins before a time. */
    [INDEX_BEFORE] = "SELECT id, last_ms, points, bytes FROM chunk WHERE address = ?1 AND first_ms "
                     "<= ?2 ORDER BY first_ms DESC LIMIT 1",
    [INDEX_BYTES] = "SELECT bytes FROM chunk WHERE id = ?",
    [INDEX_REMOVE_CHUNK] = "DELETE FROM chunk WHERE id = ?",
    [INDEX_REMOVE_PLACE] = "DELETE FROM place WHERE id = ?",
    [INDEX_FEWER] = "UPDATE aircraft SET points = points - ?2 WHERE address = ?1",
    [INDEX_FIRST] =
        "UPDATE aircraft SET first_ms = coalesce((SELECT min(first_ms) FROM chunk WHERE "
        "address = ?1), 0), last_ms = CASE points WHEN 0 THEN 0 ELSE last_ms END WHERE "
        "address = ?1",
    [INDEX_OLD] =
        "SELECT c.id, c.address, c.points FROM chunk c WHERE c.id IN (SELECT id FROM place WHERE "
        "t1 "
        "<= ?1) AND c.last_ms < ?2 AND NOT EXISTS (SELECT 1 FROM pin WHERE (pin.address IS NULL OR "
        "pin.address = c.address) AND pin.from_ms <= c.last_ms AND pin.to_ms > c.first_ms) LIMIT "
        "?3",
    [INDEX_FLIGHT_AFTER] =
        "SELECT callsign FROM flight WHERE callsign > ?1 ORDER BY callsign LIMIT 1 OFFSET ?2",
    [INDEX_OLD_FLIGHTS] =
        "DELETE FROM flight WHERE callsign > ?1 AND (?2 IS NULL OR callsign <= ?2) AND last_ms < "
        "?3 AND NOT EXISTS (SELECT 1 FROM pin WHERE (pin.address IS NULL OR pin.address = "
        "flight.address) AND pin.from_ms <= flight.last_ms AND pin.to_ms > flight.first_ms)",
    [INDEX_SEQ] = "SELECT seq FROM aircraft WHERE address = ?",
    [INDEX_NOTE_SEQ] = "UPDATE aircraft SET seq = max(seq, ?2) WHERE address = ?1",
    [INDEX_MARK] = "INSERT OR IGNORE INTO archive VALUES(?)",
    [INDEX_MARKED] = "SELECT 1 FROM archive WHERE key = ?",
    [INDEX_RECEIVER] = "SELECT number FROM receiver WHERE name = ?",
    [INDEX_ADD_RECEIVER] =
        "INSERT INTO receiver SELECT coalesce(max(number), 0) + 1, ? FROM receiver WHERE (SELECT "
        "coalesce(max(number), 0) FROM receiver) < 65535",
    [INDEX_STAGE] = "INSERT OR REPLACE INTO temp.made VALUES(?, ?, ?, ?)",
    [INDEX_LEAD_AT] = "SELECT key, id, bytes FROM lead WHERE (key, id) <= (?1, ?2) ORDER BY key "
                      "DESC, id DESC LIMIT 1",
    [INDEX_LEAD_AFTER] = "SELECT key, id, bytes FROM lead WHERE (key, id) > (?1, ?2) ORDER BY key, "
                         "id LIMIT 1",
    [INDEX_ADD_LEAD] = "INSERT INTO lead VALUES(?, ?, ?, ?)",
    [INDEX_REMOVE_LEAD] = "DELETE FROM lead WHERE key = ? AND id = ?",
    [INDEX_PACKET_OF] = "SELECT id, bytes FROM packet WHERE id <= ? ORDER BY id DESC LIMIT 1",
    [INDEX_PACKET_AFTER] = "SELECT id, bytes FROM packet WHERE id >= ? ORDER BY id LIMIT 1",
    [INDEX_ADD_PACKET] = "INSERT INTO packet VALUES(?, ?, ?, ?, ?, ?)",
    [INDEX_REMOVE_PACKET] = "DELETE FROM packet WHERE id = ?",
    /* An aircraft that had points: what was concluded from them stays (ledger.c). */
    [INDEX_HAD_POINTS] = "INSERT OR IGNORE INTO aircraft VALUES(?, 0, 0, 0, 0)",
    [INDEX_OLD_PACKETS] =
        "SELECT c.id FROM packet c WHERE c.id IN (SELECT id FROM place WHERE t1 <= ?1) AND "
        "c.last_ms < ?2 AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.from_ms <= c.last_ms AND "
        "pin.to_ms > c.first_ms AND (pin.address IS NULL OR EXISTS (SELECT 1 FROM packed p WHERE "
        "p.address = pin.address AND p.id BETWEEN c.id AND c.id + c.n - 1))) LIMIT ?3",
};

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
    if (id == 0 && pragma(s->db, "SELECT count(*) FROM sqlite_schema") == 0) {
        snprintf(why, why_size,
                 "there is no store in %s yet: its writer was stopped while making it", dir);
        return ERR_NOT_FOUND;
    }
    if (id != APPLICATION_ID) {
        snprintf(why, why_size, "%s/index.sqlite is not a store of masar", dir);
        return ERR_SYNTAX;
    }
    if (version < 1 || version > STORE_VERSION) {
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

/* A reader of a store from before packets has empty tables of its own in their place, so that all
   statements are the same. */
static const char stand_in[] =
    "CREATE TABLE temp.packet(id INTEGER PRIMARY KEY, n, points, first_ms, last_ms, bytes);"
    "CREATE TABLE temp.lead(key, id, n, bytes, PRIMARY KEY(key, id)) WITHOUT ROWID;";

static bool has_packets(struct store *s)
{
    return pragma(s->db, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'packet'") > 0;
}

enum err index_packets_came(struct store *s)
{
    if (!s->is_before_packets || !has_packets(s)) {
        return ERR_OK;
    }
    s->is_before_packets = false;
    return index_run(s->db, "DROP TABLE temp.packet; DROP TABLE temp.lead");
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
        e = index_run(s->db, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA "
                             "journal_size_limit = 33554432;");
        e = e ? e : index_run(s->db, parts);
    }
    e = e ? e : packed_open(s);
    if (!e && !write && !has_packets(s)) {
        s->is_before_packets = true;
        e = index_run(s->db, stand_in);
    }
    return e;
}

sqlite3_stmt *index_use(struct store *s, enum index_statement which)
{
    sqlite3_stmt **q = &s->statement[which];
    if (!*q) {
        sqlite3_prepare_v3(s->db, text[which], -1, SQLITE_PREPARE_PERSISTENT, q, NULL);
    } else {
        sqlite3_reset(*q);
    }
    return *q;
}

/* Runs a statement to its end; it holds no lock after. */
static enum err finish(struct store *s, sqlite3_stmt *q)
{
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_reset(q);
    return e;
}

/* Runs a statement once with these integers bound. */
enum err index_run_with(struct store *s, enum index_statement which, const int64_t *v, int n)
{
    sqlite3_stmt *q = index_use(s, which);
    if (!q) {
        return index_error(s->db);
    }
    for (int i = 0; i < n; i++) {
        sqlite3_bind_int64(q, i + 1, v[i]);
    }
    return finish(s, q);
}

static enum err with_flight(struct store *s, enum index_statement which, uint32_t address,
                            const struct run_flight *f)
{
    sqlite3_stmt *q = index_use(s, which);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_text(q, 1, f->callsign, (int)strnlen(f->callsign, 8), SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, address);
    sqlite3_bind_int64(q, 3, f->first_ms);
    sqlite3_bind_int64(q, 4, f->last_ms);
    return finish(s, q);
}

/* Lengthens the flight it belongs to, or is a new one. */
static enum err add_flight(struct store *s, uint32_t address, const struct run_flight *f)
{
    const enum err e = with_flight(s, INDEX_LENGTHEN_FLIGHT, address, f);
    return !e && sqlite3_changes(s->db) == 0 ? with_flight(s, INDEX_ADD_FLIGHT, address, f) : e;
}

/* Of a short chunk there is nothing to say that its own row does not. */
static enum err add_part(struct store *s, int64_t id, const struct run_chunk *c)
{
    if (c->head.points < PART_POINTS_MIN) {
        return ERR_OK;
    }
    sqlite3_stmt *q = index_use(s, INDEX_ADD_PART);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, id);
    sqlite3_bind_int64(q, 2, c->head.address);
    sqlite3_bind_int64(q, 3, c->head.first_ms);
    sqlite3_bind_int64(q, 4, c->head.last_ms);
    sqlite3_bind_int64(q, 5, c->head.points);
    sqlite3_bind_blob(q, 6, c->part, (int)c->part_bytes, SQLITE_STATIC);
    return finish(s, q);
}

enum err index_add_rows(struct store *s, int64_t id, const struct store_run *r,
                        const struct run_chunk *c, uint64_t seq)
{
    const struct chunk_head *h = &c->head;
    const int64_t box[7] = {id,
                            h->lat_low_e7,
                            h->lat_high_e7,
                            h->lon_low_e7,
                            h->lon_high_e7,
                            index_time(h->first_ms),
                            index_time(h->last_ms)};
    const int64_t row[5] = {h->address, (int64_t)seq, h->first_ms, h->last_ms, h->points};
    enum err e = index_run_with(s, INDEX_ADD_PLACE, box, 7);
    e = e ? e : add_part(s, id, c);
    e = e ? e : index_run_with(s, INDEX_ADD_AIRCRAFT, row, 5);
    for (size_t i = 0; i < c->flights && !e; i++) {
        e = add_flight(s, h->address, &r->flight[c->flight + i]);
    }
    return e;
}

enum err index_add(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq)
{
    sqlite3_stmt *q = index_use(s, INDEX_ADD_CHUNK);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, c->head.address);
    sqlite3_bind_int64(q, 2, c->head.first_ms);
    sqlite3_bind_int64(q, 3, c->head.last_ms);
    sqlite3_bind_int64(q, 4, c->head.points);
    sqlite3_bind_blob(q, 5, r->bytes.p + c->at, (int)c->head.length, SQLITE_STATIC);
    if (s->next_id > 0) {
        sqlite3_bind_int64(q, 6, s->next_id++);
    } else {
        sqlite3_bind_null(q, 6); /* the next after the greatest */
    }
    const enum err e = finish(s, q);
    return e ? e : index_add_rows(s, sqlite3_last_insert_rowid(s->db), r, c, seq);
}

enum err index_remove(struct store *s, int64_t id, uint32_t address, int64_t points)
{
    const int64_t fewer[2] = {address, points};
    enum err e = index_run_with(s, INDEX_REMOVE_CHUNK, &id, 1);
    e = e ? e : index_run_with(s, INDEX_REMOVE_PLACE, &id, 1);
    return e ? e : index_run_with(s, INDEX_FEWER, fewer, 2);
}

int64_t index_next_id(struct store *s)
{
    return pragma(s->db, "SELECT max(coalesce((SELECT max(id) FROM chunk), 0), coalesce((SELECT "
                         "id + n - 1 FROM packet ORDER BY id DESC LIMIT 1), 0)) + 1");
}

enum err index_note_seq(struct store *s, uint32_t address, uint64_t seq)
{
    const int64_t v[2] = {address, (int64_t)seq};
    return index_run_with(s, INDEX_NOTE_SEQ, v, 2);
}

uint64_t index_seq(struct store *s, uint32_t address)
{
    sqlite3_stmt *q = index_use(s, INDEX_SEQ);
    uint64_t seq = 0;
    if (q) {
        sqlite3_bind_int64(q, 1, address);
        seq = sqlite3_step(q) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
        sqlite3_reset(q);
    }
    return seq;
}
