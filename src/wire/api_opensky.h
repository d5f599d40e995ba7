/* The answer of OpenSky's /api/states/all and /states/own: {"time": s, "states": [[…], …]}, states
   null where nothing flies; metres and metres a second are turned to feet and knots. Source:
   opensky-api docs/free/rest.rst. */
#ifndef MASAR_WIRE_API_OPENSKY_H
#define MASAR_WIRE_API_OPENSKY_H

#include "wire/api_adsbx.h"

/* As api_adsbx_parse; times are time_position with a position, else last_contact. */
enum err api_opensky_parse(const char *body, size_t n, int64_t now_us, api_message_fn *fn,
                           void *ctx, char *why, size_t why_size);

#endif
