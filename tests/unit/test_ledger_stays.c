/* Flights nobody heard are listed by when they likely were, as the stays before them say. */
#include "flight_world.h"
#include "ledger/detect.h"

#include "movement/stay.h"

#include <math.h>
#include <stdio.h>

#define HOUR_MS INT64_C(3600000)

enum { HOME = A, ABROAD = B, ABROAD_H = 3, HOME_H = 100, WEEK_H = 168 };

struct base {
    struct memory *units;
    struct detect *detect;
    struct flight_probe p;
};

static void hear(struct flight_probe *p, const struct kept *k)
{
    const struct base *b = p->ctx;
    if (p->silent) {
        return;
    }
    assert_int_equal(detect_push(b->detect, k, flight_take, p), ERR_OK);
    assert_int_equal(detect_fold(b->detect), ERR_OK);
}

static bool airframe(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out)
{
    (void)ctx;
    (void)address;
    (void)t_ms;
    *out = (struct movement_airframe){.designator = "C17", .state = true};
    return true;
}

static void open_ledger(struct base *b)
{
    b->units = memory_new();
    assert_non_null(b->units);
    const struct detect_options o = {.views = {.airports = airports, .airframe = airframe},
                                     .units = b->units};
    b->detect = detect_new(&o);
    assert_non_null(b->detect);
}

/* As one that was stopped: it has its rows, no more. */
static void open_again(struct base *b)
{
    detect_free(b->detect);
    memory_free(b->units);
    open_ledger(b);
    for (size_t i = 0; i < b->p.claims; i++) {
        assert_int_equal(detect_remember(b->detect, &b->p.claim[i]), ERR_OK);
    }
    assert_int_equal(detect_remembered(b->detect), ERR_OK);
}

static void open_base(struct base *b)
{
    *b = (struct base){0};
    open_ledger(b);
    b->p = (struct flight_probe){.address = 0xae0001,
                                 .call = "TST12",
                                 .t_s = 1717700000,
                                 .every_s = 20,
                                 .point = hear,
                                 .ctx = b};
    flight_at(&b->p, &field[HOME]);
    flight_stand(&b->p, 100);
}

static void close_base(struct base *b)
{
    free(b->p.claim);
    detect_free(b->detect);
    memory_free(b->units);
}

static int64_t now_ms(const struct base *b)
{
    return llround(b->p.t_s * 1000);
}

/* Nothing is heard of it on the ground but its first minutes and its last. */
static void stand(struct base *b, int hours)
{
    flight_stand(&b->p, 100);
    b->p.silent = true;
    flight_stand(&b->p, hours * 3600);
    b->p.silent = false;
    flight_stand(&b->p, 100);
}

static void fly(struct base *b, int to)
{
    flight_take_off(&b->p, &field[to == HOME ? ABROAD : HOME]);
    flight_cruise(&b->p, &field[to], 33000, 450);
    flight_land(&b->p, &field[to]);
}

static void fly_out_and_back(struct base *b, int times)
{
    for (int i = 0; i < times; i++) {
        stand(b, HOME_H);
        fly(b, ABROAD);
        stand(b, ABROAD_H);
        fly(b, HOME);
    }
}

/* It stands silent, and a week later at the other field. */
static void is_found_at(struct base *b, int where)
{
    b->p.silent = true;
    flight_stand(&b->p, WEEK_H * 3600);
    flight_at(&b->p, &field[where]);
    b->p.silent = false;
    flight_stand(&b->p, 100);
}

static const struct claim *last_of(const struct base *b, enum claim_kind kind)
{
    const struct claim *c = NULL;
    assert_true(flight_count(&b->p, kind, &c) > 0);
    for (size_t i = 0; i < b->p.claims; i++) {
        c = b->p.claim[i].kind == kind ? &b->p.claim[i] : c;
    }
    return c;
}

static void who_was_found_at_home_left_soon(void **state)
{
    (void)state;
    struct base b;
    open_base(&b);
    fly_out_and_back(&b, 4);
    stand(&b, HOME_H);
    fly(&b, ABROAD);
    const int64_t landed_ms = now_ms(&b);
    is_found_at(&b, HOME);
    const struct claim *off = last_of(&b, CLAIM_TOOK_OFF), *on = last_of(&b, CLAIM_LANDED);
    check_at(off, ABROAD);
    check_at(on, HOME);
    assert_true(off->t_hi_ms - off->t_lo_ms > 160 * HOUR_MS); /* that much is not known */
    assert_true(claim_time(off) >= off->t_lo_ms && claim_time(off) < landed_ms + 12 * HOUR_MS);
    assert_true(claim_time(on) > claim_time(off) && claim_time(on) < landed_ms + 15 * HOUR_MS);
    close_base(&b);
}

static void who_was_found_abroad_left_late(void **state)
{
    (void)state;
    struct base b;
    open_base(&b);
    fly_out_and_back(&b, 4);
    is_found_at(&b, ABROAD);
    const int64_t found_ms = now_ms(&b);
    const struct claim *off = last_of(&b, CLAIM_TOOK_OFF), *on = last_of(&b, CLAIM_LANDED);
    check_at(off, HOME);
    check_at(on, ABROAD);
    assert_true(off->t_hi_ms - off->t_lo_ms > 160 * HOUR_MS);
    assert_true(claim_time(off) > found_ms - 15 * HOUR_MS && claim_time(off) <= off->t_hi_ms);
    assert_true(claim_time(on) > claim_time(off) && claim_time(on) <= on->t_hi_ms);
    close_base(&b);
}

