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
    export_receiver_fn *receiver;
    void *receiver_ctx;
};

/* Pressure altitude, else geometric altitude, in units of 10^-4 m; false on the ground and where
   there is none. */
bool export_height(const struct kept *k, int64_t *e4_m);

/* `"nic":8,` and so on: aircraft.json's keys of what is known of quality; each begins with a comma.
 */
void export_put_quality(struct buf *b, const struct kept *k);

/* The same of airspeeds, heading and altimeter setting. */
void export_put_air(struct buf *b, const struct kept *k);

/* The name of who heard a point, "" where nobody knows. */
const char *export_receiver(const struct exporter *e, const struct kept *k);

/* `,"key":value` of what is known. */
void export_put_number(struct buf *b, const char *key, bool is_known, int64_t v, unsigned decimals);

extern const struct export_format export_csv, export_jsonl, export_geojson, export_gpx, export_kml,
    export_trace;

#endif
