/* UAT on the air and back: what our renderer makes our demodulator hears, at every rate and format,
   off the middle, in noise, however the samples are cut; and of noise nothing. */
#include "base/rng.h"
#include "radio/uat_radio.h"
#include "radio/uat_render.h"
#include "radio/uat_wave.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 9 };

struct heard {
    struct uat_frame frame[4 * FRAMES];
    unsigned n;
};

static void on_frame(void *ctx, const struct uat_frame *f)
{
    struct heard *h = ctx;
    if (h->n < 4 * FRAMES) {
        h->frame[h->n] = *f;
    }
    h->n++;
}

/* Short, long, uplink in turn, of chance bytes but for the payload type. */
static struct uat_frame make(struct rng *r, unsigned i)
{
    static const uint16_t length[3] = {UAT_SHORT, UAT_LONG, UAT_UPLINK};
    struct uat_frame f = {.n = length[i % 3]};
    for (unsigned k = 0; k < f.n; k++) {
        f.byte[k] = (uint8_t)rng_below(r, 256);
    }
    f.byte[0] = f.n == UAT_SHORT ? f.byte[0] & 7 : f.byte[0] | 8;
    return f;
}

static const struct uat_render_options quiet = {
    .format = SAMPLE_CU8, .rate_hz = 2083334, .noise_dbfs = -50, .seed = 5};

/* Renders FRAMES of them, each `gap_us` after the one before. */
static void render(const struct uat_render_options *o, double carrier_hz, double level_dbfs,
                   struct uat_frame *sent, struct buf *out)
{
    struct rng rng = {o->seed};
    struct uat_render *r = uat_render_new(o);
    assert_non_null(r);
    for (unsigned i = 0; i < FRAMES; i++) {
        sent[i] = make(&rng, i);
        const double t_us = uat_render_end_us(r) + 40 + 3 * rng_unit(&rng);
        assert_int_equal(uat_render_frame(r, &sent[i], t_us, carrier_hz, level_dbfs, out), ERR_OK);
    }
    uat_render_until(r, 0, out);
    uat_render_free(r);
}

static void listen(const struct uat_render_options *o, const struct buf *samples, size_t cut,
                   struct heard *h)
{
    struct uat_radio *r =
        uat_radio_new(&(struct uat_radio_options){.format = o->format, .rate_hz = o->rate_hz});
    assert_non_null(r);
    h->n = 0;
    for (size_t at = 0; at < samples->n; at += cut) {
        const size_t n = samples->n - at < cut ? samples->n - at : cut;
        uat_radio_push(r, samples->p + at, n, on_frame, h);
    }
    uat_radio_end(r, on_frame, h);
    uat_radio_free(r);
}

static void check(const struct uat_render_options *o, double carrier_hz, double level_dbfs)
{
    struct uat_frame sent[FRAMES];
    struct heard *h = calloc(1, sizeof *h);
    struct buf out = {0};
    render(o, carrier_hz, level_dbfs, sent, &out);
    listen(o, &out, 100000, h);
    assert_int_equal(h->n, FRAMES);
    for (unsigned i = 0; i < FRAMES; i++) {
        assert_int_equal(h->frame[i].n, sent[i].n);
        assert_memory_equal(h->frame[i].byte, sent[i].byte, sent[i].n);
        assert_in_range(h->frame[i].rssi_ddb + 1000, (int)(10 * level_dbfs) + 990,
                        (int)(10 * level_dbfs) + 1010);
    }
    buf_free(&out);
    free(h);
}

static void every_rate_and_format_is_heard(void **state)
{
    (void)state;
    static const double rate[] = {2.0e6, 2083334, 2.4e6, 3.2e6, 4166667, 6e6, 20e6};
    for (size_t i = 0; i < sizeof rate / sizeof *rate; i++) {
        struct uat_render_options o = quiet;
        o.rate_hz = rate[i];
        o.format = (enum sample_format)(i % SAMPLE_FORMATS);
        o.shaped = i & 1;
        check(&o, 3000, -10);
    }
}

static void a_carrier_off_the_middle_is_followed(void **state)
{
    (void)state;
    for (int k = -4; k <= 4; k++) {
        check(&quiet, 15000 * k, -10);
    }
}

