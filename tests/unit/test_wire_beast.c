/* The Beast reader and writer against bytes written by hand from the format's description. */
#include "unit/wire_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})

/* counter 1000, signal 0x40, the payload of Annex 10's textbook frame */
#define LONG_FRAME                                                                                 \
    0x1a, '3', 0, 0, 0, 0, 0x03, 0xe8, 0x40, 0x8d, 0x48, 0x40, 0xd6, 0x20, 0x2c, 0xc3, 0x71, 0xc3, \
        0x2c, 0xe0, 0x57, 0x60, 0x98
#define SHORT_FRAME                                                                                \
    0x1a, '2', 0, 0, 0, 0, 0x07, 0xd0, 0x41, 0x5d, 0x48, 0x40, 0xd6, 0x11, 0x22, 0x33

static struct probe *feed(const uint8_t *bytes, size_t n)
{
    return probe_all("beast", WIRE_CLOCK_FEED, bytes, n);
}

static void reads_long_and_short(void **state)
{
    (void)state;
    struct probe *p = feed(BYTES(LONG_FRAME, SHORT_FRAME));
    assert_string_equal(probe_log(p), "F 0 1000 64 1 8d4840d6202cc371c32ce0576098\n"
                                      "F 83 2000 65 1 5d4840d6112233\n");
    probe_free(p);
}

static void undoubles_escapes(void **state)
{
    (void)state;
    struct probe *p = feed(BYTES(0x1a, '2', 0, 0, 0, 0, 0x1a, 0x1a, 0x01, 0x1a, 0x1a, 0x1a, 0x1a, 1,
                                 2, 3, 4, 5, 0x1a, 0x1a));
    assert_string_equal(probe_log(p), "F 0 6657 26 1 1a01020304051a\n");
    assert_int_equal(p->counters.n[COUNT_BEAST_GARBAGE], 0);
    probe_free(p);
}

static void resynchronizes(void **state)
{
    (void)state;
    struct probe *p = feed(BYTES('x', 'y', 'z', 0x1a, '3', 0, 0, 0, 0, SHORT_FRAME, 7, 7));
    assert_int_equal(p->frames, 1);
    assert_int_equal(p->frame.byte[0], 0x5d);
    assert_int_equal(p->counters.n[COUNT_BEAST_GARBAGE], 5);
    assert_int_equal(p->counters.n[COUNT_BEAST_TRUNCATED], 1);
    probe_free(p);
}

static void counts_unknown_types_and_cut_ends(void **state)
{
    (void)state;
    struct probe *p = feed(BYTES(0x1a, 'z', SHORT_FRAME, 0x1a, '3', 1, 2));
    assert_int_equal(p->frames, 1);
    assert_int_equal(p->counters.n[COUNT_BEAST_UNKNOWN], 1);
    assert_int_equal(p->counters.n[COUNT_BEAST_TRUNCATED], 1);
    probe_free(p);
}

static void passes_over_status_and_heartbeat(void **state)
{
    (void)state;
    struct probe *p =
        feed(BYTES(0x1a, '1', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, '4', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                   11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 0x1a, '5', 1, 2, 3, 4, 5, 6, 7, 8, 9,
                   10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 0x1a, 'W', 'O', SHORT_FRAME));
    assert_int_equal(p->frames, 1);
    assert_int_equal(p->counters.n[COUNT_BEAST_GARBAGE], 0);
    assert_int_equal(p->counters.n[COUNT_BEAST_UNKNOWN], 0);
    probe_free(p);
}

static void reads_mode_ac(void **state)
{
    (void)state;
    struct probe *p = feed(BYTES(0x1a, '1', 0, 0, 0, 0, 0, 9, 0x20, 0x77, 0x00));
    assert_string_equal(probe_log(p), "F 0 9 32 1 7700\n");
    probe_free(p);
}

static void names_receivers(void **state)
{
    (void)state;
    static const char uuid[] = "0123456789abcdef-0123-4567-89abcdefff";
    uint8_t bytes[128] = {0x1a, 0xe4};
    memcpy(bytes + 2, uuid, 36);
    static const uint8_t rest[] = {0x1a, 0xe3, 1,    2,   3, 4, 5, 6,          0x1a,
                                   0x1a, 8,    0x1a, 'P', 0, 1, 2, SHORT_FRAME};
    memcpy(bytes + 38, rest, sizeof rest);
    struct probe *p = feed(bytes, 38 + sizeof rest);
    assert_string_equal(probe_log(p), "f 123456789abcdef \n"
                                      "R 102030405061a08 \n"
                                      "P 102 \n"
                                      "F 0 2000 65 1 5d4840d6112233\n");
    assert_int_equal(p->counters.n[COUNT_BEAST_GARBAGE], 0);
    probe_free(p);
}

static void magic_stamps_become_flags(void **state)
{
    (void)state;
    static const struct {
        uint8_t last;
        uint8_t flag;
    } stamp[] = {{0x54, FRAME_MLAT}, {0x55, FRAME_UAT}, {0x60, FRAME_NO_FORWARD}};
    for (size_t i = 0; i < 3; i++) {
        struct probe *p = feed(
            BYTES(0x1a, '2', 0xff, 0x00, 0x4d, 0x4c, 0x41, stamp[i].last, 1, 2, 3, 4, 5, 6, 7, 8));
        assert_int_equal(p->frames, 1);
        assert_int_equal(p->frame.flags, stamp[i].flag | FRAME_NO_TIME);
        assert_true(p->frame.tick == FRAME_NO_TICK);
        probe_free(p);
    }
}

