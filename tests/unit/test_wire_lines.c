/* Lines of the text formats: AVR, BaseStation, track CSV. */
#include "unit/wire_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct probe *feed(const char *spec, const char *text)
{
    return probe_all(spec, WIRE_CLOCK_FEED, text, strlen(text));
}

static void check(const char *spec, const char *text, const char *log)
{
    struct probe *p = feed(spec, text);
    assert_string_equal(probe_log(p), log);
    probe_free(p);
}

static uint64_t counted(const char *spec, const char *text, enum counter which)
{
    struct probe *p = feed(spec, text);
    const uint64_t n = p->counters.n[which];
    probe_free(p);
    return n;
}

/* ---- AVR ---- */

static void avr_reads_every_form(void **state)
{
    (void)state;
    const char none[] = "18446744073709551615"; /* no counter */
    char want[400];
    check("avr", "@0000000003E88D4840D6202CC371C32CE0576098;\n",
          "F 0 1000 0 1 8d4840d6202cc371c32ce0576098\n");
    check("avr", "%0000000003e85d4840d6112233;\r\n", "F 0 1000 0 1 5d4840d6112233\n");
    check("avr", "<0000000003E8C45D4840D6112233;\n", "F 0 1000 196 1 5d4840d6112233\n");
    snprintf(want, sizeof want, "F 0 %s 0 2 5d4840d6112233\n", none);
    check("avr", "*5D4840D6112233;\n", want);
    check("avr", ":5d4840d6112233;\n", want);
    snprintf(want, sizeof want, "F 0 %s 0 2 7700\n", none);
    check("avr", "*7700;\n", want);
    check("avr", "*0000;\n", "");
}

static void avr_takes_several_frames_a_line_and_a_cut_end(void **state)
{
    (void)state;
    struct probe *p = feed("avr", "*5D4840D6112233; *5D4840D6112234;\n\n*5D4840D6112235;");
    assert_int_equal(p->frames, 3);
    assert_int_equal(p->counters.n[COUNT_AVR_BAD_LINE], 0);
    probe_free(p);
}

static void avr_counts_junk(void **state)
{
    (void)state;
    const char text[] = "hello\n*5D4840D611223;\n*5D4840D61122XX;\n*;\n@12;\n*5D4840D6112233\n;\n";
    assert_int_equal(counted("avr", text, COUNT_AVR_BAD_LINE), 7);
    struct probe *p = feed("avr", text);
    assert_int_equal(p->frames, 0);
    probe_free(p);
}

static void long_lines_are_skipped(void **state)
{
    (void)state;
    char text[6000];
    memset(text, 'A', sizeof text);
    memcpy(text + 5000, "\n*5D4840D6112233;\n", 19);
    struct probe *p = feed("avr", text);
    assert_int_equal(p->frames, 1);
    assert_int_equal(p->counters.n[COUNT_LINE_TOO_LONG], 1);
    assert_int_equal(p->counters.n[COUNT_AVR_BAD_LINE], 0);
    probe_free(p);
}

static void avr_writes(void **state)
{
    (void)state;
    const struct wire_format *avr = wire_format_find("avr");
    const struct frame f = {.tick = 1000, .n = 7, .byte = {0x5d, 0x48, 0x40, 0xd6, 1, 2, 3}};
    const struct wire_event e = {.frame = &f};
    const char *const spec[] = {"avr", "avr:mlat=1"};
    const char *const want[] = {"*5D4840D6010203;\n", "@0000000003E85D4840D6010203;\n"};
    for (int i = 0; i < 2; i++) {
        struct spec s;
        char why[100];
        struct buf out = {0};
        assert_int_equal(spec_parse(&s, spec[i], why, sizeof why), ERR_OK);
        struct wire_writer *w = avr->writer_new(&s, why, sizeof why);
        avr->writer_event(w, &e, &out);
        buf_byte(&out, 0);
        assert_string_equal((const char *)out.p, want[i]);
        avr->writer_free(w);
        buf_free(&out);
    }
}

/* ---- BaseStation ---- */

#define SBS_TIMES "2010/05/23,00:00:17.984,2010/05/23,00:00:18.812"

