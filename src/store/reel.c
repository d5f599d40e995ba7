/* What is held of chunks lies in the order of the question before; the chunks of the next question
   come in the same: the two lists are walked side by side. */
#include "store/reel.h"

#include "store/pack.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

/* A chunk that is held, and how much of it was passed. */
struct entry {
    const struct shelf_item *item;
    uint32_t at;        /* bytes passed */
    struct kept before; /* the last point passed: the next says how it differs */
};

struct reel {
    struct shelf *shelf;
    struct entry *entry, *next; /* of the question before; of this one */
    size_t n, n_next, cap, cap_next;
    size_t at; /* of entry: those before were passed */
    uint64_t decoded;
    struct kept *chunk; /* CHUNK_POINTS_MAX */
    struct kept *p;     /* of chunks that overlap */
    size_t points, cap_points;
    struct buf packed;
};

struct reel *reel_new(struct shelf *shelf)
{
    struct reel *r = calloc(1, sizeof *r);
    if (r && !(r->chunk = malloc(CHUNK_POINTS_MAX * sizeof *r->chunk))) {
        free(r);
        return NULL;
    }
    if (r) {
        r->shelf = shelf;
    }
    return r;
}

static void drop(struct reel *r, struct entry *e)
{
    if (e->item) {
        shelf_give_back(r->shelf, e->item);
    }
    e->item = NULL;
}

void reel_free(struct reel *r)
{
    if (r) {
        for (size_t i = 0; i < r->n; i++) {
            drop(r, &r->entry[i]);
        }
        free(r->entry);
        free(r->next);
        free(r->chunk);
        free(r->p);
        buf_free(&r->packed);
        free(r);
    }
}

uint64_t reel_decoded(const struct reel *r)
{
    return r->decoded;
}

/* --- the points of an aircraft's overlapping chunks --------------------------------------------
 */

static bool has_room(struct reel *r, size_t n)
{
    if (r->points + n <= r->cap_points) {
        return true;
    }
    const size_t cap = 2 * (r->points + n);
    struct kept *more = realloc(r->p, cap * sizeof *more);
    if (more) {
        r->p = more;
        r->cap_points = cap;
    }
    return more;
}

static int by_time(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    if (x->t_ms != y->t_ms) {
        return x->t_ms < y->t_ms ? -1 : 1;
    }
    if (x->lat_e7 != y->lat_e7) {
        return x->lat_e7 < y->lat_e7 ? -1 : 1;
    }
    if (x->lon_e7 != y->lon_e7) {
        return x->lon_e7 < y->lon_e7 ? -1 : 1;
    }
    return memcmp(x, y, sizeof *x);
}

/* Tells what was gathered. False: enough. */
static bool tell(struct reel *r, bool overlap, store_point_fn *out, void *ctx)
{
    if (overlap && r->points > 1) {
        qsort(r->p, r->points, sizeof *r->p, by_time);
    }
    for (size_t i = 0; i < r->points; i++) {
        if (!out(ctx, &r->p[i])) {
            return false;
        }
    }
    return true;
}

/* --- keeping -----------------------------------------------------------------------------------
 */

static bool add_entry(struct reel *r, const struct entry *e)
{
    if (r->n_next == r->cap_next) {
        const size_t cap = r->cap_next ? 2 * r->cap_next : 256;
        struct entry *more = realloc(r->next, cap * sizeof *more);
        if (!more) {
            return false;
        }
        r->next = more;
        r->cap_next = cap;
    }
    r->next[r->n_next++] = *e;
    return true;
}

static struct kept nothing(uint32_t address)
{
    struct kept k = kept_none();
    k.t_ms = 0;
    k.address = address;
    return k;
}

