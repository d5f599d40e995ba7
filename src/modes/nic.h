/* Navigation integrity category and radius of containment of a position message (DO-260B Tables
   2-14, 2-16, 2-70; ICAO Doc 9871 Tables A-2-5, B-2-5, C-2-5 and their TYPE code tables). */
#ifndef MASAR_MODES_NIC_H
#define MASAR_MODES_NIC_H

#include <stdbool.h>
#include <stdint.h>

/* What the type code of a position message says together with what only other messages know: the
   version (0, 1, 2; a later one reads as 2) and the supplements A, C (BDS 6,5) and B (BDS 0,5),
   each false while not known. A combination the tables leave out reads as the larger radius. rc_m
   is rounded up to the meter, so the radius still contains; -1 where it is not bounded. False, and
   nothing written, where tc is not that of a position: 5..18, 20..22. */
bool modes_nic(unsigned tc, unsigned version, bool nic_a, bool nic_b, bool nic_c, uint8_t *nic,
               int32_t *rc_m);

#endif
