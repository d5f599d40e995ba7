#include "modes/adsb.h"
#include "modes/callsign.h"

/* BDS 0,8 identification and category (ICAO Doc 9871 Table A-2-8; DO-260B 2.2.3.2.5)
 *
 *    1- 5  type code: 4 category set A, 3 B, 2 C, 1 D
 *    6- 8  category, 0 "no information"
 *    9-56  eight characters of six bits
 */
void adsb_identification(struct message *m)
{
    m->bds = 0x08;
    message_add(m, FIELD_CATEGORY, (int32_t)((0xeu - m->tc) << 4 | me_bits(m->payload, 6, 8)));
    if (callsign_read(m->payload, m->flight)) {
        message_add(m, FIELD_FLIGHT, 0);
    }
}
