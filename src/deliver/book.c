#include "deliver/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

enum {
    BOOK_VERSION = 2,
    APPLICATION_ID = 0x6d777463 /* "mwtc" */,
    BUSY_MS = 10000,
    CHECKPOINT_PAGES = 1000
};

#define EXPECTED                                                                                   \
    "CREATE TABLE expected(id INTEGER PRIMARY KEY, callsign TEXT NOT NULL, address INTEGER NOT"    \
    " NULL, origin TEXT NOT NULL, destination TEXT NOT NULL, off_ms INTEGER NOT NULL,"             \
    " on_ms INTEGER NOT NULL, fuel_ms INTEGER NOT NULL, report_ms INTEGER NOT NULL,"               \
    " reported_ms INTEGER NOT NULL) STRICT;"

static const char schema[] =
    "CREATE TABLE watch(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, rule TEXT NOT NULL,"
    " receivers TEXT NOT NULL, language TEXT NOT NULL, muted_ms INTEGER NOT NULL,"
    " expires_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE area(name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE list(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE listed(list INTEGER NOT NULL, address INTEGER NOT NULL, label TEXT NOT NULL,"
    " PRIMARY KEY(list, address)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE alert(id INTEGER PRIMARY KEY AUTOINCREMENT, watch INTEGER NOT NULL,"
    " watch_name TEXT NOT NULL, language TEXT NOT NULL, tell INTEGER NOT NULL,"
    " key TEXT NOT NULL, made_ms INTEGER NOT NULL, p REAL NOT NULL, address INTEGER NOT NULL,"
    " json TEXT NOT NULL, told_ms INTEGER NOT NULL, UNIQUE(watch, key, tell)) STRICT;"
    "CREATE INDEX alert_made ON alert(made_ms);"
    "CREATE TABLE told(watch INTEGER NOT NULL, address INTEGER NOT NULL, step INTEGER NOT NULL,"
    " word TEXT NOT NULL, epoch INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
    " leg INTEGER NOT NULL, last_ms INTEGER NOT NULL, absent INTEGER NOT NULL,"
    " standing INTEGER NOT NULL, other INTEGER NOT NULL, number INTEGER NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY(watch, address, step, word, epoch, since_ms, leg)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE armed(watch INTEGER NOT NULL, step INTEGER NOT NULL, address INTEGER NOT NULL,"
    " since_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, key TEXT NOT NULL) STRICT;"
    "CREATE TABLE receiver(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, target TEXT NOT NULL, secret TEXT NOT NULL, local INTEGER NOT NULL)"
    " STRICT;"
    "CREATE TABLE delivery(receiver INTEGER NOT NULL, alert INTEGER NOT NULL,"
    " PRIMARY KEY(receiver, alert)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE delivered(receiver INTEGER NOT NULL, alert INTEGER NOT NULL,"
    " done_ms INTEGER NOT NULL, tries INTEGER NOT NULL, why TEXT NOT NULL,"
    " PRIMARY KEY(receiver, alert)) STRICT, WITHOUT ROWID;" EXPECTED
    "CREATE TABLE note(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO note VALUES('version', 1);";

enum err book_error(struct book *b)
{
    const int code = sqlite3_errcode(b->db) & 255;
    return code == SQLITE_FULL ? ERR_FULL : code == SQLITE_NOMEM ? ERR_MEMORY : ERR_SYSTEM;
}

sqlite3_stmt *book_statement(struct book *b, const char *sql)
{
    for (unsigned i = 0; i < b->statements; i++) {
        if (b->kept[i].sql == sql) {
            sqlite3_reset(b->kept[i].q);
            return b->kept[i].q;
        }
    }
    sqlite3_stmt *q = NULL;
    if (b->statements == BOOK_STATEMENTS ||
        sqlite3_prepare_v3(b->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) != SQLITE_OK) {
        return NULL;
    }
    b->kept[b->statements++] = (struct kept_statement){sql, q};
    return q;
}

