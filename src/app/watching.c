#include "app/watching.h"

#include "app/watch_world.h"
#include "deliver/deliver.h"
#include "store/ledger.h"
#include "watch/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    BLOCK_POINTS = 1024,
    BLOCKS_MAX = 512,
    CLAIMS_MAX = 1 << 20,
    START_TRIES = 20,
    START_MS = 250
};

#define TICK_MS       INT64_C(30000) /* of the data's own time */
#define DAY_MS        INT64_C(86400000)
#define REMEMBER_MS   (30 * DAY_MS) /* as long as the machine does */
#define AGAIN_MS      (2 * DAY_MS)  /* rows of the ledger gone through again at a start */
#define LOOK_EVERY_NS UINT64_C(500000000)
#define LAST_EVERY_NS UINT64_C(30000000000)
#define WAIT_NS       UINT64_C(200000000)

struct block {
    struct block *next;
    unsigned n;
    struct kept point[BLOCK_POINTS];
};

/* An alert on its way into the book. */
struct told_alert {
    struct book_alert row;
    char key[WATCH_KEY_MAX];
    char *json;
};

struct active {
    int64_t id, muted_until_ms, expires_ms;
    char name[BOOK_NAME_MAX + 1], language[4];
    char *rule;
    bool seen; /* in the book when it was read last */
};

struct watching {
    struct watching_options o;
    uv_thread_t thread;
    struct block *filling; /* the loop's */

    uv_mutex_t mutex; /* guards what follows */
    uv_cond_t wake;
    struct block *first, **last, *empty;
    unsigned blocks;
    struct claim *claim;
    size_t claims, claims_max;
    uint64_t dropped;
    int64_t picture_ms;
    bool ends, deaf; /* deaf: it takes nothing any more */
    struct watching_state state;

    /* the thread's: */
    struct book *book;
    struct deliver *deliver;
    struct watch_world *world;
    struct watch_set *set;
    struct store *reader;
    int64_t ticked_ms;
    int64_t version, now_ms, made_ms; /* made_ms: of the newest row of the ledger */
    int32_t day;
    struct active *active;
    size_t n_active;
    int64_t *flight; /* ids of those expected */
    size_t flights;
    struct told_alert *alert;
    size_t alerts, alerts_max;
    uint64_t armed_version;
    bool failed;
};

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

static void take_alert(void *ctx, const struct watch_alert *a)
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
        e = book_alert_add(w->book, &t->row, t->row.told_ms < of->muted_until_ms, &added);
        *kept += added && t->row.tell != WATCH_TELL_NOTE;
    }
    return e;
}

static void drop_alerts(struct watching *w)
{
    for (size_t i = 0; i < w->alerts; i++) {
        free(w->alert[i].json);
    }
    w->alerts = 0;
}

/* Alerts, and what the machine has to know of them, as one. On an error they wait. */
static void keep(struct watching *w, bool lasting)
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
    e = e ? e : book_commit(w->book);
    if (e) {
        book_undo(w->book);
        return;
    }
    w->armed_version = watch_armed_version(w->set);
    drop_alerts(w);
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
    const struct watch_names names = watch_world_names(w->world);
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
static void read_book(struct watching *w)
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
    for (size_t i = 0; i < w->n_active;) {
        if (w->active[i].seen) {
            i++;
            continue;
        }
        watch_set_drop(w->set, w->active[i].id);
        free(w->active[i].rule);
        w->active[i] = w->active[--w->n_active];
    }
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

