/* What is exported is read back as it was: every point through CSV and readsb's traces, through the
   readers that import them; and no line anywhere crosses a gap. */
#include "archive/csv.h"
#include "archive/export.h"
#include "archive/trace.h"
#include "base/rng.h"
#include "seed.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { POINTS = 200, ROUNDS = 200, GAP_MS = 300000 };

static int32_t some(struct rng *r, int32_t low, int32_t high, int32_t none)
{
    return rng_below(r, 5) == 0 ? none : low + (int32_t)rng_below(r, (uint32_t)(high - low) + 1);
}

/* Any point of an aircraft, but only what the formats can say. */
static struct kept any_point(struct rng *r, uint32_t address, int64_t t_ms)
{
    static const char *const flights[] = {"DLH1AB  ", "A       ", "12345678", "\0\0\0\0\0\0\0"};
    struct kept k = kept_none();
    k.address = address;
    k.t_ms = t_ms;
    k.lat_e7 = (int32_t)rng_below(r, 1800000001) - 900000000;
    k.lon_e7 = (int32_t)(rng_next(r) % UINT64_C(3600000000) - 1800000000);
    k.ground = rng_below(r, 6) == 0;
    k.alt_baro_ft = k.ground ? KEPT_NONE : some(r, -1000, 60000, KEPT_NONE);
    k.alt_geom_ft = some(r, -1000, 60000, KEPT_NONE);
    k.gs_e2_kt = some(r, 0, 90000, KEPT_NONE);
    k.track_e2_deg = some(r, 0, 35999, KEPT_NONE);
    k.baro_rate_fpm = some(r, -6000, 6000, KEPT_NONE);
    k.geom_rate_fpm = some(r, -6000, 6000, KEPT_NONE);
    k.squawk = (uint16_t)some(r, 0, 07777, KEPT_NO_SQUAWK);
    memcpy(k.flight, flights[rng_below(r, 4)], 8);
    k.origin = (uint8_t)rng_below(r, ORIGIN_COUNT);
    k.nic = (uint8_t)some(r, 0, 11, KEPT_NONE_8);
    k.nac_p = (uint8_t)some(r, 0, 11, KEPT_NONE_8);
    k.sil = (uint8_t)some(r, 0, 3, KEPT_NONE_8);
    k.version = (uint8_t)some(r, 0, 2, KEPT_NONE_8);
    k.rc_m = some(r, 0, 40000, KEPT_NONE);
    return k;
}

static size_t any_points(struct rng *r, struct kept *out)
{
    const uint32_t address = rng_below(r, 0x1000000) | (rng_below(r, 4) ? 0 : ADDRESS_NON_ICAO);
    int64_t t_ms = INT64_C(1500000000000) + rng_below(r, 1000000000);
    const size_t n = 1 + rng_below(r, POINTS);
    for (size_t i = 0; i < n; i++) {
        t_ms += 1 + rng_below(r, rng_below(r, 10) ? 30000 : 2 * GAP_MS);
        out[i] = any_point(r, address, t_ms);
    }
    return n;
}

static struct buf export_all(const char *name, const struct kept *k, size_t n)
{
    struct buf b = {0};
    struct exporter *e = export_new(export_format_find(name), 0, &b);
    for (size_t i = 0; i < n; i++) {
        export_point(e, &k[i]);
    }
    export_end(e);
    assert_false(b.failed);
    return b;
}

struct list {
    struct kept kept[POINTS];
    size_t n;
};

static void collect(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct list *l = ctx;
    (void)more;
    assert_true(l->n < POINTS);
    l->kept[l->n++] = *k;
}

static void same_place_and_motion(const struct kept *a, const struct kept *b)
{
    assert_true(a->t_ms == b->t_ms);
    assert_int_equal(a->address, b->address);
    assert_int_equal(a->lat_e7, b->lat_e7);
    assert_int_equal(a->lon_e7, b->lon_e7);
    assert_int_equal(a->ground, b->ground);
    assert_int_equal(a->alt_baro_ft, b->alt_baro_ft);
    assert_int_equal(a->gs_e2_kt, b->gs_e2_kt);
    assert_int_equal(a->track_e2_deg, b->track_e2_deg);
    assert_int_equal(a->squawk, b->squawk);
    assert_memory_equal(a->flight, b->flight, 8);
}

