/* Property: the same points make the same rows of the ledger whatever way they came: live, in the
   order of time; by aircraft, a day at a time, with two detectors, as a rebuild looks at them; in
   slices of any length; the memory of units folded whenever; and stopped and taken up again. Where
   the points looked at once more do not reach back to the first, the same that was heard. */
#include "base/rng.h"
#include "flight_world.h"
#include "ledger/detect.h"
#include "ledger/resume.h"
#include "model/claim_pack.h"
#include "seed.h"

#include <stdio.h>

enum { CRAFTS = 8, DAYS = 6, DETECTORS = 2, AGAIN_DAYS = 3 };

#define DAY_MS   INT64_C(86400000)
#define START_MS (INT64_C(19881) * DAY_MS)
#define END_MS   (START_MS + DAYS * DAY_MS)

/* ---- the sky ---- */

struct points {
    struct kept *p;
    size_t n, max;
};

/* Who hears it: with breaks. */
struct listener {
    struct rng r;
    struct points *out;
    int64_t until_ms;
    bool deaf, errs; /* errs: some places are not where it was */
};

static int64_t minutes(struct rng *r, uint32_t most)
{
    return (1 + rng_below(r, most)) * INT64_C(60000);
}

static void hear(struct flight_probe *p, const struct kept *k)
{
    struct listener *l = p->ctx;
    while (k->t_ms >= l->until_ms) {
        l->deaf = !l->deaf;
        l->until_ms += minutes(&l->r, l->deaf && rng_below(&l->r, 2) ? 20 : 200);
    }
    if (l->deaf || k->t_ms >= END_MS) {
        return;
    }
    if (l->out->n == l->out->max) {
        l->out->max = l->out->max ? 2 * l->out->max : 4096;
        l->out->p = realloc(l->out->p, l->out->max * sizeof *l->out->p);
        assert_non_null(l->out->p);
    }
    struct kept at = *k;
    if (l->errs && rng_below(&l->r, 500) == 0) {
        at.lat_e7 += 20000000;
    }
    l->out->p[l->out->n++] = at;
}

static void circle(struct flight_probe *p, struct rng *r)
{
    const double lat = p->lat, lon = p->lon;
    const unsigned sides = 60 + rng_below(r, 60);
    for (unsigned i = 0; i < sides; i++) {
        double to_lat, to_lon;
        flight_off(lat, lon, i * 24, 8, &to_lat, &to_lon);
        flight_to(p, to_lat, to_lon, 22000, 220);
    }
}

/* Half of them are of one state's unit, the others of two operators. */
static void fly_days(unsigned craft, struct rng *r, bool errs, struct points *out)
{
    static const char *call[] = {"TST12", "OPA345", "TST77", "OPB6K"};
    static const int home[] = {A, B, C, D, HIGH, BLANK};
    struct listener l = {.r = {rng_next(r)}, .out = out, .until_ms = START_MS, .errs = errs};
    struct flight_probe p = {.address = 0xae0000 + craft,
                             .call = call[craft % 4],
                             .t_s = START_MS * 1e-3 + rng_below(r, 20000),
                             .every_s = 30,
                             .point = hear,
                             .ctx = &l};
    int at = home[rng_below(r, 6)];
    while (p.t_s * 1000 < END_MS) {
        int to = home[rng_below(r, 6)];
        to = to == at ? C : to;
        flight_at(&p, &field[at]);
        flight_stand(&p, 900 + rng_below(r, 20000));
        flight_take_off(&p, &field[at]);
        if (rng_below(r, 4) == 0) {
            circle(&p, r);
        }
        flight_cruise(&p, &field[to], 31000, 400 + rng_below(r, 60));
        flight_land(&p, &field[to]);
        at = to;
    }
}

static int by_time(const void *p, const void *q)
{
    const struct kept *a = p, *b = q;
    return a->t_ms != b->t_ms ? (a->t_ms < b->t_ms ? -1 : 1)
                              : (a->address > b->address) - (a->address < b->address);
}

