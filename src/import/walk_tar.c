/* Archives through libarchive: never unpacked to disk, a member's bytes as they come. */
#include "import/walk_internal.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { READ_BLOCK = 1 << 18, PARTS_MAX = 26 * 26, MAGIC_AT = 257, MAGIC_END = 262 };

/* ---- is it one? ---- */

static bool is_plain_archive(const uint8_t *p, size_t n)
{
    return (n >= MAGIC_END && memcmp(p + MAGIC_AT, "ustar", 5) == 0) ||
           (n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 || memcmp(p, "PK\5\6", 4) == 0));
}

static size_t gunzip_head(const uint8_t *p, size_t n, uint8_t *out, size_t max)
{
    z_stream z = {
        .next_in = (Bytef *)p, .avail_in = (uInt)n, .next_out = out, .avail_out = (uInt)max};
    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        return 0;
    }
    inflate(&z, Z_SYNC_FLUSH);
    inflateEnd(&z);
    return max - z.avail_out;
}

static size_t unzstd_head(const uint8_t *p, size_t n, uint8_t *out, size_t max)
{
    ZSTD_DStream *z = ZSTD_createDStream();
    ZSTD_inBuffer in = {p, n, 0};
    ZSTD_outBuffer to = {out, max, 0};
    for (size_t left = 1; z && left > 0 && in.pos < in.size && to.pos < to.size;) {
        const size_t at = in.pos + to.pos;
        left = ZSTD_decompressStream(z, &to, &in);
        if (ZSTD_isError(left) || in.pos + to.pos == at) {
            break;
        }
    }
    ZSTD_freeDStream(z);
    return to.pos;
}

bool walk_is_archive(const uint8_t *head, size_t n)
{
    uint8_t plain[MAGIC_END];
    if (n >= 4 && head[0] == 0x1f && head[1] == 0x8b) {
        return is_plain_archive(plain, gunzip_head(head, n, plain, sizeof plain));
    }
    if (n >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0) {
        return is_plain_archive(plain, unzstd_head(head, n, plain, sizeof plain));
    }
    return is_plain_archive(head, n);
}

/* ---- parts ---- */

/* Where the two letters of a part's name stand, x.tar.aa or x.tar.gz.aa; NULL: it is no part. */
static const char *part_letters(const char *path)
{
    static const char *const before[] = {".tar.", ".tar.gz.", ".tgz.", ".tar.zst."};
    const size_t n = strlen(path);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const size_t m = strlen(before[i]);
        if (n > m + 2 && strncasecmp(path + n - 2 - m, before[i], m) == 0 && path[n - 2] >= 'a' &&
            path[n - 2] <= 'z' && path[n - 1] >= 'a' && path[n - 1] <= 'z') {
            return path + n - 2;
        }
    }
    return NULL;
}

static bool is_first_letters(const char *letters)
{
    return letters[0] == 'a' && letters[1] == 'a';
}

/* x.tar.gz ends as a part does; it is none. */
bool walk_is_later_part(const char *path)
{
    const char *letters = part_letters(path);
    if (!letters || is_first_letters(letters) || memcmp(letters, "gz", 2) == 0) {
        return false;
    }
    return true;
}

