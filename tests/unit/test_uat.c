/* UAT payloads: every element by hand-set bits, uplinks, DLAC, and recordings where they are. */
#include "uat/bits.h"
#include "uat/decode.h"
#include "uat/uplink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct uat_frame blank(unsigned n, unsigned type, unsigned qualifier, uint32_t address)
{
    struct uat_frame f = {.n = (uint16_t)n, .rssi_ddb = UAT_NO_RSSI};
    uat_put_bits(f.byte, 1, 1, 5, type);
    uat_put_bits(f.byte, 1, 6, 3, qualifier);
    uat_put_bits(f.byte, 2, 1, 24, address);
    return f;
}

static struct message decoded(const struct uat_frame *f)
{
    struct message m;
    uat_decode(f, &m);
    return m;
}

#define ABSENT INT32_MIN

static void says(const struct message *m, enum field f, int32_t v)
{
    if (message_get(m, f, ABSENT) != v) {
        print_error("%s is %d, not %d\n", field_row[f].key, message_get(m, f, ABSENT), v);
        fail();
    }
}

static void bits_lie_where_the_standard_counts(void **state)
{
    (void)state;
    uint8_t p[40];
    for (unsigned byte = 1; byte <= 34; byte++) {
        for (unsigned bit = 1; bit <= 8; bit++) {
            for (unsigned n = 1; n <= 32; n++) {
                const uint32_t v = UINT32_C(0xdeadbeef) >> (32 - n);
                memset(p, byte & 1 ? 0xff : 0, sizeof p);
                uat_put_bits(p, byte, bit, n, v);
                assert_int_equal(uat_bits(p, byte, bit, n), v);
            }
        }
    }
}

static void qualifiers_keep_who_speaks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum origin origin;
        bool is_icao;
    } want[8] = {
        {"adsb_icao", ORIGIN_UAT_ICAO, true},
        {"adsb_other", ORIGIN_UAT_OTHER, false},
        {"tisb_icao", ORIGIN_UAT_TISB_ICAO, true},
        {"tisb_trackfile", ORIGIN_UAT_TISB_TRACKFILE, false},
        {"vehicle", ORIGIN_UAT_VEHICLE, true},
        {"fixed_beacon", ORIGIN_UAT_BEACON, false},
        {"adsr_other", ORIGIN_UAT_ADSR_OTHER, false},
        {"reserved", ORIGIN_UNKNOWN, false},
    };
    for (unsigned q = 0; q < 8; q++) {
        struct uat_frame f = blank(UAT_SHORT, 0, q, 0xa66ef1);
        uat_put_bits(f.byte, 17, 5, 4, 13);
        const struct message m = decoded(&f);
        assert_string_equal(uat_qualifier_name(q), want[q].name);
        assert_int_equal(m.origin, want[q].origin);
        assert_int_equal(m.address, 0xa66ef1 | (want[q].is_icao ? 0 : ADDRESS_NON_ICAO));
        const bool is_ground = q == 2 || q == 3 || q == 6;
        says(&m, FIELD_TISB_SITE, is_ground ? 13 : ABSENT);
        says(&m, FIELD_UPLINK_FEEDBACK, is_ground || q == 7 ? ABSENT : 5);
    }
}

static void nothing_sent_is_nothing_said(void **state)
{
    (void)state;
    const struct uat_frame f = blank(UAT_SHORT, 0, 0, 0x123456);
    const struct message m = decoded(&f);
    assert_false(m.has_place);
    says(&m, FIELD_ALT_BARO, ABSENT);
    says(&m, FIELD_GS, ABSENT);
    says(&m, FIELD_NORTH_VELOCITY, ABSENT);
    says(&m, FIELD_GEOM_RATE, ABSENT);
    says(&m, FIELD_RC, ABSENT);
    says(&m, FIELD_NIC, 0);
}

