/* The writer. What holds at every instant, also after kill -9 or loss of power:

   I1  store_sync returned ERR_OK: every point added before is in a chunk of a committed transaction
       or in a whole block of the journal, both on the disk.
   I2  A chunk and every row that leads to it are one transaction: all there or none.
   I3  A point is found once: the kept points of an aircraft are numbered; its row says up to which
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

enum { TAIL_SPARE_BYTES = 16 << 20, POINT_BYTES = 20 /* in the journal, about */ };

/* So far back a time is not late: the clock was put right, and history goes on from there. */
#define CLOCK_BACK_MS INT64_C(3600000)
/* After this the newest point of a silent aircraft is kept; after this it is in a chunk, and the
   writer knows no more of it. */
#define SETTLE_MS       INT64_C(60000)
#define SETTLE_EVERY_MS INT64_C(15000)
#define FORGET_MS       INT64_C(600000)

static enum err take(struct store *s, struct craft *c, const struct kept *p)
{
    struct thin *t = &c->thin;
    enum err e = ERR_OK;
    s->state.thinned += t->waiting > 0; /* the newest that waits, unless it is kept now */
    if (t->waiting > 0 && !thin_fits(t, p)) {
        s->state.thinned--;
        e = craft_keep(s, c, &t->newest);
    }
    if (e) {
        return e;
    }
    if (s->o.thin_m <= 0 || thin_must_keep(t, p)) {
        return craft_keep(s, c, p);
    }
    thin_wait(t, p, s->o.thin_m, s->o.thin_ft);
    c->waits = true;
    return ERR_OK;
}

/* What waits of who has been silent is kept: by the data's clock, so that the same is kept however
   fast they come. */
static void settle_silent(struct store *s)
{
    for (size_t i = 0; i < s->n_crafts; i++) {
        struct craft *c = &s->craft[i];
        if (c->thin.waiting > 0 && s->now_ms - c->last_ms > SETTLE_MS) {
            (void)craft_keep(s, c, &c->thin.newest); /* out of memory: at the next look */
        }
    }
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
    if (p->t_ms - s->settled_ms > SETTLE_EVERY_MS || p->t_ms < s->settled_ms - CLOCK_BACK_MS) {
        s->settled_ms = p->t_ms;
        settle_silent(s);
    }
    struct craft *c = craft_get(s, p->address);
    if (!c) {
        return ERR_MEMORY;
    }
    if (p->t_ms <= c->last_ms && p->t_ms > c->last_ms - CLOCK_BACK_MS) {
        s->state.refused++;
        return ERR_EXISTS;
    }
    s->now_ms = p->t_ms;
    c->last_ms = p->t_ms;
    return take(s, c, p);
}

/* --- chunks of what is due -------------------------------------------------------------------- */

static enum err write_craft(struct store *s, const struct craft *c)
{
    struct kept *p = malloc(c->n * sizeof *p);
    struct store_run *r = s->run;
    size_t added = 0;
    if (!p) {
        return ERR_MEMORY;
    }
    craft_read(c, p);
    store_run_clear(r);
    size_t n = c->n;
    const bool ends = s->now_ms - c->last_ms > FORGET_MS;
    enum err e = n < s->o.chunk_points ? merge_before(s, &p, &n, ends) : ERR_OK;
    e = e ? e : run_add(r, p, n);
    free(p);
    for (size_t i = 0; i < r->chunks && !e; i++) {
        e = index_put(s, r, &r->chunk[i], c->seq, &added);
    }
    return e ? e : index_note_seq(s, c->address, c->seq);
}

static bool is_due(const struct store *s, const struct craft *c, uint32_t least)
{
    return c->n > 0 && (c->n >= s->o.chunk_points || c->n >= least ||
                        s->now_ms - c->first_ms >= s->o.chunk_age_ms ||
                        (s->now_ms - c->last_ms > FORGET_MS && c->thin.waiting == 0));
}

