#include "operation/plan_told.h"

#include "operation/board_json.h"
#include "operation/words.h"

#include <math.h>
#include <stdio.h>

#define DAY_MS INT64_C(86400000)

double plan_shown(const struct plan_line *l, double base_units)
{
    return l->measure == MEASURE_MASS ? base_units / 1000 : base_units;
}

const char *plan_unit(const struct plan_line *l)
{
    return l->measure == MEASURE_MASS ? "t" : "people";
}

int64_t plan_day_ms(const struct plan *p, int day)
{
    return (p->first_day + (int64_t)day) * DAY_MS;
}

/* ---- the sentence ---- */

enum told {
    TOLD_NOTHING,
    TOLD_NONE_LEFT,
    TOLD_FITS,
    TOLD_STAYS,
    TOLD_LINE,
    TOLD_BETWEEN,
    TOLD_BINDS,
    TOLD_BINDS_SHARE,
    TOLD_NO_SINGLE,
    TOLD_ROOM,
    TOLD_WITHOUT,
    TOLDS
};

static const char *const told[TOLDS][LANGUAGES] = {
    [TOLD_NOTHING] = {"Nothing is left to plan: every line is done, or counted in a unit nobody "
                      "knows the room of.",
                      "لم يبقَ ما يُخطَّط له: كل البنود مكتملة، أو بوحدة لا يُعرف ما تشغله من حيّز.",
                      "Rien ne reste à planifier : chaque besoin est couvert, ou compté dans une "
                      "unité dont on ignore l’encombrement."},
    [TOLD_NONE_LEFT] = {"It fits: nothing that must be moved is left.",
                        "الخطة ممكنة: لم يبقَ شيء يجب نقله.",
                        "C’est faisable : il ne reste rien qui doive être transporté."},
    [TOLD_FITS] = {"It fits: everything that must be moved is moved by %1 (departures: %2).",
                   "الخطة ممكنة: يُنقل كل ما يجب نقله حتى %1 (المغادرات: %2).",
                   "C’est faisable : tout ce qui doit être transporté l’est d’ici au %1 "
                   "(départs : %2)."},
    [TOLD_STAYS] = {"It does not fit by %1. What stays: ", "لا تكفي الخطة حتى %1. ما يبقى: ",
                    "Cela ne tient pas d’ici au %1. Il reste : "},
    [TOLD_LINE] = {"%1 (%2): %3 %4", "%1 (%2): %3 %4", "%1 (%2) : %3 %4"},
    [TOLD_BETWEEN] = {"; ", "؛ ", " ; "},
    [TOLD_BINDS] = {" What binds most is %1: without that limit everything is moved by %2.",
                    " أشد ما يقيّد الخطة %1: وبدون هذا القيد يُنقل كل شيء حتى %2.",
                    " Ce qui contraint le plus : %1 ; sans cette limite, tout est transporté d’ici "
                    "au %2."},
    [TOLD_BINDS_SHARE] =
        {" What binds most is %1: without that limit %2% of what must be moved "
         "would stay.",
         " أشد ما يقيّد الخطة %1: وبدون هذا القيد يبقى %2 مما يجب نقله.",
         " Ce qui contraint le plus : %1 ; sans cette limite, il resterait %2 % de "
         "ce qui doit être transporté."},
    [TOLD_NO_SINGLE] = {" No single limit binds: lifting any one of them changes nothing.",
                        " لا قيد واحداً يحسم: رفع أيٍّ منها وحده لا يغيّر شيئاً.",
                        " Aucune limite ne contraint à elle seule : en lever une ne change rien."},
    [TOLD_ROOM] = {" Nothing binds: aircraft, places, clearances and dates leave room.",
                   " لا شيء يقيّد الخطة: الطائرات والمواقع والتصاريح والمواعيد تترك مجالاً.",
                   " Rien ne contraint : appareils, places, autorisations et dates laissent de la "
                   "marge."},
    [TOLD_WITHOUT] = {" Lines not planned, for nobody knows the room their unit takes or they are "
                      "of no base: %1.",
                      " بنود لم تُخطَّط، لأن حيّز وحدتها مجهول أو لا قاعدة لها: %1.",
                      " Besoins non planifiés, l’encombrement de leur unité étant inconnu ou "
                      "faute de base : %1."}};

