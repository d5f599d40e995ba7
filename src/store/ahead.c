#include "store/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_FIRST = 4,
    BATCH = 32,      /* a megabyte of points: what the processor's own memory holds */
    BATCH_SPLIT = 16 /* fewer are not worth a thread */
};

struct ahead {
    struct ahead_chunk chunk[BATCH];
    size_t n, size; /* size: of the coming batch */
    struct buf bytes;
    struct kept *points; /* BATCH * CHUNK_POINTS_MAX, of which what is used is memory */
    struct chunk_codec *other;
};

struct share {
    struct ahead *a;
    struct chunk_codec *codec;
    size_t from, to;
    int64_t to_ms;
};

struct ahead *ahead_new(void)
{
    struct ahead *a = calloc(1, sizeof *a);
    if (a) {
        a->size = BATCH_FIRST;
        a->points = malloc((size_t)BATCH * CHUNK_POINTS_MAX * sizeof *a->points);
    }
    if (a && !a->points) {
        free(a);
        return NULL;
    }
    return a;
}

void ahead_free(struct ahead *a)
{
    if (a) {
        buf_free(&a->bytes);
        chunk_codec_free(a->other);
        free(a->points);
        free(a);
    }
}

const struct ahead_chunk *ahead_find(const struct ahead *a, int64_t id)
{
    for (size_t i = 0; i < a->n; i++) {
        if (a->chunk[i].id == id) {
            return &a->chunk[i];
        }
    }
    return NULL;
}

static void *decode(void *ctx)
{
    const struct share *s = ctx;
    struct ahead *a = s->a;
    for (size_t i = s->from; i < s->to; i++) {
        struct ahead_chunk *c = &a->chunk[i];
        struct kept *p = a->points + i * CHUNK_POINTS_MAX;
        c->p = p;
        c->e = chunk_read(s->codec, a->bytes.p + c->at, c->bytes, c->reach, s->to_ms, CHUNK_ALL, p,
                          &c->n);
    }
    return NULL;
}

/* Where there is no second thread to be had, one does it all. */
static void decode_all(struct ahead *a, struct store *s, int64_t to_ms)
{
    pthread_t thread;
    struct share mine = {a, s->codec, 0, a->n, to_ms}, other = mine;
    if (a->n >= BATCH_SPLIT && !a->other) {
        a->other = chunk_codec_new();
    }
    other.codec = a->other;
    other.from = a->n / 2;
    if (a->n >= BATCH_SPLIT && a->other && pthread_create(&thread, NULL, decode, &other) == 0) {
        mine.to = other.from;
        decode(&mine);
        pthread_join(thread, NULL);
    } else {
        decode(&mine);
    }
}

enum err ahead_read(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                    const struct candidate *c, size_t n, int64_t to_ms)
{
    a->n = 0;
    buf_clear(&a->bytes);
    for (size_t i = 0; i < n && i < a->size; i++) {
        size_t bytes;
        /* What the index tells as a whole need not be decoded, as a rule. */
        const bool is_told = c[i].id < 0 || (i > 0 && c[i].whole);
        const uint8_t *b = is_told ? NULL : chunk_bytes(s, reader, c[i].id, &bytes);
        if (b) { /* else it is in no chunk, or not there any more */
            a->chunk[a->n++] = (struct ahead_chunk){
                .id = c[i].id, .at = a->bytes.n, .bytes = bytes, .reach = c[i].reach};
            buf_add(&a->bytes, b, bytes);
        }
    }
    if (a->bytes.failed) {
        a->n = 0;
        return ERR_MEMORY;
    }
    a->size = a->size < BATCH ? 2 * a->size : BATCH;
    decode_all(a, s, to_ms);
    return ERR_OK;
}