/* Who is due, from where the last look ended, up to `most` points; false: out of memory. */
static bool find_due(struct store *s, uint32_t least, size_t most, size_t *n)
{
    size_t points = 0;
    *n = 0;
    if (s->cap_due < s->n_crafts) {
        uint32_t *more = realloc(s->due, s->n_crafts * sizeof *more);
        if (!more) {
            return false;
        }
        s->due = more;
        s->cap_due = s->n_crafts;
    }
    for (size_t i = 0; i < s->n_crafts && points < most; i++) {
        s->due_at = s->due_at + 1 < s->n_crafts ? s->due_at + 1 : 0;
        if (is_due(s, &s->craft[s->due_at], least)) {
            s->due[(*n)++] = (uint32_t)s->due_at;
            points += s->craft[s->due_at].n;
        }
    }
    return true;
}

/* Chunks of aircraft that are due, in one transaction (I2); then they leave memory (I4). */
static enum err write_due(struct store *s, uint32_t least, size_t most)
{
    size_t n;
    if (!find_due(s, least, most, &n)) {
        return ERR_MEMORY;
    }
    if (n == 0 || s->putting) {
        return ERR_OK;
    }
    enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    if (e) {
        return e;
    }
    s->merge_from = merge_from(s);
    const int64_t next_id = index_next_id(s);
    s->next_id = next_id > s->last_id ? next_id : s->last_id;
    for (size_t i = 0; i < n && !e; i++) {
        e = write_craft(s, &s->craft[s->due[i]]);
    }
    s->last_id = s->next_id;
    s->next_id = 0;
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        index_run(s->db, "ROLLBACK");
        return e;
    }
    for (size_t i = 0; i < n; i++) {
        craft_drop(s, &s->craft[s->due[i]]);
    }
    return ERR_OK;
}

/* The journal anew, with only what is in no chunk (I4). */
static enum err shorten_tail(struct store *s)
{
    struct buf block = {0};
    uint32_t aircraft = 0;
    struct tail_slot *slot = malloc((s->n_crafts + 1) * sizeof *slot);
    for (size_t i = 0; i < s->n_crafts && slot; i++) {
        craft_to_tail(&s->craft[i], &slot[i], &block, &aircraft);
    }
    const enum err e =
        block.failed || !slot ? ERR_MEMORY : tail_replace(&s->tail, &block, aircraft);
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        s->craft[i].slot = slot[i];
        s->craft[i].waits = false;
    }
    free(slot);
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

/* What waits is noted in the journal; of who is silent it is kept, and in the end forgotten. */
static void look_around(struct store *s)
{
    for (size_t i = 0; i < s->n_crafts; i++) {
        struct craft *c = &s->craft[i];
        const int64_t silent_ms = s->now_ms - c->last_ms;
        if (c->thin.waiting > 0 && silent_ms > SETTLE_MS) {
            (void)craft_keep(s, c, &c->thin.newest); /* out of memory: at the next look */
        } else if (c->waits && !s->state.stopped) {
            tail_add(&s->tail.pending, &s->tail.aircraft, &c->slot, c->seq, &c->thin.anchor,
                     &c->thin.newest, TAIL_PROVISIONAL);
            c->waits = false;
        } else if (c->n == 0 && silent_ms > FORGET_MS) {
            craft_forget(s, i--);
        }
    }
}

enum err store_sync(struct store *s)
{
    const uint64_t came = s->state.kept - s->synced;
    look_around(s);
    s->synced = s->state.kept;
    enum err e = s->tail.pending.failed ? shorten_tail(s) : tail_sync(&s->tail);
    /* Near its memory's end the writer makes chunks of those who hold more than half of a fair
       share. */
    const bool crowded = s->state.buffered > s->o.buffer_points / 4 * 3;
    const uint32_t fair =
        crowded ? (uint32_t)(s->state.buffered / (2 * s->n_crafts)) + 1 : UINT32_MAX;
    const size_t slice = s->o.slice_points == 0         ? SIZE_MAX
                         : 2 * came > s->o.slice_points ? 2 * came
                                                        : s->o.slice_points;
    e = e ? e : write_due(s, fair, slice);
    const uint64_t live = (uint64_t)s->state.buffered * POINT_BYTES;
    if (!e && s->tail.bytes > TAIL_SPARE_BYTES + 2 * live) {
        e = shorten_tail(s);
    }
    return note(s, e);
}

