/* Coverage kept in a store: whatever the way and order in which points come in, live, imported,
   twice, into the past, it is the grid of the points. */
#include "coverage/coverage.h"
#include "store/coverage.h"
#include "store_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

enum { CRAFTS = 30, POINTS = 900 };

struct fleet {
    struct kept p[CRAFTS][POINTS];
};

/* Flights of some three hours with holes, turns, descents. */
static struct fleet *fleet_new(uint64_t seed)
{
    struct fleet *f = malloc(sizeof *f);
    struct rng r = {seed};
    for (uint32_t a = 0; a < CRAFTS; a++) {
        struct kept_flier k = kept_flier(seed * 1000 + a, 0x400000 + a);
        k.lat = 20 + a % 10 * 3, k.lon = a;
        k.t_ms += rng_below(&r, 432000000); /* over five days: what is learned anew is cut */
        for (int i = 0; i < POINTS; i++) {
            if (rng_below(&r, 120) == 0) {
                const int64_t gap_s = 60 + rng_below(&r, 4000);
                for (int64_t s = 0; s < gap_s; s += 10) {
                    kept_maneuver(&k, 10);
                }
                k.t_ms += gap_s * 1000;
            }
            f->p[a][i] = kept_fly(&k, 12000);
        }
    }
    return f;
}

/* The grid of the fleet's points, from the machine alone. */
static struct coverage *learned(const struct fleet *f, int points)
{
    const struct coverage_options o = {.entries_max = 1 << 20, .crafts_max = CRAFTS};
    struct coverage *c = coverage_new(&o);
    for (uint32_t a = 0; a < CRAFTS; a++) {
        for (int i = 0; i < points; i++) {
            assert_int_equal(coverage_push(c, &f->p[a][i]), ERR_OK);
        }
    }
    assert_int_equal(coverage_settle(c), ERR_OK);
    return c;
}

static void update(struct store *s, uint32_t chunks)
{
    bool more = true;
    for (int i = 0; more; i++) {
        assert_int_equal(store_coverage_update(s, chunks, &more), ERR_OK);
        assert_true(i < 10000);
    }
}

static bool collect(void *ctx, const struct coverage_entry *e)
{
    return coverage_grid_add(ctx, e) == ERR_OK;
}

/* All hours as one. */
static bool collect_timeless(void *ctx, const struct coverage_entry *e)
{
    struct coverage_entry any = *e;
    any.key = coverage_key(0, coverage_key_cell(e->key), coverage_key_band(e->key),
                           coverage_key_class(e->key));
    return coverage_grid_add(ctx, &any) == ERR_OK;
}

/* Days that are summed up say what their hours say, over any stretch of time. */
static void assert_sums(struct store *s)
{
    static const int32_t cut[][2] = {{-1000000, 1000000}, {477150, 477221}, {477154, 477200}};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct coverage_grid hours, days;
        size_t torn = 9;
        assert_int_equal(coverage_grid_init(&hours, 1 << 20), ERR_OK);
        assert_int_equal(coverage_grid_init(&days, 1 << 20), ERR_OK);
        assert_int_equal(
            store_coverage_read(s, cut[i][0], cut[i][1], NULL, collect_timeless, &hours, &torn),
            ERR_OK);
        assert_int_equal(torn, 0);
        assert_int_equal(
            store_coverage_sum(s, cut[i][0], cut[i][1], NULL, collect_timeless, &days, &torn),
            ERR_OK);
        assert_int_equal(torn, 0);
        assert_int_equal(hours.n, days.n);
        assert_true(hours.n > 0);
        for (size_t k = 0; k < hours.n; k++) {
            const struct coverage_count *n = coverage_grid_get(&days, hours.entry[k].key);
            assert_non_null(n);
            assert_memory_equal(n, &hours.entry[k].n, sizeof *n);
        }
        coverage_grid_free(&hours);
        coverage_grid_free(&days);
    }
}

