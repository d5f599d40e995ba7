/* The choice of a gain: a receiver modeled by what it hears at each. */
#include "radio/gain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { STEPS = 29, VALUES = 9600000 };

/* 1.7 dB a step. strong_dbfs, noise_dbfs: at the highest gain; of 100 frames those come strong. */
struct model {
    double strong_dbfs, noise_dbfs;
    unsigned strong_of_100;
};

static void hear(const struct model *m, unsigned step, struct gain_heard *h)
{
    const double less = 1.7 * (STEPS - 1 - step), level = m->strong_dbfs - less;
    *h = (struct gain_heard){.values = VALUES, .frames = 100, .noise_dbfs = m->noise_dbfs - less};
    h->strong = level > -3 ? m->strong_of_100 : 0;
    h->clipped = level > 0 ? VALUES / 200 : 0;
}

static unsigned settle(const struct model *m, unsigned periods, unsigned *changes)
{
    struct gain g = {.step = STEPS - 1, .steps = STEPS};
    *changes = 0;
    for (unsigned k = 0; k < periods; k++) {
        struct gain_heard h;
        hear(m, g.step, &h);
        *changes += gain_period(&g, &h);
    }
    return g.step;
}

static void it_goes_down_until_strong_frames_fit(void **state)
{
    (void)state;
    const struct model near = {.strong_dbfs = 20, .noise_dbfs = -32, .strong_of_100 = 30};
    unsigned changes;
    const unsigned step = settle(&near, 60, &changes);
    const double level = near.strong_dbfs - 1.7 * (STEPS - 1 - step);
    assert_true(level <= -3 && level > -3 - 2 * 1.7);
}

static void it_stays_high_where_all_fits(void **state)
{
    (void)state;
    const struct model far = {.strong_dbfs = -10, .noise_dbfs = -32, .strong_of_100 = 30};
    unsigned changes;
    assert_int_equal(settle(&far, 1000, &changes), STEPS - 1);
    assert_int_equal(changes, 0);
}

static void a_few_strong_frames_do_not_matter(void **state)
{
    (void)state;
    const struct model one = {.strong_dbfs = -1, .noise_dbfs = -32, .strong_of_100 = 5};
    unsigned changes;
    assert_int_equal(settle(&one, 1000, &changes), STEPS - 1);
}

static void noise_that_takes_up_the_scale_lowers_it(void **state)
{
    (void)state;
    const struct model noisy = {.strong_dbfs = -10, .noise_dbfs = -15, .strong_of_100 = 0};
    unsigned changes;
    assert_int_equal(settle(&noisy, 60, &changes), STEPS - 1 - 6);
}

/* What is near flies away: the gain comes back, but does not swing. */
static void it_is_tried_again_after_long(void **state)
{
    (void)state;
    struct gain g = {.step = 10, .steps = STEPS, .bar = 300};
    const struct model far = {.strong_dbfs = -10, .noise_dbfs = -32, .strong_of_100 = 0};
    unsigned changes = 0;
    for (unsigned k = 0; k < 299; k++) {
        struct gain_heard h;
        hear(&far, g.step, &h);
        changes += gain_period(&g, &h);
    }
    assert_int_equal(changes, 0);
    for (unsigned k = 0; k < 200; k++) {
        struct gain_heard h;
        hear(&far, g.step, &h);
        gain_period(&g, &h);
    }
    assert_int_equal(g.step, STEPS - 1);
    const struct model near = {.strong_dbfs = 8, .noise_dbfs = -32, .strong_of_100 = 30};
    settle(&near, 1000, &changes);
    assert_true(changes < 25);
}

static void nothing_heard_changes_nothing_but_upward(void **state)
{
    (void)state;
    struct gain g = {.step = 0, .steps = 1};
    const struct gain_heard none = {.noise_dbfs = -INFINITY};
    for (unsigned k = 0; k < 100; k++) {
        assert_false(gain_period(&g, &none));
    }
    struct gain all = {.steps = 0};
    assert_false(gain_period(&all, &(struct gain_heard){.values = 100, .clipped = 100}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_down_until_strong_frames_fit),
        cmocka_unit_test(it_stays_high_where_all_fits),
        cmocka_unit_test(a_few_strong_frames_do_not_matter),
        cmocka_unit_test(noise_that_takes_up_the_scale_lowers_it),
        cmocka_unit_test(it_is_tried_again_after_long),
        cmocka_unit_test(nothing_heard_changes_nothing_but_upward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
