#include "identity/aircraft_csv.h"

#include "identity/delimited.h"

#include <stdio.h>
#include <string.h>

enum { TAR_HEX, TAR_REGISTRATION, TAR_TYPE, TAR_FLAGS, TAR_DESCRIPTION, TAR_YEAR, TAR_OWNER };

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* 3946e4 read as a number and written again is 39460000, 3.946e+07 or 39460000.0. */
static bool was_a_number(const char *p, size_t n)
{
    bool digits = n > 0, point = false;
    for (size_t i = 0; i < n; i++) {
        const bool mark = p[i] == '.' || p[i] == '+';
        point |= mark;
        digits &= mark || digit(p[i]) >= 0;
    }
    return digits && (point || n > 6) && p[0] >= '0' && p[0] <= '9';
}

bool aircraft_csv_address(struct aircraft_builder *b, const char *p, size_t n, uint32_t *out)
{
    uint32_t v = 0;
    bool good = n == 6;
    for (size_t i = 0; good && i < n; i++) {
        good = digit(p[i]) >= 0;
        v = v << 4 | (uint32_t)(digit(p[i]) & 15);
    }
    if (!good) {
        struct aircraft_counts *c = aircraft_builder_counts(b);
        ++*(was_a_number(p, n) ? &c->number_addresses : &c->bad_addresses);
    }
    *out = v;
    return good;
}

enum column {
    C_ADDRESS,
    C_REGISTRATION,
    C_TYPE,
    C_DESCRIPTION,
    C_OWNER,
    C_YEAR,
    C_MILITARY,
    COLUMNS
};

/* Names one thing goes by; the first that is there counts. */
static const char *const names[COLUMNS][8] = {
    [C_ADDRESS] = {"icao24", "icao", "hex", "ModeS", "address"},
    [C_REGISTRATION] = {"r", "registration", "reg"},
    [C_TYPE] = {"t", "typecode", "icao type", "icaotype", "ICAOTypeCode", "type_code"},
    [C_DESCRIPTION] = {"desc", "description", "model", "type"},
    [C_OWNER] = {"ownop", "operator", "owner", "RegisteredOwners"},
    [C_YEAR] = {"year", "YearBuilt", "built"},
    [C_MILITARY] = {"cmpg", "military", "mil"},
};

/* plane-alert-db writes `$ICAO` and `#CMPG`, OpenSky's newer files 'icao24'. */
static struct delimited_field plain(struct delimited_field f)
{
    if (f.n && (f.p[0] == '$' || f.p[0] == '#')) {
        f.p++;
        f.n--;
    }
    if (f.n > 1 && f.p[0] == '\'' && f.p[f.n - 1] == '\'') {
        f.p++;
        f.n -= 2;
    }
    return f;
}

static void find_columns(struct delimited *d, size_t fields, int at[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++) {
        at[c] = -1;
        for (int k = 0; k < 8 && names[c][k] && at[c] < 0; k++) {
            for (size_t i = 0; i < fields && i < DELIMITED_FIELDS && at[c] < 0; i++) {
                at[c] = delimited_is(plain(d->field[i]), names[c][k]) ? (int)i : -1;
            }
        }
    }
}

static struct aircraft_text text(const struct delimited *d, size_t fields, int at)
{
    if (at < 0 || (size_t)at >= fields || at >= DELIMITED_FIELDS) {
        return (struct aircraft_text){"", 0};
    }
    const struct delimited_field f = plain(d->field[at]);
    return (struct aircraft_text){f.p, f.n};
}

static uint16_t year(struct aircraft_builder *b, struct aircraft_text t)
{
    int64_t v = 0;
    const struct delimited_field f = {t.p, t.n > 4 && t.p[4] == '-' ? 4 : t.n}; /* 2004-05-01 */
    if (f.n && (!delimited_number(f, 0, &v) || v < 0 || v > 9999)) {
        aircraft_builder_counts(b)->bad_years++;
        return 0;
    }
    return (uint16_t)v;
}

static uint8_t tar_flags(struct aircraft_text t)
{
    uint8_t flags = 0;
    for (uint32_t i = 0; i < t.n && i < 4; i++) {
        flags |= (uint8_t)((t.p[i] == '1') << i);
    }
    return flags;
}

static bool says_military(struct aircraft_text t)
{
    const struct delimited_field f = {t.p, t.n};
    return delimited_is(f, "mil") || delimited_is(f, "1") || delimited_is(f, "true");
}

