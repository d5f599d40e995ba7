/* Downlink formats, parity and repair: published frames with their published meaning, and frames
   built here bit by bit. */
#include "frame_probe.h"

#include "base/bytes.h"
#include "radio/parity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXT_SIZE = 1024 };

/* Frames seen in books and other decoders' tests; the last bits of some are changed to see repair.
 */
static const struct {
    const char *hex, *text;
} published[] = {
    {"8d406b902015a678d4d220aa4bda", "df=17 icao=406b90 parity=0 type=adsb_icao tc=4 bds=08 ca=5 "
                                     "ground=0 category=A0 flight=EZY85MH "},
    {"8d4840d6202cc371c32ce0576098", "df=17 icao=4840d6 parity=0 type=adsb_icao tc=4 bds=08 ca=5 "
                                     "ground=0 category=A0 flight=KLM1023 "},
    {"8d40621d58c382d690c8ac2863a7", "df=17 icao=40621d parity=0 type=adsb_icao tc=11 bds=05 "
                                     "cpr=even,93000,51372 ca=5 ss=0 alert=0 "
                                     "spi=0 ground=0 alt_baro=38000 nic_b=0 nic=8 rc=186"},
    {"8c4841753aab238733c8cd4020b1",
     "df=17 icao=484175 parity=0 type=adsb_icao tc=7 bds=06 cpr=even surface,115609,116941 ca=4 "
     "ground=1 gs=1800 track=14063 nic=8 rc=186"},
    {"8d485020994409940838175b284f",
     "df=17 icao=485020 parity=0 type=adsb_icao tc=19 bds=09 ca=5 ground=0 gs=15920 track=18288 "
     "geom_rate=-832 nac_v=0 geom_minus_baro=550"},
    {"8da05f219b06b6af189400cbc33f",
     "df=17 icao=a05f21 parity=0 type=adsb_icao tc=19 bds=09 ca=5 ground=0 mag_heading=24398 "
     "tas=375 baro_rate=-2304 nac_v=0"},
    {"8da2c1b6e112b600000000760759", "df=17 icao=a2c1b6 parity=0 type=adsb_icao tc=28 bds=61 ca=5 "
                                     "ground=0 emergency=0 squawk=6513"},
    {"8da05629ea21485cbf3f8cadaeeb",
     "df=17 icao=a05629 parity=0 type=adsb_icao tc=29 bds=62 ca=5 ground=0 nav_altitude_mcp=16992 "
     "nav_qnh=10128 nav_heading=6680 nac_p=9 nic_baro=1 sil=3 sil_type=2 nav_modes=51 "
     "tcas_operational=1"},
    {"5d484fdea248f5", "df=11 icao=484fde parity=2 type=mode_s ca=5 ground=0 iid=22"},
    {"a02014b400000000000000f9d514", "df=20 icao=7582f7 parity=1 type=mode_s fs=0 alert=0 spi=0 "
                                     "ground=0 dr=4 um=0 alt_baro=32300"},
    {"a800292dffbba9383ffceb903d01",
     "df=21 icao=d9938e parity=1 type=mode_s fs=0 alert=0 spi=0 ground=0 dr=0 um=1 squawk=1346"},
    {"952b06e5680d447e84d0933a4153",
     "df=18 icao=2b06e5~ parity=0 type=tisb_other tc=13 bds=05 cpr=odd,16194,53395 cf=5 imf=0 ss=0 "
     "alert=0 spi=0 ground=0 alt_baro=1500 nic=6 rc=926"},
    {"02e197b00179c3",
     "df=0 icao=4b18fe parity=1 type=mode_s vs=0 ground=0 sl=7 ri=3 alt_baro=37000"},
    {"20001838ca3e51",
     "df=4 icao=dbbd0a parity=1 type=mode_s fs=0 alert=0 spi=0 ground=0 dr=0 um=0 alt_baro=38000"},
    {"28001a1b1f9bde",
     "df=5 icao=4c34b6 parity=1 type=mode_s fs=0 alert=0 spi=0 ground=0 dr=0 um=0 squawk=3615"},
    {"3030", "df=32 icao=ffffff! parity=4 type=mode_ac squawk=3030 alt_baro=15100"},
    {"0780", "df=32 icao=ffffff! parity=4 type=mode_ac squawk=0700 spi=1"},
    {"0000", "df=32 icao=ffffff! parity=4 type=mode_ac squawk=0000"},
};

static void assert_text(const struct message *m, const char *text)
{
    char ours[TEXT_SIZE];
    frame_probe_text(m, ours, sizeof ours);
    assert_string_equal(ours, text);
}

