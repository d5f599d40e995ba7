/* A reel tells what store_find tells, whatever was asked before, whatever the shelf has room for;
   it decodes a chunk once; and the time bar counts what is in no chunk yet. */
#include "store/density.h"
#include "store/reel.h"
#include "store_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AIRCRAFT = 9, POINTS = 1500, STEP_MS = 5000, LATE = 120 };

static const int64_t START_MS = INT64_C(1717749000000);

static struct kept point(unsigned a, unsigned i)
{
    struct kept k = kept_none();
    k.t_ms = START_MS + (int64_t)i * STEP_MS + a * 411;
    k.address = 0x3c0000 + a;
    k.lat_e7 = 500000000 + (int32_t)(i * 3000 + a * 100000);
    k.lon_e7 = (int32_t)(i * 2000 + a * 50000);
    k.alt_baro_ft = 30000 + (int32_t)(i % 7) * 25;
    k.squawk = (uint16_t)(i / 100);
    k.origin = ORIGIN_ADSB_ICAO;
    return k;
}

/* Every second point by one archive, the others by another: chunks that overlap. Aircraft 0 has its
   last points in the journal alone, the last aircraft has nothing else. */
static int fill(void **state)
{
    static char dir[64];
    struct kept p[POINTS];
    folder_new(dir);
    struct store *s = folder_open(dir, &(struct store_options){.mode = STORE_WRITE});
    for (unsigned a = 0; a < AIRCRAFT - 1; a++) {
        for (unsigned half = 0; half < 2; half++) {
            size_t n = 0;
            for (unsigned i = half; i < POINTS; i += 2) {
                p[n++] = point(a, i);
            }
            assert_int_equal(store_put(s, p, n, NULL), ERR_OK);
            assert_int_equal(store_commit(s), ERR_OK);
        }
    }
    store_close(s);
    *state = dir;
    return 0;
}

static int empty(void **state)
{
    folder_remove(*state);
    return 0;
}

/* The writer stays open, so that its points stay in the journal. */
static struct store *add_late(const char *dir)
{
    struct store *s = folder_open(dir, &(struct store_options){.mode = STORE_WRITE});
    for (unsigned i = 0; i < LATE; i++) {
        const struct kept k = point(0, POINTS + i), other = point(AIRCRAFT - 1, POINTS + i);
        assert_int_equal(store_add(s, &k), ERR_OK);
        assert_int_equal(store_add(s, &other), ERR_OK);
    }
    assert_int_equal(store_sync(s), ERR_OK);
    return s;
}

struct told {
    struct kept *p;
    size_t n, most;
};

static bool add(void *ctx, const struct kept *k)
{
    struct told *t = ctx;
    t->p[t->n++] = *k;
    return t->n < t->most;
}

static struct told told_new(void)
{
    const size_t most = (size_t)AIRCRAFT * (POINTS + LATE) + 1;
    return (struct told){.p = calloc(most, sizeof(struct kept)), .most = most};
}

static void compare(struct reel *r, struct store *s, const struct reel_ask *ask)
{
    struct told got = told_new(), want = told_new();
    struct store_query q = store_query_any();
    bool whole = false;
    q.from_ms = ask->from_ms;
    q.to_ms = ask->to_ms;
    assert_int_equal(store_find(s, &q, add, &want, NULL), ERR_OK);
    assert_int_equal(reel_read(r, s, ask, add, &got, &whole), ERR_OK);
    assert_true(whole);
    assert_int_equal(got.n, want.n);
    assert_memory_equal(got.p, want.p, want.n * sizeof *want.p);
    free(got.p);
    free(want.p);
}

static void test_tells_what_there_is(void **state)
{
    static const size_t room[] = {0, 20000, 64 << 20};
    struct store *writer = add_late(*state);
    struct store *s = folder_open(*state, &(struct store_options){.mode = STORE_READ});
    for (size_t k = 0; k < 3; k++) {
        struct shelf *shelf = shelf_new(room[k]);
        struct reel *r = reel_new(shelf), *other = reel_new(shelf);
        srand(7);
        for (int i = 0; i < 150; i++) {
            const int64_t from_ms = START_MS - 100000 + rand() % ((POINTS + LATE) * STEP_MS);
            const struct reel_ask ask = {
                .from_ms = from_ms, .to_ms = from_ms + 1 + rand() % 400000, .keeps = rand() % 2};
            compare(i % 3 ? r : other, s, &ask);
            assert_true(shelf_bytes(shelf) <= room[k]);
        }
        reel_free(r);
        reel_free(other);
        assert_int_equal(shelf_bytes(shelf) > 0, room[k] > 0);
        shelf_free(shelf);
    }
    store_close(s);
    store_close(writer);
}

static void test_decodes_once(void **state)
{
    struct store *s = folder_open(*state, &(struct store_options){.mode = STORE_READ});
    struct shelf *shelf = shelf_new(64 << 20);
    struct reel *r = reel_new(shelf), *other = reel_new(shelf);
    for (int64_t at = START_MS; at < START_MS + (int64_t)POINTS * STEP_MS; at += 30000) {
        compare(r, s,
                &(struct reel_ask){.from_ms = at - 300000, .to_ms = at + 30000, .keeps = true});
    }
    assert_true(reel_decoded(r) <= (uint64_t)AIRCRAFT * (POINTS + LATE));
    compare(other, s, &(struct reel_ask){START_MS, START_MS + 6000000, false, NULL});
    assert_int_equal(reel_decoded(other), 0);
    atomic_bool stop = true;
    struct told got = told_new();
    bool whole = true;
    const struct reel_ask ask = {START_MS, START_MS + 600000, true, &stop};
    assert_int_equal(reel_read(r, s, &ask, add, &got, &whole), ERR_OK);
    assert_false(whole);
    assert_int_equal(got.n, 0);
    free(got.p);
    reel_free(r);
    reel_free(other);
    shelf_free(shelf);
    store_close(s);
}

static void test_bar_has_the_journal(void **state)
{
    struct store *s = folder_open(*state, &(struct store_options){.mode = STORE_READ});
    const int64_t end_ms = START_MS + (int64_t)(POINTS + LATE) * STEP_MS;
    int64_t first_ms, last_ms, before_ms;
    uint32_t n[4];
    assert_int_equal(store_span(s, &first_ms, &before_ms), ERR_OK);
    struct store *writer = add_late(*state);
    assert_int_equal(store_span(s, &first_ms, &last_ms), ERR_OK);
    assert_int_equal(first_ms, START_MS);
    assert_int_equal(last_ms, point(AIRCRAFT - 1, POINTS + LATE - 1).t_ms);
    /* In the last part only the two of the journal; the one that is in chunks too counts once. */
    assert_int_equal(store_density(s, end_ms - LATE * STEP_MS * 4, end_ms, 4, n), ERR_OK);
    assert_int_equal(n[0], AIRCRAFT - 1);
    assert_int_equal(n[3], 2);
    assert_int_equal(store_density(s, START_MS, end_ms, 1, n), ERR_OK);
    assert_int_equal(n[0], AIRCRAFT);
    store_close(writer);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tells_what_there_is, fill, empty),
        cmocka_unit_test_setup_teardown(test_decodes_once, fill, empty),
        cmocka_unit_test_setup_teardown(test_bar_has_the_journal, fill, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
