#include "app/ledger/ledger_rebuild.h"

#include "app/bench/bench.h"
#include "ledger/detect.h"
#include "ledger/together.h"
#include "store/coverage.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { THREADS = 2, COVERAGE_SLICE = 4096 };

#define DAY_MS INT64_C(86400000)

/* All threads look at a slice of time before any goes on: a day, so that one seldom waits for the
   other; of many points a quarter of it, so that little is left for the end that only one can do.
 */
#define SLICE_MS      DAY_MS
#define SLICE_MANY_MS (DAY_MS / 4)
#define MANY_A_DAY    100000

/* Rows that are not written yet. */
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
    struct store_span *now; /* those with points in the slice */
    struct rows rows;
    struct together_points noted; /* of the slice */
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
    struct detect_options detect;
    struct part part[THREADS];
    atomic_int running; /* parts that are not through the slice */
    struct rows said;   /* of the slices before, written while the parts look at the next */
    bool staging;       /* coverage is learned: the writer is free for rows */
    struct pairs {      /* what all say together, of the slice before the parts' */
        uv_thread_t thread;
        bool runs;
        struct together *together;
        struct together_points noted[THREADS];
        int64_t until_ms;
        struct rows rows;
        enum err e;
    } pairs;
    struct before *before; /* by address, epoch */
    size_t befores, befores_max;
    int32_t first_day;
    int64_t from_ms, slice_ms; /* of the slice: when it begins, how long it is */
    int64_t until_ms;          /* of the newest point */
    bool failed;               /* out of memory */
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

/* Its aircraft that have points in a slice. */
static size_t of_slice(struct part *p, int64_t from_ms, int64_t to_ms)
{
    size_t n = 0;
    for (size_t i = 0; i < p->spans; i++) {
        if (p->span[i].from_ms < to_ms && p->span[i].to_ms > from_ms) {
            p->now[n++] = (struct store_span){p->span[i].address, from_ms, to_ms};
        }
    }
    return n;
}

static enum err read_slice(struct part *p, struct store_search *f)
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

static enum err look_at_slice(struct part *p)
{
    struct store_query q = store_query_any();
    q.from_ms = p->r->from_ms;
    q.to_ms = q.from_ms + p->r->slice_ms;
    p->detect = p->detect ? p->detect : detect_new(&p->r->detect);
    const size_t n = p->detect ? of_slice(p, q.from_ms, q.to_ms) : 0;
    enum err e = p->detect ? ERR_OK : ERR_MEMORY;
    if (n > 0) {
        struct store_search *f = NULL;
        e = store_search_of(p->store, &q, p->now, n, &f);
        e = e ? e : read_slice(p, f);
        store_search_free(f);
    }
    const int64_t end_ms = q.to_ms - 1 < p->r->until_ms ? q.to_ms - 1 : p->r->until_ms;
    return e ? e : detect_tick(p->detect, end_ms, take_claim, p);
}

static void run_part(void *ctx)
{
    struct part *p = ctx;
    const enum err e = look_at_slice(p);
    p->e = p->e ? p->e : e;
    atomic_fetch_sub(&p->r->running, 1);
}

/* ---- all ---- */

static bool take_aircraft(void *ctx, const struct store_span *s)
{
    struct rebuild *r = ctx;
    struct part *p = &r->part[(s->address * UINT32_C(0x9e3779b1)) >> 31];
    if (p->spans == p->spans_max) {
        const size_t max = p->spans_max ? p->spans_max * 2 : 1024;
        struct store_span *more = realloc(p->span, max * sizeof *more);
        struct store_span *now = realloc(p->now, max * sizeof *now);
        p->span = more ? more : p->span;
        p->now = now ? now : p->now;
        if (!more || !now) {
            r->failed = true;
            return false;
        }
        p->spans_max = max;
    }
    p->span[p->spans++] = *s;
    const int32_t first = memory_day(s->from_ms);
    r->first_day = first < r->first_day ? first : r->first_day;
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
    const struct together_options together = ledger_world_together(r->world);
    r->detect.units = r->units;
    ledger_world_views(r->world, &r->detect.views);
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
    }
    return ERR_OK;
}

/* ---- what all say together ---- */

static void run_pairs(void *ctx)
{
    struct pairs *p = ctx;
    p->e = ERR_OK;
    for (int i = 0; i < THREADS && !p->e; i++) {
        p->e = together_take(p->together, &p->noted[i]);
    }
    p->e = p->e ? p->e : together_run(p->together, p->until_ms, take_row, &p->rows);
    p->e = p->rows.failed ? ERR_MEMORY : p->e;
}

/* Rows go to those that are to be written. */
static enum err say(struct rebuild *r, struct rows *rows)
{
    for (size_t k = 0; k < rows->n; k++) {
        add_row(&r->said, &rows->claim[k]);
    }
    rows->n = 0;
    return r->said.failed ? ERR_MEMORY : ERR_OK;
}

static enum err end_pairs(struct rebuild *r)
{
    struct pairs *p = &r->pairs;
    if (!p->runs) {
        return ERR_OK;
    }
    uv_thread_join(&p->thread);
    p->runs = false;
    return p->e ? p->e : say(r, &p->rows);
}

/* The slice's points and orbits go to the thread that looks at all aircraft together. It runs
   beside the next slice. */
static enum err begin_pairs(struct rebuild *r, int64_t until_ms)
{
    struct pairs *p = &r->pairs;
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS; i++) {
        struct part *part = &r->part[i];
        const struct together_points noted = part->noted;
        part->noted = p->noted[i];
        p->noted[i] = noted;
        for (size_t k = 0; k < part->rows.n && !e; k++) {
            e = together_orbit(p->together, &part->rows.claim[k]);
        }
    }
    p->until_ms = until_ms;
    if (!e && uv_thread_create(&p->thread, run_pairs, p)) {
        e = ERR_SYSTEM;
    }
    p->runs = !e;
    return e;
}

