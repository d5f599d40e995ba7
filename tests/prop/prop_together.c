/* Property: what several aircraft say together is the same however their points come: all at once,
   in slices of any length, in any order within them; and rows have the same numbers where the
   looking begins later. */
#include "base/rng.h"
#include "ledger/together.h"
#include "model/claim_pack.h"
#include "seed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CRAFTS = 40, MINUTES = 300, EVERY_S = 10, ROWS_MAX = 4096 };

#define START_MS INT64_C(1717797600000) /* 2024-06-07T22:00:00Z: the day ends within */

struct rows {
    struct claim row[ROWS_MAX];
    size_t n;
};

static void take(void *ctx, const struct claim *c)
{
    struct rows *r = ctx;
    assert_true(r->n < ROWS_MAX);
    assert_true(together_is_row(c));
    r->row[r->n++] = *c;
}

static int tanker(void *ctx, uint32_t address, int64_t t_ms)
{
    (void)ctx;
    (void)t_ms;
    return address % 8 == 0 ? 1 : address % 8 == 1 ? -1 : 0;
}

/* Pairs fly side by side for some of the time; all in one corner of the sky know their place badly
   some of the time. */
static struct kept point(unsigned craft, unsigned i)
{
    const double s = i * (double)EVERY_S, lane = craft / 2, side = craft % 2;
    const int apart = sin(s / 3000 + lane) < 0;
    struct kept k = kept_none();
    k.t_ms = START_MS + (int64_t)(s * 1000) + craft * 37;
    k.address = 0xae0000 + craft;
    k.lat_e7 = (int32_t)((14 + lane * 0.01 + side * (apart ? 0.3 : 0.004)) * 1e7);
    k.lon_e7 = (int32_t)((2 + fmod(s * 0.0018, 4)) * 1e7);
    k.alt_baro_ft = 24000;
    k.gs_e2_kt = 38000;
    k.track_e2_deg = 9000;
    k.origin = ORIGIN_ADSB_ICAO;
    k.version = 2;
    k.nic = 8;
    k.nac_p = sin(s / 1500 + lane / 9) > 0.5 ? 2 : 9;
    return k;
}

static size_t all_points(struct kept *out)
{
    size_t n = 0;
    for (unsigned c = 0; c < CRAFTS; c++) {
        for (unsigned i = 0; i < MINUTES * 60 / EVERY_S; i++) {
            out[n++] = point(c, i);
        }
    }
    return n;
}

static struct claim an_orbit(unsigned i)
{
    struct claim c = claim_none(CLAIM_ORBIT, 0xae0000 + 8 * i, 0);
    c.made_ms = START_MS + (int64_t)i * 1234567;
    c.number = 3 + i / 3;
    c.supersedes = i % 2 ? c.number - 1 : 0;
    c.shape = CLAIM_SHAPE_RACETRACK;
    c.alt_ft = 25000;
    c.size_m = 60000;
    c.p = 0.9F;
    return c;
}

/* In slices of time of random length, shuffled. From: what is older is not there. */
static void look(struct rng *r, const struct kept *p, size_t n, int64_t from_ms, bool slices,
                 struct rows *out)
{
    const struct together_options o = {.tanker = tanker};
    struct together *t = together_new(&o);
    int64_t at_ms = from_ms;
    const int64_t end_ms = START_MS + (int64_t)MINUTES * 60000;
    assert_non_null(t);
    while (at_ms < end_ms) {
        const int64_t to_ms =
            slices ? at_ms + 1 + (int64_t)rng_below(r, rng_below(r, 4) ? 60000 : 4000000) : end_ms;
        struct together_points noted = {0};
        const size_t start = rng_below(r, (uint32_t)n);
        for (size_t i = 0; i < n; i++) {
            const struct kept *k = &p[(start + i * 7919) % n];
            if (k->t_ms >= at_ms && k->t_ms < to_ms) {
                assert_int_equal(together_note(&noted, k), ERR_OK);
            }
        }
        for (unsigned i = 0; i < 12; i++) {
            const struct claim c = an_orbit(i);
            if (c.made_ms >= at_ms && c.made_ms < to_ms) {
                assert_int_equal(together_orbit(t, &c), ERR_OK);
            }
        }
        assert_int_equal(together_take(t, &noted), ERR_OK);
        assert_int_equal(together_run(t, to_ms < end_ms ? to_ms : end_ms, take, out), ERR_OK);
        together_points_free(&noted);
        at_ms = to_ms;
    }
    together_free(t);
}

static int compare(const void *p, const void *q)
{
    const struct claim *a = p, *b = q;
    return a->address != b->address ? (a->address < b->address ? -1 : 1)
                                    : (a->number > b->number) - (a->number < b->number);
}

static void same_however_it_comes(void **state)
{
    (void)state;
    static struct kept points[CRAFTS * MINUTES * 60 / EVERY_S];
    static struct rows whole, sliced, later;
    struct rng r = {seed_of_run()};
    const size_t n = all_points(points);
    look(&r, points, n, START_MS, false, &whole);
    unsigned kinds[CLAIM_KINDS] = {0};
    for (size_t i = 0; i < whole.n; i++) {
        kinds[whole.row[i].kind]++;
    }
    assert_true(kinds[CLAIM_FORMATION] > 5);
    assert_true(kinds[CLAIM_REFUELING] > 2);
    assert_true(kinds[CLAIM_JAMMING] > 2);
    for (int round = 0; round < 8; round++) {
        sliced.n = 0;
        look(&r, points, n, START_MS, true, &sliced);
        assert_int_equal(sliced.n, whole.n);
        for (size_t i = 0; i < whole.n; i++) {
            uint8_t a[CLAIM_PACK_MAX], b[CLAIM_PACK_MAX];
            const size_t bytes = claim_pack(&whole.row[i], a);
            assert_int_equal(claim_pack(&sliced.row[i], b), bytes);
            assert_memory_equal(a, b, bytes);
        }
    }
    /* Begun an hour later: what began after that has the numbers it had. */
    const int64_t from_ms = START_MS + 3600000;
    look(&r, points, n, from_ms, false, &later);
    qsort(whole.row, whole.n, sizeof *whole.row, compare);
    size_t same = 0;
    for (size_t i = 0; i < later.n; i++) {
        const struct claim *was =
            bsearch(&later.row[i], whole.row, whole.n, sizeof *whole.row, compare);
        if (later.row[i].kind == CLAIM_FORMATION && later.row[i].t_lo_ms > from_ms + 120000) {
            assert_non_null(was);
            assert_int_equal(was->t_lo_ms, later.row[i].t_lo_ms);
            same++;
        }
    }
    assert_true(same > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_however_it_comes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
