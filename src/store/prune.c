/* Retention: by age and by size, the oldest first, in slices. */
#include "store/coverage.h"
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

enum {
    SLICE_CHUNKS = 200,
    SLICE_PACKETS = 8,
    SLICE_FLIGHTS = 20000, /* looked at */
    SLICE_PAGES = 256      /* given back to the disk */
};

#define STEP_MS INT64_C(3600000)

static int64_t number(struct store *s, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    const bool row = q && sqlite3_step(q) == SQLITE_ROW && sqlite3_column_type(q, 0) != SQLITE_NULL;
    const int64_t v = row ? sqlite3_column_int64(q, 0) : otherwise;
    sqlite3_finalize(q);
    return v;
}

/* Bytes of the index in use; what is free in it will be given back. */
static uint64_t size_of(struct store *s)
{
    const int64_t pages = number(s, "PRAGMA page_count", 0) - number(s, "PRAGMA freelist_count", 0);
    return (uint64_t)(pages * number(s, "PRAGMA page_size", 0));
}

struct old {
    int64_t id, points; /* -1: it is a packet */
    uint32_t address;
};

enum { OLD_MOST = SLICE_CHUNKS + SLICE_PACKETS };

/* Appends what one of the two statements finds before until, at most so many more. */
static enum err add_old(struct store *s, enum index_statement which, int64_t until_ms, size_t most,
                        struct old *out, size_t *n)
{
    sqlite3_stmt *q = index_use(s, which);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, index_time(until_ms));
    sqlite3_bind_int64(q, 2, until_ms);
    sqlite3_bind_int64(q, 3, (int64_t)most);
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW && most-- > 0) {
        struct old *o = &out[(*n)++];
        *o = (struct old){.id = sqlite3_column_int64(q, 0), .points = -1};
        if (which == INDEX_OLD) {
            o->address = (uint32_t)sqlite3_column_int64(q, 1);
            o->points = sqlite3_column_int64(q, 2);
        }
    }
    sqlite3_reset(q);
    return step == SQLITE_DONE || step == SQLITE_ROW ? ERR_OK : index_error(s->db);
}

/* The chunks and packets whose last point is before until. */
static enum err find_old(struct store *s, int64_t until_ms, struct old *out, size_t *n)
{
    *n = 0;
    const enum err e = add_old(s, INDEX_OLD, until_ms, SLICE_CHUNKS, out, n);
    return e ? e : add_old(s, INDEX_OLD_PACKETS, until_ms, SLICE_PACKETS, out, n);
}

static enum err remove_one(struct store *s, const struct old *old, struct store_pruned *out)
{
    if (old->points < 0) {
        return packed_remove(s, old->id, &out->chunks, &out->points);
    }
    const int64_t address = old->address;
    out->chunks++;
    out->points += (uint64_t)old->points;
    const enum err e = index_remove(s, old->id, old->address, old->points);
    return e ? e : index_run_with(s, INDEX_FIRST, &address, 1);
}

static enum err remove_old(struct store *s, const struct old *old, size_t n,
                           struct store_pruned *out)
{
    enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < n && !e; i++) {
        e = remove_one(s, &old[i], out);
    }
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
        out->chunks = out->points = 0;
    }
    return e;
}

/* The time from which on, going up from the oldest point, there is something to remove, but not
   beyond limit_ms: an hour more each time, then twice as many. */
static enum err find_oldest(struct store *s, int64_t limit_ms, struct old *old, size_t *n)
{
    int64_t step_ms = STEP_MS;
    enum err e = ERR_OK;
    *n = 0;
    if (s->prune.until_ms == 0) {
        s->prune.until_ms =
            number(s,
                   "SELECT min(t) FROM (SELECT min(first_ms) t FROM aircraft WHERE points > 0 "
                   "UNION ALL SELECT min(first_ms) FROM packet)",
                   limit_ms);
    }
    s->prune.until_ms = s->prune.until_ms < limit_ms ? s->prune.until_ms : limit_ms;
    for (;;) {
        e = find_old(s, s->prune.until_ms, old, n);
        if (e || *n > 0 || s->prune.until_ms >= limit_ms) {
            return e;
        }
        s->prune.until_ms =
            limit_ms - s->prune.until_ms > step_ms ? s->prune.until_ms + step_ms : limit_ms;
        step_ms *= 2;
    }
}

