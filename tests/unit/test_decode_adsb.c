/* The registers of extended squitters, each field of each, built bit by bit after its table; above
   all what is reserved, out of range or "not available" and so must be absent. */
#include "frame_probe.h"

#include "encode/bits.h"
#include "encode/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a DF 17 of capability 6, "either", says with this ME field, after its `ca=6`. */
static const char *says_in(unsigned df, unsigned cf, uint64_t me, char out[1024])
{
    struct frame f = {.tick = FRAME_NO_TICK};
    encode_squitter(df, cf, 0x4ca216, me, &f);
    const struct message m = frame_probe_decode(&f, 0);
    assert_int_equal(m.parity, PARITY_OK);
    frame_probe_text(&m, out, 1024);
    const char *content = strstr(out, df == 17 ? "ca=6" : "cf=");
    assert_non_null(content);
    return content + 4;
}

static void assert_says(uint64_t me, const char *text)
{
    char out[1024];
    assert_string_equal(says_in(17, 6, me, out), text);
}

static uint64_t type_and_subtype(unsigned tc, unsigned subtype)
{
    return bits_at(1, 5, tc) | bits_at(6, 8, subtype);
}

static void identification(void **state)
{
    (void)state;
    struct encode_state s = encode_state_unknown();
    memcpy(s.flight, "RCH812  ", 8);
    static const struct {
        uint8_t category;
        const char *text;
    } row[] = {{0xa0, " category=A0 flight=RCH812  "},
               {0xa5, " category=A5 flight=RCH812  "},
               {0xb1, " category=B1 flight=RCH812  "},
               {0xc7, " category=C7 flight=RCH812  "},
               {0xd0, " category=D0 flight=RCH812  "}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        s.category = row[i].category;
        assert_says(encode_me_identification(&s), row[i].text);
    }
    assert_says(type_and_subtype(4, 3), " category=A3"); /* all zeros: no call sign */
    assert_says(type_and_subtype(4, 3) | bits_at(9, 14, 27), " category=A3");
}

static void surface_movement(void **state)
{
    (void)state;
    static const struct {
        unsigned code;
        const char *gs;
    } row[] = {{0, ""},          {1, " gs=0"},      {2, " gs=13"},      {3, " gs=25"},
               {8, " gs=88"},    {9, " gs=100"},    {12, " gs=175"},    {13, " gs=200"},
               {14, " gs=250"},  {38, " gs=1450"},  {39, " gs=1500"},   {93, " gs=6900"},
               {94, " gs=7000"}, {108, " gs=9800"}, {109, " gs=10000"}, {123, " gs=17000"},
               {124, ""},        {125, ""},         {127, ""}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[128];
        snprintf(text, sizeof text, " ground=1%s nic=10 rc=25", row[i].gs);
        assert_says(bits_at(1, 5, 6) | bits_at(6, 12, row[i].code), text);
    }
    assert_says(bits_at(1, 5, 8) | bits_at(13, 20, 0x80 | 127), " ground=1 track=35719 nic=0");
    assert_says(bits_at(1, 5, 8) | bits_at(14, 20, 127), " ground=1 nic=0");
}

static void surveillance_and_height(void **state)
{
    (void)state;
    static const char *const ss[4] = {"ss=0 alert=0 spi=0", "ss=1 alert=1", "ss=2 alert=1",
                                      "ss=3 alert=0 spi=1"};
    for (unsigned i = 0; i < 4; i++) {
        char text[128];
        snprintf(text, sizeof text, " %s ground=0 nic_b=1 nic=4 rc=3704", ss[i]);
        assert_says(bits_at(1, 5, 15) | bits_at(6, 7, i) | bits_at(8, 8, 1), text);
    }
    assert_says(bits_at(1, 5, 21) | bits_at(9, 20, 0x0b0),
                " ss=0 alert=0 spi=0 ground=0 alt_geom=1000 nic_b=0 nic=10 rc=25");
    assert_says(bits_at(9, 20, 0x0b0), " alt_baro=1000"); /* TC 0: no position, no more */
    assert_says(0, "");
}

