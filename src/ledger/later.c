#include "ledger/later.h"

#include <stdlib.h>

/* A place that was never flown to counts as so many ends there, and all such as so many. */
#define FRESH     0.05
#define ALL_FRESH 1.5

/* Who flies where changes with the weeks: what is flown this long before and after tells. */
#define AROUND_MS (14 * INT64_C(86400000))

enum err later_add(struct later *l, int64_t t_ms, uint32_t site, float p)
{
    if (l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 64;
        struct later_end *more = realloc(l->end, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        l->end = more;
        l->cap = cap;
    }
    l->end[l->n++] = (struct later_end){.t_ms = t_ms, .site = site, .p = p};
    l->ready = false;
    return ERR_OK;
}

static int order_times(const struct later_end *a, const struct later_end *b)
{
    return a->t_ms < b->t_ms ? -1 : a->t_ms > b->t_ms;
}

static int by_time(const void *p, const void *q)
{
    return order_times(p, q);
}

static int by_site(const void *p, const void *q)
{
    const struct later_end *a = p, *b = q;
    return a->site != b->site ? (a->site < b->site ? -1 : 1) : order_times(a, b);
}

enum err later_ready(struct later *l)
{
    free(l->by_time);
    free(l->t_ms);
    l->by_time = calloc(l->n + 1, sizeof *l->by_time);
    l->t_ms = calloc(l->n + 1, sizeof *l->t_ms);
    if (!l->by_time || !l->t_ms) {
        return ERR_MEMORY;
    }
    if (l->n > 1) {
        qsort(l->end, l->n, sizeof *l->end, by_time);
    }
    for (size_t i = 0; i < l->n; i++) {
        l->t_ms[i] = l->end[i].t_ms;
        l->by_time[i + 1] = l->by_time[i] + (double)l->end[i].p;
    }
    if (l->n > 1) {
        qsort(l->end, l->n, sizeof *l->end, by_site);
    }
    for (size_t i = 1; i < l->n; i++) {
        l->end[i].before = l->end[i].site == l->end[i - 1].site
                               ? l->end[i - 1].before + (double)l->end[i - 1].p
                               : 0;
    }
    l->ready = true;
    return ERR_OK;
}

/* Of all ends those said before t_ms. */
static double all_before(const struct later *l, int64_t t_ms)
{
    size_t lo = 0, hi = l->n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (l->t_ms[mid] < t_ms) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return l->by_time[lo];
}

/* The first end at a site that was not said before t_ms, of any later site, or the last. */
static size_t first_from(const struct later *l, uint32_t site, int64_t t_ms)
{
    size_t lo = 0, hi = l->n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        const struct later_end *e = &l->end[mid];
        if (e->site < site || (e->site == site && e->t_ms < t_ms)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static double at_before(const struct later *l, uint32_t site, int64_t t_ms)
{
    const size_t i = first_from(l, site, t_ms);
    return i > 0 && l->end[i - 1].site == site ? l->end[i - 1].before + (double)l->end[i - 1].p : 0;
}

double later_weight(const struct later *l, int64_t t_ms, uint32_t site)
{
    if (!l->ready || l->n == 0) {
        return 1;
    }
    const double then = (at_before(l, site, t_ms) + FRESH) / (all_before(l, t_ms) + ALL_FRESH);
    const int64_t from_ms = t_ms - AROUND_MS, to_ms = t_ms + AROUND_MS;
    const double now = (at_before(l, site, to_ms) - at_before(l, site, from_ms) + FRESH) /
                       (all_before(l, to_ms) - all_before(l, from_ms) + ALL_FRESH);
    return now / then;
}

void later_free(struct later *l)
{
    free(l->end);
    free(l->by_time);
    free(l->t_ms);
    *l = (struct later){0};
}
