#define _GNU_SOURCE /* strnlen */
#include "identity/operator.h"

#include "base/instant.h"
#include "identity/delimited.h"

#include <stdlib.h>
#include <string.h>

struct civil {
    char code[4];
    const char *name, *country, *telephony;
};

struct operators {
    struct civil *row; /* ordered by code */
    size_t rows, cap;
};

static const struct own {
    char prefix[9], country[3];
    char state; /* 'M' or 'G' */
    int32_t from, to;
    const char *name;
} own[] = {
#define OPERATOR(prefix, country, state, from, to, name)                                           \
    {prefix, country, #state[0], from, to, name},
#include "identity/operator.def"
};

void operators_free(struct operators *o)
{
    if (o) {
        free(o->row);
        free(o);
    }
}

size_t operators_count(const struct operators *o)
{
    return o ? o->rows : 0;
}

static int by_code(const void *x, const void *y)
{
    return strcmp(((const struct civil *)x)->code, ((const struct civil *)y)->code);
}

static bool is_code(struct delimited_field f)
{
    for (uint32_t i = 0; i < f.n; i++) {
        if (f.p[i] < 'A' || f.p[i] > 'Z') {
            return false;
        }
    }
    return f.n == 3;
}

/* A field as a string that stays: the text is ours, and behind a field stands a separator, a quote
   or a line end that nobody needs any more. */
static const char *stay(char *text, struct delimited_field f)
{
    if (!f.n) {
        return "";
    }
    char *p = text + (f.p - text);
    p[f.n] = 0;
    return p;
}

static enum err add(struct operators *o, const struct civil *row)
{
    if (o->rows == o->cap) {
        const size_t cap = o->cap ? o->cap * 2 : 1024;
        struct civil *more = realloc(o->row, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        o->row = more;
        o->cap = cap;
    }
    o->row[o->rows++] = *row;
    return ERR_OK;
}

static struct delimited_field column(const struct delimited *d, size_t fields, int at)
{
    const bool there = at >= 0 && (size_t)at < fields && at < DELIMITED_FIELDS;
    return there ? d->field[at] : (struct delimited_field){"", 0};
}

static enum err read_rows(struct operators *o, char *text, size_t n, uint32_t *bad)
{
    struct delimited d;
    delimited_open(&d, text, n, ',', false);
    const size_t head = delimited_next(&d);
    const int code = delimited_column(&d, head, "icao"), name = delimited_column(&d, head, "name"),
              country = delimited_column(&d, head, "country"),
              telephony = delimited_column(&d, head, "telephony");
    if (code < 0 || name < 0) {
        return ERR_SYNTAX;
    }
    enum err e = ERR_OK;
    for (size_t fields; !e && (fields = delimited_next(&d));) {
        const struct delimited_field c = column(&d, fields, code), last = d.field[fields - 1];
        /* The last line may have no end: nothing of it may be written behind. */
        if (!is_code(c) || fields > DELIMITED_FIELDS || last.p + last.n >= text + n) {
            ++*bad;
            continue;
        }
        struct civil row = {.name = stay(text, column(&d, fields, name)),
                            .country = stay(text, column(&d, fields, country)),
                            .telephony = stay(text, column(&d, fields, telephony))};
        memcpy(row.code, c.p, 3);
        e = add(o, &row);
    }
    if (o->rows) {
        qsort(o->row, o->rows, sizeof *o->row, by_code);
    }
    return e;
}

enum err operators_new(char *rows, size_t n, struct operators **out, uint32_t *bad)
{
    uint32_t wrong = 0;
    *out = NULL;
    struct operators *o = calloc(1, sizeof *o);
    if (!o) {
        return ERR_MEMORY;
    }
    const enum err e = rows ? read_rows(o, rows, n, &wrong) : ERR_OK;
    if (bad) {
        *bad = wrong;
    }
    if (e) {
        operators_free(o);
        return e;
    }
    *out = o;
    return ERR_OK;
}

static int32_t day_of(int32_t date)
{
    const struct instant_parts p = {
        .year = date / 10000, .month = date / 100 % 100, .day = date % 100};
    return (int32_t)(instant_join(&p) / (INT64_C(86400) * 1000000));
}

static bool is_then(const struct own *w, int32_t day)
{
    return day == OPERATOR_NO_DAY ||
           ((!w->from || day >= day_of(w->from)) && (!w->to || day < day_of(w->to)));
}

bool operator_of_code(const struct operators *o, const char *code, struct operator_row *out)
{
    if (!o || !o->rows || strnlen(code, 4) != 3) {
        return false;
    }
    struct civil key = {{0}, NULL, NULL, NULL};
    memcpy(key.code, code, 3);
    const struct civil *found = bsearch(&key, o->row, o->rows, sizeof key, by_code);
    if (found) {
        *out = (struct operator_row){.prefix = found->code,
                                     .name = found->name,
                                     .country = found->country,
                                     .telephony = found->telephony};
    }
    return found != NULL;
}

bool operator_of_callsign(const struct operators *o, const char *callsign, int32_t day,
                          struct operator_row *out)
{
    size_t letters = 0;
    while (callsign[letters] >= 'A' && callsign[letters] <= 'Z') {
        letters++;
    }
    const char behind = callsign[letters];
    const struct own *best = NULL;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (own[i].prefix[0] != callsign[0]) {
            continue;
        }
        const size_t n = strlen(own[i].prefix);
        /* AF1 and AF2 hold their digit; nothing stands behind them. */
        const bool whole = strncmp(callsign, own[i].prefix, n) == 0 &&
                           (n == letters ? behind >= '0' && behind <= '9'
                                         : n > letters && (!callsign[n] || callsign[n] == ' '));
        if (whole && is_then(&own[i], day) && (!best || n > strlen(best->prefix))) {
            best = &own[i];
        }
    }
    if (best) {
        *out = (struct operator_row){.prefix = best->prefix,
                                     .name = best->name,
                                     .country = best->country,
                                     .telephony = "",
                                     .state = true,
                                     .military = best->state == 'M'};
        return true;
    }
    if (letters != 3 || behind < '0' || behind > '9') {
        return false;
    }
    const char code[4] = {callsign[0], callsign[1], callsign[2], 0};
    return operator_of_code(o, code, out);
}
