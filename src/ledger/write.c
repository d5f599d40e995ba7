/* Rows as a table, CSV or JSON, and their sum. A column is a row of one table. */
#include "ledger/row.h"

#include "base/chance.h"
#include "base/instant.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_MAX = 64 };

enum { NUMBER, TEXT };

/* ---- cells: "" is not known ---- */

typedef void cell_fn(const struct ledger_row *r, char out[CELL_MAX]);

static void text(char out[CELL_MAX], const char *s, size_t max)
{
    size_t n = strnlen(s, max);
    while (n > 0 && s[n - 1] == ' ') {
        n--;
    }
    memcpy(out, s, n);
    out[n] = 0;
}

static void time_of(char out[CELL_MAX], int64_t t_ms)
{
    if (t_ms != CLAIM_NO_TIME) {
        instant_format(t_ms * 1000, 0, out);
    }
}

static void share(char out[CELL_MAX], float p)
{
    snprintf(out, CELL_MAX, "%.3f", (double)p);
}

static void c_address(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->address == ADDRESS_NONE) {
        return; /* of no aircraft: a cell */
    }
    snprintf(out, CELL_MAX, "%s%06" PRIx32, r->address & ADDRESS_NON_ICAO ? "~" : "",
             r->address & 0xffffff);
}

static void c_epoch(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%u", r->epoch);
}

static void c_leg(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->leg) {
        snprintf(out, CELL_MAX, "%" PRIu32, r->leg);
    }
}

static void c_number(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%" PRIu32, r->number);
}

static void c_callsign(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->claim.flight, sizeof r->claim.flight);
}

static void c_registration(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->registration, sizeof r->registration);
}

static void c_type(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->type, sizeof r->type);
}

static void c_class(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->class, sizeof r->class);
}

static void c_operator(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->operator, sizeof r->operator);
}

static void c_state(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->country, sizeof r->country);
}

static void c_military(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%d", r->military);
}

static void c_from(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->from.airport, sizeof r->from.airport);
}

static void c_from_p(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->from.airport[0]) {
        share(out, r->from.p);
    }
}

static void c_to(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->to.airport, sizeof r->to.airport);
}

static void c_to_p(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->to.airport[0]) {
        share(out, r->to.p);
    }
}

static void c_airport(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, r->airport, sizeof r->airport);
}

static void c_off_lo(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->off_lo_ms);
}

static void c_off_hi(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->off_hi_ms);
}

static void c_on_lo(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->on_lo_ms);
}

static void c_on_hi(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->on_hi_ms);
}

static void c_t_lo(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->claim.t_lo_ms);
}

static void c_t_hi(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->claim.t_hi_ms);
}

static void c_sure_lo(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->claim.sure_lo_ms);
}

static void c_sure_hi(const struct ledger_row *r, char out[CELL_MAX])
{
    time_of(out, r->claim.sure_hi_ms);
}

static void c_p(const struct ledger_row *r, char out[CELL_MAX])
{
    share(out, r->p);
}

static void method(char out[CELL_MAX], int m)
{
    if (m >= 0) {
        text(out, claim_method_word[m].key, CELL_MAX - 1);
    }
}

static void c_method(const struct ledger_row *r, char out[CELL_MAX])
{
    method(out, r->claim.method);
}

static void c_off_method(const struct ledger_row *r, char out[CELL_MAX])
{
    method(out, r->off_method);
}

static void c_on_method(const struct ledger_row *r, char out[CELL_MAX])
{
    method(out, r->on_method);
}

static void c_observed(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%d", r->observed);
}

static void c_sortie(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%d", r->is_sortie);
}

static void c_over(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%d", r->is_over);
}

static void lift(const struct ledger_row *r, int i, char out[CELL_MAX])
{
    if (r->lift_kg[i]) {
        snprintf(out, CELL_MAX, "%" PRIu32, r->lift_kg[i]);
    }
}

static void c_lift_low(const struct ledger_row *r, char out[CELL_MAX])
{
    lift(r, 0, out);
}

