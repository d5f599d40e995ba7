#include "shards/shards.h"

#include "base/bytes.h"
#include "radio/parity.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { AHEAD = 32 };

struct batch {
    const struct frame *frames;
    size_t n;
    struct message *messages;
    struct outcome *outcomes;
};

/* Each shard's own lines of the cache: nothing a thread writes lies beside what another reads. */
struct shard {
    _Alignas(64) struct shards *all;
    struct tracker *tracker;
    struct counters counters;
    unsigned number;
    uv_thread_t thread;
    uv_sem_t start, done;
    bool has_thread, has_signals;
};

struct shards {
    struct modes_options modes;
    struct counters *counters; /* the caller's */
    unsigned n;
    bool ends;
    struct batch batch;
    struct shard shard[SHARDS_MAX];
};

/* The address in clear, or carried by the parity; 25 bits do not matter here, only that one
 * aircraft has one answer. */
static uint32_t frame_address(const struct frame *f)
{
    const unsigned df = f->byte[0] >> 3;
    if (f->n < FRAME_SHORT) {
        return 0;
    }
    return df == 11 || df == 17 || df == 18 ? be24(f->byte + 1) : parity_remainder(f->byte, f->n);
}

/* Multiplicative hashing, so that blocks of addresses spread over all shards (Knuth, TAOCP 3, 6.4).
 */
static unsigned shard_of(const struct shards *s, const struct frame *f)
{
    const uint32_t mixed = frame_address(f) * UINT32_C(2654435761);
    return (unsigned)(((uint64_t)mixed * s->n) >> 32);
}

/* Frames decoded ahead of tracking, so that their aircraft are on the way from memory. */
struct ahead {
    unsigned n;
    size_t row[AHEAD];
    struct message message[AHEAD];
};

static void track_ahead(struct shard *own, struct ahead *ahead)
{
    const struct batch *b = &own->all->batch;
    for (unsigned i = 0; i < ahead->n; i++) {
        struct outcome here;
        struct outcome *out = b->outcomes ? &b->outcomes[ahead->row[i]] : &here;
        tracker_push(own->tracker, &ahead->message[i], out);
        own->counters.n[COUNT_FRAMES_TRACKED] += out->track && !out->duplicate;
        if (b->messages) {
            b->messages[ahead->row[i]] = ahead->message[i];
        }
    }
    ahead->n = 0;
}

static void run_batch(struct shard *own)
{
    const struct shards *s = own->all;
    const struct batch *b = &s->batch;
    const bool far = tracker_count(own->tracker) >= TRACKER_PREFETCH_FROM;
    struct ahead ahead;
    ahead.n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct frame *f = &b->frames[i];
        if (s->n > 1 && shard_of(s, f) != own->number) {
            continue;
        }
        struct message *m = &ahead.message[ahead.n];
        modes_decode(f, &s->modes, m);
        ahead.row[ahead.n++] = i;
        if (far) {
            tracker_prefetch(own->tracker, m->address);
        }
        if (!far || ahead.n == AHEAD) {
            track_ahead(own, &ahead);
        }
    }
    track_ahead(own, &ahead);
}

static void work(void *arg)
{
    struct shard *own = arg;
    for (;;) {
        uv_sem_wait(&own->start);
        if (own->all->ends) {
            return;
        }
        run_batch(own);
        uv_sem_post(&own->done);
    }
}

static bool open_shard(struct shards *s, unsigned i, const struct tracker_options *options)
{
    struct shard *own = &s->shard[i];
    struct tracker_options o = *options;
    own->all = s;
    own->number = i;
    o.counters = &own->counters;
    own->tracker = tracker_new(&o);
    if (!own->tracker) {
        return false;
    }
    if (i == 0) {
        return true; /* the caller's own thread */
    }
    own->has_signals = uv_sem_init(&own->start, 0) == 0 && uv_sem_init(&own->done, 0) == 0;
    own->has_thread = own->has_signals && uv_thread_create(&own->thread, work, own) == 0;
    return own->has_thread;
}

struct shards *shards_new(const struct shards_options *o)
{
    struct shards *s = aligned_alloc(64, (sizeof *s + 63) / 64 * 64);
    if (!s) {
        return NULL;
    }
    memset(s, 0, sizeof *s);
    s->modes = o->modes;
    s->counters = o->track.counters;
    s->n = o->n < 1 ? 1 : o->n > SHARDS_MAX ? SHARDS_MAX : o->n;
    for (unsigned i = 0; i < s->n; i++) {
        if (!open_shard(s, i, &o->track)) {
            shards_free(s);
            return NULL;
        }
    }
    return s;
}

void shards_free(struct shards *s)
{
    if (!s) {
        return;
    }
    s->ends = true;
    for (unsigned i = 0; i < s->n; i++) {
        struct shard *own = &s->shard[i];
        if (own->has_thread) {
            uv_sem_post(&own->start);
            uv_thread_join(&own->thread);
        }
        if (own->has_signals) {
            uv_sem_destroy(&own->start);
            uv_sem_destroy(&own->done);
        }
        tracker_free(own->tracker);
    }
    free(s);
}

/* Counts of all shards so far, into the caller's. */
static void gather_counts(struct shards *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        struct counters *c = &s->shard[i].counters;
        for (size_t k = 0; k < COUNT_COUNT; k++) {
            s->counters->n[k] += c->n[k];
        }
        for (size_t k = 0; k < sizeof c->verdict / sizeof *c->verdict; k++) {
            s->counters->verdict[k] += c->verdict[k];
        }
        memset(c, 0, sizeof *c);
    }
}

void shards_push(struct shards *s, const struct frame *frames, size_t n, struct message *messages,
                 struct outcome *outcomes)
{
    s->batch = (struct batch){frames, n, messages, outcomes};
    for (unsigned i = 1; i < s->n; i++) {
        uv_sem_post(&s->shard[i].start);
    }
    run_batch(&s->shard[0]);
    for (unsigned i = 1; i < s->n; i++) {
        uv_sem_wait(&s->shard[i].done);
    }
    gather_counts(s);
}

void shards_expire(struct shards *s, int64_t now_us)
{
    for (unsigned i = 0; i < s->n; i++) {
        tracker_expire(s->shard[i].tracker, now_us);
    }
    gather_counts(s);
}

unsigned shards_count(const struct shards *s)
{
    return s->n;
}

const struct tracker *shards_tracker(const struct shards *s, unsigned i)
{
    return s->shard[i].tracker;
}
