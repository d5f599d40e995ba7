/* Reading numbers and times out of text that is not NUL-terminated. Nothing allocates; each call
   reads the whole of its n bytes or fails. */
#ifndef MASAR_WIRE_TEXT_H
#define MASAR_WIRE_TEXT_H

#include "model/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *p; /* n bytes */
    size_t n;
};

/* Without blanks at both ends. */
struct text text_trim(struct text t);

bool text_is(struct text t, const char *word);

/* A decimal number as value * 10^decimals, rounded half away from zero: "-1.256" with 2 decimals is
   -126. An exponent may follow. decimals: 0..9. False where it is no number or does not fit. */
bool text_decimal(struct text t, unsigned decimals, int64_t *out);

/* As text_decimal, and within lo..hi. */
bool text_number(struct text t, unsigned decimals, int32_t lo, int32_t hi, int32_t *out);

/* 1..16 hexadecimal digits. */
bool text_hex(struct text t, uint64_t *out);

/* An even number of hexadecimal digits as n / 2 bytes; out holds max. Returns the bytes, 0 if it is
   not that. */
size_t text_bytes(struct text t, uint8_t *out, size_t max);

/* Six hexadecimal digits, perhaps after '~' (not an ICAO address). */
bool text_address(struct text t, uint32_t *out);

/* Four octal digits, leading zeros perhaps missing. */
bool text_squawk(struct text t, int32_t *out);

/* A call sign: at most eight letters, digits and blanks, not all blank, filled up with blanks;
   letters become upper case. */
bool text_flight(struct text t, char out[8]);

/* Splits t at sep, at most max parts; returns how many. A part in double quotes may hold sep; its
   quotes are taken off, a quote within it, written twice, stays so. */
size_t text_split(struct text t, char sep, struct text *out, size_t max);

/* Latitude and longitude in degrees; false where they are not both numbers in range. Longitude 180
   is -180. */
bool text_place(struct text lat, struct text lon, int32_t *lat_e7, int32_t *lon_e7);

#endif
