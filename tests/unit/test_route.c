/* The prior of routes: rows read in any pieces, what is wrong with them counted, what is found. */
#include "flight_probe.h"
#include "movement/route.h"
#include "movement/site.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct flight_field field[] = {
    {"LAAA", 45.0, 5.0, 500, 90, AIRPORT_LARGE},
    {"LBBB", 45.0, 16.3, 300, 90, AIRPORT_LARGE},
    {"LCCC", 47.5, 10.5, 1200, 180, AIRPORT_MEDIUM},
};

static struct buf file;
static struct airports *airports;

static int open_airports(void **state)
{
    (void)state;
    airports = flight_airports(field, 3, &file);
    return airports ? 0 : -1;
}

static int close_airports(void **state)
{
    (void)state;
    airports_free(airports);
    buf_free(&file);
    return 0;
}

static const char rows[] = "operator,origin,destination,weight\r\n"
                           "XYZ,LAAA,LBBB,3\r\n"
                           "# a comment\n"
                           "ABC,LCCC,LAAA,1.5\n"
                           "ABC,LAAA,LCCC,2\n"
                           "\n"
                           "ABC,LAAA,ZZZZ,2\n"  /* nobody knows ZZZZ */
                           "ABC,LAAA,LAAA,2\n"  /* to itself */
                           "AB,LAAA,LBBB,2\n"   /* two letters */
                           "ABC,LAAA,LBBB,-1\n" /* no weight */
                           "ABC,LAAA,LBBB,nan\n"
                           "ABC,LAAA\n"
                           "XYZ,LBBB,LAAA,4"; /* no newline at the end */

static struct route_prior *read_in_pieces(size_t piece)
{
    struct route_prior *r = route_prior_new(airports);
    assert_non_null(r);
    for (size_t i = 0; i < sizeof rows - 1; i += piece) {
        const size_t n = sizeof rows - 1 - i < piece ? sizeof rows - 1 - i : piece;
        assert_int_equal(route_prior_push(r, rows + i, n), ERR_OK);
    }
    assert_int_equal(route_prior_ready(r), ERR_OK);
    return r;
}

static void what_is_kept_and_what_is_counted(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < sizeof rows; piece++) {
        struct route_prior *r = read_in_pieces(piece);
        assert_int_equal(route_prior_sums(r)->rows, 4);
        assert_int_equal(route_prior_sums(r)->unknown, 2);
        assert_int_equal(route_prior_sums(r)->bad, 4);
        route_prior_free(r);
    }
}

static void what_is_found(void **state)
{
    (void)state;
    size_t n;
    struct route_prior *r = read_in_pieces(7);
    const uint32_t a = airport_find(airports, "LAAA", AIRPORT_TODAY);
    const uint32_t c = airport_find(airports, "LCCC", AIRPORT_TODAY);
    const struct route *row = route_of_operator(r, route_operator("ABC"), &n);
    assert_int_equal(n, 2);
    assert_true((row[0].origin == a) != (row[1].origin == a));
    assert_null(route_of_operator(r, route_operator("QQQ"), &n));
    assert_int_equal(n, 0);
    assert_null(route_of_operator(r, route_operator("ab1"), &n));
    const uint32_t *from = route_from(r, a, &n);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(route_at(r, from[i])->origin, a);
    }
    const uint32_t *to = route_to(r, c, &n);
    assert_int_equal(n, 1);
    assert_int_equal(route_at(r, to[0])->destination, c);
    assert_null(route_to(r, UINT32_MAX, &n));
    route_prior_free(r);
}

static void a_line_without_end(void **state)
{
    (void)state;
    struct route_prior *r = route_prior_new(airports);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(route_prior_push(r, "ABCDEFGHIJKLMNOPQRST", 20), ERR_OK);
    }
    assert_int_equal(route_prior_push(r, "\nABC,LAAA,LBBB,1\n", 17), ERR_OK);
    assert_int_equal(route_prior_ready(r), ERR_OK);
    assert_int_equal(route_prior_sums(r)->rows, 1);
    assert_int_equal(route_prior_sums(r)->bad, 1);
    route_prior_free(r);
    r = route_prior_new(airports); /* in one piece */
    char whole[400];
    memset(whole, 'A', sizeof whole);
    assert_int_equal(route_prior_push(r, whole, sizeof whole), ERR_OK);
    assert_int_equal(route_prior_ready(r), ERR_OK);
    assert_int_equal(route_prior_sums(r)->bad, 1);
    route_prior_free(r);
}

/* Against the sphere, near and far. */
static void distances_and_bearings_of_unit_vectors(void **state)
{
    (void)state;
    const struct sphere_place from = {455000000, -1795000000};
    for (double nm = 0.5; nm < 9000; nm *= 1.7) {
        for (double deg = 1; deg < 360; deg += 37) {
            const struct sphere_place to = sphere_destination(from, deg, nm * 1852);
            const struct unit a = unit_of(from.lat_e7, from.lon_e7),
                              b = unit_of(to.lat_e7, to.lon_e7);
            assert_true(fabs(unit_nm(a, b) - nm) < 0.002 + nm * 2e-5);
            if (nm > 5) {
                assert_true(fabs(remainder(unit_bearing_deg(a, b) - deg, 360)) < 0.05);
            }
        }
    }
    assert_int_equal(day_of(-1), -1);
    assert_int_equal(day_of(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_and_what_is_counted),
        cmocka_unit_test(what_is_found),
        cmocka_unit_test(a_line_without_end),
        cmocka_unit_test(distances_and_bearings_of_unit_vectors),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
