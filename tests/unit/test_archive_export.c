/* Kept points written in every export format and read again: by our own readers, by jansson, and
   the XML by a small check of its brackets. */
#include "archive/csv.h"
#include "archive/export.h"
#include "archive/trace.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T0 INT64_C(1700000000123)

enum { POINTS = 8 };

static struct kept point_at(uint32_t address, int64_t t_ms, double lat, double lon)
{
    struct kept k = kept_none();
    k.address = address;
    k.t_ms = t_ms;
    k.lat_e7 = (int32_t)lround(lat * 1e7);
    k.lon_e7 = (int32_t)lround(lon * 1e7);
    k.origin = ORIGIN_ADSB_ICAO;
    return k;
}

/* Two aircraft: one with a gap and the date line, one point of another. */
static void fill(struct kept k[POINTS])
{
    for (int i = 0; i < POINTS; i++) {
        k[i] = point_at(0x3c6444, T0 + 5000 * i, 50 + 0.01 * i, 8.1234567);
    }
    k[0].ground = 1;
    k[1].alt_baro_ft = 1000;
    k[1].alt_geom_ft = 1250;
    k[1].gs_e2_kt = 15012;
    k[1].track_e2_deg = 35999;
    k[1].baro_rate_fpm = -64;
    k[1].geom_rate_fpm = -32;
    k[1].rc_m = 186;
    memcpy(k[1].flight, "DLH1    ", 8);
    k[1].squawk = 01000;
    k[1].nic = 8;
    k[1].nac_p = 9;
    k[1].sil = 3;
    k[1].version = 2;
    k[2] = k[1];
    k[2].t_ms = T0 + 10000;
    k[2].alt_baro_ft = k[2].baro_rate_fpm = KEPT_NONE;
    k[2].origin = ORIGIN_MLAT;
    k[3].t_ms = T0 + 10000 + 300001; /* the gap */
    k[4].t_ms = k[3].t_ms + 1;
    k[4].lon_e7 = -1799999999;
    k[3].lon_e7 = 1799999999;
    k[5].t_ms = k[4].t_ms + 300000;
    k[5].lon_e7 = -1799999999;
    k[6] = point_at(0xabcdef | ADDRESS_NON_ICAO, T0, -90, 0);
    memcpy(k[6].flight, "=1+cmd|\"", 8);
    k[7] = point_at(0xabcdee, -1, 90, 0);
}

static struct buf export_all(const char *name, const struct kept *k, size_t n)
{
    struct buf b = {0};
    const struct export_format *f = export_format_find(name);
    assert_non_null(f);
    struct exporter *e = export_new(f, 0, &b);
    assert_non_null(e);
    for (size_t i = 0; i < n; i++) {
        export_point(e, &k[i]);
    }
    export_end(e);
    assert_false(b.failed);
    return b;
}

struct list {
    struct kept *kept;
    size_t n, max;
};

static void collect(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct list *l = ctx;
    (void)more;
    assert_true(l->n < l->max);
    l->kept[l->n++] = *k;
}

static void csv_is_read_back(void **state)
{
    (void)state;
    struct kept k[POINTS], back[POINTS];
    struct list l = {back, 0, POINTS};
    fill(k);
    struct buf b = export_all("csv", k, POINTS);
    struct csv_reader *r = csv_reader_new(collect, &l);
    assert_int_equal(csv_reader_push(r, b.p, b.n), ERR_OK);
    assert_int_equal(csv_reader_end(r), ERR_OK);
    assert_int_equal(csv_reader_sums(r)->bad_values, 0);
    csv_reader_free(r);
    assert_int_equal(l.n, POINTS);
    memset(k[6].flight, 0, sizeof k[6].flight); /* nothing an aircraft sends: it was left out */
    assert_memory_equal(back, k, sizeof k);
    buf_free(&b);
}

struct heard {
    struct kept kept[400];
    char name[400][24];
    size_t n;
};

static void collect_heard(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct heard *h = ctx;
    assert_true(h->n < 400);
    snprintf(h->name[h->n], sizeof h->name[0], "%s", more->receiver ? more->receiver : "");
    h->kept[h->n++] = *k;
}

