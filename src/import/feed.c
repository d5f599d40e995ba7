#include "import/feed.h"

#include "base/buf.h"
#include "net/unpack.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

/* A gzip file that unpacks to more goes through zlib in pieces. */
enum { WHOLE_MAX = 64 << 20 };

#define BYTES_MAX (UINT64_C(64) << 30)

struct feed {
    const struct import_options *options;
    archive_point_fn *out;
    void *ctx;
    void *made[IMPORT_FORMATS]; /* readers, made when first needed */
    struct unpack *unpack;
    struct libdeflate_decompressor *gzip;
    uint8_t *whole; /* what it unpacks to */
    size_t whole_max;
    struct buf head; /* what came before the format was known */
    enum import_format format;
    struct import_sums before; /* of the reader, when the file began */
    uint64_t left;             /* bytes it may still unpack to */
    bool is_empty;
    enum err err;
    const char *why;
};

struct feed *feed_new(const struct import_options *o, archive_point_fn *out, void *ctx)
{
    struct feed *f = calloc(1, sizeof *f);
    if (!f) {
        return NULL;
    }
    f->options = o;
    f->out = out;
    f->ctx = ctx;
    f->gzip = libdeflate_alloc_decompressor();
    if (!f->gzip) {
        free(f);
        return NULL;
    }
    return f;
}

void feed_free(struct feed *f)
{
    if (!f) {
        return;
    }
    for (unsigned i = 0; i < IMPORT_FORMATS; i++) {
        if (f->made[i]) {
            reader_of[i]->unmake(f->made[i]);
        }
    }
    unpack_free(f->unpack);
    libdeflate_free_decompressor(f->gzip);
    buf_free(&f->head);
    free(f->whole);
    free(f);
}

static enum err failed(struct feed *f, enum err e, const char *why)
{
    f->err = e;
    f->why = why;
    return e;
}

static enum err start_reader(struct feed *f, enum import_format format)
{
    const struct reader *r = reader_of[format];
    void **made = &f->made[format];
    if (!*made && !(*made = r->make(f->out, f->ctx))) {
        return failed(f, ERR_MEMORY, "out of memory");
    }
    f->format = format;
    r->sums(*made, &f->before);
    const enum err e = r->start(*made, f->options);
    return e ? failed(f, e, r->why(*made)) : ERR_OK;
}

enum err feed_start(struct feed *f)
{
    f->left = f->options->bytes_max ? f->options->bytes_max : BYTES_MAX;
    f->err = ERR_OK;
    f->why = "";
    f->format = IMPORT_FORMATS;
    f->is_empty = true;
    buf_clear(&f->head);
    unpack_free(f->unpack);
    f->unpack = NULL;
    return f->options->as == IMPORT_FORMATS ? ERR_OK : start_reader(f, f->options->as);
}

static bool is_archive(const uint8_t *p, size_t n)
{
    return (n > 262 && memcmp(p + 257, "ustar", 5) == 0) || (n > 4 && memcmp(p, "PK\3\4", 4) == 0);
}

static enum err tell(struct feed *f, const uint8_t *p, size_t n)
{
    const size_t head = n < READER_HEAD_BYTES ? n : READER_HEAD_BYTES;
    for (unsigned i = 0; i < IMPORT_FORMATS; i++) {
        if (reader_of[i]->is(p, head)) {
            return start_reader(f, (enum import_format)i);
        }
    }
    return is_archive(p, head)
               ? failed(f, ERR_RANGE, "it is an archive within an archive: unpack it first")
               : failed(f, ERR_UNKNOWN, "its first bytes are none of the formats that are read");
}

static enum err push_reader(struct feed *f, const uint8_t *p, size_t n)
{
    const struct reader *r = reader_of[f->format];
    const enum err e = r->push(f->made[f->format], p, n);
    return e ? failed(f, e, r->why(f->made[f->format])) : ERR_OK;
}

