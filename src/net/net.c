#include "net/internal.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const net_keys[] = {"file", "connect", "listen", "queue",
                                "idle", "stall",   "peers",  NULL};

void transport_hold(struct net_transport *t)
{
    t->references++;
}

void transport_drop(struct net_transport *t)
{
    if (--t->references > 0) {
        return;
    }
    t->kind->release(t);
    free(t->read_buffer);
    free(t);
}

void transport_state(struct net_transport *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(t->state, sizeof t->state, format, args);
    va_end(args);
}

void transport_done(struct net_transport *t, enum err e, const char *format, ...)
{
    if (t->done || t->closed) {
        return;
    }
    t->done = true;
    va_list args;
    va_start(args, format);
    vsnprintf(t->state, sizeof t->state, format, args);
    va_end(args);
    /* Copied, since the callee may close the transport. */
    char why[NET_STATE_MAX];
    memcpy(why, t->state, sizeof why);
    t->events.done(t->ctx, e, why);
}

void peer_open(struct net_peer *p, struct net_transport *t, void *self, const char *name)
{
    p->transport = t;
    p->self = self;
    snprintf(p->name, sizeof p->name, "%s", name);
    p->next = t->peers;
    p->link = &t->peers;
    if (p->next) {
        p->next->link = &p->next;
    }
    t->peers = p;
    t->n_peers++;
    p->is_open = true;
    p->state = t->events.open(t->ctx, p);
}

void peer_bytes(struct net_peer *p, const uint8_t *bytes, size_t n)
{
    struct net_transport *t = p->transport;
    if (!p->is_open) {
        return;
    }
    if (t->is_input) {
        count_add(t->counters, COUNT_BYTES_IN, n);
    }
    if (t->events.bytes) {
        t->events.bytes(p->state, bytes, n);
    }
}

void peer_close(struct net_peer *p)
{
    if (!p->is_open) {
        return;
    }
    p->is_open = false;
    *p->link = p->next;
    if (p->next) {
        p->next->link = p->link;
    }
    p->transport->n_peers--;
    p->transport->events.close(p->state);
}

/* A whole number in [lo, hi], as the value of a key; otherwise where the key is absent. */
static enum err number_key(const struct spec *s, const char *key, uint64_t otherwise, uint64_t lo,
                           uint64_t hi, uint64_t *out, char *why, size_t why_size)
{
    const char *text = spec_get(s, key, NULL);
    *out = otherwise;
    if (!text) {
        return ERR_OK;
    }
    char *end = NULL;
    errno = 0;
    const unsigned long long v = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno || v < lo || v > hi) {
        snprintf(why, why_size, "%s=%s is not a whole number from %llu to %llu", key, text,
                 (unsigned long long)lo, (unsigned long long)hi);
        return ERR_RANGE;
    }
    *out = v;
    return ERR_OK;
}

static enum err read_options(struct net_transport *t, const struct spec *s, char *why,
                             size_t why_size)
{
    uint64_t idle_s, stall_s, peers;
    enum err e = number_key(s, "queue", UINT64_C(4) << 20, 4096, UINT64_C(1) << 30,
                            &t->option.queue_bytes, why, why_size);
    e = e ? e : number_key(s, "idle", t->is_input ? 120 : 0, 0, 86400, &idle_s, why, why_size);
    e = e ? e : number_key(s, "stall", 60, 0, 86400, &stall_s, why, why_size);
    e = e ? e : number_key(s, "peers", 64, 1, 100000, &peers, why, why_size);
    if (e) {
        return e;
    }
    t->option.idle_ms = idle_s * 1000;
    t->option.stall_ms = stall_s * 1000;
    t->option.peers_max = (unsigned)peers;
    return ERR_OK;
}

static bool is_stream(const char *path)
{
    uv_file fd = 0;
    if (strcmp(path, "-") != 0) {
        uv_fs_t req;
        const int r = uv_fs_stat(NULL, &req, path, NULL);
        const uint64_t mode = req.statbuf.st_mode;
        uv_fs_req_cleanup(&req);
        return r == 0 && S_ISFIFO(mode);
    }
    const uv_handle_type type = uv_guess_handle(fd);
    return type == UV_NAMED_PIPE || type == UV_TTY || type == UV_TCP;
}

static const struct net_kind *choose_kind(const struct spec *s, bool is_input, char *why,
                                          size_t why_size)
{
    const char *const file = spec_get(s, "file", NULL);
    const char *const to = spec_get(s, "connect", NULL);
    const char *const at = spec_get(s, "listen", NULL);
    if (!!file + !!to + !!at != 1) {
        snprintf(why, why_size,
                 "'%s' needs %s file=PATH (- is standard %s), connect=HOST:PORT, "
                 "listen=[HOST]:PORT",
                 s->name, file || to || at ? "only one of" : "one of",
                 is_input ? "input" : "output");
        return NULL;
    }
    if (to) {
        return &net_connect;
    }
    if (at) {
        return &net_listen;
    }
    if (!is_input) {
        return &net_file_out;
    }
    return is_stream(file) ? &net_stream_in : &net_file_in;
}

/* A peer that has gone must not end the program. Left alone where somebody handles it. */
static void ignore_sigpipe(void)
{
    struct sigaction now;
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        now.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &now, NULL);
    }
}

enum err net_open(uv_loop_t *loop, const struct spec *s, bool is_input,
                  const struct net_events *events, void *ctx, struct counters *counters,
                  struct net_transport **out, char *why, size_t why_size)
{
    const struct net_kind *kind = choose_kind(s, is_input, why, why_size);
    if (!kind) {
        return ERR_SYNTAX;
    }
    struct net_transport *t = calloc(1, sizeof *t);
    uint8_t *read_buffer = malloc(NET_READ_BYTES);
    if (!t || !read_buffer) {
        free(t);
        free(read_buffer);
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    *t = (struct net_transport){.kind = kind,
                                .loop = loop,
                                .events = *events,
                                .ctx = ctx,
                                .counters = counters,
                                .is_input = is_input,
                                .references = 1,
                                .read_buffer = read_buffer};
    ignore_sigpipe();
    enum err e = read_options(t, s, why, why_size);
    e = e ? e : kind->open(t, s, why, why_size);
    if (e) {
        /* Nothing of a transport that never opened may call anybody. */
        t->closed = true;
        transport_drop(t);
        return e;
    }
    *out = t;
    return ERR_OK;
}

void net_pause(struct net_transport *t, bool paused)
{
    if (t->paused != paused && !t->closed) {
        t->paused = paused;
        t->kind->pause(t, paused);
    }
}

bool net_write(struct net_peer *p, const void *bytes, size_t n)
{
    if (n == 0) {
        return true;
    }
    if (p->is_open && p->transport->kind->write && p->transport->kind->write(p, bytes, n)) {
        return true;
    }
    count_add(p->transport->counters, COUNT_SINK_DROPPED_BYTES, n);
    return false;
}

size_t net_waiting(const struct net_peer *p)
{
    const struct net_kind *kind = p->transport->kind;
    return kind->waiting ? kind->waiting(p) : 0;
}

const char *net_peer_name(const struct net_peer *p)
{
    return p->name;
}

const char *net_state(const struct net_transport *t)
{
    return t->state;
}

enum err net_finish(struct net_transport *t)
{
    return t->kind->finish && !t->closed ? t->kind->finish(t) : ERR_OK;
}

void net_close(struct net_transport *t)
{
    if (t->closed) {
        return;
    }
    t->closed = true;
    t->kind->close(t);
    transport_drop(t);
}
