/* Between the library and the routes: requests read, answers written, limits kept. */
#include "serve/internal.h"
#include "serve/query.h"
#include "serve/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEADER_BYTES = 4096,
    CHUNK = 64 * 1024,
    PATH_MAX_BYTES = 1024,
    ARGS_MAX_BYTES = 4096, /* an area has many corners */
    BODY_MS = 10000,
    LARGE_BYTES_MAX = 64 * 1024, /* of a body, where lists of flights and drawn areas are posted */
    READER_S = 30                /* a client that takes nothing for so long is dropped */
};

/* What a connection is at. Zeroed by the library when it is made. */
struct session {
    struct client *client; /* a WebSocket's */
    struct body *body;     /* being sent */
    struct file file;      /* or this */
    struct ask *ask;       /* a question to history */
    bool streams;          /* its answer is being sent, */
    bool chunked;          /* in chunks, for nobody knows how long it gets */
    size_t sent;
    bool posting, head, gzip, br;
    struct session *next, **link; /* among those that wait; link NULL: it does not */
    struct lws *wsi;
    int64_t asked_ms;
    bool close_after; /* the answer is the connection's last */
    int64_t posting_since_ms;
    size_t n;
    char path[PATH_MAX_BYTES], args[ARGS_MAX_BYTES];
    char authorization[TOKEN_MAX + 16], content_type[64];
    uint8_t bytes[REPORT_BYTES_MAX], *large; /* a body; large: one that is larger */
    size_t room;
};
_Static_assert(sizeof(struct session) <= HTTP_SESSION_BYTES, "session is larger than it says");

/* Headers of one request, copied out: the library keeps them only until the answer begins. */
struct headers {
    char host[256], authorization[TOKEN_MAX + 16], content_type[64], if_none_match[256],
        accept[256], length[32], origin[300], peer[LIMIT_ADDRESS_MAX];
};

static struct serve *server(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static void copy_header(struct lws *wsi, enum lws_token_indexes which, char *out, size_t size)
{
    if (lws_hdr_copy(wsi, out, (int)size, which) < 0) { /* absent, or longer than any we read */
        out[0] = '\0';
    }
}

static void read_headers(struct lws *wsi, struct headers *h)
{
    copy_header(wsi, WSI_TOKEN_HOST, h->host, sizeof h->host);
    copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, h->authorization, sizeof h->authorization);
    copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, h->content_type, sizeof h->content_type);
    copy_header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, h->if_none_match, sizeof h->if_none_match);
    copy_header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, h->accept, sizeof h->accept);
    copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, h->length, sizeof h->length);
    copy_header(wsi, WSI_TOKEN_ORIGIN, h->origin, sizeof h->origin);
    h->peer[0] = '\0';
    lws_get_peer_simple(wsi, h->peer, sizeof h->peer);
}

/* ------------------------------------------------------------------ answering */

struct head {
    struct lws *wsi;
    uint8_t *p, *end;
    bool failed;
};

static void add(struct head *h, const char *name, const char *value)
{
    h->failed = h->failed ||
                lws_add_http_header_by_name(h->wsi, (const uint8_t *)name, (const uint8_t *)value,
                                            (int)strlen(value), &h->p, h->end);
}

/* Our page asks nobody but this server; the map's workers come as blobs, its pictures as data. A
   foreign page (tar1090) has scripts within its text and tiles from elsewhere. */
static void add_policy(struct head *h, const struct serve *s, const char *host)
{
    char policy[640];
    const bool named = query_host_is_plain(host);
    snprintf(policy, sizeof policy,
             "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; "
             "style-src 'self' 'unsafe-inline'; connect-src 'self' %s%s; object-src 'none'; "
             "base-uri 'self'; frame-ancestors 'self'",
             named ? "ws://" : "", named ? host : "");
    add(h, "content-security-policy:",
        s->strict ? policy : "object-src 'none'; frame-ancestors 'self'");
    add(h, "referrer-policy:", "no-referrer");
}

