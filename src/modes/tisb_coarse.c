#include "modes/adsb.h"
#include "modes/altitude.h"

/* TIS-B coarse airborne position, DF18 CF 3 (DO-260B 2.2.17.3.5)
 *
 *       1  IMF
 *    2- 3  surveillance status
 *    4- 7  service volume
 *    8-19  pressure altitude, 12 bits
 *      20  track is valid
 *   21-25  track n 360/32 degrees
 *   26-31  ground speed: 0 none, 1 below 16 kt, n within 16 kt of 32 (n - 1) kt, 63 more
 *      32  CPR format: 0 even, 1 odd
 *   33-44  latitude, 12 bits
 *   45-56  longitude, 12 bits
 */
enum { SPEED_MORE = 63, CPR_SHIFT = 5 };

void tisb_coarse(struct message *m)
{
    const uint64_t me = m->payload;
    adsb_imf(m, ADSB_TISB, 1);
    adsb_surveillance_status(m, me_bits(me, 2, 3));
    message_add(m, FIELD_GROUND, 0);
    const int32_t ft = altitude_ac12(me_bits(me, 8, 19));
    if (ft != ALTITUDE_NONE) {
        message_add(m, FIELD_ALT_BARO, ft);
    }
    const int32_t speed = (int32_t)me_bits(me, 26, 31);
    if (speed > 1 && speed != SPEED_MORE) { /* "below 16 kt" is no speed */
        message_add(m, FIELD_GS, (speed - 1) * 3200);
    }
    if (me_bit(me, 20)) {
        message_add(m, FIELD_TRACK, (int32_t)me_bits(me, 21, 25) * 1125);
    }
    m->cpr.lat = me_bits(me, 33, 44) << CPR_SHIFT;
    m->cpr.lon = me_bits(me, 45, 56) << CPR_SHIFT;
    m->cpr.odd = (uint8_t)me_bit(me, 32);
    m->cpr.surface = 0;
    m->cpr.coarse = 1;
    m->cpr.present = 1;
}
