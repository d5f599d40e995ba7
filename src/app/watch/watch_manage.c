/* masar watch add, list, remove, mute, unmute, log, area, list-file, check. */
#include "app/command.h"
#include "app/load.h"
#include "app/options.h"
#include "app/watch/watch_command.h"
#include "app/watch/watch_feed.h"
#include "app/watch/watch_world.h"
#include "base/instant.h"
#include "watch/list.h"
#include "watch/say.h"
#include "wire/area_read.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a rule by the names of the book (which may be NULL) and lets it go. */
static int check_rule(const struct watch_line *l, struct book *b, const char *rule)
{
    char why[512] = "";
    struct watch_world *w = watch_world_open(l->data, b, why, sizeof why);
    if (!w) {
        return watch_complain("%s", why);
    }
    if (l->store && watch_world_operations(w, l->store)) {
        watch_world_close(w);
        return watch_complain("out of memory");
    }
    const struct watch_names names = watch_world_names(w);
    struct watch_rule *r;
    struct watch_wrong wrong;
    const enum err e = watch_rule_read(rule, strlen(rule), &names, &r, &wrong);
    if (e) {
        watch_wrong_text(rule, &wrong, why, sizeof why);
    }
    watch_rule_free(r);
    watch_world_close(w);
    return e ? watch_usage("the rule, %s", why) : EXIT_DONE;
}

int watch_check(const struct watch_line *l)
{
    const char *rule = l->arguments == 1 ? l->argument[0] : l->rule;
    char why[512];
    struct book *b = NULL;
    if (!rule || l->arguments > 1) {
        return watch_usage("check takes one rule, in quotes");
    }
    if (l->store) {
        (void)book_open(l->store, false, &b, why, sizeof why); /* without: no names */
    }
    const int status = check_rule(l, b, rule);
    book_close(b);
    if (status == EXIT_DONE) {
        puts("good");
    }
    return status;
}

static int add_watch(const struct watch_line *l, struct book *b)
{
    const char *language = l->language ? l->language : "en";
    int64_t id = 0;
    if (watch_language_find(language) == WATCH_LANGUAGES) {
        return watch_usage("there is no language '%s': en, ar or fr", language);
    }
    const int status = check_rule(l, b, l->rule);
    if (status != EXIT_DONE) {
        return status;
    }
    if (l->to && !watch_receivers_known(b, l->to)) {
        return EXIT_USAGE;
    }
    (void)book_watch_find(b, l->name, &id);
    const struct book_watch w = {.id = id,
                                 .name = l->name,
                                 .rule = l->rule,
                                 .to = l->to ? l->to : "",
                                 .language = language,
                                 .expires_ms =
                                     l->expires_ms == KEPT_NO_TIME ? BOOK_NEVER : l->expires_ms,
                                 .made_ms = app_clock_us() / 1000};
    const bool is_new = id == 0;
    if (book_watch_put(b, &w, &id)) {
        return watch_complain("the watch cannot be kept");
    }
    printf("watch %lld %s\n", (long long)id, is_new ? "added" : "changed");
    return EXIT_DONE;
}

int watch_add(const struct watch_line *l)
{
    if (!l->name || !l->rule || l->arguments > 0) {
        return watch_usage("add takes --name NAME and --rule RULE, in quotes");
    }
    if (strlen(l->name) == 0 || strlen(l->name) > BOOK_NAME_MAX || strpbrk(l->name, "\n\r,")) {
        return watch_usage("a name has 1 to %d bytes, no comma and no line end", BOOK_NAME_MAX);
    }
    struct book *b = watch_book(l, true);
    const int status = b ? add_watch(l, b) : l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    book_close(b);
    return status;
}

/* ---- list ---- */

struct listing {
    bool json;
    json_t *rows;
};

static const char *when(int64_t t_ms, const char *otherwise, char room[32])
{
    if (t_ms == KEPT_NO_TIME || t_ms == BOOK_NEVER || t_ms == 0) {
        return otherwise;
    }
    instant_format(t_ms * 1000, 0, room);
    return room;
}

