#include "store/density.h"

#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

/* Whether an aircraft has points in the journal, and from when on. */
static bool has_recent(const struct craft *c, int64_t *first_ms)
{
    *first_ms = c->n > 0 ? c->first_ms : c->last_ms;
    return c->n > 0 || c->thin.waiting > 0;
}

static void span_recent(const struct store *s, int64_t *first_ms, int64_t *last_ms)
{
    for (size_t i = 0; i < s->n_crafts; i++) {
        int64_t since_ms;
        if (!has_recent(&s->craft[i], &since_ms)) {
            continue;
        }
        if (*first_ms == KEPT_NO_TIME || since_ms < *first_ms) {
            *first_ms = since_ms;
        }
        if (*last_ms == KEPT_NO_TIME || s->craft[i].last_ms > *last_ms) {
            *last_ms = s->craft[i].last_ms;
        }
    }
}

enum err store_span(struct store *s, int64_t *first_ms, int64_t *last_ms)
{
    enum err e = recent_refresh(s);
    sqlite3_stmt *q = index_prepare(
        s->db,
        "SELECT min(first_ms), max(last_ms), sum(n) FROM (SELECT min(first_ms) "
        "first_ms, max(last_ms) last_ms, count(*) n FROM aircraft WHERE points > 0 UNION ALL "
        "SELECT min(first_ms), max(last_ms), count(*) FROM packet)");
    e = e ? e : q ? ERR_OK : index_error(s->db);
    *first_ms = *last_ms = KEPT_NO_TIME;
    if (!e && sqlite3_step(q) != SQLITE_ROW) {
        e = index_error(s->db);
    } else if (!e && sqlite3_column_int64(q, 2) > 0) {
        *first_ms = sqlite3_column_int64(q, 0);
        *last_ms = sqlite3_column_int64(q, 1);
    }
    sqlite3_finalize(q);
    if (!e) {
        span_recent(s, first_ms, last_ms);
    }
    return e;
}

/* Of one aircraft the chunks come in the order of their beginning, then what is in the journal:
   parts up to `next` are counted. */
struct counting {
    int64_t from_ms, to_ms;
    uint32_t n, next;
    int64_t address; /* -1: none yet */
    uint32_t *aircraft;
    const struct store *s;
    bool *is_done; /* of s->craft */
};

static uint32_t part_of(const struct counting *c, int64_t t_ms)
{
    if (t_ms <= c->from_ms) {
        return 0;
    }
    if (t_ms >= c->to_ms) {
        return c->n - 1;
    }
    return (uint32_t)((double)(t_ms - c->from_ms) / (double)(c->to_ms - c->from_ms) * c->n);
}

static void count_time(struct counting *c, int64_t first_ms, int64_t last_ms)
{
    if (first_ms >= c->to_ms || last_ms < c->from_ms) {
        return;
    }
    const uint32_t first = part_of(c, first_ms), last = part_of(c, last_ms);
    for (uint32_t i = first > c->next ? first : c->next; i <= last && i < c->n; i++) {
        c->aircraft[i]++;
    }
    c->next = last + 1 > c->next ? last + 1 : c->next;
}

static void count_recent(struct counting *c, size_t at)
{
    int64_t first_ms;
    if (has_recent(&c->s->craft[at], &first_ms)) {
        count_time(c, first_ms, c->s->craft[at].last_ms);
    }
    c->is_done[at] = true;
}

/* After the last chunk of an aircraft. */
static void end_aircraft(struct counting *c)
{
    if (c->address >= 0 && c->s->n_crafts > 0) {
        const uint32_t at = map_get(&c->s->crafts, (uint32_t)c->address);
        if (at != MAP_NONE) {
            count_recent(c, at);
        }
    }
    c->next = 0;
}

static void count_chunk(struct counting *c, int64_t address, int64_t first_ms, int64_t last_ms)
{
    if (address != c->address) {
        end_aircraft(c);
        c->address = address;
    }
    count_time(c, first_ms, last_ms);
}

/* Answered from chunk_of alone, in its order. */
static enum err count_chunks(struct counting *c, struct store *s)
{
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT address, first_ms, last_ms FROM chunk UNION ALL SELECT address, first_ms, "
               "last_ms FROM packed ORDER BY address, first_ms, last_ms");
    if (!q) {
        return index_error(s->db);
    }
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        count_chunk(c, sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
                    sqlite3_column_int64(q, 2));
    }
    sqlite3_finalize(q);
    end_aircraft(c);
    return step == SQLITE_DONE ? ERR_OK : ERR_SYSTEM;
}

enum err store_density(struct store *s, int64_t from_ms, int64_t to_ms, uint32_t n,
                       uint32_t *aircraft)
{
    if (from_ms >= to_ms || n == 0) {
        return ERR_RANGE;
    }
    enum err e = recent_refresh(s);
    struct counting c = {.from_ms = from_ms,
                         .to_ms = to_ms,
                         .n = n,
                         .address = -1,
                         .aircraft = aircraft,
                         .s = s,
                         .is_done = e ? NULL : calloc(s->n_crafts + 1, sizeof(bool))};
    memset(aircraft, 0, n * sizeof *aircraft);
    if (e || !c.is_done) {
        return e ? e : ERR_MEMORY;
    }
    e = count_chunks(&c, s);
    for (size_t i = 0; i < s->n_crafts; i++) {
        if (!c.is_done[i]) {
            c.next = 0;
            count_recent(&c, i);
        }
    }
    free(c.is_done);
    return e;
}

enum err store_sums(struct store *s, store_sum_fn *out, void *ctx)
{
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT address, min(first_ms), max(last_ms), sum(points) FROM (SELECT address, "
               "first_ms, last_ms, points FROM aircraft UNION ALL SELECT address, first_ms, "
               "last_ms, points FROM packed) GROUP BY address ORDER BY address");
    if (!q) {
        return index_error(s->db);
    }
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct store_sum sum = {(uint32_t)sqlite3_column_int64(q, 0),
                                      sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2),
                                      (uint64_t)sqlite3_column_int64(q, 3)};
        if (!out(ctx, &sum)) {
            step = SQLITE_DONE;
            break;
        }
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE ? ERR_OK : ERR_SYSTEM;
}
