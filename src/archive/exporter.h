/* What the export formats share. */
#ifndef MASAR_ARCHIVE_EXPORTER_H
#define MASAR_ARCHIVE_EXPORTER_H

#include "archive/export.h"

#include <stddef.h>

struct exporter {
    const struct export_format *format;
    struct buf *out;
    int64_t gap_ms;
    bool has_last;
    struct kept last;   /* the point before */
    size_t points;      /* of the segment */
    size_t segments;    /* of the whole file */
    struct buf side[2]; /* what must wait for the segment's end */
    char flight[9];     /* the segment's last call sign, "" if none was heard */
    bool is_closing;    /* the segment that ends is the aircraft's last */
    int64_t first_ms;   /* of the aircraft */
    size_t written;     /* readsb-trace: points of the aircraft written, one behind those given */
    struct kept detail; /* readsb-trace: what the last object said */
};

/* The call sign without the blanks at its end, NUL-terminated; "" where there is none or where it
   holds anything but letters, digits and blanks: nothing to escape, nothing a spreadsheet runs.
   Returns its length. */
size_t export_flight(const struct kept *k, char out[9]);

void export_put_address(struct buf *b, uint32_t address); /* 3c6444, ~3c6444 */
void export_put_time(struct buf *b, int64_t t_ms);        /* 2024-06-07T08:30:00.123Z */

/* Pressure altitude, else geometric altitude, in units of 10^-4 m; false on the ground and where
   there is none. */
bool export_height(const struct kept *k, int64_t *e4_m);

/* `"nic":8,` and so on: aircraft.json's keys of what is known of quality; each begins with a comma.
 */
void export_put_quality(struct buf *b, const struct kept *k);

extern const struct export_format export_csv, export_jsonl, export_geojson, export_gpx, export_kml,
    export_trace;

#endif