static void state_vector_in_the_air(void **state)
{
    (void)state;
    struct uat_frame f = blank(UAT_SHORT, 0, 0, 0xa66ef1);
    uat_put_bits(f.byte, 5, 1, 23, 0x400000 - 0x100000); /* 67.5 N */
    uat_put_bits(f.byte, 7, 8, 24, 0xc00000);            /* 90 W */
    uat_put_bits(f.byte, 11, 1, 12, 41 + 4);
    uat_put_bits(f.byte, 12, 5, 4, 8);
    uat_put_bits(f.byte, 13, 4, 1, 1);
    uat_put_bits(f.byte, 13, 5, 10, 301); /* 300 kt south */
    uat_put_bits(f.byte, 14, 8, 10, 401); /* 400 kt east */
    uat_put_bits(f.byte, 16, 2, 1, 1);
    uat_put_bits(f.byte, 16, 3, 1, 1);
    uat_put_bits(f.byte, 16, 4, 9, 11); /* 640 fpm down */
    struct message m = decoded(&f);
    assert_true(m.has_place);
    assert_int_equal(m.lat_e7, 675000000);
    assert_int_equal(m.lon_e7, -900000000);
    says(&m, FIELD_ALT_BARO, 100);
    says(&m, FIELD_NIC, 8);
    says(&m, FIELD_RC, 185);
    says(&m, FIELD_GROUND, 0);
    says(&m, FIELD_NORTH_VELOCITY, -300);
    says(&m, FIELD_EAST_VELOCITY, 400);
    says(&m, FIELD_GS, 50000);
    says(&m, FIELD_TRACK, 12687);
    says(&m, FIELD_BARO_RATE, -640);
    uat_put_bits(f.byte, 13, 1, 2, 1);        /* supersonic: four times as fast */
    uat_put_bits(f.byte, 10, 8, 1, 1);        /* the altitude is geometric */
    uat_put_bits(f.byte, 5, 1, 23, 0x700000); /* 22.5 S */
    m = decoded(&f);
    says(&m, FIELD_SUPERSONIC, 1);
    says(&m, FIELD_GS, 200000);
    says(&m, FIELD_ALT_GEOM, 100);
    says(&m, FIELD_ALT_BARO, ABSENT);
    assert_int_equal(m.lat_e7, -225000000);
}

static void state_vector_on_the_ground(void **state)
{
    (void)state;
    struct uat_frame f = blank(UAT_SHORT, 0, 4, 0xa66ef1);
    uat_put_bits(f.byte, 13, 1, 2, 2);
    uat_put_bits(f.byte, 13, 5, 10, 13);
    uat_put_bits(f.byte, 15, 1, 9, 128);
    uat_put_bits(f.byte, 16, 2, 4, 5);
    uat_put_bits(f.byte, 16, 8, 3, 2); /* 4 m left */
    static const enum field angle[4] = {FIELD_COUNT, FIELD_TRACK, FIELD_MAG_HEADING,
                                        FIELD_TRUE_HEADING};
    for (unsigned kind = 0; kind < 4; kind++) {
        uat_put_bits(f.byte, 14, 7, 2, kind);
        const struct message m = decoded(&f);
        for (unsigned k = 1; k < 4; k++) {
            says(&m, angle[k], k == kind ? 9000 : ABSENT);
        }
        says(&m, FIELD_GROUND, 1);
        says(&m, FIELD_GS, 1200);
        says(&m, FIELD_LENGTH, 350);
        says(&m, FIELD_WIDTH, 380);
        says(&m, FIELD_GPS_LATERAL, -4);
    }
    uat_put_bits(f.byte, 16, 7, 1, 1);
    uat_put_bits(f.byte, 16, 8, 5, 1);
    struct message m = decoded(&f);
    says(&m, FIELD_GPS_OFFSET_APPLIED, 1);
    says(&m, FIELD_GPS_LATERAL, ABSENT);
    uat_put_bits(f.byte, 16, 8, 5, 9);
    m = decoded(&f);
    says(&m, FIELD_GPS_LONGITUDINAL, 16);
}

