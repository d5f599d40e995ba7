/* Times as text. An instant is microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
 */
#ifndef MASAR_BASE_INSTANT_H
#define MASAR_BASE_INSTANT_H

#include "base/err.h"

#include <stdint.h>

#define INSTANT_NONE INT64_MIN

/* Reads RFC 3339 (`2024-06-07T08:30:00Z`, seconds and fraction may be left out, offsets as +01:00)
   or a bare date `2024-06-07` (its midnight, Z). ERR_SYNTAX, ERR_RANGE. */
enum err instant_parse(const char *text, int64_t *out_us);

/* Writes `2024-06-07T08:30:00Z`, with a fraction of decimals digits (0, 3 or 6). out: at least 32
 * bytes. */
void instant_format(int64_t t_us, unsigned decimals, char out[32]);

struct instant_parts {
    int year, month, day;     /* proleptic Gregorian; month and day from 1 */
    int hour, minute, second; /* UTC */
    int us;                   /* 0..999,999 */
};

struct instant_parts instant_split(int64_t t_us);
int64_t instant_join(const struct instant_parts
                         *p); /* values need not be in range: day 32 is the next month's first */

#endif
