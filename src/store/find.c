/* Queries: the index says which chunks may answer, their points are looked at one by one. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

/* Points of one aircraft whose chunks overlap in time, to be given in the order of time. */
struct cluster {
    struct kept *p;
    size_t n, cap;
    uint32_t address;
    int64_t last_ms;
    bool sorted;
};

struct find {
    struct store *s;
    const struct store_query *q;
    store_point_fn *out;
    void *ctx;
    struct cluster held;
    size_t torn;
    bool ended;
};

struct store_query store_query_any(void)
{
    return (struct store_query){.from_ms = KEPT_TIME_MIN,
                                .to_ms = KEPT_TIME_MAX + 1,
                                .address = ADDRESS_NONE,
                                .alt_low_ft = KEPT_NONE,
                                .alt_high_ft = KEPT_NONE};
}

static bool is_at_height(const struct store_query *q, const struct kept *p)
{
    if (q->alt_low_ft == KEPT_NONE && q->alt_high_ft == KEPT_NONE) {
        return true;
    }
    const int32_t alt = p->ground                     ? 0
                        : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft
                                                      : p->alt_geom_ft;
    return alt != KEPT_NONE && (q->alt_low_ft == KEPT_NONE || alt >= q->alt_low_ft) &&
           (q->alt_high_ft == KEPT_NONE || alt <= q->alt_high_ft);
}

static bool answers(const struct store_query *q, const struct kept *p)
{
    return p->t_ms >= q->from_ms && p->t_ms < q->to_ms &&
           (q->flight[0] == 0 || memcmp(q->flight, p->flight, 8) == 0) && is_at_height(q, p) &&
           area_has(&q->area, p->lat_e7, p->lon_e7);
}

static int by_time(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return x->t_ms < y->t_ms ? -1 : x->t_ms > y->t_ms;
}

static void give_held(struct find *f)
{
    struct cluster *c = &f->held;
    if (!c->sorted) {
        qsort(c->p, c->n, sizeof *c->p, by_time);
    }
    for (size_t i = 0; i < c->n && !f->ended; i++) {
        f->ended = !f->out(f->ctx, &c->p[i]);
    }
    c->n = 0;
    c->sorted = true;
}

