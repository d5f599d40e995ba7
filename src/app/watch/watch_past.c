#include "app/watch/watch_past.h"

#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS    INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define BEFORE_MS (3 * DAY_MS) /* rows of flights under way when it begins */

struct run {
    struct watch_past *p;
    struct claim *claim;
    size_t claims, claims_max;
    struct kept *point;
    size_t points, points_max;
    bool failed, ended;
};

static bool goes_on(struct run *r, int64_t t_ms)
{
    r->ended |= r->p->go_on && !r->p->go_on(r->p->ctx, t_ms);
    return !r->ended;
}

/* ---- claims ---- */

static bool take_claim(void *ctx, const struct claim *c)
{
    struct run *r = ctx;
    if (c->made_ms < r->p->from_ms - BEFORE_MS || c->made_ms >= r->p->to_ms) {
        return true;
    }
    if (r->claims == r->claims_max) {
        const size_t max = r->claims_max ? 2 * r->claims_max : 4096;
        struct claim *more = realloc(r->claim, max * sizeof *more);
        if (!more) {
            r->failed = true;
            return false;
        }
        r->claim = more;
        r->claims_max = max;
    }
    r->claim[r->claims++] = *c;
    return true;
}

static int by_made(const void *p, const void *q)
{
    const struct claim *a = p, *b = q;
    if (a->made_ms != b->made_ms) {
        return a->made_ms < b->made_ms ? -1 : 1;
    }
    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return a->epoch != b->epoch ? (a->epoch < b->epoch ? -1 : 1)
                                : (a->number > b->number) - (a->number < b->number);
}