static void show_watch(void *ctx, const struct book_watch *w)
{
    struct listing *l = ctx;
    char muted[32], expires[32], last[32];
    if (l->json) {
        json_t *row = json_pack("{s:I,s:s,s:s,s:s,s:s,s:I}", "id", (json_int_t)w->id, "name",
                                w->name, "rule", w->rule, "to", w->to, "language", w->language,
                                "alerts", (json_int_t)w->alerts);
        if (w->last_ms != KEPT_NO_TIME) {
            json_object_set_new(row, "last", json_string(when(w->last_ms, "", last)));
        }
        if (w->muted_until_ms) {
            json_object_set_new(row, "muted_until",
                                json_string(when(w->muted_until_ms, "never", muted)));
        }
        if (w->expires_ms != BOOK_NEVER) {
            json_object_set_new(row, "expires", json_string(when(w->expires_ms, "", expires)));
        }
        json_array_append_new(l->rows, row);
        return;
    }
    printf("%lld  %s\n    %s\n    alerts %llu, last %s; to %s; language %s", (long long)w->id,
           w->name, w->rule, (unsigned long long)w->alerts, when(w->last_ms, "never", last),
           *w->to ? w->to : "the log", w->language);
    if (w->muted_until_ms) {
        printf("; muted until %s", when(w->muted_until_ms, "unmuted", muted));
    }
    if (w->expires_ms != BOOK_NEVER) {
        printf("; expires %s", when(w->expires_ms, "", expires));
    }
    putchar('\n');
}

