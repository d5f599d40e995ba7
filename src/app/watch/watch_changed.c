/* Changes of watches, areas, lists, receivers and expected flights, as somebody posted them. What
   runs programs here, and what may reach this machine, is given on its command line alone. */
#include "app/options.h"
#include "app/watch/watch_asked.h"
#include "app/watch/watch_asked_internal.h"
#include "app/watch/watch_json.h"
#include "base/instant.h"
#include "deliver/deliver.h"
#include "watch/list.h"
#include "watch/say.h"
#include "wire/area_read.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 500, TO_MAX = 1024 };

struct changing {
    struct watch_asked *a;
    struct book *book;
    const char *rest; /* of the path: the number of what is changed, "" */
    json_t *body;
    struct buf *out;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 2, 3))) static int no(const struct changing *c, const char *format,
                                                    ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->why, c->why_size, format, args);
    va_end(args);
    return 400;
}

/* No more than so many of these are kept. */
static int full(const struct changing *c, const char *what, int most)
{
    return no(c, "there are %d %s, no more fit: remove one", most, what);
}

static int done(const struct changing *c, enum err e, const char *what)
{
    if (e) {
        snprintf(c->why, c->why_size,
                 e == ERR_NOT_FOUND ? "there is no such %s"
                 : e == ERR_EXISTS  ? "there is such a %s already"
                                    : "the %s cannot be kept just now; try again",
                 what);
    }
    return watch_status_of(e);
}

/* ---- members of the body ---- */

/* Whether every member is one of these (a space between them). */
static bool are_known(const struct changing *c, const char *known)
{
    const char *key;
    json_t *v;
    json_object_foreach(c->body, key, v)
    {
        const char *at = strstr(known, key);
        const size_t n = strlen(key);
        while (at && ((at > known && at[-1] != ' ') || (at[n] && at[n] != ' '))) {
            at = strstr(at + 1, key);
        }
        if (!at || n == 0) {
            no(c, "'%.40s' is unknown here; there are: %s", key, known);
            return false;
        }
    }
    return true;
}

/* "" where it is absent or null; NULL: it is something else, and it was said. */
static const char *text_of(const struct changing *c, const char *key)
{
    const json_t *v = json_object_get(c->body, key);
    if (!v || json_is_null(v)) {
        return "";
    }
    if (!json_is_string(v)) {
        no(c, "%s: a text was expected", key);
    }
    return json_string_value(v);
}

/* A time; none where it is absent or null. */
static bool time_of(const struct changing *c, const char *key, int64_t none_ms, int64_t *out_ms)
{
    int64_t t_us;
    const char *text = text_of(c, key);
    *out_ms = none_ms;
    if (text && *text && instant_parse(text, &t_us)) {
        no(c, "%s: '%.40s' is no time: 2024-06-07T08:30:00Z or 2024-06-07", key, text);
        return false;
    }
    *out_ms = text && *text ? t_us / 1000 : none_ms;
    return text != NULL;
}

static bool removes(const struct changing *c)
{
    return json_is_true(json_object_get(c->body, "remove"));
}

/* ---- watches ---- */

struct finding {
    int64_t id;
    bool found;
    struct book_watch watch;
    char name[BOOK_NAME_MAX + 1], to[TO_MAX], language[4];
    char *rule;
};

static void take_watch(void *ctx, const struct book_watch *w)
{
    struct finding *f = ctx;
    if (w->id != f->id) {
        return;
    }
    f->rule = strdup(w->rule);
    f->found = f->rule != NULL;
    f->watch = *w;
    snprintf(f->name, sizeof f->name, "%s", w->name);
    snprintf(f->to, sizeof f->to, "%s", w->to);
    snprintf(f->language, sizeof f->language, "%s", w->language);
}

static int read_name(const struct changing *c, struct finding *f)
{
    const char *name = text_of(c, "name");
    if (!json_object_get(c->body, "name")) {
        return f->found ? 200 : no(c, "name: what the watch is called");
    }
    if (!name) {
        return 400;
    }
    if (!*name || strlen(name) > BOOK_NAME_MAX || strpbrk(name, "\n\r,")) {
        return no(c, "name: 1 to %d bytes, no comma and no line end", BOOK_NAME_MAX);
    }
    snprintf(f->name, sizeof f->name, "%s", name);
    return 200;
}

