/* The actions of `masar operation` that tell. */
#include "app/command.h"
#include "app/operation/operation_board.h"
#include "app/operation/operation_cli.h"
#include "app/operation/operation_heard.h"
#include "app/operation/operation_land.h"
#include "app/operation/operation_world.h"
#include "app/options.h"
#include "base/instant.h"
#include "operation/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void at_text(int64_t t_ms, char out[32])
{
    if (t_ms == FORECAST_NEVER || t_ms == SORTIE_NO_TIME) {
        memcpy(out, "-", 2);
    } else {
        instant_format(t_ms * 1000, 0, out);
        out[10] = 0;
    }
}

static void print_line(const struct forecast_line *l)
{
    char at[3][32];
    at_text(l->at_10_ms, at[0]);
    at_text(l->at_50_ms, at[1]);
    at_text(l->at_90_ms, at[2]);
    const char *unit = l->line ? item_text(l->line, SAID_LINE_UNIT) : "";
    printf("%-8s %-9s %8.0f %-8s %8.0f %8.0f  %-10s  %-10s  %-10s  ",
           l->line ? l->line->key : "all", forecast_basis_key(l->basis), l->quantity, unit,
           l->moved_low, l->moved_high, at[0], at[1], at[2]);
    if (l->basis <= FORECAST_DONE) {
        printf("%3u%%\n", words_percent(l->p_deadline));
    } else {
        puts("no basis");
    }
}

static void print_forecast(const struct operation *o, const struct forecast *f)
{
    const char *what = operation_edge(o) == TALLY_OUT ? "departure" : "arrival";
    puts("line     basis     quantity unit     moved:10%      90%  done:10%    50%         90%     "
         "   "
         " P(deadline)");
    for (size_t k = 0; k < f->lines; k++) {
        print_line(&f->line[k]);
    }
    print_line(&f->all);
    if (f->lines_without > 0) {
        printf("not in \"all\", for they have no basis: %u lines that may not be left\n",
               f->lines_without);
    }
    printf("load of one %s %.1f t +- %.1f (%s)\n", what, f->load_kg / 1000, f->load_sd_kg / 1000,
           f->load_learned ? "learned from claims" : "between low and plan");
    for (size_t k = 0; k < f->bases; k++) {
        const struct forecast_base *b = &f->base[k];
        printf("%s: %.2f %ss a day (%.2f-%.2f)%s", b->code, b->rate, what, b->rate_low,
               b->rate_high, b->has_pace ? "" : ", none of late");
        if (b->gap_days) {
            printf(", %u days without clearance ahead", b->gap_days);
        }
        if (b->ceiling_kg > 0) {
            printf(", ceiling %.0f t a day", b->ceiling_kg / 1000);
        }
        putchar('\n');
    }
}

static int print_board(const struct operation_now *now, const struct operation_views *views)
{
    struct tally_sum out, in;
    char at[32];
    struct buf sentence = {0};
    const struct board_view v = operation_board_view(now, views);
    if (tally_sum(&now->o, &now->matches, TALLY_OUT, NULL, 0, INT64_MAX, &out) ||
        tally_sum(&now->o, &now->matches, TALLY_IN, NULL, 0, INT64_MAX, &in)) {
        return operation_cli_failed("out of memory");
    }
    instant_format(now->at_ms * 1000, 0, at);
    board_sentence(&v, LANGUAGE_EN, &sentence);
    printf("%s, as known at %s\n%.*s\n", item_text(operation_head(&now->o), SAID_HEAD_NAME), at,
           (int)sentence.n, sentence.n ? (const char *)sentence.p : "");
    buf_free(&sentence);
    printf(
        "departures: %u listed, %u observed; expected %.1f (%zu-%zu); lift offered %.0f-%.0f-%.0f "
        "t\n",
        out.listed, out.observed, out.sum.expected, out.sum.low, out.sum.high,
        out.lift_kg[0] / 1000, out.lift_kg[1] / 1000, out.lift_kg[2] / 1000);
    printf("arrivals: %u listed, %u observed; expected %.1f (%zu-%zu)\n\n", in.listed, in.observed,
           in.sum.expected, in.sum.low, in.sum.high);
    print_forecast(&now->o, &now->forecast);
    puts("");
    size_t n;
    const struct item *c = operation_all(&now->o, ITEM_CLAIM, &n);
    for (size_t k = 0; k < n; k++) {
        struct verdict_of of;
        if (forecast_claim_known(&c[k], now->at_ms) &&
            !verdict_find(&now->o, &now->matches, &c[k], now->at_ms, &of)) {
            struct buf s = {0};
            verdict_sentence(&of, LANGUAGE_EN, &s);
            words_plain(&s);
            printf("%-5s %-12s %s: %s\n      %.*s\n", c[k].key, verdict_key(of.verdict),
                   item_text(&c[k], SAID_CLAIM_BY), item_text(&c[k], SAID_CLAIM_TEXT), (int)s.n,
                   s.n ? (const char *)s.p : "");
            buf_free(&s);
        }
    }
    return EXIT_DONE;
}

