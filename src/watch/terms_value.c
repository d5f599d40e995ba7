/* The values a condition of a rule takes: words, codes, numbers with their unit. */
#include "watch/parse.h"

#include "identity/type.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPAN_MAX_MS (INT64_C(86400000) * 3660)

/* ---- words and codes ---- */

/* The token's text in a value, with its NUL. */
static enum err copy_value(struct parse *p, struct watch_value *v)
{
    struct lex *l = &p->lex;
    char room[40];
    if (l->len == 0 || l->len >= sizeof v->text || memchr(l->p, '\0', l->len)) {
        return lex_wrong(l, ERR_RANGE, "%s is no value: 1 to %d characters", lex_said(l, room),
                         WATCH_VALUE_MAX - 1);
    }
    memcpy(v->text, l->p, l->len);
    v->text[l->len] = '\0';
    return ERR_OK;
}

static void to_upper(char *s)
{
    for (; *s; s++) {
        *s = (char)toupper((unsigned char)*s);
    }
}

static bool all_in(const char *s, const char *set)
{
    return *s && strspn(s, set) == strlen(s);
}

static enum err take_hex(struct parse *p, struct watch_value *v)
{
    if (strlen(v->text) != 6 || !all_in(v->text, "0123456789abcdefABCDEF")) {
        return lex_wrong(&p->lex, ERR_SYNTAX, "'%s' is no address: six hexadecimal digits",
                         v->text);
    }
    v->number = (uint32_t)strtoul(v->text, NULL, 16);
    return ERR_OK;
}

