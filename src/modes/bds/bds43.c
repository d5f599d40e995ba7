/* BDS 4,3 next waypoint information (ICAO Doc 9871, BDS code 4,3)

     1      status      2..12  bearing to waypoint     360/2,048 deg, -180 .. 180
    13      status     14..25  time to go              0.1 min, 0 .. 409.5
    26      status     27..42  distance to go          0.1 NM, 0 .. 6,553.5
    43..56  reserved */
#include "modes/bds/bds.h"

enum { BEARING, TIME, DISTANCE, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [BEARING] = BDS_SIGNED(1, 2, 12, 5, -1024, 1023, 0, -1024, 1023, FIELD_COUNT, 0, 0, 0),
    [TIME] = BDS_UNSIGNED(13, 14, 25, 4, 0, 1000, 2, 0, 4095, FIELD_COUNT, 0, 0, 0),
    [DISTANCE] = BDS_UNSIGNED(26, 27, 42, 4, 0, 8000, 3, 0, 65535, FIELD_COUNT, 0, 0, 0),
};

int bds43_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
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
