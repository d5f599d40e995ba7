#include "simulate/table.h"

#include "base/instant.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct lines {
    const char *at, *end;
    size_t number; /* of the line in text, from 1 */
    char text[TABLE_LINE_MAX];
};

static enum err line_next(struct lines *l, bool *more)
{
    *more = l->at < l->end;
    if (!*more) {
        return ERR_OK;
    }
    const char *stop = memchr(l->at, '\n', (size_t)(l->end - l->at));
    size_t n = (size_t)((stop ? stop : l->end) - l->at);
    const char *from = l->at;
    l->at = stop ? stop + 1 : l->end;
    l->number++;
    if (n > 0 && from[n - 1] == '\r') {
        n--;
    }
    if (n >= sizeof l->text) {
        return ERR_FULL;
    }
    if (memchr(from, '\0', n)) {
        return ERR_SYNTAX;
    }
    memcpy(l->text, from, n);
    l->text[n] = '\0';
    return ERR_OK;
}

static enum err line_error(const struct table *t, const struct lines *l, enum err e, char *why,
                           size_t why_size)
{
    if (e == ERR_FULL) {
        snprintf(why, why_size, "%s:%zu: the line is longer than %d bytes", t->file, l->number,
                 TABLE_LINE_MAX - 1);
    } else {
        snprintf(why, why_size, "%s:%zu: the line holds a zero byte; the file must be text",
                 t->file, l->number);
    }
    return e;
}

static bool is_comment(const char *line)
{
    return line[strspn(line, " \t")] == '#' || line[strspn(line, " \t")] == '\0';
}

/* Cuts a field of a CSV line in place, *rest moves behind it; NULL where a quote does not close. */
static char *cut_field(char **rest)
{
    char *from = *rest;
    if (*from != '"') {
        char *end = from + strcspn(from, ",");
        *rest = *end ? end + 1 : NULL;
        *end = '\0';
        while (end > from && (end[-1] == ' ' || end[-1] == '\t')) {
            *--end = '\0';
        }
        return from + strspn(from, " \t");
    }
    char *to = from;
    for (char *p = from + 1;; p++) {
        if (*p == '\0') {
            return NULL;
        }
        if (*p == '"' && *++p != '"') {
            if (*p != ',' && *p != '\0') {
                return NULL;
            }
            *rest = *p ? p + 1 : NULL;
            *to = '\0';
            return from;
        }
        *to++ = *p;
    }
}

enum err table_number(const char *text, double *out)
{
    const bool negative = *text == '-';
    int64_t v = 0, scale = 1;
    int digits = 0;
    bool fraction = false;
    for (const char *p = text + negative; *p; p++) {
        if (*p == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (*p < '0' || *p > '9' || ++digits > 15) {
            return ERR_SYNTAX;
        }
        v = v * 10 + (*p - '0');
        scale *= fraction ? 10 : 1;
    }
    if (digits == 0) {
        return ERR_SYNTAX;
    }
    /* Both are whole and below 2^53, so that the quotient is the nearest double everywhere. */
    *out = (double)(negative ? -v : v) / (double)scale;
    return ERR_OK;
}

static enum err read_hex(const char *text, int64_t *out)
{
    int64_t v = 0;
    size_t n = 0;
    for (; text[n]; n++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *d = strchr(digits, text[n]);
        if (!d || n == 8) {
            return ERR_SYNTAX;
        }
        v = v << 4 | ((d - digits) & 15);
    }
    *out = v;
    return n ? ERR_OK : ERR_SYNTAX;
}

/* hh:mm, 00:00 to 24:00, as hours. */
static enum err read_clock(const char *text, double *out)
{
    for (int i = 0; i < 5; i++) {
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9') {
            return ERR_SYNTAX;
        }
    }
    const int hour = (text[0] - '0') * 10 + text[1] - '0';
    const int minute = (text[3] - '0') * 10 + text[4] - '0';
    *out = hour + minute / 60.0;
    return text[5] ? ERR_SYNTAX : minute < 60 && *out <= 24 ? ERR_OK : ERR_RANGE;
}

static enum err in_range(const struct column *c, double v)
{
    return (c->low == 0 && c->high == 0) || (v >= c->low && v <= c->high) ? ERR_OK : ERR_RANGE;
}