/* Puts the chunk that was decoded on the shelf, if there is a place: it is only for speed. */
static void keep(struct reel *r, const struct shelf_key *key, size_t n)
{
    struct kept before = nothing(key->address);
    struct entry e = {.before = before};
    buf_clear(&r->packed);
    for (size_t i = 0; i < n; i++) {
        uint8_t *at = buf_reserve(&r->packed, PACK_MAX);
        if (!at) {
            return;
        }
        r->packed.n += pack_point(at, &before, &r->chunk[i]);
        before = r->chunk[i];
    }
    e.item = shelf_put(r->shelf, key, r->packed.p, (uint32_t)r->packed.n);
    if (e.item && !add_entry(r, &e)) {
        drop(r, &e);
    }
}

/* --- one chunk ---------------------------------------------------------------------------------
 */

/* Adds the points of a chunk that is held, which moves on to the entries of this question. What is
   passed is passed for good. */
static enum err take_entry(struct reel *r, struct entry *e, const struct reel_ask *ask)
{
    const struct shelf_item *item = e->item;
    struct kept before = e->before, k;
    for (uint32_t at = e->at; at < item->n; before = k) {
        const size_t n = pack_read(item->packed + at, item->n - at, &before, &k);
        if (n == 0 || k.t_ms >= ask->to_ms) {
            break;
        }
        at += (uint32_t)n;
        if (k.t_ms >= ask->from_ms) {
            if (!has_room(r, 1)) {
                return ERR_MEMORY;
            }
            r->p[r->points++] = k;
        } else {
            e->at = at;
            e->before = k;
        }
    }
    if (!add_entry(r, e)) {
        return ERR_MEMORY;
    }
    e->item = NULL;
    return ERR_OK;
}

/* As far as it is needed; all of it where it is to be kept. */
static enum err take_chunk(struct reel *r, struct store *s, sqlite3_stmt *reader,
                           const struct shelf_key *key, const struct reel_ask *ask)
{
    size_t bytes, n;
    const uint8_t *b = chunk_bytes(s, reader, key->id, &bytes);
    const int64_t until_ms = ask->keeps ? INT64_MAX : ask->to_ms - 1;
    if (!b) {
        return ERR_SYSTEM;
    }
    const enum err e =
        chunk_read(s->codec, b, bytes, CHUNK_POINTS_MAX, until_ms, CHUNK_ALL, r->chunk, &n);
    r->decoded += n;
    if (e || (n > 0 && r->chunk[0].address != key->address)) {
        return e == ERR_MEMORY ? e : ERR_OK;
    }
    size_t first = 0, last;
    while (first < n && r->chunk[first].t_ms < ask->from_ms) {
        first++;
    }
    for (last = first; last < n && r->chunk[last].t_ms < ask->to_ms; last++) {
    }
    if (!has_room(r, last - first)) {
        return ERR_MEMORY;
    }
    memcpy(r->p + r->points, r->chunk + first, (last - first) * sizeof *r->p);
    r->points += last - first;
    if (ask->keeps) {
        keep(r, key, n);
    }
    return ERR_OK;
}

static bool is_before(const struct shelf_key *a, const struct shelf_key *b)
{
    return a->address != b->address     ? a->address < b->address
           : a->first_ms != b->first_ms ? a->first_ms < b->first_ms
                                        : a->id < b->id;
}

/* What is held of a chunk, if it was not passed; NULL: nothing. */
static struct entry *find_entry(struct reel *r, const struct shelf_key *key,
                                const struct reel_ask *ask)
{
    while (r->at < r->n && (!r->entry[r->at].item || is_before(&r->entry[r->at].item->key, key))) {
        r->at++;
    }
    struct entry *e = r->at < r->n ? &r->entry[r->at] : NULL;
    if (!e || e->item->key.id != key->id || is_before(key, &e->item->key)) {
        return NULL;
    }
    if (e->at > 0 && e->before.t_ms >= ask->from_ms) { /* from its beginning again */
        e->at = 0;
        e->before = nothing(key->address);
    }
    return e;
}

