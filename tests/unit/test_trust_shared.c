/* One address and two airframes: at once, in turn, and one that only seems to be two. */
#include "movement/trust_shared.h"
#include "path_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    struct shared s;
    unsigned n;
    struct claim claim[8];
    unsigned of[4]; /* points by number of airframe */
    const char *flight;
};

static void take(void *ctx, const struct claim *c)
{
    struct seen *s = ctx;
    assert_true(s->n < 8);
    s->claim[s->n++] = *c;
}

static void hear(void *ctx, const struct kept *k)
{
    struct seen *s = ctx;
    struct kept q = *k;
    memcpy(q.flight, s->flight, 8);
    const uint16_t epoch = shared_push(&s->s, &q, take, s);
    assert_true(epoch < 4);
    s->of[epoch]++;
}

static struct path_probe start(struct seen *s, double lat, double lon, double alt_ft)
{
    struct path_probe p = path_probe(lat, lon, 90.0, 400.0, alt_ft, 5.0);
    p.heard = hear;
    p.ctx = s;
    return p;
}

static void one_airframe_is_one(void **state)
{
    (void)state;
    struct seen s = {.flight = "AFR1234 "};
    struct path_probe p = start(&s, 47.0, 2.0, 35000.0);
    path_fly(&p, 1800.0, 0.0);
    p.t_s += 7200.0;
    path_fly(&p, 1800.0, 0.0);
    shared_end(&s.s, 0x4b1234, take, &s);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.of[1], 0);
}

static void two_at_once_are_two(void **state)
{
    (void)state;
    struct seen s = {.flight = "AFR1234 "};
    struct path_probe a = start(&s, 47.0, 2.0, 35000.0), b = start(&s, 13.0, 20.0, 24000.0);
    for (int i = 0; i < 60; i++) {
        s.flight = "AFR1234 ";
        path_fly(&a, 15.0, 0.0);
        s.flight = "RCH401  ";
        b.t_s = a.t_s;
        path_fly(&b, 15.0, 0.0);
        a.t_s = b.t_s;
    }
    shared_end(&s.s, 0x4b1234, take, &s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.claim[0].kind, CLAIM_ADDRESS_SHARED);
    assert_true(s.of[1] > 150);
    assert_true(s.of[0] < 210);
    assert_int_equal(s.of[2], 0);
    assert_true(s.claim[0].t_hi_ms - s.claim[0].t_lo_ms > 1500000);
}

/* Same height, same call sign: its positions jump, it is not two. */
static void a_spoofed_one_is_one(void **state)
{
    (void)state;
    struct seen s = {.flight = "THY9BP  "};
    struct path_probe a = start(&s, 47.0, 22.0, 38000.0), b = start(&s, 49.7, 24.0, 38000.0);
    for (int i = 0; i < 30; i++) {
        path_fly(&a, 15.0, 0.0);
        b.t_s = a.t_s;
        path_fly(&b, 15.0, 0.0);
        a.t_s = b.t_s;
    }
    shared_end(&s.s, 0x4b1234, take, &s);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.of[1], 0);
}

static void two_in_turn_are_two(void **state)
{
    (void)state;
    struct seen s = {.flight = "AFR1234 "};
    struct path_probe a = start(&s, 47.0, 2.0, 35000.0), b = start(&s, -33.0, 150.0, 24000.0);
    path_fly(&a, 1800.0, 0.0);
    s.flight = "QFA7    ";
    b.t_s = a.t_s + 3600.0;
    path_fly(&b, 1800.0, 0.0);
    shared_end(&s.s, 0x4b1234, take, &s);
    assert_int_equal(s.n, 0); /* never at once */
    assert_int_equal(s.of[0], 360);
    assert_int_equal(s.of[1], 360);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_airframe_is_one),
        cmocka_unit_test(two_at_once_are_two),
        cmocka_unit_test(a_spoofed_one_is_one),
        cmocka_unit_test(two_in_turn_are_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
