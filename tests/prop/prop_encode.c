/* encode∘decode = identity: of any state whose values its fields can say, what is decoded is the
   state; and any string of 56 or 112 bits is decoded to values within their fields' ranges. */
#include "base/rng.h"
#include "encode/encode.h"
#include "modes/altitude.h"
#include "modes/nic.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 100000 };

static struct rng rng;

static int32_t below(uint32_t n)
{
    return (int32_t)rng_below(&rng, n);
}

static bool coin(void)
{
    return below(2) != 0;
}

/* n steps from low, or now and then not known. */
static int32_t step_of(int32_t low, int32_t step, uint32_t n)
{
    return below(8) == 0 ? MODES_UNKNOWN : low + step * below(n);
}

static int32_t random_altitude(void)
{
    switch (below(8)) {
    case 0:
        return MODES_UNKNOWN;
    case 1:
        return 50200 + 100 * below(766); /* Gillham's */
    default:
        return -1000 + 25 * below(2048);
    }
}

/* n 2^-bits of a turn in 0.01 degrees, as decoded. */
static int32_t angle(uint32_t n, unsigned bits)
{
    return (int32_t)((n * UINT64_C(36000) + (UINT64_C(1) << (bits - 1))) >> bits) % 36000;
}

static struct encode_state random_state(void)
{
    struct encode_state s = encode_state_unknown();
    s.address = rng_below(&rng, 1u << 24);
    s.ground = coin();
    s.at.lat_e7 = (int32_t)(rng_unit(&rng) * 1.8e9 - 9e8);
    s.at.lon_e7 = (int32_t)(rng_unit(&rng) * 3.6e9 - 1.8e9);
    s.alt_baro_ft = random_altitude();
    s.baro_rate_fpm = step_of(-32576, 64, 1019);
    for (unsigned i = 0; i < sizeof s.flight; i++) {
        s.flight[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789"[below(37)];
    }
    s.squawk = (uint16_t)below(4096);
    s.category = (uint8_t)(0xa0 + 16 * below(4) + below(8));
    s.version = (uint8_t)below(3);
    s.nic = (uint8_t)below(12);
    s.nac_p = (uint8_t)below(12);
    s.nac_v = (uint8_t)below(5);
    s.sil = (uint8_t)below(4);
    s.gva = (uint8_t)below(3);
    s.sda = (uint8_t)below(4);
    s.nic_baro = coin();
    s.emergency = (uint8_t)below(8);
    s.nav_altitude_mcp_ft = step_of(0, 32, 2047);
    s.nav_qnh_e1_hpa = step_of(8000, 8, 511);
    s.has = (uint8_t)below(16);
    s.nav_modes = (uint8_t)below(32);
    s.tcas = coin();
    s.nav_modes |= s.tcas ? NAV_TCAS : 0;
    s.nav_altitude_fms_ft = 32 * below(2047);
    s.nav_heading_e2_deg = angle(rng_below(&rng, 512), 9);
    s.geom_rate_fpm = -32576 + 64 * below(1019);
    s.alert = coin();
    s.spi = coin();
    s.hrd = coin();
    s.surface_heading = coin();
    s.sil_per_sample = coin();
    s.size_code = (uint8_t)below(16);
    s.interrogator = (uint8_t)below(80);
    s.resolution = (uint16_t)below(1 << 14);
    return s;
}

static struct message decoded(const struct frame *f)
{
    const struct modes_options o = {0};
    struct message m;
    modes_decode(f, &o, &m);
    return m;
}

static struct message squitter(const struct encode_state *s, const struct frame *f)
{
    const struct message m = decoded(f);
    assert_int_equal(m.parity, PARITY_OK);
    assert_int_equal(m.df, 17);
    assert_int_equal(m.address, s->address);
    return m;
}

/* MODES_UNKNOWN and an absent item are the same thing. */
static int32_t said(const struct message *m, enum field f)
{
    return message_get(m, f, MODES_UNKNOWN);
}

static void position(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct encode_state s = random_state();
        const bool odd = coin(), gnss = !s.ground && below(4) == 0;
        static const int32_t gs_e2[] = {0, 13, 50, 100, 175, 250, 1450, 1500, 6900, 9800, 17000};
        s.gs_e2_kt = below(8) ? gs_e2[below(11)] : MODES_UNKNOWN;
        s.track_e2_deg = below(8) ? angle(rng_below(&rng, 128), 7) : MODES_UNKNOWN;
        if (gnss) {
            s.alt_geom_ft = random_altitude();
            s.alt_baro_ft = MODES_UNKNOWN;
        }
        struct frame f;
        encode_position(&s, odd, &f);
        const struct message m = squitter(&s, &f);
        struct cpr_position p;
        const uint32_t half[2] = {m.cpr.lat, m.cpr.lon};
        assert_true(m.cpr.present && m.cpr.odd == odd && m.cpr.surface == s.ground);
        assert_int_equal(cpr_local(half, odd, s.ground, s.at, &p), CPR_OK);
        assert_true(abs(p.lat_e7 - s.at.lat_e7) < 300);
        assert_int_equal(said(&m, FIELD_GROUND), s.ground);
        if (s.ground) {
            assert_int_equal(said(&m, FIELD_GS), s.gs_e2_kt);
            assert_int_equal(said(&m, FIELD_TRACK), s.track_e2_deg);
        } else {
            assert_int_equal(said(&m, FIELD_ALT_BARO), s.alt_baro_ft);
            assert_int_equal(said(&m, FIELD_ALT_GEOM), s.alt_geom_ft);
            assert_int_equal(said(&m, FIELD_ALERT), s.alert);
        }
    }
}

