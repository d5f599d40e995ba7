/* Expected flights. */
#include "deliver/internal.h"

#include <stdio.h>

#define CHANGED "UPDATE note SET value = value + 1 WHERE name = 'version'"

static enum err changed(struct book *b, enum err e)
{
    const bool none = !e && sqlite3_changes(b->db) == 0;
    return none ? ERR_NOT_FOUND : e ? e : book_run(b, CHANGED, "");
}

enum err book_expected_put(struct book *b, const struct watch_expected *e)
{
    return changed(b, book_run(b,
                               "INSERT OR REPLACE INTO expected VALUES(nullif(?1, 0), ?2, ?3, ?4,"
                               " ?5, ?6, ?7, ?8, ?9, ?10)",
                               "itittiiiii", e->id, e->callsign, (int64_t)e->address, e->origin,
                               e->destination, e->off_ms, e->on_ms, e->fuel_ms, e->report_ms,
                               e->reported_ms));
}

enum err book_expected_remove(struct book *b, int64_t id)
{
    return changed(b, book_run(b, "DELETE FROM expected WHERE id=?1", "i", id));
}

enum err book_expected_heard(struct book *b, int64_t id, int64_t t_ms)
{
    return changed(b,
                   book_run(b, "UPDATE expected SET reported_ms=?2 WHERE id=?1", "ii", id, t_ms));
}

enum err book_expected(struct book *b, book_expected_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b, "SELECT id, callsign, address, origin, destination, off_ms, on_ms, fuel_ms, report_ms,"
           " reported_ms FROM expected ORDER BY off_ms, id");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        struct watch_expected e = {.id = sqlite3_column_int64(q, 0),
                                   .address = (uint32_t)sqlite3_column_int64(q, 2),
                                   .off_ms = sqlite3_column_int64(q, 5),
                                   .on_ms = sqlite3_column_int64(q, 6),
                                   .fuel_ms = sqlite3_column_int64(q, 7),
                                   .report_ms = sqlite3_column_int64(q, 8),
                                   .reported_ms = sqlite3_column_int64(q, 9)};
        snprintf(e.callsign, sizeof e.callsign, "%s", book_text(q, 1));
        snprintf(e.origin, sizeof e.origin, "%s", book_text(q, 3));
        snprintf(e.destination, sizeof e.destination, "%s", book_text(q, 4));
        out(ctx, &e);
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}
