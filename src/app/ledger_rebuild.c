#include "app/ledger_rebuild.h"

#include "app/bench.h"
#include "ledger/detect.h"
#include "store/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { THREADS = 2, COVERAGE_SLICE = 4096 };

#define DAY_MS INT64_C(86400000)

/* The aircraft of one thread, and what it says of them. */
struct part {
    struct rebuild *r;
    uv_thread_t thread;
    struct store *store; /* a reader */
    struct detect *detect;
    struct store_span *span; /* all its aircraft, by address */
    size_t spans, spans_max;
    struct store_span *today;
    struct claim *claim; /* of the day */
    size_t claims, claims_max;
    uint64_t points;
    enum err e;
};

/* What came before the oldest points, of one airframe. */
struct before {
    uint32_t address, number, leg;
    uint16_t epoch;
};

struct rebuild {
    const struct ledger_rebuild *o;
    struct ledger_world *world;
    struct memory *units;
    struct part part[THREADS];
    struct before *before; /* by address, epoch */
    size_t befores, befores_max;
    int32_t day, last_day;
    int64_t until_ms; /* of the newest point */
    bool failed;      /* out of memory */
};

/* ---- a thread ---- */

static int compare_before(const void *p, const void *q)
{
    const struct before *a = p, *b = q;
    return a->address != b->address ? (a->address < b->address ? -1 : 1)
                                    : (a->epoch > b->epoch) - (a->epoch < b->epoch);
}

static void take_claim(void *ctx, const struct claim *c)
{
    struct part *p = ctx;
    if (p->claims == p->claims_max) {
        const size_t max = p->claims_max ? p->claims_max * 2 : 1024;
        struct claim *more = realloc(p->claim, max * sizeof *more);
        if (!more) {
            p->e = ERR_MEMORY;
            return;
        }
        p->claim = more;
        p->claims_max = max;
    }
    struct claim *to = &p->claim[p->claims++];
    *to = *c;
    const struct before key = {.address = c->address, .epoch = c->epoch};
    const struct before *b =
        p->r->befores ? bsearch(&key, p->r->before, p->r->befores, sizeof key, compare_before)
                      : NULL;
    if (b) { /* its rows go on after those whose points are gone */
        to->number += b->number;
        to->supersedes += to->supersedes ? b->number : 0;
        to->leg += to->leg ? b->leg : 0;
    }
}

/* Its aircraft that have points in a day. */
static size_t of_today(struct part *p, int64_t from_ms, int64_t to_ms)
{
    size_t n = 0;
    for (size_t i = 0; i < p->spans; i++) {
        if (p->span[i].from_ms < to_ms && p->span[i].to_ms > from_ms) {
            p->today[n++] = (struct store_span){p->span[i].address, from_ms, to_ms};
        }
    }
    return n;
}

static enum err read_day(struct part *p, struct store_search *f)
{
    enum err e = ERR_OK;
    for (bool more = true; more && !e;) {
        const struct kept *k;
        size_t n;
        e = store_search_next(f, p->store, &k, &n, &more);
        for (size_t i = 0; i < n && !e; i++) {
            e = detect_push(p->detect, &k[i], take_claim, p);
        }
        p->points += n;
        e = e ? e : p->e;
    }
    return e;
}

static void run_day(void *ctx)
{
    struct part *p = ctx;
    const int64_t from_ms = p->r->day * DAY_MS;
    int64_t end_ms = from_ms + DAY_MS - 1;
    struct store_query q = store_query_any();
    q.from_ms = from_ms;
    q.to_ms = from_ms + DAY_MS;
    const size_t n = of_today(p, q.from_ms, q.to_ms);
    struct store_search *f = NULL;
    if (n > 0) {
        p->e = store_search_of(p->store, &q, p->today, n, &f);
        p->e = p->e ? p->e : read_day(p, f);
        store_search_free(f);
    }
    end_ms = end_ms < p->r->until_ms ? end_ms : p->r->until_ms;
    p->e = p->e ? p->e : detect_tick(p->detect, end_ms, take_claim, p);
}

/* ---- all ---- */

static bool take_aircraft(void *ctx, const struct store_span *s)
{
    struct rebuild *r = ctx;
    struct part *p = &r->part[(s->address * UINT32_C(0x9e3779b1)) >> 31];
    if (p->spans == p->spans_max) {
        const size_t max = p->spans_max ? p->spans_max * 2 : 1024;
        struct store_span *more = realloc(p->span, max * sizeof *more);
        struct store_span *today = realloc(p->today, max * sizeof *today);
        p->span = more ? more : p->span;
        p->today = today ? today : p->today;
        if (!more || !today) {
            r->failed = true;
            return false;
        }
        p->spans_max = max;
    }
    p->span[p->spans++] = *s;
    const int32_t first = memory_day(s->from_ms);
    r->day = first < r->day ? first : r->day;
    r->until_ms = s->to_ms - 1 > r->until_ms ? s->to_ms - 1 : r->until_ms;
    return true;
}

