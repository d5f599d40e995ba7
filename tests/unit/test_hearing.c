/* How receivers hear: what is counted of each message, range by bearing and altitude, minutes. */
#include "track/hearing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_US INT64_C(60000000)

static const struct receiver roof = {
    .has_place = true, .lat_e7 = 494000000, .lon_e7 = 76000000, .name = "roof"};

static struct message message_of(uint8_t df, uint32_t address, int64_t t_us)
{
    struct message m;
    message_start(&m);
    m.df = df;
    m.address = address;
    m.receiver = 1;
    m.t_us = t_us;
    m.signal = 81; /* -10 dBFS */
    m.parity = PARITY_OK;
    return m;
}

static struct outcome fix_at(double lat, double lon, int32_t ft, uint8_t verdict)
{
    return (struct outcome){.track = (const struct track *)&roof,
                            .has_fix = true,
                            .fix = {.lat_e7 = (int32_t)lrint(lat * 1e7),
                                    .lon_e7 = (int32_t)lrint(lon * 1e7),
                                    .alt_baro_ft = ft,
                                    .alt_geom_ft = FIX_NO_ALTITUDE,
                                    .origin = ORIGIN_ADSB_ICAO,
                                    .verdict = verdict}};
}

static void all_is_counted_under_its_name(void **state)
{
    (void)state;
    struct hearing *h = hearing_new();
    struct outcome none = {.track = NULL}, known = {.track = (const struct track *)&roof};
    struct outcome twice = {.duplicate = true};
    struct message m = message_of(17, 0x3c0001, 0);
    hearing_message(h, &m, false, &known, &roof);
    m.corrected = 2;
    hearing_message(h, &m, false, &known, &roof);
    m = message_of(11, 0x3c0001, 0);
    hearing_message(h, &m, false, &twice, &roof);
    m = message_of(4, 0x3c0002, 0);
    hearing_message(h, &m, false, &none, &roof);
    m.parity = PARITY_BAD;
    hearing_message(h, &m, false, &none, &roof);
    m = message_of(32, 0, 0);
    hearing_message(h, &m, false, &none, &roof);
    m = message_of(255, 0x3c0001, 0);
    hearing_message(h, &m, false, &known, &roof);
    hearing_message(h, &m, true, &known, &roof);
    const struct hearing_row *r = hearing_row(h, 1);
    assert_non_null(r);
    assert_null(hearing_row(h, 2));
    assert_int_equal(r->frames, 7);
    assert_int_equal(r->values, 1);
    assert_int_equal(r->format[17], 2);
    assert_int_equal(r->format[4], 2);
    assert_int_equal(r->format[HEARING_MODE_AC], 1);
    assert_int_equal(r->format[HEARING_UAT], 1);
    assert_int_equal(r->repaired, 1);
    assert_int_equal(r->duplicate, 1);
    assert_int_equal(r->bad_parity, 1);
    assert_int_equal(r->unknown, 2);
    assert_int_equal(r->level[3], 8); /* -9 to -12 */
    assert_int_equal(hearing_minutes(r), 1);
    assert_int_equal(hearing_minute(r, 0)->frames, 7);
    assert_int_equal(hearing_minute(r, 0)->aircraft, 1);
    assert_true(fabs((double)hearing_minute(r, 0)->level_dbfs + 10) < 0.1);
    hearing_free(h);
}

static void range_is_kept_by_bearing_and_altitude(void **state)
{
    (void)state;
    struct hearing *h = hearing_new();
    const struct message m = message_of(17, 0x3c0001, 0);
    const struct outcome north = fix_at(50.4, 7.6, 35000, VERDICT_ACCEPTED);
    const struct outcome nearer = fix_at(49.9, 7.6, 36000, VERDICT_ACCEPTED);
    const struct outcome east_low = fix_at(49.4, 8.0, 2000, VERDICT_ACCEPTED);
    const struct outcome wrong = fix_at(52.4, 7.6, 35000, VERDICT_SPEED);
    struct outcome told = fix_at(51.4, 7.6, 35000, VERDICT_ACCEPTED);
    told.fix.origin = ORIGIN_MLAT;
    const struct outcome mars = fix_at(-49.4, 7.6, 35000, VERDICT_ACCEPTED);
    const struct outcome *all[] = {&north, &nearer, &east_low, &wrong, &told, &mars};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        hearing_message(h, &m, false, all[k], &roof);
    }
    hearing_message(h, &m, false, &wrong, NULL);
    const struct hearing_row *r = hearing_row(h, 1);
    assert_in_range(r->range_m[4][0], 111000, 111400);
    assert_in_range(r->range_m[0][8], 28500, 29500);
    assert_int_equal(r->positions, 5);
    assert_int_equal(r->rejected[VERDICT_SPEED], 2);
    uint64_t others = 0;
    for (unsigned k = 0; k < HEARING_BANDS * HEARING_SECTORS; k++) {
        others += r->range_m[k / HEARING_SECTORS][k % HEARING_SECTORS];
    }
    assert_int_equal(others, r->range_m[4][0] + r->range_m[0][8]);
    hearing_free(h);
}

