#include "app/operation/operation_file.h"
#include "app/operation/operation_sql.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS item (operation TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT "
    "NULL, version INTEGER NOT NULL, fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY "
    "(operation, kind, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS change (id INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT NOT "
    "NULL, kind TEXT NOT NULL, key TEXT NOT NULL, before TEXT, after TEXT, author TEXT NOT NULL, "
    "at_ms INTEGER NOT NULL, reason TEXT NOT NULL, undoes INTEGER) STRICT;"
    "CREATE INDEX IF NOT EXISTS change_of ON change (operation, id);"
    "CREATE TABLE IF NOT EXISTS forecast (operation TEXT NOT NULL, at_ms INTEGER NOT NULL, said "
    "TEXT NOT NULL CHECK (json_valid(said)), PRIMARY KEY (operation, at_ms)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS statement (hash TEXT PRIMARY KEY, operation TEXT NOT NULL, "
    "language "
    "TEXT NOT NULL, author TEXT NOT NULL, title TEXT NOT NULL, at_ms INTEGER NOT NULL, made_ms "
    "INTEGER NOT NULL, published INTEGER NOT NULL, page TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS path (address INTEGER NOT NULL, epoch INTEGER NOT NULL, from_ms "
    "INTEGER NOT NULL, to_ms INTEGER NOT NULL, states TEXT NOT NULL, silent_ms INTEGER NOT NULL, "
    "PRIMARY KEY (address, epoch, from_ms, to_ms)) STRICT, WITHOUT ROWID;";

