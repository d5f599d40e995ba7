/* Comm-B registers: the worked examples of "The 1090 Megahertz Riddle" (J. Sun, 2nd edition), bits
   set by hand from the tables in the registers' heads, and when nothing is named. */
#include "modes/bds/bds.h"
#include "modes/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { NONE_OF_IT = -1 };

struct item {
    enum field field;
    int32_t value;
};

struct example {
    uint64_t mb;
    int32_t alt_ft;
    uint8_t bds;
    struct item item[8]; /* up to the first FIELD_POSITION, which no register gives */
};

static struct message reply(uint64_t mb, int32_t alt_ft)
{
    struct message m;
    message_start(&m);
    m.df = 20;
    m.payload = mb;
    if (alt_ft != MODES_UNKNOWN) {
        message_add(&m, FIELD_ALT_BARO, alt_ft);
    }
    return m;
}

static void check(const struct message *m, const struct example *e)
{
    if (m->bds != e->bds) {
        fail_msg("%014llx is %02x, not %02x", (unsigned long long)e->mb, m->bds, e->bds);
    }
    for (size_t i = 0; i < 8 && e->item[i].field != FIELD_POSITION; i++) {
        const int32_t got = message_get(m, e->item[i].field, MODES_UNKNOWN);
        if (got != e->item[i].value) {
            fail_msg("%02x: %s is %d, not %d", e->bds, field_row[e->item[i].field].key, got,
                     e->item[i].value);
        }
    }
}

static const struct example worked[] = {
    {UINT64_C(0x202cc371c31de0), MODES_UNKNOWN, 0x20, {{FIELD_FLIGHT, 0}}},
    {UINT64_C(0xfa81c100000000), MODES_UNKNOWN, 0x17, {{FIELD_GICB, 0xfa81c1}}},
    {UINT64_C(0x85e42f31300000),
     MODES_UNKNOWN,
     0x40,
     {{FIELD_NAV_ALT_MCP, 3008}, {FIELD_NAV_ALT_FMS, 3008}, {FIELD_NAV_QNH, 10200}}},
    {UINT64_C(0x185bd5cf400000),
     35000,
     0x44,
     {{FIELD_WIND_SPEED, 22}, {FIELD_WIND_DIR, 345}, {FIELD_OAT, -488}, {FIELD_FIGURE, 1}}},
    {UINT64_C(0x81951536e024d4),
     MODES_UNKNOWN,
     0x50,
     {{FIELD_ROLL, 211},
      {FIELD_TRACK, 11426},
      {FIELD_GS, 43800},
      {FIELD_TRACK_RATE, 13},
      {FIELD_TAS, 424}}},
    {UINT64_C(0x8f39f91a7e27c4),
     MODES_UNKNOWN,
     0x60,
     {{FIELD_MAG_HEADING, 4271},
      {FIELD_IAS, 252},
      {FIELD_MACH, 420},
      {FIELD_BARO_RATE, -1920},
      {FIELD_GEOM_RATE, -1920}}},
};

static void worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++) {
        struct message m = reply(worked[i].mb, worked[i].alt_ft);
        assert_int_equal(modes_comm_b(&m, NULL), worked[i].bds);
        check(&m, &worked[i]);
        if (m.bds == 0x20) {
            assert_memory_equal(m.flight, "KLM1017 ", 8);
        }
    }
}

/* v as bits first..last. */
#define AT(first, last, v) (((uint64_t)(v) << (56 - (last))) & MB(first, last))

/* 5,1: 45 N 1.5 W, 34,000 ft. */
static const uint64_t place =
    AT(1, 1, 1) | AT(2, 21, 131072) | AT(22, 41, -4369) | AT(42, 56, 4250);

