/* Whose word is taken: candidates, unverifiable and repaired frames, echoes of several receivers.
 */
#include "track_tool.h"

#include "base/rng.h"
#include "radio/parity.h"

enum { HEX = 0x43c123 };

static const enum field ALT = FIELD_ALT_BARO;
static const enum field SQK = FIELD_SQUAWK;

static struct outcome hear(struct bench *b, int64_t t_us, uint8_t df, enum field f, int32_t v)
{
    struct message m = reply(HEX, t_us, df, f, v);
    return push(b, &m);
}

static void one_or_two_replies_make_no_aircraft(void **state)
{
    struct bench *b = *state;
    assert_null(hear(b, SECOND, 4, ALT, 20000).track);
    assert_null(hear(b, 2 * SECOND, 20, ALT, 20000).track);
    assert_int_equal(b->counters.n[COUNT_FRAMES_UNKNOWN_ADDRESS], 2);
}

static void three_agreeing_replies_do(void **state)
{
    struct bench *b = *state;
    hear(b, SECOND, 4, ALT, 20000);
    hear(b, 2 * SECOND, 0, ALT, 20100);
    const struct outcome o = hear(b, 3 * SECOND, 20, ALT, 20225);
    assert_true(o.created);
    struct value v;
    assert_true(track_get(o.track, ALT, &v));
    assert_int_equal(v.v, 20225);
}

static void squawks_agree_as_well(void **state)
{
    struct bench *b = *state;
    hear(b, SECOND, 5, SQK, 01234);
    hear(b, 2 * SECOND, 5, SQK, 01234);
    assert_true(hear(b, 3 * SECOND, 21, SQK, 01234).created);
}

static void contradicting_replies_do_not(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 30; i++) {
        assert_null(hear(b, i * SECOND, 4, ALT, i % 3 * 10000).track);
    }
}

static void replies_of_more_than_a_minute_do_not(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 10; i++) {
        assert_null(hear(b, i * 40 * SECOND, 4, ALT, 20000).track);
    }
}

static void replies_that_say_nothing_do_not(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 50; i++) {
        assert_null(hear(b, i * SECOND, 4, FIELD_COUNT, 0).track);
    }
}

static void all_call_replies_count_double(void **state)
{
    struct bench *b = *state;
    struct message m = all_call(HEX, SECOND);
    m.parity = PARITY_ID;
    assert_null(push(b, &m).track);
    assert_true(hear(b, 2 * SECOND, 4, ALT, 5000).created);
    m.address = HEX + 0x1000;
    assert_null(push(b, &m).track);
    m.t_us += SECOND;
    assert_true(push(b, &m).created);
}

/* A frame with one wrong bit, heard again and again, is not another aircraft at the same height. */
static void bit_errors_make_no_neighbor(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(HEX, SECOND);
    message_add(&m, ALT, 31000);
    push(b, &m);
    uint8_t frame[FRAME_LONG] = {0};
    for (unsigned bit = 0; bit < 8 * FRAME_LONG; bit++) {
        frame[bit / 8] = (uint8_t)(0x80 >> bit % 8);
        const uint32_t wrong = HEX ^ parity_remainder(frame, sizeof frame);
        frame[bit / 8] = 0;
        for (int i = 0; i < 5; i++) {
            struct message r = reply(wrong, (2 + i) * SECOND, 20, ALT, 31000);
            assert_null(push(b, &r).track);
        }
    }
    assert_int_equal(tracker_count(b->t), 1);
}

static void random_replies_make_no_aircraft(void **state)
{
    struct bench *b = *state;
    struct rng r = {20240607};
    for (int i = 0; i < 300000; i++) { /* 1,000 a second for five minutes */
        static const uint8_t df[] = {0, 4, 5, 16, 20, 21};
        const uint8_t d = df[rng_below(&r, 6)];
        const bool is_identity = d == 5 || d == 21;
        struct message m = reply(
            rng_below(&r, 1 << 24), i * SECOND / 1000, d, is_identity ? SQK : ALT,
            is_identity ? (int32_t)rng_below(&r, 4096) : (int32_t)rng_below(&r, 2048) * 25 - 1000);
        push(b, &m);
    }
    assert_int_equal(tracker_count(b->t), 0);
}

static void a_reply_that_contradicts_needs_a_second(void **state)
{
    struct bench *b = *state;
    struct message m = all_call(HEX, SECOND);
    push(b, &m);
    hear(b, 2 * SECOND, 4, ALT, 20000);
    struct value v;
    assert_null(hear(b, 3 * SECOND, 20, ALT, 38000).track);
    const struct track *a = tracker_find(b->t, HEX);
    assert_true(track_get(a, ALT, &v));
    assert_int_equal(v.v, 20000);
    assert_int_equal(b->counters.n[COUNT_FRAMES_CONTRADICTING], 1);
    assert_non_null(hear(b, 4 * SECOND, 20, ALT, 38025).track);
    assert_true(track_get(a, ALT, &v));
    assert_int_equal(v.v, 38025);
}

