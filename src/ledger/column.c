#include "ledger/column.h"

#include "base/instant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- cells: "" is not known ---- */

static void text(char out[COLUMN_CELL_MAX], const char *s, size_t max)
{
    size_t n = strnlen(s, max);
    while (n > 0 && s[n - 1] == ' ') {
        n--;
    }
    memcpy(out, s, n);
    out[n] = 0;
}

static void time_of(char out[COLUMN_CELL_MAX], int64_t t_ms)
{
    if (t_ms != CLAIM_NO_TIME) {
        instant_format(t_ms * 1000, 0, out);
    }
}

static void share(char out[COLUMN_CELL_MAX], float p)
{
    snprintf(out, COLUMN_CELL_MAX, "%.3f", (double)p);
}

static void c_address(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->address == ADDRESS_NONE) {
        return; /* of no aircraft: a cell */
    }
    snprintf(out, COLUMN_CELL_MAX, "%s%06" PRIx32, r->address & ADDRESS_NON_ICAO ? "~" : "",
             r->address & 0xffffff);
}

static void c_epoch(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%u", r->epoch);
}

static void c_leg(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->leg) {
        snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->leg);
    }
}

static void c_number(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->number);
}

static void c_callsign(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->claim.flight, sizeof r->claim.flight);
}

static void c_registration(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->registration, sizeof r->registration);
}

static void c_type(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->type, sizeof r->type);
}

static void c_class(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->class, sizeof r->class);
}

static void c_operator(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->operator, sizeof r->operator);
}

static void c_state(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->country, sizeof r->country);
}

static void c_military(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%d", r->military);
}

static void c_from(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->from.airport, sizeof r->from.airport);
}

static void c_from_p(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->from.airport[0]) {
        share(out, r->from.p);
    }
}

static void c_to(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->to.airport, sizeof r->to.airport);
}

static void c_to_p(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->to.airport[0]) {
        share(out, r->to.p);
    }
}

static void c_airport(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, r->airport, sizeof r->airport);
}

static void c_off_lo(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->off_lo_ms);
}

static void c_off_hi(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->off_hi_ms);
}

static void c_off_t(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->off_t_ms);
}

static void c_on_lo(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->on_lo_ms);
}

static void c_on_hi(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->on_hi_ms);
}

static void c_on_t(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->on_t_ms);
}

static void c_t_lo(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->claim.t_lo_ms);
}

static void c_t_hi(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->claim.t_hi_ms);
}

static void c_t(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->t_ms);
}

static void c_sure_lo(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->claim.sure_lo_ms);
}

static void c_sure_hi(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    time_of(out, r->claim.sure_hi_ms);
}

static void c_p(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    share(out, r->p);
}

static void c_sum_p(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    share(out, r->sum_p);
}

static void method(char out[COLUMN_CELL_MAX], int m)
{
    if (m >= 0) {
        text(out, claim_method_word[m].key, COLUMN_CELL_MAX - 1);
    }
}

static void c_method(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    method(out, r->claim.method);
}

static void c_off_method(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    method(out, r->off_method);
}

static void c_on_method(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    method(out, r->on_method);
}

static void c_observed(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%d", r->observed);
}

static void c_sortie(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%d", r->is_sortie);
}

static void c_over(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%d", r->is_over);
}

static void lift(const struct ledger_row *r, int i, char out[COLUMN_CELL_MAX])
{
    if (r->lift_kg[i]) {
        snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->lift_kg[i]);
    }
}

static void c_lift_low(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    lift(r, 0, out);
}

static void c_lift_plan(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    lift(r, 1, out);
}

static void c_lift_max(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    lift(r, 2, out);
}

static void c_kind(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, claim_kind_word[r->claim.kind].key, COLUMN_CELL_MAX - 1);
}

static void c_shape(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    text(out, claim_shape_word[r->claim.shape].key, COLUMN_CELL_MAX - 1);
}

static void c_lat(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.lat_e7 != CLAIM_NO_PLACE) {
        snprintf(out, COLUMN_CELL_MAX, "%.5f", r->claim.lat_e7 * 1e-7);
    }
}

static void c_lon(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.lat_e7 != CLAIM_NO_PLACE) {
        snprintf(out, COLUMN_CELL_MAX, "%.5f", r->claim.lon_e7 * 1e-7);
    }
}

static void c_alt(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.alt_ft != CLAIM_NO_ALTITUDE) {
        snprintf(out, COLUMN_CELL_MAX, "%" PRId32, r->claim.alt_ft);
    }
}

static void c_size(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.size_m) {
        snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->claim.size_m);
    }
}

static void c_turns(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.turns) {
        snprintf(out, COLUMN_CELL_MAX, "%u", r->claim.turns);
    }
}

static void c_other(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.other != ADDRESS_NONE) {
        snprintf(out, COLUMN_CELL_MAX, "%06" PRIx32, r->claim.other & 0xffffff);
    }
}

static void c_fixes(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->claim.evidence.fixes);
}

static void c_silent(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%" PRIu32, r->claim.evidence.silent_s);
}

static void c_heard(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    if (r->claim.evidence.heard >= 0) {
        share(out, r->claim.evidence.heard);
    }
}

static void c_rules(const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    snprintf(out, COLUMN_CELL_MAX, "%08" PRIx32, r->claim.evidence.rules);
}

/* ---- columns ---- */

/* In which answers a column stands: bits of enum ledger_what. */
#define FLIGHTS (1U << LEDGER_FLIGHTS)
#define ENDS    (1U << LEDGER_ARRIVALS | 1U << LEDGER_DEPARTURES)
#define STAYS   (1U << LEDGER_STAYS)
#define EVENTS  (1U << LEDGER_ORBITS | 1U << LEDGER_EVENTS)
#define ALL     (FLIGHTS | ENDS | STAYS | EVENTS)

