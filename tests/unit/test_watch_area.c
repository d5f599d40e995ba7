/* Areas: what is asked again when an aircraft goes into one or out of it, the date line, areas that
   are none. */
#include "watch_world.h"

#define WEST "in circle=10,10,100km"
#define EAST "in circle=10,11,100km"

static void way(struct world *w, int64_t from_ms, const double *lon, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        fly(w, RCH, from_ms + i * MIN, 10, lon[i]);
    }
}

static void test_two(void **state)
{
    static const double eastward[] = {8, 9.5, 9.8, 10.5, 10.6}, westward[] = {13, 11.5, 10.5};
    struct world *w = world(WEST " and " EAST, NULL);
    (void)state;
    way(w, T0, eastward, 3); /* in the first alone */
    assert_int_equal(w->n, 0);
    way(w, T0 + 3 * MIN, eastward + 3, 2);
    assert_int_equal(w->n, 1);
    end(w);
    w = world(WEST " and " EAST, NULL);
    way(w, T0, westward, 2); /* in the second alone */
    assert_int_equal(w->n, 0);
    way(w, T0 + 2 * MIN, westward + 2, 1);
    assert_int_equal(w->n, 1);
    end(w);
}

static void test_out_of(void **state)
{
    static const double lon[] = {12.5, 11.5, 10.5, 9.5};
    struct world *w = world(WEST " and not " EAST, "type C17 and not " EAST, NULL);
    (void)state;
    way(w, T0, lon, 1);
    assert_int_equal(w->n, 1); /* the second: it is not there */
    way(w, T0 + MIN, lon + 1, 2);
    assert_int_equal(w->n, 1);
    way(w, T0 + 3 * MIN, lon + 3, 1); /* out of the second, in the first as before */
    assert_int_equal(w->n, 2);
    assert_int_equal(w->told[1].watch, 1);
    end(w);
}

/* Who was there before the first step came is there when it comes. */
static void test_armed_inside(void **state)
{
    struct world *w = world("departs then " WEST " within 2 h", NULL);
    (void)state;
    fly(w, RCH, T0, 10, 10);
    say(w, row(CLAIM_TOOK_OFF, RCH, 1, T0 + MIN, "DRRN", 1));
    fly(w, RCH, T0 + 2 * MIN, 10, 10.1);
    fly(w, RCH, T0 + 3 * MIN, 10, 12.5);
    fly(w, RCH, T0 + 4 * MIN, 10, 10.2);
    assert_int_equal(w->n, 1);
    end(w);
}

static void test_date_line(void **state)
{
    static const double lon[] = {165, 175, 179.9, -179.9, -175, -165};
    struct world *w = world("in box=0,170,20,-170", NULL);
    (void)state;
    way(w, T0, lon, 6);
    assert_int_equal(w->n, 1);
    assert_int_equal(w->told[0].t_lo_ms, T0 + MIN);
    end(w);
}

static void test_none(void **state)
{
    static const char *const texts[] = {
        "in polygon=0,0,1,1,1,0,0,1", /* crosses itself */
        "in polygon=0,0,1,1",         /* no area */
        "in box=10,0,5,1",            /* south is north */
        "in circle=91,0,5km",         /* no such place */
        "in circle=0,0,0km",
        "in box=1,2,3",
        "in nowhere",
        "in {\"type\":\"Point\"}",
        "in {\"type\":",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct watch_rule *r;
        struct watch_wrong wrong;
        if (!watch_rule_read(texts[i], strlen(texts[i]), &names, &r, &wrong)) {
            fail_msg("%s: taken", texts[i]);
        }
        assert_null(r);
        assert_true(wrong.why[0] && wrong.at <= strlen(texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two),          cmocka_unit_test(test_out_of),
        cmocka_unit_test(test_armed_inside), cmocka_unit_test(test_date_line),
        cmocka_unit_test(test_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
