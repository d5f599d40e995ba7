/* Airports and runways as a read-only view, found by code and by place. Pure: the view lies over
   bytes that airport_build.h made and that somebody else keeps (app maps the file), so opening it
   costs a check and no copy. It never changes, so any number of threads may read it. Where the rows
   come from and what is done to them: docs/IDENTITY.md. */
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
#define AIRPORT_NONE         UINT32_MAX
#define AIRPORT_TODAY        INT32_MAX /* as a day: what the code means now */

struct airport {
    char code[12];          /* what masar calls it: ICAO, else OurAirports' ident */
    char iata[4];           /* "" */
    char country[3];        /* ISO 3166-1 alpha-2, "" if not known */
    uint8_t kind;           /* enum airport_kind */
    uint8_t scheduled;      /* 1: has scheduled service (where the source does not say: a large one,
                               or a medium one with an IATA code) */
    uint8_t military;       /* 1: by name or by list; a field may be both */
    int16_t elevation_ft;   /* AIRPORT_NO_ELEVATION */
    int32_t lat_e7, lon_e7; /* reference point */
    uint32_t runway;        /* index of its first runway */
    uint16_t runways;       /* how many */
    uint16_t longest_ft;    /* longest open hard runway, else longest open one; 0 not known */
    uint32_t site;          /* index of the airport that stands for the site it is part of (side by
                               side, one landing area for whoever sees only the path); itself if
                               alone */
    int32_t from_day, to_day; /* days since 1970 the field was there under this code, to_day
                                 excluded; INT32_MIN, INT32_MAX. A closed field with a to_day was
                                 an airport like others before it. */
    uint32_t name;            /* see airport_name */
};

struct runway {
    int32_t low_lat_e7, low_lon_e7; /* thresholds; INT32_MIN where not known (two thirds) */
    int32_t high_lat_e7, high_lon_e7;
    int16_t low_heading_deg; /* true, of the lower-numbered end; from the thresholds or the number
                                where not surveyed; -1 not known */
    uint16_t length_ft, width_ft; /* 0 not known */
    uint8_t hard, closed;         /* 1 yes; an unknown surface is taken for hard from 1,200 m on */
    char low_name[4], high_name[4]; /* "09L"; "" not known */
};

struct airports; /* opaque */

/* Opens a view over n bytes that stay where they are until airports_free. ERR_SYNTAX: not such a
   file, or a torn one; ERR_MEMORY. why: a sentence's end. */
enum err airports_open(const void *bytes, size_t n, struct airports **out, char *why, size_t size);
void airports_free(struct airports *a); /* NULL is fine */

uint32_t airports_count(const struct airports *a);
uint32_t runways_count(const struct airports *a);
/* Borrowed; index 0 .. count - 1. Airports are ordered by place, the runways of one by name. */
const struct airport *airport_at(const struct airports *a, uint32_t index);
const struct runway *runway_at(const struct airports *a, uint32_t index);
/* UTF-8, borrowed; "" if not known. */
const char *airport_name(const struct airports *a, const struct airport *f);
/* Where the rows are from, with their date, as the builder was told. */
const char *airports_source(const struct airports *a);

/* By ICAO, GPS, local or IATA code, in this order of trust, as the code was used on a day (since
   1970; AIRPORT_TODAY). Case does not matter. AIRPORT_NONE: none. */
uint32_t airport_find(const struct airports *a, const char *code, int32_t day);

/* Every airport whose reference point lies within radius_m, nearest first, at most the max nearest;
   returns how many. Runs in the time of the one-degree cells it looks at, not of the table. */
struct airport_near {
    uint32_t index;
    float distance_m;
};
size_t airports_near(const struct airports *a, int32_t lat_e7, int32_t lon_e7, double radius_m,
                     struct airport_near *out, size_t max);

#endif
