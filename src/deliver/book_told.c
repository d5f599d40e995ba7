/* What was told, and what the machine has to know after a restart. */
#include "deliver/internal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Each receiver the watch names gets its row; a name nobody knows any more is passed over. A
   correction goes to whom the alert went: who was not told, being muted then, is told nothing. */
static enum err queue(struct book *b, const struct book_alert *a, int64_t alert)
{
    return book_run(
        b,
        "INSERT OR IGNORE INTO delivery SELECT r.id, ?2 FROM receiver r, watch w"
        " WHERE w.id=?1 AND instr(',' || w.receivers || ',', ',' || r.name || ',') > 0"
        " AND (?3=0 OR EXISTS(SELECT 1 FROM alert o WHERE o.watch=?1 AND o.key=?4 AND o.tell=0"
        " AND (EXISTS(SELECT 1 FROM delivery d WHERE d.receiver=r.id AND d.alert=o.id)"
        " OR EXISTS(SELECT 1 FROM delivered d WHERE d.receiver=r.id AND d.alert=o.id))))",
        "iiit", a->watch, alert, (int64_t)(a->tell == WATCH_TELL_CORRECTED), a->key);
}

void book_alert_id(const struct book_alert *a, char out[33])
{
    unsigned char hash[16];
    char text[512];
    snprintf(text, sizeof text, "%s|%u|%s", a->watch_name, (unsigned)a->tell, a->key);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(out, 33, hash, sizeof hash);
}

enum err book_alert_add(struct book *b, const struct book_alert *a, bool mute, bool *added)
{
    enum err e =
        book_run(b,
                 "INSERT INTO alert(watch, watch_name, language, tell, key, made_ms, p,"
                 " address, json, told_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                 " ON CONFLICT(watch, key, tell) DO NOTHING",
                 "ittitifiti", a->watch, a->watch_name, a->language, (int64_t)a->tell, a->key,
                 a->made_ms, (double)a->p, (int64_t)a->address, a->json, a->told_ms);
    *added = !e && sqlite3_changes(b->db) > 0;
    if (e || !*added || mute || a->tell == WATCH_TELL_NOTE) {
        return e;
    }
    return queue(b, a, sqlite3_last_insert_rowid(b->db));
}

enum err book_alerts(struct book *b, const struct book_query *query, book_alert_fn *out, void *ctx)
{
    sqlite3_stmt *q = book_statement(
        b,
        "SELECT id, watch, watch_name, language, tell, key, made_ms, p, address, json, told_ms,"
        " tell=0 AND EXISTS(SELECT 1 FROM alert c WHERE c.watch=a.watch AND c.key=a.key AND"
        " c.tell=1), (SELECT count(*) FROM receiver r CROSS JOIN delivered d"
        " ON d.receiver=r.id AND d.alert=a.id),"
        " (SELECT count(*) FROM receiver r CROSS JOIN delivery d ON d.receiver=r.id"
        " AND d.alert=a.id)"
        " FROM alert a WHERE (?1=0 OR watch=?1) AND (?2=0 OR id<?2) AND made_ms>=?3 AND made_ms<?4"
        " AND (?5 OR tell<2) ORDER BY id DESC LIMIT ?6");
    int step = SQLITE_ERROR;
    if (q) {
        sqlite3_bind_int64(q, 1, query->watch);
        sqlite3_bind_int64(q, 2, query->before_id);
        sqlite3_bind_int64(q, 3, query->since_ms);
        sqlite3_bind_int64(q, 4, query->until_ms);
        sqlite3_bind_int64(q, 5, query->notes);
        sqlite3_bind_int64(q, 6, query->limit);
    }
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        struct book_alert a = book_alert_row(q);
        a.taken_back = sqlite3_column_int(q, 11) != 0;
        a.delivered = (unsigned)sqlite3_column_int(q, 12);
        a.waiting = (unsigned)sqlite3_column_int(q, 13);
        out(ctx, &a);
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}

enum err book_told_put(struct book *b, const struct watch_told *t)
{
    return book_run(b,
                    "INSERT INTO told(watch, address, step, word, epoch, since_ms, leg, last_ms,"
                    " absent, standing, other, number, count)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                    " ON CONFLICT DO UPDATE SET last_ms=?8, absent=?9, standing=?10, other=?11,"
                    " number=?12, count=?13",
                    "iiitiiiiiiiii", t->watch, (int64_t)t->address, (int64_t)t->step,
                    watch_event_name(t->word), (int64_t)t->epoch, t->since_ms, (int64_t)t->leg,
                    t->last_ms, (int64_t)t->absent, (int64_t)t->standing, (int64_t)t->other,
                    (int64_t)t->number, (int64_t)t->count);
}

enum err book_told(struct book *b, int64_t since_ms, book_told_fn *out, void *ctx)
{
    enum err e = book_run(b, "DELETE FROM told WHERE last_ms<?1", "i", since_ms);
    sqlite3_stmt *q = book_statement(
        b, "SELECT watch, address, step, word, epoch, since_ms, leg, last_ms, absent, standing,"
           " other, number, count FROM told");
    int step = SQLITE_ERROR;
    while (!e && q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct watch_told t = {.watch = sqlite3_column_int64(q, 0),
                                     .address = (uint32_t)sqlite3_column_int64(q, 1),
                                     .step = (uint8_t)sqlite3_column_int(q, 2),
                                     .word = (uint8_t)watch_event_find(book_text(q, 3)),
                                     .epoch = (uint16_t)sqlite3_column_int(q, 4),
                                     .since_ms = sqlite3_column_int64(q, 5),
                                     .leg = (uint32_t)sqlite3_column_int64(q, 6),
                                     .last_ms = sqlite3_column_int64(q, 7),
                                     .absent = sqlite3_column_int(q, 8) != 0,
                                     .standing = sqlite3_column_int(q, 9) != 0,
                                     .other = (uint32_t)sqlite3_column_int64(q, 10),
                                     .number = (uint32_t)sqlite3_column_int64(q, 11),
                                     .count = (uint32_t)sqlite3_column_int64(q, 12)};
        out(ctx, &t);
    }
    return e ? e : step == SQLITE_DONE ? ERR_OK : book_error(b);
}

enum err book_armed_clear(struct book *b)
{
    return book_run(b, "DELETE FROM armed", "");
}

enum err book_armed_put(struct book *b, const struct watch_armed *a)
{
    return book_run(b, "INSERT INTO armed VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "iiiiit", a->watch,
                    (int64_t)a->step, (int64_t)a->address, a->since_ms, a->until_ms, a->key);
}

enum err book_armed(struct book *b, book_armed_fn *out, void *ctx)
{
    sqlite3_stmt *q =
        book_statement(b, "SELECT watch, step, address, since_ms, until_ms, key FROM armed");
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        struct watch_armed a = {.watch = sqlite3_column_int64(q, 0),
                                .step = (uint8_t)sqlite3_column_int(q, 1),
                                .address = (uint32_t)sqlite3_column_int64(q, 2),
                                .since_ms = sqlite3_column_int64(q, 3),
                                .until_ms = sqlite3_column_int64(q, 4)};
        snprintf(a.key, sizeof a.key, "%s", book_text(q, 5));
        out(ctx, &a);
    }
    return step == SQLITE_DONE ? ERR_OK : book_error(b);
}
