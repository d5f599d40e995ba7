/* Positions in CSV as OpenSky, Flightradar24 and others export them → kept positions. The first
   line names the columns, in any order, capitals or not; columns nobody knows are passed over. What
   each name means and its unit is the table in csv.c:

     OpenSky state vectors
   time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,
                            squawk,baroaltitude,geoaltitude,lastposupdate,lastcontact (meters, m/s)
     Flightradar24 points   Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction (feet, knots;
                            Position is "lat,lon"; altitude 0 is on the ground; no address)
     track CSV              time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,
                            onground

   A state vector repeats a position until a new one comes: where `lastposupdate` stands, it is the
   position's time, and a row with the aircraft's last time says nothing new and is left out. Times
   are seconds (or milliseconds) since 1970, or RFC 3339 with T or a blank. Directions may be
   counted from -180 to 180; a hyphen in a call sign (a registration in its place) is left out. */
#ifndef MASAR_ARCHIVE_CSV_H
#define MASAR_ARCHIVE_CSV_H

#include "archive/point.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_sums {
    uint64_t points;     /* given out */
    uint64_t repeated;   /* rows whose position was given before */
    uint64_t bad_points; /* rows left out: no time, no place, no address, too long */
    uint64_t bad_values; /* absent because out of range or not what the column says */
};

/* Whether the first line of a file that begins with these n bytes names columns of times and
   places. */
bool csv_reader_knows(const char *p, size_t n);

struct csv_reader;

/* out is called once a row, in the file's order. NULL: out of memory. */
struct csv_reader *csv_reader_new(archive_point_fn *out, void *ctx);
void csv_reader_free(struct csv_reader *r);

/* Before each file; sums go on. address: whose the rows are in a file that has no such column;
   ADDRESS_NONE if nobody knows. */
void csv_reader_start(struct csv_reader *r, uint32_t address);

/* The file's next n bytes. After the first error every further call says it again: ERR_SYNTAX, the
   first line does not name the columns needed; ERR_MEMORY. */
enum err csv_reader_push(struct csv_reader *r, const uint8_t *p, size_t n);

/* The file has ended: ERR_SHORT if it has no line. */
enum err csv_reader_end(struct csv_reader *r);

/* What is wrong with this file, a sentence; empty if nothing is. */
const char *csv_reader_why(const struct csv_reader *r);

const struct csv_sums *csv_reader_sums(const struct csv_reader *r);

#endif
