/* A list of one's own as CSV, in the form of plane-alert-db: the address in the column `$ICAO`,
   `ICAO`, `hex` or `icao24`, else in the first; the rest is what people call it. Pure. */
#ifndef MASAR_WATCH_LIST_H
#define MASAR_WATCH_LIST_H

#include <stddef.h>
#include <stdint.h>

/* One aircraft. label: its registration, operator, type and tags, with ", " between; borrowed. */
typedef void watch_list_fn(void *ctx, uint32_t address, const char *label);

/* The bytes are rewritten as they are read. Rows without an address are counted in *bad. Returns
   how many were given. */
size_t watch_list_read(char *text, size_t n, watch_list_fn *out, void *ctx, size_t *bad);

#endif
