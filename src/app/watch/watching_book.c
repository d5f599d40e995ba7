#include "app/watch/watching_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REMEMBER_MS (30 * DAY_MS) /* as long as the machine does */
#define BEFORE_MS   INT64_C(60000)
#define AGAIN_MS    (2 * DAY_MS) /* rows of the ledger gone through again at a start */

/* ---- what is told ---- */

static struct active *find_active(const struct watching *w, int64_t id)
{
    for (size_t i = 0; i < w->n_active; i++) {
        if (w->active[i].id == id) {
            return &w->active[i];
        }
    }
    return NULL;
}

void watching_take_alert(void *ctx, const struct watch_alert *a)
{
    struct watching *w = ctx;
    struct buf b = {0};
    const struct active *of = find_active(w, a->watch);
    if (w->alerts == w->alerts_max) {
        const size_t max = w->alerts_max ? 2 * w->alerts_max : 64;
        struct told_alert *more = realloc(w->alert, max * sizeof *more);
        if (!more) {
            w->failed = true;
            return;
        }
        w->alert = more;
        w->alerts_max = max;
    }
    watch_say_json(a, watch_world_airports(w->world), &b);
    buf_byte(&b, 0);
    if (b.failed || !of) {
        buf_free(&b);
        w->failed |= of != NULL;
        return;
    }
    struct told_alert *t = &w->alert[w->alerts++];
    *t = (struct told_alert){.row = {.watch = a->watch,
                                     .watch_name = of->name,
                                     .language = of->language,
                                     .tell = a->tell,
                                     .made_ms = a->made_ms,
                                     .p = a->p,
                                     .address = a->address,
                                     .told_ms = w->o.clock_us() / 1000},
                             .json = (char *)b.p};
    snprintf(t->key, sizeof t->key, "%s", a->key);
}

struct keeping {
    struct watching *w;
    enum err e;
};

static void keep_told(void *ctx, const struct watch_told *t)
{
    struct keeping *k = ctx;
    k->e = k->e ? k->e : book_told_put(k->w->book, t);
}

static enum err keep_armed(struct watching *w)
{
    enum err e = book_armed_clear(w->book);
    for (size_t i = 0; i < watch_armed_count(w->set) && !e; i++) {
        e = book_armed_put(w->book, watch_armed_at(w->set, i));
    }
    return e;
}

static enum err keep_alerts(struct watching *w, uint64_t *kept)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < w->alerts && !e; i++) {
        struct told_alert *t = &w->alert[i];
        const struct active *of = find_active(w, t->row.watch);
        bool added = false;
        t->row.key = t->key;
        t->row.json = t->json;
        if (!of) {
            continue; /* its watch was removed meanwhile */
        }
        t->row.watch_name = of->name;
        t->row.language = of->language;
        e = book_alert_add(w->book, &t->row, t->row.made_ms < of->muted_until_ms, &added);
        *kept += added && t->row.tell != WATCH_TELL_NOTE;
    }
    return e;
}

void watching_drop_alerts(struct watching *w)
{
    for (size_t i = 0; i < w->alerts; i++) {
        free(w->alert[i].json);
    }
    w->alerts = 0;
}

/* Alerts, and what the machine has to know of them, as one. On an error they wait. */
void watching_keep(struct watching *w, bool lasting)
{
    struct keeping k = {.w = w};
    uint64_t kept = 0;
    if (w->alerts == 0 && !lasting && watch_armed_version(w->set) == w->armed_version) {
        return;
    }
    enum err e = book_begin(w->book);
    e = e ? e : keep_alerts(w, &kept);
    if (!e) {
        watch_changes(w->set, lasting, keep_told, &k);
    }
    e = e ? e : k.e;
    e = e || watch_armed_version(w->set) == w->armed_version ? e : keep_armed(w);
    e = e || w->made_ms == KEPT_NO_TIME ? e : book_note_put(w->book, "ledger_ms", w->made_ms);
    e = e || w->point_ms == KEPT_NO_TIME ? e : book_note_put(w->book, "point_ms", w->point_ms);
    e = e ? e : book_commit(w->book);
    if (e) {
        book_undo(w->book);
        return;
    }
    w->armed_version = watch_armed_version(w->set);
    watching_drop_alerts(w);
    if (kept) {
        deliver_wake(w->deliver);
    }
    uv_mutex_lock(&w->mutex);
    w->state.alerts += kept;
    uv_mutex_unlock(&w->mutex);
}

/* ---- the book ---- */

static bool is_changed(const struct active *a, const struct book_watch *b)
{
    return strcmp(a->rule, b->rule) != 0;
}

static struct active *add_active(struct watching *w, int64_t id)
{
    struct active *more = realloc(w->active, (w->n_active + 1) * sizeof *more);
    if (!more) {
        w->failed = true;
        return NULL;
    }
    w->active = more;
    more[w->n_active] = (struct active){.id = id};
    return &more[w->n_active++];
}

static void take_watch(void *ctx, const struct book_watch *b)
{
    struct watching *w = ctx;
    struct active *a = find_active(w, b->id);
    const bool changed = !a || is_changed(a, b);
    a = a ? a : add_active(w, b->id);
    if (!a) {
        return;
    }
    a->seen = true;
    a->muted_until_ms = b->muted_until_ms;
    a->expires_ms = b->expires_ms;
    snprintf(a->name, sizeof a->name, "%s", b->name);
    snprintf(a->language, sizeof a->language, "%s", b->language);
    if (!changed) {
        return;
    }
    struct watch_names names = watch_world_names(w->world);
    names.operation = NULL; /* one that is gone may come again */
    struct watch_rule *r;
    struct watch_wrong wrong;
    free(a->rule);
    a->rule = strdup(b->rule);
    if (!a->rule || watch_rule_read(b->rule, strlen(b->rule), &names, &r, &wrong)) {
        watch_set_drop(w->set, b->id); /* it was good once: an area or a list it names is gone */
        return;
    }
    w->failed |= watch_set_put(w->set, b->id, r) != ERR_OK;
}

