#include "import/walk_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 64 };

void walk_progress(struct walker *w, uint64_t bytes)
{
    w->is_stopped |= !w->calls->at(w->ctx, w->before + bytes);
}

static void refuse(struct walker *w, const char *name, enum err e, const char *why)
{
    w->calls->refused(w->ctx, name, e, why);
}

/* ---- one file ---- */

/* Reads up to n bytes, fewer only at the end; -1: errno. */
static ssize_t read_full(int fd, uint8_t *p, size_t n)
{
    size_t got = 0;
    while (got < n) {
        const ssize_t r = read(fd, p + got, n - got);
        if (r < 0 && errno == EINTR) {
            continue;
        }
        if (r <= 0) {
            return r < 0 && got == 0 ? -1 : (ssize_t)got;
        }
        got += (size_t)r;
    }
    return (ssize_t)got;
}

static size_t block_size(uint64_t left)
{
    return left <= WALK_WHOLE_MAX ? (size_t)left + 1 : WALK_BLOCK;
}

/* A block more than the file says it is long shows whether it has grown. */
static void read_blocks(struct walker *w, int fd, void *file, uint64_t bytes)
{
    const char *why = "";
    bool goes_on = true;
    uint64_t at = 0;
    enum err e = ERR_OK;
    while (goes_on && !e && !w->is_stopped) {
        const size_t size = block_size(bytes > at ? bytes - at : 0);
        uint8_t *block = malloc(size);
        const ssize_t n = block ? read_full(fd, block, size) : -1;
        if (n < 0) {
            e = block ? ERR_SYSTEM : ERR_MEMORY;
            why = block ? strerror(errno) : "out of memory";
            free(block);
            break;
        }
        const bool is_last = (size_t)n < size;
        at += (uint64_t)n;
        goes_on = w->calls->data(w->ctx, file, block, (size_t)n, is_last) && !is_last;
        walk_progress(w, at);
    }
    w->calls->close(w->ctx, file, e, why);
}

static void read_plain(struct walker *w, int fd, const char *path, const struct stat *st,
                       bool is_named)
{
    void *file =
        w->calls->open(w->ctx, path, (uint64_t)st->st_size, (int64_t)st->st_mtime, is_named);
    if (file) {
        read_blocks(w, fd, file, (uint64_t)st->st_size);
    }
}

/* zstd gives out nothing of a block before it has the whole of it (RFC 8878 3.1.1.2.3). */
static bool is_archive(int fd, const uint8_t *head, size_t n)
{
    enum { BLOCK_MAX = 1 << 17, MORE = BLOCK_MAX + 1024 };
    static const uint8_t zstd[4] = {0x28, 0xb5, 0x2f, 0xfd};
    if (n < WALK_HEAD || memcmp(head, zstd, sizeof zstd) != 0) {
        return walk_is_archive(head, n);
    }
    uint8_t *more = malloc(MORE);
    const ssize_t got = more ? pread(fd, more, MORE, 0) : 0;
    const bool is = got > 0 && walk_is_archive(more, (size_t)got);
    free(more);
    return is;
}

static void read_file(struct walker *w, const char *path, const struct stat *st, bool is_named)
{
    uint8_t head[WALK_HEAD];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);
    if (n < 0) {
        refuse(w, path, ERR_SYSTEM, strerror(errno));
    } else if (is_archive(fd, head, (size_t)n)) {
        walk_archive(w, path);
    } else {
        read_plain(w, fd, path, st, is_named);
    }
    if (fd >= 0) {
        close(fd);
    }
    w->before += (uint64_t)st->st_size;
    walk_progress(w, 0);
}

/* ---- a folder ---- */

static void read_path(struct walker *w, const char *path, bool is_named, unsigned depth);

static int is_no_dot(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void read_entry(struct walker *w, const char *folder, const char *entry, unsigned depth)
{
    char name[WALK_NAME_MAX];
    const size_t n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";
    if ((size_t)snprintf(name, sizeof name, "%s%s%s", folder, slash, entry) >= sizeof name) {
        refuse(w, folder, ERR_RANGE, "a name in it is too long");
    } else {
        read_path(w, name, false, depth);
    }
}

static void read_folder(struct walker *w, const char *path, unsigned depth)
{
    struct dirent **entry;
    if (depth == DEPTH_MAX) {
        refuse(w, path, ERR_RANGE, "it lies too many folders deep: does one lead back to another?");
        return;
    }
    const int n = scandir(path, &entry, is_no_dot, alphasort);
    if (n < 0) {
        refuse(w, path, ERR_SYSTEM, strerror(errno));
        return;
    }
    for (int k = 0; k < n; k++) {
        if (!w->is_stopped) {
            read_entry(w, path, entry[k]->d_name, depth + 1);
        }
        free(entry[k]);
    }
    free(entry);
}

static void read_path(struct walker *w, const char *path, bool is_named, unsigned depth)
{
    struct stat st;
    if ((is_named ? stat(path, &st) : lstat(path, &st)) != 0) {
        refuse(w, path, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        read_folder(w, path, depth);
    } else if (S_ISREG(st.st_mode) && walk_is_later_part(path)) {
        if (is_named) {
            refuse(w, path, ERR_RANGE, "it is a later part of a tar: name the first, .tar.aa");
        }
    } else if (S_ISREG(st.st_mode)) {
        read_file(w, path, &st, is_named);
    } else if (is_named) {
        refuse(w, path, ERR_UNKNOWN, "it is neither a file nor a folder");
    }
}

void walk(const char *const *path, size_t n, const struct walk_calls *calls, void *ctx)
{
    struct walker w = {.calls = calls, .ctx = ctx};
    for (size_t i = 0; i < n && !w.is_stopped; i++) {
        read_path(&w, path[i], true, 0);
    }
}