static enum err take_pattern(struct parse *p, struct watch_value *v)
{
    to_upper(v->text);
    if (!all_in(v->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+*?[]")) {
        return lex_wrong(&p->lex, ERR_SYNTAX,
                         "'%s': letters, digits, - and, for any, * ? or a set as [0-4]; this is "
                         "no regular expression",
                         v->text);
    }
    return ERR_OK;
}

static enum err take_word(struct parse *p, struct watch_value *v)
{
    to_upper(v->text);
    if (strlen(v->text) > 8 || !all_in(v->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")) {
        return lex_wrong(&p->lex, ERR_SYNTAX,
                         "'%s': letters and digits, matched whole, as C17 or RCH", v->text);
    }
    return ERR_OK;
}

static enum err take_squawk(struct parse *p, struct watch_value *v)
{
    if (strlen(v->text) != 4 || !all_in(v->text, "01234567")) {
        return lex_wrong(&p->lex, ERR_SYNTAX, "'%s' is no squawk: four digits from 0 to 7",
                         v->text);
    }
    v->number = (uint32_t)strtoul(v->text, NULL, 8);
    return ERR_OK;
}

static enum err take_class(struct parse *p, struct watch_value *v)
{
    char known[200] = "";
    for (int k = 1; k < KINDS; k++) {
        const char *key = type_kind_key((enum type_kind)k);
        if (strcasecmp(key, v->text) == 0) {
            v->number = (uint32_t)k;
            return ERR_OK;
        }
        if (strlen(known) + strlen(key) + 2 < sizeof known) {
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s", key);
        }
    }
    return lex_wrong(&p->lex, ERR_NOT_FOUND, "there is no class '%s'; there are%s", v->text, known);
}

static enum err take_country(struct parse *p, struct watch_value *v)
{
    to_upper(v->text);
    if (strlen(v->text) != 2 || !all_in(v->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        return lex_wrong(&p->lex, ERR_SYNTAX,
                         "'%s' is no country: two letters (ISO 3166-1), as US or NE", v->text);
    }
    return ERR_OK;
}

static enum err take_list(struct parse *p, struct watch_value *v)
{
    const int n = p->names->list ? p->names->list(p->names->ctx, v->text) : -1;
    if (n < 0) {
        return lex_wrong(&p->lex, ERR_NOT_FOUND,
                         "there is no list '%s': masar watch list-file %s FILE.csv makes one",
                         v->text, v->text);
    }
    v->number = (uint32_t)n;
    return ERR_OK;
}

/* An airport's code becomes its site's. */
static enum err take_airport(struct parse *p, struct watch_value *v)
{
    const struct airports *a = p->names->airports;
    const uint32_t i = a ? airport_find(a, v->text, p->names->day) : AIRPORT_NONE;
    if (!a) {
        return lex_wrong(&p->lex, ERR_NOT_FOUND,
                         "no airports are known here, so not '%s': masar data update airports",
                         v->text);
    }
    if (i == AIRPORT_NONE) {
        return lex_wrong(&p->lex, ERR_NOT_FOUND,
                         "there is no airport '%s': an ICAO or IATA code was expected", v->text);
    }
    v->number = airport_at(a, i)->site;
    snprintf(v->text, sizeof v->text, "%s", airport_at(a, v->number)->code);
    return ERR_OK;
}

typedef enum err take_fn(struct parse *p, struct watch_value *v);

/* One or more values from the token on, a comma between them. */
static enum err take_values(struct parse *p, take_fn *take, uint16_t *first, uint16_t *n)
{
    struct lex *l = &p->lex;
    struct watch_rule *r = p->rule;
    char room[40];
    *first = r->values;
    for (bool more = true; more && !l->e;) {
        if (l->kind != LEX_WORD && l->kind != LEX_QUOTED) {
            return lex_wrong(l, ERR_SYNTAX, "%s where a value was expected", lex_said(l, room));
        }
        if (r->values == WATCH_VALUES_MAX) {
            return lex_wrong(l, ERR_FULL, "a rule has at most %d values: keep them in a list",
                             WATCH_VALUES_MAX);
        }
        struct watch_value *v = &r->value[r->values];
        if (copy_value(p, v) || take(p, v)) {
            return l->e;
        }
        r->values++;
        ++*n;
        lex_next(l);
        more = l->kind == LEX_COMMA;
        if (more) {
            lex_next(l);
        }
    }
    return l->e;
}

enum err parse_values(struct parse *p, unsigned takes, uint16_t *first, uint16_t *n)
{
    static take_fn *const take[] = {
        [WATCH_TAKES_HEX] = take_hex,         [WATCH_TAKES_PATTERN] = take_pattern,
        [WATCH_TAKES_NAME] = take_list,       [WATCH_TAKES_WORD] = take_word,
        [WATCH_TAKES_SQUAWK] = take_squawk,   [WATCH_TAKES_CLASS] = take_class,
        [WATCH_TAKES_COUNTRY] = take_country,
    };
    return take_values(p, take[takes], first, n);
}

enum err parse_countries(struct parse *p, uint16_t *first, uint16_t *n)
{
    return take_values(p, take_country, first, n);
}

enum err parse_airports(struct parse *p, uint16_t *first, uint16_t *n)
{
    return take_values(p, take_airport, first, n);
}

/* ---- numbers ---- */

enum err parse_number(struct parse *p, const char *what, double *out, char unit[16])
{
    struct lex *l = &p->lex;
    char text[48], room[40], *end;
    snprintf(text, sizeof text, "%.*s", (int)(l->len < 40 ? l->len : 40), l->p);
    *out = l->kind == LEX_WORD ? strtod(text, &end) : 0;
    if (l->kind != LEX_WORD || end == text || !isfinite(*out) || isalpha((unsigned char)text[0]) ||
        strlen(end) > 15 || strpbrk(text, "xXnN") == text + 1) {
        return lex_wrong(l, ERR_SYNTAX, "%s where %s was expected", lex_said(l, room), what);
    }
    snprintf(unit, 16, "%s", end);
    return ERR_OK;
}

struct unit {
    const char *name;
    double of;
};

static const struct unit spans[] = {{"s", 1e3},        {"sec", 1e3},      {"min", 6e4},
                                    {"h", 3.6e6},      {"hour", 3.6e6},   {"hours", 3.6e6},
                                    {"d", 8.64e7},     {"day", 8.64e7},   {"days", 8.64e7},
                                    {"week", 6.048e8}, {"weeks", 6.048e8}};
static const struct unit ways[] = {{"km", 1000}, {"nm", SPHERE_M_PER_NM}, {"m", 1}};

static const struct unit *find_unit(const struct unit *u, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(u[i].name, name) == 0) {
            return &u[i];
        }
    }
    return NULL;
}

/* A number and its unit, in one word or two. */
static enum err take_quantity(struct parse *p, const char *what, const struct unit *u, size_t n,
                              double *out)
{
    struct lex *l = &p->lex;
    char unit[16] = "", room[40];
    if (parse_number(p, what, out, unit)) {
        return l->e;
    }
    lex_next(l);
    if (!unit[0] && l->kind == LEX_WORD && l->len < sizeof unit) {
        snprintf(unit, sizeof unit, "%.*s", (int)l->len, l->p);
        if (find_unit(u, n, unit)) {
            lex_next(l);
        }
    }
    const struct unit *found = find_unit(u, n, unit);
    if (!found) {
        return lex_wrong(l, ERR_SYNTAX, "%s where the unit of %s was expected", lex_said(l, room),
                         what);
    }
    *out *= found->of;
    return ERR_OK;
}

enum err parse_way(struct parse *p, double *out_m)
{
    return take_quantity(p, "a distance as 50 km or 30 NM", ways, sizeof ways / sizeof *ways,
                         out_m);
}

enum err parse_span(struct parse *p, int64_t *out_ms)
{
    double ms = 0;
    const size_t at = p->lex.at;
    if (take_quantity(p, "a time as 30 min, 8 h, 2 days", spans, sizeof spans / sizeof *spans,
                      &ms)) {
        return p->lex.e;
    }
    if (!(ms >= 1000) || ms > (double)SPAN_MAX_MS) {
        return lex_wrong_at(&p->lex, at, ERR_RANGE, "a time here lies between 1 s and 3660 days");
    }
    *out_ms = (int64_t)ms;
    return ERR_OK;
}
