#include "operation/verdict.h"

#include "operation/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS   INT64_C(3600000)
#define DAY_MS    INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define SURE      0.95
/* "At 23:05" is a quarter of an hour about it; a time known no closer than this is not known. */
#define MINUTE_SLACK_MS (15 * MINUTE_MS)
#define CLOSE_MS        HOUR_MS

static const struct {
    const char *key, *text[LANGUAGES];
} whys[VERDICT_WHYS] = {
#define VERDICT_WHY(id, key, en, ar, fr) {key, {en, ar, fr}},
#include "operation/verdict.def"
};

const char *verdict_key(enum verdict v)
{
    static const char *const key[VERDICTS] = {"supported", "consistent", "contradicted",
                                              "cannot_tell"};
    return key[v];
}

const char *verdict_why_key(enum verdict_why w)
{
    return whys[w].key;
}

/* ---- the sentence ---- */

static const struct sortie_end *edge_of(const struct match *m, enum tally_edge edge)
{
    return edge == TALLY_OUT ? &m->s.off : &m->s.on;
}

enum { NAMED = 3 };

/* `RCH103 (7 June 17:08Z), RCH179 (7 July 23:05–23:12Z)`; how many more there are. */
static void name_flights(const struct verdict_of *v, unsigned language, struct buf *out)
{
    static const char *const between[LANGUAGES] = {", ", "، ", ", "};
    static const char *const more[LANGUAGES] = {" and others", " وغيرها", " et d’autres"};
    for (size_t k = 0; k < v->flights && k < NAMED; k++) {
        const struct sortie *s = &v->flight[k]->s;
        const struct sortie_end *e = edge_of(v->flight[k], v->edge);
        char hex[8];
        item_hex(s->address, hex);
        buf_text(out, k ? between[language] : "");
        words_isolate(out, s->callsign[0] ? s->callsign : hex);
        buf_text(out, " (");
        words_when(out, language, e->lo_ms, e->hi_ms);
        buf_byte(out, ')');
    }
    buf_text(out, v->flights > NAMED ? more[language] : "");
}

static void write_text(const struct verdict_of *v, unsigned k, unsigned language, struct buf *out)
{
    const struct verdict_text *t = &v->text[k];
    switch (t->is) {
    case VERDICT_NUMBER:
        words_number(out, language, t->low, t->decimals);
        break;
    case VERDICT_RANGE:
        words_range(out, language, t->low, t->high, t->decimals);
        break;
    case VERDICT_THESE_FLIGHTS:
        name_flights(v, language, out);
        break;
    default:
        break;
    }
}

void verdict_sentence(const struct verdict_of *v, unsigned language, struct buf *out)
{
    for (const char *p = whys[v->why].text[language]; *p; p++) {
        if (*p == '%' && p[1] >= '1' && p[1] <= '9') {
            write_text(v, (unsigned)(p[1] - '0'), language, out);
            p++;
        } else {
            buf_byte(out, (uint8_t)*p);
        }
    }
}

/* ---- what is judged ---- */

struct judging {
    const struct operation *o;
    const struct matches *m;
    const struct item *claim;
    int64_t now_ms;
    const char *place;
    int64_t as_of_ms;
    struct verdict_of *out;
};

static enum err say(struct judging *j, enum verdict v, enum verdict_why why)
{
    j->out->verdict = v;
    j->out->why = why;
    return ERR_OK;
}

static void put(struct verdict_of *v, unsigned k, double number, unsigned decimals)
{
    v->text[k] = (struct verdict_text){VERDICT_NUMBER, decimals, number, number};
}

static void put_range(struct verdict_of *v, unsigned k, double low, double high)
{
    put(v, k, low, 0);
    if (round(low) < round(high)) {
        v->text[k] = (struct verdict_text){VERDICT_RANGE, 0, low, high};
    }
}

/* ---- flights ---- */

static double p_of(const struct match *m, enum tally_edge edge)
{
    return (double)(edge == TALLY_OUT ? m->leaves : m->arrives);
}

/* By its own path alone. */
static bool is_sure(const struct match *m, enum tally_edge edge)
{
    return p_of(m, edge) >= SURE && !m->s.implied && !m->by_habit;
}

