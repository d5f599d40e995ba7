/* Positions in CSV: each dialect by lines of its own kind, units worked out by hand. */
#include "archive/csv.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct list {
    struct kept kept[16];
    size_t n;
};

static void collect(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct list *l = ctx;
    assert_true(l->n < sizeof l->kept / sizeof *l->kept);
    assert_int_equal(more->flags, 0);
    l->kept[l->n++] = *k;
}

static struct list read_text(const char *text, uint32_t address, enum err want, const char *why,
                             struct csv_sums *sums)
{
    struct list l = {.n = 0};
    struct csv_reader *r = csv_reader_new(collect, &l);
    assert_non_null(r);
    csv_reader_start(r, address);
    for (const char *p = text; *p; p++) {
        csv_reader_push(r, (const uint8_t *)p, 1);
    }
    assert_int_equal(csv_reader_end(r), want);
    if (!strstr(csv_reader_why(r), why)) {
        fail_msg("\"%s\" is not in \"%s\"", why, csv_reader_why(r));
    }
    if (sums) {
        *sums = *csv_reader_sums(r);
    }
    csv_reader_free(r);
    return l;
}

#define STATE_VECTORS                                                                              \
    "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,"            \
    "baroaltitude,geoaltitude,lastposupdate,lastcontact\n"

static void state_vectors(void **state)
{
    (void)state;
    struct csv_sums sums;
    const struct list l = read_text(
        STATE_VECTORS
        "1591000000,3c6444,50.1,8.5,100,90.5,-5.08,DLH1    ,False,False,False,1000,10668,10972.8,"
        "1590999998.55,1590999999.9\n"
        "1591000000,abcdef,1,2,,,,,True,False,False,,,,1590999998.55,1590999999.9\n"
        "1591000010,3c6444,50.1,8.5,100,90.5,-5.08,DLH1    ,False,False,False,1000,10668,10972.8,"
        "1590999998.55,1591000009.9\n"
        "1591000010,abcdef,1,2,NULL,NaN,,,maybe,False,False,9999,,,,1590999999.9\n",
        ADDRESS_NONE, ERR_OK, "", &sums);
    const struct kept *k = l.kept;
    assert_int_equal(l.n, 3);
    assert_int_equal(sums.repeated, 1);
    assert_int_equal(sums.bad_values, 2);
    assert_true(k[0].t_ms == 1590999998550);
    assert_int_equal(k[0].address, 0x3c6444);
    assert_int_equal(k[0].lat_e7, 501000000);
    assert_int_equal(k[0].lon_e7, 85000000);
    assert_int_equal(k[0].gs_e2_kt, 19438);
    assert_int_equal(k[0].track_e2_deg, 9050);
    assert_int_equal(k[0].baro_rate_fpm, -1000);
    assert_memory_equal(k[0].flight, "DLH1    ", 8);
    assert_int_equal(k[0].squawk, 01000);
    assert_int_equal(k[0].alt_baro_ft, 35000);
    assert_int_equal(k[0].alt_geom_ft, 36000);
    assert_int_equal(k[0].ground, 0);
    assert_int_equal(k[0].origin, ORIGIN_API);
    assert_int_equal(k[1].ground, 1);
    assert_int_equal(k[1].gs_e2_kt, KEPT_NONE);
    assert_int_equal(k[1].squawk, KEPT_NO_SQUAWK);
    assert_true(k[2].t_ms == 1591000010000);
    assert_int_equal(k[2].track_e2_deg, KEPT_NONE);
}

static void flightradar_points(void **state)
{
    (void)state;
    struct csv_sums sums;
    const struct list l =
        read_text("\xef\xbb\xbfTimestamp,UTC,Callsign,Position,Altitude,Speed,Direction\r\n"
                  "1490000000,2017-03-20T08:53:20Z,BAW1,\"51.47,-0.45\",0,12,360\r\n"
                  "1490000060,2017-03-20T08:54:20Z,BAW1,\"51.48, -0.50\",2350,160,271\r\n"
                  "1490000120,2017-03-20T08:55:20Z,BAW1,\"51.48\",2350,160,271\r\n",
                  0x400123, ERR_OK, "", &sums);
    assert_int_equal(l.n, 2);
    assert_int_equal(sums.bad_points, 1);
    assert_int_equal(l.kept[0].address, 0x400123);
    assert_true(l.kept[0].t_ms == 1490000000000);
    assert_int_equal(l.kept[0].ground, 1);
    assert_int_equal(l.kept[0].alt_baro_ft, KEPT_NONE);
    assert_int_equal(l.kept[0].track_e2_deg, 0);
    assert_int_equal(l.kept[1].lon_e7, -5000000);
    assert_int_equal(l.kept[1].alt_baro_ft, 2350);
    assert_int_equal(l.kept[1].gs_e2_kt, 16000);
    assert_int_equal(l.kept[1].ground, 0);
}

