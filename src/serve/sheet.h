/* A list of all aircraft as JSON: written in slices, packed in slices, shared by all who ask within
   the same second. One thread. */
#ifndef MASAR_SERVE_SHEET_H
#define MASAR_SERVE_SHEET_H

#include "serve/body.h"
#include "serve/walk.h"

#include <zlib.h>

enum { SHEET_SHARED_MS = 1000 };

struct serve;

struct sheet_kind {
    void (*head)(const struct serve *s, struct buf *b, int64_t now_us);
    bool (*has)(const struct track *t, int64_t now_us); /* NULL: all */
};

struct sheet {
    struct serve *s;
    const struct sheet_kind *kind;
    struct job job;
    struct walk walk;
    struct buf b; /* under way: text, then its packed form */
    bool any;     /* an aircraft is in it */
    bool packs, cannot_pack;
    z_stream z;
    struct body *plain, *packed; /* the last one done */
    int64_t begun_ms;            /* of the last one done */
    bool failed;                 /* out of memory, and nobody was told yet */
};

/* The list, no older than a second when it was asked for (steady milliseconds); NULL while it is
   not there yet: serve_ready will be called. Where gzip cannot be had, it is *gzip that becomes
   false. Borrowed. */
struct body *sheet_get(struct sheet *t, int64_t asked_ms, bool *gzip);
void sheet_free(struct sheet *t);

#endif
