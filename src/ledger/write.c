/* Rows as a table, CSV or JSON, and their sum. */
#include "ledger/column.h"

#include "base/chance.h"
#include "base/instant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the sum ---- */

struct total {
    struct chance_sum sum;
    size_t rows, counted, observed, lifts;
    double claimed; /* by rows */
    double later;   /* more than that, by what later flights say of earlier ones */
    double runs;    /* expected beside them: unheard flights before or after unheard ones */
    struct missed_sum missed; /* or, of a place, what its rhythm tells */
    double lift_kg[3];        /* expected */
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
static size_t add_runs(float *p, size_t n, size_t max, double missed)
{
    const size_t more = missed < 0.05 ? 0 : 2 * (size_t)ceil(missed);
    for (size_t i = 0; i < more && n < max; i++) {
        p[n++] = (float)(missed / (double)more);
    }
    return n;
}

/* Rows of one landing at two places are one chance. What is no sortie is shown and not counted. */
static size_t add_rows(const struct ledger_rows *r, struct total *t, float *p)
{
    size_t n = 0;
    double unheard = 0;
    const struct ledger_row *last = NULL;
    for (size_t i = 0; i < r->n; i++) {
        const struct ledger_row *row = &r->row[i];
        if (!row->is_sortie) {
            continue;
        }
        if (last && is_same_chance(last, row)) {
            p[n - 1] = p[n - 1] + row->sum_p < 1 ? p[n - 1] + row->sum_p : 1;
        } else {
            p[n++] = row->sum_p;
        }
        last = row;
        t->claimed += (double)row->p;
        t->later += (double)(row->sum_p - row->p);
        unheard += row->is_unheard ? (double)row->p : 0;
        t->observed += row->observed;
        t->lifts += row->lift_kg[1] > 0;
        for (int k = 0; k < 3; k++) {
            t->lift_kg[k] += (double)row->sum_p * row->lift_kg[k];
        }
    }
    t->runs = missed_of(t->claimed, unheard);
    return n;
}

/* Whole flights: what is so little beyond one is none more. */
#define SLIGHT 0.25

/* The interval is as much wider as doubts add to that of independent chances: what is unsure comes
   in clumps (whoever misjudges a way misjudges all who flew it: as if of two each told the same),
   what later flights say may be half of that or half as much again, and the number of visits nobody
   heard is known from few. */
static void widen(struct total *t, const float *p, size_t n)
{
    double variance = 0;
    for (size_t i = 0; i < n; i++) {
        variance += (double)p[i] * (1 - (double)p[i]);
    }
    const double more = variance + t->later * t->later / 4 + t->missed.variance_more;
    const double by = variance > 0 ? sqrt(1 + more / variance) : 1;
    const double low = t->sum.expected - by * (t->sum.expected - (double)t->sum.low);
    const double high = t->sum.expected + by * ((double)t->sum.high - t->sum.expected);
    t->sum.low = low > (double)t->observed ? (size_t)floor(low + SLIGHT) : t->observed;
    t->sum.high = (size_t)ceil(high - SLIGHT);
}

static bool add_up(const struct ledger_rows *r, const struct ledger_question *q, struct total *t)
{
    const size_t max = 3 * r->n + 4 + missed_most(&r->missed);
    float *p = malloc(max * sizeof *p);
    *t = (struct total){.rows = r->n};
    if (!p) {
        return false;
    }
    size_t n = add_rows(r, t, p);
    enum err e = ERR_OK;
    t->counted = n;
    if (missed_is_asked(q)) {
        t->runs = 0;
        e = missed_sum(&r->missed, q, &t->missed, p, &n, max);
    } else {
        n = add_runs(p, n, max, t->runs);
    }
    e = e ? e : chance_sum(p, n, &t->sum);
    widen(t, p, n);
    free(p);
    return e == ERR_OK;
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
    for (size_t c = 0; c < ledger_column_count; c++) {
        if (column_is_in(&ledger_columns[c], q)) {
            buf_format(b, "%s%s", comma, ledger_columns[c].name);
            comma = ",";
        }
    }
    for (size_t i = r->from; i < shown(r, q); i++) {
        comma = "\n";
        for (size_t c = 0; c < ledger_column_count; c++) {
            char cell[COLUMN_CELL_MAX] = "";
            if (column_is_in(&ledger_columns[c], q)) {
                ledger_columns[c].cell(&r->row[i], cell);
                buf_format(b, "%s%s", comma, cell);
                comma = ",";
            }
        }
    }
    buf_byte(b, '\n');
}

/* "" where the store does not know it. */
static const char *name_of(struct ledger_names *n, uint16_t number)
{
    struct ledger_name *at = &n->of[number % LEDGER_NAMES];
    if (at->number != number) {
        at->number = number;
        if (!n->store || store_receiver_name(n->store, number, at->name)) {
            at->name[0] = 0;
        }
    }
    return at->name;
}

static void put_heard_by(const struct claim_evidence *e, struct ledger_names *names, struct buf *b)
{
    const char *comma = "";
    buf_text(b, ",\"heard_by\":[");
    for (int i = 0; i < CLAIM_RECEIVERS; i++) {
        const char *name = e->receiver[i] ? name_of(names, e->receiver[i]) : "";
        if (*name) {
            buf_text(b, comma);
            buf_json_string(b, name, strlen(name));
            comma = ",";
        }
    }
    buf_byte(b, ']');
}

static void put_time(const char *key, int64_t t_ms, struct buf *b)
{
    char text[32] = "";
    buf_format(b, ",\"%s\":", key);
    if (t_ms == CLAIM_NO_TIME) {
        buf_text(b, "null");
    } else {
        instant_format(t_ms * 1000, 0, text);
        buf_format(b, "\"%s\"", text);
    }
}

/* What was heard, and where hearing ended. */
static void put_heard(const struct claim_evidence *e, struct ledger_names *names, struct buf *b)
{
    put_heard_by(e, names, b);
    put_time("first", e->first_ms, b);
    put_time("last", e->last_ms, b);
    if (e->lost_alt_ft == CLAIM_NO_ALTITUDE) {
        buf_text(b, ",\"lost_alt_ft\":null");
    } else {
        buf_format(b, ",\"lost_alt_ft\":%d", (int)e->lost_alt_ft);
    }
}

static void put_evidence(const struct claim *c, struct ledger_names *names, struct buf *b)
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
    buf_byte(b, ']');
    put_heard(e, names, b);
    buf_byte(b, '}');
}