static const char *const receiver_name[] = {"", "roof", "a, \"b\"; c", "=cmd|' /C calc'!A0",
                                            "'kept'"};

static const char *name_of(void *ctx, uint16_t number)
{
    (void)ctx;
    return receiver_name[number];
}

static int32_t any(uint32_t *r, int32_t lo, int32_t hi)
{
    *r = *r * 1664525u + 1013904223u;
    return (int32_t)(lo + (int64_t)((uint64_t)*r * (uint64_t)((int64_t)hi - lo + 1) >> 32));
}

/* Whatever a point can say, said or not, comes back to the bit, and who heard it. */
static void csv_loses_nothing(void **state)
{
    (void)state;
    static struct kept k[400];
    static struct heard h;
    uint32_t r = 20240607;
    struct buf b = {0};
    struct exporter *e = export_new(export_format_find("csv"), 0, &b);
    export_receivers(e, name_of, NULL);
    for (size_t i = 0; i < 400; i++) {
        struct kept *p = &k[i];
        *p = point_at(0x3c0000 + (uint32_t)i / 50, T0 + 5000 * (int64_t)i, 0, 0);
        p->address |= i / 50 == 3 ? ADDRESS_NON_ICAO : 0;
        p->lat_e7 = any(&r, -900000000, 900000000), p->lon_e7 = any(&r, -1800000000, 1799999999);
        p->origin = (uint8_t)any(&r, 0, ORIGIN_COUNT - 1);
        p->receiver = (uint16_t)any(&r, 0, 4);
        p->ground = (uint8_t)any(&r, 0, 1);
#define SAY(member, lo, hi)                                                                        \
    p->member = any(&r, 0, 3) ? (__typeof__(p->member))any(&r, lo, hi) : p->member
        SAY(alt_baro_ft, -1500, 126700);
        SAY(alt_geom_ft, -1500, 130000);
        SAY(gs_e2_kt, 0, 400000);
        SAY(track_e2_deg, 0, 35999);
        SAY(baro_rate_fpm, -32640, 32640);
        SAY(geom_rate_fpm, -32640, 32640);
        SAY(rc_m, 0, 40000);
        SAY(squawk, 0, 07777);
        SAY(nic, 0, 11);
        SAY(nac_p, 0, 15);
        SAY(sil, 0, 3);
        SAY(version, 0, 7);
        SAY(ias_kt, 0, 1023);
        SAY(tas_kt, 0, 2046);
        SAY(roll_e2_deg, -9000, 9000);
        SAY(mag_heading_e2_deg, 0, 35999);
        SAY(nav_qnh_e1_hpa, 8000, 12095);
#undef SAY
        memcpy(p->flight, i % 3 ? "MSR 12A " : "\0\0\0\0\0\0\0", 8);
        export_point(e, p);
    }
    export_end(e);
    struct csv_reader *read = csv_reader_new(collect_heard, &h);
    assert_int_equal(csv_reader_push(read, b.p, b.n), ERR_OK);
    assert_int_equal(csv_reader_end(read), ERR_OK);
    assert_int_equal(csv_reader_sums(read)->bad_values, 0);
    csv_reader_free(read);
    assert_int_equal(h.n, 400);
    for (size_t i = 0; i < 400; i++) {
        assert_string_equal(h.name[i], receiver_name[k[i].receiver]);
        k[i].receiver = 0;
        assert_memory_equal(&h.kept[i], &k[i], sizeof *k);
    }
    buf_free(&b);
}

/* No cell begins with a character a spreadsheet takes for a formula, but for negative numbers. */
static void csv_holds_no_formula(void **state)
{
    (void)state;
    struct kept k[POINTS];
    fill(k);
    struct buf b = export_all("csv", k, POINTS);
    bool is_start = true;
    for (size_t i = 0; i + 1 < b.n; i++) {
        const char c = (char)b.p[i], next = (char)b.p[i + 1];
        if (is_start) {
            assert_null(memchr("=+@\t\r|\"'", c, 8));
            assert_true(c != '-' || (next >= '0' && next <= '9'));
        }
        is_start = c == ',' || c == '\n';
    }
    buf_free(&b);
}

