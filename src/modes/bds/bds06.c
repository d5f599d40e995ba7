/* BDS 0,6 extended squitter surface position (ICAO Doc 9871, BDS code 0,6)

     1..5   type code 5..8
     6..12  movement                13 track status      14..20 ground track
    21      time                    22 CPR odd
    23..39  CPR latitude            40..56 CPR longitude */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

enum { TYPE_FIRST = 5, TYPE_LAST = 8, MOVEMENT_LAST = 124, SPEED_MAX_E2_KT = 20000 };

int bds06_score(const struct bds_view *v)
{
    const uint32_t type = me_bits(v->mb, 1, 5);
    if (type < TYPE_FIRST || type > TYPE_LAST || me_bits(v->mb, 6, 12) > MOVEMENT_LAST) {
        return BDS_NO;
    }
    if (v->known->gs_e2_kt != MODES_UNKNOWN && v->known->gs_e2_kt > SPEED_MAX_E2_KT) {
        return BDS_NO; /* nobody taxies at 200 kt */
    }
    return bds_sum(3 + (me_bit(v->mb, 21) ? -2 : 1) + (me_bit(v->mb, 13) ? 1 : 5),
                   bds_near_cpr(v, true));
}

void bds06_add(struct message *m)
{
    bds_squitter(m, adsb_surface);
}
