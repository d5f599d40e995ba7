/* BDS 6,1 extended squitter emergency/priority status and ACAS RA broadcast (ICAO Doc 9871, BDS
   code 6,1)

     1..5   type code 28
     6..8   subtype 1: emergency    9..11 state    12..24 Mode A code    25..56 reserved
            subtype 2: ACAS RA      9..56 as in BDS 3,0: 9..22 advisories, 23..26 complements,
                                    27 terminated, 28 several threats, 29..30 threat type, 31..56 */
#include "modes/adsb.h"
#include "modes/bds/bds.h"
#include "modes/squawk.h"

enum { TYPE = 28, EMERGENCY = 1, ADVISORY = 2, STATE_RESERVED = 7 };

static int emergency_score(const struct bds_view *v)
{
    if ((v->mb & MB(25, 56)) || me_bits(v->mb, 9, 11) == STATE_RESERVED) {
        return BDS_NO;
    }
    const int32_t squawk = (int32_t)squawk_from_id13(me_bits(v->mb, 12, 24));
    const int same = v->squawk == MODES_UNKNOWN || v->squawk != squawk ? 0 : 12;
    return 8 + 32 + same + (me_bits(v->mb, 9, 11) == 0 ? 2 : -1);
}

static int advisory_score(const struct bds_view *v)
{
    if ((v->mb & MB(16, 22)) || me_bits(v->mb, 29, 30) == 3 ||
        (me_bits(v->mb, 29, 30) == 0 && (v->mb & MB(31, 56)))) {
        return BDS_NO;
    }
    return 8 + 7 - 4 + (me_bits(v->mb, 29, 30) == 0 ? 24 : 0);
}

int bds61_score(const struct bds_view *v)
{
    if (me_bits(v->mb, 1, 5) != TYPE) {
        return BDS_NO;
    }
    switch (me_bits(v->mb, 6, 8)) {
    case EMERGENCY:
        return emergency_score(v);
    case ADVISORY:
        return advisory_score(v);
    default:
        return BDS_NO;
    }
}

void bds61_add(struct message *m)
{
    bds_squitter(m, adsb_status);
}
