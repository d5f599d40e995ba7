/* The book of watches: what is watched, what was told, and what is still to be delivered to whom,
   in watch.sqlite of a store's folder. Any number of processes may have it open: the daemon keeps
   alerts, the command line changes watches, and each sees what the other did (book_version).

   A handle is used by one thread at a time. Texts handed in are copied; texts given to a callback
   hold for the call. Errors: ERR_SYSTEM (the disk, SQLite), ERR_FULL (no room), ERR_MEMORY; why is
   a sentence where there is one. */
#ifndef MASAR_DELIVER_BOOK_H
#define MASAR_DELIVER_BOOK_H

#include "base/err.h"
#include "watch/expected.h"
#include "watch/watch.h"

#include <stdbool.h>
#include <stdint.h>

struct book; /* opaque */

enum {
    BOOK_NAME_MAX = 80,
    BOOK_RECEIVERS_MAX = 64, /* each has a thread of its own */
    BOOK_AREAS_MAX = 4096
};

#define BOOK_NEVER INT64_MAX

/* make: where there is none it is made; else ERR_NOT_FOUND. */
enum err book_open(const char *dir, bool make, struct book **out, char *why, size_t why_size);
void book_close(struct book *b); /* NULL is fine */

/* How long a call waits while another process writes (10 s at first); then ERR_SYSTEM. */
void book_patience(struct book *b, int ms);

/* Handles of one process that write often wait for each other by this, in turn, where those of
   several processes find each other by trying again after growing waits. */
struct book_turns;                       /* opaque */
struct book_turns *book_turns_new(void); /* NULL: out of memory */
void book_turns_free(struct book_turns *t);
/* t: borrowed. hurries: whoever else writes brings the log of changes back into the file, which
   waits for the disk, long before this handle would have to. */
void book_take_turns(struct book *b, struct book_turns *t, bool hurries);

/* Changes whenever anybody changed watches, areas, lists, receivers or expected flights. */
int64_t book_version(struct book *b);

/* Everything between is kept as one or not at all. */
enum err book_begin(struct book *b);
enum err book_commit(struct book *b);
void book_undo(struct book *b);

/* ---- watches ---- */

struct book_watch {
    int64_t id; /* 0: a new one */
    const char *name, *rule;
    const char *to;         /* names of receivers, a comma between; "" the log and the feed alone */
    const char *language;   /* "en", "ar", "fr" */
    int64_t muted_until_ms; /* alerts are kept, not delivered; 0 not muted, BOOK_NEVER for good */
    int64_t expires_ms;     /* BOOK_NEVER */
    int64_t made_ms;
    uint64_t alerts; /* so far; given, not taken */
    int64_t last_ms; /* of the last; KEPT_NO_TIME */
};

typedef void book_watch_fn(void *ctx, const struct book_watch *w);

/* Adds, or changes the one with this id; id gets its number. ERR_EXISTS: another has that name. */
enum err book_watch_put(struct book *b, const struct book_watch *w, int64_t *id);
/* By name or number. ERR_NOT_FOUND. */
enum err book_watch_find(struct book *b, const char *name, int64_t *id);
/* What it told stays in the log. ERR_NOT_FOUND. */
enum err book_watch_remove(struct book *b, int64_t id);
enum err book_watch_mute(struct book *b, int64_t id, int64_t until_ms);
enum err book_watches(struct book *b, book_watch_fn *out, void *ctx);

/* ---- areas and lists ---- */

/* text "": it is removed. ERR_FULL: BOOK_AREAS_MAX are there. */
enum err book_area_put(struct book *b, const char *name, const char *text);
typedef void book_area_fn(void *ctx, const char *name, const char *text);
enum err book_areas(struct book *b, book_area_fn *out, void *ctx);

/* number: 0 .. WATCH_LISTS_MAX - 1, given at first. ERR_FULL: that many lists are there. */
enum err book_list_start(struct book *b, const char *name, int *number); /* empties it */
enum err book_list_add(struct book *b, int number, uint32_t address, const char *label);
enum err book_list_remove(struct book *b, const char *name);
typedef void book_list_fn(void *ctx, int number, const char *name, uint64_t aircraft);
enum err book_lists(struct book *b, book_list_fn *out, void *ctx);
typedef void book_listed_fn(void *ctx, int number, uint32_t address);
enum err book_listed(struct book *b, book_listed_fn *out, void *ctx);

