/* What the files of this room share. */
#ifndef MASAR_STORE_INTERNAL_H
#define MASAR_STORE_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "store/chunk.h"
#include "store/gather.h"
#include "store/pack.h"
#include "store/packed.h"
#include "store/run.h"
#include "store/store.h"
#include "store/tail.h"
#include "store/thin.h"

#include <sqlite3.h>

enum { STORE_VERSION = 2 /* with packets; without: 1 */, APPLICATION_ID = 0x6d617372 /* "masr" */ };

/* Seconds of the R*Tree's 32-bit times: since 2004. */
#define INDEX_EPOCH_S INT64_C(1072915200)
int32_t index_time(int64_t t_ms);

/* One aircraft of the live writer (craft.c). */
struct craft {
    uint32_t address;
    uint32_t n;          /* points kept, in no chunk yet: */
    uint32_t bytes, cap; /* of them packed, one after another (pack.h) */
    uint8_t *packed;
    uint64_t seq;          /* of the newest kept point */
    int64_t first_ms;      /* of the oldest of them */
    int64_t last_ms;       /* of the newest point taken, kept or not */
    struct tail_slot slot; /* in the journal */
    bool waits;            /* thin.newest is not in the journal yet */
    struct thin thin;      /* its anchor is the last kept point, also where nothing is thinned */
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
    INDEX_BEFORE,
    INDEX_BYTES,
    INDEX_REMOVE_CHUNK,
    INDEX_REMOVE_PLACE,
    INDEX_FEWER,
    INDEX_FIRST,
    INDEX_OLD,
    INDEX_FLIGHT_AFTER,
    INDEX_OLD_FLIGHTS,
    INDEX_SEQ,
    INDEX_NOTE_SEQ,
    INDEX_MARK,
    INDEX_MARKED,
    INDEX_RECEIVER,
    INDEX_ADD_RECEIVER,
    INDEX_STAGE,
    INDEX_LEAD_AT,
    INDEX_LEAD_AFTER,
    INDEX_ADD_LEAD,
    INDEX_REMOVE_LEAD,
    INDEX_PACKET_OF,
    INDEX_PACKET_AFTER,
    INDEX_ADD_PACKET,
    INDEX_REMOVE_PACKET,
    INDEX_OLD_PACKETS,
    INDEX_HAD_POINTS,
    INDEX_STATEMENTS
};

struct store {
    struct store_options o;
    sqlite3_stmt *statement[INDEX_STATEMENTS];
    sqlite3 *db;
    int dir, lock;
    bool tells;   /* it is open: o.kept is told */
    bool putting; /* a transaction of store_put is open */
    struct tail tail;
    struct tail_reader *reader; /* of a reader's handle; NULL before the first query */
    int64_t now_ms;             /* of the last point taken */
    int64_t settled_ms; /* of the point that came when silent aircraft were looked at last */
    uint64_t synced;    /* state.kept at the last sync */
    struct map crafts;
    struct craft *craft;
    size_t n_crafts, cap_crafts;
    int64_t merge_from; /* of the transaction under way */
    int64_t next_id;    /* of a chunk, where those with the greatest numbers may go: so that none is
                           given again; 0: SQLite's choice */
    int64_t last_id;    /* what next_id was after the last of them */
    size_t due_at;      /* where the next look at who is due begins */
    uint32_t *due;      /* crafts in the transaction under way */
    size_t cap_due;
    struct store_state state;
    struct store_prune_state { /* where retention goes on (prune.c) */
        int64_t until_ms;
        char flight[9]; /* call signs up to this one were looked at; "" none */
    } prune;
    struct store_run *run; /* of store_put and of chunks that are due */
    struct kept *points;   /* CHUNK_POINTS_MAX */
    struct chunk_codec *codec;
    struct packed *packed;  /* what is read of packets */
    bool is_before_packets; /* a reader's: the tables of packets are stand-ins */
    struct gather *gather;  /* of a writer: short chunks of an archive that wait */
};

/* --- craft.c: the aircraft of the live writer --------------------------------------------------
 */

/* The aircraft of this address, made where there is none. NULL: out of memory. Crafts move when one
   is made or forgotten. */
