/* What the files of this room share. */
#ifndef MASAR_STORE_INTERNAL_H
#define MASAR_STORE_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "store/chunk.h"
#include "store/run.h"
#include "store/store.h"
#include "store/tail.h"
#include "store/thin.h"

#include <sqlite3.h>

enum { STORE_VERSION = 1, APPLICATION_ID = 0x6d617372 /* "masr" */ };

/* Seconds of the R*Tree's 32-bit times: since 2004. */
#define INDEX_EPOCH_S INT64_C(1072915200)
int32_t index_time(int64_t t_ms);

/* One aircraft of the live writer. */
struct craft {
    uint32_t address;
    uint32_t n, cap;
    struct kept *point; /* kept, in no chunk yet */
    uint64_t seq;       /* of the newest of them */
    int64_t last_ms;    /* of the newest point taken, kept or not */
    struct thin *thin;  /* NULL where nothing is thinned */
    bool waits;         /* thin->newest is not in the journal yet */
};

/* Statements that are prepared once; index.c has their text. */
enum index_statement {
    INDEX_ADD_CHUNK,
    INDEX_ADD_PLACE,
    INDEX_ADD_PART,
    INDEX_ADD_AIRCRAFT,
    INDEX_LENGTHEN_FLIGHT,
    INDEX_ADD_FLIGHT,
    INDEX_OVERLAPS,
    INDEX_SEQ,
    INDEX_NOTE_SEQ,
    INDEX_MARK,
    INDEX_MARKED,
    INDEX_RECEIVER,
    INDEX_ADD_RECEIVER,
    INDEX_STATEMENTS
};

struct store {
    struct store_options o;
    sqlite3_stmt *statement[INDEX_STATEMENTS];
    sqlite3 *db;
    int dir, lock;
    bool putting; /* a transaction of store_put is open */
    struct tail tail;
    uint64_t seq; /* of the newest kept point */
    struct map crafts;
    struct craft *craft;
    size_t n_crafts, cap_crafts;
    struct store_state state;
    struct store_run *run; /* of store_put and of chunks that are due */
    struct kept *points;   /* CHUNK_POINTS_MAX */
};

/* --- index.c: the SQLite part ------------------------------------------------------------------
 */

/* What sqlite3 said last as an error of ours. */
enum err index_error(sqlite3 *db);
enum err index_run(sqlite3 *db, const char *sql);
/* NULL: sqlite3 said no. */
sqlite3_stmt *index_prepare(sqlite3 *db, const char *sql);

enum err index_open(struct store *s, const char *dir, char *why, size_t why_size);

/* One of the prepared statements, reset; NULL: sqlite3 said no. */
sqlite3_stmt *index_use(struct store *s, enum index_statement which);

/* Adds a chunk with all rows that lead to it. seq: of its newest point, 0 from an archive. A
   transaction must be open. */
enum err index_add(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq);

/* The same of what the store has not yet: a point of the same aircraft, time and place is left out.
   added grows by how many were new. */
enum err index_put(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq, size_t *added);

/* Notes that the points of an aircraft up to seq are in chunks. */
enum err index_note_seq(struct store *s, uint32_t address, uint64_t seq);

/* The rows that lead to a chunk, but for the chunk's own. */
enum err index_add_rows(struct store *s, int64_t id, const struct store_run *r,
                        const struct run_chunk *c, uint64_t seq);

/* The seq up to which an aircraft's points are in chunks; 0 where none are. */
uint64_t index_seq(struct store *s, uint32_t address);

#endif
