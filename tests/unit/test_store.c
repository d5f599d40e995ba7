/* The store's invariants (I1 .. I8 in src/store/store.c) in what is written and read; what goes
   wrong is test_store_crash.c, what goes for its age test_store_prune.c. */

#include "kept_golden.h"
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

static void keeps_what_was_synced(void **state) /* I1, I3, I4 */
{
    (void)state;
    char dir[64];
    struct kept_flier f[AIRCRAFT];
    static struct kept p[2000];
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 100};
    folder_new(dir);
    start_fleet(f);
    struct store *s = folder_open(dir, &o);
    add_points(s, f, 700, p);
    assert_int_equal(store_sync(s), ERR_OK); /* 140 each: one chunk of 100 and more */
    add_points(s, f, 300, p + 700);
    assert_int_equal(store_sync(s), ERR_OK);
    assert_int_equal(store_add(s, &p[999]), ERR_EXISTS);
    store_close(s);
    s = folder_open(dir, &at_once); /* the journal's points are still there */
    assert_int_equal(store_state(s).buffered, 300);
    assert_int_equal(store_sync(s), ERR_OK);
    size_t torn;
    struct found all = find_all(s, &torn);
    assert_int_equal(all.n, 1000);
    for (size_t i = 0; i < all.n; i++) { /* aircraft by aircraft, each in order */
        assert_memory_equal(&all.p[i], &p[i % 200 * AIRCRAFT + i / 200], sizeof *p);
    }
    free(all.p);
    store_close(s);
    s = folder_open(dir, &at_once);
    assert_int_equal(store_state(s).buffered, 0);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

static void one_writer_many_readers(void **state) /* I6 */
{
    (void)state;
    char dir[64], why[512];
    struct store *s, *t;
    folder_new(dir);
    assert_int_equal(store_open(dir, &reading, &t, why, sizeof why), ERR_NOT_FOUND);
    s = folder_open(dir, &at_once);
    assert_int_equal(store_open(dir, &at_once, &t, why, sizeof why), ERR_EXISTS);
    assert_non_null(strstr(why, "another masar"));
    t = folder_open(dir, &reading);
    struct store *u = folder_open(dir, &reading);
    struct kept_flier f[AIRCRAFT];
    struct kept p[10];
    start_fleet(f);
    add_points(s, f, 10, p);
    assert_int_equal(store_sync(s), ERR_OK);
    struct found a = find_all(t, NULL), b = find_all(u, NULL);
    assert_int_equal(a.n, 10 - 0);
    assert_int_equal(b.n, 10);
    free(a.p), free(b.p);
    store_close(t), store_close(u), store_close(s);
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    sqlite3_open(path, &db);
    sqlite3_exec(db, "PRAGMA user_version = 9", NULL, NULL, NULL);
    sqlite3_close(db);
    assert_int_equal(store_open(dir, &reading, &t, why, sizeof why), ERR_RANGE);
    assert_non_null(strstr(why, "version 9"));
    folder_remove(dir);
}

static void an_archive_twice_changes_nothing(void **state) /* I8 */
{
    (void)state;
    char dir[64];
    static struct kept p[1500];
    folder_new(dir);
    struct kept_flier f = kept_flier(4, 0xabc);
    for (int i = 0; i < 1500; i++) {
        p[i] = kept_fly(&f, 8000);
    }
    struct store *s = folder_open(dir, &at_once);
    size_t added;
    assert_int_equal(store_put(s, p, 1500, &added), ERR_OK);
    assert_int_equal(added, 1500);
    assert_int_equal(store_mark(s, "a"), ERR_OK);
    store_close(s); /* not committed: nothing of it */
    s = folder_open(dir, &at_once);
    assert_false(store_marked(s, "a"));
    assert_int_equal(store_put(s, p + 500, 500, &added), ERR_OK);
    assert_int_equal(added, 500);
    assert_int_equal(store_put(s, p, 1500, &added), ERR_OK);
    assert_int_equal(added, 1000);
    assert_int_equal(store_mark(s, "a"), ERR_OK);
    assert_int_equal(store_commit(s), ERR_OK);
    assert_int_equal(store_put(s, p, 1500, &added), ERR_OK);
    assert_int_equal(added, 0);
    assert_int_equal(store_commit(s), ERR_OK);
    assert_true(store_marked(s, "a"));
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, 1500);
    assert_memory_equal(all.p, p, sizeof p); /* in order, though put out of order */
    free(all.p);
    uint16_t a, b;
    char name[201];
    assert_int_equal(store_receiver(s, "roof", &a), ERR_OK);
    assert_int_equal(store_receiver(s, "hill", &b), ERR_OK);
    assert_int_not_equal(a, b);
    assert_int_equal(store_receiver(s, "roof", &b), ERR_OK);
    assert_int_equal(a, b);
    assert_int_equal(store_receiver_name(s, a, name), ERR_OK);
    assert_string_equal(name, "roof");
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

/* A run is made apart from any store, takes aircraft after aircraft, and is put like their points.
 */
