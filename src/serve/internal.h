/* What the files of this room share: the server, a request as a route sees it, its answer. */
#ifndef MASAR_SERVE_INTERNAL_H
#define MASAR_SERVE_INTERNAL_H

#include "serve/asked.h"
#include "serve/body.h"
#include "serve/census.h"
#include "serve/job.h"
#include "serve/limit.h"
#include "serve/note.h"
#include "serve/pause.h"
#include "serve/playing.h"
#include "serve/readers.h"
#include "serve/serve.h"
#include "serve/sheet.h"
#include "serve/token.h"

#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

struct live;
struct session; /* a connection (http.c) */

struct serve {
    struct serve_options o;
    struct lws_context *context;
    struct lws_vhost *vhost;
    bool loopback; /* nobody but this machine can reach it: a foreign Host is an attack */
    bool strict;   /* web_dir is a page built like ours: it gets the strict content policy */
    char token[TOKEN_MAX + 1];
    struct limits limits;
    struct live *live;
    int64_t started_ms;
    uv_timer_t *closing; /* runs from serve_close until the library has ended */
    struct pause pause;
    struct jobs jobs;
    struct sheet tar1090, aircraft; /* /data/aircraft.json, /api/v1/aircraft */
    struct counting counting;
    struct session *waiting; /* those whose answer is being made */
    struct notes notes;
    struct readers *readers; /* NULL: no history */
    struct asked_all asked;
    unsigned reading; /* threads that read history for us: the server stays until they are done */
    unsigned pasts;   /* clients in the past */
    struct shelf *shelf; /* of all of them; NULL without history */
};

/* A request, its headers copied out. Text members are never NULL. */
struct request {
    const char *path;
    const char *rest; /* what stood for the pattern's '*' */
    const char *args; /* what followed '?', its escapes resolved: query_arg reads it */
    const char *host, *authorization, *content_type, *if_none_match, *peer;
    const void *bytes; /* body of a POST */
    size_t n;
    bool gzip, br;    /* codings it takes */
    int64_t asked_ms; /* steady */
    bool again;       /* it was answered `later` before */
    struct ask **ask; /* the connection's question to history, NULL before it is asked */
};

enum { ETAG_MAX = 64, EXTRA_MAX = 96 };

struct answer {
    bool later; /* it is being made: the request comes again after serve_ready */
    int status;
    const char *type;  /* Content-Type */
    struct body *body; /* held by the answer; NULL: none */
    struct file {
        bool open;
        int fd;   /* the answer's to close */
        size_t n; /* bytes */
    } file;       /* sent instead of a body */
    bool streams; /* the question's answer is sent instead */
    bool whole;   /* ... and this is all of it: `length` bytes */
    size_t length;
    const char *cache; /* Cache-Control; NULL: no-store */
    const char *encoding;
    char etag[ETAG_MAX];
    bool page;                /* a file: the content policy goes with it */
    const char *name, *value; /* one more header, or NULL */
};

typedef void route_fn(struct serve *s, const struct request *q, struct answer *a);

#define ROUTE(method, pattern, handler) route_fn handler;
#include "serve/routes.def"

void serve_file(struct serve *s, const struct request *q, struct answer *a);

/* Finds the route and has it answer; answers 404 and 405 itself. */
void route(struct serve *s, bool post, struct request *q, struct answer *a);

/* An error with its sentence; counted as refused where the fault is the client's. */
__attribute__((format(printf, 4, 5))) void answer_error(struct serve *s, struct answer *a,
                                                        int status, const char *format, ...);
void answer_json(struct serve *s, struct answer *a, struct buf *b); /* frees b's memory */
void answer_sheet(struct serve *s, struct sheet *sheet, const struct request *q, struct answer *a);

int64_t serve_now_us(const struct serve *s);
int64_t serve_clock_ms(const struct serve *s); /* steady */
bool serve_simulated(const struct serve *s);   /* something of what is heard is simulated */
const char *serve_sources(const struct serve *s);

extern const struct sheet_kind tar1090_sheet, api_sheet;

/* Whether a post may not be taken, and answers so (api.c); 0: it may. */
int may_not_post(struct serve *s, const struct request *q, struct answer *a);

/* Whether a listener of what is published answers this path (operation.c). */
bool operation_may_show(const char *path);

/* JSON pieces. */
void json_seconds(struct buf *b, int64_t t_us);
void json_text(struct buf *b, const char *s);
void json_hex(struct buf *b, uint32_t address);
void json_receiver(struct buf *b, const struct serve *s, uint16_t number);
void json_origin(struct buf *b, uint8_t origin);

/* A trail of history (past_trail.c). */
void past_trail(struct serve *s, const struct request *q, struct answer *a);

/* The live picture (live.c, live_item.c). */
struct picture_item;
void live_item(const struct serve *s, const struct track *a, int64_t now_us,
               struct picture_item *it);
/* The same of a point of history, whose own time is when it was heard. Its receiver is 0: numbers
   of a store are not those of the running program. */
struct kept;
void live_kept(const struct kept *k, struct picture_item *it);
struct live *live_new(struct serve *s);
void live_stop(struct live *l); /* no round any more; clients may still leave */
void live_free(struct live *l);
void live_tick(struct live *l);
size_t live_clients(const struct live *l);
struct client; /* one WebSocket */
struct client *live_join(struct live *l, struct lws *wsi);
void live_leave(struct live *l, struct client *c);
int live_write(struct live *l, struct client *c); /* -1: close */
/* A whole message of a client, or a part of one that is longer than any we take. -1: close. */
int live_read(struct live *l, struct client *c, const void *in, size_t n, bool is_whole);

/* How each receiver hears (hearing.c). */
void metrics_receivers(const struct serve *s, struct buf *b);

/* HTTP (http.c). */
void serve_ready(struct serve *s); /* something was made: who waits asks again */
int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t n);
enum { HTTP_SESSION_BYTES = 10240 };

/* Recording, for the page: whether it has stopped; its state as a JSON object or null (health.c).
 */
bool health_stopped(struct serve *s);
void health_history(struct serve *s, struct buf *b);

#endif
