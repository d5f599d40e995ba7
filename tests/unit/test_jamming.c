/* Jamming by day and cell: the lattice, the counting, what is equipment, what is unsure. */
#include "base/rng.h"
#include "movement/jamming.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CELLS_MAX = 64 };

static const int64_t DAY_0 = INT64_C(19700) * 86400000;

struct seen {
    unsigned n;
    struct jamming_cell cell[CELLS_MAX];
};

static void take(void *ctx, const struct jamming_cell *c)
{
    struct seen *s = ctx;
    assert_true(s->n < CELLS_MAX);
    s->cell[s->n++] = *c;
}

static struct kept report(uint32_t address, int64_t t_ms, double lat, double lon, uint8_t nac_p)
{
    struct kept k = kept_none();
    k.address = address;
    k.t_ms = t_ms;
    k.lat_e7 = (int32_t)lround(lat * 1e7);
    k.lon_e7 = (int32_t)lround(lon * 1e7);
    k.nac_p = nac_p;
    k.nic = 8;
    k.origin = ORIGIN_ADSB_ICAO;
    return k;
}

/* Five minutes in one place. */
static void stay(struct jamming *j, struct seen *s, uint32_t address, double lat, double lon,
                 uint8_t nac_p)
{
    for (int i = 0; i <= 10; i++) {
        const struct kept k = report(address, DAY_0 + i * 30000, lat, lon, nac_p);
        jamming_push(j, &k, take, s);
    }
}

static const struct jamming_cell *cell_at(const struct seen *s, double lat, double lon)
{
    const struct sphere_place at = {(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7)};
    const uint32_t cell = jamming_cell_at(at);
    for (unsigned i = 0; i < s->n; i++) {
        if (s->cell[i].cell == cell) {
            return &s->cell[i];
        }
    }
    fail_msg("no cell there");
    return NULL;
}

static void places_lie_in_the_cell_of_the_nearest_center(void **state)
{
    (void)state;
    struct rng r = {20240915};
    print_message("seed 20240915\n");
    for (int i = 0; i < 20000; i++) {
        const struct sphere_place at = {(int32_t)((rng_unit(&r) - 0.5) * 1.6e9),
                                        sphere_wrap_e7((int64_t)((rng_unit(&r) - 0.5) * 3.6e9))};
        const uint32_t cell = jamming_cell_at(at);
        const struct sphere_place center = jamming_center(cell);
        assert_int_equal(jamming_cell_at(center), cell);
        const double m = sphere_distance_m(at, center);
        assert_true(m < 28000.0);
        for (int k = 0; k < 6; k++) { /* no center around is nearer */
            const struct sphere_place next = sphere_destination(center, 30.0 + 60.0 * k, 38500.0);
            const struct sphere_place other = jamming_center(jamming_cell_at(next));
            assert_true(sphere_distance_m(at, other) > m - 300.0);
        }
    }
}

static void many_bad_ones_are_red_and_one_is_not(void **state)
{
    (void)state;
    struct seen s = {0};
    struct jamming *j = jamming_new(10000);
    for (uint32_t i = 0; i < 20; i++) {
        stay(j, &s, 100 + i, 34.0, 33.0, i < 12 ? 0 : 9);
        stay(j, &s, 200 + i, 50.0, 8.0, i < 1 ? 0 : 9);
    }
    stay(j, &s, 300, 20.0, 10.0, 0);
    assert_int_equal(s.n, 0);
    const struct kept next = report(1, DAY_0 + INT64_C(86400000), 0.1, 0.1, 9);
    jamming_push(j, &next, take, &s);
    assert_int_equal(s.n, 3);
    const struct jamming_cell *c = cell_at(&s, 34.0, 33.0);
    assert_int_equal(c->aircraft, 20);
    assert_int_equal(c->bad, 12);
    assert_int_equal(c->color, JAMMING_RED);
    assert_true(c->over_tenth_p > 0.97F);
    assert_int_equal(c->day, 19700);
    c = cell_at(&s, 50.0, 8.0);
    assert_int_equal(c->color, JAMMING_GREEN);
    assert_true(c->over_tenth_p < 0.1F);
    c = cell_at(&s, 20.0, 10.0); /* the only one there, and bad: nobody knows */
    assert_int_equal(c->color, JAMMING_GRAY);
    assert_true(c->over_tenth_p < 0.2F);
    const struct kept late = report(1, DAY_0, 0.1, 0.1, 9);
    jamming_push(j, &late, take, &s);
    assert_int_equal(jamming_sums(j)->late, 1);
    jamming_free(j);
}

/* Bad wherever it flies: its equipment. */
static void equipment_is_not_jamming(void **state)
{
    (void)state;
    struct seen s = {0};
    struct jamming *j = jamming_new(10000);
    for (int i = 0; i < 5; i++) {
        stay(j, &s, 500, 40.0 + i, 10.0, 3);
        stay(j, &s, 501, 40.0 + i, 10.0, 10);
    }
    jamming_end(j, take, &s);
    assert_int_equal(s.n, 5);
    for (unsigned i = 0; i < s.n; i++) {
        assert_int_equal(s.cell[i].aircraft, 1);
        assert_int_equal(s.cell[i].bad, 0);
        assert_int_equal(s.cell[i].left_out, 1);
    }
    jamming_free(j);
}

static void a_moment_is_not_bad(void **state)
{
    (void)state;
    struct seen s = {0};
    struct jamming *j = jamming_new(10);
    const struct kept a = report(7, DAY_0, 40.0, 10.0, 0);
    const struct kept b = report(7, DAY_0 + 20000, 40.0, 10.0, 9);
    jamming_push(j, &a, take, &s);
    jamming_push(j, &b, take, &s);
    for (uint32_t i = 0; i < 20; i++) { /* more than there is room for */
        const struct kept k = report(100 + i, DAY_0 + 30000, 40.0, 10.0, 9);
        jamming_push(j, &k, take, &s);
    }
    assert_int_equal(jamming_sums(j)->full, 11);
    jamming_end(j, take, &s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.cell[0].bad, 0);
    jamming_free(j);
}

static void the_distribution_is_right(void **state)
{
    (void)state;
    /* With no aircraft: P(Beta(1, 30) > 0.1) = 0.9^30. */
    assert_true(fabs((double)jamming_over_tenth(0, 0) - pow(0.9, 30.0)) < 1e-6);
    /* Against integration by the midpoint rule. */
    for (unsigned bad = 0; bad <= 40; bad += 8) {
        double over = 0.0, all = 0.0;
        for (int i = 0; i < 20000; i++) {
            const double x = (i + 0.5) / 20000.0;
            const double f = exp(bad * log(x) + (29.0 + 60.0) * log1p(-x) + 40.0);
            all += f;
            over += x > 0.1 ? f : 0.0;
        }
        assert_true(fabs((double)jamming_over_tenth(bad, 60) - over / all) < 1e-3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_lie_in_the_cell_of_the_nearest_center),
        cmocka_unit_test(many_bad_ones_are_red_and_one_is_not),
        cmocka_unit_test(equipment_is_not_jamming),
        cmocka_unit_test(a_moment_is_not_bad),
        cmocka_unit_test(the_distribution_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