static void wait_for_it(struct serve *s, struct session *session)
{
    if (!session->link) {
        session->next = s->waiting;
        session->link = &s->waiting;
        if (session->next) {
            session->next->link = &session->next;
        }
        s->waiting = session;
    }
}

static void wait_no_more(struct session *session)
{
    if (session->link) {
        *session->link = session->next;
        if (session->next) {
            session->next->link = session->link;
        }
        session->link = NULL;
    }
}

void serve_ready(struct serve *s)
{
    for (struct session *i = s->waiting; i; i = i->next) {
        lws_callback_on_writable(i->wsi);
    }
}

static void end_sending(struct session *session)
{
    wait_no_more(session);
    body_drop(session->body);
    session->body = NULL;
    free(session->large);
    session->large = NULL;
    if (session->ask) {
        ask_drop(session->ask);
        session->ask = NULL;
    }
    session->streams = false;
    if (session->file.open) {
        close(session->file.fd);
        session->file.open = false;
    }
}

static int finish(struct lws *wsi)
{
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* Sends the head, and arranges for the body; takes the answer's hold of it. */
static int respond(struct lws *wsi, struct session *session, const struct headers *headers,
                   struct answer *a, bool close_after)
{
    uint8_t room[LWS_PRE + HEADER_BYTES];
    struct serve *s = server(wsi);
    struct head h = {.wsi = wsi, .p = room + LWS_PRE, .end = room + sizeof room - 1};
    uint8_t *const start = h.p;
    const bool chunked = a->streams && !a->whole;
    const size_t n = a->body ? a->body->n : a->streams ? a->length : a->file.n;
    /* Without a length the library closes after the answer. */
    h.failed =
        lws_add_http_common_headers(wsi, (unsigned)a->status, a->status == 304 ? NULL : a->type,
                                    chunked ? LWS_ILLEGAL_HTTP_CONTENT_LEN : n, &h.p, h.end);
    if (chunked) {
        add(&h, "transfer-encoding:", "chunked");
    }
    add(&h, "cache-control:", a->cache ? a->cache : "no-store");
    add(&h, "x-content-type-options:", "nosniff");
    if (a->encoding) {
        add(&h, "content-encoding:", a->encoding);
    }
    if (a->page || a->encoding) {
        add(&h, "vary:", "accept-encoding");
    }
    if (a->etag[0]) {
        add(&h, "etag:", a->etag);
    }
    if (a->page) {
        add_policy(&h, s, headers->host);
    }
    if (a->name) {
        add(&h, a->name, a->value);
    }
    if (close_after) {
        add(&h, "connection:", "close");
    }
    session->body = a->body;
    session->file = a->file;
    session->streams = a->streams;
    session->chunked = chunked;
    session->sent = 0;
    if (h.failed || lws_finalize_write_http_header(wsi, start, &h.p, h.end)) {
        return -1;
    }
    count(s->o.counters, COUNT_HTTP_REQUESTS);
    if (session->head || (n == 0 && !chunked)) {
        end_sending(session);
        return close_after ? -1 : finish(wsi);
    }
    session->close_after = close_after;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, READER_S);
    lws_callback_on_writable(wsi);
    return 0;
}

/* The next piece: borrowed from the body, or read from the file into room of CHUNK bytes. NULL: the
   file has become shorter or cannot be read. */
static uint8_t *next_piece(struct session *session, uint8_t *room, size_t *n, bool *last)
{
    const size_t whole = session->body ? session->body->n : session->file.n;
    const size_t left = whole - session->sent;
    *last = left <= CHUNK;
    *n = *last ? left : CHUNK;
    if (session->body) {
        return session->body->bytes + session->sent;
    }
    return pread(session->file.fd, room, *n, (off_t)session->sent) == (ssize_t)*n ? room : NULL;
}

static int answer(struct lws *wsi, struct session *session, const struct headers *h, bool post);

