/* Any bytes as a heatmap; the index is made valid so that records are reached. */
#include "archive/heatmap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, const struct kept *k, const struct archive_more *more)
{
    (void)ctx;
    (void)more;
    if (k->t_ms < KEPT_TIME_MIN || k->t_ms > KEPT_TIME_MAX || abs(k->lat_e7) > 900000000 ||
        k->lon_e7 < -1800000000 || k->lon_e7 >= 1800000000 || k->address > 0x1ffffff ||
        (k->squawk > 07777 && k->squawk != KEPT_NO_SQUAWK)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heatmap_reader *r = heatmap_reader_new(check, NULL);
    if (!r) {
        abort();
    }
    heatmap_reader_push(r, data, size);
    heatmap_reader_end(r);
    static const uint8_t index[16] = {1};
    static const uint8_t slice[16] = {0x9d, 0x7c, 0x7f, 0x0e, 0x8b, 1, 0, 0, 0, 0x68, 0xe5, 0xcf};
    heatmap_reader_start(r);
    heatmap_reader_push(r, index, sizeof index);
    heatmap_reader_push(r, slice, sizeof slice);
    for (size_t at = 0; at < size; at += 11) {
        heatmap_reader_push(r, data + at, size - at < 11 ? size - at : 11);
    }
    heatmap_reader_end(r);
    heatmap_reader_free(r);
    return 0;
}
