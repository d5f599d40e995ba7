#include "store/ledger.h"

#include "model/claim_pack.h"
#include "store/internal.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "address, epoch, number, kind, leg, supersedes, made_ms, lo_ms, hi_ms, airport, flight, p, "   \
    "row"

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS claim_edition(id INTEGER PRIMARY KEY, detector TEXT NOT NULL, "
    "through_ms INTEGER) STRICT;"
    "CREATE TABLE IF NOT EXISTS claim(address INTEGER NOT NULL, epoch INTEGER NOT NULL, number "
    "INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER, kind TEXT NOT NULL, leg INTEGER NOT "
    "NULL, supersedes INTEGER NOT NULL, made_ms INTEGER, lo_ms INTEGER, hi_ms INTEGER, airport "
    "TEXT, flight TEXT, p REAL NOT NULL, row BLOB NOT NULL, PRIMARY KEY(address, epoch, number, "
    "since)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS claim_by_airport ON claim(airport, hi_ms) WHERE airport IS NOT "
    "NULL;"
    "CREATE INDEX IF NOT EXISTS claim_by_time ON claim(hi_ms, lo_ms);";

/* Of an aircraft no point is left of: later than anything. */
#define OLDEST "CASE WHEN points > 0 THEN first_ms ELSE 9223372036854775807 END"

/* One that stays whatever a newer detector says: what it was concluded from is gone. A row of no
   aircraft (ADDRESS_NONE) rests on the points of all. */
#define BEFORE_POINTS                                                                              \
    "c.made_ms < CASE WHEN c.address < 4294967295 THEN (SELECT min(" OLDEST ") FROM "              \
    "(SELECT first_ms, points FROM aircraft WHERE "                                                \
    "address = c.address UNION ALL SELECT first_ms, points FROM packed WHERE address = "           \
    "c.address) "                                                                                  \
    "a) ELSE (SELECT "                                                                             \
    "min(a.first_ms) FROM (SELECT min(first_ms) first_ms FROM aircraft WHERE points > 0 UNION "    \
    "ALL SELECT min(first_ms) FROM packet) a) END"

static bool has_tables(struct store *s)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT 1 FROM sqlite_master WHERE name = 'claim'");
    const bool has = q && sqlite3_step(q) == SQLITE_ROW;
    sqlite3_finalize(q);
    return has;
}

static int64_t number_of(struct store *s, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    const bool is = q && sqlite3_step(q) == SQLITE_ROW && sqlite3_column_type(q, 0) != SQLITE_NULL;
    const int64_t v = is ? sqlite3_column_int64(q, 0) : otherwise;
    sqlite3_finalize(q);
    return v;
}

static void bind_time(sqlite3_stmt *q, int i, int64_t t_ms)
{
    if (t_ms == CLAIM_NO_TIME) {
        sqlite3_bind_null(q, i);
    } else {
        sqlite3_bind_int64(q, i, t_ms);
    }
}

/* Binds COLUMNS from parameter 1 on, and runs. */
static enum err put_row(struct store *s, sqlite3_stmt *q, const struct claim *c)
{
    uint8_t row[CLAIM_PACK_MAX];
    const size_t n = claim_pack(c, row);
    int flight = 0;
    for (int i = 0; i < (int)sizeof c->flight; i++) {
        flight = c->flight[i] > ' ' ? i + 1 : flight;
    }
    const int64_t v[] = {c->address, c->epoch, c->number};
    for (int i = 0; i < 3; i++) {
        sqlite3_bind_int64(q, i + 1, v[i]);
    }
    sqlite3_bind_text(q, 4, claim_kind_word[c->kind].key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 5, c->leg);
    sqlite3_bind_int64(q, 6, c->supersedes);
    bind_time(q, 7, c->made_ms);
    bind_time(q, 8, c->t_lo_ms);
    bind_time(q, 9, c->t_hi_ms);
    if (c->candidates) {
        sqlite3_bind_text(q, 10, c->candidate[0].airport, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(q, 10);
    }
    sqlite3_bind_text(q, 11, c->flight, flight, SQLITE_STATIC);
    sqlite3_bind_double(q, 12, (double)c->p);
    sqlite3_bind_blob(q, 13, row, (int)n, SQLITE_STATIC);
    const int step = sqlite3_step(q);
    sqlite3_reset(q);
    return step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}

static enum err begin_edition(struct store *s, const char *detector)
{
    sqlite3_stmt *q =
        index_prepare(s->db, "INSERT INTO claim_edition SELECT coalesce(max(id), 0) + 1, ?, NULL "
                             "FROM claim_edition");
    if (q) {
        sqlite3_bind_text(q, 1, detector, (int)strnlen(detector, STORE_LEDGER_DETECTOR_MAX),
                          SQLITE_STATIC);
    }
    const enum err e = q && sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}

static enum err note_through(struct store *s, int64_t through_ms)
{
    if (through_ms == KEPT_NO_TIME) {
        return ERR_OK;
    }
    sqlite3_stmt *q =
        index_prepare(s->db, "UPDATE claim_edition SET through_ms = max(coalesce(through_ms,"
                             " ?1), ?1) WHERE id = (SELECT max(id) FROM claim_edition)");
    if (q) {
        sqlite3_bind_int64(q, 1, through_ms);
    }
    const enum err e = q && sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}

static enum err end(struct store *s, enum err e)
{
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
    }
    return e;
}

