#include "store/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_FIRST = 4,
    BATCH = 32, /* a megabyte of points */
    BATCHES = 3,
    BATCH_SPLIT = 8 /* fewer are not worth a thread */
};

struct batch {
    struct ahead_chunk chunk[BATCH];
    size_t n;
    size_t taken, done; /* by whoever decodes; under the lock */
    int64_t to_ms;
    const struct candidate *end; /* where the next one begins */
    struct buf bytes;
    struct kept *points; /* BATCH * CHUNK_POINTS_MAX, of which what is used is memory */
};

/* Two threads decode: the search's own, when it waits, and the one beside it. Each takes the next
   chunk of a batch that nobody has taken. */
struct ahead {
    struct batch batch[BATCHES];
    unsigned now; /* which of them is looked at; the next is being decoded, that after it read */
    size_t size;  /* of the coming batch */
    bool firsts;
    bool has_thread, ends; /* ends, job: under the lock */
    struct batch *job;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, ready;
    struct chunk_codec *other; /* the thread's */
};

struct ahead *ahead_new(bool firsts)
{
    struct ahead *a = calloc(1, sizeof *a);
    if (!a) {
        return NULL;
    }
    a->size = BATCH_FIRST;
    a->firsts = firsts;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->work, NULL);
    pthread_cond_init(&a->ready, NULL);
    for (int i = 0; i < BATCHES; i++) {
        a->batch[i].points = malloc((size_t)BATCH * CHUNK_POINTS_MAX * sizeof *a->batch[i].points);
        if (!a->batch[i].points) {
            ahead_free(a);
            return NULL;
        }
    }
    return a;
}

void ahead_free(struct ahead *a)
{
    if (!a) {
        return;
    }
    if (a->has_thread) {
        pthread_mutex_lock(&a->lock);
        a->ends = true;
        pthread_cond_signal(&a->work);
        pthread_mutex_unlock(&a->lock);
        pthread_join(a->thread, NULL);
    }
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->work);
    pthread_cond_destroy(&a->ready);
    for (int i = 0; i < BATCHES; i++) {
        buf_free(&a->batch[i].bytes);
        free(a->batch[i].points);
    }
    chunk_codec_free(a->other);
    free(a);
}

static const struct ahead_chunk *find(const struct batch *b, int64_t id)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->chunk[i].id == id) {
            return &b->chunk[i];
        }
    }
    return NULL;
}

const struct ahead_chunk *ahead_find(const struct ahead *a, int64_t id)
{
    return find(&a->batch[a->now], id);
}

/* --- decoding --------------------------------------------------------------------------------- */

/* Decodes what nobody has taken of a batch. The lock is held before and after. */
static void decode(struct ahead *a, struct batch *b, struct chunk_codec *codec)
{
    while (b->taken < b->n) {
        const size_t i = b->taken++;
        pthread_mutex_unlock(&a->lock);
        struct ahead_chunk *c = &b->chunk[i];
        struct kept *p = b->points + i * CHUNK_POINTS_MAX;
        c->p = p;
        c->e = chunk_read(codec, b->bytes.p + c->at, c->bytes, c->reach, b->to_ms, CHUNK_ALL, p,
                          &c->n);
        c->ascends = chunk_ascends(codec);
        pthread_mutex_lock(&a->lock);
        b->done++;
    }
}

static void *work(void *ctx)
{
    struct ahead *a = ctx;
    pthread_mutex_lock(&a->lock);
    while (!a->ends) {
        if (!a->job) {
            pthread_cond_wait(&a->work, &a->lock);
            continue;
        }
        struct batch *b = a->job;
        a->job = NULL;
        decode(a, b, a->other);
        pthread_cond_signal(&a->ready);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* Where there is no second thread to be had, the search's own does it all. */
static void give(struct ahead *a, struct batch *b)
{
    if (!a->has_thread && b->n >= BATCH_SPLIT) {
        a->other = a->other ? a->other : chunk_codec_new();
        a->has_thread = a->other && pthread_create(&a->thread, NULL, work, a) == 0;
    }
    if (a->has_thread) {
        pthread_mutex_lock(&a->lock);
        a->job = b;
        pthread_cond_signal(&a->work);
        pthread_mutex_unlock(&a->lock);
    }
}

/* Decodes what is left of a batch, and waits for what the thread has taken of it. */
static void finish(struct ahead *a, struct batch *b, struct chunk_codec *codec)
{
    pthread_mutex_lock(&a->lock);
    decode(a, b, codec); /* the thread, when it has woken, takes its share */
    while (b->done < b->n) {
        pthread_cond_wait(&a->ready, &a->lock);
    }
    a->job = a->job == b ? NULL : a->job; /* it has not even begun, and is too late */
    pthread_mutex_unlock(&a->lock);
}

/* --- batches ---------------------------------------------------------------------------------- */

/* Whether a candidate is to be read: no others of its aircraft where the first will do; nothing
   that is in no chunk; what the index tells as a whole only where it comes first. */
static bool is_read(const struct ahead *a, const struct candidate *c, size_t i)
{
    return c[i].id >= 0 &&
           (i == 0 || (!c[i].whole && !(a->firsts && c[i].address == c[i - 1].address)));
}

/* The bytes of the coming chunks of n candidates. ERR_MEMORY. */
static enum err fill(struct ahead *a, struct batch *b, struct store *s, sqlite3_stmt *reader,
                     const struct candidate *c, size_t n, int64_t to_ms)
{
    size_t i = 0, looked = 0;
    pthread_mutex_lock(&a->lock); /* nobody works on it: finish() has seen to that */
    b->n = b->taken = b->done = 0;
    pthread_mutex_unlock(&a->lock);
    buf_clear(&b->bytes);
    b->to_ms = to_ms;
    size_t chunks = 0;
    for (; i < n && looked < a->size; i++) {
        size_t bytes;
        looked += !a->firsts || i == 0 || c[i].address != c[i - 1].address;
        const uint8_t *p = is_read(a, c, i) ? chunk_bytes(s, reader, c[i].id, &bytes) : NULL;
        if (p) { /* else it is in no chunk, or not there any more */
            b->chunk[chunks++] = (struct ahead_chunk){
                .id = c[i].id, .at = b->bytes.n, .bytes = bytes, .reach = c[i].reach};
            buf_add(&b->bytes, p, bytes);
        }
    }
    b->end = c + i;
    if (b->bytes.failed) {
        return ERR_MEMORY;
    }
    b->n = chunks;
    a->size = a->size < BATCH ? 2 * a->size : BATCH;
    return ERR_OK;
}

/* While the thread decodes the next batch, that after it is read; then this one helps. */
enum err ahead_read(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                    const struct candidate *c, size_t n, int64_t to_ms)
{
    struct batch *next = &a->batch[(a->now + 1) % BATCHES];
    struct batch *after = &a->batch[(a->now + 2) % BATCHES];
    const struct candidate *end = c + n;
    after->n = 0;
    if (!find(next, c->id)) {
        finish(a, next, s->codec);
        const enum err e = fill(a, next, s, reader, c, n, to_ms);
        if (e) {
            return e;
        }
        give(a, next);
    }
    if (a->has_thread && next->end < end &&
        fill(a, after, s, reader, next->end, (size_t)(end - next->end), to_ms)) {
        after->n = 0; /* it is read when it is asked for */
    }
    finish(a, next, s->codec);
    a->now = (a->now + 1) % BATCHES;
    if (after->n > 0) {
        give(a, after);
    }
    return ERR_OK;
}
