/* The writer. What holds at every instant, also after kill -9 or loss of power:

   I1  store_sync returned ERR_OK: every point added before is in a chunk of a committed transaction
       or in a whole block of the journal, both on the disk.
   I2  A chunk and every row that leads to it are one transaction: all there or none.
   I3  A point is found once: each kept point has a number; an aircraft's row says up to which
   number its points are in chunks, in the transaction that brings them; the journal's points up to
   that number are passed over. I4  Points leave memory only after the transaction with their chunk
   is committed, and the journal only by being written anew, in one rename, with all points that are
   in no chunk. I5  A block cut short or damaged fails its checksum: nothing of it is believed, what
   came before is. It was never acknowledged. I6  One writer: the lock is the kernel's, on the file
   `lock`, and goes with the process. I7  While the disk refuses, nothing acknowledged is dropped;
   new points are held up to buffer_points, then counted as lost; the next store_sync tries again.
   I8  What store_put puts is one transaction with its marks: after store_commit all of it, else
       nothing. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CRAFTS_MAX = 1 << 22, TAIL_SPARE_BYTES = 64 << 20 };

/* So far back a time is not late: the clock was put right, and history goes on from there. */
#define CLOCK_BACK_MS INT64_C(3600000)

/* --- aircraft --------------------------------------------------------------------------------- */

static struct craft *craft_get(struct store *s, uint32_t address)
{
    const uint32_t at = map_get(&s->crafts, address);
    if (at != MAP_NONE) {
        return &s->craft[at];
    }
    if (s->n_crafts == s->cap_crafts) {
        const size_t cap = s->cap_crafts ? s->cap_crafts * 2 : 256;
        struct craft *more = realloc(s->craft, cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        s->craft = more;
        s->cap_crafts = cap;
    }
    struct craft *c = &s->craft[s->n_crafts];
    *c = (struct craft){.address = address, .last_ms = KEPT_NO_TIME};
    if (s->o.thin_m > 0 && !(c->thin = calloc(1, sizeof *c->thin))) {
        return NULL;
    }
    if (map_add(&s->crafts, address, (uint32_t)s->n_crafts)) {
        free(c->thin);
        return NULL;
    }
    s->n_crafts++;
    return c;
}

static enum err hold(struct store *s, struct craft *c, const struct kept *p, uint64_t seq)
{
    if (c->n == c->cap) {
        const uint32_t cap = c->cap ? c->cap * 2 : 16;
        struct kept *more = realloc(c->point, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        c->point = more;
        c->cap = cap;
    }
    c->point[c->n++] = *p;
    c->seq = seq;
    s->state.buffered++;
    return ERR_OK;
}

static void drop(struct store *s, struct craft *c)
{
    s->state.buffered -= c->n;
    free(c->point);
    c->point = NULL;
    c->n = c->cap = 0;
}

static enum err keep(struct store *s, struct craft *c, const struct kept *p)
{
    const enum err e = hold(s, c, p, s->seq + 1);
    if (e) {
        return e;
    }
    tail_add(&s->tail.pending, ++s->seq, p);
    s->state.kept++;
    return ERR_OK;
}

enum err store_add(struct store *s, const struct kept *p)
{
    if (!chunk_point_fits(p)) {
        s->state.refused++;
        return ERR_RANGE;
    }
    if (s->state.stopped && s->state.buffered >= s->o.buffer_points) {
        s->state.lost++; /* I7 */
        return ERR_FULL;
    }
    struct craft *c = craft_get(s, p->address);
    if (!c) {
        return ERR_MEMORY;
    }
    if (p->t_ms <= c->last_ms && p->t_ms > c->last_ms - CLOCK_BACK_MS) {
        s->state.refused++;
        return ERR_EXISTS;
    }
    c->last_ms = p->t_ms;
    if (!c->thin) {
        return keep(s, c, p);
    }
    struct kept out[2];
    const unsigned before = c->thin->n, n = thin_take(c->thin, p, s->o.thin_m, s->o.thin_ft, out);
    s->state.thinned += before + 1 - n - c->thin->n;
    c->waits = c->thin->n > 0;
    enum err e = ERR_OK;
    for (unsigned i = 0; i < n && !e; i++) {
        e = keep(s, c, &out[i]);
    }
    return e;
}

/* --- chunks of what is due -------------------------------------------------------------------- */

static enum err write_craft(struct store *s, const struct craft *c)
{
    struct store_run *r = s->run;
    store_run_clear(r);
    enum err e = run_add(r, c->point, c->n);
    size_t added = 0;
    for (size_t i = 0; i < r->chunks && !e; i++) {
        e = index_put(s, r, &r->chunk[i], c->seq, &added);
    }
    return e ? e : index_note_seq(s, c->address, c->seq);
}

static bool is_due(const struct store *s, const struct craft *c, int64_t now_ms, uint32_t least)
{
    return c->n > 0 && (c->n >= s->o.chunk_points || c->n >= least ||
                        now_ms - c->point[0].t_ms >= s->o.chunk_age_ms);
}

/* Chunks of every aircraft that is due, in one transaction (I2); then they leave memory (I4). */
static enum err write_due(struct store *s, int64_t now_ms, uint32_t least)
{
    bool any = false;
    for (size_t i = 0; i < s->n_crafts && !any; i++) {
        any = is_due(s, &s->craft[i], now_ms, least);
    }
    if (!any || s->putting) {
        return ERR_OK;
    }
    enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    if (e) {
        return e;
    }
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        if (is_due(s, &s->craft[i], now_ms, least)) {
            e = write_craft(s, &s->craft[i]);
        }
    }
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
        return e;
    }
    for (size_t i = 0; i < s->n_crafts; i++) {
        if (is_due(s, &s->craft[i], now_ms, least)) {
            drop(s, &s->craft[i]);
        }
    }
    return ERR_OK;
}