static enum err append_rows(struct store *s, const struct claim *c, size_t n)
{
    enum err e = ERR_OK;
    sqlite3_stmt *q =
        index_prepare(s->db, "INSERT OR REPLACE INTO claim(" COLUMNS ", since) VALUES(?,?,?,?,?,?,"
                             "?,?,?,?,?,?,?,(SELECT max(id) FROM claim_edition))");
    e = q ? ERR_OK : index_error(s->db);
    for (size_t i = 0; i < n && !e; i++) {
        e = put_row(s, q, &c[i]);
    }
    sqlite3_finalize(q);
    return e;
}

enum err store_ledger_append(struct store *s, const char *detector, const struct claim *c, size_t n,
                             int64_t through_ms)
{
    if (s->o.mode != STORE_WRITE || s->putting) {
        return ERR_RANGE;
    }
    enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    if (e) {
        return e;
    }
    e = index_run(s->db, tables);
    if (!e && number_of(s, "SELECT max(id) FROM claim_edition", 0) == 0) {
        e = begin_edition(s, detector);
    }
    e = e ? e : append_rows(s, c, n);
    e = e ? e : note_through(s, through_ms);
    return end(s, e);
}

/* --- a whole edition -------------------------------------------------------------------------- */

enum err store_ledger_open(struct store *s)
{
    if (s->o.mode != STORE_WRITE || s->putting) {
        return ERR_RANGE;
    }
    enum err e = index_run(s->db, tables);
    e = e ? e
          : index_run(s->db,
                      "DROP TABLE IF EXISTS temp.made;"
                      "CREATE TEMP TABLE made(address INTEGER, epoch INTEGER, number INTEGER, row "
                      "BLOB, PRIMARY KEY(address, epoch, number)) WITHOUT ROWID; BEGIN");
    return e;
}

enum err store_ledger_stage(struct store *s, const struct claim *c)
{
    uint8_t row[CLAIM_PACK_MAX];
    sqlite3_stmt *q = index_use(s, INDEX_STAGE);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, c->address);
    sqlite3_bind_int64(q, 2, c->epoch);
    sqlite3_bind_int64(q, 3, c->number);
    sqlite3_bind_blob(q, 4, row, (int)claim_pack(c, row), SQLITE_STATIC);
    const int step = sqlite3_step(q);
    sqlite3_reset(q);
    return step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}

/* Adds what was staged and does not stand yet. */
static enum err put_made(struct store *s, uint64_t *came)
{
    sqlite3_stmt *from = index_prepare(
        s->db, "SELECT row FROM temp.made m WHERE NOT EXISTS (SELECT 1 FROM claim c WHERE "
               "c.address = m.address AND c.epoch = m.epoch AND c.number = m.number AND c.until IS "
               "NULL)");
    sqlite3_stmt *to = index_prepare(s->db, "INSERT INTO claim(" COLUMNS
                                            ", since) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,(SELECT "
                                            "max(id) FROM claim_edition))");
    enum err e = from && to ? ERR_OK : index_error(s->db);
    int step = SQLITE_DONE;
    while (!e && (step = sqlite3_step(from)) == SQLITE_ROW) {
        struct claim c;
        e = claim_unpack(sqlite3_column_blob(from, 0), (size_t)sqlite3_column_bytes(from, 0), &c);
        e = e ? e : put_row(s, to, &c);
        *came += !e;
    }
    e = e || step == SQLITE_DONE ? e : index_error(s->db);
    sqlite3_finalize(from);
    sqlite3_finalize(to);
    return e;
}

