/* Questions to history: what is answered is what looking at every point answers, whole or in pages;
   "in A, then in B" and visits by the plain reading of the words. */
#include "history/inquiry.h"
#include "store_folder.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { FLEET = 12, EACH = 600, ALL = FLEET * EACH, ROUNDS = 60 };

#define BASE INT64_C(1717749000000)

static struct kept point[ALL];

static void make_points(struct rng *r)
{
    for (uint32_t i = 0; i < FLEET; i++) {
        struct kept_flier f = kept_flier(rng_next(r), 0x700000 + i);
        f.lat = 48 + rng_unit(r) * 2, f.lon = 2 + rng_unit(r) * 2;
        for (uint32_t j = 0; j < EACH; j++) {
            struct kept k = kept_fly(&f, 8000);
            f.t_ms += rng_below(r, 60) == 0 ? 700000 : 0; /* a gap now and then */
            k.flight[6] = (char)('0' + j / 150);
            k.receiver = 0;
            point[i * EACH + j] = k;
        }
    }
}

static struct store *fill(const char *dir)
{
    const struct store_options o = {.mode = STORE_WRITE, .chunk_points = 80};
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
        snprintf(text, 96, "circle=%.4f,%.4f,%ukm", lat, lon, 20 + rng_below(r, 100));
    }
}

static bool lies_in(const char *text, const struct kept *p)
{
    struct area_given g;
    struct area_shape *s;
    char why[QUESTION_WHY_MAX];
    assert_int_equal(area_read(text, strlen(text), &g, why, sizeof why), ERR_OK);
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
    const char *kind;
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
    const struct kept *first, *last;
    size_t n;
};

/* Visits as the words say: in the area, no more than ten minutes between points, one call sign. */
static size_t stays(const char *area, struct stay *out)
{
    size_t n = 0;
    for (size_t i = 0; i < ALL; i++) {
        const struct kept *p = &point[i];
        if (!lies_in(area, p)) {
            continue;
        }
        struct stay *v = n ? &out[n - 1] : NULL;
        if (v && v->last->address == p->address && p->t_ms - v->last->t_ms <= 600000 &&
            memcmp(v->last->flight, p->flight, 8) == 0) {
            v->last = p;
            v->n++;
        } else {
            out[n++] = (struct stay){p, p, 1};
        }
    }
    return n;
}

static void check_visits(const json_t *list, const char *area)
{
    static struct stay stay[ALL];
    const size_t n = stays(area, stay);
    assert_int_equal(json_array_size(list), n);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        assert_true(ms_of(v, "from") == stay[i].first->t_ms);
        assert_true(ms_of(v, "to") == stay[i].last->t_ms);
        assert_int_equal(json_integer_value(json_object_get(v, "points")), stay[i].n);
    }
}

static void check_then(const json_t *list, const char *area, const char *then)
{
    static struct stay stay[ALL];
    const size_t n = stays(area, stay);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const struct kept *found = NULL;
        for (const struct kept *p = stay[i].first + 1;
             !found && p < point + ALL && p->address == stay[i].first->address &&
             p->t_ms <= stay[i].last->t_ms + 20 * 60000;
             p++) {
            found = lies_in(then, p) ? p : NULL;
        }
        if (found) {
            const json_t *v = json_array_get(list, at++);
            assert_non_null(v);
            assert_true(ms_of(v, "from") == stay[i].first->t_ms);
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

static void answers_what_the_words_say(void **state)
{
    (void)state;
    static const struct {
        void (*set)(struct question *, void *);
        const char *key;
    } kinds[] = {
        {set_points, "points"}, {set_visits, "visits"}, {set_then, "visits"}, {set_at, "aircraft"}};
    struct rng r = {(uint64_t)time(NULL)};
    printf("seed %llu\n", (unsigned long long)r.state);
    char dir[64];
    folder_new(dir);
    make_points(&r);
    struct store *s = fill(dir);
    size_t n = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const unsigned k = (unsigned)i % 4;
        struct asked a;
        const int64_t at_s = BASE / 1000 + rng_below(&r, 6000);
        any_area(&r, a.area);
        any_area(&r, a.then);
        if (k == 3) {
            snprintf(a.then, sizeof a.then, "%lld", (long long)at_s);
        }
        json_t *all = whole(s, kinds[k].set, &a, kinds[k].key),
               *pages = ask_in_pages(s, &r, kinds[k].set, &a, kinds[k].key);
        assert_true(json_equal(all, pages));
        n += json_array_size(all);
        if (k == 0) {
            check_points(all, a.area);
        } else if (k == 1) {
            check_visits(all, a.area);
        } else if (k == 2) {
            check_then(all, a.area, a.then);
        } else {
            check_picture(all, a.area, at_s * 1000);
        }
        json_decref(all);
        json_decref(pages);
    }
    printf("%zu answers\n", n);
    assert_true(n > 100);
    store_close(s);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_what_the_words_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