static bool is_there(const struct judging *j, const struct match *m, enum tally_edge edge)
{
    return match_is_in(m) && p_of(m, edge) >= 0.4 &&
           (!j->place[0] || strcmp(j->place, m->base) == 0);
}

static void rest_on(struct judging *j, const struct match *m)
{
    if (j->out->flights < VERDICT_FLIGHTS) {
        j->out->flight[j->out->flights++] = m;
    }
}

static void name_them(struct judging *j, enum tally_edge edge)
{
    j->out->edge = edge;
    j->out->text[2] = (struct verdict_text){.is = VERDICT_THESE_FLIGHTS};
    put(j->out, 1, (double)j->out->flights, 0);
}

/* "On 7 June" or "at 23:05Z": said, or told by the last second of a day. */
static bool is_of_day(const struct judging *j)
{
    const int exact = item_word(j->claim, SAID_CLAIM_EXACT);
    const int64_t in_day = j->as_of_ms % DAY_MS;
    return exact == 0 || (exact < 0 && (in_day == 0 || in_day >= DAY_MS - MINUTE_MS));
}

static enum err judge_moment(struct judging *j, enum tally_edge edge)
{
    const bool day = is_of_day(j);
    const int64_t lo = day ? j->as_of_ms / DAY_MS * DAY_MS : j->as_of_ms - MINUTE_SLACK_MS;
    const int64_t hi = day ? lo + DAY_MS : j->as_of_ms + MINUTE_SLACK_MS;
    const double wanted = item_unit(j->claim, SAID_CLAIM_UNIT) == UNIT_SORTIES
                              ? fmax(1, item_number(j->claim, SAID_CLAIM_LOW, 1))
                              : 1;
    unsigned sure = 0, fits = 0, wide = 0;
    const struct match *other = NULL;
    for (size_t i = 0; i < j->m->n; i++) {
        const struct match *m = &j->m->of[i];
        const struct sortie_end *e = edge_of(m, edge);
        if (!is_there(j, m, edge) || e->lo_ms == SORTIE_NO_TIME) {
            continue;
        }
        if (e->hi_ms < lo || e->lo_ms > hi) {
            other = llabs(m->t_ms - j->as_of_ms) < DAY_MS ? m : other;
            continue;
        }
        const bool within = e->lo_ms >= lo && e->hi_ms <= hi;
        const bool close = within || e->hi_ms - e->lo_ms <= CLOSE_MS;
        sure += close && is_sure(m, edge);
        fits += close;
        wide += !close;
        rest_on(j, m);
    }
    if (!j->out->flights && other) {
        rest_on(j, other);
        name_them(j, edge);
        return say(j, VERDICT_CANNOT_TELL, VERDICT_OTHER_TIME);
    }
    name_them(j, edge);
    if (sure >= wanted || (sure > 0 && day)) {
        return say(j, VERDICT_SUPPORTED, VERDICT_SEEN);
    }
    if (fits >= wanted) {
        return say(j, VERDICT_CONSISTENT, VERDICT_FITS);
    }
    return say(j, VERDICT_CANNOT_TELL, fits || wide ? VERDICT_WIDE : VERDICT_NO_FLIGHT);
}

static enum err judge_plan(struct judging *j)
{
    const enum err e = judge_moment(j, TALLY_OUT);
    return e ? e : say(j, VERDICT_CANNOT_TELL, j->out->flights ? VERDICT_PLAN : VERDICT_NO_FLIGHT);
}

/* ---- totals ---- */

/* Payloads to reckon with: of the flights' types, else the heaviest factor. */
static void lifts(const struct judging *j, double kg[LIFTS])
{
    size_t n;
    const struct item *f = operation_all(j->o, ITEM_FACTOR, &n);
    struct sortie s = {0};
    for (size_t i = 0; i < n; i++) {
        const char *type = item_text(&f[i], SAID_FACTOR_TYPE);
        double of[LIFTS] = {0};
        snprintf(s.type, sizeof s.type, "%.4s", type);
        if (tally_lift(j->o, &s, NULL, of) && of[LIFT_MAX] > kg[LIFT_MAX]) {
            memcpy(kg, of, sizeof of);
        }
    }
}

