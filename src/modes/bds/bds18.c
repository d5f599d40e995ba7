/* BDS 1,8 Mode S specific services GICB capability report, 1 of 5 (ICAO Doc 9871, BDS code
   1,8 to 1,C): a bit is one where the register is installed.

     1..56  registers 3,8 down to 0,1: bit n is register 39 hex minus n (56 is 0,1; 41 is 1,0) */
#include "modes/bds/bds.h"

/* Always loaded where Mode S specific services are, and those that sometimes are. */
#define REGISTER(n) MB(0x39 - (n), 0x39 - (n))
#define USUAL       (REGISTER(0x10) | REGISTER(0x17) | REGISTER(0x18) | REGISTER(0x20))
#define SOME                                                                                       \
    (REGISTER(0x05) | REGISTER(0x06) | REGISTER(0x07) | REGISTER(0x08) | REGISTER(0x09) |          \
     REGISTER(0x0a) | REGISTER(0x19) | REGISTER(0x1a) | REGISTER(0x1b) | REGISTER(0x1c) |          \
     REGISTER(0x1d) | REGISTER(0x1e) | REGISTER(0x1f) | REGISTER(0x21) | REGISTER(0x22) |          \
     REGISTER(0x25) | REGISTER(0x30))

int bds18_score(const struct bds_view *v)
{
    return (v->mb & USUAL) == USUAL ? bds_capabilities(v->mb, USUAL, SOME) : BDS_NO;
}

void bds18_add(struct message *m)
{
    (void)m; /* a list of registers is no quantity: the name says it was read, the bits are the MB's
              */
}
