/* The memory of coverage: cells, what is counted of heard and missed flights, records. */
#include "coverage/coverage.h"
#include "coverage/hole.h"
#include "geo/sphere.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOON INT64_C(1717761600000) /* 2024-06-07T12:00Z */

static struct coverage *machine(void)
{
    const struct coverage_options o = {.entries_max = 1 << 16, .crafts_max = 1000};
    struct coverage *c = coverage_new(&o);
    assert_non_null(c);
    return c;
}

static struct kept point(uint32_t address, int64_t t_ms, double lat, double lon, int32_t alt_ft)
{
    struct kept k = kept_none();
    k.address = address, k.t_ms = t_ms;
    k.lat_e7 = (int32_t)lround(lat * 1e7), k.lon_e7 = (int32_t)lround(lon * 1e7);
    k.alt_baro_ft = alt_ft;
    k.origin = ORIGIN_ADSB_ICAO;
    return k;
}

/* Sums over the grid of what a filter lets through: any cell where cell is UINT32_MAX. */
static struct coverage_count sum(struct coverage *c, uint32_t cell, int band)
{
    struct coverage_count n = coverage_count_none();
    const struct coverage_grid *g = coverage_grid(c);
    for (size_t i = 0; i < g->n; i++) {
        const uint64_t key = g->entry[i].key;
        if ((cell == UINT32_MAX || cell == coverage_key_cell(key)) &&
            (band < 0 || band == (int)coverage_key_band(key))) {
            coverage_count_add(&n, &g->entry[i].n);
        }
    }
    return n;
}

static void cells_hold_their_places(void **state)
{
    (void)state;
    struct rng {
        uint64_t s;
    } r = {1};
    double least = 1e9, most = 0;
    for (int i = 0; i < 200000; i++) {
        r.s = r.s * UINT64_C(6364136223846793005) + 1442695040888963407;
        const int32_t lat = (int32_t)((r.s >> 33) % 1800000001) - 900000000;
        r.s = r.s * UINT64_C(6364136223846793005) + 1442695040888963407;
        const int32_t lon =
            (int32_t)(uint32_t)(((r.s >> 32) * UINT64_C(3600000000) >> 32) - UINT64_C(1800000000));
        const uint32_t cell = coverage_cell(lat, lon);
        const struct coverage_box b = coverage_cell_box(cell);
        assert_true(lat >= b.lat_low_e7 && lat <= b.lat_high_e7);
        assert_true(lon >= b.lon_low_e7 && (lon < b.lon_high_e7 || b.lon_high_e7 < 0));
        assert_true(coverage_tile(cell) < COVERAGE_TILES);
        const double area = ((double)b.lon_high_e7 - b.lon_low_e7) *
                            cos((b.lat_low_e7 + 2500000) * 1e-7 * M_PI / 180);
        if (abs(lat) < 880000000 && b.lon_high_e7 > b.lon_low_e7) {
            least = fmin(least, area), most = fmax(most, area);
        }
    }
    assert_true(most / least < 1.1); /* of nearly one area, but for the last two degrees */
    const int32_t edge[] = {-900000000, 900000000, 0, 899999999};
    for (int i = 0; i < 4; i++) {
        coverage_cell_box(coverage_cell(edge[i], -1800000000));
        coverage_cell_box(coverage_cell(edge[i], 1799999999));
    }
}

static void neighbors_know_each_other(void **state)
{
    (void)state;
    for (unsigned row = 1; row < COVERAGE_ROWS - 1; row += 7) {
        for (unsigned at = 0; at < coverage_columns(row); at += 11) {
            const uint32_t cell = row << 10 | at;
            uint32_t near[COVERAGE_NEIGHBORS_MAX], back[COVERAGE_NEIGHBORS_MAX];
            const unsigned n = coverage_neighbors(cell, near);
            assert_true(n >= 5 && n <= COVERAGE_NEIGHBORS_MAX);
            for (unsigned i = 0; i < n; i++) {
                assert_true((near[i] & 1023) < coverage_columns(near[i] >> 10));
                const unsigned m = coverage_neighbors(near[i], back);
                bool knows = m == COVERAGE_NEIGHBORS_MAX; /* near a pole some have more */
                for (unsigned k = 0; k < m; k++) {
                    knows |= back[k] == cell;
                }
                assert_true(knows);
            }
        }
    }
}

