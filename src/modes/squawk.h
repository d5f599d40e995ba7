/* The interleaved order in which Mode A and Mode C pulses are sent in Mode S, and back (ICAO Annex
   10 IV 3.1.2.6.7.1). A code is 4 octal digits ABCD in 12 bits: 7700 is 07700. */
#ifndef MASAR_MODES_SQUAWK_H
#define MASAR_MODES_SQUAWK_H

#include <stdint.h>

/* C1 A1 C2 A2 C4 A4 X B1 D1 B2 D2 B4 D4, 13 bits; X is not looked at. */
static inline uint32_t squawk_from_id13(uint32_t id)
{
    /*      sent   digits
       C1  0x1000  00010    A1  0x0800  01000    C2  0x0400  00020    A2  0x0200  02000
       C4  0x0100  00040    A4  0x0080  04000    X   0x0040           B1  0x0020  00100
       D1  0x0010  00001    B2  0x0008  00200    D2  0x0004  00002    B4  0x0002  00400
       D4  0x0001  00004 */
    return (id & 0x1000) >> 9 | (id & 0x0800) >> 2 | (id & 0x0400) >> 6 | (id & 0x0200) << 1 |
           (id & 0x0100) >> 3 | (id & 0x0080) << 4 | (id & 0x0020) << 1 | (id & 0x0010) >> 4 |
           (id & 0x0008) << 4 | (id & 0x0004) >> 1 | (id & 0x0002) << 7 | (id & 0x0001) << 2;
}

/* The same 13 bits from a code, X zero. */
static inline uint32_t squawk_to_id13(uint32_t abcd)
{
    return (abcd & 00010) << 9 | (abcd & 01000) << 2 | (abcd & 00020) << 6 | (abcd & 02000) >> 1 |
           (abcd & 00040) << 3 | (abcd & 04000) >> 4 | (abcd & 00100) >> 1 | (abcd & 00001) << 4 |
           (abcd & 00200) >> 4 | (abcd & 00002) << 1 | (abcd & 00400) >> 7 | (abcd & 00004) >> 2;
}

#endif
