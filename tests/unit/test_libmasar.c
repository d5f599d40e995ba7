/* Every call of the installed library, with right and with wrong arguments. */
#include "masar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

/* What a program built against this header has compiled in. A change here is a new MASAR_ABI. */
_Static_assert(MASAR_ABI == 1 && sizeof(void *) == 8, "sizes below are of 64-bit machines");
_Static_assert(sizeof(struct masar_value) == 24 && offsetof(struct masar_value, value) == 16, "");
_Static_assert(sizeof(struct masar_fix) == 48 && offsetof(struct masar_fix, ground) == 42, "");
_Static_assert(sizeof(struct masar_point) == 24 && offsetof(struct masar_point, gap) == 21, "");

enum { ADDRESS = 0xaefc10 };

static void version_and_abi(void **state)
{
    (void)state;
    assert_int_equal(masar_abi(), MASAR_ABI);
    assert_true(strspn(masar_version(), "0123456789.") == strlen(masar_version()));
    assert_non_null(strchr(masar_version(), '.'));
}

static void quantities_are_found_by_name(void **state)
{
    (void)state;
    assert_in_range(masar_quantity_count(), 40, 255);
    for (int q = 0; q < masar_quantity_count(); q++) {
        assert_int_equal(masar_quantity(masar_quantity_key(q)), q);
        assert_non_null(masar_quantity_unit(q));
        assert_in_range(masar_quantity_decimals(q), 0, 9);
    }
    assert_string_equal(masar_quantity_unit(masar_quantity("alt_baro")), "ft");
    assert_int_equal(masar_quantity_decimals(masar_quantity("gs")), 2);
    assert_int_equal(masar_quantity("nothing"), -1);
    assert_int_equal(masar_quantity(""), -1);
    assert_int_equal(masar_quantity(NULL), -1);
    const int wrong[] = {-1, masar_quantity_count(), INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(masar_quantity_key(wrong[i]));
        assert_null(masar_quantity_unit(wrong[i]));
        assert_int_equal(masar_quantity_decimals(wrong[i]), 0);
        assert_null(masar_quantity_word(wrong[i], 0));
    }
}

static void words_of_a_quantity(void **state)
{
    (void)state;
    const int emergency = masar_quantity("emergency");
    assert_string_equal(masar_quantity_word(emergency, 1), "general");
    assert_null(masar_quantity_word(emergency, -1));
    assert_null(masar_quantity_word(emergency, 99));
    assert_null(masar_quantity_word(masar_quantity("alt_baro"), 0));
}

/* A recorded airborne position and identification, long published with their content. */
static const uint8_t position[14] = {0x8d, 0x40, 0x62, 0x1d, 0x58, 0xc3, 0x82,
                                     0xd6, 0x90, 0xc8, 0xac, 0x28, 0x63, 0xa7};
static const uint8_t identification[14] = {0x8d, 0x48, 0x40, 0xd6, 0x20, 0x2c, 0xc3,
                                           0x71, 0xc3, 0x2c, 0xe0, 0x57, 0x60, 0x98};

static void one_frame_is_decoded(void **state)
{
    struct masar_message *m = *state;
    int32_t v = 0;
    assert_int_equal(masar_decode(m, position, 14, 0), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_OK);
    assert_int_equal(masar_message_corrected(m), 0);
    assert_int_equal(masar_message_df(m), 17);
    assert_int_equal(masar_message_typecode(m), 11);
    assert_int_equal(masar_message_address(m), 0x40621d);
    assert_string_equal(masar_message_flight(m), "");
    assert_true(masar_message_get(m, masar_quantity("alt_baro"), &v));
    assert_int_equal(v, 38000);
    assert_false(masar_message_get(m, masar_quantity("gs"), &v));
    assert_int_equal(masar_decode(m, identification, 14, 0), 0);
    assert_string_equal(masar_message_flight(m), "KLM1023 ");
    assert_int_equal(masar_message_bds(m), 0x08);
    assert_int_equal(masar_decode(m, position, 14, 0), 0);
    assert_string_equal(masar_message_flight(m), "");
}

