/* Where, how high, when, heard by what: the keys of the coverage grid. A cell is half a degree of
   latitude high and as much of a parallel wide as is nearest to 30 NM: 165,016 cells of nearly one
   area, because what a receiver hears is a matter of distance; half a degree of longitude would be
   15 NM in Norway, and take twice the flights to learn as much. Pure, in integers alone. */
#ifndef MASAR_COVERAGE_CELL_H
#define MASAR_COVERAGE_CELL_H

#include "model/kept.h"

#include <stdint.h>

/* Heights by pressure, feet above the standard sea, not above ground: this room knows no terrain.
   Radio horizons go with the root of the height; the bands are what movements ask for. */
enum coverage_band {
    COVERAGE_GROUND,
    COVERAGE_LOW,         /* below 3,000 ft */
    COVERAGE_MIDDLE,      /* below 10,000 ft */
    COVERAGE_HIGH,        /* below FL180 */
    COVERAGE_HIGHER,      /* below FL245 */
    COVERAGE_UPPER,       /* FL245 and above */
    COVERAGE_NO_ALTITUDE, /* airborne, height not known */
    COVERAGE_BANDS
};

/* What the position came by. Receivers are not told apart: a kept point names the one whose copy
   stood, so that another one's silence does not show in it. */
enum coverage_class {
    COVERAGE_ADSB,
    COVERAGE_REBROADCAST, /* ADS-R, TIS-B */
    COVERAGE_MLAT,
    COVERAGE_ADSC,
    COVERAGE_OTHER, /* network APIs, reports, radar, not known */
    COVERAGE_CLASSES,
    COVERAGE_ANY = 7 /* all of them together; in questions and views */
};

enum { COVERAGE_ROWS = 360, COVERAGE_TILES = 648, COVERAGE_HOUR_BIAS = 1 << 23 };

/* A cell's number: row of half degrees from the south << 10 | column eastward from 180 W. lat_e7 in
   [-90, 90], lon_e7 in [-180, 180) degrees. */
uint32_t coverage_cell(int32_t lat_e7, int32_t lon_e7);

unsigned coverage_columns(unsigned row);

struct coverage_box {
    int32_t lat_low_e7, lat_high_e7, lon_low_e7, lon_high_e7; /* high: not included */
};
struct coverage_box coverage_cell_box(uint32_t cell);

/* The cells that touch this one, itself not among them; returns how many (at most 10). */
enum { COVERAGE_NEIGHBORS_MAX = 10 };
unsigned coverage_neighbors(uint32_t cell, uint32_t out[COVERAGE_NEIGHBORS_MAX]);

/* The ten-degree square a cell's middle lies in, 0 .. COVERAGE_TILES - 1: what is stored together.
 */
unsigned coverage_tile(uint32_t cell);

enum coverage_band coverage_band(int32_t alt_ft); /* airborne; KEPT_NONE: COVERAGE_NO_ALTITUDE */
/* The lowest height of a band in feet; of COVERAGE_BANDS and COVERAGE_NO_ALTITUDE INT32_MAX. */
int32_t coverage_band_low_ft(enum coverage_band band);
const char *coverage_band_name(enum coverage_band band);

enum coverage_class coverage_class(uint8_t origin);
const char *coverage_class_name(enum coverage_class class);

/* Whole hours since 1970, rounded down. */
int32_t coverage_hour(int64_t t_ms);

static inline uint64_t coverage_key(int32_t hour, uint32_t cell, unsigned band, unsigned class)
{
    return (uint64_t)(hour + COVERAGE_HOUR_BIAS) << 25 | (uint64_t)cell << 6 | band << 3 | class;
}

static inline int32_t coverage_key_hour(uint64_t key)
{
    return (int32_t)(key >> 25) - COVERAGE_HOUR_BIAS;
}

static inline uint32_t coverage_key_cell(uint64_t key)
{
    return (uint32_t)(key >> 6) & 0x7ffff;
}

static inline enum coverage_band coverage_key_band(uint64_t key)
{
    return (enum coverage_band)(key >> 3 & 7);
}

static inline enum coverage_class coverage_key_class(uint64_t key)
{
    return (enum coverage_class)(key & 7);
}

#endif
