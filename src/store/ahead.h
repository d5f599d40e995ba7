/* Chunks decoded ahead of a search, by two threads: the search's own and one beside it. Inside this
   room only; one thread at a time. */
#ifndef MASAR_STORE_AHEAD_H
#define MASAR_STORE_AHEAD_H

#include "store/search.h"

struct ahead;

/* Points up to to_ms. firsts: of each aircraft's candidates only the first is read, as a picture
   wants it. NULL: out of memory. */
struct ahead *ahead_new(int64_t to_ms, bool firsts);
void ahead_free(struct ahead *a); /* NULL is fine */

struct ahead_chunk {
    const struct candidate *of;
    uint32_t reach;
    enum err e;   /* as chunk_read says */
    bool ascends; /* chunk_ascends */
    size_t n;
    const struct kept *p;
};

/* The chunk of the first of n candidates; NULL: it is not at hand, whoever asks reads it by itself.
   Valid until the next call. Of the candidates after it some are read and being decoded when this
   returns: few at first, so that who wants little waits for little. Calls go on from candidate to
   candidate, always to the same end; they stay where they are. ERR_MEMORY. */
enum err ahead_get(struct ahead *a, struct store *s, sqlite3_stmt *reader,
                   const struct candidate *c, size_t n, const struct ahead_chunk **out);

#endif
