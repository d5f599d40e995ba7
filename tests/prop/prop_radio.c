/* Every processor's kernel gives the same as the plain one, to the bit, on scenes and on mere
   chance; prints its seed. */
#include "radio/burst.h"
#include "radio/kernel.h"
#include "radio_probe.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SAMPLES = 4096, ROUNDS = 60 };

static struct rng rng;
static struct probe_list sent, first, other;

static float chance(float scale)
{
    return scale * (float)(2 * rng_unit(&rng) - 1);
}

static void assert_same_floats(const float *a, const float *b, size_t n)
{
    assert_memory_equal(a, b, n * sizeof *a);
}

struct run {
    float iq[2 * SAMPLES + 64];
    uint16_t loud[SAMPLES + 512];
    uint8_t mark[SAMPLES];
    struct burst burst;
    struct carrier carrier;
    bool begins, decides;
    float mean[2];
    uint64_t ends;
};

static void run_kernel(const struct kernel *k, const struct pulse *p, const uint8_t *in,
                       enum sample_format f, const float *iq, struct run *r)
{
    struct kernel_preamble shape;
    preamble_kernel(p, &shape);
    memset(r, 0, sizeof *r);
    r->ends = k->read(f, in, SAMPLES - 5, 0.01f, -0.02f, r->iq);
    k->mean(r->iq, SAMPLES - 5, &r->mean[0], &r->mean[1]);
    float copy[2 * SAMPLES];
    memcpy(copy, iq, sizeof copy);
    k->loudness(copy, SAMPLES, 300, r->loud + PULSE_BEFORE);
    k->preamble(&shape, r->loud + PULSE_BEFORE, SAMPLES - 128, 100, r->mark);
    r->burst.at = INT64_C(77) << PULSE_Q | 12345;
    r->begins = k->begin(&r->burst, p, copy, 0.02f);
    r->burst.preamble.height = 0.5f;
    k->compare(&r->burst, p, copy);
    for (int pass = 0; pass < 2; pass++) {
        r->decides = k->decide(&r->burst, p, 0.02f, &r->carrier);
    }
    k->cancel(&r->burst, p, copy);
    memcpy(r->iq, copy, sizeof copy);
}

static void kernels_agree_on_chance(void **state)
{
    (void)state;
    static const double rate[] = {2e6, 2.4e6, 7e6, 12e6};
    static uint8_t in[8 * SAMPLES];
    static float iq[2 * SAMPLES];
    static struct run plain, fast;
    for (int round = 0; round < ROUNDS; round++) {
        struct pulse p;
        pulse_make(&p, rate[round % 4]);
        for (size_t k = 0; k < sizeof in; k++) {
            in[k] = (uint8_t)rng_next(&rng);
        }
        for (size_t k = 0; k < 2 * SAMPLES; k++) {
            iq[k] = chance(round % 3 ? 1.0f : 0.01f);
        }
        const enum sample_format f = (enum sample_format)(round % SAMPLE_FORMATS);
        run_kernel(kernel_at(0), &p, in, f, iq, &plain);
        for (unsigned k = 1; kernel_at(k); k++) {
            run_kernel(kernel_at(k), &p, in, f, iq, &fast);
            assert_int_equal(plain.ends, fast.ends);
            assert_same_floats(plain.mean, fast.mean, 2);
            assert_memory_equal(plain.loud, fast.loud, sizeof plain.loud);
            assert_memory_equal(plain.mark, fast.mark, sizeof plain.mark);
            assert_int_equal(plain.begins, fast.begins);
            assert_int_equal(plain.decides, fast.decides);
            assert_same_floats(&plain.carrier.turn, &fast.carrier.turn, 1);
            assert_same_floats(plain.burst.sure, fast.burst.sure, plain.burst.bits);
            assert_memory_equal(plain.burst.byte, fast.burst.byte, sizeof plain.burst.byte);
            assert_same_floats(plain.iq, fast.iq, 2 * SAMPLES);
        }
    }
}

static void kernels_hear_the_same(void **state)
{
    (void)state;
    static const double rate[] = {2e6, 2.4e6, 6e6};
    for (unsigned k = 0; k < 3; k++) {
        const struct render_options o = {.format = SAMPLE_CU8,
                                         .rate_hz = rate[k],
                                         .noise_dbfs = -30,
                                         .fading_db = 4,
                                         .fruit_hz = 6000,
                                         .seed = rng_next(&rng)};
        struct buf b = {0};
        probe_scene(&o, 400, 150, -16, &sent, &b);
        for (unsigned j = 0; kernel_at(j); j++) {
            const struct radio_options listen = {
                .format = o.format, .rate_hz = o.rate_hz, .kernel = kernel_at(j)->name};
            probe_listen(&listen, b.p, b.n, 1 + rng_below(&rng, 5000), j ? &other : &first);
            assert_int_equal(j ? other.n : first.n, first.n);
            assert_true(j == 0 ||
                        !memcmp(first.frame, other.frame, first.n * sizeof first.frame[0]));
        }
        assert_true(first.n > 100);
        buf_free(&b);
    }
}

int main(void)
{
    rng.state = seed_of_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_agree_on_chance),
        cmocka_unit_test(kernels_hear_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