static void an_offset_and_weak_signals_do_no_harm(void **state)
{
    (void)state;
    struct uat_render_options o = quiet;
    o.offset = 0.03;
    o.noise_dbfs = -60;
    check(&o, 0, -30);
    o.format = SAMPLE_CS16;
    o.noise_dbfs = -80;
    check(&o, 0, -60);
}

static void at_seven_decibels_all_is_heard(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct uat_render_options o = quiet;
        o.noise_dbfs = -17;
        o.shaped = true;
        o.seed = seed;
        struct uat_frame sent[FRAMES];
        struct heard *h = calloc(1, sizeof *h);
        struct buf out = {0};
        render(&o, 2000, -10, sent, &out);
        listen(&o, &out, 65536, h);
        assert_int_equal(h->n, FRAMES);
        for (unsigned i = 0; i < FRAMES; i++) {
            assert_memory_equal(h->frame[i].byte, sent[i].byte, sent[i].n);
        }
        buf_free(&out);
        free(h);
    }
}

static void any_cut_gives_the_same(void **state)
{
    (void)state;
    static const size_t cuts[] = {1, 3, 4097, 65537, 1 << 20};
    struct uat_frame sent[FRAMES];
    struct heard *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    struct buf out = {0};
    struct uat_render_options o = quiet;
    o.format = SAMPLE_CS16;
    render(&o, 0, -10, sent, &out);
    listen(&o, &out, out.n, a);
    assert_int_equal(a->n, FRAMES);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        memset(b, 0, sizeof *b);
        listen(&o, &out, cuts[i], b);
        assert_int_equal(b->n, a->n);
        for (unsigned k = 0; k < a->n; k++) {
            assert_int_equal(a->frame[k].t_us, b->frame[k].t_us);
            assert_memory_equal(a->frame[k].byte, b->frame[k].byte, a->frame[k].n);
        }
    }
    out.n -= 8001; /* the last, an uplink, is cut: neither it nor anything else */
    listen(&o, &out, 4096, b);
    assert_int_equal(b->n, FRAMES - 1);
    buf_free(&out);
    free(a);
    free(b);
}

static void of_noise_and_silence_nothing_is_heard(void **state)
{
    (void)state;
    struct heard *h = calloc(1, sizeof *h);
    struct buf out = {0};
    struct uat_render *r = uat_render_new(&(struct uat_render_options){
        .format = SAMPLE_CU8, .rate_hz = 2083334, .noise_dbfs = -15, .seed = 9});
    uat_render_until(r, 1e6, &out);
    uat_render_free(r);
    listen(&quiet, &out, 65536, h);
    assert_int_equal(h->n, 0);
    memset(out.p, 128, out.n);
    listen(&quiet, &out, 65536, h);
    assert_int_equal(h->n, 0);
    memset(out.p, 255, out.n);
    listen(&quiet, &out, 65536, h);
    assert_int_equal(h->n, 0);
    out.n = 0;
    listen(&quiet, &out, 1, h);
    assert_int_equal(h->n, 0);
    buf_free(&out);
    free(h);
}

static void rates_out_of_bounds_are_refused(void **state)
{
    (void)state;
    static const double bad[] = {0, -1, 1.9e6, 20.1e6, INFINITY, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(uat_radio_new(&(struct uat_radio_options){.rate_hz = bad[i]}));
        assert_null(uat_render_new(&(struct uat_render_options){.rate_hz = bad[i]}));
    }
    struct uat_render *r = uat_render_new(&quiet);
    struct buf out = {0};
    const struct uat_frame odd = {.n = 17}, fine = {.n = UAT_SHORT};
    assert_int_equal(uat_render_frame(r, &odd, 100, 0, -10, &out), ERR_RANGE);
    assert_int_equal(uat_render_frame(r, &fine, 100, 0, -10, &out), ERR_OK);
    assert_int_equal(uat_render_frame(r, &fine, 50, 0, -10, &out), ERR_RANGE);
    uat_render_free(r);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rate_and_format_is_heard),
        cmocka_unit_test(a_carrier_off_the_middle_is_followed),
        cmocka_unit_test(an_offset_and_weak_signals_do_no_harm),
        cmocka_unit_test(at_seven_decibels_all_is_heard),
        cmocka_unit_test(any_cut_gives_the_same),
        cmocka_unit_test(of_noise_and_silence_nothing_is_heard),
        cmocka_unit_test(rates_out_of_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
