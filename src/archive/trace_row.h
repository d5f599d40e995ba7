/* One point of readsb's traces, an array of columns (archive/trace.h) → its values. Read quickly
   where it is written as readsb writes it, in any other way JSON may be written else. */
#ifndef MASAR_ARCHIVE_TRACE_ROW_H
#define MASAR_ARCHIVE_TRACE_ROW_H

#include "archive/detail.h"
#include "archive/scan.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_column {
    TRACE_TIME,
    TRACE_LAT,
    TRACE_LON,
    TRACE_ALT,
    TRACE_GS,
    TRACE_TRACK,
    TRACE_FLAGS,
    TRACE_RATE,
    TRACE_OBJECT,
    TRACE_TYPE,
    TRACE_ALT_GEOM,
    TRACE_GEOM_RATE,
    TRACE_IAS,
    TRACE_ROLL,
    TRACE_COLUMNS
};

struct trace_row {
    /* Milliseconds after the trace's time, degrees times 10^7, feet, kt and degrees times 100, feet
       a minute; KEPT_NONE: not said. */
    int32_t v[TRACE_COLUMNS];
    bool is_ground, has_object;
    struct text type; /* of the source; points into what was read */
};

enum { TRACE_TYPE_MAX = 24 };

struct trace_row_reader {
    struct detail_keys keys;
    struct detail detail; /* of the last row that has_object */
    uint64_t *bad_values; /* values absent because out of range or of the wrong kind, counted */
    char type[TRACE_TYPE_MAX]; /* the caller's: of the row before, type_n bytes */
    size_t type_n;
};

void trace_row_reader_init(struct trace_row_reader *r, uint64_t *bad_values);

/* Reads the array at s. Errors as struct scan; what was counted meanwhile stands. */
enum err trace_row_read(struct trace_row_reader *r, struct scan *s, struct trace_row *row);

#endif
