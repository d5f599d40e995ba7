#include "serve/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PEER_BYTES = 48, WHY_BYTES = 512, PIECE = 16 << 10 };

/* Where an ask is. QUEUED → RUNNING → QUEUED … → DONE; FULL waits for its client. */
enum place { QUEUED, RUNNING, FULL, DONE };

struct ask {
    struct readers *readers;
    struct ask *next; /* in the queue */
    enum place place;
    bool dropped; /* freed by the thread that works on it */
    char peer[PEER_BYTES];
    bool gzip, failed;
    char why[WHY_BYTES];
    uint64_t found;
    struct buf ready; /* made, not taken: from `taken` on */
    size_t taken;
    /* The thread's while it runs. */
    struct question question;
    struct inquiry *inquiry;
    struct buf plain, out; /* of this slice */
    z_stream z;
    bool packs;
};

/* Outlives its closing until the last ask is dropped. */
struct readers {
    uv_mutex_t lock;
    uv_cond_t work;
    uv_thread_t thread[READERS];
    unsigned threads;
    bool stops;
    uv_async_t *async;
    void (*on_ready)(void *ctx);
    void *ctx;
    char *dir;
    struct ask *first, **last; /* the queue */
    struct ask *asks[READERS_ASKS_MAX];
    size_t n;
};

/* ---- the threads' side ---- */

