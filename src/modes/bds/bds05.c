/* BDS 0,5 extended squitter airborne position (ICAO Doc 9871, BDS code 0,5)

     1..5   type code: 9..18 with barometric altitude, 20..22 with GNSS height
     6..7   surveillance status      8 single antenna (version 2: NIC supplement B)
     9..20  altitude code            21 time     22 CPR odd
    23..39  CPR latitude            40..56 CPR longitude */
#include "modes/adsb.h"
#include "modes/altitude.h"
#include "modes/bds/bds.h"
#include "modes/cpr.h"

enum {
    TYPE_BARO = 9,
    TYPE_COMMON_LAST = 13,
    TYPE_BARO_LAST = 18,
    TYPE_GNSS = 20,
    TYPE_GNSS_LAST = 22
};

int bds_near_cpr(const struct bds_view *v, bool is_surface)
{
    enum { SIGMA_E7 = 1000000, FAR_E7 = 20000000 };
    const struct modes_known *k = v->known;
    if (k->lat_e7 == MODES_UNKNOWN || k->lon_e7 == MODES_UNKNOWN) {
        return 0;
    }
    const uint32_t half[2] = {me_bits(v->mb, 23, 39), me_bits(v->mb, 40, 56)};
    const struct cpr_position at = {k->lat_e7, k->lon_e7};
    struct cpr_position p;
    if (cpr_local(half, me_bit(v->mb, 22), is_surface, at, &p) != CPR_OK) {
        return BDS_NO;
    }
    /* A zone is 6 degrees, on the ground 1.5. */
    return bds_agree_place(v, p.lat_e7, p.lon_e7, SIGMA_E7, FAR_E7, is_surface ? 3 : 5);
}

int bds05_score(const struct bds_view *v)
{
    const uint32_t type = me_bits(v->mb, 1, 5);
    const bool baro = type >= TYPE_BARO && type <= TYPE_BARO_LAST;
    if (!baro && !(type >= TYPE_GNSS && type <= TYPE_GNSS_LAST)) {
        return BDS_NO;
    }
    const int32_t ft = altitude_ac12(me_bits(v->mb, 9, 20));
    /* GNSS height is within a few thousand feet of pressure altitude. */
    const int height = bds_agree(ft == ALTITUDE_NONE ? MODES_UNKNOWN : ft, v->alt_ft,
                                 baro ? 40 : 1500, baro ? 1500 : 6000, baro ? 10 : 3);
    const int form = (baro && type <= TYPE_COMMON_LAST ? 3 : 0) + (me_bit(v->mb, 21) ? -2 : 1);
    return height <= BDS_NO ? BDS_NO : bds_sum(height + form, bds_near_cpr(v, false));
}

void bds05_add(struct message *m)
{
    bds_squitter(m, adsb_airborne);
}
