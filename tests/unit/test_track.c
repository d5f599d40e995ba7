/* The tracker as its callers see it, by hand-filled messages. */
#include "track_tool.h"

static void first_clean_squitter_makes_an_aircraft(void **state)
{
    struct bench *b = *state;
    struct message m = all_call(0x4b1234, 1 * SECOND);
    const struct outcome o = push(b, &m);
    assert_true(o.created);
    assert_non_null(o.track);
    assert_int_equal(track_address(o.track), 0x4b1234);
    assert_int_equal(track_messages(o.track), 1);
    assert_int_equal(track_first_us(o.track), 1 * SECOND);
    assert_int_equal(tracker_count(b->t), 1);
    assert_ptr_equal(tracker_find(b->t, 0x4b1234), o.track);
    assert_int_equal(b->counters.n[COUNT_AIRCRAFT_CREATED], 1);
}

static void a_quantity_has_value_time_origin_and_receiver(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, 1000 * SECOND);
    m.receiver = 77;
    message_add(&m, FIELD_ALT_BARO, 37000);
    const struct outcome o = push(b, &m);
    assert_true(o.fields & UINT64_C(1) << FIELD_ALT_BARO);
    struct value v;
    assert_true(track_get(o.track, FIELD_ALT_BARO, &v));
    assert_int_equal(v.v, 37000);
    assert_int_equal(v.receiver, 77);
    assert_int_equal(v.origin, ORIGIN_ADSB_ICAO);
    assert_in_range(v.t_us, 1000 * SECOND - 66000, 1000 * SECOND);
    assert_false(track_get(o.track, FIELD_GS, &v));
    assert_true(track_fresh(o.track, FIELD_ALT_BARO, 1030 * SECOND - 66000, &v));
    assert_false(track_fresh(o.track, FIELD_ALT_BARO, 1031 * SECOND, &v));
}

static int32_t altitude_after(struct bench *b, uint8_t origin, int64_t t_us, int32_t ft)
{
    struct message m = squitter(0x4b1234, t_us);
    m.origin = origin;
    message_add(&m, FIELD_ALT_BARO, ft);
    const struct outcome o = push(b, &m);
    struct value v;
    assert_true(track_get(o.track, FIELD_ALT_BARO, &v));
    return v.v;
}

static void a_lower_rank_waits_until_the_better_is_silent(void **state)
{
    struct bench *b = *state;
    assert_int_equal(altitude_after(b, ORIGIN_ADSB_ICAO, 100 * SECOND, 10000), 10000);
    assert_int_equal(altitude_after(b, ORIGIN_MLAT, 101 * SECOND, 11000), 10000);
    assert_int_equal(altitude_after(b, ORIGIN_API, 129 * SECOND, 12000), 10000);
    assert_int_equal(altitude_after(b, ORIGIN_API, 131 * SECOND, 12000), 12000);
    assert_int_equal(altitude_after(b, ORIGIN_MLAT, 132 * SECOND, 11000), 11000);
    assert_int_equal(altitude_after(b, ORIGIN_ADSB_ICAO, 133 * SECOND, 10500), 10500);
}

static void what_is_older_does_not_replace(void **state)
{
    struct bench *b = *state;
    assert_int_equal(altitude_after(b, ORIGIN_ADSB_ICAO, 100 * SECOND, 10000), 10000);
    assert_int_equal(altitude_after(b, ORIGIN_ADSB_ICAO, 98 * SECOND, 9000), 10000);
    assert_int_equal(altitude_after(b, ORIGIN_ADSB_ICAO, 100 * SECOND, 10100), 10100);
}

static void time_to_live_follows_the_table(void **state)
{
    struct bench *b = *state;
    for (int f = 0; f < (int)FIELD_TRACKED; f++) {
        if (f == FIELD_POSITION || f == FIELD_GROUND) {
            continue;
        }
        const int64_t start = (100000 + f * 10000) * SECOND;
        struct message m = squitter(0x4b1234, start);
        message_add(&m, (enum field)f, 1);
        push(b, &m);
        const int64_t ttl = field_row[f].ttl_s * SECOND;
        m = squitter(0x4b1234, start + ttl - SECOND / 2);
        m.origin = ORIGIN_MODE_S;
        message_add(&m, (enum field)f, 2);
        assert_int_equal(push(b, &m).fields & UINT64_C(1) << f, 0);
        m.t_us = start + ttl + SECOND / 2;
        assert_int_not_equal(push(b, &m).fields & UINT64_C(1) << f, 0);
    }
}

