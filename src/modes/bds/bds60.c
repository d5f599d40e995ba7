/* BDS 6,0 heading and speed report (ICAO Doc 9871, BDS code 6,0)

     1      status      2..12  magnetic heading                90/512 deg, -180 .. 180
    13      status     14..23  indicated airspeed              1 kt, 0 .. 1,023
    24      status     25..34  Mach                            2.048/512, 0 .. 4.092
    35      status     36..45  barometric altitude rate        32 ft/min, -16,384 .. 16,352
    46      status     47..56  inertial vertical velocity      32 ft/min, -16,384 .. 16,352 */
#include "modes/air.h"
#include "modes/bds/bds.h"

enum { HEADING, AIRSPEED, MACH, BARO, INERTIAL, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [HEADING] = BDS_ANGLE(1, 2, 12, 6, FIELD_MAG_HEADING),
    [AIRSPEED] = BDS_UNSIGNED(13, 14, 23, 5, 60, 400, 1, 0, 600, FIELD_IAS, 1, 0, 0),
    [MACH] = BDS_UNSIGNED(24, 25, 34, 4, 25, 235, 2, 0, 500, FIELD_MACH, 4, 0, 0),
    [BARO] = BDS_SIGNED(35, 36, 45, 4, -200, 200, 1, -350, 350, FIELD_BARO_RATE, 32, 0, 0),
    [INERTIAL] = BDS_SIGNED(46, 47, 56, 4, -200, 200, 1, -350, 350, FIELD_GEOM_RATE, 32, 0, 0),
};

static int speed_score(const struct bds_view *v, const int32_t *value)
{
    const int32_t ias = value[AIRSPEED], mach = value[MACH];
    int sum = bds_sum(bds_agree(ias, v->known->ias_kt, 8, 120, 5),
                      bds_agree(mach, v->known->mach_e3, 15, 250, 6));
    if (v->alt_ft == MODES_UNKNOWN || ias == MODES_UNKNOWN) {
        return mach == MODES_UNKNOWN || ias == MODES_UNKNOWN
                   ? sum
                   /* At sea level 0.0015 Mach a knot, at 50,000 ft 0.0046 at most. */
                   : bds_sum(sum,
                             mach * 10 < ias * 14 - 100 || mach * 10 > ias * 46 + 100 ? BDS_NO : 1);
    }
    const int32_t air = air_mach_e3(ias, v->alt_ft);
    sum = bds_sum(sum, bds_agree(mach, air, 6, 120, 8));
    /* The ground speed is this airspeed and the wind. */
    return bds_sum(sum,
                   bds_agree(air_tas_kt(air, v->alt_ft) * 100, v->known->gs_e2_kt, 5000, 30000, 3));
}

static int rate_score(const struct bds_view *v, const int32_t *value)
{
    const int32_t baro = value[BARO];
    const int32_t inertial = value[INERTIAL];
    const int32_t flown = v->known->baro_rate_fpm != MODES_UNKNOWN ? v->known->baro_rate_fpm
                                                                   : v->known->geom_rate_fpm;
    int sum = bds_agree(baro, inertial, 250, 6000, 5);
    sum = bds_sum(sum, bds_agree(baro, flown, 300, 8000, 5));
    return bds_sum(sum, bds_agree(inertial, flown, 300, 8000, 5));
}

int bds60_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    const int32_t heading = value[HEADING];
    sum = bds_sum(sum, speed_score(v, value));
    sum = bds_sum(sum, rate_score(v, value));
    sum = bds_sum(sum, bds_agree_angle(heading, v->known->mag_heading_e2_deg, 400, 9000, 5));
    /* Track and magnetic heading differ by drift and variation, up to 180 deg near a pole. */
    return bds_sum(sum, bds_agree_angle(heading, v->known->track_e2_deg, 2000, 18000, 3));
}

void bds60_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
}
