/* BDS 2,0 aircraft identification (ICAO Doc 9871, BDS code 2,0; Annex 10 IV 3.1.2.9)

     1..8   0010 0000
     9..56  eight characters of 6 bits */
#include "modes/bds/bds.h"
#include "modes/callsign.h"

#include <string.h>

enum { CODE = 0x20 };

int bds20_score(const struct bds_view *v)
{
    if (me_bits(v->mb, 1, 8) != CODE) {
        return BDS_NO;
    }
    if (!(v->mb & MB(9, 56))) {
        return 24; /* a transponder that was given no call sign */
    }
    char flight[8];
    const int form = bds_text(v->mb, 9, 8, flight);
    if (form <= BDS_NO || !v->known->flight[0]) {
        return bds_sum(form, 8);
    }
    return 8 + form + (memcmp(flight, v->known->flight, 8) == 0 ? 30 : -2);
}

void bds20_add(struct message *m)
{
    if (callsign_read(m->payload, m->flight)) {
        message_add(m, FIELD_FLIGHT, 0);
    }
}
