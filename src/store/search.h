/* Which chunks may answer a query, in the order of the answer. Inside this room only. */
#ifndef MASAR_STORE_SEARCH_H
#define MASAR_STORE_SEARCH_H

#include "store/internal.h"

/* A chunk that may answer. */
struct candidate {
    int64_t id;
    int64_t first_ms, last_ms;
    uint32_t address;
    uint32_t reach; /* points to decode at most */
};

struct candidates {
    struct candidate *c;
    size_t n, cap;
};

/* What a query is, made ready. */
struct wanted {
    struct store_query q; /* its area's corners are not there any more */
    struct area_shape *shape;
    const uint32_t *address; /* sorted; NULL: any */
    size_t addresses;
};

enum err wanted_open(struct wanted *w, const struct store_query *q);
void wanted_close(struct wanted *w);
/* Whether a point answers, whatever its time is. */
bool wanted_point(const struct wanted *w, const struct kept *p);

/* Sorted by address, first time and number, each once. */
enum err candidates_find(struct store *s, const struct wanted *w, struct candidates *out);

/* Reads chunks by their numbers. */
sqlite3_stmt *chunk_reader(struct store *s);
/* The bytes are the statement's until the next call; NULL: the chunk is not there any more. */
const uint8_t *chunk_bytes(sqlite3_stmt *q, int64_t id, size_t *n);

#endif
