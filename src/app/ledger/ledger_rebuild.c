#include "app/ledger/ledger_rebuild.h"

#include "app/bench/bench.h"
#include "ledger/detect.h"
#include "ledger/together.h"
#include "store/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { THREADS = 2, COVERAGE_SLICE = 4096 };

#define DAY_MS INT64_C(86400000)

/* Rows of a day that are not written yet. */
struct rows {
    struct claim *claim;
    size_t n, max;
    bool failed; /* out of memory */
};

/* The aircraft of one thread, and what it says of them. */
struct part {
    struct rebuild *r;
    uv_thread_t thread;
    struct store *store; /* a reader */
    struct detect *detect;
    struct store_span *span; /* all its aircraft, by address */
    size_t spans, spans_max;
    struct store_span *today;
    struct rows rows;
    struct together_points noted; /* of the day */
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
    struct rows said[THREADS]; /* of the day before, written while the parts look at the next */
    struct pairs {             /* what all say together, of the day before the parts' */
        uv_thread_t thread;
        bool runs;
        struct together *together;
        int64_t until_ms;
        struct rows rows;
        enum err e;
    } pairs;
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

static struct claim *add_row(struct rows *r, const struct claim *c)
{
    if (r->n == r->max) {
        const size_t max = r->max ? r->max * 2 : 1024;
        struct claim *more = realloc(r->claim, max * sizeof *more);
        if (!more) {
            r->failed = true;
            return NULL;
        }
        r->claim = more;
        r->max = max;
    }
    r->claim[r->n] = *c;
    return &r->claim[r->n++];
}

static void take_row(void *ctx, const struct claim *c)
{
    add_row(ctx, c);
}

static void take_claim(void *ctx, const struct claim *c)
{
    struct part *p = ctx;
    struct claim *to = add_row(&p->rows, c);
    if (!to) {
        p->e = ERR_MEMORY;
        return;
    }
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
            e = e ? e : together_note(&p->noted, &k[i]);
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
    const struct together_options together = ledger_world_together(r->world);
    ledger_world_views(r->world, &o.views);
    r->pairs.together = together_new(&together);
    if (!r->pairs.together) {
        return ERR_MEMORY;
    }
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

static void run_pairs(void *ctx)
{
    struct pairs *p = ctx;
    p->e = together_run(p->together, p->until_ms, take_row, &p->rows);
    p->e = p->rows.failed ? ERR_MEMORY : p->e;
}

static enum err stage(struct rebuild *r, struct rows *rows, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    for (size_t k = 0; k < rows->n && !e; k++) {
        e = store_ledger_stage(r->o->writer, &rows->claim[k]);
    }
    out->claims += rows->n;
    rows->n = 0;
    return e;
}

/* What was said together of the day before is written. */
static enum err end_pairs(struct rebuild *r, struct ledger_rebuilt *out)
{
    struct pairs *p = &r->pairs;
    if (!p->runs) {
        return ERR_OK;
    }
    uv_thread_join(&p->thread);
    p->runs = false;
    return p->e ? p->e : stage(r, &p->rows, out);
}

/* The day's points and orbits go to the thread that looks at all aircraft together. It runs beside
   the next day. */
static enum err begin_pairs(struct rebuild *r, int64_t until_ms)
{
    struct pairs *p = &r->pairs;
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS && !e; i++) {
        const struct rows *rows = &r->part[i].rows;
        e = together_take(p->together, &r->part[i].noted);
        for (size_t k = 0; k < rows->n && !e; k++) {
            e = together_orbit(p->together, &rows->claim[k]);
        }
    }
    p->until_ms = until_ms;
    if (!e && uv_thread_create(&p->thread, run_pairs, p)) {
        e = ERR_SYSTEM;
    }
    p->runs = !e;
    return e;
}

/* What both said of a day is known from the next on, and written beside it. */
static enum err take_day(struct rebuild *r)
{
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS && !e; i++) {
        struct part *p = &r->part[i];
        const struct rows said = p->rows;
        p->rows = r->said[i];
        r->said[i] = said;
        e = p->e ? p->e : detect_fold(p->detect);
    }
    return e;
}

static enum err stage_said(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS && !e; i++) {
        e = stage(r, &r->said[i], out);
    }
    return e;
}

/* All parts look at the day. */
static enum err run_parts(struct rebuild *r, struct ledger_rebuilt *out)
{
    const double start_s = bench_wall_s();
    enum err e = ERR_OK;
    int n = 0;
    while (n < THREADS && !e) {
        e = uv_thread_create(&r->part[n].thread, run_day, &r->part[n]) ? ERR_SYSTEM : ERR_OK;
        n += !e;
    }
    e = e ? e : stage_said(r, out);
    while (n > 0) {
        uv_thread_join(&r->part[--n].thread);
    }
    out->detect_s += bench_wall_s() - start_s;
    return e;
}

static enum err run_days(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    const int32_t last = memory_day(r->until_ms);
    for (; r->day <= last && !e; r->day++) {
        const int64_t end_ms = (r->day + 1) * DAY_MS;
        e = ledger_world_day(r->world, r->part[0].store, r->day);
        e = e ? e : run_parts(r, out);
        e = e ? e : end_pairs(r, out);
        e = e ? e : begin_pairs(r, end_ms < r->until_ms ? end_ms : r->until_ms);
        e = e ? e : take_day(r);
        if (r->o->progress && (last - r->day) % 10 == 0) {
            fprintf(stderr, "ledger: %d days to go, %" PRIu64 " rows\n", last - r->day,
                    out->claims);
        }
    }
    e = e ? e : stage_said(r, out);
    const enum err last_e = end_pairs(r, out);
    return e ? e : last_e;
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
    r.world = ledger_world_open(&o->sources, why, why_size);
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
        free(p->rows.claim);
        free(r.said[i].claim);
        together_points_free(&p->noted);
    }
    free(r.pairs.rows.claim);
    together_free(r.pairs.together);
    free(r.before);
    memory_free(r.units);
    ledger_world_close(r.world);
    out->all_s = bench_wall_s() - start_s;
    return e;
}