/* The store's grid is the machine's: all counts but the lowest height of what was taken back. */
static void assert_same(struct store *s, struct coverage *c)
{
    struct coverage_grid mine;
    size_t torn = 9, counted = 0;
    assert_int_equal(coverage_grid_init(&mine, 1 << 20), ERR_OK);
    assert_int_equal(store_coverage_read(s, -1000000, 1000000, NULL, collect, &mine, &torn),
                     ERR_OK);
    assert_int_equal(torn, 0);
    const struct coverage_grid *g = coverage_grid(c);
    for (size_t i = 0; i < g->n; i++) {
        if (coverage_count_is_none(&g->entry[i].n)) {
            continue;
        }
        counted++;
        const struct coverage_count *n = coverage_grid_get(&mine, g->entry[i].key);
        assert_non_null(n);
        assert_memory_equal(n, &g->entry[i].n, sizeof *n);
    }
    assert_true(counted > 500);
    assert_int_equal(counted, mine.n);
    coverage_grid_free(&mine);
    assert_sums(s);
}

static void put(struct store *s, const struct fleet *f, uint32_t a, int from, int to)
{
    assert_int_equal(store_put(s, &f->p[a][from], (size_t)(to - from), NULL), ERR_OK);
}

static const struct store_options writer = {.mode = STORE_WRITE, .chunk_points = 64};

/* A fleet and an empty store for it. */
struct scene {
    char dir[64];
    struct fleet *f;
    struct store *s;
};

static struct scene scene_new(uint64_t seed)
{
    struct scene c = {.f = fleet_new(seed)};
    folder_new(c.dir);
    c.s = folder_open(c.dir, &writer);
    return c;
}

static void scene_put_all(struct scene *c)
{
    for (uint32_t a = 0; a < CRAFTS; a++) {
        put(c->s, c->f, a, 0, POINTS);
    }
    assert_int_equal(store_commit(c->s), ERR_OK);
}

static void scene_close(struct scene *c)
{
    store_close(c->s);
    c->s = NULL;
}

static void scene_open_again(struct scene *c, const struct store_options *o)
{
    scene_close(c);
    c->s = folder_open(c->dir, o);
}

static void scene_end(struct scene *c)
{
    scene_close(c);
    free(c->f);
    folder_remove(c->dir);
}

/* What the store has learned is what all of the fleet's points say. */
static void scene_assert_all(struct scene *c)
{
    struct coverage *all = learned(c->f, POINTS);
    assert_same(c->s, all);
    coverage_free(all);
}

static void imports_in_any_order(void **state)
{
    (void)state;
    struct scene c = scene_new(1);
    /* The middle first, then the end, then the beginning, learning after each; and all twice. */
    static const int part[][2] = {{300, 600}, {600, 900}, {0, 300}, {0, 900}};
    for (int k = 0; k < 4; k++) {
        for (uint32_t a = 0; a < CRAFTS; a++) {
            put(c.s, c.f, a, part[k][0], part[k][1]);
        }
        assert_int_equal(store_coverage_update(c.s, 0, &(bool){false}), ERR_EXISTS); /* not amid */
        assert_int_equal(store_commit(c.s), ERR_OK);
        update(c.s, 37);
    }
    scene_assert_all(&c);
    /* Learned anew it is the same. */
    struct store_coverage_state v;
    assert_int_equal(store_coverage_state(c.s, &v), ERR_OK);
    assert_int_equal(v.behind, 0);
    assert_int_equal(v.marked, 0);
    assert_int_equal(store_coverage_mark(c.s, v.first_hour, v.last_hour + 1), ERR_OK);
    assert_int_equal(store_coverage_state(c.s, &v), ERR_OK);
    assert_true(v.marked > 3);
    update(c.s, 0);
    scene_assert_all(&c);
    /* A reader sees it too. */
    scene_open_again(&c, &(struct store_options){.mode = STORE_READ});
    scene_assert_all(&c);
    assert_int_equal(store_coverage_update(c.s, 0, &(bool){false}), ERR_EXISTS);
    scene_end(&c);
}

