/* One condition or event of a rule: its word, its values, where, how surely. */
#include "watch/parse.h"

#include "wire/area_read.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NEAR_M       (30 * SPHERE_M_PER_NM) /* what "orbits DRRN" takes for near */
#define NEAR_MAX_M   3e6
#define DARK_SPAN_MS INT64_C(1800000)
#define DARK_P       0.9F
#define LATE_P       0.7F
#define EVENT_P      0.5F

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
    if (parse_countries(p, &first, &values)) {
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
    if (parse_airports(p, &t->place, &n)) {
        return l->e;
    }
    if (n > 1) {
        return lex_wrong_at(l, at, ERR_SYNTAX, "near takes one airport: near A or near B");
    }
    if (l->kind == LEX_WORD && isdigit((unsigned char)l->p[0])) {
        const size_t way_at = l->at;
        if (parse_way(p, &radius_m)) {
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
        return parse_countries(p, &t->place, &t->places);
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
    return at_sites ? parse_airports(p, &t->place, &t->places) : take_near(p, t);
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
    if (parse_number(p, "a probability, 0.01 to 1 or 1% to 100%,", &v, unit)) {
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
    if (parse_number(p, "a number", &v, unit)) {
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
    const unsigned takes = watch_word_row[t->word].takes;
    switch (takes) {
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
        return parse_values(p, takes, &t->value, &t->values);
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