int watch_list(const struct watch_line *l)
{
    struct book *b = watch_book(l, false);
    struct listing out = {.json = l->json, .rows = json_array()};
    if (!b) {
        json_decref(out.rows);
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    const enum err e = book_watches(b, show_watch, &out);
    book_close(b);
    if (l->json && !e) {
        json_dumpf(out.rows, stdout, JSON_COMPACT);
        putchar('\n');
    }
    json_decref(out.rows);
    return e ? watch_complain("the book of watches cannot be read") : EXIT_DONE;
}

/* ---- one watch by its name ---- */

static int with_watch(const struct watch_line *l,
                      enum err (*act)(struct book *b, int64_t id, int64_t t_ms), int64_t t_ms,
                      const char *done)
{
    const char *name = l->arguments == 1 ? l->argument[0] : l->name;
    int64_t id;
    if (!name || l->arguments > 1) {
        return watch_usage("name one watch, in quotes");
    }
    struct book *b = watch_book(l, false);
    if (!b) {
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    enum err e = book_watch_find(b, name, &id);
    e = e ? e : act(b, id, t_ms);
    book_close(b);
    if (e) {
        return watch_complain(e == ERR_NOT_FOUND ? "there is no watch '%s'"
                                                 : "the watch '%s' cannot be changed",
                              name);
    }
    printf("watch %lld %s\n", (long long)id, done);
    return EXIT_DONE;
}

static enum err act_remove(struct book *b, int64_t id, int64_t t_ms)
{
    (void)t_ms;
    return book_watch_remove(b, id);
}

int watch_remove(const struct watch_line *l)
{
    return with_watch(l, act_remove, 0, "removed");
}

int watch_mute(const struct watch_line *l)
{
    return with_watch(l, book_watch_mute, l->until_ms == KEPT_NO_TIME ? BOOK_NEVER : l->until_ms,
                      "muted");
}

int watch_unmute(const struct watch_line *l)
{
    return with_watch(l, book_watch_mute, 0, "unmuted");
}

/* ---- log ---- */

static void show_alert(void *ctx, const struct book_alert *a)
{
    const struct watch_line *l = ctx;
    char t[32];
    if (l->json) {
        puts(a->json);
        return;
    }
    json_t *j = json_loads(a->json, 0, NULL);
    const char *text = j ? json_string_value(json_object_get(j, a->language)) : NULL;
    printf("%s  %-24s %.2f  %s\n", when(a->made_ms, "", t), a->watch_name, (double)a->p,
           text ? text : a->key);
    json_decref(j);
}

static enum err show_feed(const struct watch_line *l, struct book *b, const struct book_query *q)
{
    struct buf out = {0};
    const struct watch_feed f = {.query = *q,
                                 .language = l->language ? watch_language_find(l->language)
                                                         : WATCH_LANGUAGES,
                                 .out = &out};
    const enum err e = watch_feed_write(&f, b);
    if (!e) {
        fwrite(out.p, 1, out.n, stdout);
    }
    buf_free(&out);
    return e;
}

int watch_log(const struct watch_line *l)
{
    struct book_query q = {.since_ms = l->since_ms == KEPT_NO_TIME ? INT64_MIN : l->since_ms,
                           .until_ms = l->until_ms == KEPT_NO_TIME ? INT64_MAX : l->until_ms,
                           .notes = l->notes,
                           .limit = l->limit};
    const char *name = l->arguments == 1 ? l->argument[0] : l->name;
    struct book *b = watch_book(l, false);
    if (!b) {
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    enum err e = name ? book_watch_find(b, name, &q.watch) : ERR_OK;
    const bool none = e == ERR_NOT_FOUND;
    e = e ? e : l->atom ? show_feed(l, b, &q) : book_alerts(b, &q, show_alert, (void *)l);
    book_close(b);
    return none ? watch_complain("there is no watch '%s'", name)
           : e  ? watch_complain("the book of watches cannot be read")
                : EXIT_DONE;
}

/* ---- names ---- */

int watch_area(const struct watch_line *l)
{
    char why[512] = "";
    struct area_given given = {0};
    if (l->arguments != 2 || strlen(l->argument[0]) > BOOK_NAME_MAX ||
        strpbrk(l->argument[0], "=\"{")) {
        return watch_usage("area takes a name and an area: area gulf box=1,2,3,4 (- removes it)");
    }
    const char *area = l->argument[1];
    const bool removes = strcmp(area, "-") == 0;
    struct reference *r = reference_open(l->data);
    const struct area_lands lands = reference_lands(r);
    const enum err wrong =
        removes ? ERR_OK : area_read(area, strlen(area), &lands, &given, why, sizeof why);
    area_given_free(&given);
    reference_close(r);
    if (wrong) {
        return watch_usage("%s", why);
    }
    struct book *b = watch_book(l, true);
    if (!b) {
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    const enum err e = book_area_put(b, l->argument[0], removes ? "" : area);
    book_close(b);
    return e == ERR_NOT_FOUND ? watch_complain("there is no area '%s'", l->argument[0])
           : e == ERR_FULL
               ? watch_complain("there are %d areas, no more fit: remove one", BOOK_AREAS_MAX)
           : e ? watch_complain("the area cannot be kept")
               : EXIT_DONE;
}

struct listed {
    struct book *book;
    int number;
    enum err e;
};

static void keep_listed(void *ctx, uint32_t address, const char *label)
{
    struct listed *l = ctx;
    l->e = l->e ? l->e : book_list_add(l->book, l->number, address, label);
}

int watch_list_file(const struct watch_line *l)
{
    char why[256] = "";
    struct buf text = {0};
    struct listed to = {0};
    size_t n = 0, bad = 0;
    if (l->arguments != 2 || strlen(l->argument[0]) >= WATCH_VALUE_MAX) {
        return watch_usage("list-file takes a name (at most %d bytes) and a CSV file",
                           WATCH_VALUE_MAX - 1);
    }
    if (load_file(l->argument[1], &text, why, sizeof why)) {
        return watch_complain("'%s': %s", l->argument[1], why);
    }
    to.book = watch_book(l, true);
    if (!to.book) {
        buf_free(&text);
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    enum err e = book_begin(to.book);
    e = e ? e : book_list_start(to.book, l->argument[0], &to.number);
    if (!e) {
        n = watch_list_read((char *)text.p, text.n, keep_listed, &to, &bad);
    }
    e = e ? e : to.e ? to.e : book_commit(to.book);
    book_undo(to.book);
    book_close(to.book);
    buf_free(&text);
    if (e) {
        return watch_complain(e == ERR_FULL ? "there are %d lists, no more fit: remove one"
                                            : "the list cannot be kept",
                              WATCH_LISTS_MAX);
    }
    printf("list %s: %zu aircraft, %zu lines without an address\n", l->argument[0], n, bad);
    return EXIT_DONE;
}