static enum err read_text(const struct column *c, char *to, const char *value)
{
    const size_t n = strlen(value);
    if (n >= c->size) {
        return ERR_RANGE;
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)value[i] < ' ') {
            return ERR_SYNTAX;
        }
    }
    memcpy(to, value, n + 1);
    return ERR_OK;
}

static enum err read_value(const struct column *c, void *row, const char *value)
{
    char *to = (char *)row + c->at;
    double number = 0;
    int64_t whole = 0;
    enum err e = ERR_OK;
    switch (c->kind) {
    case COLUMN_TEXT:
        return read_text(c, to, value);
    case COLUMN_NUMBER:
    case COLUMN_CLOCK:
        e = c->kind == COLUMN_CLOCK ? read_clock(value, &number) : table_number(value, &number);
        memcpy(to, &number, sizeof number);
        return e ? e : in_range(c, number);
    case COLUMN_INTEGER:
        e = table_number(value, &number);
        whole = (int64_t)number;
        memcpy(to, &whole, sizeof whole);
        return e ? e : (double)whole != number ? ERR_SYNTAX : in_range(c, number);
    case COLUMN_HEX:
        e = read_hex(value, &whole);
        memcpy(to, &whole, sizeof whole);
        return e ? e : in_range(c, (double)whole);
    case COLUMN_INSTANT:
        e = instant_parse(value, &whole);
        memcpy(to, &whole, sizeof whole);
        return e;
    case COLUMN_OTHER:
        return c->read(row, value);
    case COLUMN_IGNORE:
        break;
    }
    return ERR_OK;
}

static enum err column_error(const struct table *t, size_t line, const struct column *c,
                             const char *value, enum err e, char *why, size_t why_size)
{
    int at = snprintf(why, why_size, "%s:%zu: %s '%.40s' ", t->file, line, c->name, value);
    if (at < 0 || (size_t)at >= why_size) {
        return e;
    }
    if (e == ERR_RANGE && (c->low != 0 || c->high != 0)) {
        snprintf(why + at, why_size - (size_t)at, "is not within %g and %g; for example %s", c->low,
                 c->high, c->example);
    } else {
        snprintf(why + at, why_size - (size_t)at, "%s; write for example %s",
                 e == ERR_RANGE ? "is out of range or too long" : "cannot be read", c->example);
    }
    return e;
}

static const struct column *column_find(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->column[i].name, name) == 0) {
            return &t->column[i];
        }
    }
    return NULL;
}

static enum err unknown(const struct table *t, size_t line, const char *name, char *why,
                        size_t why_size)
{
    int at =
        snprintf(why, why_size, "%s:%zu: nobody knows '%.40s'; known are", t->file, line, name);
    for (size_t i = 0; i < t->n && at > 0 && (size_t)at < why_size; i++) {
        at += snprintf(why + at, why_size - (size_t)at, " %s", t->column[i].name);
    }
    return ERR_UNKNOWN;
}

/* Fills what the row did not say with the columns' defaults. */
static enum err fill_row(const struct table *t, size_t line, uint32_t said, char *why,
                         size_t why_size)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct column *c = &t->column[i];
        if (said >> i & 1 || c->kind == COLUMN_IGNORE) {
            continue;
        }
        if (!c->otherwise) {
            snprintf(why, why_size, "%s:%zu: %s is missing; write for example %s", t->file, line,
                     c->name, c->example);
            return ERR_SYNTAX;
        }
        const enum err e = read_value(c, t->row, c->otherwise);
        if (e) {
            return column_error(t, line, c, c->otherwise, e, why, why_size);
        }
    }
    return ERR_OK;
}

static enum err take_value(const struct table *t, size_t line, const struct column *c,
                           const char *value, uint32_t *said, char *why, size_t why_size)
{
    const uint32_t bit = UINT32_C(1) << (c - t->column);
    if (*said & bit) {
        snprintf(why, why_size, "%s:%zu: %s stands twice", t->file, line, c->name);
        return ERR_EXISTS;
    }
    if (*value == '\0') {
        return ERR_OK; /* the default, or "missing" */
    }
    *said |= bit;
    const enum err e = read_value(c, t->row, value);
    return e ? column_error(t, line, c, value, e, why, why_size) : ERR_OK;
}

