/* BDS 5,1 position report coarse (ICAO Doc 9871, BDS code 5,1)

     1      status (of all three)
     2..21  latitude             360/1,048,576 deg, -90 .. 90 of -180 .. 180
    22..41  longitude            360/1,048,576 deg, -180 .. 180
    42..56  pressure altitude    8 ft, -1,000 .. 126,752 */
#include "modes/bds/bds.h"

enum { LATITUDE, LONGITUDE, ALTITUDE, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [LATITUDE] = BDS_SIGNED(0, 2, 21, 0, -262144, 262144, 0, -262144, 262144, FIELD_COUNT, 0, 0, 0),
    [LONGITUDE] =
        BDS_SIGNED(0, 22, 41, 0, -524288, 524287, -1, -524288, 524287, FIELD_COUNT, 0, 0, 0),
    [ALTITUDE] = BDS_SIGNED(0, 42, 56, 0, -125, 5700, 1, -125, 15844, FIELD_ALT_BARO, 8, 0, 0),
};

static int64_t degrees_e7(uint64_t mb, const struct bds_number *n)
{
    return bds_raw(mb, n) * INT64_C(3600000000) / 1048576;
}

int bds51_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = me_bit(v->mb, 1) ? bds_numbers_score(v->mb, number, NUMBERS, value) : BDS_NO;
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    /* A degree from the last position is as far as an aircraft gets while one is remembered. */
    enum { SIGMA_E7 = 1000000, FAR_E7 = 20000000 };
    sum = bds_sum(sum, bds_agree(value[ALTITUDE], v->alt_ft, 50, 1500, 9));
    if (sum <= BDS_NO) {
        return BDS_NO; /* most of what is something else ends here, before the costly part */
    }
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
