/* Any bytes as messages of the live picture. The first byte says how the rest is split: a snapshot
   and a delta that follows it are both reached. */
#include "wire/picture.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Slots beyond 4,096 cost only memory; the header is made valid so that records are reached. */
static void apply(struct picture *p, const uint8_t *data, size_t n, uint8_t kind)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) {
        return;
    }
    memcpy(copy, data, n);
    if (n >= PICTURE_HEADER) {
        const uint32_t seq = picture_seq(p);
        memcpy(copy, "mP\2", 3);
        copy[3] = kind;
        memcpy(copy + 8, &seq, sizeof seq);
        copy[23] = 0;
        copy[22] &= 0x1f;
        copy[26] = copy[27] = 0;
    }
    picture_apply(p, copy, n, NULL, NULL);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > BYTES_MAX) {
        return 0;
    }
    struct picture *p = picture_new();
    if (!p) {
        return 0;
    }
    const size_t first = (size_t)data[0] * 16 < size - 1 ? (size_t)data[0] * 16 : size - 1;
    picture_apply(p, data + 1, size - 1, NULL, NULL);
    apply(p, data + 1, first, 0);
    apply(p, data + 1 + first, size - 1 - first, 1);
    struct buf b = {0};
    picture_snapshot(p, &b); /* what was read can be written */
    buf_free(&b);
    picture_free(p);
    return 0;
}
