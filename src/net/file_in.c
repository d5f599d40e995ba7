/* A regular file, read in chunks by libuv's pool and unpacked on the loop.

   start → reading ⇄ handing on (pump) → end. Between chunks, and after HAND_ON_BYTES of unpacked
   bytes, the loop gets its turn: a file never starves the sockets. */
#include "net/internal.h"
#include "net/unpack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HAND_ON_BYTES = 128 * 1024 };

struct file_in {
    struct net_transport *transport;
    struct net_peer peer;
    uv_idle_t again; /* runs pump at the loop's next turn */
    uv_fs_t read;
    uv_file fd;
    bool is_reading, started, at_end;
    struct unpack *unpack;
    const uint8_t *in; /* what of the chunk is still to be unpacked */
    size_t in_n;
    bool more; /* the last step gave bytes: there may be more without input */
};

static void pump(struct file_in *f);

static void on_again(uv_idle_t *idle)
{
    struct file_in *f = idle->data;
    uv_idle_stop(idle);
    if (!f->started) {
        f->started = true;
        peer_open(&f->peer, f->transport, f, f->transport->name);
    }
    pump(f);
}

static void on_read(uv_fs_t *req)
{
    struct file_in *f = req->data;
    struct net_transport *t = f->transport;
    const ssize_t n = req->result;
    uv_fs_req_cleanup(req);
    f->is_reading = false;
    if (n < 0 && !t->closed) {
        peer_close(&f->peer);
        transport_done(t, ERR_SYSTEM, "cannot read %s: %s", t->name, uv_strerror((int)n));
    } else if (!t->closed) {
        f->at_end = n == 0;
        f->in = t->read_buffer;
        f->in_n = (size_t)n;
        pump(f);
    }
    transport_drop(t);
}

static void read_more(struct file_in *f)
{
    struct net_transport *t = f->transport;
    uv_buf_t to = uv_buf_init((char *)t->read_buffer, NET_READ_BYTES);
    f->read.data = f;
    const int r = uv_fs_read(t->loop, &f->read, f->fd, &to, 1, -1, on_read);
    if (r < 0) {
        peer_close(&f->peer);
        transport_done(t, ERR_SYSTEM, "cannot read %s: %s", t->name, uv_strerror(r));
        return;
    }
    f->is_reading = true;
    transport_hold(t);
}

static void finish(struct file_in *f, enum err e)
{
    struct net_transport *t = f->transport;
    const uint8_t *out = NULL;
    size_t out_n = 0;
    if (!e) {
        e = unpack_end(f->unpack, &out, &out_n);
    }
    if (out_n > 0) {
        peer_bytes(&f->peer, out, out_n);
    }
    peer_close(&f->peer);
    if (e) {
        transport_done(t, e, "%s %s", t->name, unpack_why(f->unpack, e));
    } else {
        transport_done(t, ERR_OK, "%s: read to its end", t->name);
    }
}

static void pump(struct file_in *f)
{
    struct net_transport *t = f->transport;
    size_t handed_on = 0;
    while (!t->paused && !t->closed && !f->is_reading) {
        if (f->in_n == 0 && !f->more) {
            if (f->at_end) {
                finish(f, ERR_OK);
                return;
            }
            read_more(f);
            return;
        }
        if (handed_on >= HAND_ON_BYTES) {
            uv_idle_start(&f->again, on_again);
            return;
        }
        const uint8_t *out = NULL;
        size_t out_n = 0;
        const enum err e = unpack_step(f->unpack, &f->in, &f->in_n, &out, &out_n);
        f->more = out_n > 0;
        handed_on += out_n;
        if (out_n > 0) {
            peer_bytes(&f->peer, out, out_n);
        }
        if (e) {
            finish(f, e);
            return;
        }
    }
}

static enum err open_file(const char *path, uv_file *fd, char *why, size_t why_size)
{
    *fd = 0;
    if (strcmp(path, "-") != 0) {
        uv_fs_t req;
        *fd = uv_fs_open(NULL, &req, path, O_RDONLY, 0, NULL);
        uv_fs_req_cleanup(&req);
    }
    struct stat about;
    if (*fd >= 0 && fstat(*fd, &about) != 0) {
        *fd = UV_EBADF;
    }
    if (*fd < 0) {
        snprintf(why, why_size, "cannot read file=%s: %s", path, uv_strerror(*fd));
        return ERR_SYSTEM;
    }
    if (S_ISDIR(about.st_mode)) {
        snprintf(why, why_size, "file=%s is a folder: name a file in it", path);
        close(*fd);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

static enum err file_in_open(struct net_transport *t, const struct spec *s, char *why,
                             size_t why_size)
{
    const char *path = spec_get(s, "file", "");
    uv_file fd;
    const enum err e = open_file(path, &fd, why, why_size);
    if (e) {
        return e;
    }
    struct file_in *f = calloc(1, sizeof *f);
    struct unpack *u = f ? unpack_new(packing_of_name(path)) : NULL;
    if (!u) {
        free(f);
        if (fd > 0) {
            close(fd);
        }
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    f->transport = t;
    f->fd = fd;
    f->unpack = u;
    t->self = f;
    snprintf(t->name, sizeof t->name, "%s", fd == 0 ? "standard input" : path);
    transport_state(t, "reading %s", t->name);
    uv_idle_init(t->loop, &f->again);
    f->again.data = f;
    transport_hold(t);
    uv_idle_start(&f->again, on_again);
    return ERR_OK;
}

static void file_in_pause(struct net_transport *t, bool paused)
{
    struct file_in *f = t->self;
    if (!paused && !t->done) {
        uv_idle_start(&f->again, on_again);
    }
}

static void on_closed(uv_handle_t *h)
{
    struct file_in *f = h->data;
    transport_drop(f->transport);
}

static void file_in_close(struct net_transport *t)
{
    struct file_in *f = t->self;
    peer_close(&f->peer);
    if (f->is_reading) {
        uv_cancel((uv_req_t *)&f->read); /* where it is already running its callback comes too */
    }
    uv_close((uv_handle_t *)&f->again, on_closed);
}

static void file_in_release(struct net_transport *t)
{
    struct file_in *f = t->self;
    if (!f) {
        return;
    }
    if (f->fd > 0) {
        close(f->fd);
    }
    unpack_free(f->unpack);
    free(f);
}

const struct net_kind net_file_in = {.open = file_in_open,
                                     .pause = file_in_pause,
                                     .close = file_in_close,
                                     .release = file_in_release};
