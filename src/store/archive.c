/* Archives into the store: whole runs of points, in one transaction with the mark that they are in
   (I8 of store.c). */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

static enum err begin(struct store *s)
{
    if (s->putting) {
        return ERR_OK;
    }
    const enum err e = index_run(s->db, "BEGIN IMMEDIATE");
    s->putting = e == ERR_OK;
    if (s->putting) {
        const int64_t next_id = index_next_id(s);
        s->next_id = next_id > s->last_id ? next_id : s->last_id;
    }
    return e;
}

static enum err undo(struct store *s, enum err e)
{
    index_run(s->db, "ROLLBACK");
    gather_clear(s->gather);
    packed_forget(s);
    s->putting = false;
    s->next_id = 0;
    return e;
}

/* Marks those of n points that are among the m of a chunk; both ascend. */
static void mark_known(const struct kept *p, size_t n, const struct kept *chunk, size_t m,
                       bool *known)
{
    size_t j = 0;
    for (size_t i = 0; i < n; i++) {
        while (j < m && chunk[j].t_ms < p[i].t_ms) {
            j++;
        }
        for (size_t k = j; k < m && chunk[k].t_ms == p[i].t_ms; k++) {
            known[i] |= chunk[k].lat_e7 == p[i].lat_e7 && chunk[k].lon_e7 == p[i].lon_e7;
        }
    }
}

/* Points of a chunk of a run that the store has some of: the others, as chunks of their own. */
static enum err put_rest(struct store *s, struct kept *p, size_t n, const bool *known, uint64_t seq,
                         size_t *added)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!known[i]) {
            p[m++] = p[i];
        }
    }
    struct store_run *r = store_run_new(s->o.chunk_points);
    enum err e = r ? run_add(r, p, m) : ERR_MEMORY;
    for (size_t i = 0; !e && i < r->chunks; i++) {
        e = index_add(s, r, &r->chunk[i], seq);
    }
    store_run_free(r);
    *added += m;
    return e;
}

/* With the chunks of the index that overlap it in time, of which the first is at hand. */
static enum err put_overlapping(struct store *s, const uint8_t *bytes, size_t length,
                                sqlite3_stmt *q, uint64_t seq, size_t *added)
{
    struct kept *p = malloc(CHUNK_POINTS_MAX * sizeof *p);
    bool known[CHUNK_POINTS_MAX] = {false};
    size_t n = 0, m;
    enum err e = p ? chunk_decode(s->codec, bytes, length, p, &n) : ERR_MEMORY;
    int step = SQLITE_ROW;
    while (!e && step == SQLITE_ROW) {
        const uint8_t *b = sqlite3_column_blob(q, 0);
        if (chunk_decode(s->codec, b, (size_t)sqlite3_column_bytes(q, 0), s->points, &m) ==
            ERR_OK) {
            mark_known(p, n, s->points, m, known);
        }
        step = sqlite3_step(q);
    }
    e = e ? e : step == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_reset(q);
    e = e ? e : put_rest(s, p, n, known, seq, added);
    free(p);
    return e;
}

enum err index_put(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq, size_t *added)
{
    const struct chunk_head *h = &c->head;
    if (s->putting && gather_overlaps(s->gather, h->address, h->first_ms, h->last_ms)) {
        const enum err e = gather_flush(s);
        if (e) {
            return e;
        }
    }
    sqlite3_stmt *q = index_use(s, INDEX_OVERLAPS);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, c->head.address);
    sqlite3_bind_int64(q, 2, c->head.first_ms);
    sqlite3_bind_int64(q, 3, c->head.last_ms);
    const int step = sqlite3_step(q);
    if (step == SQLITE_ROW) {
        return put_overlapping(s, r->bytes.p + c->at, c->head.length, q, seq, added);
    }
    sqlite3_reset(q);
    if (step != SQLITE_DONE) {
        return index_error(s->db);
    }
    *added += h->points;
    bool waits = false;
    const enum err e = s->putting ? gather_add(s, r, c, &waits) : ERR_OK;
    return e || waits ? e : index_add(s, r, c, seq);
}

enum err store_put_run(struct store *s, const struct store_run *r, size_t *added)
{
    size_t count = 0;
    enum err e = begin(s);
    for (size_t i = 0; i < r->chunks && !e; i++) {
        e = index_put(s, r, &r->chunk[i], 0, &count);
    }
    if (added) {
        *added = e ? 0 : count;
    }
    return e ? undo(s, e) : ERR_OK;
}

enum err store_put(struct store *s, const struct kept *p, size_t n, size_t *added)
{
    if (added) {
        *added = 0;
    }
    store_run_clear(s->run);
    const enum err e = store_run_add(s->run, p, n);
    return e || n == 0 ? e : store_put_run(s, s->run, added);
}

/* Runs a statement of one text; out, if not NULL, gets the number it gives, -1 for none. */
static enum err with_text(struct store *s, sqlite3_stmt *q, const char *text, int64_t *out)
{
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC);
    const int step = sqlite3_step(q);
    enum err e = step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
    if (out) {
        *out = step == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    }
    sqlite3_reset(q);
    return e;
}

enum err store_mark(struct store *s, const char *key)
{
    if (strlen(key) > 1000) {
        return ERR_RANGE;
    }
    enum err e = begin(s);
    e = e ? e : with_text(s, index_use(s, INDEX_MARK), key, NULL);
    return e ? undo(s, e) : ERR_OK;
}

bool store_marked(struct store *s, const char *key)
{
    int64_t there = -1;
    return with_text(s, index_use(s, INDEX_MARKED), key, &there) == ERR_OK && there == 1;
}

enum err store_commit(struct store *s)
{
    if (!s->putting) {
        return ERR_OK;
    }
    enum err e = gather_flush(s);
    e = e ? e : index_run(s->db, "COMMIT");
    if (e) {
        return undo(s, e);
    }
    s->putting = false;
    s->last_id = s->next_id;
    s->next_id = 0;
    return ERR_OK;
}

enum err store_receiver(struct store *s, const char *name, uint16_t *out)
{
    int64_t number = -1;
    *out = 0;
    if (name[0] == 0) {
        return ERR_OK;
    }
    if (strlen(name) > 200) {
        return ERR_RANGE;
    }
    enum err e = with_text(s, index_use(s, INDEX_RECEIVER), name, &number);
    if (!e && number < 0) {
        e = with_text(s, index_use(s, INDEX_ADD_RECEIVER), name, NULL);
        e = e ? e : with_text(s, index_use(s, INDEX_RECEIVER), name, &number);
        e = !e && number < 0 ? ERR_FULL : e;
    }
    *out = e ? 0 : (uint16_t)number;
    return e;
}

enum err store_receiver_name(struct store *s, uint16_t number, char name[201])
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT name FROM receiver WHERE number = ?");
    name[0] = 0;
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, number);
    if (sqlite3_step(q) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q, 0);
        const size_t n = text ? strnlen(text, 200) : 0;
        memcpy(name, text ? text : "", n);
        name[n] = 0;
    }
    sqlite3_finalize(q);
    return ERR_OK;
}
