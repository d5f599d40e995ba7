/* Queries in steps: candidates one after the other, their points looked at one by one. Nothing of
   SQLite is held between steps, so a slow reader never keeps the journal of the index from being
   brought in, and a chunk removed meanwhile is simply not there. */
#include "store/ahead.h"
#include "store/search.h"
#include "store/way.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 48 /* chunks worth decoding ahead */ };

struct store_query store_query_any(void)
{
    return (struct store_query){.from_ms = KEPT_TIME_MIN,
                                .to_ms = KEPT_TIME_MAX + 1,
                                .address = ADDRESS_NONE,
                                .after = {.address = ADDRESS_NONE},
                                .alt_low_ft = KEPT_NONE,
                                .alt_high_ft = KEPT_NONE};
}

/* By time; points of one instant by place, then by whatever else differs, so that the order is the
   same whatever chunks they came from. */
static int by_time(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    if (x->t_ms != y->t_ms) {
        return x->t_ms < y->t_ms ? -1 : 1;
    }
    if (x->lat_e7 != y->lat_e7) {
        return x->lat_e7 < y->lat_e7 ? -1 : 1;
    }
    if (x->lon_e7 != y->lon_e7) {
        return x->lon_e7 < y->lon_e7 ? -1 : 1;
    }
    return memcmp(x, y, sizeof *x);
}

static bool is_sorted(const struct kept *p, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (p[i].t_ms <= p[i - 1].t_ms && by_time(&p[i - 1], &p[i]) > 0) {
            return false;
        }
    }
    return true;
}

static bool has_room(struct store_search *f, size_t n)
{
    if (f->n + n <= f->cap) {
        return true;
    }
    const size_t cap = (f->n + n) * 2;
    struct kept *more = realloc(f->p, cap * sizeof *more);
    if (more) {
        f->p = more;
        f->cap = cap;
    }
    return more;
}

static void take_point(struct store_search *f, const struct kept *p)
{
    if (wanted_has(&f->w, p)) {
        f->p[f->n++] = *p;
    }
}

/* Where the way between two points leads through the area though neither lies in it. */
static void take_way(struct store_search *f, const struct kept *a, const struct kept *b)
{
    struct kept in[2];
    if (way_through(f->w.shape, a, b, in)) {
        take_point(f, &in[0]);
        if (in[1].t_ms > in[0].t_ms) {
            take_point(f, &in[1]);
        }
    }
}

static void take_points(struct store_search *f, const struct kept *p, size_t n)
{
    if (n > 0 && wanted_all(&f->w, p[0].t_ms, p[n - 1].t_ms)) {
        memcpy(f->p + f->n, p, n * sizeof *p);
        f->n += n;
        return;
    }
    const bool wants_ways = f->w.wants_ways && f->w.q.area.kind != AREA_ANYWHERE;
    bool was_out = false;
    for (size_t i = 0; i < n; i++) {
        if (wants_ways) {
            const bool is_out = !area_shape_has(f->w.shape, p[i].lat_e7, p[i].lon_e7);
            if (was_out && is_out) {
                take_way(f, &p[i - 1], &p[i]);
            }
            was_out = is_out;
        }
        take_point(f, &p[i]);
    }
}

static enum err take_decoded(struct store_search *f, const struct candidate *c, enum err e,
                             const struct kept *p, size_t n)
{
    f->state.read++;
    if (e == ERR_MEMORY) {
        return e;
    }
    if (e || (n > 0 && p[0].address != c->address)) {
        f->state.torn++;
        return ERR_OK;
    }
    if (!has_room(f, f->w.wants_ways ? 3 * n : n)) {
        return ERR_MEMORY;
    }
    const size_t before = f->n;
    f->state.points += n;
    take_points(f, p, n);
    f->state.useless += f->n == before;
    return ERR_OK;
}

static enum err take_chunk(struct store_search *f, struct store *s, const struct candidate *c,
                           const uint8_t *b, size_t bytes)
{
    size_t n;
    const enum err e =
        chunk_read(s->codec, b, bytes, c->reach, f->w.q.to_ms - 1, CHUNK_ALL, f->decoded, &n);
    return take_decoded(f, c, e, f->decoded, n);
}