static enum err add_row(struct aircraft_builder *b, const struct delimited *d, size_t n,
                        const int at[COLUMNS], uint8_t flags)
{
    const struct aircraft_text address = text(d, n, at[C_ADDRESS]);
    struct aircraft_given g = {.flags = flags,
                               .registration = text(d, n, at[C_REGISTRATION]),
                               .type = text(d, n, at[C_TYPE]),
                               .description = text(d, n, at[C_DESCRIPTION]),
                               .owner = text(d, n, at[C_OWNER])};
    if (!aircraft_csv_address(b, address.p, address.n, &g.address)) {
        return ERR_OK;
    }
    g.year = year(b, text(d, n, at[C_YEAR]));
    if (says_military(text(d, n, at[C_MILITARY]))) {
        g.flags |= AIRCRAFT_MILITARY;
    }
    return aircraft_builder_add(b, &g);
}

enum aircraft_form aircraft_csv_form(const char *p, size_t n)
{
    char line[2048];
    const char *end = memchr(p, '\n', n);
    const size_t length = end ? (size_t)(end - p) : n;
    if (length >= sizeof line) {
        return AIRCRAFT_FORM_NONE;
    }
    memcpy(line, p, length);
    struct delimited d;
    delimited_open(&d, line, length, ';', true);
    size_t fields = delimited_next(&d);
    bool hex = fields >= 4 && d.field[0].n == 6;
    for (int i = 0; hex && i < 6; i++) {
        hex = digit(d.field[0].p[i]) >= 0;
    }
    if (hex) {
        return AIRCRAFT_FORM_TAR1090;
    }
    memcpy(line, p, length);
    delimited_open(&d, line, length, ',', false);
    fields = delimited_next(&d);
    int at[COLUMNS];
    find_columns(&d, fields, at);
    if (fields < 2 || at[C_ADDRESS] < 0) {
        return AIRCRAFT_FORM_NONE;
    }
    bool alert = false;
    for (size_t i = 0; i < fields && i < DELIMITED_FIELDS; i++) {
        alert |= delimited_is(plain(d.field[i]), "cmpg");
    }
    return alert ? AIRCRAFT_FORM_PLANE_ALERT : AIRCRAFT_FORM_CSV;
}

static enum err read_tar1090(struct aircraft_builder *b, struct delimited *d)
{
    static const int at[COLUMNS] = {[C_ADDRESS] = TAR_HEX, [C_REGISTRATION] = TAR_REGISTRATION,
                                    [C_TYPE] = TAR_TYPE,   [C_DESCRIPTION] = TAR_DESCRIPTION,
                                    [C_OWNER] = TAR_OWNER, [C_YEAR] = TAR_YEAR,
                                    [C_MILITARY] = -1};
    enum err e = ERR_OK;
    for (size_t n; !e && (n = delimited_next(d));) {
        if (n < 4) {
            aircraft_builder_counts(b)->bad_rows++;
            continue;
        }
        e = add_row(b, d, n, at, tar_flags(text(d, n, TAR_FLAGS)));
    }
    return e;
}

static enum err read_csv(struct aircraft_builder *b, struct delimited *d, uint8_t flags)
{
    int at[COLUMNS];
    const size_t head = delimited_next(d);
    find_columns(d, head, at);
    if (at[C_ADDRESS] < 0) {
        return ERR_SYNTAX;
    }
    enum err e = ERR_OK;
    for (size_t n; !e && (n = delimited_next(d));) {
        if ((size_t)at[C_ADDRESS] >= n) {
            aircraft_builder_counts(b)->bad_rows++;
            continue;
        }
        e = add_row(b, d, n, at, flags);
    }
    return e;
}

enum err aircraft_csv_read(struct aircraft_builder *b, enum aircraft_form form, char *p, size_t n,
                           char *why, size_t size)
{
    struct delimited d;
    const bool tar = form == AIRCRAFT_FORM_TAR1090;
    delimited_open(&d, p, n, tar ? ';' : ',', tar);
    const enum err e =
        tar ? read_tar1090(b, &d)
            : read_csv(b, &d, form == AIRCRAFT_FORM_PLANE_ALERT ? AIRCRAFT_INTERESTING : 0);
    aircraft_builder_counts(b)->torn_quotes += (uint32_t)d.torn_quotes;
    if (e == ERR_SYNTAX) {
        snprintf(why, size, "its first line has no column icao24, icao, hex or ModeS");
    } else if (e) {
        snprintf(why, size, "%s at line %llu", err_text(e), (unsigned long long)d.row_line);
    }
    return e;
}