static const char *const limits[PLAN_LIMITS][LANGUAGES] = {
    [PLAN_AIRCRAFT] = {"the number of aircraft", "عدد الطائرات", "le nombre d’appareils"},
    [PLAN_PLACES] = {"how many aircraft the bases work on at once",
                     "عدد الطائرات التي تُخدَم معاً في القواعد",
                     "le nombre d’appareils que les bases traitent à la fois"},
    [PLAN_CLEARANCES] = {"the days without a valid clearance", "الأيام التي لا تصريح سارياً فيها",
                         "les jours sans autorisation valable"},
    [PLAN_DATES] = {"the ready and latest dates of the lines", "تواريخ جاهزية البنود وآخر مواعيدها",
                    "les dates de disponibilité et les dates limites des besoins"}};

/* A template whose texts are made one after another in one buffer. */
struct telling {
    unsigned language;
    struct buf room;
    size_t at[10]; /* where each text begins in room, + 1; 0: none */
};

static void begin(struct telling *t, unsigned k)
{
    t->at[k] = t->room.n + 1;
}

static void end(struct telling *t)
{
    buf_byte(&t->room, 0);
}

static void put_text(struct telling *t, unsigned k, const char *text)
{
    begin(t, k);
    buf_text(&t->room, text);
    end(t);
}

static void put_isolated(struct telling *t, unsigned k, const char *text)
{
    begin(t, k);
    words_isolate(&t->room, text);
    end(t);
}

static void put_date(struct telling *t, unsigned k, int64_t t_ms)
{
    begin(t, k);
    words_date(&t->room, t->language, t_ms, false);
    end(t);
}

static void put_number(struct telling *t, unsigned k, double v)
{
    begin(t, k);
    words_number(&t->room, t->language, v, 0);
    end(t);
}

/* A share; in English and French the sign stands in the template. */
static void put_percent(struct telling *t, unsigned k, double share)
{
    char text[16];
    snprintf(text, sizeof text, t->language == LANGUAGE_AR ? "%.0f%%" : "%.0f", 100 * share);
    if (t->language == LANGUAGE_AR) {
        put_isolated(t, k, text);
    } else {
        put_text(t, k, text);
    }
}

static void tell(struct telling *t, enum told which, struct buf *out)
{
    const char *text[10] = {NULL};
    for (unsigned k = 1; k < 10 && !t->room.failed; k++) {
        text[k] = t->at[k] ? (const char *)t->room.p + t->at[k] - 1 : NULL;
        t->at[k] = 0;
    }
    out->failed |= t->room.failed;
    words_sentence(out, told[which][t->language], text);
    t->room.n = 0;
}

static const char *what_of(const struct item *line, unsigned language)
{
    static const enum said by[LANGUAGES] = {SAID_LINE_WHAT, SAID_LINE_WHAT_AR, SAID_LINE_WHAT_FR};
    return item_text(line, item_has(line, by[language]) ? by[language] : SAID_LINE_WHAT);
}

static void tell_rest(const struct plan *p, struct telling *t, struct buf *out)
{
    bool first = true;
    put_date(t, 1, plan_day_ms(p, (int)p->days - 1));
    tell(t, TOLD_STAYS, out);
    for (size_t l = 0; l < p->lines; l++) {
        const double stays = plan_shown(&p->line[l], p->as_is.over[l]);
        if (!p->line[l].must || stays <= 0) {
            continue;
        }
        if (!first) {
            buf_text(out, told[TOLD_BETWEEN][t->language]);
        }
        first = false;
        put_text(t, 1, what_of(p->line[l].line, t->language));
        put_isolated(t, 2, p->line[l].line->key);
        put_number(t, 3, ceil(stays)); /* a rest is never rounded away */
        put_text(t, 4, unit_word[unit_find(plan_unit(&p->line[l]))].text[t->language]);
        tell(t, TOLD_LINE, out);
    }
    buf_byte(out, '.');
}