static void velocity(void **state)
{
    (void)state;
    const uint64_t one = bits_at(1, 5, 19) | bits_at(6, 8, 1), two = one + bits_at(8, 8, 1);
    const uint64_t three = bits_at(1, 5, 19) | bits_at(6, 8, 3);
    assert_says(one, " nac_v=0");
    assert_says(one | bits_at(15, 24, 5), " nac_v=0"); /* half a velocity is none */
    assert_says(one | bits_at(15, 24, 1023) | bits_at(26, 35, 5), " nac_v=0");
    assert_says(one | bits_at(15, 24, 1) | bits_at(26, 35, 1), " gs=0 nac_v=0");
    assert_says(one | bits_at(15, 24, 101) | bits_at(26, 35, 101), " gs=14142 track=4500 nac_v=0");
    assert_says(two | bits_at(14, 24, 0x400 | 101) | bits_at(26, 35, 101),
                " gs=56569 track=31500 nac_v=0");
    assert_says(one | bits_at(36, 46, 0x400 | 2), " baro_rate=64 nac_v=0");
    assert_says(one | bits_at(36, 46, 0x200 | 510), " geom_rate=-32576 nac_v=0");
    assert_says(one | bits_at(36, 46, 0x400 | 511), " nac_v=0");
    assert_says(one | bits_at(49, 56, 0x80 | 2), " nac_v=0 geom_minus_baro=-25");
    assert_says(one | bits_at(49, 56, 126), " nac_v=0 geom_minus_baro=3125");
    assert_says(one | bits_at(49, 56, 127), " nac_v=0");
    assert_says(one | bits_at(11, 13, 4), " nac_v=4");
    assert_says(one | bits_at(11, 13, 5), "");
    assert_says(three | bits_at(15, 24, 512), " nac_v=0"); /* heading not available */
    assert_says(three | bits_at(14, 24, 0x400 | 512) | bits_at(25, 35, 251),
                " mag_heading=18000 ias=250 nac_v=0");
    assert_says((three + bits_at(8, 8, 1)) | bits_at(25, 35, 0x400 | 251), " tas=1000 nac_v=0");
    assert_says(three | bits_at(25, 35, 1023), " nac_v=0");
    assert_says(type_and_subtype(19, 0) | 0xffffffff, "");
    assert_says(type_and_subtype(19, 5) | 0xffffffff, "");
}

static void status(void **state)
{
    (void)state;
    assert_says(type_and_subtype(28, 1) | bits_at(9, 11, 5) | bits_at(12, 24, 0x0aaa),
                " emergency=5 squawk=7700");
    assert_says(type_and_subtype(28, 1) | bits_at(9, 11, 3), " emergency=3");
    assert_says(type_and_subtype(28, 2) | bits_at(9, 22, 0x2345),
                " acas_ra=9029 ra_complement=0 ra_terminated=0 ra_multiple=0");
    assert_says(type_and_subtype(28, 2) | bits_at(23, 28, 0x2f) | bits_at(29, 56, 0xfffffff),
                " acas_ra=0 ra_complement=11 ra_terminated=1 ra_multiple=1");
    assert_says(type_and_subtype(28, 3) | 0xffffffffff, "");
    assert_says(type_and_subtype(23, 7) | bits_at(9, 21, 0x0aaa), " squawk=7700");
    assert_says(type_and_subtype(23, 6) | bits_at(9, 21, 0x0aaa), "");
}

static void target_version_2(void **state)
{
    (void)state;
    const uint64_t base = bits_at(1, 5, 29) | bits_at(6, 7, 1);
    assert_says(base, " nac_p=0 nic_baro=0 sil=0 sil_type=2 tcas_operational=0");
    assert_says(base | bits_at(9, 20, 0x800 | 2047) | bits_at(21, 29, 1) | bits_at(40, 43, 11),
                " nav_altitude_fms=65472 nav_qnh=8000 nac_p=11 nic_baro=0 sil=0 sil_type=2 "
                "tcas_operational=0");
    assert_says(base | bits_at(10, 20, 1) | bits_at(21, 29, 511) | bits_at(40, 43, 12),
                " nav_altitude_mcp=0 nav_qnh=12080 nic_baro=0 sil=0 sil_type=2 "
                "tcas_operational=0");
    assert_says(base | bits_at(30, 39, 0x200 | 256) | bits_at(44, 46, 7) | bits_at(8, 8, 1),
                " nav_heading=18000 nac_p=0 nic_baro=1 sil=3 sil_type=1 tcas_operational=0");
    assert_says(base | bits_at(48, 54, 0x7f), /* modes without their status */
                " nac_p=0 nic_baro=0 sil=0 sil_type=2 tcas_operational=1");
    assert_says(base | bits_at(47, 54, 0x80),
                " nac_p=0 nic_baro=0 sil=0 sil_type=2 nav_modes=0 tcas_operational=0");
    assert_says(base | bits_at(47, 54, 0xff),
                " nac_p=0 nic_baro=0 sil=0 sil_type=2 nav_modes=63 tcas_operational=1");
    assert_says(bits_at(1, 5, 29) | bits_at(6, 7, 2) | 0xffffffff, "");
    assert_says(bits_at(1, 5, 29) | bits_at(6, 7, 3) | 0xffffffff, "");
}