static void traces_come_back(void **state)
{
    (void)state;
    static struct kept k[POINTS];
    static struct list l;
    struct rng r = {seed_of_run()};
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = any_points(&r, k);
        struct buf b = export_all("readsb-trace", k, n);
        struct trace_reader *t = trace_reader_new(collect, &l);
        l.n = 0;
        trace_reader_start(t);
        for (size_t at = 0; at < b.n;) {
            const size_t piece = 1 + rng_below(&r, 5000);
            const size_t left = b.n - at < piece ? b.n - at : piece;
            assert_int_equal(trace_reader_push(t, b.p + at, left), ERR_OK);
            at += left;
        }
        assert_int_equal(trace_reader_end(t), ERR_OK);
        assert_int_equal(trace_reader_sums(t)->bad_values, 0);
        assert_int_equal(l.n, n);
        for (size_t i = 0; i < n; i++) {
            same_place_and_motion(&l.kept[i], &k[i]);
            assert_int_equal(l.kept[i].alt_geom_ft, k[i].alt_geom_ft);
            assert_int_equal(l.kept[i].baro_rate_fpm, k[i].baro_rate_fpm);
            assert_int_equal(l.kept[i].geom_rate_fpm, k[i].geom_rate_fpm);
            assert_int_equal(l.kept[i].nic, k[i].nic);
            assert_int_equal(l.kept[i].nac_p, k[i].nac_p);
            assert_int_equal(l.kept[i].sil, k[i].sil);
            assert_int_equal(l.kept[i].version, k[i].version);
            assert_int_equal(l.kept[i].rc_m, k[i].rc_m);
            /* Three origins are readsb's "other". */
            assert_string_equal(origin_row[l.kept[i].origin].type, origin_row[k[i].origin].type);
        }
        trace_reader_free(t);
        buf_free(&b);
    }
}

static void csv_comes_back(void **state)
{
    (void)state;
    static struct kept k[POINTS];
    static struct list l;
    struct rng r = {seed_of_run() + 1};
    for (int round = 0; round < ROUNDS; round++) {
        const size_t n = any_points(&r, k);
        struct buf b = export_all("csv", k, n);
        struct csv_reader *c = csv_reader_new(collect, &l);
        l.n = 0;
        csv_reader_start(c, ADDRESS_NONE);
        assert_int_equal(csv_reader_push(c, b.p, b.n), ERR_OK);
        assert_int_equal(csv_reader_end(c), ERR_OK);
        assert_int_equal(csv_reader_sums(c)->bad_values, 0);
        assert_int_equal(l.n, n);
        for (size_t i = 0; i < n; i++) {
            same_place_and_motion(&l.kept[i], &k[i]);
            assert_int_equal(l.kept[i].baro_rate_fpm, k[i].baro_rate_fpm);
        }
        csv_reader_free(c);
        buf_free(&b);
    }
}

/* Every two points of one GeoJSON line are no gap apart, nor a date line. */
static void no_line_crosses_a_gap(void **state)
{
    (void)state;
    static struct kept k[POINTS];
    struct rng r = {seed_of_run() + 2};
    for (int round = 0; round < ROUNDS / 4; round++) {
        const size_t n = any_points(&r, k);
        struct buf b = export_all("geojson", k, n);
        json_t *root = json_loadb((const char *)b.p, b.n, 0, NULL), *feature;
        size_t f, at = 0;
        json_array_foreach(json_object_get(root, "features"), f, feature)
        {
            const json_t *times =
                json_object_get(json_object_get(feature, "properties"), "coordTimes");
            const size_t length = json_array_size(times);
            for (size_t i = 1; i < length; i++) {
                assert_true(k[at + i].t_ms - k[at + i - 1].t_ms <= GAP_MS);
                assert_true(llabs((int64_t)k[at + i].lon_e7 - k[at + i - 1].lon_e7) <= 1800000000);
            }
            at += length;
            assert_true(at == n || k[at].t_ms - k[at - 1].t_ms > GAP_MS ||
                        llabs((int64_t)k[at].lon_e7 - k[at - 1].lon_e7) > 1800000000);
        }
        assert_int_equal(at, n);
        json_decref(root);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_come_back),
        cmocka_unit_test(csv_comes_back),
        cmocka_unit_test(no_line_crosses_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
