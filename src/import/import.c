#include "import/import.h"

#include "import/feed.h"
#include "import/order.h"
#include "import/ring.h"
#include "import/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_US = 100000, RECEIVER_MAX = 200 };

struct importer;

/* A thread that takes files apart. */
struct worker {
    struct importer *all;
    uv_thread_t thread;
    bool has_thread;
    struct feed *feed;
    struct file *file;  /* in hand */
    struct kept *point; /* of it, not packed yet */
    size_t n, max;
    bool ascends; /* they stand sorted */
    bool is_out_of_memory;
    uint64_t points, future, insane;
    char heard_by[RECEIVER_MAX + 1]; /* the last one named, and its number */
    uint16_t receiver;
};

struct importer {
    const char *const *path;
    size_t paths;
    const struct import_options *o;
    const struct import_calls *calls;
    void *ctx;
    struct ring ring;
    struct worker worker[IMPORT_THREADS_MAX];
    uv_thread_t reading;
    enum err first; /* error */
};

/* ---- a worker: bytes → points → parcels ---- */

static bool pack(struct worker *w)
{
    const struct importer *i = w->all;
    const size_t said = w->n;
    struct parcel *p = calloc(1, sizeof *p);
    if (!p || (!w->ascends && order_sort(w->point, w->n))) {
        free(p);
        return false;
    }
    w->n = 0;
    w->ascends = true;
    p->points = said;
    p->made = i->calls->pack(i->ctx, w->point, order_unique(w->point, said));
    if (!p->made) {
        free(p);
        return false;
    }
    if (!ring_parcel(&w->all->ring, w->file, p)) {
        i->calls->drop(i->ctx, p->made);
        free(p);
    }
    return true;
}

static bool has_room(struct worker *w)
{
    if (w->n < w->max) {
        return true;
    }
    if (w->max == IMPORT_PIECE_POINTS) {
        return pack(w);
    }
    const size_t max = w->max ? 2 * w->max : 8192;
    struct kept *more = realloc(w->point, max * sizeof *more);
    if (!more) {
        return false;
    }
    w->point = more;
    w->max = max;
    return true;
}

/* What a store takes; no reader should give anything else. */
static bool is_sane(const struct kept *k)
{
    return k->t_ms >= KEPT_TIME_MIN && k->t_ms <= KEPT_TIME_MAX &&
           k->address <= (ADDRESS_NON_ICAO | 0xffffffu) && k->lat_e7 >= -900000000 &&
           k->lat_e7 <= 900000000 && k->lon_e7 >= -1800000000 && k->lon_e7 < 1800000000 &&
           k->origin < ORIGIN_COUNT && k->ground <= 1;
}

/* Most files name one receiver, or a few in turn. */
static uint16_t receiver_of(struct worker *w, const char *name)
{
    const struct import_calls *calls = w->all->calls;
    if (!name || !calls->receiver) {
        return 0;
    }
    if (strcmp(name, w->heard_by) != 0) {
        snprintf(w->heard_by, sizeof w->heard_by, "%s", name);
        w->receiver = calls->receiver(w->all->ctx, w->heard_by);
    }
    return w->receiver;
}

static void on_point(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct worker *w = ctx;
    if (!is_sane(k)) {
        w->insane++;
        return;
    }
    if (w->all->o->latest_ms && k->t_ms > w->all->o->latest_ms) {
        w->future++;
        return;
    }
    if (w->is_out_of_memory || !has_room(w)) {
        w->is_out_of_memory = true;
        return;
    }
    w->ascends &= w->n == 0 || order_ascends(&w->point[w->n - 1], k);
    w->point[w->n] = *k;
    if (more->receiver) {
        w->point[w->n].receiver = receiver_of(w, more->receiver);
    }
    w->n++;
    w->points++;
}

static enum err read_blocks(struct worker *w)
{
    bool is_whole = false;
    struct block *b;
    enum err e = feed_start(w->feed);
    for (bool is_first = true; !e && (b = ring_next(&w->all->ring, w->file, &is_whole));
         is_first = false) {
        e = is_first && is_whole ? feed_whole(w->feed, b->p, b->n) : feed_push(w->feed, b->p, b->n);
        free(b->p);
        free(b);
        e = w->is_out_of_memory ? ERR_MEMORY : e;
        if (is_first && is_whole) {
            return e;
        }
    }
    if (e) {
        ring_refuse(&w->all->ring, w->file);
    }
    return e ? e : feed_end(w->feed);
}

/* A name readsb gives to what we read: if it is not that, somebody wants to know. */
static bool is_promised(const char *name)
{
    const size_t n = strlen(name);
    const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;
    return strncmp(last, "trace_full_", 11) == 0 || strncmp(last, "trace_recent_", 13) == 0 ||
           (n > 8 && strcmp(name + n - 8, ".bin.ttf") == 0);
}

static void take_apart(struct worker *w)
{
    struct file *f = w->file;
    w->points = w->future = w->insane = 0;
    w->n = 0;
    w->ascends = true;
    enum err e = read_blocks(w);
    const char *why = e == ERR_MEMORY ? "out of memory" : feed_why(w->feed);
    if (w->n > 0 && !w->is_out_of_memory && !pack(w)) {
        e = ERR_MEMORY;
        why = "out of memory";
    }
    f->format = feed_format(w->feed);
    feed_sums(w->feed, &f->sums);
    f->sums.points = w->points;
    f->sums.future = w->future;
    f->sums.bad_points += w->insane;
    const enum err unread = ring_read_error(&w->all->ring, f);
    if (unread) { /* what that made of its end is no news */
        e = unread;
        why = f->read_why;
    }
    const bool is_wanted = f->is_named || is_promised(f->name);
    f->fate = !e ? IMPORT_IN : e == ERR_UNKNOWN && !is_wanted ? IMPORT_OTHER : IMPORT_FAILED;
    f->err = e;
    snprintf(f->why, sizeof f->why, "%s", e ? why : "");
    w->is_out_of_memory = false;
}

