/* BDS 1,C Mode S specific services GICB capability report, 5 of 5 (ICAO Doc 9871, BDS code
   1,8 to 1,C): a bit is one where the register is installed.

     1..25  reserved
    26..56  registers F,F down to E,1: bit n is register 119 hex minus n (53 is E,4; 40 is F,1) */
#include "modes/bds/bds.h"

/* Equipment identification and status, and the military's. */
#define REGISTER(n) MB(0x119 - (n), 0x119 - (n))
#define SOME                                                                                       \
    (REGISTER(0xe3) | REGISTER(0xe4) | REGISTER(0xe5) | REGISTER(0xe6) | REGISTER(0xe7) |          \
     REGISTER(0xea) | REGISTER(0xf1) | REGISTER(0xf2))

int bds1C_score(const struct bds_view *v)
{
    return v->mb & ~SOME ? BDS_NO : bds_capabilities(v->mb, 0, SOME) - 30;
}

void bds1C_add(struct message *m)
{
    (void)m; /* a list of registers is no quantity: the name says it was read, the bits are the MB's
              */
}