static void published_frames(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const struct frame f = frame_probe(published[i].hex);
        const struct message m = frame_probe_decode(&f, 1);
        assert_text(&m, published[i].text);
    }
}

/* A frame of the bytes given, its parity and what is laid over it appended. */
static struct frame built(uint32_t head, const uint64_t *payload, uint32_t overlay)
{
    struct frame f = {.tick = FRAME_NO_TICK, .n = payload ? FRAME_LONG : FRAME_SHORT};
    f.byte[0] = (uint8_t)(head >> 24);
    put_be24(f.byte + 1, head & 0xffffff);
    if (payload) {
        f.byte[4] = (uint8_t)(*payload >> 48);
        put_be48(f.byte + 5, *payload & UINT64_C(0xffffffffffff));
    }
    put_be24(f.byte + f.n - 3, parity_of(f.byte, f.n) ^ overlay);
    return f;
}

static struct message decoded(uint32_t head, const uint64_t *payload, uint32_t overlay)
{
    const struct frame f = built(head, payload, overlay);
    return frame_probe_decode(&f, 2);
}

/* Whose voice each control field of DF 18 is, and what becomes of the address with IMF 0 and 1. */
static void control_fields(void **state)
{
    (void)state;
    static const struct {
        enum origin origin[2];
        bool other[2], has_imf, reads;
    } row[8] = {
        {{ORIGIN_ADSB_ICAO_NT, ORIGIN_ADSB_ICAO_NT}, {false, false}, false, true},
        {{ORIGIN_ADSB_OTHER, ORIGIN_ADSB_OTHER}, {true, true}, false, true},
        {{ORIGIN_TISB_ICAO, ORIGIN_TISB_TRACKFILE}, {false, true}, true, true},
        {{ORIGIN_TISB_ICAO, ORIGIN_TISB_TRACKFILE}, {false, true}, true, true},
        {{ORIGIN_UNKNOWN, ORIGIN_UNKNOWN}, {true, true}, false, false},
        {{ORIGIN_TISB_OTHER, ORIGIN_TISB_OTHER}, {true, true}, true, true},
        {{ORIGIN_ADSR_ICAO, ORIGIN_ADSR_OTHER}, {false, true}, true, true},
        {{ORIGIN_UNKNOWN, ORIGIN_UNKNOWN}, {true, true}, false, false},
    };
    for (uint32_t cf = 0; cf < 8; cf++) {
        for (unsigned imf = 0; imf < 2; imf++) {
            /* TC 11, 1,000 ft; coarse: the same bits with IMF in front. */
            const uint64_t fine = UINT64_C(11) << 51 | (uint64_t)imf << 48 | UINT64_C(0x0b0) << 36 |
                                  UINT64_C(0x12345) << 17 | 0x0abcd;
            const uint64_t coarse = (uint64_t)imf << 55 | UINT64_C(0x0b0) << 37 | 0x123456;
            const uint64_t me = cf == 3 ? coarse : fine;
            const struct message m = decoded(18u << 27 | cf << 24 | 0x4ca216, &me, 0);
            assert_int_equal(m.parity, PARITY_OK);
            assert_int_equal(m.address & 0xffffff, 0x4ca216);
            assert_int_equal(m.origin, row[cf].origin[imf]);
            assert_int_equal((m.address & ADDRESS_NON_ICAO) != 0, row[cf].other[imf]);
            assert_int_equal(message_get(&m, FIELD_CONTROL, -1), cf);
            assert_int_equal(message_get(&m, FIELD_IMF, -1), row[cf].has_imf ? (int)imf : -1);
            assert_int_equal(m.cpr.present, row[cf].reads);
            assert_int_equal(message_get(&m, FIELD_ALT_BARO, -1), row[cf].reads ? 1000 : -1);
            /* Only the aircraft's own words have NIC supplement B in that bit. */
            assert_int_equal(message_get(&m, FIELD_NIC_B, -1), cf < 2 ? (int)imf : -1);
            assert_true(m.payload == me);
        }
    }
}

static void coarse_position(void **state)
{
    (void)state;
    const uint64_t me = UINT64_C(3) << 53 | UINT64_C(0x0b0) << 37 | UINT64_C(1) << 36 |
                        UINT64_C(8) << 31 | UINT64_C(11) << 25 | UINT64_C(1) << 24 |
                        UINT64_C(0xabc) << 12 | 0x123;
    const struct message m = decoded(18u << 27 | 3u << 24 | 0x4ca216, &me, 0);
    assert_text(&m,
                "df=18 icao=4ca216 parity=0 type=tisb_icao cpr=odd coarse,87936,9312 cf=3 imf=0 "
                "ss=3 alert=0 spi=1 ground=0 alt_baro=1000 gs=32000 track=9000");
}

