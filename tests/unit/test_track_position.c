/* Positions: how they are found, which are believed, what happens to the others. */
#include "track_tool.h"

static void two_halves_make_a_place(void **state)
{
    const struct flight f = cruise(*state);
    struct outcome o = fly(&f, f.start_us, 1);
    assert_false(o.has_fix);
    o = fly_one(&f, f.start_us + SECOND / 2, true);
    assert_true(o.has_fix);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_int_equal(o.fix.method, FIX_CPR_GLOBAL);
    assert_int_equal(o.fix.origin, ORIGIN_ADSB_ICAO);
    assert_true(o.fields & UINT64_C(1) << FIELD_POSITION);
    assert_place(&o, flight_at(&f, f.start_us + SECOND / 2), 6);
}

static void halves_too_far_apart_do_not_pair(void **state)
{
    const struct flight f = cruise(*state);
    fly_one(&f, f.start_us, false);
    assert_false(fly_one(&f, f.start_us + 11 * SECOND, true).has_fix);
    assert_true(fly_one(&f, f.start_us + 20 * SECOND, false).has_fix);
}

static void frames_without_time_do_not_pair(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 10; i++) {
        struct message m = position(FLIGHT_HEX, 0, at(49, 7), i & 1, false);
        m.flags = FRAME_NO_TIME;
        assert_false(push(b, &m).has_fix);
    }
}

static void halves_of_two_origins_do_not_pair(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 10; i++) {
        struct message m = position(FLIGHT_HEX, i * SECOND / 2, at(49, 7), i & 1, false);
        m.origin = i & 1 ? ORIGIN_ADSB_ICAO : ORIGIN_TISB_ICAO;
        assert_false(push(b, &m).has_fix);
    }
}

static void after_a_place_one_half_is_enough(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 10);
    const int64_t t = f.start_us + 60 * SECOND;
    const struct outcome o = fly_one(&f, t, false);
    assert_int_equal(o.fix.method, FIX_CPR_LOCAL);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_place(&o, flight_at(&f, t), 6);
}

static void one_half_is_not_enough_after_too_long(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 10);
    assert_false(fly_one(&f, f.start_us + 1500 * SECOND, false).has_fix);
    const struct outcome o = fly_one(&f, f.start_us + 1501 * SECOND, true);
    assert_int_equal(o.fix.method, FIX_CPR_GLOBAL);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
}

static void a_low_aircraft_is_found_by_its_receiver(void **state)
{
    struct bench *b = *state;
    b->receivers[3] = (struct receiver){.has_place = true, .lat_e7 = 490000000, .lon_e7 = 70000000};
    struct message m = position(FLIGHT_HEX, SECOND, at(49.3, 7.5), false, false);
    m.receiver = 3;
    assert_false(push(b, &m).has_fix); /* altitude unknown: it may be 250 NM away */
    m.t_us += 20 * SECOND;
    message_add(&m, FIELD_ALT_BARO, 3000);
    const struct outcome o = push(b, &m);
    assert_int_equal(o.fix.method, FIX_CPR_RECEIVER);
    assert_place(&o, at(49.3, 7.5), 6);
}

static void beyond_the_horizon_is_out_of_range(void **state)
{
    struct bench *b = *state;
    b->receivers[3] = (struct receiver){.has_place = true, .lat_e7 = 0, .lon_e7 = 0};
    struct flight f = cruise(b);
    f.receiver = 3;
    const struct outcome o = fly(&f, f.start_us, 4);
    assert_int_equal(o.fix.verdict, VERDICT_RANGE);
    struct fix place;
    assert_false(track_place(o.track, &place));
}

static void an_aircraft_followed_across_the_horizon_is_believed(void **state)
{
    struct bench *b = *state;
    b->receivers[3] = (struct receiver){.has_place = true, .lat_e7 = 494000000, .lon_e7 = 76000000};
    struct flight f = cruise(b);
    f.receiver = 3;
    const int hour = 7200;
    struct outcome o = {0};
    for (int i = 0; i < hour; i++) {
        o = fly_one(&f, f.start_us + i * SECOND / 2, i & 1);
        assert_true(i == 0 || o.fix.verdict == VERDICT_ACCEPTED);
    }
    const struct sphere_place there = flight_at(&f, f.start_us + (hour - 1) * SECOND / 2);
    assert_true(sphere_distance_m(f.from, there) > 440 * 1852);
    assert_place(&o, there, 10);
}

