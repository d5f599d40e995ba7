/* BDS 4,5 meteorological hazard report (ICAO Doc 9871, BDS code 4,5)

     1      status      2..3   turbulence       nil, light, moderate, severe
     4      status      5..6   wind shear       the same
     7      status      8..9   microburst       the same
    10      status     11..12  icing            the same
    13      status     14..15  wake vortex      the same
    16      status     17..26  static air temperature   0.25 C, -128 .. 128
    27      status     28..38  average static pressure  1 hPa, 0 .. 2,048
    39      status     40..51  radio height             16 ft, 0 .. 65,520
    52..56  reserved */
#include "modes/air.h"
#include "modes/bds/bds.h"

enum { TURBULENCE, SHEAR, MICROBURST, ICING, WAKE, TEMPERATURE, PRESSURE, HEIGHT, NUMBERS };

#define HAZARD(at, name)                                                                           \
    {                                                                                              \
        .status = (at), .first = (at) + 1, .last = (at) + 2, .absent = 1, .field = FIELD_##name,   \
        .usual_lo = 0, .usual_hi = 2, .lo = 0, .hi = 3, .mul = 1                                   \
    }

static const struct bds_number number[NUMBERS] = {
    [TURBULENCE] = HAZARD(1, TURBULENCE),
    [SHEAR] = HAZARD(4, WIND_SHEAR),
    [MICROBURST] = HAZARD(7, MICROBURST),
    [ICING] = HAZARD(10, ICING),
    [WAKE] = HAZARD(13, WAKE),
    [TEMPERATURE] = {.status = 16,
                     .first = 17,
                     .last = 26,
                     .is_signed = true,
                     .absent = 2,
                     .gain = 1,
                     .field = FIELD_OAT,
                     .usual_lo = -320,
                     .usual_hi = 200,
                     .lo = -400,
                     .hi = 240,
                     .mul = 5,
                     .shift = 1},
    [PRESSURE] = {.status = 27,
                  .first = 28,
                  .last = 38,
                  .absent = 2,
                  .gain = 1,
                  .field = FIELD_PRESSURE,
                  .usual_lo = 100,
                  .usual_hi = 1060,
                  .lo = 20,
                  .hi = 1100,
                  .mul = 1},
    [HEIGHT] = {.status = 39,
                .first = 40,
                .last = 51,
                .absent = 2,
                .gain = 0,
                .field = FIELD_RADIO_HEIGHT,
                .usual_lo = 0,
                .usual_hi = 512,
                .lo = 0,
                .hi = 3200,
                .mul = 16},
};

int bds45_score(const struct bds_view *v)
{
    int sum = bds_numbers_score(v->mb, number, NUMBERS);
    if (sum <= BDS_NO || !(v->mb & (MB(16, 16) | MB(27, 27)))) {
        return BDS_NO; /* levels of hazard alone are a handful of bits anything could have */
    }
    if (v->alt_ft == MODES_UNKNOWN) {
        return sum;
    }
    const int32_t oat = bds_value(v->mb, &number[TEMPERATURE]);
    const int32_t hpa = bds_value(v->mb, &number[PRESSURE]);
    const int32_t height = bds_value(v->mb, &number[HEIGHT]);
    if (height != MODES_UNKNOWN && height > v->alt_ft + 3000) {
        return BDS_NO;
    }
    sum = bds_sum(sum, bds_agree(oat, air_standard_e1_c(v->alt_ft), 100, 450, 3));
    return bds_sum(sum, bds_agree(hpa == MODES_UNKNOWN ? hpa : hpa * 10,
                                  air_pressure_e1_hpa(v->alt_ft), 60, 1500, 6));
}

void bds45_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
}
