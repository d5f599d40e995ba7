/* BDS 4,3 next waypoint information (ICAO Doc 9871, BDS code 4,3)

     1      status      2..12  bearing to waypoint     360/2,048 deg, -180 .. 180
    13      status     14..25  time to go              0.1 min, 0 .. 409.5
    26      status     27..42  distance to go          0.1 NM, 0 .. 6,553.5
    43..56  reserved */
#include "modes/bds/bds.h"

enum { BEARING, TIME, DISTANCE, NUMBERS };

static const struct bds_number number[NUMBERS] = {
    [BEARING] = {.status = 1,
                 .first = 2,
                 .last = 12,
                 .is_signed = true,
                 .absent = 5,
                 .field = FIELD_COUNT,
                 .usual_lo = -1024,
                 .usual_hi = 1023,
                 .lo = -1024,
                 .hi = 1023},
    [TIME] = {.status = 13,
              .first = 14,
              .last = 25,
              .absent = 4,
              .gain = 2,
              .field = FIELD_COUNT,
              .usual_lo = 0,
              .usual_hi = 1000,
              .lo = 0,
              .hi = 4095},
    [DISTANCE] = {.status = 26,
                  .first = 27,
                  .last = 42,
                  .absent = 4,
                  .gain = 3,
                  .field = FIELD_COUNT,
                  .usual_lo = 0,
                  .usual_hi = 8000,
                  .lo = 0,
                  .hi = 65535},
};

int bds43_score(const struct bds_view *v)
{
    int sum = bds_numbers_score(v->mb, number, NUMBERS);
    if (sum <= BDS_NO || !me_bit(v->mb, 13) || !me_bit(v->mb, 26)) {
        return sum;
    }
    /* Distance over time is the speed made good: 6 kt for each 0.1 NM in 0.1 min, times 10. */
    const int64_t time = bds_raw(v->mb, &number[TIME]), way = bds_raw(v->mb, &number[DISTANCE]);
    if (time > 20 && (way * 60 < time * 80 || way * 60 > time * 750)) {
        return BDS_NO;
    }
    return time > 20 ? sum + 3 : sum;
}

void bds43_add(struct message *m)
{
    (void)m; /* nothing of it is a quantity of the table */
}