static void sbs_reads_every_field(void **state)
{
    (void)state;
    check("sbs",
          "MSG,3,102,35,4CA2AD,780807," SBS_TIMES ",,15225,,,51.20522,-0.43106,,,0,0,0,-1\r\n",
          "M 1274572817984000 0 4ca2ad other at 512052200 -4310600 alt_baro=15225 alert=0 spi=0 "
          "ground=1\n");
    check("sbs", "MSG,4,102,35,4CA2AD,780807," SBS_TIMES ",,,361.4,20.7,,,-1728,,,,,\n",
          "M 1274572817984000 0 4ca2ad other gs=36140 track=2070 baro_rate=-1728\n");
    check("sbs", "MSG,1,1,1,4ca2ad,1," SBS_TIMES ",klm123  ,,,,,,,,,,,\n",
          "M 1274572817984000 0 4ca2ad other flight=KLM123  \n");
    check("sbs", "MSG,6,1,1,4CA2AD,1," SBS_TIMES ",,,,,,,,7600,1,1,0,0\n",
          "M 1274572817984000 0 4ca2ad other squawk=3968 alert=1 emergency=4 spi=0 ground=0\n");
}

static void sbs_tolerates_what_is_seen(void **state)
{
    (void)state;
    check("sbs", "MSG,8,,,AB5361\n", "M 0 2 ab5361 other\n");
    check("sbs", "MLAT,3,1,1,~AB5361,1," SBS_TIMES ",,9000H,,,1.5,2.5,,,4,120,,\n",
          "M 1274572817984000 0 1ab5361 mlat at 15000000 25000000 alt_geom=9000\n");
    /* nanoseconds since the start, as stratux logs them */
    check("sbs", "2490293384,MSG,5,,,AB5361,,,,,,,17325,,,,,,,,,,\n",
          "M 2490293 1 ab5361 other alt_baro=17325\n");
    check("sbs", "AIR,,102,2588,405D0D,780808," SBS_TIMES "\n", "");
    assert_int_equal(counted("sbs", "AIR,,102,2588,405D0D\n\r\n", COUNT_SBS_BAD_LINE), 0);
}

static void sbs_counts_junk_and_drops_impossible_values(void **state)
{
    (void)state;
    const char junk[] = "START,Mon\nMSG,9,1,1,4CA2AD,1\nMSG,3,1,1,4CA2AX,1\nMSG,3\n,,,,\nMSG\n";
    assert_int_equal(counted("sbs", junk, COUNT_SBS_BAD_LINE), 6);
    check("sbs",
          "MSG,3,1,1,4CA2AD,1," SBS_TIMES ",A*B,1e9,-3,361,91,181,99999999999999999999,9999,2,,,\n",
          "M 1274572817984000 0 4ca2ad other\n");
}

static void sbs_takes_local_times(void **state)
{
    (void)state;
    static const char line[] = "MSG,8,1,1,AB5361,1," SBS_TIMES "\n";
    char why[100];
    struct probe *p = probe_open("sbs", (struct wire_options){.zone_min = 120}, why, sizeof why);
    probe_push(p, line, sizeof line - 1, 0);
    probe_end(p);
    assert_string_equal(probe_log(p), "M 1274565617984000 0 ab5361 other\n");
    probe_free(p);
}

static void sbs_writes_what_readsb_would(void **state)
{
    (void)state;
    const struct wire_format *sbs = wire_format_find("sbs");
    struct spec s;
    char why[100];
    struct buf out = {0};
    assert_int_equal(spec_parse(&s, "sbs", why, sizeof why), ERR_OK);
    struct wire_writer *w = sbs->writer_new(&s, why, sizeof why);
    struct message m;
    message_start(&m);
    m.t_us = INT64_C(1274572817984000);
    m.address = 0x4ca2ad;
    m.df = 17;
    m.tc = 11;
    message_add(&m, FIELD_ALT_BARO, 15225);
    message_add(&m, FIELD_GROUND, 0);
    const struct fix fix = {.verdict = VERDICT_ACCEPTED, .lat_e7 = 512052200, .lon_e7 = -4310649};
    struct wire_event e = {
        .message = &m, .fix = &fix, .attributed = true, .now_us = INT64_C(1274572818812000)};
    sbs->writer_event(w, &e, &out);
    m.df = 5;
    m.n = 0;
    e.fix = NULL;
    message_add(&m, FIELD_SQUAWK, 07700);
    message_add(&m, FIELD_ALERT, 1);
    sbs->writer_event(w, &e, &out);
    m.address |= ADDRESS_NON_ICAO;
    sbs->writer_event(w, &e, &out); /* suppressed */
    buf_byte(&out, 0);
    assert_string_equal((const char *)out.p,
                        "MSG,3,1,1,4CA2AD,1," SBS_TIMES ",,15225,,,51.205220,-0.431065,,,,,,0\r\n"
                        "MSG,6,1,1,4CA2AD,1," SBS_TIMES ",,,,,,,,7700,-1,-1,,\r\n");
    sbs->writer_free(w);
    buf_free(&out);
}

