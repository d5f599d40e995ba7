/* gzip and zstd taken apart in pieces of every length, cut everywhere, every bit of them flipped.
 */
#include "base/rng.h"
#include "net/unpack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN = 2000 };

static uint8_t plain[2 * PLAIN];

/* Two members or frames, one after the other. */
static struct buf packed(enum packing packing)
{
    struct buf out = {0};
    for (unsigned i = 0; i < 2; i++) {
        struct pack *p = pack_new(packing);
        assert_non_null(p);
        assert_int_equal(pack_write(p, plain + i * PLAIN, PLAIN / 2, PACK_MORE, &out), ERR_OK);
        assert_int_equal(pack_write(p, NULL, 0, PACK_FLUSH, &out), ERR_OK);
        assert_int_equal(pack_write(p, plain + i * PLAIN + PLAIN / 2, PLAIN / 2, PACK_END, &out),
                         ERR_OK);
        pack_free(p);
    }
    return out;
}

/* Unpacks n bytes given in pieces of up to most bytes (random where rng is given). */
static enum err unpack_all(const uint8_t *bytes, size_t n, size_t most, struct rng *rng,
                           enum packing named, struct buf *out)
{
    struct unpack *u = unpack_new(named);
    assert_non_null(u);
    enum err e = ERR_OK;
    const uint8_t *got;
    size_t got_n;
    while (n > 0 && !e) {
        size_t piece = rng ? 1 + rng_below(rng, (uint32_t)most) : most;
        piece = piece < n ? piece : n;
        uint8_t *exact = malloc(piece); /* so that a sanitizer sees a read past its end */
        assert_non_null(exact);
        memcpy(exact, bytes, piece);
        const uint8_t *p = exact;
        size_t left = piece;
        do {
            e = unpack_step(u, &p, &left, &got, &got_n);
            buf_add(out, got, got_n);
        } while (!e && (left > 0 || got_n > 0));
        free(exact);
        bytes += piece;
        n -= piece;
    }
    if (!e) {
        e = unpack_end(u, &got, &got_n);
        buf_add(out, got, got_n);
    }
    if (e) {
        assert_true(strlen(unpack_why(u, e)) > 10);
    }
    unpack_free(u);
    return e;
}

static void check_pieces(enum packing packing)
{
    struct buf in = packed(packing), out = {0};
    struct rng rng = {7};
    for (size_t most = 1; most < 300; most++) {
        buf_clear(&out);
        assert_int_equal(unpack_all(in.p, in.n, most, most % 2 ? NULL : &rng, PACKING_NONE, &out),
                         ERR_OK);
        assert_int_equal(out.n, sizeof plain);
        assert_memory_equal(out.p, plain, sizeof plain);
    }
    buf_free(&in);
    buf_free(&out);
}

static void in_pieces(void **state)
{
    (void)state;
    check_pieces(PACKING_GZIP);
    check_pieces(PACKING_ZSTD);
}

/* Cut at any place but between the two, it is told; what came before is right. */
static void check_cuts(enum packing packing)
{
    struct buf in = packed(packing), out = {0};
    unsigned whole = 0;
    for (size_t n = 0; n < in.n; n++) {
        buf_clear(&out);
        const enum err e = unpack_all(in.p, n, 64, NULL, packing, &out);
        assert_true(e == ERR_SHORT || (e == ERR_OK && out.n == PLAIN));
        whole += e == ERR_OK;
        assert_memory_equal(out.p ? out.p : plain, plain, out.n);
    }
    assert_int_equal(whole, 1);
    buf_free(&in);
    buf_free(&out);
}

static void cut_anywhere(void **state)
{
    (void)state;
    check_cuts(PACKING_GZIP);
    check_cuts(PACKING_ZSTD);
}

static void check_flips(enum packing packing)
{
    struct buf in = packed(packing), out = {0};
    unsigned told = 0;
    for (size_t bit = 0; bit < in.n * 8; bit += 3) {
        buf_clear(&out);
        in.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        told += unpack_all(in.p, in.n, 100, NULL, packing, &out) != ERR_OK;
        in.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    /* Nearly every one is found by the checksums; a few header bits (time, system) say nothing. */
    assert_true(told > in.n * 8 / 3 * 95 / 100);
    buf_free(&in);
    buf_free(&out);
}

static void damaged_anywhere(void **state)
{
    (void)state;
    check_flips(PACKING_GZIP);
    check_flips(PACKING_ZSTD);
}

static void other_bytes_pass_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } row[] = {{"", 0},
               {"x", 1},
               {"\x1f", 1},
               {"\x1f\x8b", 2},
               {"\x1f\x8b\x08", 3},
               {"\x1f\x8b\x08\xe0 samples", 12},
               {"\x28\xb5\x2f", 3},
               {"\x28\xb5\x2f\xfe and more", 13}};
    struct buf out = {0};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        for (size_t most = 1; most < 6; most++) {
            buf_clear(&out);
            assert_int_equal(
                unpack_all((const uint8_t *)row[i].bytes, row[i].n, most, NULL, PACKING_NONE, &out),
                ERR_OK);
            assert_int_equal(out.n, row[i].n);
            assert_memory_equal(out.p ? out.p : plain, row[i].bytes, out.n);
        }
    }
    buf_free(&out);
}

static void zeros_may_pad_gzip(void **state)
{
    (void)state;
    struct buf in = packed(PACKING_GZIP), out = {0};
    static const uint8_t zeros[1000];
    buf_add(&in, zeros, sizeof zeros);
    assert_int_equal(unpack_all(in.p, in.n, 77, NULL, PACKING_GZIP, &out), ERR_OK);
    assert_int_equal(out.n, sizeof plain);
    buf_clear(&out);
    buf_byte(&in, 'x');
    assert_int_equal(unpack_all(in.p, in.n, 77, NULL, PACKING_GZIP, &out), ERR_SYNTAX);
    assert_int_equal(out.n, sizeof plain);
    buf_free(&in);
    buf_free(&out);
}

static void names(void **state)
{
    (void)state;
    assert_int_equal(packing_of_name("x.bin.gz"), PACKING_GZIP);
    assert_int_equal(packing_of_name("x.zst"), PACKING_ZSTD);
    assert_int_equal(packing_of_name("x.gz.bin"), PACKING_NONE);
    assert_int_equal(packing_of_name(".gz"), PACKING_NONE);
    assert_int_equal(packing_of_name("-"), PACKING_NONE);
}

int main(void)
{
    struct rng rng = {1};
    for (size_t i = 0; i < sizeof plain; i++) {
        plain[i] = (uint8_t) "0123456789abcdef*;\n"[rng_below(&rng, 19)];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_pieces),          cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(damaged_anywhere),   cmocka_unit_test(other_bytes_pass_as_they_are),
        cmocka_unit_test(zeros_may_pad_gzip), cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
