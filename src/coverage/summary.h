/* Coverage summed up for people and programs: how well an area was heard, by height, by cell or by
   hour, as sentences, CSV, JSON or GeoJSON. Pure. */
#ifndef MASAR_COVERAGE_SUMMARY_H
#define MASAR_COVERAGE_SUMMARY_H

#include "base/buf.h"
#include "coverage/grid.h"

enum coverage_by {
    COVERAGE_BY_AREA, /* a row for each band */
    COVERAGE_BY_CELL, /* for each cell and band */
    COVERAGE_BY_HOUR, /* for each hour and band */
    COVERAGE_BYS
};

enum coverage_format {
    COVERAGE_TABLE, /* sentences */
    COVERAGE_CSV,
    COVERAGE_JSON,
    COVERAGE_GEOJSON, /* by cell: a rectangle with its figures */
    COVERAGE_FORMATS
};

struct coverage_summary;

struct coverage_asked {
    enum coverage_by by;
    enum coverage_format format;
    enum coverage_class class; /* COVERAGE_ANY: all */
    unsigned bands;            /* bit of each enum coverage_band that is wanted */
    int64_t from_ms, to_ms;    /* what was asked about, to be said */
    size_t rows_max;
};

/* The bands that have heights of low_ft .. high_ft (KEPT_NONE: no bound); the ground is 0 ft. */
unsigned coverage_bands_of(int32_t low_ft, int32_t high_ft);

/* NULL: out of memory. */
struct coverage_summary *coverage_summary_new(const struct coverage_asked *a);
void coverage_summary_free(struct coverage_summary *s);

/* ERR_FULL: more than rows_max rows; ERR_MEMORY. */
enum err coverage_summary_add(struct coverage_summary *s, const struct coverage_entry *e);

/* Everything at once. Of a row: heard and missed are aircraft-hours; presumed those that aircraft
   which fell silent would have flown there; p the share heard, with the interval that holds it at
   80 %; where nothing is known p is null and the word is "no data", where only misses are, "not
   heard". */
void coverage_summary_write(struct coverage_summary *s, struct buf *out);

#endif
