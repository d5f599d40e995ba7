/* Flights, claims, clearances and the forecast of the board. */
#include "operation/board.h"
#include "operation/board_json.h"
#include "operation/words.h"

#include <math.h>

#define DAY_MS INT64_C(86400000)

/* ---- flights ---- */

static void write_end(struct buf *b, const char *key, const struct sortie_end *e, double p)
{
    board_open(b, key, '{');
    board_time(b, "t_lo", e->lo_ms);
    board_time(b, "t_hi", e->hi_ms);
    board_time(b, "t", sortie_end_time(e));
    board_flag(b, "observed", e->observed);
    board_number(b, "p", p, 3);
    board_open(b, "places", '[');
    for (unsigned k = 0; k < e->places; k++) {
        board_open(b, NULL, '{');
        board_text(b, "airport", e->place[k].code);
        board_number(b, "p", (double)e->place[k].p, 3);
        if (e->place[k].told > 0 && fabsf(e->place[k].told - e->place[k].p) >= 0.0005F) {
            board_number(b, "ledger_p", (double)e->place[k].told, 3);
        }
        buf_byte(b, '}');
    }
    buf_text(b, "]}");
}

static void write_findings(struct buf *b, const struct board_view *v, const struct sortie *s)
{
    struct clearance_finding f[CLEARANCE_FINDINGS];
    const size_t n = clearance_find(v->o, &v->m->taken, s, v->at_ms, f);
    board_open(b, "clearances", '[');
    for (size_t k = 0; k < n; k++) {
        board_open(b, NULL, '{');
        board_text(b, "country", f[k].country);
        board_text(b, "use", f[k].use == CLEARANCE_LANDING ? "landing" : "overflight");
        board_flag(b, "leaving", f[k].leaving);
        board_text(b, "state", clearance_state_key(f[k].state));
        board_text(b, "clearance", f[k].clearance ? f[k].clearance->key : "");
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

/* Passages seen, with their times, and the countries of them, each once. */
static void write_passages(struct buf *b, const struct sortie *s)
{
    board_open(b, "passages", '[');
    for (unsigned k = 0; k < s->states; k++) {
        board_open(b, NULL, '{');
        board_text(b, "country", s->state[k].country);
        board_time(b, "first", s->state[k].first_ms);
        board_time(b, "last", s->state[k].last_ms);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
    board_open(b, "seen_over", '[');
    for (unsigned k = 0; k < s->states; k++) {
        unsigned before = 0;
        while (before < k && strcmp(s->state[before].country, s->state[k].country) != 0) {
            before++;
        }
        if (before == k) {
            board_text(b, NULL, s->state[k].country);
        }
    }
    buf_byte(b, ']');
}

static void write_flight(struct buf *b, const struct board_view *v, const struct match *m)
{
    const struct sortie *s = &m->s;
    char hex[8];
    double kg[LIFTS];
    item_hex(s->address, hex);
    board_open(b, NULL, '{');
    board_text(b, "hex", hex);
    board_text(b, "callsign", s->callsign);
    board_text(b, "type", s->type);
    board_text(b, "registration", s->registration);
    board_text(b, "country", s->country);
    board_text(b, "operator", s->operator);
    board_text(b, "match", match_why_key(m->why));
    if (m->correction) {
        board_text(b, "reason", item_text(m->correction, SAID_CORRECTION_REASON));
    }
    board_text(b, "base", m->base);
    board_number(b, "leaves", (double)m->leaves, 3);
    board_number(b, "arrives", (double)m->arrives, 3);
    board_time(b, "t", m->t_ms);
    board_flag(b, "implied", s->implied);
    board_flag(b, "by_habit", m->by_habit);
    write_end(b, "off", &s->off, (double)s->off.p);
    write_end(b, "on", &s->on, (double)s->on.p);
    if (tally_lift(v->o, s, NULL, kg)) {
        board_open(b, "lift_t", '[');
        for (int k = 0; k < LIFTS; k++) {
            board_number(b, NULL, kg[k] / 1000, 1);
        }
        buf_byte(b, ']');
    }
    if (s->path_known) {
        write_passages(b, s);
        board_number(b, "silent_min", (double)s->silent_ms / 60000, 0);
    }
    write_findings(b, v, s);
    buf_byte(b, '}');
}

enum err board_flights(const struct board_view *v, size_t from, size_t most, struct buf *out)
{
    size_t at = 0, given = 0;
    board_open(out, NULL, '[');
    for (size_t i = v->m->n; i-- > 0 && given < most;) { /* the newest first */
        const struct match *m = &v->m->of[i];
        if ((match_is_in(m) || m->correction) && at++ >= from) {
            write_flight(out, v, m);
            given++;
        }
    }
    buf_byte(out, ']');
    return out->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- claims ---- */

static void write_arithmetic(struct buf *b, const struct verdict_of *of)
{
    board_open(b, "arithmetic", '{');
    board_number(b, "departures", of->departures, 1);
    board_number(b, "departures_low", of->departures_low, 0);
    board_number(b, "departures_high", of->departures_high, 0);
    board_number(b, "claimed_low_t", of->kg_low / 1000, 1);
    board_number(b, "claimed_high_t", of->kg_high / 1000, 1);
    board_number(b, "offered_low_t", of->offered_low_kg / 1000, 1);
    board_number(b, "offered_plan_t", of->offered_plan_kg / 1000, 1);
    board_number(b, "offered_max_t", of->offered_max_kg / 1000, 1);
    board_number(b, "loads_at_max", of->loads_at_max, 0);
    board_number(b, "loads_at_max_high", of->loads_at_max_high, 0);
    board_number(b, "loads_at_plan", of->loads_at_plan, 0);
    buf_byte(b, '}');
}

/* What the claim is in mass, against each planning factor: loads it takes. */
static void write_loads(struct buf *b, const struct board_view *v, const struct verdict_of *of)
{
    size_t n;
    const struct item *f = operation_all(v->o, ITEM_FACTOR, &n);
    board_open(b, "loads", '[');
    for (size_t k = 0; k < n && of->kg_low > 0; k++) {
        const double kg = item_number(&f[k], SAID_FACTOR_PAYLOAD, 0) *
                          unit_word[item_unit(&f[k], SAID_FACTOR_UNIT)].low;
        if (kg <= 0) {
            continue;
        }
        board_open(b, NULL, '{');
        board_text(b, "factor", f[k].key);
        board_text(b, "edition", item_text(&f[k], SAID_FACTOR_EDITION));
        /* Whole loads, up: a rest needs an aircraft too. */
        board_number(b, "low", (double)(int64_t)(of->kg_low / kg + 0.999999), 0);
        board_number(b, "high", (double)(int64_t)(of->kg_high / kg + 0.999999), 0);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void write_claim(struct buf *b, const struct item *c, const struct verdict_of *of,
                        const struct board_view *v)
{
    struct buf item = {0};
    board_open(b, NULL, '{');
    board_key(b, "claim");
    item_json(c, &item);
    buf_add(b, item.p, item.n);
    buf_free(&item);
    board_text(b, "verdict", verdict_key(of->verdict));
    board_text(b, "why", verdict_why_key(of->why));
    board_open(b, "sentence", '{');
    for (unsigned l = 0; l < LANGUAGES; l++) {
        struct buf s = {0};
        verdict_sentence(of, l, &s);
        board_key(b, language_key(l));
        buf_json_string(b, (const char *)s.p, s.n);
        buf_free(&s);
    }
    buf_byte(b, '}');
    write_arithmetic(b, of);
    write_loads(b, v, of);
    board_open(b, "flights", '[');
    for (size_t k = 0; k < of->flights; k++) {
        char hex[8];
        item_hex(of->flight[k]->s.address, hex);
        board_open(b, NULL, '{');
        board_text(b, "hex", hex);
        board_text(b, "callsign", of->flight[k]->s.callsign);
        board_time(b, "t", of->flight[k]->t_ms);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
    board_open(b, "conflicts", '[');
    for (size_t k = 0; k < of->conflicts; k++) {
        board_text(b, NULL, of->conflict[k]->key);
    }
    buf_text(b, "]}");
}

enum err board_claims(const struct board_view *v, struct buf *out)
{
    size_t n;
    const struct item *c = operation_all(v->o, ITEM_CLAIM, &n);
    enum err e = ERR_OK;
    board_open(out, NULL, '[');
    for (size_t k = 0; k < n && !e; k++) {
        struct verdict_of of;
        if (!forecast_claim_known(&c[k], v->at_ms) ||
            (v->published && item_flag(&c[k], SAID_CLAIM_SENSITIVE))) {
            continue;
        }
        e = verdict_find(v->o, v->m, &c[k], v->at_ms, &of);
        if (!e) {
            write_claim(out, &c[k], &of, v);
        }
    }
    buf_byte(out, ']');
    return e ? e : out->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- clearances ---- */

static void write_clearance(struct buf *b, const struct board_view *v, const struct item *c)
{
    int64_t from, to;
    struct buf item = {0};
    board_key(b, NULL);
    item_json(c, &item);
    if (item.n > 1) {
        item.n--; /* its bracket: more follows */
    }
    buf_add(b, item.p, item.n);
    buf_free(&item);
    const int64_t decided = item_ms(c, SAID_CLEARANCE_DECIDED);
    const bool open = decided != ITEM_NO_TIME && decided > v->at_ms;
    const bool valid = clearance_window(v->o, c, v->at_ms, &from, &to);
    board_text(b, "state_now",
               open ? "requested"
               : valid && to < v->at_ms && item_word(c, SAID_CLEARANCE_STATE) == 1
                   ? "expired"
                   : item_text(c, SAID_CLEARANCE_STATE));
    board_time(b, "valid_from", valid ? from : SORTIE_NO_TIME);
    board_time(b, "valid_to", valid ? to : SORTIE_NO_TIME);
    buf_byte(b, '}');
}

enum err board_clearances(const struct board_view *v, struct buf *out)
{
    size_t n;
    const struct item *c = operation_all(v->o, ITEM_CLEARANCE, &n);
    board_open(out, NULL, '[');
    for (size_t k = 0; k < n; k++) {
        const int64_t asked = item_ms(&c[k], SAID_CLEARANCE_REQUESTED);
        if (asked == ITEM_NO_TIME || asked <= v->at_ms) {
            write_clearance(out, v, &c[k]);
        }
    }
    buf_byte(out, ']');
    return out->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- the forecast ---- */

static void write_line(struct buf *b, const struct forecast_line *l)
{
    board_text(b, "basis", forecast_basis_key(l->basis));
    if (l->line) {
        board_text(b, "line", l->line->key);
        board_number(b, "quantity", l->quantity, 1);
        board_text(b, "unit", item_text(l->line, SAID_LINE_UNIT));
        board_number(b, "moved_low", l->moved_low, 1);
        board_number(b, "moved", l->moved, 1);
        board_number(b, "moved_high", l->moved_high, 1);
        board_number(b, "needed_a_day", l->needed_a_day, 3);
    }
    if (l->basis <= FORECAST_DONE) {
        board_time(b, "at_10", l->at_10_ms);
        board_time(b, "at_50", l->at_50_ms);
        board_time(b, "at_90", l->at_90_ms);
        board_number(b, "p_deadline", l->p_deadline, 3);
    }
}

void board_forecast(const struct forecast *f, struct buf *out)
{
    board_open(out, NULL, '{');
    board_time(out, "at", f->now_ms);
    board_time(out, "deadline", f->deadline_ms);
    board_number(out, "load_t", f->load_kg / 1000, 1);
    board_number(out, "load_sd_t", f->load_sd_kg / 1000, 1);
    board_flag(out, "load_learned", f->load_learned);
    board_number(out, "lines_without_basis", f->lines_without, 0);
    board_open(out, "all", '{');
    write_line(out, &f->all);
    buf_byte(out, '}');
    board_open(out, "lines", '[');
    for (size_t k = 0; k < f->lines; k++) {
        board_open(out, NULL, '{');
        write_line(out, &f->line[k]);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
    board_open(out, "bases", '[');
    for (size_t k = 0; k < f->bases; k++) {
        const struct forecast_base *base = &f->base[k];
        board_open(out, NULL, '{');
        board_text(out, "base", base->code);
        board_number(out, "departures_a_day", base->rate, 3);
        board_number(out, "departures_a_day_10", base->rate_low, 3);
        board_number(out, "departures_a_day_90", base->rate_high, 3);
        board_flag(out, "has_pace", base->has_pace);
        board_number(out, "gap_days", base->gap_days, 0);
        board_number(out, "people_a_departure", base->people, 1);
        board_number(out, "ceiling_t_a_day", base->ceiling_kg / 1000, 1);
        board_time(out, "next_10", base->next_10_ms);
        board_time(out, "next_50", base->next_50_ms);
        board_time(out, "next_90", base->next_90_ms);
        buf_byte(out, '}');
    }
    buf_text(out, "]}");
}
