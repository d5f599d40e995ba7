/* readsb's heatmaps: files made here record by record, as the table in heatmap.h says. */
#include "archive/heatmap.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

static void put(struct buf *b, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        buf_byte(b, (uint8_t)(v >> (8 * i)));
    }
}

static void record(struct buf *b, uint32_t hex, int32_t lat, int32_t lon, int alt, int gs)
{
    put(b, hex, 4);
    put(b, (uint32_t)lat, 4);
    put(b, (uint32_t)lon, 4);
    put(b, (uint16_t)alt, 2);
    put(b, (uint16_t)gs, 2);
}

static void slice(struct buf *b, int64_t t_ms)
{
    record(b, 0x0e7f7c9d, (int32_t)(t_ms >> 32), (int32_t)(uint32_t)t_ms, 30000, 0);
}

static void info(struct buf *b, uint32_t hex, unsigned squawk, const char *flight)
{
    put(b, hex, 4);
    put(b, 1u << 30 | squawk, 4);
    buf_add(b, flight, 8);
}

enum { T0_S = 1700000000 };
#define T0 (INT64_C(1000) * T0_S)

static struct buf sample(void)
{
    struct buf b = {0};
    record(&b, 2, 0, 0, 0, 0);
    record(&b, 5, 0, 0, 0, 0);
    slice(&b, T0);
    info(&b, 0x3c6444, 7700, "DLH1    ");
    record(&b, 0x3c6444, -50123456, 8000001, 1280, 4501);
    slice(&b, T0 + 30000);
    record(&b, 0x3c6444, 50123457, -180000000, -123, -1);
    info(&b, 0x3c6444, 0, "\0\0\0\0\0\0\0\0");
    record(&b, 0x3c6444, 50123457, 180000000, -4, 0);
    record(&b, 0x1abcdef | 5u << 27, 1, 2, 0, 0);
    record(&b, 0x1abcdef | 13u << 27, 91000000, 2, 0, 0);
    return b;
}

static void check_sample(const struct list *l)
{
    const struct kept *k = l->kept;
    assert_int_equal(l->n, 4);
    assert_true(k[0].t_ms == T0);
    assert_int_equal(k[0].address, 0x3c6444);
    assert_int_equal(k[0].lat_e7, -501234560);
    assert_int_equal(k[0].lon_e7, 80000010);
    assert_int_equal(k[0].alt_baro_ft, 32000);
    assert_int_equal(k[0].gs_e2_kt, 45010);
    assert_int_equal(k[0].squawk, 07700);
    assert_memory_equal(k[0].flight, "DLH1    ", 8);
    assert_int_equal(k[0].origin, ORIGIN_ADSB_ICAO);
    assert_true(k[1].t_ms == T0 + 30000);
    assert_int_equal(k[1].ground, 1);
    assert_int_equal(k[1].alt_baro_ft, KEPT_NONE);
    assert_int_equal(k[1].gs_e2_kt, KEPT_NONE);
    assert_int_equal(k[1].squawk, 07700);
    assert_int_equal(k[2].lon_e7, -1800000000);
    assert_int_equal(k[2].alt_baro_ft, -100);
    assert_int_equal(k[2].squawk, KEPT_NO_SQUAWK);
    assert_memory_equal(k[2].flight, "\0\0\0\0\0\0\0\0", 8);
    assert_int_equal(k[3].address, 0xabcdef | ADDRESS_NON_ICAO);
    assert_int_equal(k[3].origin, ORIGIN_MLAT);
}

static void records_are_read_in_any_pieces(void **state)
{
    (void)state;
    struct buf b = sample();
    for (size_t piece = 1; piece <= b.n; piece++) {
        struct list l = {.n = 0};
        struct heatmap_reader *r = heatmap_reader_new(collect, &l);
        for (size_t at = 0; at < b.n; at += piece) {
            const size_t n = b.n - at < piece ? b.n - at : piece;
            assert_int_equal(heatmap_reader_push(r, b.p + at, n), ERR_OK);
        }
        assert_int_equal(heatmap_reader_end(r), ERR_OK);
        assert_int_equal(heatmap_reader_sums(r)->bad_points, 1);
        assert_int_equal(heatmap_reader_sums(r)->bad_values, 0);
        check_sample(&l);
        heatmap_reader_free(r);
    }
    buf_free(&b);
}

static void wrong_files_are_named(void **state)
{
    (void)state;
    struct list l = {.n = 0};
    struct heatmap_reader *r = heatmap_reader_new(collect, &l);
    assert_int_equal(heatmap_reader_end(r), ERR_SHORT);
    assert_non_null(strstr(heatmap_reader_why(r), "first slice"));
    heatmap_reader_start(r);
    const uint8_t zero[64] = {0};
    assert_int_equal(heatmap_reader_push(r, zero, sizeof zero), ERR_SYNTAX);
    assert_non_null(strstr(heatmap_reader_why(r), "index"));
    heatmap_reader_start(r);
    struct buf b = sample();
    assert_int_equal(heatmap_reader_push(r, b.p, b.n - 1), ERR_OK);
    assert_int_equal(heatmap_reader_end(r), ERR_SHORT);
    assert_non_null(strstr(heatmap_reader_why(r), "within a record"));
    check_sample(&l);
    heatmap_reader_start(r);
    b.p[0] = 3; /* the index leads past the first slice's record */
    assert_int_equal(heatmap_reader_push(r, b.p, b.n), ERR_SYNTAX);
    assert_non_null(strstr(heatmap_reader_why(r), "lead"));
    heatmap_reader_free(r);
    buf_free(&b);
}

static void slice_out_of_time_is_left_out(void **state)
{
    (void)state;
    struct buf b = {0};
    record(&b, 1, 0, 0, 0, 0);
    slice(&b, INT64_C(1) << 60);
    record(&b, 0x3c6444, 1, 2, 3, 4);
    info(&b, 0x3c6444, 8999, "=1+1    ");
    slice(&b, T0);
    record(&b, 0x3c6444, 1, 2, 3, 4);
    struct list l = {.n = 0};
    struct heatmap_reader *r = heatmap_reader_new(collect, &l);
    assert_int_equal(heatmap_reader_push(r, b.p, b.n), ERR_OK);
    assert_int_equal(heatmap_reader_end(r), ERR_OK);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.kept[0].squawk, KEPT_NO_SQUAWK);
    assert_int_equal(l.kept[0].flight[0], 0);
    assert_int_equal(heatmap_reader_sums(r)->bad_points, 1);
    assert_int_equal(heatmap_reader_sums(r)->bad_values, 3);
    heatmap_reader_free(r);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_in_any_pieces),
        cmocka_unit_test(wrong_files_are_named),
        cmocka_unit_test(slice_out_of_time_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
