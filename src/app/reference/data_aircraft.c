#include "app/reference/data_aircraft.h"

#include "app/load.h"
#include "app/reference/reference.h"
#include "identity/aircraft_csv.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static bool is_json_lines(const struct data_file *f)
{
    const char *p = (const char *)f->bytes.p, *end = memchr(p, '\n', f->bytes.n);
    const size_t n = end ? (size_t)(end - p) : f->bytes.n;
    json_t *o = n > 2 && n < 65536 && p[0] == '{' ? json_loadb(p, n, 0, NULL) : NULL;
    const bool is = json_is_string(json_object_get(o, "icao")) ||
                    json_is_string(json_object_get(o, "icao24")) ||
                    json_is_string(json_object_get(o, "hex"));
    json_decref(o);
    return is;
}

const char *data_aircraft_kind(const struct data_file *f)
{
    if (f->bytes.n > 16 && memcmp(f->bytes.p, "SQLite format 3", 16) == 0) {
        return "basestation";
    }
    switch (aircraft_csv_form((const char *)f->bytes.p, f->bytes.n)) {
    case AIRCRAFT_FORM_TAR1090:
        return "tar1090";
    case AIRCRAFT_FORM_PLANE_ALERT:
        return "plane-alert";
    case AIRCRAFT_FORM_CSV:
        return "csv";
    default:
        return f->bytes.n && is_json_lines(f) ? "adsbx" : NULL;
    }
}

/* ------------------------------------------------------------------ JSON lines */

static struct aircraft_text member(const json_t *o, const char *const *keys)
{
    for (; *keys; keys++) {
        const json_t *v = json_object_get(o, *keys);
        if (json_is_string(v) && json_string_length(v)) {
            return (struct aircraft_text){json_string_value(v), (uint32_t)json_string_length(v)};
        }
    }
    return (struct aircraft_text){"", 0};
}

static uint16_t year_of(struct aircraft_builder *b, const json_t *o)
{
    const json_t *v = json_object_get(o, "year");
    if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= 9999) {
        return (uint16_t)json_integer_value(v);
    }
    unsigned y = 0;
    const char *s = json_is_string(v) ? json_string_value(v) : "";
    if (*s && (strspn(s, "0123456789") != strlen(s) || sscanf(s, "%4u", &y) != 1)) {
        aircraft_builder_counts(b)->bad_years++;
    }
    return (uint16_t)y;
}

static uint8_t flags_of(const json_t *o)
{
    return (uint8_t)((json_is_true(json_object_get(o, "mil")) ? AIRCRAFT_MILITARY : 0) |
                     (json_is_true(json_object_get(o, "faa_pia")) ? AIRCRAFT_PIA : 0) |
                     (json_is_true(json_object_get(o, "faa_ladd")) ? AIRCRAFT_LADD : 0));
}

static enum err add_object(struct aircraft_builder *b, const json_t *o)
{
    static const char *const address[] = {"icao", "icao24", "hex", NULL},
                             *const registration[] = {"reg", "r", "registration", NULL},
                             *const type[] = {"icaotype", "t", "typecode", NULL},
                             *const owner[] = {"ownop", "ownOp", "owner", NULL},
                             *const maker[] = {"manufacturer", NULL},
                             *const model[] = {"model", "desc", NULL};
    const struct aircraft_text hex = member(o, address), made = member(o, maker),
                               modeled = member(o, model);
    char description[256];
    const int n = snprintf(description, sizeof description, "%.*s%s%.*s", (int)made.n, made.p,
                           made.n && modeled.n ? " " : "", (int)modeled.n, modeled.p);
    struct aircraft_given g = {
        .registration = member(o, registration),
        .type = member(o, type),
        .owner = member(o, owner),
        .description = {description, n < (int)sizeof description ? (uint32_t)n : 255},
        .flags = flags_of(o)};
    if (!aircraft_csv_address(b, hex.p, hex.n, &g.address)) {
        return ERR_OK;
    }
    g.year = year_of(b, o);
    return aircraft_builder_add(b, &g);
}

static enum err read_json_lines(struct aircraft_builder *b, const struct data_file *f)
{
    const char *p = (const char *)f->bytes.p, *const end = p + f->bytes.n;
    enum err e = ERR_OK;
    while (!e && p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        json_t *o = stop > p + 1 ? json_loadb(p, (size_t)(stop - p), 0, NULL) : NULL;
        if (json_is_object(o)) {
            e = add_object(b, o);
        } else {
            aircraft_builder_counts(b)->bad_rows += stop > p + 1;
        }
        json_decref(o);
        p = stop + 1;
    }
    return e;
}

