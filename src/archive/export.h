/* Kept points → files other programs read. A gap is a gap: where an aircraft was not heard for
   longer than gap_ms, or crosses the date line in GeoJSON, a new segment begins, and no line is
   drawn across.

     csv           track CSV (time_utc_epoch, icao24, …) with the other quantities after it. No cell
                   holds anything a spreadsheet runs: a receiver's name that begins as a formula
   does stands after a ' jsonl         an object a line with aircraft.json's keys, "t" and "hex",
   and "rId", who heard it geojson       RFC 7946: a FeatureCollection, a LineString a segment (a
   Point where it has but one), its times in properties.coordTimes gpx           GPX 1.1: a trk an
   aircraft, a trkseg a segment kml           KML 2.2: a Placemark with a gx:Track a segment
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

/* Where receivers' names come from: NUL-terminated UTF-8, "" where a number has none. Without it,
   or where ctx says so, no receiver is written. */
typedef const char *export_receiver_fn(void *ctx, uint16_t number);
void export_receivers(struct exporter *e, export_receiver_fn *name, void *ctx);

/* Where what follows is written, instead of where export_new said. */
void export_to(struct exporter *e, struct buf *out);

/* The next point: aircraft by aircraft, each aircraft's ascending in time. */
void export_point(struct exporter *e, const struct kept *k);

/* Closes what is open. Frees the exporter. */
void export_end(struct exporter *e);

/* --- pieces of what is written, for others who write points --- */

/* The call sign without the blanks at its end, NUL-terminated; "" where there is none or where it
   holds anything but letters, digits and blanks: nothing to escape, nothing a spreadsheet runs.
   Returns its length. */
size_t export_flight(const struct kept *k, char out[9]);

void export_put_address(struct buf *b, uint32_t address); /* 3c6444, ~3c6444 */
void export_put_time(struct buf *b, int64_t t_ms);        /* 2024-06-07T08:30:00.123Z */

/* A point as an object of jsonl, without a line's end. receiver: its name, NULL or "" to leave it
   out. */
void export_object(struct buf *b, const struct kept *k, const char *receiver);

/* The first line of csv, and a point's. */
void export_csv_begin(struct buf *b);
void export_csv_line(struct buf *b, const struct kept *k, const char *receiver);

/* A text as a cell of CSV: quoted where it must be, after a ' where a spreadsheet would run it. */
void export_cell(struct buf *b, const char *text);

#endif