/* path and the parts behind it, as long as there are some. Each is to be freed. */
static size_t parts_of(const char *path, char *part[PARTS_MAX + 1])
{
    size_t n = 0;
    const char *letters = part_letters(path);
    const bool has_parts = letters && is_first_letters(letters);
    while (n < PARTS_MAX && (part[n] = strdup(path))) {
        const size_t length = strlen(path);
        if (has_parts) {
            part[n][length - 2] = (char)('a' + (int)(n / 26));
            part[n][length - 1] = (char)('a' + (int)(n % 26));
        }
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

/* ---- members ---- */

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

struct member {
    void *file;
    uint8_t *block;
    size_t n, size;
    uint64_t left; /* of what its header says */
    bool is_wanted;
};

static bool new_block(struct member *m)
{
    m->size = m->left <= WALK_WHOLE_MAX ? (size_t)m->left : WALK_BLOCK;
    m->size = m->size ? m->size : 1;
    m->n = 0;
    m->block = malloc(m->size);
    return m->block != NULL;
}

/* Fills blocks and hands them on; the last is handed on by read_member. */
static enum err add(struct walker *w, struct member *m, const uint8_t *p, size_t n)
{
    while (n > 0 && m->is_wanted) {
        if (m->n == m->size) {
            uint8_t *block = m->block;
            m->block = NULL;
            m->is_wanted = w->calls->data(w->ctx, m->file, block, m->n, false);
            if (!new_block(m)) {
                return ERR_MEMORY;
            }
        }
        const size_t room = m->size - m->n, k = n < room ? n : room;
        memcpy(m->block + m->n, p, k);
        m->n += k;
        m->left -= k < m->left ? k : m->left;
        p += k;
        n -= k;
    }
    return ERR_OK;
}

/* False: the archive itself cannot be read on. */
static bool read_data(struct walker *w, struct archive *a, struct member *m)
{
    const void *p;
    size_t n;
    la_int64_t at;
    int rc = ARCHIVE_OK;
    enum err e = new_block(m) ? ERR_OK : ERR_MEMORY;
    while (!e && m->is_wanted && !w->is_stopped &&
           (rc = archive_read_data_block(a, &p, &n, &at)) == ARCHIVE_OK) {
        e = add(w, m, p, n);
    }
    const bool is_whole = !e && rc == ARCHIVE_EOF;
    if (m->block && m->is_wanted) {
        w->calls->data(w->ctx, m->file, m->block, m->n, is_whole);
    } else {
        free(m->block);
    }
    m->block = NULL;
    const bool is_bad = !e && rc != ARCHIVE_EOF && rc != ARCHIVE_OK;
    const char *said = is_bad ? archive_error_string(a) : NULL;
    w->calls->close(w->ctx, m->file,
                    e        ? e
                    : is_bad ? ERR_SHORT
                             : ERR_OK,
                    e        ? "out of memory"
                    : said   ? said
                    : is_bad ? "its archive is damaged"
                             : "");
    return !e && (rc == ARCHIVE_EOF || rc == ARCHIVE_OK);
}

static bool read_member(struct walker *w, struct archive *a, struct archive_entry *entry,
                        const char *path)
{
    char name[WALK_NAME_MAX];
    const char *member = archive_entry_pathname(entry);
    if (!member || archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry)) {
        return true;
    }
    if ((size_t)snprintf(name, sizeof name, "%s:%s", path, member) >= sizeof name) {
        w->calls->refused(w->ctx, path, ERR_RANGE, "a member's name is too long");
        return true;
    }
    if (!is_safe(member)) {
        w->calls->refused(w->ctx, name, ERR_RANGE,
                          "its path is absolute or leads out of the archive");
        return true;
    }
    const la_int64_t said = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
    const uint64_t bytes = said > 0 ? (uint64_t)said : 0;
    struct member m = {.left = bytes, .is_wanted = true};
    m.file = w->calls->open(w->ctx, name, bytes, (int64_t)archive_entry_mtime(entry), false);
    return !m.file || read_data(w, a, &m); /* the next header skips it */
}

static void read_members(struct walker *w, struct archive *a, const char *path)
{
    struct archive_entry *entry;
    int rc = ARCHIVE_OK;
    bool goes_on = true;
    while (goes_on && !w->is_stopped) {
        rc = archive_read_next_header(a, &entry);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
            break;
        }
        goes_on = read_member(w, a, entry, path);
        const la_int64_t at = archive_filter_bytes(a, -1);
        walk_progress(w, at > 0 ? (uint64_t)at : 0);
    }
    if (goes_on && rc != ARCHIVE_EOF && !w->is_stopped) {
        const char *why = archive_error_string(a);
        w->calls->refused(w->ctx, path, ERR_SYNTAX, why ? why : "it is damaged");
    }
}

void walk_archive(struct walker *w, const char *path)
{
    char *part[PARTS_MAX + 1];
    const size_t parts = parts_of(path, part);
    struct archive *a = archive_read_new();
    if (!a || parts == 0) {
        w->calls->refused(w->ctx, path, ERR_MEMORY, "out of memory");
    } else {
        archive_read_support_format_tar(a);
        archive_read_support_format_zip(a);
        archive_read_support_filter_gzip(a);
        archive_read_support_filter_zstd(a);
        if (archive_read_open_filenames(a, (const char **)part, READ_BLOCK) != ARCHIVE_OK) {
            const char *why = archive_error_string(a);
            w->calls->refused(w->ctx, path, ERR_SYSTEM, why ? why : "it cannot be opened");
        } else {
            read_members(w, a, path);
        }
    }
    archive_read_free(a);
    for (size_t k = 0; k < parts; k++) {
        struct stat st;
        w->before += k > 0 && stat(part[k], &st) == 0 ? (uint64_t)st.st_size : 0;
        free(part[k]);
    }
}
