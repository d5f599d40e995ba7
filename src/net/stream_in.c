/* A pipe, a FIFO, a terminal or a socket handed down as standard input: bytes that come when they
   come. */
#include "net/internal.h"
#include "net/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stream_in {
    struct net_transport *transport;
    struct net_peer peer;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tty_t tty;
        uv_tcp_t tcp;
    };
    int flags_before; /* of standard input's file, which others may share; -1: not ours to restore
                       */
    bool is_closing;
    bool had_all; /* the last read filled the buffer */
    uv_timer_t start;
    struct unpack *unpack;
};

static void on_closed(uv_handle_t *h)
{
    struct stream_in *f = h->data;
    transport_drop(f->transport);
}

static void close_stream(struct stream_in *f)
{
    if (f->is_closing) {
        return;
    }
    f->is_closing = true;
    if (f->flags_before >= 0) {
        (void)fcntl(0, F_SETFL, f->flags_before);
    }
    uv_close((uv_handle_t *)&f->start, on_closed);
    if (f->handle.type == UV_UNKNOWN_HANDLE) { /* it never was */
        transport_drop(f->transport);
    } else {
        uv_close(&f->handle, on_closed);
    }
}

/* No buffer ends the stream's turn, as in tcp.c. */
static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct stream_in *f = h->data;
    *buf = uv_buf_init((char *)f->transport->read_buffer, f->had_all ? 0 : NET_STREAM_BYTES);
    f->had_all = false;
}

static enum err hand_on(struct stream_in *f, const uint8_t *p, size_t n)
{
    size_t out_n;
    do {
        const uint8_t *out = NULL;
        const enum err e = unpack_step(f->unpack, &p, &n, &out, &out_n);
        if (out_n > 0) {
            peer_bytes(&f->peer, out, out_n);
        }
        if (e) {
            return e;
        }
    } while ((n > 0 || out_n > 0) && !f->transport->closed);
    return ERR_OK;
}

static void finish(struct stream_in *f, enum err e)
{
    struct net_transport *t = f->transport;
    if (!e) {
        const uint8_t *out = NULL;
        size_t out_n = 0;
        e = unpack_end(f->unpack, &out, &out_n);
        if (out_n > 0) {
            peer_bytes(&f->peer, out, out_n);
        }
    }
    uv_read_stop(&f->stream);
    peer_close(&f->peer);
    if (e) {
        transport_done(t, e, "%s %s", t->name, unpack_why(f->unpack, e));
    } else {
        transport_done(t, ERR_OK, "%s: read to its end", t->name);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct stream_in *f = stream->data;
    struct net_transport *t = f->transport;
    if (t->closed || n == 0 || n == UV_ENOBUFS) {
        return;
    }
    f->had_all = n == NET_STREAM_BYTES;
    if (n > 0) {
        const enum err e = hand_on(f, (const uint8_t *)buf->base, (size_t)n);
        if (e) {
            finish(f, e);
        }
    } else if (n == UV_EOF || n == UV_EIO) {
        finish(f, ERR_OK); /* EIO: a terminal that has gone */
    } else {
        uv_read_stop(stream);
        peer_close(&f->peer);
        transport_done(t, ERR_SYSTEM, "cannot read %s: %s", t->name, uv_strerror((int)n));
    }
}

static void on_start(uv_timer_t *timer)
{
    struct stream_in *f = timer->data;
    peer_open(&f->peer, f->transport, f, f->transport->name);
    if (!f->transport->paused && !f->transport->closed) {
        uv_read_start(&f->stream, on_alloc, on_read);
    }
}

static int init_stream(struct stream_in *f, uv_file fd)
{
    uv_loop_t *loop = f->transport->loop;
    int r;
    switch (fd == 0 ? uv_guess_handle(fd) : UV_NAMED_PIPE) {
    case UV_TTY:
        return uv_tty_init(loop, &f->tty, fd, 0);
    case UV_TCP:
        r = uv_tcp_init(loop, &f->tcp);
        return r ? r : uv_tcp_open(&f->tcp, fd);
    default:
        r = uv_pipe_init(loop, &f->pipe, 0);
        return r ? r : uv_pipe_open(&f->pipe, fd);
    }
}

static enum err stream_in_open(struct net_transport *t, const struct spec *s, char *why,
                               size_t why_size)
{
    const char *path = spec_get(s, "file", "");
    const bool is_standard = strcmp(path, "-") == 0;
    /* Not blocking, since opening a FIFO would wait for its writer. */
    const uv_file fd = is_standard ? 0 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        snprintf(why, why_size, "cannot read file=%s: %s", path,
                 uv_strerror(uv_translate_sys_error(errno)));
        return ERR_SYSTEM;
    }
    struct stream_in *f = calloc(1, sizeof *f);
    struct unpack *u = f ? unpack_new(packing_of_name(path)) : NULL;
    if (!u) {
        free(f);
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    f->transport = t;
    f->unpack = u;
    t->self = f;
    f->flags_before = is_standard ? fcntl(0, F_GETFL) : -1;
    snprintf(t->name, sizeof t->name, "%s", is_standard ? "standard input" : path);
    uv_timer_init(t->loop, &f->start);
    const int r = init_stream(f, fd);
    f->handle.data = f->start.data = f;
    transport_hold(t);
    transport_hold(t);
    if (r < 0) {
        snprintf(why, why_size, "cannot read %s: %s", t->name, uv_strerror(r));
        close_stream(f);
        return ERR_SYSTEM;
    }
    transport_state(t, "reading %s", t->name);
    uv_timer_start(&f->start, on_start, 0, 0);
    return ERR_OK;
}

static void stream_in_pause(struct net_transport *t, bool paused)
{
    struct stream_in *f = t->self;
    if (!f->peer.is_open) {
        return;
    }
    if (paused) {
        uv_read_stop(&f->stream);
    } else {
        uv_read_start(&f->stream, on_alloc, on_read);
    }
}

static void stream_in_close(struct net_transport *t)
{
    struct stream_in *f = t->self;
    peer_close(&f->peer);
    close_stream(f);
}

static void stream_in_release(struct net_transport *t)
{
    struct stream_in *f = t->self;
    if (f) {
        unpack_free(f->unpack);
        free(f);
    }
}

const struct net_kind net_stream_in = {.open = stream_in_open,
                                       .pause = stream_in_pause,
                                       .close = stream_in_close,
                                       .release = stream_in_release};