static void steady_flight_is_heard(void **state)
{
    (void)state;
    struct coverage *c = machine();
    /* 20 minutes at 450 kt eastward on the equator, a point each 30 s: 2.5 degrees, 6 cells. */
    for (int i = 0; i <= 40; i++) {
        const struct kept k = point(0xabc, NOON + i * 30000, 0.1, 10.01 + i * 0.0625, 35000);
        assert_int_equal(coverage_push(c, &k), ERR_OK);
    }
    const struct coverage_count n = sum(c, UINT32_MAX, -1);
    assert_int_equal(n.heard_s, 1200);
    assert_int_equal(n.heard, 6);
    assert_int_equal(n.missed_s, 0);
    assert_int_equal(n.found, 1);
    assert_int_equal(n.lost, 0);
    assert_int_equal(n.low_ft, 35000);
    assert_int_equal(coverage_settle(c), ERR_OK);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_UPPER).lost, 1);
    assert_int_equal(coverage_settle(c), ERR_OK); /* twice is once */
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_UPPER).lost, 1);
    coverage_free(c);
}

static void silence_on_the_way_is_missed(void **state)
{
    (void)state;
    struct coverage *c = machine();
    /* Lost over the Sahara, heard again 900 NM and two hours on: 450 kt, on course. */
    struct kept a = point(1, NOON, 30.25, 5.25, 35000),
                b = point(1, NOON + 7200000, 15.25, 5.25, 35000);
    a.gs_e2_kt = b.gs_e2_kt = 45000;
    a.track_e2_deg = b.track_e2_deg = 18000;
    assert_int_equal(coverage_push(c, &a), ERR_OK);
    assert_int_equal(coverage_settle(c), ERR_OK); /* is taken back by the next */
    assert_int_equal(coverage_push(c, &b), ERR_OK);
    struct coverage_count n = sum(c, UINT32_MAX, COVERAGE_UPPER);
    assert_int_equal(n.missed_s, 7200);
    assert_int_equal(n.lost, 1);
    assert_int_equal(n.found, 2);
    assert_in_range(n.missed, 30, 34); /* 31 cells, two hours begun anew */
    const uint32_t middle = coverage_cell(222500000, 52500000);
    n = sum(c, middle, COVERAGE_UPPER);
    assert_in_range(n.missed_s, 180, 300); /* 4 minutes a cell */
    assert_int_equal(n.heard, 0);
    /* Going the wrong way it was not flown: nothing is said of the way. */
    coverage_clear(c);
    coverage_forget(c);
    a.address = b.address = 2, a.track_e2_deg = 0;
    assert_int_equal(coverage_push(c, &a), ERR_OK);
    assert_int_equal(coverage_push(c, &b), ERR_OK);
    n = sum(c, UINT32_MAX, -1);
    assert_int_equal(n.missed_s, 0);
    assert_int_equal(n.lost, 1);
    coverage_free(c);
}

static void descent_into_silence_is_missed_below(void **state)
{
    (void)state;
    struct coverage *c = machine();
    struct kept a = point(1, NOON, 17.0, 8.0, 8000);
    a.baro_rate_fpm = -1200;
    assert_int_equal(coverage_push(c, &a), ERR_OK);
    assert_int_equal(coverage_settle(c), ERR_OK);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_LOW).missed, 1);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_MIDDLE).sunk, 1);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_GROUND).missed, 0);
    /* It goes on: all of that is taken back. */
    struct kept b = a;
    b.t_ms += 30000, b.alt_baro_ft = 7400;
    assert_int_equal(coverage_push(c, &b), ERR_OK);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_LOW).missed, 0);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_MIDDLE).sunk, 0);
    /* A climb out of silence. */
    coverage_clear(c);
    struct kept up = point(2, NOON, 17.0, 8.0, 2000);
    up.baro_rate_fpm = 1800;
    assert_int_equal(coverage_push(c, &up), ERR_OK);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_GROUND).missed, 1);
    assert_int_equal(sum(c, UINT32_MAX, COVERAGE_LOW).heard, 1);
    coverage_free(c);
}

static bool collect(void *ctx, const struct coverage_entry *e)
{
    struct coverage_grid *g = ctx;
    return coverage_grid_add(g, e) == ERR_OK;
}

static void records_come_back(void **state)
{
    (void)state;
    struct coverage *c = machine();
    for (uint32_t a = 1; a < 60; a++) {
        for (int i = 0; i < 100; i++) {
            struct kept k =
                point(a, NOON + i * 20000, 41 + a * 0.1, 1 + i * 0.05, (int32_t)a * 700);
            assert_int_equal(coverage_push(c, &k), ERR_OK);
        }
    }
    assert_int_equal(coverage_settle(c), ERR_OK);
    struct coverage_grid *g = coverage_grid(c), back;
    coverage_grid_sort(g);
    assert_int_equal(coverage_grid_init(&back, 1 << 16), ERR_OK);
    struct buf b = {0};
    size_t bytes = 0;
    for (size_t i = 0, n; i < g->n; i += n) {
        const uint64_t key = g->entry[i].key;
        for (n = 1;
             i + n < g->n && coverage_key_hour(g->entry[i + n].key) == coverage_key_hour(key) &&
             coverage_tile(coverage_key_cell(g->entry[i + n].key)) ==
                 coverage_tile(coverage_key_cell(key));
             n++) {
        }
        buf_clear(&b);
        coverage_write(&g->entry[i], n, &b);
        assert_false(b.failed);
        bytes += b.n;
        assert_int_equal(coverage_read(b.p, b.n, coverage_key_hour(key), collect, &back), ERR_OK);
        b.p[b.n / 2] ^= 4;
        assert_int_equal(coverage_read(b.p, b.n, 0, collect, &back), ERR_SYNTAX);
        b.p[0] = 9;
        assert_int_equal(coverage_read(b.p, b.n, 0, collect, &back), ERR_RANGE);
    }
    buf_free(&b);
    print_message("%zu entries, %.2f bytes an entry\n", g->n, (double)bytes / (double)g->n);
    assert_int_equal(back.n, g->n);
    coverage_grid_sort(&back);
    assert_memory_equal(back.entry, g->entry, g->n * sizeof *g->entry);
    coverage_grid_free(&back);
    coverage_free(c);
}