static enum err open_search(struct store *s, const struct store_query *q,
                            const struct store_span *span, size_t n, bool wants_ways,
                            bool wants_wholes, struct store_search **out)
{
    struct store_search *f = calloc(1, sizeof *f);
    if (!f) {
        return ERR_MEMORY;
    }
    enum err e = wanted_open(&f->w, q);
    f->skip = q->after.n;
    f->w.wants_ways = wants_ways;
    f->w.wants_wholes = wants_wholes && q->area.kind == AREA_ANYWHERE &&
                        q->alt_low_ft == KEPT_NONE && q->alt_high_ft == KEPT_NONE;
    f->decoded = malloc(CHUNK_POINTS_MAX * sizeof *f->decoded);
    f->w.span = span ? malloc((n + 1) * sizeof *span) : NULL;
    f->w.spans = n;
    if (!f->decoded || (span && !f->w.span)) {
        e = ERR_MEMORY;
    } else if (span) {
        memcpy(f->w.span, span, n * sizeof *span);
    }
    e = e ? e : candidates_find(s, &f->w, &f->all);
    if (e) {
        store_search_free(f);
        return e;
    }
    f->state.chunks = f->all.n;
    f->state.torn = f->all.torn;
    *out = f;
    return ERR_OK;
}

enum err store_search_new(struct store *s, const struct store_query *q, struct store_search **out)
{
    return open_search(s, q, NULL, 0, false, false, out);
}

enum err store_search_of(struct store *s, const struct store_query *q,
                         const struct store_span *span, size_t n, struct store_search **out)
{
    return open_search(s, q, span, n, true, false, out);
}

/* Leaves out what was given before an answer was cut. */
static void pass_given(struct store_search *f)
{
    const struct store_after *a = &f->w.q.after;
    if (f->n == 0 || f->p[0].address != a->address) {
        return;
    }
    size_t i = 0;
    while (i < f->n && (f->p[i].t_ms < a->t_ms || (f->p[i].t_ms == a->t_ms && f->skip > 0))) {
        f->skip -= f->p[i].t_ms == a->t_ms;
        i++;
    }
    f->n -= i;
    memmove(f->p, f->p + i, f->n * sizeof *f->p);
}

static int64_t newest_id(const struct store_search *f)
{
    int64_t id = 0;
    for (size_t i = 0; i < f->all.n; i++) {
        id = f->all.c[i].id > id ? f->all.c[i].id : id;
    }
    return id;
}

/* A chunk that is not there any more was removed by retention, or taken into a larger one by the
   writer: what lay in its span of time is then in a chunk that is newer than the search. */
static enum err take_moved(struct store_search *f, struct store *s, const struct candidate *c)
{
    const struct store_query whole = f->w.q;
    struct store_query *q = &f->w.q;
    sqlite3_stmt *r =
        index_prepare(s->db, "SELECT bytes FROM chunk WHERE address = ?1 AND id > ?2 "
                             "AND first_ms <= ?4 AND last_ms >= ?3 UNION ALL SELECT bytes "
                             "FROM packed WHERE address = ?1 AND id > ?2 AND "
                             "first_ms <= ?4 AND last_ms >= ?3");
    if (!r) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(r, 1, c->address);
    sqlite3_bind_int64(r, 2, newest_id(f));
    sqlite3_bind_int64(r, 3, c->first_ms);
    sqlite3_bind_int64(r, 4, c->last_ms);
    q->from_ms = c->first_ms > q->from_ms ? c->first_ms : q->from_ms;
    q->to_ms = c->last_ms < q->to_ms ? c->last_ms + 1 : q->to_ms;
    const struct candidate in = {.address = c->address, .reach = CHUNK_POINTS_MAX};
    enum err e = ERR_OK;
    while (!e && sqlite3_step(r) == SQLITE_ROW) {
        e = take_chunk(f, s, &in, sqlite3_column_blob(r, 0), (size_t)sqlite3_column_bytes(r, 0));
    }
    sqlite3_finalize(r);
    f->w.q = whole;
    return e;
}

static enum err take_recent(struct store_search *f, const struct recent *r)
{
    if (!has_room(f, f->w.wants_ways ? 3 * r->n : r->n)) {
        return ERR_MEMORY;
    }
    take_points(f, f->all.point + r->at, r->n);
    f->state.read++;
    f->state.points += r->n;
    return ERR_OK;
}

/* Whether a step that begins with this candidate ends with it, and nothing was given before. */
static bool is_alone(const struct store_search *f, const struct candidate *c)
{
    const struct candidate *next = c + 1, *end = f->all.c + f->all.n;
    return f->n == 0 && f->w.q.after.address == ADDRESS_NONE &&
           (next == end || next->address != c->address || next->first_ms > c->last_ms);
}

/* Where there are many, they are decoded ahead. */
static enum err take_next(struct store_search *f, struct store *s, sqlite3_stmt *reader,
                          const struct candidate *c, bool is_first)
{
    if (!f->ahead && f->all.n >= MANY) {
        f->ahead = ahead_new(f->w.q.to_ms - 1, false); /* without, it goes one by one */
    }
    const struct ahead_chunk *a = NULL;
    if (f->ahead) {
        const size_t left = f->all.n - (size_t)(c - f->all.c);
        const enum err e = ahead_get(f->ahead, s, reader, c, left, &a);
        if (e) {
            return e;
        }
    }
    if (a && is_first && is_alone(f, c) && !a->e && a->n > 0 && a->p[0].address == c->address &&
        wanted_all(&f->w, a->p[0].t_ms, a->p[a->n - 1].t_ms) &&
        (a->ascends || is_sorted(a->p, a->n))) {
        f->view = a->p; /* as they are */
        f->n = a->n;
        f->state.read++;
        f->state.points += a->n;
        return ERR_OK;
    }
    if (a) {
        return take_decoded(f, c, a->e, a->p, a->n);
    }
    size_t bytes;
    const uint8_t *b = chunk_bytes(s, reader, c->id, &bytes);
    return b ? take_chunk(f, s, c, b, bytes) : take_moved(f, s, c);
}

