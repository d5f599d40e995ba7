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
    struct buf pending; /* one block not yet written */
};

enum { TAIL_RECORD_BYTES = 75 };

/* Number of a point that may still turn out to lie on a line: it counts only where no later one of
   its aircraft follows. */
#define TAIL_PROVISIONAL UINT64_C(0)

/* Called for every record in a journal; seq as given to tail_add. */
typedef enum err tail_fn(void *ctx, uint64_t seq, const struct kept *p);

/* Reads the journal in dir. good gets the length of what is whole, torn whether more follows.
   ERR_NOT_FOUND: none is there; ERR_RANGE: of another version; ERR_SYSTEM; what fn says. */
enum err tail_read(int dir, tail_fn *fn, void *ctx, uint64_t *good, bool *torn);

/* Adds to the pending block. A failed allocation shows at the next sync. */
void tail_add(struct buf *block, uint64_t seq, const struct kept *p);

/* Appends the pending block and waits for the disk. On an error the file is as before and the block
   still pending: ERR_FULL, ERR_SYSTEM, ERR_MEMORY. */
enum err tail_sync(struct tail *t);

/* Puts a journal with just this block (may be empty) in the place of the old one, in one step, and
   goes on with it. */
enum err tail_replace(struct tail *t, const struct buf *block);

void tail_close(struct tail *t);

#endif
