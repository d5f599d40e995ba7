/* BDS 1,A Mode S specific services GICB capability report, 3 of 5 (ICAO Doc 9871, BDS code
   1,8 to 1,C): a bit is one where the register is installed.

     1..56  registers A,8 down to 7,1: bit n is register A9 hex minus n */
#include "modes/bds/bds.h"

/* Nothing of this range is in use, so that no bits speak for it: zeros say nothing, and ones are
   more likely anything else. It is read when its number is known by other means. */
int bds1A_score(const struct bds_view *v)
{
    (void)v;
    return BDS_NO;
}

void bds1A_add(struct message *m)
{
    (void)m; /* a list of registers is no quantity: the name says it was read, the bits are the MB's
              */
}
