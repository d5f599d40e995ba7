#include "operation/board.h"
#include "operation/board_internal.h"
#include "operation/board_json.h"
#include "operation/words.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

/* ---- the sentence ---- */

/* %1 percent, %2 median date, %3 and %4 10 and 90 %. */
static const char *const done_by[LANGUAGES][BANDS] = {
    [LANGUAGE_EN] = {[BAND_INFERRED] = "Done by the deadline (inferred, %1%).",
                     [BAND_PROBABLE] = "Probably done by the deadline (%1%).",
                     [BAND_POSSIBLE] = "Possibly done by the deadline (%1%).",
                     [BAND_OPEN] = "Whether it is done by the deadline is not established (%1%)."},
    [LANGUAGE_AR] = {[BAND_INFERRED] = "يكتمل قبل الموعد النهائي (استنتاجاً، %1).",
                     [BAND_PROBABLE] = "على الأرجح يكتمل قبل الموعد النهائي (%1).",
                     [BAND_POSSIBLE] = "ربما يكتمل قبل الموعد النهائي (%1).",
                     [BAND_OPEN] = "الاكتمال قبل الموعد النهائي غير محدد (%1)."},
    [LANGUAGE_FR] = {[BAND_INFERRED] = "Achevé avant l’échéance (déduit, %1 %).",
                     [BAND_PROBABLE] = "Probablement achevé avant l’échéance (%1 %).",
                     [BAND_POSSIBLE] = "Peut-être achevé avant l’échéance (%1 %).",
                     [BAND_OPEN] = "L’achèvement avant l’échéance n’est pas établi (%1 %)."}};

static const char *const by_when[TALLY_EDGES][LANGUAGES] = {
    [TALLY_OUT] = {" At the pace so far what must leave is out by %2; 8 in 10 between %3 and %4.",
                   " بالوتيرة المرصودة حتى الآن يخرج ما يجب نقله في %2؛ وبنسبة 8 من 10 بين %3 و%4.",
                   " À ce rythme, ce qui doit partir est sorti %2 ; 8 fois sur 10 entre %3 et %4."},
    [TALLY_IN] = {" At the pace so far what must arrive is there by %2; 8 in 10 between %3 and %4.",
                  " بالوتيرة المرصودة حتى الآن يصل ما يجب نقله في %2؛ وبنسبة 8 من 10 بين %3 و%4.",
                  " À ce rythme, ce qui doit arriver est là %2 ; 8 fois sur 10 entre %3 et %4."}};

static const char *const all_done[LANGUAGES] = {
    "What a forecast has a basis for is done, by what was heard and claimed.",
    "ما له أساس للتوقع مكتمل، حسب ما رُصد وما ورد في الإفادات.",
    "Ce qui peut être prévu est fait, d’après ce qui a été entendu et affirmé."};

static const char *const no_basis[LANGUAGES] = {
    "No basis for a forecast: nothing ready has been flown of late, or nobody knows what it lifts.",
    "لا أساس للتوقع: لم يُنقل شيء جاهز مؤخراً، أو لا تُعرف قدرة نقله.",
    ("Aucune base de prévision : rien de prêt n’a été transporté récemment, ou la capacité est "
     "inconnue.")};

static const char *const without[LANGUAGES] = {
    (" Lines without a basis (not ready, nothing flown of late, or nobody knows what a flight "
     "takes "
     "of them): %5."),
    " بنود بلا أساس (غير جاهزة، أو لم يُنقل شيء مؤخراً، أو لا يُعرف ما تحمله الرحلة منها): %5.",
    " Besoins sans base (pas prêts, rien transporté récemment, ou charge par vol inconnue) : %5."};

static void dated(struct buf *b, unsigned language, int64_t t_ms)
{
    static const char *const never[LANGUAGES] = {"a date not found", "تاريخ غير معروف",
                                                 "à une date non trouvée"};
    if (t_ms == FORECAST_NEVER) {
        buf_text(b, never[language]);
    } else {
        buf_text(b, language == LANGUAGE_FR ? "le " : "");
        words_date(b, language, t_ms, false);
    }
    buf_byte(b, 0);
}

