#include "net/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { OUT_BYTES = 256 * 1024, HEAD_BYTES = 4 };

struct unpack {
    enum packing named, packing;
    bool decided;
    bool inside; /* a member or frame has begun and not ended */
    bool any;    /* one has ended: the file is not empty */
    bool padded; /* zeros after the last gzip member */
    uint8_t head[HEAD_BYTES];
    size_t head_n, head_at;
    z_stream z;
    ZSTD_DStream *zstd;
    uint8_t *buffer;
};

enum packing packing_of_name(const char *name)
{
    static const struct {
        const char *ending;
        enum packing packing;
    } known[] = {{".gz", PACKING_GZIP}, {".zst", PACKING_ZSTD}};
    const size_t n = strlen(name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t m = strlen(known[i].ending);
        if (n > m && strcmp(name + n - m, known[i].ending) == 0) {
            return known[i].packing;
        }
    }
    return PACKING_NONE;
}

struct unpack *unpack_new(enum packing named)
{
    struct unpack *u = calloc(1, sizeof *u);
    if (u) {
        u->named = named;
    }
    return u;
}

void unpack_free(struct unpack *u)
{
    if (!u) {
        return;
    }
    if (u->packing == PACKING_GZIP && u->buffer) {
        inflateEnd(&u->z);
    }
    ZSTD_freeDStream(u->zstd);
    free(u->buffer);
    free(u);
}

