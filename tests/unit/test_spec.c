/* `NAME:key=value,key=value` */
#include "base/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char why[200];

static enum err parse(struct spec *s, const char *text)
{
    why[0] = '\0';
    return spec_parse(s, text, why, sizeof why);
}

static void name_and_keys(void **state)
{
    (void)state;
    struct spec s;
    assert_int_equal(parse(&s, "beast:connect=[::1]:30005,name=roof,quiet"), ERR_OK);
    assert_string_equal(s.name, "beast");
    assert_int_equal(s.n, 3);
    assert_string_equal(spec_get(&s, "connect", NULL), "[::1]:30005");
    assert_string_equal(spec_get(&s, "name", NULL), "roof");
    assert_string_equal(spec_get(&s, "quiet", NULL), "");
    assert_null(spec_get(&s, "file", NULL));
    assert_string_equal(spec_get(&s, "file", "x"), "x");
}

static void name_alone(void **state)
{
    (void)state;
    struct spec s;
    assert_int_equal(parse(&s, "sim"), ERR_OK);
    assert_string_equal(s.name, "sim");
    assert_int_equal(s.n, 0);
    assert_int_equal(parse(&s, "sim:"), ERR_OK);
    assert_int_equal(s.n, 0);
}

static void commas_and_equal_signs_in_values(void **state)
{
    (void)state;
    struct spec s;
    assert_int_equal(parse(&s, "csv:file=a\\,b=c\\d.csv,at=1\\,2"), ERR_OK);
    assert_int_equal(s.n, 2);
    assert_string_equal(spec_get(&s, "file", NULL), "a,b=c\\d.csv");
    assert_string_equal(spec_get(&s, "at", NULL), "1,2");
}

static void refuses(void **state)
{
    (void)state;
    struct spec s;
    assert_int_equal(parse(&s, ""), ERR_SYNTAX);
    assert_non_null(strstr(why, "write NAME:key=value"));
    assert_int_equal(parse(&s, ":file=x"), ERR_SYNTAX);
    assert_int_equal(parse(&s, "a:b=1,,c=2"), ERR_SYNTAX);
    assert_int_equal(parse(&s, "a:=1"), ERR_SYNTAX);
    assert_int_equal(parse(&s, "a:b=1,b=2"), ERR_EXISTS);
    assert_string_equal(why, "the key 'b' stands twice in 'a'");
    assert_int_equal(parse(&s, "anamethatislongerthananynamehastobe:b"), ERR_FULL);
}

static void bounds(void **state)
{
    (void)state;
    struct spec s;
    char text[SPEC_TEXT_MAX + 10] = "a:";
    for (unsigned i = 0; i < SPEC_KEY_MAX; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%sk%u", i ? "," : "", i);
    }
    assert_int_equal(parse(&s, text), ERR_OK);
    assert_int_equal(s.n, SPEC_KEY_MAX);
    snprintf(text + strlen(text), sizeof text - strlen(text), ",more");
    assert_int_equal(parse(&s, text), ERR_FULL);
    memset(text, 'x', sizeof text);
    memcpy(text, "a:b=", 4);
    text[SPEC_TEXT_MAX - 1] = '\0';
    assert_int_equal(parse(&s, text), ERR_OK);
    assert_int_equal(strlen(spec_get(&s, "b", "")), SPEC_TEXT_MAX - 5);
    text[SPEC_TEXT_MAX - 1] = 'x';
    text[SPEC_TEXT_MAX] = '\0';
    assert_int_equal(parse(&s, text), ERR_FULL);
}

static void unknown_keys_are_named_with_the_known(void **state)
{
    (void)state;
    static const char *const one[] = {"name", "at", NULL};
    static const char *const two[] = {"file", NULL};
    static const char *const *const lists[] = {one, two};
    struct spec s;
    assert_int_equal(parse(&s, "avr:at=1,file=x"), ERR_OK);
    assert_int_equal(spec_check(&s, lists, 2, why, sizeof why), ERR_OK);
    assert_int_equal(spec_check(&s, lists, 1, why, sizeof why), ERR_UNKNOWN);
    assert_string_equal(why, "'avr' does not know the key 'file'; it knows name at");
    char tiny[20];
    assert_int_equal(parse(&s, "avr:fiel=x"), ERR_OK);
    assert_int_equal(spec_check(&s, lists, 2, tiny, sizeof tiny), ERR_UNKNOWN);
    assert_int_equal(strlen(tiny), sizeof tiny - 1);
}

static void numbers_within_their_bounds(void **state)
{
    (void)state;
    struct spec s;
    double v = 7;
    assert_int_equal(parse(&s, "iq:rate=2.4e6,gain=,ppm=1x,noise=nan,level=-300"), ERR_OK);
    assert_int_equal(spec_number(&s, "rate", 2e6, 2e7, &v, why, sizeof why), ERR_OK);
    assert_true(v == 2.4e6);
    assert_int_equal(spec_number(&s, "seed", 0, 9, &v, why, sizeof why), ERR_OK);
    assert_true(v == 2.4e6);
    static const char *const wrong[] = {"gain", "ppm", "noise", "level"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(spec_number(&s, wrong[i], -200, 1e6, &v, why, sizeof why), ERR_RANGE);
        assert_true(v == 2.4e6);
    }
    assert_string_equal(why, "level=-300: write a number from -200 to 1000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_and_keys),
        cmocka_unit_test(name_alone),
        cmocka_unit_test(commas_and_equal_signs_in_values),
        cmocka_unit_test(refuses),
        cmocka_unit_test(bounds),
        cmocka_unit_test(numbers_within_their_bounds),
        cmocka_unit_test(unknown_keys_are_named_with_the_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