static void put_json_row(const struct ledger_row *r, const struct ledger_question *q,
                         struct ledger_names *names, struct buf *b)
{
    const char *comma = "{";
    for (size_t c = 0; c < ledger_column_count; c++) {
        char cell[COLUMN_CELL_MAX] = "";
        if (!column_is_in(&ledger_columns[c], q) || strcmp(ledger_columns[c].name, "rules") == 0) {
            continue;
        }
        ledger_columns[c].cell(r, cell);
        buf_format(b, "%s\"%s\":", comma, ledger_columns[c].name);
        comma = ",";
        if (!cell[0]) {
            buf_text(b, "null");
        } else if (ledger_columns[c].type == COLUMN_TEXT) {
            buf_json_string(b, cell, strlen(cell));
        } else {
            buf_text(b, cell);
        }
    }
    put_evidence(&r->claim, names, b);
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

/* What is in the sum and in no row, and why. */
static void put_unheard(const struct total *t, struct buf *b)
{
    const struct missed_sum *m = &t->missed;
    buf_format(b,
               ",\"low90\":%zu,\"high90\":%zu,\"inferred\":%.2f,\"later\":%.2f,\"unheard\":{"
               "\"expected\":%.2f,"
               "\"long_stays\":%.2f,\"not_heard_again\":%.2f,\"only_from_here\":%.2f,"
               "\"visits\":%.2f,\"runs\":%.2f,\"departures_heard\":%.3f,\"arrivals_heard\":%.3f}",
               t->sum.low, t->sum.high, fmax(0, t->claimed - (double)t->observed), t->later,
               missed_expected(m) + t->runs, m->stays, m->ends, m->ways, m->visits, t->runs,
               m->heard_out, m->heard_in);
}

static void put_json(const struct ledger_rows *r, const struct ledger_question *q,
                     const struct total *t, struct ledger_names *names, struct buf *b)
{
    buf_format(b, "{\"%s\":[", ledger_what_name(q->what));
    for (size_t i = r->from; i < shown(r, q); i++) {
        buf_text(b, i > r->from ? ",\n" : "\n");
        put_json_row(&r->row[i], q, names, b);
    }
    buf_format(b,
               "],\n\"sum\":{\"rows\":%zu,\"counted\":%zu,\"observed\":%zu,\"expected\":%.2f,"
               "\"low\":%zu,\"high\":%zu",
               t->rows, t->counted, t->observed, t->sum.expected, t->sum.low, t->sum.high);
    put_unheard(t, b);
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

/* As words, where it is as much as is shown. */
static void put_unheard_words(const struct ledger_question *q, const struct total *t, struct buf *b)
{
    const struct missed_sum *m = &t->missed;
    const struct {
        double n;
        const char *because;
    } of[] = {{m->stays, "in stays long enough for a flight out and back"},
              {m->ends, "of aircraft not heard again"},
              {m->ways, "on ways only flown from here"},
              {m->visits, "of visits with neither end heard"},
              {t->runs, "before or after flights nobody heard"}};
    const char *sign = ": ";
    const double all = missed_expected(m) + t->runs;
    if (all < 0.05) {
        return;
    }
    buf_format(b, ", %.1f of them in no row", all);
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        if (of[i].n >= 0.05) {
            buf_format(b, "%s%.1f %s", sign, of[i].n, of[i].because);
            sign = ", ";
        }
    }
    if (missed_is_asked(q)) {
        buf_format(b, " (heard: %.0f %% of departures, %.0f %% of arrivals)", 100 * m->heard_out,
                   100 * m->heard_in);
    }
}

static void put_sum(const struct ledger_question *q, const struct total *t, struct buf *b)
{
    buf_format(b, "%zu %s", t->counted, ledger_what_name(q->what));
    if (q->what <= LEDGER_STAYS) { /* of a path there is no other side to hear */
        buf_format(b, ", %zu observed", t->observed);
    }
    buf_format(b, "; expected %.1f (%zu-%zu)", t->sum.expected, t->sum.low, t->sum.high);
    put_unheard_words(q, t, b);
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
        for (size_t c = 0; c < ledger_column_count; c++) {
            char cell[COLUMN_CELL_MAX] = "";
            if (!column_is_in(&ledger_columns[c], q) || !ledger_columns[c].width) {
                continue;
            }
            if (i > r->from) {
                column_say(&ledger_columns[c], &r->row[i - 1], cell);
            } else {
                snprintf(cell, sizeof cell, "%s", ledger_columns[c].name);
            }
            buf_format(b, ledger_columns[c].type == COLUMN_TEXT ? "%-*s  " : "%*s  ",
                       ledger_columns[c].width, cell);
        }
        while (b->n && b->p[b->n - 1] == ' ') {
            b->n--;
        }
        buf_byte(b, '\n');
    }
    put_sum(q, t, b);
}

void ledger_rows_write(const struct ledger_rows *r, const struct ledger_question *q,
                       struct ledger_names *names, struct buf *out)
{
    struct total t;
    if (!add_up(r, q, &t)) {
        out->failed = true;
        return;
    }
    if (q->what > LEDGER_DEPARTURES) { /* what is offered is offered by a flight */
        t.lifts = 0;
    }
    if (q->format == LEDGER_CSV) {
        put_csv(r, q, out);
    } else if (q->format == LEDGER_JSON) {
        put_json(r, q, &t, names, out);
    } else {
        put_table(r, q, &t, out);
    }
}
