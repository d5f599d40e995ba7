/* History on this disk: every kept point of every aircraft, found again by aircraft, call sign,
   place and time. One folder holds a store (docs/STORE.md):

       index.sqlite   SQLite 3, WAL: chunks of compressed points, R*Tree over place and time,
                      aircraft, flights by call sign, receivers, what was imported
       tail           the journal of points not yet in a chunk
       lock           held by the one writer

   One writer, any number of readers beside it, in this or other processes; a query finds what the
   writer had made safe when it began, in chunks or not, and of a writer's own handle all that was
   added. A handle is used by one thread at a time. */
#ifndef MASAR_STORE_STORE_H
#define MASAR_STORE_STORE_H

#include "base/err.h"
#include "geo/area.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum { STORE_CHUNK_POINTS = 512 };

enum store_mode {
    STORE_READ,  /* the folder must be a store; nothing is written */
    STORE_WRITE, /* made where it is not there; takes the lock, brings the journal's tail in */
};

struct store_options {
    enum store_mode mode;
    /* Thinning of what store_add brings (store_put never thins): a point is left out where all
       points left out since the last kept one lie within these of the straight line in time
       between the points kept around them, nothing else of it has changed but speeds, rates,
       geometric altitude, Rc and receiver, and the last kept one is not a minute back. 0 m: every
       point is kept. What is meant for `serve` is 10 m and 25 ft. */
    int32_t thin_m, thin_ft;
    uint32_t
        chunk_points; /* points in a full chunk; 0: STORE_CHUNK_POINTS, at most CHUNK_POINTS_MAX */
    int64_t chunk_age_ms; /* an aircraft's points become a chunk after this; 0: one hour */
    size_t buffer_points; /* points in memory at most, over all aircraft; 0: 2^22, some 64 MB */
    size_t slice_points;  /* a store_sync makes chunks of no more than about so many points, unless
                             more came since the last; 0: of all that are due */
    /* Told, within store_add, store_sync and store_close, of every point kept from now on, each
       aircraft's in order of time: what stays after thinning and no other. NULL: nobody. */
    void (*kept)(void *ctx, const struct kept *p);
    void *ctx;
};

/* Opens dir. On an error why says what is wrong in a sentence. ERR_NOT_FOUND: no store there
   (STORE_READ); ERR_EXISTS: another writer holds it; ERR_RANGE: of another version; ERR_SYNTAX:
   not a store; ERR_SYSTEM: folder or disk says no; ERR_MEMORY. */
enum err store_open(const char *dir, const struct store_options *o, struct store **out, char *why,
                    size_t why_size);

/* Keeps what still waits to be thinned, syncs what a writer holds (an error is in the state, not
   here) and closes. NULL is fine. */
void store_close(struct store *s);

/* --- writing: live ---------------------------------------------------------------------------- */

/* Takes a point as it comes; points of one aircraft in the order of their time (one that is not
   later than the aircraft's last is refused with ERR_EXISTS, an old one of an archive belongs into
   store_put; one more than an hour before it is taken: a clock was put right). What the store has
   already, of the same aircraft, time and place, is not kept twice. It is safe after the next
   store_sync that returns ERR_OK. ERR_RANGE: place, time, address or origin are none; ERR_FULL: the
   disk is full and so is the memory for it. */
enum err store_add(struct store *s, const struct kept *p);

/* Makes all added so far safe, and chunks of what is due. Call once a second. ERR_FULL, ERR_SYSTEM:
   nothing is lost of what was acknowledged, recording goes on in memory, and the next call tries
   again; store_state says so. */
enum err store_sync(struct store *s);

/* Keeps what still waits to be thinned, as store_close does first. */
enum err store_settle(struct store *s);

/* The same as store_sync, and makes chunks of all of it, so that readers see it. */
enum err store_flush(struct store *s);

struct store_state {
    bool stopped;  /* the last sync failed: the disk is full or gone */
    char why[160]; /* in a sentence; "" where not stopped */
    uint64_t kept; /* points added and not thinned, since opening */
    uint64_t thinned;
    uint64_t refused; /* not later than the last one, or nowhere */
    uint64_t lost;    /* added while stopped and the memory full */
    size_t buffered;  /* points in memory */
};
struct store_state store_state(const struct store *s);

