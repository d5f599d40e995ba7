/* The live picture: what is written is read, the stated size is kept, and the bytes are those of
   the committed vector, which the page's decoder is tested with too. */
#include "picture_fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct picture_item an_airliner(void)
{
    return (struct picture_item){
        .flags =
            PICTURE_POSITION | PICTURE_ALTITUDE | PICTURE_SPEED | PICTURE_TRACK | PICTURE_SQUAWK,
        .address = 0x3c6444,
        .lat_e5 = 4943211,
        .lon_e5 = 760011,
        .position_ds = 17177489994,
        .seen_ds = 17177489999,
        .altitude_ft = 36000,
        .speed_kt = 451,
        .track_deg = 207,
        .squawk = 01000,
        .origin = 15,
        .receiver = 1,
        .category = 0xa3,
        .flight = "DLH9LF",
        .who = {.type = "A20N", .registration = "D-AINA", .country = "DE", .operator_n = 3}};
}

static void assert_same(const struct picture *a, const struct picture *b)
{
    const uint32_t n = picture_slots(a) > picture_slots(b) ? picture_slots(a) : picture_slots(b);
    for (uint32_t i = 0; i < n; i++) {
        const struct picture_item *x = picture_get(a, i), *y = picture_get(b, i);
        assert_int_equal(x != NULL, y != NULL);
        if (x) {
            assert_int_equal(x->position_ds, y->position_ds);
            assert_int_equal(x->seen_ds, y->seen_ds);
            assert_int_equal(x->address, y->address);
            assert_int_equal(x->lat_e5, y->lat_e5);
            assert_int_equal(x->lon_e5, y->lon_e5);
            assert_int_equal(x->altitude_ft, y->altitude_ft);
            assert_int_equal(x->rate_32fpm, y->rate_32fpm);
            assert_int_equal(x->speed_kt, y->speed_kt);
            assert_int_equal(x->track_deg, y->track_deg);
            assert_int_equal(x->flags, y->flags);
            assert_int_equal(x->squawk, y->squawk);
            assert_int_equal(x->receiver, y->receiver);
            assert_int_equal(x->category, y->category);
            assert_int_equal(x->origin, y->origin);
            assert_int_equal(x->emergency, y->emergency);
            assert_memory_equal(x->flight, y->flight, 8);
            assert_memory_equal(&x->who, &y->who, sizeof x->who);
        }
    }
}

static void one_aircraft(void **state)
{
    (void)state;
    struct picture *server = picture_new(), *client = picture_new();
    struct buf b = {0};
    struct picture_item it = an_airliner();
    assert_true(picture_put(server, 7, &it));
    assert_int_equal(picture_delta(server, 1717749000000, &b), 1);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    assert_same(server, client);
    const struct picture_item *got = picture_get(client, 7);
    assert_non_null(got);
    assert_int_equal(got->lat_e5, 4943211);
    assert_int_equal(got->altitude_ft, 36000);
    assert_int_equal(got->squawk, 01000);
    assert_int_equal(got->seen_ds, 17177489999);
    assert_string_equal(got->flight, "DLH9LF");
    assert_true(got->flags & PICTURE_ALIVE);
    assert_memory_equal(got->who.type, "A20N", 4);
    assert_string_equal(got->who.registration, "D-AINA");
    assert_memory_equal(got->who.country, "DE", 2);
    assert_int_equal(got->who.operator_n, 3);

    buf_clear(&b); /* nothing new: no record */
    picture_put(server, 7, &it);
    assert_int_equal(picture_delta(server, 1717749001000, &b), 0);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    assert_same(server, client);

    buf_clear(&b); /* not put: gone */
    assert_int_equal(picture_delta(server, 1717749002000, &b), 1);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    assert_null(picture_get(client, 7));
    buf_free(&b);
    picture_free(server);
    picture_free(client);
}

