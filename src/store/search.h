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
    uint32_t whole; /* number in candidates.whole, plus 1; 0: it must be decoded */
    uint32_t wholes;
};

/* Points of an aircraft that are in no chunk yet: those that answer, of candidate -1 - number. */
struct recent {
    size_t at, n; /* in candidates.point */
};

struct candidates {
    struct candidate *c;
    size_t n, cap;
    struct recent *recent;
    struct kept *point;
    size_t recents, recents_max, points, points_max;
    struct part_whole *whole; /* of those of which all points answer, where this is asked for */
    size_t wholes, wholes_max;
    size_t torn; /* packets that could not be read */
};

/* What a query is, made ready. */
struct wanted {
    struct store_query q; /* its area's corners are not there any more */
    struct area_shape *shape;
    struct store_span *span; /* sorted by address, one each; NULL: any aircraft */
    size_t spans;
    bool wants_ways;   /* points between points too (way.h) */
    bool wants_wholes; /* chunks as a whole, where that will do */
};

struct store_search {
    struct wanted w;
    bool is_picture;
    struct candidates all;
    size_t at;
    uint32_t whole_at;       /* of the candidate's wholes, those given */
    struct ahead *ahead;     /* NULL: nothing was decoded ahead */
    struct kept *decoded;    /* CHUNK_POINTS_MAX */
    struct kept *p;          /* the step's points, if not in view */
    const struct kept *view; /* where they were decoded; NULL: in p */
    size_t n, cap;
    uint32_t skip; /* of the instant an answer was cut at, points given before */
    struct store_search_state state;
};

enum err wanted_open(struct wanted *w, const struct store_query *q);
void wanted_close(struct wanted *w);
/* Whether a point answers, whatever its time is. */
bool wanted_point(const struct wanted *w, const struct kept *p);

/* Whether all points of these times answer, wherever they are. */
bool wanted_all(const struct wanted *w, int64_t first_ms, int64_t last_ms);

/* The span of an aircraft; NULL: it is not asked for. */
const struct store_span *wanted_span(const struct wanted *w, uint32_t address);

/* Whether a point answers. */
bool wanted_has(const struct wanted *w, const struct kept *p);

/* Sorted by address, first time and number, each once. */
enum err candidates_find(struct store *s, const struct wanted *w, struct candidates *out);

/* What was found, and the memory of it. */
void candidates_free(struct candidates *c);

/* A picture's next step. */
enum err picture_next(struct store_search *f, struct store *s, sqlite3_stmt *reader);

/* Reads chunks by their numbers; the store's, to be reset after. NULL: sqlite3 said no. */
sqlite3_stmt *chunk_reader(struct store *s);
/* The bytes are the statement's or the store's until the next call; NULL: the chunk is not there
 * any more. */
const uint8_t *chunk_bytes(struct store *s, sqlite3_stmt *q, int64_t id, size_t *n);

#endif