void board_sentence(const struct board_view *v, unsigned language, struct buf *out)
{
    const struct forecast_line *all = &v->forecast->all;
    char percent[16], lines[16];
    struct buf at[3] = {{0}, {0}, {0}};
    const int64_t when[3] = {all->at_50_ms, all->at_10_ms, all->at_90_ms};
    snprintf(percent, sizeof percent,
             language == LANGUAGE_AR ? "\xe2\x81\xa6%u%%\xe2\x81\xa9" : "%u",
             words_percent(all->p_deadline));
    snprintf(lines, sizeof lines, "%u", v->forecast->lines_without);
    for (int k = 0; k < 3; k++) {
        dated(&at[k], language, when[k]);
    }
    if (at[0].failed || at[1].failed || at[2].failed) {
        out->failed = true;
    } else {
        const char *const text[10] = {[1] = percent,
                                      [2] = (const char *)at[0].p,
                                      [3] = (const char *)at[1].p,
                                      [4] = (const char *)at[2].p,
                                      [5] = lines};
        if (all->basis == FORECAST_OPEN) {
            words_sentence(out, done_by[language][band_of(all->p_deadline, false)], text);
            words_sentence(out, by_when[operation_edge(v->o)][language], text);
        } else {
            buf_text(out, all->basis == FORECAST_DONE ? all_done[language] : no_basis[language]);
        }
        if (v->forecast->lines_without) {
            words_sentence(out, without[language], text);
        }
    }
    for (int k = 0; k < 3; k++) {
        buf_free(&at[k]);
    }
}

/* ---- sums ---- */

static void write_sum(struct buf *b, const char *key, const struct tally_sum *s)
{
    board_open(b, key, '{');
    board_number(b, "expected", s->sum.expected, 1);
    board_number(b, "low", (double)s->sum.low, 0);
    board_number(b, "high", (double)s->sum.high, 0);
    board_number(b, "unseen", s->unseen, 1);
    board_number(b, "observed", s->observed, 0);
    board_number(b, "listed", s->listed, 0);
    board_number(b, "lift_unknown", s->lift_unknown, 0);
    board_open(b, "lift_offered_t", '{');
    board_number(b, "low", s->lift_kg[LIFT_LOW] / 1000, 0);
    board_number(b, "plan", s->lift_kg[LIFT_PLAN] / 1000, 0);
    board_number(b, "max", s->lift_kg[LIFT_MAX] / 1000, 0);
    buf_text(b, "}}");
}

