/* The picture at an instant: of each aircraft the chunk that reaches closest to it, read no further
   than to it. */
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

struct picture {
    struct store *s;
    sqlite3_stmt *reader;
    struct kept *decoded;
    int64_t from_ms, t_ms;
    size_t torn;
};

/* The last point of a chunk at or before the instant, if it is later than what there is. */
static enum err look_at(struct picture *v, const struct candidate *c, struct kept *best)
{
    size_t bytes, n;
    const uint8_t *b = chunk_bytes(v->reader, c->id, &bytes);
    if (!b) {
        return ERR_OK;
    }
    const enum err e = chunk_decode_until(b, bytes, CHUNK_POINTS_MAX, v->t_ms, v->decoded, &n);
    if (e == ERR_MEMORY) {
        return e;
    }
    if (e) {
        v->torn++;
    } else if (n > 0 && v->decoded[n - 1].address == c->address &&
               v->decoded[n - 1].t_ms > best->t_ms && v->decoded[n - 1].t_ms >= v->from_ms) {
        *best = v->decoded[n - 1];
    }
    return ERR_OK;
}

static int latest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->last_ms != y->last_ms) {
        return x->last_ms > y->last_ms ? -1 : 1;
    }
    return x->id < y->id ? -1 : x->id > y->id;
}

/* An aircraft's chunks: those that end later first; one that ends before what was found is not
   read. */
static enum err last_of(struct picture *v, struct candidate *c, size_t n, struct kept *best)
{
    qsort(c, n, sizeof *c, latest_first);
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e && c[i].last_ms > best->t_ms; i++) {
        e = look_at(v, &c[i], best);
    }
    return e;
}

static enum err every_aircraft(struct picture *v, struct candidates *all, const struct wanted *w,
                               store_point_fn *out, void *ctx)
{
    for (size_t at = 0; at < all->n;) {
        size_t n = 1;
        while (at + n < all->n && all->c[at + n].address == all->c[at].address) {
            n++;
        }
        struct kept best = kept_none();
        const enum err e = last_of(v, all->c + at, n, &best);
        if (e) {
            return e;
        }
        if (best.t_ms != KEPT_NO_TIME && wanted_point(w, &best) && !out(ctx, &best)) {
            return ERR_OK;
        }
        at += n;
    }
    return ERR_OK;
}

/* Where an aircraft is at the instant is not known before its last point is: a chunk outside the
   area may hold it, but only if the aircraft is there in another one too. */
enum err store_picture(struct store *s, const struct store_query *q, int64_t t_ms, int64_t age_ms,
                       store_point_fn *out, void *ctx, size_t *torn)
{
    struct wanted all = {0}, asked = {0};
    struct candidates c = {0};
    struct store_query window = store_query_any();
    if (torn) {
        *torn = 0;
    }
    if (t_ms < KEPT_TIME_MIN || t_ms > KEPT_TIME_MAX || age_ms < 0) {
        return ERR_RANGE;
    }
    window.from_ms =
        age_ms < KEPT_TIME_MAX && t_ms - age_ms > KEPT_TIME_MIN ? t_ms - age_ms : KEPT_TIME_MIN;
    window.to_ms = t_ms + 1;
    window.address = q->address;
    window.after = q->after;
    struct picture v = {.s = s, .from_ms = window.from_ms, .t_ms = t_ms};
    struct store_query what = *q;
    what.from_ms = window.from_ms, what.to_ms = window.to_ms;
    enum err e = wanted_open(&asked, &what);
    e = e ? e : wanted_open(&all, &window);
    e = e ? e : candidates_find(s, &all, &c);
    if (!e) {
        v.reader = chunk_reader(s);
        v.decoded = malloc(CHUNK_POINTS_MAX * sizeof *v.decoded);
        e = !v.reader ? index_error(s->db) : v.decoded ? ERR_OK : ERR_MEMORY;
    }
    e = e ? e : every_aircraft(&v, &c, &asked, out, ctx);
    sqlite3_finalize(v.reader);
    free(v.decoded);
    free(c.c);
    wanted_close(&asked);
    wanted_close(&all);
    if (torn) {
        *torn = v.torn;
    }
    return e;
}

enum err store_instant(struct store *s, int64_t t_ms, int64_t age_ms, store_point_fn *out,
                       void *ctx, size_t *torn)
{
    const struct store_query q = store_query_any();
    return store_picture(s, &q, t_ms, age_ms, out, ctx, torn);
}
