#include "net/http.h"

#include "base/buf.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000 };

struct http {
    uv_loop_t *loop;
    CURLM *multi;
    uv_timer_t timer; /* libcurl's one time-out */
    struct http_call *calls;
    unsigned handles; /* libuv's, not yet closed */
    bool is_closed;
};

struct http_call {
    struct http *http;
    struct http_call *next, **link;
    CURL *easy;
    struct curl_slist *headers;
    struct buf body;
    bool is_too_long;
    http_done_fn *done;
    void *ctx;
    char error[CURL_ERROR_SIZE];
};

/* One of libcurl's sockets. */
struct http_socket {
    struct http *http;
    curl_socket_t fd;
    uv_poll_t poll;
};

static void drop_handle(struct http *h)
{
    if (--h->handles == 0) {
        curl_global_cleanup(); /* not before the last call's memory went */
        free(h);
    }
}

static void call_free(struct http_call *c)
{
    curl_easy_cleanup(c->easy);
    curl_slist_free_all(c->headers);
    buf_free(&c->body);
    free(c);
}

static void call_take(struct http_call *c)
{
    *c->link = c->next;
    if (c->next) {
        c->next->link = c->link;
    }
    curl_multi_remove_handle(c->http->multi, c->easy);
}

static int64_t retry_after_s(CURL *easy)
{
    curl_off_t seconds = 0;
    struct curl_header *header;
    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0) {
        return seconds;
    }
    if (curl_easy_header(easy, "X-Rate-Limit-Retry-After-Seconds", 0, CURLH_HEADER, -1, &header) ==
        CURLHE_OK) {
        char *end = NULL;
        const long long v = strtoll(header->value, &end, 10);
        return end != header->value && v >= 0 ? v : -1;
    }
    return -1;
}

static void call_end(struct http_call *c, CURLcode result)
{
    long status = 0;
    char *moved_to = NULL;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->easy, CURLINFO_REDIRECT_URL, &moved_to);
    struct http_answer a = {.status = (int)status,
                            .why = "",
                            .body = c->body.p ? (const char *)c->body.p : "",
                            .n = c->body.n,
                            .retry_after_s = retry_after_s(c->easy),
                            .moved_to = moved_to};
    if (result != CURLE_OK) {
        a.status = 0;
        a.n = 0;
        a.why = c->is_too_long        ? "its answer is longer than 64 MiB"
                : c->body.failed      ? "out of memory"
                : c->error[0] != '\0' ? c->error
                                      : curl_easy_strerror(result);
    }
    c->done(c->ctx, &a);
}

static void end_calls(struct http *h)
{
    int left;
    CURLMsg *m;
    while (!h->is_closed && (m = curl_multi_info_read(h->multi, &left)) != NULL) {
        struct http_call *c = NULL;
        const CURLcode result = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
        call_take(c); /* m is gone with it */
        call_end(c, result);
        call_free(c);
    }
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    const struct http_socket *s = poll->data;
    struct http *h = s->http;
    int running;
    const int flags = status < 0 ? CURL_CSELECT_ERR
                                 : (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                                       (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(h->multi, s->fd, flags, &running);
    end_calls(h);
}

static void on_poll_closed(uv_handle_t *handle)
{
    struct http_socket *s = handle->data;
    struct http *h = s->http;
    free(s);
    drop_handle(h);
}

static struct http_socket *socket_new(struct http *h, curl_socket_t fd)
{
    struct http_socket *s = calloc(1, sizeof *s);
    if (!s || uv_poll_init_socket(h->loop, &s->poll, fd) != 0) {
        free(s);
        return NULL;
    }
    s->http = h;
    s->fd = fd;
    s->poll.data = s;
    h->handles++;
    return s;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket)
{
    (void)easy;
    struct http *h = ctx;
    struct http_socket *s = socket;
    if (what == CURL_POLL_REMOVE) {
        if (s) {
            curl_multi_assign(h->multi, fd, NULL);
            uv_poll_stop(&s->poll);
            uv_close((uv_handle_t *)&s->poll, on_poll_closed);
        }
        return 0;
    }
    if (!s) {
        s = socket_new(h, fd);
        if (!s) {
            return -1;
        }
        curl_multi_assign(h->multi, fd, s);
    }
    uv_poll_start(&s->poll,
                  (what & CURL_POLL_IN ? UV_READABLE : 0) |
                      (what & CURL_POLL_OUT ? UV_WRITABLE : 0),
                  on_poll);
    return 0;
}

static void on_timer(uv_timer_t *timer)
{
    struct http *h = timer->data;
    int running;
    curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    end_calls(h);
}

static int on_curl_timer(CURLM *multi, long ms, void *ctx)
{
    (void)multi;
    struct http *h = ctx;
    if (h->is_closed) {
        return 0;
    }
    if (ms < 0) {
        uv_timer_stop(&h->timer);
    } else {
        uv_timer_start(&h->timer, on_timer, (uint64_t)ms, 0);
    }
    return 0;
}

struct http *http_new(uv_loop_t *loop)
{
    struct http *h = calloc(1, sizeof *h);
    if (!h || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(h);
        return NULL;
    }
    h->multi = curl_multi_init();
    if (!h->multi) {
        curl_global_cleanup();
        free(h);
        return NULL;
    }
    h->loop = loop;
    uv_timer_init(loop, &h->timer);
    h->timer.data = h;
    h->handles = 1;
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    return h;
}

static void on_timer_closed(uv_handle_t *handle)
{
    drop_handle(handle->data);
}

void http_free(struct http *h)
{
    h->is_closed = true;
    for (struct http_call *c = h->calls, *next; c; c = next) {
        next = c->next;
        call_take(c);
        call_free(c);
    }
    curl_multi_cleanup(h->multi); /* lets go of its sockets through on_socket */
    uv_close((uv_handle_t *)&h->timer, on_timer_closed);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct http_call *c = ctx;
    (void)size; /* always 1 */
    if (c->body.n + n > HTTP_ANSWER_MAX) {
        c->is_too_long = true;
        return 0;
    }
    buf_add(&c->body, bytes, n);
    return c->body.failed ? 0 : n;
}

static bool set_options(struct http_call *c, const struct http_request *r)
{
    CURL *e = c->easy;
    for (const char *const *header = r->headers; header && *header; header++) {
        struct curl_slist *longer = curl_slist_append(c->headers, *header);
        if (!longer) {
            return false;
        }
        c->headers = longer;
    }
    curl_easy_setopt(e, CURLOPT_PRIVATE, c);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(e, CURLOPT_USERAGENT, "masar");
    /* A redirection could take the key to another host. */
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    if (r->post) {
        curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, r->post);
    }
    return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_URL, r->url) == CURLE_OK;
}

enum err http_start(struct http *h, const struct http_request *r, http_done_fn *done, void *ctx)
{
    struct http_call *c = calloc(1, sizeof *c);
    if (!c) {
        return ERR_MEMORY;
    }
    c->http = h;
    c->done = done;
    c->ctx = ctx;
    c->easy = curl_easy_init();
    if (!c->easy || !set_options(c, r)) {
        call_free(c);
        return ERR_MEMORY;
    }
    c->next = h->calls;
    c->link = &h->calls;
    if (c->next) {
        c->next->link = &c->next;
    }
    h->calls = c;
    if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK) {
        call_take(c);
        call_free(c);
        return ERR_MEMORY;
    }
    return ERR_OK;
}