enum err board_sums(const struct board_view *v, struct buf *out)
{
    size_t n;
    const struct item *base = operation_all(v->o, ITEM_BASE, &n);
    struct tally_sum s;
    enum err e = ERR_OK;
    static const char *const key[TALLY_EDGES] = {"departures", "arrivals"};
    board_open(out, NULL, '{');
    for (unsigned k = 0; k < TALLY_EDGES && !e; k++) {
        e = tally_sum(v->o, v->m, k, NULL, 0, INT64_MAX, &s);
        write_sum(out, key[k], &s);
    }
    board_open(out, "bases", '[');
    for (size_t i = 0; i < n && !e; i++) {
        board_open(out, NULL, '{');
        board_text(out, "base", base[i].key);
        for (unsigned k = 0; k < TALLY_EDGES && !e; k++) {
            e = tally_sum(v->o, v->m, k, base[i].key, 0, INT64_MAX, &s);
            write_sum(out, key[k], &s);
        }
        buf_byte(out, '}');
    }
    buf_text(out, "]}");
    return e ? e : out->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- presence ---- */

static enum err write_presence(struct buf *b, const struct board_view *v)
{
    int32_t first;
    const size_t n = board_span(v, &first);
    struct presence_all all;
    const enum err e = presence_find(v->m, first, n, &all);
    if (e) {
        return e;
    }
    board_open(b, "presence", '[');
    for (size_t k = 0; k < all.n; k++) {
        const struct presence *r = &all.row[k];
        board_open(b, NULL, '{');
        board_text(b, "country", r->country);
        board_text(b, "operator", r->operator);
        board_flag(b, "military", r->military);
        board_flag(b, "operation", r->in);
        board_number(b, "arrivals", r->arrivals, 0);
        board_number(b, "expected", (double)r->expected, 1);
        board_open(b, "days", '[');
        for (size_t d = 0; d < n; d++) {
            if (r->day[d].surest > 0) {
                board_open(b, NULL, '{');
                board_day(b, "day", first + (int64_t)d);
                board_number(b, "p", (double)r->day[d].surest, 3);
                board_number(b, "n", r->day[d].n, 0);
                buf_byte(b, '}');
            }
        }
        buf_text(b, "]}");
    }
    buf_byte(b, ']');
    presence_free(&all);
    return ERR_OK;
}

/* Days of each base's country on which no landing clearance was valid, or is none ahead. */
static void write_gaps(struct buf *b, const struct board_view *v)
{
    size_t n;
    const struct item *base = operation_all(v->o, ITEM_BASE, &n);
    int32_t first;
    const size_t days = board_span(v, &first) + 60;
    enum clearance_day *day = malloc(days * sizeof *day);
    char done[8][3] = {""};
    size_t countries = 0;
    b->failed |= !day;
    board_open(b, "clearance_days", '[');
    for (size_t i = 0; i < n && day; i++) {
        const char *country = v->country ? v->country(v->ctx, base[i].key) : "";
        bool again = !country[0] || countries == 8;
        for (size_t k = 0; k < countries; k++) {
            again |= strcmp(done[k], country) == 0;
        }
        if (again) {
            continue;
        }
        memcpy(done[countries++], country, 3);
        int64_t lapse;
        board_open(b, NULL, '{');
        board_text(b, "country", country);
        const bool lapses = clearance_lapses(v->o, country, v->at_ms, 3 * DAY_MS, &lapse);
        board_time(b, "lapses", lapses ? lapse : SORTIE_NO_TIME);
        board_open(b, "none_valid", '[');
        clearance_days(v->o, country, first, days, v->at_ms, day);
        for (size_t d = 0; d < days; d++) {
            if (day[d] == CLEARANCE_DAY_NONE) {
                board_day(b, NULL, first + (int64_t)d);
            }
        }
        buf_text(b, "]}");
    }
    buf_byte(b, ']');
    free(day);
}

/* ---- next ---- */

/* In the air and bound for a base. */
static void write_next(struct buf *b, const struct board_view *v)
{
    board_open(b, "next", '[');
    for (size_t i = 0; i < v->n_sorties; i++) {
        const struct sortie *s = &v->sorties[i];
        const bool late = s->on.hi_ms != SORTIE_NO_TIME && s->on.hi_ms < v->at_ms - DAY_MS / 2;
        const bool old = s->off.hi_ms != SORTIE_NO_TIME && s->off.hi_ms < v->at_ms - DAY_MS;
        for (unsigned k = 0; k < s->on.places && !s->is_over && !late && !old; k++) {
            if (!operation_is_base(v->o, s->on.place[k].code) || (double)s->on.place[k].p < 0.1) {
                continue;
            }
            char hex[8];
            item_hex(s->address, hex);
            board_open(b, NULL, '{');
            board_text(b, "hex", hex);
            board_text(b, "callsign", s->callsign);
            const struct item *tail = operation_find(v->o, ITEM_TAIL, hex);
            board_text(b, "type", tail ? item_text(tail, SAID_TAIL_TYPE) : s->type);
            board_text(b, "country", s->country);
            board_text(b, "base", s->on.place[k].code);
            board_number(b, "p", (double)s->on.place[k].p, 3);
            board_time(b, "t_lo", s->on.lo_ms);
            board_time(b, "t_hi", s->on.hi_ms);
            buf_byte(b, '}');
        }
    }
    buf_byte(b, ']');
}

/* ---- all ---- */

static void write_items(struct buf *b, const struct board_view *v, const char *key,
                        enum item_kind kind)
{
    size_t n;
    const struct item *i = operation_all(v->o, kind, &n);
    board_open(b, key, '[');
    for (size_t k = 0; k < n; k++) {
        struct buf one = {0};
        item_json(&i[k], &one);
        board_key(b, NULL);
        buf_add(b, one.p, one.n);
        buf_free(&one);
    }
    buf_byte(b, ']');
}

static void write_scenarios(struct buf *b, const struct board_view *v)
{
    board_open(b, "scenarios", '[');
    for (size_t k = 0; k < v->scenarios; k++) {
        const struct forecast_line *all = &v->scenario[k].forecast->all;
        const struct item *f = v->scenario[k].factor;
        board_open(b, NULL, '{');
        board_text(b, "factor", f->key);
        board_text(b, "edition", item_text(f, SAID_FACTOR_EDITION));
        board_text(b, "role", item_text(f, SAID_FACTOR_ROLE));
        board_number(b, "payload_t", v->scenario[k].forecast->load_kg / 1000, 1);
        board_text(b, "basis", forecast_basis_key(all->basis));
        board_time(b, "at_10", all->at_10_ms);
        board_time(b, "at_50", all->at_50_ms);
        board_time(b, "at_90", all->at_90_ms);
        board_number(b, "p_deadline", all->p_deadline, 3);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void write_head(struct buf *b, const struct board_view *v)
{
    const struct item *head = operation_head(v->o);
    const int64_t deadline = item_ms(head, SAID_HEAD_DEADLINE);
    board_key(b, "operation");
    struct buf one = {0};
    item_json(head, &one);
    buf_add(b, one.p, one.n);
    buf_free(&one);
    board_text(b, "name", v->o->key);
    board_time(b, "at", v->at_ms);
    board_flag(b, "simulated", item_flag(head, SAID_HEAD_SIMULATED));
    board_time(b, "deadline", deadline);
    board_text(b, "deadline_local", item_text(head, SAID_HEAD_DEADLINE));
    board_number(b, "days_left", (double)(deadline - v->at_ms) / (double)DAY_MS, 1);
    board_open(b, "sentence", '{');
    for (unsigned l = 0; l < LANGUAGES; l++) {
        struct buf s = {0};
        board_sentence(v, l, &s);
        board_key(b, language_key(l));
        buf_json_string(b, (const char *)s.p, s.n);
        buf_free(&s);
    }
    buf_byte(b, '}');
}

enum err board_write(const struct board_view *v, struct buf *out)
{
    board_open(out, NULL, '{');
    write_head(out, v);
    board_key(out, "sums");
    enum err e = board_sums(v, out);
    e = e ? e : board_days(v, out);
    board_ahead(v, out);
    board_burn_down(v, out);
    write_items(out, v, "bases", ITEM_BASE);
    write_items(out, v, "requirement", ITEM_LINE);
    write_items(out, v, "factors", ITEM_FACTOR);
    write_items(out, v, "rules", ITEM_RULE);
    board_key(out, "forecast");
    board_forecast(v->forecast, out);
    write_scenarios(out, v);
    board_key(out, "forecasts_before");
    buf_text(out, v->before ? v->before : "[]");
    board_key(out, "clearances");
    e = e ? e : board_clearances(v, out);
    write_gaps(out, v);
    board_countries(v, out);
    board_lapsing(v, out);
    board_key(out, "claims");
    e = e ? e : board_claims(v, out);
    e = e ? e : write_presence(out, v);
    write_next(out, v);
    if (!v->published) {
        write_items(out, v, "sightings", ITEM_SIGHTING);
    }
    board_key(out, "flights");
    e = e ? e : board_flights(v, 0, BOARD_FLIGHTS, out);
    board_key(out, "statements");
    buf_text(out, v->statements ? v->statements : "[]");
    buf_text(out, "}\n");
    return e ? e : out->failed ? ERR_MEMORY : ERR_OK;
}
