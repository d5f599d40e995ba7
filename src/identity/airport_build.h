/* Rows of airports and runways → the compact file that airport.h reads: codes and their times,
   sites, headings, what is hard and what military is settled here, once, so that readers need not.
   Pure. The same rows in any order give the same bytes (of rows
   with one ident the first given counts). */
#ifndef MASAR_IDENTITY_AIRPORT_BUILD_H
#define MASAR_IDENTITY_AIRPORT_BUILD_H

#include "base/buf.h"
#include "identity/airport.h"

struct airport_row {
    char ident[9];                           /* OurAirports' own, unique */
    char icao[9], gps[9], local[9], iata[4]; /* "" */
    char country[3];
    char name[129];
    uint8_t kind;         /* enum airport_kind */
    int8_t scheduled;     /* 1, 0; -1 not said */
    int16_t elevation_ft; /* AIRPORT_NO_ELEVATION */
    int32_t lat_e7, lon_e7;
};

enum runway_surface { SURFACE_UNKNOWN, SURFACE_HARD, SURFACE_SOFT, SURFACE_WATER };

struct runway_row {
    char airport[9]; /* an ident */
    struct runway r; /* `hard` comes from surface; the heading may be -1 */
    uint8_t surface; /* enum runway_surface */
};

/* What was done with the rows, by name: see airport_count.def. */
struct airport_counts {
#define AIRPORT_COUNT(name, help) uint32_t name;
#include "identity/airport_count.def"
#undef AIRPORT_COUNT
};

struct airport_builder; /* opaque */

struct airport_builder *airport_builder_new(void); /* NULL: out of memory */
void airport_builder_free(struct airport_builder *b);

/* Kept or counted: a row with an impossible place or no ident adds nothing. ERR_MEMORY, ERR_FULL
   (more than a million). */
enum err airport_builder_add(struct airport_builder *b, const struct airport_row *row);
enum err airport_builder_runway(struct airport_builder *b, const struct runway_row *row);

/* Settles and writes the file; source: where from and when, a line for airports_source. */
enum err airport_builder_finish(struct airport_builder *b, const char *source, struct buf *out);

/* Readers add to these too. */
struct airport_counts *airport_builder_counts(struct airport_builder *b);

/* "large_airport" … as OurAirports writes them; false: not known. */
bool airport_kind_read(const char *text, size_t n, uint8_t *kind);
/* OurAirports' free text ("ASP", "CONC-G", "Grass / Sod"): enum runway_surface. */
uint8_t runway_surface_read(const char *text, size_t n);

#endif