static enum err swap(struct store *s, const char *detector, struct store_ledger_change *changed)
{
    sqlite3 *db = s->db;
    enum err e = begin_edition(s, detector);
    e = e ? e
          : index_run(db, "UPDATE claim AS c SET until = (SELECT max(id) FROM claim_edition) WHERE "
                          "until IS NULL AND NOT EXISTS (SELECT 1 FROM temp.made m WHERE m.address "
                          "= c.address AND m.epoch = c.epoch AND m.number = c.number AND m.row = "
                          "c.row) AND NOT coalesce(" BEFORE_POINTS ", 0)");
    changed->gone = (uint64_t)sqlite3_changes64(db);
    e = e ? e : put_made(s, &changed->came);
    if (!e && changed->gone + changed->came == 0 &&
        number_of(s, "SELECT count(*) FROM claim_edition", 0) > 1) {
        e = index_run(db, "DELETE FROM claim_edition WHERE id = (SELECT max(id) FROM "
                          "claim_edition)");
    }
    return e;
}

enum err store_ledger_close(struct store *s, const char *detector, int64_t through_ms,
                            struct store_ledger_change *changed)
{
    *changed = (struct store_ledger_change){0};
    /* What was staged is in a file of its own: nothing of the store is locked until here. */
    enum err e = index_run(s->db, "COMMIT; BEGIN IMMEDIATE");
    if (!e) {
        e = swap(s, detector, changed);
        e = e ? e : note_through(s, through_ms);
        e = end(s, e);
    }
    changed->edition = number_of(s, "SELECT max(id) FROM claim_edition", 0);
    changed->rows = (uint64_t)number_of(s, "SELECT count(*) FROM claim WHERE until IS NULL", 0);
    sqlite3_stmt *stage = s->statement[INDEX_STAGE];
    s->statement[INDEX_STAGE] = NULL;
    sqlite3_finalize(stage);
    index_run(s->db, "DROP TABLE IF EXISTS temp.made");
    return e;
}

enum err store_ledger_before_points(struct store *s, store_ledger_kept_fn *out, void *ctx)
{
    if (!has_tables(s)) {
        return ERR_OK;
    }
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT c.address, c.epoch, max(c.number), max(c.leg) FROM (SELECT address, "
               "min(oldest_ms) AS oldest_ms FROM (SELECT address, " OLDEST " AS oldest_ms FROM "
               "aircraft UNION ALL SELECT address, " OLDEST " FROM packed) GROUP BY address) o "
               "CROSS JOIN claim c ON c.address = o.address WHERE c.until IS NULL AND c.address < "
               "4294967295 AND c.number < 1073741824 AND c.made_ms < o.oldest_ms GROUP BY "
               "c.address, c.epoch");
    int step = SQLITE_DONE;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW &&
           out(ctx, (uint32_t)sqlite3_column_int64(q, 0), (uint16_t)sqlite3_column_int64(q, 1),
               (uint32_t)sqlite3_column_int64(q, 2), (uint32_t)sqlite3_column_int64(q, 3))) {
    }
    sqlite3_finalize(q);
    return q && (step == SQLITE_DONE || step == SQLITE_ROW) ? ERR_OK : index_error(s->db);
}

enum err store_ledger_aircraft(struct store *s, store_ledger_aircraft_fn *out, void *ctx)
{
    sqlite3_stmt *q =
        index_prepare(s->db, "SELECT address, min(first_ms), max(last_ms) FROM (SELECT "
                             "address, first_ms, last_ms FROM aircraft WHERE points "
                             "> 0 UNION ALL SELECT address, first_ms, last_ms FROM "
                             "packed) GROUP BY address ORDER BY address");
    int step = SQLITE_DONE;
    bool more = q;
    while (more && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct store_span a = {(uint32_t)sqlite3_column_int64(q, 0),
                                     sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2) + 1};
        more = out(ctx, &a);
    }
    const enum err e =
        q && (step == SQLITE_DONE || step == SQLITE_ROW) ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}

/* --- reading ---------------------------------------------------------------------------------- */

#define STANDS "(since <= ?1 AND (until IS NULL OR until > ?1))"