/* ------------------------------------------------------------------ BaseStation.sqb */

static struct aircraft_text column(sqlite3_stmt *s, int i)
{
    const char *p = (const char *)sqlite3_column_text(s, i);
    return (struct aircraft_text){p ? p : "", (uint32_t)(p ? sqlite3_column_bytes(s, i) : 0)};
}

static enum err add_sqlite(struct aircraft_builder *b, sqlite3_stmt *s)
{
    /* A column that SQLite holds as a number has lost what it was (3946e4). */
    const struct aircraft_text hex = column(s, 0);
    struct aircraft_given g = {
        .registration = column(s, 1), .type = column(s, 2), .owner = column(s, 4)};
    char description[256];
    const struct aircraft_text maker = column(s, 5), type = column(s, 3);
    const int n = snprintf(description, sizeof description, "%.*s%s%.*s", (int)maker.n, maker.p,
                           maker.n && type.n ? " " : "", (int)type.n, type.p);
    g.description =
        (struct aircraft_text){description, n < (int)sizeof description ? (uint32_t)n : 255};
    if (!aircraft_csv_address(b, hex.p, hex.n, &g.address)) {
        return ERR_OK;
    }
    const int year = sqlite3_column_int(s, 6);
    g.year = (uint16_t)(year > 0 && year < 10000 ? year : 0);
    g.flags = sqlite3_column_int(s, 7) ? AIRCRAFT_INTERESTING : 0;
    return aircraft_builder_add(b, &g);
}

static enum err read_sqlite(struct aircraft_builder *b, const char *path, char *why, size_t size)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    enum err e = ERR_SYNTAX;
    int step = SQLITE_ERROR;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT ModeS, Registration, ICAOTypeCode, Type, RegisteredOwners,"
                           " Manufacturer, YearBuilt, Interested FROM Aircraft",
                           -1, &s, NULL) == SQLITE_OK) {
        e = ERR_OK;
        while (!e && (step = sqlite3_step(s)) == SQLITE_ROW) {
            e = add_sqlite(b, s);
        }
        e = !e && step != SQLITE_DONE ? ERR_SYNTAX : e;
    }
    if (e) {
        snprintf(why, size, "%s", e == ERR_SYNTAX ? sqlite3_errmsg(db) : err_text(e));
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    return e;
}

/* ------------------------------------------------------------------ all */

static void print_counts(const char *name, const struct aircraft_counts *c)
{
    static const struct {
        const char *name, *help;
        size_t offset;
    } rows[] = {
#define AIRCRAFT_COUNT(name, help) {#name, help, offsetof(struct aircraft_counts, name)},
#include "identity/aircraft_count.def"
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t v;
        memcpy(&v, (const char *)c + rows[i].offset, sizeof v);
        if (v || i == 0) {
            printf("aircraft %s %s %u (%s)\n", name, rows[i].name, v, rows[i].help);
        }
    }
}

static enum err read_any(struct aircraft_builder *b, const char *kind, struct data_file *f,
                         const char *path, char *why, size_t size)
{
    if (strcmp(kind, "basestation") == 0) {
        return read_sqlite(b, path, why, size);
    }
    if (strcmp(kind, "adsbx") == 0) {
        const enum err e = read_json_lines(b, f);
        snprintf(why, size, "%s", err_text(e));
        return e;
    }
    return aircraft_csv_read(b, aircraft_csv_form((const char *)f->bytes.p, f->bytes.n),
                             (char *)f->bytes.p, f->bytes.n, why, size);
}

static enum err save(const char *folder, const char *name, struct aircraft_builder *b,
                     const char *date, char *why, size_t size)
{
    char path[4400];
    struct buf made = {0};
    struct aircraft_list *view = NULL;
    enum err e = aircraft_builder_finish(b, name, date, &made);
    snprintf(why, size, "%s", err_text(e));
    const struct aircraft_counts *c = aircraft_builder_counts(b);
    const uint64_t bad = (uint64_t)c->bad_addresses + c->number_addresses + c->bad_rows;
    if (!e && (!c->rows || bad > c->rows)) {
        snprintf(why, size, "%u of its rows are aircraft, %llu are none", c->rows,
                 (unsigned long long)bad);
        e = ERR_SYNTAX;
    }
    e = e ? e : aircraft_open(made.p, made.n, &view, why, size);
    aircraft_close(view);
    snprintf(path, sizeof path, "%s/" REFERENCE_LIST_PREFIX "%s.masar", folder, name);
    e = e ? e : save_file(path, made.p, made.n, why, size);
    buf_free(&made);
    return e;
}

