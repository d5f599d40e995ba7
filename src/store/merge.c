/* Small chunks into larger ones, as new ones come: with thousands of aircraft memory holds few
   points of each, and chunks of few points cost more bytes a point and more reading. A chunk of n
   points takes the one before it in while that has no more than half as many again: so each point
   is written anew a few times only, as in a log-structured merge tree, and in the transaction that
   brings the new points (I2). */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MS INT64_C(3600000)

/* Whether points go on from those of a chunk before, so that all are one chunk. */
static bool goes_on(const struct kept *last, const struct kept *next)
{
    return next->t_ms > last->t_ms && next->t_ms - last->t_ms <= GAP_MS &&
           llabs((int64_t)next->lon_e7 - last->lon_e7) < INT64_C(1800000000);
}

/* Decodes the chunk before into s->points where it is to be taken in; *m is 0 where it is not. */
static enum err find_before(struct store *s, const struct kept *p, size_t n, bool all, int64_t *id,
                            size_t *m)
{
    sqlite3_stmt *q = index_use(s, INDEX_BEFORE);
    *m = 0;
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, p->address);
    sqlite3_bind_int64(q, 2, p->t_ms);
    const int step = sqlite3_step(q);
    if (step == SQLITE_ROW) {
        const uint64_t points = (uint64_t)sqlite3_column_int64(q, 2);
        *id = sqlite3_column_int64(q, 0);
        if (*id >= s->merge_from && points + n <= s->o.chunk_points &&
            (all || points <= n + n / 2) && p->t_ms - sqlite3_column_int64(q, 1) <= GAP_MS) {
            const uint8_t *b = sqlite3_column_blob(q, 3);
            if (chunk_decode(s->codec, b, (size_t)sqlite3_column_bytes(q, 3), s->points, m) ||
                s->points[0].address != p->address || !goes_on(&s->points[*m - 1], p) ||
                p[n - 1].t_ms - s->points[0].t_ms > CHUNK_SPAN_MS_MAX) {
                *m = 0; /* torn, or apart: it stays as it is */
            }
        }
    }
    sqlite3_reset(q);
    return step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}

int64_t merge_from(struct store *s)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT chunk FROM coverage_through");
    const int64_t id = q && sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return id + 1;
}

enum err merge_before(struct store *s, struct kept **p, size_t *n, bool all)
{
    for (;;) {
        int64_t id = 0; /* gcc cannot tell that m says whether it is set */
        size_t m;
        enum err e = find_before(s, *p, *n, all, &id, &m);
        if (e || m == 0) {
            return e;
        }
        struct kept *more = realloc(*p, (m + *n) * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        memmove(more + m, more, *n * sizeof *more);
        memcpy(more, s->points, m * sizeof *more);
        *p = more;
        *n += m;
        e = index_remove(s, id, more->address, (int64_t)m);
        if (e) {
            return e;
        }
    }
}
