/* What is kept beside an operation's items: its log, forecasts made before, statements. */
#include "app/operation/operation_file.h"
#include "app/operation/operation_sql.h"
#include "base/instant.h"

#include <inttypes.h>
#include <string.h>

static void text(struct buf *b, const char *key, const char *v)
{
    buf_format(b, ",\"%s\":", key);
    buf_json_string(b, v, strlen(v));
}

static void time_of(struct buf *b, const char *key, int64_t ms)
{
    char at[32];
    instant_format(ms * 1000, 0, at);
    text(b, key, at);
}

enum err operation_file_log(struct operation_file *f, const char *operation, unsigned limit,
                            struct buf *out)
{
    sqlite3_stmt *s =
        operation_sql(f, "SELECT id, kind, key, before, after, author, at_ms, reason, "
                         "undoes FROM change WHERE operation = ? ORDER BY id DESC "
                         "LIMIT ?");
    const char *between = "";
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, operation);
    sqlite3_bind_int64(s, 2, limit);
    buf_byte(out, '[');
    while (sqlite3_step(s) == SQLITE_ROW) {
        const bool had = sqlite3_column_type(s, 3) != SQLITE_NULL;
        const bool has = sqlite3_column_type(s, 4) != SQLITE_NULL;
        buf_format(out, "%s{\"change\":%lld", between, sqlite3_column_int64(s, 0));
        text(out, "kind", operation_sql_said(s, 1));
        text(out, "key", operation_sql_said(s, 2));
        buf_text(out, ",\"before\":");
        buf_text(out, had ? operation_sql_said(s, 3) : "null");
        buf_text(out, ",\"after\":");
        buf_text(out, has ? operation_sql_said(s, 4) : "null");
        text(out, "author", operation_sql_said(s, 5));
        time_of(out, "at", sqlite3_column_int64(s, 6));
        text(out, "reason", operation_sql_said(s, 7));
        if (sqlite3_column_type(s, 8) != SQLITE_NULL) {
            buf_format(out, ",\"undoes\":%lld", sqlite3_column_int64(s, 8));
        }
        buf_byte(out, '}');
        between = ",";
    }
    buf_byte(out, ']');
    sqlite3_finalize(s);
    return out->failed ? ERR_MEMORY : ERR_OK;
}

enum err operation_file_keep_forecast(struct operation_file *f, const char *operation,
                                      int64_t at_ms, const char *json, size_t n)
{
    sqlite3_stmt *s =
        operation_sql(f, "INSERT OR REPLACE INTO forecast (operation, at_ms, said) VALUES (?,?,?)");
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, operation);
    sqlite3_bind_int64(s, 2, at_ms);
    sqlite3_bind_text(s, 3, json, (int)n, SQLITE_TRANSIENT);
    return operation_sql_done(s);
}

enum err operation_file_forecasts(struct operation_file *f, const char *operation,
                                  int64_t before_ms, struct buf *out)
{
    sqlite3_stmt *s = operation_sql(
        f, "SELECT said FROM forecast WHERE operation = ? AND at_ms <= ? ORDER BY at_ms");
    const char *between = "";
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, operation);
    sqlite3_bind_int64(s, 2, before_ms);
    buf_byte(out, '[');
    while (sqlite3_step(s) == SQLITE_ROW) {
        buf_text(out, between);
        buf_text(out, operation_sql_said(s, 0));
        between = ",";
    }
    buf_byte(out, ']');
    sqlite3_finalize(s);
    return out->failed ? ERR_MEMORY : ERR_OK;
}

enum err operation_file_keep_statement(struct operation_file *f,
                                       const struct operation_statement_row *r)
{
    /* The same statement again changes nothing but whether it is published. */
    sqlite3_stmt *s = operation_sql(
        f, "INSERT INTO statement (hash, operation, language, author, title, at_ms, made_ms, "
           "published, page) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (hash) DO UPDATE SET published "
           "= max(published, excluded.published)");
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, r->hash);
    operation_sql_text(s, 2, r->operation);
    operation_sql_text(s, 3, r->language);
    operation_sql_text(s, 4, r->author);
    operation_sql_text(s, 5, r->title);
    sqlite3_bind_int64(s, 6, r->at_ms);
    sqlite3_bind_int64(s, 7, r->made_ms);
    sqlite3_bind_int(s, 8, r->published);
    sqlite3_bind_text(s, 9, r->page, (int)r->n, SQLITE_TRANSIENT);
    return operation_sql_done(s);
}

enum err operation_file_statements(struct operation_file *f, const char *operation, bool published,
                                   struct buf *out)
{
    sqlite3_stmt *s = operation_sql(
        f, "SELECT hash, language, title, at_ms, made_ms, published, author FROM statement WHERE "
           "operation = ? AND published >= ? ORDER BY made_ms DESC, hash");
    const char *between = "";
    if (!s) {
        return ERR_SYSTEM;
    }
    operation_sql_text(s, 1, operation);
    sqlite3_bind_int(s, 2, published);
    buf_byte(out, '[');
    while (sqlite3_step(s) == SQLITE_ROW) {
        buf_format(out, "%s{\"hash\":\"%s\"", between, operation_sql_said(s, 0));
        text(out, "language", operation_sql_said(s, 1));
        text(out, "title", operation_sql_said(s, 2));
        time_of(out, "at", sqlite3_column_int64(s, 3));
        time_of(out, "made", sqlite3_column_int64(s, 4));
        buf_format(out, ",\"published\":%s", sqlite3_column_int(s, 5) ? "true" : "false");
        if (!published) {
            text(out, "author", operation_sql_said(s, 6));
        }
        buf_byte(out, '}');
        between = ",";
    }
    buf_byte(out, ']');
    sqlite3_finalize(s);
    return out->failed ? ERR_MEMORY : ERR_OK;
}

enum err operation_file_statement(struct operation_file *f, const char *hash, bool published,
                                  struct buf *page)
{
    sqlite3_stmt *s =
        operation_sql(f, "SELECT page FROM statement WHERE hash = ? AND published >= ?");
    enum err e = ERR_NOT_FOUND;
    operation_sql_text(s, 1, hash);
    if (s) {
        sqlite3_bind_int(s, 2, published);
    }
    if (s && sqlite3_step(s) == SQLITE_ROW) {
        buf_add(page, sqlite3_column_text(s, 0), (size_t)sqlite3_column_bytes(s, 0));
        e = page->failed ? ERR_MEMORY : ERR_OK;
    }
    sqlite3_finalize(s);
    return e;
}