enum err store_flush(struct store *s)
{
    const enum err e = store_sync(s);
    return e ? e : note(s, write_due(s, 1, SIZE_MAX));
}

struct store_state store_state(const struct store *s)
{
    return s->state;
}

/* --- opening ---------------------------------------------------------------------------------- */

enum err store_recover(void *ctx, const struct tail_point *p)
{
    struct store *s = ctx;
    struct craft *c = craft_get(s, p->point->address);
    if (!c) {
        return ERR_MEMORY;
    }
    const bool is_new = p->seq != TAIL_PROVISIONAL && p->seq > c->seq; /* I3 */
    s->now_ms = p->point->t_ms > s->now_ms ? p->point->t_ms : s->now_ms;
    c->last_ms = p->point->t_ms;
    if (p->seq == TAIL_PROVISIONAL) {
        c->thin.newest = *p->point;
        c->thin.waiting = 1;
    } else if (!is_new) {
        thin_kept(&c->thin, p->point);
    }
    c->slot = p->slot;
    if (is_new) {
        c->seq = p->seq - 1;
        return craft_hold(s, c, p->point);
    }
    return ERR_OK;
}

/* A point that was waiting becomes a kept one where none later was kept. */
enum err store_settle(struct store *s)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        struct craft *c = &s->craft[i];
        if (c->thin.waiting > 0) {
            e = craft_keep(s, c, &c->thin.newest);
        }
    }
    return e;
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
    struct tail_found found;
    s->now_ms = KEPT_NO_TIME;
    enum err e = tail_read(s->dir, store_recover, s, &found);
    const bool goes_on = e == ERR_OK && found.version == TAIL_VERSION &&
                         found.good < TAIL_SPARE_BYTES + 2 * s->state.buffered * POINT_BYTES;
    e = e == ERR_NOT_FOUND ? ERR_OK : e;
    e = e ? e : goes_on ? tail_continue(&s->tail, &found) : shorten_tail(s);
    e = e ? e : store_settle(s);
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
    o->buffer_points = o->buffer_points ? o->buffer_points : (size_t)1 << 22;
}

enum err store_open(const char *dir, const struct store_options *o, struct store **out, char *why,
                    size_t why_size)
{
    struct store *s = calloc(1, sizeof *s);
    if (!s || !(s->points = malloc(CHUNK_POINTS_MAX * sizeof *s->points)) ||
        !(s->codec = chunk_codec_new())) {
        snprintf(why, why_size, "out of memory");
        free(s ? s->points : NULL);
        free(s);
        return ERR_MEMORY;
    }
    s->o = *o;
    s->dir = s->lock = s->tail.file = -1;
    set_defaults(&s->o);
    enum err e = open_dir(s, dir, why, why_size);
    s->tail.dir = s->dir;
    if (!e && o->mode == STORE_WRITE &&
        (!(s->run = store_run_new(s->o.chunk_points)) || !(s->gather = gather_new()))) {
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
    s->tells = true;
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
    if (s->tail.file >= 0) {
        (void)store_settle(s); /* nobody will say whether they lie on a line */
        if (store_sync(s) == ERR_OK) {
            (void)shorten_tail(s); /* so that the next opening is quick */
        }
    }
    craft_free_all(s);
    tail_reader_free(s->reader);
    free(s->due);
    tail_close(&s->tail);
    for (int i = 0; i < INDEX_STATEMENTS; i++) {
        sqlite3_finalize(s->statement[i]);
    }
    sqlite3_close(s->db);
    packed_close(s);
    gather_free(s->gather);
    if (s->lock >= 0) {
        close(s->lock);
    }
    if (s->dir >= 0) {
        close(s->dir);
    }
    free(s->points);
    chunk_codec_free(s->codec);
    store_run_free(s->run);
    free(s);
}
