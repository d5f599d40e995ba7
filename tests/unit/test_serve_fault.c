/* Errors by name: what varies in a sentence is told apart, what no row says has a name by its
 * status. */
#include "serve/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void says(const char *sentence, int status, const char *json)
{
    struct buf b = {0};
    const struct fault f = fault_find(sentence, status);
    fault_json(&f, &b);
    buf_byte(&b, '\0');
    assert_false(b.failed);
    assert_string_equal((const char *)b.p, json);
    buf_free(&b);
}

static void a_field_and_its_value(void **state)
{
    (void)state;
    says("quantity: '-5' is negative; it is 0 or more; as 420", 400,
         ",\"code\":\"negative\",\"field\":\"quantity\",\"said\":[\"-5\",\"; as 420\"]");
    says("quantity: a line says it; as 420", 400,
         ",\"code\":\"needed\",\"field\":\"quantity\",\"said\":[\"line\",\"420\"]");
    says("deadline: it is after the start", 400,
         ",\"code\":\"after_start\",\"field\":\"deadline\"");
    says("key: 'a b' is none of a line; it is 1 to 48 letters", 400,
         ",\"code\":\"no_key\",\"field\":\"key\",\"said\":[\"a b\",\"line\",\"1 to 48 letters\"]");
}

static void who_was_faster(void **state)
{
    (void)state;
    says("version: line L1 was changed by Amina \"A\" at 2024-07-20T12:00:00Z (change 17); look at "
         "it again, then change it",
         409,
         ",\"code\":\"changed\",\"field\":\"version\",\"said\":[\"line\",\"L1\",\"Amina "
         "\\\"A\\\"\",\"2024-07-20T12:00:00Z\",\"17\"]");
    says("from: C1 is approved for the same flights from 2024-06-07; say replaces=C1, or other "
         "times, tails or call signs",
         409,
         ",\"code\":\"clearance_clash\",\"field\":\"from\",\"said\":[\"C1\",\"approved\","
         "\"2024-06-07\",\"C1, or other times, tails or call signs\"]");
}

static void a_slip_in_a_rule(void **state)
{
    (void)state;
    says("rule: line 1, column 16: the end where a condition was expected: type, class", 400,
         ",\"code\":\"rule_condition\",\"field\":\"rule\",\"line\":1,\"column\":16,\"said\":["
         "\"the end\",\"type, class\"]");
    says("'C-17*': letters and digits, matched whole, as C17 or RCH", 400,
         ",\"code\":\"rule_word\",\"said\":[\"C-17*\",\"as C17 or RCH\"]");
    says("'lands' and 'orbits' do not happen at one moment: write ... then orbits ... within 8 h",
         400,
         ",\"code\":\"rule_two_events\",\"said\":[\"lands\",\"orbits\",\"write ... then orbits ... "
         "within 8 h\"]");
    says("area: the polygon crosses itself near 13.50000, 2.20000: give its corners in order", 400,
         ",\"code\":\"area_crosses\",\"field\":\"area\",\"said\":[\"13.50000, 2.20000\",\"give its "
         "corners in order\"]");
}

static void what_no_row_says(void **state)
{
    (void)state;
    says("", 503, ",\"code\":\"not_available\"");
    says("the sea is high", 404, ",\"code\":\"not_found\"");
    says("limit: 500 at most", 400, ",\"code\":\"refused\",\"field\":\"limit\"");
    says("this is not the token", 403, ",\"code\":\"wrong_token\"");
    says("this is not the token, is it", 403, ",\"code\":\"forbidden\"");
    says("teapot", 418, ",\"code\":\"refused\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_and_its_value),
        cmocka_unit_test(who_was_faster),
        cmocka_unit_test(a_slip_in_a_rule),
        cmocka_unit_test(what_no_row_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