/* --- writing: archives ------------------------------------------------------------------------ */

/* Puts n points of one aircraft, times not descending, into chunks at once; those the store has
   already (same address, time and place) are left out, so the same archive twice changes nothing.
   added, if not NULL, gets how many were new. What is put is one with the marks and becomes
   visible and safe at store_commit. ERR_RANGE: as store_add, or not one aircraft, or descending;
   then none is put. ERR_FULL, ERR_SYSTEM: all since the last store_commit is undone. */
enum err store_put(struct store *s, const struct kept *p, size_t n, size_t *added);

/* The same in two steps, so that the costly one can be done by any thread, beside the writer: a run
   takes points of one aircraft after another and makes chunks of them; the writer puts it in. Not
   tied to a store. */
struct store_run;
/* chunk_points: points in a full chunk; 0: STORE_CHUNK_POINTS. NULL: out of memory. */
struct store_run *store_run_new(uint32_t chunk_points);
void store_run_free(struct store_run *r);
/* Takes n points of one aircraft. Errors as store_put; then none is taken. */
enum err store_run_add(struct store_run *r, const struct kept *p, size_t n);
void store_run_clear(struct store_run *r);
size_t store_run_points(const struct store_run *r);
/* As store_put of all that was added; the run is as before. */
enum err store_put_run(struct store *s, const struct store_run *r, size_t *added);

/* Remembers that an archive (or a member of one) is in; key is the importer's, up to 1,000 bytes,
   say "path|size|mtime" or a digest. */
enum err store_mark(struct store *s, const char *key);
bool store_marked(struct store *s, const char *key);
enum err store_commit(struct store *s);

/* The number of a receiver's or archive's name in this store, given to it where it is new: for
   kept.receiver. Names are UTF-8, up to 200 bytes. "" is 0. ERR_FULL: 65,535 are there. */
enum err store_receiver(struct store *s, const char *name, uint16_t *out);
/* The name of a number, "" if there is none. name: 201 bytes. */
enum err store_receiver_name(struct store *s, uint16_t number, char name[201]);

/* --- reading ---------------------------------------------------------------------------------- */

/* Takes one point; false ends the query. */
typedef bool store_point_fn(void *ctx, const struct kept *p);

/* All conditions hold together. store_query_any() asks for everything. */
struct store_query {
    int64_t from_ms, to_ms; /* from <= t < to */
    uint32_t address;       /* ADDRESS_NONE: any */
    char flight[8];         /* padded with spaces; all NUL: any */
    struct area area;
    struct store_after {
        uint32_t address;            /* ADDRESS_NONE: from the beginning */
        int64_t t_ms;                /* points of this aircraft earlier than this were given ... */
        uint32_t n;                  /* ... and so many of this instant */
    } after;                         /* where an answer that was cut goes on */
    int32_t alt_low_ft, alt_high_ft; /* both included, of alt_baro, else alt_geom; on the ground is
                                        0; KEPT_NONE: no bound. A point without altitude is found
                                        only where there is no bound */
};
struct store_query store_query_any(void);

/* Every point that answers, by address, each aircraft's points ascending in time (those of one
   instant by place and the rest): the same order whenever asked. torn, if not NULL, gets the number
   of chunks that could not be read and were skipped. ERR_RANGE: the query makes no sense;
   ERR_SYSTEM: the index cannot be read. */
enum err store_find(struct store *s, const struct store_query *q, store_point_fn *out, void *ctx,
                    size_t *torn);

/* The same in steps, for those who have other things to do meanwhile: nothing of the store is held
   between steps, and each may be made with another handle of the same store, by another thread. */
struct store_search;

/* Looks up where to look. Keeps nothing of q. Errors as store_find, ERR_MEMORY. */
enum err store_search_new(struct store *s, const struct store_query *q, struct store_search **out);

/* The next points, n of one aircraft (n may be 0), the search's until the next call: a chunk or the
   few that overlap. more: false after the last. */
