/* Whole files into memory and out of it, for commands that read and write reference data. */
#ifndef MASAR_APP_LOAD_H
#define MASAR_APP_LOAD_H

#include "base/buf.h"
#include "base/err.h"

enum { LOAD_MAX = 1 << 30 };

/* Reads a file to its end, decompressed where it is gzip. ERR_SYSTEM, ERR_SYNTAX (damaged or cut
   off), ERR_FULL (more than LOAD_MAX), ERR_MEMORY; why: a sentence's end. */
enum err load_file(const char *path, struct buf *out, char *why, size_t size);

/* Decompresses what is gzip, in place; else does nothing. Same errors. */
enum err load_unpack(struct buf *b, char *why, size_t size);

/* Writes a file whole or not at all: beside it first, then renamed over the old one. Makes its
   folders. ERR_SYSTEM. */
enum err save_file(const char *path, const void *p, size_t n, char *why, size_t size);

#endif