static bool pack(struct ask *a, bool is_last)
{
    if (!a->packs) {
        a->packs = deflateInit2(&a->z, 3, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
        if (!a->packs) {
            return false;
        }
    }
    a->z.next_in = a->plain.p;
    a->z.avail_in = (uInt)a->plain.n;
    for (;;) {
        uint8_t *to = buf_reserve(&a->out, PIECE);
        if (!to) {
            return false;
        }
        a->z.next_out = to;
        a->z.avail_out = PIECE;
        const int e = deflate(&a->z, is_last ? Z_FINISH : Z_NO_FLUSH);
        a->out.n += PIECE - a->z.avail_out;
        if (e == Z_STREAM_END || (!is_last && a->z.avail_in == 0 && a->z.avail_out > 0)) {
            buf_clear(&a->plain);
            return true;
        }
        if (e != Z_OK && e != Z_BUF_ERROR) {
            return false;
        }
    }
}

static enum err work(struct ask *a, struct store *s, bool *more)
{
    const uint64_t end_ns = uv_hrtime() + READERS_SLICE_MS * UINT64_C(1000000);
    enum err e = a->inquiry ? ERR_OK : inquiry_new(&a->question, s, &a->inquiry);
    *more = true;
    while (!e && *more && uv_hrtime() < end_ns && a->plain.n < READERS_READY_BYTES / 2) {
        e = inquiry_step(a->inquiry, s, &a->plain, more);
    }
    return e;
}

/* One slice. Returns whether more is to come; where it failed, why is not empty. */
static bool run(struct ask *a, struct store **s, char why[WHY_BYTES])
{
    const struct store_options o = {.mode = STORE_READ};
    bool more = false;
    why[0] = 0;
    if (!*s && store_open(a->readers->dir, &o, s, why, WHY_BYTES)) {
        return false;
    }
    const enum err e = work(a, *s, &more);
    const char *sentence = e == ERR_FULL
                               ? "more than a million visits to the first area: ask for less time"
                           : e == ERR_MEMORY            ? "out of memory"
                           : e == ERR_RANGE             ? "the question makes no sense"
                           : e                          ? "history cannot be read"
                           : a->gzip && !pack(a, !more) ? "out of memory"
                                                        : "";
    snprintf(why, WHY_BYTES, "%s", sentence);
    return more;
}

static void move(struct ask *a)
{
    struct buf *from = a->gzip ? &a->out : &a->plain;
    if (a->taken > 0) { /* what is left, to the beginning */
        memmove(a->ready.p, a->ready.p + a->taken, a->ready.n - a->taken);
        a->ready.n -= a->taken;
        a->taken = 0;
    }
    buf_add(&a->ready, from->p, from->n);
    a->failed = a->failed || a->ready.failed;
    buf_clear(from);
    a->found = a->inquiry ? inquiry_state(a->inquiry).found : 0;
}

static void free_ask(struct ask *a)
{
    inquiry_free(a->inquiry);
    question_free(&a->question);
    if (a->packs) {
        deflateEnd(&a->z);
    }
    buf_free(&a->plain);
    buf_free(&a->out);
    buf_free(&a->ready);
    free(a);
}

static void append(struct readers *r, struct ask *a)
{
    a->place = QUEUED;
    a->next = NULL;
    *r->last = a;
    r->last = &a->next;
    uv_cond_signal(&r->work);
}

static struct ask *take_first(struct readers *r)
{
    struct ask *a = r->first;
    r->first = a->next;
    if (!r->first) {
        r->last = &r->first;
    }
    a->place = RUNNING;
    return a;
}

static void thread_main(void *arg)
{
    struct readers *r = arg;
    struct store *s = NULL;
    char why[WHY_BYTES];
    uv_mutex_lock(&r->lock);
    for (;;) {
        while (!r->stops && !r->first) {
            uv_cond_wait(&r->work, &r->lock);
        }
        if (r->stops) {
            break;
        }
        struct ask *a = take_first(r);
        uv_mutex_unlock(&r->lock);
        const bool more = run(a, &s, why);
        uv_mutex_lock(&r->lock);
        if (a->dropped) {
            free_ask(a);
            continue;
        }
        memcpy(a->why, why, sizeof why);
        a->failed = why[0];
        move(a);
        a->place = DONE;
        if (more && !a->failed) {
            if (a->ready.n < READERS_READY_BYTES) {
                append(r, a);
            } else {
                a->place = FULL;
            }
        }
        if (!r->stops) {
            uv_async_send(r->async);
        }
    }
    uv_mutex_unlock(&r->lock);
    store_close(s);
}

/* ---- the loop's side ---- */

static void on_async(uv_async_t *async)
{
    struct readers *r = async->data;
    r->on_ready(r->ctx);
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void free_readers(struct readers *r)
{
    uv_cond_destroy(&r->work);
    uv_mutex_destroy(&r->lock);
    free(r->dir);
    free(r);
}

struct readers *readers_open(uv_loop_t *loop, const char *dir, void (*ready)(void *ctx), void *ctx)
{
    struct readers *r = calloc(1, sizeof *r);
    uv_async_t *async = malloc(sizeof *async);
    char *copy = strdup(dir);
    if (!r || !async || !copy) {
        free(r);
        free(async);
        free(copy);
        return NULL;
    }
    *r = (struct readers){.async = async, .on_ready = ready, .ctx = ctx, .dir = copy};
    r->last = &r->first;
    uv_mutex_init(&r->lock);
    uv_cond_init(&r->work);
    uv_async_init(loop, async, on_async);
    async->data = r;
    for (; r->threads < READERS; r->threads++) {
        if (uv_thread_create(&r->thread[r->threads], thread_main, r)) {
            break;
        }
    }
    if (r->threads == 0) {
        readers_close(r);
        return NULL;
    }
    return r;
}

void readers_close(struct readers *r)
{
    if (!r || r->stops) {
        return;
    }
    uv_mutex_lock(&r->lock);
    r->stops = true;
    uv_cond_broadcast(&r->work);
    uv_mutex_unlock(&r->lock);
    for (unsigned i = 0; i < r->threads; i++) {
        uv_thread_join(&r->thread[i]);
    }
    uv_close((uv_handle_t *)r->async, free_handle);
    if (r->n == 0) {
        free_readers(r);
    }
}

static bool is_loopback(const char *peer)
{
    return strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0 || peer[0] == 0;
}

struct ask *ask_new(struct readers *r, struct question *q, const char *peer, bool gzip,
                    bool *is_peer)
{
    size_t of_peer = 0;
    for (size_t i = 0; i < r->n; i++) {
        of_peer += strcmp(r->asks[i]->peer, peer) == 0;
    }
    *is_peer = of_peer >= (is_loopback(peer) ? READERS_LOOPBACK_MAX : READERS_PEER_MAX);
    if (*is_peer || r->n == READERS_ASKS_MAX || r->stops) {
        return NULL;
    }
    struct ask *a = calloc(1, sizeof *a);
    if (!a) {
        return NULL;
    }
    a->readers = r;
    a->gzip = gzip;
    a->question = *q;
    question_start(q);
    snprintf(a->peer, sizeof a->peer, "%s", peer);
    r->asks[r->n++] = a;
    uv_mutex_lock(&r->lock);
    append(r, a);
    uv_mutex_unlock(&r->lock);
    return a;
}

static void leave_queue(struct readers *r, const struct ask *a)
{
    struct ask **link = &r->first;
    while (*link && *link != a) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = a->next;
    }
    r->last = &r->first;
    while (*r->last) {
        r->last = &(*r->last)->next;
    }
}

void ask_drop(struct ask *a)
{
    struct readers *r = a->readers;
    for (size_t i = 0; i < r->n; i++) {
        if (r->asks[i] == a) {
            r->asks[i] = r->asks[--r->n];
            break;
        }
    }
    uv_mutex_lock(&r->lock);
    const bool is_running = a->place == RUNNING;
    a->dropped = true;
    if (a->place == QUEUED) {
        leave_queue(r, a);
    }
    uv_mutex_unlock(&r->lock);
    if (!is_running) {
        free_ask(a);
    }
    if (r->stops && r->n == 0) {
        free_readers(r);
    }
}

struct ask_state ask_state(struct ask *a)
{
    uv_mutex_lock(&a->readers->lock);
    const struct ask_state s = {.done = a->place == DONE,
                                .failed = a->failed,
                                .ready = a->ready.n - a->taken,
                                .found = a->found,
                                .why = a->why,
                                .type = inquiry_media_type(&a->question),
                                .gzip = a->gzip};
    uv_mutex_unlock(&a->readers->lock);
    return s;
}

size_t ask_take(struct ask *a, uint8_t *out, size_t max)
{
    struct readers *r = a->readers;
    uv_mutex_lock(&r->lock);
    const size_t left = a->ready.n - a->taken, n = left < max ? left : max;
    if (n > 0) {
        memcpy(out, a->ready.p + a->taken, n);
    }
    a->taken += n;
    if (a->place == FULL && left - n < READERS_READY_BYTES / 4) {
        append(r, a);
    }
    uv_mutex_unlock(&r->lock);
    return n;
}
