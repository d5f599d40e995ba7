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

#define HAZARD(at, field)                                                                          \
    BDS_UNSIGNED(at, (at) + 1, (at) + 2, 1, 0, 2, 0, 0, 3, FIELD_##field, 1, 0, 0)

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [TURBULENCE] = HAZARD(1, TURBULENCE),
    [SHEAR] = HAZARD(4, WIND_SHEAR),
    [MICROBURST] = HAZARD(7, MICROBURST),
    [ICING] = HAZARD(10, ICING),
    [WAKE] = HAZARD(13, WAKE),
    [TEMPERATURE] = BDS_SIGNED(16, 17, 26, 2, -320, 200, 1, -400, 240, FIELD_OAT, 5, 1, 0),
    [PRESSURE] = BDS_UNSIGNED(27, 28, 38, 2, 100, 1060, 1, 20, 1100, FIELD_PRESSURE, 1, 0, 0),
    [HEIGHT] = BDS_UNSIGNED(39, 40, 51, 2, 0, 512, 0, 0, 3200, FIELD_RADIO_HEIGHT, 16, 0, 0),
};

int bds45_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO || !(v->mb & (MB(16, 16) | MB(27, 27)))) {
        return BDS_NO; /* levels of hazard alone are a handful of bits anything could have */
    }
    if (v->alt_ft == MODES_UNKNOWN) {
        return sum;
    }
    const int32_t oat = value[TEMPERATURE];
    const int32_t hpa = value[PRESSURE];
    const int32_t height = value[HEIGHT];
    if (height != MODES_UNKNOWN && height - 3000 > v->alt_ft) {
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
