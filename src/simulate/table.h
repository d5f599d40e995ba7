/* Text tables: CSV with a head line and `key = value` files, read row by row into structs by a list
   of columns. RFC 4180 without line ends inside quotes; lines that begin with # are comments. */
#ifndef MASAR_SIMULATE_TABLE_H
#define MASAR_SIMULATE_TABLE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { TABLE_LINE_MAX = 4096, TABLE_COLUMNS_MAX = 32 };

enum column_kind {
    COLUMN_TEXT,    /* char[size], may be empty where a default is given */
    COLUMN_NUMBER,  /* double */
    COLUMN_INTEGER, /* int64_t, decimal */
    COLUMN_HEX,     /* int64_t, hexadecimal digits */
    COLUMN_INSTANT, /* int64_t, microseconds since 1970 */
    COLUMN_CLOCK,   /* double, hours from hh:mm */
    COLUMN_OTHER,   /* read by the column's own function */
    COLUMN_IGNORE   /* known, not read */
};

struct column {
    const char *name;
    enum column_kind kind;
    size_t at, size;       /* offset in the row; of TEXT its bytes with the NUL */
    double low, high;      /* NUMBER, INTEGER, HEX: both included; with low == high == 0 any */
    const char *otherwise; /* the value where the column is absent or empty; NULL: it is needed */
    const char *example;   /* what would be right, for errors */
    enum err (*read)(void *row, const char *value); /* OTHER */
};

struct table {
    const char *file; /* for errors */
    const struct column *column;
    size_t n;
    void *row; /* filled for each row before done is called */
    enum err (*done)(void *ctx, size_t line, char *why, size_t why_size); /* takes the row */
    void *ctx;
};

/* Both: why begins `file:line: `. Errors as scenario_read's. */
enum err table_read_csv(const struct table *t, const char *text, size_t n, char *why,
                        size_t why_size);
/* One row; lines `key = value`, `[section]` headings are passed over. */
enum err table_read_ini(const struct table *t, const char *text, size_t n, char *why,
                        size_t why_size);

/* A decimal number, without exponent: [-]digits[.digits], at most 15 digits. */
enum err table_number(const char *text, double *out);

#endif