static void take_expected(void *ctx, const struct watch_expected *e)
{
    struct watching *w = ctx;
    int64_t *more = realloc(w->flight, (w->flights + 1) * sizeof *more);
    w->failed |= !more || watch_expect(w->set, e) != ERR_OK;
    if (more) {
        w->flight = more;
        more[w->flights++] = e->id;
    }
}

/* Those that are gone are dropped, the others keep what is known of them. */
static void read_expected(struct watching *w)
{
    int64_t *old = w->flight;
    const size_t n = w->flights;
    w->flight = NULL;
    w->flights = 0;
    (void)book_expected(w->book, take_expected, w);
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < w->flights && !there; k++) {
            there = w->flight[k] == old[i];
        }
        if (!there) {
            watch_expect_drop(w->set, old[i]);
        }
    }
    free(old);
}

/* An area or list that changed changes what rules mean: all are read anew. */
void watching_read_book(struct watching *w)
{
    if (watch_world_read(w->world, w->book)) {
        return; /* the next time */
    }
    watch_set_renew(w->set);
    read_expected(w);
    for (size_t i = 0; i < w->n_active; i++) {
        w->active[i].seen = false;
    }
    if (book_watches(w->book, take_watch, w)) {
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < w->n_active; i++) {
        if (w->active[i].seen) {
            w->active[kept++] = w->active[i];
            continue;
        }
        watch_set_drop(w->set, w->active[i].id);
        free(w->active[i].rule);
    }
    w->n_active = kept;
    uv_mutex_lock(&w->mutex);
    w->state.watches = watch_set_count(w->set);
    uv_mutex_unlock(&w->mutex);
}

static void expire(struct watching *w)
{
    for (size_t i = 0; i < w->n_active; i++) {
        if (w->active[i].expires_ms <= w->now_ms) {
            watch_set_drop(w->set, w->active[i].id);
        }
    }
}

void watching_look_at_book(struct watching *w)
{
    const int64_t version = book_version(w->book);
    if (version != w->version) {
        w->version = version;
        watching_read_book(w);
        deliver_read(w->deliver);
    }
    expire(w);
}

/* ---- at the start ---- */

static void recall_told(void *ctx, const struct watch_told *t)
{
    struct watching *w = ctx;
    w->failed |= watch_recall(w->set, t) != ERR_OK;
}

static void recall_armed(void *ctx, const struct watch_armed *a)
{
    struct watching *w = ctx;
    w->failed |= watch_arm(w->set, a) != ERR_OK;
}

static bool recall_seen(void *ctx, const struct store_span *s)
{
    struct watching *w = ctx;
    w->failed |= watch_seen(w->set, s->address, s->to_ms - 1) != ERR_OK;
    return !w->failed;
}

static bool recall_claim(void *ctx, const struct claim *c)
{
    watching_claim(ctx, c);
    return true;
}

/* Positions that were recorded and not weighed any more when it ended, by a kill above all: those
   of a minute before what was noted, and all since. What they make so was told already or is now.
 */
static void recall_points(struct watching *w)
{
    const int64_t since_ms = book_note(w->book, "point_ms", KEPT_NO_TIME);
    struct store_query q = store_query_any();
    struct store_search *search = NULL;
    bool more = true;
    if (since_ms == KEPT_NO_TIME || !watch_wants_fixes(w->set)) {
        return;
    }
    q.from_ms = since_ms - BEFORE_MS;
    enum err e = store_search_new(w->reader, &q, &search);
    while (!e && more) {
        const struct kept *k;
        size_t n = 0;
        e = store_search_next(search, w->reader, &k, &n, &more);
        for (size_t i = 0; i < n && !e; i++) {
            w->failed |= watch_fix(w->set, &k[i]) != ERR_OK;
            w->point_ms = k[i].t_ms > w->point_ms ? k[i].t_ms : w->point_ms;
        }
    }
    store_search_free(search);
}

/* What was told, who was heard, and the rows appended while nobody watched. */
void watching_recall(struct watching *w)
{
    const int64_t since_ms = book_note(w->book, "ledger_ms", KEPT_NO_TIME);
    const struct store_ledger_query q = {.address = ADDRESS_NONE,
                                         .from_ms = since_ms == KEPT_NO_TIME ? INT64_MAX
                                                                             : since_ms - AGAIN_MS,
                                         .to_ms = INT64_MAX};
    struct store_ledger_state s;
    if (store_ledger_aircraft(w->reader, recall_seen, w)) {
        return;
    }
    (void)book_told(w->book, w->made_ms == KEPT_NO_TIME ? INT64_MIN : w->made_ms - REMEMBER_MS,
                    recall_told, w);
    (void)book_armed(w->book, recall_armed, w);
    w->armed_version = watch_armed_version(w->set);
    recall_points(w);
    if (since_ms != KEPT_NO_TIME && store_ledger_state(w->reader, &s) == ERR_OK) {
        (void)store_ledger_find(w->reader, &q, recall_claim, w, NULL);
    }
}