static void a_silent_aircraft_comes_back_like_a_new_one(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(HEX, SECOND);
    const struct track *a = push(b, &m).track;
    assert_null(hear(b, 100 * SECOND, 4, ALT, 20000).track);
    assert_int_equal(track_seen_us(a), SECOND);
    hear(b, 101 * SECOND, 4, ALT, 20000);
    assert_ptr_equal(hear(b, 102 * SECOND, 4, ALT, 20000).track, a);
    assert_non_null(hear(b, 103 * SECOND, 5, SQK, 01000).track);
    m.t_us = 300 * SECOND;
    assert_ptr_equal(push(b, &m).track, a);
}

static void nothing_of_a_contradicting_reply_is_taken(void **state)
{
    struct bench *b = *state;
    struct message m = all_call(HEX, SECOND);
    push(b, &m);
    hear(b, 2 * SECOND, 5, SQK, 01000);
    struct message r = reply(HEX, 3 * SECOND, 21, SQK, 02000);
    message_add(&r, FIELD_FLIGHT, 0);
    memcpy(r.flight, "WRONG   ", 8);
    assert_null(push(b, &r).track);
    assert_string_equal(track_flight(tracker_find(b->t, HEX)), "");
}

static struct message repaired(int64_t t_us)
{
    struct message m = squitter(HEX, t_us);
    m.corrected = 1;
    return m;
}

static void a_repaired_frame_makes_no_aircraft(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 50; i++) {
        struct message m = repaired(i * SECOND);
        message_add(&m, ALT, 20000);
        assert_null(push(b, &m).track);
    }
}

static void a_repaired_frame_says_nothing_new(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(HEX, SECOND);
    message_add(&m, ALT, 20000);
    push(b, &m);
    m = repaired(2 * SECOND);
    message_add(&m, FIELD_FLIGHT, 0);
    memcpy(m.flight, "BAW1234 ", 8);
    assert_null(push(b, &m).track);
    assert_string_equal(track_flight(tracker_find(b->t, HEX)), "");
    m = repaired(3 * SECOND);
    message_add(&m, ALT, 25000);
    assert_null(push(b, &m).track);
    m = repaired(4 * SECOND);
    message_add(&m, ALT, 20100);
    const struct outcome o = push(b, &m);
    assert_non_null(o.track);
    assert_true(o.fields & UINT64_C(1) << ALT);
}

static void a_repaired_call_sign_only_confirms(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(HEX, SECOND);
    message_add(&m, FIELD_FLIGHT, 0);
    memcpy(m.flight, "BAW1234 ", 8);
    push(b, &m);
    m.t_us = 2 * SECOND;
    m.corrected = 2;
    assert_non_null(push(b, &m).track);
    memcpy(m.flight, "BAW1235 ", 8);
    assert_null(push(b, &m).track);
    assert_string_equal(track_flight(tracker_find(b->t, HEX)), "BAW1234 ");
}

static void a_repaired_position_moves_nothing_far(void **state)
{
    struct bench *b = *state;
    const struct sphere_place here = at(50, 5);
    for (int i = 0; i < 8; i++) {
        struct message m = position(HEX, i * SECOND / 2, here, i & 1, false);
        push(b, &m);
    }
    for (int i = 0; i < 20; i++) {
        struct message m = position(HEX, (8 + i) * SECOND / 2, at(51, 6), i & 1, false);
        m.corrected = 1;
        const struct outcome o = push(b, &m);
        assert_false(o.has_fix && o.fix.verdict == VERDICT_ACCEPTED);
    }
    assert_true(track_repaired(tracker_find(b->t, HEX)) > 0);
    struct fix f;
    assert_true(track_place(tracker_find(b->t, HEX), &f));
    assert_true(sphere_distance_m((struct sphere_place){f.lat_e7, f.lon_e7}, here) < 10);
}

static struct outcome echo(struct bench *b, int64_t t_us, uint16_t receiver, uint64_t payload)
{
    struct message m = squitter(HEX, t_us);
    m.receiver = receiver;
    m.payload = payload;
    return push(b, &m);
}

static void one_frame_of_several_receivers_counts_once(void **state)
{
    struct bench *b = *state;
    echo(b, SECOND, 1, 7);
    echo(b, SECOND, 2, 8);
    b->counters.n[COUNT_FRAMES_DUPLICATE] = 0;
    for (int i = 10; i < 20; i++) {
        const int64_t t = i * 2 * SECOND;
        for (uint16_t r = 1; r < 30; r++) {
            const struct outcome o = echo(b, t + r * 3000, r, (uint64_t)i);
            assert_int_equal(o.duplicate, r != 1);
            assert_non_null(o.track);
        }
    }
    assert_int_equal(b->counters.n[COUNT_FRAMES_DUPLICATE], 280);
    assert_int_equal(track_messages(tracker_find(b->t, HEX)), 12);
}

