#include "modes/altitude.h"

#include "modes/squawk.h"

enum {
    AC_M = 0x0040, /* metric */
    AC_Q = 0x0010, /* 25 ft steps */
    FEET_25_MIN = -1000,
    FEET_25_MAX = 50175,
    GILLHAM_MIN = -1200,
    GILLHAM_MAX = 126700
};

/* A reflected binary number of up to 8 bits as a plain one. */
static uint32_t gray_to_binary(uint32_t g)
{
    g ^= g >> 4;
    g ^= g >> 2;
    g ^= g >> 1;
    return g;
}

/* Gillham's code: D2 D4 A1 A2 A4 B1 B2 B4 count 500 ft in reflected binary; C1 C2 C4 count the 100
   ft in them, 1 to 5, as 001 011 010 110 100, upward where the 500 ft are even and downward where
   they are odd. D1 is not used below 126,750 ft. */
int32_t altitude_mode_c(uint32_t abcd)
{
    static const uint8_t hundreds_of_c[8] = {[1] = 1, [3] = 2, [2] = 3, [6] = 4, [4] = 5};
    const uint32_t a = abcd >> 9 & 7, b = abcd >> 6 & 7, c = abcd >> 3 & 7, d = abcd & 7;
    /* Within a digit the pulses stand 4 2 1, the code takes them 1 2 4. */
    static const uint8_t reversed[8] = {0, 4, 2, 6, 1, 5, 3, 7};
    const uint32_t hundreds = hundreds_of_c[reversed[c]];
    if (hundreds == 0 || (d & 1)) {
        return ALTITUDE_NONE;
    }
    const uint32_t gray =
        (uint32_t)(reversed[d] & 3) << 6 | (uint32_t)reversed[a] << 3 | reversed[b];
    const uint32_t fives = gray_to_binary(gray);
    const int32_t step = (int32_t)(fives & 1 ? 6 - hundreds : hundreds);
    return (int32_t)fives * 500 + step * 100 - 1300;
}

uint32_t altitude_to_mode_c(int32_t ft)
{
    static const uint8_t c_of_hundreds[6] = {0, 04, 06, 02, 03, 01};
    static const uint8_t reversed[8] = {0, 4, 2, 6, 1, 5, 3, 7};
    if (ft < GILLHAM_MIN - 50 || ft >= GILLHAM_MAX + 50) {
        return 0;
    }
    const uint32_t n = (uint32_t)(ft + 50 - GILLHAM_MIN) / 100; /* 100 ft steps above -1,200 */
    const uint32_t fives = n / 5, gray = fives ^ fives >> 1;
    const uint32_t hundreds = fives & 1 ? 5 - n % 5 : 1 + n % 5;
    const uint32_t d = reversed[gray >> 6 & 3], a = reversed[gray >> 3 & 7], b = reversed[gray & 7];
    return a << 9 | b << 6 | (uint32_t)c_of_hundreds[hundreds] << 3 | d;
}

/*  bit  1  2  3  4  5  6  7  8  9 10 11 12 13
        C1 A1 C2 A2 C4 A4  M B1  Q B2 D2 B4 D4     M 0, Q 0: Gillham
                           0     1                 eleven bits n: 25 n - 1,000 ft
                           1                       twelve bits n: n meters */
int32_t altitude_ac13(uint32_t ac)
{
    if (ac & AC_M) {
        const uint32_t m = (ac & 0x1f80) >> 1 | (ac & 0x3f);
        return (int32_t)((m * 100000 + 15240) / 30480);
    }
    if (ac & AC_Q) {
        const uint32_t n = (ac & 0x1f80) >> 2 | (ac & 0x0020) >> 1 | (ac & 0x000f);
        return (int32_t)n * 25 + FEET_25_MIN;
    }
    return altitude_mode_c(squawk_from_id13(ac)); /* no pulse at all: no altitude */
}

int32_t altitude_ac12(uint32_t ac)
{
    return altitude_ac13((ac & 0xfc0) << 1 | (ac & 0x3f));
}

uint32_t altitude_to_ac13(int32_t ft)
{
    if (ft >= FEET_25_MIN - 12 && ft <= FEET_25_MAX + 12) {
        const uint32_t n = (uint32_t)(ft + 12 - FEET_25_MIN) / 25;
        return (n & 0x7e0) << 2 | (n & 0x10) << 1 | AC_Q | (n & 0xf);
    }
    return squawk_to_id13(altitude_to_mode_c(ft));
}

uint32_t altitude_to_ac12(int32_t ft)
{
    const uint32_t ac = altitude_to_ac13(ft);
    return (ac & 0x1f80) >> 1 | (ac & 0x3f);
}
