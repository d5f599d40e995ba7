#include "net/unpack.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { STEP_BYTES = 64 * 1024, GZIP_LEVEL = 6, ZSTD_LEVEL = 3 };

struct pack {
    enum packing packing;
    z_stream z;
    ZSTD_CStream *zstd;
};

struct pack *pack_new(enum packing packing)
{
    struct pack *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->packing = packing;
    if (packing == PACKING_ZSTD) {
        p->zstd = ZSTD_createCStream();
        if (p->zstd) {
            ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
            ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
            return p;
        }
    } else if (deflateInit2(&p->z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ==
               Z_OK) {
        return p;
    }
    free(p);
    return NULL;
}

void pack_free(struct pack *p)
{
    if (!p) {
        return;
    }
    if (p->packing == PACKING_GZIP) {
        deflateEnd(&p->z);
    }
    ZSTD_freeCStream(p->zstd);
    free(p);
}

static enum err gzip_write(struct pack *p, const uint8_t *bytes, size_t n, enum pack_mode mode,
                           struct buf *out)
{
    static const int flush[] = {
        [PACK_MORE] = Z_NO_FLUSH, [PACK_FLUSH] = Z_SYNC_FLUSH, [PACK_END] = Z_FINISH};
    if (n > UINT32_MAX) {
        return ERR_FULL;
    }
    p->z.next_in = (Bytef *)bytes;
    p->z.avail_in = (unsigned)n;
    do {
        uint8_t *to = buf_reserve(out, STEP_BYTES);
        if (!to) {
            return ERR_MEMORY;
        }
        p->z.next_out = to;
        p->z.avail_out = STEP_BYTES;
        deflate(&p->z, flush[mode]);
        out->n += STEP_BYTES - p->z.avail_out;
    } while (p->z.avail_out == 0);
    return ERR_OK;
}

static enum err zstd_write(struct pack *p, const uint8_t *bytes, size_t n, enum pack_mode mode,
                           struct buf *out)
{
    static const ZSTD_EndDirective directive[] = {
        [PACK_MORE] = ZSTD_e_continue, [PACK_FLUSH] = ZSTD_e_flush, [PACK_END] = ZSTD_e_end};
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t left = 0;
    do {
        uint8_t *to = buf_reserve(out, STEP_BYTES);
        if (!to) {
            return ERR_MEMORY;
        }
        ZSTD_outBuffer step = {to, STEP_BYTES, 0};
        left = ZSTD_compressStream2(p->zstd, &step, &in, directive[mode]);
        if (ZSTD_isError(left)) {
            return ERR_MEMORY;
        }
        out->n += step.pos;
    } while (mode == PACK_MORE ? in.pos < in.size : left > 0);
    return ERR_OK;
}

enum err pack_write(struct pack *p, const uint8_t *bytes, size_t n, enum pack_mode mode,
                    struct buf *out)
{
    return p->packing == PACKING_GZIP ? gzip_write(p, bytes, n, mode, out)
                                      : zstd_write(p, bytes, n, mode, out);
}
