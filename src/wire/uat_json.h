/* A UAT frame as one JSON object or one line of text, as `masar decode` prints it. */
#ifndef MASAR_WIRE_UAT_JSON_H
#define MASAR_WIRE_UAT_JSON_H

#include "base/buf.h"
#include "model/fix.h"
#include "model/message.h"
#include "model/uat_frame.h"

/* No newline. t, frame and "uat": "adsb" or "uplink"; of ADS-B what message_json_write writes, and
   address_qualifier; of an uplink the station and its information frames, FIS-B products with name,
   time and text. rs: bytes repaired. m: as uat_decode gave it; its place is printed as sent,
   believed or not. */
void uat_json_write(struct buf *b, const struct uat_frame *f, const struct message *m);

/* The same for people. fix may be NULL. */
void uat_text_write(struct buf *b, const struct uat_frame *f, const struct message *m,
                    const struct fix *fix);

#endif