static void on_the_ground_a_reference_is_needed(void **state)
{
    struct bench *b = *state;
    struct flight f = {.b = b,
                       .from = at(50.03, 8.56),
                       .gs_kt = 15,
                       .track_deg = 70,
                       .start_us = 1000 * SECOND,
                       .surface = true,
                       .receiver = 3};
    assert_false(fly(&f, f.start_us, 6).has_fix);
    assert_true(b->counters.verdict[VERDICT_NO_REFERENCE] > 0);
    b->receivers[3] = (struct receiver){.has_place = true, .lat_e7 = 500000000, .lon_e7 = 85000000};
    const struct outcome o = fly(&f, f.start_us + 100 * SECOND, 6);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_int_equal(o.fix.ground, 1);
    assert_place(&o, flight_at(&f, f.start_us + 100 * SECOND + 5 * SECOND / 2), 3);
}

static void one_far_fix_displaces_nothing_and_is_kept(void **state)
{
    const struct flight f = cruise(*state);
    struct flight g = f;
    g.from = at(52, 13);
    fly(&f, f.start_us, 20);
    const int64_t t = f.start_us + 10 * SECOND;
    fly_one(&g, t, false);
    const struct outcome wrong = fly_one(&g, t + SECOND / 4, true);
    assert_true(wrong.has_fix);
    assert_int_equal(wrong.fix.verdict, VERDICT_HELD);
    assert_place(&wrong, flight_at(&f, t), 300);
    struct fix kept[4];
    assert_true(tracker_rejected(f.b->t, FLIGHT_HEX, kept, 4) >= 1);
    assert_int_equal(kept[0].verdict, VERDICT_HELD);
    assert_int_equal(tracker_rejected(f.b->t, 0x123456, kept, 4), 0);
    const struct outcome right = fly(&f, t + SECOND, 4);
    assert_int_equal(right.fix.verdict, VERDICT_ACCEPTED);
    assert_place(&right, flight_at(&f, t + 5 * SECOND / 2), 6);
}

/* Seconds until the track follows the flight. */
static double seconds_to_follow(const struct flight *f, int64_t t0)
{
    for (int i = 0; i < 400; i++) {
        const int64_t t = t0 + i * SECOND / 2;
        const struct outcome o = fly_one(f, t, i & 1);
        struct fix place;
        if (o.has_fix && o.fix.verdict == VERDICT_ACCEPTED && track_place(o.track, &place) &&
            sphere_distance_m((struct sphere_place){place.lat_e7, place.lon_e7}, flight_at(f, t)) <
                10) {
            return i / 2.0;
        }
    }
    return 200;
}

static void a_wrong_first_place_gives_way_at_once(void **state)
{
    const struct flight f = cruise(*state);
    struct flight g = f;
    g.from = at(-20, 100);
    fly(&g, f.start_us, 2); /* one global fix */
    assert_true(seconds_to_follow(&f, f.start_us + 2 * SECOND) <= 2);
}

static void a_confirmed_place_gives_way_to_persistence(void **state)
{
    const struct flight f = cruise(*state);
    struct flight g = f;
    g.from = at(52, 13);
    fly(&f, f.start_us, 100);
    const double s = seconds_to_follow(&g, f.start_us + 50 * SECOND);
    assert_true(s >= 3 && s <= 7);
}

static void after_a_minute_of_silence_two_fixes_are_enough(void **state)
{
    const struct flight f = cruise(*state);
    struct flight g = f;
    g.from = at(52, 13);
    fly(&f, f.start_us, 100);
    assert_true(seconds_to_follow(&g, f.start_us + 120 * SECOND) <= 1.5);
}

static void two_aircraft_of_one_address_do_not_swap(void **state)
{
    const struct flight f = cruise(*state);
    struct flight g = f;
    g.from = at(52, 13);
    g.receiver = 9;
    fly(&f, f.start_us, 20);
    for (int i = 20; i < 400; i++) {
        const int64_t t = f.start_us + i * SECOND / 2;
        fly_one(&g, t - SECOND / 5, i & 1);
        const struct outcome o = fly_one(&f, t, i & 1);
        assert_place(&o, flight_at(&f, t), 500);
    }
}