/* ---- what was told ---- */

struct book_alert {
    int64_t id, watch;
    const char *watch_name, *language;
    uint8_t tell; /* enum watch_tell */
    const char *key;
    int64_t made_ms;
    float p;
    uint32_t address;
    const char *json;            /* watch_say_json's */
    int64_t told_ms;             /* when it was, by the day's clock */
    bool taken_back;             /* given by book_alerts: a later one corrects it, */
    unsigned delivered, waiting; /* and to so many receivers it went, is still to go */
};

/* The id it has wherever it is sent, as 32 hexadecimal digits: of watch, kind and key, the data's
   own. */
void book_alert_id(const struct book_alert *a, char out[33]);

/* Adds an alert and, unless mute, what is to be delivered of it to each receiver of its watch. An
   alert of this watch, kind and key that is there stays as it is: *added is false. */
enum err book_alert_add(struct book *b, const struct book_alert *a, bool mute, bool *added);

/* The newest first. */
struct book_query {
    int64_t watch;              /* 0: all */
    int64_t before_id;          /* 0: from the newest */
    int64_t since_ms, until_ms; /* made since <= t < until */
    bool notes;                 /* also what nobody could say */
    unsigned limit;
};
typedef void book_alert_fn(void *ctx, const struct book_alert *a);
enum err book_alerts(struct book *b, const struct book_query *q, book_alert_fn *out, void *ctx);

/* What the machine has to know after a restart; since_ms: what was told before that is left. */
enum err book_told_put(struct book *b, const struct watch_told *t);
typedef void book_told_fn(void *ctx, const struct watch_told *t);
enum err book_told(struct book *b, int64_t since_ms, book_told_fn *out, void *ctx);
enum err book_armed_clear(struct book *b);
enum err book_armed_put(struct book *b, const struct watch_armed *a);
typedef void book_armed_fn(void *ctx, const struct watch_armed *a);
enum err book_armed(struct book *b, book_armed_fn *out, void *ctx);

/* ---- receivers ---- */

struct book_receiver {
    int64_t id;
    const char *name, *kind, *target, *secret; /* kind and target: deliver.h */
    bool local;                                /* it may be this machine or of a private network */
    uint64_t waiting;                          /* deliveries that wait for it; given, not taken */
};

/* By name: added or changed; what waits for it stays. ERR_FULL: BOOK_RECEIVERS_MAX are there. */
enum err book_receiver_put(struct book *b, const struct book_receiver *r);
/* What waits for it goes too. ERR_NOT_FOUND. */
enum err book_receiver_remove(struct book *b, const char *name);
typedef void book_receiver_fn(void *ctx, const struct book_receiver *r);
enum err book_receivers(struct book *b, book_receiver_fn *out, void *ctx);

/* The oldest that waits for a receiver. ERR_NOT_FOUND: nothing does. */
enum err book_next(struct book *b, int64_t receiver, book_alert_fn *out, void *ctx);
/* It was delivered at the tries-th try; why: what the receiver answered. */
enum err book_delivered(struct book *b, int64_t receiver, int64_t alert, int64_t done_ms,
                        unsigned tries, const char *why);
/* Deliveries that wait, that were made. */
enum err book_counts(struct book *b, uint64_t *waiting, uint64_t *delivered);

/* ---- expected flights ---- */

/* id 0: a new one. */
enum err book_expected_put(struct book *b, const struct watch_expected *e);
enum err book_expected_remove(struct book *b, int64_t id); /* ERR_NOT_FOUND */
/* It was heard of then, by whatever means. ERR_NOT_FOUND. */
enum err book_expected_heard(struct book *b, int64_t id, int64_t t_ms);
typedef void book_expected_fn(void *ctx, const struct watch_expected *e);
enum err book_expected(struct book *b, book_expected_fn *out, void *ctx);

/* A number kept under a name, as how far the ledger was looked at. */
enum err book_note_put(struct book *b, const char *name, int64_t value);
int64_t book_note(struct book *b, const char *name, int64_t otherwise);

#endif
