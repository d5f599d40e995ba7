/* Places on the ground found by who is in the air around. */
#include "track_tool.h"

enum { TAXIING = 0x4b9999 };

/* Four surface squitters of another aircraft; the last outcome. */
static struct outcome taxi(struct bench *b, int64_t t0, struct sphere_place where)
{
    struct outcome o = {0};
    for (int i = 0; i < 4; i++) {
        struct message m = position(TAXIING, t0 + i * SECOND, where, i & 1, true);
        m.receiver = 3;
        o = push(b, &m);
    }
    return o;
}

static void a_taxiing_aircraft_is_near_those_in_the_air(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.receiver = 3;
    const struct sphere_place stand = at(49.2, 7.1);
    assert_false(taxi(b, f.start_us - 10 * SECOND, stand).has_fix);
    fly(&f, f.start_us, 10);
    const struct outcome o = taxi(b, f.start_us + 100 * SECOND, stand);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_place(&o, stand, 2);
}

static void the_south_is_told_from_the_north_as_well(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.from = at(-33.9, -70.8);
    f.receiver = 3;
    fly(&f, f.start_us, 10);
    const struct outcome o = taxi(b, f.start_us + 100 * SECOND, at(-33.4, -70.1));
    assert_place(&o, at(-33.4, -70.1), 2);
}

static void after_an_hour_nobody_is_around(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.receiver = 3;
    fly(&f, f.start_us, 10);
    assert_false(taxi(b, f.start_us + 3700 * SECOND, at(49.2, 7.1)).has_fix);
}

static void another_receiver_hears_elsewhere(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.receiver = 4;
    fly(&f, f.start_us, 10);
    assert_false(taxi(b, f.start_us + 10 * SECOND, at(49.2, 7.1)).has_fix);
}

static void a_receiver_that_hears_the_world_is_no_reference(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.receiver = 3;
    fly(&f, f.start_us, 10);
    for (int i = 0; i < 2; i++) {
        struct message m =
            position(0x4b7777, f.start_us + (10 + i) * SECOND, at(40, -74), i & 1, false);
        m.receiver = 3;
        push(b, &m);
    }
    fly(&f, f.start_us + 20 * SECOND, 10);
    assert_false(taxi(b, f.start_us + 100 * SECOND, at(49.2, 7.1)).has_fix);
}

static void too_far_from_those_in_the_air_is_no_place(void **state)
{
    struct bench *b = *state;
    struct flight f = cruise(b);
    f.receiver = 3;
    fly(&f, f.start_us, 10);
    /* 30 degrees east: the nearest of its four places is not near at all. */
    assert_false(taxi(b, f.start_us + 100 * SECOND, at(49.2, 37.1)).has_fix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_taxiing_aircraft_is_near_those_in_the_air),
        BENCH_TEST(the_south_is_told_from_the_north_as_well),
        BENCH_TEST(after_an_hour_nobody_is_around),
        BENCH_TEST(another_receiver_hears_elsewhere),
        BENCH_TEST(a_receiver_that_hears_the_world_is_no_reference),
        BENCH_TEST(too_far_from_those_in_the_air_is_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