static void json_lines_are_objects(void **state)
{
    (void)state;
    struct kept k[POINTS];
    fill(k);
    struct buf b = export_all("jsonl", k, POINTS);
    const char *p = (const char *)b.p, *const stop = p + b.n;
    for (size_t i = 0; i < POINTS; i++) {
        const char *end = memchr(p, '\n', (size_t)(stop - p));
        assert_non_null(end);
        json_t *o = json_loadb(p, (size_t)(end - p), 0, NULL);
        assert_non_null(o);
        assert_true(llround(1000 * json_number_value(json_object_get(o, "t"))) == k[i].t_ms);
        assert_true(lround(1e7 * json_number_value(json_object_get(o, "lat"))) == k[i].lat_e7);
        if (i == 1) {
            assert_string_equal(json_string_value(json_object_get(o, "flight")), "DLH1    ");
            assert_string_equal(json_string_value(json_object_get(o, "squawk")), "1000");
            assert_int_equal(json_integer_value(json_object_get(o, "nic")), 8);
            assert_int_equal(json_integer_value(json_object_get(o, "rc")), 186);
        }
        assert_true(i != 6 || !json_object_get(o, "flight"));
        json_decref(o);
        p = end + 1;
    }
    assert_ptr_equal(p, stop);
    buf_free(&b);
}

static void geojson_draws_no_line_across_a_gap(void **state)
{
    (void)state;
    static const size_t points[] = {3, 1, 2, 1, 1};
    struct kept k[POINTS];
    fill(k);
    struct buf b = export_all("geojson", k, POINTS);
    json_t *root = json_loadb((const char *)b.p, b.n, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
    const json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), 5);
    for (size_t i = 0; i < 5; i++) {
        const json_t *f = json_array_get(features, i);
        const json_t *g = json_object_get(f, "geometry"), *p = json_object_get(f, "properties");
        const json_t *c = json_object_get(g, "coordinates");
        const char *type = json_string_value(json_object_get(g, "type"));
        assert_string_equal(type, points[i] > 1 ? "LineString" : "Point");
        assert_int_equal(json_array_size(json_object_get(p, "coordTimes")), points[i]);
        assert_true(points[i] == 1 || json_array_size(c) == points[i]);
        assert_true(json_is_number(json_array_get(points[i] > 1 ? json_array_get(c, 0) : c, 1)));
    }
    const json_t *first = json_object_get(json_array_get(features, 0), "properties");
    assert_string_equal(json_string_value(json_object_get(first, "callsign")), "DLH1");
    assert_string_equal(json_string_value(json_array_get(json_object_get(first, "coordTimes"), 0)),
                        "2023-11-14T22:13:20.123Z");
    json_decref(root);
    buf_free(&b);
}

/* Every element that opens closes, in order, and nothing but text stands between. */
static void check_brackets(const struct buf *b)
{
    enum { DEPTH = 16, NAME = 32 };
    char open[DEPTH][NAME] = {{0}};
    size_t depth = 0, elements = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->p[i] != '<') {
            assert_true(b->p[i] != '>' && b->p[i] != '&');
            continue;
        }
        const uint8_t *end = memchr(b->p + i, '>', b->n - i);
        assert_non_null(end);
        const char *name = (const char *)b->p + i + 1;
        const size_t n = strcspn(name, " >");
        assert_true(n < NAME);
        if (*name == '/') {
            assert_true(depth > 0);
            depth--;
            assert_memory_equal(open[depth], name + 1, n - 1);
            assert_int_equal(strlen(open[depth]), n - 1);
        } else if (*name != '?') {
            assert_true(depth < DEPTH && (depth > 0 || elements == 0));
            memcpy(open[depth], name, n);
            open[depth++][n] = 0;
            elements++;
        }
        i = (size_t)(end - b->p);
    }
    assert_int_equal(depth, 0);
    assert_true(elements > 0);
}

static size_t times_in(const struct buf *b, const char *word)
{
    size_t n = 0;
    for (size_t i = 0; i + strlen(word) <= b->n; i++) {
        n += memcmp(b->p + i, word, strlen(word)) == 0;
    }
    return n;
}

