/* What the readers of network APIs share: is the body JSON at all, and a sentence where it is not.
 */
#ifndef MASAR_WIRE_API_BODY_H
#define MASAR_WIRE_API_BODY_H

#include "base/err.h"
#include "wire/json_read.h"

#include <stddef.h>

/* ERR_SYNTAX with a sentence in why: empty, HTML, cut short, or other than JSON. */
enum err api_body_read(const char *body, size_t n, struct json_value *out, char *why,
                       size_t why_size);

/* The beginning of a body, fit for a log line. */
struct api_body_start {
    char text[64];
};
struct api_body_start api_body_start(const char *body, size_t n);

#endif