static void overlapping_sources(void **state)
{
    (void)state;
    struct scene c = scene_new(2);
    /* Two sources of the same flights, every second point each. */
    for (int half = 0; half < 2; half++) {
        for (uint32_t a = 0; a < CRAFTS; a++) {
            struct kept some[POINTS / 2];
            for (int i = 0; i < POINTS / 2; i++) {
                some[i] = c.f->p[a][2 * i + half];
            }
            assert_int_equal(store_put(c.s, some, POINTS / 2, NULL), ERR_OK);
        }
        assert_int_equal(store_commit(c.s), ERR_OK);
        update(c.s, 50);
    }
    scene_assert_all(&c);
    scene_end(&c);
}

/* Recorded live, learned from as it goes, killed twice. */
static void record(const char *dir, const struct fleet *f, int from, int to)
{
    struct store *s = folder_open(dir, &writer);
    for (int i = from; i < to; i++) {
        for (uint32_t a = 0; a < CRAFTS; a++) {
            store_add(s, &f->p[a][i]);
        }
        if (i % 10 == 9) {
            store_sync(s);
        }
        if (i % 50 == 49) {
            update(s, 0);
        }
    }
    store_sync(s);
    _exit(0);
}

static void live_and_killed(void **state)
{
    (void)state;
    struct scene c = scene_new(3);
    scene_close(&c);
    static const int until[] = {0, 333, 666, POINTS};
    for (int k = 0; k < 3; k++) {
        const pid_t child = fork();
        if (child == 0) {
            record(c.dir, c.f, until[k], until[k + 1]);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
    }
    scene_open_again(&c, &writer);
    store_sync(c.s);
    /* What is left becomes chunks. */
    scene_open_again(&c, &(struct store_options){.mode = STORE_WRITE, .chunk_age_ms = 1});
    store_sync(c.s);
    update(c.s, 0);
    struct store_stats stats;
    assert_int_equal(store_stats(c.s, &stats), ERR_OK);
    if (stats.points == (uint64_t)CRAFTS * POINTS) { /* nothing is left in the journal */
        scene_assert_all(&c);
    } else {
        print_message("%lu of %d points are in chunks\n", (unsigned long)stats.points,
                      CRAFTS * POINTS);
    }
    scene_end(&c);
}

/* Killed -9 wherever it happens to be in learning, again and again: nothing is missing, nothing is
   counted twice. */
static void killed_while_learning(void **state)
{
    (void)state;
    struct scene c = scene_new(11);
    scene_put_all(&c);
    scene_close(&c);
    unsigned killed = 0, amid = 0;
    struct store_coverage_state v = {0};
    for (unsigned k = 0; k < 40; k++) {
        const pid_t child = fork();
        if (child == 0) {
            scene_open_again(&c, &writer);
            update(c.s, 7);
            _exit(0);
        }
        const struct timespec while_ns = {.tv_nsec = (long)(k * 7919 % 60) * 1000000 + 1000000};
        nanosleep(&while_ns, NULL);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        scene_open_again(&c, &writer);
        assert_int_equal(store_coverage_state(c.s, &v), ERR_OK);
        amid += v.behind > 0 && v.records > 0;
        scene_close(&c);
    }
    print_message("%u killed, %u of them with something learned and something not\n", killed, amid);
    assert_true(killed > 0);
    scene_open_again(&c, &writer);
    update(c.s, 0);
    scene_assert_all(&c);
    scene_end(&c);
}

static bool first_hour(void *ctx, const struct coverage_entry *e)
{
    *(int32_t *)ctx = coverage_key_hour(e->key);
    return false;
}

/* What was learned of hours that retention removed goes, but where they are pinned. */
static void retention_takes_it_along(void **state)
{
    (void)state;
    struct scene c = scene_new(13);
    scene_put_all(&c);
    update(c.s, 0);
    struct store_coverage_state v, after;
    int32_t hour = 0;
    int64_t pin;
    assert_int_equal(store_coverage_state(c.s, &v), ERR_OK);
    const int64_t first_ms = v.first_hour * INT64_C(3600000);
    assert_int_equal(store_pin(c.s, ADDRESS_NONE, first_ms, first_ms + 1, "evidence", &pin),
                     ERR_OK);
    const struct store_keep keep = {.since_ms = first_ms + 3 * INT64_C(86400000)};
    struct store_pruned pruned = {.more = true};
    while (pruned.more) {
        assert_int_equal(store_prune(c.s, &keep, &pruned), ERR_OK);
    }
    assert_int_equal(store_coverage_state(c.s, &after), ERR_OK);
    assert_true(after.records < v.records && after.records > 0);
    assert_int_equal(after.first_hour, v.first_hour);
    assert_int_equal(
        store_coverage_read(c.s, v.first_hour + 1, 1000000, NULL, first_hour, &hour, NULL), ERR_OK);
    assert_in_range(hour, v.first_hour + 47, v.first_hour + 96);
    scene_end(&c);
}

/* Chunks that go take their numbers with them: what gets those next is learned all the same. */
static void numbers_are_given_again(void **state)
{
    (void)state;
    char path[96];
    struct scene c = scene_new(5);
    scene_put_all(&c);
    update(c.s, 0);
    scene_close(&c);
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/index.sqlite", c.dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM chunk; DELETE FROM place", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    scene_open_again(&c, &writer);
    put(c.s, c.f, 0, 0, POINTS);
    assert_int_equal(store_commit(c.s), ERR_OK);
    struct store_coverage_state v;
    assert_int_equal(store_coverage_state(c.s, &v), ERR_OK);
    assert_true(v.behind > 0);
    scene_end(&c);
}

static bool count_cells(void *ctx, const struct coverage_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return true;
}

static void areas_are_asked(void **state)
{
    (void)state;
    struct scene c = scene_new(4);
    scene_put_all(&c);
    size_t before = 0;
    assert_int_equal(store_coverage_read(c.s, -1000000, 1000000, NULL, count_cells, &before, NULL),
                     ERR_OK);
    assert_int_equal(before, 0); /* nobody has learned yet */
    update(c.s, 0);
    size_t all = 0, west = 0, east = 0;
    struct area box = {.kind = AREA_BOX, .low = {-900000000, -1800000000}, .high = {900000000, 0}};
    struct area_shape *shape;
    assert_int_equal(store_coverage_read(c.s, -1000000, 1000000, NULL, count_cells, &all, NULL),
                     ERR_OK);
    assert_int_equal(area_shape_new(&box, &shape), ERR_OK);
    assert_int_equal(store_coverage_read(c.s, -1000000, 1000000, shape, count_cells, &west, NULL),
                     ERR_OK);
    area_shape_free(shape);
    box.low.lon_e7 = 0, box.high.lon_e7 = 1799999999;
    assert_int_equal(area_shape_new(&box, &shape), ERR_OK);
    assert_int_equal(store_coverage_read(c.s, -1000000, 1000000, shape, count_cells, &east, NULL),
                     ERR_OK);
    area_shape_free(shape);
    assert_true(west > 0 && east > 0 && west < all && east < all);
    assert_true(west + east >= all); /* cells at the edge are in both */
    assert_true(west + east < all + all / 5);
    size_t days = 0; /* an entry a day where there were some an hour */
    assert_int_equal(store_coverage_sum(c.s, -1000000, 1000000, NULL, count_cells, &days, NULL),
                     ERR_OK);
    assert_true(days > 0 && days < all);
    scene_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_in_any_order),     cmocka_unit_test(overlapping_sources),
        cmocka_unit_test(live_and_killed),          cmocka_unit_test(numbers_are_given_again),
        cmocka_unit_test(areas_are_asked),          cmocka_unit_test(killed_while_learning),
        cmocka_unit_test(retention_takes_it_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
