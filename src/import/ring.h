/* The files on their way through the threads of an import: what walk brings, what workers make of
   it, what is handed over in order. One lock, held for moments; see import.h for the bounds. */
#ifndef MASAR_IMPORT_RING_H
#define MASAR_IMPORT_RING_H

#include "import/import.h"

#include <uv.h>

struct block {
    struct block *next;
    uint8_t *p;
    size_t n;
};

struct parcel {
    struct parcel *next;
    void *made; /* by calls->pack */
    size_t points;
};

struct file {
    struct file *next; /* in the order found */
    char *name;
    uint64_t bytes;
    int64_t mtime_s;
    bool is_named;
    /* From the reading thread to a worker. */
    struct block *first, **last;
    bool is_read;    /* no more blocks come */
    bool is_closed;  /* the reading thread has let go of it */
    bool is_refused; /* the worker wants no more */
    enum err read_err;
    char read_why[IMPORT_WHY_MAX];
    /* From a worker to the caller. */
    struct parcel *parcel, **parcel_last;
    bool is_taken, is_done;
    enum import_fate fate;
    enum import_format format;
    enum err err;
    char why[IMPORT_WHY_MAX];
    struct import_sums sums;
};

struct ring {
    uv_mutex_t lock;
    uv_cond_t found;           /* a file, or bytes of one, for workers */
    uv_cond_t drained;         /* room for the reading thread */
    uv_cond_t made;            /* a parcel or an end, for the caller */
    uv_cond_t put;             /* room for workers' parcels */
    struct file *head, **tail; /* next to be handed over first */
    struct file *untaken;      /* the first no worker has */
    size_t files;
    uint64_t bytes, points; /* read ahead; packed ahead */
    uint64_t at;            /* bytes of files on disk read */
    bool is_walked;         /* no more files come */
    bool is_stopped;
};

bool ring_open(struct ring *r);
void ring_close(struct ring *r, const struct import_calls *calls, void *ctx);

/* Everyone gives up what he is at. Any thread. */
void ring_stop(struct ring *r);

/* ---- the reading thread ---- */

/* A file at the end of the line; waits for room. NULL: stopped, or out of memory. It belongs to the
   ring. */
struct file *ring_file(struct ring *r, const char *name, uint64_t bytes, int64_t mtime_s,
                       bool is_named);
/* Makes a file that no worker need look at an end: fate, err and why are set. */
void ring_settle(struct ring *r, struct file *f, enum import_fate fate, enum err e,
                 const char *why);
/* Takes a block (also on false: not wanted, or stopped). Waits for room. */
bool ring_block(struct ring *r, struct file *f, uint8_t *p, size_t n, bool is_last);
/* Nothing more comes, because of e or not; the file is no longer the reading thread's. */
void ring_read(struct ring *r, struct file *f, enum err e, const char *why);
bool ring_at(struct ring *r, uint64_t bytes); /* false: stopped */
void ring_walked(struct ring *r);

/* ---- a worker ---- */

/* The next file to take apart; waits. NULL: there are no more. */
struct file *ring_take(struct ring *r);
/* Its next block, the worker's to free; waits. NULL: all are read (is_whole: it had but this one).
 */
struct block *ring_next(struct ring *r, struct file *f, bool *is_whole);
/* Why it could not be read to its end, ERR_OK if it could: once ring_next has given all. read_why
   is set with an error. */
enum err ring_read_error(struct ring *r, const struct file *f);
/* Hands a parcel on; waits for room unless the file is the first. False: stopped, it is not taken.
 */
bool ring_parcel(struct ring *r, struct file *f, struct parcel *p);
/* The file is taken apart; f's fate, format, err, why, sums are set. */
void ring_done(struct ring *r, struct file *f);
void ring_refuse(struct ring *r, struct file *f);

/* ---- the caller ---- */

enum ring_event { RING_PARCEL, RING_END, RING_NOTHING, RING_ALL };

/* What the first file has: a parcel, its end (the caller's to ring_drop), or nothing within
   wait_us. at: bytes of files on disk read so far. */
enum ring_event ring_wait(struct ring *r, uint64_t wait_us, struct parcel **parcel,
                          struct file **file, uint64_t *at);
void ring_drop(struct file *f);

#endif