/* NIC goes in two messages: position and operational status together tell it. */
static void containment(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct encode_state s = random_state();
        s.version = (uint8_t)(1 + below(2));
        struct frame f;
        encode_position(&s, coin(), &f);
        const struct message place = squitter(&s, &f);
        encode_operational(&s, &f);
        const struct message status = squitter(&s, &f);
        uint8_t nic;
        int32_t rc_m;
        assert_true(modes_nic(place.tc, s.version, message_get(&status, FIELD_NIC_A, 0),
                              message_get(&place, FIELD_NIC_B, 0),
                              message_get(&status, FIELD_NIC_C, 0), &nic, &rc_m));
        if (!s.ground) {
            assert_int_equal(nic, s.nic);
        } else if (s.version == 2) {
            assert_int_equal(nic, s.nic < 6 ? 0 : s.nic);
        }
    }
}

static void identification(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        const struct encode_state s = random_state();
        struct frame f;
        encode_identification(&s, &f);
        const struct message m = squitter(&s, &f);
        assert_int_equal(said(&m, FIELD_CATEGORY), s.category);
        if (memcmp(s.flight, "        ", 8) != 0) {
            assert_int_equal(said(&m, FIELD_FLIGHT), 0);
            assert_memory_equal(m.flight, s.flight, 8);
        }
    }
}

/* Whole components; faster than 1,021 kt only fours of knots can be said. */
static void velocity(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct encode_state s = random_state();
        const bool has_delta = coin() && s.alt_baro_ft != MODES_UNKNOWN;
        const int32_t delta = 25 * (below(251) - 125);
        s.alt_geom_ft = has_delta ? s.alt_baro_ft + delta : MODES_UNKNOWN;
        const uint32_t speed = rng_below(&rng, coin() ? 102100 : 360000);
        s.gs_e2_kt = (int32_t)speed;
        s.track_e2_deg = below(36000);
        struct frame f, again;
        encode_velocity(&s, &f);
        const struct message m = squitter(&s, &f);
        struct encode_state t = s;
        t.gs_e2_kt = said(&m, FIELD_GS);
        t.track_e2_deg = said(&m, FIELD_TRACK);
        /* One step of a component, and the direction to match. */
        assert_true(abs(t.gs_e2_kt - s.gs_e2_kt) <= (speed > 102100 ? 300 : 75));
        /* What was decoded is on the grid: it comes back as it is. */
        encode_velocity(&t, &again);
        const struct message same = squitter(&s, &again);
        assert_int_equal(said(&same, FIELD_GS), t.gs_e2_kt);
        assert_int_equal(said(&same, FIELD_TRACK), t.track_e2_deg);
        const bool geometric = s.baro_rate_fpm == MODES_UNKNOWN && (s.has & ENCODE_GEOM_RATE);
        assert_int_equal(said(&m, FIELD_BARO_RATE), s.baro_rate_fpm);
        assert_int_equal(said(&m, FIELD_GEOM_RATE), geometric ? s.geom_rate_fpm : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_GEO_DELTA), has_delta ? delta : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_NAC_V), s.nac_v);
    }
}

