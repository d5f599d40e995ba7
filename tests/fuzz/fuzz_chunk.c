/* A chunk of any bytes: the head as it is, then with its checksum put right, so that what lies
   behind it is reached. */
#include "base/crc32c.h"
#include "store/chunk.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mend(uint8_t *b, size_t n)
{
    b[0] = 'm', b[1] = 'c', b[2] = (uint8_t)(1 + (b[2] & 1)), b[3] &= 1;
    for (int i = 0; i < 4; i++) {
        b[4 + i] = (uint8_t)(n >> (8 * i));
    }
    const uint32_t crc = crc32c(crc32c(0, b, 8), b + 12, n - 12);
    for (int i = 0; i < 4; i++) {
        b[8 + i] = (uint8_t)(crc >> (8 * i));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct kept out[CHUNK_POINTS_MAX];
    size_t n;
    chunk_decode(data, size, out, &n);
    if (size < CHUNK_HEAD_BYTES) {
        return 0;
    }
    uint8_t *copy = malloc(size);
    if (copy) {
        memcpy(copy, data, size);
        mend(copy, size);
        if (chunk_decode(copy, size, out, &n) == ERR_OK) {
            struct buf again = {0};
            if (chunk_encode(out, n, &again) != ERR_OK) {
                abort(); /* what was read can be written */
            }
            buf_free(&again);
        }
        free(copy);
    }
    return 0;
}
