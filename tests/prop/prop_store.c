/* Whatever is asked, the store finds what looking at every point finds; and thinning leaves out
   nothing beyond its bounds. */
#include "geo/sphere.h"
#include "seed.h"
#include "store_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FLEET = 30, EACH = 700, QUERIES = 150 };

static struct kept point[FLEET * EACH];

static void make_points(struct rng *r)
{
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(rng_next(r), 0x700000 + i);
        f.lat = rng_unit(r) * 4 - 2; /* close together, about the date line */
        f.lon = rng_unit(r) * 1.5 + (i % 2 ? 177 : -178.9);
        for (int j = 0; j < EACH; j++) {
            struct kept k = kept_fly(&f, 5000);
            const char letter = (char)('A' + i % 4 + (j > EACH / 2));
            memcpy(k.flight, "TEST    ", 8);
            k.flight[4] = letter;
            k.ground = rng_below(r, 50) == 0;
            k.alt_baro_ft = rng_below(r, 30) ? k.alt_baro_ft : KEPT_NONE;
            point[i * EACH + (uint32_t)j] = k;
        }
    }
}

static struct sphere_place any_place(struct rng *r)
{
    const int64_t lon = INT64_C(1800000000) + (int64_t)((rng_unit(r) * 8 - 4) * 1e7);
    return (struct sphere_place){(int32_t)((rng_unit(r) * 8 - 4) * 1e7), sphere_wrap_e7(lon)};
}

static struct store_query any_query(struct rng *r, struct sphere_place corner[5])
{
    struct store_query q = store_query_any();
    const int64_t base = INT64_C(1717749000000);
    if (rng_below(r, 2)) {
        q.from_ms = base + rng_below(r, 3000000);
        q.to_ms = q.from_ms + rng_below(r, 2000000);
    }
    q.address = rng_below(r, 4) ? ADDRESS_NONE : 0x700000 + rng_below(r, FLEET + 1);
    if (rng_below(r, 4) == 0) {
        memcpy(q.flight, "TEST    ", 8);
        q.flight[4] = (char)('A' + rng_below(r, 6));
    }
    if (rng_below(r, 3) == 0) {
        q.alt_low_ft = (int32_t)rng_below(r, 30000);
        q.alt_high_ft = rng_below(r, 2) ? KEPT_NONE : q.alt_low_ft + 5000;
    }
    q.area.kind = (enum area_kind)rng_below(r, 4);
    for (int i = 0; i < 5; i++) {
        corner[i] = any_place(r);
    }
    q.area.low = corner[0], q.area.high = corner[1];
    if (q.area.low.lat_e7 > q.area.high.lat_e7) {
        q.area.low.lat_e7 = corner[1].lat_e7, q.area.high.lat_e7 = corner[0].lat_e7;
    }
    q.area.radius_m = rng_unit(r) * 300000;
    q.area.corner = corner;
    q.area.n = 3 + rng_below(r, 3);
    return q;
}

/* Longitudes about the date line as one run of numbers. */
static double east_of_line(int32_t lon_e7)
{
    return lon_e7 < 0 ? lon_e7 + 3.6e9 : lon_e7;
}

static bool lies_in(const struct area *a, const struct kept *p)
{
    const double x = east_of_line(p->lon_e7), y = p->lat_e7;
    bool in = false;
    switch (a->kind) {
    case AREA_ANYWHERE:
        return true;
    case AREA_BOX: {
        const double low = east_of_line(a->low.lon_e7), high = east_of_line(a->high.lon_e7);
        const bool lon = low <= high ? x >= low && x <= high : x >= low || x <= high;
        return lon && y >= a->low.lat_e7 && y <= a->high.lat_e7;
    }
    case AREA_CIRCLE:
        return sphere_distance_m((struct sphere_place){a->low.lat_e7, a->low.lon_e7},
                                 (struct sphere_place){p->lat_e7, p->lon_e7}) <= a->radius_m;
    case AREA_POLYGON:
        for (size_t i = 0, j = a->n - 1; i < a->n; j = i++) {
            const double xi = east_of_line(a->corner[i].lon_e7), yi = a->corner[i].lat_e7;
            const double xj = east_of_line(a->corner[j].lon_e7), yj = a->corner[j].lat_e7;
            in ^= (yi > y) != (yj > y) && x < xi + (xj - xi) * (y - yi) / (yj - yi);
        }
        return in;
    }
    return false;
}

static bool should_be_found(const struct store_query *q, const struct kept *p)
{
    const int32_t alt = p->ground                     ? 0
                        : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft
                                                      : p->alt_geom_ft;
    return p->t_ms >= q->from_ms && p->t_ms < q->to_ms &&
           (q->address == ADDRESS_NONE || q->address == p->address) &&
           (!q->flight[0] || !memcmp(q->flight, p->flight, 8)) &&
           (q->alt_low_ft == KEPT_NONE || alt >= q->alt_low_ft) &&
           (q->alt_high_ft == KEPT_NONE || alt <= q->alt_high_ft) && lies_in(&q->area, p);
}