static enum err count(struct judging *j, struct tally_sum *sum)
{
    const int64_t since = item_ms(j->claim, SAID_CLAIM_SINCE);
    const int64_t until = j->as_of_ms == ITEM_NO_TIME ? j->now_ms : j->as_of_ms;
    const enum err e = tally_sum(j->o, j->m, operation_edge(j->o), j->place[0] ? j->place : NULL,
                                 since == ITEM_NO_TIME ? 0 : since, until + 1, sum);
    struct verdict_of *v = j->out;
    v->departures = sum->sum.expected;
    v->departures_low = (double)sum->sum.low;
    v->departures_high = (double)sum->sum.high;
    put(v, 1, sum->sum.expected, 1);
    put(v, 3, (double)sum->sum.low, 0);
    put(v, 4, (double)sum->sum.high, 0);
    return e;
}

static enum err judge_mass(struct judging *j, const struct unit_word *u)
{
    struct verdict_of *v = j->out;
    struct tally_sum sum;
    double kg[LIFTS] = {0};
    const double low = item_number(j->claim, SAID_CLAIM_LOW, 0);
    const double high = item_number(j->claim, SAID_CLAIM_HIGH, low);
    const enum err e = count(j, &sum);
    lifts(j, kg);
    v->kg_low = low * u->low;
    v->kg_high = high * u->high;
    if (e || kg[LIFT_MAX] <= 0) {
        return e ? e : say(j, VERDICT_CANNOT_TELL, VERDICT_NOT_PATHS);
    }
    v->loads_at_max = ceil(v->kg_low / kg[LIFT_MAX]);
    v->loads_at_max_high = ceil(v->kg_high / kg[LIFT_MAX]);
    v->loads_at_plan = ceil(v->kg_low / kg[LIFT_PLAN]);
    v->offered_low_kg = v->departures_low * kg[LIFT_LOW];
    v->offered_plan_kg = v->departures * kg[LIFT_PLAN];
    v->offered_max_kg = v->departures_high * kg[LIFT_MAX];
    put(v, 5, v->offered_low_kg / 1000, 0);
    put(v, 6, v->offered_max_kg / 1000, 0);
    put_range(v, 7, v->kg_low / 1000, v->kg_high / 1000);
    put_range(v, 8, v->loads_at_max, v->loads_at_max_high);
    put(v, 9, v->loads_at_plan, 0);
    if (v->departures_high < 1) {
        return say(j, VERDICT_CANNOT_TELL, VERDICT_NEEDS);
    }
    if (v->kg_low <= v->offered_max_kg) {
        return say(j, VERDICT_CONSISTENT, VERDICT_WITHIN);
    }
    /* Twice what was heard could offer is no matter of a few flights nobody heard. */
    return v->kg_low > 2 * v->offered_max_kg ? say(j, VERDICT_CONTRADICTED, VERDICT_BEYOND)
                                             : say(j, VERDICT_CANNOT_TELL, VERDICT_BEYOND_HEARD);
}

static enum err judge_people(struct judging *j)
{
    struct tally_sum sum;
    struct verdict_of *v = j->out;
    const double low = item_number(j->claim, SAID_CLAIM_LOW, 0);
    const enum err e = count(j, &sum);
    double seats = 0, plan = 0;
    size_t n;
    const struct item *f = operation_all(j->o, ITEM_FACTOR, &n);
    for (size_t i = 0; i < n; i++) {
        const double s = item_number(&f[i], SAID_FACTOR_SEATS, 0);
        seats = fmax(seats, item_word(&f[i], SAID_FACTOR_ROLE) == LIFT_MAX ? s : 0);
        plan = fmax(plan, item_word(&f[i], SAID_FACTOR_ROLE) == LIFT_PLAN ? s : 0);
    }
    if (e) {
        return e;
    }
    if (v->departures >= 1) {
        put(v, 9, low / v->departures, 1);
        return say(j, VERDICT_CANNOT_TELL, VERDICT_PEOPLE);
    }
    v->loads_at_max = seats > 0 ? ceil(low / seats) : 0;
    v->loads_at_plan = plan > 0 ? ceil(low / plan) : 0;
    put(v, 8, v->loads_at_max, 0);
    put(v, 9, v->loads_at_plan, 0);
    return say(j, VERDICT_CANNOT_TELL, seats > 0 ? VERDICT_NEEDS : VERDICT_NOT_PATHS);
}

