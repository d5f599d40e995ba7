/* masar operation plan: departures day by day that take what is left by the deadline, or what
   stands in the way. */
#include "app/command.h"
#include "app/operation/operation_board.h"
#include "app/operation/operation_cli.h"
#include "app/operation/operation_glpk.h"
#include "base/instant.h"
#include "geo/sphere.h"
#include "operation/board_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS   INT64_C(86400000)
#define FLYING_H 12.0 /* an aircraft a day, of a surge: low end of the 12 to 14 planned with */

static bool place_of(const struct operation_views *v, const char *code, struct sphere_place *out)
{
    const uint32_t i = airport_find(v->airports, code, AIRPORT_TODAY);
    if (i == AIRPORT_NONE) {
        return false;
    }
    const struct airport *a = airport_at(v->airports, i);
    *out = (struct sphere_place){a->lat_e7, a->lon_e7};
    return true;
}

static double km_between(void *ctx, const char *from, const char *to)
{
    struct sphere_place a, b;
    return place_of(ctx, from, &a) && place_of(ctx, to, &b) ? sphere_distance_m(a, b) / 1000 : 0;
}

/* ---- what is asked ---- */

static bool add_type(struct plan_question *q, const char *code, size_t n, double aircraft)
{
    for (size_t t = 0; t < q->types; t++) {
        if (strncmp(q->type[t].code, code, n) == 0 && !q->type[t].code[n]) {
            q->type[t].aircraft += aircraft;
            return true;
        }
    }
    if (q->types == PLAN_TYPES || n < 2 || n > 4) {
        return false;
    }
    memcpy(q->type[q->types].code, code, n);
    q->type[q->types++].aircraft = aircraft;
    return true;
}

/* `C17:6,C30J:2` */
static bool read_fleet(struct plan_question *q, const char *text)
{
    while (*text) {
        const size_t n = strcspn(text, ":");
        char *end;
        const double aircraft = text[n] ? strtod(text + n + 1, &end) : 0;
        if (!text[n] || end == text + n + 1 || !(aircraft > 0 && aircraft <= 1000) ||
            (*end && *end != ',') || !add_type(q, text, n, aircraft)) {
            return false;
        }
        text = end + (*end == ',');
    }
    return q->types > 0;
}

/* Without a fleet said: the airframes the desk knows, all of them. */
static void take_tails(const struct operation *o, struct plan_question *q)
{
    size_t n;
    const struct item *t = operation_all(o, ITEM_TAIL, &n);
    for (size_t k = 0; k < n; k++) {
        const char *type = item_text(&t[k], SAID_TAIL_TYPE);
        add_type(q, type, strlen(type), 1);
    }
}

static int read_words(const struct operation_cli *c, struct plan_question *q)
{
    for (size_t k = 1; k < c->words; k++) {
        const char *w = c->word[k];
        char *end = NULL;
        if (strncmp(w, "fleet=", 6) == 0) {
            if (!read_fleet(q, w + 6)) {
                return operation_cli_wrong("fleet: types and how many, as fleet=C17:6,C30J:2; "
                                           "four types at most");
            }
        } else if (strncmp(w, "hours=", 6) == 0) {
            q->flying_h = strtod(w + 6, &end);
            if (end == w + 6 || *end || !(q->flying_h > 0 && q->flying_h <= 24)) {
                return operation_cli_wrong(
                    "hours: those an aircraft flies a day, above 0 to 24, as hours=12");
            }
        } else if (strncmp(w, "edition=", 8) == 0) {
            q->edition = w + 8;
        } else {
            return operation_cli_wrong("plan NAME [fleet=C17:6,…] [hours=12] [edition=…] [--at T] "
                                       "[--format text|json]");
        }
    }
    return EXIT_DONE;
}

/* ---- what is answered ---- */

static void date_of(const struct plan *p, int day, char out[32])
{
    instant_format((p->first_day + (int64_t)day) * DAY_MS * 1000, 0, out);
    out[10] = 0;
}

static double in_unit(const struct plan_line *l, double base_units)
{
    return l->measure == MEASURE_MASS ? base_units / 1000 : base_units;
}

static const char *unit_of(const struct plan_line *l)
{
    return l->measure == MEASURE_MASS ? "t" : "people";
}

