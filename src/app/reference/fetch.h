/* One URL fetched whole, for `masar data update`. Waits. */
#ifndef MASAR_APP_FETCH_H
#define MASAR_APP_FETCH_H

#include "base/buf.h"
#include "base/err.h"

/* http: or https:, certificates verified, a few redirections followed (never from https to http),
   at most 256 MiB, decompressed where it is gzip. ERR_SYSTEM, ERR_SYNTAX, ERR_FULL, ERR_MEMORY;
   why: a sentence's end. */
enum err fetch_url(const char *url, struct buf *out, char *why, size_t size);

#endif
