/* Times of frames from marks and counters. */
#include "wire/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND_TICKS UINT64_C(12000000)
#define SECOND_US    INT64_C(1000000)
#define MARK_US      INT64_C(1717750000000000)

static int64_t at(struct clock *c, uint64_t tick)
{
    int64_t t_us = -1;
    clock_frame(c, tick, 99, &t_us);
    return t_us;
}

static struct clock feed(int64_t base_us)
{
    struct clock c;
    clock_start(&c, WIRE_CLOCK_FEED, CLOCK_TICK_12MHZ, base_us);
    return c;
}

static void arrival_is_the_time_under_receive(void **state)
{
    (void)state;
    struct clock c;
    int64_t t_us;
    clock_start(&c, WIRE_CLOCK_RECEIVE, CLOCK_TICK_12MHZ, 0);
    clock_mark(&c, MARK_US);
    assert_int_equal(clock_frame(&c, 5, 4242, &t_us), 0);
    assert_true(t_us == 4242);
}

static void no_time_before_anything_tells_it(void **state)
{
    (void)state;
    struct clock c = feed(0);
    int64_t t_us;
    assert_int_equal(clock_frame(&c, FRAME_NO_TICK, 1, &t_us), FRAME_NO_TIME);
    assert_int_equal(clock_frame(&c, 77, 1, &t_us), FRAME_ELAPSED);
    assert_int_equal(clock_frame(&c, FRAME_NO_TICK, 1, &t_us), FRAME_ELAPSED);
    clock_mark(&c, MARK_US);
    assert_int_equal(clock_frame(&c, FRAME_NO_TICK, 1, &t_us), 0);
    assert_true(t_us == MARK_US);
}

static void ticks_count_from_the_base(void **state)
{
    (void)state;
    struct clock c = feed(MARK_US);
    int64_t t_us;
    assert_int_equal(clock_frame(&c, 1000, 1, &t_us), 0);
    assert_true(t_us == MARK_US);
    assert_true(at(&c, 1000 + 3 * SECOND_TICKS) == MARK_US + 3 * SECOND_US);
    assert_true(at(&c, 1000 + 3 * SECOND_TICKS - 12000) == MARK_US + 3 * SECOND_US - 1000);
}

/* 10^7 steps of 13 ticks are 1.0833 us each: rounding must not add up */
static void small_steps_do_not_drift(void **state)
{
    (void)state;
    struct clock c = feed(0);
    int64_t t_us = 0;
    uint64_t tick = 0;
    for (int i = 0; i <= 10000000; i++, tick += 13) {
        t_us = at(&c, tick);
    }
    assert_true(t_us == INT64_C(13) * 10000000 / 12);
}

static void counter_wraps_at_48_bits(void **state)
{
    (void)state;
    struct clock c = feed(0);
    assert_true(at(&c, (UINT64_C(1) << 48) - SECOND_TICKS) == 0);
    assert_true(at(&c, SECOND_TICKS) == 2 * SECOND_US);
}

static void restarted_counter_goes_on_from_the_last_frame(void **state)
{
    (void)state;
    struct clock c = feed(0);
    at(&c, 500 * SECOND_TICKS);
    assert_true(at(&c, 510 * SECOND_TICKS) == 10 * SECOND_US);
    assert_true(at(&c, 5) == 10 * SECOND_US);
    assert_true(at(&c, 5 + SECOND_TICKS) == 11 * SECOND_US);
}

static void jump_of_more_than_a_day_is_none(void **state)
{
    (void)state;
    struct clock c = feed(0);
    at(&c, 12);
    assert_true(at(&c, 12 + 90000 * SECOND_TICKS) == 0);
    assert_true(at(&c, 12 + 90001 * SECOND_TICKS) == SECOND_US);
}

static void marks_bound_what_ticks_say(void **state)
{
    (void)state;
    struct clock c = feed(0);
    clock_mark(&c, MARK_US);
    at(&c, 7);
    clock_mark(&c, MARK_US + 100000);
    assert_true(at(&c, 99 * SECOND_TICKS) == MARK_US + 100000);
    assert_true(at(&c, 99 * SECOND_TICKS + 120000) == MARK_US + 110000);
    /* twice the marks' distance and a second is as far as it may go */
    assert_true(at(&c, 102 * SECOND_TICKS) == MARK_US + 110000);
}

static void receivers_keep_their_own_counters(void **state)
{
    (void)state;
    struct clock c = feed(0);
    clock_receiver(&c, 1);
    at(&c, 100 * SECOND_TICKS);
    clock_receiver(&c, 2);
    assert_true(at(&c, 7000 * SECOND_TICKS) == 0);
    clock_receiver(&c, 1);
    assert_true(at(&c, 103 * SECOND_TICKS) == 3 * SECOND_US);
    clock_receiver(&c, 2);
    assert_true(at(&c, 7004 * SECOND_TICKS) == 4 * SECOND_US);
}

static void gps_counter_is_seconds_and_nanoseconds(void **state)
{
    (void)state;
    struct clock c;
    clock_start(&c, WIRE_CLOCK_FEED, CLOCK_TICK_GPS, 0);
    const uint64_t late = UINT64_C(86399) << 30 | 500000000;
    assert_true(at(&c, late) == 0);
    assert_true(at(&c, UINT64_C(0) << 30 | 250000000) == 750000); /* over midnight */
    assert_true(at(&c, UINT64_C(2) << 30 | 250000000) == 2750000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrival_is_the_time_under_receive),
        cmocka_unit_test(no_time_before_anything_tells_it),
        cmocka_unit_test(ticks_count_from_the_base),
        cmocka_unit_test(small_steps_do_not_drift),
        cmocka_unit_test(counter_wraps_at_48_bits),
        cmocka_unit_test(restarted_counter_goes_on_from_the_last_frame),
        cmocka_unit_test(jump_of_more_than_a_day_is_none),
        cmocka_unit_test(marks_bound_what_ticks_say),
        cmocka_unit_test(receivers_keep_their_own_counters),
        cmocka_unit_test(gps_counter_is_seconds_and_nanoseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