static void explain_limit(const struct plan *p, struct buf *b)
{
    static const char *const what[PLAN_LIMITS] = {
        "the number of aircraft", "the places worked on at once at the bases",
        "the days without a valid clearance", "ready and latest dates of the lines"};
    char at[32];
    const enum plan_limit k = plan_binds(p);
    if (k == PLAN_LIMITS) {
        buf_text(b, p->as_is.must_over > 0
                        ? " No single limit binds: freeing any one of them changes nothing."
                        : " Nothing binds: aircraft, places, clearances and dates leave room.");
        return;
    }
    buf_format(b, " What binds most is %s: ", what[k]);
    if (p->as_is.must_over <= 0) {
        date_of(p, p->freed[k].all_done, at);
        buf_format(b, "without that limit it is done by %s.", at);
    } else if (p->freed[k].must_over <= 0) {
        date_of(p, p->freed[k].all_done, at);
        buf_format(b, "without that limit all is done by %s.", at);
    } else {
        buf_format(b, "without that limit %.0f%% of it would stay.", 100 * p->freed[k].must_over);
    }
}

static void explain(const struct plan *p, struct buf *b)
{
    char at[32], last[32];
    date_of(p, (int)p->days - 1, last);
    if (p->lines == 0) {
        buf_text(b, "Nothing is left to plan: all lines are done, or of a unit nobody knows the "
                    "room of.");
        return;
    }
    if (p->as_is.must_over > 0) {
        buf_format(b, "It does not fit by %s:", last);
        const char *between = " ";
        for (size_t l = 0; l < p->lines; l++) {
            if (p->line[l].must && p->as_is.over[l] > 0) {
                buf_format(b, "%s%.0f %s of %s (%s) stay", between,
                           in_unit(&p->line[l], p->as_is.over[l]), unit_of(&p->line[l]),
                           p->line[l].line->key, item_text(p->line[l].line, SAID_LINE_WHAT));
                between = ", ";
            }
        }
        buf_byte(b, '.');
    } else {
        date_of(p, p->as_is.all_done, at);
        buf_format(b, "It fits: all that must go has left by %s, with %u departures.",
                   p->as_is.all_done < 0 ? "now" : at, p->as_is.departures);
    }
    explain_limit(p, b);
    if (p->without) {
        buf_format(b, " Not planned: %zu lines of a unit nobody knows the room of, or of no base.",
                   p->without);
    }
}

static void print_days(const struct plan *p)
{
    char at[32];
    for (unsigned d = 0; d < p->days; d++) {
        for (size_t i = 0; i < p->bases; i++) {
            for (size_t t = 0; t < p->with.types; t++) {
                if (!p->as_is.fly[i][t][d]) {
                    continue;
                }
                date_of(p, (int)d, at);
                printf("%s  %-5s %2u x %-4s ", at, p->base[i].code, p->as_is.fly[i][t][d],
                       p->with.type[t].code);
                for (size_t l = 0; l < p->lines && t == 0; l++) {
                    const double moved = p->as_is.moved[l][d];
                    if (p->line[l].base == i && moved >= 0.5) {
                        printf(" %s %.0f %s", p->line[l].line->key, in_unit(&p->line[l], moved),
                               unit_of(&p->line[l]));
                    }
                }
                putchar('\n');
            }
        }
    }
}

