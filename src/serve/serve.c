#include "serve/serve.h"

#include "serve/internal.h"
#include "serve/past.h"
#include "serve/query.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER_BYTES_MAX = 8192,
    REQUEST_S = 10,
    IDLE_S = 30,
    /* The library makes its table of connections by the system's limit, which may be a million. */
    FDS = LIMIT_CONNECTIONS + 64
};

int64_t serve_now_us(const struct serve *s)
{
    return s->o.now_us(s->o.ctx);
}

int64_t serve_clock_ms(const struct serve *s)
{
    return (int64_t)uv_now(s->o.loop);
}

bool serve_simulated(const struct serve *s)
{
    const struct receivers *r = s->o.receivers;
    for (size_t i = 1; i < r->n; i++) {
        if (r->row[i].simulated) {
            return true;
        }
    }
    return false;
}

const char *serve_sources(const struct serve *s)
{
    const char *text = s->o.sources ? s->o.sources(s->o.ctx) : NULL;
    return text ? text : "[]";
}

/* Why a port cannot be listened on: asks the system once more, for the library does not say. */
static void say_why(const struct serve_options *o, char *why, size_t why_size)
{
    char port[16];
    snprintf(port, sizeof port, "%d", o->port);
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST};
    struct addrinfo *a = NULL;
    if (getaddrinfo(o->host, port, &hints, &a) != 0) {
        snprintf(why, why_size,
                 "--http: '%s' is not an address of this machine; 127.0.0.1 is itself, 0.0.0.0 all "
                 "of them",
                 o->host);
        return;
    }
    const int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const int error =
        fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 1) == 0 ? 0 : errno;
    if (fd >= 0) {
        close(fd);
    }
    freeaddrinfo(a);
    if (error == EADDRINUSE) {
        snprintf(why, why_size,
                 "--http: port %d on %s is in use; another port, as --http %s:%d, would do",
                 o->port, o->host, o->host, o->port < 65535 ? o->port + 1 : o->port - 1);
    } else {
        snprintf(why, why_size, "--http: cannot listen on %s port %d: %s", o->host, o->port,
                 strerror(error ? error : EIO));
    }
}

static bool is_any(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0 || host[0] == '\0';
}

static bool listen_now(struct serve *s)
{
    static const struct lws_protocols protocols[] = {
        {"masar", http_callback, HTTP_SESSION_BYTES, 4096, 0, NULL, 0},
        {NULL, NULL, 0, 0, 0, NULL, 0},
    };
    lws_set_log_level(0, NULL);
    void *loops[] = {s->o.loop};
    struct lws_context_creation_info info = {
        .port = s->o.port,
        .iface = is_any(s->o.host) ? NULL : s->o.host,
        .protocols = protocols,
        .user = s,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .foreign_loops = loops,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN |
                   (strchr(s->o.host, ':') ? 0 : LWS_SERVER_OPTION_DISABLE_IPV6),
        .server_string = "masar",
        .max_http_header_data2 = HEADER_BYTES_MAX,
        .fd_limit_per_thread = FDS,
        .timeout_secs = REQUEST_S,
        .keepalive_timeout = IDLE_S,
        .pt_serv_buf_size = 16384,
    };
    s->context = lws_create_context(&info);
    s->vhost = s->context ? lws_create_vhost(s->context, &info) : NULL;
    return s->vhost;
}

static void on_answers(void *ctx)
{
    serve_ready(ctx);
}

enum err serve_open(const struct serve_options *o, struct serve **out, char *why, size_t why_size)
{
    struct serve *s = calloc(1, sizeof *s);
    uv_timer_t *closing = malloc(sizeof *closing);
    if (!s || !closing) {
        free(s);
        free(closing);
        return ERR_MEMORY;
    }
    s->o = *o;
    uv_timer_init(o->loop, closing);
    closing->data = s;
    s->closing = closing;
    s->tar1090 = (struct sheet){.s = s, .kind = &tar1090_sheet};
    s->aircraft = (struct sheet){.s = s, .kind = &api_sheet};
    s->counting = (struct counting){.s = s};
    s->loopback = query_is_loopback(o->host);
    s->started_ms = serve_clock_ms(s);
    enum err e = o->token_file ? token_open(o->token_file, s->token, why, why_size) : ERR_OK;
    if (!e && o->web_dir) {
        char assets[4096];
        struct stat st;
        snprintf(assets, sizeof assets, "%s/assets", o->web_dir);
        s->strict = stat(assets, &st) == 0;
    }
    if (!e && (!pause_open(&s->pause, o->loop) || !jobs_open(&s->jobs, o->loop))) {
        e = ERR_MEMORY;
    }
    if (!e) {
        s->live = live_new(s);
        e = s->live ? ERR_OK : ERR_MEMORY;
    }
    if (!e && o->store_dir) {
        s->readers = readers_open(o->loop, o->store_dir, on_answers, s);
        s->shelf = shelf_new(PAST_SHELF_BYTES);
        e = s->readers && s->shelf ? ERR_OK : ERR_MEMORY;
    }
    if (!e && !listen_now(s)) {
        say_why(o, why, why_size);
        e = ERR_SYSTEM;
    }
    if (e) {
        serve_close(s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

int serve_port(const struct serve *s)
{
    return lws_get_vhost_listen_port(s->vhost);
}

static void free_timer(uv_handle_t *timer)
{
    free(timer);
}

/* The last: nothing of the library calls us any more. */
static void end(struct serve *s)
{
    if (s->live) {
        live_free(s->live);
    }
    sheet_free(&s->tar1090);
    sheet_free(&s->aircraft);
    notes_free(&s->notes);
    asked_free(&s->asked);
    shelf_free(s->shelf);
    if (s->closing) {
        uv_close((uv_handle_t *)s->closing, free_timer);
    }
    free(s);
}

struct search {
    const void *data;
    bool found;
};

static void look_at(uv_handle_t *handle, void *arg)
{
    struct search *search = arg;
    search->found = search->found || handle->data == search->data;
}

/* The library closes its connections over the next turns of the loop, then its own timer and idle
   handle, whose data is the context; only when these are gone may it be destroyed for good, and it
   does not say when that is. */
static void try_to_end(uv_timer_t *timer)
{
    struct serve *s = timer->data;
    struct search search = {s->context, false};
    uv_walk(s->o.loop, look_at, &search);
    if (!search.found && s->reading == 0) {
        lws_context_destroy(s->context);
        end(s);
    }
}

void serve_close(struct serve *s)
{
    if (s->live) {
        live_stop(s->live);
    }
    jobs_close(&s->jobs);
    pause_close(&s->pause);
    readers_close(s->readers);
    if (!s->context) {
        end(s);
        return;
    }
    lws_context_destroy(s->context);
    uv_timer_start(s->closing, try_to_end, 1, 1);
}
