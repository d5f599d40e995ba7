/* The picture at an instant: of each aircraft the chunk that reaches closest to it, read no further
   than to it. */
#include "store/ahead.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 48 /* aircraft for which chunks are worth decoding ahead */ };

/* The last of a chunk's points up to the instant, if it is later than what there is. */
static enum err look_at_points(struct store_search *f, enum err e, const struct kept *p, size_t n,
                               uint32_t address, struct kept *best)
{
    f->state.read++;
    f->state.points += n;
    if (e == ERR_MEMORY) {
        return e;
    }
    const struct kept *last = n > 0 ? &p[n - 1] : NULL;
    if (e || (last && last->address != address)) {
        f->state.torn++;
    } else if (last && last->t_ms > best->t_ms && last->t_ms >= f->w.q.from_ms) {
        *best = *last;
    }
    return ERR_OK;
}

static enum err look_into(struct store_search *f, struct store *s, const uint8_t *b, size_t bytes,
                          uint32_t address, struct kept *best)
{
    size_t n;
    const enum err e = chunk_read(s->codec, b, bytes, CHUNK_POINTS_MAX, f->w.q.to_ms - 1, CHUNK_ALL,
                                  f->decoded, &n);
    return look_at_points(f, e, f->decoded, n, address, best);
}

/* A chunk that is not there any more may have been taken into a larger one: the one that is now the
   last to begin by then. */
static enum err look_where_it_went(struct store_search *f, struct store *s,
                                   const struct candidate *c, struct kept *best)
{
    sqlite3_stmt *q = index_prepare(
        s->db, "SELECT bytes FROM (SELECT bytes, first_ms FROM chunk WHERE address = ?1 "
               "AND first_ms <= ?2 UNION ALL SELECT bytes, first_ms FROM packed "
               "WHERE address = ?1 AND first_ms <= ?2) ORDER BY first_ms DESC LIMIT "
               "1");
    enum err e = q ? ERR_OK : index_error(s->db);
    if (q) {
        sqlite3_bind_int64(q, 1, c->address);
        sqlite3_bind_int64(q, 2, f->w.q.to_ms - 1);
    }
    if (q && sqlite3_step(q) == SQLITE_ROW) {
        e = look_into(f, s, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0),
                      c->address, best);
    }
    sqlite3_finalize(q);
    return e;
}

static enum err look_at(struct store_search *f, struct store *s, sqlite3_stmt *reader,
                        const struct candidate *c, const struct ahead_chunk *a, struct kept *best)
{
    if (c->id < 0) { /* in no chunk yet: all of it is within the times, in order */
        const struct recent *r = &f->all.recent[-1 - c->id];
        const struct kept *last = &f->all.point[r->at + r->n - 1];
        *best = last->t_ms > best->t_ms ? *last : *best;
        return ERR_OK;
    }
    if (a) {
        return look_at_points(f, a->e, a->p, a->n, c->address, best);
    }
    size_t bytes;
    const uint8_t *b = chunk_bytes(s, reader, c->id, &bytes);
    return b ? look_into(f, s, b, bytes, c->address, best) : look_where_it_went(f, s, c, best);
}

/* By aircraft, and of each what ends later first. */
static int latest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->address != y->address) {
        return x->address < y->address ? -1 : 1;
    }
    if (x->last_ms != y->last_ms) {
        return x->last_ms > y->last_ms ? -1 : 1;
    }
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Where there are many, those that end last are decoded ahead. */
static enum err go_ahead(struct store_search *f, struct store *s, sqlite3_stmt *reader,
                         const struct candidate *c, const struct ahead_chunk **out)
{
    *out = NULL;
    if (!f->ahead && f->all.n >= MANY) {
        f->ahead = ahead_new(f->w.q.to_ms - 1, true); /* without, it goes one by one */
    }
    return f->ahead && c->id >= 0 ? ahead_get(f->ahead, s, reader, c, f->all.n - f->at, out)
                                  : ERR_OK;
}

/* An aircraft's chunks: those that end later first; one that ends before what was found is not
   read. */
enum err picture_next(struct store_search *f, struct store *s, sqlite3_stmt *reader)
{
    struct candidate *c = f->all.c + f->at;
    struct kept best = kept_none();
    size_t n = 0;
    while (f->at + n < f->all.n && c[n].address == c[0].address) {
        n++;
    }
    const struct ahead_chunk *first;
    enum err e = go_ahead(f, s, reader, c, &first);
    f->at += n;
    for (size_t i = 0; i < n && !e && c[i].last_ms > best.t_ms; i++) {
        e = look_at(f, s, reader, &c[i], i == 0 ? first : NULL, &best);
    }
    f->n = !e && best.t_ms != KEPT_NO_TIME && wanted_point(&f->w, &best);
    if (f->n > 0) {
        f->p[0] = best;
    }
    return e;
}

/* Where an aircraft is at the instant is not known before its last point is: a chunk that never
   touches the area may hold it. So candidates are everywhere, and the area is asked of the point.
 */
enum err store_picture_new(struct store *s, const struct store_query *q, int64_t t_ms,
                           int64_t age_ms, struct store_search **out)
{
    struct store_query window = store_query_any();
    if (t_ms < KEPT_TIME_MIN || t_ms > KEPT_TIME_MAX || age_ms < 0) {
        return ERR_RANGE;
    }
    window.from_ms =
        age_ms < KEPT_TIME_MAX && t_ms - age_ms > KEPT_TIME_MIN ? t_ms - age_ms : KEPT_TIME_MIN;
    window.to_ms = t_ms + 1;
    window.address = q->address;
    window.after = q->after;
    window.after.t_ms = INT64_MAX;
    struct store_query asked = *q;
    asked.from_ms = window.from_ms;
    asked.to_ms = window.to_ms;
    struct store_search *f;
    enum err e = store_search_new(s, &window, &f);
    if (e) {
        return e;
    }
    wanted_close(&f->w);
    if (f->all.n > 1) {
        qsort(f->all.c, f->all.n, sizeof *f->all.c, latest_first);
    }
    f->is_picture = true;
    f->p = malloc(sizeof *f->p);
    e = wanted_open(&f->w, &asked);
    e = e ? e : f->p ? ERR_OK : ERR_MEMORY;
    if (e) {
        store_search_free(f);
        return e;
    }
    *out = f;
    return ERR_OK;
}
