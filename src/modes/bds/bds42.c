/* BDS 4,2 next waypoint position (ICAO Doc 9871, BDS code 4,2)

     1      status      2..20  waypoint latitude       90/131,072 deg, -90 .. 90 of -180 .. 180
    21      status     22..40  waypoint longitude      90/131,072 deg, -180 .. 180
    41      status     42..56  crossing altitude       8 ft, -1,000 .. 126,752 */
#include "modes/bds/bds.h"

enum { LATITUDE, LONGITUDE, CROSSING, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [LATITUDE] = BDS_SIGNED(1, 2, 20, 6, -131072, 131072, 1, -131072, 131072, FIELD_COUNT, 0, 0, 0),
    [LONGITUDE] =
        BDS_SIGNED(21, 22, 40, 6, -262144, 262143, 0, -262144, 262143, FIELD_COUNT, 0, 0, 0),
    [CROSSING] = BDS_SIGNED(41, 42, 56, 2, -125, 5700, 1, -125, 15844, FIELD_COUNT, 0, 0, 0),
};

int bds42_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    const int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO || !me_bit(v->mb, 1) || !me_bit(v->mb, 21)) {
        return sum;
    }
    /* The next waypoint is within some degrees of the aircraft. */
    enum { SIGMA_E7 = 30000000, FAR_E7 = 300000000 };
    const int64_t lat = bds_raw(v->mb, &number[LATITUDE]), lon = bds_raw(v->mb, &number[LONGITUDE]);
    return bds_sum(sum, bds_agree_place(v, lat * 900000000 / 131072, lon * 900000000 / 131072,
                                        SIGMA_E7, FAR_E7, 5));
}

void bds42_add(struct message *m)
{
    (void)m; /* a place that is not the aircraft's has no row in the table of quantities */
}
