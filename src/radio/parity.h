/* Mode S parity: 24 bits, generator 0xFFF409 (ICAO Annex 10 IV 3.1.2.3.3), and repair of bit errors
 * by their syndrome. */
#ifndef MASAR_RADIO_PARITY_H
#define MASAR_RADIO_PARITY_H

#include <stddef.h>
#include <stdint.h>

/* Remainder over all n bytes (7 or 14), the last three being the parity as sent: 0 if clean, else
   the syndrome; with parity overlaid it is the address. */
uint32_t parity_remainder(const uint8_t *p, size_t n);

/* What one wrong bit leaves behind, `after` (0..111) bits before the end. */
uint32_t parity_syndrome(unsigned after);

/* The 24 parity bits for a frame of n bytes whose last three are not looked at. */
uint32_t parity_of(const uint8_t *p, size_t n);

/* Bits to flip in a frame of n bytes with this syndrome, at most max_bits (0..2) of them, none in
   bits 1..5 (the format decides the length). Writes bit numbers (0 = first sent) and returns how
   many; 0 if it cannot be repaired for sure. */
unsigned parity_repair(uint32_t syndrome, size_t n, unsigned max_bits, uint8_t bits[2]);

#endif
