/* Any bytes as a compressed file, handed on in chunks of any length. Byte 0 names the packing and
   whether the rest is given as it is or first packed by our own pack_write, which must then come
   back the same; byte 1 is the length of a chunk. */
#include "net/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 4 << 20 }; /* what a few bytes can swell to without end is stopped here */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* One chunk, in memory of its own so that a read past it is seen. */
static enum err feed(struct unpack *u, const uint8_t *bytes, size_t n, struct buf *whole)
{
    uint8_t *chunk = malloc(n);
    must(chunk != NULL);
    memcpy(chunk, bytes, n);
    const uint8_t *p = chunk, *out = NULL;
    size_t out_n = 0;
    enum err e = ERR_OK;
    do {
        const size_t before = n;
        e = unpack_step(u, &p, &n, &out, &out_n);
        must(n <= before);
        buf_add(whole, out, out_n);
    } while (!e && (n || out_n) && whole->n < OUT_MAX);
    free(chunk);
    return e;
}

static enum err unpack_all(enum packing named, const uint8_t *bytes, size_t n, size_t step,
                           struct buf *whole)
{
    struct unpack *u = unpack_new(named);
    must(u != NULL);
    enum err e = ERR_OK;
    while (n && !e && whole->n < OUT_MAX) {
        const size_t m = n < step ? n : step;
        e = feed(u, bytes, m, whole);
        bytes += m;
        n -= m;
    }
    if (!e && whole->n < OUT_MAX) {
        const uint8_t *out = NULL;
        size_t out_n = 0;
        e = unpack_end(u, &out, &out_n);
        buf_add(whole, out, out_n);
    }
    must(!e || unpack_why(u, e)[0] != '\0');
    unpack_free(u);
    return e;
}

static void round_trip(enum packing packing, const uint8_t *bytes, size_t n, size_t step)
{
    struct buf packed = {0}, whole = {0};
    struct pack *p = pack_new(packing);
    must(p != NULL);
    must(!pack_write(p, bytes, n / 2, PACK_FLUSH, &packed));
    must(!pack_write(p, bytes + n / 2, n - n / 2, PACK_END, &packed));
    pack_free(p);
    must(!unpack_all(packing, packed.p, packed.n, step, &whole));
    must(whole.n == n && (n == 0 || memcmp(whole.p, bytes, n) == 0));
    buf_free(&packed);
    buf_free(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const enum packing packing = data[0] % 3;
    const size_t step = data[1] ? data[1] : 1;
    if (data[0] >= 0xf0 && packing != PACKING_NONE) {
        round_trip(packing, data + 2, size - 2, step);
        return 0;
    }
    struct buf whole = {0};
    (void)unpack_all(packing, data + 2, size - 2, step, &whole);
    buf_free(&whole);
    return 0;
}