/* ---- track CSV ---- */

#define CSV_HEAD                                                                                   \
    "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n"

static void csv_reads_lines(void **state)
{
    (void)state;
    check("trackcsv", CSV_HEAD "1717750000.5,4e1234,AFR12,48.5,2.25,35000,450.5,270,-64,0\n",
          "M 1717750000500000 0 4e1234 other at 485000000 22500000 flight=AFR12    alt_baro=35000 "
          "gs=45050 track=27000 baro_rate=-64 ground=0\n");
    check("trackcsv", "1717750000,4e1234,,,,,,,,\n", "M 1717750000000000 0 4e1234 other\n");
    check("trackcsv", ",\"4e1234\",\"AF 1\",,,,,,,true\n",
          "M 0 2 4e1234 other flight=AF 1     ground=1\n");
}

static void csv_finds_columns_by_name(void **state)
{
    (void)state;
    check("trackcsv",
          "\xef\xbb\xbf"
          "x,lon,lat,icao24,note,time_utc_epoch\r\n9,2,1,ABCDEF,\"a,b\",5\r\n",
          "M 5000000 0 abcdef other at 10000000 20000000\n");
}

static void csv_counts_junk(void **state)
{
    (void)state;
    const char junk[] = CSV_HEAD "x,4e1234\n1,4e12\n1\n,,,,,,,,,\n1717750000.5e,4e1234,,,,,,,,\n";
    assert_int_equal(counted("trackcsv", junk, COUNT_CSV_BAD_LINE), 5);
}

static void csv_writes_accepted_fixes(void **state)
{
    (void)state;
    const struct wire_format *csv = wire_format_find("trackcsv");
    struct spec s;
    char why[100];
    struct buf out = {0};
    assert_int_equal(spec_parse(&s, "trackcsv", why, sizeof why), ERR_OK);
    struct wire_writer *w = csv->writer_new(&s, why, sizeof why);
    struct message m;
    message_start(&m);
    message_add(&m, FIELD_BARO_RATE, -64);
    struct fix fix = {.t_us = INT64_C(1717750000500000),
                      .address = 0x4e1234,
                      .verdict = VERDICT_ACCEPTED,
                      .lat_e7 = 485000000,
                      .lon_e7 = 22500000,
                      .alt_baro_ft = FIX_NO_ALTITUDE,
                      .gs_e2_kt = 45050,
                      .track_e2_deg = -1};
    const struct wire_event e = {.message = &m, .fix = &fix, .attributed = true};
    csv->writer_head(w, &out);
    csv->writer_event(w, &e, &out);
    fix.verdict = VERDICT_SPEED;
    csv->writer_event(w, &e, &out);
    buf_byte(&out, 0);
    assert_string_equal((const char *)out.p,
                        CSV_HEAD "1717750000.5,4e1234,,48.5,2.25,,450.5,,-64,0\n");
    csv->writer_free(w);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(avr_reads_every_form),
        cmocka_unit_test(avr_takes_several_frames_a_line_and_a_cut_end),
        cmocka_unit_test(avr_counts_junk),
        cmocka_unit_test(long_lines_are_skipped),
        cmocka_unit_test(avr_writes),
        cmocka_unit_test(sbs_reads_every_field),
        cmocka_unit_test(sbs_tolerates_what_is_seen),
        cmocka_unit_test(sbs_counts_junk_and_drops_impossible_values),
        cmocka_unit_test(sbs_takes_local_times),
        cmocka_unit_test(sbs_writes_what_readsb_would),
        cmocka_unit_test(csv_reads_lines),
        cmocka_unit_test(csv_finds_columns_by_name),
        cmocka_unit_test(csv_counts_junk),
        cmocka_unit_test(csv_writes_accepted_fixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
