/* Archives on this disk → kept points: finds the files, takes them apart and hands each to its
   reader. Nothing is unpacked to disk, and of no file more than a block is held.

     what it is                     how it is told
     readsb trace                   trace_full_<hex>.json; any *.json that was named itself
     readsb heatmap                 *.bin.ttf
     CSV (see archive/csv.h)        *.csv that was named itself, or lies in a folder named
     tar of these                   *.tar, *.tgz; *.tar.aa with its parts *.tar.ab, *.tar.ac …
     folder of these                read through, names in order; links to elsewhere are not
   followed

   Each may be gzip or zstd: its first bytes say so, whatever its name (readsb gives gzip the name
   .json); names may end .gz and .zst. What is none of these is passed over where it was found, and
   an error where it was named. A member of a tar whose path is absolute or goes up (..) is refused.
 */
#ifndef MASAR_IMPORT_IMPORT_H
#define MASAR_IMPORT_IMPORT_H

#include "archive/point.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct import_calls {
    archive_point_fn *point;
    /* A file or member is about to be read: bytes as it lies there, mtime in seconds since 1970.
       False: pass it over. name holds for this call and is "PATH" or "PATH:MEMBER". */
    bool (*begin)(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s);
    /* It is read, or was given up: why is a sentence's end ("it ends before …"), empty with ERR_OK.
       Points given before an error stand. Also called, without begin, for what could not be
       opened. False: stop everything. */
    bool (*end)(void *ctx, const char *name, enum err e, const char *why);
    /* Values and points that were left out, so far of all files. */
    void (*odd)(void *ctx, uint64_t points, uint64_t values);
};

struct import_options {
    uint32_t address;   /* whose a CSV without such a column is; ADDRESS_NONE */
    uint64_t bytes_max; /* a file or member that unpacks to more is given up; 0: 4 GiB */
};

/* Reads path and everything in it. ERR_OK: all was read; else the first error there was (the rest
   was read nonetheless). ERR_MEMORY ends it at once. */
enum err import_path(const char *path, const struct import_options *o,
                     const struct import_calls *calls, void *ctx);

#endif
