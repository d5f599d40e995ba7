/* Numbers, names and places read out of text, and JSON walked in place. */
#include "base/buf.h"
#include "wire/json_read.h"
#include "wire/lines.h"
#include "wire/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct text text(const char *s)
{
    return (struct text){s, strlen(s)};
}

static void decimals_are_rounded_once(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        int64_t want;
    } good[] = {
        {"0", 0, 0},
        {"-0.0", 3, 0},
        {"+12", 0, 12},
        {"12.", 1, 120},
        {".5", 0, 1},
        {"-1.255", 2, -126},
        {"1.005", 2, 101},
        {"-0.4999999999", 0, 0},
        {"1e3", 0, 1000},
        {"1.5E-3", 4, 15},
        {"1e-999", 9, 0},
        {"0e99999999999", 0, 0},
        {"1717664319.147975", 6, INT64_C(1717664319147975)},
        {"51.2052249999999999999", 7, 512052250},
        {"00000000000000000000000000000001", 0, 1},
        {"4611686018427387904", 0, INT64_C(4611686018427387904)},
    };
    static const char *const bad[] = {
        "",   "-",   ".",   "1.2.3", "1e",  "1e+", "0x10",  " 1",
        "1 ", "nan", "inf", "--1",   "1-1", "1,0", "1e999", "99999999999999999999"};
    int64_t v;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(text_decimal(text(good[i].text), good[i].decimals, &v));
        assert_int_equal(v, good[i].want);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(text_decimal(text(bad[i]), 0, &v));
    }
}

static void addresses_squawks_and_call_signs(void **state)
{
    (void)state;
    uint32_t address;
    int32_t squawk;
    char flight[8];
    assert_true(text_address(text("4cA2ad"), &address) && address == 0x4ca2ad);
    assert_true(text_address(text("~000001"), &address) && address == 0x1000001);
    assert_false(text_address(text("4ca2a"), &address));
    assert_false(text_address(text("4ca2ag"), &address));
    assert_false(text_address(text("04ca2ad"), &address));
    assert_true(text_squawk(text("7700"), &squawk) && squawk == 07700);
    assert_true(text_squawk(text("21"), &squawk) && squawk == 021);
    assert_false(text_squawk(text("7800"), &squawk));
    assert_false(text_squawk(text("77000"), &squawk));
    assert_false(text_squawk(text("77777777777777777777"), &squawk));
    assert_true(text_flight(text(" klm12 "), flight));
    assert_memory_equal(flight, "KLM12   ", 8);
    assert_false(text_flight(text("        "), flight));
    assert_false(text_flight(text("ABCDEFGHI"), flight));
    assert_false(text_flight(text("=A1"), flight));
}

static void fields_may_be_quoted(void **state)
{
    (void)state;
    struct text part[4];
    assert_int_equal(text_split(text("a,\"b,c\",,d,e"), ',', part, 4), 4);
    assert_true(text_is(part[1], "b,c"));
    assert_true(text_is(part[2], ""));
    assert_true(text_is(part[3], "d"));
    assert_int_equal(text_split(text(""), ',', part, 4), 1);
    assert_int_equal(text_split(text("a,"), ',', part, 4), 2);
    assert_int_equal(text_split(text("\"a,b"), ',', part, 4), 2); /* a quote nobody closed */
}

static void places_are_within_the_globe(void **state)
{
    (void)state;
    int32_t lat, lon;
    assert_true(text_place(text("-90"), text("180"), &lat, &lon));
    assert_int_equal(lat, -900000000);
    assert_int_equal(lon, -1800000000);
    assert_false(text_place(text("90.0000001"), text("0"), &lat, &lon));
    assert_false(text_place(text("0"), text("-180.1"), &lat, &lon));
    assert_false(text_place(text(""), text("1"), &lat, &lon));
}