static int read_rule(const struct changing *c, struct finding *f)
{
    const char *rule = text_of(c, "rule");
    struct watch_wrong wrong;
    struct watch_rule *r = NULL;
    char where[400];
    if (!json_object_get(c->body, "rule")) {
        return f->found ? 200 : no(c, "rule: what it waits for");
    }
    if (!rule) {
        return 400;
    }
    struct watch_world *w = watch_world_over(c->a->ledger, c->book);
    if (!w || watch_world_operations(w, c->a->store)) {
        watch_world_close(w);
        snprintf(c->why, c->why_size, "the areas and lists cannot be read");
        return 503;
    }
    const struct watch_names names = watch_world_names(w);
    const enum err e = watch_rule_read(rule, strlen(rule), &names, &r, &wrong);
    watch_rule_free(r);
    watch_world_close(w);
    if (e) {
        watch_wrong_text(rule, &wrong, where, sizeof where);
        return no(c, "rule: %s", where);
    }
    free(f->rule);
    f->rule = strdup(rule);
    return f->rule ? 200 : 503;
}

struct receiver_names {
    const char *wanted;
    bool found;
};

static void look_receiver(void *ctx, const struct book_receiver *r)
{
    struct receiver_names *n = ctx;
    n->found |= strcmp(n->wanted, r->name) == 0;
}

static int read_to(const struct changing *c, struct finding *f)
{
    const json_t *to = json_object_get(c->body, "to"), *v;
    size_t i, n = 0;
    if (!to) {
        return 200;
    }
    if (!json_is_array(to)) {
        return no(c, "to: a list of names of receivers");
    }
    f->to[0] = '\0';
    json_array_foreach(to, i, v)
    {
        struct receiver_names names = {.wanted = json_string_value(v)};
        if (!names.wanted || book_receivers(c->book, look_receiver, &names) || !names.found) {
            return no(c, "to: there is no receiver '%.80s'", names.wanted ? names.wanted : "");
        }
        n += (size_t)snprintf(f->to + n, sizeof f->to - n, "%s%s", i ? "," : "", names.wanted);
        if (n >= sizeof f->to) {
            return no(c, "to: too many receivers");
        }
    }
    return 200;
}

static int read_rest(const struct changing *c, struct finding *f)
{
    const char *language = text_of(c, "language");
    const json_t *muted = json_object_get(c->body, "muted");
    if (!language) {
        return 400;
    }
    if (*language && watch_language_find(language) == WATCH_LANGUAGES) {
        return no(c, "language: '%.20s' is none of en, ar, fr", language);
    }
    if (*language || !f->language[0]) {
        snprintf(f->language, sizeof f->language, "%s", *language ? language : "en");
    }
    if (json_object_get(c->body, "expires") &&
        !time_of(c, "expires", BOOK_NEVER, &f->watch.expires_ms)) {
        return 400;
    }
    if (json_is_boolean(muted)) {
        f->watch.muted_until_ms = json_is_true(muted) ? BOOK_NEVER : 0;
    } else if (muted && !json_is_string(muted)) {
        return no(c, "muted: true, false, or until when");
    } else if (muted && !time_of(c, "muted", 0, &f->watch.muted_until_ms)) {
        return 400;
    }
    return 200;
}

static int keep_watch(const struct changing *c, struct finding *f)
{
    int status = read_name(c, f);
    status = status == 200 ? read_rule(c, f) : status;
    status = status == 200 ? read_to(c, f) : status;
    status = status == 200 ? read_rest(c, f) : status;
    if (status != 200) {
        return status;
    }
    f->watch.name = f->name;
    f->watch.rule = f->rule;
    f->watch.to = f->to;
    f->watch.language = f->language;
    const enum err e = book_watch_put(c->book, &f->watch, &f->watch.id);
    if (!e) {
        const int64_t now_ms = app_clock_us() / 1000;
        buf_text(c->out, "{\"watch\":");
        watch_json_watch(&f->watch, now_ms, c->out);
        buf_text(c->out, "}\n");
    }
    return done(c, e, "watch");
}

static int change_watch(const struct changing *c)
{
    struct finding f = {.watch = {.expires_ms = BOOK_NEVER,
                                  .made_ms = app_clock_us() / 1000,
                                  .last_ms = KEPT_NO_TIME}};
    int status = 404;
    if (!are_known(c, "name rule to language expires muted remove")) {
        return 400;
    }
    f.id = strtoll(c->rest, NULL, 10);
    if (f.id > 0 && removes(c)) {
        status = done(c, book_watch_remove(c->book, f.id), "watch");
    } else if (!*c->rest || (!book_watches(c->book, take_watch, &f) && f.found)) {
        status = keep_watch(c, &f);
    } else {
        snprintf(c->why, c->why_size, "there is no watch %.20s", c->rest);
    }
    free(f.rule);
    return status;
}