static void c_lift_plan(const struct ledger_row *r, char out[CELL_MAX])
{
    lift(r, 1, out);
}

static void c_lift_max(const struct ledger_row *r, char out[CELL_MAX])
{
    lift(r, 2, out);
}

static void c_kind(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, claim_kind_word[r->claim.kind].key, CELL_MAX - 1);
}

static void c_shape(const struct ledger_row *r, char out[CELL_MAX])
{
    text(out, claim_shape_word[r->claim.shape].key, CELL_MAX - 1);
}

static void c_lat(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.lat_e7 != CLAIM_NO_PLACE) {
        snprintf(out, CELL_MAX, "%.5f", r->claim.lat_e7 * 1e-7);
    }
}

static void c_lon(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.lat_e7 != CLAIM_NO_PLACE) {
        snprintf(out, CELL_MAX, "%.5f", r->claim.lon_e7 * 1e-7);
    }
}

static void c_alt(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.alt_ft != CLAIM_NO_ALTITUDE) {
        snprintf(out, CELL_MAX, "%" PRId32, r->claim.alt_ft);
    }
}

static void c_size(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.size_m) {
        snprintf(out, CELL_MAX, "%" PRIu32, r->claim.size_m);
    }
}

static void c_turns(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.turns) {
        snprintf(out, CELL_MAX, "%u", r->claim.turns);
    }
}

static void c_other(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.other != ADDRESS_NONE) {
        snprintf(out, CELL_MAX, "%06" PRIx32, r->claim.other & 0xffffff);
    }
}

static void c_fixes(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%" PRIu32, r->claim.evidence.fixes);
}

static void c_silent(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%" PRIu32, r->claim.evidence.silent_s);
}

static void c_heard(const struct ledger_row *r, char out[CELL_MAX])
{
    if (r->claim.evidence.heard >= 0) {
        share(out, r->claim.evidence.heard);
    }
}

static void c_rules(const struct ledger_row *r, char out[CELL_MAX])
{
    snprintf(out, CELL_MAX, "%08" PRIx32, r->claim.evidence.rules);
}

/* ---- columns ---- */

/* In which answers a column stands: bits of enum ledger_what. */
#define FLIGHTS (1U << LEDGER_FLIGHTS)
#define ENDS    (1U << LEDGER_ARRIVALS | 1U << LEDGER_DEPARTURES)
#define STAYS   (1U << LEDGER_STAYS)
#define EVENTS  (1U << LEDGER_ORBITS | 1U << LEDGER_EVENTS)
#define ALL     (FLIGHTS | ENDS | STAYS | EVENTS)