int operation_cli_open(const struct operation_cli *c, const char *name, struct operation_opened *w)
{
    char why[OPERATION_FILE_WHY_MAX] = "out of memory";
    const struct store_options options = {.mode = STORE_READ};
    *w = (struct operation_opened){0};
    enum err e = operation_file_open(c->store, false, &w->file, why, sizeof why);
    e = e ? e : store_open(c->store, &options, &w->store, why, sizeof why);
    if (!e) {
        const struct ledger_sources from = {.data = c->data};
        w->ledger = ledger_world_open(&from, why, sizeof why);
        w->world = w->ledger ? operation_world_open(w->ledger) : NULL;
        e = w->world ? ERR_OK : ERR_MEMORY;
    }
    if (!e && name) {
        const struct operation_question q = {.operation = name,
                                             .at_ms = c->at_ms,
                                             .now_ms = app_clock_us() / 1000,
                                             .state = c->state,
                                             .edition = c->edition,
                                             .series = c->series,
                                             .all_paths = c->all_paths};
        e = operation_now_open(w->world, w->file, w->store, &q, &w->now, why, sizeof why);
    }
    if (e) {
        operation_cli_close(w);
        return operation_cli_failed(why);
    }
    return EXIT_DONE;
}

void operation_cli_close(struct operation_opened *w)
{
    operation_now_close(&w->now);
    operation_world_close(w->world);
    ledger_world_close(w->ledger);
    store_close(w->store);
    operation_file_close(w->file);
    *w = (struct operation_opened){0};
}

static int print_json(struct buf *b, enum err e)
{
    if (!e && (b->failed || fwrite(b->p, 1, b->n, stdout) != b->n)) {
        e = ERR_SYSTEM;
    }
    buf_free(b);
    return e ? operation_cli_failed("it cannot be written") : EXIT_DONE;
}

static bool wants(const struct operation_cli *c, const char *format)
{
    return c->format && strcmp(c->format, format) == 0;
}

int operation_cli_show(struct operation_cli *c)
{
    struct operation_opened w;
    struct buf b = {0};
    if (c->words != 1 || (c->format && !wants(c, "text") && !wants(c, "json"))) {
        return operation_cli_wrong("show NAME [--at T] [--format text|json]");
    }
    c->series = wants(c, "json");
    int status = operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    if (wants(c, "json")) {
        status = print_json(
            &b, operation_board_json(&w.now, operation_world_views(w.world), w.file, false, &b));
    } else {
        status = print_board(&w.now, operation_world_views(w.world));
    }
    operation_cli_close(&w);
    return status;
}

int operation_cli_forecast(struct operation_cli *c)
{
    struct operation_opened w;
    struct buf b = {0};
    if (c->words != 1) {
        return operation_cli_wrong("forecast NAME [--at T] [--keep] [--format text|json]");
    }
    int status = operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    board_forecast(&w.now.forecast, &b);
    if (c->keep &&
        operation_file_keep_forecast(w.file, c->word[0], w.now.at_ms, (const char *)b.p, b.n)) {
        status = operation_cli_failed("the forecast cannot be kept");
    }
    if (wants(c, "json")) {
        buf_byte(&b, '\n');
        status = status ? status : print_json(&b, ERR_OK);
    } else {
        print_forecast(&w.now.o, &w.now.forecast);
        buf_free(&b);
    }
    operation_cli_close(&w);
    return status;
}

static void csv_field(struct buf *b, const char *text, char then)
{
    const bool quoted = strpbrk(text, ",\"\n") != NULL;
    if (quoted) {
        buf_byte(b, '"');
    }
    for (; *text; text++) {
        buf_byte(b, (uint8_t)*text);
        if (*text == '"') {
            buf_byte(b, '"');
        }
    }
    if (quoted) {
        buf_byte(b, '"');
    }
    buf_byte(b, (uint8_t)then);
}

