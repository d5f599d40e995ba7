/* What `masar data` does with files: keeping what was given beside where it is from, and making the
   compact files out of it. */
#ifndef MASAR_APP_DATA_FILES_H
#define MASAR_APP_DATA_FILES_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

/* A file as it was given, in memory. */
struct data_file {
    struct buf bytes; /* decompressed */
    char from[1024];  /* a path or a URL */
    char date[32];    /* RFC 3339, when it was read or fetched */
    char sha256[65];
};

void data_file_free(struct data_file *f);

/* Reads a path. ERR_*; why: a sentence's end. */
enum err data_file_load(struct data_file *f, const char *path, char *why, size_t size);
/* Fills in date and sha256 of bytes already there. */
void data_file_stamp(struct data_file *f, const char *from);

/* `folder/sources/name` and, beside it, `name.from`: where from, when, SHA-256. */
enum err data_keep(const char *folder, const char *name, const struct data_file *f, char *why,
                   size_t size);
/* Only where from and when, without the bytes. */
enum err data_keep_from(const char *folder, const char *name, const struct data_file *f, char *why,
                        size_t size);
/* What data_keep kept. ERR_NOT_FOUND. */
enum err data_kept(const char *folder, const char *name, struct data_file *f, char *why,
                   size_t size);
/* Only where from and when: no bytes. False: there is none. */
bool data_kept_from(const char *folder, const char *name, struct data_file *f);

/* The compact file out of OurAirports' two files; sqlite: out of npm's database instead (then the
   two are NULL). Prints what was counted. ERR_*; why: a sentence's end. */
enum err data_build_airports(const struct data_file *airports, const struct data_file *runways,
                             const char *sqlite, struct buf *out, char *why, size_t size);

#endif
