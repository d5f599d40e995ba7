/* What the board draws over its days: what is left to move, departures so far and ahead, and the
   clearances of each country. */
#include "operation/board_internal.h"
#include "operation/board_json.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

enum { COUNTRIES = 24, LAPSING = 12, LAPSING_DAYS = 14 };

void board_day(struct buf *b, const char *key, int64_t day)
{
    char at[32];
    instant_format(day * DAY_MS * 1000, 0, at);
    at[10] = 0;
    board_key(b, key);
    board_plain(b, at);
}

/* ---- left to move ---- */

static double shown(enum measure m, double base_units)
{
    return m == MEASURE_MASS ? base_units / 1000 : base_units;
}

static void write_band(struct buf *b, const char *key, const struct forecast_burn *of, unsigned n,
                       size_t offset)
{
    board_open(b, key, '[');
    for (unsigned d = 0; d < n; d++) {
        float v;
        memcpy(&v, (const char *)&of->day[d] + offset, sizeof v);
        board_number(b, NULL, shown(of->measure, (double)v), 1);
    }
    buf_byte(b, ']');
}

/* What would be left at the end of each day if every departure had been full, at one lift. */
static void write_full(struct buf *b, const char *key, const struct board_view *v,
                       const struct forecast_burn *of, enum lift lift)
{
    double left = of->whole;
    const enum tally_edge edge = operation_edge(v->o);
    const int64_t last = v->at_ms / DAY_MS - v->series->first_day;
    size_t i = 0;
    board_open(b, key, '[');
    for (int64_t d = 0; d <= last && d < v->series->days; d++) {
        for (; i < v->m->n && v->m->of[i].t_ms / DAY_MS - v->series->first_day <= d; i++) {
            double kg[LIFTS];
            if (match_is_in(&v->m->of[i]) && tally_lift(v->o, &v->m->of[i].s, NULL, kg)) {
                left -= (double)(edge == TALLY_OUT ? v->m->of[i].leaves : v->m->of[i].arrives) *
                        kg[lift];
            }
        }
        board_number(b, NULL, shown(of->measure, left > 0 ? left : 0), 1);
    }
    buf_byte(b, ']');
}