/* 978 MHz: no downlink format, no payload of 56 bits; the place and the quantities tell. */
static void uat_of_several_receivers_counts_once(void **state)
{
    struct bench *b = *state;
    echo(b, SECOND, 1, 7);
    echo(b, SECOND, 2, 8);
    b->counters.n[COUNT_FRAMES_DUPLICATE] = 0;
    for (int i = 0; i < 10; i++) {
        for (uint16_t r = 1; r < 4; r++) {
            struct message m;
            message_start(&m);
            m.t_us = 10 * SECOND + i * SECOND / 2 + r * 3000;
            m.address = HEX + 1;
            m.receiver = r;
            m.parity = PARITY_OK;
            m.origin = ORIGIN_UAT_ICAO;
            m.has_place = true;
            m.lat_e7 = 494000000 + 2000 * i;
            m.lon_e7 = 76000000;
            message_add(&m, FIELD_ALT_BARO, 12000);
            const struct outcome o = push(b, &m);
            assert_int_equal(o.duplicate, r != 1);
        }
    }
    assert_int_equal(b->counters.n[COUNT_FRAMES_DUPLICATE], 20);
}

static void the_same_receiver_repeating_is_no_echo(void **state)
{
    struct bench *b = *state;
    echo(b, SECOND, 1, 7);
    echo(b, SECOND, 2, 8);
    for (int i = 0; i < 20; i++) {
        assert_false(echo(b, 10 * SECOND + i * SECOND / 10, 1, 9).duplicate);
    }
    /* Both hear it again: each time one is the echo of the other. */
    for (int i = 0; i < 20; i++) {
        assert_false(echo(b, 20 * SECOND + i * SECOND / 2, 1, 9).duplicate);
        assert_true(echo(b, 20 * SECOND + i * SECOND / 2 + 5000, 2, 9).duplicate);
    }
    /* Later than a second it is another. */
    assert_false(echo(b, 40 * SECOND, 1, 9).duplicate);
    assert_false(echo(b, 42 * SECOND, 2, 9).duplicate);
}

static void an_echo_is_no_second_reply(void **state)
{
    struct bench *b = *state;
    echo(b, SECOND, 1, 7);
    for (uint16_t r = 2; r < 10; r++) {
        struct message m = reply(0x400001, 2 * SECOND + r, 4, ALT, 20000);
        m.receiver = r;
        assert_null(push(b, &m).track);
    }
}

/* DF 18 with control field 4 and 7, as the decoder hands them on. */
static struct message management(uint32_t address, int64_t t_us)
{
    struct message m = from(address | ADDRESS_NON_ICAO, t_us, 18, PARITY_OK, ORIGIN_UNKNOWN);
    message_add(&m, FIELD_CONTROL, 4);
    return m;
}

static void a_ground_station_is_no_aircraft(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 30; i++) {
        struct message m = management(HEX, i * SECOND);
        m.flags = i & 1 ? FRAME_MLAT : 0;
        assert_null(push(b, &m).track);
    }
    assert_int_equal(tracker_count(b->t), 0);
}

static void a_ground_station_feeds_no_aircraft(void **state)
{
    struct bench *b = *state;
    struct message plane = from(HEX | ADDRESS_NON_ICAO, SECOND, 18, PARITY_OK, ORIGIN_TISB_OTHER);
    const struct track *a = push(b, &plane).track;
    assert_non_null(a);
    struct message m = management(HEX, 2 * SECOND);
    assert_null(push(b, &m).track);
    assert_int_equal(track_messages(a), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(one_or_two_replies_make_no_aircraft),
        BENCH_TEST(three_agreeing_replies_do),
        BENCH_TEST(squawks_agree_as_well),
        BENCH_TEST(contradicting_replies_do_not),
        BENCH_TEST(replies_of_more_than_a_minute_do_not),
        BENCH_TEST(replies_that_say_nothing_do_not),
        BENCH_TEST(all_call_replies_count_double),
        BENCH_TEST(bit_errors_make_no_neighbor),
        BENCH_TEST(random_replies_make_no_aircraft),
        BENCH_TEST(a_reply_that_contradicts_needs_a_second),
        BENCH_TEST(a_silent_aircraft_comes_back_like_a_new_one),
        BENCH_TEST(nothing_of_a_contradicting_reply_is_taken),
        BENCH_TEST(a_repaired_frame_makes_no_aircraft),
        BENCH_TEST(a_repaired_frame_says_nothing_new),
        BENCH_TEST(a_repaired_call_sign_only_confirms),
        BENCH_TEST(a_repaired_position_moves_nothing_far),
        BENCH_TEST(one_frame_of_several_receivers_counts_once),
        BENCH_TEST(uat_of_several_receivers_counts_once),
        BENCH_TEST(the_same_receiver_repeating_is_no_echo),
        BENCH_TEST(an_echo_is_no_second_reply),
        BENCH_TEST(a_ground_station_is_no_aircraft),
        BENCH_TEST(a_ground_station_feeds_no_aircraft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