static void military_and_long(void **state)
{
    (void)state;
    const uint64_t me = UINT64_C(0x202cc371c32ce0);
    struct message m = decoded(19u << 27 | 0x4840d6, &me, 0);
    assert_text(&m, "df=19 icao=4840d6 parity=0 type=adsb_icao tc=4 bds=08 cf=0 category=A0 "
                    "flight=KLM1023 ");
    m = decoded(19u << 27 | 2u << 24 | 0x4840d6, &me, 0);
    assert_text(&m, "df=19 icao=ffffff! parity=0 type=mode_s cf=2");
    for (uint32_t top = 24; top < 32; top++) {
        m = decoded(top << 27 | 0x123456, &me, 0xabcdef);
        assert_text(&m, "df=24 icao=abcdef parity=1 type=mode_s");
    }
}

static void resolution_advisory(void **state)
{
    (void)state;
    const uint64_t mv = UINT64_C(0x30) << 48 | UINT64_C(0x2a01) << 34;
    struct message m = decoded(16u << 27 | 1u << 26 | 0x12345, &mv, 0x4ca216);
    assert_int_equal(m.bds, 0x30);
    assert_int_equal(m.address, 0x4ca216);
    assert_int_equal(message_get(&m, FIELD_ACAS_RA, -1), 0x2a01);
    assert_int_equal(message_get(&m, FIELD_GROUND, -1), 1);
    const uint64_t other = UINT64_C(0x31) << 48;
    m = decoded(16u << 27, &other, 0x4ca216);
    assert_int_equal(m.bds, 0);
    assert_int_equal(message_get(&m, FIELD_ACAS_RA, -1), -1);
}

/* Alert, SPI and ground of each flight status. */
static void flight_status(void **state)
{
    (void)state;
    static const int says[8][3] = {{0, 0, 0},  {0, 0, 1},  {1, 0, 0},    {1, 0, 1},
                                   {1, 1, -1}, {0, 1, -1}, {-1, -1, -1}, {-1, -1, -1}};
    for (uint32_t fs = 0; fs < 8; fs++) {
        const struct message m = decoded(4u << 27 | fs << 24 | 17u << 19 | 33u << 13, NULL, 0xabc);
        assert_int_equal(message_get(&m, FIELD_FLIGHT_STATUS, -1), fs);
        assert_int_equal(message_get(&m, FIELD_ALERT, -1), says[fs][0]);
        assert_int_equal(message_get(&m, FIELD_SPI, -1), says[fs][1]);
        assert_int_equal(message_get(&m, FIELD_GROUND, -1), says[fs][2]);
        assert_int_equal(message_get(&m, FIELD_DOWNLINK_REQ, -1), 17);
        assert_int_equal(message_get(&m, FIELD_UTILITY, -1), 33);
        assert_int_equal(message_get(&m, FIELD_ALT_BARO, -1), -1); /* zeros: not available */
        assert_int_equal(m.address, 0xabc);
    }
}

/* DF 11: every interrogator code is clean, the 48 numbers above are none; one wrong bit is repaired
   where the interrogator is 0. */
static void interrogators(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 128; code++) {
        const struct message m = decoded(11u << 27 | 5u << 24 | 0x4ca216, NULL, code);
        assert_int_equal(m.parity, code == 0 ? PARITY_OK : code <= 79 ? PARITY_ID : PARITY_BAD);
        assert_int_equal(message_get(&m, FIELD_INTERROGATOR, -1), code <= 79 ? (int)code : -1);
        assert_int_equal(m.address, 0x4ca216);
    }
    for (unsigned bit = 5; bit < 56; bit++) {
        struct frame f = built(11u << 27 | 5u << 24 | 0x4ca216, NULL, 0);
        f.byte[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        const struct message m = frame_probe_decode(&f, 2), as_sent = frame_probe_decode(&f, 0);
        assert_int_equal(m.parity, bit >= 49 ? PARITY_ID : PARITY_OK);
        assert_int_equal(m.corrected, bit < 49);
        assert_int_equal(m.address, 0x4ca216);
        assert_int_equal(as_sent.parity, bit >= 49 ? PARITY_ID : PARITY_BAD);
    }
}