/* ---- the writer ---- */

static enum err stage_said(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = ERR_OK;
    for (size_t k = 0; k < r->said.n && !e; k++) {
        e = store_ledger_stage(r->o->writer, &r->said.claim[k]);
    }
    out->claims += r->said.n;
    r->said.n = 0;
    return e;
}

/* Coverage is learned until all of it is, or the parts are through; then rows can be staged. */
static enum err learn(struct rebuild *r, bool all)
{
    enum err e = ERR_OK;
    bool more = !r->staging;
    while (more && !e && (all || atomic_load(&r->running) > 0)) {
        e = store_coverage_update(r->o->writer, COVERAGE_SLICE, &more);
    }
    if (!e && !more && !r->staging) {
        e = store_ledger_open(r->o->writer);
        r->staging = !e;
    }
    return e;
}

/* What was heard is asked of days until two before. So where nothing is known of coverage yet the
   first two days ask for none, and it is learned beside them. */
static enum err learn_first(struct rebuild *r)
{
    struct store_coverage_state state;
    const enum err e = store_coverage_state(r->o->writer, &state);
    return e || state.records == 0 ? e : learn(r, true);
}

static enum err go_to_day(struct rebuild *r, int32_t day)
{
    enum err e = day >= r->first_day + 2 ? learn(r, true) : ERR_OK;
    return e ? e : ledger_world_day(r->world, r->part[0].store, day);
}

/* ---- slice by slice ---- */

/* What both said of a slice is known from the next on, and written beside it. */
static enum err take_slice(struct rebuild *r)
{
    enum err e = ERR_OK;
    for (int i = 0; i < THREADS && !e; i++) {
        e = say(r, &r->part[i].rows);
        e = e ? e : detect_fold(r->part[i].detect);
    }
    return e;
}

/* All parts look at the slice; meanwhile the writer has its own to do. */
static enum err run_parts(struct rebuild *r, struct ledger_rebuilt *out)
{
    const double start_s = bench_wall_s();
    enum err e = ERR_OK;
    int n = 0;
    atomic_store(&r->running, THREADS);
    while (n < THREADS && !e) {
        e = uv_thread_create(&r->part[n].thread, run_part, &r->part[n]) ? ERR_SYSTEM : ERR_OK;
        n += !e;
    }
    e = e ? e : learn(r, false);
    e = e || !r->staging ? e : stage_said(r, out);
    while (n > 0) {
        uv_thread_join(&r->part[--n].thread);
        e = e ? e : r->part[n].e;
    }
    out->detect_s += bench_wall_s() - start_s;
    return e;
}

static void tell(const struct rebuild *r, const struct ledger_rebuilt *out)
{
    const int32_t left = memory_day(r->until_ms) - memory_day(r->from_ms);
    if (r->o->progress && r->from_ms % DAY_MS == 0 && left % 10 == 0) {
        fprintf(stderr, "ledger: %d days to go, %" PRIu64 " rows\n", left, out->claims);
    }
}

static enum err choose_slice(struct rebuild *r)
{
    struct store_stats stats;
    const enum err e = store_stats(r->o->writer, &stats);
    const int64_t days = memory_day(r->until_ms) - r->first_day + 1;
    r->slice_ms = !e && stats.points / (uint64_t)days > MANY_A_DAY ? SLICE_MANY_MS : SLICE_MS;
    return e;
}

static enum err run_slices(struct rebuild *r, struct ledger_rebuilt *out)
{
    enum err e = choose_slice(r);
    e = e ? e : learn_first(r);
    for (r->from_ms = r->first_day * DAY_MS; r->from_ms <= r->until_ms && !e;
         r->from_ms += r->slice_ms) {
        const int64_t end_ms = r->from_ms + r->slice_ms;
        e = r->from_ms % DAY_MS ? ERR_OK : go_to_day(r, memory_day(r->from_ms));
        tell(r, out);
        e = e ? e : run_parts(r, out);
        e = e ? e : end_pairs(r);
        e = e ? e : begin_pairs(r, end_ms < r->until_ms ? end_ms : r->until_ms);
        e = e ? e : take_slice(r);
    }
    e = e ? e : learn(r, true);
    e = e ? e : stage_said(r, out);
    const enum err last_e = end_pairs(r);
    e = e ? e : last_e;
    return e ? e : stage_said(r, out);
}

static enum err run(struct rebuild *r, struct ledger_rebuilt *out, char *why, size_t why_size)
{
    struct store *s = r->o->writer;
    enum err e = store_flush(s);
    e = e ? e : store_ledger_aircraft(s, take_aircraft, r);
    e = e ? e : store_ledger_before_points(s, take_before, r);
    e = e ? e : r->failed ? ERR_MEMORY : open_parts(r, why, why_size);
    if (e) {
        return e;
    }
    if (r->befores > 0) {
        qsort(r->before, r->befores, sizeof *r->before, compare_before);
    }
    e = r->until_ms == KEPT_NO_TIME ? learn(r, true) : run_slices(r, out);
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
    struct rebuild r = {.o = o, .first_day = INT32_MAX, .until_ms = KEPT_NO_TIME};
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
        free(p->now);
        free(p->rows.claim);
        together_points_free(&p->noted);
        together_points_free(&r.pairs.noted[i]);
    }
    free(r.said.claim);
    free(r.pairs.rows.claim);
    together_free(r.pairs.together);
    free(r.before);
    memory_free(r.units);
    ledger_world_close(r.world);
    out->all_s = bench_wall_s() - start_s;
    return e;
}
