/* Samples as a wire format: frames written as samples are read back; rtl_tcp's greeting and header.
 */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct heard {
    unsigned n;
    struct frame frame[16];
};

static void on_item(void *ctx, const struct wire_item *item)
{
    struct heard *h = ctx;
    if (item->kind == WIRE_FRAME && h->n < 16) {
        h->frame[h->n++] = *item->frame;
    }
}

/* An airborne position and an identification of one aircraft, parity and all. */
static const uint8_t frames[2][14] = {
    {0x8d, 0x40, 0x62, 0x1d, 0x58, 0xc3, 0x82, 0xd6, 0x90, 0xc8, 0xac, 0x28, 0x63, 0xa7},
    {0x8d, 0x40, 0x6b, 0x90, 0x20, 0x15, 0xa6, 0x78, 0xd4, 0xd2, 0x20, 0xaa, 0x4b, 0xda},
};

static void write_two(const char *spec_text, struct buf *out)
{
    char why[200] = "";
    struct spec spec;
    assert_int_equal(spec_parse(&spec, spec_text, why, sizeof why), ERR_OK);
    const struct wire_format *iq = wire_format_find("iq");
    struct wire_writer *w = iq->writer_new(&spec, why, sizeof why);
    assert_non_null(w);
    for (int k = 0; k < 2; k++) {
        struct frame f = {.t_us = 5000 + 3000 * k, .n = 14, .signal = 60};
        memcpy(f.byte, frames[k], 14);
        iq->writer_event(w, &(struct wire_event){.frame = &f}, out);
    }
    iq->writer_end(w, out);
    iq->writer_free(w);
}

static struct heard read_all(const char *format, const char *spec_text, const uint8_t *p, size_t n,
                             size_t cut, struct counters *counters)
{
    char why[200] = "";
    struct spec spec;
    struct heard h = {0};
    const struct wire_options o = {.counters = counters};
    const struct wire_format *f = wire_format_find(format);
    assert_int_equal(spec_parse(&spec, spec_text, why, sizeof why), ERR_OK);
    struct wire_reader *r = f->reader_new(&o, &spec, why, sizeof why);
    assert_non_null(r);
    for (size_t at = 0; at < n; at += cut) {
        f->reader_push(r, p + at, n - at < cut ? n - at : cut, 0, on_item, &h);
    }
    f->reader_end(r, 0, on_item, &h);
    f->reader_free(r);
    return h;
}

static void written_samples_are_read_back(void **state)
{
    (void)state;
    static const char *const spec[] = {
        "iq:file=-", "iq:file=-,format=cs16,rate=2000000",
        "iq:file=-,format=cf32,rate=6000000,noise=-40,fruit=2000,seed=4"};
    for (unsigned k = 0; k < sizeof spec / sizeof spec[0]; k++) {
        struct buf b = {0};
        struct counters counters = {0};
        write_two(spec[k], &b);
        const struct heard h = read_all("iq", spec[k], b.p, b.n, 7777, &counters);
        assert_int_equal(h.n, 2);
        assert_memory_equal(h.frame[0].byte, frames[0], 14);
        assert_memory_equal(h.frame[1].byte, frames[1], 14);
        assert_in_range(h.frame[1].t_us - h.frame[0].t_us, 2998, 3002);
        assert_in_range(h.frame[0].signal, 50, 70);
        assert_true(counters.n[COUNT_RADIO_SAMPLES] > 3000);
        buf_free(&b);
    }
}

static void rtl_tcp_is_told_what_to_do_and_its_header_passed_over(void **state)
{
    (void)state;
    char why[200] = "";
    struct spec spec;
    struct counters counters = {0};
    const struct wire_options o = {.counters = &counters};
    const struct wire_format *f = wire_format_find("rtltcp");
    spec_parse(&spec, "rtltcp:connect=h:1,gain=49.6,ppm=-3,bias=1", why, sizeof why);
    struct wire_reader *r = f->reader_new(&o, &spec, why, sizeof why);
    struct buf greeting = {0};
    f->reader_greet(r, &greeting);
    static const uint8_t orders[] = {2, 0,    0x24, 0x9f, 0x00, 5,  0xff, 0xff, 0xff, 0xfd,
                                     1, 0x40, 0xf8, 0x14, 0x80, 3,  0,    0,    0,    1,
                                     4, 0,    0,    1,    0xf0, 14, 0,    0,    0,    1};
    assert_int_equal(greeting.n, sizeof orders);
    assert_memory_equal(greeting.p, orders, sizeof orders);
    buf_free(&greeting);
    f->reader_free(r);
    struct buf b = {0};
    buf_add(&b, "RTL0\0\0\0\5\0\0\0\35", 12);
    write_two("iq:file=-", &b);
    assert_int_equal(read_all("rtltcp", "rtltcp:connect=h:1", b.p, b.n, 5, &counters).n, 2);
    assert_int_equal(counters.n[COUNT_RTLTCP_BAD_HEADER], 0);
    b.p[0] = 'X';
    assert_int_equal(read_all("rtltcp", "rtltcp:connect=h:1", b.p, b.n, 4096, &counters).n, 0);
    assert_int_equal(counters.n[COUNT_RTLTCP_BAD_HEADER], 1);
    buf_free(&b);
}

