/* The demodulator on scenes rendered with known frames: what must be heard, when, and what must do
   no harm. */
#include "radio_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct probe_list sent, heard, other;

static struct render_options quiet_scene(void)
{
    return (struct render_options){
        .format = SAMPLE_CU8, .rate_hz = 2.4e6, .noise_dbfs = -32, .seed = 3};
}

static struct radio_options listener(const struct render_options *o)
{
    return (struct radio_options){.format = o->format, .rate_hz = o->rate_hz};
}

static unsigned hear(const struct render_options *o, unsigned n, double gap_us, double level,
                     unsigned *wrong)
{
    struct buf b = {0};
    probe_scene(o, n, gap_us, level, &sent, &b);
    const struct radio_options listen = listener(o);
    probe_listen(&listen, b.p, b.n, 0, &heard);
    buf_free(&b);
    return probe_right(&sent, &heard, wrong);
}

static void all_frames_are_heard_at_any_rate_and_format(void **state)
{
    (void)state;
    static const double rate[] = {2.0e6, 2.4e6, 3.2e6, 6e6, 12e6, 20e6};
    for (unsigned k = 0; k < sizeof rate / sizeof rate[0]; k++) {
        struct render_options o = quiet_scene();
        o.rate_hz = rate[k];
        o.format = (enum sample_format)(k % SAMPLE_FORMATS);
        unsigned wrong;
        const unsigned right = hear(&o, 120, 400, -12, &wrong);
        print_message("%.1f MHz %s: %u of %u\n", rate[k] / 1e6, sample_format_name(o.format), right,
                      sent.n);
        assert_true(right >= sent.n - 1);
        assert_int_equal(wrong, 0);
    }
}

static void weak_frames_are_heard_by_their_carrier(void **state)
{
    (void)state;
    const struct render_options o = quiet_scene();
    unsigned wrong;
    const unsigned right = hear(&o, 400, 300, -32 + 12, &wrong);
    print_message("12 dB above noise: %u of %u, wrong %u\n", right, sent.n, wrong);
    assert_true(right > sent.n * 85 / 100);
    assert_true(wrong <= 1);
}

static void pulses_without_a_common_phase_are_heard_too(void **state)
{
    (void)state;
    struct render_options o = quiet_scene();
    o.old_share = 1;
    unsigned wrong;
    const unsigned right = hear(&o, 200, 300, -32 + 18, &wrong);
    print_message("random phases, 18 dB: %u of %u\n", right, sent.n);
    assert_true(right > sent.n * 90 / 100);
    assert_int_equal(wrong, 0);
}

static void a_strong_frame_within_a_weak_one_hides_neither(void **state)
{
    (void)state;
    const struct render_options o = quiet_scene();
    struct render *r = render_new(&o);
    struct buf b = {0};
    struct rng rng = {.state = 9};
    struct probe_frame weak, strong;
    double t_us = 100;
    sent.n = 0;
    for (unsigned k = 0; k < 20; k++) {
        probe_make(&weak, 17, probe_address(1), &rng);
        probe_make(&strong, 17, probe_address(2), &rng);
        weak.tick = (uint64_t)llround((t_us + 64) * 12);
        strong.tick = (uint64_t)llround((t_us + 100 + 64) * 12);
        sent.frame[sent.n++] = weak;
        sent.frame[sent.n++] = strong;
        render_frame(r, weak.byte, weak.n, t_us, -16, &b);
        render_frame(r, strong.byte, strong.n, t_us + 100, -4, &b);
        t_us += 500;
    }
    render_until(r, render_end_us(r) + 300, &b);
    render_free(r);
    const struct radio_options listen = listener(&o);
    probe_listen(&listen, b.p, b.n, 0, &heard);
    buf_free(&b);
    unsigned wrong;
    const unsigned right = probe_right(&sent, &heard, &wrong);
    print_message("strong within weak: %u of %u\n", right, sent.n);
    assert_true(right >= 36);
    assert_int_equal(wrong, 0);
}