/* The call sign a slice of rows after where pruning is; false: there is none so far on. */
static bool flight_after(struct store *s, char out[9])
{
    sqlite3_stmt *q = index_use(s, INDEX_FLIGHT_AFTER);
    bool is = false;
    if (q) {
        sqlite3_bind_text(q, 1, s->prune.flight, -1, SQLITE_STATIC);
        sqlite3_bind_int64(q, 2, SLICE_FLIGHTS);
        is = sqlite3_step(q) == SQLITE_ROW && sqlite3_column_bytes(q, 0) < 9;
        if (is) {
            snprintf(out, 9, "%s", (const char *)sqlite3_column_text(q, 0));
        }
        sqlite3_reset(q);
    }
    return is;
}

/* Call signs of what is gone, a slice of rows after the other. True: there are more. */
static bool prune_flights(struct store *s)
{
    char to[9];
    const bool more = flight_after(s, to);
    sqlite3_stmt *q = index_use(s, INDEX_OLD_FLIGHTS);
    if (!q) {
        return false; /* rows that lead nowhere do no harm: at the next time */
    }
    sqlite3_bind_text(q, 1, s->prune.flight, -1, SQLITE_STATIC);
    if (more) {
        sqlite3_bind_text(q, 2, to, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(q, 2);
    }
    sqlite3_bind_int64(q, 3, s->prune.until_ms);
    const bool done = sqlite3_step(q) == SQLITE_DONE;
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    if (!done) {
        return false;
    }
    if (more) {
        memcpy(s->prune.flight, to, sizeof to);
    }
    return more;
}

/* Gives free pages back to the disk. True: there are more. A store from before does not do so: it
   fills them again. */
static bool give_back(struct store *s)
{
    char sql[64];
    if (number(s, "PRAGMA auto_vacuum", 0) != 2 || number(s, "PRAGMA freelist_count", 0) == 0) {
        return false;
    }
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA incremental_vacuum(%d)", SLICE_PAGES);
    return index_run(s->db, sql) == ERR_OK && number(s, "PRAGMA freelist_count", 0) > 0;
}

enum err store_prune(struct store *s, const struct store_keep *k, struct store_pruned *out)
{
    struct old old[OLD_MOST];
    size_t n = 0;
    *out = (struct store_pruned){0};
    if (s->o.mode != STORE_WRITE || s->putting) {
        return ERR_RANGE;
    }
    const bool too_large = k->most_bytes > 0 && size_of(s) > k->most_bytes;
    int64_t limit_ms = k->since_ms != KEPT_NO_TIME ? k->since_ms : KEPT_TIME_MIN;
    limit_ms = too_large ? KEPT_TIME_MAX : limit_ms;
    enum err e = limit_ms > KEPT_TIME_MIN ? find_oldest(s, limit_ms, old, &n) : ERR_OK;
    if (!e && n > 0) {
        e = remove_old(s, old, n, out);
        s->prune.flight[0] = 0;
        out->more = true;
        return e;
    }
    if (!e) {
        const bool flights = limit_ms > KEPT_TIME_MIN && prune_flights(s);
        bool records = false;
        if (s->prune.until_ms != 0) { /* what is in its hour may be there still */
            e = store_coverage_prune(s, s->prune.until_ms - STEP_MS, &records);
        }
        const bool pages = give_back(s);
        out->more = flights || records || pages;
        s->prune.until_ms = out->more ? s->prune.until_ms : 0;
    }
    return e;
}

enum err store_pin(struct store *s, uint32_t address, int64_t from_ms, int64_t to_ms,
                   const char *why, int64_t *id)
{
    if (s->o.mode != STORE_WRITE || from_ms > to_ms) {
        return ERR_RANGE;
    }
    sqlite3_stmt *q = index_prepare(s->db, "INSERT INTO pin VALUES(NULL, ?, ?, ?, ?)");
    if (!q) {
        return index_error(s->db);
    }
    if (address != ADDRESS_NONE) {
        sqlite3_bind_int64(q, 1, address);
    }
    sqlite3_bind_int64(q, 2, from_ms);
    sqlite3_bind_int64(q, 3, to_ms);
    sqlite3_bind_text(q, 4, why, -1, SQLITE_STATIC);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    *id = e ? 0 : sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err store_unpin(struct store *s, int64_t id)
{
    sqlite3_stmt *q = index_prepare(s->db, "DELETE FROM pin WHERE id = ?");
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, id);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_finalize(q);
    return e;
}
