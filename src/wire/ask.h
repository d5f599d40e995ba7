/* What questions are made of that come as names and values, `from=2024-06-07`: times, counts, the
   table of names, and the sentence that says what is wrong. Pure; any bytes may come. */
#ifndef MASAR_WIRE_ASK_H
#define MASAR_WIRE_ASK_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ask_why {
    char *text;
    size_t size;
};

/* Writes the sentence; returns e. */
__attribute__((format(printf, 3, 4))) enum err ask_say(const struct ask_why *w, enum err e,
                                                       const char *format, ...);

/* RFC 3339, a date, or seconds since 1970 (as every JSON here has them). ERR_SYNTAX. */
enum err ask_time(const char *v, const char *name, int64_t *out_ms, const struct ask_why *w);

/* A whole number from 1 to most. ERR_RANGE. */
enum err ask_count(const char *v, const char *name, uint64_t most, uint64_t *out,
                   const struct ask_why *w);

/* Which of n rows, each `stride` bytes and its name a pointer at the address given first, has this
   name. ERR_UNKNOWN: none, and the sentence lists them. */
enum err ask_row(const char *const *first, size_t stride, size_t n, const char *name, size_t *out,
                 const struct ask_why *w);

#endif
