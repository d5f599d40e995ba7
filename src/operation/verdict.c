#include "operation/verdict.h"

#include "base/instant.h"

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

void verdict_sentence(const struct verdict_of *v, unsigned language, const char *before,
                      const char *after, struct buf *out)
{
    for (const char *p = whys[v->why].text[language]; *p; p++) {
        if (*p == '%' && p[1] >= '1' && p[1] <= '9') {
            buf_text(out, before);
            buf_text(out, v->text[p[1] - '0']);
            buf_text(out, after);
            p++;
        } else {
            buf_byte(out, (uint8_t)*p);
        }
    }
}

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

/* ---- flights ---- */

static const struct sortie_end *edge_of(const struct match *m, enum tally_edge edge)
{
    return edge == TALLY_OUT ? &m->s.off : &m->s.on;
}

static double p_of(const struct match *m, enum tally_edge edge)
{
    return (double)(edge == TALLY_OUT ? m->leaves : m->arrives);
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

/* `RCH103 17:08Z`, or from when to when. */
static void name_flights(struct judging *j, enum tally_edge edge)
{
    char *out = j->out->text[2];
    const size_t size = sizeof j->out->text[2];
    size_t n = 0;
    for (size_t k = 0; k < j->out->flights && k < 2 && n < size; k++) {
        const struct match *m = j->out->flight[k];
        const struct sortie_end *e = edge_of(m, edge);
        char lo[32], hi[32];
        instant_format(e->lo_ms * 1000, 0, lo);
        instant_format(e->hi_ms * 1000, 0, hi);
        n += (size_t)snprintf(out + n, size - n, "%s%s %.5s %.5s", k ? ", " : "",
                              m->s.callsign[0] ? m->s.callsign : "?", lo + 5, lo + 11);
        if (n < size && e->hi_ms - e->lo_ms >= MINUTE_MS) {
            const bool same_day =
                memcmp(lo, hi, 10) == 0; /* `16:00-17:00`, `16:00 – 06-08 02:00` */
            n += (size_t)snprintf(out + n, size - n, same_day ? "-%.0s%.5s" : " – %.5s %.5s",
                                  hi + 5, hi + 11);
        }
        if (n < size) {
            n += (size_t)snprintf(out + n, size - n, "Z");
        }
    }
    snprintf(j->out->text[1], sizeof j->out->text[1], "%zu", j->out->flights);
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
        sure += close && p_of(m, edge) >= SURE && !m->s.implied;
        fits += close;
        wide += !close;
        rest_on(j, m);
    }
    if (!j->out->flights && other) {
        rest_on(j, other);
        name_flights(j, edge);
        return say(j, VERDICT_CANNOT_TELL, VERDICT_OTHER_TIME);
    }
    name_flights(j, edge);
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
    snprintf(v->text[1], sizeof v->text[1], "%.1f", sum->sum.expected);
    snprintf(v->text[3], sizeof v->text[3], "%zu", sum->sum.low);
    snprintf(v->text[4], sizeof v->text[4], "%zu", sum->sum.high);
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
    snprintf(v->text[5], sizeof v->text[5], "%.0f", v->offered_low_kg / 1000);
    snprintf(v->text[6], sizeof v->text[6], "%.0f", v->offered_max_kg / 1000);
    if (u->low < u->high || high > low) {
        snprintf(v->text[7], sizeof v->text[7], "%.0f–%.0f", v->kg_low / 1000, v->kg_high / 1000);
    } else {
        snprintf(v->text[7], sizeof v->text[7], "%.0f", v->kg_low / 1000);
    }
    snprintf(v->text[8], sizeof v->text[8], "%.0f", v->loads_at_max);
    snprintf(v->text[9], sizeof v->text[9], "%.0f", v->loads_at_plan);
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
        snprintf(v->text[9], sizeof v->text[9], "%.1f", low / v->departures);
        return say(j, VERDICT_CANNOT_TELL, VERDICT_PEOPLE);
    }
    v->loads_at_max = seats > 0 ? ceil(low / seats) : 0;
    v->loads_at_plan = plan > 0 ? ceil(low / plan) : 0;
    snprintf(v->text[8], sizeof v->text[8], "%.0f", v->loads_at_max);
    snprintf(v->text[9], sizeof v->text[9], "%.0f", v->loads_at_plan);
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
    snprintf(v->text[5], sizeof v->text[5], "%.0f", v->offered_low_kg / 1000);
    snprintf(v->text[6], sizeof v->text[6], "%.0f", v->offered_max_kg / 1000);
    if (e || v->departures_high < 1 || m == MEASURE_LOADS) {
        return e ? e : say(j, VERDICT_CANNOT_TELL, VERDICT_BOUNDS);
    }
    snprintf(v->text[2], sizeof v->text[2], "%.1f", v->departures);
    return low <= v->departures_high && high >= v->departures_low
               ? say(j, VERDICT_CONSISTENT, VERDICT_FITS)
               : say(j, VERDICT_CANNOT_TELL, VERDICT_FITS);
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
            after += p_of(m, TALLY_OUT) >= SURE && !m->s.implied; /* silence contradicts nothing */
            rest_on(j, m);
        } else {
            last = m;
        }
    }
    if (after == 0 && last) {
        j->out->flights = 0;
        rest_on(j, last);
    }
    name_flights(j, TALLY_OUT);
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
    /* That it flew may be supported; what it carried never is. */
    return kg[LIFT_MAX] > 0 && j->out->kg_low > kg[LIFT_MAX]
               ? say(j, VERDICT_CONTRADICTED, VERDICT_BEYOND)
           : j->out->verdict == VERDICT_SUPPORTED ? say(j, VERDICT_CONSISTENT, j->out->why)
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
