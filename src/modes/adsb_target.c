#include "modes/adsb.h"

/* BDS 6,2 target state and status
 *
 * Subtype 1, version 2 (ICAO Doc 9871 Table C-2-98; DO-260B 2.2.3.2.7.1)
 *    1- 5  type code 29
 *    6- 7  subtype 1
 *       8  SIL supplement: 0 per hour, 1 per sample
 *       9  selected altitude is 0 of the MCP/FCU, 1 of the FMS
 *   10-20  selected altitude (n - 1) 32 ft, 0 none
 *   21-29  barometric pressure setting 800 + (n - 1) 0.8 hPa, 0 none
 *      30  heading is available
 *   31-39  selected heading n 360/512 degrees
 *   40-43  NACp
 *      44  NIC baro
 *   45-46  SIL
 *      47  the mode bits are valid
 *      48  autopilot    49  VNAV    50  altitude hold    52  approach    54  LNAV
 *      51  ADS-R: IMF
 *      53  TCAS operational
 *   55-56  reserved
 *
 * Subtype 0, version 1 (ICAO Doc 9871 Table B-2-98; DO-260A 2.2.3.2.7.1)
 *    8- 9  source of the vertical data: 0 none, 1 MCP/FCU, 2 holding altitude, 3 FMS
 *      10  target altitude is 0 flight level, 1 above mean sea level
 *      11  0: says "this is version 1" to version 0
 *   12-13  kinds of altitude the aircraft can tell
 *   14-15  vertical mode
 *   16-25  target altitude 100 n - 1,000 ft, n 0..1010
 *   26-27  source of the horizontal data, 0 none
 *   28-36  target heading or track, n degrees, 0..359
 *      37  0 heading, 1 track
 *   38-39  horizontal mode
 *   40-43  NACp
 *      44  NIC baro
 *   45-46  SIL
 *   47-51  reserved; 51 ADS-R: IMF
 *      52  TCAS 0 operational or unknown, 1 not operational
 *      53  RA active
 *   54-56  emergency state
 */
enum { TARGET_ALTITUDE_LAST = 1010, TARGET_HEADING_LAST = 359 };

static void accuracy(struct message *m, uint64_t me)
{
    adsb_category(m, FIELD_NAC_P, me_bits(me, 40, 43), 11);
    message_add(m, FIELD_NIC_BARO, (int32_t)me_bit(me, 44));
    message_add(m, FIELD_SIL, (int32_t)me_bits(me, 45, 46));
}

static void modes(struct message *m, uint64_t me)
{
    static const struct {
        uint8_t bit, mode;
    } row[] = {{48, NAV_AUTOPILOT}, {49, NAV_VNAV}, {50, NAV_ALTHOLD},
               {52, NAV_APPROACH},  {53, NAV_TCAS}, {54, NAV_LNAV}};
    if (me_bit(me, 47)) {
        int32_t set = 0;
        for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
            set |= me_bit(me, row[i].bit) ? row[i].mode : 0;
        }
        message_add(m, FIELD_NAV_MODES, set);
    }
    message_add(m, FIELD_TCAS, (int32_t)me_bit(me, 53));
}

static void version_2(struct message *m, uint64_t me)
{
    const int32_t altitude = (int32_t)me_bits(me, 10, 20), qnh = (int32_t)me_bits(me, 21, 29);
    if (altitude != 0) {
        message_add(m, me_bit(me, 9) ? FIELD_NAV_ALT_FMS : FIELD_NAV_ALT_MCP, (altitude - 1) * 32);
    }
    if (qnh != 0) {
        message_add(m, FIELD_NAV_QNH, 8000 + (qnh - 1) * 8);
    }
    if (me_bit(me, 30)) {
        message_add(m, FIELD_NAV_HEADING, (int32_t)(me_bits(me, 31, 39) * 36000 + 256) / 512);
    }
    accuracy(m, me);
    message_add(m, FIELD_SIL_TYPE, me_bit(me, 8) ? SIL_PER_SAMPLE : SIL_PER_HOUR);
    modes(m, me);
}

static void version_1(struct message *m, uint64_t me)
{
    const uint32_t source = me_bits(me, 8, 9), altitude = me_bits(me, 16, 25);
    if ((source == 1 || source == 3) && altitude <= TARGET_ALTITUDE_LAST) {
        message_add(m, source == 1 ? FIELD_NAV_ALT_MCP : FIELD_NAV_ALT_FMS,
                    (int32_t)altitude * 100 - 1000);
    }
    const uint32_t heading = me_bits(me, 28, 36);
    if (me_bits(me, 26, 27) != 0 && heading <= TARGET_HEADING_LAST) {
        message_add(m, FIELD_NAV_HEADING, (int32_t)heading * 100);
    }
    accuracy(m, me);
    message_add(m, FIELD_TCAS, me_bit(me, 52) == 0);
    message_add(m, FIELD_EMERGENCY, (int32_t)me_bits(me, 54, 56));
}

void adsb_target(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    const uint32_t subtype = me_bits(me, 6, 7);
    if (subtype > 1) {
        return;
    }
    m->bds = 0x62;
    adsb_imf(m, s, 51);
    (subtype == 1 ? version_2 : version_1)(m, me);
}
