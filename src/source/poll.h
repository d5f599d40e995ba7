/* A network API asked again and again: when, what an answer means, how long to wait after a bad
   one. What is asked and how an answer is read is each API's own (adsblol.c, opensky.c).

     ask ──on_answer──> hand on ──> wait every= ──> ask
           429, 503 ──> wait as long as it says, else back-off
           anything else ──> back-off: 1, 2, 4 … 300 s, never less than every= */
#ifndef MASAR_SOURCE_POLL_H
#define MASAR_SOURCE_POLL_H

#include "base/spec.h"
#include "net/backoff.h"
#include "net/http.h"
#include "source/kind.h"
#include "wire/api_adsbx.h"

#include <stdbool.h>

enum { POLL_URL_MAX = 1024, POLL_HEADER_MAX = 8192 };

struct poll;

struct poll_api {
    const char *base; /* of every URL, where url= does not say */
    unsigned every_s; /* where every= does not say */
    enum err (*parse)(const char *body, size_t n, int64_t now_us, api_message_fn *fn, void *ctx,
                      char *why, size_t why_size);
    /* Writes what is asked after the base. why is a sentence. */
    enum err (*path)(const struct spec *spec, char *out, size_t size, char *why, size_t why_size);
    /* Reads the key file's text (n bytes, NUL after them). */
    enum err (*key)(struct poll *p, const struct spec *spec, char *text, char *why,
                    size_t why_size);
};

/* Keys of every polled source, NULL-ended: url= every= timeout= key-file=. */
#define POLL_KEYS "url", "every", "timeout", "key-file"

struct poll {
    struct source *source;
    const struct poll_api *api;
    struct http *http;
    uv_timer_t timer;
    uint64_t every_ms, timeout_ms, asked_ms;
    struct backoff backoff;
    bool is_closed;
    unsigned n_messages; /* of the answer being read */
    char url[POLL_URL_MAX];
    char header[POLL_HEADER_MAX]; /* with the key, "" if none */
    /* A token got with a client's id and secret (RFC 6749 4.4), where token_url is not "". */
    char token_url[POLL_URL_MAX];
    char token_form[POLL_URL_MAX];
    bool has_token;
    uint64_t token_until_ms;
};

/* The open and close of a source_kind. */
enum err poll_open(struct source *s, const struct poll_api *api, const struct spec *spec,
                   void **state, char *why, size_t why_size);
void poll_close(void *state);

/* name with its value made fit for a form or query (RFC 3986 2.1) appended to out; ERR_FULL. */
enum err poll_form_add(char *out, size_t size, const char *name, const char *value);

/* Sets the header "name: value"; ERR_SYNTAX where value could not be one. */
enum err poll_header_set(struct poll *p, const char *name, const char *value);

#endif
