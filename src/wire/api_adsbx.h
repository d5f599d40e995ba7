/* The answers of ADSBx v2 style APIs (adsb.lol, airplanes.live, adsb.fi, ADS-B Exchange): {"ac":
   […], "now": ms, …}; and readsb's own aircraft.json: {"aircraft": […], "now": s}. */
#ifndef MASAR_WIRE_API_ADSBX_H
#define MASAR_WIRE_API_ADSBX_H

#include "base/err.h"
#include "model/message.h"

#include <stddef.h>
#include <stdint.h>

/* One aircraft: origin API, df 255, receiver 0, t_us when it was said. The callee may change it,
   not keep it. */
typedef void api_message_fn(void *ctx, struct message *m);

/* Reads a whole body of n bytes and calls fn for every aircraft in it. now_us: when it came, used
   where the answer bears no time. Times are now - seen_pos with a position, else now - seen.
   Elements that are no aircraft are passed over. ERR_SYNTAX: empty, HTML or other than JSON;
   ERR_UNKNOWN: JSON of another shape; why is a sentence on what came. */
enum err api_adsbx_parse(const char *body, size_t n, int64_t now_us, api_message_fn *fn, void *ctx,
                         char *why, size_t why_size);

#endif
