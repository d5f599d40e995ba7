/* Readers beside the writer: other threads, other processes, each with its own handle. Whatever
   they ask meanwhile, they find points as they were written, in order, and each once; a chunk that
   cannot be read is passed over and counted. */
#include "store_folder.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { AIRCRAFT = 24, POINTS = 24000, THREADS = 3 };

/* The n-th point of all: the same whoever asks. */
static struct kept point_at(uint32_t n)
{
    struct kept k = kept_none();
    k.address = 0x400000 + n % AIRCRAFT;
    k.t_ms = INT64_C(1717749000000) + (int64_t)(n / AIRCRAFT) * 1000 + n % 7;
    k.lat_e7 = 480000000 + (int32_t)(n / AIRCRAFT) * 3000;
    k.lon_e7 = 20000000 + (int32_t)(n % AIRCRAFT) * 100000;
    k.alt_baro_ft = (int32_t)(n % 400) * 100;
    k.origin = ORIGIN_ADSB_ICAO;
    return k;
}

struct looker {
    const char *dir;
    atomic_bool *stop;
    uint64_t seed;
    unsigned asked, wrong;
    size_t most;
};

struct seen {
    bool any, wrong;
    struct kept last;
    size_t n;
};

static bool look_at(void *ctx, const struct kept *p)
{
    struct seen *s = ctx;
    const uint32_t row = (uint32_t)((p->t_ms - INT64_C(1717749000000)) / 1000);
    const struct kept k = point_at(row * AIRCRAFT + (p->address - 0x400000));
    const bool in_order = !s->any || p->address > s->last.address ||
                          (p->address == s->last.address && p->t_ms > s->last.t_ms);
    s->wrong = s->wrong || !in_order || memcmp(&k, p, sizeof k) != 0;
    s->any = true;
    s->last = *p;
    s->n++;
    return true;
}

/* Points of an aircraft that were found once are found again. */
static void ask(struct looker *l, struct store *s, struct rng *r)
{
    struct store_query q = store_query_any();
    struct seen seen = {0};
    size_t torn = 0;
    enum err e;
    switch (rng_below(r, 4)) {
    case 0:
        q.address = 0x400000 + rng_below(r, AIRCRAFT);
        break;
    case 1:
        q.area = (struct area){
            .kind = AREA_BOX, .low = {479000000, 19000000}, .high = {482000000, 21000000}};
        break;
    case 2:
        e = store_instant(s, INT64_C(1717749000000) + rng_below(r, 1200) * 1000, 60000, look_at,
                          &seen, &torn);
        l->wrong += e || torn || seen.wrong || seen.n > AIRCRAFT;
        l->asked++;
        return;
    default:
        break;
    }
    e = store_find(s, &q, look_at, &seen, &torn);
    const bool is_all = q.address == ADDRESS_NONE && q.area.kind == AREA_ANYWHERE;
    l->wrong += e || torn || seen.wrong || (is_all && seen.n < l->most);
    l->most = is_all && seen.n > l->most ? seen.n : l->most;
    l->asked++;
}

static void *look(void *arg)
{
    const struct store_options o = {.mode = STORE_READ};
    struct looker *l = arg;
    struct rng r = {l->seed};
    struct store *s = folder_open(l->dir, &o);
    while (!atomic_load(l->stop)) {
        ask(l, s, &r);
    }
    ask(l, s, &r);
    store_close(s);
    return NULL;
}

static void write_all(const char *dir)
{
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 100};
    struct store *s = folder_open(dir, &o);
    for (uint32_t n = 0; n < POINTS; n++) {
        const struct kept k = point_at(n);
        assert_int_equal(store_add(s, &k), ERR_OK);
        if (n % 600 == 599) {
            assert_int_equal(store_sync(s), ERR_OK);
        }
    }
    store_close(s);
}

