/* Parity against a bit-by-bit division, and repair of every single and double error. */
#include "frame_probe.h"

#include "base/rng.h"
#include "radio/parity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The remainder by the school's method: divide the polynomial by 1fff409, bit after bit. */
static uint32_t divided(const uint8_t *p, size_t n)
{
    uint32_t r = 0;
    for (size_t i = 0; i < 8 * n; i++) {
        r = r << 1 | (p[i / 8] >> (7 - i % 8) & 1u);
        r ^= r >> 24 & 1u ? UINT32_C(0x1fff409) : 0;
    }
    return r;
}

static void known(void **state)
{
    (void)state;
    const struct frame squitter = frame_probe("8d406b902015a678d4d220aa4bda");
    const struct frame reply = frame_probe("a02014b400000000000000f9d514");
    const struct frame all_call = frame_probe("5d484fdea248f5");
    assert_int_equal(parity_remainder(squitter.byte, 14), 0);
    assert_int_equal(parity_of(squitter.byte, 14), 0xaa4bda);
    assert_int_equal(parity_remainder(reply.byte, 14), divided(reply.byte, 14));
    assert_int_equal(parity_remainder(all_call.byte, 7), divided(all_call.byte, 7));
}

static void same_as_division(void **state)
{
    (void)state;
    struct rng r = {20260607};
    for (int i = 0; i < 20000; i++) {
        uint8_t p[14];
        for (unsigned k = 0; k < sizeof p; k++) {
            p[k] = (uint8_t)rng_next(&r);
        }
        for (size_t n = 7; n <= 14; n += 7) {
            const uint32_t remainder = parity_remainder(p, n);
            assert_int_equal(remainder, divided(p, n));
            const uint32_t sent = (uint32_t)p[n - 3] << 16 | (uint32_t)p[n - 2] << 8 | p[n - 1];
            assert_int_equal(parity_of(p, n) ^ sent, remainder);
        }
    }
}

static void flip(uint8_t *p, int bit)
{
    p[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
}

static void one_bit(void **state)
{
    (void)state;
    for (size_t n = 7; n <= 14; n += 7) {
        for (int bit = 0; bit < (int)n * 8; bit++) {
            uint8_t p[14] = {0}, bits[2] = {255, 255};
            flip(p, bit);
            const uint32_t syndrome = parity_remainder(p, n);
            assert_int_equal(parity_repair(syndrome, n, 0, bits), 0);
            for (unsigned most = 1; most <= 2; most++) {
                assert_int_equal(parity_repair(syndrome, n, most, bits), bit >= 5);
                if (bit >= 5) {
                    assert_int_equal(bits[0], bit);
                }
            }
        }
    }
}

static void two_bits(void **state)
{
    (void)state;
    const size_t n = 14;
    for (int a = 0; a < 112; a++) {
        for (int b = a + 1; b < 112; b++) {
            uint8_t p[14] = {0}, bits[2];
            flip(p, a);
            flip(p, b);
            const uint32_t syndrome = parity_remainder(p, n);
            assert_int_equal(parity_repair(syndrome, n, 1, bits), 0);
            const unsigned repaired = parity_repair(syndrome, n, 2, bits);
            assert_int_equal(repaired, a >= 5 ? 2 : 0);
            if (repaired) {
                assert_int_equal(bits[0], a);
                assert_int_equal(bits[1], b);
            }
        }
    }
}

/* Three wrong bits never pass for none, one or two: the code's distance is six. */
static void three_bits(void **state)
{
    (void)state;
    struct rng r = {3};
    for (int i = 0; i < 200000; i++) {
        uint8_t p[14] = {0}, bits[2];
        const int a = (int)rng_below(&r, 112);
        const int b = (a + 1 + (int)rng_below(&r, 55)) % 112;
        const int c = (b + 1 + (int)rng_below(&r, 55)) % 112;
        if (c == a) {
            continue;
        }
        flip(p, a);
        flip(p, b);
        flip(p, c);
        const uint32_t syndrome = parity_remainder(p, 14);
        assert_int_not_equal(syndrome, 0);
        assert_int_equal(parity_repair(syndrome, 14, 2, bits), 0);
    }
}

static void clean(void **state)
{
    (void)state;
    uint8_t bits[2];
    assert_int_equal(parity_repair(0, 14, 2, bits), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),    cmocka_unit_test(same_as_division), cmocka_unit_test(one_bit),
        cmocka_unit_test(two_bits), cmocka_unit_test(three_bits),       cmocka_unit_test(clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