static void tell_limit(const struct plan *p, struct telling *t, struct buf *out)
{
    const enum plan_limit k = plan_binds(p);
    if (k == PLAN_LIMITS) {
        tell(t, p->as_is.must_over > 0 ? TOLD_NO_SINGLE : TOLD_ROOM, out);
        return;
    }
    put_text(t, 1, limits[k][t->language]);
    if (p->freed[k].must_over > 0) {
        put_percent(t, 2, p->freed[k].must_over);
        tell(t, TOLD_BINDS_SHARE, out);
    } else {
        put_date(t, 2, plan_day_ms(p, p->freed[k].all_done));
        tell(t, TOLD_BINDS, out);
    }
}

void plan_sentence(const struct plan *p, unsigned language, struct buf *out)
{
    struct telling t = {.language = language};
    if (p->lines == 0) {
        tell(&t, TOLD_NOTHING, out);
    } else if (p->as_is.must_over > 0) {
        tell_rest(p, &t, out);
        tell_limit(p, &t, out);
    } else if (p->as_is.all_done < 0) {
        tell(&t, TOLD_NONE_LEFT, out);
    } else {
        put_date(&t, 1, plan_day_ms(p, p->as_is.all_done));
        put_number(&t, 2, p->as_is.departures);
        tell(&t, TOLD_FITS, out);
        tell_limit(p, &t, out);
    }
    if (p->without) {
        put_number(&t, 1, (double)p->without);
        tell(&t, TOLD_WITHOUT, out);
    }
    buf_free(&t.room);
}

/* ---- JSON ---- */

static void write_day(struct buf *b, const char *key, const struct plan *p, int day)
{
    char at[32] = "";
    board_key(b, key);
    if (day < 0) {
        buf_text(b, "null");
        return;
    }
    instant_format(plan_day_ms(p, day) * 1000, 0, at);
    buf_format(b, "\"%.10s\"", at);
}

