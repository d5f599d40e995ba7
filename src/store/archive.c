/* Archives into the store: whole runs of points, in one transaction with the mark that they are in
   (I8 of store.c). */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

static enum err begin(struct store *s)
{
    if (s->putting) {
        return ERR_OK;
    }
    const enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    s->putting = e == ERR_OK;
    return e;
}

static enum err undo(struct store *s, enum err e)
{
    index_run(s->db, "ROLLBACK");
    s->putting = false;
    return e;
}

static bool is_run(const struct kept *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!chunk_point_fits(&p[i]) || p[i].address != p[0].address ||
            (i > 0 && p[i].t_ms < p[i - 1].t_ms)) {
            return false;
        }
    }
    return true;
}

/* Marks those of n points that are among the m of a chunk; both ascend. */
static void mark_known(const struct kept *p, size_t n, const struct kept *chunk, size_t m,
                       bool *known)
{
    size_t j = 0;
    for (size_t i = 0; i < n; i++) {
        while (j < m && chunk[j].t_ms < p[i].t_ms) {
            j++;
        }
        for (size_t k = j; k < m && chunk[k].t_ms == p[i].t_ms; k++) {
            known[i] |= chunk[k].lat_e7 == p[i].lat_e7 && chunk[k].lon_e7 == p[i].lon_e7;
        }
    }
}

static enum err find_known(struct store *s, const struct kept *p, size_t n, bool *known)
{
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT bytes FROM chunk WHERE address = ? AND first_ms <= ? AND last_ms >= ?");
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, p[0].address);
    sqlite3_bind_int64(q, 2, p[n - 1].t_ms);
    sqlite3_bind_int64(q, 3, p[0].t_ms);
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        size_t m;
        const uint8_t *b = sqlite3_column_blob(q, 0);
        if (chunk_decode(b, (size_t)sqlite3_column_bytes(q, 0), s->points, &m) == ERR_OK) {
            mark_known(p, n, s->points, m, known);
        }
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}

static enum err put_new(struct store *s, const struct kept *p, size_t n, const bool *known,
                        size_t *added)
{
    struct kept *fresh = malloc(n * sizeof *fresh);
    size_t m = 0;
    enum err e = fresh ? ERR_OK : ERR_MEMORY;
    for (size_t i = 0; i < n && !e; i++) {
        if (!known[i]) {
            fresh[m++] = p[i];
        }
    }
    for (size_t at = 0; at < m && !e;) {
        const size_t k = index_run_length(fresh + at, m - at, s->o.chunk_points);
        e = index_add(s, fresh + at, k, 0);
        at += k;
    }
    free(fresh);
    *added = e ? 0 : m;
    return e;
}

enum err store_put(struct store *s, const struct kept *p, size_t n, size_t *added)
{
    size_t count = 0;
    if (added) {
        *added = 0;
    }
    if (n == 0) {
        return ERR_OK;
    }
    if (!is_run(p, n)) {
        return ERR_RANGE;
    }
    bool *known = calloc(n, sizeof *known);
    enum err e = known ? begin(s) : ERR_MEMORY;
    e = e ? e : find_known(s, p, n, known);
    e = e ? e : put_new(s, p, n, known, &count);
    free(known);
    if (added) {
        *added = count;
    }
    return e ? undo(s, e) : ERR_OK;
}

static enum err with_text(struct store *s, const char *sql, const char *text, int64_t *out)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC);
    const int step = sqlite3_step(q);
    enum err e = step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
    if (out) {
        *out = step == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    }
    sqlite3_finalize(q);
    return e;
}

enum err store_mark(struct store *s, const char *key)
{
    if (strlen(key) > 1000) {
        return ERR_RANGE;
    }
    enum err e = begin(s);
    e = e ? e : with_text(s, "INSERT OR IGNORE INTO archive VALUES(?)", key, NULL);
    return e ? undo(s, e) : ERR_OK;
}

bool store_marked(struct store *s, const char *key)
{
    int64_t there = -1;
    return with_text(s, "SELECT 1 FROM archive WHERE key = ?", key, &there) == ERR_OK && there == 1;
}

enum err store_commit(struct store *s)
{
    if (!s->putting) {
        return ERR_OK;
    }
    const enum err e = index_run(s->db, "COMMIT");
    if (e) {
        return undo(s, e);
    }
    s->putting = false;
    return ERR_OK;
}

enum err store_receiver(struct store *s, const char *name, uint16_t *out)
{
    int64_t number = -1;
    *out = 0;
    if (name[0] == 0) {
        return ERR_OK;
    }
    if (strlen(name) > 200) {
        return ERR_RANGE;
    }
    enum err e = with_text(s, "SELECT number FROM receiver WHERE name = ?", name, &number);
    if (!e && number < 0) {
        e = with_text(s,
                      "INSERT INTO receiver SELECT coalesce(max(number), 0) + 1, ? FROM receiver "
                      "WHERE (SELECT coalesce(max(number), 0) FROM receiver) < 65535",
                      name, NULL);
        e = e ? e : with_text(s, "SELECT number FROM receiver WHERE name = ?", name, &number);
        e = !e && number < 0 ? ERR_FULL : e;
    }
    *out = e ? 0 : (uint16_t)number;
    return e;
}

enum err store_receiver_name(struct store *s, uint16_t number, char name[201])
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT name FROM receiver WHERE number = ?");
    name[0] = 0;
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, number);
    if (sqlite3_step(q) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q, 0);
        const size_t n = text ? strnlen(text, 200) : 0;
        memcpy(name, text ? text : "", n);
        name[n] = 0;
    }
    sqlite3_finalize(q);
    return ERR_OK;
}
