/* BDS 5,0 track and turn report (ICAO Doc 9871, BDS code 5,0)

     1      status      2..11  roll angle, right wing down positive   45/256 deg, -90 .. 90
    12      status     13..23  true track angle                       90/512 deg, -180 .. 180
    24      status     25..34  ground speed                           2 kt, 0 .. 2,046
    35      status     36..45  track angle rate, right positive       8/256 deg/s, -16 .. 16
    46      status     47..56  true airspeed                          2 kt, 0 .. 2,046 */
#include "modes/air.h"
#include "modes/bds/bds.h"

#include <stdlib.h>

enum { ROLL, TRUE_TRACK, SPEED, RATE, AIRSPEED, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [ROLL] = BDS_SIGNED(1, 2, 11, 5, -200, 200, 1, -400, 400, FIELD_ROLL, 4500, 8, 0),
    [TRUE_TRACK] = BDS_ANGLE(12, 13, 23, 6, FIELD_TRACK),
    [SPEED] = BDS_UNSIGNED(24, 25, 34, 6, 40, 330, 2, 0, 450, FIELD_GS, 200, 0, 0),
    [RATE] = BDS_SIGNED(35, 36, 45, 3, -112, 112, 2, -400, 400, FIELD_TRACK_RATE, 800, 8, 0),
    [AIRSPEED] = BDS_UNSIGNED(46, 47, 56, 5, 40, 290, 2, 0, 400, FIELD_TAS, 2, 0, 0),
};

/* A coordinated turn: rate = g tan(roll) / true airspeed. roll 0.01 deg, tas kt, rate 0.01 deg/s;
   tan x is taken as x + x^3/3, good to 2 % up to 40 deg. */
static int32_t turn_rate_e2(int32_t roll_e2, int32_t tas_kt)
{
    const int64_t x = (int64_t)roll_e2 * 11439 / 65536; /* 10^-3 radian: 0.01 deg is 0.17453 */
    const int64_t tan_e3 = x + x * x / 1000 * x / 3000;
    return (int32_t)(tan_e3 * 10922 / 100 / tas_kt); /* g / 1 kt = 1092.2 deg/s */
}

/* The rate of the turn its roll angle makes, MODES_UNKNOWN where that cannot be told. */
static int32_t expected_rate(const int32_t *value)
{
    enum { ROLL_MAX = 5000, SPEED_MIN_KT = 60 };
    const int32_t roll = value[ROLL];
    const int32_t kt = value[AIRSPEED] != MODES_UNKNOWN ? value[AIRSPEED] : value[SPEED] / 100;
    return roll == MODES_UNKNOWN || abs(roll) > ROLL_MAX || kt < SPEED_MIN_KT
               ? MODES_UNKNOWN
               : turn_rate_e2(roll, kt);
}

int bds50_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    /* Some aircraft send a rate that is nonsense all the time: that alone rules nothing out. */
    sum += bds_agree(expected_rate(value), value[RATE], 35, INT32_MAX, 5);
    const struct modes_known *k = v->known;
    const int32_t gs = value[SPEED], tas = value[AIRSPEED];
    /* Ground speed and true airspeed differ by the wind. */
    sum = bds_sum(sum, bds_agree(gs, tas == MODES_UNKNOWN ? tas : tas * 100, 5000, 25000, 3));
    sum = bds_sum(sum, bds_agree(gs, k->gs_e2_kt, 1000, 15000, 6));
    sum = bds_sum(sum, bds_agree(tas, k->tas_kt, 8, 150, 5));
    sum = bds_sum(sum, bds_agree_angle(value[TRUE_TRACK], k->track_e2_deg, 400, 9000, 5));
    if (k->mach_e3 != MODES_UNKNOWN && v->alt_ft != MODES_UNKNOWN) {
        sum = bds_sum(sum, bds_agree(tas, air_tas_kt(k->mach_e3, v->alt_ft), 20, 150, 3));
    }
    return sum;
}

void bds50_add(struct message *m)
{
    enum { NONSENSE_E2_DEG_S = 400 };
    int32_t value[NUMBERS];
    const uint8_t before = m->n;
    bds_numbers_add(m, number, NUMBERS);
    if (bds_numbers_score(m->payload, number, NUMBERS, value) <= BDS_NO) {
        return;
    }
    const int32_t expected = expected_rate(value);
    for (unsigned i = before; i < m->n; i++) {
        /* Of a rate that the roll angle contradicts nothing is known. */
        if (m->item[i].field == FIELD_TRACK_RATE && expected != MODES_UNKNOWN &&
            bds_distance(expected, value[RATE]) > NONSENSE_E2_DEG_S) {
            m->item[i] = m->item[--m->n];
        }
    }
}