static void write_fleet(const struct plan *p, struct buf *b)
{
    board_open(b, "fleet", '[');
    for (size_t t = 0; t < p->with.types; t++) {
        const struct plan_type *type = &p->with.type[t];
        board_open(b, NULL, '{');
        board_text(b, "type", type->code);
        board_number(b, "aircraft", type->aircraft, 0);
        board_number(b, "payload_t", type->payload_kg / 1000, 1);
        board_number(b, "seats", type->seats, 0);
        board_number(b, "block_kt", type->block_kt, 0);
        board_number(b, "ground_h", type->ground_h, 2);
        board_text(b, "factor", type->factor->key);
        board_text(b, "edition", item_text(type->factor, SAID_FACTOR_EDITION));
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void write_base(const struct plan *p, const struct plan_base *base, struct buf *b)
{
    board_open(b, NULL, '{');
    board_text(b, "base", base->code);
    board_text(b, "other", base->other);
    board_number(b, "km", base->km, 0);
    board_key(b, "places_a_day");
    if (base->places[0] < HUGE_VAL) {
        buf_decimal(b, llround(base->places[0] * 10), 1);
    } else {
        buf_text(b, "null");
    }
    board_open(b, "cycle_h", '[');
    for (size_t t = 0; t < p->with.types; t++) {
        board_number(b, NULL, base->cycle_h[t], 1);
    }
    buf_byte(b, ']');
    board_open(b, "no_clearance", '[');
    for (unsigned d = 0; d < p->days; d++) {
        if (!base->open[d]) {
            write_day(b, NULL, p, (int)d);
        }
    }
    buf_text(b, "]}");
}

static void write_limits(const struct plan *p, struct buf *b)
{
    board_open(b, "limits", '[');
    for (unsigned k = 0; k < PLAN_LIMITS; k++) {
        board_open(b, NULL, '{');
        board_text(b, "limit", plan_limit_key((enum plan_limit)k));
        board_number(b, "stays_share", p->freed[k].must_over, 3);
        write_day(b, "done", p, p->freed[k].must_over > 0 ? -1 : p->freed[k].all_done);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void write_lines(const struct plan *p, struct buf *b)
{
    board_open(b, "lines", '[');
    for (size_t l = 0; l < p->lines; l++) {
        const struct plan_line *line = &p->line[l];
        board_open(b, NULL, '{');
        board_text(b, "line", line->line->key);
        board_text(b, "unit", plan_unit(line));
        board_flag(b, "must", line->must);
        board_number(b, "left", plan_shown(line, line->left), 1);
        board_number(b, "stays", plan_shown(line, p->as_is.over[l]), 1);
        write_day(b, "done", p, p->as_is.over[l] > 0 ? -1 : p->as_is.done[l]);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

/* What leaves a base on a day, of all types together. */
static void write_moved(const struct plan *p, size_t base, unsigned d, struct buf *b)
{
    board_open(b, "moved", '[');
    for (size_t l = 0; l < p->lines; l++) {
        const double moved = plan_shown(&p->line[l], p->as_is.moved[l][d]);
        if (p->line[l].base == base && moved >= 0.05) {
            board_open(b, NULL, '{');
            board_text(b, "line", p->line[l].line->key);
            board_number(b, "amount", moved, 1);
            board_text(b, "unit", plan_unit(&p->line[l]));
            buf_byte(b, '}');
        }
    }
    buf_byte(b, ']');
}

static void write_days(const struct plan *p, struct buf *b)
{
    board_open(b, "days", '[');
    for (unsigned d = 0; d < p->days; d++) {
        for (size_t i = 0; i < p->bases; i++) {
            bool said = false;
            for (size_t t = 0; t < p->with.types; t++) {
                if (!p->as_is.fly[i][t][d]) {
                    continue;
                }
                board_open(b, NULL, '{');
                write_day(b, "day", p, (int)d);
                board_text(b, "base", p->base[i].code);
                board_text(b, "type", p->with.type[t].code);
                board_number(b, "departures", p->as_is.fly[i][t][d], 0);
                if (!said) { /* with the first type: it is of the day and base */
                    write_moved(p, i, d, b);
                    said = true;
                }
                buf_byte(b, '}');
            }
        }
    }
    buf_byte(b, ']');
}

enum err plan_write(const struct plan *p, struct buf *b)
{
    const enum plan_limit binds = plan_binds(p);
    board_open(b, NULL, '{');
    board_open(b, "sentence", '{');
    for (unsigned l = 0; l < LANGUAGES; l++) {
        struct buf said = {0};
        plan_sentence(p, l, &said);
        board_key(b, language_key(l));
        buf_json_string(b, said.n ? (const char *)said.p : "", said.n);
        buf_free(&said);
    }
    buf_byte(b, '}');
    board_time(b, "at", p->with.forecast->now_ms);
    write_day(b, "first_day", p, 0);
    write_day(b, "last_day", p, (int)p->days - 1);
    board_flag(b, "fits", p->as_is.must_over <= 0);
    write_day(b, "done", p, p->as_is.must_over > 0 ? -1 : p->as_is.all_done);
    board_number(b, "stays_share", p->as_is.must_over, 3);
    board_text(b, "binds", binds < PLAN_LIMITS ? plan_limit_key(binds) : "");
    board_number(b, "departures", p->as_is.departures, 0);
    board_number(b, "flying_h", p->with.flying_h, 1);
    write_fleet(p, b);
    board_open(b, "bases", '[');
    for (size_t i = 0; i < p->bases; i++) {
        write_base(p, &p->base[i], b);
    }
    buf_byte(b, ']');
    write_limits(p, b);
    write_lines(p, b);
    write_days(p, b);
    board_number(b, "lines_without", (double)p->without, 0);
    buf_text(b, "}\n");
    return b->failed ? ERR_MEMORY : ERR_OK;
}
