#include "store/lead.h"

#include "base/crc32c.h"
#include "store/internal.h"

#include <stdlib.h>

/* A block is written anew as it changes: larger ones cost more of that, smaller ones more rows. */
enum { BLOCK_MOST = 3000, BLOCK_USUAL = 2000 };

static const uint64_t flights = UINT64_C(1) << 32;

uint64_t lead_address(uint32_t address)
{
    return address;
}

uint64_t lead_flight(const char flight[8])
{
    return flights | crc32c(0, flight, 8);
}

enum err lead_push(struct lead_list *l, struct lead e)
{
    if (l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 64;
        struct lead *more = realloc(l->p, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        l->p = more;
        l->cap = cap;
    }
    l->p[l->n++] = e;
    return ERR_OK;
}

void lead_free(struct lead_list *l)
{
    free(l->p);
    *l = (struct lead_list){0};
}

static int compare(const void *a, const void *b)
{
    const struct lead *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

void lead_sort(struct lead_list *l)
{
    size_t n = 0;
    if (l->n > 1) {
        qsort(l->p, l->n, sizeof *l->p, compare);
    }
    for (size_t i = 0; i < l->n; i++) {
        if (n == 0 || compare(&l->p[n - 1], &l->p[i]) != 0) {
            l->p[n++] = l->p[i];
        }
    }
    l->n = n;
}

/* --- a block ---------------------------------------------------------------------------------- */

static size_t write_one(uint8_t *b, struct lead before, struct lead e)
{
    const size_t n = pack_number(b, e.key - before.key);
    return n + pack_number(b + n, (uint64_t)(e.id - (e.key == before.key ? before.id : 0)));
}

void lead_write(const struct lead *p, size_t n, struct buf *out)
{
    uint8_t b[20];
    for (size_t i = 1; i < n; i++) {
        buf_add(out, b, write_one(b, p[i - 1], p[i]));
    }
}

enum err lead_read(struct lead first, const uint8_t *b, size_t n, struct lead_list *out)
{
    struct lead e = first;
    enum err err = lead_push(out, e);
    for (size_t at = 0; at < n && !err;) {
        uint64_t key, id;
        const size_t k = pack_read_number(b + at, n - at, &key);
        const size_t i = k ? pack_read_number(b + at + k, n - at - k, &id) : 0;
        const uint64_t from = i && key == 0 ? (uint64_t)e.id : 0;
        if (i == 0 || key > UINT64_MAX - e.key || id == 0 || id > (uint64_t)INT64_MAX - from) {
            return ERR_SYNTAX;
        }
        e = (struct lead){e.key + key, (int64_t)(from + id)};
        err = lead_push(out, e);
        at += k + i;
    }
    return err;
}

/* --- the table -------------------------------------------------------------------------------- */

/* Runs a statement that seeks a block by an entry; *is: there is one, that begins with *first. Its
   entries go to out, if that is not NULL. */
static enum err seek(struct store *s, enum index_statement which, struct lead e, bool *is,
                     struct lead *first, struct lead_list *out)
{
    sqlite3_stmt *q = index_use(s, which);
    *is = false;
    if (!q) {
        return ERR_OK; /* a store of before has no such table */
    }
    sqlite3_bind_int64(q, 1, (int64_t)e.key);
    sqlite3_bind_int64(q, 2, e.id);
    const int step = sqlite3_step(q);
    enum err err = step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
    if (step == SQLITE_ROW) {
        *is = true;
        *first = (struct lead){(uint64_t)sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1)};
        if (out) {
            err = lead_read(*first, sqlite3_column_blob(q, 2), (size_t)sqlite3_column_bytes(q, 2),
                            out);
        }
    }
    sqlite3_reset(q);
    return err;
}

static enum err put_block(struct store *s, const struct lead *p, size_t n, struct buf *bytes)
{
    sqlite3_stmt *q = index_use(s, INDEX_ADD_LEAD);
    buf_clear(bytes);
    lead_write(p, n, bytes);
    if (!q || bytes->failed) {
        return q ? ERR_MEMORY : index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, (int64_t)p->key);
    sqlite3_bind_int64(q, 2, p->id);
    sqlite3_bind_int64(q, 3, (int64_t)n);
    sqlite3_bind_blob(q, 4, bytes->n ? bytes->p : (const void *)"", (int)bytes->n, SQLITE_STATIC);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_reset(q);
    return e;
}

/* Entries that go where one block was, as one block or some. */
static enum err put_blocks(struct store *s, const struct lead_list *l)
{
    struct buf bytes = {0};
    uint8_t b[20];
    size_t size = 0;
    for (size_t i = 1; i < l->n; i++) {
        size += write_one(b, l->p[i - 1], l->p[i]);
    }
    const size_t blocks = size <= BLOCK_MOST ? 1 : (size + BLOCK_USUAL - 1) / BLOCK_USUAL;
    enum err e = ERR_OK;
    for (size_t i = 0; i < blocks && !e && l->n > 0; i++) {
        const size_t from = l->n * i / blocks, to = l->n * (i + 1) / blocks;
        e = put_block(s, l->p + from, to - from, &bytes);
    }
    buf_free(&bytes);
    return e;
}

static enum err remove_block(struct store *s, struct lead first)
{
    const int64_t v[2] = {(int64_t)first.key, first.id};
    return index_run_with(s, INDEX_REMOVE_LEAD, v, 2);
}

/* The block an entry belongs to, into out; the entry where the next begins. */
static enum err take_block(struct store *s, struct lead e, bool *is, struct lead *first,
                           struct lead *next, struct lead_list *out)
{
    bool more;
    enum err err = seek(s, INDEX_LEAD_AT, e, is, first, out);
    if (!err && !*is) { /* before them all */
        err = seek(s, INDEX_LEAD_AFTER, e, is, first, out);
    }
    *next = (struct lead){UINT64_MAX, 0};
    return err || !*is ? err : seek(s, INDEX_LEAD_AFTER, *first, &more, next, NULL);
}

enum err lead_add(struct store *s, const struct lead_list *l)
{
    struct lead_list block = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; i < l->n && !e;) {
        bool is;
        struct lead first, next;
        block.n = 0;
        e = take_block(s, l->p[i], &is, &first, &next, &block);
        do {
            e = e ? e : lead_push(&block, l->p[i++]);
        } while (!e && i < l->n && compare(&l->p[i], &next) < 0);
        lead_sort(&block);
        e = e || !is ? e : remove_block(s, first);
        e = e ? e : put_blocks(s, &block);
    }
    lead_free(&block);
    return e;
}