static void threads_read_beside_the_writer(void **state)
{
    (void)state;
    char dir[64];
    const struct store_options o = {.mode = STORE_WRITE};
    atomic_bool stop = false;
    pthread_t thread[THREADS];
    struct looker l[THREADS];
    folder_new(dir);
    store_close(folder_open(dir, &o));
    for (int i = 0; i < THREADS; i++) {
        l[i] = (struct looker){.dir = dir, .stop = &stop, .seed = (uint64_t)i + 1};
        assert_int_equal(pthread_create(&thread[i], NULL, look, &l[i]), 0);
    }
    write_all(dir);
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        printf("asked %u times, %zu points at most\n", l[i].asked, l[i].most);
        assert_int_equal(l[i].wrong, 0);
        assert_true(l[i].asked > 0);
    }
    folder_remove(dir);
}

static void a_process_reads_beside_the_writer(void **state)
{
    (void)state;
    char dir[64];
    const struct store_options o = {.mode = STORE_WRITE};
    folder_new(dir);
    store_close(folder_open(dir, &o));
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct store_options read = {.mode = STORE_READ};
        struct store *s = folder_open(dir, &read);
        struct looker l = {.dir = dir};
        struct rng r = {7};
        while (l.most < POINTS / 2 && l.wrong == 0 && l.asked < 100000) {
            ask(&l, s, &r);
        }
        store_close(s);
        _exit(l.wrong ? 1 : l.most < POINTS / 2 ? 2 : 0);
    }
    write_all(dir);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    folder_remove(dir);
}

static bool count(void *ctx, const struct kept *p)
{
    (void)p;
    ++*(size_t *)ctx;
    return true;
}

static void a_torn_chunk_is_counted(void **state)
{
    (void)state;
    char dir[64], path[128];
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 100, .chunk_age_ms = 1};
    const struct store_options read = {.mode = STORE_READ};
    folder_new(dir);
    struct store *s = folder_open(dir, &o);
    for (uint32_t n = 0; n < 100 * AIRCRAFT; n++) {
        const struct kept k = point_at(n);
        assert_int_equal(store_add(s, &k), ERR_OK);
    }
    assert_int_equal(store_sync(s), ERR_OK);
    store_close(s);
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "UPDATE chunk SET bytes = zeroblob(length(bytes)) WHERE address = "
                     "4194307",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
    s = folder_open(dir, &read);
    const struct store_query q = store_query_any();
    size_t n = 0, torn = 0;
    assert_int_equal(store_find(s, &q, count, &n, &torn), ERR_OK);
    assert_true(torn > 0);
    assert_int_equal(n, 100 * (AIRCRAFT - 1));
    n = 0, torn = 0;
    assert_int_equal(store_instant(s, INT64_C(1717749000000) + 50000, 60000, count, &n, &torn),
                     ERR_OK);
    assert_int_equal(torn, 1);
    assert_int_equal(n, AIRCRAFT - 1);
    store_close(s);
    folder_remove(dir);
}

static void take_note(void *ctx, const char *sentence)
{
    (void)sentence;
    ++*(size_t *)ctx;
}

/* Parts that are wrong would hide a chunk: check says so, repair makes them anew. */
static void wrong_parts_are_found(void **state)
{
    (void)state;
    char dir[64], path[128];
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 100, .chunk_age_ms = 1};
    folder_new(dir);
    struct store *s = folder_open(dir, &o);
    for (uint32_t n = 0; n < 100 * AIRCRAFT; n++) {
        const struct kept k = point_at(n);
        assert_int_equal(store_add(s, &k), ERR_OK);
    }
    assert_int_equal(store_sync(s), ERR_OK);
    store_close(s);
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "UPDATE part SET boxes = zeroblob(length(boxes)) WHERE id IN "
                     "(SELECT min(id) FROM part WHERE length(boxes) > 0); "
                     "UPDATE part SET last_ms = last_ms + 1 WHERE id = (SELECT max(id) "
                     "FROM part)",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    s = folder_open(dir, &o);
    size_t found = 0, notes = 0;
    assert_int_equal(store_check(s, take_note, &notes, &found), ERR_OK);
    assert_int_equal(found, 2);
    assert_int_equal(store_repair(s, take_note, &notes, &found), ERR_OK);
    assert_int_equal(store_check(s, take_note, &notes, &found), ERR_OK);
    assert_int_equal(found, 0);
    store_close(s);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_read_beside_the_writer),
        cmocka_unit_test(a_process_reads_beside_the_writer),
        cmocka_unit_test(a_torn_chunk_is_counted),
        cmocka_unit_test(wrong_parts_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
