/* The codes inside frames: altitude, squawk, call sign, NIC and Rc, speed and direction. */
#include "modes/altitude.h"
#include "modes/callsign.h"
#include "modes/nic.h"
#include "modes/polar.h"
#include "modes/squawk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Gillham codes as tables of Mode C print them, ABCD. */
static void gillham(void **state)
{
    (void)state;
    static const struct {
        uint32_t abcd;
        int32_t ft;
    } row[] = {{00040, -1200}, {00060, -1100}, {00020, -1000}, {00030, -900},
               {00010, -800},  {00410, -700},  {00430, -600},  {00420, -500},
               {00620, 0},     {00630, 100},   {00610, 200},   {03030, 15100}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(altitude_mode_c(row[i].abcd), row[i].ft);
        assert_int_equal(altitude_to_mode_c(row[i].ft), row[i].abcd);
    }
    int codes = 0;
    for (uint32_t abcd = 0; abcd < 010000; abcd++) {
        const int32_t ft = altitude_mode_c(abcd);
        if (ft != ALTITUDE_NONE) {
            codes++;
            assert_true(ft >= -1200 && ft <= 126700 && ft % 100 == 0);
            assert_int_equal(altitude_to_mode_c(ft), abcd);
        }
    }
    assert_int_equal(codes, 1280); /* each 100 ft once */
    assert_int_equal(altitude_mode_c(0), ALTITUDE_NONE);
    assert_int_equal(altitude_to_mode_c(-1251), 0);
    assert_int_equal(altitude_to_mode_c(126750), 0);
    assert_int_equal(altitude_to_mode_c(ALTITUDE_NONE), 0);
}

/* One step of a Gillham code is one pulse: that is what it is for. */
static void gillham_is_gray(void **state)
{
    (void)state;
    for (int32_t ft = -1200; ft < 126700; ft += 100) {
        const uint32_t a = altitude_to_mode_c(ft), b = altitude_to_mode_c(ft + 100);
        assert_int_equal(__builtin_popcount(a ^ b), 1);
    }
}

static void altitude_codes(void **state)
{
    (void)state;
    for (int32_t ft = -1000; ft <= 50175; ft += 25) {
        assert_int_equal(altitude_ac13(altitude_to_ac13(ft)), ft);
        assert_int_equal(altitude_ac12(altitude_to_ac12(ft)), ft);
        assert_int_equal(altitude_ac13(altitude_to_ac13(ft + 12)), ft);
    }
    for (int32_t ft = 50200; ft <= 126700; ft += 100) {
        assert_int_equal(altitude_ac13(altitude_to_ac13(ft)), ft);
        assert_int_equal(altitude_ac12(altitude_to_ac12(ft)), ft);
    }
    assert_int_equal(altitude_ac13(0), ALTITUDE_NONE);
    assert_int_equal(altitude_ac12(0), ALTITUDE_NONE);
    assert_int_equal(altitude_to_ac13(ALTITUDE_NONE), 0);
    assert_int_equal(altitude_to_ac13(INT32_MAX), 0);
    assert_int_equal(altitude_ac13(0x0010), -1000);
    assert_int_equal(altitude_ac13(0x1fbf), 50175);
    /* Meters: 1,000 m is 3,281 ft, whatever Q is. */
    assert_int_equal(altitude_ac13((1000 & 0xfc0) << 1 | 0x40 | (1000 & 0x3f)), 3281);
    for (uint32_t ac = 0; ac < 8192; ac++) {
        const int32_t ft = altitude_ac13(ac);
        assert_true(ft == ALTITUDE_NONE || (ft >= -1200 && ft <= 134350));
    }
}

static void squawks(void **state)
{
    (void)state;
    assert_int_equal(squawk_from_id13(0x0808), 01200);
    assert_int_equal(squawk_to_id13(07700), 0x0aaa);
    for (uint32_t abcd = 0; abcd < 010000; abcd++) {
        assert_int_equal(squawk_from_id13(squawk_to_id13(abcd)), abcd);
        assert_int_equal(squawk_from_id13(squawk_to_id13(abcd) | 0x40), abcd);
        assert_int_equal(squawk_to_id13(abcd) & ~0x1fbfu, 0);
    }
}

static void call_signs(void **state)
{
    (void)state;
    char out[8];
    static const char *const good[] = {"EZY85MH ", "A       ", "ABCDEFGH", "IJKLMNOP",
                                       "QRSTUVWX", "YZ012345", "6789    ", " GAP  X "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(callsign_read(callsign_write(good[i]), out));
        assert_memory_equal(out, good[i], 8);
    }
    assert_false(callsign_read(callsign_write("        "), out)); /* not available */
    assert_false(callsign_read(0, out));
    assert_true(callsign_write("ab-\0    ") == callsign_write("        "));
    for (unsigned code = 0; code < 64; code++) {
        const bool has = (code >= 1 && code <= 26) || (code >= 48 && code <= 57);
        assert_int_equal(callsign_read((callsign_write("AAAAAAAA") & ~UINT64_C(63)) | code, out),
                         has || code == 32);
    }
}