enum err operation_file_open(const char *dir, bool write, struct operation_file **out, char *why,
                             size_t why_size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/operations.sqlite", dir);
    struct operation_file *f = calloc(1, sizeof *f);
    const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    *out = NULL;
    if (!f) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (sqlite3_open_v2(path, &f->db, flags, NULL) != SQLITE_OK) {
        snprintf(why, why_size,
                 write ? "%s cannot be written" : "there is no %s: masar operation new makes it",
                 path);
        operation_file_close(f);
        return write ? ERR_SYSTEM : ERR_NOT_FOUND;
    }
    sqlite3_busy_timeout(f->db, 5000);
    if (sqlite3_exec(f->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL,
                     NULL) != SQLITE_OK ||
        sqlite3_exec(f->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
        snprintf(why, why_size, "%s: %s", path, sqlite3_errmsg(f->db));
        operation_file_close(f);
        return ERR_SYSTEM;
    }
    *out = f;
    return ERR_OK;
}

void operation_file_close(struct operation_file *f)
{
    if (f) {
        sqlite3_close(f->db);
        free(f);
    }
}

sqlite3_stmt *operation_sql(struct operation_file *f, const char *sql)
{
    sqlite3_stmt *s = NULL;
    return sqlite3_prepare_v2(f->db, sql, -1, &s, NULL) == SQLITE_OK ? s : NULL;
}

void operation_sql_text(sqlite3_stmt *s, int at, const char *text)
{
    if (text) {
        sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_null(s, at);
    }
}

const char *operation_sql_said(sqlite3_stmt *s, int column)
{
    const unsigned char *t = sqlite3_column_text(s, column);
    return t ? (const char *)t : "";
}

enum err operation_sql_done(sqlite3_stmt *s)
{
    const int r = s ? sqlite3_step(s) : SQLITE_ERROR;
    sqlite3_finalize(s);
    return r == SQLITE_DONE || r == SQLITE_ROW ? ERR_OK : ERR_SYSTEM;
}

enum err operation_file_names(struct operation_file *f, operation_file_name_fn *out, void *ctx)
{
    sqlite3_stmt *s =
        operation_sql(f, "SELECT operation FROM item WHERE kind = 'operation' ORDER BY 1");
    if (!s) {
        return ERR_SYSTEM;
    }
    while (sqlite3_step(s) == SQLITE_ROW) {
        out(ctx, operation_sql_said(s, 0));
    }
    sqlite3_finalize(s);
    return ERR_OK;
}

int64_t operation_file_state(struct operation_file *f)
{
    sqlite3_stmt *s = operation_sql(f, "SELECT coalesce(max(id), 0) FROM change");
    const int64_t id = s && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return id;
}

/* ---- items as JSON objects of texts ---- */

static enum err item_of(enum item_kind kind, const char *key, const char *fields, struct item *out)
{
    char why[ITEM_WHY_MAX];
    json_t *j = json_loads(fields, 0, NULL);
    enum err e = item_start(out, kind, key, why, sizeof why);
    const char *name;
    json_t *v;
    json_object_foreach(j, name, v)
    {
        /* A field of another version of masar is passed over, not lost: it stays in the row. */
        const enum err one = item_set(out, name, json_string_value(v), why, sizeof why);
        e = one == ERR_MEMORY ? one : e;
    }
    json_decref(j);
    return e;
}

static char *fields_of(const struct item *i)
{
    json_t *j = json_object();
    for (enum said f = item_first(i->kind); f < SAIDS && item_field_row[f].kind == i->kind; f++) {
        if (item_has(i, f)) {
            json_object_set_new(j, item_field_row[f].name, json_string(item_text(i, f)));
        }
    }
    char *text = json_dumps(j, JSON_COMPACT);
    json_decref(j);
    return text;
}

enum err operation_file_load(struct operation_file *f, const char *operation, struct operation *out,
                             char *why, size_t why_size)
{
    sqlite3_stmt *s = operation_sql(f, "SELECT kind, key, fields FROM item WHERE operation = ?");
    enum err e = s ? ERR_OK : ERR_SYSTEM;
    *out = (struct operation){0};
    snprintf(out->key, sizeof out->key, "%s", operation);
    operation_sql_text(s, 1, operation);
    while (!e && sqlite3_step(s) == SQLITE_ROW) {
        struct item i;
        const enum item_kind kind = item_kind_find(operation_sql_said(s, 0));
        if (kind < ITEM_KINDS &&
            !item_of(kind, operation_sql_said(s, 1), operation_sql_said(s, 2), &i)) {
            e = operation_put(out, &i);
            item_free(&i);
        }
    }
    sqlite3_finalize(s);
    if (!e && !operation_head(out)) {
        snprintf(why, why_size, "there is no operation '%.60s'; masar operation list names them",
                 operation);
        e = ERR_NOT_FOUND;
    } else if (e) {
        snprintf(why, why_size, "the operation cannot be read");
    }
    if (e) {
        operation_free(out);
    }
    return e;
}

enum err operation_file_load_at(struct operation_file *f, const char *operation, int64_t state,
                                struct operation *out, char *why, size_t why_size)
{
    enum err e = operation_file_load(f, operation, out, why, why_size);
    sqlite3_stmt *s =
        operation_sql(f, "SELECT kind, key, before FROM change WHERE operation = ? AND "
                         "id > ? ORDER BY id DESC");
    operation_sql_text(s, 1, operation);
    if (s) {
        sqlite3_bind_int64(s, 2, state);
    }
    while (!e && s && sqlite3_step(s) == SQLITE_ROW) { /* the newest is taken back first */
        struct item i;
        const enum item_kind kind = item_kind_find(operation_sql_said(s, 0));
        const char *key = operation_sql_said(s, 1);
        if (kind == ITEM_KINDS) {
            continue;
        }
        if (sqlite3_column_type(s, 2) == SQLITE_NULL) {
            operation_remove(out, kind, key);
        } else if (!(e = item_of(kind, key, operation_sql_said(s, 2), &i))) {
            e = operation_put(out, &i);
            item_free(&i);
        }
    }
    sqlite3_finalize(s);
    if (!e && !operation_head(out)) {
        snprintf(why, why_size, "%s was not there yet then", operation);
        e = ERR_NOT_FOUND;
    }
    if (e) {
        operation_free(out);
    }
    return e;
}

int64_t operation_file_version(struct operation_file *f, const char *operation, enum item_kind kind,
                               const char *key)
{
    sqlite3_stmt *s =
        operation_sql(f, "SELECT version FROM item WHERE operation = ? AND kind = ? AND key = ?");
    operation_sql_text(s, 1, operation);
    operation_sql_text(s, 2, item_kind_key(kind));
    operation_sql_text(s, 3, key);
    const int64_t v = s && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return v;
}

/* ---- changes ---- */

struct changing {
    struct operation_file *f;
    const char *operation;
    const struct operation_by *by;
    int64_t undoes; /* 0 none */
    struct operation o;
    int64_t id;
    char *why;
    size_t why_size;
};

static enum err is_fresh(struct changing *g, const struct operation_change *c)
{
    const int64_t version = operation_file_version(g->f, g->operation, c->kind, c->key);
    if (c->version < 0 || c->version == version) {
        return ERR_OK;
    }
    sqlite3_stmt *s = operation_sql(g->f, "SELECT author, strftime('%Y-%m-%dT%H:%M:%SZ', at_ms / "
                                          "1000, 'unixepoch') FROM change WHERE id = ?");
    if (s) {
        sqlite3_bind_int64(s, 1, version);
    }
    if (s && sqlite3_step(s) == SQLITE_ROW) {
        snprintf(g->why, g->why_size,
                 "version: %s %s was changed by %s at %s (change %" PRId64
                 "); look at it again, then change it",
                 item_kind_key(c->kind), c->key, operation_sql_said(s, 0), operation_sql_said(s, 1),
                 version);
    } else {
        snprintf(g->why, g->why_size, "version: %s %s is not there any more",
                 item_kind_key(c->kind), c->key);
    }
    sqlite3_finalize(s);
    return ERR_EXISTS;
}

static enum err write_change(struct changing *g, const struct operation_change *c,
                             const char *before, const char *after)
{
    sqlite3_stmt *s =
        operation_sql(g->f, "INSERT INTO change (operation, kind, key, before, after, "
                            "author, at_ms, reason, undoes) VALUES (?,?,?,?,?,?,?,?,?)");
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, g->operation);
    operation_sql_text(s, 2, item_kind_key(c->kind));
    operation_sql_text(s, 3, c->key);
    operation_sql_text(s, 4, before);
    operation_sql_text(s, 5, after);
    operation_sql_text(s, 6, g->by->author);
    sqlite3_bind_int64(s, 7, g->by->now_ms);
    operation_sql_text(s, 8, g->by->reason ? g->by->reason : "");
    if (g->undoes) {
        sqlite3_bind_int64(s, 9, g->undoes);
    }
    const enum err e = operation_sql_done(s);
    g->id = sqlite3_last_insert_rowid(g->f->db);
    return e;
}