static const struct column {
    const char *name;
    cell_fn *cell;
    unsigned in;
    int type;
    int width; /* in the table; 0: it is not there */
} columns[] = {
    {"hex", c_address, ALL, TEXT, 7},
    {"epoch", c_epoch, ALL, NUMBER, 0},
    {"leg", c_leg, ALL, NUMBER, 0},
    {"row", c_number, ALL, NUMBER, 0},
    {"callsign", c_callsign, ALL, TEXT, 8},
    {"registration", c_registration, ALL, TEXT, 0},
    {"type", c_type, ALL, TEXT, 4},
    {"class", c_class, ALL, TEXT, 0},
    {"operator", c_operator, ALL, TEXT, 0},
    {"state", c_state, ALL, TEXT, 0},
    {"military", c_military, ALL, NUMBER, 0},
    {"kind", c_kind, EVENTS, TEXT, 14},
    {"shape", c_shape, EVENTS, TEXT, 12},
    {"airport", c_airport, ENDS | STAYS | EVENTS, TEXT, 7},
    {"p", c_p, ALL, NUMBER, 5},
    {"t_lo", c_t_lo, ENDS | STAYS | EVENTS, TEXT, 20},
    {"t_hi", c_t_hi, ENDS | STAYS | EVENTS, TEXT, 20},
    {"sure_lo", c_sure_lo, STAYS | EVENTS, TEXT, 0},
    {"sure_hi", c_sure_hi, STAYS | EVENTS, TEXT, 0},
    {"method", c_method, ENDS | STAYS | EVENTS, TEXT, 21},
    {"from", c_from, FLIGHTS | ENDS, TEXT, 7},
    {"from_p", c_from_p, FLIGHTS | ENDS, NUMBER, 6},
    {"off_lo", c_off_lo, FLIGHTS, TEXT, 20},
    {"off_hi", c_off_hi, FLIGHTS, TEXT, 0},
    {"off_method", c_off_method, FLIGHTS, TEXT, 0},
    {"to", c_to, FLIGHTS | ENDS, TEXT, 7},
    {"to_p", c_to_p, FLIGHTS | ENDS, NUMBER, 6},
    {"on_lo", c_on_lo, FLIGHTS, TEXT, 20},
    {"on_hi", c_on_hi, FLIGHTS, TEXT, 0},
    {"on_method", c_on_method, FLIGHTS, TEXT, 21},
    {"over", c_over, FLIGHTS, NUMBER, 0},
    {"observed", c_observed, FLIGHTS | ENDS | STAYS, NUMBER, 8},
    {"sortie", c_sortie, FLIGHTS | ENDS, NUMBER, 6},
    {"lat", c_lat, EVENTS, NUMBER, 9},
    {"lon", c_lon, EVENTS, NUMBER, 10},
    {"alt_ft", c_alt, EVENTS, NUMBER, 6},
    {"size_m", c_size, EVENTS, NUMBER, 7},
    {"turns", c_turns, EVENTS, NUMBER, 0},
    {"other", c_other, EVENTS, TEXT, 7},
    {"lift_low_kg", c_lift_low, FLIGHTS | ENDS, NUMBER, 0},
    {"lift_plan_kg", c_lift_plan, FLIGHTS | ENDS, NUMBER, 0},
    {"lift_max_kg", c_lift_max, FLIGHTS | ENDS, NUMBER, 0},
    {"fixes", c_fixes, ALL, NUMBER, 0},
    {"silent_s", c_silent, ALL, NUMBER, 0},
    {"heard_p", c_heard, ALL, NUMBER, 0},
    {"rules", c_rules, ALL, TEXT, 0},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool is_in(const struct column *c, const struct ledger_question *q)
{
    return c->in & 1U << q->what;
}

/* ---- the sum ---- */

struct total {
    struct chance_sum sum;
    size_t rows, counted, observed, lifts;
    double missed;     /* in the sum, of flights that follow from nothing */
    double lift_kg[3]; /* expected */
};

static bool is_same_chance(const struct ledger_row *a, const struct ledger_row *b)
{
    return a->address == b->address && a->epoch == b->epoch && a->number == b->number;
}

/* Of flights expected, so many of them unheard, how many more there are that follow from nothing
   because the one before or after was unheard too. If a share u of flights is unheard, whatever the
   one before was, u (1 - u)^2 are seen as unheard and 1 - u as heard; u is found from what is seen,
   with five flights more that were heard so that few say little. */
static double missed_of(double expected, double unheard)
{
    const double seen = unheard / (expected + 5);
    const double odds = seen < 1 ? seen / (1 - seen) : 0;
    const double share = 4 * odds < 1 ? (1 - sqrt(1 - 4 * odds)) / 2 : 0.5;
    const double hidden = share * (1 - (1 - share) * (1 - share));
    return expected * hidden / (1 - hidden);
}

/* Chances of at most a half that add up to what was missed. */
static size_t add_missed(float *p, size_t n, size_t max, double missed)
{
    const size_t more = missed < 0.05 ? 0 : 2 * (size_t)ceil(missed);
    for (size_t i = 0; i < more && n < max; i++) {
        p[n++] = (float)(missed / (double)more);
    }
    return n;
}

/* Rows of one landing at two places are one chance. What is no sortie is shown and not counted. */
static bool add_up(const struct ledger_rows *r, struct total *t)
{
    const size_t max = 3 * r->n + 4;
    float *p = malloc(max * sizeof *p);
    size_t n = 0;
    double expected = 0, unheard = 0;
    const struct ledger_row *last = NULL;
    *t = (struct total){.rows = r->n};
    for (size_t i = 0; p && i < r->n; i++) {
        const struct ledger_row *row = &r->row[i];
        if (!row->is_sortie) {
            continue;
        }
        if (last && is_same_chance(last, row)) {
            p[n - 1] = p[n - 1] + row->p < 1 ? p[n - 1] + row->p : 1;
        } else {
            p[n++] = row->p;
        }
        last = row;
        expected += (double)row->p;
        unheard += row->is_unheard ? (double)row->p : 0;
        t->observed += row->observed;
        t->lifts += row->lift_kg[1] > 0;
        for (int k = 0; k < 3; k++) {
            t->lift_kg[k] += (double)row->p * row->lift_kg[k];
        }
    }
    t->counted = n;
    t->missed = missed_of(expected, unheard);
    n = p ? add_missed(p, n, max, t->missed) : 0;
    const bool fine = p && chance_sum(p, n, &t->sum) == ERR_OK;
    free(p);
    return fine;
}

/* ---- formats ---- */

static size_t shown(const struct ledger_rows *r, const struct ledger_question *q)
{
    const size_t left = r->n - r->from;
    return r->from + (q->limit && q->limit < left ? (size_t)q->limit : left);
}

static void put_csv(const struct ledger_rows *r, const struct ledger_question *q, struct buf *b)
{
    const char *comma = "";
    for (int c = 0; c < COLUMNS; c++) {
        if (is_in(&columns[c], q)) {
            buf_format(b, "%s%s", comma, columns[c].name);
            comma = ",";
        }
    }
    for (size_t i = r->from; i < shown(r, q); i++) {
        comma = "\n";
        for (int c = 0; c < COLUMNS; c++) {
            char cell[CELL_MAX] = "";
            if (is_in(&columns[c], q)) {
                columns[c].cell(&r->row[i], cell);
                buf_format(b, "%s%s", comma, cell);
                comma = ",";
            }
        }
    }
    buf_byte(b, '\n');
}

static void put_evidence(const struct claim *c, struct buf *b)
{
    const struct claim_evidence *e = &c->evidence;
    buf_text(b, ",\"candidates\":[");
    for (unsigned i = 0; i < c->candidates; i++) {
        buf_text(b, i ? ",{\"airport\":" : "{\"airport\":");
        buf_json_string(b, c->candidate[i].airport, strlen(c->candidate[i].airport));
        buf_format(b, ",\"p\":%.4f}", (double)c->candidate[i].p);
    }
    buf_format(b, "],\"none_p\":%.4f,\"evidence\":{\"receivers\":%u,\"share\":[", (double)c->none_p,
               e->receivers);
    for (int i = 0; i < CLAIM_SOURCES; i++) {
        buf_format(b, "%s%u", i ? "," : "", e->share_pct[i]);
    }
    buf_text(b, "],\"rules\":[");
    const char *comma = "";
    for (int i = 0; i < CLAIM_RULES; i++) {
        if (e->rules & 1U << i) {
            buf_format(b, "%s\"%s\"", comma, claim_rule_word[i].key);
            comma = ",";
        }
    }
    buf_text(b, "]}");
}

static void put_json_row(const struct ledger_row *r, const struct ledger_question *q, struct buf *b)
{
    const char *comma = "{";
    for (int c = 0; c < COLUMNS; c++) {
        char cell[CELL_MAX] = "";
        if (!is_in(&columns[c], q) || strcmp(columns[c].name, "rules") == 0) {
            continue;
        }
        columns[c].cell(r, cell);
        buf_format(b, "%s\"%s\":", comma, columns[c].name);
        comma = ",";
        if (!cell[0]) {
            buf_text(b, "null");
        } else if (columns[c].type == TEXT) {
            buf_json_string(b, cell, strlen(cell));
        } else {
            buf_text(b, cell);
        }
    }
    put_evidence(&r->claim, b);
    buf_byte(b, '}');
}

/* What goes on behind the last row shown; null where all were. */
static void put_next(const struct ledger_rows *r, const struct ledger_question *q, struct buf *b)
{
    const size_t end = shown(r, q);
    if (end == r->n || end == 0) {
        buf_text(b, ",\n\"next\":null");
        return;
    }
    const struct ledger_row *l = &r->row[end - 1];
    buf_format(b, ",\n\"next\":\"%lld_%x_%u_%u_%u_%.12s\"", (long long)l->t_ms, l->address,
               l->epoch, l->leg, l->number, l->airport);
}

static void put_json(const struct ledger_rows *r, const struct ledger_question *q,
                     const struct total *t, struct buf *b)
{
    buf_format(b, "{\"%s\":[", ledger_what_name(q->what));
    for (size_t i = r->from; i < shown(r, q); i++) {
        buf_text(b, i > r->from ? ",\n" : "\n");
        put_json_row(&r->row[i], q, b);
    }
    buf_format(b,
               "],\n\"sum\":{\"rows\":%zu,\"counted\":%zu,\"observed\":%zu,\"expected\":%.2f,"
               "\"low\":%zu,\"high\":%zu",
               t->rows, t->counted, t->observed, t->sum.expected, t->sum.low, t->sum.high);
    if (t->lifts) {
        buf_format(b,
                   ",\"lift_offered\":{\"low_kg\":%.0f,\"plan_kg\":%.0f,\"max_kg\":%.0f,"
                   "\"of\":%zu}",
                   t->lift_kg[0], t->lift_kg[1], t->lift_kg[2], t->lifts);
    }
    buf_text(b, "}");
    put_next(r, q, b);
    buf_text(b, "}\n");
}

static void put_sum(const struct ledger_question *q, const struct total *t, struct buf *b)
{
    buf_format(b, "%zu %s, %zu observed; expected %.1f (%zu-%zu)", t->counted,
               ledger_what_name(q->what), t->observed, t->sum.expected, t->sum.low, t->sum.high);
    if (t->rows > t->counted) {
        buf_format(b, "; %zu rows in all", t->rows);
    }
    if (t->lifts) {
        buf_format(b, "; lift offered by %zu: %.0f t low, %.0f t planned, %.0f t at most", t->lifts,
                   t->lift_kg[0] / 1000, t->lift_kg[1] / 1000, t->lift_kg[2] / 1000);
    }
    buf_byte(b, '\n');
}

static void put_table(const struct ledger_rows *r, const struct ledger_question *q,
                      const struct total *t, struct buf *b)
{
    for (size_t i = r->from; i <= shown(r, q); i++) {
        for (int c = 0; c < COLUMNS; c++) {
            char cell[CELL_MAX] = "";
            if (!is_in(&columns[c], q) || !columns[c].width) {
                continue;
            }
            if (i > r->from) {
                columns[c].cell(&r->row[i - 1], cell);
            } else {
                text(cell, columns[c].name, CELL_MAX - 1);
            }
            buf_format(b, columns[c].type == TEXT ? "%-*s  " : "%*s  ", columns[c].width, cell);
        }
        while (b->n && b->p[b->n - 1] == ' ') {
            b->n--;
        }
        buf_byte(b, '\n');
    }
    put_sum(q, t, b);
}

void ledger_rows_write(const struct ledger_rows *r, const struct ledger_question *q,
                       struct buf *out)
{
    struct total t;
    if (!add_up(r, &t)) {
        out->failed = true;
    } else if (q->format == LEDGER_CSV) {
        put_csv(r, q, out);
    } else if (q->format == LEDGER_JSON) {
        put_json(r, q, &t, out);
    } else {
        put_table(r, q, &t, out);
    }
}
