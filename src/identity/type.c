#include "identity/type.h"

#include "identity/delimited.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPES_MAX = 8192 };

struct types {
    struct aircraft_type *type; /* ordered by designator */
    struct aircraft_lift *lift;
    size_t types, lifts, type_cap, lift_cap;
};

static const struct aircraft_type own_types[] = {
#define TYPE(kind_, military_, designator_, name_, class_, wake_, cruise, ceiling, climb, descent, \
             range, endurance, runway, vmax)                                                       \
    {.designator = designator_,                                                                    \
     .class_code = class_,                                                                         \
     .wake = wake_[0],                                                                             \
     .kind = KIND_##kind_,                                                                         \
     .military = (military_),                                                                      \
     .cruise_kt = (cruise),                                                                        \
     .vmax_kt = (vmax),                                                                            \
     .ceiling_fl = (ceiling),                                                                      \
     .climb_fpm = (climb),                                                                         \
     .descent_fpm = (descent),                                                                     \
     .range_nm = (range),                                                                          \
     .endurance_h = (endurance),                                                                   \
     .runway_ft = (runway),                                                                        \
     .name = name_},
#include "identity/type.def"
};

static const struct {
    const char *designators;
    struct aircraft_lift lift;
} own_lifts[] = {
#define LIFT(designators, low, plan, max, seats, all_seats, pallets_, block, ground, edition_)     \
    {designators, {"", low, plan, max, seats, all_seats, pallets_, block, ground, edition_}},
#include "identity/lift.def"
};

const char *type_kind_key(enum type_kind k)
{
    static const char *const keys[KINDS] = {
#define KIND(name, key) key,
#include "identity/kind.def"
    };
    return (unsigned)k < KINDS ? keys[k] : "";
}

/* Where a designator is, or would be. */
static size_t place(const void *rows, size_t n, size_t record_bytes, const char *designator)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp((const char *)rows + middle * record_bytes, designator) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Puts a row (its designator first) in its place, over one that is there. */
static enum err put(void **rows, size_t *n, size_t *cap, size_t record_bytes, const void *row)
{
    if (*n == *cap) {
        if (*n >= TYPES_MAX) {
            return ERR_FULL;
        }
        const size_t wanted = *cap ? *cap * 2 : 512;
        void *more = realloc(*rows, wanted * record_bytes);
        if (!more) {
            return ERR_MEMORY;
        }
        *rows = more;
        *cap = wanted;
    }
    char *at = (char *)*rows;
    const size_t i = place(at, *n, record_bytes, row);
    if (i == *n || strcmp(at + i * record_bytes, row) != 0) {
        memmove(at + (i + 1) * record_bytes, at + i * record_bytes, (*n - i) * record_bytes);
        (*n)++;
    }
    memcpy(at + i * record_bytes, row, record_bytes);
    return ERR_OK;
}

static enum err put_type(struct types *t, const struct aircraft_type *row)
{
    return put((void **)&t->type, &t->types, &t->type_cap, sizeof *row, row);
}

static enum err put_lift(struct types *t, const struct aircraft_lift *row)
{
    return put((void **)&t->lift, &t->lifts, &t->lift_cap, sizeof *row, row);
}

static enum err put_own(struct types *t)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < sizeof own_types / sizeof *own_types; i++) {
        e = put_type(t, &own_types[i]);
    }
    for (size_t i = 0; !e && i < sizeof own_lifts / sizeof *own_lifts; i++) {
        for (const char *p = own_lifts[i].designators; !e && *p; p += strspn(p, " ")) {
            struct aircraft_lift row = own_lifts[i].lift;
            const size_t n = strcspn(p, " ");
            snprintf(row.designator, sizeof row.designator, "%.*s", (int)n, p);
            e = put_lift(t, &row);
            p += n;
        }
    }
    return e;
}

/* ------------------------------------------------------------------ rows of the user's own */

enum field_form { FORM_TEXT, FORM_LETTER, FORM_KIND, FORM_FLAG, FORM_U16, FORM_U32 };

struct row_field {
    const char *name;
    enum field_form form;
    size_t offset, size;
};

#define FIELD(record, name, form)                                                                  \
    {                                                                                              \
#name, form, offsetof(struct record, name), sizeof(((struct record *)0)->name)             \
    }