static enum err write_item(struct changing *g, const struct operation_change *c, const char *after)
{
    sqlite3_stmt *s = operation_sql(
        g->f, after ? "INSERT OR REPLACE INTO item (operation, kind, key, version, fields) VALUES "
                      "(?,?,?,?,?)"
                    : "DELETE FROM item WHERE operation = ? AND kind = ? AND key = ?");
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, g->operation);
    operation_sql_text(s, 2, item_kind_key(c->kind));
    operation_sql_text(s, 3, c->key);
    if (after) {
        sqlite3_bind_int64(s, 4, g->id);
        operation_sql_text(s, 5, after);
    }
    return operation_sql_done(s);
}

static enum err change_one(struct changing *g, const struct operation_change *c)
{
    const struct item *old = operation_find(&g->o, c->kind, c->key);
    enum err e = is_fresh(g, c);
    if (!e && !c->after && !old) {
        snprintf(g->why, g->why_size, "there is no %s %s", item_kind_key(c->kind), c->key);
        e = ERR_NOT_FOUND;
    }
    if (!e && c->after) {
        e = item_check(c->after, g->by->now_ms, g->why, g->why_size);
        e = e ? e : operation_check(&g->o, c->after, g->why, g->why_size);
    }
    if (e) {
        return e;
    }
    char *before = old ? fields_of(old) : NULL, *after = c->after ? fields_of(c->after) : NULL;
    if (!(before && after && strcmp(before, after) == 0)) { /* nothing new: no row */
        e = write_change(g, c, before, after);
        e = e ? e : write_item(g, c, after);
    }
    free(before);
    free(after);
    if (e) {
        snprintf(g->why, g->why_size, "the operation cannot be written: %s",
                 sqlite3_errmsg(g->f->db));
    } else if (c->after) {
        e = operation_put(&g->o, c->after);
    } else {
        operation_remove(&g->o, c->kind, c->key);
    }
    return e;
}

