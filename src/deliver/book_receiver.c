/* Who is told, and what waits for them. */
#include "deliver/internal.h"

#include <string.h>

#define CHANGED "UPDATE note SET value = value + 1 WHERE name = 'version'"

enum err book_receiver_put(struct book *b, const struct book_receiver *r)
{
    const enum err e =
        book_run(b,
                 "INSERT INTO receiver(name, kind, target, secret, local) SELECT ?1, ?2, ?3, ?4, ?5"
                 " WHERE (SELECT count(*) FROM receiver) < ?6"
                 " OR EXISTS (SELECT 1 FROM receiver WHERE name=?1)"
                 " ON CONFLICT(name) DO UPDATE SET kind=?2, target=?3, secret=?4, local=?5",
                 "ttttii", r->name, r->kind, r->target, r->secret, (int64_t)r->local,
                 (int64_t)BOOK_RECEIVERS_MAX);
    const bool none = !e && sqlite3_changes(b->db) == 0;
    return none ? ERR_FULL : e ? e : book_run(b, CHANGED, "");
}

enum err book_receiver_remove(struct book *b, const char *name)
{
    enum err e =
        book_run(b, "DELETE FROM delivery WHERE receiver=(SELECT id FROM receiver WHERE name=?1)",
                 "t", name);
    e = e ? e : book_run(b, "DELETE FROM receiver WHERE name=?1", "t", name);
    const bool none = !e && sqlite3_changes(b->db) == 0;
    return none ? ERR_NOT_FOUND : e ? e : book_run(b, CHANGED, "");
}

enum err book_receivers(struct book *b, book_receiver_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT id, name, kind, target, secret, local,"
           " (SELECT count(*) FROM delivery WHERE receiver=receiver.id) FROM receiver ORDER BY id");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct book_receiver r = {.id = sqlite3_column_int64(q, 0),
                                        .name = book_text(q, 1),
                                        .kind = book_text(q, 2),
                                        .target = book_text(q, 3),
                                        .secret = book_text(q, 4),
                                        .local = sqlite3_column_int(q, 5) != 0,
                                        .waiting = (uint64_t)sqlite3_column_int64(q, 6)};
        out(ctx, &r);
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}

enum err book_next(struct book *b, int64_t receiver, book_alert_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT a.id, a.watch, a.watch_name, a.language, a.tell, a.key, a.made_ms, a.p,"
           " a.address, a.json, a.told_ms FROM delivery d JOIN alert a ON a.id=d.alert"
           " WHERE d.receiver=?1 ORDER BY d.alert LIMIT 1");
    int step = SQLITE_ERROR;
    if (q) {
        sqlite3_bind_int64(q, 1, receiver);
        step = sqlite3_step(q);
    }
    if (step == SQLITE_ROW) {
        const struct book_alert a = book_alert_row(q);
        out(ctx, &a);
    }
    if (q) {
        sqlite3_reset(q);
    }
    return step == SQLITE_ROW ? ERR_OK : step == SQLITE_DONE ? ERR_NOT_FOUND : book_error(b);
}

enum err book_delivered(struct book *b, int64_t receiver, int64_t alert, int64_t done_ms,
                        unsigned tries, const char *why)
{
    enum err e = book_begin(b);
    e = e ? e
          : book_run(b, "DELETE FROM delivery WHERE receiver=?1 AND alert=?2", "ii", receiver,
                     alert);
    e = e ? e
          : book_run(b, "INSERT OR REPLACE INTO delivered VALUES(?1, ?2, ?3, ?4, ?5)", "iiiit",
                     receiver, alert, done_ms, (int64_t)tries, why);
    e = e ? e : book_commit(b);
    if (e) {
        book_undo(b);
    }
    return e;
}

enum err book_counts(struct book *b, uint64_t *waiting, uint64_t *delivered)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT (SELECT count(*) FROM delivery), (SELECT count(*) FROM delivered)");
    const int step = q ? sqlite3_step(q) : SQLITE_ERROR;
    *waiting = step == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    *delivered = step == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 1) : 0;
    if (q) {
        sqlite3_reset(q);
    }
    return step == SQLITE_ROW ? ERR_OK : book_error(b);
}