static void bits_are_repaired_only_as_asked(void **state)
{
    struct masar_message *m = *state;
    uint8_t wrong[14];
    memcpy(wrong, position, 14);
    wrong[6] ^= 0x10;
    assert_int_equal(masar_decode(m, wrong, 14, 0), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_BAD);
    assert_int_equal(masar_decode(m, wrong, 14, -5), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_BAD);
    assert_int_equal(masar_decode(m, wrong, 14, 1), 0);
    assert_int_equal(masar_message_corrected(m), 1);
    assert_int_equal(masar_message_address(m), 0x40621d);
    wrong[8] ^= 0x01;
    assert_int_equal(masar_decode(m, wrong, 14, 1), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_BAD);
    assert_int_equal(masar_decode(m, wrong, 14, 99), 0);
    assert_int_equal(masar_message_corrected(m), 2);
}

static void a_frame_of_another_length_says_nothing(void **state)
{
    struct masar_message *m = *state;
    int32_t v;
    const size_t wrong[] = {0, 1, 2, 6, 8, 13, 15, 112, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(masar_decode(m, identification, 14, 0), 0);
        assert_int_equal(masar_decode(m, NULL, wrong[i], 0), -1);
        assert_int_equal(masar_message_df(m), -1);
        assert_int_equal(masar_message_typecode(m), -1);
        assert_int_equal(masar_message_bds(m), 0);
        assert_int_equal(masar_message_parity(m), MASAR_PARITY_BAD);
        assert_true(masar_message_address(m) == MASAR_NO_ADDRESS);
        assert_string_equal(masar_message_flight(m), "");
        for (int q = -1; q <= masar_quantity_count(); q++) {
            assert_false(masar_message_get(m, q, &v));
        }
    }
}

