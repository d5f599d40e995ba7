/* The growing buffer and what is written into it. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void check(struct buf *b, const char *want)
{
    assert_false(b->failed);
    assert_int_equal(b->n, strlen(want));
    assert_memory_equal(b->p, want, b->n);
    buf_clear(b);
}

static void grows(void **state)
{
    (void)state;
    struct buf b = {0};
    for (unsigned i = 0; i < 100000; i++) {
        buf_byte(&b, (uint8_t)i);
    }
    assert_int_equal(b.n, 100000);
    for (unsigned i = 0; i < 100000; i++) {
        assert_int_equal(b.p[i], (uint8_t)i);
    }
    buf_clear(&b);
    assert_int_equal(b.n, 0);
    assert_true(b.cap >= 100000);
    buf_add(&b, NULL, 0);
    assert_int_equal(b.n, 0);
    buf_free(&b);
    assert_null(b.p);
}

static void too_much_is_told_and_changes_nothing(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_text(&b, "kept");
    assert_null(buf_reserve(&b, SIZE_MAX / 2 + 10));
    assert_true(b.failed);
    assert_int_equal(b.n, 4);
    assert_memory_equal(b.p, "kept", 4);
    buf_free(&b);
}

static void formats(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_format(&b, "%s is %d", "this", 7);
    check(&b, "this is 7");
    char *lengthy = malloc(1001);
    memset(lengthy, 'x', 1000);
    lengthy[1000] = '\0';
    buf_format(&b, "%s", lengthy);
    check(&b, lengthy);
    for (unsigned n = 250; n < 260; n++) {
        buf_format(&b, "%.*s", (int)n, lengthy);
        assert_int_equal(b.n, n);
        buf_clear(&b);
    }
    free(lengthy);
    buf_free(&b);
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        unsigned decimals;
        const char *text;
    } row[] = {
        {0, 0, "0"},
        {0, 7, "0"},
        {-1050, 2, "-10.5"},
        {1050, 3, "1.05"},
        {5, 9, "0.000000005"},
        {-5, 1, "-0.5"},
        {100, 2, "1"},
        {100, 0, "100"},
        {134812345, 7, "13.4812345"},
        {INT64_MAX, 0, "9223372036854775807"},
        {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MIN, 9, "-9223372036.854775808"},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        buf_decimal(&b, row[i].value, row[i].decimals);
        check(&b, row[i].text);
    }
    buf_free(&b);
}

static void hex(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x8d, 0xff, 0x1a};
    struct buf b = {0};
    buf_hex(&b, bytes, sizeof bytes);
    check(&b, "008dff1a");
    buf_free(&b);
}

static void json_strings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } row[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\x01\t\n", "\"\\u0001\\u0009\\u000a\""},
        {"\x7f", "\"\x7f\""},
        {"Niam\xc3\xa9y \xe2\x82\xac \xf0\x9f\x9b\xa9",
         "\"Niam\xc3\xa9y \xe2\x82\xac \xf0\x9f\x9b\xa9\""},
        /* Cut off, too long a form, a surrogate, beyond U+10FFFF: one U+FFFD a byte. */
        {"\xc3", "\"\xef\xbf\xbd\""},
        {"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\x80x", "\"\xef\xbf\xbdx\""},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        buf_json_string(&b, row[i].text, strlen(row[i].text));
        check(&b, row[i].json);
    }
    buf_json_string(&b, "a\0b", 3);
    check(&b, "\"a\\u0000b\"");
    buf_free(&b);
}

static void xml_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *xml;
    } row[] = {
        {"a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;"},
        {"t\tn\n\x01\x1f", "t\tn\n\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xd9\x86\xf0\x9f\x9b\xa9", "\xd9\x86\xf0\x9f\x9b\xa9"},
        {"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\x80x\xed\xa0\x80", "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        buf_xml_text(&b, row[i].text, strlen(row[i].text));
        check(&b, row[i].xml);
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows),     cmocka_unit_test(too_much_is_told_and_changes_nothing),
        cmocka_unit_test(formats),   cmocka_unit_test(decimals),
        cmocka_unit_test(hex),       cmocka_unit_test(json_strings),
        cmocka_unit_test(xml_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
