/* The layout of a compact airports file, shared by its builder and its view: a head, then sections
   of fixed records. Bytes are in the order of the machine that built it; the head's mark refuses
   another's. */
#ifndef MASAR_IDENTITY_AIRPORT_FILE_H
#define MASAR_IDENTITY_AIRPORT_FILE_H

#include "identity/airport.h"

enum {
    AIRPORT_FILE_VERSION = 1,
    AIRPORT_FILE_MARK = 0x01020304,
    AIRPORT_CODE_CHARS = 8,
    AIRPORT_CELL_LATS = 180, /* cells of one degree, row by row from the south pole and 180 W */
    AIRPORT_CELL_LONS = 360,
    AIRPORT_CELLS = AIRPORT_CELL_LATS * AIRPORT_CELL_LONS
};

#define AIRPORT_FILE_MAGIC "masarapt"

enum airport_section {
    SECTION_AIRPORTS, /* struct airport, in the order of cells */
    SECTION_RUNWAYS,  /* struct runway */
    SECTION_CELLS,    /* uint32_t[AIRPORT_CELLS + 1]: the first airport of each cell */
    SECTION_CODES,    /* struct airport_code, ordered by code, trust, airport */
    SECTION_SPANS,    /* struct airport_span; the first is "always" */
    SECTION_NAMES,    /* NUL-ended strings; the first is "" */
    SECTIONS
};

/* In order of trust, most trusted first. */
enum airport_code_kind { CODE_ICAO, CODE_GPS, CODE_IDENT, CODE_LOCAL, CODE_IATA };

struct airport_code {
    char code[AIRPORT_CODE_CHARS]; /* upper case, zeros behind; eight characters have no NUL */
    uint32_t airport;
    uint16_t trust; /* enum airport_code_kind */
    uint16_t span;  /* index */
};

struct airport_span {
    int32_t from_day, to_day;
};

struct airport_file_head {
    char magic[8];
    uint32_t mark, version;
    uint32_t source; /* offset in names */
    uint32_t spare;
    struct {
        uint32_t offset, count; /* bytes from the start of the file; records */
    } section[SECTIONS];
};

/* The cell of a place; latitude and longitude in range. */
static inline uint32_t airport_cell(int32_t lat_e7, int32_t lon_e7)
{
    int32_t row = (lat_e7 + 900000000) / 10000000;
    int32_t column = (int32_t)(((int64_t)lon_e7 + 1800000000) / 10000000);
    row = row >= AIRPORT_CELL_LATS ? AIRPORT_CELL_LATS - 1 : row;
    column = column >= AIRPORT_CELL_LONS ? AIRPORT_CELL_LONS - 1 : column;
    return (uint32_t)(row * AIRPORT_CELL_LONS + column);
}

#endif
