/* Retention: the oldest goes, what is pinned stays. */
#include "store/tail.h"
#include "store_scene.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

enum { DAYS = 30, A_DAY = 300, DAY_MS = 86400000 };

static struct store_pruned prune_all(struct store *s, const struct store_keep *k)
{
    struct store_pruned sum = {0}, one = {.more = true};
    while (one.more) {
        assert_int_equal(store_prune(s, k, &one), ERR_OK);
        sum.chunks += one.chunks;
        sum.points += one.points;
    }
    return sum;
}

static size_t count_points(struct store *s, int64_t from_ms, int64_t to_ms)
{
    struct store_query q = store_query_any();
    struct found f = {0};
    q.from_ms = from_ms, q.to_ms = to_ms;
    assert_int_equal(store_find(s, &q, found_take, &f, NULL), ERR_OK);
    free(f.p);
    return f.n;
}

static void the_oldest_goes_but_what_is_pinned(void **state)
{
    (void)state;
    char dir[64];
    static struct kept p[A_DAY];
    const int64_t start_ms = INT64_C(1700000000000);
    folder_new(dir);
    struct store *s = folder_open(dir, &at_once);
    for (uint32_t a = 0; a < AIRCRAFT; a++) {
        struct kept_flier f = kept_flier(a + 1, 0x300 + a);
        for (int day = 0; day < DAYS; day++) {
            f.t_ms = start_ms + (int64_t)day * DAY_MS;
            for (int i = 0; i < A_DAY; i++) {
                p[i] = kept_fly(&f, 10000);
            }
            assert_int_equal(store_put(s, p, A_DAY, NULL), ERR_OK);
        }
    }
    assert_int_equal(store_commit(s), ERR_OK);
    int64_t pin, all;
    assert_int_equal(store_pin(s, 0x302, start_ms + 2 * (int64_t)DAY_MS,
                               start_ms + 3 * (int64_t)DAY_MS, "statement 7", &pin),
                     ERR_OK);
    const struct store_keep ten = {.since_ms = start_ms + 10 * (int64_t)DAY_MS};
    struct store_pruned gone = prune_all(s, &ten);
    assert_int_equal(gone.points, (10 * AIRCRAFT - 1) * A_DAY);
    assert_int_equal(count_points(s, start_ms, ten.since_ms), A_DAY);
    assert_int_equal(count_points(s, ten.since_ms, KEPT_TIME_MAX), 20 * AIRCRAFT * A_DAY);
    assert_int_equal(store_unpin(s, pin), ERR_OK);
    gone = prune_all(s, &ten);
    assert_int_equal(gone.points, A_DAY);
    struct store_stats before, after;
    assert_int_equal(store_stats(s, &before), ERR_OK);
    assert_true(before.first_ms >= ten.since_ms);
    /* By size: half of what is left goes, the oldest half, and the disk gets it back. */
    store_close(s);
    s = folder_open(dir, &at_once);
    assert_int_equal(store_stats(s, &before), ERR_OK);
    const struct store_keep half = {.since_ms = KEPT_NO_TIME,
                                    .most_bytes = before.file_bytes - before.chunk_bytes / 2};
    gone = prune_all(s, &half);
    printf("%llu bytes, at most %llu: %llu points gone\n", (unsigned long long)before.file_bytes,
           (unsigned long long)half.most_bytes, (unsigned long long)gone.points);
    assert_true(gone.points > 5 * AIRCRAFT * A_DAY && gone.points < 18 * AIRCRAFT * A_DAY);
    const size_t left = count_points(s, KEPT_TIME_MIN, KEPT_TIME_MAX);
    assert_int_equal(left, 20 * AIRCRAFT * A_DAY - gone.points);
    assert_int_equal(count_points(s, start_ms + 29 * (int64_t)DAY_MS, KEPT_TIME_MAX),
                     AIRCRAFT * A_DAY);
    assert_int_equal(store_pin(s, ADDRESS_NONE, KEPT_TIME_MIN, KEPT_TIME_MAX, "all", &all), ERR_OK);
    const struct store_keep none = {.since_ms = KEPT_NO_TIME, .most_bytes = 1};
    gone = prune_all(s, &none);
    assert_int_equal(gone.points, 0);
    store_close(s);
    s = folder_open(dir, &reading);
    assert_int_equal(store_stats(s, &after), ERR_OK);
    assert_true(after.file_bytes <= half.most_bytes);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

/* Whatever lies in the journal and whatever in chunks, a reader beside the writer finds each point
   once, as soon as it was made safe. */

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_oldest_goes_but_what_is_pinned)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
