/* The user's own word on which addresses are military: rows over the ranges that are built in
   (military_range.def). Pure; a table never changes once made. */
#ifndef MASAR_IDENTITY_MILITARY_H
#define MASAR_IDENTITY_MILITARY_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { MILITARY_ROWS_MAX = 4096 };

struct military_ranges; /* opaque */

/* rows: CSV with the columns from, to (six hexadecimal digits; no to: that one address) and
   military (1 yes, 0 no), rewritten as it is read. *bad: rows that could not be read, or are
   beyond MILITARY_ROWS_MAX (may be NULL). ERR_SYNTAX: the columns from or military are missing;
   ERR_MEMORY. */
enum err military_ranges_new(char *rows, size_t n, struct military_ranges **out, uint32_t *bad);
void military_ranges_free(struct military_ranges *r); /* NULL is fine */

/* 1 military, 0 not, -1 no row says; of those that hold the address the last counts. NULL: -1. */
int military_ranges_say(const struct military_ranges *r, uint32_t address);

#endif
