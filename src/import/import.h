/* Archives on this disk → kept points, on several threads. One thread finds the files and reads
   their bytes, some take them apart (unpack, read, sort, and `pack`, which is the caller's: the
   store's encoding), and the caller's own thread is handed what came of them, file by file in the
   order they were found: whatever the number of threads, the same archives give the same calls.

   What a file is, its first bytes say, packed or not (gzip, zstd; its name is not asked): the
   formats are the rows of format.def, docs/IMPORT.md says what each carries.

     tar, zip        its members are the files; parts x.tar.aa, x.tar.ab, … are one tar
     folder          read through, names in order; links to elsewhere are not followed

   What is none of these is passed over where it was found, and an error where it was named. A
   member whose path is absolute or goes up (..) is refused, and an archive within an archive.

   Between the threads are rings with a bound: at most IMPORT_FILES_MAX files and IMPORT_BYTES_MAX
   bytes read ahead, IMPORT_POINTS_AHEAD points packed and not handed over. Who would go beyond
   waits; nothing is dropped. Only the file that is next to be handed over is never held up, so
   that there is always one that goes on. */
#ifndef MASAR_IMPORT_IMPORT_H
#define MASAR_IMPORT_IMPORT_H

#include "base/err.h"
#include "model/kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_FILES_MAX = 256,
    IMPORT_BYTES_MAX = 32 << 20,
    IMPORT_POINTS_AHEAD = 1 << 20,
    IMPORT_THREADS_MAX = 16,
    IMPORT_PIECE_POINTS = 1 << 20, /* a file with more is packed in pieces of so many */
    IMPORT_WHY_MAX = 240
};

enum import_format {
#define FORMAT(id, name, what) IMPORT_##id,
#include "import/format.def"
    IMPORT_FORMATS
};

/* What --as takes, and what it stands for. */
struct import_format_row {
    const char *name, *what;
};
extern const struct import_format_row import_format_row[IMPORT_FORMATS];

/* What became of a file. */
enum import_fate {
    IMPORT_IN,
    IMPORT_KNOWN, /* calls->is_known said so; not read */
    IMPORT_OTHER, /* none of our formats, passed over */
    IMPORT_FAILED /* why says what is wrong; points before that were handed over */
};

struct import_sums {
    uint64_t points;     /* found, those left out not counted */
    uint64_t repeated;   /* left out: the same position once more */
    uint64_t future;     /* left out: later than options.latest_ms */
    uint64_t bad_points; /* left out: no place, no time, no address */
    uint64_t bad_values; /* absent: out of range, or not what they should be */
};

struct import_result {
    const char *name; /* "PATH" or "PATH:MEMBER" */
    uint64_t bytes;   /* as it lies there */
    int64_t mtime_s;  /* since 1970 */
    enum import_fate fate;
    enum import_format format; /* IMPORT_FORMATS: not known */
    enum err err;
    const char *why; /* a sentence's end: "it ends before …"; "" with ERR_OK */
    struct import_sums sums;
};

struct import_calls {
    /* True: this file is in already. Called on the thread that reads. NULL: none is. */
    bool (*is_known)(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s);
    /* The number the caller gives to a receiver's name, 0 if it has none to give. Called on any
       thread, on several at once. NULL: who heard a point is not kept. */
    uint16_t (*receiver)(void *ctx, const char *name);
    /* Makes a parcel of n points (borrowed), sorted by address and time, none twice. Called on any
       thread, on several at once. NULL: out of memory. */
    void *(*pack)(void *ctx, const struct kept *p, size_t n);
    /* The rest on the caller's thread. Takes a parcel. An error stops everything. */
    enum err (*put)(void *ctx, void *parcel);
    /* Frees a parcel nobody puts. */
    void (*drop)(void *ctx, void *parcel);
    /* All parcels of this file were put. False: stop everything. */
    bool (*end)(void *ctx, const struct import_result *r);
    /* About ten times a second; bytes: read of the files named so far. False: stop. */
    bool (*tick)(void *ctx, uint64_t bytes);
};

struct import_options {
    enum import_format as;   /* what every file is; IMPORT_FORMATS: each says */
    uint32_t address;        /* whose a CSV without such a column is; ADDRESS_NONE */
    int64_t latest_ms;       /* points after that are left out; 0: none */
    int64_t start_ms;        /* what elapsed times of recordings without marks count from; 0: such
                                points have no time and are left out */
    int32_t zone_min;        /* what BaseStation's times are in: minutes east of UTC */
    uint32_t aircraft_max;   /* at once in a recording; 0: 65,536 */
    int32_t thin_m, thin_ft; /* thinning of recordings, as store_options has it; 0 m: none */
    uint64_t bytes_max;      /* a file that unpacks to more is given up; 0: 64 GiB */
    unsigned threads;        /* that take files apart, 1 .. IMPORT_THREADS_MAX; 0: 1 */
};

/* Reads n paths and everything in them. ERR_OK: all was read; else the first error there was (the
   rest was read nonetheless). What put returned, or ERR_MEMORY (no memory, no threads), ends it at
   once. */
enum err import_run(const char *const *path, size_t n, const struct import_options *o,
                    const struct import_calls *calls, void *ctx);

#endif
