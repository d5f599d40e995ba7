/* The store's invariants (I1 .. I8 in src/store/store.c): what was acknowledged is there after
   kill -9, a full disk stops and goes on, a torn chunk is skipped, named and set aside. */
#include "kept_golden.h"
#include "store/tail.h"
#include "store_folder.h"

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

enum { AIRCRAFT = 5 };

static const struct store_options at_once = {.mode = STORE_WRITE, .chunk_age_ms = 1};
static const struct store_options reading = {.mode = STORE_READ};

static struct found find_all(struct store *s, size_t *torn)
{
    struct found f = {0};
    const struct store_query q = store_query_any();
    assert_int_equal(store_find(s, &q, found_take, &f, torn), ERR_OK);
    return f;
}

static void ignore(void *ctx, const char *sentence)
{
    (void)ctx, (void)sentence;
}

static size_t findings(const char *dir)
{
    struct store *s = folder_open(dir, &reading);
    size_t n;
    assert_int_equal(store_check(s, ignore, NULL, &n), ERR_OK);
    store_close(s);
    return n;
}

/* Point i of the test's fleet: the same whenever asked, in order. */
static void add_points(struct store *s, struct kept_flier f[AIRCRAFT], int n, struct kept *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = kept_fly(&f[i % AIRCRAFT], 1000);
        assert_int_equal(store_add(s, &out[i]), ERR_OK);
    }
}

static void start_fleet(struct kept_flier f[AIRCRAFT])
{
    for (uint32_t i = 0; i < AIRCRAFT; i++) {
        f[i] = kept_flier(i + 10, 0x100 + i);
    }
}

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
static void readers_find_what_was_made_safe(void **state) /* I1, I3 */
{
    (void)state;
    char dir[64];
    struct kept_flier f[AIRCRAFT];
    static struct kept p[6000];
    struct rng r = {(uint64_t)time(NULL)};
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 130};
    printf("seed %llu\n", (unsigned long long)r.state);
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
    struct rng r = {(uint64_t)time(NULL)};
    printf("seed %llu\n", (unsigned long long)r.state);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_what_was_synced),
                                       cmocka_unit_test(one_writer_many_readers),
                                       cmocka_unit_test(an_archive_twice_changes_nothing),
                                       cmocka_unit_test(a_run_is_put_like_points),
                                       cmocka_unit_test(a_torn_chunk_is_skipped_and_set_aside),
                                       cmocka_unit_test(takes_an_older_journal_over),
                                       cmocka_unit_test(tells_what_it_keeps),
                                       cmocka_unit_test(small_chunks_grow_together),
                                       cmocka_unit_test(the_oldest_goes_but_what_is_pinned),
                                       cmocka_unit_test(readers_find_what_was_made_safe),
                                       cmocka_unit_test(a_full_disk_stops_and_goes_on),
                                       cmocka_unit_test(kill_9_loses_nothing_acknowledged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
