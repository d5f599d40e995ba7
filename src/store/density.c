#include "store/density.h"

#include "store/internal.h"

#include <string.h>

enum err store_span(struct store *s, int64_t *first_ms, int64_t *last_ms)
{
    sqlite3_stmt *q =
        index_prepare(s->db, "SELECT min(first_ms), max(last_ms), count(*) FROM aircraft");
    enum err e = q ? ERR_OK : index_error(s->db);
    *first_ms = *last_ms = KEPT_NO_TIME;
    if (!e && sqlite3_step(q) != SQLITE_ROW) {
        e = index_error(s->db);
    } else if (!e && sqlite3_column_int64(q, 2) > 0) {
        *first_ms = sqlite3_column_int64(q, 0);
        *last_ms = sqlite3_column_int64(q, 1);
    }
    sqlite3_finalize(q);
    return e;
}

/* Of one aircraft the chunks come in the order of their beginning: parts up to `next` are counted.
 */
struct counting {
    int64_t from_ms, to_ms;
    uint32_t n, next;
    int64_t address;
    uint32_t *aircraft;
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

static void count_chunk(struct counting *c, int64_t address, int64_t first_ms, int64_t last_ms)
{
    if (address != c->address) {
        c->address = address;
        c->next = 0;
    }
    if (first_ms >= c->to_ms || last_ms < c->from_ms) {
        return;
    }
    const uint32_t first = part_of(c, first_ms), last = part_of(c, last_ms);
    for (uint32_t i = first > c->next ? first : c->next; i <= last && i < c->n; i++) {
        c->aircraft[i]++;
    }
    c->next = last + 1 > c->next ? last + 1 : c->next;
}

enum err store_density(struct store *s, int64_t from_ms, int64_t to_ms, uint32_t n,
                       uint32_t *aircraft)
{
    if (from_ms >= to_ms || n == 0) {
        return ERR_RANGE;
    }
    struct counting c = {
        .from_ms = from_ms, .to_ms = to_ms, .n = n, .address = -1, .aircraft = aircraft};
    memset(aircraft, 0, n * sizeof *aircraft);
    /* Answered from chunk_of alone, in its order. */
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT address, first_ms, last_ms FROM chunk ORDER BY address, first_ms, last_ms");
    if (!q) {
        return index_error(s->db);
    }
    int step;
    while ((step = sqlite3_step(q)) == SQLITE_ROW) {
        count_chunk(&c, sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
                    sqlite3_column_int64(q, 2));
    }
    sqlite3_finalize(q);
    return step == SQLITE_DONE ? ERR_OK : ERR_SYSTEM;
}

enum err store_sums(struct store *s, store_sum_fn *out, void *ctx)
{
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT address, first_ms, last_ms, points FROM aircraft ORDER BY address");
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
