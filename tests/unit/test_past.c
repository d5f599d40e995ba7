/* Pictures of past instants: what a client applies is, for every aircraft, its last point at or
   before the instant and not too old; deltas lead to what a snapshot shows; nothing in a gap. */
#include "serve/past.h"
#include "store/density.h"
#include "store/timeline.h"
#include "store_folder.h"
#include "wire/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AIRCRAFT = 40, POINTS = 900, STEP_MS = 4000 };

static const int64_t START_MS = INT64_C(1717749000000);

/* Every fourth aircraft is not heard in the middle third. */
static bool is_hole(unsigned a, unsigned i)
{
    return a % 4 == 0 && i >= POINTS / 3 && i < 2 * POINTS / 3;
}

static struct kept point(unsigned a, unsigned i)
{
    struct kept k = kept_none();
    k.t_ms = START_MS + (int64_t)i * STEP_MS + a * 37;
    k.address = 0x3c0000 + a;
    k.lat_e7 = 500000000 + (int32_t)(i * 3000 + a * 100000);
    k.lon_e7 = (int32_t)(i * 2000 + a * 50000);
    k.alt_baro_ft = 30000 + (int32_t)a * 25;
    k.gs_e2_kt = 45000;
    k.track_e2_deg = 4500;
    k.origin = ORIGIN_ADSB_ICAO;
    memcpy(k.flight, "TEST    ", 8);
    k.flight[4] = (char)('A' + a % 26);
    return k;
}