/* Reads the next candidate and those of the same aircraft that overlap with it in time. */
static enum err read_cluster(struct store_search *f, struct store *s, sqlite3_stmt *reader)
{
    const struct candidate *first = &f->all.c[f->at];
    int64_t last_ms = first->last_ms;
    enum err e = ERR_OK;
    while (!e && f->at < f->all.n && f->all.c[f->at].address == first->address &&
           f->all.c[f->at].first_ms <= last_ms) {
        const struct candidate *c = &f->all.c[f->at++];
        last_ms = c->last_ms > last_ms ? c->last_ms : last_ms;
        if (c->id < 0) {
            e = take_recent(f, &f->all.recent[-1 - c->id]);
            continue;
        }
        e = take_next(f, s, reader, c, c == first);
    }
    return e;
}

enum err store_search_next(struct store_search *f, struct store *s, const struct kept **p,
                           size_t *n, bool *more)
{
    f->n = 0;
    f->view = NULL;
    if (f->at < f->all.n) {
        sqlite3_stmt *reader = chunk_reader(s);
        enum err e = !reader         ? index_error(s->db)
                     : f->is_picture ? picture_next(f, s, reader)
                                     : read_cluster(f, s, reader);
        sqlite3_reset(reader);
        if (e) {
            return e;
        }
        if (!f->is_picture && !f->view && !is_sorted(f->p, f->n)) {
            qsort(f->p, f->n, sizeof *f->p, by_time);
        }
        if (!f->is_picture && !f->view) {
            pass_given(f);
        }
    }
    *p = f->view ? f->view : f->p;
    *n = f->n;
    *more = f->at < f->all.n;
    return ERR_OK;
}

enum err store_search_visits(struct store *s, const struct store_query *q, bool wholes,
                             struct store_search **out)
{
    return open_search(s, q, NULL, 0, true, wholes, out);
}

/* A chunk that overlaps with another of its aircraft is not told as a whole. */
const struct part_whole *store_search_whole(struct store_search *f)
{
    const struct candidate *c = f->all.c + f->at, *end = f->all.c + f->all.n;
    if (f->at == f->all.n || !c->whole ||
        (c + 1 < end && c[1].address == c->address && c[1].first_ms <= c->last_ms)) {
        return NULL;
    }
    const struct part_whole *w = &f->all.whole[c->whole - 1 + f->whole_at++];
    if (f->whole_at == c->wholes) {
        f->whole_at = 0;
        f->at++;
    }
    return w;
}

struct store_search_state store_search_state(const struct store_search *f)
{
    return f->state;
}

void store_search_free(struct store_search *f)
{
    if (f) {
        wanted_close(&f->w);
        candidates_free(&f->all);
        ahead_free(f->ahead);
        free(f->decoded);
        free(f->p);
        free(f);
    }
}

/* All steps, one after the other. Frees the search. */
static enum err run(struct store *s, struct store_search *f, store_point_fn *out, void *ctx,
                    size_t *torn)
{
    enum err e = ERR_OK;
    for (bool more = true; !e && more;) {
        const struct kept *p;
        size_t n;
        e = store_search_next(f, s, &p, &n, &more);
        for (size_t i = 0; !e && i < n; i++) {
            if (!out(ctx, &p[i])) {
                more = false;
                break;
            }
        }
    }
    if (torn) {
        *torn = f->state.torn;
    }
    store_search_free(f);
    return e;
}

enum err store_find(struct store *s, const struct store_query *q, store_point_fn *out, void *ctx,
                    size_t *torn)
{
    struct store_search *f = NULL;
    if (torn) {
        *torn = 0;
    }
    const enum err e = store_search_new(s, q, &f);
    return e ? e : run(s, f, out, ctx, torn);
}

enum err store_instant(struct store *s, int64_t t_ms, int64_t age_ms, store_point_fn *out,
                       void *ctx, size_t *torn)
{
    const struct store_query q = store_query_any();
    struct store_search *f = NULL;
    if (torn) {
        *torn = 0;
    }
    const enum err e = store_picture_new(s, &q, t_ms, age_ms, &f);
    return e ? e : run(s, f, out, ctx, torn);
}
