/* Recording: accepted positions go from the loop to the store on a thread of its own, so that the
   loop never waits for the disk. The loop fills a block of points, hands it over full or ten times
   a second, and takes an empty one. What drops: with BLOCKS_MAX full blocks waiting (the disk
   stands still for seconds), the newest points; counted as lost. Everything taken is safe on the
   disk within a second. */
#ifndef MASAR_APP_HISTORY_H
#define MASAR_APP_HISTORY_H

#include "app/keep.h"
#include "app/ledger/ledger_world.h"
#include "base/err.h"
#include "model/claim.h"
#include "model/receiver.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum { HISTORY_THIN_M = 10, HISTORY_THIN_FT = 25 }; /* unless somebody asks for other */

struct history;

struct history_options {
    const char *dir;
    struct store_options store;        /* mode is WRITE; thinning, retention, what to be told */
    struct app_keep keep;              /* retention; a slice a second at most */
    const struct receivers *receivers; /* names of kept.receiver; rows never change once made */
    bool ledger;                       /* what the points say of movements is kept too */
    struct ledger_sources sources;     /* ... with these; strings stay where they are */
    claim_fn *said; /* told of each row appended, on the thread that writes; NULL */
    void *said_ctx;
};

struct history_state {
    bool stopped;  /* the disk takes nothing */
    char why[160]; /* in a sentence, why stopped or what of it is lost; else "" */
    uint64_t kept, thinned, refused, lost;
    char ledger_why[160]; /* why there is no ledger, or none any more, in a sentence; "" where there
                             is */
    uint64_t buffered; /* points in memory that are in no chunk yet; all but the last second's are
                          in the journal */
    uint64_t ledger_waits; /* points the ledger has not looked at: those of two minutes, and more
                              where it is late */
};

/* Opens the store and starts the thread. Errors and why as store_open. */
enum err history_open(const struct history_options *o, struct history **out, char *why,
                      size_t why_size);

/* The loop's: takes a point, whose receiver is a number of o.receivers. */
void history_take(struct history *h, const struct kept *p);
/* The loop's: hands over what was taken. Call ten times a second. */
void history_hand_over(struct history *h);

struct history_state history_state(struct history *h);

/* More than a quarter of the blocks wait for the disk: an input that can should wait, or points
   drop in the end. */
bool history_is_behind(struct history *h);

/* Writes all that was taken, stops the thread, closes the store. What it says last in out, if not
   NULL: stopped means that something could not be written. NULL is fine. */
void history_close(struct history *h, struct history_state *out);

#endif