static void values_beyond_the_range_are_absent(void **state)
{
    (void)state;
    struct picture *server = picture_new(), *client = picture_new();
    struct buf b = {0};
    struct picture_item it = an_airliner();
    it.lat_e5 = 9000001;
    it.altitude_ft = INT32_MIN;
    it.rate_32fpm = INT32_MAX;
    it.flags |= PICTURE_RATE;
    memcpy(it.flight,
           "a\xff"
           "B C d ",
           8);
    it.who = (struct picture_who){
        .type = "c~7", .registration = "zz_171", .country = "X", .flags = 0xf1, .operator_n = 0xfb};
    picture_put(server, 0, &it);
    assert_false(picture_put(server, PICTURE_SLOTS_MAX, &it));
    picture_delta(server, 1717749000000, &b);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    const struct picture_item *got = picture_get(client, 0);
    assert_false(got->flags & (PICTURE_POSITION | PICTURE_ALTITUDE | PICTURE_RATE));
    assert_int_equal(got->lat_e5, 0);
    assert_string_equal(got->flight, "  B C");
    assert_string_equal(got->who.type, "C?7");
    assert_string_equal(got->who.registration, "ZZ?171");
    assert_int_equal(got->who.country[0], 0);
    assert_int_equal(got->who.flags, 1);
    assert_int_equal(got->who.operator_n, 3);
    assert_same(server, client);
    buf_free(&b);
    picture_free(server);
    picture_free(client);
}

static void a_missed_delta_is_refused(void **state)
{
    (void)state;
    struct picture *server = picture_new(), *client = picture_new();
    struct buf b = {0};
    struct picture_item it = an_airliner();
    picture_put(server, 0, &it);
    picture_delta(server, 1717749000000, &b);
    buf_clear(&b);
    picture_put(server, 0, &it);
    picture_delta(server, 1717749001000, &b);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_RANGE);
    buf_clear(&b);
    picture_snapshot(server, &b);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    assert_same(server, client);
    b.p[2] = 1;
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_UNKNOWN);
    b.p[2] = PICTURE_FORMAT;
    for (size_t n = 0; n < b.n; n++) {
        assert_int_equal(picture_apply(client, b.p, n, NULL, NULL), ERR_SHORT);
    }
    buf_byte(&b, 0);
    assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_SYNTAX);
    buf_free(&b);
    picture_free(server);
    picture_free(client);
}

/* ------------------------------------------------------------------ size */

enum { MANY = 10000 };

/* Aircraft that all move, two positions a second at their own phase, as the fleet tool has them. */
static void put_many(struct picture *p, struct rng *shared, int second)
{
    struct rng r = *shared;
    for (uint32_t i = 0; i < MANY; i++) {
        const double age = rng_unit(&r) / 2, t = second - age, step = 360.0 / 60 / 131072;
        const double gs = 220 + rng_unit(&r) * 290, track = rng_unit(&r) * 6.283185307;
        const double rate = rng_below(&r, 5) < 3 ? 0 : 64 * floor(rng_unit(&r) * 60 - 30);
        const double alt = 10000 + rng_unit(&r) * 20000 + rate * t / 60;
        const double lat = rng_unit(&r) * 120 - 60 + gs * t / 3600 / 60 * cos(track);
        const double lon =
            rng_unit(&r) * 340 - 170 + gs * t / 3600 / 60 * sin(track) / cos(lat * 0.0174533);
        const struct picture_item it = {
            .flags =
                PICTURE_POSITION | PICTURE_ALTITUDE | PICTURE_SPEED | PICTURE_TRACK | PICTURE_RATE,
            .address = 0x100000 + i * 97,
            .lat_e5 = (int32_t)lround(round(lat / step) * step * 1e5),
            .lon_e5 = (int32_t)lround(round(lon / step) * step * 1e5),
            .position_ds = (int64_t)((1717749000 + second - age) * 10),
            .seen_ds = (int64_t)(1717749000 + second) * 10,
            .altitude_ft = 25 * (int32_t)lround(alt / 25),
            .rate_32fpm = (int32_t)(rate / 32),
            .speed_kt = (uint16_t)gs,
            .track_deg = (uint16_t)(track * 57.29578),
        };
        picture_put(p, i, &it);
    }
}

