/* The store and what goes wrong: a torn chunk, a full disk, kill -9. I1 … of src/store/store.c. */
#include "seed.h"
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

#include <cmocka.h>

static void a_torn_chunk_is_skipped_and_set_aside(void **state) /* I2 */
{
    (void)state;
    char dir[64], path[128];
    static struct kept p[1024];
    folder_new(dir);
    struct kept_flier f = kept_flier(4, 0xabc);
    for (int i = 0; i < 1024; i++) {
        p[i] = kept_fly(&f, 8000);
    }
    struct store *s = folder_open(dir, &at_once);
    assert_int_equal(store_put(s, p, 1024, NULL), ERR_OK);
    assert_int_equal(store_commit(s), ERR_OK);
    store_close(s);
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    sqlite3 *db;
    sqlite3_open(path, &db);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE chunk SET bytes = CAST(substr(bytes, 1, 700) || x'00' || "
                                  "substr(bytes, 702) AS BLOB) WHERE id = 1;"
                                  "DELETE FROM place WHERE id = 2",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_true(findings(dir) >= 2);
    s = folder_open(dir, &at_once);
    struct store_query q = store_query_any();
    q.address = 0xabc;
    struct found found = {0};
    size_t torn, n;
    assert_int_equal(store_find(s, &q, found_take, &found, &torn), ERR_OK);
    assert_int_equal(torn, 1);
    assert_int_equal(found.n, 512);
    assert_memory_equal(found.p, p + 512, 512 * sizeof *p);
    free(found.p);
    assert_int_equal(store_repair(s, ignore, NULL, &n), ERR_OK);
    assert_true(n >= 2);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    s = folder_open(dir, &reading);
    found = find_all(s, &torn);
    assert_int_equal(torn, 0);
    assert_int_equal(found.n, 512);
    free(found.p);
    store_close(s);
    folder_remove(dir);
}

static void a_full_disk_stops_and_goes_on(void **state) /* I7 */
{
    (void)state;
    char dir[64];
    struct kept_flier f[AIRCRAFT];
    static struct kept p[20000];
    folder_new(dir);
    start_fleet(f);
    signal(SIGXFSZ, SIG_IGN);
    const struct store_options o = {
        .mode = STORE_WRITE, .chunk_points = 100, .buffer_points = 15000};
    struct store *s = folder_open(dir, &o);
    add_points(s, f, 1000, p);
    assert_int_equal(store_sync(s), ERR_OK);
    const struct rlimit before = {RLIM_INFINITY, RLIM_INFINITY}, small = {300000, RLIM_INFINITY};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    add_points(s, f, 10000, p + 1000);
    assert_int_not_equal(store_sync(s), ERR_OK);
    assert_true(store_state(s).stopped);
    assert_true(store_state(s).why[0] != 0);
    assert_int_not_equal(store_sync(s), ERR_OK);
    add_points(s, f, 2000, p + 11000);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(store_sync(s), ERR_OK);
    assert_false(store_state(s).stopped);
    assert_int_equal(store_state(s).lost, 0);
    store_close(s);
    s = folder_open(dir, &at_once);
    assert_int_equal(store_sync(s), ERR_OK);
    struct found all = find_all(s, NULL);
    assert_int_equal(all.n, 13000);
    free(all.p);
    store_close(s);
    assert_int_equal(findings(dir), 0);
    folder_remove(dir);
}

/* A journal of version 1, of two aircraft; the newest point of each was provisional. */

static void readers_find_what_was_made_safe(void **state) /* I1, I3 */
{
    (void)state;
    char dir[64];
    struct kept_flier f[AIRCRAFT];
    static struct kept p[6000];
    struct rng r = {seed_of_run()};
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 130};
    folder_new(dir);
    start_fleet(f);
    struct store *s = folder_open(dir, &o), *t = folder_open(dir, &reading);
    for (int n = 0; n < 5900;) {
        const int more = 1 + (int)rng_below(&r, 90);
        add_points(s, f, more - more % AIRCRAFT, p + n); /* so that each has as many */
        n += more - more % AIRCRAFT;
        assert_int_equal(store_sync(s), ERR_OK);
        if (rng_below(&r, 8) == 0) { /* the journal anew */
            store_close(s);
            s = folder_open(dir, &o);
        }
        struct found all = find_all(t, NULL);
        assert_int_equal(all.n, n);
        for (size_t i = 0; i < all.n; i++) {
            const size_t each = (size_t)n / AIRCRAFT;
            assert_memory_equal(&all.p[i], &p[i % each * AIRCRAFT + i / each], sizeof *p);
        }
        free(all.p);
        struct found now = {0};
        assert_int_equal(
            store_instant(t, KEPT_TIME_MAX, KEPT_TIME_MAX - KEPT_TIME_MIN, found_take, &now, NULL),
            ERR_OK);
        assert_int_equal(now.n, n > 0 ? AIRCRAFT : 0);
        for (size_t i = 0; i < now.n; i++) {
            assert_memory_equal(&now.p[i], &p[(size_t)n - AIRCRAFT + i], sizeof *p);
        }
        free(now.p);
    }
    store_close(s), store_close(t);
    folder_remove(dir);
}