struct csv_head {
    const struct column *column[TABLE_COLUMNS_MAX];
    size_t n;
};

static enum err read_head(const struct table *t, struct lines *l, struct csv_head *head, char *why,
                          size_t why_size)
{
    for (char *rest = l->text; rest;) {
        const char *name = cut_field(&rest);
        if (!name || head->n == TABLE_COLUMNS_MAX) {
            snprintf(why, why_size, "%s:%zu: the head line cannot be read", t->file, l->number);
            return ERR_SYNTAX;
        }
        const struct column *c = column_find(t, name);
        if (!c) {
            return unknown(t, l->number, name, why, why_size);
        }
        head->column[head->n++] = c;
    }
    return ERR_OK;
}

static enum err read_row(const struct table *t, struct lines *l, const struct csv_head *head,
                         char *why, size_t why_size)
{
    uint32_t said = 0;
    size_t n = 0;
    char *rest = l->text;
    do {
        const char *value = cut_field(&rest);
        if (!value) {
            snprintf(why, why_size,
                     "%s:%zu: a quote does not close before a comma or the line's end", t->file,
                     l->number);
            return ERR_SYNTAX;
        }
        if (n == head->n) {
            snprintf(why, why_size, "%s:%zu: more fields than the head line's %zu", t->file,
                     l->number, head->n);
            return ERR_SYNTAX;
        }
        const enum err e = take_value(t, l->number, head->column[n++], value, &said, why, why_size);
        if (e) {
            return e;
        }
    } while (rest);
    const enum err e = fill_row(t, l->number, said, why, why_size);
    return e ? e : t->done(t->ctx, l->number, why, why_size);
}

enum err table_read_csv(const struct table *t, const char *text, size_t n, char *why,
                        size_t why_size)
{
    struct lines l = {.at = text, .end = text + n};
    struct csv_head head = {.n = 0};
    for (;;) {
        bool more;
        enum err e = line_next(&l, &more);
        if (e) {
            return line_error(t, &l, e, why, why_size);
        }
        if (!more) {
            break;
        }
        if (is_comment(l.text)) {
            continue;
        }
        e = head.n == 0 ? read_head(t, &l, &head, why, why_size)
                        : read_row(t, &l, &head, why, why_size);
        if (e) {
            return e;
        }
    }
    if (head.n == 0) {
        snprintf(why, why_size, "%s:1: no head line; the first line names the columns", t->file);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

/* `key = value`; the value may be quoted to keep spaces. */
static enum err read_pair(const struct table *t, struct lines *l, uint32_t *said, char *why,
                          size_t why_size)
{
    char *key = l->text + strspn(l->text, " \t");
    if (*key == '[') {
        return ERR_OK;
    }
    char *equals = strchr(key, '=');
    if (!equals) {
        snprintf(why, why_size, "%s:%zu: no '='; write key = value", t->file, l->number);
        return ERR_SYNTAX;
    }
    char *end = equals;
    while (end > key && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    *end = '\0';
    char *value = equals + 1 + strspn(equals + 1, " \t");
    for (size_t n = strlen(value); n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'); n--) {
        value[n - 1] = '\0';
    }
    const struct column *c = column_find(t, key);
    return c ? take_value(t, l->number, c, value, said, why, why_size)
             : unknown(t, l->number, key, why, why_size);
}

enum err table_read_ini(const struct table *t, const char *text, size_t n, char *why,
                        size_t why_size)
{
    struct lines l = {.at = text, .end = text + n};
    uint32_t said = 0;
    for (;;) {
        bool more;
        enum err e = line_next(&l, &more);
        if (e) {
            return line_error(t, &l, e, why, why_size);
        }
        if (!more) {
            break;
        }
        e = is_comment(l.text) || l.text[0] == ';' ? ERR_OK
                                                   : read_pair(t, &l, &said, why, why_size);
        if (e) {
            return e;
        }
    }
    const enum err e = fill_row(t, l.number ? l.number : 1, said, why, why_size);
    return e ? e : t->done(t->ctx, l.number, why, why_size);
}