static void minutes_go_on_and_the_oldest_go(void **state)
{
    (void)state;
    struct hearing *h = hearing_new();
    const struct outcome known = {.track = (const struct track *)&roof};
    for (int64_t k = 0; k < HEARING_MINUTES + 10; k++) {
        for (uint32_t a = 0; a < 1 + (uint32_t)k % 3; a++) {
            const struct message m = message_of(17, 0x3c0000 + a, k * MINUTE_US + 5);
            hearing_message(h, &m, false, &known, &roof);
        }
    }
    const struct message late = message_of(17, 0x3c0000, 7 * MINUTE_US);
    hearing_message(h, &late, false, &known, &roof);
    const struct hearing_row *r = hearing_row(h, 1);
    assert_int_equal(hearing_minutes(r), HEARING_MINUTES);
    assert_int_equal(hearing_minute(r, 0)->minute, 10);
    assert_int_equal(hearing_minute(r, 0)->aircraft, 2);
    assert_int_equal(hearing_minute(r, HEARING_MINUTES - 1)->minute, HEARING_MINUTES + 9);
    assert_int_equal(hearing_minute(r, HEARING_MINUTES - 1)->frames,
                     1 + (HEARING_MINUTES + 9) % 3 + 1);
    hearing_free(h);
}

static void aircraft_are_counted_about_right(void **state)
{
    (void)state;
    struct hearing *h = hearing_new();
    const struct outcome known = {.track = (const struct track *)&roof};
    for (uint32_t a = 0; a < 3000; a++) {
        const struct message m = message_of(17, 0x400000 + (a % 1000) * 37, a);
        hearing_message(h, &m, false, &known, &roof);
    }
    assert_in_range(hearing_minute(hearing_row(h, 1), 0)->aircraft, 950, 1050);
    hearing_free(h);
}

static void a_radio_is_told_of_by_minute(void **state)
{
    (void)state;
    struct hearing *h = hearing_new();
    struct receiver_radio r = {.samples = 1000,
                               .lost = 5,
                               .clipped = 50,
                               .noise_dbfs = -31.5,
                               .has_gain = true,
                               .gain_db10 = 372};
    hearing_radio(h, 3, &r, 10);
    r.samples = 2000;
    r.lost = 9;
    hearing_radio(h, 3, &r, 20);
    r.lost = 10;
    r.samples = 3000;
    hearing_radio(h, 3, &r, MINUTE_US + 1);
    r = (struct receiver_radio){.samples = 10, .noise_dbfs = -INFINITY};
    hearing_radio(h, 3, &r, MINUTE_US + 2);
    const struct hearing_row *row = hearing_row(h, 3);
    assert_int_equal(hearing_minutes(row), 2);
    assert_int_equal(hearing_minute(row, 0)->lost, 4);
    assert_int_equal(hearing_minute(row, 0)->gain_db10, 372);
    assert_true(hearing_minute(row, 0)->noise_dbfs == -31.5f);
    assert_int_equal(hearing_minute(row, 1)->lost, 0);
    assert_int_equal(hearing_minute(row, 1)->gain_db10, HEARING_NO_GAIN);
    assert_true(hearing_minute(row, 1)->noise_dbfs == 0);
    hearing_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_counted_under_its_name),
        cmocka_unit_test(range_is_kept_by_bearing_and_altitude),
        cmocka_unit_test(minutes_go_on_and_the_oldest_go),
        cmocka_unit_test(aircraft_are_counted_about_right),
        cmocka_unit_test(a_radio_is_told_of_by_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
