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

static const struct bds_number number[NUMBERS] = {
    [WIND] = {.status = 5,
              .first = 6,
              .last = 14,
              .absent = 7,
              .gain = 1,
              .field = FIELD_WIND_SPEED,
              .usual_lo = 0,
              .usual_hi = 180,
              .lo = 0,
              .hi = 250,
              .mul = 1},
    [DIRECTION] = {.status = 5,
                   .first = 15,
                   .last = 23,
                   .absent = 0,
                   .field = FIELD_WIND_DIR,
                   .usual_lo = 0,
                   .usual_hi = 511,
                   .lo = 0,
                   .hi = 511,
                   .mul = 180,
                   .shift = 8},
    [TEMPERATURE] = {.first = 24,
                     .last = 34,
                     .is_signed = true,
                     .gain = 2,
                     .field = FIELD_OAT,
                     .usual_lo = -320,
                     .usual_hi = 200,
                     .lo = -400,
                     .hi = 240,
                     .mul = 5,
                     .shift = 1},
    [PRESSURE] = {.status = 35,
                  .first = 36,
                  .last = 46,
                  .absent = 1,
                  .gain = 1,
                  .field = FIELD_PRESSURE,
                  .usual_lo = 100,
                  .usual_hi = 1060,
                  .lo = 20,
                  .hi = 1100,
                  .mul = 1},
    [TURBULENCE] = {.status = 47,
                    .first = 48,
                    .last = 49,
                    .absent = 1,
                    .field = FIELD_TURBULENCE,
                    .usual_lo = 0,
                    .usual_hi = 2,
                    .lo = 0,
                    .hi = 3,
                    .mul = 1},
    [HUMIDITY] = {.status = 50,
                  .first = 51,
                  .last = 56,
                  .absent = 1,
                  .field = FIELD_HUMIDITY,
                  .usual_lo = 0,
                  .usual_hi = 63,
                  .lo = 0,
                  .hi = 63,
                  .mul = 1000,
                  .shift = 6},
};

int bds44_score(const struct bds_view *v)
{
    if (me_bits(v->mb, 1, 4) > SOURCE_MAX || !me_bit(v->mb, 5)) {
        return BDS_NO; /* without wind it is not sent */
    }
    int sum = bds_numbers_score(v->mb, number, NUMBERS);
    if (sum <= BDS_NO || v->alt_ft == MODES_UNKNOWN) {
        return bds_sum(sum, 1);
    }
    /* The air is within some 20 C of the standard's, and pressure is what the altitude is made
       of. */
    const int32_t oat = bds_value(v->mb, &number[TEMPERATURE]);
    const int32_t hpa = bds_value(v->mb, &number[PRESSURE]);
    sum = bds_sum(sum, bds_agree(oat, air_standard_e1_c(v->alt_ft), 100, 450, 3));
    return bds_sum(sum + 1, bds_agree(hpa == MODES_UNKNOWN ? hpa : hpa * 10,
                                      air_pressure_e1_hpa(v->alt_ft), 60, 1500, 6));
}

void bds44_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
    message_add(m, FIELD_FIGURE, (int32_t)me_bits(m->payload, 1, 4));
}
