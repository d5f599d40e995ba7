#include "modes/adsb.h"
#include "modes/altitude.h"

/* BDS 0,5 airborne position (ICAO Doc 9871 Table A-2-5; DO-260B 2.2.3.2.3)
 *
 *    1- 5  type code: 9..18 barometric, 20..22 GNSS height, 0 no position
 *    6- 7  surveillance status
 *       8  version 0 and 1: single antenna; version 2: NIC supplement B; TIS-B, ADS-R: IMF
 *    9-20  altitude, 12 bits; GNSS height (HAE) in the same code
 *      21  time synchronized to UTC
 *      22  CPR format: 0 even, 1 odd
 *   23-39  latitude
 *   40-56  longitude
 */
void adsb_airborne(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    const int32_t ft = altitude_ac12(me_bits(me, 9, 20));
    if (m->tc == 0) { /* it may come from the ground as well, and then says nothing at all */
        if (ft != ALTITUDE_NONE) {
            m->bds = 0x05;
            message_add(m, FIELD_ALT_BARO, ft);
        }
        return;
    }
    m->bds = 0x05;
    adsb_imf(m, s, 8);
    adsb_surveillance_status(m, me_bits(me, 6, 7));
    message_add(m, FIELD_GROUND, 0);
    if (ft != ALTITUDE_NONE) {
        message_add(m, m->tc < 20 ? FIELD_ALT_BARO : FIELD_ALT_GEOM, ft);
    }
    if (s == ADSB_DIRECT) {
        message_add(m, FIELD_NIC_B, (int32_t)me_bit(me, 8));
    }
    adsb_nic(m);
    m->cpr.lat = me_bits(me, 23, 39);
    m->cpr.lon = me_bits(me, 40, 56);
    m->cpr.odd = (uint8_t)me_bit(me, 22);
    m->cpr.surface = 0;
    m->cpr.coarse = 0;
    m->cpr.present = 1;
}