struct craft *craft_get(struct store *s, uint32_t address);
void craft_forget(struct store *s, size_t at);
void craft_free_all(struct store *s);

/* Holds one more kept point, the newest, in memory alone. */
enum err craft_hold(struct store *s, struct craft *c, const struct kept *p);
/* The same, into the journal's pending block too, and whoever wants to know is told. */
enum err craft_keep(struct store *s, struct craft *c, const struct kept *p);
/* All points held, up to c->n, into out. */
void craft_read(const struct craft *c, struct kept *out);
/* Forgets the points held; they are in chunks. */
void craft_drop(struct store *s, struct craft *c);

/* Adds all points of a craft that are in no chunk to a journal's block. */
void craft_to_tail(struct craft *c, struct tail_slot *slot, struct buf *block, uint32_t *aircraft);

/* --- recent.c: what is in no chunk yet, for readers ---------------------------------------------
 */

/* Reads what the writer has added to the journal since the last call; of a writer's own handle
   there is nothing to read. Call it before the snapshot of the index: what leaves the journal
   between is in a chunk then. ERR_SYSTEM, ERR_MEMORY. */
enum err recent_refresh(struct store *s);

/* How many points of an aircraft are kept and in no chunk. */
size_t recent_count(struct store *s, const struct craft *c);

/* The points of an aircraft that are in no chunk, the newest also where it is provisional, in
 *order. out has room for recent_max(c). Returns how many. */
size_t recent_max(const struct craft *c);
size_t recent_points(struct store *s, const struct craft *c, struct kept *out);

/* What tail_read is to be told for: brings a point of the journal in. */
enum err store_recover(void *ctx, const struct tail_point *p);

/* --- merge.c: small chunks into larger ones ----------------------------------------------------
 */

/* Points of one aircraft are about to be written: takes the chunks before them that are not larger
   out of the index, as long as all make one chunk, and puts their points before. The list *p of *n
   is replaced where that is so. all: also larger ones. A transaction must be open. */
enum err merge_before(struct store *s, struct kept **p, size_t *n, bool all);

/* The least number of a chunk that may be taken into another. */
int64_t merge_from(struct store *s);

/* --- index.c: the SQLite part ------------------------------------------------------------------
 */

/* What sqlite3 said last as an error of ours. */
enum err index_error(sqlite3 *db);
enum err index_run(sqlite3 *db, const char *sql);
/* NULL: sqlite3 said no. */
sqlite3_stmt *index_prepare(sqlite3 *db, const char *sql);

enum err index_open(struct store *s, const char *dir, char *why, size_t why_size);

/* Of a reader of a store from before packets: a writer may have made their tables since. */
enum err index_packets_came(struct store *s);

/* One of the prepared statements, reset; NULL: sqlite3 said no. */
sqlite3_stmt *index_use(struct store *s, enum index_statement which);

/* Runs one of them to its end with these integers bound; it holds no lock after. */
enum err index_run_with(struct store *s, enum index_statement which, const int64_t *v, int n);

/* Removes a chunk of so many points of an aircraft and its rows; the aircraft's own row then counts
   fewer, its times and flights stay. A transaction must be open. */
enum err index_remove(struct store *s, int64_t id, uint32_t address, int64_t points);

/* Adds a chunk with all rows that lead to it. seq: of its newest point, 0 from an archive. A
   transaction must be open. */
enum err index_add(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq);

/* The same of what the store has not yet: a point of the same aircraft, time and place is left out.
   added grows by how many were new. */
enum err index_put(struct store *s, const struct store_run *r, const struct run_chunk *c,
                   uint64_t seq, size_t *added);

/* The number of the next chunk. */
int64_t index_next_id(struct store *s);

/* Notes that the points of an aircraft up to seq are in chunks. */
enum err index_note_seq(struct store *s, uint32_t address, uint64_t seq);

/* The rows that lead to a chunk, but for the chunk's own. */
enum err index_add_rows(struct store *s, int64_t id, const struct store_run *r,
                        const struct run_chunk *c, uint64_t seq);

/* The seq up to which an aircraft's points are in chunks; 0 where none are. */
uint64_t index_seq(struct store *s, uint32_t address);

#endif
