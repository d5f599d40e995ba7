/* BDS 5,3 air-referenced state vector (ICAO Doc 9871, BDS code 5,3)

     1      status      2..12  magnetic heading        90/512 deg, -180 .. 180
    13      status     14..23  indicated airspeed      1 kt, 0 .. 1,023
    24      status     25..33  Mach                    0.008, 0 .. 4.088
    34      status     35..46  true airspeed           0.5 kt, 0 .. 2,047.5
    47      status     48..56  altitude rate           64 ft/min, -16,384 .. 16,320 */
#include "modes/air.h"
#include "modes/bds/bds.h"

enum { HEADING, IAS, MACH, TAS, RATE, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [HEADING] = BDS_ANGLE(1, 2, 12, 6, FIELD_MAG_HEADING),
    [IAS] = BDS_UNSIGNED(13, 14, 23, 5, 60, 400, 1, 0, 600, FIELD_IAS, 1, 0, 0),
    [MACH] = BDS_UNSIGNED(24, 25, 33, 5, 12, 118, 2, 0, 250, FIELD_MACH, 8, 0, 0),
    [TAS] = BDS_UNSIGNED(34, 35, 46, 5, 160, 1160, 2, 0, 1600, FIELD_TAS, 1, 1, 0),
    [RATE] = BDS_SIGNED(47, 48, 56, 5, -63, 63, 2, -175, 175, FIELD_BARO_RATE, 64, 0, 0),
};

int bds53_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    const int32_t ias = value[IAS], mach = value[MACH];
    const int32_t tas = value[TAS], rate = value[RATE];
    const int32_t heading = value[HEADING];
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