static void export_csv(const struct operation *o, enum item_kind kind, struct buf *b)
{
    size_t n;
    const struct item *i = operation_all(o, kind, &n);
    const enum said first = item_first(kind), end = item_first(kind + 1);
    buf_text(b, "key,");
    for (enum said f = first; f < end; f++) {
        csv_field(b, item_field_row[f].name, f + 1 == end ? '\n' : ',');
    }
    for (size_t k = 0; k < n; k++) {
        csv_field(b, i[k].key, ',');
        for (enum said f = first; f < end; f++) {
            csv_field(b, item_text(&i[k], f), f + 1 == end ? '\n' : ',');
        }
    }
}

static void export_json(const struct operation *o, enum item_kind kind, struct buf *b)
{
    size_t n;
    const struct item *i = operation_all(o, kind, &n);
    buf_byte(b, '[');
    for (size_t k = 0; k < n; k++) {
        buf_text(b, k ? ",\n" : "");
        item_json(&i[k], b);
    }
    buf_text(b, "]\n");
}

/* Of items alone the ledger is not asked. */
static int export_items(struct operation_cli *c, enum item_kind kind)
{
    char why[OPERATION_FILE_WHY_MAX];
    struct operation_file *f;
    struct operation o;
    struct buf b = {0};
    enum err e = operation_file_open(c->store, false, &f, why, sizeof why);
    if (e) {
        return operation_cli_failed(why);
    }
    e = operation_file_load(f, c->word[0], &o, why, sizeof why);
    if (!e) {
        if (wants(c, "json")) {
            export_json(&o, kind, &b);
        } else {
            export_csv(&o, kind, &b);
        }
        operation_free(&o);
    }
    operation_file_close(f);
    return e ? operation_cli_failed(why) : print_json(&b, ERR_OK);
}

enum { EXPORT_FLIGHTS, EXPORT_BOARD, EXPORT_HEARD, EXPORTS };

static enum err export_part(const struct operation_opened *w, size_t part, struct buf *b)
{
    const struct operation_views *views = operation_world_views(w->world);
    const struct board_view v = operation_board_view(&w->now, views);
    return part == EXPORT_FLIGHTS ? board_flights(&v, 0, SIZE_MAX, b)
           : part == EXPORT_BOARD ? operation_board_json(&w->now, views, w->file, false, b)
                                  : operation_heard_json(&v, w->store, views->airports, b);
}

int operation_cli_export(struct operation_cli *c)
{
    static const char *const name[EXPORTS] = {"flights", "board", "heard"};
    struct operation_opened w;
    struct buf b = {0};
    const char *what = c->words == 2 ? c->word[1] : "";
    const enum item_kind kind = item_kind_find(what);
    size_t part = 0;
    if (kind < ITEM_KINDS) {
        return export_items(c, kind);
    }
    while (part < EXPORTS && strcmp(what, name[part]) != 0) {
        part++;
    }
    if (part == EXPORTS) {
        return operation_cli_wrong(
            "export NAME KIND, flights, board or heard; kinds are operation, bases, "
            "lines, clearances, rules, claims, factors, tails, corrections, "
            "sightings");
    }
    c->all_paths = part == EXPORT_FLIGHTS;
    c->series = part == EXPORT_BOARD;
    const int status = operation_cli_open(c, c->word[0], &w);
    if (status) {
        return status;
    }
    const enum err e = export_part(&w, part, &b);
    operation_cli_close(&w);
    return print_json(&b, e);
}

int operation_cli_land(struct operation_cli *c)
{
    char why[512];
    struct buf b = {0};
    if (c->words != 3) {
        return operation_cli_wrong("land countries-10m.json codes.json FILE");
    }
    enum err e = operation_land_make(c->word[0], c->word[1], &b, why, sizeof why);
    FILE *f = e ? NULL : fopen(c->word[2], "wb");
    const bool wrote = f && fwrite(b.p, 1, b.n, f) == b.n;
    if (!e && (!f || fclose(f) != 0 || !wrote)) {
        snprintf(why, sizeof why, "%s cannot be written", c->word[2]);
        e = ERR_SYSTEM;
    }
    buf_free(&b);
    return e ? operation_cli_failed(why) : EXIT_DONE;
}