/* What of a question's answer is ready. A chunk's length stands before it, in four digits. */
static int send_answer(struct lws *wsi, struct session *session)
{
    enum { HEAD = 6, TAIL = 7 };
    static const uint8_t line_end[] = {'\r', '\n'}, last_chunk[] = {'0', '\r', '\n', '\r', '\n'};
    uint8_t room[LWS_PRE + HEAD + CHUNK + TAIL], *start = room + LWS_PRE + HEAD;
    wait_no_more(session);
    const struct ask_state before = ask_state(session->ask);
    size_t n = ask_take(session->ask, start, CHUNK - 1);
    const struct ask_state state = ask_state(session->ask);
    const bool last = before.done && state.ready == 0;
    if (state.failed) {
        return -1; /* the client sees that the end is missing */
    }
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, READER_S);
    if (n == 0 && !last) {
        wait_for_it(server(wsi), session);
        return 0;
    }
    if (session->chunked) {
        char head[HEAD + 1];
        if (n > 0) {
            snprintf(head, sizeof head, "%04x\r\n", (unsigned)(n & 0xffff));
            start -= HEAD;
            memcpy(start, head, HEAD);
            memcpy(start + HEAD + n, line_end, sizeof line_end);
            n += HEAD + 2;
        }
        if (last) {
            memcpy(start + n, last_chunk, sizeof last_chunk);
            n += sizeof last_chunk;
        }
    }
    if (lws_write(wsi, start, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n) {
        return -1;
    }
    if (!last) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    end_sending(session);
    return session->close_after ? -1 : finish(wsi);
}

static int send_more(struct lws *wsi, struct session *session)
{
    if (session->streams) {
        return send_answer(wsi, session);
    }
    if (session->link) {
        static const struct headers none;
        return answer(wsi, session, &none, false);
    }
    uint8_t room[LWS_PRE + CHUNK];
    size_t n = 0;
    bool last = false;
    if (!session->body && !session->file.open) {
        return 0;
    }
    uint8_t *piece = next_piece(session, room + LWS_PRE, &n, &last);
    if (!piece || lws_write(wsi, piece, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n) {
        return -1;
    }
    session->sent += n;
    if (!last) {
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, READER_S);
        lws_callback_on_writable(wsi);
        return 0;
    }
    end_sending(session);
    return session->close_after ? -1 : finish(wsi);
}

static int refuse(struct lws *wsi, struct session *session, const struct headers *h, int status,
                  const char *why)
{
    struct answer a = {0};
    answer_error(server(wsi), &a, status, "%s", why);
    return respond(wsi, session, h, &a, true);
}

static int answer(struct lws *wsi, struct session *session, const struct headers *h, bool post)
{
    struct answer a = {0};
    struct request q = {
        .path = session->path,
        .args = session->args,
        .rest = "",
        .host = h->host,
        .authorization = post ? session->authorization : h->authorization,
        .content_type = post ? session->content_type : h->content_type,
        .if_none_match = h->if_none_match,
        .peer = h->peer,
        .bytes = session->large ? session->large : session->bytes,
        .n = session->n,
        .gzip = session->gzip,
        .br = session->br,
        .asked_ms = session->asked_ms,
        .again = session->link,
        .ask = &session->ask,
    };
    route(server(wsi), post, &q, &a);
    if (a.later) {
        wait_for_it(server(wsi), session);
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, READER_S);
        return 0;
    }
    wait_no_more(session);
    if (session->ask && !a.streams) { /* it came to nothing */
        ask_drop(session->ask);
        session->ask = NULL;
    }
    return respond(wsi, session, h, &a, false);
}

/* ------------------------------------------------------------------ asking */

/* Whether this Host may be answered: a page elsewhere whose name was made to lead to this machine
   would send its own name. NULL, or the sentence of refusal. */
