#include "store/ahead.h"

#include <pthread.h>
#include <stdlib.h>

/* A ring of chunks in the order of the candidates: those before `head` were looked at, from there
   to `take` they are decoded or being decoded, from there to `tail` they are read. The search's
   thread reads, and decodes while it waits for what it wants; the thread beside it decodes alone.
   Each takes the first that nobody has taken, so neither waits while there is work. Few chunks are
   under way, so that their points stay in the processor's memory. */
enum {
    SLOTS = 16,
    WINDOW_FIRST = 4,
    SPLIT = 8,             /* fewer under way are not worth a thread */
    WAKE = 4,              /* nor is it woken for fewer */
    LOOK_MOST = 4 * SLOTS, /* candidates looked at ahead: most may be none that are read */
};

struct slot {
    struct ahead_chunk chunk;
    bool done; /* under the lock */
    struct buf bytes;
    struct kept *points; /* CHUNK_POINTS_MAX */
};

struct ahead {
    struct slot slot[SLOTS];
    size_t head, take, tail;      /* ever: of the ring modulo SLOTS; take, tail: under the lock */
    size_t window;                /* slots that are filled by now */
    const struct candidate *next; /* to read; NULL: none was yet */
    int64_t to_ms;
    bool firsts;
    bool has_thread, ends; /* ends: under the lock */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, ready;
    struct chunk_codec *other; /* the thread's */
    struct kept *points;       /* of all slots; what is used of it is memory */
};

struct ahead *ahead_new(int64_t to_ms, bool firsts)
{
    struct ahead *a = calloc(1, sizeof *a);
    if (!a) {
        return NULL;
    }
    a->points = malloc((size_t)SLOTS * CHUNK_POINTS_MAX * sizeof *a->points);
    if (!a->points) {
        free(a);
        return NULL;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        a->slot[i].points = a->points + i * CHUNK_POINTS_MAX;
    }
    a->window = WINDOW_FIRST;
    a->to_ms = to_ms;
    a->firsts = firsts;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->work, NULL);
    pthread_cond_init(&a->ready, NULL);
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
    for (size_t i = 0; i < SLOTS; i++) {
        buf_free(&a->slot[i].bytes);
    }
    chunk_codec_free(a->other);
    free(a->points);
    free(a);
}

/* --- decoding --------------------------------------------------------------------------------- */

/* Decodes the first chunk that nobody has taken; false: there is none. The lock is held before and
   after. */
static bool decode_one(struct ahead *a, struct chunk_codec *codec)
{
    if (a->take == a->tail) {
        return false;
    }
    struct slot *x = &a->slot[a->take++ % SLOTS];
    pthread_mutex_unlock(&a->lock);
    struct ahead_chunk *c = &x->chunk;
    c->p = x->points;
    c->e =
        chunk_read(codec, x->bytes.p, x->bytes.n, c->reach, a->to_ms, CHUNK_ALL, x->points, &c->n);
    c->ascends = chunk_ascends(codec);
    pthread_mutex_lock(&a->lock);
    x->done = true;
    return true;
}

static void *work(void *ctx)
{
    struct ahead *a = ctx;
    pthread_mutex_lock(&a->lock);
    while (!a->ends) {
        if (decode_one(a, a->other)) {
            pthread_cond_signal(&a->ready);
        } else {
            pthread_cond_wait(&a->work, &a->lock);
        }
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* Where there is no second thread to be had, the search's own does it all. */
static void start_thread(struct ahead *a)
{
    a->other = a->other ? a->other : chunk_codec_new();
    a->has_thread = a->other && pthread_create(&a->thread, NULL, work, a) == 0;
}

static void finish(struct ahead *a, const struct slot *x, struct chunk_codec *codec)
{
    pthread_mutex_lock(&a->lock);
    while (!x->done) {
        if (!decode_one(a, codec)) {
            pthread_cond_wait(&a->ready, &a->lock);
        }
    }
    pthread_mutex_unlock(&a->lock);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Whether a candidate is to be read: no others of its aircraft where the first will do; nothing
   that is in no chunk; what the index tells as a whole only where it is asked for. */
static bool is_read(const struct ahead *a, const struct candidate *c, bool is_asked)
{
    return c->id >= 0 && (is_asked || (!c->whole && !(a->firsts && c->address == c[-1].address)));
}

/* The bytes of one more candidate. ERR_MEMORY. */
static enum err fill_one(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                         const struct candidate *c)
{
    size_t bytes;
    const uint8_t *p = chunk_bytes(s, reader, c->id, &bytes);
    if (!p) {
        return ERR_OK; /* it is not there any more */
    }
    struct slot *x = &a->slot[a->tail % SLOTS];
    buf_clear(&x->bytes);
    buf_add(&x->bytes, p, bytes);
    if (x->bytes.failed) {
        return ERR_MEMORY;
    }
    pthread_mutex_lock(&a->lock);
    x->chunk = (struct ahead_chunk){.of = c, .reach = c->reach};
    x->done = false;
    a->tail++;
    if (a->tail - a->take >= WAKE) {
        pthread_cond_signal(&a->work);
    }
    pthread_mutex_unlock(&a->lock);
    return ERR_OK;
}

/* Some at a time, as one look at the index: to begin and to end one costs as much as to read a
   chunk. */
static enum err fill(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                     const struct candidate *c, size_t n)
{
    if (a->head < a->tail && a->tail - a->head > a->window / 2) {
        return ERR_OK;
    }
    const struct candidate *end = c + (n < LOOK_MOST ? n : LOOK_MOST);
    a->next = a->next && a->next > c ? a->next : c;
    const bool begun = sqlite3_get_autocommit(s->db);
    enum err e = begun ? index_run(s->db, "BEGIN") : ERR_OK;
    while (!e && a->tail - a->head < a->window && a->next < end) {
        const struct candidate *now = a->next++;
        if (is_read(a, now, now == c)) {
            e = fill_one(a, s, reader, now);
        }
    }
    sqlite3_reset(reader);
    if (begun) {
        index_run(s->db, "COMMIT");
    }
    if (!a->has_thread && a->tail - a->head >= SPLIT) {
        start_thread(a);
    }
    a->window = a->window < SLOTS ? 2 * a->window : SLOTS;
    return e;
}

/* What was looked at gives its place to what is read now. */
enum err ahead_get(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                   const struct candidate *c, size_t n, const struct ahead_chunk **out)
{
    *out = NULL;
    while (a->head < a->tail && a->slot[a->head % SLOTS].chunk.of < c) {
        finish(a, &a->slot[a->head++ % SLOTS], s->codec);
    }
    const enum err e = fill(a, s, reader, c, n);
    struct slot *x = &a->slot[a->head % SLOTS];
    if (e || a->head == a->tail || x->chunk.of != c) {
        return e;
    }
    finish(a, x, s->codec);
    *out = &x->chunk;
    return ERR_OK;
}
