/* Instants: RFC 3339's own examples, the edges of the calendar, and nonsense. */
#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } row[] = {
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"2024-06-07", INT64_C(1717718400000000)},
        {"2024-06-07T08:30:00Z", INT64_C(1717749000000000)},
        {"2024-06-07T08:30Z", INT64_C(1717749000000000)},
        {"2024-06-07 08:30:00z", INT64_C(1717749000000000)},
        {"2024-06-07t10:30:00+02:00", INT64_C(1717749000000000)},
        {"2024-06-07T05:00:00-03:30", INT64_C(1717749000000000)},
        /* RFC 3339 5.8 */
        {"1985-04-12T23:20:50.52Z", INT64_C(482196050520000)},
        {"1996-12-19T16:39:57-08:00", INT64_C(851042397000000)},
        {"1990-12-31T23:59:60Z", INT64_C(662688000000000)},
        {"1937-01-01T12:00:27.87+00:20", INT64_C(-1041337172130000)},
        {"2000-02-29T00:00:00.0000019Z", INT64_C(951782400000001)},
        {"1969-12-31T23:59:59.999999Z", -1},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int64_t us = 0;
        if (instant_parse(row[i].text, &us) != ERR_OK || us != row[i].us) {
            fail_msg("%s: %lld", row[i].text, (long long)us);
        }
    }
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err e;
    } row[] = {
        {"", ERR_SYNTAX},
        {"2024", ERR_SYNTAX},
        {"2024-6-7", ERR_SYNTAX},
        {"2024-06-07T", ERR_SYNTAX},
        {"2024-06-07T08", ERR_SYNTAX},
        {"2024-06-07T08:30:00", ERR_SYNTAX},
        {"2024-06-07T08:30:00.Z", ERR_SYNTAX},
        {"2024-06-07T08:30:00Zx", ERR_SYNTAX},
        {"2024-06-07T08:30:00+2", ERR_SYNTAX},
        {"2024-06-07T08:30:00+0200", ERR_SYNTAX},
        {"yesterday", ERR_SYNTAX},
        {"2024-13-01", ERR_RANGE},
        {"2024-00-01", ERR_RANGE},
        {"2023-02-29", ERR_RANGE},
        {"1900-02-29", ERR_RANGE},
        {"2024-06-31", ERR_RANGE},
        {"2024-06-07T24:00:00Z", ERR_RANGE},
        {"2024-06-07T08:60:00Z", ERR_RANGE},
        {"2024-06-07T08:30:61Z", ERR_RANGE},
        {"2024-06-07T08:30:00+24:00", ERR_RANGE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int64_t us = 5;
        if (instant_parse(row[i].text, &us) != row[i].e || us != 5) {
            fail_msg("%s", row[i].text);
        }
    }
}

static void writes(void **state)
{
    (void)state;
    char text[32];
    instant_format(INT64_C(1717749000123456), 0, text);
    assert_string_equal(text, "2024-06-07T08:30:00Z");
    instant_format(INT64_C(1717749000123456), 3, text);
    assert_string_equal(text, "2024-06-07T08:30:00.123Z");
    instant_format(INT64_C(1717749000123456), 6, text);
    assert_string_equal(text, "2024-06-07T08:30:00.123456Z");
    instant_format(-1, 6, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
}

static void the_ends_of_time_do_no_harm(void **state)
{
    (void)state;
    char text[32];
    instant_format(INSTANT_NONE, 6, text);
    assert_true(strlen(text) < sizeof text);
    instant_format(INT64_MAX, 6, text);
    assert_true(strlen(text) < sizeof text);
}

static void every_day_of_800_years(void **state)
{
    (void)state;
    for (int64_t day = -146097; day < 146097; day++) {
        const struct instant_parts p = instant_split(day * INT64_C(86400000000) + 1);
        assert_in_range(p.month, 1, 12);
        assert_in_range(p.day, 1, 31);
        assert_int_equal(p.us, 1);
        assert_int_equal(instant_join(&p), day * INT64_C(86400000000) + 1);
    }
}

static void values_out_of_range_carry_over(void **state)
{
    (void)state;
    static const struct {
        struct instant_parts odd;
        const char *text;
    } row[] = {
        {{.year = 2024, .month = 1, .day = 32}, "2024-02-01T00:00:00Z"},
        {{.year = 2024, .month = 13, .day = 1}, "2025-01-01T00:00:00Z"},
        {{.year = 2024, .month = 0, .day = 1}, "2023-12-01T00:00:00Z"},
        {{.year = 2024, .month = -12, .day = 1}, "2022-12-01T00:00:00Z"},
        {{.year = 2024, .month = 3, .day = 0}, "2024-02-29T00:00:00Z"},
        {{.year = 2024, .month = 1, .day = 1, .hour = -1}, "2023-12-31T23:00:00Z"},
        {{.year = 2024, .month = 1, .day = 1, .second = 86400}, "2024-01-02T00:00:00Z"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[32];
        instant_format(instant_join(&row[i].odd), 0, text);
        assert_string_equal(text, row[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses),
        cmocka_unit_test(writes),
        cmocka_unit_test(the_ends_of_time_do_no_harm),
        cmocka_unit_test(every_day_of_800_years),
        cmocka_unit_test(values_out_of_range_carry_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