static const struct example by_hand[] = {
    /* 4,5: light turbulence, no shear, -50.25 C, 262 hPa, 8,000 ft above ground */
    {AT(1, 1, 1) | AT(2, 3, 1) | AT(4, 4, 1) | AT(16, 16, 1) | AT(17, 26, -201) | AT(27, 27, 1) |
         AT(28, 38, 262) | AT(39, 39, 1) | AT(40, 51, 500),
     33000,
     0x45,
     {{FIELD_TURBULENCE, 1},
      {FIELD_WIND_SHEAR, 0},
      {FIELD_OAT, -503},
      {FIELD_PRESSURE, 262},
      {FIELD_RADIO_HEIGHT, 8000}}},
    /* 5,3: heading 90, 280 kt, Mach 0.776, 455.5 kt, -640 ft/min */
    {AT(1, 1, 1) | AT(2, 12, 512) | AT(13, 13, 1) | AT(14, 23, 280) | AT(24, 24, 1) |
         AT(25, 33, 97) | AT(34, 34, 1) | AT(35, 46, 911) | AT(47, 47, 1) | AT(48, 56, -10),
     33000,
     0x53,
     {{FIELD_MAG_HEADING, 9000},
      {FIELD_IAS, 280},
      {FIELD_MACH, 776},
      {FIELD_TAS, 456},
      {FIELD_BARO_RATE, -640}}},
    /* 3,0: corrective, climb; multiple bits of a real advisory */
    {AT(1, 8, 0x30) | AT(9, 9, 1) | AT(10, 10, 1) | AT(23, 26, 4),
     MODES_UNKNOWN,
     0x30,
     {{FIELD_ACAS_RA, 0x3000}}},
    {AT(1, 8, 0x10) | AT(16, 16, 1) | AT(17, 23, 5) | AT(25, 25, 1) | AT(33, 36, 15),
     MODES_UNKNOWN,
     0x10,
     {{FIELD_POSITION, 0}}},
    /* 1,8: 3,0 2,0 1,8 1,7 1,0 0,9 0,8 0,6 0,5 */
    {AT(9, 9, 1) | AT(25, 25, 1) | AT(33, 33, 1) | AT(34, 34, 1) | AT(41, 41, 1) | AT(48, 49, 3) |
         AT(51, 52, 3),
     MODES_UNKNOWN,
     0x18,
     {{FIELD_POSITION, 0}}},
    /* 1,9: 6,0 5,0 4,0 */
    {AT(17, 17, 1) | AT(33, 33, 1) | AT(49, 49, 1), MODES_UNKNOWN, 0x19, {{FIELD_POSITION, 0}}},
    /* 6,1: no emergency, 1200 */
    {AT(1, 5, 28) | AT(6, 8, 1) | AT(12, 24, 0x0808),
     MODES_UNKNOWN,
     0x61,
     {{FIELD_EMERGENCY, EMERGENCY_NONE}}},
};

static void set_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        struct message m = reply(by_hand[i].mb, by_hand[i].alt_ft);
        modes_comm_b(&m, NULL);
        check(&m, &by_hand[i]);
    }
}

/* "MASAR" and four spaces; "TZABC" and no airline. */
static void texts(void **state)
{
    const uint64_t waypoint = AT(1, 1, 1) | AT(2, 7, 13) | AT(8, 13, 1) | AT(14, 19, 19) |
                              AT(20, 25, 1) | AT(26, 31, 18) | AT(32, 37, 32) | AT(38, 43, 32) |
                              AT(44, 49, 32) | AT(50, 55, 32);
    const uint64_t mark = AT(1, 1, 1) | AT(2, 7, 20) | AT(8, 13, 26) | AT(14, 19, 1) |
                          AT(20, 25, 2) | AT(26, 31, 3) | AT(32, 37, 32) | AT(38, 43, 32);
    (void)state;
    struct message m = reply(waypoint, MODES_UNKNOWN);
    assert_int_equal(modes_comm_b(&m, NULL), 0x41);
    m = reply(mark, MODES_UNKNOWN);
    assert_int_equal(modes_comm_b(&m, NULL), 0x21);
}

static void silent(uint64_t mb, int32_t alt_ft, const struct modes_known *k)
{
    struct message m = reply(mb, alt_ft);
    const uint8_t before = m.n;
    if (modes_comm_b(&m, k) != 0) {
        fail_msg("%014llx named %02x", (unsigned long long)mb, m.bds);
    }
    assert_int_equal(m.n, before);
}

static void silent_when_unsure(void **state)
{
    (void)state;
    silent(0, 10000, NULL);
    silent(UINT64_C(0xffffffffffffff), 10000, NULL);
    /* A place and a height that no reply's altitude confirms. */
    silent(place, MODES_UNKNOWN, NULL);
    /* Undefined characters where BDS 2,0 has its call sign. */
    silent(UINT64_C(0x20e2f6777688db), MODES_UNKNOWN, NULL);
}

