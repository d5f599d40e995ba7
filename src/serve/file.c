/* The page's files. */
#include "serve/internal.h"
#include "serve/query.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 64 << 20, PATH_BYTES_MAX = 4096 };

static const char *content_type(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".geojson", "application/geo+json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".gif", "image/gif"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".woff", "font/woff"},
        {".wasm", "application/wasm"},
        {".pbf", "application/x-protobuf"},
        {".txt", "text/plain; charset=utf-8"},
        {".md", "text/plain; charset=utf-8"},
    };
    const size_t n = strlen(path);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const size_t e = strlen(types[i].ending);
        if (n > e && strcmp(path + n - e, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

/* Opens a regular file below the folder; -1 if there is none. */
static int open_file(const char *path, struct stat *st)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Where a packed twin lies beside the file and the client takes it, that one. */
static int open_best(const char *path, const struct request *q, struct stat *st,
                     const char **encoding)
{
    const struct {
        bool taken;
        const char *ending, *encoding;
    } twins[] = {{q->br, ".br", "br"}, {q->gzip, ".gz", "gzip"}};
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        char twin[PATH_BYTES_MAX + 8];
        snprintf(twin, sizeof twin, "%s%s", path, twins[i].ending);
        const int fd = twins[i].taken ? open_file(twin, st) : -1;
        if (fd >= 0) {
            *encoding = twins[i].encoding;
            return fd;
        }
    }
    *encoding = NULL;
    return open_file(path, st);
}

void serve_file(struct serve *s, const struct request *q, struct answer *a)
{
    char path[PATH_BYTES_MAX];
    const size_t length = strlen(q->path);
    const char *index = length && q->path[length - 1] == '/' ? "index.html" : "";
    if (!s->o.web_dir || !query_path_is_safe(q->path) ||
        snprintf(path, sizeof path, "%s%s%s", s->o.web_dir, q->path, index) >= (int)sizeof path) {
        answer_error(s, a, 404,
                     s->o.web_dir
                         ? "there is no such file"
                         : "there is no page here: masar serve --web DIR names its folder");
        return;
    }
    struct stat st;
    const int fd = open_best(path, q, &st, &a->encoding);
    if (fd < 0 || st.st_size > FILE_BYTES_MAX) {
        answer_error(s, a, 404, "there is no such file");
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    a->type = content_type(path);
    a->cache = query_is_hashed(q->path) ? "public, max-age=31536000, immutable" : "no-cache";
    a->page = true;
    snprintf(a->etag, sizeof a->etag, "\"%" PRIx64 "-%" PRIx64 "%s\"",
             (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec,
             (uint64_t)st.st_size, a->encoding ? a->encoding : "");
    if (query_has_etag(q->if_none_match, a->etag)) {
        a->status = 304;
        close(fd);
        return;
    }
    a->status = 200;
    a->file = (struct file){.open = true, .fd = fd, .n = (size_t)st.st_size};
}