static void positions_older_than_the_place_are_stale(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 20);
    const struct outcome o = fly_one(&f, f.start_us + 7 * SECOND, false);
    assert_int_equal(o.fix.verdict, VERDICT_STALE);
}

static void old_data_replayed_is_ignored_without_penalty(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 40);
    int64_t t = f.start_us + 20 * SECOND;
    /* What was sent ten seconds before, with new times. */
    for (int i = 0; i < 16; i++, t += SECOND / 2) {
        const struct sphere_place old = flight_at(&f, f.start_us + (10 + i / 2) * SECOND);
        struct message m = position(FLIGHT_HEX, t, old, i & 1, false);
        message_add(&m, FIELD_GS, 45000);
        message_add(&m, FIELD_TRACK, 19000);
        assert_int_equal(push(f.b, &m).fix.verdict, VERDICT_STALE);
    }
    const struct outcome o = fly_one(&f, t, false);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_place(&o, flight_at(&f, t), 10);
}

static void a_place_against_the_track_is_rejected(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 40);
    const int64_t t = f.start_us + 22 * SECOND;
    const struct sphere_place aside =
        sphere_destination(flight_at(&f, f.start_us + 39 * SECOND / 2), f.track_deg + 90, 400);
    struct message m = position(FLIGHT_HEX, t, aside, false, false);
    const struct outcome o = push(f.b, &m);
    assert_true(o.has_fix);
    assert_int_equal(o.fix.verdict, VERDICT_TRACK);
}

static struct outcome report(struct bench *b, int64_t t_us, struct sphere_place p, uint8_t origin)
{
    struct message m = from(FLIGHT_HEX, t_us, 255, PARITY_NONE, origin);
    m.has_place = true;
    m.lat_e7 = p.lat_e7;
    m.lon_e7 = p.lon_e7;
    return push(b, &m);
}

static void a_report_is_a_fix_of_its_own_origin(void **state)
{
    struct bench *b = *state;
    const struct outcome o = report(b, SECOND, at(13.48, 2.17), ORIGIN_REPORT);
    assert_true(o.created);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_int_equal(o.fix.method, FIX_REPORTED);
    assert_int_equal(o.fix.origin, ORIGIN_REPORT);
    assert_int_equal(track_origin(o.track), ORIGIN_REPORT);
}

static void impossible_places_are_rejected(void **state)
{
    struct bench *b = *state;
    assert_int_equal(report(b, SECOND, at(0, 0), ORIGIN_API).fix.verdict, VERDICT_NULL_ISLAND);
    assert_int_equal(report(b, SECOND, at(91, 0), ORIGIN_API).fix.verdict, VERDICT_INVALID);
    assert_int_equal(report(b, SECOND, at(10, 180), ORIGIN_API).fix.verdict, VERDICT_INVALID);
    struct fix kept[8];
    assert_int_equal(tracker_rejected(b->t, ADDRESS_NONE, kept, 8), 3);
    assert_int_equal(b->counters.n[COUNT_FIXES_REJECTED], 3);
}

static void a_lesser_source_does_not_move_a_fresh_place(void **state)
{
    const struct flight f = cruise(*state);
    fly(&f, f.start_us, 20);
    const int64_t t = f.start_us + 12 * SECOND;
    struct outcome o = report(f.b, t, flight_at(&f, t), ORIGIN_API);
    assert_int_equal(o.fix.verdict, VERDICT_RANK);
    const int64_t later = f.start_us + 80 * SECOND;
    o = report(f.b, later, flight_at(&f, later), ORIGIN_API);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    o = fly(&f, later + SECOND, 2);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_int_equal(o.fix.origin, ORIGIN_ADSB_ICAO);
}

static void a_better_source_corrects_a_wrong_place(void **state)
{
    const struct flight f = cruise(*state);
    for (int i = 0; i < 10; i++) {
        report(f.b, f.start_us + i * SECOND, at(40, 0), ORIGIN_API);
    }
    const struct outcome o = fly(&f, f.start_us + 11 * SECOND, 2);
    assert_int_equal(o.fix.verdict, VERDICT_ACCEPTED);
    assert_place(&o, flight_at(&f, f.start_us + 23 * SECOND / 2), 6);
}