static void look_at_book(struct watching *w)
{
    const int64_t version = book_version(w->book);
    if (version != w->version) {
        w->version = version;
        read_book(w);
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

/* What was told, who was heard, and the rows appended while nobody watched. */
static void recall(struct watching *w)
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
    if (since_ms != KEPT_NO_TIME && store_ledger_state(w->reader, &s) == ERR_OK) {
        (void)store_ledger_find(w->reader, &q, recall_claim, w, NULL);
    }
}

static enum err start(struct watching *w, char *why, size_t why_size)
{
    const struct store_options read = {.mode = STORE_READ};
    struct watch_views views;
    struct store_stats stats;
    enum err e = book_open(w->o.dir, true, &w->book, why, why_size);
    e = e ? e : store_open(w->o.dir, &read, &w->reader, why, why_size);
    w->world = e ? NULL : watch_world_open(w->o.data, w->book, why, why_size);
    if (!w->world) {
        return e ? e : ERR_NOT_FOUND;
    }
    watch_world_views(w->world, &views);
    if (store_stats(w->reader, &stats) == ERR_OK) {
        views.known_since_ms = stats.first_ms;
        w->made_ms = stats.last_ms;
    }
    w->set = watch_set_new(&views, take_alert, w);
    w->deliver = w->set ? deliver_open(w->o.dir, w->o.clock_us, why, why_size) : NULL;
    if (!w->deliver) {
        return ERR_MEMORY;
    }
    w->version = book_version(w->book);
    read_book(w);
    recall(w);
    return ERR_OK;
}

/* ---- the thread ---- */

static struct block *take_blocks(struct watching *w, uint64_t until_ns, struct claim **claim,
                                 size_t *claims, bool *ends)
{
    uv_mutex_lock(&w->mutex);
    const uint64_t now_ns = uv_hrtime();
    if (!w->first && !w->claims && !w->ends && now_ns < until_ns) {
        uv_cond_timedwait(&w->wake, &w->mutex, until_ns - now_ns);
    }
    struct block *list = w->first;
    w->first = NULL;
    w->last = &w->first;
    *claim = w->claim;
    *claims = w->claims;
    w->claim = NULL;
    w->claims = w->claims_max = 0;
    *ends = w->ends;
    w->now_ms = w->picture_ms > w->now_ms ? w->picture_ms : w->now_ms;
    uv_mutex_unlock(&w->mutex);
    return list;
}

static void give_back(struct watching *w, struct block *b)
{
    uv_mutex_lock(&w->mutex);
    b->n = 0;
    b->next = w->empty;
    w->empty = b;
    uv_mutex_unlock(&w->mutex);
}

static void new_day(struct watching *w)
{
    const int32_t day = (int32_t)(w->now_ms / DAY_MS);
    if (day != w->day && w->now_ms != KEPT_NO_TIME) {
        w->day = day;
        (void)watch_world_day(w->world, w->reader, day); /* without, nobody knows what is heard */
    }
}

static void work(struct watching *w, struct block *b, const struct claim *c, size_t claims)
{
    while (b) {
        struct block *next = b->next;
        for (unsigned i = 0; i < b->n; i++) {
            /* However fast it is played, silences are seen. */
            if (b->point[i].t_ms >= w->ticked_ms + TICK_MS) {
                w->ticked_ms = b->point[i].t_ms;
                w->failed |= watch_tick(w->set, w->ticked_ms) != ERR_OK;
            }
            w->failed |= watch_fix(w->set, &b->point[i]) != ERR_OK;
        }
        give_back(w, b);
        b = next;
    }
    for (size_t i = 0; i < claims; i++) {
        w->failed |= watch_claim(w->set, &c[i]) != ERR_OK;
        w->made_ms = c[i].made_ms > w->made_ms ? c[i].made_ms : w->made_ms;
    }
    new_day(w);
    if (w->now_ms != KEPT_NO_TIME) {
        w->failed |= watch_tick(w->set, w->now_ms) != ERR_OK;
    }
}

static void note_state(struct watching *w)
{
    struct deliver_state d = deliver_state(w->deliver);
    uv_mutex_lock(&w->mutex);
    w->state.delivered = d.delivered;
    w->state.waiting = d.waiting;
    if (w->failed) {
        snprintf(w->state.why, sizeof w->state.why,
                 "out of memory: some watches see less than they should");
    }
    uv_mutex_unlock(&w->mutex);
}

static bool has_ended(struct watching *w)
{
    uv_mutex_lock(&w->mutex);
    const bool ends = w->ends;
    uv_mutex_unlock(&w->mutex);
    return ends;
}

static void stop_start(struct watching *w)
{
    deliver_close(w->deliver);
    watch_set_free(w->set);
    watch_world_close(w->world);
    store_close(w->reader);
    book_close(w->book);
    w->deliver = NULL;
    w->set = NULL;
    w->world = NULL;
    w->reader = NULL;
    w->book = NULL;
}

/* The store may only be made just now. False: it never will watch. */
static bool start_or_wait(struct watching *w)
{
    char why[160] = "";
    enum err e = start(w, why, sizeof why);
    for (int i = 0; e && i < START_TRIES && !has_ended(w); i++) {
        stop_start(w);
        uv_sleep(START_MS);
        e = start(w, why, sizeof why);
    }
    if (!e) {
        return true;
    }
    stop_start(w);
    fprintf(stderr, "masar serve: nobody watches: %s\n", why);
    uv_mutex_lock(&w->mutex);
    snprintf(w->state.why, sizeof w->state.why, "%s", why);
    w->deaf = true;
    uv_mutex_unlock(&w->mutex);
    return false;
}

static void run(void *ctx)
{
    struct watching *w = ctx;
    if (!start_or_wait(w)) {
        return;
    }
    uint64_t look_ns = 0, last_ns = uv_hrtime() + LAST_EVERY_NS;
    for (bool ends = false; !ends;) {
        struct claim *claim;
        size_t claims;
        struct block *b = take_blocks(w, uv_hrtime() + WAIT_NS, &claim, &claims, &ends);
        if (uv_hrtime() >= look_ns) {
            look_at_book(w);
            note_state(w);
            look_ns = uv_hrtime() + LOOK_EVERY_NS;
        }
        work(w, b, claim, claims);
        free(claim);
        const bool lasting = ends || uv_hrtime() >= last_ns;
        last_ns = lasting ? uv_hrtime() + LAST_EVERY_NS : last_ns;
        keep(w, lasting);
    }
}

/* ---- the loop's ---- */

void watching_take(struct watching *w, const struct kept *k)
{
    if (w->filling && w->filling->n == BLOCK_POINTS) {
        watching_hand_over(w, k->t_ms);
    }
    if (!w->filling) {
        uv_mutex_lock(&w->mutex);
        struct block *b = w->empty;
        if (b) {
            w->empty = b->next;
        } else if (!w->deaf && w->blocks < BLOCKS_MAX && (b = malloc(sizeof *b))) {
            w->blocks++;
            b->n = 0;
        }
        w->dropped += b == NULL;
        w->filling = b;
        uv_mutex_unlock(&w->mutex);
    }
    if (w->filling) {
        w->filling->point[w->filling->n++] = *k;
    }
}

void watching_hand_over(struct watching *w, int64_t now_ms)
{
    uv_mutex_lock(&w->mutex);
    w->picture_ms = now_ms;
    if (w->filling && w->filling->n > 0) {
        w->filling->next = NULL;
        *w->last = w->filling;
        w->last = &w->filling->next;
        w->filling = NULL;
        uv_cond_signal(&w->wake);
    }
    uv_mutex_unlock(&w->mutex);
}

void watching_claim(void *ctx, const struct claim *c)
{
    struct watching *w = ctx;
    uv_mutex_lock(&w->mutex);
    if (w->deaf) {
        uv_mutex_unlock(&w->mutex);
        return;
    }
    if (w->claims == w->claims_max) {
        const size_t max = w->claims_max ? 2 * w->claims_max : 256;
        struct claim *more = max > CLAIMS_MAX ? NULL : realloc(w->claim, max * sizeof *more);
        if (!more) {
            w->dropped++;
            uv_mutex_unlock(&w->mutex);
            return;
        }
        w->claim = more;
        w->claims_max = max;
    }
    w->claim[w->claims++] = *c;
    uv_cond_signal(&w->wake);
    uv_mutex_unlock(&w->mutex);
}

struct watching_state watching_state(struct watching *w)
{
    uv_mutex_lock(&w->mutex);
    struct watching_state s = w->state;
    s.lost = w->dropped;
    uv_mutex_unlock(&w->mutex);
    return s;
}

/* ---- opening and closing ---- */

static void free_all(struct watching *w)
{
    for (struct block *b = w->first; b;) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
    for (struct block *b = w->empty; b;) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
    stop_start(w);
    for (size_t i = 0; i < w->n_active; i++) {
        free(w->active[i].rule);
    }
    drop_alerts(w);
    free(w->active);
    free(w->flight);
    free(w->alert);
    free(w->claim);
    free(w->filling);
    uv_cond_destroy(&w->wake);
    uv_mutex_destroy(&w->mutex);
    free(w);
}

struct watching *watching_open(const struct watching_options *o, char *why, size_t why_size)
{
    struct watching *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    w->o = *o;
    w->last = &w->first;
    w->now_ms = w->made_ms = w->picture_ms = KEPT_NO_TIME;
    w->ticked_ms = KEPT_TIME_MIN;
    w->day = INT32_MIN;
    uv_mutex_init(&w->mutex);
    uv_cond_init(&w->wake);
    if (uv_thread_create(&w->thread, run, w) != 0) {
        snprintf(why, why_size, "the thread that watches cannot be started");
        free_all(w);
        return NULL;
    }
    return w;
}

void watching_close(struct watching *w)
{
    if (!w) {
        return;
    }
    watching_hand_over(w, w->picture_ms);
    uv_mutex_lock(&w->mutex);
    w->ends = true;
    uv_cond_signal(&w->wake);
    uv_mutex_unlock(&w->mutex);
    uv_thread_join(&w->thread);
    free_all(w);
}
