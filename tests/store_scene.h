/* A store and a few aircraft for tests of it. */
#ifndef MASAR_TESTS_STORE_SCENE_H
#define MASAR_TESTS_STORE_SCENE_H

#include "store_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { AIRCRAFT = 5 };

static const struct store_options at_once = {.mode = STORE_WRITE, .chunk_age_ms = 1};
static const struct store_options reading = {.mode = STORE_READ};

static inline struct found find_all(struct store *s, size_t *torn)
{
    struct found f = {0};
    const struct store_query q = store_query_any();
    assert_int_equal(store_find(s, &q, found_take, &f, torn), ERR_OK);
    return f;
}

static inline void ignore(void *ctx, const char *sentence)
{
    (void)ctx, (void)sentence;
}

static inline size_t findings(const char *dir)
{
    struct store *s = folder_open(dir, &reading);
    size_t n;
    assert_int_equal(store_check(s, ignore, NULL, &n), ERR_OK);
    store_close(s);
    return n;
}

/* Point i of the test's fleet: the same whenever asked, in order. */
static inline void add_points(struct store *s, struct kept_flier f[AIRCRAFT], int n,
                              struct kept *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = kept_fly(&f[i % AIRCRAFT], 1000);
        assert_int_equal(store_add(s, &out[i]), ERR_OK);
    }
}

static inline void start_fleet(struct kept_flier f[AIRCRAFT])
{
    for (uint32_t i = 0; i < AIRCRAFT; i++) {
        f[i] = kept_flier(i + 10, 0x100 + i);
    }
}

#endif
