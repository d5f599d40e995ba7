/* Questions to history: what is answered is what looking at every point answers, whole or in pages;
   "in A, then in B" and visits by the plain reading of the words. */
#include "history/inquiry.h"
#include "seed.h"
#include "store/way.h"
#include "store_folder.h"

#include <jansson.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FLEET = 12, EACH = 600, ALL = FLEET * EACH, ROUNDS = 60 };

/* Of a chunk: 80, or 40, which lie in packets. */
static uint32_t chunk_points;

#define BASE INT64_C(1717749000000)

static struct kept point[ALL];

static void make_points(struct rng *r)
{
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(rng_next(r), 0x700000 + i);
        f.lat = 48 + rng_unit(r) * 2, f.lon = 2 + rng_unit(r) * 2;
        for (uint32_t j = 0; j < EACH; j++) {
            struct kept k = kept_fly(&f, 20000);
            f.t_ms += rng_below(r, 60) == 0 ? 700000 : 0; /* a gap now and then */
            f.t_ms += rng_below(r, 200) == 0 ? 3700000 : 0;
            k.ground = rng_below(r, 40) == 0;
            k.alt_baro_ft = k.ground || rng_below(r, 30) == 0 ? KEPT_NONE : k.alt_baro_ft;
            k.flight[6] = (char)('0' + j / 150);
            k.receiver = 0;
            point[i * EACH + j] = k;
        }
    }
}