enum err data_aircraft_import(const char *folder, const char *name, struct data_file *f,
                              const char *path, char *why, size_t size)
{
    const char *kind = data_aircraft_kind(f);
    struct aircraft_builder *b = aircraft_builder_new();
    if (!b || !kind) {
        aircraft_builder_free(b);
        snprintf(why, size, kind ? "out of memory" : "it is no list of aircraft");
        return kind ? ERR_MEMORY : ERR_SYNTAX;
    }
    name = name ? name : kind;
    enum err e = read_any(b, kind, f, path, why, size);
    e = e ? e : save(folder, name, b, f->date, why, size);
    char kept[80];
    snprintf(kept, sizeof kept, REFERENCE_LIST_PREFIX "%s", name);
    e = e ? e : data_keep_from(folder, kept, f, why, size);
    if (!e) {
        print_counts(name, aircraft_builder_counts(b));
    }
    aircraft_builder_free(b);
    return e;
}

/* ------------------------------------------------------------------ operators */

bool data_is_operators(const struct data_file *f)
{
    const char *p = (const char *)f->bytes.p;
    const size_t n = f->bytes.n < 400 ? f->bytes.n : 400;
    if (n > 10 && strncmp(p, "icao,name", 9) == 0) {
        return true;
    }
    char head[401];
    memcpy(head, p, n);
    head[n] = 0;
    return head[0] == '{' && strstr(head, "\"n\":") && strstr(head, "\"r\":");
}

static void put_quoted(struct buf *b, const char *s)
{
    buf_byte(b, '"');
    for (; *s; s++) {
        if (*s == '"') {
            buf_byte(b, '"');
        }
        buf_byte(b, (uint8_t)(*s == '\n' ? ' ' : *s));
    }
    buf_byte(b, '"');
}

static enum err operators_of_json(const struct data_file *f, struct buf *out, char *why,
                                  size_t size)
{
    json_error_t error;
    json_t *all = json_loadb((const char *)f->bytes.p, f->bytes.n, 0, &error);
    if (!json_is_object(all)) {
        snprintf(why, size, "%s at line %d", error.text, error.line);
        json_decref(all);
        return ERR_SYNTAX;
    }
    const char *code;
    json_t *o;
    buf_text(out, "icao,name,country,telephony\n");
    json_object_foreach(all, code, o)
    {
        static const char *const keys[] = {"n", "c", "r"};
        buf_text(out, code);
        for (int i = 0; i < 3; i++) {
            const char *s = json_string_value(json_object_get(o, keys[i]));
            buf_byte(out, ',');
            put_quoted(out, s ? s : "");
        }
        buf_byte(out, '\n');
    }
    json_decref(all);
    return out->failed ? ERR_MEMORY : ERR_OK;
}

enum err data_operators_import(const char *folder, const struct data_file *f, char *why,
                               size_t size)
{
    struct buf out = {0}, copy = {0};
    struct operators *o = NULL;
    uint32_t bad = 0;
    enum err e = ERR_OK;
    if (f->bytes.p[0] == '{') {
        e = operators_of_json(f, &out, why, size);
    } else {
        buf_add(&out, f->bytes.p, f->bytes.n);
        buf_byte(&out, '\n');
    }
    buf_add(&copy, out.p, out.n);
    if (!e && (e = operators_new((char *)copy.p, copy.n, &o, &bad))) {
        snprintf(why, size, "%s", err_text(e));
    }
    if (!e && !operators_count(o)) {
        snprintf(why, size, "no row of it is an operator");
        e = ERR_SYNTAX;
    }
    char path[4400];
    snprintf(path, sizeof path, "%s/%s", folder, REFERENCE_OPERATORS);
    e = e ? e : save_file(path, out.p, out.n, why, size);
    if (!e) {
        printf("operators %zu\noperators bad_rows %u\n", operators_count(o), bad);
    }
    operators_free(o);
    buf_free(&copy);
    buf_free(&out);
    return e;
}
