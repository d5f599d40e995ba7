#include "import/import.h"

#include "import/feed.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 17, NAME_MAX_BYTES = 4096, DEPTH_MAX = 32, PARTS_MAX = 26 };

#define BYTES_MAX (UINT64_C(4) << 30)

struct importer {
    const struct import_options *options;
    const struct import_calls *calls;
    void *ctx;
    struct feed *feed;
    enum err first; /* error */
    bool is_stopped;
};

/* ---- what a name says ---- */

static bool ends(const char *name, size_t n, const char *with)
{
    const size_t m = strlen(with);
    return n >= m && strncasecmp(name + n - m, with, m) == 0;
}

/* The name's length without .gz or .zst. */
static size_t bare(const char *name)
{
    const size_t n = strlen(name);
    return ends(name, n, ".gz") ? n - 3 : ends(name, n, ".zst") ? n - 4 : n;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* is_named: by the user himself, so that the file's own name need say less. acas.csv lies in
   readsb's globe_history and holds no positions of aircraft. */
static enum feed_kind kind_of(const char *path, bool is_named)
{
    const char *name = last_part(path);
    const size_t n = bare(name);
    if (ends(name, n, ".json") && (is_named || strncmp(name, "trace_full_", 11) == 0)) {
        return FEED_TRACE;
    }
    if (ends(name, n, ".bin.ttf")) {
        return FEED_HEATMAP;
    }
    if (ends(name, n, ".csv") && (is_named || strncmp(name, "acas.", 5) != 0)) {
        return FEED_CSV;
    }
    return FEED_NONE;
}

static bool is_tar(const char *path)
{
    const size_t n = bare(path);
    return ends(path, n, ".tar") || ends(path, n, ".tgz") || ends(path, n, ".tar.aa");
}

/* ---- one file ---- */

static void ended(struct importer *i, const char *name, enum err e, const char *why)
{
    uint64_t points, values;
    i->first = i->first ? i->first : e;
    i->is_stopped |= e == ERR_MEMORY;
    feed_odd(i->feed, &points, &values);
    if (i->calls->odd) {
        i->calls->odd(i->ctx, points, values);
    }
    i->is_stopped |= !i->calls->end(i->ctx, name, e, why);
}

static bool begin(struct importer *i, const char *name, enum feed_kind kind, uint64_t bytes,
                  int64_t mtime_s)
{
    const uint64_t max = i->options->bytes_max ? i->options->bytes_max : BYTES_MAX;
    if (!i->calls->begin(i->ctx, name, bytes, mtime_s)) {
        return false;
    }
    const enum err e = feed_start(i->feed, kind, max, i->options->address);
    if (e) {
        ended(i, name, e, feed_why(i->feed));
    }
    return !e;
}

static void read_file(struct importer *i, const char *path, enum feed_kind kind,
                      const struct stat *st)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        ended(i, path, ERR_SYSTEM, strerror(errno));
        return;
    }
    if (begin(i, path, kind, (uint64_t)st->st_size, st->st_mtime)) {
        uint8_t *block = malloc(BLOCK);
        ssize_t n = 0;
        enum err e = block ? ERR_OK : ERR_MEMORY;
        while (!e && (n = read(fd, block, BLOCK)) > 0) {
            e = feed_push(i->feed, block, (size_t)n);
        }
        if (n < 0) {
            ended(i, path, ERR_SYSTEM, strerror(errno));
        } else {
            e = e == ERR_MEMORY ? e : feed_end(i->feed);
            ended(i, path, e, feed_why(i->feed));
        }
        free(block);
    }
    close(fd);
}

/* ---- a tar ---- */

static bool is_safe(const char *member)
{
    if (*member == '/') {
        return false;
    }
    for (const char *p = member; p; p = strchr(p, '/'), p = p ? p + 1 : NULL) {
        if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || p[2] == 0)) {
            return false;
        }
    }
    return true;
}

/* False: the tar itself cannot be read on. */
static bool read_data(struct importer *i, struct archive *a, const char *name)
{
    const void *p;
    size_t n;
    la_int64_t at;
    int rc;
    enum err e = ERR_OK;
    while (!e && (rc = archive_read_data_block(a, &p, &n, &at)) == ARCHIVE_OK) {
        e = feed_push(i->feed, p, n);
    }
    if (!e && rc != ARCHIVE_EOF) {
        ended(i, name, ERR_SHORT, archive_error_string(a));
        return false;
    }
    e = feed_end(i->feed);
    ended(i, name, e, feed_why(i->feed));
    return true;
}

