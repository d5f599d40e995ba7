/* How much there is, whether it is whole, and making it so. */
#include "store/care.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int64_t number(sqlite3 *db, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *q = index_prepare(db, sql);
    const bool row = q && sqlite3_step(q) == SQLITE_ROW && sqlite3_column_type(q, 0) != SQLITE_NULL;
    const int64_t v = row ? sqlite3_column_int64(q, 0) : otherwise;
    sqlite3_finalize(q);
    return v;
}

/* Adds what is in packets. Those of an aircraft follow each other in what leads to them, and rows
   of aircraft that have chunks of their own come in the same order. */
static enum err count_packed(struct store *s, struct store_stats *out)
{
    struct lead_list l = {0};
    enum err e = lead_all(s, &l);
    sqlite3_stmt *q =
        index_prepare(s->db, "SELECT address FROM aircraft WHERE points > 0 ORDER BY address");
    int64_t address = -1;
    bool more = q;
    for (size_t i = 0; i <= l.n && !e; i++) {
        const bool is_one = i < l.n && l.p[i].key <= UINT32_MAX;
        const bool is_new = is_one && (i == 0 || l.p[i - 1].key != l.p[i].key);
        out->flights += i < l.n && !is_one;
        while (more && (!is_one || address < (int64_t)l.p[i].key)) {
            more = sqlite3_step(q) == SQLITE_ROW;
            address = more ? sqlite3_column_int64(q, 0) : INT64_MAX;
            out->aircraft += more;
        }
        out->aircraft += is_new && address != (int64_t)l.p[i].key;
    }
    sqlite3_finalize(q);
    lead_free(&l);
    const int64_t first_ms = number(s->db, "SELECT min(first_ms) FROM packet", KEPT_NO_TIME);
    const int64_t last_ms = number(s->db, "SELECT max(last_ms) FROM packet", KEPT_NO_TIME);
    if (first_ms != KEPT_NO_TIME) {
        out->points += (uint64_t)number(s->db, "SELECT sum(points) FROM packet", 0);
        out->chunks += (uint64_t)number(s->db, "SELECT sum(n) FROM packet", 0);
        out->chunk_bytes += (uint64_t)number(s->db, "SELECT sum(length(bytes)) FROM packet", 0);
        out->first_ms =
            out->first_ms == KEPT_NO_TIME || first_ms < out->first_ms ? first_ms : out->first_ms;
        out->last_ms =
            out->last_ms == KEPT_NO_TIME || last_ms > out->last_ms ? last_ms : out->last_ms;
    }
    return e;
}

enum err store_stats(struct store *s, struct store_stats *out)
{
    static const char *const files[] = {"index.sqlite", "index.sqlite-wal", "tail"};
    *out = (struct store_stats){
        .points = (uint64_t)number(s->db, "SELECT sum(points) FROM aircraft", 0),
        .chunks = (uint64_t)number(s->db, "SELECT count(*) FROM chunk", 0),
        .flights = (uint64_t)number(s->db, "SELECT count(*) FROM flight", 0),
        .receivers = (uint64_t)number(s->db, "SELECT count(*) FROM receiver", 0),
        .archives = (uint64_t)number(s->db, "SELECT count(*) FROM archive", 0),
        .chunk_bytes = (uint64_t)number(s->db, "SELECT sum(length(bytes)) FROM chunk", 0),
        .first_ms =
            number(s->db, "SELECT min(first_ms) FROM aircraft WHERE points > 0", KEPT_NO_TIME),
        .last_ms =
            number(s->db, "SELECT max(last_ms) FROM aircraft WHERE points > 0", KEPT_NO_TIME)};
    enum err e = count_packed(s, out);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat st;
        out->file_bytes += fstatat(s->dir, files[i], &st, 0) == 0 ? (uint64_t)st.st_size : 0;
    }
    e = e ? e : recent_refresh(s);
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        out->tail_points += recent_count(s, &s->craft[i]);
    }
    return e;
}

void care_say(struct care *c, const char *format, ...)
{
    char text[400];
    va_list a;
    va_start(a, format);
    vsnprintf(text, sizeof text, format, a); // NOLINT(clang-analyzer-valist.Uninitialized)
    va_end(a);
    c->found++;
    c->say(c->ctx, text);
}

static enum err check_sqlite(struct care *c)
{
    sqlite3_stmt *q = index_prepare(c->s->db, "PRAGMA integrity_check(20)");
    if (!q) {
        return index_error(c->s->db);
    }
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q, 0);
        if (text && strcmp(text, "ok") != 0) {
            care_say(c, "index.sqlite: %s", text);
        }
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE ? ERR_OK : index_error(c->s->db);
}

