/* BDS 4,4 meteorological routine air report (ICAO Doc 9871, BDS code 4,4)

     1..4   figure of merit and source: 0 invalid, 1 INS, 2 GNSS, 3 DME/DME, 4 VOR/DME
     5      status      6..14  wind speed               1 kt, 0 .. 511
                       15..23  wind direction, true     180/256 deg, 0 .. 360
                       24..34  static air temperature   0.25 C, -128 .. 128 (no status)
    35      status     36..46  average static pressure  1 hPa, 0 .. 2,048
    47      status     48..49  turbulence: nil, light, moderate, severe
    50      status     51..56  humidity                 100/64 %, 0 .. 100 */
#include "modes/air.h"
#include "modes/bds/bds.h"

enum { WIND, DIRECTION, TEMPERATURE, PRESSURE, TURBULENCE, HUMIDITY, NUMBERS };
enum { SOURCE_MAX = 4 };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [WIND] = BDS_UNSIGNED(5, 6, 14, 7, 0, 180, 1, 0, 250, FIELD_WIND_SPEED, 1, 0, 0),
    [DIRECTION] = BDS_UNSIGNED(5, 15, 23, 0, 0, 511, 0, 0, 511, FIELD_WIND_DIR, 180, 8, 0),
    [TEMPERATURE] = BDS_SIGNED(0, 24, 34, 0, -320, 200, 1, -400, 240, FIELD_OAT, 5, 1, 0),
    [PRESSURE] = BDS_UNSIGNED(35, 36, 46, 1, 100, 1060, 1, 20, 1100, FIELD_PRESSURE, 1, 0, 0),
    [TURBULENCE] = BDS_UNSIGNED(47, 48, 49, 1, 0, 2, 0, 0, 3, FIELD_TURBULENCE, 1, 0, 0),
    [HUMIDITY] = BDS_UNSIGNED(50, 51, 56, 1, 0, 63, 0, 0, 63, FIELD_HUMIDITY, 1000, 6, 0),
};

int bds44_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    if (me_bits(v->mb, 1, 4) > SOURCE_MAX || !me_bit(v->mb, 5)) {
        return BDS_NO; /* without wind it is not sent */
    }
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO || v->alt_ft == MODES_UNKNOWN) {
        return bds_sum(sum, 1);
    }
    /* The air is within some 20 C of the standard's, and pressure is what the altitude is made
       of. */
    const int32_t oat = value[TEMPERATURE];
    const int32_t hpa = value[PRESSURE];
    sum = bds_sum(sum, bds_agree(oat, air_standard_e1_c(v->alt_ft), 100, 450, 3));
    return bds_sum(sum + 1, bds_agree(hpa == MODES_UNKNOWN ? hpa : hpa * 10,
                                      air_pressure_e1_hpa(v->alt_ft), 60, 1500, 6));
}

void bds44_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
    message_add(m, FIELD_FIGURE, (int32_t)me_bits(m->payload, 1, 4));
}
