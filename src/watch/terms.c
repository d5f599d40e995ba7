/* One condition or event of a rule: its word, its values, where, how surely. */
#include "watch/parse.h"

#include "identity/type.h"
#include "wire/area_read.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEAR_M       (30 * SPHERE_M_PER_NM) /* what "orbits DRRN" takes for near */
#define NEAR_MAX_M   3e6
#define SPAN_MAX_MS  (INT64_C(86400000) * 3660)
#define DARK_SPAN_MS INT64_C(1800000)
#define DARK_P       0.9F
#define LATE_P       0.7F
#define EVENT_P      0.5F

/* ---- pieces ---- */

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

enum err parse_countries(struct parse *p, uint16_t *first, uint16_t *n)
{
    return take_values(p, take_country, first, n);
}

/* A number at the token; *unit: what stands behind it in the same word. */
static enum err take_number(struct parse *p, const char *what, double *out, char unit[16])
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
    if (take_number(p, what, out, unit)) {
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

/* ---- areas ---- */

static enum err add_area(struct parse *p, const struct area *a, const char *name, size_t n,
                         uint16_t *out)
{
    struct watch_rule *r = p->rule;
    struct watch_area *new = &r->area[r->areas];
    const enum err e = area_shape_new(a, &new->shape);
    if (e) {
        return lex_wrong(&p->lex, e, "this is no area");
    }
    snprintf(new->name, sizeof new->name, "%.*s", (int)(n < 40 ? n : 40), name);
    *out = r->areas++;
    return ERR_OK;
}

/* `country NE`: its land. */
static enum err take_land(struct parse *p, uint16_t *out)
{
    struct lex *l = &p->lex;
    char text[sizeof "country=NE"], why[WATCH_WHY_MAX];
    struct area_given given = {0};
    uint16_t first, values = 0;
    lex_next(l);
    const size_t at = l->at;
    if (take_values(p, take_country, &first, &values)) {
        return l->e;
    }
    if (values > 1) {
        return lex_wrong_at(l, at, ERR_SYNTAX, "one country here: in country NE or in country ML");
    }
    const size_t n =
        (size_t)snprintf(text, sizeof text, "country=%.2s", p->rule->value[first].text);
    const enum err e = area_read(text, n, p->names->lands, &given, why, sizeof why);
    if (e) {
        lex_wrong_at(l, at, e, "%s", why);
    } else {
        add_area(p, &given.area, text, n, out);
    }
    area_given_free(&given);
    return l->e;
}

/* The area at the token: its text, or the name of a drawn one. */
static enum err take_area(struct parse *p, uint16_t *out)
{
    struct lex *l = &p->lex;
    if (lex_is(l, "country")) {
        return take_land(p, out);
    }
    const char *text = l->p;
    size_t n = l->len;
    char name[64], why[WATCH_WHY_MAX], room[40];
    struct area_given given = {0};
    if (l->kind != LEX_WORD && l->kind != LEX_QUOTED) {
        return lex_wrong(l, ERR_SYNTAX,
                         "%s where an area was expected: box=, circle=, polygon=, GeoJSON or the "
                         "name of a drawn one",
                         lex_said(l, room));
    }
    if (l->kind == LEX_QUOTED || (!memchr(text, '=', n) && text[0] != '{')) {
        snprintf(name, sizeof name, "%.*s", (int)(n < 60 ? n : 60), text);
        text = p->names->area ? p->names->area(p->names->ctx, name) : NULL;
        if (!text) {
            return lex_wrong(l, ERR_NOT_FOUND,
                             "there is no area '%s': masar watch area %s AREA draws one", name,
                             name);
        }
        n = strlen(text);
    }
    const enum err e = area_read(text, n, p->names->lands, &given, why, sizeof why);
    if (e) {
        lex_wrong(l, e, "%s", why);
    } else {
        add_area(p, &given.area, l->p, l->len, out);
    }
    area_given_free(&given);
    lex_next(l);
    return l->e;
}

/* The surroundings of the airport at the token. */
static enum err take_near(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    char text[64];
    double radius_m = NEAR_M;
    uint16_t n = 0;
    const size_t at = l->at;
    if (take_values(p, take_airport, &t->place, &n)) {
        return l->e;
    }
    if (n > 1) {
        return lex_wrong_at(l, at, ERR_SYNTAX, "near takes one airport: near A or near B");
    }
    if (l->kind == LEX_WORD && isdigit((unsigned char)l->p[0])) {
        const size_t way_at = l->at;
        if (take_quantity(p, "a distance as 50 km or 30 NM", ways, sizeof ways / sizeof *ways,
                          &radius_m)) {
            return l->e;
        }
        if (!(radius_m >= 1) || radius_m > NEAR_MAX_M) {
            return lex_wrong_at(l, way_at, ERR_RANGE, "a distance here is at most 3000 km");
        }
    }
    const struct watch_value *v = &p->rule->value[t->place];
    const struct airport *a = airport_at(p->names->airports, v->number);
    const struct area circle = {
        .kind = AREA_CIRCLE, .low = {a->lat_e7, a->lon_e7}, .radius_m = radius_m};
    snprintf(text, sizeof text, "%s", v->text);
    t->places = 1;
    return add_area(p, &circle, text, strlen(text), &t->area);
}

/* ---- events ---- */

static bool ends_where(const struct lex *l)
{
    static const char *const words[] = {"and", "or", "then", "within", "again", "p", "for"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lex_is(l, words[i])) {
            return true;
        }
    }
    return l->kind != LEX_WORD && l->kind != LEX_QUOTED;
}

