/* BDS 5,3 air-referenced state vector (ICAO Doc 9871, BDS code 5,3)

     1      status      2..12  magnetic heading        90/512 deg, -180 .. 180
    13      status     14..23  indicated airspeed      1 kt, 0 .. 1,023
    24      status     25..33  Mach                    0.008, 0 .. 4.088
    34      status     35..46  true airspeed           0.5 kt, 0 .. 2,047.5
    47      status     48..56  altitude rate           64 ft/min, -16,384 .. 16,320 */
#include "modes/air.h"
#include "modes/bds/bds.h"

enum { HEADING, IAS, MACH, TAS, RATE, NUMBERS };

static const struct bds_number number[NUMBERS] = {
    [HEADING] = {.status = 1,
                 .first = 2,
                 .last = 12,
                 .is_signed = true,
                 .absent = 6,
                 .field = FIELD_MAG_HEADING,
                 .usual_lo = -1024,
                 .usual_hi = 1023,
                 .lo = -1024,
                 .hi = 1023,
                 .mul = 9000,
                 .shift = 9,
                 .wrap = 36000},
    [IAS] = {.status = 13,
             .first = 14,
             .last = 23,
             .absent = 5,
             .gain = 1,
             .field = FIELD_IAS,
             .usual_lo = 60,
             .usual_hi = 400,
             .lo = 0,
             .hi = 600,
             .mul = 1},
    [MACH] = {.status = 24,
              .first = 25,
              .last = 33,
              .absent = 5,
              .gain = 2,
              .field = FIELD_MACH,
              .usual_lo = 12,
              .usual_hi = 118,
              .lo = 0,
              .hi = 250,
              .mul = 8},
    [TAS] = {.status = 34,
             .first = 35,
             .last = 46,
             .absent = 5,
             .gain = 2,
             .field = FIELD_TAS,
             .usual_lo = 160,
             .usual_hi = 1160,
             .lo = 0,
             .hi = 1600,
             .mul = 1,
             .shift = 1},
    [RATE] = {.status = 47,
              .first = 48,
              .last = 56,
              .is_signed = true,
              .absent = 5,
              .gain = 2,
              .field = FIELD_BARO_RATE,
              .usual_lo = -63,
              .usual_hi = 63,
              .lo = -175,
              .hi = 175,
              .mul = 64},
};

int bds53_score(const struct bds_view *v)
{
    int sum = bds_numbers_score(v->mb, number, NUMBERS);
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    const int32_t ias = bds_value(v->mb, &number[IAS]), mach = bds_value(v->mb, &number[MACH]);
    const int32_t tas = bds_value(v->mb, &number[TAS]), rate = bds_value(v->mb, &number[RATE]);
    const int32_t heading = bds_value(v->mb, &number[HEADING]);
    if (ias != MODES_UNKNOWN && tas != MODES_UNKNOWN && tas < ias - 15) {
        return BDS_NO; /* true airspeed is never much below indicated */
    }
    if (mach != MODES_UNKNOWN && tas != MODES_UNKNOWN) {
        /* The speed of sound is 661 kt at 15 C, 520 kt at -90 C, 700 kt at 50 C. */
        sum = bds_sum(
            sum, tas * 1000 >= mach * 520 - 8000 && tas * 1000 <= mach * 700 + 8000 ? 3 : BDS_NO);
    }
    if (v->alt_ft != MODES_UNKNOWN && ias != MODES_UNKNOWN) {
        sum = bds_sum(sum, bds_agree(mach, air_mach_e3(ias, v->alt_ft), 8, 120, 7));
    }
    sum = bds_sum(sum, bds_agree_angle(heading, v->known->mag_heading_e2_deg, 400, 9000, 5));
    sum = bds_sum(sum, bds_agree_angle(heading, v->known->track_e2_deg, 2000, 18000, 3));
    sum = bds_sum(sum, bds_agree(tas, v->known->tas_kt, 8, 150, 5));
    return bds_sum(sum, bds_agree(rate, v->known->baro_rate_fpm, 300, 8000, 5));
}

void bds53_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
}
