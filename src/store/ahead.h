/* Chunks decoded ahead of a search, a batch at a time, by a thread beside it: while one batch is
   looked at the next is decoded. Inside this room only; one thread at a time. */
#ifndef MASAR_STORE_AHEAD_H
#define MASAR_STORE_AHEAD_H

#include "store/search.h"

struct ahead;

/* firsts: of each aircraft's candidates only the first is read, as a picture wants it. NULL: out of
   memory. */
struct ahead *ahead_new(bool firsts);
void ahead_free(struct ahead *a); /* NULL is fine */

struct ahead_chunk {
    int64_t id;
    size_t at, bytes; /* in what was read */
    uint32_t reach;
    enum err e;   /* as chunk_read says */
    bool ascends; /* chunk_ascends */
    size_t n;
    const struct kept *p;
};

/* The chunk of this number, if it is at hand, else NULL. Valid until the next ahead_read. */
const struct ahead_chunk *ahead_find(const struct ahead *a, int64_t id);

/* Reads and decodes of n candidates those first that are chunks, as many as a batch takes: points
   up to to_ms, always the same. The candidates stay where they are while there are batches. Batches
   begin small and grow, so that who wants little waits for little. */
enum err ahead_read(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                    const struct candidate *c, size_t n, int64_t to_ms);

#endif
