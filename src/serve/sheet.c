#include "serve/sheet.h"

#include "serve/internal.h"
#include "wire/aircraft_json.h"

enum {
    WINDOW_GZIP = 15 + 16,
    MEMORY = 8,
    LEVEL = 4,
    LEVEL_LARGE = 1, /* where time is dearer than bytes */
    LARGE = 4 << 20,
    PIECE = 8192 /* packed in one step: some 100 us */
};

static void put(void *ctx, const struct track *a, int64_t now_us)
{
    struct sheet *t = ctx;
    if (t->kind->has && !t->kind->has(a, now_us)) {
        return;
    }
    buf_text(&t->b, t->any ? ",\n" : "\n");
    struct aircraft_name name;
    const bool named = t->s->o.name && t->s->o.name(t->s->o.ctx, a, &name);
    aircraft_json_write(&t->b, a, t->s->o.receivers->row, named ? &name : NULL, now_us, 0);
    t->any = true;
}

static bool write_some(void *ctx)
{
    struct sheet *t = ctx;
    if (walk_some(&t->walk, put, t)) {
        return true;
    }
    buf_text(&t->b, "\n]}\n");
    struct body *body = body_take(&t->b, &t->s->jobs);
    if (body) {
        body_drop(t->plain);
        body_drop(t->packed);
        t->plain = body;
        t->packed = NULL;
        t->cannot_pack = false;
    }
    t->begun_ms = t->walk.begun_ms; /* out of memory: the old one will do for another second */
    t->failed = !t->plain;
    serve_ready(t->s);
    return false;
}

static void write_start(struct sheet *t)
{
    walk_begin(&t->walk, t->s->o.tracker, serve_now_us(t->s), serve_clock_ms(t->s));
    t->any = false;
    body_begin(&t->b);
    t->kind->head(t->s, &t->b, t->walk.now_us);
    job_start(&t->s->jobs, &t->job, write_some, t);
}

static void pack_end(struct sheet *t, bool done)
{
    deflateEnd(&t->z);
    body_drop(t->packed);
    t->packed = done ? body_take(&t->b, &t->s->jobs) : NULL;
    buf_free(&t->b);
    t->cannot_pack = !t->packed;
    t->packs = false;
    serve_ready(t->s);
}

static bool pack_some(void *ctx)
{
    struct sheet *t = ctx;
    uint8_t *room = buf_reserve(&t->b, PIECE * 2);
    if (!room) {
        pack_end(t, false);
        return false;
    }
    const size_t left = t->plain->n - t->z.total_in;
    t->z.next_in = t->plain->bytes + t->z.total_in;
    t->z.avail_in = (uInt)(left < PIECE ? left : PIECE);
    t->z.next_out = room;
    t->z.avail_out = PIECE * 2;
    const int r = deflate(&t->z, left <= PIECE ? Z_FINISH : Z_NO_FLUSH);
    t->b.n += PIECE * 2 - t->z.avail_out;
    if (r == Z_OK) {
        return true;
    }
    pack_end(t, r == Z_STREAM_END);
    return false;
}

/* The plain one stays while it is packed: no other is written meanwhile. */
static void pack_start(struct sheet *t)
{
    t->z = (z_stream){0};
    const int level = t->plain->n > LARGE ? LEVEL_LARGE : LEVEL;
    if (deflateInit2(&t->z, level, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        t->cannot_pack = true;
        return;
    }
    t->packs = true;
    body_begin(&t->b);
    job_start(&t->s->jobs, &t->job, pack_some, t);
}

static bool is_recent(const struct sheet *t, int64_t asked_ms)
{
    return t->plain && asked_ms - t->begun_ms < SHEET_SHARED_MS;
}

struct body *sheet_get(struct sheet *t, int64_t asked_ms, bool *gzip)
{
    if (!is_recent(t, asked_ms) && !t->job.runs) {
        write_start(t);
    }
    if (!is_recent(t, asked_ms)) {
        return NULL;
    }
    if (*gzip && !t->packed && !t->cannot_pack && !t->job.runs) {
        pack_start(t);
    }
    if (*gzip && !t->packed && !t->cannot_pack) {
        return NULL;
    }
    *gzip = *gzip && t->packed;
    return *gzip ? t->packed : t->plain;
}

void sheet_free(struct sheet *t)
{
    if (t->packs) {
        deflateEnd(&t->z);
    }
    buf_free(&t->b);
    body_drop(t->plain);
    body_drop(t->packed);
}
