#include "source/poll.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BACKOFF_MS_MAX = 300000,
    WAIT_S_MAX = 86400, /* OpenSky may ask to wait till its day is over */
    KEY_BYTES_MAX = 8192,
    TOKEN_SPARE_S = 60 /* a token is renewed so long before it ends */
};

static void ask(struct poll *p);

static void on_timer(uv_timer_t *timer)
{
    ask(timer->data);
}

static void wait_ms(struct poll *p, uint64_t ms)
{
    uv_timer_start(&p->timer, on_timer, ms, 0);
}

/* After something went wrong: what, and how long till the next try. */
static void back_off(struct poll *p, const char *what, int64_t retry_after_s)
{
    uint64_t ms = backoff_next_ms(&p->backoff, BACKOFF_MS_MAX);
    if (retry_after_s >= 0) {
        ms = (uint64_t)(retry_after_s < WAIT_S_MAX ? retry_after_s : WAIT_S_MAX) * 1000;
    }
    ms = ms > p->every_ms ? ms : p->every_ms;
    source_set_state(p->source, "%s: waiting %llu s", what,
                     (unsigned long long)((ms + 500) / 1000));
    wait_ms(p, ms);
}

static void on_message(void *ctx, struct message *m)
{
    struct poll *p = ctx;
    if (p->is_closed) {
        return; /* by the one who got the message before */
    }
    const struct wire_item item = {.kind = WIRE_MESSAGE, .message = m};
    p->n_messages++;
    source_item(p->source, &item);
}

static void read_body(struct poll *p, const struct http_answer *a)
{
    const struct source_options *o = source_options(p->source);
    char why[160];
    p->n_messages = 0;
    const enum err e = p->api->parse(a->body, a->n, o->clock_us(), on_message, p, why, sizeof why);
    if (p->is_closed) {
        return;
    }
    if (e) {
        count(o->counters, COUNT_API_BAD_ANSWER);
        back_off(p, why, -1);
        return;
    }
    p->backoff.failures = 0;
    source_set_state(p->source, "answered with %u aircraft", p->n_messages);
    const uint64_t since_ms = uv_now(o->loop) - p->asked_ms;
    wait_ms(p, since_ms < p->every_ms ? p->every_ms - since_ms : 0);
}

/* What a status that is not 200 means, in words. */
static const char *status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } known[] = {
        {400, " (it does not understand what is asked)"},
        {401, " (it refuses the key: see key-file=)"},
        {403, " (it refuses the key, or wants one: see key-file=)"},
        {404, " (no such address: see url=)"},
        {429, " (too many requests)"},
        {500, " (its own error)"},
        {502, " (its own error)"},
        {503, " (not available)"},
        {504, " (its own error)"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].status == status) {
            return known[i].text;
        }
    }
    return "";
}

/* Counts and waits after any answer but a good one. */
static void on_refusal(struct poll *p, const struct http_answer *a)
{
    struct counters *c = source_options(p->source)->counters;
    char what[160];
    if (a->status == 0) {
        snprintf(what, sizeof what, "no answer: %s", a->why);
    } else if (a->moved_to) {
        snprintf(what, sizeof what, "%d: moved to %s (give that in url=)", a->status, a->moved_to);
    } else {
        snprintf(what, sizeof what, "%d%s", a->status, status_text(a->status));
    }
    const bool is_limit = a->status == 429 || (a->status == 503 && a->retry_after_s >= 0);
    count(c, is_limit ? COUNT_API_LIMITED : COUNT_API_ERRORS);
    back_off(p, what, is_limit ? a->retry_after_s : -1);
}

static void on_answer(void *ctx, const struct http_answer *a)
{
    struct poll *p = ctx;
    if (a->status != 0) {
        count(source_options(p->source)->counters, COUNT_API_POLLS);
    }
    if (a->status == 401) {
        p->has_token = false; /* it may have been taken back */
    }
    if (a->status == 200) {
        read_body(p, a);
    } else {
        on_refusal(p, a);
    }
}

static void call(struct poll *p, const char *url, const char *post, http_done_fn *done)
{
    const char *const headers[] = {p->header[0] && !post ? p->header : NULL, NULL};
    const struct http_request r = {
        .url = url, .headers = headers, .post = post, .timeout_ms = p->timeout_ms};
    if (http_start(p->http, &r, done, p)) {
        back_off(p, "out of memory", -1);
    }
}

/* {"access_token": "…", "expires_in": 1800} (RFC 6749 5.1) */
static enum err take_token(struct poll *p, const struct http_answer *a)
{
    json_t *all = json_loadb(a->body, a->n, 0, NULL);
    const char *token = json_string_value(json_object_get(all, "access_token"));
    const json_t *lasts = json_object_get(all, "expires_in");
    const json_int_t seconds = json_is_integer(lasts) ? json_integer_value(lasts) : 300;
    char value[POLL_HEADER_MAX];
    enum err e = ERR_SYNTAX;
    if (token && snprintf(value, sizeof value, "Bearer %s", token) < (int)sizeof value) {
        e = poll_header_set(p, "Authorization", value);
    }
    json_decref(all);
    if (!e) {
        const json_int_t kept = seconds > 2 * TOKEN_SPARE_S ? seconds - TOKEN_SPARE_S : seconds / 2;
        p->has_token = true;
        p->token_until_ms = uv_now(source_options(p->source)->loop) + (uint64_t)kept * 1000;
    }
    return e;
}

