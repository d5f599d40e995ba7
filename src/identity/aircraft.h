/* Aircraft by address as one source knows them: a compact read-only file, ordered by address, and
   the view over it. Pure: the bytes are somebody else's (app maps the file). Any number of threads
   may read a view. */
#ifndef MASAR_IDENTITY_AIRCRAFT_H
#define MASAR_IDENTITY_AIRCRAFT_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As aircraft.json's dbFlags. */
enum aircraft_flag {
    AIRCRAFT_MILITARY = 1,
    AIRCRAFT_INTERESTING = 2,
    AIRCRAFT_PIA = 4,
    AIRCRAFT_LADD = 8
};

/* Texts are borrowed, UTF-8; "" not known. */
struct aircraft_row {
    uint32_t address;
    const char *registration, *type, *description, *owner;
    uint16_t year; /* built; 0 not known */
    uint8_t flags; /* enum aircraft_flag */
};

struct aircraft_list; /* opaque: a view */

/* bytes: n of them, aligned to 8, there until aircraft_close. ERR_SYNTAX, ERR_MEMORY. */
enum err aircraft_open(const void *bytes, size_t n, struct aircraft_list **out, char *why,
                       size_t size);
void aircraft_close(struct aircraft_list *l); /* NULL is fine */

uint32_t aircraft_count(const struct aircraft_list *l);
struct aircraft_row aircraft_row_at(const struct aircraft_list *l, uint32_t index);
/* False: not in this list. About 100 ns. */
bool aircraft_find(const struct aircraft_list *l, uint32_t address, struct aircraft_row *out);
const char *aircraft_source(const struct aircraft_list *l); /* "tar1090" */
const char *aircraft_date(const struct aircraft_list *l);   /* RFC 3339: when it was had */

/* ------------------------------------------------------------------ building */

struct aircraft_counts {
#define AIRCRAFT_COUNT(name, help) uint32_t name;
#include "identity/aircraft_count.def"
};

struct aircraft_builder; /* opaque */

struct aircraft_builder *aircraft_builder_new(void); /* NULL: out of memory */
void aircraft_builder_free(struct aircraft_builder *b);
struct aircraft_counts *aircraft_builder_counts(struct aircraft_builder *b);

/* Texts of n bytes; what is longer than its kind of text may be is left out and counted. A row that
   says nothing but its address is kept: somebody listed it. ERR_MEMORY, ERR_FULL (4 million rows or
   1 GiB of text). */
struct aircraft_text {
    const char *p;
    uint32_t n;
};
struct aircraft_given {
    uint32_t address;
    struct aircraft_text registration, type, description, owner;
    uint16_t year;
    uint8_t flags;
};
enum err aircraft_builder_add(struct aircraft_builder *b, const struct aircraft_given *row);

/* Orders the rows (of two with one address the first counts) and writes the file. */
enum err aircraft_builder_finish(struct aircraft_builder *b, const char *source, const char *date,
                                 struct buf *out);

#endif
