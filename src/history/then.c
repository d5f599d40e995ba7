/* "In A, then in B within N hours": the visits to A are collected; then points in B of those
   aircraft, each in its span of time, are given to the visits they follow. */
#include "history/internal.h"

#include <stdlib.h>

enum { VISITS_MAX = 1000000 };

struct then {
    bool second; /* the second half */
    struct visit *visit;
    size_t n, max;
    size_t at; /* the first whose aircraft's points in B have not all come */
    struct then_found {
        bool has;
        struct kept k;
    } * found;
};

enum err then_new(struct inquiry *i, struct store *s)
{
    i->then = calloc(1, sizeof *i->then);
    return i->then ? store_search_visits(s, &i->q->query, false, &i->search) : ERR_MEMORY;
}

void then_free(struct then *t)
{
    if (t) {
        free(t->visit);
        free(t->found);
        free(t);
    }
}

static enum err keep(struct then *t, const struct visit *v)
{
    if (t->n == VISITS_MAX) {
        return ERR_FULL;
    }
    if (t->n == t->max) {
        const size_t max = t->max ? 2 * t->max : 64;
        struct visit *more = realloc(t->visit, max * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        t->visit = more;
        t->max = max;
    }
    t->visit[t->n++] = *v;
    return ERR_OK;
}

/* For each aircraft the time in which it may have come to B. */
static struct store_span *spans(const struct inquiry *i, size_t *n)
{
    const struct then *t = i->then;
    struct store_span *span = malloc((t->n + 1) * sizeof *span);
    *n = 0;
    for (size_t k = 0; span && k < t->n; k++) {
        const struct visit *v = &t->visit[k];
        if (*n == 0 || span[*n - 1].address != v->first.address) {
            span[(*n)++] = (struct store_span){v->first.address, v->first.t_ms + 1, 0};
        }
        span[*n - 1].to_ms = v->last.t_ms + i->q->within_ms + 1;
    }
    return span;
}

static enum err turn_to_b(struct inquiry *i, struct store *s)
{
    struct then *t = i->then;
    struct store_query b = store_query_any();
    size_t n;
    struct store_span *span = spans(i, &n);
    t->found = calloc(t->n + 1, sizeof *t->found);
    i->torn += store_search_state(i->search).torn;
    store_search_free(i->search);
    i->search = NULL;
    b.area = i->q->then.area;
    for (size_t k = 0; span && k < n; k++) {
        b.from_ms = k == 0 || span[k].from_ms < b.from_ms ? span[k].from_ms : b.from_ms;
        b.to_ms = k == 0 || span[k].to_ms > b.to_ms ? span[k].to_ms : b.to_ms;
    }
    b.to_ms = b.to_ms > KEPT_TIME_MAX ? KEPT_TIME_MAX : b.to_ms;
    const enum err e = span && t->found ? store_search_of(s, &b, span, n, &i->search) : ERR_MEMORY;
    free(span);
    t->second = true;
    return e;
}

/* Writes the visits of aircraft before this one. */
static void flush(struct inquiry *i, struct buf *out, uint32_t address)
{
    struct then *t = i->then;
    for (; t->at < t->n && t->visit[t->at].first.address < address && !i->is_cut; t->at++) {
        const struct visit *v = &t->visit[t->at];
        if (t->found[t->at].has && inquiry_may_write(i)) {
            answer_then(i, out, v, &t->found[t->at].k);
            i->found++;
            i->last = (struct store_after){v->last.address, v->last.t_ms, v->last_n};
        }
    }
}

static void take_b(struct inquiry *i, const struct kept *k)
{
    struct then *t = i->then;
    for (size_t j = t->at; j < t->n && t->visit[j].first.address == k->address; j++) {
        const struct visit *v = &t->visit[j];
        if (v->first.t_ms >= k->t_ms) {
            return;
        }
        if (!t->found[j].has && k->t_ms <= v->last.t_ms + i->q->within_ms) {
            t->found[j] = (struct then_found){true, *k};
        }
    }
}

static enum err first_step(struct inquiry *i, struct store *s)
{
    const struct kept *p;
    size_t n;
    bool more;
    struct visit v;
    enum err e = store_search_next(i->search, s, &p, &n, &more);
    for (size_t k = 0; !e && k < n; k++) {
        e = visits_take(&i->visits, &p[k], &v) ? keep(i->then, &v) : ERR_OK;
    }
    if (!e && !more) {
        e = visits_end(&i->visits, &v) ? keep(i->then, &v) : ERR_OK;
        e = e ? e : turn_to_b(i, s);
    }
    return e;
}

enum err then_step(struct inquiry *i, struct store *s, struct buf *out, bool *more)
{
    if (!i->then->second) {
        *more = true;
        return first_step(i, s);
    }
    const struct kept *p;
    size_t n;
    const enum err e = store_search_next(i->search, s, &p, &n, more);
    if (!e && n > 0) {
        flush(i, out, p[0].address);
    }
    for (size_t k = 0; !e && k < n; k++) {
        take_b(i, &p[k]);
    }
    if (!e && !*more) {
        flush(i, out, UINT32_MAX);
    }
    *more = *more && !i->is_cut;
    return e;
}
