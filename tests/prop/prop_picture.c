/* Property: whatever the fleet does, a client that reads every message, and one that came later by
   a snapshot, hold exactly what the server holds. */
#include "picture_fleet.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FLEETS = 20, ROUNDS = 60 };

static void clear_padding(const struct picture_item *from, struct picture_item *to)
{
    memset(to, 0, sizeof *to);
    to->position_ds = from->position_ds;
    to->seen_ds = from->seen_ds;
    to->address = from->address;
    to->lat_e5 = from->lat_e5;
    to->lon_e5 = from->lon_e5;
    to->altitude_ft = from->altitude_ft;
    to->rate_32fpm = from->rate_32fpm;
    to->speed_kt = from->speed_kt;
    to->track_deg = from->track_deg;
    to->flags = from->flags;
    to->squawk = from->squawk;
    to->receiver = from->receiver;
    to->category = from->category;
    to->origin = from->origin;
    to->emergency = from->emergency;
    memcpy(to->flight, from->flight, sizeof to->flight);
    to->who = from->who;
}

static void assert_equal(const struct picture *a, const struct picture *b)
{
    for (uint32_t i = 0; i < 512; i++) {
        const struct picture_item *x = picture_get(a, i), *y = picture_get(b, i);
        assert_int_equal(x != NULL, y != NULL);
        if (x) {
            struct picture_item p, q;
            clear_padding(x, &p);
            clear_padding(y, &q);
            assert_memory_equal(&p, &q, sizeof p);
        }
    }
}

static void assert_positions_are_exact(const struct fleet *f, const struct picture *p)
{
    for (uint32_t i = 0; i < FLEET_MAX; i++) {
        const struct picture_item *got = picture_get(p, i * 3 % 512);
        if (f->a[i].alive && f->a[i].item.flags & PICTURE_POSITION) {
            assert_non_null(got);
            assert_int_equal(got->lat_e5, f->a[i].item.lat_e5);
            assert_int_equal(got->lon_e5, f->a[i].item.lon_e5);
            assert_int_equal(got->position_ds, f->a[i].item.position_ds);
        }
    }
}

static void one_fleet(uint64_t seed)
{
    static struct fleet f;
    struct picture *server = picture_new(), *always = picture_new(), *late = picture_new();
    struct buf b = {0};
    fleet_start(&f, seed);
    for (int round = 0; round < ROUNDS; round++) {
        if (rng_below(&f.rng, 10) == 0) {
            buf_clear(&b);
            picture_snapshot(server, &b);
            assert_int_equal(picture_apply(late, b.p, b.n, NULL, NULL), ERR_OK);
            assert_equal(server, late);
        }
        fleet_round(&f, server);
        buf_clear(&b);
        picture_delta(server, f.now_ms, &b);
        assert_int_equal(picture_apply(always, b.p, b.n, NULL, NULL), ERR_OK);
        if (picture_seq(late) == picture_seq(server) - 1) {
            assert_int_equal(picture_apply(late, b.p, b.n, NULL, NULL), ERR_OK);
            assert_equal(server, late);
        }
        assert_equal(server, always);
        assert_positions_are_exact(&f, always);
    }
    buf_free(&b);
    picture_free(server);
    picture_free(always);
    picture_free(late);
}

static void clients_hold_what_the_server_holds(void **state)
{
    (void)state;
    struct rng seeds = {seed_of_run()};
    for (int i = 0; i < FLEETS; i++) {
        one_fleet(rng_next(&seeds));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(clients_hold_what_the_server_holds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