static void assert_nic(unsigned tc, unsigned version, const char *supplements, int nic,
                       int32_t rc_m)
{
    uint8_t n = 99;
    int32_t rc = 99;
    assert_true(modes_nic(tc, version, strchr(supplements, 'A') != NULL,
                          strchr(supplements, 'B') != NULL, strchr(supplements, 'C') != NULL, &n,
                          &rc));
    assert_int_equal(n, nic);
    assert_int_equal(rc, rc_m);
}

static void containment(void **state)
{
    (void)state;
    for (unsigned version = 0; version < 4; version++) {
        assert_nic(5, version, "", 11, 8);
        assert_nic(10, version, "AB", 10, 25);
        assert_nic(12, version, "", 7, 371);
        assert_nic(17, version, "", 1, 37040);
        assert_nic(18, version, "AB", 0, -1);
        assert_nic(22, version, "", 0, -1);
    }
    assert_nic(16, 0, "AB", 1, 18520);
    assert_nic(16, 1, "", 2, 14816);
    assert_nic(16, 1, "A", 3, 7408);
    assert_nic(16, 2, "A", 2, 14816);
    assert_nic(16, 2, "AB", 3, 7408);
    assert_nic(11, 0, "AB", 8, 186);
    assert_nic(11, 1, "A", 9, 75);
    assert_nic(11, 2, "AB", 9, 75);
    assert_nic(11, 2, "B", 8, 186);
    assert_nic(13, 1, "", 6, 926);
    assert_nic(13, 1, "A", 6, 1112);
    assert_nic(13, 2, "B", 6, 556);
    assert_nic(13, 2, "AB", 6, 1112);
    assert_nic(13, 2, "", 6, 926);
    assert_nic(7, 1, "A", 9, 75);
    assert_nic(7, 2, "A", 9, 75);
    assert_nic(7, 2, "", 8, 186);
    assert_nic(8, 0, "AC", 0, -1);
    assert_nic(8, 1, "AC", 0, -1);
    assert_nic(8, 2, "AC", 7, 371);
    assert_nic(8, 2, "A", 6, 556);
    assert_nic(8, 2, "C", 6, 1112);
    assert_nic(8, 2, "B", 0, -1);
    uint8_t nic = 99;
    int32_t rc = 99;
    for (unsigned tc = 0; tc < 40; tc++) {
        const bool position = (tc >= 5 && tc <= 18) || (tc >= 20 && tc <= 22);
        assert_int_equal(modes_nic(tc, 2, false, false, false, &nic, &rc), position);
    }
}

/* Exhaustively, against libm: every pair of components subtype 1 can say, and those of subtype 2 in
   one quarter. */
static void polar(void **state)
{
    (void)state;
    for (int32_t e = -1021; e <= 1021; e += 1) {
        for (int32_t n = -1021; n <= 1021; n += (e & 7) + 1) {
            int32_t speed, track = -1;
            const bool moves = polar_of(e, n, &speed, &track);
            assert_int_equal(speed, lround(100 * hypot(e, n)));
            assert_int_equal(moves, e != 0 || n != 0);
            double deg = atan2(e, n) * 18000 / M_PI;
            deg = deg < 0 ? deg + 36000 : deg;
            const long rounded = lround(deg) % 36000;
            assert_int_equal(track, moves ? rounded : -1);
        }
    }
    for (int32_t e = 0; e <= 4084; e += 4) {
        int32_t speed, track = -1;
        assert_true(polar_of(e, -(4084 - e), &speed, &track));
        assert_int_equal(track, lround(atan2(e, -(4084 - e)) * 18000 / M_PI) % 36000);
    }
}

/* Many at once are what one by one they are, whatever the processor. */
static void polar_many(void **state)
{
    (void)state;
    enum { N = 4095 * 2 + 1 };
    static int32_t east[N], north[N], speed[N], track[N];
    for (int32_t step = 1; step < 8190; step += 97) {
        const size_t n = N - (size_t)(step % 8);
        for (size_t i = 0; i < n; i++) {
            east[i] = (int32_t)i - 4095;
            north[i] = (int32_t)((i * (size_t)step + (size_t)step * 7) % N) - 4095;
        }
        north[4095] = step == 1 ? 0 : north[4095]; /* no direction */
        polar_of_many(east, north, n, speed, track);
        for (size_t i = 0; i < n; i++) {
            int32_t v, deg = 0;
            polar_of(east[i], north[i], &v, &deg);
            assert_int_equal(speed[i], v);
            assert_int_equal(track[i], deg);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gillham),        cmocka_unit_test(gillham_is_gray),
        cmocka_unit_test(altitude_codes), cmocka_unit_test(squawks),
        cmocka_unit_test(call_signs),     cmocka_unit_test(containment),
        cmocka_unit_test(polar),          cmocka_unit_test(polar_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