/* Whether the parts of a chunk are where the index says: else queries would pass it over. It may
   say nothing, or less (part.h). */
static void check_part(struct care *c, long long id, const struct kept *p, size_t n)
{
    uint8_t want[PART_BYTES_MAX];
    if (!c->part) {
        return;
    }
    sqlite3_reset(c->part);
    sqlite3_bind_int64(c->part, 1, id);
    if (sqlite3_step(c->part) != SQLITE_ROW) {
        return;
    }
    const size_t wanted = part_write(p, n, want);
    const size_t says_bytes = (size_t)sqlite3_column_bytes(c->part, 4);
    /* Before, a row said less of chunks whose call sign changes. */
    const size_t bytes = says_bytes == wanted || says_bytes == 0 ? says_bytes : PART_BOX_BYTES;
    const int64_t says[] = {p[0].address, p[0].t_ms, p[n - 1].t_ms, (int64_t)n};
    bool is_so = bytes <= says_bytes &&
                 (bytes == 0 || memcmp(sqlite3_column_blob(c->part, 4), want, bytes) == 0);
    for (int i = 0; i < 4; i++) {
        is_so = is_so && sqlite3_column_int64(c->part, i) == says[i];
    }
    if (!is_so) {
        care_say(c, "chunk %lld of aircraft %06x does not lie where its parts are said to", id,
                 p[0].address);
    }
}

/* Whether the row of a chunk (id, bytes, address, first_ms, last_ms, points, its place's six) says
   what the chunk says. */
static void check_chunk(struct care *c, sqlite3_stmt *q)
{
    struct kept *p = c->s->points;
    size_t n;
    const long long id = sqlite3_column_int64(q, 0);
    const enum err e = chunk_decode(c->s->codec, sqlite3_column_blob(q, 1),
                                    (size_t)sqlite3_column_bytes(q, 1), p, &n);
    if (e) {
        care_say(c, "chunk %lld of aircraft %06llx is torn (%s): skipped when read", id,
                 (unsigned long long)sqlite3_column_int64(q, 2), err_text(e));
        return;
    }
    const struct chunk_head h = chunk_describe(p, n);
    const int64_t want[] = {h.address,
                            h.first_ms,
                            h.last_ms,
                            (int64_t)n,
                            h.lat_low_e7,
                            h.lat_high_e7,
                            h.lon_low_e7,
                            h.lon_high_e7,
                            index_time(h.first_ms),
                            index_time(h.last_ms)};
    for (int i = 0; i < 10; i++) {
        if (sqlite3_column_type(q, 2 + i) == SQLITE_NULL ||
            sqlite3_column_int64(q, 2 + i) != want[i]) {
            care_say(c, "chunk %lld of aircraft %06x is not found by what it holds", id, h.address);
            return;
        }
    }
    check_part(c, id, p, n);
}

static enum err check_chunks(struct care *c)
{
    sqlite3_stmt *q = index_prepare(
        c->s->db, "SELECT c.id, bytes, address, first_ms, last_ms, points, lat0, lat1, lon0, lon1, "
                  "t0, t1 FROM chunk c LEFT JOIN place p ON p.id = c.id ORDER BY c.id");
    if (!q) {
        return index_error(c->s->db);
    }
    c->part = index_prepare(
        c->s->db, "SELECT address, first_ms, last_ms, points, boxes FROM part WHERE id = ?");
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        check_chunk(c, q);
    }
    sqlite3_finalize(q);
    sqlite3_finalize(c->part);
    c->part = NULL;
    return step == SQLITE_DONE ? ERR_OK : index_error(c->s->db);
}