static void order_of_aircraft_does_not_matter(void **state)
{
    (void)state;
    struct coverage *by_time = machine(), *by_aircraft = machine();
    enum { CRAFTS = 40, POINTS = 60 };
    struct kept all[CRAFTS][POINTS];
    for (uint32_t a = 0; a < CRAFTS; a++) {
        int64_t t = NOON + a * 1000;
        for (int i = 0; i < POINTS; i++) {
            t += i % 17 == 16 ? 1800000 : 15000 + a * 100;
            all[a][i] =
                point(a + 1, t, a % 50 + (double)(t - NOON) / 3.6e6 * 7, a, 30000 - 400 * i);
            all[a][i].baro_rate_fpm = -900;
        }
    }
    for (int i = 0; i < POINTS; i++) {
        for (uint32_t a = 0; a < CRAFTS; a++) {
            assert_int_equal(coverage_push(by_time, &all[a][i]), ERR_OK);
        }
        if (i % 7 == 0) {
            assert_int_equal(coverage_settle(by_time), ERR_OK);
        }
    }
    for (uint32_t a = CRAFTS; a-- > 0;) {
        for (int i = 0; i < POINTS; i++) {
            if (i == 30) { /* in two sittings */
                assert_int_equal(coverage_settle(by_aircraft), ERR_OK);
                coverage_forget(by_aircraft);
                assert_int_equal(coverage_resume(by_aircraft, &all[a][i - 1]), ERR_OK);
            }
            assert_int_equal(coverage_push(by_aircraft, &all[a][i]), ERR_OK);
        }
    }
    assert_int_equal(coverage_settle(by_time), ERR_OK);
    assert_int_equal(coverage_settle(by_aircraft), ERR_OK);
    struct coverage_grid *g = coverage_grid(by_time), *h = coverage_grid(by_aircraft);
    size_t same = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct coverage_count *n = coverage_grid_get(h, g->entry[i].key);
        if (coverage_count_is_none(&g->entry[i].n)) {
            assert_true(!n || coverage_count_is_none(n));
            continue;
        }
        assert_non_null(n);
        assert_memory_equal(n, &g->entry[i].n, sizeof *n);
        same++;
    }
    assert_true(same > 200);
    coverage_free(by_time);
    coverage_free(by_aircraft);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    const struct coverage_options o = {.entries_max = 4096, .crafts_max = 10};
    struct coverage *c = coverage_new(&o);
    int full = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        const struct kept k = point(1 + i % 10, NOON + i * 60000, (i * 37 % 1200) * 0.1 - 60,
                                    (i * 91 % 3500) * 0.1 - 175, 30000);
        enum err e = coverage_push(c, &k);
        if (e == ERR_FULL) {
            full++;
            coverage_clear(c);
            e = coverage_push(c, &k);
        }
        assert_int_equal(e, ERR_OK);
        assert_true(coverage_grid(c)->n <= 4096);
    }
    assert_true(full > 2);
    struct kept k = point(99, NOON + 20000 * INT64_C(60000), 1, 1, 1000);
    assert_int_equal(coverage_push(c, &k), ERR_FULL); /* an eleventh */
    k.t_ms += COVERAGE_HOLE_MS * 2;
    struct kept one = k;
    one.address = 1;
    coverage_clear(c);
    assert_int_equal(coverage_push(c, &one), ERR_OK);
    assert_int_equal(coverage_push(c, &k), ERR_OK); /* those gone are forgotten */
    coverage_free(c);
    const struct coverage_options none = {0};
    assert_null(coverage_new(&none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_hold_their_places),
        cmocka_unit_test(neighbors_know_each_other),
        cmocka_unit_test(steady_flight_is_heard),
        cmocka_unit_test(silence_on_the_way_is_missed),
        cmocka_unit_test(descent_into_silence_is_missed_below),
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(order_of_aircraft_does_not_matter),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
