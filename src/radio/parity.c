#include "radio/parity.h"

/* Every number below is worked out by the compiler from the generator alone. A syndrome is
   x^k mod G(x): what one wrong bit, k places before the end, leaves behind. They are named by the
   byte they stand in, counted from the end (SA the last of the frame, SN the first of 14), and the
   bit in it (0 the lowest). */
#define GENERATOR UINT32_C(0x1fff409)
#define STEP(s)   (((s) << 1 ^ (((s) >> 23 & 1u) ? GENERATOR : 0u)) & 0xffffffu)
#define BYTE(b, after)                                                                             \
    b##0 = STEP(after##7), b##1 = STEP(b##0), b##2 = STEP(b##1), b##3 = STEP(b##2),                \
    b##4 = STEP(b##3), b##5 = STEP(b##4), b##6 = STEP(b##5), b##7 = STEP(b##6)

enum syndrome {
    SA0 = 0x01,
    SA1 = 0x02,
    SA2 = 0x04,
    SA3 = 0x08,
    SA4 = 0x10,
    SA5 = 0x20,
    SA6 = 0x40,
    SA7 = 0x80,
    BYTE(SB, SA),
    BYTE(SC, SB),
    BYTE(SD, SC),
    BYTE(SE, SD),
    BYTE(SF, SE),
    BYTE(SG, SF),
    BYTE(SH, SG),
    BYTE(SI, SH),
    BYTE(SJ, SI),
    BYTE(SK, SJ),
    BYTE(SL, SK),
    BYTE(SM, SL),
    BYTE(SN, SM)
};

/* What each value of a byte leaves behind. A remainder is the exclusive or of one entry for every
   byte, so no entry has to wait for another. */
#define ROW1(b, v) (v), (v) ^ b##0
#define ROW2(b, v) ROW1(b, v), ROW1(b, (v) ^ b##1)
#define ROW3(b, v) ROW2(b, v), ROW2(b, (v) ^ b##2)
#define ROW4(b, v) ROW3(b, v), ROW3(b, (v) ^ b##3)
#define ROW5(b, v) ROW4(b, v), ROW4(b, (v) ^ b##4)
#define ROW6(b, v) ROW5(b, v), ROW5(b, (v) ^ b##5)
#define ROW7(b, v) ROW6(b, v), ROW6(b, (v) ^ b##6)
#define ROW8(b)    ROW7(b, 0), ROW7(b, b##7)

static const uint32_t row_d[256] = {ROW8(SD)};
static const uint32_t row_e[256] = {ROW8(SE)};
static const uint32_t row_f[256] = {ROW8(SF)};
static const uint32_t row_g[256] = {ROW8(SG)};
static const uint32_t row_h[256] = {ROW8(SH)};
static const uint32_t row_i[256] = {ROW8(SI)};
static const uint32_t row_j[256] = {ROW8(SJ)};
static const uint32_t row_k[256] = {ROW8(SK)};
static const uint32_t row_l[256] = {ROW8(SL)};
static const uint32_t row_m[256] = {ROW8(SM)};
static const uint32_t row_n[256] = {ROW8(SN)};

/* Where a one-bit syndrome stands in `place`. The factor was sought so that no two share a cell;
   were it wrong, the compiler would say that an initializer is overridden. */
#define CELL(s)  ((uint32_t)(s)*UINT32_C(0xa320dab3) >> 23)
#define PLACE(b) b##0, b##1, b##2, b##3, b##4, b##5, b##6, b##7

static const uint32_t one_bit[112] = {PLACE(SA), PLACE(SB), PLACE(SC), PLACE(SD), PLACE(SE),
                                      PLACE(SF), PLACE(SG), PLACE(SH), PLACE(SI), PLACE(SJ),
                                      PLACE(SK), PLACE(SL), PLACE(SM), PLACE(SN)};

#define CELLS(b, k)                                                                                \
    [CELL(b##0)] = (k), [CELL(b##1)] = (k) + 1, [CELL(b##2)] = (k) + 2, [CELL(b##3)] = (k) + 3,    \
    [CELL(b##4)] = (k) + 4, [CELL(b##5)] = (k) + 5, [CELL(b##6)] = (k) + 6, [CELL(b##7)] = (k) + 7

static const uint8_t place[512] = {CELLS(SA, 0),  CELLS(SB, 8),  CELLS(SC, 16), CELLS(SD, 24),
                                   CELLS(SE, 32), CELLS(SF, 40), CELLS(SG, 48), CELLS(SH, 56),
                                   CELLS(SI, 64), CELLS(SJ, 72), CELLS(SK, 80), CELLS(SL, 88),
                                   CELLS(SM, 96), CELLS(SN, 104)};

static uint32_t of_data_short(const uint8_t *p)
{
    return row_g[p[0]] ^ row_f[p[1]] ^ row_e[p[2]] ^ row_d[p[3]];
}

static uint32_t of_data_long(const uint8_t *p)
{
    return row_n[p[0]] ^ row_m[p[1]] ^ row_l[p[2]] ^ row_k[p[3]] ^ row_j[p[4]] ^ row_i[p[5]] ^
           row_h[p[6]] ^ of_data_short(p + 7);
}

static uint32_t as_sent(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

uint32_t parity_of(const uint8_t *p, size_t n)
{
    return n == 14 ? of_data_long(p) : of_data_short(p);
}

uint32_t parity_remainder(const uint8_t *p, size_t n)
{
    return n == 14 ? of_data_long(p) ^ as_sent(p + 11) : of_data_short(p) ^ as_sent(p + 4);
}

/* How many places before the end the one wrong bit with this syndrome is; -1 where no single bit
   leaves it. */
static int one_bit_place(uint32_t syndrome)
{
    const unsigned k = place[CELL(syndrome) & 511];
    return one_bit[k] == syndrome ? (int)k : -1;
}

uint32_t parity_syndrome(unsigned after)
{
    return one_bit[after];
}

unsigned parity_repair(uint32_t syndrome, size_t n, unsigned max_bits, uint8_t bits[2])
{
    /* The code's words differ in at least six of 112 bits, so a syndrome of up to two wrong bits is
       theirs alone; where a pair needs one of the format's five bits it is not repaired. */
    const int length = (int)n * 8, usable = length - 5;
    if (syndrome == 0 || max_bits == 0) {
        return 0;
    }
    const int only = one_bit_place(syndrome);
    if (only >= 0) {
        bits[0] = (uint8_t)(length - 1 - only);
        return only < usable;
    }
    for (int k = 0; max_bits > 1 && k < usable; k++) {
        const int other = one_bit_place(syndrome ^ one_bit[k]);
        if (other > k && other < usable) {
            bits[0] = (uint8_t)(length - 1 - other);
            bits[1] = (uint8_t)(length - 1 - k);
            return 2;
        }
    }
    return 0;
}