static void call_sign_is_kept_whole(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    message_add(&m, FIELD_FLIGHT, 0);
    memcpy(m.flight, "RCH456  ", 8);
    const struct outcome o = push(b, &m);
    assert_string_equal(track_flight(o.track), "RCH456  ");
}

static void silence_makes_forget_and_slots_are_used_again(void **state)
{
    struct bench *b = *state;
    for (uint32_t i = 0; i < 100; i++) {
        struct message m = all_call(0x400000 + i, (int64_t)i * SECOND);
        push(b, &m);
    }
    tracker_expire(b->t, 3650 * SECOND);
    assert_int_equal(tracker_count(b->t), 50);
    assert_null(tracker_find(b->t, 0x400010));
    assert_non_null(tracker_find(b->t, 0x400040));
    assert_int_equal(b->counters.n[COUNT_AIRCRAFT_EXPIRED], 50);
    struct message m = all_call(0x500000, 3650 * SECOND);
    const struct outcome o = push(b, &m);
    assert_in_range(track_slot(b->t, o.track), 0, 99);
    size_t n = 0;
    for (const struct track *a = NULL; (a = tracker_next(b->t, a));) {
        n++;
    }
    assert_int_equal(n, 51);
}

static void a_full_table_refuses_and_counts(void **state)
{
    struct bench *b = *state;
    for (uint32_t i = 0; i < 1005; i++) {
        struct message m = all_call(0x400000 + i, SECOND);
        push(b, &m);
    }
    assert_int_equal(tracker_count(b->t), 1000);
    assert_int_equal(b->counters.n[COUNT_AIRCRAFT_REFUSED], 5);
}

static void non_icao_addresses_are_apart(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    push(b, &m);
    m = squitter(0x4b1234 | ADDRESS_NON_ICAO, SECOND);
    m.df = 18;
    m.origin = ORIGIN_TISB_OTHER;
    assert_true(push(b, &m).created);
    assert_int_equal(tracker_count(b->t), 2);
}

static void no_airframe_has_address_zero_or_all_ones(void **state)
{
    struct bench *b = *state;
    static const uint32_t none[] = {0, 0xffffff, ADDRESS_NON_ICAO, 0x1ffffff, ADDRESS_NONE};
    for (unsigned i = 0; i < 5; i++) {
        struct message m = squitter(none[i], SECOND);
        assert_null(push(b, &m).track);
    }
    assert_int_equal(tracker_count(b->t), 0);
}

static void the_best_origin_of_late_is_the_type(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    const struct track *a = push(b, &m).track;
    m = squitter(0x4b1234, 30 * SECOND);
    m.origin = ORIGIN_MLAT;
    push(b, &m);
    assert_int_equal(track_origin(a), ORIGIN_ADSB_ICAO);
    m.t_us = 62 * SECOND;
    push(b, &m);
    assert_int_equal(track_origin(a), ORIGIN_MLAT);
}

static void rssi_is_the_mean_of_eight(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    const struct track *a = push(b, &m).track;
    assert_true(track_rssi_dbfs(a) == 0);
    for (int i = 0; i < 20; i++) {
        m.signal = i < 12 ? 10 : 255;
        push(b, &m);
    }
    assert_true(track_rssi_dbfs(a) == 0); /* full scale */
    m.signal = 26;
    for (int i = 0; i < 8; i++) {
        push(b, &m);
    }
    assert_true(fabsf(track_rssi_dbfs(a) + 19.83F) < 0.05F);
}

static void weeks_of_one_aircraft_keep_their_times(void **state)
{
    struct bench *b = *state;
    const struct track *a = NULL;
    struct value v;
    for (int64_t t = 0; t < 30 * 86400; t += 1000) {
        struct message m = squitter(0x4b1234, t * SECOND);
        if (t % 2000 == 0) {
            message_add(&m, FIELD_CATEGORY, 0xa3);
        }
        message_add(&m, FIELD_ALT_BARO, 1000);
        a = push(b, &m).track;
        assert_true(track_get(a, FIELD_ALT_BARO, &v));
        assert_in_range(v.t_us + 66000, t * SECOND, t * SECOND + 66000);
        assert_true(track_get(a, FIELD_CATEGORY, &v));
        assert_in_range(v.t_us + 66000, t / 2000 * 2000 * SECOND, t / 2000 * 2000 * SECOND + 66000);
    }
    assert_int_equal(track_first_us(a), 0);
}