/* 1a e8: 1717750000123 ms, little-endian, with a 1a in it that is not doubled */
static void marks_give_the_time_of_day(void **state)
{
    (void)state;
    struct probe *p =
        feed(BYTES(0x1a, 0xe8, 0x1a, 0x33, 0x5b, 0xf1, 0x8f, 0x01, 0, 0, LONG_FRAME, SHORT_FRAME));
    const int64_t mark_us = INT64_C(0x018ff15b331a) * 1000;
    assert_int_equal(p->frames, 2);
    assert_int_equal(p->frame.flags, 0);
    assert_true(p->frame.t_us == mark_us + 83); /* 1000 ticks of 12 MHz after the first */
    probe_free(p);
}

static void proxy_line_names_the_receiver(void **state)
{
    (void)state;
    static const char line[] = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 30004\r\n";
    uint8_t bytes[128];
    const size_t n = sizeof line - 1;
    memcpy(bytes, line, n);
    static const uint8_t frame[] = {SHORT_FRAME};
    memcpy(bytes + n, frame, sizeof frame);
    struct probe *p = feed(bytes, n + sizeof frame);
    assert_string_equal(p->receiver_name, "192.0.2.7");
    assert_int_equal(p->frames, 1);
    assert_int_equal(p->counters.n[COUNT_BEAST_GARBAGE], 0);
    for (size_t cut = 1; cut < n + sizeof frame; cut++) {
        assert_true(probe_same_split("beast", WIRE_CLOCK_FEED, bytes, n + sizeof frame,
                                     (const size_t[]){cut, 1000, 0}));
    }
    probe_free(p);
}

static void refuses_unknown_option_values(void **state)
{
    (void)state;
    char why[200] = "";
    assert_null(probe_open("beast:ticks=10mhz", (struct wire_options){0}, why, sizeof why));
    assert_non_null(strstr(why, "10mhz"));
    assert_non_null(strstr(why, "gps"));
}

/* ---- writing ---- */

static struct wire_writer *writer_for(const char *text)
{
    struct spec s;
    char why[200];
    assert_int_equal(spec_parse(&s, text, why, sizeof why), ERR_OK);
    struct wire_writer *w = wire_format_find("beast")->writer_new(&s, why, sizeof why);
    assert_non_null(w);
    return w;
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    const struct wire_format *beast = wire_format_find("beast");
    struct wire_writer *w = writer_for("beast:marks=1");
    struct buf out = {0};
    struct receiver r = {.id = UINT64_C(0x1a1a000000000001)};
    struct frame f = {.t_us = INT64_C(1717750000123000), .tick = 26, .signal = 26, .n = 14};
    memset(f.byte, 0x1a, 14);
    const struct wire_event e = {.frame = &f, .receiver = &r};
    beast->writer_head(w, &out);
    beast->writer_event(w, &e, &out);
    struct frame g = f;
    g.tick += 12000 * 5;
    g.t_us += 5000;
    const struct wire_event e2 = {.frame = &g, .receiver = &r};
    const size_t first = out.n;
    beast->writer_event(w, &e2, &out);
    assert_int_equal(out.n - first, 2 + 7 + 1 + 28); /* no second mark, no second receiver */
    struct probe *p = feed(out.p, out.n);
    assert_int_equal(p->frames, 2);
    assert_true(p->receiver_id == r.id);
    assert_true(p->frame.t_us == g.t_us);
    assert_memory_equal(p->frame.byte, g.byte, 14);
    assert_int_equal(p->frame.signal, 26);
    assert_true(p->frame.tick == g.tick);
    probe_free(p);
    buf_free(&out);
    beast->writer_free(w);
}

static void keeps_back_what_must_not_leave(void **state)
{
    (void)state;
    const struct wire_format *beast = wire_format_find("beast");
    struct wire_writer *w = writer_for("beast");
    struct buf out = {0};
    struct frame f = {.tick = 1, .n = 7, .flags = FRAME_NO_FORWARD};
    struct message m;
    message_start(&m);
    beast->writer_event(w, &(struct wire_event){.frame = &f}, &out);
    f.flags = 0;
    beast->writer_event(w, &(struct wire_event){.frame = &f, .message = &m}, &out);
    beast->writer_event(w, &(struct wire_event){.message = &m, .attributed = true}, &out);
    assert_int_equal(out.n, 0);
    beast->writer_event(w, &(struct wire_event){.frame = &f, .message = &m, .attributed = true},
                        &out);
    assert_int_equal(out.n, 16);
    buf_free(&out);
    beast->writer_free(w);
}

static void heartbeat_is_read_as_nothing(void **state)
{
    (void)state;
    const struct wire_format *beast = wire_format_find("beast");
    assert_int_equal(beast->heartbeat_n, 11);
    struct probe *p = feed((const uint8_t *)beast->heartbeat, beast->heartbeat_n);
    assert_int_equal(p->frames, 0);
    assert_int_equal(p->counters.n[COUNT_BEAST_TRUNCATED], 0);
    probe_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_long_and_short),
        cmocka_unit_test(undoubles_escapes),
        cmocka_unit_test(resynchronizes),
        cmocka_unit_test(counts_unknown_types_and_cut_ends),
        cmocka_unit_test(passes_over_status_and_heartbeat),
        cmocka_unit_test(reads_mode_ac),
        cmocka_unit_test(names_receivers),
        cmocka_unit_test(magic_stamps_become_flags),
        cmocka_unit_test(marks_give_the_time_of_day),
        cmocka_unit_test(proxy_line_names_the_receiver),
        cmocka_unit_test(refuses_unknown_option_values),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(keeps_back_what_must_not_leave),
        cmocka_unit_test(heartbeat_is_read_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
