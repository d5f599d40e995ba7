#include "app/ledger/ledger_live.h"

#include "ledger/detect.h"
#include "ledger/resume.h"
#include "ledger/together.h"
#include "store/coverage.h"
#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* So far back from what was looked at points are gone through again at a start: longer than any
   flight, and than the silence that ends one. */
#define AGAIN_MS INT64_C(259200000)
#define DAY_MS   INT64_C(86400000)

/* So long a point waits for those of others from before it: the store tells of a thinned one within
   75 s, and receivers differ by some seconds. Then all come in the order of their times, whatever
   the pace, and silence is judged with all that was heard. */
#define ORDER_MS INT64_C(120000)

/* So long it looks at points at a time: those who record wait meanwhile, and when ten thousand
   aircraft come into view at once their origins take many seconds to weigh. */
#define SLICE_NS UINT64_C(100000000)

enum {
    COVERAGE_SLICE = 1024,
    AGAIN_CHUNKS = 256,
    SLICE_POINTS = 64, /* between looks at the clock */
    /* More than that many wait: it will not catch up. 100 bytes each. */
    WAITING_MAX = 1 << 23
};

struct ledger_live {
    claim_fn *told; /* of each row appended; NULL: nobody */
    void *told_ctx;
    struct store *store;
    struct ledger_world *world;
    struct memory *units;
    struct detect *detect;
    struct resume *resume;
    struct together *together;
    struct together_points noted; /* not handed to it yet */
    struct kept *point;           /* kept, not looked at yet */
    size_t points, points_max;
    size_t due, looked;  /* of these: the first in the order of time, to be looked at; done with */
    int64_t due_ms;      /* they are all of before that */
    struct claim *claim; /* said, not appended yet */
    size_t claims, claims_max;
    size_t seen;       /* of these newest_ms knows */
    int64_t newest_ms; /* of all points */
    int64_t now_ms;    /* of the newest that was looked at */
    bool again;        /* going through what is known, some chunks at a time: */
    int64_t again_ms, until_ms;
    struct store *reader;
    struct store_search *search;
    bool failed; /* out of memory: the ledger stands still until it is rebuilt */
};

/* ---- rows ---- */

static void append(struct ledger_live *l, const struct claim *c)
{
    if (l->claims == l->claims_max) {
        const size_t max = l->claims_max ? l->claims_max * 2 : 256;
        struct claim *more = realloc(l->claim, max * sizeof *more);
        if (!more) {
            l->failed = true;
            return;
        }
        l->claim = more;
        l->claims_max = max;
    }
    l->claim[l->claims++] = *c;
}

static void take_row(void *ctx, const struct claim *c)
{
    struct ledger_live *l = ctx;
    struct claim mine = *c;
    if (resume_is_new(l->resume, &mine, l->again, &l->failed)) {
        append(l, &mine);
    }
}

static void take_claim(void *ctx, const struct claim *c)
{
    struct ledger_live *l = ctx;
    l->failed |= together_orbit(l->together, c) != ERR_OK;
    take_row(l, c);
}

/* ---- taking up ---- */

static bool remember(void *ctx, const struct claim *c)
{
    struct ledger_live *l = ctx;
    l->failed |= resume_remember(l->resume, c) != ERR_OK;
    if (!together_is_row(c) && c->made_ms < l->again_ms) { /* later ones are said again */
        l->failed |= detect_remember(l->detect, c) != ERR_OK;
    }
    return !l->failed;
}

/* What the machine says of an aircraft may be less than the ledger has: it begins with the points
   of the last days. Then its rows are numbered on from the ledger's last. */
