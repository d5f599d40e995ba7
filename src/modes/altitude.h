/* Altitude codes of Mode C, Mode S and ADS-B (ICAO Annex 10 IV 3.1.1.7.12.2.3, 3.1.2.6.5.4; Doc
   9871 Table A-2-5), in feet. */
#ifndef MASAR_MODES_ALTITUDE_H
#define MASAR_MODES_ALTITUDE_H

#include <stdint.h>

#define ALTITUDE_NONE INT32_MIN /* not sent, or a code that means no altitude */

/* The 13-bit AC field of DF 0, 4, 16, 20. Metric codes (M bit) are converted and rounded to 1 ft.
 */
int32_t altitude_ac13(uint32_t ac);

/* The 12-bit field of BDS 0,5: AC13 without its M bit. */
int32_t altitude_ac12(uint32_t ac);

/* A Mode C code in the order A B C D, 4 octal digits of 12 bits. Multiples of 100 ft from -1,200 to
   126,700. */
int32_t altitude_mode_c(uint32_t abcd);

/* The inverse: 25 ft steps where they reach (-1,000 .. 50,175 ft), else Gillham's 100 ft steps to
   126,700 ft, the nearest step; 0 ("not available") for ALTITUDE_NONE and beyond. */
uint32_t altitude_to_ac13(int32_t ft);
uint32_t altitude_to_ac12(int32_t ft);
uint32_t altitude_to_mode_c(int32_t ft);

#endif
