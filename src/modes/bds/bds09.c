/* BDS 0,9 extended squitter airborne velocity (ICAO Doc 9871, BDS code 0,9)

     1..5   type code 19        6..8  subtype: 1 2 over ground, 3 4 airspeed; 2 and 4 supersonic
     9      intent change      10 IFR      11..13 NACv
    14      to the west        15..24 east-west speed + 1 kt     (3 4: heading status, heading)
    25      to the south       26..35 north-south speed + 1 kt   (3 4: airspeed type, airspeed + 1)
    36      rate from GNSS 0, barometer 1      37 down      38..46 vertical rate / 64 + 1 ft/min
    47..48  reserved           49 GNSS below baro           50..56 difference / 25 + 1 ft */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

#include <math.h>

enum { TYPE = 19, GROUND = 1, GROUND_FAST = 2, AIR_FAST = 4 };

/* The two speeds, in knots, positive east and north; false where one is not there. */
static bool ground_speeds(uint64_t mb, int32_t scale, int32_t *east, int32_t *north)
{
    const int32_t x = (int32_t)me_bits(mb, 15, 24), y = (int32_t)me_bits(mb, 26, 35);
    *east = (x - 1) * scale * (me_bit(mb, 14) ? -1 : 1);
    *north = (y - 1) * scale * (me_bit(mb, 25) ? -1 : 1);
    return x && y;
}

static int ground_score(const struct bds_view *v, int32_t scale)
{
    int32_t east, north;
    if (!ground_speeds(v->mb, scale, &east, &north) || v->known->gs_e2_kt == MODES_UNKNOWN ||
        v->known->track_e2_deg == MODES_UNKNOWN) {
        return 0;
    }
    const double track = v->known->track_e2_deg * 0.01 * 3.14159265358979323846 / 180;
    const double gs = v->known->gs_e2_kt * 0.01;
    return bds_sum(bds_agree(east, (int32_t)lround(gs * sin(track)), 12, 200, 5),
                   bds_agree(north, (int32_t)lround(gs * cos(track)), 12, 200, 5));
}

int bds09_score(const struct bds_view *v)
{
    const uint32_t subtype = me_bits(v->mb, 6, 8), code = me_bits(v->mb, 38, 46);
    if (me_bits(v->mb, 1, 5) != TYPE || subtype < GROUND || subtype > AIR_FAST) {
        return BDS_NO;
    }
    /* Supersonic subtypes are for aircraft hardly any of which fly. */
    const bool fast = subtype == GROUND_FAST || subtype == AIR_FAST;
    int sum = 5 + (fast ? -4 : 2) + (me_bits(v->mb, 47, 48) ? -2 : 2);
    const int32_t rate =
        code ? ((int32_t)code - 1) * (me_bit(v->mb, 37) ? -64 : 64) : MODES_UNKNOWN;
    sum = bds_sum(sum, bds_agree(rate, v->known->baro_rate_fpm, 300, 8000, 5));
    if (rate != MODES_UNKNOWN) {
        sum += rate >= -4000 && rate <= 4000 ? 1 : -4;
    }
    return subtype <= GROUND_FAST ? bds_sum(sum, ground_score(v, fast ? 4 : 1)) : sum;
}

void bds09_add(struct message *m)
{
    bds_squitter(m, adsb_velocity);
}