static void airspeed(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct encode_state s = random_state();
        const int32_t kt = coin() ? below(1022) : 4 * (256 + below(766));
        const bool tas = coin();
        *(tas ? &s.tas_kt : &s.ias_kt) = kt;
        s.mag_heading_e2_deg = coin() ? angle(rng_below(&rng, 1024), 10) : MODES_UNKNOWN;
        struct frame f;
        encode_velocity(&s, &f);
        const struct message m = squitter(&s, &f);
        assert_int_equal(said(&m, FIELD_TAS), s.tas_kt);
        assert_int_equal(said(&m, FIELD_IAS), s.ias_kt);
        assert_int_equal(said(&m, FIELD_MAG_HEADING), s.mag_heading_e2_deg);
    }
}

static void status(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        const struct encode_state s = random_state();
        struct frame f;
        encode_status(&s, &f);
        struct message m = squitter(&s, &f);
        assert_int_equal(said(&m, FIELD_EMERGENCY), s.emergency);
        assert_int_equal(said(&m, FIELD_SQUAWK), s.squawk ? s.squawk : MODES_UNKNOWN);
        encode_advisory(&s, &f);
        m = squitter(&s, &f);
        assert_int_equal(said(&m, FIELD_ACAS_RA), s.resolution);
    }
}

static void target_state(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct encode_state s = random_state();
        s.version = (uint8_t)(1 + below(2));
        if (s.version == 1) { /* other steps, and no pressure or modes */
            s.nav_altitude_mcp_ft = step_of(-1000, 100, 1011);
            s.nav_altitude_fms_ft = -1000 + 100 * below(1011);
            s.nav_heading_e2_deg = 100 * below(360);
        }
        struct frame f;
        encode_target_state(&s, &f);
        const struct message m = squitter(&s, &f);
        const bool fms =
            s.nav_altitude_mcp_ft == MODES_UNKNOWN && (s.has & ENCODE_NAV_ALTITUDE_FMS);
        assert_int_equal(said(&m, FIELD_NAV_ALT_MCP), s.nav_altitude_mcp_ft);
        assert_int_equal(said(&m, FIELD_NAV_ALT_FMS), fms ? s.nav_altitude_fms_ft : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_NAV_HEADING),
                         s.has & ENCODE_NAV_HEADING ? s.nav_heading_e2_deg : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_NAC_P), s.nac_p);
        assert_int_equal(said(&m, FIELD_NIC_BARO), s.nic_baro);
        assert_int_equal(said(&m, FIELD_SIL), s.sil);
        assert_int_equal(said(&m, FIELD_TCAS), s.tcas);
        if (s.version == 2) {
            assert_int_equal(said(&m, FIELD_NAV_QNH), s.nav_qnh_e1_hpa);
            assert_int_equal(said(&m, FIELD_NAV_MODES),
                             s.has & ENCODE_NAV_MODES ? s.nav_modes : MODES_UNKNOWN);
            assert_int_equal(said(&m, FIELD_SIL_TYPE),
                             s.sil_per_sample ? SIL_PER_SAMPLE : SIL_PER_HOUR);
        } else {
            assert_int_equal(said(&m, FIELD_EMERGENCY), s.emergency);
        }
    }
}

static void operational(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        const struct encode_state s = random_state();
        struct frame f;
        encode_operational(&s, &f);
        const struct message m = squitter(&s, &f);
        const bool some = s.version > 0, two = s.version == 2;
        assert_int_equal(said(&m, FIELD_VERSION), s.version);
        assert_int_equal(said(&m, FIELD_NAC_P), some ? s.nac_p : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_SIL), some ? s.sil : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_HRD), some ? s.hrd : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_SDA), two ? s.sda : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_GVA), two && !s.ground ? s.gva : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_NIC_BARO), some && !s.ground ? s.nic_baro : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_TCAS), some && !s.ground ? s.tcas : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_NAC_V), two && s.ground ? s.nac_v : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_SURFACE_HEADING),
                         some && s.ground ? s.surface_heading : MODES_UNKNOWN);
    }
}

static void replies(void **state)
{
    (void)state;
    static const uint8_t formats[] = {0, 4, 5, 16, 20, 21};
    for (int i = 0; i < RUNS; i++) {
        const struct encode_state s = random_state();
        const unsigned df = formats[below(6)];
        struct frame f;
        if (df < 16) {
            encode_short_surveillance(&s, df, &f);
        } else {
            encode_long_reply(&s, df, rng_next(&rng) >> 8, &f);
        }
        struct message m = decoded(&f);
        assert_int_equal(m.df, df);
        assert_int_equal(m.parity, PARITY_ADDRESS);
        assert_int_equal(m.address, s.address);
        assert_int_equal(said(&m, FIELD_SQUAWK), df & 1 ? s.squawk : MODES_UNKNOWN);
        assert_int_equal(said(&m, FIELD_ALT_BARO), df & 1 ? MODES_UNKNOWN : s.alt_baro_ft);
        encode_all_call(&s, &f);
        m = decoded(&f);
        assert_int_equal(m.address, s.address);
        assert_int_equal(said(&m, FIELD_INTERROGATOR), s.interrogator);
        assert_int_equal(said(&m, FIELD_GROUND), s.ground);
        encode_mode_a(&s, &f);
        m = decoded(&f);
        assert_int_equal(said(&m, FIELD_SQUAWK), s.squawk);
        encode_mode_c(&s, &f);
        m = decoded(&f);
        if (s.alt_baro_ft != MODES_UNKNOWN && s.alt_baro_ft % 100 == 0) {
            assert_int_equal(said(&m, FIELD_ALT_BARO), s.alt_baro_ft);
        }
    }
}

