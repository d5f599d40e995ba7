/* Lists of aircraft as text → a builder's rows: tar1090's `hex;reg;type;flags;desc;year;ownop;` and
   CSV with a header line (FlightAware, OpenSky, plane-alert-db, one's own), columns by name. Pure;
   the text is rewritten as it is read. */
#ifndef MASAR_IDENTITY_AIRCRAFT_CSV_H
#define MASAR_IDENTITY_AIRCRAFT_CSV_H

#include "identity/aircraft.h"

enum aircraft_form {
    AIRCRAFT_FORM_NONE,
    AIRCRAFT_FORM_TAR1090,
    AIRCRAFT_FORM_PLANE_ALERT, /* a CSV with the column ICAO and CMPG */
    AIRCRAFT_FORM_CSV          /* a CSV with a column icao24, icao, hex, ModeS or address */
};

/* By the first line. */
enum aircraft_form aircraft_csv_form(const char *p, size_t n);

/* Adds every row, the bad ones to the counts. ERR_SYNTAX: not of this form, why names it;
   ERR_MEMORY, ERR_FULL. */
enum err aircraft_csv_read(struct aircraft_builder *b, enum aircraft_form form, char *p, size_t n,
                           char *why, size_t size);

/* Six hexadecimal digits, or counted by what is wrong with them. */
bool aircraft_csv_address(struct aircraft_builder *b, const char *p, size_t n, uint32_t *out);

#endif