static void a_run_is_put_like_points(void **state) /* I8 */
{
    (void)state;
    char dir[64];
    static struct kept p[3][700];
    folder_new(dir);
    struct store_run *r = store_run_new(0);
    for (uint32_t a = 0; a < 3; a++) {
        struct kept_flier f = kept_flier(a + 40, 0x200 + a);
        for (int i = 0; i < 700; i++) {
            p[a][i] = kept_fly(&f, 4000);
        }
        assert_int_equal(store_run_add(r, p[a], 700), ERR_OK);
    }
    const struct kept late = p[0][0];
    struct kept pair[2] = {p[0][1], late};
    assert_int_equal(store_run_add(r, pair, 2), ERR_RANGE); /* descending: none is taken */
    assert_int_equal(store_run_points(r), 2100);
    struct store *s = folder_open(dir, &at_once);
    size_t added;
    assert_int_equal(store_put(s, p[1] + 100, 50, &added), ERR_OK);
    assert_int_equal(store_put_run(s, r, &added), ERR_OK);
    assert_int_equal(added, 2050);
    assert_int_equal(store_put_run(s, r, &added), ERR_OK);
    assert_int_equal(added, 0);
    assert_int_equal(store_commit(s), ERR_OK);
    store_run_clear(r);
    assert_int_equal(store_run_points(r), 0);
    store_run_free(r);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, 2100);
    assert_memory_equal(all.p, p, sizeof p);
    free(all.p);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

static void takes_an_older_journal_over(void **state)
{
    (void)state;
    char dir[64], path[128];
    static struct kept want[64];
    static uint8_t b[8192];
    folder_new(dir);
    store_close(folder_open(dir, &at_once));
    FILE *f = fopen(TEST_SOURCE_DIR "/tests/golden/store/tail_v1.bin", "rb");
    assert_non_null(f);
    const size_t n = fread(b, 1, sizeof b, f);
    fclose(f);
    snprintf(path, sizeof path, "%s/tail", dir);
    f = fopen(path, "wb");
    assert_int_equal(fwrite(b, 1, n, f), n);
    fclose(f);
    const size_t points = golden_points("tail_v1", want);
    struct store *s = folder_open(dir, &at_once);
    assert_int_equal(store_state(s).buffered, points);
    assert_int_equal(store_sync(s), ERR_OK);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, points);
    for (size_t i = 0; i < points; i++) {
        assert_memory_equal(&all.p[i], &want[i % (points / 2) * 2 + i / (points / 2)],
                            sizeof *want);
    }
    free(all.p);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    b[7] = TAIL_VERSION + 1;
    f = fopen(path, "wb");
    assert_int_equal(fwrite(b, 1, n, f), n);
    fclose(f);
    char why[512];
    assert_int_equal(store_open(dir, &at_once, &s, why, sizeof why), ERR_RANGE);
    assert_non_null(strstr(why, "another version"));
    folder_remove(dir);
}

static void take_kept(void *ctx, const struct kept *p)
{
    found_take(ctx, p);
}

/* Who asks is told of what stays, all of it, each aircraft's in order, and nothing else. */
static void tells_what_it_keeps(void **state)
{
    (void)state;
    char dir[64];
    struct found told = {0};
    struct kept_flier f[AIRCRAFT];
    static struct kept p[3000];
    const struct store_options o = {
        .mode = STORE_WRITE, .thin_m = 10, .thin_ft = 25, .kept = take_kept, .ctx = &told};
    folder_new(dir);
    start_fleet(f);
    struct store *s = folder_open(dir, &o);
    add_points(s, f, 3000, p);
    assert_int_equal(store_sync(s), ERR_OK);
    const uint64_t thinned = store_state(s).thinned;
    assert_true(thinned > 500);
    store_close(s);
    assert_int_equal(told.n, 3000 - thinned); /* closing keeps what waited */
    s = folder_open(dir, &at_once);
    assert_int_equal(store_sync(s), ERR_OK);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, told.n);
    for (size_t a = 0, at = 0; a < AIRCRAFT; a++) {
        for (size_t i = 0; i < told.n; i++) {
            if (told.p[i].address == f[a].address) {
                assert_memory_equal(&told.p[i], &all.p[at++], sizeof *told.p);
            }
        }
    }
    free(all.p), free(told.p);
    store_close(s);
    folder_remove(dir);
}

/* However few points come at a time, an aircraft's chunks become full ones. */
static void small_chunks_grow_together(void **state) /* I2 */
{
    (void)state;
    char dir[64];
    struct kept_flier f[AIRCRAFT];
    static struct kept p[5000];
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 200, .chunk_age_ms = 1};
    folder_new(dir);
    start_fleet(f);
    struct store *s = folder_open(dir, &o);
    for (int i = 0; i < 5000; i += 50) { /* ten of each at once */
        add_points(s, f, 50, p + i);
        assert_int_equal(store_sync(s), ERR_OK);
    }
    struct store_stats stats;
    assert_int_equal(store_stats(s, &stats), ERR_OK);
    printf("%llu chunks of %llu points\n", (unsigned long long)stats.chunks,
           (unsigned long long)stats.points);
    assert_int_equal(stats.points, 5000);
    assert_true(stats.chunks <= 12 * AIRCRAFT);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, 5000);
    for (size_t i = 0; i < all.n; i++) {
        assert_memory_equal(&all.p[i], &p[i % 1000 * AIRCRAFT + i / 1000], sizeof *p);
    }
    free(all.p);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_what_was_synced),
                                       cmocka_unit_test(one_writer_many_readers),
                                       cmocka_unit_test(an_archive_twice_changes_nothing),
                                       cmocka_unit_test(a_run_is_put_like_points),
                                       cmocka_unit_test(takes_an_older_journal_over),
                                       cmocka_unit_test(tells_what_it_keeps),
                                       cmocka_unit_test(small_chunks_grow_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