enum err store_search_next(struct store_search *f, struct store *s, const struct kept **p,
                           size_t *n, bool *more);

/* The same for those who ask who was there. Between two kept points a minute apart at most an
   aircraft flew straight, or nearly: where that way leads through the area though neither point
   lies in it, one or two points are reckoned (store/way.h). wholes: before each step,
   store_search_whole gives the next chunk in a few words where all of its points answer and the
   index knows enough of it, NULL where the step must be made. Valid until the search is freed. */
enum err store_search_visits(struct store *s, const struct store_query *q, bool wholes,
                             struct store_search **out);
struct part_whole;
const struct part_whole *store_search_whole(struct store_search *f);

struct store_search_state {
    size_t chunks;   /* that may answer */
    size_t read;     /* of these so far */
    size_t torn;     /* of these could not be read */
    size_t useless;  /* had no point that answers */
    uint64_t points; /* decoded */
};
struct store_search_state store_search_state(const struct store_search *f);
void store_search_free(struct store_search *f); /* NULL is fine */

/* The whole picture at an instant, in the same steps, of one aircraft each: of every aircraft its
   last point at or before t_ms and not older than age_ms, in the order of addresses, if that point
   answers q; q's times are not looked at, and an answer that was cut goes on after the address.
   ERR_RANGE: no such instant. */
enum err store_picture_new(struct store *s, const struct store_query *q, int64_t t_ms,
                           int64_t age_ms, struct store_search **out);

/* All of it at once. */
enum err store_instant(struct store *s, int64_t t_ms, int64_t age_ms, store_point_fn *out,
                       void *ctx, size_t *torn);

/* Where an aircraft came then: as store_search_visits, only points of these aircraft (sorted, n of
   them), each within its span of time. The search keeps a copy. */
struct store_span {
    uint32_t address;
    int64_t from_ms, to_ms; /* from <= t < to */
};
enum err store_search_of(struct store *s, const struct store_query *q,
                         const struct store_span *span, size_t n, struct store_search **out);

/* --- retention -------------------------------------------------------------------------------- */

struct store_keep {
    int64_t since_ms;    /* points before this may go; KEPT_NO_TIME: none for their age */
    uint64_t most_bytes; /* the oldest go while the index is larger than this; 0: however large */
};

struct store_pruned {
    uint64_t chunks, points;
    bool more; /* there is more to do: call again */
};

/* Removes the oldest chunks, a slice of them in one transaction, and gives their space back to the
   disk; what is pinned stays. A chunk goes as a whole: when its last point is old enough. A
   writer's handle. ERR_FULL, ERR_SYSTEM: nothing was removed. */
enum err store_prune(struct store *s, const struct store_keep *k, struct store_pruned *out);

/* Pins an aircraft's points (ADDRESS_NONE: all) from <= t < to for retention to leave alone, say as
   the evidence of a statement; why says so in words. id, for store_unpin. A writer's handle. */
enum err store_pin(struct store *s, uint32_t address, int64_t from_ms, int64_t to_ms,
                   const char *why, int64_t *id);
enum err store_unpin(struct store *s, int64_t id);

/* --- care ------------------------------------------------------------------------------------- */

struct store_stats {
    uint64_t points, chunks, aircraft, flights, receivers, archives;
    uint64_t chunk_bytes, file_bytes; /* of chunks alone; of all files of the store */
    uint64_t tail_points;             /* in the journal, not in chunks (readers) */
    int64_t first_ms, last_ms;        /* KEPT_NO_TIME where empty */
};
enum err store_stats(struct store *s, struct store_stats *out);

/* Told of everything that is not as it must be, a sentence each. */
typedef void store_finding_fn(void *ctx, const char *sentence);

/* Reads everything: SQLite's own check, every chunk's checksum, points and place in the index.
   found gets how many things were wrong. */
enum err store_check(struct store *s, store_finding_fn *say, void *ctx, size_t *found);

/* Removes chunks that cannot be read, writes rows of the index anew from the chunks, so that check
   finds nothing. Points of good chunks are never touched. A writer's handle. */
enum err store_repair(struct store *s, store_finding_fn *say, void *ctx, size_t *repaired);

#endif
