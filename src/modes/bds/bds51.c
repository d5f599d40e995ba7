/* BDS 5,1 position report coarse (ICAO Doc 9871, BDS code 5,1)

     1      status (of all three)
     2..21  latitude             360/1,048,576 deg, -90 .. 90 of -180 .. 180
    22..41  longitude            360/1,048,576 deg, -180 .. 180
    42..56  pressure altitude    8 ft, -1,000 .. 126,752 */
#include "modes/bds/bds.h"

enum { LATITUDE, LONGITUDE, ALTITUDE, NUMBERS };

static const struct bds_number number[NUMBERS] = {
    [LATITUDE] = {.first = 2,
                  .last = 21,
                  .is_signed = true,
                  .gain = 1,
                  .field = FIELD_COUNT,
                  .usual_lo = -262144,
                  .usual_hi = 262144,
                  .lo = -262144,
                  .hi = 262144},
    [LONGITUDE] = {.first = 22,
                   .last = 41,
                   .is_signed = true,
                   .field = FIELD_COUNT,
                   .usual_lo = -524288,
                   .usual_hi = 524287,
                   .lo = -524288,
                   .hi = 524287},
    [ALTITUDE] = {.first = 42,
                  .last = 56,
                  .is_signed = true,
                  .gain = 2,
                  .field = FIELD_ALT_BARO,
                  .usual_lo = -125,
                  .usual_hi = 5700,
                  .lo = -125,
                  .hi = 15844,
                  .mul = 8},
};

static int64_t degrees_e7(uint64_t mb, const struct bds_number *n)
{
    return bds_raw(mb, n) * INT64_C(3600000000) / 1048576;
}

int bds51_score(const struct bds_view *v)
{
    int sum = me_bit(v->mb, 1) ? bds_numbers_score(v->mb, number, NUMBERS) : BDS_NO;
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    /* A degree from the last position is as far as an aircraft gets while one is remembered. */
    enum { SIGMA_E7 = 1000000, FAR_E7 = 20000000 };
    sum = bds_sum(sum, bds_agree(bds_value(v->mb, &number[ALTITUDE]), v->alt_ft, 50, 1500, 9));
    return bds_sum(sum,
                   bds_agree_place(v, degrees_e7(v->mb, &number[LATITUDE]),
                                   degrees_e7(v->mb, &number[LONGITUDE]), SIGMA_E7, FAR_E7, 9));
}

void bds51_add(struct message *m)
{
    /* The place is left out: it carries no accuracy, and the parity of the reply does not prove
       whose it is. */
    bds_numbers_add(m, &number[ALTITUDE], 1);
}