/* At airports: most claims end before the span's end, so began before it, which the index alone
   tells; the rest is looked up. */
static sqlite3_stmt *find(struct store *s, const struct store_ledger_query *q)
{
    const bool times = q->from_ms != INT64_MIN || q->to_ms != INT64_MAX;
    const char *sql =
        q->address != ADDRESS_NONE ? "SELECT row FROM claim WHERE " STANDS
                                     " AND address = ?2 ORDER BY address, epoch, "
                                     "number, since"
        : q->airport ? "SELECT row FROM claim WHERE " STANDS
                       " AND address IN (SELECT address FROM claim WHERE airport = ?3 AND hi_ms >= "
                       "?4 AND lo_ms < ?5) ORDER BY address, epoch, number, since"
        : q->airports
            ? "SELECT row FROM claim WHERE " STANDS " AND address IN (SELECT address FROM claim "
              "WHERE airport IN (SELECT value FROM json_each(?3)) AND hi_ms >= ?4 AND hi_ms < ?5 "
              "UNION SELECT address FROM claim WHERE airport IN (SELECT value FROM json_each(?3)) "
              "AND hi_ms >= ?5 AND lo_ms < ?5) ORDER BY address, epoch, number, since"
        : times ? "SELECT row FROM claim WHERE " STANDS
                  " AND address IN (SELECT address FROM claim WHERE hi_ms >= ?4 AND lo_ms < ?5)"
                  " AND (address < 4294967295 OR (hi_ms >= ?4 AND lo_ms < ?5))"
                  " ORDER BY address, epoch, number, since"
                : "SELECT row FROM claim WHERE " STANDS " ORDER BY address, epoch, number, since";
    sqlite3_stmt *f = index_prepare(s->db, sql);
    if (f) {
        sqlite3_bind_int64(f, 1, q->edition ? q->edition : INT64_MAX - 1);
        sqlite3_bind_int64(f, 2, q->address);
        sqlite3_bind_text(f, 3, q->airport ? q->airport : q->airports, -1, SQLITE_STATIC);
        sqlite3_bind_int64(f, 4, q->from_ms);
        sqlite3_bind_int64(f, 5, q->to_ms);
    }
    return f;
}

enum err store_ledger_find(struct store *s, const struct store_ledger_query *q,
                           store_ledger_fn *out, void *ctx, size_t *torn)
{
    size_t bad = 0;
    enum err e = ERR_OK;
    if (has_tables(s)) {
        sqlite3_stmt *f = find(s, q);
        bool more = f;
        int step = SQLITE_DONE;
        while (more && (step = sqlite3_step(f)) == SQLITE_ROW) {
            struct claim c;
            if (claim_unpack(sqlite3_column_blob(f, 0), (size_t)sqlite3_column_bytes(f, 0), &c)) {
                bad++;
            } else {
                more = out(ctx, &c);
            }
        }
        e = f && (step == SQLITE_DONE || step == SQLITE_ROW) ? ERR_OK : index_error(s->db);
        sqlite3_finalize(f);
    }
    if (torn) {
        *torn = bad;
    }
    return e;
}

enum err store_ledger_state(struct store *s, struct store_ledger_state *out)
{
    *out = (struct store_ledger_state){.through_ms = KEPT_NO_TIME};
    if (!has_tables(s)) {
        return ERR_OK;
    }
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT id, detector, coalesce(through_ms, (SELECT max(through_ms) FROM "
               "claim_edition)), (SELECT count(*) FROM claim WHERE until IS NULL), (SELECT "
               "count(*) FROM claim) FROM claim_edition ORDER BY id DESC LIMIT 1");
    const int step = q ? sqlite3_step(q) : SQLITE_ERROR;
    if (step == SQLITE_ROW) {
        out->edition = sqlite3_column_int64(q, 0);
        const char *text = (const char *)sqlite3_column_text(q, 1);
        if (text) {
            memcpy(out->detector, text, strnlen(text, STORE_LEDGER_DETECTOR_MAX));
        }
        if (sqlite3_column_type(q, 2) != SQLITE_NULL) {
            out->through_ms = sqlite3_column_int64(q, 2);
        }
        out->rows = (uint64_t)sqlite3_column_int64(q, 3);
        out->all = (uint64_t)sqlite3_column_int64(q, 4);
    }
    sqlite3_finalize(q);
    return step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}