/* Sorties or equivalent loads. */
static enum err judge_count(struct judging *j, enum measure m)
{
    struct tally_sum sum;
    struct verdict_of *v = j->out;
    double kg[LIFTS] = {0};
    const double low = item_number(j->claim, SAID_CLAIM_LOW, 0);
    const double high = item_number(j->claim, SAID_CLAIM_HIGH, low);
    const enum err e = count(j, &sum);
    lifts(j, kg);
    v->offered_low_kg = low * kg[LIFT_LOW];
    v->offered_max_kg = high * kg[LIFT_MAX];
    put(v, 5, v->offered_low_kg / 1000, 0);
    put(v, 6, v->offered_max_kg / 1000, 0);
    put_range(v, 7, low, high);
    if (e || v->departures_high < 1 || m == MEASURE_LOADS) {
        return e ? e
                 : say(j, VERDICT_CANNOT_TELL,
                       m == MEASURE_LOADS ? VERDICT_BOUNDS : VERDICT_NONE_ON_FILE);
    }
    return say(j,
               low <= v->departures_high && high >= v->departures_low ? VERDICT_CONSISTENT
                                                                      : VERDICT_CANNOT_TELL,
               VERDICT_COUNT);
}

static enum err judge_total(struct judging *j)
{
    const enum unit u = item_unit(j->claim, SAID_CLAIM_UNIT);
    if (u == UNITS) {
        return say(j, VERDICT_CANNOT_TELL, VERDICT_NOT_PATHS);
    }
    switch (unit_word[u].measure) {
    case MEASURE_MASS:
        return judge_mass(j, &unit_word[u]);
    case MEASURE_PEOPLE:
        return judge_people(j);
    case MEASURE_SORTIES:
    case MEASURE_LOADS:
        return judge_count(j, unit_word[u].measure);
    default:
        return say(j, VERDICT_CANNOT_TELL, VERDICT_NOT_PATHS);
    }
}

/* ---- ends and single loads ---- */

static enum err judge_end(struct judging *j)
{
    const struct match *last = NULL;
    unsigned after = 0;
    for (size_t i = 0; i < j->m->n; i++) {
        const struct match *m = &j->m->of[i];
        if (!is_there(j, m, TALLY_OUT)) {
            continue;
        }
        if (m->s.off.lo_ms > j->as_of_ms) {
            after += is_sure(m, TALLY_OUT); /* silence contradicts nothing */
            rest_on(j, m);
        } else {
            last = m;
        }
    }
    if (after == 0 && last) {
        j->out->flights = 0;
        rest_on(j, last);
    }
    name_them(j, TALLY_OUT);
    return after  ? say(j, VERDICT_CONTRADICTED, VERDICT_SOME_AFTER)
           : last ? say(j, VERDICT_CONSISTENT, VERDICT_NONE_AFTER)
                  : say(j, VERDICT_CANNOT_TELL, VERDICT_NO_FLIGHT);
}

static enum err judge_load(struct judging *j)
{
    const enum err e = judge_moment(j, TALLY_OUT);
    const enum unit u = item_unit(j->claim, SAID_CLAIM_UNIT);
    double kg[LIFTS] = {0};
    if (e || !j->out->flights || u == UNITS || unit_word[u].measure != MEASURE_MASS) {
        return e;
    }
    lifts(j, kg);
    j->out->kg_low = item_number(j->claim, SAID_CLAIM_LOW, 0) * unit_word[u].low;
    j->out->kg_high = item_number(j->claim, SAID_CLAIM_HIGH, 0) * unit_word[u].high;
    put(j->out, 6, kg[LIFT_MAX] / 1000, 1);
    put_range(j->out, 7, j->out->kg_low / 1000, j->out->kg_high / 1000);
    /* That it flew may be supported; what it carried never is. */
    return kg[LIFT_MAX] > 0 && j->out->kg_low > kg[LIFT_MAX]
               ? say(j, VERDICT_CONTRADICTED, VERDICT_LOAD_BEYOND)
           : j->out->verdict == VERDICT_SUPPORTED
               ? say(j, VERDICT_CONSISTENT, kg[LIFT_MAX] > 0 ? VERDICT_LOAD : j->out->why)
               : e;
}