static enum err take_where(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    const bool at_sites = watch_word_row[t->word].where == 1;
    if (watch_word_row[t->word].where == 0 || ends_where(l)) {
        return l->e;
    }
    if (lex_is(l, "in")) {
        lex_next_area(l);
        if (at_sites && lex_is(l, "country")) {
            return take_where(p, t);
        }
        t->where = WATCH_WITHIN;
        return take_area(p, &t->area);
    }
    if (lex_is(l, "country") && !at_sites) {
        t->where = WATCH_WITHIN;
        return take_area(p, &t->area);
    }
    if (lex_is(l, "country")) {
        lex_next(l);
        t->where = WATCH_IN_COUNTRY;
        return take_values(p, take_country, &t->place, &t->places);
    }
    if (lex_is(l, "near")) {
        lex_next(l);
        t->where = WATCH_WITHIN;
        return take_near(p, t);
    }
    if (lex_is(l, "at")) {
        lex_next(l);
    }
    t->where = at_sites ? WATCH_AT : WATCH_WITHIN;
    return at_sites ? take_values(p, take_airport, &t->place, &t->places) : take_near(p, t);
}

/* `p >= 0.7` or `p 70%`. */
static enum err take_p(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    char unit[16] = "";
    double v = 0;
    if (!lex_is(l, "p")) {
        return l->e;
    }
    lex_next(l);
    if (l->kind == LEX_COMPARE && l->p[0] == '>') {
        lex_next(l);
    }
    if (take_number(p, "a probability, 0.01 to 1 or 1% to 100%,", &v, unit)) {
        return l->e;
    }
    v = strcmp(unit, "%") == 0 ? v / 100 : v;
    if (!(v >= 0.01 && v <= 1) || (unit[0] && strcmp(unit, "%") != 0)) {
        return lex_wrong(l, ERR_RANGE, "a probability lies between 0.01 and 1");
    }
    t->p = (float)v;
    lex_next(l);
    return l->e;
}

static enum err take_side(struct parse *p, struct watch_term *t, unsigned side)
{
    struct lex *l = &p->lex;
    char room[40];
    if (l->kind != LEX_OPEN) {
        return lex_wrong(l, ERR_SYNTAX,
                         "%s where '(' was expected, as both (operator RCH) and "
                         "(country RU) at DRRN",
                         lex_said(l, room));
    }
    lex_next(l);
    if (++p->depth > PARSE_DEPTH_MAX) {
        return lex_wrong(l, ERR_FULL, "brackets may lie %d deep", PARSE_DEPTH_MAX);
    }
    const uint16_t node = parse_or(p);
    p->depth--;
    if (!l->e && l->kind != LEX_CLOSE) {
        lex_wrong(l, ERR_SYNTAX, "%s where ')' was expected", lex_said(l, room));
    }
    if (l->e || cases_add(p, node, true, &t->side[side], &t->sides[side])) {
        return l->e;
    }
    lex_next(l);
    return l->e;
}

static enum err take_sides(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    char room[40];
    if (t->word == WATCH_MEETS) {
        return l->kind == LEX_OPEN ? take_side(p, t, 0) : l->e;
    }
    if (t->word != WATCH_BOTH || take_side(p, t, 0)) {
        return l->e;
    }
    if (!lex_is(l, "and")) {
        return lex_wrong(l, ERR_SYNTAX, "%s where 'and' and the other party were expected",
                         lex_said(l, room));
    }
    lex_next(l);
    return take_side(p, t, 1);
}

static enum err take_for(struct parse *p, struct watch_term *t)
{
    if (!lex_is(&p->lex, "for")) {
        return p->lex.e;
    }
    if (t->word != WATCH_DARK) {
        return lex_wrong(&p->lex, ERR_SYNTAX, "'for' stands after dark: dark for 30 min");
    }
    lex_next(&p->lex);
    return parse_span(p, &t->span_ms);
}