static struct points sky(struct rng *r, bool errs)
{
    struct points sky = {0};
    for (unsigned c = 0; c < CRAFTS; c++) {
        fly_days(c, r, errs, &sky);
    }
    qsort(sky.p, sky.n, sizeof *sky.p, by_time);
    return sky;
}

/* ---- the ledger ---- */

struct ledger {
    struct detect *detect[DETECTORS];
    struct memory *units;
    int32_t day[DETECTORS]; /* of its views */
    struct resume *resume;  /* NULL: not taken up */
    bool again;
    struct claim *claim;
    size_t n, max;
};

static void take(void *ctx, const struct claim *c)
{
    struct ledger *l = ctx;
    if (l->n == l->max) {
        l->max = l->max ? 2 * l->max : 4096;
        l->claim = realloc(l->claim, l->max * sizeof *l->claim);
        assert_non_null(l->claim);
    }
    bool failed = false;
    float sum = 0;
    for (unsigned k = 0; k < c->candidates; k++) {
        sum += c->candidate[k].p;
    }
    assert_true(sum >= 0 && sum < 1.001F);
    l->claim[l->n] = *c;
    l->n += !l->resume || resume_is_new(l->resume, &l->claim[l->n], l->again, &failed);
    assert_false(failed);
}

static bool airframe(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out)
{
    (void)ctx;
    (void)t_ms;
    *out = (struct movement_airframe){.state = address % 2 == 0};
    strcpy(out->designator, address % 2 ? "B738" : "C17");
    return true;
}

/* How well places are heard: another answer each day. */
static float heard(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms)
{
    const int32_t *day = ctx;
    (void)t_ms;
    return (float)((uint32_t)(lat_e7 / 20000000 + lon_e7 / 20000000 + alt_ft / 5000 + *day) % 11) /
           10;
}

static void new_day(void *ctx, int32_t day)
{
    *(int32_t *)ctx = day;
}

static void open_ledger(struct ledger *l)
{
    l->units = memory_new();
    assert_non_null(l->units);
    for (int i = 0; i < DETECTORS; i++) {
        const struct detect_options o = {.views = {.airports = airports,
                                                   .airframe = airframe,
                                                   .heard = heard,
                                                   .heard_ctx = &l->day[i]},
                                         .units = l->units,
                                         .new_day = new_day,
                                         .ctx = &l->day[i]};
        l->detect[i] = detect_new(&o);
        assert_non_null(l->detect[i]);
    }
}

static void close_ledger(struct ledger *l)
{
    for (int i = 0; i < DETECTORS; i++) {
        detect_free(l->detect[i]);
    }
    memory_free(l->units);
}

static void fold(struct ledger *l)
{
    for (int i = 0; i < DETECTORS; i++) {
        assert_int_equal(detect_fold(l->detect[i]), ERR_OK);
    }
}

static int compare(const void *p, const void *q)
{
    const struct claim *a = p, *b = q;
    return a->address != b->address ? (a->address < b->address ? -1 : 1)
           : a->epoch != b->epoch   ? (a->epoch < b->epoch ? -1 : 1)
                                    : (a->number > b->number) - (a->number < b->number);
}

static void compare_rows(struct ledger *a, struct ledger *b)
{
    qsort(a->claim, a->n, sizeof *a->claim, compare);
    qsort(b->claim, b->n, sizeof *b->claim, compare);
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        uint8_t x[CLAIM_PACK_MAX], y[CLAIM_PACK_MAX];
        const size_t bytes = claim_pack(&a->claim[i], x);
        if (claim_pack(&b->claim[i], y) != bytes || memcmp(x, y, bytes) != 0) {
            const struct claim *c = &a->claim[i], *o = &b->claim[i];
            fail_msg("row %u of %06x: kind %d of %lld p %g, elsewhere row %u of %06x: kind %d of "
                     "%lld p %g",
                     c->number, c->address, c->kind, (long long)c->made_ms, (double)c->p, o->number,
                     o->address, o->kind, (long long)o->made_ms, (double)o->p);
        }
    }
    assert_int_equal(a->n, b->n);
}

/* ---- ways ---- */

