/* Eight characters of six bits, BDS 0,8 and 2,0 (ICAO Annex 10 IV 3.1.2.9.1.2). */
#ifndef MASAR_MODES_CALLSIGN_H
#define MASAR_MODES_CALLSIGN_H

#include <stdbool.h>
#include <stdint.h>

/* Reads the lower 48 bits of me into eight characters: upper-case letters, digits, spaces. False
   where one of them is a code without a character, or all are spaces ("not available"); out is then
   not to be used. */
bool callsign_read(uint64_t me, char out[8]);

/* The inverse: 48 bits; what has no code becomes a space. */
uint64_t callsign_write(const char text[8]);

#endif
