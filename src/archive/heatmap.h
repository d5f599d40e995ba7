/* readsb's heatmaps (`heatmap/NN.bin.ttf`, half an hour each, here gunzipped) → kept positions.

   16-byte records, little-endian:

     offset  size  index record           slice record          position               info
       0      4    number of the record   0x0e7f7c9d            bits 0..23 address,    address as in
   a that opens the slice                         24 not an ICAO one,    position 27..31 address
   type 4      4    0                      time in ms >> 32      latitude  * 10^6       bit 30 set,
   low 12 bits: squawk's four digits as decimal 8      4    0                      time in ms, low
   half  longitude * 10^6       call sign, 12      2    0                      interval, ms altitude
   / 25 ft,      8 bytes -123 on the ground 14      2    0                      0 speed * 10 kt, -1
   none

   The altitude is the pressure altitude where readsb knew one, else the geometric one; the file
   does not say which, so it is taken as pressure altitude. An info record holds for the positions
   of its address that follow. Times are those of the slice: a position lies up to one interval
   after it, and bears its beginning. Source: INTERFACES.md 4.5, readsb's globe_index.h and
   globe_index.c. */
#ifndef MASAR_ARCHIVE_HEATMAP_H
#define MASAR_ARCHIVE_HEATMAP_H

#include "archive/point.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct heatmap_sums {
    uint64_t points;     /* given out */
    uint64_t bad_points; /* left out: no place, or before any slice */
    uint64_t bad_values; /* absent because out of range */
};

struct heatmap_reader;

/* out is called once a position, in the file's order. NULL: out of memory. */
struct heatmap_reader *heatmap_reader_new(archive_point_fn *out, void *ctx);
void heatmap_reader_free(struct heatmap_reader *r);

/* Before each file; sums go on. */
void heatmap_reader_start(struct heatmap_reader *r);

/* The file's next n bytes. After the first error every further call says it again: ERR_SYNTAX, a
   file whose index leads to no slice; ERR_MEMORY. */
enum err heatmap_reader_push(struct heatmap_reader *r, const uint8_t *p, size_t n);

/* The file has ended: ERR_SHORT if it was cut within a record or has no slice. */
enum err heatmap_reader_end(struct heatmap_reader *r);

/* What is wrong with this file, a sentence; empty if nothing is. */
const char *heatmap_reader_why(const struct heatmap_reader *r);

const struct heatmap_sums *heatmap_reader_sums(const struct heatmap_reader *r);

#endif
