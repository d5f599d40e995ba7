/* What is in no chunk yet, for readers: a reader follows the journal as the writer appends to it,
   and holds of each aircraft what the writer holds. Each point is given once: the index says up to
   which number an aircraft's points are in chunks (I3 of store.c). */
#include "store/internal.h"

static enum err take(void *ctx, const struct tail_point *p)
{
    struct store *s = ctx;
    if (p) {
        return store_recover(s, p);
    }
    while (s->n_crafts > 0) {
        craft_forget(s, s->n_crafts - 1);
    }
    return ERR_OK;
}

enum err recent_refresh(struct store *s)
{
    if (s->o.mode == STORE_WRITE) {
        return ERR_OK;
    }
    if (!s->reader && !(s->reader = tail_reader_new())) {
        return ERR_MEMORY;
    }
    const enum err e = tail_reader_go_on(s->reader, s->dir, take, s);
    return e && e != ERR_NOT_FOUND ? e : index_packets_came(s);
}

size_t recent_max(const struct craft *c)
{
    return (size_t)c->n + 1;
}

/* How many of an aircraft's points, the last of them numbered so, are not in chunks. */
static size_t not_in_chunks(const struct craft *c, uint64_t in_chunks)
{
    return in_chunks >= c->seq          ? 0
           : in_chunks <= c->seq - c->n ? c->n
                                        : (size_t)(c->seq - in_chunks);
}

size_t recent_count(struct store *s, const struct craft *c)
{
    return not_in_chunks(c, index_seq(s, c->address));
}

size_t recent_points(struct store *s, const struct craft *c, struct kept *out)
{
    const uint64_t in_chunks = index_seq(s, c->address);
    size_t n = not_in_chunks(c, in_chunks);
    const size_t skip = c->n - n;
    craft_read(c, out);
    for (size_t i = 0; i < n && skip > 0; i++) {
        out[i] = out[i + skip];
    }
    if (c->thin.waiting > 0 && in_chunks <= c->seq) {
        out[n++] = c->thin.newest;
    }
    return n;
}
