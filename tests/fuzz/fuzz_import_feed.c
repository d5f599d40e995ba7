/* Any bytes as a file that is imported: told by their content and as each format, whole and in
   pieces; what comes out is what a store takes. */
#include "import/feed.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t points, value;
};

static void add(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct sum *s = ctx;
    (void)more;
    if (k->origin >= ORIGIN_COUNT || k->ground > 1 || k->t_ms < KEPT_TIME_MIN ||
        k->t_ms > KEPT_TIME_MAX || abs(k->lat_e7) > 900000000 || k->lon_e7 < -1800000000 ||
        k->lon_e7 >= 1800000000 || k->track_e2_deg >= 36000 ||
        (k->squawk > 07777 && k->squawk != KEPT_NO_SQUAWK)) {
        abort();
    }
    s->points++;
    s->value = 31 * s->value + (uint64_t)k->t_ms + (uint32_t)k->lat_e7 + k->address;
}

static void check_end(struct feed *f, enum err e)
{
    struct import_sums sums;
    const char *why = feed_why(f);
    feed_sums(f, &sums);
    if ((e == ERR_OK) != (why[0] == 0)) {
        abort();
    }
}

/* The first byte: which format, or none; and how long the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const unsigned as = data[0] % (IMPORT_FORMATS + 1), piece = 1 + data[0] / 16;
    const struct import_options o = {.as = (enum import_format)as,
                                     .address = data[0] & 1 ? 0x3c6444 : ADDRESS_NONE,
                                     .start_ms = data[0] & 2 ? INT64_C(1717749000000) : 0,
                                     .aircraft_max = 64,
                                     .bytes_max = 1 << 20};
    struct sum whole = {0}, pieces = {0};
    struct feed *f = feed_new(&o, add, &whole), *g = feed_new(&o, add, &pieces);
    if (!f || !g) {
        abort();
    }
    enum err e = feed_start(f), d = feed_start(g);
    e = e ? e : feed_whole(f, data + 1, size - 1);
    for (size_t at = 1; at < size && !d; at += piece) {
        d = feed_push(g, data + at, size - at < piece ? size - at : piece);
    }
    d = d ? d : feed_end(g);
    check_end(f, e);
    check_end(g, d);
    /* Without an error pieces change nothing; where unpacking fails, how much came out before may.
     */
    if (!e && (d || whole.points != pieces.points || whole.value != pieces.value)) {
        abort();
    }
    feed_free(f);
    feed_free(g);
    return 0;
}