static bool read_member(struct importer *i, struct archive *a, struct archive_entry *entry,
                        const char *path)
{
    char name[NAME_MAX_BYTES];
    const char *member = archive_entry_pathname(entry);
    if (!member || archive_entry_filetype(entry) != AE_IFREG) {
        return true;
    }
    const enum feed_kind kind = kind_of(member, false);
    snprintf(name, sizeof name, "%s:%s", path, member);
    if (!is_safe(member)) {
        ended(i, name, ERR_RANGE, "its path is absolute or leads out of the archive");
        return true;
    }
    if (kind == FEED_NONE ||
        !begin(i, name, kind, (uint64_t)archive_entry_size(entry), archive_entry_mtime(entry))) {
        return true; /* the next header skips it */
    }
    return read_data(i, a, name);
}

/* The parts of x.tar.aa: x.tar.ab, … as long as there are some. Each is to be freed. */
static size_t parts_of(const char *path, char *part[PARTS_MAX + 1])
{
    size_t n = 0;
    const size_t length = strlen(path);
    const bool has_parts = ends(path, length, ".tar.aa");
    while (n < PARTS_MAX && (part[n] = strdup(path))) {
        part[n][length - 1] = (char)(has_parts ? 'a' + (int)n : part[n][length - 1]);
        if (n > 0 && access(part[n], F_OK) != 0) {
            free(part[n]);
            break;
        }
        n++;
        if (!has_parts) {
            break;
        }
    }
    part[n] = NULL;
    return n;
}

static void read_members(struct importer *i, struct archive *a, const char *path)
{
    struct archive_entry *entry;
    int rc = ARCHIVE_OK;
    while (!i->is_stopped) {
        rc = archive_read_next_header(a, &entry);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
            break;
        }
        if (!read_member(i, a, entry, path)) {
            return;
        }
    }
    if (rc != ARCHIVE_EOF && !i->is_stopped) {
        const char *why = archive_error_string(a);
        ended(i, path, ERR_SYNTAX, why ? why : "it is no tar");
    }
}

static void read_tar(struct importer *i, const char *path)
{
    char *part[PARTS_MAX + 1];
    const size_t parts = parts_of(path, part);
    struct archive *a = archive_read_new();
    if (!a || parts == 0) {
        ended(i, path, ERR_MEMORY, "out of memory");
    } else {
        archive_read_support_format_tar(a);
        archive_read_support_filter_gzip(a);
        archive_read_support_filter_zstd(a);
        if (archive_read_open_filenames(a, (const char **)part, BLOCK) != ARCHIVE_OK) {
            ended(i, path, access(path, R_OK) ? ERR_SYSTEM : ERR_SYNTAX, archive_error_string(a));
        } else {
            read_members(i, a, path);
        }
    }
    archive_read_free(a);
    for (size_t k = 0; k < parts; k++) {
        free(part[k]);
    }
}

/* ---- a folder ---- */

static void read_path(struct importer *i, const char *path, bool is_named, unsigned depth);

static int is_no_dot(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void read_folder(struct importer *i, const char *path, unsigned depth)
{
    struct dirent **entry;
    const int n = scandir(path, &entry, is_no_dot, alphasort);
    if (n < 0) {
        ended(i, path, ERR_SYSTEM, strerror(errno));
        return;
    }
    for (int k = 0; k < n; k++) {
        char name[NAME_MAX_BYTES];
        const int length = snprintf(name, sizeof name, "%s/%s", path, entry[k]->d_name);
        if (!i->is_stopped && length > 0 && (size_t)length < sizeof name) {
            read_path(i, name, false, depth + 1);
        }
        free(entry[k]);
    }
    free(entry);
}

static void read_path(struct importer *i, const char *path, bool is_named, unsigned depth)
{
    struct stat st;
    if ((is_named ? stat(path, &st) : lstat(path, &st)) != 0) {
        ended(i, path, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, strerror(errno));
        return;
    }
    const enum feed_kind kind = kind_of(path, is_named);
    if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
        read_folder(i, path, depth);
    } else if (S_ISREG(st.st_mode) && is_tar(path)) {
        read_tar(i, path);
    } else if (S_ISREG(st.st_mode) && kind != FEED_NONE) {
        read_file(i, path, kind, &st);
    } else if (is_named) {
        ended(i, path, ERR_UNKNOWN,
              "its name does not say what it is: .json, .bin.ttf, .csv, .tar are read");
    }
}

enum err import_path(const char *path, const struct import_options *o,
                     const struct import_calls *calls, void *ctx)
{
    struct importer i = {.options = o, .calls = calls, .ctx = ctx};
    i.feed = feed_new(calls->point, ctx);
    if (!i.feed) {
        return ERR_MEMORY;
    }
    read_path(&i, path, true, 0);
    feed_free(i.feed);
    return i.first;
}
