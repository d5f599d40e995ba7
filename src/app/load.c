#include "app/load.h"

#include "app/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static enum err say(enum err e, const char *what, char *why, size_t size)
{
    snprintf(why, size, "%s", what);
    return e;
}

enum err load_unpack(struct buf *b, char *why, size_t size)
{
    if (b->n < 2 || b->p[0] != 0x1f || b->p[1] != 0x8b) {
        return ERR_OK;
    }
    struct buf out = {0};
    z_stream z = {.next_in = b->p, .avail_in = (uInt)b->n};
    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        return say(ERR_MEMORY, "out of memory", why, size);
    }
    int r = Z_OK;
    while (r == Z_OK && out.n < LOAD_MAX) {
        const size_t step = 1 << 20;
        uint8_t *p = buf_reserve(&out, step);
        if (!p) {
            break;
        }
        z.next_out = p;
        z.avail_out = (uInt)step;
        r = inflate(&z, Z_NO_FLUSH);
        out.n += step - z.avail_out;
        if (r == Z_STREAM_END && z.avail_in > 2 && z.next_in[0] == 0x1f && z.next_in[1] == 0x8b) {
            r = inflateReset(&z); /* members one after the other are one file (RFC 1952 2.2) */
        }
    }
    inflateEnd(&z);
    if (r == Z_STREAM_END && !out.failed) {
        buf_free(b);
        *b = out;
        return ERR_OK;
    }
    const bool memory = out.failed, much = out.n >= LOAD_MAX;
    buf_free(&out);
    return memory ? say(ERR_MEMORY, "out of memory", why, size)
           : much ? say(ERR_FULL, "it is more than 1 GiB", why, size)
           : r == Z_BUF_ERROR
               ? say(ERR_SYNTAX, "it is cut off: its compressed data ends early", why, size)
               : say(ERR_SYNTAX, "its compressed data is damaged", why, size);
}

enum err load_file(const char *path, struct buf *out, char *why, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return say(ERR_SYSTEM, strerror(errno), why, size);
    }
    ssize_t got = 1;
    int error = 0;
    while (got > 0 && out->n < LOAD_MAX) {
        uint8_t *p = buf_reserve(out, 1 << 18);
        if (!p) {
            break;
        }
        got = read(fd, p, 1 << 18);
        error = errno;
        out->n += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (got < 0) {
        return say(ERR_SYSTEM, strerror(error), why, size);
    }
    if (out->failed) {
        return say(ERR_MEMORY, "out of memory", why, size);
    }
    if (out->n >= LOAD_MAX) {
        return say(ERR_FULL, "it is more than 1 GiB", why, size);
    }
    return load_unpack(out, why, size);
}

static bool write_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        const ssize_t wrote = write(fd, p, n);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        p += wrote > 0 ? wrote : 0;
        n -= wrote > 0 ? (size_t)wrote : 0;
    }
    return fsync(fd) == 0;
}

enum err save_file(const char *path, const void *p, size_t n, char *why, size_t size)
{
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid()) >= (int)sizeof beside) {
        return say(ERR_SYSTEM, "its name is too long", why, size);
    }
    int fd = -1;
    if (app_make_parents(path)) {
        fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    }
    bool done = fd >= 0 && write_all(fd, p, n);
    int error = errno;
    if (fd >= 0) {
        done = close(fd) == 0 && done;
    }
    if (done && rename(beside, path) == 0) {
        return ERR_OK;
    }
    error = done ? errno : error;
    unlink(beside);
    return say(ERR_SYSTEM, strerror(error), why, size);
}