static void a_recording_started_again_is_taken_up(void **state)
{
    struct bench *b = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500; i++) {
            struct message m = squitter(0x4b1234, (10000 + i) * SECOND);
            message_add(&m, FIELD_ALT_BARO, 1000 * round + i);
            const struct track *a = push(b, &m).track;
            struct value v;
            assert_true(track_get(a, FIELD_ALT_BARO, &v));
            if (i > 64) {
                assert_int_equal(v.v, 1000 * round + i);
            }
        }
    }
}

static void one_message_from_the_future_does_no_harm(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 300; i++) {
        struct message m = squitter(0x400000 + (uint32_t)i % 10, (10000 + i) * SECOND);
        message_add(&m, FIELD_ALT_BARO, i);
        if (i == 100) {
            m.t_us += 1000000 * SECOND;
        }
        const struct track *a = push(b, &m).track;
        struct value v;
        assert_true(track_get(a, FIELD_ALT_BARO, &v));
        assert_true(v.v == i || (i % 10 == 0 && i > 100 && i < 180));
        tracker_expire(b->t, (10000 + i) * SECOND);
    }
    assert_int_equal(tracker_count(b->t), 10);
}

static void messages_without_time_are_taken_at_the_clocks(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, 12345);
    m.flags = FRAME_NO_TIME;
    message_add(&m, FIELD_ALT_BARO, 100);
    const struct track *a = push(b, &m).track;
    struct value v;
    assert_true(track_get(a, FIELD_ALT_BARO, &v));
    m = all_call(0x4b0001, 500 * SECOND);
    push(b, &m);
    m = squitter(0x4b1234, 99);
    m.flags = FRAME_NO_TIME;
    message_add(&m, FIELD_ALT_BARO, 200);
    push(b, &m);
    assert_true(track_get(a, FIELD_ALT_BARO, &v));
    assert_int_equal(v.v, 200);
    assert_in_range(v.t_us, 499 * SECOND, 500 * SECOND);
}

static void mode_ac_and_bad_frames_are_nobodys(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    m.parity = PARITY_BAD;
    assert_null(push(b, &m).track);
    message_start(&m);
    m.t_us = SECOND;
    m.df = 32;
    assert_null(push(b, &m).track);
    assert_int_equal(b->counters.n[COUNT_FRAMES_MODE_AC], 1);
    assert_int_equal(tracker_count(b->t), 0);
}

static void ground_at_speed_is_a_glitch(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    message_add(&m, FIELD_GS, 45000);
    push(b, &m);
    m = squitter(0x4b1234, 2 * SECOND);
    message_add(&m, FIELD_GROUND, 1);
    assert_false(push(b, &m).fields & UINT64_C(1) << FIELD_GROUND);
    m = squitter(0x4b1234, 3 * SECOND);
    message_add(&m, FIELD_GROUND, 1);
    message_add(&m, FIELD_GS, 2000);
    assert_true(push(b, &m).fields & UINT64_C(1) << FIELD_GROUND);
}

static void geometric_altitude_follows_from_the_difference(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(0x4b1234, SECOND);
    message_add(&m, FIELD_GEO_DELTA, -325);
    push(b, &m);
    m = squitter(0x4b1234, 2 * SECOND);
    message_add(&m, FIELD_ALT_BARO, 30000);
    const struct outcome o = push(b, &m);
    struct value v;
    assert_true(track_get(o.track, FIELD_ALT_GEOM, &v));
    assert_int_equal(v.v, 29675);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(first_clean_squitter_makes_an_aircraft),
        BENCH_TEST(a_quantity_has_value_time_origin_and_receiver),
        BENCH_TEST(a_lower_rank_waits_until_the_better_is_silent),
        BENCH_TEST(what_is_older_does_not_replace),
        BENCH_TEST(time_to_live_follows_the_table),
        BENCH_TEST(call_sign_is_kept_whole),
        BENCH_TEST(silence_makes_forget_and_slots_are_used_again),
        BENCH_TEST(a_full_table_refuses_and_counts),
        BENCH_TEST(non_icao_addresses_are_apart),
        BENCH_TEST(no_airframe_has_address_zero_or_all_ones),
        BENCH_TEST(the_best_origin_of_late_is_the_type),
        BENCH_TEST(rssi_is_the_mean_of_eight),
        BENCH_TEST(weeks_of_one_aircraft_keep_their_times),
        BENCH_TEST(a_recording_started_again_is_taken_up),
        BENCH_TEST(one_message_from_the_future_does_no_harm),
        BENCH_TEST(messages_without_time_are_taken_at_the_clocks),
        BENCH_TEST(mode_ac_and_bad_frames_are_nobodys),
        BENCH_TEST(ground_at_speed_is_a_glitch),
        BENCH_TEST(geometric_altitude_follows_from_the_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