static void put_names(struct uat_frame *f, unsigned category, const char *id)
{
    static const char letter[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
    uint32_t digit[9] = {category};
    for (unsigned i = 0; i < 8; i++) {
        digit[i + 1] = (uint32_t)(strchr(letter, id[i]) - letter);
    }
    for (unsigned i = 0; i < 3; i++) {
        const uint32_t *d = digit + 3 * i;
        uat_put_bits(f->byte, 18 + 2 * i, 1, 16, d[0] * 1600 + d[1] * 40 + d[2]);
    }
}

static void mode_status_says_who_and_how_well(void **state)
{
    (void)state;
    struct uat_frame f = blank(UAT_LONG, 1, 0, 0xa66ef1);
    put_names(&f, 9, "N512SR  ");
    uat_put_bits(f.byte, 24, 1, 3, EMERGENCY_MINFUEL);
    uat_put_bits(f.byte, 24, 4, 3, 2);
    uat_put_bits(f.byte, 26, 1, 4, 10);
    uat_put_bits(f.byte, 27, 2, 1, 1);
    uat_put_bits(f.byte, 27, 7, 2, 3);
    uat_put_bits(f.byte, 30, 1, 12, 41);
    struct message m = decoded(&f);
    assert_memory_equal(m.flight, "N512SR  ", 8);
    says(&m, FIELD_FLIGHT, 0);
    says(&m, FIELD_CATEGORY, 0xb1);
    says(&m, FIELD_EMERGENCY, EMERGENCY_MINFUEL);
    says(&m, FIELD_VERSION, 2);
    says(&m, FIELD_NAC_P, 10);
    says(&m, FIELD_ES_IN, 1);
    says(&m, FIELD_UAT_IN, 0);
    says(&m, FIELD_SIL_TYPE, SIL_PER_SAMPLE);
    says(&m, FIELD_ALT_GEOM, 0); /* the auxiliary state vector's: the other kind */
    uat_put_bits(f.byte, 27, 7, 1, 0);
    m = decoded(&f); /* CSID 0: a Mode A code, which this is not */
    says(&m, FIELD_FLIGHT, ABSENT);
    says(&m, FIELD_SQUAWK, ABSENT);
    put_names(&f, 1, "7612    ");
    m = decoded(&f);
    says(&m, FIELD_SQUAWK, 07612);
    assert_true(m.n < MESSAGE_ITEMS_MAX);
}

static void target_state_stands_in_two_places(void **state)
{
    (void)state;
    static const struct {
        unsigned type, at;
    } where[] = {{3, 30}, {4, 30}, {6, 25}};
    for (unsigned i = 0; i < 3; i++) {
        struct uat_frame f = blank(UAT_LONG, where[i].type, 0, 0xa66ef1);
        const unsigned at = where[i].at;
        uat_put_bits(f.byte, at, 2, 11, 1 + 250);
        uat_put_bits(f.byte, at + 1, 5, 9, 1 + 266);
        uat_put_bits(f.byte, at + 2, 6, 1, 1);
        uat_put_bits(f.byte, at + 2, 7, 9, 384);
        uat_put_bits(f.byte, at + 3, 8, 1, 1);
        uat_put_bits(f.byte, at + 4, 1, 5, 0x15);
        const struct message m = decoded(&f);
        says(&m, FIELD_NAV_ALT_MCP, 8000);
        says(&m, FIELD_NAV_QNH, 10128);
        says(&m, FIELD_NAV_HEADING, 27000);
        says(&m, FIELD_NAV_MODES, NAV_AUTOPILOT | NAV_ALTHOLD | NAV_LNAV);
    }
}

static void a_basic_payload_has_no_more_than_a_state_vector(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 32; type++) {
        struct uat_frame f = blank(UAT_SHORT, type, 0, 0xa66ef1);
        memset(f.byte + UAT_SHORT, 0xff, sizeof f.byte - UAT_SHORT); /* of the frame before */
        const struct message m = decoded(&f);
        says(&m, FIELD_VERSION, ABSENT);
        says(&m, FIELD_NAV_MODES, ABSENT);
        says(&m, FIELD_ALT_GEOM, ABSENT);
        says(&m, FIELD_NIC, type <= 10 ? 0 : ABSENT);
    }
}

/* ---- uplinks ---- */

/* Text as DLAC from bit 1 of p on; capitals, digits, blanks and RS. Returns the bytes. */
static unsigned dlac(uint8_t *p, const char *text)
{
    unsigned at = 0;
    for (; *text; text++, at += 6) {
        const unsigned code = *text == 0x1e  ? 29u
                              : *text >= 'A' ? (unsigned)(*text - 'A' + 1)
                                             : (unsigned)*text;
        uat_put_bits(p, 1 + at / 8, 1 + at % 8, 6, code);
    }
    return (at + 7) / 8;
}