static const struct row_field type_fields[] = {
    FIELD(aircraft_type, class_code, FORM_TEXT), FIELD(aircraft_type, wake, FORM_LETTER),
    FIELD(aircraft_type, kind, FORM_KIND),       FIELD(aircraft_type, military, FORM_FLAG),
    FIELD(aircraft_type, cruise_kt, FORM_U16),   FIELD(aircraft_type, vmax_kt, FORM_U16),
    FIELD(aircraft_type, ceiling_fl, FORM_U16),  FIELD(aircraft_type, climb_fpm, FORM_U16),
    FIELD(aircraft_type, descent_fpm, FORM_U16), FIELD(aircraft_type, range_nm, FORM_U16),
    FIELD(aircraft_type, endurance_h, FORM_U16), FIELD(aircraft_type, runway_ft, FORM_U16),
    FIELD(aircraft_type, name, FORM_TEXT),
};

static const struct row_field lift_fields[] = {
    FIELD(aircraft_lift, low_kg, FORM_U32),    FIELD(aircraft_lift, plan_kg, FORM_U32),
    FIELD(aircraft_lift, max_kg, FORM_U32),    FIELD(aircraft_lift, seats_plan, FORM_U16),
    FIELD(aircraft_lift, seats_max, FORM_U16), FIELD(aircraft_lift, pallets, FORM_U16),
    FIELD(aircraft_lift, block_kt, FORM_U16),  FIELD(aircraft_lift, ground_min, FORM_U16),
    FIELD(aircraft_lift, edition, FORM_TEXT),
};

static bool set_kind(struct delimited_field f, uint8_t *out)
{
    for (int k = 0; k < KINDS; k++) {
        if (delimited_is(f, type_kind_key((enum type_kind)k))) {
            *out = (uint8_t)k;
            return true;
        }
    }
    return false;
}

static bool set_field(const struct row_field *r, struct delimited_field f, void *row)
{
    uint8_t *at = (uint8_t *)row + r->offset;
    int64_t v = 0;
    switch (r->form) {
    case FORM_TEXT:
        return delimited_copy(f, (char *)at, r->size);
    case FORM_LETTER:
        *at = (uint8_t)f.p[0];
        return f.n == 1 && f.p[0] >= 'A' && f.p[0] <= 'Z';
    case FORM_KIND:
        return set_kind(f, at);
    case FORM_FLAG:
        *at = delimited_is(f, "1");
        return *at || delimited_is(f, "0");
    default:
        break;
    }
    if (!delimited_number(f, 0, &v) || v < 0 || v > (r->form == FORM_U16 ? 60000 : 1000000)) {
        return false;
    }
    if (r->form == FORM_U16) {
        *(uint16_t *)(void *)at = (uint16_t)v;
    } else {
        *(uint32_t *)(void *)at = (uint32_t)v;
    }
    return true;
}

static bool read_designator(struct delimited_field f, char out[5])
{
    if (f.n < 2 || f.n > 4 || !delimited_copy(f, out, 5)) {
        return false;
    }
    for (uint32_t i = 0; i < f.n; i++) {
        if (!(out[i] >= 'A' && out[i] <= 'Z') && !(out[i] >= '0' && out[i] <= '9')) {
            return false;
        }
    }
    return true;
}

/* Empty fields leave what was there. */
static bool read_row(const struct delimited *d, size_t fields, const struct row_field *r, size_t n,
                     const int *at, void *row)
{
    for (size_t i = 0; i < n; i++) {
        const bool there = at[i] >= 0 && (size_t)at[i] < fields && d->field[at[i]].n;
        if (there && !set_field(&r[i], d->field[at[i]], row)) {
            return false;
        }
    }
    return true;
}

struct reader {
    const struct row_field *field;
    size_t fields;
    int at[16];
    int designator;
};

static enum err open_reader(struct delimited *d, char *text, size_t bytes, struct reader *r)
{
    delimited_open(d, text, bytes, ',', false);
    const size_t n = delimited_next(d);
    r->designator = delimited_column(d, n, "designator");
    for (size_t i = 0; i < r->fields; i++) {
        r->at[i] = delimited_column(d, n, r->field[i].name);
    }
    return r->designator < 0 ? ERR_SYNTAX : ERR_OK;
}

static bool row_designator(const struct delimited *d, size_t n, const struct reader *r, char out[5])
{
    return (size_t)r->designator < n && n <= DELIMITED_FIELDS &&
           read_designator(d->field[r->designator], out);
}

