#include "modes/adsb.h"
#include "modes/squawk.h"

/* BDS 6,1 aircraft status (ICAO Doc 9871 Tables B-2-97a, B-2-97b; DO-260B 2.2.3.2.7.8)
 *
 *    1- 5  type code 28
 *    6- 8  subtype 1: emergency, 2: ACAS resolution advisory broadcast
 *          subtype 1                           subtype 2
 *    9-11  emergency state                     9-22  active resolution advisories
 *   12-24  Mode A code                        23-26  RA complement
 *   25-56  reserved; 56 ADS-R: IMF               27  RA terminated
 *                                                28  multiple threats
 *                                             29-30  kind of threat identity
 *                                             31-56  threat identity
 */
static void emergency(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    adsb_imf(m, s, 56);
    message_add(m, FIELD_EMERGENCY, (int32_t)me_bits(me, 9, 11));
    const uint32_t squawk = squawk_from_id13(me_bits(me, 12, 24));
    if (squawk != 0) { /* version 0 and 1 have no Mode A code here and send zeros */
        message_add(m, FIELD_SQUAWK, (int32_t)squawk);
    }
}

void adsb_status(struct message *m, enum adsb_service s)
{
    switch (me_bits(m->payload, 6, 8)) {
    case 1:
        m->bds = 0x61;
        emergency(m, s);
        break;
    case 2:
        m->bds = 0x61;
        adsb_advisory(m);
        break;
    default:
        break;
    }
}

/* TC 23 test message, subtype 7: the Mode A code in 9-21, sent in the United States by version 1
   (DO-260A 2.2.3.2.7.3). */
void adsb_test(struct message *m, enum adsb_service s)
{
    (void)s;
    const uint32_t squawk = squawk_from_id13(me_bits(m->payload, 9, 21));
    if (me_bits(m->payload, 6, 8) == 7 && squawk != 0) {
        message_add(m, FIELD_SQUAWK, (int32_t)squawk);
    }
}
