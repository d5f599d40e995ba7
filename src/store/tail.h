/* The journal of points that are in no chunk yet (docs/STORE.md): blocks with a checksum, appended
   and synced; written anew when it has grown. Of a block cut short nothing is believed. */
#ifndef MASAR_STORE_TAIL_H
#define MASAR_STORE_TAIL_H

#include "base/buf.h"
#include "base/err.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tail {
    int dir, file;      /* descriptors; file -1 where closed */
    uint64_t bytes;     /* good ones in the file */
    uint32_t aircraft;  /* that have a number in it or in the pending block */
    struct buf pending; /* one block not yet written */
};

/* What a journal knows of an aircraft. Points are numbered 1, 2, 3 … for each aircraft. */
struct tail_slot {
    uint32_t number; /* in this journal; TAIL_NO_SLOT */
    bool has_last;   /* the aircraft's last kept point is in it: later ones say what differs */
};
#define TAIL_NO_SLOT UINT32_MAX

/* Number of a point that may still turn out to lie on a line: it counts only where no later one of
   its aircraft follows. */
#define TAIL_PROVISIONAL UINT64_C(0)

/* A point as read. */
struct tail_point {
    uint64_t seq; /* number, or TAIL_PROVISIONAL */
    const struct kept *point;
    struct tail_slot slot;
};

/* Called for every point in a journal, in order. */
typedef enum err tail_fn(void *ctx, const struct tail_point *p);

/* What reading a journal found. */
struct tail_found {
    uint64_t good;     /* length of what is whole, 0 where none is there */
    bool torn;         /* more follows */
    uint32_t aircraft; /* numbers given out */
    uint8_t version;   /* 0: none is there */
};

enum { TAIL_VERSION = 2 };

/* Reads the journal in dir; fn may be NULL. ERR_NOT_FOUND: none is there; ERR_RANGE: of a later
   version; ERR_SYSTEM; ERR_MEMORY; what fn says. */
enum err tail_read(int dir, tail_fn *fn, void *ctx, struct tail_found *found);

/* The same, going on where it stopped. Of a journal that was written anew, or is the first, all is
   told, after fn is called with NULL: what it was told before is no more. */
struct tail_reader;
struct tail_reader *tail_reader_new(void); /* NULL: out of memory */
void tail_reader_free(struct tail_reader *r);
enum err tail_reader_go_on(struct tail_reader *r, int dir, tail_fn *fn, void *ctx);

/* Adds a point to a block of a journal in which `aircraft` have numbers. seq: its number, or
   TAIL_PROVISIONAL; before: the number of the aircraft's last kept point; last: that point, used
   where slot->has_last. A failed allocation shows at the next sync. */
void tail_add(struct buf *block, uint32_t *aircraft, struct tail_slot *slot, uint64_t before,
              const struct kept *last, const struct kept *p, uint64_t seq);

/* Goes on with the journal in dir after the good bytes found there; what follows them is cut off.
 */
enum err tail_continue(struct tail *t, const struct tail_found *found);

/* Appends the pending block and waits for the disk. On an error the file is as before and the block
   still pending: ERR_FULL, ERR_SYSTEM, ERR_MEMORY. */
enum err tail_sync(struct tail *t);

/* Puts a journal with just this block (may be empty) in the place of the old one, in one step, and
   goes on with it; what is pending is dropped. On an error all is as before. */
enum err tail_replace(struct tail *t, const struct buf *block, uint32_t aircraft);

void tail_close(struct tail *t);

#endif
