/* BDS 1,9 Mode S specific services GICB capability report, 2 of 5 (ICAO Doc 9871, BDS code
   1,8 to 1,C): a bit is one where the register is installed.

     1..56  registers 7,0 down to 3,9: bit n is register 71 hex minus n (49 is 4,0; 17 is 6,0) */
#include "modes/bds/bds.h"

/* Always loaded where Mode S specific services are, and those that sometimes are. */
#define REGISTER(n) MB(0x71 - (n), 0x71 - (n))
#define USUAL       (REGISTER(0x40) | REGISTER(0x50) | REGISTER(0x60))
#define SOME                                                                                       \
    (REGISTER(0x41) | REGISTER(0x42) | REGISTER(0x43) | REGISTER(0x44) | REGISTER(0x45) |          \
     REGISTER(0x48) | REGISTER(0x51) | REGISTER(0x52) | REGISTER(0x53) | REGISTER(0x54) |          \
     REGISTER(0x55) | REGISTER(0x56) | REGISTER(0x5f) | REGISTER(0x61) | REGISTER(0x62) |          \
     REGISTER(0x65))

int bds19_score(const struct bds_view *v)
{
    return (v->mb & USUAL) == USUAL ? bds_capabilities(v->mb, USUAL, SOME) : BDS_NO;
}

void bds19_add(struct message *m)
{
    (void)m; /* a list of registers is no quantity: the name says it was read, the bits are the MB's
              */
}