static enum err take_up(struct ledger_live *l, const char *dir)
{
    char why[256];
    const struct store_options read = {.mode = STORE_READ};
    const struct store_ledger_query all = {
        .address = ADDRESS_NONE, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
    struct store_stats stats = {.last_ms = KEPT_NO_TIME};
    struct store_ledger_state state = {.through_ms = KEPT_NO_TIME};
    enum err e = store_flush(l->store);
    e = e ? e : store_open(dir, &read, &l->reader, why, sizeof why);
    e = e ? e : store_stats(l->reader, &stats);
    e = e ? e : store_ledger_state(l->reader, &state);
    if (!e && stats.last_ms != KEPT_NO_TIME) {
        int64_t seen_ms = state.through_ms; /* an import may have brought later ones */
        seen_ms = seen_ms == KEPT_NO_TIME   ? stats.first_ms
                  : seen_ms < stats.last_ms ? seen_ms
                                            : stats.last_ms;
        l->again_ms = (seen_ms - AGAIN_MS) / DAY_MS * DAY_MS;
        l->until_ms = stats.last_ms;
        l->again = true;
    }
    l->resume = resume_new(state.through_ms);
    e = l->resume ? e : ERR_MEMORY;
    e = e ? e : store_ledger_find(l->reader, &all, remember, l, NULL);
    e = e ? e : detect_remembered(l->detect);
    return l->failed ? ERR_MEMORY : e;
}

/* What all say together, of the time before until_ms: the detector has said all of that. */
static enum err look_together(struct ledger_live *l, int64_t until_ms)
{
    enum err e = detect_tick(l->detect, until_ms, take_claim, l);
    e = e ? e : together_take(l->together, &l->noted);
    return e ? e : together_run(l->together, until_ms, take_row, l);
}

/* The next day's points, or all are through. */
static enum err again_day(struct ledger_live *l)
{
    struct store_query q = store_query_any();
    if (l->again_ms > l->until_ms) {
        const enum err e = detect_tick(l->detect, l->now_ms, take_claim, l);
        l->again = false;
        return e ? e : detect_fold(l->detect);
    }
    q.from_ms = l->again_ms;
    q.to_ms = l->again_ms += DAY_MS;
    q.to_ms = q.to_ms < l->until_ms + 1 ? q.to_ms : l->until_ms + 1; /* what is new waits */
    return store_search_new(l->reader, &q, &l->search);
}

static enum err again_some(struct ledger_live *l)
{
    enum err e = ERR_OK;
    for (int step = 0; step < AGAIN_CHUNKS && l->again && !e; step++) {
        const struct kept *p;
        size_t n = 0;
        bool more = false;
        e = l->search ? ERR_OK : again_day(l);
        if (e || !l->search) {
            continue;
        }
        e = store_search_next(l->search, l->reader, &p, &n, &more);
        for (size_t i = 0; i < n && !e; i++) {
            l->now_ms = p[i].t_ms > l->now_ms ? p[i].t_ms : l->now_ms;
            e = detect_push(l->detect, &p[i], take_claim, l);
            e = e ? e : together_note(&l->noted, &p[i]);
        }
        if (!more) {
            store_search_free(l->search);
            l->search = NULL;
            e = e || l->now_ms == KEPT_NO_TIME ? e : look_together(l, l->now_ms);
        }
    }
    return e;
}

/* ---- days ---- */

static void new_day(void *ctx, int32_t day)
{
    struct ledger_live *l = ctx;
    bool more = !l->again;
    while (more && store_coverage_update(l->store, COVERAGE_SLICE, &more) == ERR_OK) {
    }
    /* Where it cannot be read nothing is known of it. */
    (void)ledger_world_day(l->world, l->store, day);
    l->failed |= detect_fold(l->detect) != ERR_OK; /* all of before midnight is said */
}

/* ---- the recorder's ---- */

struct ledger_live *ledger_live_open(const char *dir, const struct ledger_sources *from,
                                     struct store *s, char *why, size_t why_size)
{
    struct ledger_live *l = calloc(1, sizeof *l);
    if (!l) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    l->store = s;
    l->now_ms = l->newest_ms = KEPT_NO_TIME;
    l->world = ledger_world_open(from, why, why_size);
    l->units = memory_new();
    if (l->world && l->units) {
        struct detect_options o = {.units = l->units, .new_day = new_day, .ctx = l};
        ledger_world_views(l->world, &o.views);
        const struct together_options together = ledger_world_together(l->world);
        l->detect = detect_new(&o);
        l->together = together_new(&together);
    }
    if (!l->detect || !l->together || take_up(l, dir)) {
        if (l->world) {
            snprintf(why, why_size, "the ledger cannot be taken up");
        }
        ledger_live_close(l);
        return NULL;
    }
    return l;
}

void ledger_live_take(struct ledger_live *l, const struct kept *p)
{
    if (l->failed) {
        return;
    }
    if (l->points == l->points_max) {
        const size_t max = l->points_max ? l->points_max * 2 : 4096;
        struct kept *more = l->points < WAITING_MAX ? realloc(l->point, max * sizeof *more) : NULL;
        if (!more) {
            l->failed = true; /* out of memory, or it will not catch up */
            return;
        }
        l->point = more;
        l->points_max = max;
    }
    l->point[l->points++] = *p;
}

static int by_time(const void *p, const void *q)
{
    const struct kept *a = p, *b = q;
    return a->t_ms != b->t_ms ? (a->t_ms < b->t_ms ? -1 : 1)
                              : (a->address > b->address) - (a->address < b->address);
}

/* What is older than the newest by ORDER_MS, or (all) everything, comes first in the order of time.
 */
static void make_due(struct ledger_live *l, bool all)
{
    for (; l->seen < l->points; l->seen++) {
        const int64_t t_ms = l->point[l->seen].t_ms;
        l->newest_ms = t_ms > l->newest_ms ? t_ms : l->newest_ms;
    }
    l->due_ms = all || l->newest_ms == KEPT_NO_TIME ? l->newest_ms : l->newest_ms - ORDER_MS;
    if (l->points > 1) {
        qsort(l->point, l->points, sizeof *l->point, by_time);
    }
    while (l->due < l->points && l->point[l->due].t_ms <= l->due_ms) {
        l->due++;
    }
}

static enum err look_at_slice(struct ledger_live *l, uint64_t until_ns)
{
    enum err e = ERR_OK;
    while (l->looked < l->due && !e) {
        const struct kept *p = &l->point[l->looked++];
        e = detect_push(l->detect, p, take_claim, l);
        e = e ? e : together_note(&l->noted, p);
        e = e ? e : detect_fold(l->detect);
        if (l->looked % SLICE_POINTS == 0 && uv_hrtime() >= until_ns) {
            break;
        }
    }
    return e;
}

/* A slice of what is due; after the last of it what all say together of that time. */
static enum err look_at_points(struct ledger_live *l, bool all)
{
    if (l->due == 0) {
        make_due(l, all);
    }
    if (l->newest_ms == KEPT_NO_TIME) {
        return ERR_OK;
    }
    enum err e = look_at_slice(l, uv_hrtime() + SLICE_NS);
    if (e || l->looked < l->due) {
        return e;
    }
    l->points -= l->due;
    l->seen -= l->due;
    memmove(l->point, l->point + l->due, l->points * sizeof *l->point);
    l->due = l->looked = 0;
    l->now_ms = l->due_ms > l->now_ms ? l->due_ms : l->now_ms;
    e = look_together(l, l->now_ms);
    return e ? e : detect_fold(l->detect);
}

void ledger_live_tell(struct ledger_live *l, claim_fn *said, void *ctx)
{
    l->told = said;
    l->told_ctx = ctx;
}

enum err ledger_live_sync(struct ledger_live *l, bool all)
{
    enum err e = l->failed ? ERR_MEMORY : l->again ? again_some(l) : ERR_OK;
    e = e || l->again ? e : look_at_points(l, all);
    l->failed |= e != ERR_OK;
    if (l->failed) {
        l->points = l->seen = l->due = l->looked = 0;
    }
    if (l->claims > 0 && !l->failed) {
        /* A full disk: they wait. */
        e = store_ledger_append(l->store, DETECT_NAME, l->claim, l->claims, l->now_ms);
        for (size_t i = 0; i < l->claims && !e && l->told; i++) {
            l->told(l->told_ctx, &l->claim[i]);
        }
        l->claims = e ? l->claims : 0;
    }
    return e;
}

bool ledger_live_waits(const struct ledger_live *l)
{
    return !l->failed && (l->again || l->points > 0);
}

bool ledger_live_is_late(const struct ledger_live *l)
{
    return !l->failed && l->looked < l->due;
}

const char *ledger_live_why(const struct ledger_live *l)
{
    return !l->failed ? ""
           : l->points_max >= WAITING_MAX
               ? "positions came faster than this machine can weigh them; run masar ledger rebuild"
               : "there was no memory for it, or the disk could not be read; run masar ledger "
                 "rebuild";
}

size_t ledger_live_waiting(const struct ledger_live *l)
{
    return l->points - l->looked;
}

void ledger_live_close(struct ledger_live *l)
{
    if (l) {
        store_search_free(l->search);
        store_close(l->reader);
        detect_free(l->detect);
        together_free(l->together);
        together_points_free(&l->noted);
        resume_free(l->resume);
        memory_free(l->units);
        ledger_world_close(l->world);
        free(l->point);
        free(l->claim);
        free(l);
    }
}