/* ---- areas, lists, receivers ---- */

static int change_area(const struct changing *c)
{
    char why[300] = "";
    struct area_given given = {0};
    const char *name = text_of(c, "name"), *area = text_of(c, "area");
    if (!are_known(c, "name area remove") || !name || !area) {
        return 400;
    }
    if (!*name || strlen(name) > BOOK_NAME_MAX || strpbrk(name, "=\"{\n\r")) {
        return no(c, "name: 1 to %d bytes, without = \" and {", BOOK_NAME_MAX);
    }
    if (!removes(c) &&
        area_read(area, strlen(area), ledger_world_lands(c->a->ledger), &given, why, sizeof why)) {
        return no(c, "area: %s", why);
    }
    area_given_free(&given);
    const enum err e = book_area_put(c->book, name, removes(c) ? "" : area);
    return e == ERR_FULL ? full(c, "areas", BOOK_AREAS_MAX) : done(c, e, "area");
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

static int change_list(const struct changing *c)
{
    struct listed to = {.book = c->book};
    size_t bad = 0, n = 0;
    const char *name = text_of(c, "name"), *csv = text_of(c, "csv");
    if (!are_known(c, "name csv remove") || !name || !csv) {
        return 400;
    }
    if (!*name || strlen(name) >= WATCH_VALUE_MAX) {
        return no(c, "name: 1 to %d bytes", WATCH_VALUE_MAX - 1);
    }
    if (removes(c)) {
        return done(c, book_list_remove(c->book, name), "list");
    }
    char *text = strdup(csv);
    enum err e = text ? book_begin(c->book) : ERR_MEMORY;
    e = e ? e : book_list_start(c->book, name, &to.number);
    n = e ? 0 : watch_list_read(text, strlen(text), keep_listed, &to, &bad);
    e = e ? e : to.e ? to.e : book_commit(c->book);
    book_undo(c->book);
    free(text);
    if (e == ERR_FULL) {
        return full(c, "lists", WATCH_LISTS_MAX);
    }
    if (!e) {
        buf_format(c->out, "{\"aircraft\":%zu,\"without_address\":%zu}\n", n, bad);
    }
    return done(c, e, "list");
}

static int change_receiver(const struct changing *c)
{
    char made[48] = "", why[400];
    const char *name = text_of(c, "name"), *kind = text_of(c, "kind");
    const char *target = text_of(c, "target"), *secret = text_of(c, "secret");
    if (!are_known(c, "name kind target secret remove") || !name || !kind || !target || !secret) {
        return 400;
    }
    if (!*name || strlen(name) > BOOK_NAME_MAX ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")]) {
        return no(c, "name: letters, digits, - _ and .");
    }
    if (removes(c)) {
        return done(c, book_receiver_remove(c->book, name), "receiver");
    }
    if (strcmp(kind, "command") == 0) {
        snprintf(c->why, c->why_size,
                 "a program is named on the machine itself: masar watch receiver");
        return 403;
    }
    if (!deliver_check(kind, target, why, sizeof why)) {
        return no(c, "%s", why);
    }
    if (!*secret && strcmp(kind, "webhook") == 0) {
        deliver_secret(made);
    }
    const struct book_receiver r = {
        .name = name, .kind = kind, .target = target, .secret = *secret ? secret : made};
    const enum err e = book_receiver_put(c->book, &r);
    if (!e) {
        buf_text(c->out, "{\"name\":");
        buf_json_string(c->out, name, strlen(name));
        buf_format(c->out, ",\"secret\":%s%s%s}\n", *made ? "\"" : "", *made ? made : "null",
                   *made ? "\"" : "");
    }
    return e == ERR_FULL ? full(c, "receivers", BOOK_RECEIVERS_MAX) : done(c, e, "receiver");
}

/* ---- expected flights ---- */

struct adding {
    struct book *book;
    size_t n;
};

static bool add_flight(void *ctx, const struct watch_expected *e)
{
    struct adding *a = ctx;
    struct watch_expected new = *e;
    new.id = 0;
    a->n++;
    return book_expected_put(a->book, &new) == ERR_OK;
}

/* All of them or none. */
static int add_flights(const struct changing *c, char *csv, size_t n)
{
    struct adding to = {.book = c->book};
    char why[300] = "the flights cannot be kept just now; try again";
    bool good = book_begin(c->book) == ERR_OK;
    good = good && watch_expected_read(csv, n, ledger_world_airports(c->a->ledger), 1, add_flight,
                                       &to, why, sizeof why);
    good = good && book_commit(c->book) == ERR_OK;
    book_undo(c->book);
    if (!good) {
        return no(c, "%s", why);
    }
    buf_format(c->out, "{\"added\":%zu}\n", to.n);
    return 200;
}

/* The members of one flight as a file of one row. */
static int add_one(const struct changing *c)
{
    static const char *const keys[] = {"callsign", "hex", "from", "to", "off", "on", "fuel"};
    char csv[600] = "callsign,hex,from,to,off,on,fuel,report_min\n";
    size_t n = strlen(csv);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = text_of(c, keys[i]);
        if (!value) {
            return 400;
        }
        if (strlen(value) > 40 || strpbrk(value, ",\"\r\n")) {
            return no(c, "%s: '%.40s' cannot be read", keys[i], value);
        }
        n += (size_t)snprintf(csv + n, sizeof csv - n, "%s,", value);
    }
    const json_t *report = json_object_get(c->body, "report_min");
    if (report && !json_is_integer(report) && !json_is_null(report)) {
        return no(c, "report_min: minutes, 0 to 1440");
    }
    n += (size_t)snprintf(csv + n, sizeof csv - n, "%lld\n", (long long)json_integer_value(report));
    return add_flights(c, csv, n);
}

