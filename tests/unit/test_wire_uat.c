/* dump978's text: lines, members, times, what is refused; written again; a track of its own. */
#include "track/track.h"
#include "uat/decode.h"
#include "unit/wire_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SHORT "00a66ef135445d525a0c0519119021204800"

static void check(enum wire_clock clock, const char *text, const char *log)
{
    struct probe *p = probe_all("uat", clock, text, strlen(text));
    assert_string_equal(probe_log(p), log);
    probe_free(p);
}

static void reads_every_form(void **state)
{
    (void)state;
    check(WIRE_CLOCK_FEED, "-" SHORT ";\n", "U 0 -32768 0 2 " SHORT "\n");
    check(WIRE_CLOCK_FEED, "-" SHORT ";rs=2;rssi=-12.5;t=1448230000.123;rt=7;\r\n",
          "U 1448230000123000 -125 2 0 " SHORT "\n");
    check(WIRE_CLOCK_FEED, "2494583280,-" SHORT ";rs=x;ss=12;\n",
          "U 2494583 -32768 0 1 " SHORT "\n");
    check(WIRE_CLOCK_FEED,
          "START,Mon Sep 7 14:17:41 +0000 UTC 2015\n1500000000,-" SHORT ";\n\n!program=x;\n",
          "U 1441635462500000 -32768 0 0 " SHORT "\n");
}

static void counts_what_is_no_frame(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "-00;\n",
        "-;\n",
        "-\n",
        "+" SHORT ";\n",
        "*" SHORT ";\n",
        "-" SHORT "00;\n",
        "hello\n",
        "12,\n",
        "START,soon\n",
        "-" SHORT "x;\n",
        "-1,-" SHORT ";\n",
        (",-" SHORT),
        "START,Mon Foo 7 14:17:41 +0000 UTC 2015",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct probe *p = probe_all("uat", WIRE_CLOCK_FEED, bad[i], strlen(bad[i]));
        if (p->counters.n[COUNT_UAT_BAD_LINE] != 1 || p->uat_frames != 0) {
            print_error("not refused: %s\n", bad[i]);
            fail();
        }
        probe_free(p);
    }
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    char line[2 * UAT_UPLINK + 64] = "+";
    for (int i = 0; i < UAT_UPLINK; i++) {
        snprintf(line + 1 + 2 * i, 3, "%02x", i & 0xff);
    }
    strcat(line, ";rs=7;rssi=-3.0;t=1448230000.042;\n");
    struct probe *p = probe_all("uat", WIRE_CLOCK_FEED, line, strlen(line));
    assert_int_equal(p->uat_frames, 1);
    struct spec s = {0};
    char why[100];
    struct wire_writer *w = p->format->writer_new(&s, why, sizeof why);
    struct buf out = {0};
    p->format->writer_event(w, &(struct wire_event){.uat = &p->uat}, &out);
    assert_int_equal(out.n, strlen(line));
    assert_memory_equal(out.p, line, out.n);
    p->format->writer_event(w, &(struct wire_event){.frame = &p->frame}, &out);
    assert_int_equal(out.n, strlen(line)); /* frames of 1090 MHz are not its */
    p->format->writer_free(w);
    buf_free(&out);
    probe_free(p);
}

static void an_aircraft_heard_by_uat_is_a_track_of_that_origin(void **state)
{
    (void)state;
    const char text[] = "-" SHORT ";rs=3;t=1448230000.123;\n-0"
                        "3"
                        "a66ef135445d525a0c0519119021204800;t=1448230001;\n";
    struct counters counters = {0};
    struct tracker *t = tracker_new(&(struct tracker_options){.counters = &counters});
    struct probe *p = probe_new("uat", WIRE_CLOCK_FEED);
    struct outcome o;
    struct message m;
    const char *line = text;
    static const struct {
        uint32_t address;
        enum origin origin;
    } want[] = {{0xa66ef1, ORIGIN_UAT_ICAO},
                {0xa66ef1 | ADDRESS_NON_ICAO, ORIGIN_UAT_TISB_TRACKFILE}};
    for (unsigned i = 0; i < 2; i++) {
        const char *end = strchr(line, '\n') + 1;
        probe_push(p, line, (size_t)(end - line), 0);
        line = end;
        uat_decode(&p->uat, &m);
        tracker_push(t, &m, &o);
        assert_non_null(o.track);
        assert_true(o.created);
        assert_true(o.has_fix);
        assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
        assert_int_equal(track_address(o.track), want[i].address);
        assert_int_equal(track_origin(o.track), want[i].origin);
        struct value v;
        assert_true(track_get(o.track, FIELD_ALT_BARO, &v));
        assert_int_equal(v.v, 1000);
        assert_int_equal(v.origin, want[i].origin);
    }
    probe_end(p);
    probe_free(p);
    tracker_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(counts_what_is_no_frame),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(an_aircraft_heard_by_uat_is_a_track_of_that_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
