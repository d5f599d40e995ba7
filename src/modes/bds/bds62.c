/* BDS 6,2 target state and status (ICAO Doc 9871, BDS code 6,2; DO-260B 2.2.3.2.7.1), subtype 1

     1..5   type code 29        6..7  subtype 1       8 SIL supplement
     9      from the FMS       10..20 selected altitude / 32 + 1 ft
    21..29  barometric setting (minus 800 hPa) / 0.8 + 1
    30      status             31..39 selected heading 180/256 deg
    40..43  NACp               44 NIC baro          45..46 SIL
    47      status             48 autopilot  49 VNAV  50 altitude hold  52 approach  54 LNAV
    51      for ADS-R          53 TCAS operational  55..56 reserved */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

enum { TYPE = 29, SUBTYPE = 1, NAC_P_MAX = 11 };

int bds62_score(const struct bds_view *v)
{
    const uint64_t mb = v->mb;
    if (me_bits(mb, 1, 5) != TYPE || me_bits(mb, 6, 7) != SUBTYPE || (mb & MB(55, 56)) ||
        me_bits(mb, 40, 43) > NAC_P_MAX) {
        return BDS_NO;
    }
    const uint32_t code = me_bits(mb, 10, 20), setting = me_bits(mb, 21, 29);
    const int32_t ft = code > 1 ? ((int32_t)code - 1) * 32 : MODES_UNKNOWN;
    const int32_t qnh = setting ? 8000 + ((int32_t)setting - 1) * 8 : MODES_UNKNOWN;
    int sum = 5 + 2 + 2 + (me_bit(mb, 30) ? 0 : 8) + (me_bit(mb, 51) ? -2 : 1);
    sum += qnh == MODES_UNKNOWN ? 0 : qnh >= 9500 && qnh <= 10500 ? 2 : -4;
    sum += ft == MODES_UNKNOWN ? 0 : (ft + 16) % 100 <= 32 ? 1 : -2;
    sum += bds_same(qnh, v->known->nav_qnh_e1_hpa, 8, 5);
    return sum + bds_same(ft, v->known->nav_altitude_mcp_ft, 32, 8);
}

void bds62_add(struct message *m)
{
    bds_squitter(m, adsb_target);
}
