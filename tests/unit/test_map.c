/* The table against a plain array that does the same slowly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/rng.h"

enum { KEYS = 5000, MAX = 3000 };

static void behaves_like_an_array(void **state)
{
    (void)state;
    static uint32_t truth[KEYS]; /* value + 1, 0: not there */
    struct map m;
    struct rng r = {99};
    uint32_t n = 0;
    assert_int_equal(map_init(&m, MAX), ERR_OK);
    for (int i = 0; i < 400000; i++) {
        const uint32_t k = rng_below(&r, KEYS);
        const uint32_t key = k * 0x9e3779b1; /* spread, some next to MAP_NO_KEY */
        assert_int_equal(map_get(&m, key), truth[k] ? truth[k] - 1 : MAP_NONE);
        if (truth[k]) {
            assert_true(map_remove(&m, key));
            truth[k] = 0;
            n--;
        } else if (n == MAX) {
            assert_int_equal(map_add(&m, key, 1), ERR_FULL);
            assert_false(map_remove(&m, key));
        } else {
            assert_int_equal(map_add(&m, key, (uint32_t)i), ERR_OK);
            truth[k] = (uint32_t)i + 1;
            n++;
        }
        assert_int_equal(m.n, n);
    }
    for (uint32_t k = 0; k < KEYS; k++) {
        assert_int_equal(map_get(&m, k * 0x9e3779b1), truth[k] ? truth[k] - 1 : MAP_NONE);
    }
    map_free(&m);
}

static void equal_homes_do_not_hide_one_another(void **state)
{
    (void)state;
    struct map m;
    assert_int_equal(map_init(&m, 100), ERR_OK);
    uint32_t key[20];
    unsigned n = 0;
    const uint32_t home = map_home(&m, 12345);
    for (uint32_t k = 0; n < 20; k++) { /* the last entries too: searches wrap around */
        if (map_home(&m, k) == home || map_home(&m, k) == m.mask) {
            key[n++] = k;
        }
    }
    for (unsigned i = 0; i < n; i++) {
        map_add(&m, key[i], i);
    }
    for (unsigned gone = 0; gone < n; gone++) {
        assert_true(map_remove(&m, key[gone]));
        for (unsigned i = 0; i < n; i++) {
            assert_int_equal(map_get(&m, key[i]), i <= gone ? MAP_NONE : i);
        }
    }
    map_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behaves_like_an_array),
        cmocka_unit_test(equal_homes_do_not_hide_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