const struct column ledger_columns[] = {
    {"hex", c_address, ALL, COLUMN_TEXT, 7},
    {"epoch", c_epoch, ALL, COLUMN_NUMBER, 0},
    {"leg", c_leg, ALL, COLUMN_NUMBER, 0},
    {"row", c_number, ALL, COLUMN_NUMBER, 0},
    {"callsign", c_callsign, ALL, COLUMN_TEXT, 8},
    {"registration", c_registration, ALL, COLUMN_TEXT, 0},
    {"type", c_type, ALL, COLUMN_TEXT, 4},
    {"class", c_class, ALL, COLUMN_TEXT, 0},
    {"operator", c_operator, ALL, COLUMN_TEXT, 0},
    {"state", c_state, ALL, COLUMN_TEXT, 0},
    {"military", c_military, ALL, COLUMN_NUMBER, 0},
    {"kind", c_kind, EVENTS, COLUMN_TEXT, 14},
    {"shape", c_shape, EVENTS, COLUMN_TEXT, 12},
    {"airport", c_airport, ENDS | STAYS | EVENTS, COLUMN_TEXT, 7},
    {"p", c_p, ALL, COLUMN_NUMBER, 5},
    {"t_lo", c_t_lo, ENDS | STAYS | EVENTS, COLUMN_TEXT, 20},
    {"t_hi", c_t_hi, ENDS | STAYS | EVENTS, COLUMN_TEXT, 20},
    {"t", c_t, ENDS, COLUMN_TEXT, 20},
    {"sure_lo", c_sure_lo, EVENTS, COLUMN_TEXT, 0},
    {"sure_lo", c_sure_lo, STAYS, COLUMN_TEXT, 20},
    {"sure_hi", c_sure_hi, EVENTS, COLUMN_TEXT, 0},
    {"sure_hi", c_sure_hi, STAYS, COLUMN_TEXT, 20},
    {"method", c_method, ENDS | STAYS | EVENTS, COLUMN_TEXT, 21},
    {"from", c_from, FLIGHTS | ENDS, COLUMN_TEXT, 7},
    {"from_p", c_from_p, FLIGHTS | ENDS, COLUMN_NUMBER, 6},
    {"off_lo", c_off_lo, FLIGHTS, COLUMN_TEXT, 20},
    {"off_hi", c_off_hi, FLIGHTS, COLUMN_TEXT, 0},
    {"off_t", c_off_t, FLIGHTS, COLUMN_TEXT, 0},
    {"off_method", c_off_method, FLIGHTS, COLUMN_TEXT, 0},
    {"to", c_to, FLIGHTS | ENDS, COLUMN_TEXT, 7},
    {"to_p", c_to_p, FLIGHTS | ENDS, COLUMN_NUMBER, 6},
    {"on_lo", c_on_lo, FLIGHTS, COLUMN_TEXT, 20},
    {"on_hi", c_on_hi, FLIGHTS, COLUMN_TEXT, 0},
    {"on_t", c_on_t, FLIGHTS, COLUMN_TEXT, 0},
    {"on_method", c_on_method, FLIGHTS, COLUMN_TEXT, 21},
    {"over", c_over, FLIGHTS | STAYS, COLUMN_NUMBER, 0},
    {"observed", c_observed, FLIGHTS | ENDS | STAYS, COLUMN_NUMBER, 8},
    {"sortie", c_sortie, FLIGHTS | ENDS, COLUMN_NUMBER, 6},
    {"lat", c_lat, EVENTS, COLUMN_NUMBER, 9},
    {"lon", c_lon, EVENTS, COLUMN_NUMBER, 10},
    {"alt_ft", c_alt, EVENTS, COLUMN_NUMBER, 6},
    {"size_m", c_size, EVENTS, COLUMN_NUMBER, 7},
    {"turns", c_turns, EVENTS, COLUMN_NUMBER, 0},
    {"other", c_other, EVENTS, COLUMN_TEXT, 7},
    {"lift_low_kg", c_lift_low, FLIGHTS | ENDS, COLUMN_NUMBER, 0},
    {"lift_plan_kg", c_lift_plan, FLIGHTS | ENDS, COLUMN_NUMBER, 0},
    {"lift_max_kg", c_lift_max, FLIGHTS | ENDS, COLUMN_NUMBER, 0},
    {"sum_p", c_sum_p, FLIGHTS | ENDS, COLUMN_NUMBER, 0},
    {"fixes", c_fixes, ALL, COLUMN_NUMBER, 0},
    {"silent_s", c_silent, ALL, COLUMN_NUMBER, 0},
    {"heard_p", c_heard, ALL, COLUMN_NUMBER, 0},
    {"rules", c_rules, ALL, COLUMN_TEXT, 0},
};

const size_t ledger_column_count = sizeof ledger_columns / sizeof *ledger_columns;

/* Below this, as the desk's words have it, a destination is not established. */
#define ESTABLISHED_P 0.4F

void column_say(const struct column *c, const struct ledger_row *r, char out[COLUMN_CELL_MAX])
{
    const struct claim_candidate *place = c->cell == c_from ? &r->from
                                          : c->cell == c_to ? &r->to
                                                            : NULL;
    if (place && place->airport[0] && place->p < ESTABLISHED_P) {
        snprintf(out, COLUMN_CELL_MAX, "unknown");
    } else {
        c->cell(r, out);
    }
}

bool column_is_in(const struct column *c, const struct ledger_question *q)
{
    return c->in & 1U << q->what;
}
