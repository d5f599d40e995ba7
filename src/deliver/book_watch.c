/* What is watched: watches, areas, lists of one's own. */
#include "deliver/internal.h"

#include <stdlib.h>
#include <string.h>

#define CHANGED "UPDATE note SET value = value + 1 WHERE name = 'version'"

static enum err changed(struct book *b, enum err e)
{
    return e ? e : book_run(b, CHANGED, "");
}

enum err book_watch_put(struct book *b, const struct book_watch *w, int64_t *id)
{
    enum err e;
    if (w->id) {
        e = book_run(b,
                     "UPDATE watch SET name=?2, rule=?3, receivers=?4, language=?5, muted_ms=?6,"
                     " expires_ms=?7 WHERE id=?1",
                     "ittttii", w->id, w->name, w->rule, w->to, w->language, w->muted_until_ms,
                     w->expires_ms);
        *id = w->id;
        return changed(b, !e && sqlite3_changes(b->db) == 0 ? ERR_NOT_FOUND : e);
    }
    e = book_run(b,
                 "INSERT INTO watch(name, rule, receivers, language, muted_ms, expires_ms, made_ms)"
                 " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                 "ttttiii", w->name, w->rule, w->to, w->language, w->muted_until_ms, w->expires_ms,
                 w->made_ms);
    *id = e ? 0 : sqlite3_last_insert_rowid(b->db);
    return changed(b, e);
}

enum err book_watch_find(struct book *b, const char *name, int64_t *id)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT id FROM watch WHERE name=?1 UNION ALL SELECT id FROM watch WHERE id=?2 LIMIT 1");
    char *end;
    const long long number = strtoll(name, &end, 10);
    if (!q) {
        return book_error(b);
    }
    sqlite3_bind_text(q, 1, name, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(q, 2, *end == '\0' && end != name ? number : 0);
    const int step = sqlite3_step(q);
    *id = step == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_reset(q);
    return step == SQLITE_ROW ? ERR_OK : step == SQLITE_DONE ? ERR_NOT_FOUND : book_error(b);
}

enum err book_watch_remove(struct book *b, int64_t id)
{
    enum err e = book_run(b, "DELETE FROM watch WHERE id=?1", "i", id);
    const bool none = !e && sqlite3_changes(b->db) == 0;
    e = e ? e : book_run(b, "DELETE FROM told WHERE watch=?1", "i", id);
    e = e ? e : book_run(b, "DELETE FROM armed WHERE watch=?1", "i", id);
    return changed(b, none ? ERR_NOT_FOUND : e);
}

enum err book_watch_mute(struct book *b, int64_t id, int64_t until_ms)
{
    const enum err e = book_run(b, "UPDATE watch SET muted_ms=?2 WHERE id=?1", "ii", id, until_ms);
    return changed(b, !e && sqlite3_changes(b->db) == 0 ? ERR_NOT_FOUND : e);
}

enum err book_watches(struct book *b, book_watch_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT id, name, rule, receivers, language, muted_ms, expires_ms, made_ms,"
           " (SELECT count(*) FROM alert WHERE watch=watch.id AND tell=0),"
           " (SELECT max(made_ms) FROM alert WHERE watch=watch.id AND tell=0)"
           " FROM watch ORDER BY id");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct book_watch w = {.id = sqlite3_column_int64(q, 0),
                                     .name = book_text(q, 1),
                                     .rule = book_text(q, 2),
                                     .to = book_text(q, 3),
                                     .language = book_text(q, 4),
                                     .muted_until_ms = sqlite3_column_int64(q, 5),
                                     .expires_ms = sqlite3_column_int64(q, 6),
                                     .made_ms = sqlite3_column_int64(q, 7),
                                     .alerts = (uint64_t)sqlite3_column_int64(q, 8),
                                     .last_ms = sqlite3_column_type(q, 9) == SQLITE_NULL
                                                    ? KEPT_NO_TIME
                                                    : sqlite3_column_int64(q, 9)};
        out(ctx, &w);
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}

/* ---- areas ---- */

enum err book_area_put(struct book *b, const char *name, const char *text)
{
    const enum err e =
        *text ? book_run(b,
                         "INSERT INTO area SELECT ?1, ?2 WHERE (SELECT count(*) FROM area) < ?3"
                         " OR EXISTS (SELECT 1 FROM area WHERE name=?1)"
                         " ON CONFLICT(name) DO UPDATE SET text=?2",
                         "tti", name, text, (int64_t)BOOK_AREAS_MAX)
              : book_run(b, "DELETE FROM area WHERE name=?1", "t", name);
    const bool none = !e && sqlite3_changes(b->db) == 0;
    return changed(b, none ? (*text ? ERR_FULL : ERR_NOT_FOUND) : e);
}

enum err book_areas(struct book *b, book_area_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(b, "SELECT name, text FROM area ORDER BY name");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        out(ctx, book_text(q, 0), book_text(q, 1));
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}

/* ---- lists ---- */

enum err book_list_start(struct book *b, const char *name, int *number)
{
    static const char find[] = "SELECT number FROM list WHERE name=?1";
    enum err e = book_run(b,
                          "INSERT INTO list(number, name) SELECT ifnull(max(number) + 1, 0), ?1"
                          " FROM list WHERE true ON CONFLICT(name) DO NOTHING",
                          "t", name);
    sqlite3_stmt *q = e ? NULL : book_statement(b, find);
    *number = -1;
    if (q) {
        sqlite3_bind_text(q, 1, name, -1, SQLITE_TRANSIENT);
        *number = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int(q, 0) : -1;
        sqlite3_reset(q);
    }
    if (*number >= WATCH_LISTS_MAX) {
        return ERR_FULL;
    }
    e = e ? e : *number < 0 ? book_error(b) : ERR_OK;
    e = e ? e : book_run(b, "DELETE FROM listed WHERE list=?1", "i", (int64_t)*number);
    return changed(b, e);
}

enum err book_list_add(struct book *b, int number, uint32_t address, const char *label)
{
    return book_run(b, "INSERT OR REPLACE INTO listed VALUES(?1, ?2, ?3)", "iit", (int64_t)number,
                    (int64_t)address, label);
}

enum err book_list_remove(struct book *b, const char *name)
{
    enum err e = book_run(
        b, "DELETE FROM listed WHERE list=(SELECT number FROM list WHERE name=?1)", "t", name);
    e = e ? e : book_run(b, "DELETE FROM list WHERE name=?1", "t", name);
    return changed(b, !e && sqlite3_changes(b->db) == 0 ? ERR_NOT_FOUND : e);
}

enum err book_lists(struct book *b, book_list_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT number, name, (SELECT count(*) FROM listed WHERE list=number) FROM list"
           " ORDER BY name");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        out(ctx, sqlite3_column_int(q, 0), book_text(q, 1), (uint64_t)sqlite3_column_int64(q, 2));
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}

enum err book_listed(struct book *b, book_listed_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(b, "SELECT list, address FROM listed");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        out(ctx, sqlite3_column_int(q, 0), (uint32_t)sqlite3_column_int64(q, 1));
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}
