#include "modes/adsb.h"

/* BDS 6,5 aircraft operational status (ICAO Doc 9871 Tables B-2-101, C-2-101; DO-260B 2.2.3.2.7.2)
 *
 *    1- 5  type code 31
 *    6- 8  subtype: 0 airborne, 1 on the surface
 *          airborne                            on the surface
 *    9-24  capability class                    9-20 capability class, 21-24 length and width
 *      11  TCAS: version 1 0, version 2 1 is operational
 *          17-19  NACv (version 2)
 *             20  NIC supplement C (version 2)
 *   25-40  operational mode
 *   31-32  system design assurance (version 2)
 *   41-43  version: 0 DO-260, 1 DO-260A, 2 DO-260B, 3 DO-260C; version 0 says nothing else that
 * lasts 44  NIC supplement A 45-48  NACp 49-50  version 2: GVA                      reserved 51-52
 * SIL 53  NIC baro                            0 track, 1 heading is sent in BDS 0,6 54  headings
 * are 0 true, 1 magnetic 55  SIL supplement: 0 per hour, 1 per sample (version 2) 56  ADS-R: IMF
 *
 * Version 3 has what version 2 has but 53 and 54, which are reserved in the air; of its message on
 * the surface only the fields from 31 on but these two are read.
 */
enum { VERSION_LAST = 3 };

/* Length and width codes: upper bounds in 0.1 m; 15 is also what larger aircraft send. */
static const struct {
    int16_t length_e1, width_e1;
} size_of_code[16] = {{150, 115}, {150, 230}, {250, 285}, {250, 340}, {350, 330}, {350, 380},
                      {450, 395}, {450, 450}, {550, 450}, {550, 520}, {650, 595}, {650, 670},
                      {750, 725}, {750, 800}, {850, 800}, {850, 900}};

static void airborne(struct message *m, uint64_t me, uint32_t version)
{
    message_add(m, FIELD_TCAS, (int32_t)(me_bit(me, 11) ^ (version == 1)));
    if (version <= 2) {
        message_add(m, FIELD_NIC_BARO, (int32_t)me_bit(me, 53));
    }
    if (version >= 2) {
        adsb_category(m, FIELD_GVA, me_bits(me, 49, 50), 2);
    }
}

static void on_surface(struct message *m, uint64_t me, uint32_t version)
{
    if (version > 2) {
        return;
    }
    const uint32_t code = me_bits(me, 21, 24);
    if (code != 0 || version == 1) { /* version 2: 0 is "no data"; version 1: the smallest */
        message_add(m, FIELD_LENGTH, size_of_code[code].length_e1);
        message_add(m, FIELD_WIDTH, size_of_code[code].width_e1);
    }
    message_add(m, FIELD_SURFACE_HEADING, (int32_t)me_bit(me, 53));
    if (version == 2) {
        adsb_category(m, FIELD_NAC_V, me_bits(me, 17, 19), 4);
        message_add(m, FIELD_NIC_C, (int32_t)me_bit(me, 20));
    }
}

void adsb_operational(struct message *m, enum adsb_service s)
{
    const uint64_t me = m->payload;
    const uint32_t subtype = me_bits(me, 6, 8), version = me_bits(me, 41, 43);
    if (subtype > 1 || version > VERSION_LAST) {
        return;
    }
    m->bds = 0x65;
    message_add(m, FIELD_VERSION, (int32_t)version);
    if (version == 0) {
        return;
    }
    adsb_imf(m, s, 56);
    message_add(m, FIELD_NIC_A, (int32_t)me_bit(me, 44));
    adsb_category(m, FIELD_NAC_P, me_bits(me, 45, 48), 11);
    message_add(m, FIELD_SIL, (int32_t)me_bits(me, 51, 52));
    if (version <= 2) {
        message_add(m, FIELD_HRD, (int32_t)me_bit(me, 54));
    }
    (subtype == 0 ? airborne : on_surface)(m, me, version);
    if (version >= 2) {
        message_add(m, FIELD_SDA, (int32_t)me_bits(me, 31, 32));
        message_add(m, FIELD_SIL_TYPE, me_bit(me, 55) ? SIL_PER_SAMPLE : SIL_PER_HOUR);
    }
}