static void cuts_do_not_matter(void **state)
{
    (void)state;
    struct render_options o = quiet_scene();
    o.format = SAMPLE_CS16;
    o.fruit_hz = 4000;
    o.offset = 0.02;
    struct buf b = {0};
    probe_scene(&o, 300, 200, -14, &sent, &b);
    const struct radio_options listen = listener(&o);
    probe_listen(&listen, b.p, b.n, 0, &heard);
    static const size_t cut[] = {1, 3, 7, 4096, 65537};
    for (unsigned k = 0; k < sizeof cut / sizeof cut[0]; k++) {
        probe_listen(&listen, b.p, b.n, cut[k], &other);
        assert_int_equal(other.n, heard.n);
        assert_memory_equal(other.frame, heard.frame, heard.n * sizeof heard.frame[0]);
    }
    assert_true(heard.n > 200);
    buf_free(&b);
}

static void an_offset_and_a_full_scale_are_borne(void **state)
{
    (void)state;
    struct render_options o = quiet_scene();
    o.offset = 0.1;
    unsigned wrong;
    assert_true(hear(&o, 100, 400, -14, &wrong) >= 98);
    assert_int_equal(wrong, 0);
    o.offset = 0;
    const unsigned right = hear(&o, 100, 400, 6, &wrong); /* clipped hard */
    print_message("6 dB beyond full scale: %u of %u\n", right, sent.n);
    assert_true(right >= 90);
    assert_int_equal(wrong, 0);
}

static void silence_noise_and_ends_give_nothing(void **state)
{
    (void)state;
    const struct radio_options listen = {.format = SAMPLE_CU8, .rate_hz = 2.4e6};
    enum { N = 1000000 };
    uint8_t *p = malloc(N);
    assert_non_null(p);
    memset(p, 127, N);
    struct radio_state s = probe_listen(&listen, p, N, 0, &heard);
    assert_int_equal(heard.n, 0);
    assert_int_equal(s.samples, N / 2);
    memset(p, 255, N);
    s = probe_listen(&listen, p, N - 1, 0, &heard);
    assert_int_equal(heard.n, 0);
    assert_int_equal(s.clipped, N - 2);
    struct rng rng = {.state = 5};
    for (unsigned k = 0; k < N; k++) {
        p[k] = (uint8_t)rng_next(&rng);
    }
    probe_listen(&listen, p, N, 0, &heard);
    assert_int_equal(heard.n, 0);
    probe_listen(&listen, p, 0, 0, &heard);
    probe_listen(&listen, p, 1, 0, &heard);
    assert_int_equal(heard.n, 0);
    free(p);
}

static void a_file_may_end_within_a_frame(void **state)
{
    (void)state;
    const struct render_options o = quiet_scene();
    struct buf b = {0};
    probe_scene(&o, 3, 400, -10, &sent, &b);
    const struct radio_options listen = listener(&o);
    const size_t begin = (size_t)((double)sent.frame[2].tick / 12 * 2.4) * 2;
    probe_listen(&listen, b.p, begin, 0, &heard);
    assert_int_equal(heard.n, 2);
    probe_listen(&listen, b.p, b.n - 2 * 300 * 24 / 10, 0, &heard);
    assert_int_equal(heard.n, 3);
    buf_free(&b);
}

static void rates_and_kernels_that_are_not_are_refused(void **state)
{
    (void)state;
    assert_null(radio_new(&(struct radio_options){.rate_hz = 1e6}));
    assert_null(radio_new(&(struct radio_options){.rate_hz = (double)NAN}));
    assert_null(radio_new(&(struct radio_options){.rate_hz = 2.4e6, .kernel = "abacus"}));
    assert_null(render_new(&(struct render_options){.rate_hz = 21e6}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_frames_are_heard_at_any_rate_and_format),
        cmocka_unit_test(weak_frames_are_heard_by_their_carrier),
        cmocka_unit_test(pulses_without_a_common_phase_are_heard_too),
        cmocka_unit_test(a_strong_frame_within_a_weak_one_hides_neither),
        cmocka_unit_test(cuts_do_not_matter),
        cmocka_unit_test(an_offset_and_a_full_scale_are_borne),
        cmocka_unit_test(silence_noise_and_ends_give_nothing),
        cmocka_unit_test(a_file_may_end_within_a_frame),
        cmocka_unit_test(rates_and_kernels_that_are_not_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
