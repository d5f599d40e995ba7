/* Message → UAT frame: the inverse of decode.h, for simulated feeds and round-trip tests. Pure. */
#ifndef MASAR_UAT_ENCODE_H
#define MASAR_UAT_ENCODE_H

#include "model/message.h"
#include "model/uat_frame.h"

/* A long ADS-B payload of the type that m's PAYLOAD_TYPE says (0 and 7 to 10: a basic one of type
   0; none: type 1) with what of m it can carry, in the standard's steps; what m does not say, or no
   code can, is "not available". Time, level and receiver are m's. */
void uat_encode(const struct message *m, struct uat_frame *f);

#endif