static enum err check_by(const struct operation_by *by, char *why, size_t size)
{
    struct item probe;
    char said[ITEM_WHY_MAX];
    if (!by->author || !by->author[0]) {
        snprintf(why, size, "author: who makes the change");
        return ERR_SYNTAX;
    }
    item_start(&probe, ITEM_SIGHTING, "x", said, sizeof said);
    const enum err e = item_set(&probe, "by", by->author, why, size);
    item_free(&probe);
    return e;
}

static enum err change(struct operation_file *f, const char *operation,
                       const struct operation_change *c, size_t n, const struct operation_by *by,
                       int64_t undoes, int64_t *id, char *why, size_t why_size)
{
    struct changing g = {.f = f,
                         .operation = operation,
                         .by = by,
                         .undoes = undoes,
                         .why = why,
                         .why_size = why_size};
    enum err e = check_by(by, why, why_size);
    if (!e && sqlite3_exec(f->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
        snprintf(why, why_size, "the operation cannot be written: %s", sqlite3_errmsg(f->db));
        e = ERR_SYSTEM;
    }
    if (e) {
        return e;
    }
    const bool is_new = n > 0 && c[0].kind == ITEM_HEAD && c[0].after;
    e = operation_file_load(f, operation, &g.o, why, why_size);
    if (e == ERR_NOT_FOUND && is_new) {
        snprintf(g.o.key, sizeof g.o.key, "%s", operation);
        e = ERR_OK;
    }
    for (size_t i = 0; i < n && !e; i++) {
        e = change_one(&g, &c[i]);
    }
    if (sqlite3_exec(f->db, e ? "ROLLBACK" : "COMMIT", NULL, NULL, NULL) != SQLITE_OK && !e) {
        snprintf(why, why_size, "the operation cannot be written: %s", sqlite3_errmsg(f->db));
        sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
        e = ERR_SYSTEM;
    }
    operation_free(&g.o);
    if (id) {
        *id = g.id;
    }
    return e;
}

enum err operation_file_change(struct operation_file *f, const char *operation,
                               const struct operation_change *c, size_t n,
                               const struct operation_by *by, int64_t *id, char *why,
                               size_t why_size)
{
    return change(f, operation, c, n, by, 0, id, why, why_size);
}

enum err operation_file_undo(struct operation_file *f, const char *operation, int64_t id,
                             const struct operation_by *by, char *why, size_t why_size)
{
    sqlite3_stmt *s = operation_sql(
        f, "SELECT kind, key, before, after FROM change WHERE id = ? AND operation = ?");
    if (!s) {
        return ERR_SYSTEM;
    }
    sqlite3_bind_int64(s, 1, id);
    operation_sql_text(s, 2, operation);
    if (sqlite3_step(s) != SQLITE_ROW) {
        sqlite3_finalize(s);
        snprintf(why, why_size, "change: %s has no change %" PRId64, operation, id);
        return ERR_NOT_FOUND;
    }
    struct item before;
    char key[ITEM_KEY_MAX + 1];
    const enum item_kind kind = item_kind_find(operation_sql_said(s, 0));
    const bool had = sqlite3_column_type(s, 2) != SQLITE_NULL;
    const bool has = sqlite3_column_type(s, 3) != SQLITE_NULL;
    snprintf(key, sizeof key, "%s", operation_sql_said(s, 1));
    enum err e = had ? item_of(kind, key, operation_sql_said(s, 2), &before) : ERR_OK;
    sqlite3_finalize(s);
    if (!e) {
        const struct operation_change c = {
            .after = had ? &before : NULL, .kind = kind, .key = key, .version = has ? id : 0};
        e = change(f, operation, &c, 1, by, id, NULL, why, why_size);
        if (had) {
            item_free(&before);
        }
    }
    return e;
}