/* DF 17 and 18 with wrong bits: as many are repaired as allowed, and what cannot be is as sent. */
static void repair(void **state)
{
    (void)state;
    const char *const hex[] = {"8d40621d58c382d690c8ac2863a7", "952b06e5680d447e84d0933a4153"};
    for (int i = 0; i < 2; i++) {
        const struct frame good = frame_probe(hex[i]);
        char text[TEXT_SIZE], repaired[TEXT_SIZE];
        struct message m = frame_probe_decode(&good, 0);
        frame_probe_text(&m, text, sizeof text);
        for (unsigned wrong = 1; wrong <= 2; wrong++) {
            struct frame f = good;
            for (unsigned k = 0; k < wrong; k++) {
                f.byte[6 + k] ^= 0x10;
            }
            const struct frame received = f;
            for (unsigned allowed = 0; allowed <= 2; allowed++) {
                m = frame_probe_decode(&f, allowed);
                assert_int_equal(m.parity, wrong <= allowed ? PARITY_OK : PARITY_BAD);
                assert_int_equal(m.corrected, wrong <= allowed ? wrong : 0);
                m.corrected = 0;
                frame_probe_text(&m, repaired, sizeof repaired);
                assert_int_equal(strcmp(text, repaired) == 0, wrong <= allowed);
                assert_memory_equal(f.byte, received.byte, sizeof f.byte);
            }
        }
    }
    /* A wrong address bit that is not repaired is another address. */
    struct frame f = frame_probe(hex[0]);
    f.byte[3] ^= 1;
    struct message m = frame_probe_decode(&f, 0);
    assert_int_equal(m.parity, PARITY_BAD);
    assert_int_equal(m.address, 0x40621c);
}

static void lengths(void **state)
{
    (void)state;
    for (unsigned df = 0; df < 32; df++) {
        for (unsigned n = 0; n <= FRAME_BYTES_MAX; n++) {
            struct frame f = {.n = (uint8_t)n, .byte = {(uint8_t)(df << 3)}};
            const struct message m = frame_probe_decode(&f, 2);
            const unsigned format = df < 24 ? df : 24;
            assert_int_equal(m.df, n == 2 ? 32 : format);
            if (n != 2 && n != (format < 16 ? 7 : 14)) {
                assert_int_equal(m.parity, PARITY_BAD);
                assert_int_equal(m.address, ADDRESS_NONE);
                assert_int_equal(m.n, 0);
            }
        }
    }
    /* Reserved formats are told by their number and say no more. */
    static const uint8_t reserved[] = {1, 2, 3, 6, 7, 8, 9, 10, 12, 13, 14, 15, 22, 23};
    for (unsigned i = 0; i < sizeof reserved; i++) {
        const uint64_t payload = 0x123456789;
        const uint32_t df = reserved[i];
        const struct message m = decoded(df << 27 | 0xabcdef, df < 16 ? NULL : &payload, 0);
        assert_int_equal(m.df, df);
        assert_int_equal(m.parity, PARITY_OK);
        assert_int_equal(m.address, ADDRESS_NONE);
        assert_int_equal(m.n, 0);
    }
}

/* What the frame carries besides its bits is passed on; an MLAT result is of that origin. */
static void carried(void **state)
{
    (void)state;
    struct frame f = frame_probe("8d40621d58c382d690c8ac2863a7");
    f.t_us = 1234567890123456;
    f.receiver = 77;
    f.signal = 99;
    f.flags = FRAME_MLAT | FRAME_NO_FORWARD;
    const struct message m = frame_probe_decode(&f, 1);
    assert_true(m.t_us == f.t_us);
    assert_int_equal(m.receiver, 77);
    assert_int_equal(m.signal, 99);
    assert_int_equal(m.flags, FRAME_MLAT | FRAME_NO_FORWARD);
    assert_int_equal(m.origin, ORIGIN_MLAT);
    /* Such a result in the form of TIS-B knows no accuracy: zeros there are not a value. */
    const uint64_t velocity = UINT64_C(19) << 51 | UINT64_C(1) << 48 | UINT64_C(101) << 32 |
                              UINT64_C(101) << 21 | UINT64_C(1) << 20 | UINT64_C(11) << 10;
    f = built(18u << 27 | 2u << 24 | 0x4ca216, &velocity, 0);
    f.flags = FRAME_MLAT;
    const struct message result = frame_probe_decode(&f, 0);
    assert_text(&result, "df=18 icao=4ca216 parity=0 type=mlat tc=19 bds=09 cf=2 imf=0 gs=14142 "
                         "track=4500 baro_rate=640");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_frames),
        cmocka_unit_test(control_fields),
        cmocka_unit_test(coarse_position),
        cmocka_unit_test(military_and_long),
        cmocka_unit_test(resolution_advisory),
        cmocka_unit_test(flight_status),
        cmocka_unit_test(interrogators),
        cmocka_unit_test(repair),
        cmocka_unit_test(lengths),
        cmocka_unit_test(carried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
