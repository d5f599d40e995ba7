/* Where an aircraft of the live picture is expected to be: an estimate in integers, the same on
   both sides, from which only the miss is sent. */
#ifndef MASAR_WIRE_PICTURE_AIM_H
#define MASAR_WIRE_PICTURE_AIM_H

#include <stdint.h>

enum {
    LAT_MAX = 9000000,   /* 1e-5 degrees */
    LON_TURN = 36000000, /* 1e-5 degrees once around */
    AIM_DT_MAX =
        600, /* tenths of a second: after a minute without position the estimate starts anew */
    AIM_V_MAX = 1 << 20, /* 1/256 of 1e-5 degrees a tenth of a second */
    AIM_R_MAX = 1 << 18, /* 1/16 of 1e-5 degrees: a larger miss is no motion */
    AIM_HITS_MAX = 7
};

/* Where an aircraft is expected: position in 1/16 of 1e-5 degrees, at the time of its last one,
   velocity in 1/256 of 1e-5 degrees a tenth of a second. All 0 before the first position. */
struct picture_aim {
    int32_t lat, lon, v_lat, v_lon;
    int32_t hits; /* positions seen, 0 .. AIM_HITS_MAX */
};

/* Difference of two longitudes the short way, or a longitude brought into [-half, half). */
int32_t picture_turn(int32_t v, int32_t whole);
int32_t picture_within(int32_t v, int32_t limit);

/* The estimate dt_ds later (0 .. AIM_DT_MAX). */
struct picture_aim picture_aim_after(const struct picture_aim *a, int32_t dt_ds);

/* Takes the position of dt_ds after the last; starts anew from it where dt_ds is not in 1 ..
 * AIM_DT_MAX. */
void picture_aim_update(struct picture_aim *a, int32_t dt_ds, int32_t lat_e5, int32_t lon_e5);

#endif
