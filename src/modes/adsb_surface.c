#include "modes/adsb.h"

/* BDS 0,6 surface position (ICAO Doc 9871 Table A-2-6; DO-260B 2.2.3.2.4)
 *
 *    1- 5  type code 5..8
 *    6-12  movement: ground speed in steps that grow, 0 not available
 *      13  track is valid
 *   14-20  track, or heading where BDS 6,5 says so, n 360/128 degrees
 *      21  time synchronized to UTC; TIS-B, ADS-R: IMF
 *      22  CPR format: 0 even, 1 odd
 *   23-39  latitude
 *   40-56  longitude
 */

/* Where a range of movement codes begins, in 0.001 kt, and the step in it. 1 is "stopped"; 124 is
   "175 kt or more", which is no speed, and the codes after it are reserved. */
static const struct {
    uint8_t first;
    int32_t base_e3, step_e3;
} movement[] = {{124, -1, 0},      {109, 100000, 5000}, {94, 70000, 2000},
                {39, 15000, 1000}, {13, 2000, 500},     {9, 1000, 250},
                {2, 125, 125},     {1, 0, 0},           {0, -1, 0}};

/* Ground speed in 0.01 kt, halves up; -1 where the code tells none. */
static int32_t movement_gs_e2(uint32_t code)
{
    unsigned i = 0;
    while (code < movement[i].first) {
        i++;
    }
    if (movement[i].base_e3 < 0) {
        return -1;
    }
    const int32_t gs_e3 =
        movement[i].base_e3 + (int32_t)(code - movement[i].first) * movement[i].step_e3;
    return (gs_e3 + 5) / 10;
}

void adsb_surface(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    m->bds = 0x06;
    adsb_imf(m, s, 21);
    message_add(m, FIELD_GROUND, 1);
    const int32_t gs_e2 = movement_gs_e2(me_bits(me, 6, 12));
    if (gs_e2 >= 0) {
        message_add(m, FIELD_GS, gs_e2);
    }
    if (me_bit(me, 13)) {
        message_add(m, FIELD_TRACK, (int32_t)(me_bits(me, 14, 20) * 36000 + 64) / 128);
    }
    adsb_nic(m);
    m->cpr.lat = me_bits(me, 23, 39);
    m->cpr.lon = me_bits(me, 40, 56);
    m->cpr.odd = (uint8_t)me_bit(me, 22);
    m->cpr.surface = 1;
    m->cpr.coarse = 0;
    m->cpr.present = 1;
}