static void what_contradicts_is_not_attributed(void **state)
{
    struct modes_known k = modes_known_nothing;
    (void)state;
    k.gs_e2_kt = 43500;
    k.track_e2_deg = 11500;
    struct message m = reply(worked[4].mb, MODES_UNKNOWN);
    assert_int_equal(modes_comm_b(&m, &k), 0x50);
    k.track_e2_deg = 29400; /* the other way */
    silent(worked[4].mb, MODES_UNKNOWN, &k);
    k.track_e2_deg = 11500;
    k.gs_e2_kt = 12000; /* 300 kt slower */
    silent(worked[4].mb, MODES_UNKNOWN, &k);
    /* Airspeed and Mach of 6,0 that do not go together at this altitude. */
    m = reply(worked[5].mb, 6000);
    assert_int_equal(modes_comm_b(&m, NULL), 0x60);
    silent(worked[5].mb, 39000, NULL);
    /* A place 10 degrees off. */
    k = modes_known_nothing;
    k.lat_e7 = 550000000;
    k.lon_e7 = -15000000;
    silent(place, 34000, &k);
}

static void the_report_of_what_is_loaded_counts(void **state)
{
    struct modes_known k = modes_known_nothing;
    (void)state;
    /* The same 4,4 where BDS 1,7 lists it and where it does not. */
    k.gicb = 0xfa8909;
    struct message m = reply(worked[3].mb, MODES_UNKNOWN);
    assert_int_equal(modes_comm_b(&m, &k), 0x44);
    k.gicb = 0xfa8101;
    silent(worked[3].mb, MODES_UNKNOWN, &k);
}

static void memory_decides(void **state)
{
    struct modes_known k = modes_known_nothing;
    (void)state;
    k.lat_e7 = 450200000;
    k.lon_e7 = -15100000;
    struct message m = reply(place, MODES_UNKNOWN);
    assert_int_equal(modes_comm_b(&m, &k), 0x51);
    assert_int_equal(message_get(&m, FIELD_ALT_BARO, NONE_OF_IT), 34000);
}

static void a_known_register_is_read(void **state)
{
    (void)state;
    struct message m = reply(worked[4].mb, MODES_UNKNOWN);
    assert_true(modes_comm_b_as(&m, 0x60));
    assert_int_equal(m.bds, 0x60);
    m = reply(worked[4].mb, MODES_UNKNOWN);
    assert_false(modes_comm_b_as(&m, 0x99));
    assert_int_equal(m.n, 0);
    assert_int_equal(m.bds, 0);
    m = reply(0, MODES_UNKNOWN);
    assert_true(modes_comm_b_as(&m, 0x1a));
}

static void a_nonsense_turn_rate_is_left_out(void **state)
{
    /* Wings level, 12 degrees a second. */
    const uint64_t mb = AT(1, 1, 1) | AT(12, 12, 1) | AT(13, 23, 500) | AT(24, 24, 1) |
                        AT(25, 34, 204) | AT(35, 35, 1) | AT(36, 45, 384) | AT(46, 46, 1) |
                        AT(47, 56, 218);
    (void)state;
    struct message m = reply(mb, 36000);
    assert_true(modes_comm_b_as(&m, 0x50));
    assert_int_equal(message_get(&m, FIELD_GS, NONE_OF_IT), 40800);
    assert_int_equal(message_get(&m, FIELD_TRACK_RATE, NONE_OF_IT), NONE_OF_IT);
}

/* A DF 20 has its altitude from its AC field; BDS 0,5, 5,1 and 5,2 hold one as well. */
static void the_reply_says_its_altitude_itself(void **state)
{
    static const uint8_t with_altitude[] = {0x05, 0x51, 0x52};
    (void)state;
    for (size_t i = 0; i < sizeof with_altitude; i++) {
        struct message m = reply(AT(1, 5, 11) | AT(9, 20, 0xc38) | AT(42, 56, 4000), 36000);
        assert_true(modes_comm_b_as(&m, with_altitude[i]));
        unsigned said = 0;
        for (unsigned k = 0; k < m.n; k++) {
            said += m.item[k].field == FIELD_ALT_BARO;
        }
        assert_int_equal(said, 1);
        assert_int_equal(message_get(&m, FIELD_ALT_BARO, 0), 36000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(set_by_hand),
        cmocka_unit_test(texts),
        cmocka_unit_test(silent_when_unsure),
        cmocka_unit_test(what_contradicts_is_not_attributed),
        cmocka_unit_test(the_report_of_what_is_loaded_counts),
        cmocka_unit_test(memory_decides),
        cmocka_unit_test(a_known_register_is_read),
        cmocka_unit_test(a_nonsense_turn_rate_is_left_out),
        cmocka_unit_test(the_reply_says_its_altitude_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