static void every_encoder_is_read_back(void **state)
{
    struct masar_message *m = *state;
    uint8_t f[14];
    int32_t v;
    assert_int_equal(masar_encode_identification(ADDRESS, "RCH103", 0xa5, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_string_equal(masar_message_flight(m), "RCH103  ");
    assert_true(masar_message_get(m, masar_quantity("category"), &v) && v == 0xa5);
    assert_int_equal(masar_encode_position(ADDRESS, 134820000, 21840000, 31000, true, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_true(masar_message_get(m, masar_quantity("alt_baro"), &v) && v == 31000);
    assert_true(masar_message_get(m, masar_quantity("nic"), &v) && v == 8);
    assert_int_equal(masar_encode_surface(ADDRESS, 134820000, 21840000, 12, 90, false, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_true(masar_message_get(m, masar_quantity("ground"), &v) && v == 1);
    assert_true(masar_message_get(m, masar_quantity("gs"), &v) && v >= 1150 && v <= 1250);
    assert_int_equal(masar_encode_velocity(ADDRESS, 430, 90, -640, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_true(masar_message_get(m, masar_quantity("gs"), &v) && v == 43000);
    assert_true(masar_message_get(m, masar_quantity("track"), &v) && v == 9000);
    assert_true(masar_message_get(m, masar_quantity("baro_rate"), &v) && v == -640);
    assert_int_equal(masar_encode_emergency(ADDRESS, 1, 07700, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_true(masar_message_get(m, masar_quantity("squawk"), &v) && v == 07700);
    assert_true(masar_message_get(m, masar_quantity("emergency"), &v) && v == 1);
    assert_int_equal(masar_encode_operational(ADDRESS, false, 9, 3, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_true(masar_message_get(m, masar_quantity("nac_p"), &v) && v == 9);
    assert_true(masar_message_get(m, masar_quantity("sil"), &v) && v == 3);
    assert_true(masar_message_get(m, masar_quantity("version"), &v) && v == 2);
    assert_int_equal(masar_encode_squitter(ADDRESS, identification + 4, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_int_equal(masar_message_address(m), ADDRESS);
    assert_string_equal(masar_message_flight(m), "KLM1023 ");
}

static void replies_are_read_back(void **state)
{
    static const struct {
        int df;
        int32_t code;
        const char *key;
    } row[] = {{0, 31000, "alt_baro"}, {4, 31000, "alt_baro"},  {5, 01234, "squawk"},
               {16, 8000, "alt_baro"}, {20, -1000, "alt_baro"}, {21, 07777, "squawk"}};
    struct masar_message *m = *state;
    static const uint8_t field[7] = {0x20, 0x2c, 0xc3, 0x71, 0xc3, 0x2c, 0xe0};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        uint8_t f[14];
        int32_t v;
        const size_t n = row[i].df < 16 ? 7 : 14;
        assert_int_equal(
            masar_encode_reply(row[i].df, ADDRESS, row[i].code, n == 14 ? field : NULL, f), n);
        assert_int_equal(masar_decode(m, f, n, 0), 0);
        assert_int_equal(masar_message_df(m), row[i].df);
        assert_int_equal(masar_message_parity(m), MASAR_PARITY_ADDRESS);
        assert_int_equal(masar_message_address(m), ADDRESS);
        assert_true(masar_message_get(m, masar_quantity(row[i].key), &v) && v == row[i].code);
    }
    uint8_t f[7];
    int32_t v;
    assert_int_equal(masar_encode_all_call(ADDRESS, 5, f), 7);
    assert_int_equal(masar_decode(m, f, 7, 0), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_ID);
    assert_true(masar_message_get(m, masar_quantity("iid"), &v) && v == 5);
    assert_int_equal(masar_encode_all_call(ADDRESS, 0, f), 7);
    assert_int_equal(masar_decode(m, f, 7, 0), 0);
    assert_int_equal(masar_message_parity(m), MASAR_PARITY_OK);
}

static void what_has_no_place_in_a_frame_is_not_encoded(void **state)
{
    (void)state;
    const uint32_t far = 0x1000000;
    static const uint8_t field[7] = {0};
    uint8_t f[14], before[14];
    memset(f, 0x5a, sizeof f);
    memcpy(before, f, sizeof f);
    const size_t n[] = {
        masar_encode_squitter(far, field, f),
        masar_encode_identification(far, "A", 0xa0, f),
        masar_encode_identification(1, "NINECHARS", 0xa0, f),
        masar_encode_identification(1, "abc", 0xa0, f),
        masar_encode_identification(1, "A", 0x9f, f),
        masar_encode_identification(1, "A", 0xa8, f),
        masar_encode_identification(1, "A", 0x1a0, f),
        masar_encode_position(far, 0, 0, 0, false, f),
        masar_encode_position(1, 900000001, 0, 0, false, f),
        masar_encode_position(1, 0, -1800000001, 0, false, f),
        masar_encode_position(1, 0, 0, 126701, false, f),
        masar_encode_position(1, 0, 0, -1001, false, f),
        masar_encode_surface(far, 0, 0, 0, 0, false, f),
        masar_encode_surface(1, -900000001, 0, 0, 0, false, f),
        masar_encode_surface(1, 0, 0, 176, 0, false, f),
        masar_encode_surface(1, 0, 0, 0, 360, false, f),
        masar_encode_velocity(far, 0, 0, 0, f),
        masar_encode_velocity(1, -1, 0, 0, f),
        masar_encode_velocity(1, (double)NAN, 0, 0, f),
        masar_encode_velocity(1, (double)INFINITY, 0, 0, f),
        masar_encode_velocity(1, 0, (double)NAN, 0, f),
        masar_encode_velocity(1, 0, -1, 0, f),
        masar_encode_velocity(1, 0, 0, 32641, f),
        masar_encode_emergency(far, 0, 0, f),
        masar_encode_emergency(1, 7, 0, f),
        masar_encode_emergency(1, -1, 0, f),
        masar_encode_emergency(1, 0, 010000, f),
        masar_encode_emergency(1, 0, -1, f),
        masar_encode_operational(far, true, 0, 0, f),
        masar_encode_operational(1, true, 12, 0, f),
        masar_encode_operational(1, true, 0, 4, f),
        masar_encode_all_call(far, 0, f),
        masar_encode_all_call(1, -1, f),
        masar_encode_all_call(1, 16, f),
        masar_encode_all_call(1, 80, f),
        masar_encode_reply(4, far, 0, NULL, f),
        masar_encode_reply(4, 1, 126701, NULL, f),
        masar_encode_reply(5, 1, 010000, NULL, f),
        masar_encode_reply(4, 1, 0, field, f),
        masar_encode_reply(20, 1, 0, NULL, f),
        masar_encode_reply(11, 1, 0, NULL, f),
        masar_encode_reply(-1, 1, 0, NULL, f),
    };
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        if (n[i] != 0) {
            fail_msg("call %zu wrote %zu bytes", i, n[i]);
        }
    }
    assert_memory_equal(f, before, sizeof f);
}

static void the_edges_of_every_range_are_encoded(void **state)
{
    struct masar_message *m = *state;
    uint8_t f[14];
    int32_t v;
    assert_int_equal(masar_encode_position(0xffffff, 900000000, 1800000000, 126700, true, f), 14);
    assert_int_equal(masar_encode_position(0, -900000000, -1800000000, -1000, true, f), 14);
    assert_int_equal(masar_encode_position(1, 0, 0, MASAR_UNKNOWN, false, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_false(masar_message_get(m, masar_quantity("alt_baro"), &v));
    assert_int_equal(masar_encode_identification(1, NULL, 0xd7, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_string_equal(masar_message_flight(m), "");
    assert_int_equal(masar_encode_velocity(1, 4084, 359.999, MASAR_UNKNOWN, f), 14);
    assert_int_equal(masar_decode(m, f, 14, 0), 0);
    assert_false(masar_message_get(m, masar_quantity("baro_rate"), &v));
    assert_true(masar_message_get(m, masar_quantity("gs"), &v) && v == 408400);
    assert_int_equal(masar_encode_surface(1, 0, 0, 175, 0, true, f), 14);
    assert_int_equal(masar_encode_all_call(1, 79, f), 7);
    assert_int_equal(masar_encode_emergency(1, 6, 07777, f), 14);
}

/* Flies east for some seconds; the aircraft, or NULL. */
static const struct masar_track *fly(struct masar_tracker *t, int64_t start_us, int seconds)
{
    const struct masar_track *a = NULL;
    for (int i = 0; i < seconds; i++) {
        uint8_t f[14];
        const int64_t t_us = start_us + i * SECOND;
        masar_encode_position(ADDRESS, 134820000, 21840000 + i * 20000, 31000, i % 2 == 1, f);
        a = masar_tracker_frame(t, f, 14, t_us, 7, 0);
        masar_encode_velocity(ADDRESS, 430, 90, 0, f);
        a = masar_tracker_frame(t, f, 14, t_us + SECOND / 2, 7, 0);
    }
    return a;
}

static void an_aircraft_is_tracked(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_value v;
    struct masar_fix fix;
    assert_int_equal(masar_tracker_count(t), 0);
    assert_null(masar_tracker_next(t, NULL));
    assert_null(masar_tracker_find(t, ADDRESS));
    const struct masar_track *a = fly(t, 1000 * SECOND, 120);
    assert_non_null(a);
    assert_int_equal(masar_tracker_count(t), 1);
    assert_ptr_equal(masar_tracker_next(t, NULL), a);
    assert_null(masar_tracker_next(t, a));
    assert_ptr_equal(masar_tracker_find(t, ADDRESS), a);
    assert_null(masar_tracker_find(t, MASAR_NO_ADDRESS));
    assert_int_equal(masar_track_address(a), ADDRESS);
    assert_string_equal(masar_track_flight(a), "");
    assert_string_equal(masar_track_origin(a), "adsb_icao");
    assert_int_equal(masar_track_messages(a), 240);
    assert_int_equal(masar_track_first_us(a), 1000 * SECOND);
    assert_int_equal(masar_track_seen_us(a), 1119 * SECOND + SECOND / 2);
    assert_true(masar_track_get(a, masar_quantity("alt_baro"), &v));
    assert_int_equal(v.value, 31000);
    assert_int_equal(v.receiver, 7);
    assert_string_equal(v.origin, "adsb_icao");
    assert_in_range(v.t_us, 1119 * SECOND - 66000, 1119 * SECOND);
    assert_true(masar_track_fresh(a, masar_quantity("alt_baro"), 1140 * SECOND, &v));
    assert_false(masar_track_fresh(a, masar_quantity("alt_baro"), 1200 * SECOND, &v));
    assert_false(masar_track_get(a, masar_quantity("squawk"), &v));
    assert_false(masar_track_get(a, masar_quantity("ca"), &v));
    assert_false(masar_track_get(a, -1, &v));
    assert_false(masar_track_fresh(a, masar_quantity_count(), 0, &v));
    assert_true(masar_track_place(a, &fix));
    assert_in_range(fix.lat_e7, 134820000 - 500, 134820000 + 500);
    assert_in_range(fix.lon_e7, 21840000 + 119 * 20000 - 500, 21840000 + 119 * 20000 + 500);
    assert_int_equal(fix.t_us, 1119 * SECOND);
    assert_int_equal(fix.alt_baro_ft, 31000);
    assert_int_equal(fix.address, ADDRESS);
    assert_int_equal(fix.receiver, 7);
    assert_false(fix.ground);
    assert_string_equal(fix.verdict, "accepted");
}

static void a_trail_is_kept(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_point p[512];
    const struct masar_track *a = fly(t, 1000 * SECOND, 120);
    const size_t n = masar_track_trail(t, a, p, 512);
    assert_in_range(n, 2, 120);
    for (size_t i = 1; i < n; i++) {
        assert_true(p[i].t_us > p[i - 1].t_us && p[i].lon_e7 > p[i - 1].lon_e7);
        assert_int_equal(p[i].alt_baro_ft, 31000);
        assert_false(p[i].ground || p[i].gap);
    }
    assert_int_equal(masar_track_trail(t, a, p, 1), 1);
    assert_int_equal(masar_track_trail(t, a, NULL, 0), 0);
    assert_int_equal(masar_track_trail(t, a, p, SIZE_MAX), n);
}

static void the_last_frame_can_be_asked(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_fix fix;
    int32_t v;
    assert_int_equal(masar_message_df(masar_tracker_message(t)), -1);
    assert_false(masar_tracker_fix(t, &fix));
    fly(t, 1000 * SECOND, 60);
    const struct masar_message *m = masar_tracker_message(t);
    assert_true(masar_message_get(m, masar_quantity("gs"), &v) && v == 43000);
    assert_false(masar_tracker_fix(t, &fix));
    uint8_t f[14];
    masar_encode_position(ADDRESS, 134820000, 21840000 + 60 * 20000, 31000, false, f);
    assert_non_null(masar_tracker_frame(t, f, 14, 1060 * SECOND, 7, 0));
    assert_true(masar_tracker_fix(t, &fix));
    assert_string_equal(fix.verdict, "accepted");
    assert_int_equal(fix.t_us, 1060 * SECOND);
    /* Comm-B is read with what is known: BDS 5,0 that fits the aircraft's velocity. */
    static const uint8_t field[7] = {0x80, 0x00, 0x00, 0x35, 0xc0, 0x00, 0x00};
    assert_int_equal(masar_encode_reply(20, ADDRESS, 31000, field, f), 14);
    (void)masar_tracker_frame(t, f, 14, 1061 * SECOND, 7, 0);
    assert_int_equal(masar_message_df(masar_tracker_message(t)), 20);
    assert_int_equal(masar_message_address(masar_tracker_message(t)), ADDRESS);
}

static void wrong_positions_are_kept_with_their_reason(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_fix fixes[8];
    uint8_t f[14];
    fly(t, 1000 * SECOND, 60);
    assert_int_equal(masar_tracker_rejected(t, MASAR_NO_ADDRESS, fixes, 8), 0);
    for (int i = 0; i < 2; i++) {
        masar_encode_position(ADDRESS, 144820000, 31840000, 31000, i == 1, f);
        (void)masar_tracker_frame(t, f, 14, 1060 * SECOND + i * SECOND / 2, 7, 0);
    }
    struct masar_fix fix;
    assert_true(masar_tracker_fix(t, &fix));
    assert_string_not_equal(fix.verdict, "accepted");
    assert_in_range(masar_tracker_rejected(t, ADDRESS, fixes, 8), 1, 2);
    assert_string_not_equal(fixes[0].verdict, "accepted");
    assert_int_equal(fixes[0].address, ADDRESS);
    assert_int_equal(masar_tracker_rejected(t, ADDRESS + 1, fixes, 8), 0);
    assert_int_equal(masar_tracker_rejected(t, ADDRESS, NULL, 0), 0);
    assert_in_range(masar_tracker_rejected(t, ADDRESS, fixes, SIZE_MAX), 1, 2);
    assert_true(masar_track_place(masar_tracker_find(t, ADDRESS), &fix));
    assert_in_range(fix.lat_e7, 134820000 - 500, 134820000 + 500);
}

static void a_receiver_places_what_is_on_the_ground(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_fix fix;
    uint8_t f[14];
    assert_false(masar_tracker_receiver(t, MASAR_RECEIVERS, 0, 0, 0));
    assert_false(masar_tracker_receiver(t, 7, 900000001, 0, 0));
    assert_false(masar_tracker_receiver(t, 7, 0, 1800000001, 0));
    assert_false(masar_tracker_receiver(t, 7, 0, 0, 1000000));
    for (int place = 0; place < 2; place++) {
        bool has_place = false;
        for (int i = 0; i < 6; i++) {
            const uint32_t address = ADDRESS + (uint32_t)place;
            const int64_t t_us = (1000 + place * 100 + i) * SECOND;
            masar_encode_surface(address, 134820000, 21840000, 0, 90, i % 2 == 1, f);
            const struct masar_track *a = masar_tracker_frame(t, f, 14, t_us, 7, 0);
            assert_non_null(a);
            has_place = masar_track_place(a, &fix);
        }
        assert_int_equal(has_place, place);
        assert_true(masar_tracker_receiver(t, 7, 134800000, 21800000, 220));
    }
    assert_true(fix.ground);
    assert_in_range(fix.lat_e7, 134820000 - 500, 134820000 + 500);
}

static void wrong_frames_change_nothing(void **state)
{
    struct masar_tracker *t = *state;
    uint8_t f[14];
    fly(t, 1000 * SECOND, 10);
    assert_null(masar_tracker_frame(t, NULL, 0, 1011 * SECOND, 7, 0));
    assert_null(masar_tracker_frame(t, NULL, 13, 1011 * SECOND, 7, 0));
    assert_int_equal(masar_message_df(masar_tracker_message(t)), -1);
    masar_encode_velocity(ADDRESS + 1, 430, 90, 0, f);
    assert_null(masar_tracker_frame(t, f, 14, 1011 * SECOND, MASAR_RECEIVERS, 0));
    f[7] ^= 1;
    assert_null(masar_tracker_frame(t, f, 14, 1011 * SECOND, 7, 0));
    assert_int_equal(masar_message_parity(masar_tracker_message(t)), MASAR_PARITY_BAD);
    assert_null(masar_tracker_frame(t, f, 14, 1011 * SECOND, 7, 2)); /* repaired: no new aircraft */
    assert_int_equal(masar_tracker_count(t), 1);
    assert_int_equal(masar_track_messages(masar_tracker_find(t, ADDRESS)), 20);
}

static void one_frame_by_two_receivers_is_one(void **state)
{
    struct masar_tracker *t = *state;
    uint8_t f[14];
    fly(t, 1000 * SECOND, 10);
    masar_encode_velocity(ADDRESS, 432, 90, 0, f);
    (void)masar_tracker_frame(t, f, 14, 1010 * SECOND, 8, 0); /* from now on there are two */
    masar_encode_velocity(ADDRESS, 431, 90, 0, f);
    const struct masar_track *a = masar_tracker_frame(t, f, 14, 1011 * SECOND, 7, 0);
    assert_ptr_equal(masar_tracker_frame(t, f, 14, 1011 * SECOND + 300, 8, 0), a);
    assert_int_equal(masar_track_messages(a), 22);
}

static void who_is_not_heard_is_forgotten(void **state)
{
    struct masar_tracker *t = *state;
    fly(t, 1000 * SECOND, 10);
    masar_tracker_expire(t, 4600 * SECOND);
    assert_int_equal(masar_tracker_count(t), 1);
    masar_tracker_expire(t, 4611 * SECOND);
    assert_int_equal(masar_tracker_count(t), 0);
    assert_null(masar_tracker_find(t, ADDRESS));
}

static void no_time_is_too_far(void **state)
{
    struct masar_tracker *t = *state;
    struct masar_value v;
    const struct masar_track *a = fly(t, INT64_MIN, 10);
    assert_non_null(a);
    assert_true(masar_track_fresh(a, masar_quantity("gs"), INT64_MIN, &v));
    assert_false(masar_track_fresh(a, masar_quantity("gs"), INT64_MAX, &v));
    masar_tracker_expire(t, INT64_MIN);
    assert_int_equal(masar_tracker_count(t), 1);
    masar_tracker_expire(t, INT64_MAX);
    assert_int_equal(masar_tracker_count(t), 0);
}

static void a_full_table_takes_no_more(void **state)
{
    (void)state;
    struct masar_tracker *t = masar_tracker_new(2);
    assert_non_null(t);
    for (uint32_t i = 0; i < 5; i++) {
        uint8_t f[14];
        masar_encode_velocity(ADDRESS + i, 430, 90, 0, f);
        assert_int_equal(masar_tracker_frame(t, f, 14, SECOND, 0, 0) != NULL, i < 2);
    }
    assert_int_equal(masar_tracker_count(t), 2);
    masar_tracker_free(t);
    masar_tracker_free(NULL);
    masar_message_free(NULL);
}

static int message_setup(void **state)
{
    *state = masar_message_new();
    return *state ? 0 : -1;
}

static int message_teardown(void **state)
{
    masar_message_free(*state);
    return 0;
}

static int tracker_setup(void **state)
{
    *state = masar_tracker_new(0);
    return *state ? 0 : -1;
}

static int tracker_teardown(void **state)
{
    masar_tracker_free(*state);
    return 0;
}

#define WITH_MESSAGE(f) cmocka_unit_test_setup_teardown(f, message_setup, message_teardown)
#define WITH_TRACKER(f) cmocka_unit_test_setup_teardown(f, tracker_setup, tracker_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_and_abi),
        cmocka_unit_test(quantities_are_found_by_name),
        cmocka_unit_test(words_of_a_quantity),
        WITH_MESSAGE(one_frame_is_decoded),
        WITH_MESSAGE(bits_are_repaired_only_as_asked),
        WITH_MESSAGE(a_frame_of_another_length_says_nothing),
        WITH_MESSAGE(every_encoder_is_read_back),
        WITH_MESSAGE(replies_are_read_back),
        cmocka_unit_test(what_has_no_place_in_a_frame_is_not_encoded),
        WITH_MESSAGE(the_edges_of_every_range_are_encoded),
        WITH_TRACKER(an_aircraft_is_tracked),
        WITH_TRACKER(a_trail_is_kept),
        WITH_TRACKER(the_last_frame_can_be_asked),
        WITH_TRACKER(wrong_positions_are_kept_with_their_reason),
        WITH_TRACKER(a_receiver_places_what_is_on_the_ground),
        WITH_TRACKER(wrong_frames_change_nothing),
        WITH_TRACKER(one_frame_by_two_receivers_is_one),
        WITH_TRACKER(who_is_not_heard_is_forgotten),
        WITH_TRACKER(no_time_is_too_far),
        cmocka_unit_test(a_full_table_takes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
