/* Kept points → files other programs read. A gap is a gap: where an aircraft was not heard for
   longer than gap_ms, or crosses the date line in GeoJSON, a new segment begins, and no line is
   drawn across.

     csv           track CSV (time_utc_epoch, icao24, …) with the other quantities after it. No cell
                   holds anything a spreadsheet runs
     jsonl         an object a line with aircraft.json's keys, "t" and "hex"
     geojson       RFC 7946: a FeatureCollection, a LineString a segment (a Point where it has but
                   one), its times in properties.coordTimes
     gpx           GPX 1.1: a trk an aircraft, a trkseg a segment
     kml           KML 2.2: a Placemark with a gx:Track a segment
     readsb-trace  trace_full_<hex>.json; one aircraft a file (several: a document a line)

   Heights of geojson, gpx and kml are pressure altitude in meters, of points without one geometric
   altitude: one of the two all along a line, or it would jump where the other comes and goes. On
   the ground, and where neither is known, there is none (in KML, which must have one, 0). */
#ifndef MASAR_ARCHIVE_EXPORT_H
#define MASAR_ARCHIVE_EXPORT_H

#include "base/buf.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stdint.h>

struct exporter;

/* Writers of one format; NULL where it writes nothing there. k is the point it begins with. */
struct export_format {
    const char *name, *suffix, *media_type;
    void (*begin)(struct exporter *);
    void (*aircraft)(struct exporter *, const struct kept *k);
    void (*segment)(struct exporter *, const struct kept *k);
    void (*point)(struct exporter *, const struct kept *k);
    void (*segment_end)(struct exporter *);
    void (*aircraft_end)(struct exporter *);
    void (*end)(struct exporter *);
    bool cuts_date_line;
};

/* The format of this name, NULL if there is none. */
const struct export_format *export_format_find(const char *name);

/* All formats, NULL-ended. */
extern const struct export_format *const export_formats[];

/* out: where everything is written; the caller empties it as it likes between calls, and looks at
   out->failed at the end. gap_ms: 0 is five minutes. NULL: out of memory. */
struct exporter *export_new(const struct export_format *f, int64_t gap_ms, struct buf *out);

/* The next point: aircraft by aircraft, each aircraft's ascending in time. */
void export_point(struct exporter *e, const struct kept *k);

/* Closes what is open. Frees the exporter. */
void export_end(struct exporter *e);

#endif
