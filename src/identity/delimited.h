/* Rows of delimited text, bytes in memory → fields: CSV as RFC 4180 has it (quotes, doubled quotes,
   line ends within quotes), and the `;` rows with backslash escapes of tar1090's databases. Fields
   are unescaped in place, so the bytes are the reader's to change. Pure; bounded: a quote that
   never ends costs its own line only. */
#ifndef MASAR_IDENTITY_DELIMITED_H
#define MASAR_IDENTITY_DELIMITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct delimited_field {
    const char *p; /* n bytes, not NUL-ended */
    uint32_t n;
};

enum { DELIMITED_FIELDS = 64, DELIMITED_QUOTED_MAX = 65536 };

struct delimited {
    char *p; /* what is left: n bytes */
    size_t n;
    char separator;
    bool backslash; /* `\` takes the next character as it is; quotes mean nothing */
    uint64_t line;  /* lines read so far; of the row given last, its first is row_line */
    uint64_t row_line;
    uint64_t torn_quotes; /* quotes that did not end within DELIMITED_QUOTED_MAX bytes */
    struct delimited_field field[DELIMITED_FIELDS];
};

/* Begins with n bytes; a byte order mark is passed over. */
void delimited_open(struct delimited *d, char *p, size_t n, char separator, bool backslash);

/* The next row that is not empty: how many fields it has (what is beyond DELIMITED_FIELDS is
   counted and not kept), 0 at the end. */
size_t delimited_next(struct delimited *d);

/* Whether a field is this text, case aside. */
bool delimited_is(struct delimited_field f, const char *text);

/* The column named so in the row given last, -1 if there is none. */
int delimited_column(const struct delimited *d, size_t fields, const char *name);

/* Copies with a NUL, whole UTF-8 characters only; true if nothing was cut. */
bool delimited_copy(struct delimited_field f, char *out, size_t size);

/* A plain decimal number (sign, digits, fraction; no exponent, so that an address is never taken
   for a number) times 10^decimals, rounded to the nearest. False: not of this form, empty, or
   beyond 10^15. */
bool delimited_number(struct delimited_field f, unsigned decimals, int64_t *out);

#endif
