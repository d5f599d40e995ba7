/* The encoder against frames that others sent: the same state gives the same bits. */
#include "frame_probe.h"

#include "encode/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_frame(const struct frame *f, const char *hex)
{
    char ours[2 * FRAME_BYTES_MAX + 1] = "";
    for (unsigned i = 0; i < f->n; i++) {
        snprintf(ours + 2 * (size_t)i, 3, "%02x", f->byte[i]);
    }
    assert_string_equal(ours, hex);
}

static struct encode_state of(uint32_t address)
{
    struct encode_state s = encode_state_unknown();
    s.address = address;
    return s;
}

static void published(void **state)
{
    (void)state;
    struct frame f;
    struct encode_state s = of(0x4840d6);
    memcpy(s.flight, "KLM1023 ", 8);
    encode_identification(&s, &f);
    assert_frame(&f, "8d4840d6202cc371c32ce0576098");

    s = of(0x40621d);
    s.at = (struct cpr_position){522572021, 39193726};
    s.alt_baro_ft = 38000;
    s.nic = 8;
    encode_position(&s, false, &f);
    assert_frame(&f, "8d40621d58c382d690c8ac2863a7");
    s.at = (struct cpr_position){522657802, 39389125};
    encode_position(&s, true, &f);
    assert_frame(&f, "8d40621d58c386435cc412692ad6");

    s = of(0xa2c1b6);
    s.squawk = 06513;
    encode_status(&s, &f);
    assert_frame(&f, "8da2c1b6e112b600000000760759");

    s = of(0x484175);
    s.ground = true;
    s.nic = 8;
    s.at = (struct cpr_position){523206100, 47347300};
    s.gs_e2_kt = 1600;
    s.track_e2_deg = 9844;
    encode_position(&s, true, &f);
    const struct message ground = frame_probe_decode(&f, 0);
    assert_true(abs((int)ground.cpr.lat - 39199) <= 1 && ground.cpr.odd);
    assert_int_equal(message_get(&ground, FIELD_GS, 0), 1600);

    s = of(0x4c34b6);
    s.squawk = 03615;
    encode_short_surveillance(&s, 5, &f);
    assert_frame(&f, "28001a1b1f9bde");

    s = of(0xdbbd0a);
    s.alt_baro_ft = 38000;
    encode_short_surveillance(&s, 4, &f);
    assert_frame(&f, "20001838ca3e51");

    s = of(0x484fde);
    s.interrogator = 22;
    encode_all_call(&s, &f);
    assert_frame(&f, "5d484fdea248f5");

    s = of(0);
    s.squawk = 03030;
    encode_mode_a(&s, &f);
    assert_frame(&f, "3030");
    s.alt_baro_ft = 15100;
    encode_mode_c(&s, &f);
    assert_frame(&f, "3030");
}

static void target_state(void **state)
{
    (void)state;
    struct frame f;
    struct encode_state s = of(0xa05629);
    s.nav_altitude_mcp_ft = 17000; /* said as 16,992: 32 ft steps */
    s.nav_qnh_e1_hpa = 10128;
    s.nac_p = 9;
    s.nic_baro = 1;
    s.sil = 3;
    s.tcas = true;
    s.has = ENCODE_NAV_HEADING | ENCODE_NAV_MODES;
    s.nav_heading_e2_deg = 6680;
    s.nav_modes = NAV_AUTOPILOT | NAV_VNAV | NAV_LNAV;
    encode_target_state(&s, &f);
    assert_frame(&f, "8da05629ea21485cbf3f8cadaeeb");
}

/* What only other calls fill is left as it was; what is not known is "not available". */
static void unknown(void **state)
{
    (void)state;
    struct frame f = {.t_us = 5, .tick = 6, .receiver = 7, .signal = 8, .flags = 9};
    const struct encode_state s = of(0x123456);
    encode_velocity(&s, &f);
    assert_true(f.t_us == 5 && f.tick == 6 && f.receiver == 7 && f.signal == 8 && f.flags == 9);
    const struct message m = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&m, FIELD_GS, -1), -1);
    assert_int_equal(message_get(&m, FIELD_TRACK, -1), -1);
    assert_int_equal(message_get(&m, FIELD_BARO_RATE, -1), -1);
    assert_int_equal(message_get(&m, FIELD_GEO_DELTA, -1), -1);
    encode_short_surveillance(&s, 4, &f);
    const struct message reply = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&reply, FIELD_ALT_BARO, -1), -1);
}

/* Values beyond a field are encoded as "not available" or "more", never wrapped into another value.
 */
static void beyond(void **state)
{
    (void)state;
    struct frame f;
    struct encode_state s = of(0x123456);
    s.gs_e2_kt = 900000;
    s.track_e2_deg = 0;
    s.baro_rate_fpm = 99999;
    s.alt_baro_ft = 200000;
    s.alt_geom_ft = 100000;
    s.nav_altitude_mcp_ft = 70000;
    s.nav_qnh_e1_hpa = 7000;
    encode_velocity(&s, &f);
    struct message m = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&m, FIELD_GS, -1), -1);
    assert_int_equal(message_get(&m, FIELD_BARO_RATE, -1), -1);
    assert_int_equal(message_get(&m, FIELD_GEO_DELTA, -1), -1);
    encode_position(&s, false, &f);
    m = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&m, FIELD_ALT_BARO, -1), -1);
    encode_target_state(&s, &f);
    m = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&m, FIELD_NAV_ALT_MCP, -1), -1);
    assert_int_equal(message_get(&m, FIELD_NAV_QNH, -1), -1);
    s.ground = true;
    encode_position(&s, false, &f);
    m = frame_probe_decode(&f, 0);
    assert_int_equal(message_get(&m, FIELD_GS, -1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published),
        cmocka_unit_test(target_state),
        cmocka_unit_test(unknown),
        cmocka_unit_test(beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
