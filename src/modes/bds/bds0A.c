/* BDS 0,A extended squitter event-driven information (ICAO Doc 9871, BDS code 0,A)

     1..56  a copy of the event-driven squitter that is to go out: BDS 6,1, 6,2, 6,5 …

   A reply with such a copy is named by what it holds, by the register it was copied from; what is
   left for this name is a type code without a register of its own. */
#include "modes/bds/bds.h"

enum { TYPE_TEST = 23 };

int bds0A_score(const struct bds_view *v)
{
    /* Type 23 subtype 0 is a test message, the rest undefined: 5 + 3 bits, and zeros if any. */
    return me_bits(v->mb, 1, 8) == TYPE_TEST << 3 ? 8 : BDS_NO;
}

void bds0A_add(struct message *m)
{
    (void)m; /* a test message says nothing of the aircraft */
}