enum err book_run(struct book *b, const char *sql, const char *kinds, ...)
{
    sqlite3_stmt *q = book_statement(b, sql);
    va_list args;
    if (!q) {
        return book_error(b);
    }
    va_start(args, kinds);
    for (int i = 0; kinds[i]; i++) {
        if (kinds[i] == 'i') {
            sqlite3_bind_int64(q, i + 1, va_arg(args, int64_t));
        } else if (kinds[i] == 'f') {
            sqlite3_bind_double(q, i + 1, va_arg(args, double));
        } else {
            sqlite3_bind_text(q, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        }
    }
    va_end(args);
    const int step = sqlite3_step(q);
    const enum err e = step == SQLITE_DONE || step == SQLITE_ROW ? ERR_OK
                       : (step & 255) == SQLITE_CONSTRAINT       ? ERR_EXISTS
                                                                 : book_error(b);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    return e;
}

const char *book_text(sqlite3_stmt *q, int column)
{
    const unsigned char *t = sqlite3_column_text(q, column);
    return t ? (const char *)t : "";
}

struct book_alert book_alert_row(sqlite3_stmt *q)
{
    return (struct book_alert){.id = sqlite3_column_int64(q, 0),
                               .watch = sqlite3_column_int64(q, 1),
                               .watch_name = book_text(q, 2),
                               .language = book_text(q, 3),
                               .tell = (uint8_t)sqlite3_column_int(q, 4),
                               .key = book_text(q, 5),
                               .made_ms = sqlite3_column_int64(q, 6),
                               .p = (float)sqlite3_column_double(q, 7),
                               .address = (uint32_t)sqlite3_column_int64(q, 8),
                               .json = book_text(q, 9),
                               .told_ms = sqlite3_column_int64(q, 10)};
}

/* ---- opening ---- */

static int64_t pragma(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    int64_t v = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW) {
        v = sqlite3_column_int64(q, 0);
    }
    sqlite3_finalize(q);
    return v;
}

static enum err make_schema(struct book *b, const char *path, char *why, size_t why_size)
{
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
             BOOK_VERSION);
    /* Two may open it at once: the second finds it made. */
    if (sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
        snprintf(why, why_size, "'%s' cannot be written: %s", path, sqlite3_errmsg(b->db));
        return book_error(b);
    }
    if (pragma(b->db, "PRAGMA user_version") == 0 &&
        (sqlite3_exec(b->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
         sqlite3_exec(b->db, sql, NULL, NULL, NULL) != SQLITE_OK)) {
        snprintf(why, why_size, "'%s' cannot be made: %s", path, sqlite3_errmsg(b->db));
        sqlite3_exec(b->db, "ROLLBACK", NULL, NULL, NULL);
        return book_error(b);
    }
    sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL);
    return ERR_OK;
}

/* Of version 1 the first books have another table of expected flights, which nothing wrote into.
   Another process may have done it meanwhile. */
static enum err migrate(struct book *b, const char *path, char *why, size_t why_size)
{
    bool good = sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    if (good && pragma(b->db, "PRAGMA user_version") == 1) {
        if (pragma(b->db, "SELECT count(*) FROM pragma_table_info('expected')"
                          " WHERE name='reported_ms'") == 0) {
            good = sqlite3_exec(b->db, "DROP TABLE IF EXISTS expected;" EXPECTED, NULL, NULL,
                                NULL) == SQLITE_OK;
        }
        good = good && sqlite3_exec(b->db, "PRAGMA user_version=2", NULL, NULL, NULL) == SQLITE_OK;
    }
    good = good && sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!good) {
        snprintf(why, why_size, "'%s' is of an older masar and cannot be brought up to date: %s",
                 path, sqlite3_errmsg(b->db));
        const enum err e = book_error(b);
        book_undo(b);
        return e;
    }
    return ERR_OK;
}

/* Makes it, brings it up to date, or says what it is instead. */
static enum err check_version(struct book *b, const char *path, char *why, size_t why_size)
{
    const int64_t version = pragma(b->db, "PRAGMA user_version");
    const int64_t id = pragma(b->db, "PRAGMA application_id");
    const int64_t tables = pragma(b->db, "SELECT count(*) FROM sqlite_schema");
    const int code = sqlite3_errcode(b->db) & 255;
    if ((version < 0 || tables < 0) && code != SQLITE_NOTADB && code != SQLITE_CORRUPT) {
        snprintf(why, why_size, "'%s' cannot be read: %s", path, sqlite3_errmsg(b->db));
        return book_error(b);
    }
    if (version < 0 || tables < 0) {
        snprintf(why, why_size,
                 "'%s' is damaged or no database (%s): move it away, or put a copy in its place",
                 path, sqlite3_errmsg(b->db));
        return ERR_RANGE;
    }
    if (tables == 0 && version == 0) {
        return make_schema(b, path, why, why_size);
    }
    if (id != APPLICATION_ID) {
        snprintf(why, why_size,
                 "'%s' is another program's database: watches are kept under that name, move it "
                 "away",
                 path);
        return ERR_RANGE;
    }
    if (version > BOOK_VERSION) {
        snprintf(why, why_size,
                 "'%s' is of a newer masar (book %lld, this one reads up to %d): use that, or move "
                 "the book away and make the watches anew",
                 path, (long long)version, BOOK_VERSION);
        return ERR_RANGE;
    }
    return version < BOOK_VERSION ? migrate(b, path, why, why_size) : ERR_OK;
}