static int fill(void **state)
{
    static char dir[64];
    folder_new(dir);
    struct store *s = folder_open(dir, &(struct store_options){.mode = STORE_WRITE});
    for (unsigned a = 0; a < AIRCRAFT; a++) {
        struct kept p[POINTS];
        size_t n = 0;
        for (unsigned i = 0; i < POINTS; i++) {
            if (!is_hole(a, i)) {
                p[n++] = point(a, i);
            }
        }
        assert_int_equal(store_put(s, p, n, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(s), ERR_OK);
    store_close(s);
    *state = dir;
    return 0;
}

static int empty(void **state)
{
    folder_remove(*state);
    return 0;
}

/* What must be seen: NULL-like (t_ms KEPT_NO_TIME) where nothing. */
static struct kept truth(unsigned a, int64_t t_ms)
{
    const int64_t since_ms = t_ms - START_MS - a * 37;
    int64_t i = since_ms < 0 ? -1 : since_ms / STEP_MS < POINTS ? since_ms / STEP_MS : POINTS - 1;
    while (i >= 0 && is_hole(a, (unsigned)i)) {
        i--;
    }
    const struct kept k = i < 0 ? kept_none() : point(a, (unsigned)i);
    return i >= 0 && t_ms - k.t_ms <= PAST_AGE_MS ? k : kept_none();
}

static const struct picture_item *find(const struct picture *p, uint32_t address)
{
    for (uint32_t i = 0; i < picture_slots(p); i++) {
        const struct picture_item *it = picture_get(p, i);
        if (it && it->address == address) {
            return it;
        }
    }
    return NULL;
}

/* slack_ms: how much older than the truth's a point may be, for pictures far apart. */
static void assert_picture(const struct picture *p, int64_t t_ms, int64_t slack_ms)
{
    for (unsigned a = 0; a < AIRCRAFT; a++) {
        const struct kept k = truth(a, t_ms);
        const struct picture_item *it = find(p, 0x3c0000 + a);
        if (k.t_ms == KEPT_NO_TIME) {
            assert_null(it);
            continue;
        }
        if (!it) { /* the point that is left is a little older, and too old */
            assert_true(t_ms - k.t_ms + slack_ms > PAST_AGE_MS);
            continue;
        }
        const int64_t older_ds = k.t_ms / 100 - it->position_ds;
        assert_in_range(older_ds, 0, slack_ms / 100);
        if (older_ds == 0) {
            assert_int_equal(it->lat_e5, (k.lat_e7 + 50) / 100);
            assert_int_equal(it->altitude_ft, k.alt_baro_ft);
            assert_int_equal(it->speed_kt, 450);
            assert_memory_equal(it->flight, k.flight, 5);
        }
    }
}

struct look {
    struct past *past;
    struct shelf *shelf;
    bool ahead;
    struct picture *seen;
    struct buf b;
};

static struct past_took look(struct look *l, int64_t t_ms, int64_t step_ms, bool fresh)
{
    struct past_took took;
    char why[PAST_WHY_MAX] = "";
    const struct past_ask ask = {t_ms, step_ms, fresh};
    buf_clear(&l->b);
    assert_int_equal(past_take(l->past, &ask, &l->b, &took, why), ERR_OK);
    assert_int_equal(picture_apply(l->seen, l->b.p, l->b.n, NULL, NULL), ERR_OK);
    assert_int_equal(picture_now_ms(l->seen), took.t_ms);
    if (l->ahead && past_wants_ahead(l->past, &ask)) {
        past_ahead(l->past, &ask);
        assert_false(past_wants_ahead(l->past, &ask));
    }
    return took;
}

static struct look look_new(void **state)
{
    struct shelf *shelf = shelf_new(4 << 20);
    return (struct look){.past = past_new(*state, shelf), .shelf = shelf, .seen = picture_new()};
}

static void look_free(struct look *l)
{
    past_free(l->past);
    shelf_free(l->shelf);
    picture_free(l->seen);
    buf_free(&l->b);
}

static void test_plays(void **state)
{
    static const int64_t steps_ms[] = {1000, 10000, 60000, 150000, -1000, -60000};
    for (size_t s = 0; s < 2 * sizeof steps_ms / sizeof *steps_ms; s++) {
        struct look l = look_new(state);
        l.ahead = s % 2 > 0;
        const int64_t step = steps_ms[s / 2];
        int64_t t = START_MS + (int64_t)POINTS / 3 * STEP_MS + (step < 0 ? 1800000 : -60000);
        for (int i = 0; i < 200; i++, t += step) {
            const struct past_took took = look(&l, t, step, i == 0);
            assert_picture(l.seen, took.t_ms, llabs(step) / 4 + 100);
        }
        look_free(&l);
    }
}

static void test_any_instant(void **state)
{
    struct look l = look_new(state);
    for (int i = 0; i < 60; i++) {
        const int64_t t = START_MS + (int64_t)(i * 7919 % 3700) * 1000 + 123;
        const struct past_took took = look(&l, t, 0, true);
        assert_picture(l.seen, took.t_ms, 100);
        assert_int_equal(took.left_out, 0);
    }
    look_free(&l);
}

/* After hurrying, standing still shows the instant exactly. */
static void test_stands_still(void **state)
{
    struct look l = look_new(state);
    int64_t t = START_MS + 600000;
    look(&l, t, 150000, true);
    t += 151234;
    look(&l, t, 150000, false);
    look(&l, t, 0, true);
    assert_picture(l.seen, t, 100);
    look_free(&l);
}

static void test_ends(void **state)
{
    struct look l = look_new(state);
    const int64_t last_ms = point(AIRCRAFT - 1, POINTS - 1).t_ms;
    assert_int_equal(look(&l, 0, 1000, true).t_ms, START_MS);
    assert_int_equal(look(&l, last_ms + 1, 1000, false).t_ms, last_ms);
    assert_int_equal(look(&l, INT64_C(3200000000000), 0, true).last_ms, last_ms);
    look_free(&l);
    struct past *nowhere = past_new("/nonexistent", NULL);
    struct past_took took;
    struct buf b = {0};
    char why[PAST_WHY_MAX] = "";
    const struct past_ask ask = {0};
    assert_int_not_equal(past_take(nowhere, &ask, &b, &took, why), ERR_OK);
    assert_string_not_equal(why, "");
    past_free(nowhere);
    buf_free(&b);
}

static void test_timeline_is_in_order(void **state)
{
    struct store *s = folder_open(*state, &(struct store_options){.mode = STORE_READ});
    struct store_query q = store_query_any();
    q.from_ms = START_MS;
    q.to_ms = START_MS + 10000000;
    static const size_t most[] = {300, 5000, 1000000};
    for (size_t i = 0; i < 3; i++) {
        struct timeline *t = timeline_new(s, &q, most[i]);
        const struct kept *p;
        size_t n, all = 0;
        int64_t at_ms = 0;
        do {
            assert_int_equal(timeline_next(t, &p, &n), ERR_OK);
            for (size_t k = 0; k < n; k++) {
                assert_true(p[k].t_ms >= at_ms);
                at_ms = p[k].t_ms;
            }
            assert_true(n <= most[i]);
            all += n;
        } while (n > 0);
        assert_int_equal(all, AIRCRAFT * POINTS - AIRCRAFT / 4 * (POINTS / 3));
        timeline_free(t);
    }
    store_close(s);
}

static void test_density(void **state)
{
    struct store *s = folder_open(*state, &(struct store_options){.mode = STORE_READ});
    int64_t first_ms, last_ms;
    uint32_t n[5];
    assert_int_equal(store_span(s, &first_ms, &last_ms), ERR_OK);
    assert_int_equal(first_ms, START_MS);
    assert_int_equal(last_ms, point(AIRCRAFT - 1, POINTS - 1).t_ms);
    assert_int_equal(store_density(s, START_MS - 3600000, last_ms + 1, 5, n), ERR_OK);
    assert_int_equal(n[0], 0);
    assert_int_equal(n[4], AIRCRAFT);
    assert_int_equal(store_density(s, START_MS, START_MS, 5, n), ERR_RANGE);
    assert_int_equal(store_density(s, 0, 1, 0, n), ERR_RANGE);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plays),
        cmocka_unit_test(test_any_instant),
        cmocka_unit_test(test_stands_still),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_timeline_is_in_order),
        cmocka_unit_test(test_density),
    };
    return cmocka_run_group_tests(tests, fill, empty);
}