/* ---- claims of the same thing ---- */

static bool is_same_event(const char *a, const char *b)
{
    return strcmp(a, b) == 0 ||
           (strncmp(a, "departure", 9) == 0 && strncmp(b, "departure", 9) == 0);
}

static bool differs(const struct item *a, const struct item *b)
{
    const enum unit u = item_unit(a, SAID_CLAIM_UNIT), w = item_unit(b, SAID_CLAIM_UNIT);
    const bool moments = strncmp(item_text(a, SAID_CLAIM_EVENT), "departure", 9) == 0;
    const int64_t apart = llabs(item_ms(a, SAID_CLAIM_AS_OF) - item_ms(b, SAID_CLAIM_AS_OF));
    if (moments) {
        return apart > 0 && apart < DAY_MS / 2;
    }
    if (u == UNITS || w == UNITS || unit_word[u].measure != unit_word[w].measure ||
        apart > 2 * DAY_MS) {
        return false;
    }
    const double a_low = item_number(a, SAID_CLAIM_LOW, 0),
                 b_low = item_number(b, SAID_CLAIM_LOW, 0);
    return item_number(a, SAID_CLAIM_HIGH, a_low) * unit_word[u].high < b_low * unit_word[w].low ||
           item_number(b, SAID_CLAIM_HIGH, b_low) * unit_word[w].high < a_low * unit_word[u].low;
}

static void find_conflicts(struct judging *j)
{
    size_t n;
    const struct item *c = operation_all(j->o, ITEM_CLAIM, &n);
    for (size_t k = 0; k < n && j->out->conflicts < VERDICT_CONFLICTS; k++) {
        const int64_t published = item_ms(&c[k], SAID_CLAIM_PUBLISHED);
        if (&c[k] != j->claim && published <= j->now_ms && item_has(&c[k], SAID_CLAIM_AS_OF) &&
            item_has(j->claim, SAID_CLAIM_AS_OF) &&
            is_same_event(item_text(&c[k], SAID_CLAIM_EVENT),
                          item_text(j->claim, SAID_CLAIM_EVENT)) &&
            strcmp(item_text(&c[k], SAID_CLAIM_PLACE), j->place) == 0 && differs(&c[k], j->claim)) {
            j->out->conflict[j->out->conflicts++] = &c[k];
        }
    }
}

enum err verdict_find(const struct operation *o, const struct matches *m, const struct item *claim,
                      int64_t now_ms, struct verdict_of *out)
{
    struct judging j = {.o = o,
                        .m = m,
                        .claim = claim,
                        .now_ms = now_ms,
                        .place = item_text(claim, SAID_CLAIM_PLACE),
                        .as_of_ms = item_ms(claim, SAID_CLAIM_AS_OF),
                        .out = out};
    const char *event = item_text(claim, SAID_CLAIM_EVENT);
    *out = (struct verdict_of){.verdict = VERDICT_CANNOT_TELL, .why = VERDICT_NOT_PATHS};
    find_conflicts(&j);
    if (strcmp(event, "total_moved") == 0) {
        return judge_total(&j);
    }
    if (j.as_of_ms == ITEM_NO_TIME) {
        return ERR_OK;
    }
    if (strcmp(event, "departure") == 0 || strcmp(event, "arrival") == 0) {
        return judge_moment(&j, *event == 'd' ? TALLY_OUT : TALLY_IN);
    }
    if (strcmp(event, "departure_planned") == 0) {
        return judge_plan(&j);
    }
    if (strcmp(event, "base_closed") == 0 || strcmp(event, "complete") == 0) {
        return judge_end(&j);
    }
    return strcmp(event, "load") == 0 ? judge_load(&j) : ERR_OK;
}