static void compare(struct store *s, const struct store_query *q)
{
    struct found f = {0};
    size_t torn, at = 0;
    assert_int_equal(store_find(s, q, found_take, &f, &torn), ERR_OK);
    assert_int_equal(torn, 0);
    for (size_t i = 0; i < FLEET * EACH; i++) {
        if (should_be_found(q, &point[i])) {
            assert_true(at < f.n);
            assert_memory_equal(&f.p[at++], &point[i], sizeof *point);
        }
    }
    assert_int_equal(at, f.n);
    free(f.p);
}

static void compare_instant(struct store *s, int64_t t_ms, int64_t age_ms)
{
    struct found f = {0};
    size_t torn, at = 0;
    assert_int_equal(store_instant(s, t_ms, age_ms, found_take, &f, &torn), ERR_OK);
    for (size_t i = 0; i < FLEET; i++) {
        const struct kept *last = NULL;
        for (size_t j = i * EACH; j < (i + 1) * EACH && point[j].t_ms <= t_ms; j++) {
            last = &point[j];
        }
        if (last && last->t_ms >= t_ms - age_ms) {
            assert_true(at < f.n);
            assert_memory_equal(&f.p[at++], last, sizeof *last);
        }
    }
    assert_int_equal(at, f.n);
    free(f.p);
}

static void finds_what_looking_at_all_finds(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    char dir[64];
    folder_new(dir);
    make_points(&r);
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 64};
    struct store *s = folder_open(dir, &o);
    for (size_t i = 0; i < FLEET; i++) { /* halves, the later one first: chunks overlap */
        const struct kept *p = &point[i * EACH];
        assert_int_equal(store_put(s, p + EACH / 2, EACH - EACH / 2, NULL), ERR_OK);
        assert_int_equal(store_put(s, p, EACH / 2 + 20, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(s), ERR_OK);
    for (int i = 0; i < QUERIES; i++) {
        struct sphere_place corner[5];
        const struct store_query q = any_query(&r, corner);
        compare(s, &q);
        compare_instant(s, INT64_C(1717749000000) + rng_below(&r, 4000000), rng_below(&r, 600000));
    }
    store_close(s);
    folder_remove(dir);
}

/* Every point left out lies within bounds of the line between the kept ones around it. */
static void check_bounds(const struct kept *all, size_t n, const struct found *f)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        while (at + 1 < f->n && f->p[at + 1].t_ms <= all[i].t_ms) {
            at++;
        }
        if (f->p[at].t_ms == all[i].t_ms) {
            assert_memory_equal(&f->p[at], &all[i], sizeof *all);
            continue;
        }
        assert_true(at + 1 < f->n); /* the newest is never left out */
        const struct kept *a = &f->p[at], *b = &f->p[at + 1], *p = &all[i];
        assert_true(b->t_ms - a->t_ms <= 60000);
        const double share = (double)(p->t_ms - a->t_ms) / (double)(b->t_ms - a->t_ms);
        const struct sphere_place on = {(int32_t)(a->lat_e7 + share * (b->lat_e7 - a->lat_e7)),
                                        (int32_t)(a->lon_e7 + share * (b->lon_e7 - a->lon_e7))};
        const double away = sphere_distance_m(on, (struct sphere_place){p->lat_e7, p->lon_e7});
        const double up =
            a->alt_baro_ft + share * (b->alt_baro_ft - a->alt_baro_ft) - p->alt_baro_ft;
        assert_true(away <= 10.05);
        assert_true(fabs(up) <= 25.01);
        assert_memory_equal(a->flight, p->flight, 8);
    }
}

static void thinning_keeps_its_bounds(void **state)
{
    (void)state;
    struct rng r = {seed_of_run() + 1};
    static struct kept all[6000];
    char dir[64];
    folder_new(dir);
    const struct store_options thin = {.mode = STORE_WRITE, .thin_m = 10, .thin_ft = 25};
    const struct store_options at_once = {.mode = STORE_WRITE, .chunk_age_ms = 1};
    struct kept_flier f = kept_flier(rng_next(&r), 0x345678);
    f.lat = 20, f.lon = 20;
    struct store *s = folder_open(dir, &thin);
    for (size_t i = 0; i < 6000; i++) {
        all[i] = kept_fly(&f, 1000);
        assert_int_equal(store_add(s, &all[i]), ERR_OK);
        if (rng_below(&r, 50) == 0) {
            assert_int_equal(store_sync(s), ERR_OK);
        }
    }
    const struct store_state st = store_state(s);
    printf("%llu kept, %llu left out\n", (unsigned long long)st.kept,
           (unsigned long long)st.thinned);
    assert_true(st.thinned > 1000);
    assert_true(st.kept + st.thinned <= 6000 && st.kept + st.thinned + 32 >= 6000);
    store_close(s);
    s = folder_open(dir, &at_once);
    assert_int_equal(store_sync(s), ERR_OK);
    struct store_query q = store_query_any();
    q.address = 0x345678;
    struct found found = {0};
    assert_int_equal(store_find(s, &q, found_take, &found, NULL), ERR_OK);
    check_bounds(all, 6000, &found);
    free(found.p);
    store_close(s);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_looking_at_all_finds),
                                       cmocka_unit_test(thinning_keeps_its_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
