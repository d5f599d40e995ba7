/* A file or standard output, written at once. Compressed ones are flushed every few seconds, so
   that a recording cut off by a crash is whole but for its end. */
#include "net/internal.h"
#include "net/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLUSH_MS = 10000 };

struct file_out {
    struct net_transport *transport;
    struct net_peer peer;
    uv_timer_t timer; /* flushes, and tells of a failure from the loop */
    int fd, failure;  /* failure: errno of the first write that failed */
    struct pack *pack;
    struct buf packed;
    bool is_dirty, is_finished;
};

static void on_failed(uv_timer_t *timer)
{
    struct file_out *f = timer->data;
    uv_timer_stop(timer);
    peer_close(&f->peer);
    transport_done(f->transport, ERR_SYSTEM, "cannot write %s: %s", f->transport->name,
                   uv_strerror(uv_translate_sys_error(f->failure)));
}

static void fail(struct file_out *f, int error)
{
    f->failure = error;
    transport_state(f->transport, "cannot write %s: %s", f->transport->name,
                    uv_strerror(uv_translate_sys_error(error)));
    if (!f->transport->closed) {
        uv_ref((uv_handle_t *)&f->timer);
        uv_timer_start(&f->timer, on_failed, 0, 0);
    }
}

static bool write_all(struct file_out *f, const uint8_t *p, size_t n)
{
    while (n > 0) {
        const ssize_t r = write(f->fd, p, n);
        if (r >= 0) {
            p += r;
            n -= (size_t)r;
        } else if (errno == EAGAIN) {
            /* Standard output that somebody else has made non-blocking. */
            struct pollfd ready = {.fd = f->fd, .events = POLLOUT};
            (void)poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            fail(f, errno);
            return false;
        }
    }
    return true;
}

static bool write_packed(struct file_out *f, const uint8_t *p, size_t n, enum pack_mode mode)
{
    buf_clear(&f->packed);
    if (pack_write(f->pack, p, n, mode, &f->packed)) {
        fail(f, ENOMEM);
        return false;
    }
    f->is_dirty = mode == PACK_MORE;
    return write_all(f, f->packed.p, f->packed.n);
}

static bool file_out_write(struct net_peer *p, const uint8_t *bytes, size_t n)
{
    struct file_out *f = p->self;
    if (f->failure || f->is_finished) {
        return false;
    }
    return f->pack ? write_packed(f, bytes, n, PACK_MORE) : write_all(f, bytes, n);
}

static void on_flush(uv_timer_t *timer)
{
    struct file_out *f = timer->data;
    if (f->is_dirty && !f->failure && !f->is_finished) {
        write_packed(f, NULL, 0, PACK_FLUSH);
    }
}

static void start_flushing(struct file_out *f)
{
    if (f->pack) {
        uv_timer_start(&f->timer, on_flush, FLUSH_MS, FLUSH_MS);
        uv_unref((uv_handle_t *)&f->timer); /* an output alone keeps no program running */
    }
}

static enum err open_output(const char *path, int *fd, char *why, size_t why_size)
{
    *fd = strcmp(path, "-") == 0 ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (*fd >= 0) {
        return ERR_OK;
    }
    const char *hint = errno == ENOENT   ? " (its folder does not exist)"
                       : errno == EISDIR ? ": name a file in it"
                                         : "";
    snprintf(why, why_size, "cannot write file=%s: %s%s", path,
             uv_strerror(uv_translate_sys_error(errno)), hint);
    return ERR_SYSTEM;
}

static enum err file_out_open(struct net_transport *t, const struct spec *s, char *why,
                              size_t why_size)
{
    const char *path = spec_get(s, "file", "");
    const enum packing packing = packing_of_name(path);
    int fd;
    const enum err e = open_output(path, &fd, why, why_size);
    if (e) {
        return e;
    }
    struct file_out *f = calloc(1, sizeof *f);
    struct pack *pack = f && packing ? pack_new(packing) : NULL;
    if (!f || (packing && !pack)) {
        free(f);
        if (fd != 1) {
            close(fd);
        }
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    f->transport = t;
    f->fd = fd;
    f->pack = pack;
    t->self = f;
    snprintf(t->name, sizeof t->name, "%s", fd == 1 ? "standard output" : path);
    transport_state(t, "writing %s", t->name);
    uv_timer_init(t->loop, &f->timer);
    f->timer.data = f;
    transport_hold(t);
    start_flushing(f);
    peer_open(&f->peer, t, f, t->name);
    return ERR_OK;
}

static void file_out_pause(struct net_transport *t, bool paused)
{
    (void)t;
    (void)paused;
}

static void on_closed(uv_handle_t *h)
{
    struct file_out *f = h->data;
    transport_drop(f->transport);
}

static enum err file_out_finish(struct net_transport *t)
{
    struct file_out *f = t->self;
    if (f->pack && !f->failure && !f->is_finished && !write_packed(f, NULL, 0, PACK_END)) {
        count_add(t->counters, COUNT_SINK_DROPPED_BYTES, f->packed.n);
    }
    f->is_finished = true;
    return f->failure ? ERR_SYSTEM : ERR_OK;
}

static void file_out_close(struct net_transport *t)
{
    struct file_out *f = t->self;
    (void)file_out_finish(t);
    peer_close(&f->peer);
    uv_close((uv_handle_t *)&f->timer, on_closed);
}

static void file_out_release(struct net_transport *t)
{
    struct file_out *f = t->self;
    if (!f) {
        return;
    }
    if (f->fd != 1) {
        close(f->fd);
    }
    pack_free(f->pack);
    buf_free(&f->packed);
    free(f);
}

const struct net_kind net_file_out = {.open = file_out_open,
                                      .pause = file_out_pause,
                                      .close = file_out_close,
                                      .release = file_out_release,
                                      .write = file_out_write,
                                      .finish = file_out_finish};
