#include "wire/picture_aim.h"

#include <stdlib.h>

int32_t picture_turn(int32_t v, int32_t whole)
{
    return v >= whole / 2 ? v - whole : v < -(whole / 2) ? v + whole : v;
}

int32_t picture_within(int32_t v, int32_t limit)
{
    return v > limit ? limit : v < -limit ? -limit : v;
}

struct picture_aim picture_aim_after(const struct picture_aim *a, int32_t dt_ds)
{
    struct picture_aim at = *a;
    at.lat = a->lat + (a->v_lat * dt_ds >> 4);
    at.lon = picture_turn(a->lon + (a->v_lon * dt_ds >> 4), 16 * LON_TURN);
    return at;
}

/* An alpha-beta filter. The gains, over 256, are those of a line fitted to the positions so far
   (2(2k-1)/k(k+1), 6/k(k+1) for the k-th) down to a memory short enough for turns. */
void picture_aim_update(struct picture_aim *a, int32_t dt_ds, int32_t lat_e5, int32_t lon_e5)
{
    static const uint16_t alpha[AIM_HITS_MAX + 1] = {256, 256, 213, 179, 154, 134, 134, 134};
    static const uint16_t beta[AIM_HITS_MAX + 1] = {0, 256, 128, 77, 51, 37, 37, 37};
    if (dt_ds < 1 || dt_ds > AIM_DT_MAX || a->hits == 0) {
        *a = (struct picture_aim){.lat = lat_e5 * 16, .lon = lon_e5 * 16, .hits = 1};
        return;
    }
    struct picture_aim at = picture_aim_after(a, dt_ds);
    const int32_t r_lat = lat_e5 * 16 - at.lat,
                  r_lon = picture_turn(lon_e5 * 16 - at.lon, 16 * LON_TURN);
    if (abs(r_lat) > AIM_R_MAX || abs(r_lon) > AIM_R_MAX) {
        *a = (struct picture_aim){.lat = lat_e5 * 16, .lon = lon_e5 * 16, .hits = 1};
        return;
    }
    at.lat = at.lat + (r_lat * alpha[a->hits] >> 8);
    at.lon = picture_turn(at.lon + (r_lon * alpha[a->hits] >> 8), 16 * LON_TURN);
    at.v_lat = picture_within(a->v_lat + r_lat * beta[a->hits] / (16 * dt_ds), AIM_V_MAX);
    at.v_lon = picture_within(a->v_lon + r_lon * beta[a->hits] / (16 * dt_ds), AIM_V_MAX);
    at.hits = a->hits < AIM_HITS_MAX ? a->hits + 1 : a->hits;
    *a = at;
}