static int change_flight(const struct changing *c)
{
    const int64_t id = strtoll(c->rest, NULL, 10);
    const json_t *heard = json_object_get(c->body, "heard");
    int64_t t_ms = app_clock_us() / 1000;
    if (!are_known(c, "heard remove")) {
        return 400;
    }
    if (removes(c)) {
        return done(c, book_expected_remove(c->book, id), "flight");
    }
    if (!json_is_true(heard) && (!json_is_string(heard) || !time_of(c, "heard", 0, &t_ms))) {
        return json_is_string(heard) ? 400 : no(c, "heard: true, or when; or remove: true");
    }
    return done(c, book_expected_heard(c->book, id, t_ms), "flight");
}

static int change_expected(const struct changing *c)
{
    if (*c->rest) {
        return change_flight(c);
    }
    if (!are_known(c, "callsign hex from to off on fuel report_min csv")) {
        return 400;
    }
    if (!json_object_get(c->body, "csv")) {
        return add_one(c);
    }
    const char *csv = text_of(c, "csv");
    char *text = csv ? strdup(csv) : NULL;
    const int status = text ? add_flights(c, text, strlen(text)) : csv ? 503 : 400;
    free(text);
    return status;
}

/* ---- which ---- */

int watch_asked_change(struct watch_asked *a, const char *path, const void *bytes, size_t n,
                       struct buf *out, char *why, size_t why_size)
{
    static const struct {
        const char *path;
        int (*change)(const struct changing *c);
        bool whole;
    } parts[] = {{"/watches/areas", change_area, true},
                 {"/watches/lists", change_list, true},
                 {"/watches/receivers", change_receiver, true},
                 {"/watches", change_watch, false},
                 {"/expected", change_expected, false}};
    struct changing c = {.a = a, .rest = "", .out = out, .why = why, .why_size = why_size};
    int status = 404;
    c.body = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL);
    snprintf(why, why_size, "the body is one JSON object");
    if (!json_is_object(c.body)) {
        status = 400;
    } else if (book_open(a->store, true, &c.book, why, why_size)) {
        status = 503;
    } else {
        book_patience(c.book, PATIENCE_MS);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            const size_t length = strlen(parts[i].path);
            if (strncmp(path, parts[i].path, length) == 0 &&
                (path[length] == '\0' || (path[length] == '/' && !parts[i].whole))) {
                c.rest = path[length] ? path + length + 1 : "";
                status = parts[i].change(&c);
                break;
            }
        }
    }
    if (status == 200 && out->n == 0) {
        buf_text(out, "{\"done\":true}\n");
    }
    book_close(c.book);
    json_decref(c.body);
    return status;
}