/* Where, how long and how surely, in any order. */
static enum err take_event(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    if (t->word == WATCH_CLEARANCE) {
        return parse_clearance(p, t);
    }
    t->p = t->word == WATCH_DARK ? DARK_P : t->word >= WATCH_LATE ? LATE_P : EVENT_P;
    t->span_ms = t->word == WATCH_DARK ? DARK_SPAN_MS : 0;
    take_sides(p, t);
    for (size_t at = l->n + 1; !l->e && at != l->at;) {
        at = l->at;
        if (t->where == WATCH_ANYWHERE) {
            take_where(p, t);
        }
        if (!l->e && !take_for(p, t)) {
            take_p(p, t);
        }
    }
    if (!l->e && t->word == WATCH_BOTH && t->where != WATCH_AT) {
        return lex_wrong(l, ERR_SYNTAX, "both ... is asked of airports: at DRRN was expected");
    }
    return l->e;
}

/* ---- states ---- */

static enum err take_comparison(struct parse *p, struct watch_term *t)
{
    struct lex *l = &p->lex;
    char unit[16] = "", room[40];
    double v = 0;
    if (l->kind != LEX_COMPARE) {
        return lex_wrong(l, ERR_SYNTAX, "%s where < <= > or >= was expected", lex_said(l, room));
    }
    t->compare = l->p[0] == '<' ? (l->len == 2 ? WATCH_MOST : WATCH_BELOW)
                                : (l->len == 2 ? WATCH_LEAST : WATCH_ABOVE);
    lex_next(l);
    const char *expected = t->word == WATCH_ALTITUDE ? "ft" : "kt";
    if (take_number(p, "a number", &v, unit)) {
        return l->e;
    }
    if (fabs(v) > 200000 || (unit[0] && strcasecmp(unit, expected) != 0)) {
        return lex_wrong(l, ERR_RANGE, "%s: a number of %s was expected", lex_said(l, room),
                         expected);
    }
    t->number = (int32_t)lround(v);
    lex_next(l);
    if (!unit[0] && lex_is(l, expected)) {
        lex_next(l);
    }
    return l->e;
}

static enum err take_rest(struct parse *p, struct watch_term *t)
{
    static take_fn *const takes[] = {
        [WATCH_TAKES_HEX] = take_hex,         [WATCH_TAKES_PATTERN] = take_pattern,
        [WATCH_TAKES_NAME] = take_list,       [WATCH_TAKES_WORD] = take_word,
        [WATCH_TAKES_SQUAWK] = take_squawk,   [WATCH_TAKES_CLASS] = take_class,
        [WATCH_TAKES_COUNTRY] = take_country, [WATCH_TAKES_EVENT] = NULL};
    const unsigned how = watch_word_row[t->word].takes;
    switch (how) {
    case WATCH_TAKES_NONE:
        return p->lex.e;
    case WATCH_TAKES_AREA:
        return take_area(p, &t->area);
    case WATCH_TAKES_NEAR:
        return take_near(p, t);
    case WATCH_TAKES_NUMBER:
        return take_comparison(p, t);
    case WATCH_TAKES_DURATION:
        return parse_span(p, &t->span_ms);
    case WATCH_TAKES_EVENT:
        return take_event(p, t);
    default:
        return take_values(p, takes[how], &t->value, &t->values);
    }
}

uint16_t parse_term(struct parse *p)
{
    struct lex *l = &p->lex;
    struct watch_rule *r = p->rule;
    char room[40];
    unsigned word = 0;
    while (word < WATCH_WORDS && !lex_is(l, watch_word_row[word].word)) {
        word++;
    }
    if (word == WATCH_WORDS) {
        lex_wrong(l, ERR_SYNTAX,
                  "%s where a condition was expected: type, class, operator, country, military, "
                  "list, squawk, callsign, in, near, departs, lands, inbound, orbits, dark ... "
                  "(docs/WATCHES.md)",
                  lex_said(l, room));
        return 0;
    }
    if (r->terms == WATCH_TERMS_MAX) {
        lex_wrong(l, ERR_FULL, "a rule has at most %d conditions: write two watches",
                  WATCH_TERMS_MAX);
        return 0;
    }
    const uint16_t i = r->terms++;
    struct watch_term *t = &r->term[i];
    *t = (struct watch_term){.word = (uint8_t)word, .at = l->at};
    if (watch_word_row[word].takes == WATCH_TAKES_AREA) {
        lex_next_area(l);
    } else {
        lex_next(l);
    }
    take_rest(p, t);
    return i;
}
