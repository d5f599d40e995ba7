/* BDS 6,5 aircraft operational status (ICAO Doc 9871, BDS code 6,5; DO-260B 2.2.3.2.7.2), version 2

     1..5   type code 31        6..8  subtype: 0 airborne, 1 surface
     9..24  capability class   25..40 operational mode   41..43 version
    44      NIC supplement A   45..48 NACp      49..50 GVA      51..52 SIL
    53      NIC baro           54 heading from magnetic north   55 SIL supplement   56 reserved */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

enum { TYPE = 31, SUBTYPE_MAX = 1, VERSION_MAX = 3, NAC_P_MAX = 11 };

int bds65_score(const struct bds_view *v)
{
    const uint64_t mb = v->mb;
    if (me_bits(mb, 1, 5) != TYPE || me_bits(mb, 6, 8) > SUBTYPE_MAX ||
        me_bits(mb, 41, 43) > VERSION_MAX || me_bits(mb, 45, 48) > NAC_P_MAX || me_bit(mb, 56)) {
        return BDS_NO;
    }
    /* Of the capabilities only a few bits are defined and hardly any are set. */
    const int classes = 5 - __builtin_popcount(me_bits(mb, 9, 24));
    const int modes = me_bits(mb, 25, 26) ? -4 : 6 - 2 * __builtin_popcount(me_bits(mb, 27, 32));
    return 5 + 2 + 1 + 1 + classes + modes;
}

void bds65_add(struct message *m)
{
    bds_squitter(m, adsb_operational);
}
