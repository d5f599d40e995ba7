/* Pictures of the air at an instant, as readsb, tar1090 and the APIs that follow them write them →
   kept positions:

     aircraft.json, history_N.json   {"now": s, "aircraft": [{…}, …]}
     ADSBx v2 (adsb.lol and others)  {"now": ms, "ac": [{…}, …]}
     tar1090's chunks                {"files": [{"now": …, "aircraft": […]}, …]}

   The objects have aircraft.json's keys; a position's time is "now" less its "seen_pos". An
   aircraft that is in several pictures with the same position is given out once a file. Source:
   INTERFACES.md 4.4, readsb's README-json.md. */
#ifndef MASAR_ARCHIVE_SNAPSHOT_H
#define MASAR_ARCHIVE_SNAPSHOT_H

#include "archive/point.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot_sums {
    uint64_t points;
    uint64_t repeated;   /* positions given before */
    uint64_t bad_points; /* no address, or no time */
    uint64_t bad_values;
};

/* The longest file that is read: it must be here as a whole, for "now" may stand behind. */
enum { SNAPSHOT_BYTES_MAX = 64 << 20 };

struct snapshot_reader;

/* Whether a file that begins with these bytes may be one. */
bool snapshot_reader_knows(const char *p, size_t n);

/* out is called once a position. NULL: out of memory. */
struct snapshot_reader *snapshot_reader_new(archive_point_fn *out, void *ctx);
void snapshot_reader_free(struct snapshot_reader *r);

/* Before each file; sums go on. */
void snapshot_reader_start(struct snapshot_reader *r);

/* The file's next n bytes. ERR_RANGE: it is too long; ERR_MEMORY. */
enum err snapshot_reader_push(struct snapshot_reader *r, const uint8_t *p, size_t n);

/* The file has ended, and is read. ERR_SHORT: it was cut; ERR_SYNTAX: it is no picture, or says no
   time. Points before that were given. */
enum err snapshot_reader_end(struct snapshot_reader *r);

/* What is wrong with this file, a sentence; "" if nothing is. */
const char *snapshot_reader_why(const struct snapshot_reader *r);

const struct snapshot_sums *snapshot_reader_sums(const struct snapshot_reader *r);

#endif
