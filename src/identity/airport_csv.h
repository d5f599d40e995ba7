/* OurAirports' airports.csv and runways.csv (columns by name, in any order) → a builder's rows.
   Pure: the bytes are in memory and are the reader's to change. */
#ifndef MASAR_IDENTITY_AIRPORT_CSV_H
#define MASAR_IDENTITY_AIRPORT_CSV_H

#include "identity/airport_build.h"

/* Whether the first line is that of the one or the other. */
bool airport_csv_is_airports(const char *p, size_t n);
bool airport_csv_is_runways(const char *p, size_t n);

/* Adds every row, the bad ones to the counts. ERR_SYNTAX: a column that must be there is not: why
   names it. ERR_MEMORY, ERR_FULL. */
enum err airport_csv_airports(struct airport_builder *b, char *p, size_t n, char *why, size_t size);
enum err airport_csv_runways(struct airport_builder *b, char *p, size_t n, char *why, size_t size);

#endif