static void target_version_1(void **state)
{
    (void)state;
    const uint64_t base = bits_at(1, 5, 29);
    assert_says(base, " nac_p=0 nic_baro=0 sil=0 tcas_operational=1 emergency=0");
    assert_says(base | bits_at(8, 9, 1) | bits_at(16, 25, 360) | bits_at(26, 27, 2) |
                    bits_at(28, 36, 359) | bits_at(52, 52, 1) | bits_at(54, 56, 4),
                " nav_altitude_mcp=35000 nav_heading=35900 nac_p=0 nic_baro=0 sil=0 "
                "tcas_operational=0 emergency=4");
    assert_says(base | bits_at(8, 9, 3) | bits_at(16, 25, 1010) | bits_at(28, 36, 90),
                " nav_altitude_fms=100000 nac_p=0 nic_baro=0 sil=0 tcas_operational=1 "
                "emergency=0");
    assert_says(base | bits_at(8, 9, 1) | bits_at(16, 25, 1011) | bits_at(26, 36, 0x200 | 360),
                " nac_p=0 nic_baro=0 sil=0 tcas_operational=1 emergency=0");
}

static void operational(void **state)
{
    (void)state;
    const uint64_t air = bits_at(1, 5, 31), ground = air | bits_at(6, 8, 1);
    const uint64_t v1 = bits_at(41, 43, 1), v2 = bits_at(41, 43, 2);
    assert_says(air, " version=0");
    assert_says(ground | bits_at(9, 40, 0xffffffff) | bits_at(44, 56, 0x1fff), " version=0");
    assert_says(air | v2 | bits_at(11, 11, 1) | bits_at(31, 32, 2) | bits_at(44, 48, 0x10 | 9) |
                    bits_at(49, 50, 2) | bits_at(51, 52, 3) | bits_at(53, 53, 1),
                " version=2 nic_a=1 nac_p=9 sil=3 hrd=0 tcas_operational=1 nic_baro=1 gva=2 sda=2 "
                "sil_type=2");
    assert_says(air | v2 | bits_at(45, 48, 15) | bits_at(49, 50, 3) | bits_at(54, 55, 3),
                " version=2 nic_a=0 sil=0 hrd=1 tcas_operational=0 nic_baro=0 sda=0 sil_type=1");
    assert_says(air | v1 | bits_at(11, 11, 1) | bits_at(31, 32, 3) | bits_at(55, 55, 1),
                " version=1 nic_a=0 nac_p=0 sil=0 hrd=0 tcas_operational=0 nic_baro=0");
    assert_says(ground | v2 | bits_at(17, 20, 5) | bits_at(21, 24, 12) | bits_at(53, 53, 1),
                " version=2 nic_a=0 nac_p=0 sil=0 hrd=0 length=750 width=725 surface_heading=1 "
                "nac_v=2 nic_c=1 sda=0 sil_type=2");
    assert_says(ground | v2 | bits_at(17, 19, 7),
                " version=2 nic_a=0 nac_p=0 sil=0 hrd=0 surface_heading=0 nic_c=0 sda=0 "
                "sil_type=2");
    assert_says(ground | v1 | bits_at(17, 20, 15),
                " version=1 nic_a=0 nac_p=0 sil=0 hrd=0 length=150 width=115 surface_heading=0");
    assert_says(air | bits_at(6, 8, 2) | v2 | 0xffff, "");
    assert_says(air | bits_at(41, 43, 3) | bits_at(11, 11, 1) | bits_at(44, 56, 0x1e0f),
                " version=3 nic_a=1 sil=0 tcas_operational=1 gva=0 sda=0 sil_type=1");
    assert_says(ground | bits_at(41, 43, 3) | bits_at(17, 24, 0xff) | bits_at(45, 48, 9),
                " version=3 nic_a=0 nac_p=9 sil=0 sda=0 sil_type=2");
    for (unsigned version = 4; version < 8; version++) {
        assert_says(air | bits_at(41, 43, version) | 0x1fff, "");
    }
}

