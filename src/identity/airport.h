/* Airports and runways as a read-only view, found by code and by place. Pure; whoever reads the
   files hands the rows in (OurAirports' columns, docs/IDENTITY.md). A view never changes once made,
   so any number of threads may read it. */
#ifndef MASAR_IDENTITY_AIRPORT_H
#define MASAR_IDENTITY_AIRPORT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum airport_kind {
    AIRPORT_LARGE,
    AIRPORT_MEDIUM,
    AIRPORT_SMALL,
    AIRPORT_SEAPLANE,
    AIRPORT_HELIPORT,
    AIRPORT_BALLOON,
    AIRPORT_CLOSED
};

#define AIRPORT_NO_ELEVATION INT16_MIN
#define AIRPORT_NO_SITE      UINT32_MAX

struct airport {
    char code[8];           /* what masar calls it: ICAO, else GPS code, else OurAirports' ident */
    char iata[4];           /* "" */
    char country[3];        /* ISO 3166-1 alpha-2 */
    uint8_t kind;           /* enum airport_kind */
    bool scheduled;         /* has scheduled service */
    bool military;          /* by name or by list; a field may be both */
    int16_t elevation_ft;   /* AIRPORT_NO_ELEVATION */
    int32_t lat_e7, lon_e7; /* reference point */
    uint32_t runway;        /* index of its first runway */
    uint16_t runways;       /* how many */
    uint16_t longest_ft;    /* longest open hard runway, else longest open one; 0 not known */
    uint32_t site;          /* index of the airport that stands for the site it is part of (side by
                               side, one landing area for whoever sees only the path); itself if alone */
    int32_t from_day, to_day; /* days since 1970 the code was this field's; INT32_MIN, INT32_MAX */
    const char *name;         /* UTF-8, owned by the view */
};

struct runway {
    int32_t low_lat_e7, low_lon_e7; /* thresholds; INT32_MIN where not known (two thirds) */
    int32_t high_lat_e7, high_lon_e7;
    int16_t low_heading_deg; /* true, of the lower-numbered end; from the numbers where not
                                surveyed; -1 not known */
    uint16_t length_ft, width_ft;
    bool hard, closed;
    char low_name[4], high_name[4]; /* "09L" */
};

struct airports; /* opaque */

size_t airports_count(const struct airports *a);
/* Borrowed; index 0 .. count - 1. */
const struct airport *airport_at(const struct airports *a, uint32_t index);
const struct runway *runway_at(const struct airports *a, uint32_t index);

/* By ICAO, GPS, local or IATA code, in this order of trust, as the code was used on a day (since
   1970; INT32_MAX: today). UINT32_MAX: none. */
uint32_t airport_find(const struct airports *a, const char *code, int32_t day);

/* Every airport whose reference point lies within radius_m, nearest first, at most max; returns how
   many. Runs in the time of the cells it looks at, not of the table. */
struct airport_near {
    uint32_t index;
    float distance_m;
};
size_t airports_near(const struct airports *a, int32_t lat_e7, int32_t lon_e7, double radius_m,
                     struct airport_near *out, size_t max);

void airports_free(struct airports *a); /* NULL is fine */

#endif