static void drop(struct lead_list *from, const struct lead_list *what, size_t at, size_t to)
{
    size_t n = 0;
    for (size_t i = 0; i < from->n; i++) {
        while (at < to && compare(&what->p[at], &from->p[i]) < 0) {
            at++;
        }
        if (at == to || compare(&what->p[at], &from->p[i]) != 0) {
            from->p[n++] = from->p[i];
        }
    }
    from->n = n;
}

enum err lead_remove(struct store *s, const struct lead_list *l)
{
    struct lead_list block = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; i < l->n && !e;) {
        bool is;
        struct lead first, next;
        size_t to = i + 1;
        block.n = 0;
        e = take_block(s, l->p[i], &is, &first, &next, &block);
        while (to < l->n && compare(&l->p[to], &next) < 0) {
            to++;
        }
        const size_t before = block.n;
        drop(&block, l, i, to);
        i = to;
        if (!e && is && block.n < before) {
            e = remove_block(s, first);
            e = e ? e : put_blocks(s, &block);
        }
    }
    lead_free(&block);
    return e;
}

/* All blocks from the one on that an entry belongs to, as long as they begin with such a key. */
static enum err read_from(struct store *s, struct lead e, uint64_t last_key, struct lead_list *out)
{
    bool is;
    struct lead first;
    enum err err = seek(s, INDEX_LEAD_AT, e, &is, &first, out);
    if (!err && !is) {
        first = e;
        is = true;
    }
    while (!err && is && first.key <= last_key) {
        const size_t n = out->n;
        err = seek(s, INDEX_LEAD_AFTER, first, &is, &first, out);
        if (is && first.key > last_key) {
            out->n = n;
        }
    }
    return err;
}

enum err lead_find(struct store *s, uint64_t key, struct lead_list *out)
{
    const size_t before = out->n;
    const enum err e = read_from(s, (struct lead){key, 0}, key, out);
    size_t n = before;
    for (size_t i = before; i < out->n; i++) {
        if (out->p[i].key == key) {
            out->p[n++] = out->p[i];
        }
    }
    out->n = n;
    return e;
}

enum err lead_all(struct store *s, struct lead_list *out)
{
    return read_from(s, (struct lead){0, 0}, UINT64_MAX, out);
}
