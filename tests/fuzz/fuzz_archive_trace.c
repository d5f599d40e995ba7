/* Any bytes as a readsb trace, whole and in two pieces: both must give the same points. */
#include "archive/trace.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t points, sum;
};

static void add(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct sum *s = ctx;
    s->points++;
    s->sum = s->sum * 31 + (uint64_t)k->t_ms + (uint32_t)k->lat_e7 + (uint32_t)k->lon_e7 +
             k->squawk + more->flags;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    struct sum whole = {0}, pieces = {0};
    struct trace_reader *r = trace_reader_new(add, &whole);
    struct trace_reader *q = trace_reader_new(add, &pieces);
    if (!r || !q) {
        abort();
    }
    const size_t cut = data[0] < size - 1 ? data[0] : size - 1;
    trace_reader_push(r, data + 1, size - 1);
    trace_reader_push(q, data + 1, cut);
    trace_reader_push(q, data + 1 + cut, size - 1 - cut);
    if (trace_reader_end(r) != trace_reader_end(q) || whole.points != pieces.points ||
        whole.sum != pieces.sum) {
        abort();
    }
    trace_reader_free(r);
    trace_reader_free(q);
    return 0;
}
