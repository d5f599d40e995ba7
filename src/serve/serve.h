/* HTTP and WebSocket on the one loop: the page, tar1090's files, the API, health and metrics. Reads
   the tracker, never changes it; what comes in by POST is handed to `report`. */
#ifndef MASAR_SERVE_SERVE_H
#define MASAR_SERVE_SERVE_H

#include "base/err.h"
#include "model/counter.h"
#include "model/receiver.h"
#include "track/track.h"
#include "wire/aircraft_json.h"
#include "wire/area_read.h"
#include "wire/picture.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct serve;
struct hearing;

/* What recording does; counts since start. */
struct store;

struct serve_history {
    bool stopped;         /* the disk takes nothing: history is held in memory */
    char why[160];        /* in a sentence, why stopped or what of it is lost; else "" */
    char ledger_why[160]; /* why there is no ledger, in a sentence; "" where there is */
    uint64_t kept, thinned, refused, lost, buffered, ledger_waits;
};

struct serve_options {
    uv_loop_t *loop;
    const char *host; /* "127.0.0.1"; anything else is a decision of the user */
    int port;
    const char *web_dir;   /* built page; NULL: none, the API alone */
    const char *store_dir; /* history (docs/STORE.md), read beside its writer; NULL: none */
    const struct area_lands *lands; /* for areas that are countries; NULL: none is known */
    const char *token_file; /* read, or made with 0600 at first start; NULL: writing is refused */
    const struct tracker *tracker;
    const struct receivers *receivers;
    const struct hearing *hearing; /* how each receiver hears; NULL: nobody keeps it */
    struct counters *counters;
    bool has_place; /* --at */
    double lat_deg, lon_deg, alt_m;
    int64_t (*now_us)(
        void *ctx); /* the time of the picture: the feed's where it has its own clock */
    const char *(*sources)(void *ctx); /* JSON array text: each input's name, state, simulated; for
                                          /healthz and the page */
    bool (*report)(void *ctx, struct message *m,
                   const char *who); /* a posted position; false: refused */
    /* False, or NULL: no history is kept. */
    bool (*history)(void *ctx, struct serve_history *out);
    /* Who it is: borrowed until the next call. False: not known. NULL: nobody knows any. */
    bool (*name)(void *ctx, const struct track *a, struct aircraft_name *out);
    /* The same for the live picture, and for pictures of the past as of a time, in short; out is
       zeroed. Any thread. NULL as above. */
    void (*who)(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                struct picture_who *out);
    unsigned (*who_edition)(void *ctx); /* another number whenever who says something else; not 0 */
    /* What the tables say, as JSON added to out: every type; the operators of call signs (codes:
       "RCH,DLH"). NULL as above. */
    void (*types)(void *ctx, struct buf *out);
    void (*operators)(void *ctx, const char *codes, struct buf *out);
    /* The same in full, a JSON object added to out. NULL as above. */
    void (*identity)(void *ctx, uint32_t address, const char *flight, struct buf *out);
    /* What the ledger of movements says, as JSON: what is "flights", "arrivals" …, args are the
       request's. In threads of the pool, several at once. Returns the HTTP status; where it is not
       200, why is the sentence. NULL: there is none. */
    int (*ledger)(void *ctx, struct store *s, const char *what, const char *args, struct buf *out,
                  char *why, size_t why_size);
    /* What it says of one aircraft as things stand; as ledger. */
    int (*ledger_now)(void *ctx, struct store *s, uint32_t address, struct buf *out, char *why,
                      size_t why_size);
    /* Operations (docs/OPERATIONS.md), as ledger above: path is "/operations", "/operations/NAME",
       "/operations/NAME/PART" or "/statements/HASH"; published: nothing else is told. */
    int (*operation)(void *ctx, struct store *s, const char *path, const char *args, bool published,
                     struct buf *out, char *why, size_t why_size);
    /* A change somebody posts to "/NAME/KIND", on the loop. As above. */
    int (*operation_change)(void *ctx, const char *path, const void *bytes, size_t n,
                            struct buf *out, char *why, size_t why_size);
    /* Watches, what they told, expected flights (docs/WATCHES.md), as operation above: path is
       "/watches", "/watches/PART", "/alerts", "/alerts.atom" or "/expected". */
    int (*watch)(void *ctx, struct store *s, const char *path, const char *args, struct buf *out,
                 char *why, size_t why_size);
    /* A change posted to such a path, on the loop. */
    int (*watch_change)(void *ctx, const char *path, const void *bytes, size_t n, struct buf *out,
                        char *why, size_t why_size);
    bool published_only; /* a listener for everybody: the page and what is published, no more */
    void *ctx;
};

/* Listens. ERR_SYSTEM with a sentence in why where the port is in use. */
enum err serve_open(const struct serve_options *o, struct serve **out, char *why, size_t why_size);
int serve_port(
    const struct serve *s); /* where it listens: the port given, or the one it got for 0 */

/* Closes at once; run the loop until nothing is left in it, then it may be closed. */
void serve_close(struct serve *s);

#endif
