/* An HTTP client on the loop: libcurl's sockets and timers given to libuv. One thread: the loop's.
 */
#ifndef MASAR_NET_HTTP_H
#define MASAR_NET_HTTP_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { HTTP_ANSWER_MAX = 64 * 1024 * 1024 }; /* bytes of a body, after decompression */

struct http; /* the connections kept open, and the calls under way */
struct http_call;

struct http_request {
    const char *url;            /* http: or https: */
    const char *const *headers; /* "Name: value", NULL-ended; NULL: none */
    const char *post;           /* a form's body; NULL: GET */
    uint64_t timeout_ms;        /* for all of it */
};

struct http_answer {
    int status;       /* 0: none came */
    const char *why;  /* status 0: why not, as a sentence's end; else "" */
    const char *body; /* n bytes, whole; gone after the call */
    size_t n;
    int64_t retry_after_s; /* how long it asks to wait, -1 if it does not: Retry-After (RFC 9110
                              10.2.3), X-Rate-Limit-Retry-After-Seconds */
    const char *moved_to;  /* where a redirection points, NULL if it is none: it is not followed */
};

typedef void http_done_fn(void *ctx, const struct http_answer *a);

struct http *http_new(uv_loop_t *loop); /* NULL: out of memory */

/* Ends the calls under way without a word to done; the memory goes once the loop has run. */
void http_free(struct http *h);

/* Begins a call; done is called once, from the loop, and may begin another or free h. Certificates
   are verified; a url that is none is an answer that did not come. ERR_MEMORY. */
enum err http_start(struct http *h, const struct http_request *r, http_done_fn *done, void *ctx);

#endif
