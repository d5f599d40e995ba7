/* What watch_asked.c (questions), watch_preview.c (what a rule would have told) and watch_changed.c
   (changes) share. */
#ifndef MASAR_APP_WATCH_ASKED_INTERNAL_H
#define MASAR_APP_WATCH_ASKED_INTERNAL_H

#include "app/watch/watch_asked.h"

#include <uv.h>

struct watch_asked {
    char store[1024], data[1024]; /* data "": the usual folder */
    struct ledger_world *ledger;
    uv_mutex_t mutex;          /* guards what follows */
    struct watching *watching; /* NULL: nobody watches, or no more */
};

/* A question under way. */
struct watch_asking {
    struct watch_asked *a;
    struct store *s;
    struct book *book; /* NULL: there are no watches yet */
    const char *args;
    struct buf *out;
    char *why;
    size_t why_size;
};

enum { RULE_ARGS_MAX = 4096 }; /* as much as follows a '?' */

/* The HTTP status of an error. */
int watch_status_of(enum err e);

/* An argument that is a time; otherwise where it is absent. False: why says so. */
bool watch_asked_time(const struct watch_asking *q, const char *name, int64_t otherwise,
                      int64_t *out_ms);
bool watch_asked_flag(const struct watch_asking *q, const char *name);
/* A number from 1 to most. False: why says so. */
bool watch_asked_count(const struct watch_asking *q, const char *name, unsigned otherwise,
                       unsigned most, unsigned *out);

/* GET /watches/test: its status. */
int watch_preview(const struct watch_asking *q);

#endif
