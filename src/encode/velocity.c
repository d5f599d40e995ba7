#include "encode/bits.h"
#include "encode/encode.h"

#include <math.h>
#include <stdlib.h>

/* The table stands in modes/adsb_velocity.c. */

enum {
    SPEED_LAST_KT = 1021, /* of steps of 1 kt */
    SLOW_E2_KT = 102150,  /* from here on it takes steps of 4 kt */
    SPEED_MORE = 1023,
    RATE_MORE = 511,
    DIFFERENCE_MORE = 127
};

#define E2_DEG (3.14159265358979323846 / 18000)

/* Components in 0.01 kt, each to the nearest step. */
static uint64_t speeds(int64_t we_e2, int64_t sn_e2, int64_t step_kt)
{
    const int64_t we = bits_steps_1(we_e2, step_kt * 100, SPEED_MORE);
    const int64_t sn = bits_steps_1(sn_e2, step_kt * 100, SPEED_MORE);
    return bits_at(14, 14, we_e2 < 0 && we > 1) | bits_at(15, 24, we) |
           bits_at(25, 25, sn_e2 < 0 && sn > 1) | bits_at(26, 35, sn);
}

static uint64_t over_ground(const struct encode_state *s)
{
    const bool moves = s->gs_e2_kt > 0;
    if (s->gs_e2_kt == MODES_UNKNOWN || (moves && s->track_e2_deg == MODES_UNKNOWN)) {
        return bits_at(6, 8, 1);
    }
    const double angle = moves ? s->track_e2_deg * E2_DEG : 0;
    const long we_e2 = lround(s->gs_e2_kt * sin(angle));
    const long sn_e2 = lround(s->gs_e2_kt * cos(angle));
    const bool fast = labs(we_e2) >= SLOW_E2_KT || labs(sn_e2) >= SLOW_E2_KT;
    return bits_at(6, 8, fast ? 2 : 1) | speeds(we_e2, sn_e2, fast ? 4 : 1);
}

static uint64_t through_air(const struct encode_state *s)
{
    const bool is_tas = s->ias_kt == MODES_UNKNOWN;
    const int32_t v = is_tas ? s->tas_kt : s->ias_kt;
    const bool fast = v > SPEED_LAST_KT, has_heading = s->mag_heading_e2_deg != MODES_UNKNOWN;
    return bits_at(6, 8, fast ? 4 : 3) | bits_at(14, 14, has_heading) |
           (has_heading ? bits_at(15, 24, bits_round(s->mag_heading_e2_deg * INT64_C(1024), 36000))
                        : 0) |
           bits_at(25, 25, is_tas) | bits_at(26, 35, bits_steps_1(v, fast ? 4 : 1, SPEED_MORE));
}

static uint64_t vertical(const struct encode_state *s)
{
    const bool baro = s->baro_rate_fpm != MODES_UNKNOWN;
    if (!baro && !(s->has & ENCODE_GEOM_RATE)) {
        return 0;
    }
    const int32_t rate = baro ? s->baro_rate_fpm : s->geom_rate_fpm;
    const int64_t n = bits_steps_1(rate, 64, RATE_MORE);
    return bits_at(36, 36, baro) | bits_at(37, 37, rate < 0 && n > 1) | bits_at(38, 46, n);
}

static uint64_t difference(const struct encode_state *s)
{
    if (s->alt_baro_ft == MODES_UNKNOWN || s->alt_geom_ft == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t d = (int64_t)s->alt_geom_ft - s->alt_baro_ft;
    const int64_t n = bits_steps_1(d, 25, DIFFERENCE_MORE);
    return bits_at(49, 49, d < 0 && n > 1) | bits_at(50, 56, n);
}

uint64_t encode_me_velocity(const struct encode_state *s)
{
    const bool air =
        s->gs_e2_kt == MODES_UNKNOWN && (s->ias_kt != MODES_UNKNOWN || s->tas_kt != MODES_UNKNOWN);
    return bits_at(1, 5, 19) | (air ? through_air(s) : over_ground(s)) | bits_at(11, 13, s->nac_v) |
           vertical(s) | difference(s);
}
