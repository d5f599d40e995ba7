/* Why nothing is heard is said: each thing that can be wrong with samples, by its sentence. */
#include "radio/doubt.h"
#include "radio_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct probe_list sent;

/* What is said of n bytes that are taken for samples so. */
static void says(enum sample_format format, double rate_hz, const uint8_t *p, size_t n,
                 const char *words)
{
    const struct radio_options o = {.format = format, .rate_hz = rate_hz};
    static struct probe_list heard;
    char why[200] = "";
    struct doubt *d = doubt_new(&o);
    assert_non_null(d);
    for (size_t at = 0; at < n; at += 4096) {
        doubt_push(d, p + at, n - at < 4096 ? n - at : 4096);
    }
    const struct radio_state s = probe_listen(&o, p, n, 0, &heard);
    doubt_say(d, &s, why, sizeof why);
    doubt_free(d);
    if (!strstr(why, words)) {
        fail_msg("'%s' does not say '%s'", why, words);
    }
}

static void another_rate_or_form_is_found(void **state)
{
    (void)state;
    static const struct {
        enum sample_format format, taken_for;
        double rate_hz, taken_at_hz;
        const char *words;
    } wrong[] = {
        {SAMPLE_CU8, SAMPLE_CU8, 2.0e6, 2.4e6, "at format=cu8,rate=2000000 there are"},
        {SAMPLE_CU8, SAMPLE_CU8, 2.4e6, 2.0e6, "at format=cu8,rate=2400000 there are"},
        {SAMPLE_CS16, SAMPLE_CU8, 2.4e6, 2.4e6, "at format=cs16,rate=2400000 there are"},
        {SAMPLE_CS8, SAMPLE_CU8, 6e6, 2.4e6, "at format=cs8,rate=6000000 there are"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        const struct render_options o = {
            .format = wrong[k].format, .rate_hz = wrong[k].rate_hz, .noise_dbfs = -40, .seed = 3};
        struct buf b = {0};
        probe_scene(&o, 40, 300, -12, &sent, &b);
        says(wrong[k].taken_for, wrong[k].taken_at_hz, b.p, b.n, wrong[k].words);
        buf_free(&b);
    }
}

enum { BYTES = 40000 };

static void what_is_wrong_with_the_level_is_said(void **state)
{
    (void)state;
    struct rng r = {.state = 7};
    uint8_t *p = malloc(BYTES);
    assert_non_null(p);
    memset(p, 127, BYTES);
    says(SAMPLE_CU8, 2.4e6, p, BYTES, "silence: all 20000 samples are the same");
    for (unsigned k = 0; k < BYTES; k++) {
        p[k] = rng_below(&r, 8) ? 127 : 128;
    }
    says(SAMPLE_CU8, 2.4e6, p, BYTES, "more gain");
    for (unsigned k = 0; k < BYTES; k++) {
        p[k] = rng_below(&r, 2) ? 0 : 255;
    }
    says(SAMPLE_CU8, 2.4e6, p, BYTES, "less gain");
    for (unsigned k = 0; k < BYTES; k++) {
        p[k] = (uint8_t)(200 + rng_below(&r, 16));
    }
    says(SAMPLE_CU8, 2.4e6, p, BYTES, "off the middle by 0.6");
    for (unsigned k = 0; k < BYTES; k++) {
        p[k] = (uint8_t)(120 + rng_below(&r, 16));
    }
    says(SAMPLE_CU8, 2.4e6, p, BYTES, "is it 1090 MHz");
    free(p);
}

static void nothing_is_said_to_be_nothing(void **state)
{
    (void)state;
    const uint8_t p[3] = {1, 2, 3};
    says(SAMPLE_CU8, 2.4e6, p, 0, "there are no samples");
    says(SAMPLE_CS16, 2.4e6, p, 3, "3 bytes, of which one takes 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_rate_or_form_is_found),
        cmocka_unit_test(what_is_wrong_with_the_level_is_said),
        cmocka_unit_test(nothing_is_said_to_be_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
