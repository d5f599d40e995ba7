/* BDS 0,7 extended squitter status (ICAO Doc 9871, BDS code 0,7)

     1..2   surface squitter rate: 0 not told, 1 high, 2 low, 3 reserved
     3      altitude in BDS 0,5: 0 barometric, 1 GNSS height
     4..56  reserved */
#include "modes/bds/bds.h"

enum { RATE_RESERVED = 3 };

int bds07_score(const struct bds_view *v)
{
    /* 53 zeros, of which 30 are taken as evidence: a register that is not loaded is all zeros, and
       noise in such a reply is one bit, not many. */
    return me_bits(v->mb, 1, 2) == RATE_RESERVED || me_bits(v->mb, 1, 2) == 0 ? BDS_NO : 30;
}

void bds07_add(struct message *m)
{
    (void)m; /* how often it squitters on the ground is no quantity of the aircraft */
}