/* Each detector has its share of the aircraft, and looks at a slice aircraft by aircraft. */
static void look_at_slice(struct ledger *l, const struct points *all, size_t from, size_t to,
                          unsigned first)
{
    for (unsigned c = 0; c < CRAFTS; c++) {
        const uint32_t address = 0xae0000 + (first + c * 5) % CRAFTS;
        for (size_t i = from; i < to; i++) {
            if (all->p[i].address == address) {
                assert_int_equal(
                    detect_push(l->detect[address / 2 % DETECTORS], &all->p[i], take, l), ERR_OK);
            }
        }
    }
}

/* In slices of so long, or (0) of random lengths; none goes over midnight. */
static void in_slices(struct ledger *l, struct rng *r, const struct points *all, int64_t slice_ms)
{
    int64_t at_ms = START_MS;
    for (size_t i = 0, to = 0; at_ms < END_MS; i = to) {
        const int64_t midnight_ms = (at_ms / DAY_MS + 1) * DAY_MS;
        const int64_t end_ms =
            at_ms + (slice_ms ? slice_ms : minutes(r, rng_below(r, 3) ? 9 : 500));
        at_ms = end_ms < midnight_ms ? end_ms : midnight_ms;
        while (to < all->n && all->p[to].t_ms < at_ms) {
            to++;
        }
        look_at_slice(l, all, i, to, rng_below(r, CRAFTS));
        for (int k = 0; k < DETECTORS; k++) {
            if (at_ms == midnight_ms || rng_below(r, 2)) {
                assert_int_equal(detect_tick(l->detect[k], at_ms - 1, take, l), ERR_OK);
            }
        }
        if (at_ms == midnight_ms || rng_below(r, 3) == 0) {
            fold(l);
        }
    }
}

static void live(struct ledger *l, const struct points *all)
{
    for (size_t i = 0; i < all->n; i++) {
        assert_int_equal(detect_push(l->detect[0], &all->p[i], take, l), ERR_OK);
        fold(l);
    }
    assert_int_equal(detect_tick(l->detect[0], END_MS - 1, take, l), ERR_OK);
}

/* Taken up as of a time: what the ledger has of before its last days is remembered, and the points
   of these are looked at once more. Returns the first point that is new. */
static size_t take_up(struct ledger *l, const struct points *all, int64_t through_ms, int64_t at_ms)
{
    const int64_t from_ms = (at_ms / DAY_MS - AGAIN_DAYS) * DAY_MS;
    size_t i = 0;
    close_ledger(l);
    open_ledger(l);
    resume_free(l->resume);
    l->resume = resume_new(through_ms);
    assert_non_null(l->resume);
    if (l->n > 0) { /* none is no place to sort */
        if (l->n > 1) {
            qsort(l->claim, l->n, sizeof *l->claim, compare);
        }
    }
    for (size_t k = 0; k < l->n; k++) {
        if (l->claim[k].made_ms < from_ms) {
            assert_int_equal(detect_remember(l->detect[0], &l->claim[k]), ERR_OK);
        }
        assert_int_equal(resume_remember(l->resume, &l->claim[k]), ERR_OK);
    }
    assert_int_equal(detect_remembered(l->detect[0]), ERR_OK);
    l->again = true;
    for (; i < all->n && all->p[i].t_ms < at_ms; i++) {
        if (all->p[i].t_ms >= from_ms) {
            assert_int_equal(detect_push(l->detect[0], &all->p[i], take, l), ERR_OK);
            fold(l);
        }
    }
    assert_int_equal(detect_tick(l->detect[0], at_ms - 1, take, l), ERR_OK);
    l->again = false;
    return i;
}

/* Stopped at any time before one, some time after it last said that it had all. */
static void with_stops(struct ledger *l, struct rng *r, const struct points *all, int64_t before_ms)
{
    size_t i = 0;
    for (int64_t at_ms = START_MS; at_ms < END_MS;) {
        at_ms += rng_below(r, (uint32_t)DAY_MS);
        at_ms = at_ms < before_ms ? at_ms : END_MS;
        const int64_t through_ms = at_ms < END_MS ? at_ms - minutes(r, 100) : at_ms - 1;
        bool all_said = false;
        for (; i < all->n && all->p[i].t_ms < at_ms; i++) {
            if (!all_said && all->p[i].t_ms > through_ms) {
                assert_int_equal(detect_tick(l->detect[0], through_ms, take, l), ERR_OK);
                all_said = true;
            }
            assert_int_equal(detect_push(l->detect[0], &all->p[i], take, l), ERR_OK);
            fold(l);
        }
        if (at_ms < END_MS) {
            i = take_up(l, all, all_said ? through_ms : KEPT_NO_TIME, at_ms);
        }
    }
    assert_int_equal(detect_tick(l->detect[0], END_MS - 1, take, l), ERR_OK);
    resume_free(l->resume);
    l->resume = NULL;
}