/* The least and the most each field can be. */
static void assert_item_range(const struct message_item *item)
{
    static const struct {
        uint8_t field;
        int32_t least, most;
    } row[] = {{FIELD_ALT_BARO, -1200, 134350},
               {FIELD_ALT_GEOM, -1200, 126700},
               {FIELD_GS, 0, 577700},
               {FIELD_TRACK, 0, 35999},
               {FIELD_BARO_RATE, -32576, 32576},
               {FIELD_GEOM_RATE, -32576, 32576},
               {FIELD_SQUAWK, 0, 07777},
               {FIELD_CATEGORY, 0xa0, 0xd7},
               {FIELD_EMERGENCY, 0, 7},
               {FIELD_NIC, 0, 11},
               {FIELD_RC, 8, 37040},
               {FIELD_VERSION, 0, 3},
               {FIELD_NAC_P, 0, 11},
               {FIELD_NAC_V, 0, 4},
               {FIELD_SIL, 0, 3},
               {FIELD_GVA, 0, 2},
               {FIELD_NAV_ALT_MCP, -1000, 100000},
               {FIELD_NAV_ALT_FMS, -1000, 100000},
               {FIELD_NAV_QNH, 8000, 12080},
               {FIELD_NAV_HEADING, 0, 35999},
               {FIELD_IAS, 0, 4084},
               {FIELD_TAS, 0, 4084},
               {FIELD_MAG_HEADING, 0, 35999},
               {FIELD_GEO_DELTA, -3125, 3125},
               {FIELD_INTERROGATOR, 0, 79}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (item->field == row[i].field) {
            assert_true(item->value >= row[i].least && item->value <= row[i].most);
        }
    }
    if (field_row[item->field].kind == FIELD_KIND_FLAG) {
        assert_true(item->value == 0 || item->value == 1);
    }
}

static void any_bits(void **state)
{
    (void)state;
    for (int i = 0; i < 5 * RUNS; i++) {
        struct frame f = {.tick = FRAME_NO_TICK, .n = i % 3 == 0 ? FRAME_SHORT : FRAME_LONG};
        for (unsigned k = 0; k < f.n; k++) {
            f.byte[k] = (uint8_t)rng_next(&rng);
        }
        if (i % 3 == 1) { /* mostly the formats that say most */
            f.byte[0] = (uint8_t)((17 + below(2)) << 3 | below(8));
        }
        const struct modes_options o = {(uint8_t)below(3)};
        struct message m;
        const enum message_parity parity = modes_decode(&f, &o, &m);
        assert_int_equal(parity, m.parity);
        assert_true(m.n <= MESSAGE_ITEMS_MAX && m.corrected <= o.repair_bits);
        assert_true(m.address <= 0xffffff || m.address == ADDRESS_NONE ||
                    (m.address & ~UINT32_C(0xffffff)) == ADDRESS_NON_ICAO);
        uint64_t seen = 0, seen_high = 0;
        for (unsigned k = 0; k < m.n; k++) {
            const uint8_t field = m.item[k].field;
            assert_true(field < FIELD_COUNT);
            uint64_t *bits = field < 64 ? &seen : &seen_high;
            assert_false(*bits >> (field & 63) & 1); /* each quantity once */
            *bits |= UINT64_C(1) << (field & 63);
            assert_item_range(&m.item[k]);
        }
    }
}

int main(void)
{
    rng.state = seed_of_run();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(position),       cmocka_unit_test(containment),
        cmocka_unit_test(identification), cmocka_unit_test(velocity),
        cmocka_unit_test(airspeed),       cmocka_unit_test(status),
        cmocka_unit_test(target_state),   cmocka_unit_test(operational),
        cmocka_unit_test(replies),        cmocka_unit_test(any_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
