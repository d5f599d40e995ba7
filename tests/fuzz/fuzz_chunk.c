/* A chunk of any bytes: the head as it is, then with its checksum and length put right, so that
   what lies behind it is reached. Version 3 is read as a map reads it too. */
#include "base/crc32c.h"
#include "store/chunk.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_le(uint8_t *b, int bytes, uint32_t v)
{
    for (int i = 0; i < bytes; i++) {
        b[i] = (uint8_t)(v >> (8 * i));
    }
}

static void mend(uint8_t *b, size_t n)
{
    const int version = 1 + b[2] % 3;
    b[0] = 'm', b[1] = 'c', b[2] = (uint8_t)version;
    if (version == 3) {
        b[3] &= 7;
        put_le(b + 8, 3, (uint32_t)n);
        put_le(b + 4, 4, crc32c(crc32c(0, b, 4), b + 8, n - 8));
    } else {
        b[3] &= 1;
        put_le(b + 4, 4, (uint32_t)n);
        put_le(b + 8, 4, crc32c(crc32c(0, b, 8), b + 12, n - 12));
    }
}

/* What a map needs is the same whether the rest is read or not. */
static void check_way(struct chunk_codec *codec, const uint8_t *b, size_t size,
                      const struct kept *all, size_t n)
{
    static struct kept way[CHUNK_POINTS_MAX];
    size_t m;
    if (chunk_read(codec, b, size, CHUNK_POINTS_MAX, INT64_MAX, CHUNK_WAY, way, &m) || m != n) {
        abort();
    }
    for (size_t i = 0; i < n; i++) {
        if (way[i].t_ms != all[i].t_ms || way[i].lat_e7 != all[i].lat_e7 ||
            way[i].lon_e7 != all[i].lon_e7 || way[i].alt_baro_ft != all[i].alt_baro_ft ||
            memcmp(way[i].flight, all[i].flight, 8) != 0) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct kept out[CHUNK_POINTS_MAX];
    static struct chunk_codec *codec;
    size_t n;
    codec = codec ? codec : chunk_codec_new();
    if (!codec) {
        return 0;
    }
    chunk_decode(codec, data, size, out, &n);
    if (size < CHUNK_HEAD_LEAST) {
        return 0;
    }
    uint8_t *copy = malloc(size);
    if (copy) {
        memcpy(copy, data, size);
        mend(copy, size);
        if (chunk_decode(codec, copy, size, out, &n) == ERR_OK) {
            check_way(codec, copy, size, out, n);
            struct buf again = {0};
            if (chunk_encode(codec, out, n, &again) != ERR_OK) {
                abort(); /* what was read can be written */
            }
            buf_free(&again);
        }
        free(copy);
    }
    return 0;
}
