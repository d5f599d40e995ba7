/* BDS 5,2 position report fine (ICAO Doc 9871, BDS code 5,2)

     1      status
     2..5   figure of merit and source
     6..23  latitude fine        90/16,777,216 deg, 0 .. 180/128: the low part of the latitude
    24..41  longitude fine       the same
    42..56  pressure altitude or GNSS height   8 ft, -1,000 .. 126,752 */
#include "modes/bds/bds.h"

enum { ALTITUDE, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [ALTITUDE] = BDS_SIGNED(0, 42, 56, 0, -125, 5700, 1, -125, 15844, FIELD_COUNT, 8, 0, 0),
};

/* How far the 18 bits are from the low part of a known coordinate, in their unit. */
static int fine_score(uint32_t fine, int32_t known_e7)
{
    enum { WHOLE = 1 << 18, SIGMA = 18641, FAR = WHOLE / 3 }; /* 0.1 degree */
    if (known_e7 == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t known = (int64_t)known_e7 * 16777216 / 900000000;
    const uint32_t apart = (uint32_t)(fine - known) % WHOLE;
    return bds_agree((int32_t)(apart > WHOLE / 2 ? WHOLE - apart : apart), 0, SIGMA, FAR, 3);
}

int bds52_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = me_bit(v->mb, 1) ? bds_numbers_score(v->mb, number, NUMBERS, value) : BDS_NO;
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    const int32_t altitude = (int32_t)sign_extend(me_bits(v->mb, 42, 56), 15) * 8;
    sum = bds_sum(sum, bds_agree(altitude, v->alt_ft, 50, 4000, 8));
    if (sum <= BDS_NO) {
        return BDS_NO; /* most of what is something else ends here, before the costly part */
    }
    sum = bds_sum(sum, fine_score(me_bits(v->mb, 6, 23), v->known->lat_e7));
    return bds_sum(sum, fine_score(me_bits(v->mb, 24, 41), v->known->lon_e7));
}

void bds52_add(struct message *m)
{
    (void)m; /* the low part of a place, and a height that does not tell which of two it is */
}