static enum err read_claims(struct run *r)
{
    const struct store_ledger_query q = {
        .address = ADDRESS_NONE, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
    const enum err e = store_ledger_find(r->p->store, &q, take_claim, r, NULL);
    if (e || r->failed) {
        return e ? e : ERR_MEMORY;
    }
    if (r->claims > 1) {
        qsort(r->claim, r->claims, sizeof *r->claim, by_made);
    }
    r->p->claims = r->claims;
    return ERR_OK;
}

/* ---- points ---- */

static int by_time(const void *p, const void *q)
{
    const struct kept *a = p, *b = q;
    return a->t_ms != b->t_ms ? (a->t_ms < b->t_ms ? -1 : 1)
                              : (a->address > b->address) - (a->address < b->address);
}

static bool take_point(struct run *r, const struct kept *k)
{
    if (r->points == r->points_max) {
        const size_t max = r->points_max ? 2 * r->points_max : 65536;
        struct kept *more = realloc(r->point, max * sizeof *more);
        if (!more) {
            r->failed = true;
            return false;
        }
        r->point = more;
        r->points_max = max;
    }
    r->point[r->points++] = *k;
    return true;
}

static enum err read_points(struct run *r, int64_t from_ms, int64_t to_ms)
{
    struct store_query q = store_query_any();
    struct store_search *search = NULL;
    struct watch_care care = {.address = ADDRESS_NONE};
    bool more = true;
    r->points = 0;
    q.from_ms = from_ms;
    q.to_ms = to_ms;
    enum err e = store_search_new(r->p->store, &q, &search);
    while (!e && more && !r->failed && goes_on(r, from_ms)) {
        const struct kept *k;
        size_t n = 0;
        e = store_search_next(search, r->p->store, &k, &n, &more);
        for (size_t i = 0; i < n && !e && !r->failed; i++) {
            r->p->points++;
            if (watch_cares(r->p->set, &k[i], &care)) {
                take_point(r, &k[i]);
            }
        }
    }
    store_search_free(search);
    if (r->points > 1) {
        qsort(r->point, r->points, sizeof *r->point, by_time);
    }
    r->p->looked_at += r->points;
    return e ? e : r->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- one after the other ---- */

/* Points and rows up to a time, a tick a minute. */
static enum err tell_until(struct run *r, int64_t to_ms, size_t *claim, int64_t *tick_ms)
{
    enum err e = ERR_OK;
    size_t point = 0;
    while (!e) {
        const bool has_point = point < r->points;
        const bool has_claim = *claim < r->claims && r->claim[*claim].made_ms < to_ms;
        const int64_t at_ms =
            has_point && (!has_claim || r->point[point].t_ms <= r->claim[*claim].made_ms)
                ? r->point[point].t_ms
            : has_claim ? r->claim[*claim].made_ms
                        : to_ms;
        if (at_ms >= *tick_ms + MINUTE_MS) {
            /* A silence of days is looked at once an hour. */
            *tick_ms += at_ms - *tick_ms > DAY_MS ? 60 * MINUTE_MS : MINUTE_MS;
            e = watch_tick(r->p->set, *tick_ms);
        } else if (has_point && r->point[point].t_ms == at_ms) {
            e = watch_fix(r->p->set, &r->point[point++]);
        } else if (has_claim) {
            e = watch_claim(r->p->set, &r->claim[(*claim)++]);
        } else {
            break;
        }
    }
    return e;
}

static enum err run(struct run *r)
{
    struct watch_past *p = r->p;
    const bool fixes = watch_wants_fixes(p->set), heard = watch_wants_heard(p->set);
    struct store_stats stats;
    size_t claim = 0;
    enum err e = read_claims(r);
    e = e ? e : store_stats(p->store, &stats);
    if (e || (stats.last_ms == KEPT_NO_TIME && r->claims == 0)) {
        return e;
    }
    int64_t day_ms = p->from_ms, last_ms = p->to_ms;
    if (stats.last_ms != KEPT_NO_TIME) { /* only days with something in them */
        day_ms = day_ms > stats.first_ms - BEFORE_MS ? day_ms : stats.first_ms - BEFORE_MS;
        last_ms = last_ms < stats.last_ms + 2 * DAY_MS ? last_ms : stats.last_ms + 2 * DAY_MS;
    }
    int64_t tick_ms = day_ms - day_ms % MINUTE_MS;
    while (!e && day_ms < last_ms && goes_on(r, day_ms)) {
        int64_t next_ms = (day_ms - (day_ms % DAY_MS + DAY_MS) % DAY_MS) + DAY_MS;
        next_ms = next_ms < last_ms ? next_ms : last_ms;
        /* Who only asks at the end how well places were heard is told of the last day. */
        e = heard || next_ms == last_ms
                ? watch_world_day(p->world, p->store, (int32_t)(day_ms / DAY_MS))
                : ERR_OK;
        e = e || !fixes ? e : read_points(r, day_ms, next_ms);
        if (r->ended) {
            break;
        }
        e = e ? e : tell_until(r, next_ms, &claim, &tick_ms);
        r->points = 0;
        day_ms = next_ms;
    }
    p->until_ms = r->ended ? day_ms : p->to_ms;
    return e;
}

enum err watch_past_run(struct watch_past *p, char *why, size_t why_size)
{
    struct run r = {.p = p};
    const enum err e = run(&r);
    free(r.claim);
    free(r.point);
    if (e) {
        snprintf(why, why_size, "%s",
                 e == ERR_MEMORY ? "out of memory: ask for less time at once"
                                 : "the store cannot be read: masar store check says why");
    }
    return e;
}

bool watch_past_heard(const struct watch_past *p, int32_t lat_e7, int32_t lon_e7, float *low,
                      float *high)
{
    enum { LOW_FT = 5000, HIGH_FT = 25000, HOURS = 24 };
    struct watch_views v;
    float sum[2] = {0, 0};
    bool known = false;
    watch_world_views(p->world, &v);
    for (int h = 0; h < HOURS; h++) {
        const int64_t t_ms = p->from_ms + (int64_t)h * 60 * MINUTE_MS;
        const float a = v.heard(v.heard_ctx, lat_e7, lon_e7, LOW_FT, t_ms);
        const float b = v.heard(v.heard_ctx, lat_e7, lon_e7, HIGH_FT, t_ms);
        known |= a >= 0 || b >= 0;
        sum[0] += a > 0 ? a / HOURS : 0;
        sum[1] += b > 0 ? b / HOURS : 0;
    }
    *low = sum[0];
    *high = sum[1];
    return known;
}