static void work(void *arg)
{
    struct worker *w = arg;
    while ((w->file = ring_take(&w->all->ring))) {
        take_apart(w);
        ring_done(&w->all->ring, w->file);
    }
}

/* ---- the reading thread ---- */

static void *on_open(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s, bool is_named)
{
    struct importer *i = ctx;
    const bool is_known = i->calls->is_known && i->calls->is_known(i->ctx, name, bytes, mtime_s);
    struct file *f = ring_file(&i->ring, name, bytes, mtime_s, is_named);
    if (f && is_known) {
        ring_settle(&i->ring, f, IMPORT_KNOWN, ERR_OK, "");
        return NULL;
    }
    return f;
}

static bool on_data(void *ctx, void *file, uint8_t *block, size_t n, bool is_last)
{
    struct importer *i = ctx;
    return ring_block(&i->ring, file, block, n, is_last);
}

static void on_close(void *ctx, void *file, enum err e, const char *why)
{
    struct importer *i = ctx;
    ring_read(&i->ring, file, e, why);
}

static void on_refused(void *ctx, const char *name, enum err e, const char *why)
{
    struct importer *i = ctx;
    struct file *f = ring_file(&i->ring, name, 0, 0, true);
    if (f) {
        ring_settle(&i->ring, f, IMPORT_FAILED, e, why);
    }
}

static bool on_at(void *ctx, uint64_t bytes)
{
    struct importer *i = ctx;
    return ring_at(&i->ring, bytes);
}

static void read_paths(void *arg)
{
    static const struct walk_calls calls = {on_open, on_data, on_close, on_refused, on_at};
    struct importer *i = arg;
    walk(i->path, i->paths, &calls, i);
    ring_walked(&i->ring);
}

/* ---- the caller's thread ---- */

/* False: stop. */
static bool end(struct importer *i, struct file *f)
{
    const struct import_result r = {.name = f->name,
                                    .bytes = f->bytes,
                                    .mtime_s = f->mtime_s,
                                    .fate = f->fate,
                                    .format = f->format,
                                    .err = f->fate == IMPORT_FAILED ? f->err : ERR_OK,
                                    .why = f->fate == IMPORT_FAILED ? f->why : "",
                                    .sums = f->sums};
    i->first = i->first ? i->first : r.err;
    const bool goes_on = i->calls->end(i->ctx, &r) && r.err != ERR_MEMORY;
    ring_drop(f);
    return goes_on;
}

static bool put(struct importer *i, struct parcel *p)
{
    const enum err e = i->calls->put(i->ctx, p->made);
    free(p);
    i->first = e ? e : i->first;
    return !e;
}

static void hand_over(struct importer *i)
{
    bool goes_on = true;
    uint64_t said_us = uv_hrtime() / 1000;
    while (goes_on) {
        struct parcel *p = NULL;
        struct file *f = NULL;
        uint64_t at;
        const enum ring_event event = ring_wait(&i->ring, TICK_US, &p, &f, &at);
        if (event == RING_ALL) {
            return;
        }
        goes_on = event == RING_PARCEL ? put(i, p) : event == RING_END ? end(i, f) : true;
        const uint64_t now_us = uv_hrtime() / 1000;
        if (now_us - said_us >= TICK_US) {
            said_us = now_us;
            goes_on &= i->calls->tick(i->ctx, at);
        }
    }
}

/* ---- all of them ---- */

static bool open_worker(struct importer *i, struct worker *w)
{
    w->all = i;
    w->feed = feed_new(i->o, on_point, w);
    w->has_thread = w->feed && uv_thread_create(&w->thread, work, w) == 0;
    return w->has_thread;
}

static void close_worker(struct worker *w)
{
    if (w->has_thread) {
        uv_thread_join(&w->thread);
    }
    feed_free(w->feed);
    free(w->point);
}

static void run(struct importer *i)
{
    const unsigned said = i->o->threads ? i->o->threads : 1;
    const unsigned n = said < IMPORT_THREADS_MAX ? said : IMPORT_THREADS_MAX;
    bool is_open = true;
    for (unsigned k = 0; k < n && is_open; k++) {
        is_open = open_worker(i, &i->worker[k]);
    }
    is_open = is_open && uv_thread_create(&i->reading, read_paths, i) == 0;
    if (is_open) {
        hand_over(i);
    } else {
        i->first = ERR_MEMORY;
    }
    ring_stop(&i->ring);
    if (is_open) {
        uv_thread_join(&i->reading);
    }
    for (unsigned k = 0; k < n; k++) {
        close_worker(&i->worker[k]);
    }
}

enum err import_run(const char *const *path, size_t n, const struct import_options *o,
                    const struct import_calls *calls, void *ctx)
{
    struct importer *i = calloc(1, sizeof *i);
    if (!i) {
        return ERR_MEMORY;
    }
    i->path = path;
    i->paths = n;
    i->o = o;
    i->calls = calls;
    i->ctx = ctx;
    enum err e = ERR_MEMORY;
    if (ring_open(&i->ring)) {
        run(i);
        ring_close(&i->ring, calls, ctx);
        e = i->first;
    }
    free(i);
    return e;
}
