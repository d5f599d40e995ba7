#include "modes/adsb.h"
#include "modes/polar.h"

/* BDS 0,9 airborne velocity (ICAO Doc 9871 Tables A-2-9a, A-2-9b; DO-260B 2.2.3.2.6)
 *
 *    1- 5  type code 19
 *    6- 8  subtype: 1 over the ground, 2 the same in 4 kt steps, 3 through the air, 4 in 4 kt steps
 *       9  intent change; TIS-B, ADS-R: IMF
 *      10  IFR capability (versions 0 and 1)
 *   11-13  NACv (version 0: NUCr, the same numbers)
 *          subtypes 1, 2                       subtypes 3, 4
 *      14  1 westward                          heading is available
 *   15-24  east-west, n - 1 kt, 0 none         heading n 360/1024 degrees
 *      25  1 southward                         0 indicated, 1 true airspeed
 *   26-35  north-south, n - 1 kt, 0 none       airspeed n - 1 kt, 0 none
 *      36  source of the vertical rate: 0 geometric, 1 barometric
 *      37  1 down
 *   38-46  vertical rate (n - 1) 64 ft/min, 0 none
 *   47-48  reserved
 *      49  1 GNSS height below barometric altitude
 *   50-56  difference (n - 1) 25 ft, 0 none
 *
 * The highest value of each field means "more than": no value.
 *
 * TIS-B has the same velocity and vertical rate, and around them (DO-260B 2.2.17.3.4):
 *   10-13  NACp
 *      36  1: 49-56 are the height difference as above; 0: as follows
 *   48-50  NACv
 *   51-52  SIL
 *      55  subtypes 3, 4: 1 the heading is magnetic
 * Its vertical rate is of the pressure altitude, which is the only one radar knows.
 */
enum { SPEED_MORE = 1023, RATE_MORE = 511, DIFFERENCE_MORE = 127 };

static void over_ground(struct message *m, uint64_t me, int32_t step_kt)
{
    const int32_t we = (int32_t)me_bits(me, 15, 24), sn = (int32_t)me_bits(me, 26, 35);
    if (we == 0 || sn == 0 || we == SPEED_MORE || sn == SPEED_MORE) {
        return;
    }
    const int32_t east = (we - 1) * step_kt, north = (sn - 1) * step_kt;
    int32_t gs_e2, track_e2;
    const bool moves =
        polar_of(me_bit(me, 14) ? -east : east, me_bit(me, 25) ? -north : north, &gs_e2, &track_e2);
    message_add(m, FIELD_GS, gs_e2);
    if (moves) {
        message_add(m, FIELD_TRACK, track_e2);
    }
}

/* Whether the heading is magnetic or true is said in BDS 6,5 (HRD) from version 1 on; in version 0
   it is magnetic, and so it is called here. */
static void through_air(struct message *m, uint64_t me, int32_t step_kt, enum field heading)
{
    if (me_bit(me, 14)) {
        message_add(m, heading, (int32_t)(me_bits(me, 15, 24) * 36000 + 512) / 1024);
    }
    const uint32_t v = me_bits(me, 26, 35);
    if (v != 0 && v != SPEED_MORE) {
        message_add(m, me_bit(me, 25) ? FIELD_TAS : FIELD_IAS, (int32_t)(v - 1) * step_kt);
    }
}

static void vertical(struct message *m, uint64_t me, bool barometric)
{
    const int32_t v = (int32_t)me_bits(me, 38, 46);
    if (v != 0 && v != RATE_MORE) {
        const int32_t rate = (v - 1) * 64;
        message_add(m, barometric ? FIELD_BARO_RATE : FIELD_GEOM_RATE,
                    me_bit(me, 37) ? -rate : rate);
    }
}

static void difference(struct message *m, uint64_t me)
{
    const int32_t d = (int32_t)me_bits(me, 50, 56);
    if (d != 0 && d != DIFFERENCE_MORE) {
        message_add(m, FIELD_GEO_DELTA, (me_bit(me, 49) ? -1 : 1) * (d - 1) * 25);
    }
}

static void tisb_accuracy(struct message *m, uint64_t me)
{
    adsb_category(m, FIELD_NAC_P, me_bits(me, 10, 13), 11);
    if (me_bit(me, 36)) {
        difference(m, me);
    } else {
        adsb_category(m, FIELD_NAC_V, me_bits(me, 48, 50), 4);
        message_add(m, FIELD_SIL, (int32_t)me_bits(me, 51, 52));
    }
}

void adsb_velocity(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    const uint32_t subtype = me_bits(me, 6, 8);
    if (subtype < 1 || subtype > 4) {
        return;
    }
    m->bds = 0x09;
    adsb_imf(m, s, 9);
    const int32_t step_kt = subtype == 2 || subtype == 4 ? 4 : 1;
    const bool is_true_heading = s == ADSB_TISB && !me_bit(me, 36) && !me_bit(me, 55);
    if (subtype <= 2) {
        over_ground(m, me, step_kt);
    } else {
        through_air(m, me, step_kt, is_true_heading ? FIELD_TRUE_HEADING : FIELD_MAG_HEADING);
    }
    vertical(m, me, s == ADSB_TISB || me_bit(me, 36));
    if (s == ADSB_TISB) {
        tisb_accuracy(m, me);
    } else if (s != ADSB_MLAT) {
        adsb_category(m, FIELD_NAC_V, me_bits(me, 11, 13), 4);
        difference(m, me);
    }
}
