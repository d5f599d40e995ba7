/* Whether conditions hold of an aircraft: yes, no, or nobody can say, which is never a reason to
   tell. */
#include "watch/internal.h"

#include "identity/type.h"

#include <string.h>
#include <strings.h>

/* So long the last position says where an aircraft is, for conditions beside a row of the ledger.
 */
#define PLACE_MS INT64_C(3600000)

#define DAY_MS INT64_C(86400000)

static enum truth truth_of(bool b)
{
    return b ? IS_TRUE : IS_FALSE;
}

static enum truth any_is(const struct watch_rule *r, const struct watch_term *t, const char *text)
{
    if (!text[0]) {
        return IS_UNKNOWN;
    }
    for (uint16_t i = 0; i < t->values; i++) {
        if (strcasecmp(r->value[t->value + i].text, text) == 0) {
            return IS_TRUE;
        }
    }
    return IS_FALSE;
}

static enum truth any_fits(const struct watch_rule *r, const struct watch_term *t, const char *text)
{
    if (!text[0]) {
        return IS_UNKNOWN;
    }
    for (uint16_t i = 0; i < t->values; i++) {
        if (watch_pattern_fits(r->value[t->value + i].text, text)) {
            return IS_TRUE;
        }
    }
    return IS_FALSE;
}

static enum truth any_number(const struct watch_rule *r, const struct watch_term *t, uint32_t n)
{
    for (uint16_t i = 0; i < t->values; i++) {
        if (r->value[t->value + i].number == n) {
            return IS_TRUE;
        }
    }
    return IS_FALSE;
}

static enum truth on_list(const struct watch_rule *r, const struct watch_term *t, uint64_t lists)
{
    for (uint16_t i = 0; i < t->values; i++) {
        if (lists >> r->value[t->value + i].number & 1) {
            return IS_TRUE;
        }
    }
    return IS_FALSE;
}

static enum truth compare(const struct watch_term *t, int64_t v)
{
    switch (t->compare) {
    case WATCH_BELOW:
        return truth_of(v < t->number);
    case WATCH_MOST:
        return truth_of(v <= t->number);
    case WATCH_ABOVE:
        return truth_of(v > t->number);
    default:
        return truth_of(v >= t->number);
    }
}

static enum truth weigh_who(const struct watch_rule *r, const struct watch_term *t,
                            const struct plane *a)
{
    char flight[9] = "";
    switch (t->word) {
    case WATCH_HEX:
        return any_number(r, t, a->address);
    case WATCH_REGISTRATION:
        return any_fits(r, t, a->who.registration);
    case WATCH_CALLSIGN:
        memcpy(flight, a->flight, 8);
        flight[strcspn(flight, " ")] = '\0';
        return any_fits(r, t, flight);
    case WATCH_LIST:
        return on_list(r, t, a->who.lists);
    case WATCH_TYPE:
        return any_is(r, t, a->who.type);
    case WATCH_OPERATOR:
        return any_is(r, t, a->who.operator);
    case WATCH_SQUAWK:
        return a->squawk == KEPT_NO_SQUAWK ? IS_UNKNOWN : any_number(r, t, a->squawk);
    case WATCH_CLASS:
        return a->who.kind == KIND_UNKNOWN ? IS_UNKNOWN : any_number(r, t, a->who.kind);
    case WATCH_COUNTRY:
        return any_is(r, t, a->who.country);
    default: /* WATCH_MILITARY, WATCH_CIVIL */
        return a->who.military < 0 ? IS_UNKNOWN
                                   : truth_of(a->who.military == (t->word == WATCH_MILITARY));
    }
}

static enum truth weigh_new(const struct watch_set *s, const struct watch_term *t,
                            const struct plane *a, int64_t t_ms)
{
    if (a->before_ms != KEPT_NO_TIME) {
        return truth_of(a->last_ms - a->before_ms >= t->span_ms);
    }
    const int64_t since_ms = s->views.known_since_ms;
    return since_ms == KEPT_NO_TIME || t_ms - since_ms < t->span_ms ? IS_UNKNOWN : IS_TRUE;
}

static enum truth weigh_state(const struct watch_set *s, const struct watch *w,
                              const struct watch_term *t, const struct plane *a, int64_t t_ms)
{
    const bool fresh = a->has_place && t_ms - a->last_ms < PLACE_MS && a->last_ms - t_ms < PLACE_MS;
    if (t->word == WATCH_NEW) {
        return weigh_new(s, t, a, t_ms);
    }
    if (!fresh) {
        return IS_UNKNOWN;
    }
    switch (t->word) {
    case WATCH_IN:
    case WATCH_NEAR:
        return truth_of(area_shape_has(s->shape[w->area + t->area], a->lat_e7, a->lon_e7));
    case WATCH_ALTITUDE:
        return a->ground                ? compare(t, 0)
               : a->alt_ft == KEPT_NONE ? IS_UNKNOWN
                                        : compare(t, a->alt_ft);
    case WATCH_SPEED:
        return a->gs_e2_kt == KEPT_NONE ? IS_UNKNOWN : compare(t, a->gs_e2_kt / 100);
    default: /* WATCH_GROUND, WATCH_AIRBORNE */
        return truth_of((a->ground != 0) == (t->word == WATCH_GROUND));
    }
}