/* The journal anew, with only what is in no chunk (I4). */
static enum err shorten_tail(struct store *s)
{
    struct buf block = {0};
    for (size_t i = 0; i < s->n_crafts; i++) {
        const struct craft *c = &s->craft[i];
        for (uint32_t j = 0; j < c->n; j++) {
            tail_add(&block, c->seq - (c->n - 1 - j), &c->point[j]);
        }
        if (c->thin && c->thin->n > 0) {
            tail_add(&block, TAIL_PROVISIONAL, &c->thin->newest);
        }
    }
    const enum err e = block.failed ? ERR_MEMORY : tail_replace(&s->tail, &block);
    buf_free(&block);
    return e;
}

static enum err note(struct store *s, enum err e)
{
    s->state.stopped = e != ERR_OK;
    s->state.why[0] = 0;
    if (e == ERR_FULL) {
        snprintf(s->state.why, sizeof s->state.why,
                 "the disk is full: history is held in memory until there is room");
    } else if (e) {
        snprintf(s->state.why, sizeof s->state.why, "history cannot be written (%s): %s",
                 err_text(e), index_error(s->db) ? sqlite3_errmsg(s->db) : strerror(errno));
    }
    return e;
}

static int64_t newest_ms(const struct store *s)
{
    int64_t t = KEPT_NO_TIME;
    for (size_t i = 0; i < s->n_crafts; i++) {
        t = s->craft[i].last_ms > t ? s->craft[i].last_ms : t;
    }
    return t;
}

enum err store_sync(struct store *s)
{
    for (size_t i = 0; i < s->n_crafts; i++) {
        if (s->craft[i].waits && !s->state.stopped) {
            tail_add(&s->tail.pending, TAIL_PROVISIONAL, &s->craft[i].thin->newest);
            s->craft[i].waits = false;
        }
    }
    enum err e = ERR_OK;
    if (s->tail.pending.failed) { /* no memory for the block: all it should hold is held besides */
        buf_free(&s->tail.pending);
        s->tail.pending = (struct buf){0};
        e = shorten_tail(s);
    }
    e = e ? e : tail_sync(&s->tail);
    /* Over its memory the writer makes chunks of those who hold more than half of a fair share. */
    const bool crowded = s->state.buffered > s->o.buffer_points;
    const uint32_t fair =
        crowded ? (uint32_t)(s->state.buffered / (2 * s->n_crafts)) + 1 : UINT32_MAX;
    e = e ? e : write_due(s, newest_ms(s), fair);
    const uint64_t live = (uint64_t)s->state.buffered * TAIL_RECORD_BYTES;
    if (!e && s->tail.bytes > TAIL_SPARE_BYTES + 2 * live) {
        e = shorten_tail(s);
    }
    return note(s, e);
}

struct store_state store_state(const struct store *s)
{
    return s->state;
}

/* --- opening ---------------------------------------------------------------------------------- */

static enum err recover(void *ctx, uint64_t seq, const struct kept *p)
{
    struct store *s = ctx;
    struct craft *c = craft_get(s, p->address);
    if (!c) {
        return ERR_MEMORY;
    }
    if (c->seq == 0) {
        c->seq = index_seq(s, p->address); /* I3 */
    }
    if (seq == TAIL_PROVISIONAL) {
        if (!c->thin && !(c->thin = calloc(1, sizeof *c->thin))) {
            return ERR_MEMORY;
        }
        c->thin->newest = *p;
        c->thin->n = 1;
        return ERR_OK;
    }
    s->seq = seq > s->seq ? seq : s->seq;
    c->last_ms = p->t_ms > c->last_ms ? p->t_ms : c->last_ms;
    return seq > c->seq ? hold(s, c, p, seq) : ERR_OK;
}