static struct store *fill(const char *dir)
{
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = chunk_points};
    struct store *s = folder_open(dir, &o);
    for (size_t i = 0; i < FLEET; i++) {
        assert_int_equal(store_put(s, &point[i * EACH], EACH, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(s), ERR_OK);
    return s;
}

static void set(struct question *q, const char *name, const char *value)
{
    char why[QUESTION_WHY_MAX];
    if (question_set(q, name, value, why, sizeof why)) {
        fail_msg("%s=%s: %s", name, value, why);
    }
}

/* The whole answer as JSON; next gets where it was cut. */
static json_t *ask(struct store *s, struct question *q, char next[QUESTION_CURSOR_MAX])
{
    struct inquiry *i = NULL;
    struct buf b = {0};
    bool more = true;
    char why[QUESTION_WHY_MAX];
    q->format = QUESTION_JSON;
    if (question_ready(q, why, sizeof why)) {
        fail_msg("%s", why);
    }
    assert_int_equal(inquiry_new(q, s, &i), ERR_OK);
    while (more) {
        assert_int_equal(inquiry_step(i, s, &b, &more), ERR_OK);
    }
    strcpy(next, inquiry_state(i).next);
    inquiry_free(i);
    json_t *v = json_loadb((const char *)b.p, b.n, 0, NULL);
    assert_non_null(v);
    assert_int_equal(json_integer_value(json_object_get(v, "torn")), 0);
    buf_free(&b);
    return v;
}

static void any_area(struct rng *r, char text[96])
{
    const double lat = 47 + rng_unit(r) * 4, lon = 1 + rng_unit(r) * 4;
    if (rng_below(r, 2)) {
        snprintf(text, 96, "box=%.4f,%.4f,%.4f,%.4f", lat - 0.7, lon - 0.9, lat + 0.7, lon + 0.9);
    } else {
        snprintf(text, 96, "circle=%.4f,%.4f,%um", lat, lon, 300 + rng_below(r, 100000));
    }
}

static bool lies_in(const char *text, const struct kept *p)
{
    struct area_given g;
    struct area_shape *s;
    char why[QUESTION_WHY_MAX];
    assert_int_equal(area_read(text, strlen(text), NULL, &g, why, sizeof why), ERR_OK);
    assert_int_equal(area_shape_new(&g.area, &s), ERR_OK);
    const bool in = area_shape_has(s, p->lat_e7, p->lon_e7);
    area_shape_free(s);
    area_given_free(&g);
    return in;
}

static int64_t ms_of(const json_t *v, const char *key)
{
    return llround(json_number_value(json_object_get(v, key)) * 1000);
}

/* In pages of a random size: together the same as at once. */
static json_t *ask_in_pages(struct store *s, struct rng *r,
                            void (*set_all)(struct question *, void *), void *ctx, const char *key)
{
    char next[QUESTION_CURSOR_MAX] = "";
    json_t *list = json_array();
    do {
        struct question q;
        char limit[16];
        question_start(&q);
        set_all(&q, ctx);
        snprintf(limit, sizeof limit, "%u", 1 + rng_below(r, 40));
        set(&q, "limit", limit);
        if (next[0]) {
            set(&q, "after", next);
        }
        json_t *page = ask(s, &q, next);
        assert_true(next[0] == 0 || json_array_size(json_object_get(page, key)) > 0);
        json_array_extend(list, json_object_get(page, key));
        json_decref(page);
        question_free(&q);
    } while (next[0]);
    return list;
}

struct asked {
    char area[96], then[96];
    unsigned which;
    int64_t from_s, to_s;
};

static void set_points(struct question *q, void *ctx)
{
    const struct asked *a = ctx;
    set(q, "area", a->area);
    set(q, "points", "1");
}

static void set_visits(struct question *q, void *ctx)
{
    const struct asked *a = ctx;
    set(q, "area", a->area);
}

static void set_then(struct question *q, void *ctx)
{
    const struct asked *a = ctx;
    set(q, "area", a->area);
    set(q, "then", a->then);
    set(q, "within", "20m");
}

static void set_at(struct question *q, void *ctx)
{
    const struct asked *a = ctx;
    set(q, "area", a->area);
    set(q, "at", a->then);
}

/* Flights: of all, of one aircraft, of one call sign; perhaps in a time that cuts them. */
static void set_flights(struct question *q, void *ctx)
{
    const struct asked *a = ctx;
    char text[32];
    if (a->which % 3 == 1) {
        snprintf(text, sizeof text, "%06x", 0x700000 + a->which % FLEET);
        set(q, "hex", text);
    } else if (a->which % 3 == 2) {
        snprintf(text, sizeof text, "MSR123%u", a->which / 3 % 4);
        set(q, "callsign", text);
    }
    if (a->which & 64) {
        snprintf(text, sizeof text, "%lld", (long long)a->from_s);
        set(q, "from", text);
        snprintf(text, sizeof text, "%lld", (long long)a->to_s);
        set(q, "to", text);
    }
}

static json_t *whole(struct store *s, void (*set_all)(struct question *, void *), void *ctx,
                     const char *key)
{
    struct question q;
    char next[QUESTION_CURSOR_MAX];
    question_start(&q);
    set_all(&q, ctx);
    json_t *all = ask(s, &q, next), *list = json_incref(json_object_get(all, key));
    assert_string_equal(next, "");
    json_decref(all);
    question_free(&q);
    return list;
}

/* All points, and those that are reckoned where a way leads through an area between two points of
   one chunk. */
static struct kept way[3 * ALL];
static size_t ways;

static void find_ways(const char *area)
{
    struct area_given g;
    struct area_shape *s;
    char why[QUESTION_WHY_MAX];
    size_t of_chunk = 0;
    assert_int_equal(area_read(area, strlen(area), NULL, &g, why, sizeof why), ERR_OK);
    assert_int_equal(area_shape_new(&g.area, &s), ERR_OK);
    ways = 0;
    for (size_t i = 0; i < ALL; i++) {
        const struct kept *p = &point[i], *before = p - 1;
        const bool follows =
            i % EACH > 0 && p->t_ms - before->t_ms <= 3600000 && of_chunk < chunk_points;
        of_chunk = follows ? of_chunk + 1 : 1;
        if (follows && !area_shape_has(s, p->lat_e7, p->lon_e7) &&
            !area_shape_has(s, before->lat_e7, before->lon_e7) &&
            way_through(s, before, p, &way[ways])) {
            ways += way[ways + 1].t_ms > way[ways].t_ms ? 2 : 1;
        }
        way[ways++] = *p;
    }
    area_shape_free(s);
    area_given_free(&g);
}

static void check_points(const json_t *list, const char *area)
{
    size_t at = 0;
    for (size_t i = 0; i < ALL; i++) {
        if (lies_in(area, &point[i])) {
            const json_t *p = json_array_get(list, at++);
            assert_non_null(p);
            assert_true(ms_of(p, "t") == point[i].t_ms);
            assert_int_equal(llround(json_number_value(json_object_get(p, "lat")) * 1e7),
                             point[i].lat_e7);
        }
    }
    assert_int_equal(at, json_array_size(list));
}

struct stay {
    struct kept first, last;
    size_t n; /* heard */
    int32_t low;
};

static bool is_asked(const struct asked *a, bool of_flights, const struct kept *p)
{
    char flight[9] = "";
    if (!of_flights) {
        return lies_in(a->area, p);
    }
    snprintf(flight, sizeof flight, "MSR123%u ", a->which / 3 % 4);
    return (a->which % 3 != 1 || p->address == 0x700000 + a->which % FLEET) &&
           (a->which % 3 != 2 || memcmp(p->flight, flight, 8) == 0) &&
           (!(a->which & 64) || (p->t_ms >= a->from_s * 1000 && p->t_ms < a->to_s * 1000));
}

static int32_t altitude(const struct kept *p)
{
    return p->ground ? 0 : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft : p->alt_geom_ft;
}

static void stay_on(struct stay *v, const struct kept *p)
{
    v->last = *p;
    v->n += p->spare[0] == 0;
    v->low = altitude(p) != KEPT_NONE && altitude(p) < v->low ? altitude(p) : v->low;
}

/* Visits as the words say: in the area, no more than ten minutes between points, one call sign.
   Flights: an hour. */
static size_t stays(const struct asked *a, bool of_flights, struct stay *out)
{
    size_t n = 0;
    for (size_t i = 0; i < ways; i++) {
        const struct kept *p = &way[i];
        if ((of_flights && p->spare[0]) || !is_asked(a, of_flights, p)) {
            continue;
        }
        struct stay *v = n ? &out[n - 1] : NULL;
        if (!v || v->last.address != p->address ||
            p->t_ms - v->last.t_ms > (of_flights ? 3600000 : 600000) ||
            memcmp(v->last.flight, p->flight, 8) != 0) {
            v = &out[n++];
            *v = (struct stay){.first = *p, .low = INT32_MAX};
        }
        stay_on(v, p);
    }
    return n;
}

static void check_visits(const json_t *list, const struct asked *a, bool of_flights)
{
    static struct stay stay[ALL];
    const size_t n = stays(a, of_flights, stay);
    assert_int_equal(json_array_size(list), n);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        assert_true(ms_of(v, "from") == stay[i].first.t_ms);
        assert_true(ms_of(v, "to") == stay[i].last.t_ms);
        assert_int_equal(json_integer_value(json_object_get(v, "points")), stay[i].n);
        assert_int_equal(json_integer_value(json_object_get(v, "alt_low")), stay[i].low);
    }
}