static enum truth weigh_literal(const struct watch_set *s, const struct watch *w,
                                const struct watch_literal *lit, const struct plane *a,
                                int64_t t_ms)
{
    const struct watch_term *t = &w->rule->term[lit->term];
    const enum truth v = watch_word_row[t->word].sort == WATCH_IS_WHO
                             ? weigh_who(w->rule, t, a)
                             : weigh_state(s, w, t, a, t_ms);
    return lit->negated ? (enum truth)(IS_TRUE - v) : v;
}

bool weigh_who_of(const struct watch *w, const struct watch_case *of, const struct plane *a)
{
    bool so = true;
    for (uint16_t i = 0; i < of->lits && so; i++) {
        const struct watch_literal *lit = &w->rule->lit[of->lit + i];
        const struct watch_term *t = &w->rule->term[lit->term];
        if (watch_word_row[t->word].sort == WATCH_IS_WHO) {
            so = weigh_who(w->rule, t, a) == (lit->negated ? IS_FALSE : IS_TRUE);
        }
    }
    return so;
}

enum truth weigh_case(struct watch_set *s, const struct watch *w, const struct watch_case *of,
                      const struct plane *a, int64_t t_ms)
{
    enum truth all = IS_TRUE;
    s->sums.asked++;
    for (uint16_t i = 0; i < of->lits && all != IS_FALSE; i++) {
        const enum truth v = weigh_literal(s, w, &w->rule->lit[of->lit + i], a, t_ms);
        all = v < all ? v : all;
    }
    return all;
}

bool weigh_side(struct watch_set *s, const struct watch *w, const struct watch_term *t,
                unsigned side, const struct plane *a, int64_t t_ms)
{
    for (uint16_t i = 0; i < t->sides[side]; i++) {
        if (weigh_case(s, w, &w->rule->of[t->side[side] + i], a, t_ms) == IS_TRUE) {
            return true;
        }
    }
    return t->sides[side] == 0;
}

/* ---- places ---- */

static bool is_place(const struct watch_set *s, const struct watch_rule *r,
                     const struct watch_term *t, const char *code)
{
    for (uint16_t i = 0; t->where == WATCH_AT && i < t->places; i++) {
        if (strcmp(r->value[t->place + i].text, code) == 0) {
            return true;
        }
    }
    if (t->where != WATCH_IN_COUNTRY || !s->views.airports) {
        return false;
    }
    const uint32_t k = airport_find(s->views.airports, code, AIRPORT_TODAY);
    for (uint16_t i = 0; k != AIRPORT_NONE && i < t->places; i++) {
        if (strcmp(r->value[t->place + i].text, airport_at(s->views.airports, k)->country) == 0) {
            return true;
        }
    }
    return false;
}

static bool airport_within(const struct watch_set *s, const struct area_shape *shape,
                           const char *code)
{
    const uint32_t k =
        s->views.airports ? airport_find(s->views.airports, code, AIRPORT_TODAY) : AIRPORT_NONE;
    return k != AIRPORT_NONE && area_shape_has(shape, airport_at(s->views.airports, k)->lat_e7,
                                               airport_at(s->views.airports, k)->lon_e7);
}

float weigh_place(const struct watch_set *s, const struct watch *w, const struct watch_term *t,
                  const struct claim *c, int *best)
{
    const struct area_shape *shape = t->where == WATCH_WITHIN ? s->shape[w->area + t->area] : NULL;
    float sum = 0, most = 0;
    *best = -1;
    if (c->candidates == 0) { /* it is somewhere by itself: an orbit */
        const bool fits =
            t->where == WATCH_ANYWHERE ||
            (shape && c->lat_e7 != CLAIM_NO_PLACE && area_shape_has(shape, c->lat_e7, c->lon_e7));
        return fits ? c->p : 0;
    }
    for (unsigned i = 0; i < c->candidates; i++) {
        const struct claim_candidate *k = &c->candidate[i];
        const bool fits =
            t->where == WATCH_ANYWHERE ||
            (shape ? airport_within(s, shape, k->airport) : is_place(s, w->rule, t, k->airport));
        sum += fits ? k->p : 0;
        if (fits && k->p > most) {
            most = k->p;
            *best = (int)i;
        }
    }
    return t->where == WATCH_ANYWHERE ? c->p : c->p * (sum > 1 ? 1 : sum);
}