/* Bytes after unpacking. is_last: all there are. */
static enum err read_plain(struct feed *f, const uint8_t *p, size_t n, bool is_last)
{
    if (n > f->left) {
        return failed(f, ERR_RANGE, "it unpacks to more than is allowed");
    }
    f->left -= n;
    f->is_empty &= n == 0;
    if (f->format != IMPORT_FORMATS) {
        return n > 0 ? push_reader(f, p, n) : ERR_OK;
    }
    if (f->head.n > 0 || (n < READER_HEAD_BYTES && !is_last)) {
        buf_add(&f->head, p, n);
        if (f->head.failed) {
            return failed(f, ERR_MEMORY, "out of memory");
        }
        if (f->head.n < READER_HEAD_BYTES && !is_last) {
            return ERR_OK;
        }
        p = f->head.p;
        n = f->head.n;
    }
    if (n == 0) {
        return failed(f, ERR_UNKNOWN, "it is empty");
    }
    const enum err e = tell(f, p, n);
    return e ? e : push_reader(f, p, n);
}

enum err feed_push(struct feed *f, const uint8_t *p, size_t n)
{
    size_t out_n = 0;
    if (!f->err && !f->unpack && !(f->unpack = unpack_new(PACKING_NONE))) {
        return failed(f, ERR_MEMORY, "out of memory");
    }
    while (!f->err && (n > 0 || out_n > 0)) {
        const uint8_t *out;
        const enum err e = unpack_step(f->unpack, &p, &n, &out, &out_n);
        if (out_n > 0 && read_plain(f, out, out_n, false)) {
            return f->err;
        }
        if (e) {
            return failed(f, e, unpack_why(f->unpack, e));
        }
    }
    return f->err;
}

static enum err end_reader(struct feed *f)
{
    const struct reader *r = reader_of[f->format];
    const enum err e = r->end(f->made[f->format]);
    return e ? failed(f, e, r->why(f->made[f->format])) : ERR_OK;
}

enum err feed_end(struct feed *f)
{
    const uint8_t *out = NULL;
    size_t out_n = 0;
    enum err e = ERR_OK;
    if (f->err) {
        return f->err;
    }
    if (f->unpack) {
        e = unpack_end(f->unpack, &out, &out_n);
    }
    if (e && f->is_empty) { /* nothing came out that could say what it is */
        return failed(f, e, unpack_why(f->unpack, e));
    }
    if (read_plain(f, out, out_n, true)) {
        return f->err;
    }
    return e ? failed(f, e, unpack_why(f->unpack, e)) : end_reader(f);
}

/* ---- all at once ---- */

/* What a gzip file of one member says it unpacks to (RFC 1952 2.3.1); a wrong one only means that
   zlib reads it. No deflate stream is smaller than 1/1032 of what it says. */
static size_t gzip_size(const uint8_t *p, size_t n)
{
    enum { LEAST = 18, RATIO_MAX = 1032 };
    if (n < LEAST || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8) {
        return 0;
    }
    const size_t size =
        (size_t)p[n - 4] | (size_t)p[n - 3] << 8 | (size_t)p[n - 2] << 16 | (size_t)p[n - 1] << 24;
    return size <= WHOLE_MAX && size <= n * RATIO_MAX ? size : 0;
}

static bool has_room(struct feed *f, size_t size)
{
    if (size <= f->whole_max) {
        return true;
    }
    free(f->whole);
    f->whole_max = 0;
    f->whole = malloc(2 * size);
    if (f->whole) {
        f->whole_max = 2 * size;
    }
    return f->whole != NULL;
}

enum err feed_whole(struct feed *f, const uint8_t *p, size_t n)
{
    const size_t size = f->err ? 0 : gzip_size(p, n);
    size_t used = 0, got = 0;
    if (size > 0 && size <= f->left && has_room(f, size) &&
        libdeflate_gzip_decompress_ex(f->gzip, p, n, f->whole, size, &used, &got) ==
            LIBDEFLATE_SUCCESS &&
        used == n) {
        return read_plain(f, f->whole, got, true) ? f->err : end_reader(f);
    }
    feed_push(f, p, n);
    return feed_end(f);
}

enum import_format feed_format(const struct feed *f)
{
    return f->format;
}

const char *feed_why(const struct feed *f)
{
    return f->why;
}

void feed_sums(const struct feed *f, struct import_sums *s)
{
    *s = (struct import_sums){0};
    if (f->format != IMPORT_FORMATS) {
        const struct import_sums *b = &f->before;
        reader_of[f->format]->sums(f->made[f->format], s);
        s->repeated -= b->repeated;
        s->bad_points -= b->bad_points;
        s->bad_values -= b->bad_values;
    }
}