static void xml_is_well_formed(void **state)
{
    (void)state;
    struct kept k[POINTS];
    fill(k);
    struct buf gpx = export_all("gpx", k, POINTS), kml = export_all("kml", k, POINTS);
    check_brackets(&gpx);
    check_brackets(&kml);
    assert_int_equal(times_in(&gpx, "<trk>"), 3);
    assert_int_equal(times_in(&gpx, "<trkseg>"), 4);
    assert_int_equal(times_in(&gpx, "<trkpt "), POINTS);
    assert_int_equal(times_in(&gpx, "<ele>304.8</ele>"), 1);
    assert_int_equal(times_in(&kml, "<gx:Track>"), 4);
    assert_int_equal(times_in(&kml, "<when>"), POINTS);
    assert_int_equal(times_in(&kml, "<gx:coord>"), POINTS);
    assert_int_equal(times_in(&kml, "<gx:coord>8.1234567 50.01 304.8</gx:coord>"), 1);
    buf_free(&gpx);
    buf_free(&kml);
    static const char *const names[] = {"csv", "jsonl", "geojson", "gpx", "kml", "readsb-trace"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buf b = export_all(names[i], NULL, 0); /* nothing is a file too */
        if (names[i][0] == 'g' && names[i][1] == 'p') {
            check_brackets(&b);
        }
        buf_free(&b);
    }
    assert_null(export_format_find("xlsx"));
}

/* Bytes of a point but those that fill it up. */
static void assert_same(const struct kept *a, const struct kept *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_memory_equal(&a[i], &b[i], offsetof(struct kept, origin) + 1);
    }
}

/* The real trace, read, written, read: the same points. */
static void trace_is_read_back(void **state)
{
    (void)state;
    static const char path[] = TEST_SHARED_DIR "/corpus/frames/trace_full_ac671b.json";
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not here\n", path);
        skip();
    }
    enum { MAX = 4096 };
    static struct kept kept[MAX], again[MAX];
    struct list l = {kept, 0, MAX}, m = {again, 0, MAX};
    static uint8_t file[1 << 20];
    const size_t n = fread(file, 1, sizeof file, f);
    fclose(f);
    struct trace_reader *r = trace_reader_new(collect, &l), *q = trace_reader_new(collect, &m);
    trace_reader_push(r, file, n);
    assert_int_equal(trace_reader_end(r), ERR_OK);
    struct buf b = export_all("readsb-trace", kept, l.n);
    trace_reader_push(q, b.p, b.n);
    assert_int_equal(trace_reader_end(q), ERR_OK);
    assert_int_equal(l.n, 2500);
    assert_int_equal(m.n, l.n);
    assert_same(kept, again, l.n);
    json_t *root = json_loadb((const char *)b.p, b.n, 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_array_size(json_object_get(root, "trace")), 2500);
    json_decref(root);
    trace_reader_free(r);
    trace_reader_free(q);
    buf_free(&b);
}

static void trace_flags(void **state)
{
    (void)state;
    static const int flags[] = {0, 0, 1 | 4 | 8, 0, 1, 0};
    struct kept k[POINTS], back[POINTS];
    fill(k);
    struct buf b = export_all("readsb-trace", k, 6);
    json_t *root = json_loadb((const char *)b.p, b.n, 0, NULL);
    assert_non_null(root);
    for (size_t i = 0; i < 6; i++) {
        const json_t *p = json_array_get(json_object_get(root, "trace"), i);
        assert_int_equal(json_integer_value(json_array_get(p, 6)), flags[i]);
    }
    json_decref(root);
    struct list l = {back, 0, POINTS};
    struct trace_reader *r = trace_reader_new(collect, &l);
    trace_reader_push(r, b.p, b.n);
    assert_int_equal(trace_reader_end(r), ERR_OK);
    assert_int_equal(l.n, 6);
    assert_same(k, back, 6);
    trace_reader_free(r);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read_back),
        cmocka_unit_test(csv_loses_nothing),
        cmocka_unit_test(csv_holds_no_formula),
        cmocka_unit_test(json_lines_are_objects),
        cmocka_unit_test(geojson_draws_no_line_across_a_gap),
        cmocka_unit_test(xml_is_well_formed),
        cmocka_unit_test(trace_is_read_back),
        cmocka_unit_test(trace_flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