/* A point that was waiting becomes a kept one where none later was kept. */
static enum err settle(struct store *s)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        struct craft *c = &s->craft[i];
        if (c->thin && c->thin->n > 0) {
            const struct kept p = c->thin->newest;
            memset(c->thin, 0, sizeof *c->thin);
            if (s->o.thin_m <= 0) { /* thinning was on then and is off now */
                free(c->thin);
                c->thin = NULL;
            }
            if (p.t_ms > c->last_ms) {
                c->last_ms = p.t_ms;
                e = hold(s, c, &p, ++s->seq);
            }
        }
    }
    return e;
}

static uint64_t greatest_seq(struct store *s)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT max(seq) FROM aircraft");
    const uint64_t seq =
        q && sqlite3_step(q) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return seq;
}

static enum err take_lock(struct store *s, const char *dir, char *why, size_t why_size)
{
    s->lock = openat(s->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->lock < 0) {
        snprintf(why, why_size, "%s cannot be written: %s", dir, strerror(errno));
        return ERR_SYSTEM;
    }
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
        snprintf(why, why_size, "another masar is writing to %s", dir);
        return ERR_EXISTS;
    }
    return ERR_OK;
}

static enum err bring_tail_in(struct store *s, const char *dir, char *why, size_t why_size)
{
    uint64_t good;
    bool torn;
    s->seq = greatest_seq(s);
    enum err e = tail_read(s->dir, recover, s, &good, &torn);
    e = e == ERR_NOT_FOUND ? ERR_OK : e;
    e = e ? e : settle(s);
    e = e ? e : shorten_tail(s);
    if (e) {
        snprintf(why, why_size, "%s/tail cannot be taken over: %s", dir,
                 e == ERR_RANGE ? "it is of another version" : strerror(errno));
    }
    return e;
}

static enum err open_dir(struct store *s, const char *dir, char *why, size_t why_size)
{
    if (s->o.mode == STORE_WRITE && mkdir(dir, 0755) != 0 && errno != EEXIST) {
        snprintf(why, why_size, "%s cannot be made: %s", dir, strerror(errno));
        return ERR_SYSTEM;
    }
    s->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->dir < 0) {
        snprintf(why, why_size, "%s cannot be opened: %s", dir, strerror(errno));
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    }
    if (s->o.mode == STORE_READ && faccessat(s->dir, "index.sqlite", R_OK, 0) != 0) {
        snprintf(why, why_size, "there is no store in %s", dir);
        return ERR_NOT_FOUND;
    }
    return ERR_OK;
}

static void set_defaults(struct store_options *o)
{
    o->chunk_points = o->chunk_points ? o->chunk_points : STORE_CHUNK_POINTS;
    o->chunk_points = o->chunk_points > CHUNK_POINTS_MAX ? CHUNK_POINTS_MAX : o->chunk_points;
    o->chunk_age_ms = o->chunk_age_ms ? o->chunk_age_ms : 3600000;
    o->buffer_points = o->buffer_points ? o->buffer_points : (size_t)1 << 20;
}

enum err store_open(const char *dir, const struct store_options *o, struct store **out, char *why,
                    size_t why_size)
{
    struct store *s = calloc(1, sizeof *s);
    if (!s || map_init(&s->crafts, CRAFTS_MAX) ||
        !(s->points = malloc(CHUNK_POINTS_MAX * sizeof *s->points))) {
        snprintf(why, why_size, "out of memory");
        if (s) {
            map_free(&s->crafts);
        }
        free(s);
        return ERR_MEMORY;
    }
    s->o = *o;
    s->dir = s->lock = s->tail.file = -1;
    set_defaults(&s->o);
    enum err e = open_dir(s, dir, why, why_size);
    s->tail.dir = s->dir;
    if (!e && o->mode == STORE_WRITE && !(s->run = store_run_new(s->o.chunk_points))) {
        snprintf(why, why_size, "out of memory");
        e = ERR_MEMORY;
    }
    if (!e && o->mode == STORE_WRITE) {
        e = take_lock(s, dir, why, why_size);
    }
    e = e ? e : index_open(s, dir, why, why_size);
    if (!e && o->mode == STORE_WRITE) {
        e = bring_tail_in(s, dir, why, why_size);
    }
    if (e) {
        store_close(s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

void store_close(struct store *s)
{
    if (!s) {
        return;
    }
    if (s->putting) {
        index_run(s->db, "ROLLBACK");
        s->putting = false;
    }
    if (s->tail.file >= 0 && store_sync(s) == ERR_OK) {
        (void)shorten_tail(s); /* so that the next opening is quick */
    }
    for (size_t i = 0; i < s->n_crafts; i++) {
        free(s->craft[i].point);
        free(s->craft[i].thin);
    }
    tail_close(&s->tail);
    for (int i = 0; i < INDEX_STATEMENTS; i++) {
        sqlite3_finalize(s->statement[i]);
    }
    sqlite3_close(s->db);
    if (s->lock >= 0) {
        close(s->lock);
    }
    if (s->dir >= 0) {
        close(s->dir);
    }
    map_free(&s->crafts);
    free(s->craft);
    free(s->points);
    store_run_free(s->run);
    free(s);
}