static void multilateration_has_wider_tolerance(void **state)
{
    struct flight f = cruise(*state);
    struct rng {
        uint32_t s;
    } r = {1};
    int rejected = 0;
    for (int i = 0; i < 120; i++) {
        const int64_t t = f.start_us + i * SECOND;
        for (int odd = 0; odd < 2; odd++) {
            r.s = r.s * 1664525 + 1013904223;
            const struct sphere_place p =
                sphere_destination(flight_at(&f, t), (r.s >> 8) % 360, 120);
            struct message m = position(FLIGHT_HEX, t + odd * 1000, p, odd, false);
            m.flags = FRAME_MLAT;
            m.origin = ORIGIN_TISB_ICAO;
            message_add(&m, FIELD_GS, 45000);
            const struct outcome o = push(f.b, &m);
            if (o.has_fix) {
                assert_int_equal(o.fix.origin, ORIGIN_MLAT);
                rejected += o.fix.verdict != VERDICT_ACCEPTED;
            }
        }
    }
    assert_true(rejected <= 2);
}

static void calculated_track_is_the_way_flown(void **state)
{
    const struct flight f = cruise(*state);
    const struct outcome o = fly(&f, f.start_us, 20);
    struct value v;
    assert_true(track_get(o.track, FIELD_CALC_TRACK, &v));
    assert_in_range(v.v, 189, 191);
}

static void nic_follows_version_and_supplements(void **state)
{
    struct bench *b = *state;
    struct message m = squitter(FLIGHT_HEX, SECOND);
    m.tc = 31;
    message_add(&m, FIELD_VERSION, 2);
    message_add(&m, FIELD_NIC_A, 1);
    push(b, &m);
    m = position(FLIGHT_HEX, 2 * SECOND, at(49, 7), false, false);
    m.tc = 11;
    message_add(&m, FIELD_NIC_B, 1);
    message_add(&m, FIELD_NIC, 8);
    message_add(&m, FIELD_RC, 186);
    const struct outcome o = push(b, &m);
    struct value v;
    assert_true(track_get(o.track, FIELD_NIC, &v));
    assert_int_equal(v.v, 9); /* DO-260B: TC 11 with A and B is NIC 9, Rc 75 m */
    assert_true(track_get(o.track, FIELD_RC, &v));
    assert_int_equal(v.v, 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(two_halves_make_a_place),
        BENCH_TEST(halves_too_far_apart_do_not_pair),
        BENCH_TEST(frames_without_time_do_not_pair),
        BENCH_TEST(halves_of_two_origins_do_not_pair),
        BENCH_TEST(after_a_place_one_half_is_enough),
        BENCH_TEST(one_half_is_not_enough_after_too_long),
        BENCH_TEST(a_low_aircraft_is_found_by_its_receiver),
        BENCH_TEST(beyond_the_horizon_is_out_of_range),
        BENCH_TEST(an_aircraft_followed_across_the_horizon_is_believed),
        BENCH_TEST(on_the_ground_a_reference_is_needed),
        BENCH_TEST(one_far_fix_displaces_nothing_and_is_kept),
        BENCH_TEST(a_wrong_first_place_gives_way_at_once),
        BENCH_TEST(a_confirmed_place_gives_way_to_persistence),
        BENCH_TEST(after_a_minute_of_silence_two_fixes_are_enough),
        BENCH_TEST(two_aircraft_of_one_address_do_not_swap),
        BENCH_TEST(positions_older_than_the_place_are_stale),
        BENCH_TEST(old_data_replayed_is_ignored_without_penalty),
        BENCH_TEST(a_place_against_the_track_is_rejected),
        BENCH_TEST(a_report_is_a_fix_of_its_own_origin),
        BENCH_TEST(impossible_places_are_rejected),
        BENCH_TEST(a_lesser_source_does_not_move_a_fresh_place),
        BENCH_TEST(a_better_source_corrects_a_wrong_place),
        BENCH_TEST(multilateration_has_wider_tolerance),
        BENCH_TEST(calculated_track_is_the_way_flown),
        BENCH_TEST(nic_follows_version_and_supplements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