/* Totals that were claimed of the measure. */
static void write_pins(struct buf *b, const struct board_view *v, enum measure m)
{
    size_t n;
    const struct item *c = operation_all(v->o, ITEM_CLAIM, &n);
    board_open(b, "claimed", '[');
    for (size_t i = 0; i < n; i++) {
        const enum unit u = item_unit(&c[i], SAID_CLAIM_UNIT);
        if (strcmp(item_text(&c[i], SAID_CLAIM_EVENT), "total_moved") != 0 || u == UNITS ||
            unit_word[u].measure != m || !forecast_claim_known(&c[i], v->at_ms) ||
            (v->published && item_flag(&c[i], SAID_CLAIM_SENSITIVE))) {
            continue;
        }
        const double low = item_number(&c[i], SAID_CLAIM_LOW, 0);
        board_open(b, NULL, '{');
        board_text(b, "claim", c[i].key);
        board_text(b, "place", item_text(&c[i], SAID_CLAIM_PLACE));
        board_time(b, "at", item_ms(&c[i], SAID_CLAIM_AS_OF));
        board_number(b, "moved_low", shown(m, low * unit_word[u].low), 1);
        board_number(b, "moved_high",
                     shown(m, item_number(&c[i], SAID_CLAIM_HIGH, low) * unit_word[u].high), 1);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

void board_burn_down(const struct board_view *v, struct buf *out)
{
    board_open(out, "burn_down", '[');
    for (size_t k = 0; v->series && k < v->series->n; k++) {
        const struct forecast_burn *of = &v->series->of[k];
        const unsigned n = v->series->days;
        board_open(out, NULL, '{');
        board_text(out, "line", of->line ? of->line->key : "");
        board_text(out, "unit", of->measure == MEASURE_MASS ? "t" : "people");
        board_number(out, "whole", shown(of->measure, of->whole), 1);
        board_day(out, "first_day", v->series->first_day);
        const int64_t known = v->at_ms / DAY_MS - v->series->first_day + 1;
        board_number(out, "known_days", (double)known, 0);
        write_band(out, "low", of, n, offsetof(struct forecast_band, low));
        write_band(out, "mid", of, n, offsetof(struct forecast_band, mid));
        write_band(out, "high", of, n, offsetof(struct forecast_band, high));
        if (!of->line && of->measure == MEASURE_MASS) {
            write_full(out, "if_full_low", v, of, LIFT_LOW);
            write_full(out, "if_full_plan", v, of, LIFT_PLAN);
            write_full(out, "if_full_max", v, of, LIFT_MAX);
        }
        if (!of->line) {
            write_pins(out, v, of->measure);
        }
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

/* ---- days ---- */

size_t board_span(const struct board_view *v, int32_t *first)
{
    const int64_t start = item_ms(operation_head(v->o), SAID_HEAD_START);
    *first = (int32_t)(start / DAY_MS);
    const int64_t days = v->at_ms / DAY_MS - *first + 1;
    return days < 1 ? 1 : days > 3660 ? 3660 : (size_t)days;
}

static void write_edge(struct buf *b, const char *name, const struct tally_day *d,
                       enum tally_edge e)
{
    static const char *const key[] = {"", "_low", "_high", "_listed", "_observed"};
    const double value[] = {(double)d->expected[e], d->low[e], d->high[e], d->listed[e],
                            d->observed[e]};
    for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
        char full[32];
        snprintf(full, sizeof full, "%s%s", name, key[k]);
        board_number(b, full, value[k], k ? 0 : 2);
    }
}

enum err board_days(const struct board_view *v, struct buf *out)
{
    int32_t first;
    const size_t n = board_span(v, &first);
    struct tally_day *d = malloc(n * sizeof *d);
    enum err e = d ? tally_days(v->m, first, n, d) : ERR_MEMORY;
    board_open(out, "days", '[');
    for (size_t k = 0; k < n && !e; k++) {
        board_open(out, NULL, '{');
        board_day(out, "day", first + (int64_t)k);
        write_edge(out, "departures", &d[k], TALLY_OUT);
        write_edge(out, "arrivals", &d[k], TALLY_IN);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
    free(d);
    return e;
}

/* Departures of the days ahead, from today on: none through days without clearance, fewer as lines
   come to their end. */
void board_ahead(const struct board_view *v, struct buf *out)
{
    board_open(out, "days_ahead", '[');
    const int64_t today = v->at_ms / DAY_MS;
    for (unsigned d = 0; v->series && d < v->series->days; d++) {
        const struct forecast_band *a = &v->series->ahead[d];
        if (v->series->first_day + (int64_t)d < today) {
            continue;
        }
        board_open(out, NULL, '{');
        board_day(out, "day", v->series->first_day + (int64_t)d);
        board_number(out, "departures", (double)a->mid, 2);
        board_number(out, "departures_low", (double)a->low, 0);
        board_number(out, "departures_high", (double)a->high, 0);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

/* ---- clearances by country ---- */

struct country_sum {
    char country[3];
    unsigned state[CLEARANCE_STATES]; /* flights, each once: as it stands worst */
};

static struct country_sum *sum_of(struct country_sum *s, size_t *n, const char *country)
{
    for (size_t k = 0; k < *n; k++) {
        if (strcmp(s[k].country, country) == 0) {
            return &s[k];
        }
    }
    if (*n == COUNTRIES || !country[0]) {
        return NULL;
    }
    memcpy(s[*n].country, country, sizeof s->country);
    return &s[(*n)++];
}

static void add_flight(struct country_sum *s, size_t *n, unsigned all[CLEARANCE_STATES],
                       const struct clearance_finding *f, size_t findings)
{
    enum clearance_state worst = CLEARANCE_INSIDE;
    for (size_t k = 0; k < findings; k++) {
        struct country_sum *c = sum_of(s, n, f[k].country);
        enum clearance_state here = f[k].state;
        bool first = true;
        for (size_t j = 0; j < findings; j++) { /* its landing and take-off are one */
            if (strcmp(f[j].country, f[k].country) == 0) {
                first &= j >= k;
                here = clearance_grave(f[j].state) > clearance_grave(here) ? f[j].state : here;
            }
        }
        if (c && first) {
            c->state[here]++;
        }
        worst = clearance_grave(here) > clearance_grave(worst) ? here : worst;
    }
    all[worst] += findings > 0;
}

static void write_states(struct buf *b, const char *key, const unsigned state[CLEARANCE_STATES])
{
    board_open(b, key, '{');
    for (unsigned k = 0; k < CLEARANCE_STATES; k++) {
        board_number(b, clearance_state_key(k), state[k], 0);
    }
    buf_byte(b, '}');
}

static void write_country(struct buf *b, const struct board_view *v, const struct country_sum *s)
{
    size_t n;
    const struct item *c = operation_all(v->o, ITEM_CLEARANCE, &n);
    const struct item *rule = operation_find(v->o, ITEM_RULE, s->country);
    unsigned valid = 0;
    int64_t next = SORTIE_NO_TIME, until = SORTIE_NO_TIME;
    for (size_t i = 0; i < n; i++) {
        int64_t from, to;
        if (strcmp(item_text(&c[i], SAID_CLEARANCE_COUNTRY), s->country) != 0 ||
            !clearance_window(v->o, &c[i], v->at_ms, &from, &to)) {
            continue;
        }
        if (from > v->at_ms) {
            next = next == SORTIE_NO_TIME || from < next ? from : next;
        } else if (to >= v->at_ms) {
            valid++;
            until = to > until ? to : until;
        }
    }
    board_open(b, NULL, '{');
    board_text(b, "country", s->country);
    board_number(b, "valid_now", valid, 0);
    board_time(b, "valid_until", until);
    board_time(b, "next_valid", next);
    write_states(b, "flights", s->state);
    board_key(b, "rule");
    if (rule) {
        item_json(rule, b);
    } else {
        buf_text(b, "null");
    }
    buf_byte(b, '}');
}

void board_countries(const struct board_view *v, struct buf *out)
{
    struct country_sum s[COUNTRIES] = {0};
    unsigned all[CLEARANCE_STATES] = {0};
    size_t n = 0, items, looked = 0;
    const struct item *c = operation_all(v->o, ITEM_CLEARANCE, &items);
    for (size_t i = 0; i < items; i++) {
        sum_of(s, &n, item_text(&c[i], SAID_CLEARANCE_COUNTRY));
    }
    for (size_t i = v->m->n; i-- > 0 && looked < BOARD_FLIGHTS;) {
        struct clearance_finding f[CLEARANCE_FINDINGS];
        if (match_is_in(&v->m->of[i])) {
            const size_t found = clearance_find(v->o, &v->m->taken, &v->m->of[i].s, v->at_ms, f);
            add_flight(s, &n, all, f, found);
            looked++;
        }
    }
    write_states(out, "clearance_flights", all);
    board_open(out, "clearance_countries", '[');
    for (size_t k = 0; k < n; k++) {
        write_country(out, v, &s[k]);
    }
    buf_byte(out, ']');
}

/* ---- what ends next ---- */

void board_lapsing(const struct board_view *v, struct buf *out)
{
    struct clearance_end of[LAPSING];
    const size_t n = clearance_ends(v->o, v->at_ms, LAPSING_DAYS * DAY_MS, of, LAPSING);
    board_open(out, "lapsing", '[');
    for (size_t k = 0; k < n; k++) {
        board_open(out, NULL, '{');
        board_text(out, "clearance", of[k].c->key);
        board_text(out, "country", item_text(of[k].c, SAID_CLEARANCE_COUNTRY));
        board_text(out, "use", item_text(of[k].c, SAID_CLEARANCE_USE));
        board_time(out, "at", of[k].to_ms);
        board_flag(out, "last", of[k].is_last);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}
