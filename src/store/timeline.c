#include "store/timeline.h"

#include <stdlib.h>
#include <string.h>

/* A chunk is an hour at most: slices far shorter read each chunk many times. */
enum { FIRST_MS = 600000, SHORTEST_MS = 1, LONGEST_MS = 20 * 86400000 };

struct timeline {
    struct store *store;
    struct store_query q;
    int64_t at_ms, end_ms, slice_ms;
    size_t n, room, max;
    struct kept *p;
    bool overflows, failed;
    size_t torn;
};

struct timeline *timeline_new(struct store *s, const struct store_query *q, size_t points_max)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (!t) {
        return NULL;
    }
    t->store = s;
    t->q = *q;
    t->at_ms = q->from_ms;
    t->end_ms = q->to_ms;
    t->slice_ms = FIRST_MS;
    t->max = points_max;
    return t;
}

void timeline_free(struct timeline *t)
{
    if (t) {
        free(t->p);
        free(t);
    }
}

static bool take(void *ctx, const struct kept *p)
{
    struct timeline *t = ctx;
    if (t->n == t->max && t->slice_ms > SHORTEST_MS) {
        t->overflows = true;
        return false;
    }
    if (t->n == t->room) {
        const size_t room = t->room ? 2 * t->room : 1024;
        struct kept *more = realloc(t->p, room * sizeof *more);
        if (!more) {
            t->failed = true;
            return false;
        }
        t->p = more;
        t->room = room;
    }
    t->p[t->n++] = *p;
    return true;
}

/* All of a point decides, so that the order is one, whatever the slices were. */
static int by_time(const void *a, const void *b)
{
    const struct kept *p = a, *q = b;
    if (p->t_ms != q->t_ms) {
        return p->t_ms < q->t_ms ? -1 : 1;
    }
    if (p->address != q->address) {
        return p->address < q->address ? -1 : 1;
    }
    return memcmp(p, q, sizeof *p);
}

static enum err read_slice(struct timeline *t)
{
    size_t torn = 0;
    t->n = 0;
    t->overflows = false;
    t->q.from_ms = t->at_ms;
    t->q.to_ms = t->end_ms - t->at_ms > t->slice_ms ? t->at_ms + t->slice_ms : t->end_ms;
    const enum err e = store_find(t->store, &t->q, take, t, &torn);
    if (!e && !t->failed && !t->overflows) {
        t->torn += torn;
    }
    return t->failed ? ERR_MEMORY : e;
}

enum err timeline_next(struct timeline *t, const struct kept **points, size_t *n)
{
    *n = 0;
    while (t->at_ms < t->end_ms) {
        const enum err e = read_slice(t);
        if (e) {
            return e;
        }
        if (t->overflows) {
            t->slice_ms = t->slice_ms / 4 > SHORTEST_MS ? t->slice_ms / 4 : SHORTEST_MS;
            continue;
        }
        t->at_ms = t->q.to_ms;
        if (t->n < t->max / 4 && t->slice_ms < LONGEST_MS) {
            t->slice_ms *= 2;
        }
        if (t->n > 0) {
            qsort(t->p, t->n, sizeof *t->p, by_time);
            *points = t->p;
            *n = t->n;
            return ERR_OK;
        }
    }
    return ERR_OK;
}

size_t timeline_torn(const struct timeline *t)
{
    return t->torn;
}