static void ten_thousand_moving_cost_two_bytes_each(void **state)
{
    (void)state;
    struct picture *server = picture_new(), *client = picture_new();
    struct rng r = {20240607};
    struct buf b = {0};
    for (int second = 0; second < 12; second++) {
        buf_clear(&b);
        put_many(server, &r, second);
        assert_int_equal(picture_delta(server, (1717749000 + second) * INT64_C(1000), &b), MANY);
        assert_int_equal(picture_apply(client, b.p, b.n, NULL, NULL), ERR_OK);
    }
    assert_same(server, client);
    print_message("%.2f bytes an aircraft and update\n", (double)b.n / MANY);
    assert_true(b.n < 2 * MANY);
    buf_free(&b);
    picture_free(server);
    picture_free(client);
}

/* ------------------------------------------------------------------ vector */

static void write_item(struct buf *b, uint32_t slot, const struct picture_item *it)
{
    buf_format(b,
               "[%u,%u,%u,%d,%d,%lld,%lld,%d,%u,%u,%d,%u,%u,%u,%u,%u,\"%.8s\",\"%.4s\",\"%.10s\","
               "\"%.2s\",%u,%u]",
               slot, it->flags, it->address, it->lat_e5, it->lon_e5, (long long)it->position_ds,
               (long long)it->seen_ds, it->altitude_ft, it->speed_kt, it->track_deg,
               it->rate_32fpm * 32, it->squawk, it->receiver, it->category, it->origin,
               it->emergency, it->flight, it->who.type, it->who.registration, it->who.country,
               it->who.flags, it->who.operator_n);
}

static void write_step(struct buf *b, const struct picture *p, const struct buf *message)
{
    buf_text(b, "{\"message\":\"");
    buf_hex(b, message->p, message->n);
    buf_format(b, "\",\"seq\":%u,\"nowMs\":%lld,\"aircraft\":[", picture_seq(p),
               (long long)picture_now_ms(p));
    const char *between = "\n";
    for (uint32_t i = 0; i < picture_slots(p); i++) {
        const struct picture_item *it = picture_get(p, i);
        if (it) {
            buf_text(b, between);
            write_item(b, i, it);
            between = ",\n";
        }
    }
    buf_text(b, "]}");
}

static void make_vector(struct buf *b)
{
    static struct fleet f;
    struct picture *p = picture_new();
    struct buf message = {0};
    fleet_start(&f, 1);
    buf_text(b, "{\"columns\":[\"slot\",\"flags\",\"address\",\"lat\",\"lon\",\"positionDs\","
                "\"seenDs\",\"altitude\","
                "\"speed\",\"track\",\"rate\",\"squawk\",\"receiver\",\"category\",\"origin\","
                "\"emergency\",\"flight\",\"type\",\"registration\",\"country\",\"dbFlags\","
                "\"operatorLength\"],"
                "\n\"steps\":[");
    for (int i = 0; i < 7; i++) {
        buf_clear(&message);
        fleet_round(&f, p);
        picture_delta(p, f.now_ms, &message);
        if (i % 5 == 4) { /* a client that comes now */
            buf_clear(&message);
            picture_snapshot(p, &message);
        }
        buf_text(b, i ? ",\n" : "\n");
        write_step(b, p, &message);
    }
    buf_text(b, "\n]}\n");
    buf_free(&message);
    picture_free(p);
}

/* The bytes are a contract: where they change, so does PICTURE_FORMAT. With MASAR_WRITE_VECTOR set
   the file is written instead. */
static void bytes_are_those_of_the_vector(void **state)
{
    (void)state;
    static const char path[] = TEST_SOURCE_DIR "/tests/unit/picture_vector.json";
    struct buf b = {0};
    make_vector(&b);
    if (getenv("MASAR_WRITE_VECTOR")) {
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(b.p, 1, b.n, out), b.n);
        fclose(out);
    }
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    char *want = malloc(b.n + 1);
    assert_non_null(want);
    assert_int_equal(fread(want, 1, b.n + 1, in), b.n);
    assert_memory_equal(want, b.p, b.n);
    fclose(in);
    free(want);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_aircraft),
        cmocka_unit_test(values_beyond_the_range_are_absent),
        cmocka_unit_test(a_missed_delta_is_refused),
        cmocka_unit_test(ten_thousand_moving_cost_two_bytes_each),
        cmocka_unit_test(bytes_are_those_of_the_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
