/* 1090 MHz frame → message. Pure, stateless: one frame in, what it says out; what needs memory (CPR
   pairs, known addresses, the choice among Comm-B registers by what is known of the aircraft) is
   handed in or done in track/. Sources: ICAO Annex 10 Volume IV, ICAO Doc 9871, RTCA DO-260B. */
#ifndef MASAR_MODES_DECODE_H
#define MASAR_MODES_DECODE_H

#include "model/frame.h"
#include "model/message.h"

#include <stdbool.h>

/* Most bits repaired: 0 none, 1 (default of every input), 2. */
struct modes_options {
    uint8_t repair_bits;
};

/* What is known of an aircraft, for the choice among Comm-B registers. Every member may be
   MODES_UNKNOWN. Units as in field.def. */
#define MODES_UNKNOWN INT32_MIN
struct modes_known {
    int32_t alt_baro_ft, gs_e2_kt, track_e2_deg, baro_rate_fpm, ias_kt, tas_kt, mach_e3,
        mag_heading_e2_deg, nav_altitude_mcp_ft, nav_qnh_e1_hpa;
    char flight[8];         /* flight[0] = 0 if not known */
    int32_t gicb;           /* the last BDS 1,7 bits 1..24 */
    int32_t lat_e7, lon_e7; /* last accepted position */
    int32_t nav_altitude_fms_ft, geom_rate_fpm, squawk;
};

/* All members MODES_UNKNOWN, no flight. */
extern const struct modes_known modes_known_nothing;

/* Decodes one frame of 7 or 14 bytes, or 2 (Mode A/C). Always fills out, whatever the bits; returns
   out->parity. A frame of DF 17, 18, 11 whose parity fails is repaired in out's view only
   (out->corrected bits; DF 11 one, and only where no interrogator's code explains it), the frame
   itself is left as received. DF 20 and 21 leave the register open: see modes_comm_b.
   - PARITY_BAD: what out says is as received, address included; it is for looking at, not for
   believing.
   - Values outside their range or "not available" are absent, never clamped.
   - Address of DF 18 CF 4 and 7 (management, reserved): the field as sent with ADDRESS_NON_ICAO and
     ORIGIN_UNKNOWN, for it is no aircraft's.
   - NIC and RC are those of the type code alone, as version 0 means it: modes/nic.h has the rest.
   - MAG_HEADING of BDS 0,9 is true, and TRACK of BDS 0,6 a heading, where BDS 6,5 said so before
   (HRD, SURFACE_HEADING).
   - Mode A/C: both readings of the reply, SQUAWK and where it is one ALT_BARO; either may be meant.
 */
enum message_parity modes_decode(const struct frame *f, const struct modes_options *o,
                                 struct message *out);

/* For DF 20 and 21: names the register of m->payload and adds its quantities to m; known may be
   NULL. Leaves m->bds 0 and adds nothing where more than one register could be meant or none.
   Returns m->bds. */
uint8_t modes_comm_b(struct message *m, const struct modes_known *known);

/* The same where the register is known by other means (the interrogation, ASTERIX I048/250): adds
   what m->payload says as register bds. False, and nothing added, for a register that has no
   decoder. */
bool modes_comm_b_as(struct message *m, uint8_t bds);

#endif
