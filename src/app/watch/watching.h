/* Watches beside the recording: positions from the loop and rows of the ledger from the store's
   thread go to the machine on a thread of its own, which keeps what is told in the book of watches
   and has it delivered. Neither the loop nor the recording ever waits for it. What drops: with
   BLOCKS_MAX full blocks waiting, the newest positions; counted.

   A change of the book by another process is taken up within a second. After a restart what was
   told is known from the book, and rows appended meanwhile from the ledger. */
#ifndef MASAR_APP_WATCHING_H
#define MASAR_APP_WATCHING_H

#include "base/err.h"
#include "model/claim.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watching;

struct watching_options {
    const char *dir;           /* the store's folder, which is there */
    const char *data;          /* reference data, as for reference_dir */
    int64_t (*clock_us)(void); /* the time of day */
};

struct watching_state {
    uint64_t watches, alerts, delivered, waiting; /* deliveries that wait */
    uint64_t lost;                                /* positions dropped */
    int64_t now_ms;                               /* of the picture; KEPT_NO_TIME */
    char why[160]; /* what keeps it from watching, in a sentence; "" */
};

/* Starts the thread, which waits for the store to be there. Without airports, or with a book nobody
   can read, it says so on standard error and in its state, and watches nothing. NULL: why says
   so. */
struct watching *watching_open(const struct watching_options *o, char *why, size_t why_size);

/* The loop's: a position. True: the first that waits to be handed over. */
bool watching_take(struct watching *w, const struct kept *k);
/* What was taken goes to the thread: soon after the first, and ten times a second for the time's
   sake. now_ms: the picture's time; KEPT_NO_TIME: nobody knows it yet. */
void watching_hand_over(struct watching *w, int64_t now_ms);

/* Any one thread's: a row of the ledger (ctx: the struct watching). */
void watching_claim(void *ctx, const struct claim *c);

/* How an expected flight stands. */
struct watching_flight {
    int64_t id, heard_ms; /* KEPT_NO_TIME: never heard */
    uint8_t phase;        /* enum watch_phase */
};

/* Any thread's. False: nobody watches that flight. */
bool watching_flight(struct watching *w, int64_t id, struct watching_flight *out);

struct watching_state watching_state(struct watching *w);

/* Tells what is left, stops. NULL is fine. */
void watching_close(struct watching *w);

#endif