/* Types that say nothing are decoded to nothing, whatever their bits. */
static void reserved_types(void **state)
{
    (void)state;
    static const unsigned tc[] = {24, 25, 26, 27, 30};
    for (size_t i = 0; i < sizeof tc / sizeof *tc; i++) {
        assert_says(bits_at(1, 5, tc[i]) | 0x7ffffffffffff, "");
    }
}

/* TIS-B velocity: accuracy stands where the aircraft itself has the source of its vertical rate. */
static void ground_seen_velocity(void **state)
{
    (void)state;
    char out[1024];
    const uint64_t one = bits_at(1, 5, 19) | bits_at(6, 8, 1) | bits_at(10, 13, 9) |
                         bits_at(15, 24, 101) | bits_at(26, 35, 101) | bits_at(37, 46, 0x200 | 11);
    assert_string_equal(says_in(18, 2, one | bits_at(48, 50, 2) | bits_at(51, 52, 3), out),
                        " imf=0 gs=14142 track=4500 baro_rate=-640 nac_p=9 nac_v=2 sil=3");
    assert_string_equal(says_in(18, 2, one | bits_at(36, 36, 1) | bits_at(49, 56, 0x80 | 3), out),
                        " imf=0 gs=14142 track=4500 baro_rate=-640 nac_p=9 geom_minus_baro=-50");
    const uint64_t three = bits_at(1, 5, 19) | bits_at(6, 8, 3) | bits_at(10, 13, 15) |
                           bits_at(14, 24, 0x400 | 256) | bits_at(48, 50, 7);
    assert_string_equal(says_in(18, 5, three, out), " imf=0 true_heading=9000 sil=0");
    assert_string_equal(says_in(18, 5, three | bits_at(55, 55, 1), out),
                        " imf=0 mag_heading=9000 sil=0");
}

/* Each register of ADS-R has IMF in its own place. */
static void repeated(void **state)
{
    (void)state;
    static const struct {
        uint64_t me;
        unsigned imf_bit;
    } row[] = {
        {UINT64_C(11) << 51, 8},
        {UINT64_C(7) << 51, 21},
        {UINT64_C(19) << 51 | UINT64_C(1) << 48, 9},
        {UINT64_C(28) << 51 | UINT64_C(1) << 48, 56},
        {UINT64_C(29) << 51 | UINT64_C(1) << 49, 51},
        {UINT64_C(31) << 51 | UINT64_C(2) << 13, 56},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        for (unsigned imf = 0; imf < 2; imf++) {
            struct frame f = {0};
            encode_squitter(18, 6, 0x4ca216,
                            row[i].me | bits_at(row[i].imf_bit, row[i].imf_bit, imf), &f);
            const struct message m = frame_probe_decode(&f, 0);
            assert_int_equal(message_get(&m, FIELD_IMF, -1), imf);
            assert_int_equal(m.address, 0x4ca216 | (imf ? ADDRESS_NON_ICAO : 0));
            assert_int_equal(m.origin, imf ? ORIGIN_ADSR_OTHER : ORIGIN_ADSR_ICAO);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identification),
        cmocka_unit_test(surface_movement),
        cmocka_unit_test(surveillance_and_height),
        cmocka_unit_test(velocity),
        cmocka_unit_test(status),
        cmocka_unit_test(target_version_2),
        cmocka_unit_test(target_version_1),
        cmocka_unit_test(operational),
        cmocka_unit_test(reserved_types),
        cmocka_unit_test(repeated),
        cmocka_unit_test(ground_seen_velocity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
