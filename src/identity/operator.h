/* Operators by call sign. State and tactical call signs are operator.def; the civil list (three
   letters) is handed in. Pure; a table never changes once made. */
#ifndef MASAR_IDENTITY_OPERATOR_H
#define MASAR_IDENTITY_OPERATOR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPERATOR_NO_DAY INT32_MIN /* no day asked for: rows of any time fit */

struct operator_row {
    const char *prefix;    /* "RCH" */
    const char *name;      /* UTF-8 */
    const char *country;   /* ISO 3166-1 alpha-2 or, of the civil list, as it was given; "" */
    const char *telephony; /* "" */
    bool state, military;
};

struct operators; /* opaque */

/* rows: CSV with the columns icao, name, country, telephony, rewritten as it is read and kept until
   operators_free; NULL: none. *bad: rows that could not be read (may be NULL). ERR_SYNTAX: the
   columns icao or name are missing; ERR_MEMORY. */
enum err operators_new(char *rows, size_t n, struct operators **out, uint32_t *bad);
void operators_free(struct operators *o); /* NULL is fine */
size_t operators_count(const struct operators *o);

/* Whose call sign it is: letters, then a digit. Of the prefixes that fit, the longest of our own
   table that fits the day (since 1970), else the civil list's three letters. o may be NULL: our own
   table alone. False: nobody's that is known. Spaces at the end do not matter. */
bool operator_of_callsign(const struct operators *o, const char *callsign, int32_t day,
                          struct operator_row *out);

/* By the three letters alone. */
bool operator_of_code(const struct operators *o, const char *code, struct operator_row *out);

#endif