static void uplink_gives_text_and_stops_where_it_ends(void **state)
{
    (void)state;
    struct uat_frame f = {.n = UAT_UPLINK};
    uat_put_bits(f.byte, 7, 3, 1, 1);
    uat_put_bits(f.byte, 7, 4, 5, 22);
    uat_put_bits(f.byte, 8, 1, 4, 11);
    uint8_t *p = f.byte + 8;
    const unsigned n = dlac(p + 2 + 4, "METAR KSFO 121056Z 29008KT\x1e");
    uat_put_bits(p, 1, 1, 9, 4 + n);
    uat_put_bits(p, 3, 4, 11, 413);
    uat_put_bits(p, 5, 2, 5, 10);
    uat_put_bits(p, 5, 7, 6, 56);
    uat_put_bits(p + 2 + 4 + n, 1, 1, 9, 424); /* more than there is */
    struct uat_uplink u;
    assert_true(uat_uplink_read(&f, &u));
    assert_int_equal(u.slot, 22);
    assert_int_equal(u.site, 11);
    struct uat_walk w;
    struct uat_info i;
    struct uat_fisb b;
    char text[UAT_TEXT_MAX];
    uat_walk_start(&w, &f, &u);
    assert_true(uat_walk_next(&w, &i));
    assert_true(uat_fisb_read(&i, &b));
    assert_int_equal(b.product, 413);
    assert_int_equal(b.hour, 10);
    assert_int_equal(b.minute, 56);
    assert_int_equal(b.month, FISB_NONE);
    const size_t length = uat_fisb_text(&b, text, sizeof text);
    assert_memory_equal(text, "METAR KSFO 121056Z 29008KT\x1e", 27);
    assert_in_range(length, 27, 28);
    assert_int_equal(uat_fisb_text(&b, text, 5), 5);
    assert_false(uat_walk_next(&w, &i));
    assert_false(uat_walk_next(&w, &i));
    struct message m = decoded(&f);
    assert_int_equal(m.address, ADDRESS_NONE);
}

static void a_head_is_as_long_as_its_options(void **state)
{
    (void)state;
    static const unsigned need[4] = {4, 5, 5, 6}, with_parts[4] = {7, 8, 9, 9};
    for (unsigned option = 0; option < 4; option++) {
        for (unsigned parts = 0; parts < 2; parts++) {
            uint8_t data[12] = {0};
            uat_put_bits(data, 2, 7, 1, parts);
            uat_put_bits(data, 2, 8, 2, option);
            const unsigned want = parts ? with_parts[option] : need[option];
            struct uat_info i = {.data = data, .n = (uint16_t)(want - 1)};
            struct uat_fisb b;
            assert_false(uat_fisb_read(&i, &b));
            i.n = (uint16_t)want;
            assert_true(uat_fisb_read(&i, &b));
            assert_int_equal(b.n, 0);
            assert_int_equal(b.second == FISB_NONE, !(option & 1));
            assert_int_equal(b.day == FISB_NONE, !(option & 2));
        }
    }
}

static void a_tabulator_is_blanks(void **state)
{
    (void)state;
    uint8_t p[3] = {0};
    uat_put_bits(p, 1, 1, 6, 1);
    uat_put_bits(p, 1, 7, 6, 28);
    uat_put_bits(p, 2, 5, 6, 3);
    uat_put_bits(p, 3, 3, 6, 2);
    char text[8];
    assert_int_equal(uat_dlac(p, 3, text, sizeof text), 5);
    assert_memory_equal(text, "A   B", 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_lie_where_the_standard_counts),
        cmocka_unit_test(qualifiers_keep_who_speaks),
        cmocka_unit_test(nothing_sent_is_nothing_said),
        cmocka_unit_test(state_vector_in_the_air),
        cmocka_unit_test(state_vector_on_the_ground),
        cmocka_unit_test(mode_status_says_who_and_how_well),
        cmocka_unit_test(target_state_stands_in_two_places),
        cmocka_unit_test(a_basic_payload_has_no_more_than_a_state_vector),
        cmocka_unit_test(uplink_gives_text_and_stops_where_it_ends),
        cmocka_unit_test(a_head_is_as_long_as_its_options),
        cmocka_unit_test(a_tabulator_is_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
