/* What watching.c (the thread, and what is handed to it) and watching_book.c (the book of watches
   and alerts) share. */
#ifndef MASAR_APP_WATCHING_INTERNAL_H
#define MASAR_APP_WATCHING_INTERNAL_H

#include "app/watch/watch_world.h"
#include "app/watch/watching.h"
#include "deliver/deliver.h"
#include "store/ledger.h"
#include "watch/say.h"

#include <uv.h>

enum { BLOCK_POINTS = 1024 };

#define DAY_MS INT64_C(86400000)

struct block {
    struct block *next;
    unsigned n;
    struct kept point[BLOCK_POINTS];
};

/* An alert on its way into the book. */
struct told_alert {
    struct book_alert row;
    char key[WATCH_KEY_MAX];
    char *json;
};

struct active {
    int64_t id, muted_until_ms, expires_ms;
    char name[BOOK_NAME_MAX + 1], language[4];
    char *rule;
    bool seen; /* in the book when it was read last */
};

struct watching {
    struct watching_options o;
    uv_thread_t thread;
    struct block *filling; /* the loop's */

    uv_mutex_t mutex; /* guards what follows */
    uv_cond_t wake;
    struct block *first, **last, *empty;
    unsigned blocks;
    struct claim *claim;
    size_t claims, claims_max;
    uint64_t dropped;
    int64_t picture_ms;
    bool ends, deaf; /* deaf: it takes nothing any more */
    struct watching_state state;
    struct watching_flight *stands;
    size_t n_stands, stands_max;

    /* the thread's: */
    struct book *book;
    struct deliver *deliver;
    struct watch_world *world;
    struct watch_set *set;
    struct store *reader;
    int64_t ticked_ms, time_ms;
    int64_t point_ms;                 /* of the newest position weighed; KEPT_NO_TIME */
    int64_t version, now_ms, made_ms; /* made_ms: of the newest row of the ledger */
    int32_t day;
    struct active *active;
    size_t n_active;
    int64_t *flight; /* ids of those expected */
    size_t flights;
    struct told_alert *alert;
    size_t alerts, alerts_max;
    uint64_t armed_version;
    bool failed;
};

/* All of these run on the watching thread. */

/* A watch_alert_fn: ctx is the struct watching; the alert waits for watching_keep. */
void watching_take_alert(void *ctx, const struct watch_alert *a);

/* Writes what waits into the book; lasting: with what a restart has to know. */
void watching_keep(struct watching *w, bool lasting);
void watching_drop_alerts(struct watching *w);

/* Reads the watches anew, always or where the book has changed. */
void watching_read_book(struct watching *w);
void watching_look_at_book(struct watching *w);

/* At the start: what was told, who was heard, and the rows appended while nobody watched. */
void watching_recall(struct watching *w);

#endif
