/* BDS 4,2 next waypoint position (ICAO Doc 9871, BDS code 4,2)

     1      status      2..20  waypoint latitude       90/131,072 deg, -90 .. 90 of -180 .. 180
    21      status     22..40  waypoint longitude      90/131,072 deg, -180 .. 180
    41      status     42..56  crossing altitude       8 ft, -1,000 .. 126,752 */
#include "modes/bds/bds.h"

enum { LATITUDE, LONGITUDE, CROSSING, NUMBERS };

static const struct bds_number number[NUMBERS] = {
    [LATITUDE] = {.status = 1,
                  .first = 2,
                  .last = 20,
                  .is_signed = true,
                  .absent = 6,
                  .gain = 1,
                  .field = FIELD_COUNT,
                  .usual_lo = -131072,
                  .usual_hi = 131072,
                  .lo = -131072,
                  .hi = 131072},
    [LONGITUDE] = {.status = 21,
                   .first = 22,
                   .last = 40,
                   .is_signed = true,
                   .absent = 6,
                   .field = FIELD_COUNT,
                   .usual_lo = -262144,
                   .usual_hi = 262143,
                   .lo = -262144,
                   .hi = 262143},
    [CROSSING] = {.status = 41,
                  .first = 42,
                  .last = 56,
                  .is_signed = true,
                  .absent = 2,
                  .gain = 1,
                  .field = FIELD_COUNT,
                  .usual_lo = -125,
                  .usual_hi = 5700,
                  .lo = -125,
                  .hi = 15844},
};

int bds42_score(const struct bds_view *v)
{
    const int sum = bds_numbers_score(v->mb, number, NUMBERS);
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
