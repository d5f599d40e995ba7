/* The registers of extended squitters, one file each. Every call reads the ME field in m->payload,
   its type code in m->tc, and adds what it says to m; what is out of range or "not available" is
   left out. Only modes/decode.c calls them. */
#ifndef MASAR_MODES_ADSB_H
#define MASAR_MODES_ADSB_H

#include "base/bytes.h"
#include "model/message.h"
#include "modes/nic.h"

#include <stdint.h>

/* Whose words an extended squitter carries. TIS-B and ADS-R give up one bit of most messages to say
   what kind of address it is about: the ICAO/Mode A flag, IMF (DO-260B 2.2.17, 2.2.18). */
enum adsb_service {
    ADSB_DIRECT, /* the aircraft's own: DF17, DF18 CF 0 and 1 */
    ADSB_TISB,   /* seen by ground surveillance: DF18 CF 2, 3, 5 */
    ADSB_MLAT,   /* written by a multilateration server in the form of TIS-B, accuracy left zero */
    ADSB_ADSR    /* heard on UAT and repeated: DF18 CF 6 */
};

void adsb_airborne(struct message *m, enum adsb_service s);    /* BDS 0,5: TC 0 9..18 20..22 */
void adsb_surface(struct message *m, enum adsb_service s);     /* BDS 0,6: TC 5..8 */
void adsb_identification(struct message *m);                   /* BDS 0,8: TC 1..4 */
void adsb_velocity(struct message *m, enum adsb_service s);    /* BDS 0,9: TC 19 */
void adsb_test(struct message *m, enum adsb_service s);        /* TC 23 */
void adsb_status(struct message *m, enum adsb_service s);      /* BDS 6,1: TC 28 */
void adsb_target(struct message *m, enum adsb_service s);      /* BDS 6,2: TC 29 */
void adsb_operational(struct message *m, enum adsb_service s); /* BDS 6,5: TC 31 */
void tisb_coarse(struct message *m);                           /* DF18 CF 3, no type code */

/* Reads IMF from a bit of ME: where it is set the address is a Mode A code and track number (TIS-B)
   or not ICAO's (ADS-R). Direct messages have no such bit. */
static inline void adsb_imf(struct message *m, enum adsb_service s, unsigned bit)
{
    if (s == ADSB_DIRECT) {
        return;
    }
    const unsigned imf = me_bit(m->payload, bit);
    message_add(m, FIELD_IMF, (int32_t)imf);
    if (imf && !(m->address & ADDRESS_NON_ICAO)) {
        m->address |= ADDRESS_NON_ICAO;
        m->origin = s == ADSB_ADSR ? ORIGIN_ADSR_OTHER : ORIGIN_TISB_TRACKFILE;
    }
}

/* A resolution advisory stands in bits 9-28 of BDS 3,0, of BDS 6,1 subtype 2 and of the MV field of
   DF 16 alike (Annex 10 IV 4.3.8.4.2.2.1): 9-22 active advisories, 23-26 complements, 27
   terminated, 28 several threats. */
static inline void adsb_advisory(struct message *m)
{
    message_add(m, FIELD_ACAS_RA, (int32_t)me_bits(m->payload, 9, 22));
    message_add(m, FIELD_RA_COMPLEMENT, (int32_t)me_bits(m->payload, 23, 26));
    message_add(m, FIELD_RA_TERMINATED, (int32_t)me_bit(m->payload, 27));
    message_add(m, FIELD_RA_MULTIPLE, (int32_t)me_bit(m->payload, 28));
}

/* Surveillance status: 1 permanent alert, 2 temporary alert, 3 SPI, which an alert hides. */
static inline void adsb_surveillance_status(struct message *m, uint32_t ss)
{
    message_add(m, FIELD_SURVEILLANCE, (int32_t)ss);
    message_add(m, FIELD_ALERT, ss == 1 || ss == 2);
    if (ss == 0 || ss == 3) {
        message_add(m, FIELD_SPI, ss == 3);
    }
}

/* NIC and Rc as the type code alone tells them, which is how version 0 means them; who knows
   version and supplements asks modes_nic instead. */
static inline void adsb_nic(struct message *m)
{
    uint8_t nic;
    int32_t rc_m;
    if (modes_nic(m->tc, 0, false, false, false, &nic, &rc_m)) {
        message_add(m, FIELD_NIC, nic);
        if (rc_m >= 0) {
            message_add(m, FIELD_RC, rc_m);
        }
    }
}

/* Adds an accuracy category unless it is one of the reserved values above highest. */
static inline void adsb_category(struct message *m, enum field f, uint32_t v, uint32_t highest)
{
    if (v <= highest) {
        message_add(m, f, (int32_t)v);
    }
}

#endif