static enum packing packing_of_head(const uint8_t *p)
{
    /* gzip: ID1 ID2, CM 8, and the reserved bits of FLG zero, so that samples and frames are not
     * taken for it. */
    if (p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 && (p[3] & 0xe0) == 0) {
        return PACKING_GZIP;
    }
    /* zstd: the magic number of a frame, or of one to skip. */
    const bool frame = p[0] == 0x28 && p[1] == 0xb5 && p[2] == 0x2f && p[3] == 0xfd;
    const bool skippable = (p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18;
    return frame || skippable ? PACKING_ZSTD : PACKING_NONE;
}

static enum err decide(struct unpack *u, const uint8_t *head)
{
    u->packing = packing_of_head(head);
    u->decided = true;
    if (u->named && u->packing != u->named) {
        u->packing = PACKING_NONE;
        return ERR_UNKNOWN;
    }
    if (u->packing == PACKING_NONE) {
        return ERR_OK;
    }
    u->buffer = malloc(OUT_BYTES);
    if (!u->buffer) {
        return ERR_MEMORY;
    }
    if (u->packing == PACKING_ZSTD) {
        u->zstd = ZSTD_createDStream();
        return u->zstd ? ERR_OK : ERR_MEMORY;
    }
    if (inflateInit2(&u->z, 15 + 16) != Z_OK) {
        free(u->buffer);
        u->buffer = NULL;
        return ERR_MEMORY;
    }
    return ERR_OK;
}

/* A gzip file is any number of members one after the other; zeros may pad the end (a tape's). */
static enum err between_members(struct unpack *u, const uint8_t **p, size_t *n)
{
    while (*n > 0 && u->any && **p == 0) {
        u->padded = true;
        (*p)++;
        (*n)--;
    }
    if (*n == 0) {
        return ERR_OK;
    }
    if (u->padded || (u->any && **p != 0x1f)) {
        return ERR_SYNTAX;
    }
    u->inside = true;
    return inflateReset(&u->z) == Z_OK ? ERR_OK : ERR_SYNTAX;
}

static enum err gzip_step(struct unpack *u, const uint8_t **p, size_t *n, size_t *out_n)
{
    if (!u->inside) {
        const enum err e = between_members(u, p, n);
        if (e || !u->inside) {
            return e;
        }
    }
    const unsigned in = *n > UINT32_MAX ? UINT32_MAX : (unsigned)*n;
    u->z.next_in = (Bytef *)*p;
    u->z.avail_in = in;
    u->z.next_out = u->buffer;
    u->z.avail_out = OUT_BYTES;
    const int r = inflate(&u->z, Z_NO_FLUSH);
    *p += in - u->z.avail_in;
    *n -= in - u->z.avail_in;
    *out_n = OUT_BYTES - u->z.avail_out;
    if (r == Z_STREAM_END) {
        u->inside = false;
        u->any = true;
        return ERR_OK;
    }
    /* Z_BUF_ERROR: nothing to do without more input; not an error. */
    return r == Z_OK || r == Z_BUF_ERROR ? ERR_OK : ERR_SYNTAX;
}

static enum err zstd_step(struct unpack *u, const uint8_t **p, size_t *n, size_t *out_n)
{
    ZSTD_inBuffer in = {*p, *n, 0};
    ZSTD_outBuffer out = {u->buffer, OUT_BYTES, 0};
    const bool idle = *n == 0 && !u->inside;
    const size_t r = idle ? 0 : ZSTD_decompressStream(u->zstd, &out, &in);
    *p += in.pos;
    *n -= in.pos;
    *out_n = out.pos;
    if (ZSTD_isError(r)) {
        return ERR_SYNTAX;
    }
    if (!idle) {
        u->inside = r != 0;
        u->any = u->any || r == 0;
    }
    return ERR_OK;
}

static enum err core_step(struct unpack *u, const uint8_t **p, size_t *n, const uint8_t **out,
                          size_t *out_n)
{
    *out_n = 0;
    if (u->packing == PACKING_NONE) {
        *out = *p;
        *out_n = *n;
        *p += *n;
        *n = 0;
        return ERR_OK;
    }
    *out = u->buffer;
    return u->packing == PACKING_GZIP ? gzip_step(u, p, n, out_n) : zstd_step(u, p, n, out_n);
}

/* The first four bytes decide; where they come in pieces they are gathered first. */
static enum err gather_head(struct unpack *u, const uint8_t **p, size_t *n)
{
    if (u->head_n == 0 && *n >= HEAD_BYTES) {
        return decide(u, *p);
    }
    while (*n > 0 && u->head_n < HEAD_BYTES) {
        u->head[u->head_n++] = *(*p)++;
        (*n)--;
    }
    return u->head_n == HEAD_BYTES ? decide(u, u->head) : ERR_OK;
}

enum err unpack_step(struct unpack *u, const uint8_t **p, size_t *n, const uint8_t **out,
                     size_t *out_n)
{
    *out_n = 0;
    if (!u->decided) {
        const enum err e = gather_head(u, p, n);
        if (e || !u->decided) {
            return e;
        }
    }
    if (u->head_at < u->head_n) {
        const uint8_t *head = u->head + u->head_at;
        size_t left = u->head_n - u->head_at;
        const enum err e = core_step(u, &head, &left, out, out_n);
        u->head_at = u->head_n - left;
        return e;
    }
    return core_step(u, p, n, out, out_n);
}

enum err unpack_end(struct unpack *u, const uint8_t **out, size_t *out_n)
{
    *out = u->head;
    *out_n = 0;
    if (u->decided) {
        return u->packing != PACKING_NONE && (u->inside || !u->any) ? ERR_SHORT : ERR_OK;
    }
    if (u->named) {
        return ERR_SHORT;
    }
    *out_n = u->head_n;
    return ERR_OK;
}

const char *unpack_why(const struct unpack *u, enum err e)
{
    const bool gzip = u->packing == PACKING_GZIP || u->named == PACKING_GZIP;
    switch (e) {
    case ERR_UNKNOWN:
        return gzip ? "is named .gz but is not gzip: rename it to what it is"
                    : "is named .zst but is not zstd: rename it to what it is";
    case ERR_SHORT:
        return gzip ? "ends in the middle of its gzip data: what came before was read"
                    : "ends in the middle of its zstd data: what came before was read";
    case ERR_MEMORY:
        return "cannot be decompressed: out of memory";
    default:
        return gzip ? "has damaged gzip data: what came before was read"
                    : "has damaged zstd data: what came before was read";
    }
}