static void on_token(void *ctx, const struct http_answer *a)
{
    struct poll *p = ctx;
    if (a->status != 200) {
        on_refusal(p, a);
    } else if (take_token(p, a)) {
        count(source_options(p->source)->counters, COUNT_API_BAD_ANSWER);
        back_off(p, "the answer of token-url= bears no token", -1);
    } else {
        ask(p);
    }
}

static void ask(struct poll *p)
{
    const uint64_t now_ms = uv_now(source_options(p->source)->loop);
    p->asked_ms = now_ms;
    if (p->token_url[0] && (!p->has_token || now_ms >= p->token_until_ms)) {
        p->has_token = false;
        call(p, p->token_url, p->token_form, on_token);
    } else {
        call(p, p->url, NULL, on_answer);
    }
}

enum err poll_header_set(struct poll *p, const char *name, const char *value)
{
    for (const char *c = value; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            return ERR_SYNTAX;
        }
    }
    const int n = snprintf(p->header, sizeof p->header, "%s: %s", name, value);
    return n > 0 && (size_t)n < sizeof p->header ? ERR_OK : ERR_SYNTAX;
}

enum err poll_form_add(char *out, size_t size, const char *name, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t at = strlen(out);
    const int n = snprintf(out + at, size - at, "%s%s=", at ? "&" : "", name);
    if (n < 0 || (size_t)n >= size - at) {
        return ERR_FULL;
    }
    at += (size_t)n;
    for (const char *c = value; *c; c++) {
        if (at + 4 > size) {
            return ERR_FULL;
        }
        if (strchr(plain, *c)) {
            out[at++] = *c;
        } else {
            out[at++] = '%';
            out[at++] = hex[(unsigned char)*c >> 4];
            out[at++] = hex[(unsigned char)*c & 15];
        }
        out[at] = '\0';
    }
    return ERR_OK;
}

static enum err seconds_key(const struct spec *spec, const char *key, double otherwise, double lo,
                            uint64_t *out_ms, char *why, size_t why_size)
{
    const char *text = spec_get(spec, key, NULL);
    double v = otherwise;
    char *end = NULL;
    if (text) {
        v = strtod(text, &end);
    }
    if (text && (end == text || *end != '\0' || !(v >= lo && v <= 86400))) {
        snprintf(why, why_size, "%s=%s is not a number of seconds from %g to 86400", key, text, lo);
        return ERR_RANGE;
    }
    *out_ms = (uint64_t)(v * 1000);
    return ERR_OK;
}

static enum err read_key_file(struct poll *p, const struct spec *spec, char *why, size_t why_size)
{
    const char *path = spec_get(spec, "key-file", NULL);
    if (!path) {
        return ERR_OK;
    }
    FILE *f = fopen(path, "rb");
    if (!f) {
        snprintf(why, why_size, "cannot read key-file=%s: %s", path, strerror(errno));
        return ERR_SYSTEM;
    }
    char text[KEY_BYTES_MAX + 1];
    const size_t n = fread(text, 1, KEY_BYTES_MAX, f);
    fclose(f);
    text[n] = '\0';
    return p->api->key(p, spec, text, why, why_size);
}

static enum err make_url(struct poll *p, const struct spec *spec, char *why, size_t why_size)
{
    const char *base = spec_get(spec, "url", p->api->base);
    char path[POLL_URL_MAX] = "";
    if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0) {
        snprintf(why, why_size, "url=%s is not an address: begin with http:// or https://", base);
        return ERR_SYNTAX;
    }
    const enum err e = p->api->path(spec, path, sizeof path, why, why_size);
    if (e) {
        return e;
    }
    size_t n = strlen(base);
    while (path[0] == '/' && n > 0 && base[n - 1] == '/') {
        n--;
    }
    if (snprintf(p->url, sizeof p->url, "%.*s%s", (int)n, base, path) >= (int)sizeof p->url) {
        snprintf(why, why_size, "url= is too long");
        return ERR_FULL;
    }
    return ERR_OK;
}

static enum err configure(struct poll *p, const struct spec *spec, char *why, size_t why_size)
{
    enum err e = make_url(p, spec, why, why_size);
    e = e ? e : seconds_key(spec, "every", p->api->every_s, 1, &p->every_ms, why, why_size);
    e = e ? e : seconds_key(spec, "timeout", 30, 1, &p->timeout_ms, why, why_size);
    return e ? e : read_key_file(p, spec, why, why_size);
}

enum err poll_open(struct source *s, const struct poll_api *api, const struct spec *spec,
                   void **state, char *why, size_t why_size)
{
    struct poll *p = calloc(1, sizeof *p);
    if (!p) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    p->source = s;
    p->api = api;
    p->backoff.spread.state = uv_hrtime();
    enum err e = configure(p, spec, why, why_size);
    if (!e) {
        p->http = http_new(source_options(s)->loop);
        if (!p->http) {
            snprintf(why, why_size, "out of memory");
            e = ERR_MEMORY;
        }
    }
    if (e) {
        free(p);
        return e;
    }
    uv_timer_init(source_options(s)->loop, &p->timer);
    p->timer.data = p;
    source_set_state(s, "asking");
    wait_ms(p, 0);
    *state = p;
    return ERR_OK;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void poll_close(void *state)
{
    struct poll *p = state;
    p->is_closed = true;
    http_free(p->http);
    uv_close((uv_handle_t *)&p->timer, on_closed);
}
