/* UAT frame → message: what a basic or long ADS-B payload of 978 MHz says of one aircraft, as
   quantities of field.def, its position in clear. Pure. DO-282B 2.2.4.5. */
#ifndef MASAR_UAT_DECODE_H
#define MASAR_UAT_DECODE_H

#include "model/message.h"
#include "model/uat_frame.h"

#include <stddef.h>

/* The address qualifier, bits 6..8 of the first byte (DO-282B 2.2.4.5.1.2). */
enum uat_qualifier {
    UAT_ADSB_ICAO,
    UAT_ADSB_OTHER, /* self-assigned */
    UAT_TISB_ICAO,
    UAT_TISB_TRACKFILE,
    UAT_VEHICLE,
    UAT_BEACON,
    UAT_ADSR_OTHER,
    UAT_RESERVED
};

/* Its name, as dump978 writes it. */
const char *uat_qualifier_name(unsigned qualifier);

/* The fields of mode status that are plain numbers, as decoder and encoder read them. */
struct uat_plain {
    uint8_t byte, bit, n, field;
};
const struct uat_plain *uat_mode_status(size_t *n);

/* Fills m; an uplink (or a length that is none of ADS-B's) leaves its address ADDRESS_NONE. What a
   payload codes as "not available" is absent. */
void uat_decode(const struct uat_frame *f, struct message *m);

#endif