/* Adds for ever; after each sync tells how many were acknowledged. */
static void write_until_killed(const char *dir, int from, int pipe_to)
{
    struct kept_flier f[AIRCRAFT];
    struct kept p;
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 50};
    start_fleet(f);
    struct store *s = folder_open(dir, &o);
    for (int i = 0;; i++) {
        p = kept_fly(&f[i % AIRCRAFT], 1000);
        const enum err e = store_add(s, &p);
        if (i >= from && e && e != ERR_EXISTS) {
            _exit(1);
        }
        if (i % 37 == 0) {
            if (store_sync(s) || write(pipe_to, &i, sizeof i) != sizeof i) {
                _exit(1);
            }
        }
    }
}

static void kill_9_loses_nothing_acknowledged(void **state) /* I1 .. I5 */
{
    (void)state;
    char dir[64];
    struct rng r = {seed_of_run()};
    folder_new(dir);
    int acknowledged = -1;
    for (int round = 0; round < 12; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            write_until_killed(dir, acknowledged + 1, ends[1]);
        }
        close(ends[1]);
        /* However loaded the machine is: a random while after it has begun to write. */
        int status, last;
        assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
        acknowledged = last > acknowledged ? last : acknowledged;
        usleep(rng_below(&r, 150000));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        while (read(ends[0], &last, sizeof last) == sizeof last) {
            acknowledged = last > acknowledged ? last : acknowledged;
        }
        close(ends[0]);
        assert_int_equal(findings(dir), 0);
    }
    assert_true(acknowledged > 100);
    struct store *s = folder_open(dir, &at_once);
    assert_int_equal(store_sync(s), ERR_OK);
    struct found all = find_all(s, NULL);
    store_close(s);
    assert_true(all.n > (size_t)acknowledged);
    struct kept_flier f[AIRCRAFT];
    start_fleet(f);
    size_t at = 0;
    for (int a = 0; a < AIRCRAFT; a++) { /* each once, in order, none missing */
        for (int i = a; i <= acknowledged || (at < all.n && all.p[at].address == f[a].address);
             i += AIRCRAFT) {
            const struct kept p = kept_fly(&f[a], 1000);
            assert_true(at < all.n);
            assert_memory_equal(&all.p[at++], &p, sizeof p);
        }
    }
    assert_int_equal(at, all.n);
    printf("12 kills, %d acknowledged, %zu found\n", acknowledged, all.n);
    free(all.p);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_torn_chunk_is_skipped_and_set_aside),
                                       cmocka_unit_test(a_full_disk_stops_and_goes_on),
                                       cmocka_unit_test(readers_find_what_was_made_safe),
                                       cmocka_unit_test(kill_9_loses_nothing_acknowledged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