static void other_names_and_times(void **state)
{
    (void)state;
    struct csv_sums sums;
    const struct list l =
        read_text("icao24;timestamp;latitude;longitude;altitude;groundspeed;track;vertical_rate\n"
                  "~abcdef;2019-05-01 10:00:00.250+00:00;-1;180;0;1.5;0;64\n"
                  "abcdef;1556704800250;-1;-180;100;1.5;0;64\n"
                  "abcdef;yesterday;-1;-180;100;1.5;0;64\n"
                  "abcde;1556704800;-1;-180;100;1.5;0;64\n"
                  "abcdef;9999999999;-1;-180;100;1.5;0;64\n"
                  "abcdef;1556704801;-1;-180;fast;5000;361;64\n",
                  ADDRESS_NONE, ERR_OK, "", &sums);
    assert_int_equal(l.n, 3);
    assert_int_equal(sums.bad_points, 3);
    assert_int_equal(sums.bad_values, 3);
    assert_int_equal(l.kept[0].address, 0xabcdef | ADDRESS_NON_ICAO);
    assert_true(l.kept[0].t_ms == 1556704800250);
    assert_true(l.kept[1].t_ms == 1556704800250);
    assert_int_equal(l.kept[0].lon_e7, -1800000000);
    assert_int_equal(l.kept[0].alt_baro_ft, 0); /* only Flightradar24's 0 is the ground */
    assert_int_equal(l.kept[0].ground, 0);
    assert_int_equal(l.kept[0].gs_e2_kt, 150);
    assert_int_equal(l.kept[0].baro_rate_fpm, 64);
}

static void wrong_files_are_named(void **state)
{
    (void)state;
    read_text("", ADDRESS_NONE, ERR_SHORT, "empty", NULL);
    read_text("a,b,c\n1,2,3\n", ADDRESS_NONE, ERR_SYNTAX, "times", NULL);
    read_text("time,b,c\n1,2,3\n", ADDRESS_NONE, ERR_SYNTAX, "places", NULL);
    read_text("time,lat,lon\n1,2,3\n", ADDRESS_NONE, ERR_SYNTAX, "aircraft", NULL);
    const struct list l = read_text("time,lat,lon\n1,2,3\n", 0xabcdef, ERR_OK, "", NULL);
    assert_int_equal(l.n, 1);
}

/* As spreadsheets and data frames write them. */
static void values_of_data_frames(void **state)
{
    (void)state;
    struct csv_sums sums;
    const struct list l = read_text(
        "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n"
        "1700000000.0,400123,G-CLPU,51,0,100.0,20.0,-74.0,-64.0,1.0\n"
        "1700000001.0,400123,N123-456-,51,0,100.0,20.0,-181,-inf,0.0\n",
        ADDRESS_NONE, ERR_OK, "", &sums);
    assert_int_equal(l.n, 2);
    assert_memory_equal(l.kept[0].flight, "GCLPU   ", 8);
    assert_int_equal(l.kept[0].track_e2_deg, 28600);
    assert_int_equal(l.kept[0].ground, 1);
    assert_memory_equal(l.kept[1].flight, "N123456 ", 8);
    assert_int_equal(l.kept[1].track_e2_deg, KEPT_NONE);
    assert_int_equal(l.kept[1].ground, 0);
    assert_int_equal(sums.bad_values, 2);
    read_text("time,icao24,lat,lon\n1700000000,,51,0\n", ADDRESS_NONE, ERR_SYNTAX, "no row", NULL);
    const struct list named =
        read_text("time,icao24,lat,lon\n1700000000,,51,0\n", 0x400123, ERR_OK, "", NULL);
    assert_int_equal(named.n, 1);
    assert_int_equal(named.kept[0].address, 0x400123);
}

static void long_lines_are_counted(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_text(&b, "time,icao24,lat,lon\n");
    for (int i = 0; i < 5000; i++) {
        buf_byte(&b, 'x');
    }
    buf_text(&b, "\n1,abcdef,1,2\n\n");
    buf_byte(&b, 0);
    struct csv_sums sums;
    const struct list l = read_text((const char *)b.p, ADDRESS_NONE, ERR_OK, "", &sums);
    assert_int_equal(l.n, 1);
    assert_int_equal(sums.bad_points, 1);
    buf_free(&b);
}

static void count_point(void *ctx, const struct kept *k, const struct archive_more *more)
{
    (void)k;
    (void)more;
    ++*(size_t *)ctx;
}

/* A real track in our own track CSV: every line is a point. */
static void real_track(void **state)
{
    (void)state;
    static const char path[] = TEST_SHARED_DIR "/truth/flights/tracks/doc_nice.csv";
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not here\n", path);
        skip();
    }
    size_t points = 0, lines = 0, n;
    struct csv_reader *r = csv_reader_new(count_point, &points);
    uint8_t block[4000];
    while ((n = fread(block, 1, sizeof block, f)) > 0) {
        for (size_t i = 0; i < n; i++) {
            lines += block[i] == '\n';
        }
        assert_int_equal(csv_reader_push(r, block, n), ERR_OK);
    }
    fclose(f);
    assert_int_equal(csv_reader_end(r), ERR_OK);
    assert_true(lines > 500);
    assert_int_equal(points, lines - 1);
    assert_int_equal(csv_reader_sums(r)->bad_points + csv_reader_sums(r)->bad_values, 0);
    csv_reader_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_vectors),
        cmocka_unit_test(flightradar_points),
        cmocka_unit_test(other_names_and_times),
        cmocka_unit_test(wrong_files_are_named),
        cmocka_unit_test(values_of_data_frames),
        cmocka_unit_test(long_lines_are_counted),
        cmocka_unit_test(real_track),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