static void no_item(void *ctx, const struct wire_item *item)
{
    (void)ctx;
    (void)item;
}

/* Half a second of samples, every value at an end of the scale. */
static void push_cut_off(const struct wire_format *f, struct wire_reader *r)
{
    enum { BYTES = 2400000 };
    uint8_t *bytes = malloc(BYTES);
    assert_non_null(bytes);
    for (size_t k = 0; k < BYTES; k++) {
        bytes[k] = k / 7 % 2 ? 255 : 0;
    }
    f->reader_push(r, bytes, BYTES, 0, no_item, NULL);
    free(bytes);
}

/* The gain's number that is ordered; -1: nothing is. */
static int ordered_gain(const struct wire_format *f, struct wire_reader *r)
{
    struct buf out = {0};
    f->reader_reply(r, &out);
    const int number = out.n == 5 && out.p[0] == 13 ? out.p[4] : -1;
    assert_true(out.n == 0 || number >= 0);
    buf_free(&out);
    return number;
}

static void rtl_tcp_gain_goes_down_where_values_are_cut_off(void **state)
{
    (void)state;
    char why[200] = "";
    struct spec spec;
    struct counters counters = {0};
    struct receiver_radio radio;
    const struct wire_options o = {.counters = &counters};
    const struct wire_format *f = wire_format_find("rtltcp");
    spec_parse(&spec, "rtltcp:connect=h:1", why, sizeof why);
    struct wire_reader *r = f->reader_new(&o, &spec, why, sizeof why);
    assert_int_equal(ordered_gain(f, r), -1);
    f->reader_push(r, (const uint8_t *)"RTL0\0\0\0\5\0\0\0\35", 12, 0, no_item, NULL);
    assert_int_equal(ordered_gain(f, r), 28);
    assert_int_equal(ordered_gain(f, r), -1);
    f->reader_radio(r, &radio);
    assert_true(radio.has_gain);
    assert_int_equal(radio.gain_db10, 496);
    int now = -1;
    for (unsigned k = 0; k < 5 && now < 0; k++) {
        push_cut_off(f, r);
        now = ordered_gain(f, r);
    }
    assert_int_equal(now, 25);
    f->reader_radio(r, &radio);
    assert_int_equal(radio.gain_db10, 439);
    f->reader_free(r);
}

static void wrong_values_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *format, *spec, *says;
    } bad[] = {
        {"iq", "iq:rate=1e6", "rate=1e6"},
        {"iq", "iq:format=cu9", "format=cu9"},
        {"iq", "iq:kernel=abacus", "kernel=abacus"},
        {"rtltcp", "rtltcp:gain=loud", "gain=loud"},
        {"rtltcp", "rtltcp:ppm=9999", "ppm=9999"},
        {"rtltcp", "rtltcp:rate=8000000", "rate=8000000"},
    };
    struct counters counters = {0};
    const struct wire_options o = {.counters = &counters};
    for (unsigned k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        char why[200] = "";
        struct spec spec;
        spec_parse(&spec, bad[k].spec, why, sizeof why);
        assert_null(wire_format_find(bad[k].format)->reader_new(&o, &spec, why, sizeof why));
        assert_non_null(strstr(why, bad[k].says));
    }
    char why[200] = "";
    struct spec spec;
    spec_parse(&spec, "iq:fading=99", why, sizeof why);
    assert_null(wire_format_find("iq")->writer_new(&spec, why, sizeof why));
    assert_non_null(strstr(why, "fading=99"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_samples_are_read_back),
        cmocka_unit_test(rtl_tcp_is_told_what_to_do_and_its_header_passed_over),
        cmocka_unit_test(rtl_tcp_gain_goes_down_where_values_are_cut_off),
        cmocka_unit_test(wrong_values_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