static void json_is_walked(void **state)
{
    (void)state;
    struct json_value top, v;
    struct json_walk w;
    struct text key;
    assert_true(json_read(text(" {\"a\\\"\":[1,{\"]\":2}], \"b\" : null,\"c\":-1.5e3}\n"), &top));
    json_walk_start(&w, &top);
    assert_true(json_walk_next(&w, &key, &v));
    assert_true(text_is(key, "a\\\""));
    assert_int_equal(v.kind, JSON_KIND_ARRAY);
    assert_true(text_is(v.text, "1,{\"]\":2}"));
    assert_true(json_walk_next(&w, &key, &v));
    assert_int_equal(v.kind, JSON_KIND_NULL);
    assert_true(json_walk_next(&w, &key, &v));
    assert_true(text_is(v.text, "-1.5e3"));
    assert_false(json_walk_next(&w, &key, &v));
    assert_false(w.is_bad);
}

static void broken_json_is_seen(void **state)
{
    (void)state;
    static const char *const bad[] = {"{1:2}",     "{\"a\"}",   "{\"a\":}", "{\"a\":1,}",
                                      "{\"a\" 1}", "{,}",       "[1,]",     "[1 2]",
                                      "[tru]",     "[\"a\" 1]", "[{]"};
    static const char *const unread[] = {"", "{", "[1", "\"", "\"\\\"", "{}x", "nul", "[}", "]"};
    struct json_value top, v;
    struct json_walk w;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!json_read(text(bad[i]), &top)) {
            continue;
        }
        json_walk_start(&w, &top);
        while (json_walk_next(&w, NULL, &v)) {
        }
        assert_true(w.is_bad);
    }
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
        assert_false(json_read(text(unread[i]), &top));
    }
}

static void take_line(void *ctx, const char *p, size_t n)
{
    struct buf *log = ctx;
    buf_add(log, p, n);
    buf_byte(log, '|');
}

static void lines_end_in_every_way(void **state)
{
    (void)state;
    struct counters counters = {0};
    struct lines l;
    struct buf log = {0};
    static const char bytes[] = "a\nb\r\n\n\rcc\rtoolongxx\nd\nlast";
    assert_true(lines_start(&l, 5, &counters));
    lines_push(&l, (const uint8_t *)bytes, sizeof bytes - 1, take_line, &log);
    assert_int_equal(log.n, 9);
    assert_memory_equal(log.p, "a|b|cc|d|", 9);
    lines_end(&l, take_line, &log);
    assert_int_equal(log.n, 14);
    assert_memory_equal(log.p, "a|b|cc|d|last|", 14);
    buf_free(&log);
    assert_int_equal(counters.n[COUNT_LINE_TOO_LONG], 1);
    lines_stop(&l);
}

static void proxy_lines(void **state)
{
    (void)state;
    struct proxy_line line;
    static const char v6[] = "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\nX";
    assert_int_equal(proxy_take((const uint8_t *)v6, sizeof v6 - 1, &line), sizeof v6 - 2);
    assert_string_equal(line.name, "2001:db8::1");
    assert_int_equal(line.id >> 56, 0xa0);
    assert_int_equal(proxy_take((const uint8_t *)"PROXY UNKNOWN\r\n", 15, &line), 15);
    assert_true(line.id == 0);
    assert_int_equal(proxy_take((const uint8_t *)"PRO", 3, &line), -ERR_SHORT);
    assert_int_equal(proxy_take((const uint8_t *)"PROXIMA", 7, &line), -ERR_SYNTAX);
    char endless[200];
    snprintf(endless, sizeof endless, "PROXY TCP4 %0180d", 1);
    assert_int_equal(proxy_take((const uint8_t *)endless, sizeof endless, &line), -ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_rounded_once),
        cmocka_unit_test(addresses_squawks_and_call_signs),
        cmocka_unit_test(fields_may_be_quoted),
        cmocka_unit_test(places_are_within_the_globe),
        cmocka_unit_test(json_is_walked),
        cmocka_unit_test(broken_json_is_seen),
        cmocka_unit_test(lines_end_in_every_way),
        cmocka_unit_test(proxy_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