/* Takes a chunk's points; chunks come by address and first time. */
static enum err take_chunk(struct find *f, const uint8_t *b, size_t bytes)
{
    struct cluster *c = &f->held;
    size_t n;
    const enum err e = chunk_decode(b, bytes, f->s->points, &n);
    if (e == ERR_MEMORY) {
        return e;
    }
    if (e) {
        f->torn++;
        return ERR_OK;
    }
    const struct kept *p = f->s->points;
    if (c->n > 0 && (p[0].address != c->address || p[0].t_ms > c->last_ms)) {
        give_held(f);
    }
    const bool follows = c->n == 0;
    if (c->n + n > c->cap) {
        const size_t cap = (c->n + n) * 2;
        struct kept *more = realloc(c->p, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        c->p = more;
        c->cap = cap;
    }
    c->last_ms = follows || p[n - 1].t_ms > c->last_ms ? p[n - 1].t_ms : c->last_ms;
    c->address = p[0].address;
    c->sorted = follows;
    for (size_t i = 0; i < n; i++) {
        if (answers(f->q, &p[i])) {
            c->p[c->n++] = p[i];
        }
    }
    return ERR_OK;
}

static enum err take_rows(struct find *f, sqlite3_stmt *q)
{
    enum err e = ERR_OK;
    int step = SQLITE_ROW;
    while (!e && !f->ended && (step = sqlite3_step(q)) == SQLITE_ROW) {
        e = take_chunk(f, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
    }
    if (!e && step != SQLITE_ROW && step != SQLITE_DONE) {
        e = index_error(f->s->db);
    }
    sqlite3_finalize(q);
    if (!e) {
        give_held(f);
    }
    return e;
}

static enum err find_address(struct find *f, uint32_t address, int64_t from_ms, int64_t to_ms)
{
    /* A chunk spans a day at most in what this program writes, CHUNK_SPAN_MS_MAX in what it may. */
    sqlite3_stmt *q = index_prepare(f->s->db, "SELECT bytes FROM chunk WHERE address = ?1 AND "
                                              "first_ms BETWEEN ?2 AND ?3 AND last_ms >= ?4 "
                                              "ORDER BY first_ms, id");
    if (!q) {
        return index_error(f->s->db);
    }
    sqlite3_bind_int64(q, 1, address);
    sqlite3_bind_int64(q, 2, from_ms - CHUNK_SPAN_MS_MAX);
    sqlite3_bind_int64(q, 3, to_ms - 1);
    sqlite3_bind_int64(q, 4, from_ms);
    return take_rows(f, q);
}

/* A call sign's flights; those of one aircraft that overlap are looked at once. */
static enum err find_flight(struct find *f)
{
    const struct store_query *w = f->q;
    sqlite3_stmt *q = index_prepare(f->s->db, "SELECT address, first_ms, last_ms FROM flight WHERE "
                                              "callsign = ? AND first_ms < ? AND last_ms >= ? "
                                              "ORDER BY address, first_ms");
    if (!q) {
        return index_error(f->s->db);
    }
    sqlite3_bind_text(q, 1, w->flight, (int)strnlen(w->flight, 8), SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, w->to_ms);
    sqlite3_bind_int64(q, 3, w->from_ms);
    uint32_t address = ADDRESS_NONE;
    int64_t done_ms = KEPT_TIME_MIN;
    enum err e = ERR_OK;
    while (!e && !f->ended && sqlite3_step(q) == SQLITE_ROW) {
        const uint32_t a = (uint32_t)sqlite3_column_int64(q, 0);
        const int64_t first = sqlite3_column_int64(q, 1), last = sqlite3_column_int64(q, 2) + 1;
        done_ms = a == address ? done_ms : KEPT_TIME_MIN;
        address = a;
        struct store_query part = *w;
        part.from_ms = first > part.from_ms ? first : part.from_ms;
        part.from_ms = done_ms > part.from_ms ? done_ms : part.from_ms;
        part.to_ms = last < part.to_ms ? last : part.to_ms;
        if (part.from_ms < part.to_ms && (w->address == ADDRESS_NONE || w->address == a)) {
            f->q = &part;
            e = find_address(f, a, part.from_ms, part.to_ms);
            f->q = w;
            done_ms = part.to_ms;
        }
    }
    sqlite3_finalize(q);
    return e;
}

static sqlite3_stmt *in_boxes(struct store *s, const struct area_box box[2], size_t n,
                              int64_t from_ms, int64_t to_ms)
{
    sqlite3_stmt *q = index_prepare(
        s->db, n == 1
                   ? "SELECT bytes FROM chunk WHERE id IN (SELECT id FROM place WHERE lat1 >= ?1 "
                     "AND lat0 <= ?2 AND lon1 >= ?3 AND lon0 <= ?4 AND t1 >= ?5 AND t0 <= ?6) "
                     "ORDER BY address, first_ms, id"
                   : "SELECT bytes FROM chunk WHERE id IN (SELECT id FROM place WHERE lat1 >= ?1 "
                     "AND lat0 <= ?2 AND lon1 >= ?3 AND lon0 <= ?4 AND t1 >= ?5 AND t0 <= ?6 "
                     "UNION SELECT id FROM place WHERE lat1 >= ?1 AND lat0 <= ?2 AND lon1 >= ?7 "
                     "AND lon0 <= ?8 AND t1 >= ?5 AND t0 <= ?6) ORDER BY address, first_ms, id");
    if (q) {
        sqlite3_bind_int64(q, 1, box[0].lat_low);
        sqlite3_bind_int64(q, 2, box[0].lat_high);
        sqlite3_bind_int64(q, 3, box[0].lon_low);
        sqlite3_bind_int64(q, 4, box[0].lon_high);
        sqlite3_bind_int64(q, 5, index_time(from_ms));
        sqlite3_bind_int64(q, 6, index_time(to_ms - 1));
    }
    if (q && n == 2) {
        sqlite3_bind_int64(q, 7, box[1].lon_low);
        sqlite3_bind_int64(q, 8, box[1].lon_high);
    }
    return q;
}

enum err store_find(struct store *s, const struct store_query *q, store_point_fn *out, void *ctx,
                    size_t *torn)
{
    struct find f = {.s = s, .q = q, .out = out, .ctx = ctx, .held = {.sorted = true}};
    struct area_box box[2] = {0};
    size_t n = 0;
    if (torn) {
        *torn = 0;
    }
    if (q->from_ms < KEPT_TIME_MIN || q->to_ms > KEPT_TIME_MAX + 1 || q->from_ms > q->to_ms ||
        area_boxes(&q->area, box, &n)) {
        return ERR_RANGE;
    }
    enum err e;
    if (q->from_ms == q->to_ms) {
        return ERR_OK;
    }
    if (q->flight[0]) {
        e = find_flight(&f);
    } else if (q->address != ADDRESS_NONE) {
        e = find_address(&f, q->address, q->from_ms, q->to_ms);
    } else {
        sqlite3_stmt *rows = in_boxes(s, box, n, q->from_ms, q->to_ms);
        e = rows ? take_rows(&f, rows) : index_error(s->db);
    }
    free(f.held.p);
    if (torn) {
        *torn = f.torn;
    }
    return e;
}

/* The last point of each aircraft among points that come by address. */
struct instant {
    store_point_fn *out;
    void *ctx;
    struct kept last;
    bool has, ended;
};

static bool take_last(void *ctx, const struct kept *p)
{
    struct instant *i = ctx;
    if (i->has && p->address != i->last.address) {
        i->ended = !i->out(i->ctx, &i->last);
    }
    i->last = *p;
    i->has = true;
    return !i->ended;
}

enum err store_instant(struct store *s, int64_t t_ms, int64_t age_ms, store_point_fn *out,
                       void *ctx, size_t *torn)
{
    struct store_query q = store_query_any();
    struct instant i = {.out = out, .ctx = ctx};
    if (t_ms < KEPT_TIME_MIN || t_ms > KEPT_TIME_MAX || age_ms < 0) {
        return ERR_RANGE;
    }
    q.from_ms =
        t_ms - age_ms > KEPT_TIME_MIN && age_ms < KEPT_TIME_MAX ? t_ms - age_ms : KEPT_TIME_MIN;
    q.to_ms = t_ms + 1;
    const enum err e = store_find(s, &q, take_last, &i, torn);
    if (!e && i.has && !i.ended) {
        out(ctx, &i.last);
    }
    return e;
}