static enum err take_held(struct reel *r, struct store *s, sqlite3_stmt *reader,
                          const struct candidate *c, const struct reel_ask *ask)
{
    const struct shelf_key key = {c->id, c->first_ms, c->last_ms, c->address};
    struct entry *e = find_entry(r, &key, ask);
    if (e) {
        return take_entry(r, e, ask);
    }
    struct entry new = {.item = shelf_take(r->shelf, &key), .before = nothing(c->address)};
    if (!new.item) {
        return take_chunk(r, s, reader, &key, ask);
    }
    const enum err err = take_entry(r, &new, ask);
    drop(r, &new);
    return err;
}

static enum err take_recent(struct reel *r, const struct candidates *all, const struct candidate *c)
{
    const struct recent *recent = &all->recent[-1 - c->id];
    if (!has_room(r, recent->n)) {
        return ERR_MEMORY;
    }
    memcpy(r->p + r->points, all->point + recent->at, recent->n * sizeof *r->p);
    r->points += recent->n;
    return ERR_OK;
}

static enum err take(struct reel *r, struct store *s, sqlite3_stmt *reader,
                     const struct candidates *all, const struct candidate *c,
                     const struct reel_ask *ask)
{
    if (c->id < 0) {
        return take_recent(r, all, c);
    }
    return take_held(r, s, reader, c, ask);
}

/* --- all of them -------------------------------------------------------------------------------
 */

static enum err walk(struct reel *r, struct store *s, sqlite3_stmt *reader,
                     const struct candidates *all, const struct reel_ask *ask, store_point_fn *out,
                     void *ctx, bool *whole)
{
    enum err e = ERR_OK;
    for (size_t i = 0, k; i < all->n && !e; i = k) {
        int64_t last_ms = all->c[i].last_ms;
        r->points = 0;
        for (k = i; k < all->n && !e && all->c[k].address == all->c[i].address &&
                    all->c[k].first_ms <= last_ms;
             k++) {
            last_ms = all->c[k].last_ms > last_ms ? all->c[k].last_ms : last_ms;
            e = take(r, s, reader, all, &all->c[k], ask);
        }
        if (!e && ((ask->stop && atomic_load(ask->stop)) || !tell(r, k > i + 1, out, ctx))) {
            *whole = false;
            break;
        }
    }
    return e;
}

/* What was kept for this question takes the place of what was kept for the one before; where it was
   ended early, what it did not come to stays. */
static void turn_over(struct reel *r, bool whole)
{
    for (size_t i = 0; i < r->n; i++) {
        struct entry *e = &r->entry[i];
        if (whole || i < r->at || !e->item || !add_entry(r, e)) {
            drop(r, e);
        }
    }
    struct entry *before = r->entry;
    const size_t cap = r->cap;
    r->entry = r->next;
    r->n = r->n_next;
    r->cap = r->cap_next;
    r->next = before;
    r->cap_next = cap;
    r->n_next = 0;
}

enum err reel_read(struct reel *r, struct store *s, const struct reel_ask *ask, store_point_fn *out,
                   void *ctx, bool *whole)
{
    struct store_query q = store_query_any();
    struct wanted w = {0};
    struct candidates all = {0};
    bool is_whole = true;
    q.from_ms = ask->from_ms > KEPT_TIME_MIN ? ask->from_ms : KEPT_TIME_MIN;
    q.to_ms = ask->to_ms < KEPT_TIME_MAX ? ask->to_ms : KEPT_TIME_MAX;
    r->at = 0;
    enum err e = wanted_open(&w, &q);
    /* One state of the index, so that no chunk is taken into a larger one meanwhile. */
    e = e ? e : index_run(s->db, "BEGIN");
    const bool begun = !e;
    e = e ? e : candidates_find(s, &w, &all);
    sqlite3_stmt *reader = e ? NULL : chunk_reader(s);
    e = e ? e : reader ? ERR_OK : index_error(s->db);
    e = e ? e : walk(r, s, reader, &all, ask, out, ctx, &is_whole);
    sqlite3_reset(reader);
    if (begun) {
        index_run(s->db, "COMMIT");
    }
    turn_over(r, !e && is_whole);
    candidates_free(&all);
    wanted_close(&w);
    if (whole) {
        *whole = is_whole;
    }
    return e;
}