static void check_counts(struct care *c)
{
    static const struct {
        const char *sql, *what;
    } row[] = {
        {"SELECT count(*) FROM place WHERE id NOT IN (SELECT id FROM chunk UNION ALL SELECT id "
         "FROM packet)",
         "places of chunks that are not there"},
        {"SELECT count(*) FROM (SELECT address, sum(points) n FROM chunk GROUP BY address) c LEFT "
         "JOIN aircraft a USING(address) WHERE a.points IS NULL OR a.points <> n",
         "aircraft whose number of points is wrong"},
        {"SELECT count(*) FROM aircraft WHERE points > 0 AND address NOT IN (SELECT address FROM "
         "chunk)",
         "aircraft without a chunk"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const long long n = number(c->s->db, row[i].sql, -1);
        if (n != 0) {
            care_say(c, "%lld %s", n, row[i].what);
        }
    }
    struct tail_found found;
    const enum err e = tail_read(c->s->dir, NULL, NULL, &found);
    if (e && e != ERR_NOT_FOUND) {
        care_say(c, "the journal cannot be read (%s)", err_text(e));
    } else if (found.torn) {
        /* What a kill leaves, or a writer at work: never acknowledged, so nothing is wrong. */
        c->say(c->ctx, "note: the journal's last block is not whole; it was never acknowledged");
    }
}

enum err store_check(struct store *s, store_finding_fn *say, void *ctx, size_t *found)
{
    struct care c = {.s = s, .say = say, .ctx = ctx};
    enum err e = index_run(s->db, "BEGIN"); /* one state throughout, beside a writer */
    e = e ? e : check_sqlite(&c);
    e = e ? e : check_chunks(&c);
    e = e ? e : care_check_packets(&c);
    if (!e) {
        check_counts(&c);
    }
    index_run(s->db, "ROLLBACK");
    *found = c.found;
    return e;
}

/* --- repair ----------------------------------------------------------------------------------- */

static enum err set_aside(struct care *c, int64_t id)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO torn SELECT id, address, bytes FROM chunk WHERE id = %lld;"
             "DELETE FROM chunk WHERE id = %lld;",
             (long long)id, (long long)id);
    care_say(c, "chunk %lld is torn: set aside in table torn", (long long)id);
    return index_run(c->s->db, sql);
}

/* The chunk's own row as the chunk says. */
static enum err mend_row(sqlite3 *db, int64_t id, const struct kept *p, size_t n)
{
    char sql[256];
    snprintf(
        sql, sizeof sql,
        "UPDATE chunk SET address = %u, first_ms = %lld, last_ms = %lld, points = %zu WHERE id "
        "= %lld",
        p[0].address, (long long)p[0].t_ms, (long long)p[n - 1].t_ms, n, (long long)id);
    return index_run(db, sql);
}

static enum err rebuild_one(struct care *c, int64_t id)
{
    struct store *s = c->s;
    size_t n = 0;
    sqlite3_stmt *q = index_prepare(s->db, "SELECT bytes FROM chunk WHERE id = ?");
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, id);
    enum err e = ERR_SYNTAX;
    if (sqlite3_step(q) == SQLITE_ROW) {
        e = chunk_decode(s->codec, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0),
                         s->points, &n);
    }
    sqlite3_finalize(q);
    if (e) {
        return e == ERR_MEMORY ? e : set_aside(c, id);
    }
    const struct chunk_head h = chunk_describe(s->points, n);
    e = mend_row(s->db, id, s->points, n);
    store_run_clear(s->run);
    e = e ? e : run_describe(s->run, 0, &h, s->points, n);
    return e ? e : index_add_rows(s, id, s->run, s->run->chunk, 0);
}

static enum err rebuild(struct care *c)
{
    sqlite3 *db = c->s->db;
    /* The numbers up to which the journal is in chunks stay: they are nowhere else. */
    enum err e =
        index_run(db, "DELETE FROM place; DELETE FROM flight; UPDATE aircraft SET points = "
                      "0, first_ms = 9223372036854775807, last_ms = "
                      "-9223372036854775807;");
    int64_t id = 0;
    while (!e) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT min(id) FROM chunk WHERE id > %lld", (long long)id);
        id = number(db, sql, -1);
        if (id < 0) {
            break;
        }
        e = rebuild_one(c, id);
    }
    e = e ? e : care_rebuild_packets(c);
    /* Without points a row only guards the journal; its times must still make sense. */
    return e ? e : index_run(db, "UPDATE aircraft SET first_ms = 0, last_ms = 0 WHERE points = 0");
}

enum err store_repair(struct store *s, store_finding_fn *say, void *ctx, size_t *repaired)
{
    struct care c = {.s = s, .say = say, .ctx = ctx};
    *repaired = 0;
    if (s->o.mode != STORE_WRITE || s->putting) {
        return ERR_RANGE;
    }
    size_t found;
    enum err e = store_check(s, say, ctx, &found);
    if (e || found == 0) {
        return e;
    }
    e = index_run(s->db, "BEGIN IMMEDIATE; REINDEX;");
    e = e ? e : rebuild(&c);
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
        return e;
    }
    *repaired = found;
    return ERR_OK;
}