static bool take_before(void *ctx, uint32_t address, uint16_t epoch, uint32_t number, uint32_t leg)
{
    struct rebuild *r = ctx;
    if (r->befores == r->befores_max) {
        const size_t max = r->befores_max ? r->befores_max * 2 : 256;
        struct before *more = realloc(r->before, max * sizeof *more);
        if (!more) {
            r->failed = true;
            return false;
        }
        r->before = more;
        r->befores_max = max;
    }
    r->before[r->befores++] = (struct before){address, number, leg, epoch};
    return true;
}

static enum err open_parts(struct rebuild *r, char *why, size_t why_size)
{
    struct detect_options o = {.units = r->units};
    ledger_world_views(r->world, &o.views);
    for (int i = 0; i < THREADS; i++) {
        struct part *p = &r->part[i];
        const struct store_options read = {.mode = STORE_READ};
        const enum err e = store_open(r->o->dir, &read, &p->store, why, why_size);
        if (e) {
            return e;
        }
        p->r = r;
        p->detect = detect_new(&o);
        if (!p->detect) {
            return ERR_MEMORY;
        }
    }
    return ERR_OK;
}

/* What both said of a day is written, and known from the next on. */
static enum err take_day(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS && !e; i++) {
        struct part *p = &r->part[i];
        e = p->e;
        for (size_t k = 0; k < p->claims && !e; k++) {
            e = store_ledger_stage(r->o->writer, &p->claim[k]);
        }
        out->claims += p->claims;
        p->claims = 0;
        e = e ? e : detect_fold(p->detect);
    }
    return e;
}

static enum err run_days(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    const int32_t last = memory_day(r->until_ms);
    for (; r->day <= last && !e; r->day++) {
        e = ledger_world_day(r->world, r->part[0].store, r->day);
        const double start_s = bench_wall_s();
        int n = 0;
        for (; n < THREADS && !e; n++) {
            e = uv_thread_create(&r->part[n].thread, run_day, &r->part[n]) ? ERR_SYSTEM : ERR_OK;
        }
        for (int i = 0; i < (e ? n - 1 : n); i++) {
            uv_thread_join(&r->part[i].thread);
        }
        out->detect_s += bench_wall_s() - start_s;
        e = e ? e : take_day(r, out);
        if (r->o->progress && (last - r->day) % 10 == 0) {
            fprintf(stderr, "ledger: %d days to go, %" PRIu64 " rows\n", last - r->day,
                    out->claims);
        }
    }
    return e;
}

static enum err learn_coverage(struct store *s)
{
    enum err e = ERR_OK;
    for (bool more = true; more && !e;) {
        e = store_coverage_update(s, COVERAGE_SLICE, &more);
    }
    return e;
}

static enum err run(struct rebuild *r, struct ledger_rebuilt *out, char *why, size_t why_size)
{
    struct store *s = r->o->writer;
    enum err e = store_flush(s);
    e = e ? e : learn_coverage(s);
    e = e ? e : store_ledger_aircraft(s, take_aircraft, r);
    e = e ? e : store_ledger_before_points(s, take_before, r);
    e = e ? e : r->failed ? ERR_MEMORY : open_parts(r, why, why_size);
    if (e) {
        return e;
    }
    if (r->befores > 0) {
        qsort(r->before, r->befores, sizeof *r->before, compare_before);
    }
    e = store_ledger_open(s);
    e = e || r->until_ms == KEPT_NO_TIME ? e : run_days(r, out);
    if (!e) {
        e = store_ledger_close(s, DETECT_NAME, r->until_ms, &out->change);
    }
    for (int i = 0; i < THREADS; i++) {
        out->points += r->part[i].points;
    }
    return e;
}

enum err ledger_rebuild(const struct ledger_rebuild *o, struct ledger_rebuilt *out, char *why,
                        size_t why_size)
{
    struct rebuild r = {.o = o, .day = INT32_MAX, .until_ms = KEPT_NO_TIME};
    const double start_s = bench_wall_s();
    *out = (struct ledger_rebuilt){0};
    why[0] = 0;
    r.world = ledger_world_open(o->data, why, why_size);
    if (!r.world) {
        return ERR_NOT_FOUND;
    }
    r.units = memory_new();
    const enum err e = r.units ? run(&r, out, why, why_size) : ERR_MEMORY;
    if (e && !why[0]) {
        snprintf(why, why_size, "%s", err_text(e));
    }
    for (int i = 0; i < THREADS; i++) {
        struct part *p = &r.part[i];
        detect_free(p->detect);
        store_close(p->store);
        free(p->span);
        free(p->today);
        free(p->claim);
    }
    free(r.before);
    memory_free(r.units);
    ledger_world_close(r.world);
    out->all_s = bench_wall_s() - start_s;
    return e;
}