static enum err read_types(struct types *t, char *text, size_t bytes, uint32_t *bad)
{
    struct delimited d;
    struct reader r = {.field = type_fields, .fields = sizeof type_fields / sizeof *type_fields};
    enum err e = open_reader(&d, text, bytes, &r);
    for (size_t n; !e && (n = delimited_next(&d));) {
        char designator[5];
        if (!row_designator(&d, n, &r, designator)) {
            ++*bad;
            continue;
        }
        const struct aircraft_type *old = type_find(t, designator);
        struct aircraft_type row = old ? *old : (struct aircraft_type){0};
        memcpy(row.designator, designator, sizeof row.designator);
        if (read_row(&d, n, r.field, r.fields, r.at, &row)) {
            e = put_type(t, &row);
        } else {
            ++*bad;
        }
    }
    return e;
}

static bool is_ordered(const struct aircraft_lift *l)
{
    return l->low_kg <= l->plan_kg && l->plan_kg <= l->max_kg;
}

static enum err read_lifts(struct types *t, char *text, size_t bytes, uint32_t *bad)
{
    struct delimited d;
    struct reader r = {.field = lift_fields, .fields = sizeof lift_fields / sizeof *lift_fields};
    enum err e = open_reader(&d, text, bytes, &r);
    for (size_t n; !e && (n = delimited_next(&d));) {
        char designator[5];
        if (!row_designator(&d, n, &r, designator)) {
            ++*bad;
            continue;
        }
        const struct aircraft_lift *old = lift_find(t, designator);
        struct aircraft_lift row = old ? *old : (struct aircraft_lift){0};
        memcpy(row.designator, designator, sizeof row.designator);
        if (read_row(&d, n, r.field, r.fields, r.at, &row) && is_ordered(&row)) {
            e = put_lift(t, &row);
        } else {
            ++*bad;
        }
    }
    return e;
}

enum err types_new(char *type_rows, size_t type_bytes, char *lift_rows, size_t lift_bytes,
                   struct types **out, uint32_t *bad)
{
    uint32_t wrong = 0;
    struct types *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t) {
        return ERR_MEMORY;
    }
    enum err e = put_own(t);
    if (!e && type_rows) {
        e = read_types(t, type_rows, type_bytes, &wrong);
    }
    if (!e && lift_rows) {
        e = read_lifts(t, lift_rows, lift_bytes, &wrong);
    }
    if (bad) {
        *bad = wrong;
    }
    if (e) {
        types_free(t);
        return e;
    }
    *out = t;
    return ERR_OK;
}

void types_free(struct types *t)
{
    if (t) {
        free(t->type);
        free(t->lift);
        free(t);
    }
}

const struct aircraft_type *type_find(const struct types *t, const char *designator)
{
    const size_t i = place(t->type, t->types, sizeof *t->type, designator);
    return i < t->types && strcmp(t->type[i].designator, designator) == 0 ? &t->type[i] : NULL;
}

const struct aircraft_lift *lift_find(const struct types *t, const char *designator)
{
    const size_t i = place(t->lift, t->lifts, sizeof *t->lift, designator);
    return i < t->lifts && strcmp(t->lift[i].designator, designator) == 0 ? &t->lift[i] : NULL;
}

size_t types_count(const struct types *t)
{
    return t->types;
}

const struct aircraft_type *type_at(const struct types *t, size_t i)
{
    return &t->type[i];
}

size_t lifts_count(const struct types *t)
{
    return t->lifts;
}

const struct aircraft_lift *lift_at(const struct types *t, size_t i)
{
    return &t->lift[i];
}

static const struct {
    char craft, engine, wake;
    struct aircraft_type type;
} classes[] = {
#define CLASS(craft, engine, wake, kind_, cruise, vmax, ceiling, climb, descent, range, endurance, \
              runway)                                                                              \
    {craft,                                                                                        \
     engine,                                                                                       \
     wake,                                                                                         \
     {.kind = KIND_##kind_,                                                                        \
      .cruise_kt = cruise,                                                                         \
      .vmax_kt = vmax,                                                                             \
      .ceiling_fl = ceiling,                                                                       \
      .climb_fpm = climb,                                                                          \
      .descent_fpm = descent,                                                                      \
      .range_nm = range,                                                                           \
      .endurance_h = endurance,                                                                    \
      .runway_ft = runway}},
#include "identity/class.def"
};

static bool fits(char pattern, char c)
{
    return pattern == '*' || pattern == c;
}

struct aircraft_type type_of_class(const char *class_code, char wake)
{
    const bool known = class_code && strlen(class_code) == 3;
    const char craft = known ? class_code[0] : 0, engine = known ? class_code[2] : 0;
    const size_t last = sizeof classes / sizeof *classes - 1;
    size_t i = 0;
    while (i < last && !(fits(classes[i].craft, craft) && fits(classes[i].engine, engine) &&
                         fits(classes[i].wake, wake))) {
        i++;
    }
    return classes[i].type;
}