static void print_plan(const struct plan *p)
{
    struct buf b = {0};
    explain(p, &b);
    printf("%.*s\n\n", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    for (size_t t = 0; t < p->with.types; t++) {
        const struct plan_type *type = &p->with.type[t];
        printf(
            "%s: %.0f aircraft, %.1f t and %.0f people each, %.0f kt, %.2f h on the ground (%s)\n",
            type->code, type->aircraft, type->payload_kg / 1000, type->seats, type->block_kt,
            type->ground_h, item_text(type->factor, SAID_FACTOR_EDITION));
    }
    for (size_t i = 0; i < p->bases; i++) {
        const struct plan_base *base = &p->base[i];
        unsigned shut = 0;
        for (unsigned d = 0; d < p->days; d++) {
            shut += !base->open[d];
        }
        printf("%s-%s: %.0f km, a round trip of %s %.1f h, places for ", base->code, base->other,
               base->km, p->with.type[0].code, base->cycle_h[0]);
        if (base->places[0] < HUGE_VAL) {
            printf("%.1f departures a day", base->places[0]);
        } else {
            printf("any number of departures a day");
        }
        printf(", %u days without clearance\n", shut);
    }
    for (unsigned k = 0; k < PLAN_LIMITS; k++) {
        char at[32] = "-";
        if (p->freed[k].all_done >= 0) {
            date_of(p, p->freed[k].all_done, at);
        }
        printf("without the limit of %-10s: last %s, %.0f%% stays\n",
               plan_limit_key((enum plan_limit)k), at, 100 * p->freed[k].must_over);
    }
    putchar('\n');
    print_days(p);
}

static void write_days(const struct plan *p, struct buf *b)
{
    char at[32];
    board_open(b, "days", '[');
    for (unsigned d = 0; d < p->days; d++) {
        for (size_t i = 0; i < p->bases; i++) {
            for (size_t t = 0; t < p->with.types; t++) {
                if (p->as_is.fly[i][t][d]) {
                    date_of(p, (int)d, at);
                    board_open(b, NULL, '{');
                    board_text(b, "day", at);
                    board_text(b, "base", p->base[i].code);
                    board_text(b, "type", p->with.type[t].code);
                    board_number(b, "departures", p->as_is.fly[i][t][d], 0);
                    buf_byte(b, '}');
                }
            }
        }
    }
    buf_byte(b, ']');
}

static void write_plan(const struct plan *p, struct buf *b)
{
    struct buf said = {0};
    char at[32];
    const enum plan_limit binds = plan_binds(p);
    explain(p, &said);
    board_open(b, NULL, '{');
    board_key(b, "sentence");
    buf_json_string(b, (const char *)said.p, said.n);
    buf_free(&said);
    board_flag(b, "fits", p->as_is.must_over <= 0);
    board_text(b, "binds", binds < PLAN_LIMITS ? plan_limit_key(binds) : "");
    board_number(b, "departures", p->as_is.departures, 0);
    board_open(b, "lines", '[');
    for (size_t l = 0; l < p->lines; l++) {
        board_open(b, NULL, '{');
        board_text(b, "line", p->line[l].line->key);
        board_text(b, "unit", unit_of(&p->line[l]));
        board_number(b, "left", in_unit(&p->line[l], p->line[l].left), 1);
        board_number(b, "stays", in_unit(&p->line[l], p->as_is.over[l]), 1);
        date_of(p, p->as_is.done[l], at);
        board_text(b, "done", p->as_is.done[l] < 0 || p->as_is.over[l] > 0 ? "" : at);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
    write_days(p, b);
    buf_text(b, "}\n");
}

static int answer(const struct operation_cli *c, const struct operation_opened *w,
                  struct plan_question *q)
{
    char why[512] = "out of memory";
    const bool json = c->format && strcmp(c->format, "json") == 0;
    struct plan *p = malloc(sizeof *p);
    struct operation_glpk *g = p ? operation_glpk_open(why, sizeof why) : NULL;
    enum err e = g ? plan_make(&w->now.o, &w->now.matches, q, operation_glpk_solve, g, p, why)
                   : ERR_NOT_FOUND;
    if (!e && json) {
        struct buf b = {0};
        write_plan(p, &b);
        e = b.failed || fwrite(b.p, 1, b.n, stdout) != b.n ? ERR_SYSTEM : ERR_OK;
        buf_free(&b);
    } else if (!e) {
        print_plan(p);
    }
    operation_glpk_close(g);
    free(p);
    return e ? operation_cli_failed(why) : EXIT_DONE;
}

int operation_cli_plan(struct operation_cli *c)
{
    struct operation_opened w;
    struct plan_question q = {.flying_h = FLYING_H, .km = km_between};
    if (c->words < 1) {
        return operation_cli_wrong("plan NAME [fleet=C17:6,…] [hours=12] [edition=…] [--at T]");
    }
    int status = read_words(c, &q);
    status = status ? status : operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    if (!q.types) {
        take_tails(&w.now.o, &q);
    }
    q.forecast = &w.now.forecast;
    q.ctx = (void *)operation_world_views(w.world);
    status = answer(c, &w, &q);
    operation_cli_close(&w);
    return status;
}
