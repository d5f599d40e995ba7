/* readsb's traces (`trace_full_<hex>.json`, plain bytes) → kept positions. A pull reader for this
   one shape: nothing but the point in hand is ever held, so a file of any size is read in any
   pieces, and nothing is allocated for a point.

     { "icao": "ac671b", "r": …, "t": …, "timestamp": 1738703622.619, "trace": [
       [dt s, lat, lon, alt ft | "ground" | null, gs kt, track deg, flags, rate fpm, {…} | null,
        type, alt_geom ft, geom_rate fpm, ias kt, roll deg], … ] }

   flags: 1 the position is stale, 2 a new leg begins, 4 rate is geometric, 8 alt is geometric.
   Older files have 9 columns, newer may have more than 14. The object, in every fourth point or so,
   has aircraft.json's keys: what it says stands until the next object, as it does in readsb, which
   writes all that is valid each time. Source: INTERFACES.md 4.5, readsb's README-json.md.

   Bad input: a point that makes no sense (no place, no time, a time no store
   holds) is
   left out and counted; a value out of its range is absent and counted; a file that is not of this
   shape is given up, with a sentence, after the points before that. */
#ifndef MASAR_ARCHIVE_TRACE_H
#define MASAR_ARCHIVE_TRACE_H

#include "archive/point.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct trace_sums {
    uint64_t points;     /* given out */
    uint64_t bad_points; /* left out */
    uint64_t bad_values; /* absent because out of range or of the wrong kind */
};

struct trace_reader;

/* out is called once a point, in the file's order. NULL: out of memory. */
struct trace_reader *trace_reader_new(archive_point_fn *out, void *ctx);
void trace_reader_free(struct trace_reader *r);

/* Before each file; sums go on. */
void trace_reader_start(struct trace_reader *r);

/* The file's next n bytes. After the first error every further call says it again. */
enum err trace_reader_push(struct trace_reader *r, const uint8_t *p, size_t n);

/* The file has ended: ERR_SHORT if it was cut. */
enum err trace_reader_end(struct trace_reader *r);

/* What is wrong with this file, a sentence; empty if nothing is. */
const char *trace_reader_why(const struct trace_reader *r);

const struct trace_sums *trace_reader_sums(const struct trace_reader *r);

#endif
