/* BDS 5,0 track and turn report (ICAO Doc 9871, BDS code 5,0)

     1      status      2..11  roll angle, right wing down positive   45/256 deg, -90 .. 90
    12      status     13..23  true track angle                       90/512 deg, -180 .. 180
    24      status     25..34  ground speed                           2 kt, 0 .. 2,046
    35      status     36..45  track angle rate, right positive       8/256 deg/s, -16 .. 16
    46      status     47..56  true airspeed                          2 kt, 0 .. 2,046 */
#include "modes/air.h"
#include "modes/bds/bds.h"

#include <stdlib.h>

enum { ANY = INT32_MAX };
enum { ROLL, TRUE_TRACK, SPEED, RATE, AIRSPEED, NUMBERS };

static const struct bds_number number[NUMBERS] = {
    [ROLL] = {.status = 1,
              .first = 2,
              .last = 11,
              .is_signed = true,
              .absent = 5,
              .gain = 1,
              .field = FIELD_ROLL,
              .usual_lo = -200,
              .usual_hi = 200,
              .lo = -400,
              .hi = 400,
              .mul = 4500,
              .shift = 8},
    [TRUE_TRACK] = {.status = 12,
                    .first = 13,
                    .last = 23,
                    .is_signed = true,
                    .absent = 6,
                    .field = FIELD_TRACK,
                    .usual_lo = -1024,
                    .usual_hi = 1023,
                    .lo = -1024,
                    .hi = 1023,
                    .mul = 9000,
                    .shift = 9,
                    .wrap = 36000},
    [SPEED] = {.status = 24,
               .first = 25,
               .last = 34,
               .absent = 6,
               .gain = 2,
               .field = FIELD_GS,
               .usual_lo = 40,
               .usual_hi = 330,
               .lo = 0,
               .hi = 450,
               .mul = 200},
    [RATE] = {.status = 35,
              .first = 36,
              .last = 45,
              .is_signed = true,
              .absent = 3,
              .gain = 2,
              .field = FIELD_TRACK_RATE,
              .usual_lo = -112,
              .usual_hi = 112,
              .lo = -400,
              .hi = 400,
              .mul = 800,
              .shift = 8},
    [AIRSPEED] = {.status = 46,
                  .first = 47,
                  .last = 56,
                  .absent = 5,
                  .gain = 2,
                  .field = FIELD_TAS,
                  .usual_lo = 40,
                  .usual_hi = 290,
                  .lo = 0,
                  .hi = 400,
                  .mul = 2},
};

/* A coordinated turn: rate = g tan(roll) / true airspeed. roll 0.01 deg, tas kt, rate 0.01 deg/s;
   tan x is taken as x + x^3/3, good to 2 % up to 40 deg. */
static int32_t turn_rate_e2(int32_t roll_e2, int32_t tas_kt)
{
    const int64_t x = (int64_t)roll_e2 * 11439 / 65536; /* 10^-3 radian: 0.01 deg is 0.17453 */
    const int64_t tan_e3 = x + x * x / 1000 * x / 3000;
    return (int32_t)(tan_e3 * 10922 / 100 / tas_kt); /* g / 1 kt = 1092.2 deg/s */
}

static int turn_score(const struct bds_view *v)
{
    const int32_t roll = bds_value(v->mb, &number[ROLL]);
    const int32_t rate = bds_value(v->mb, &number[RATE]);
    const int32_t tas = bds_value(v->mb, &number[AIRSPEED]);
    const int32_t gs = bds_value(v->mb, &number[SPEED]);
    if (roll == MODES_UNKNOWN || rate == MODES_UNKNOWN || abs(roll) > 5000) {
        return 0;
    }
    const int32_t kt = tas != MODES_UNKNOWN ? tas : gs / 100;
    return kt < 60 ? 0 : bds_agree(turn_rate_e2(roll, kt), rate, 35, ANY, 5);
}

int bds50_score(const struct bds_view *v)
{
    int sum = bds_sum(bds_numbers_score(v->mb, number, NUMBERS), turn_score(v));
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    const int32_t gs = bds_value(v->mb, &number[SPEED]), tas = bds_value(v->mb, &number[AIRSPEED]);
    const int32_t track = bds_value(v->mb, &number[TRUE_TRACK]);
    /* Ground speed and true airspeed differ by the wind. */
    sum = bds_sum(sum, bds_agree(gs, tas == MODES_UNKNOWN ? tas : tas * 100, 5000, 25000, 3));
    sum = bds_sum(sum, bds_agree(gs, v->known->gs_e2_kt, 1000, 15000, 6));
    sum = bds_sum(sum, bds_agree(tas, v->known->tas_kt, 8, 150, 5));
    sum = bds_sum(sum, bds_agree_angle(track, v->known->track_e2_deg, 400, 9000, 5));
    if (tas != MODES_UNKNOWN && v->known->mach_e3 != MODES_UNKNOWN && v->alt_ft != MODES_UNKNOWN) {
        sum = bds_sum(sum, bds_agree(tas, air_tas_kt(v->known->mach_e3, v->alt_ft), 20, 150, 3));
    }
    return sum;
}

void bds50_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
}
