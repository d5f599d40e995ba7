/* BDS 3,0 ACAS active resolution advisory (ICAO Doc 9871, BDS code 3,0; Annex 10 IV 4.3.8.4.2.2)

     1..8   0011 0000
     9..22  active resolution advisories (ARA); 16..22 reserved for ACAS III
    23..26  resolution advisory complements (RAC)
    27      RA terminated
    28      multiple threat encounter
    29..30  threat type: 0 none, 1 address, 2 altitude range bearing, 3 not assigned
    31..56  threat identity: type 1: 31..54 address, 55..56 zero
                             type 2: 31..43 altitude code, 44..50 range, 51..56 bearing */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

enum { CODE = 0x30, THREAT_NONE = 0, THREAT_ADDRESS = 1, THREAT_UNASSIGNED = 3, BEARING_MAX = 60 };

static int threat_score(uint64_t mb)
{
    switch (me_bits(mb, 29, 30)) {
    case THREAT_NONE:
        return mb & MB(31, 56) ? BDS_NO : 24;
    case THREAT_ADDRESS:
        return mb & MB(55, 56) ? BDS_NO : 2;
    case THREAT_UNASSIGNED:
        return BDS_NO;
    default:
        return me_bits(mb, 51, 56) > BEARING_MAX ? BDS_NO : 0;
    }
}

int bds30_score(const struct bds_view *v)
{
    if (me_bits(v->mb, 1, 8) != CODE) {
        return BDS_NO;
    }
    /* Bit 9 is set with an advisory against one threat, bit 28 with several; without either
       the other bits of ARA say nothing and are zero. */
    const uint32_t ara = me_bits(v->mb, 9, 15);
    const bool against_one = me_bit(v->mb, 9), against_more = me_bit(v->mb, 28);
    const int sense = !against_one && !against_more && ara ? -8 : 2;
    return bds_sum(8 + sense, threat_score(v->mb));
}

void bds30_add(struct message *m)
{
    adsb_advisory(m);
}