static void check_then(const json_t *list, const struct asked *a)
{
    static struct stay stay[ALL];
    const size_t n = stays(a, false, stay);
    size_t at = 0;
    find_ways(a->then);
    for (size_t i = 0; i < n; i++) {
        const struct kept *found = NULL;
        for (size_t j = 0; j < ways && !found; j++) {
            found = way[j].address == stay[i].first.address && way[j].t_ms > stay[i].first.t_ms &&
                            way[j].t_ms <= stay[i].last.t_ms + 20 * 60000 &&
                            lies_in(a->then, &way[j])
                        ? &way[j]
                        : NULL;
        }
        if (found) {
            const json_t *v = json_array_get(list, at++);
            assert_non_null(v);
            assert_true(ms_of(v, "from") == stay[i].first.t_ms);
            assert_true(ms_of(json_object_get(v, "then"), "t") == found->t_ms);
        }
    }
    assert_int_equal(at, json_array_size(list));
}

static void check_picture(const json_t *list, const char *area, int64_t t_ms)
{
    size_t at = 0;
    for (size_t i = 0; i < FLEET; i++) {
        const struct kept *last = NULL;
        for (size_t j = 0; j < EACH && point[i * EACH + j].t_ms <= t_ms; j++) {
            last = &point[i * EACH + j];
        }
        if (last && last->t_ms >= t_ms - 90000 && lies_in(area, last)) {
            assert_true(ms_of(json_array_get(list, at++), "t") == last->t_ms);
        }
    }
    assert_int_equal(at, json_array_size(list));
}