static void check_kinds(const struct ledger *l)
{
    unsigned n[CLAIM_KINDS] = {0};
    for (size_t i = 0; i < l->n; i++) {
        n[l->claim[i].kind]++;
    }
    assert_true(n[CLAIM_TOOK_OFF] > 50 && n[CLAIM_LANDED] > 50 && n[CLAIM_LEG] > 50);
    assert_true(n[CLAIM_DESTINATION] > 100 && n[CLAIM_GAP] > 50 && n[CLAIM_ORBIT] > 3);
}

static struct points all;
static struct ledger was;

static void live_from(bool errs)
{
    struct rng r = {seed_of_run()};
    free(was.claim);
    free(all.p);
    was = (struct ledger){0};
    all = sky(&r, errs);
    open_ledger(&was);
    live(&was, &all);
    close_ledger(&was);
    printf("%zu points, %zu rows\n", all.n, was.n);
    check_kinds(&was);
}

static void same_in_slices(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    live_from(true);
    for (int round = 0; round < 3; round++) {
        struct ledger now = {0};
        open_ledger(&now);
        in_slices(&now, &r, &all, round == 0 ? DAY_MS : round == 1 ? DAY_MS / 4 : 0);
        close_ledger(&now);
        compare_rows(&was, &now);
        free(now.claim);
    }
}

static void same_with_stops(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    live_from(true);
    for (int round = 0; round < 2; round++) {
        struct ledger now = {0};
        open_ledger(&now);
        with_stops(&now, &r, &all, START_MS + (AGAIN_DAYS + 1) * DAY_MS);
        close_ledger(&now);
        compare_rows(&was, &now);
        free(now.claim);
    }
}

/* The next take-off or landing that was heard. */
static const struct claim *next_heard(const struct ledger *l, size_t *at)
{
    while (*at < l->n) {
        const struct claim *c = &l->claim[(*at)++];
        if ((c->kind == CLAIM_TOOK_OFF || c->kind == CLAIM_LANDED) &&
            c->method == CLAIM_METHOD_OBSERVED) {
            return c;
        }
    }
    return NULL;
}

static void compare_heard(struct ledger *a, struct ledger *b)
{
    const struct claim *c, *o;
    size_t i = 0, k = 0;
    qsort(a->claim, a->n, sizeof *a->claim, compare);
    qsort(b->claim, b->n, sizeof *b->claim, compare);
    do {
        c = next_heard(a, &i);
        o = next_heard(b, &k);
        assert_int_equal(!c, !o);
        if (c) {
            assert_int_equal(c->address, o->address);
            assert_int_equal(c->kind, o->kind);
            assert_int_equal(c->made_ms, o->made_ms);
            assert_int_equal(c->t_lo_ms, o->t_lo_ms);
            assert_string_equal(c->candidate[0].airport, o->candidate[0].airport);
        }
    } while (c);
}

static void heard_alike_with_late_stops(void **state)
{
    (void)state;
    struct rng r = {seed_of_run()};
    live_from(false);
    struct ledger now = {0};
    open_ledger(&now);
    with_stops(&now, &r, &all, END_MS);
    close_ledger(&now);
    compare_heard(&was, &now);
    free(now.claim);
}

static int close_sky(void **state)
{
    free(was.claim);
    free(all.p);
    return close_airports(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_in_slices),
                                       cmocka_unit_test(same_with_stops),
                                       cmocka_unit_test(heard_alike_with_late_stops)};
    return cmocka_run_group_tests(tests, open_airports, close_sky);
}
