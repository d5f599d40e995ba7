/* Air data against the formulas they are tables of, and wind and temperature of a worked flight. */
#include "modes/air.h"
#include "modes/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

static double pressure_ratio(double ft)
{
    const double m = ft * 0.3048;
    return m <= 11000 ? pow(1 - 0.0065 * m / 288.15, 5.255876)
                      : 0.2233609 * exp(-(m - 11000) / 6341.62);
}

static double mach_of(double cas_kt, double ft)
{
    const double impact = pow(1 + 0.2 * pow(cas_kt / 661.4788, 2), 3.5) - 1;
    return sqrt(5 * (pow(impact / pressure_ratio(ft) + 1, 2.0 / 7) - 1));
}

static void mach_follows_the_formula(void **state)
{
    (void)state;
    for (int32_t ft = -1000; ft <= 60000; ft += 250) {
        for (int32_t cas = 80; cas <= 400; cas += 5) {
            const double want = mach_of(cas, ft);
            if (want < 1 && fabs(air_mach_e3(cas, ft) - 1000 * want) > 3.5) {
                fail_msg("%d kt at %d ft: %d, not %.4f", cas, ft, air_mach_e3(cas, ft), want);
            }
        }
    }
}

static void pressure_and_temperature_are_standard(void **state)
{
    (void)state;
    assert_int_equal(air_pressure_e1_hpa(0), 10132);
    assert_in_range(air_pressure_e1_hpa(18000), 5050, 5070);
    assert_in_range(air_pressure_e1_hpa(34000), 2490, 2510);
    assert_int_equal(air_standard_e1_c(0), 150);
    assert_in_range(-air_standard_e1_c(30000), 443, 445);
    assert_int_equal(air_standard_e1_c(40000), -565);
    assert_in_range(air_tas_kt(1000, 0), 660, 662);
    assert_in_range(air_tas_kt(1000, 40000), 572, 575);
    /* Whatever is asked, an answer. */
    assert_int_equal(air_pressure_e1_hpa(INT32_MIN), air_pressure_e1_hpa(-2000));
    assert_int_equal(air_mach_e3(5000, INT32_MAX), 1200);
    assert_true(air_standard_e1_c(INT32_MIN) > 150);
}

static struct air_report cruise(void)
{
    return (struct air_report){.tas_kt = 450,
                               .mach_e3 = 776,
                               .gs_e2_kt = 50000,
                               .track_e2_deg = 9000,
                               .true_heading_e2_deg = 9000,
                               .mag_heading_e2_deg = MODES_UNKNOWN,
                               .declination_e2_deg = MODES_UNKNOWN};
}

static void wind_is_the_difference(void **state)
{
    struct air_report in = cruise();
    struct air_derived out;
    (void)state;
    modes_derive_air(&in, &out);
    assert_int_equal(out.wind_speed_kt, 50);
    assert_int_equal(out.wind_dir_deg, 270); /* a tail wind eastbound */
    in.true_heading_e2_deg = MODES_UNKNOWN;
    in.mag_heading_e2_deg = 8700;
    in.declination_e2_deg = 300;
    modes_derive_air(&in, &out);
    assert_int_equal(out.wind_speed_kt, 50);
    assert_int_equal(out.true_heading_e2_deg, 9000);
    in.declination_e2_deg = MODES_UNKNOWN; /* then the heading is not known */
    modes_derive_air(&in, &out);
    assert_int_equal(out.wind_speed_kt, MODES_UNKNOWN);
}

static void temperature_is_what_sound_says(void **state)
{
    struct air_report in = cruise();
    struct air_derived out;
    (void)state;
    modes_derive_air(&in, &out);
    /* a = 450 / 0.776 = 579.9 kt, T = 288.15 (579.9 / 661.48)^2 = 221.46 K */
    assert_in_range(-out.oat_e1_c, 515, 519);
    assert_in_range(-out.tat_e1_c, 248, 252);
}

static void nothing_follows_from_too_little(void **state)
{
    struct air_report in = cruise();
    struct air_derived out;
    (void)state;
    in.tas_kt = 90;
    modes_derive_air(&in, &out);
    assert_int_equal(out.wind_speed_kt, MODES_UNKNOWN);
    assert_int_equal(out.oat_e1_c, MODES_UNKNOWN);
    in = cruise();
    in.mach_e3 = 250;
    modes_derive_air(&in, &out);
    assert_int_equal(out.oat_e1_c, MODES_UNKNOWN);
    in = cruise();
    in.gs_e2_kt = 10000; /* a wind of 350 kt */
    modes_derive_air(&in, &out);
    assert_int_equal(out.wind_speed_kt, MODES_UNKNOWN);
    in = cruise();
    in.mach_e3 = 500; /* sound at 900 kt */
    modes_derive_air(&in, &out);
    assert_int_equal(out.oat_e1_c, MODES_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mach_follows_the_formula),
        cmocka_unit_test(pressure_and_temperature_are_standard),
        cmocka_unit_test(wind_is_the_difference),
        cmocka_unit_test(temperature_is_what_sound_says),
        cmocka_unit_test(nothing_follows_from_too_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