static const struct kind {
    void (*set)(struct question *, void *);
    const char *key;
} kinds[] = {{set_points, "points"},
             {set_visits, "visits"},
             {set_flights, "visits"},
             {set_then, "visits"},
             {set_at, "aircraft"}};

enum { KINDS = sizeof kinds / sizeof *kinds };

static void check(unsigned k, const json_t *all, const struct asked *a)
{
    find_ways(a->area);
    switch (k) {
    case 0:
        check_points(all, a->area);
        return;
    case 1:
    case 2:
        check_visits(all, a, k == 2);
        return;
    case 3:
        check_then(all, a);
        return;
    default:
        check_picture(all, a->area, strtoll(a->then, NULL, 10) * 1000);
        return;
    }
}

/* As a store was before the index knew of parts. */
static void forget_parts(const char *dir)
{
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/index.sqlite", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM part WHERE id % 2 = 1", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM part WHERE id < 50", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
}

static void answers_what_the_words_say(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    static json_t *answer[ROUNDS];
    static struct asked asked[ROUNDS];
    char dir[64];
    folder_new(dir);
    make_points(&r);
    chunk_points = r.state % 2 ? 80 : 40;
    struct store *s = fill(dir);
    size_t n = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const unsigned k = (unsigned)i % KINDS;
        struct asked *a = &asked[i];
        a->which = rng_below(&r, 128);
        a->from_s = BASE / 1000 + rng_below(&r, 6000);
        a->to_s = a->from_s + rng_below(&r, 6000);
        any_area(&r, a->area);
        any_area(&r, a->then);
        if (k == 4) {
            snprintf(a->then, sizeof a->then, "%lld", (long long)a->from_s);
        }
        json_t *pages = ask_in_pages(s, &r, kinds[k].set, a, kinds[k].key);
        answer[i] = whole(s, kinds[k].set, a, kinds[k].key);
        assert_true(json_equal(answer[i], pages));
        n += json_array_size(answer[i]);
        check(k, answer[i], a);
        json_decref(pages);
    }
    printf("%zu answers\n", n);
    assert_true(n > 100);
    forget_parts(dir);
    for (int i = 0; i < ROUNDS; i++) {
        const unsigned k = (unsigned)i % KINDS;
        json_t *again = whole(s, kinds[k].set, &asked[i], kinds[k].key);
        assert_true(json_equal(answer[i], again));
        json_decref(again);
        json_decref(answer[i]);
    }
    store_close(s);
    folder_remove(dir);
}

/* A thinned flight has a point a minute; who was overhead between two of them is found, but nobody
   who was not heard for longer. */
static void finds_who_passed_between_points(void **state)
{
    (void)state;
    const struct store_options o = {.mode = STORE_WRITE};
    char dir[64];
    folder_new(dir);
    struct store *s = folder_open(dir, &o);
    for (uint32_t i = 0; i < 2; i++) { /* the second one a second too slow */
        struct kept p[2] = {kept_none(), kept_none()};
        for (int j = 0; j < 2; j++) {
            p[j].address = 0x400000 + i;
            p[j].t_ms = BASE + j * (60000 + (int64_t)i * 1000);
            p[j].lat_e7 = 480000000;
            p[j].lon_e7 = 20000000 + j * 2000000;
            p[j].alt_baro_ft = 10000 + 2000 * j;
            p[j].origin = ORIGIN_ADSB_ICAO;
        }
        assert_int_equal(store_put(s, p, 2, NULL), ERR_OK);
    }
    assert_int_equal(store_commit(s), ERR_OK);
    struct asked a = {.area = "circle=48,2.1,1km"};
    json_t *list = whole(s, set_visits, &a, "visits"), *v = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(v, "hex")), "400000");
    assert_int_equal(json_integer_value(json_object_get(v, "points")), 0);
    assert_in_range(ms_of(v, "from"), BASE + 25000, BASE + 29000);
    assert_in_range(ms_of(v, "to"), BASE + 31000, BASE + 35000);
    assert_in_range(json_integer_value(json_object_get(v, "alt_low")), 10850, 10950);
    json_decref(list);
    list = whole(s, set_points, &a, "points"); /* nothing was heard there */
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    store_close(s);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_what_the_words_say),
                                       cmocka_unit_test(finds_who_passed_between_points)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
