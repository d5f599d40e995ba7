#include "store/coverage_day.h"

#include "coverage/coverage.h"
#include "store/internal.h"

#include <stdlib.h>

/* A record's number: day or hour, and tile. */
enum { TILE_BITS = 10, TILES = 1 << TILE_BITS, DAY_HOURS = 24 };

/* In SQL days are counted from a million days before 1970, where quotients round down. */
#define DAY_OF(id) "((" id " >> 10) + 24000000) / 24 - 1000000"
#define FORGET(of, row)                                                                            \
    "CREATE TRIGGER IF NOT EXISTS coverage_day_" of " AFTER " of                                   \
    " ON coverage WHEN EXISTS (SELECT "                                                            \
    "1 FROM coverage_day_whole WHERE day = " DAY_OF(                                               \
        row ".id") ") BEGIN DELETE FROM coverage_day "                                             \
                   "WHERE id >= (" DAY_OF(row ".id") ") * 1024 AND id < (" DAY_OF(                 \
                       row ".id") " + 1) * 1024; "                                                 \
                                  "DELETE FROM coverage_day_whole WHERE day = " DAY_OF(            \
                                      row ".id") "; END;"

const char coverage_day_tables[] =
    "CREATE TABLE IF NOT EXISTS coverage_day(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS coverage_day_whole(day INTEGER PRIMARY KEY) STRICT;" FORGET(
        "INSERT", "new") FORGET("UPDATE", "new") FORGET("DELETE", "old");

struct summing {
    struct coverage_grid grid;
    int32_t first_hour;
    enum err e;
};

/* The entry of an hour as one of the day: of its first hour. */
static bool sum(void *ctx, const struct coverage_entry *e)
{
    struct summing *x = ctx;
    struct coverage_entry day = *e;
    day.key = coverage_key(x->first_hour, coverage_key_cell(e->key), coverage_key_band(e->key),
                           coverage_key_class(e->key));
    x->e = coverage_grid_add(&x->grid, &day);
    return x->e == ERR_OK;
}

static enum err put_record(struct store *s, int64_t id, struct summing *x)
{
    struct buf bytes = {0};
    coverage_grid_sort(&x->grid);
    coverage_write(x->grid.entry, x->grid.n, &bytes);
    sqlite3_stmt *q = index_prepare(s->db, "INSERT OR REPLACE INTO coverage_day VALUES(?, ?)");
    enum err e = bytes.failed ? ERR_MEMORY : q ? ERR_OK : index_error(s->db);
    if (!e) {
        sqlite3_bind_int64(q, 1, id);
        sqlite3_bind_blob(q, 2, bytes.p, (int)bytes.n, SQLITE_STATIC);
        e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    }
    sqlite3_finalize(q);
    buf_free(&bytes);
    return e;
}

/* One tile's hours of a day. A record that cannot be read is left to who reads hours: the day is
   not summed up then. */
static enum err sum_tile(struct store *s, sqlite3_stmt *hours, int32_t day, int tile,
                         struct summing *x)
{
    enum err e = ERR_OK;
    coverage_grid_clear(&x->grid);
    for (int h = 0; h < DAY_HOURS && !e; h++) {
        const int32_t hour = day * DAY_HOURS + h;
        sqlite3_bind_int64(hours, 1, (int64_t)hour * TILES + tile);
        const int step = sqlite3_step(hours);
        if (step == SQLITE_ROW) {
            e = coverage_read(sqlite3_column_blob(hours, 0), (size_t)sqlite3_column_bytes(hours, 0),
                              hour, sum, x);
            e = e ? e : x->e;
        } else if (step != SQLITE_DONE) {
            e = index_error(s->db);
        }
        sqlite3_reset(hours);
    }
    return e || x->grid.n == 0 ? e : put_record(s, (int64_t)day * TILES + tile, x);
}

static enum err sum_day(struct store *s, int32_t day)
{
    struct summing x = {.first_hour = day * DAY_HOURS};
    sqlite3_stmt *hours = index_prepare(s->db, "SELECT bytes FROM coverage WHERE id = ?");
    enum err e = hours ? coverage_grid_init(&x.grid, 1 << 18) : index_error(s->db);
    for (int tile = 0; tile < COVERAGE_TILES && !e; tile++) {
        e = sum_tile(s, hours, day, tile, &x);
    }
    sqlite3_finalize(hours);
    coverage_grid_free(&x.grid);
    return e;
}

static enum err note(struct store *s, int32_t day)
{
    sqlite3_stmt *q = index_prepare(s->db, "INSERT OR REPLACE INTO coverage_day_whole VALUES(?)");
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, day);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}

/* The first number a statement gives with one bound; none where it gives nothing. */
static int64_t ask(struct store *s, const char *sql, int64_t v, int64_t none)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    int64_t got = none;
    if (q) {
        sqlite3_bind_int64(q, 1, v);
        if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_type(q, 0) != SQLITE_NULL) {
            got = sqlite3_column_int64(q, 0);
        }
    }
    sqlite3_finalize(q);
    return got;
}

/* The oldest day with hours and no sum, below end; end where there is none. */
static int32_t oldest(struct store *s, int32_t end)
{
    int64_t day = INT32_MIN;
    for (;;) {
        const int64_t hour = ask(s, "SELECT min(id) >> 10 FROM coverage WHERE id >= ?",
                                 day == INT32_MIN ? INT64_MIN : day * DAY_HOURS * TILES, INT32_MAX);
        day = coverage_day_of((int32_t)hour);
        if (day >= end) {
            return end;
        }
        if (ask(s, "SELECT 1 FROM coverage_day_whole WHERE day = ?", day, 0) == 0) {
            return (int32_t)day;
        }
        day++;
    }
}

enum err coverage_day_make(struct store *s, bool *more)
{
    *more = false;
    const int64_t last = ask(s, "SELECT max(id) >> 10 FROM coverage WHERE ?1", 1, INT32_MIN);
    if (last == INT32_MIN) {
        return ERR_OK;
    }
    const int32_t end = coverage_day_of((int32_t)last) - 1, day = oldest(s, end);
    if (day >= end) {
        return ERR_OK;
    }
    enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    if (e) {
        return e;
    }
    e = sum_day(s, day);
    /* A day with a damaged hour stays without a sum; hours are read. */
    e = e ? e : note(s, day);
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
    }
    *more = !e && oldest(s, end) < end;
    return e == ERR_SYNTAX || e == ERR_RANGE || e == ERR_FULL ? ERR_OK : e;
}

int32_t coverage_day_next(struct store *s, int32_t day, int32_t end)
{
    const int64_t next =
        ask(s, "SELECT min(day) FROM coverage_day_whole WHERE day >= ?", day, INT32_MAX);
    return next < end ? (int32_t)next : end;
}