static const char *host_refused(const struct serve *s, const char *host)
{
    if (!query_host_is_plain(host)) {
        return "the request has no proper Host";
    }
    if (s->loopback && !query_host_is_loopback(host)) {
        return "this server answers on this machine only; ask for it as localhost";
    }
    return NULL;
}

static bool takes_large(const char *path)
{
    return strncmp(path, "/api/v1/watches", 15) == 0 || strcmp(path, "/api/v1/expected") == 0;
}

static int begin_post(struct lws *wsi, struct session *session, const struct headers *h)
{
    const int64_t length = query_length(h->length);
    if (length < 0) {
        return refuse(wsi, session, h, 411, "a POST says its Content-Length");
    }
    if (length > (takes_large(session->path) ? (int64_t)LARGE_BYTES_MAX : REPORT_BYTES_MAX)) {
        return refuse(wsi, session, h, 413,
                      takes_large(session->path) ? "a body may have 65,536 bytes at most here"
                                                 : "a body may have 4,096 bytes at most");
    }
    session->room = length > REPORT_BYTES_MAX ? (size_t)length : REPORT_BYTES_MAX;
    session->large = length > REPORT_BYTES_MAX ? malloc(session->room) : NULL;
    if (length > REPORT_BYTES_MAX && !session->large) {
        return refuse(wsi, session, h, 503, "out of memory");
    }
    memcpy(session->authorization, h->authorization, sizeof session->authorization);
    memcpy(session->content_type, h->content_type, sizeof session->content_type);
    session->posting = true;
    session->posting_since_ms = serve_clock_ms(server(wsi));
    session->n = 0;
    return length > 0 ? 0 : answer(wsi, session, h, true);
}

/* The library gives what follows '?' in pieces, one for each "a=1". False: longer than size. */
static bool copy_args(struct lws *wsi, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0;; i++) {
        const int length = lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (length <= 0) {
            return true;
        }
        if (n + (size_t)length + 2 > size ||
            lws_hdr_copy_fragment(wsi, out + n + (i > 0), (int)(size - n) - 1,
                                  WSI_TOKEN_HTTP_URI_ARGS, i) < 0) {
            return false;
        }
        out[n] = i > 0 ? '&' : out[n];
        n += (size_t)length + (i > 0);
    }
}

static int begin(struct lws *wsi, struct session *session, const char *path)
{
    struct headers h;
    read_headers(wsi, &h);
    end_sending(session);
    *session = (struct session){0};
    session->wsi = wsi;
    session->asked_ms = serve_clock_ms(server(wsi));
    session->gzip = query_accepts(h.accept, "gzip");
    session->br = query_accepts(h.accept, "br");
    session->head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    const bool post = lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0;
    const bool get = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0;
    const char *why = host_refused(server(wsi), h.host);
    if (why) {
        return refuse(wsi, session, &h, h.host[0] ? 403 : 400, why);
    }
    const size_t length = strlen(path);
    if (length >= sizeof session->path) {
        return refuse(wsi, session, &h, 414, "the path is too long");
    }
    memcpy(session->path, path, length + 1);
    if (!copy_args(wsi, session->args, sizeof session->args)) {
        return refuse(wsi, session, &h, 414, "what follows the '?' is too long");
    }
    if (post) {
        return begin_post(wsi, session, &h);
    }
    if (!get && !session->head) {
        return refuse(wsi, session, &h, 405, "this server takes GET, HEAD and POST");
    }
    if (query_length(h.length) > 0) {
        return refuse(wsi, session, &h, 400, "a GET has no body");
    }
    return answer(wsi, session, &h, false);
}

static int take_body(struct lws *wsi, struct session *session, const void *in, size_t n)
{
    if (session->body) {
        return 0; /* refused already; what still comes is not read */
    }
    const bool late = serve_clock_ms(server(wsi)) - session->posting_since_ms > BODY_MS;
    if (late || n > session->room - session->n) {
        count(server(wsi)->o.counters, COUNT_HTTP_REFUSED);
        return -1;
    }
    memcpy((session->large ? session->large : session->bytes) + session->n, in, n);
    session->n += n;
    return 0;
}