enum err book_open(const char *dir, bool make, struct book **out, char *why, size_t why_size)
{
    char path[4096];
    struct stat st;
    struct book *b = calloc(1, sizeof *b);
    *out = NULL;
    if (!b) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    snprintf(path, sizeof path, "%s/watch.sqlite", dir);
    if (!make && stat(path, &st) != 0) {
        snprintf(why, why_size, "there are no watches in '%s': masar watch add makes the first",
                 dir);
        free(b);
        return ERR_NOT_FOUND;
    }
    enum err e = ERR_OK;
    if (sqlite3_open_v2(path, &b->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        snprintf(why, why_size, "'%s' cannot be opened: %s", path,
                 b->db ? sqlite3_errmsg(b->db) : "out of memory");
        e = ERR_SYSTEM;
    }
    if (!e) {
        sqlite3_busy_timeout(b->db, BUSY_MS);
        sqlite3_exec(b->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", NULL, NULL,
                     NULL);
        e = check_version(b, path, why, why_size);
    }
    if (e) {
        book_close(b);
        return e;
    }
    *out = b;
    return ERR_OK;
}

void book_patience(struct book *b, int ms)
{
    sqlite3_busy_timeout(b->db, ms);
}

void book_close(struct book *b)
{
    if (b) {
        for (unsigned i = 0; i < b->statements; i++) {
            sqlite3_finalize(b->kept[i].q);
        }
        sqlite3_close(b->db);
        free(b);
    }
}

/* ---- turns ---- */

struct book_turns {
    uv_mutex_t mutex;
};

struct book_turns *book_turns_new(void)
{
    struct book_turns *t = malloc(sizeof *t);
    if (t && uv_mutex_init(&t->mutex)) {
        free(t);
        return NULL;
    }
    return t;
}

void book_turns_free(struct book_turns *t)
{
    if (t) {
        uv_mutex_destroy(&t->mutex);
        free(t);
    }
}

void book_take_turns(struct book *b, struct book_turns *t, bool hurries)
{
    b->turns = t;
    sqlite3_wal_autocheckpoint(b->db, hurries ? 8 * CHECKPOINT_PAGES : CHECKPOINT_PAGES);
}

static void end_turn(struct book *b)
{
    if (b->has_turn) {
        b->has_turn = false;
        uv_mutex_unlock(&b->turns->mutex);
    }
}

enum err book_begin(struct book *b)
{
    if (b->turns && !b->has_turn) {
        uv_mutex_lock(&b->turns->mutex);
        b->has_turn = true;
    }
    if (sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK) {
        return ERR_OK;
    }
    const enum err e = book_error(b);
    end_turn(b);
    return e;
}

enum err book_commit(struct book *b)
{
    if (sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK) {
        end_turn(b);
        return ERR_OK;
    }
    const enum err e = book_error(b);
    book_undo(b);
    return e;
}

void book_undo(struct book *b)
{
    if (!sqlite3_get_autocommit(b->db)) {
        sqlite3_exec(b->db, "ROLLBACK", NULL, NULL, NULL);
    }
    end_turn(b);
}

/* ---- notes ---- */

enum err book_note_put(struct book *b, const char *name, int64_t value)
{
    return book_run(b, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value=?2",
                    "ti", name, value);
}

int64_t book_note(struct book *b, const char *name, int64_t otherwise)
{
    sqlite3_stmt *q = book_statement(b, "SELECT value FROM note WHERE name=?1");
    int64_t v = otherwise;
    if (q && sqlite3_bind_text(q, 1, name, -1, SQLITE_TRANSIENT) == SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW) {
        v = sqlite3_column_int64(q, 0);
    }
    if (q) {
        sqlite3_reset(q);
    }
    return v;
}

int64_t book_version(struct book *b)
{
    return book_note(b, "version", 0);
}
