#include "app/watch/watching_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS_MAX = 512, CLAIMS_MAX = 1 << 20, START_TRIES = 20, START_MS = 250 };

#define TICK_MS       INT64_C(30000) /* of the data's own time */
#define TICK_LEAST_MS INT64_C(200)   /* of the picture's */
#define LOOK_EVERY_NS UINT64_C(500000000)
#define LAST_EVERY_NS UINT64_C(30000000000)
#define WAIT_NS       UINT64_C(200000000)

static enum err start(struct watching *w, char *why, size_t why_size)
{
    const struct store_options read = {.mode = STORE_READ};
    struct watch_views views;
    struct store_stats stats;
    enum err e = book_open(w->o.dir, true, &w->book, why, why_size);
    e = e ? e : store_open(w->o.dir, &read, &w->reader, why, why_size);
    w->world = e ? NULL : watch_world_open(w->o.data, w->book, why, why_size);
    if (!w->world || watch_world_operations(w->world, w->o.dir)) {
        return e ? e : ERR_NOT_FOUND;
    }
    watch_world_views(w->world, &views);
    if (store_stats(w->reader, &stats) == ERR_OK) {
        views.known_since_ms = stats.first_ms;
        w->made_ms = stats.last_ms;
    }
    w->set = watch_set_new(&views, watching_take_alert, w);
    w->deliver = w->set ? deliver_open(w->o.dir, w->o.clock_us, why, why_size) : NULL;
    if (!w->deliver) {
        return ERR_MEMORY;
    }
    deliver_share(w->deliver, w->book);
    w->version = book_version(w->book);
    watching_read_book(w);
    watching_recall(w);
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
            w->point_ms = b->point[i].t_ms > w->point_ms ? b->point[i].t_ms : w->point_ms;
        }
        give_back(w, b);
        b = next;
    }
    for (size_t i = 0; i < claims; i++) {
        w->failed |= watch_claim(w->set, &c[i]) != ERR_OK;
        w->made_ms = c[i].made_ms > w->made_ms ? c[i].made_ms : w->made_ms;
    }
    new_day(w);
    if (w->now_ms != KEPT_NO_TIME && w->now_ms >= w->time_ms + TICK_LEAST_MS) {
        w->time_ms = w->now_ms;
        w->failed |= watch_tick(w->set, w->now_ms) != ERR_OK;
        deliver_time(w->deliver, w->now_ms);
    }
}

static void note_flight(void *ctx, const struct watch_expected *e, enum watch_phase p,
                        int64_t heard_ms)
{
    struct watching *w = ctx;
    if (w->n_stands == w->stands_max) {
        const size_t max = w->stands_max ? 2 * w->stands_max : 64;
        struct watching_flight *more = realloc(w->stands, max * sizeof *more);
        if (!more) {
            return;
        }
        w->stands = more;
        w->stands_max = max;
    }
    w->stands[w->n_stands++] =
        (struct watching_flight){.id = e->id, .heard_ms = heard_ms, .phase = (uint8_t)p};
}

bool watching_flight(struct watching *w, int64_t id, struct watching_flight *out)
{
    bool found = false;
    uv_mutex_lock(&w->mutex);
    for (size_t i = 0; i < w->n_stands && !found; i++) {
        found = w->stands[i].id == id;
        *out = w->stands[i];
    }
    uv_mutex_unlock(&w->mutex);
    return found;
}

static void note_state(struct watching *w)
{
    struct deliver_state d = deliver_state(w->deliver);
    uv_mutex_lock(&w->mutex);
    w->state.delivered = d.delivered;
    w->state.waiting = d.waiting;
    w->n_stands = 0;
    watch_phases(w->set, note_flight, w);
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
            watching_look_at_book(w);
            note_state(w);
            look_ns = uv_hrtime() + LOOK_EVERY_NS;
        }
        work(w, b, claim, claims);
        free(claim);
        const bool lasting = ends || uv_hrtime() >= last_ns;
        last_ns = lasting ? uv_hrtime() + LAST_EVERY_NS : last_ns;
        watching_keep(w, lasting);
    }
}

/* ---- the loop's ---- */

bool watching_take(struct watching *w, const struct kept *k)
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
    return w->filling && w->filling->n == 1;
}

void watching_hand_over(struct watching *w, int64_t now_ms)
{
    uv_mutex_lock(&w->mutex);
    w->picture_ms = now_ms == KEPT_NO_TIME ? w->picture_ms : now_ms;
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
    s.now_ms = w->picture_ms;
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
    watching_drop_alerts(w);
    free(w->active);
    free(w->flight);
    free(w->stands);
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
    w->now_ms = w->made_ms = w->picture_ms = w->point_ms = KEPT_NO_TIME;
    w->ticked_ms = w->time_ms = KEPT_TIME_MIN;
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