static int end_post(struct lws *wsi, struct session *session)
{
    if (!session->posting || session->body) {
        return 0;
    }
    struct headers h = {0};
    lws_get_peer_simple(wsi, h.peer, sizeof h.peer);
    session->posting = false;
    return answer(wsi, session, &h, true);
}

/* ------------------------------------------------------------------ upgrading */

/* A page may only open a socket to the server it came from: browsers let any page connect
   anywhere. */
static int confirm_upgrade(struct lws *wsi, struct session *session)
{
    struct headers h;
    char path[PATH_MAX_BYTES];
    read_headers(wsi, &h);
    copy_header(wsi, WSI_TOKEN_GET_URI, path, sizeof path);
    const char *why = host_refused(server(wsi), h.host);
    int status = 403;
    if (!why && strcmp(path, "/ws") != 0) {
        why = "the live picture is at /ws";
        status = 404;
    }
    if (!why && h.origin[0] && !query_same_origin(h.origin, h.host)) {
        why = "a page of another origin may not read the live picture";
    }
    if (!why) {
        return 0;
    }
    struct session refused = {0};
    struct answer a = {0};
    session = session ? session : &refused;
    answer_error(server(wsi), &a, status, "%s", why);
    session->head = true; /* the head alone: nothing is left to send when this returns */
    respond(wsi, session, &h, &a, true);
    return -1;
}

/* ------------------------------------------------------------------ the library's calls */

static int admit(struct lws *wsi, const struct lws_filter_network_conn_args *args)
{
    struct serve *s = server(wsi);
    (void)args;
    if (limit_connections(&s->limits) < LIMIT_CONNECTIONS) {
        count(s->o.counters, COUNT_CONNECTIONS_IN);
        return 0;
    }
    count(s->o.counters, COUNT_CONNECTIONS_REFUSED);
    return -1;
}

static void register_connection(struct lws *wsi)
{
    struct serve *s = server(wsi);
    char peer[LIMIT_ADDRESS_MAX] = "";
    lws_get_peer_simple(wsi, peer, sizeof peer);
    struct limit_connection *c = limit_open(&s->limits, peer);
    lws_set_opaque_user_data(wsi, c);
    if (!c) {
        count(s->o.counters, COUNT_CONNECTIONS_REFUSED);
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
}

static void unregister_connection(struct lws *wsi)
{
    struct limit_connection *c = lws_get_opaque_user_data(wsi);
    if (c) {
        limit_close(c);
        lws_set_opaque_user_data(wsi, NULL);
    }
}

int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    struct session *session = user;
    switch ((int)reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        return admit(wsi, user);
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        register_connection(wsi);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        unregister_connection(wsi);
        return 0;
    case LWS_CALLBACK_HTTP:
        return begin(wsi, session, in);
    case LWS_CALLBACK_HTTP_BODY:
        return take_body(wsi, session, in, n);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return end_post(wsi, session);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return send_more(wsi, session);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (session) {
            end_sending(session);
        }
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return confirm_upgrade(wsi, session);
    case LWS_CALLBACK_ESTABLISHED:
        *session = (struct session){0};
        if (server(wsi)->o.published_only) {
            return -1;
        }
        session->client = live_join(server(wsi)->live, wsi);
        return session->client ? 0 : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return live_write(server(wsi)->live, session->client);
    case LWS_CALLBACK_RECEIVE:
        return live_read(server(wsi)->live, session->client, in, n,
                         lws_is_first_fragment(wsi) && lws_is_final_fragment(wsi) &&
                             lws_remaining_packet_payload(wsi) == 0);
    case LWS_CALLBACK_CLOSED:
        if (session && session->client) {
            live_leave(server(wsi)->live, session->client);
            session->client = NULL;
        }
        return 0;
    default:
        return 0;
    }
}