static void stays_are_known_after_a_stop(void **state)
{
    (void)state;
    int64_t off_ms[2], on_ms[2];
    for (int stopped = 0; stopped < 2; stopped++) {
        struct base b;
        open_base(&b);
        fly_out_and_back(&b, 3);
        stand(&b, HOME_H);
        fly(&b, ABROAD);
        if (stopped) {
            open_again(&b);
        }
        flight_stand(&b.p, 100);
        is_found_at(&b, HOME);
        off_ms[stopped] = claim_time(last_of(&b, CLAIM_TOOK_OFF));
        on_ms[stopped] = claim_time(last_of(&b, CLAIM_LANDED));
        close_base(&b);
    }
    assert_int_equal(off_ms[0], off_ms[1]);
    assert_int_equal(on_ms[0], on_ms[1]);
}

/* Before any stay is known one time is as likely as another. */
static void who_is_not_known_left_in_the_middle(void **state)
{
    (void)state;
    struct base b;
    open_base(&b);
    const int64_t from_ms = now_ms(&b);
    is_found_at(&b, ABROAD);
    const int64_t off_ms = claim_time(last_of(&b, CLAIM_TOOK_OFF));
    assert_true(off_ms > from_ms + WEEK_H / 2 * HOUR_MS - 2 * HOUR_MS);
    assert_true(off_ms < from_ms + WEEK_H / 2 * HOUR_MS + 2 * HOUR_MS);
    close_base(&b);
}

static void found_flying_it_left_late_and_landed_soon(void **state)
{
    (void)state;
    struct base b;
    open_base(&b);
    b.p.silent = true;
    flight_stand(&b.p, 50 * 3600);
    const int64_t left_ms = now_ms(&b);
    flight_take_off(&b.p, &field[HOME]);
    flight_to(&b.p, 45.0, 8.0, 33000, 450);
    b.p.silent = false;
    flight_to(&b.p, 45.0, 11.0, 33000, 450);
    b.p.silent = true;
    flight_cruise(&b.p, &field[ABROAD], 33000, 450);
    flight_land(&b.p, &field[ABROAD]);
    const int64_t landed_ms = now_ms(&b);
    flight_stand(&b.p, 50 * 3600);
    b.p.silent = false;
    flight_stand(&b.p, 100);
    const struct claim *off = last_of(&b, CLAIM_TOOK_OFF), *on = last_of(&b, CLAIM_LANDED);
    check_at(off, HOME);
    check_at(on, ABROAD);
    assert_true(off->t_hi_ms - off->t_lo_ms > 49 * HOUR_MS);
    assert_true(on->t_hi_ms - on->t_lo_ms > 49 * HOUR_MS);
    assert_true(llabs(claim_time(off) - left_ms) < HOUR_MS / 2);
    assert_true(llabs(claim_time(on) - landed_ms) < HOUR_MS / 2);
    close_base(&b);
}

/* The same by adding up the density. */
static double summed(double window_h, double here_h, double there_h)
{
    enum { N = 100000 };
    const double rate = 1 / here_h - 1 / there_h;
    double all = 0, so_far = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < N; i++) {
            const double t = (i + 0.5) * window_h / N;
            const double w = exp(-rate * (t - (rate > 0 ? 0 : window_h)));
            all += pass ? 0 : w;
            so_far += pass ? w : 0;
            if (pass && so_far >= all / 2) {
                return t;
            }
        }
    }
    return window_h;
}

static void half_of_the_chance_lies_before(void **state)
{
    (void)state;
    static const double hours[] = {0.3, 3, 24, 24.0001, 100, 700};
    static const double windows[] = {0.5, 20, 168, 500};
    for (size_t w = 0; w < 4; w++) {
        for (size_t i = 0; i < 6; i++) {
            for (size_t k = 0; k < 6; k++) {
                const double h = stay_left_h(windows[w], hours[i], hours[k]);
                const double sum = summed(windows[w], hours[i], hours[k]);
                if (fabs(h - sum) > 1e-3 * windows[w]) {
                    fail_msg("%g %g %g: %g, not %g", windows[w], hours[i], hours[k], h, sum);
                }
            }
        }
    }
    assert_true(stay_left_h(0, 3, 100) == 0);
    const double late = stay_left_h(1e6, 100, 0.25), soon = stay_left_h(1e6, 0.25, 100);
    assert_true(late < 1e6 && late > 1e6 - 1 && soon > 0 && soon < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_found_at_home_left_soon),
        cmocka_unit_test(who_was_found_abroad_left_late),
        cmocka_unit_test(stays_are_known_after_a_stop),
        cmocka_unit_test(who_is_not_known_left_in_the_middle),
        cmocka_unit_test(found_flying_it_left_late_and_landed_soon),
        cmocka_unit_test(half_of_the_chance_lies_before),
    };
    return cmocka_run_group_tests(tests, open_airports, close_airports);
}
