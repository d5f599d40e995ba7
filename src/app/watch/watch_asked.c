#include "app/watch/watch_asked.h"

#include "app/options.h"
#include "app/watch/watch_asked_internal.h"
#include "app/watch/watch_feed.h"
#include "app/watch/watch_json.h"
#include "base/instant.h"
#include "identity/type.h"
#include "serve/fault.h"
#include "serve/query.h"
#include "watch/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_ROWS = 100, LOG_MOST = 1000, FEED_ROWS = 100, FEED_MOST = 500 };

struct watch_asked *watch_asked_open(const char *store, const char *data,
                                     struct ledger_world *ledger, struct watching *watching)
{
    struct watch_asked *a = calloc(1, sizeof *a);
    if (a) {
        snprintf(a->store, sizeof a->store, "%s", store);
        snprintf(a->data, sizeof a->data, "%s", data ? data : "");
        a->ledger = ledger;
        a->watching = watching;
    }
    if (a && uv_mutex_init(&a->mutex)) {
        free(a);
        a = NULL;
    }
    return a;
}

void watch_asked_end(struct watch_asked *a)
{
    if (a) {
        uv_mutex_lock(&a->mutex);
        a->watching = NULL;
        uv_mutex_unlock(&a->mutex);
    }
}

void watch_asked_close(struct watch_asked *a)
{
    if (a) {
        uv_mutex_destroy(&a->mutex);
        free(a);
    }
}

static struct watching_state state_of(struct watch_asked *a)
{
    struct watching_state s = {.now_ms = KEPT_NO_TIME, .why = "this server does not watch"};
    uv_mutex_lock(&a->mutex);
    if (a->watching) {
        s = watching_state(a->watching);
    }
    uv_mutex_unlock(&a->mutex);
    return s;
}

static bool flight_of(struct watch_asked *a, int64_t id, struct watching_flight *out)
{
    uv_mutex_lock(&a->mutex);
    const bool found = a->watching && watching_flight(a->watching, id, out);
    uv_mutex_unlock(&a->mutex);
    return found;
}

int watch_status_of(enum err e)
{
    switch (e) {
    case ERR_OK:
        return 200;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_EXISTS:
        return 409;
    case ERR_SYSTEM:
    case ERR_MEMORY:
        return 503;
    default:
        return 400;
    }
}

/* ---- arguments ---- */

bool watch_asked_time(const struct watch_asking *q, const char *name, int64_t otherwise,
                      int64_t *out_ms)
{
    char text[40];
    int64_t t_us;
    *out_ms = otherwise;
    if (!query_arg(q->args, name, text, sizeof text) || !text[0]) {
        return true;
    }
    if (instant_parse(text, &t_us)) {
        snprintf(q->why, q->why_size, "%s: '%s' is no time: 2024-06-07T08:30:00Z or 2024-06-07",
                 name, text);
        return false;
    }
    *out_ms = t_us / 1000;
    return true;
}

bool watch_asked_flag(const struct watch_asking *q, const char *name)
{
    char text[8];
    return query_arg(q->args, name, text, sizeof text) &&
           (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

bool watch_asked_count(const struct watch_asking *q, const char *name, unsigned otherwise,
                       unsigned most, unsigned *out)
{
    char text[16], *end;
    *out = otherwise;
    if (!query_arg(q->args, name, text, sizeof text)) {
        return true;
    }
    const long n = strtol(text, &end, 10);
    if (end == text || *end || n < 1 || n > (long)most) {
        snprintf(q->why, q->why_size, "%s: '%s' is no number from 1 to %u", name, text, most);
        return false;
    }
    *out = (unsigned)n;
    return true;
}

/* The watch an argument names, by name or number; 0 where there is no such argument. */
static int find_watch(const struct watch_asking *q, int64_t *id)
{
    char name[BOOK_NAME_MAX + 1];
    *id = 0;
    if (!query_arg(q->args, "watch", name, sizeof name) || !name[0]) {
        return 200;
    }
    const enum err e = q->book ? book_watch_find(q->book, name, id) : ERR_NOT_FOUND;
    if (e) {
        snprintf(q->why, q->why_size, "there is no watch '%s'", name);
    }
    return watch_status_of(e);
}

/* ---- watches ---- */

struct listing {
    const struct watch_asking *q;
    int64_t now_ms, only; /* only: this watch; 0 all */
    size_t n;
};

static void begin_row(struct listing *l)
{
    buf_text(l->q->out, l->n++ ? "," : "");
}

static void list_watch(void *ctx, const struct book_watch *w)
{
    struct listing *l = ctx;
    if (l->only == 0 || l->only == w->id) {
        begin_row(l);
        watch_json_watch(w, l->now_ms, l->q->out);
    }
}

static void list_receiver(void *ctx, const struct book_receiver *r)
{
    begin_row(ctx);
    watch_json_receiver(r, ((struct listing *)ctx)->q->out);
}

static void list_area(void *ctx, const char *name, const char *text)
{
    struct buf *out = ((struct listing *)ctx)->q->out;
    begin_row(ctx);
    buf_text(out, "{\"name\":");
    buf_json_string(out, name, strlen(name));
    buf_text(out, ",\"area\":");
    buf_json_string(out, text, strlen(text));
    buf_byte(out, '}');
}

static void list_list(void *ctx, int number, const char *name, uint64_t aircraft)
{
    struct buf *out = ((struct listing *)ctx)->q->out;
    (void)number;
    begin_row(ctx);
    buf_text(out, "{\"name\":");
    buf_json_string(out, name, strlen(name));
    buf_format(out, ",\"aircraft\":%llu}", (unsigned long long)aircraft);
}

static struct listing listing_of(const struct watch_asking *q)
{
    const int64_t now_ms = state_of(q->a).now_ms;
    return (struct listing){.q = q,
                            .now_ms = now_ms == KEPT_NO_TIME ? app_clock_us() / 1000 : now_ms};
}

static void write_state(const struct watch_asking *q)
{
    const struct watching_state s = state_of(q->a);
    buf_format(q->out,
               "\"watching\":{\"watches\":%llu,\"alerts\":%llu,\"delivered\":%llu,\"waiting\":%llu,"
               "\"lost\":%llu,\"why\":",
               (unsigned long long)s.watches, (unsigned long long)s.alerts,
               (unsigned long long)s.delivered, (unsigned long long)s.waiting,
               (unsigned long long)s.lost);
    buf_json_string(q->out, s.why, strlen(s.why));
    buf_byte(q->out, '}');
}

static int ask_all(const struct watch_asking *q)
{
    struct listing l = listing_of(q);
    enum err e = ERR_OK;
    buf_byte(q->out, '{');
    write_state(q);
    watch_json_time(q->out, "now", l.now_ms);
    buf_text(q->out, ",\"watches\":[");
    e = q->book ? book_watches(q->book, list_watch, &l) : ERR_OK;
    buf_text(q->out, "],\"receivers\":[");
    l.n = 0;
    e = e || !q->book ? e : book_receivers(q->book, list_receiver, &l);
    buf_text(q->out, "],\"areas\":[");
    l.n = 0;
    e = e || !q->book ? e : book_areas(q->book, list_area, &l);
    buf_text(q->out, "],\"lists\":[");
    l.n = 0;
    e = e || !q->book ? e : book_lists(q->book, list_list, &l);
    buf_text(q->out, "]}");
    return watch_status_of(e);
}

static int ask_one(const struct watch_asking *q, const char *name)
{
    struct listing l = listing_of(q);
    enum err e = q->book ? book_watch_find(q->book, name, &l.only) : ERR_NOT_FOUND;
    e = e ? e : book_watches(q->book, list_watch, &l);
    e = !e && l.n == 0 ? ERR_NOT_FOUND : e;
    if (e) {
        snprintf(q->why, q->why_size, "there is no watch '%.80s'", name);
    }
    return watch_status_of(e);
}

/* ---- the language ---- */

static int ask_words(const struct watch_asking *q)
{
    static const char *const sorts[] = {"who", "state", "event"};
    static const char *const takes[] = {"nothing", "hex",      "pattern", "name", "word",
                                        "squawk",  "class",    "country", "area", "near",
                                        "number",  "duration", "place"};
    buf_text(q->out, "{\"words\":[");
    for (unsigned i = 0; i < WATCH_WORDS; i++) {
        const struct watch_word_row *w = &watch_word_row[i];
        const char *nowhere = i == WATCH_CLEARANCE ? "clearance" : "nothing";
        buf_format(q->out,
                   "%s{\"word\":\"%s\",\"sort\":\"%s\",\"takes\":\"%s\",\"text\":", i ? "," : "",
                   w->word, sorts[w->sort],
                   w->sort == WATCH_IS_EVENT ? (w->where == 1   ? "place"
                                                : w->where == 2 ? "around"
                                                                : nowhere)
                                             : takes[w->takes]);
        buf_json_string(q->out, w->text, strlen(w->text));
        buf_byte(q->out, '}');
    }
    buf_text(q->out, "],\"classes\":[");
    for (unsigned k = KIND_UNKNOWN + 1; k < KINDS; k++) {
        buf_format(q->out, "%s\"%s\"", k > KIND_UNKNOWN + 1 ? "," : "",
                   type_kind_key((enum type_kind)k));
    }
    buf_text(q->out, "]}");
    return 200;
}

static void write_wrong(const char *rule, const struct watch_wrong *wrong, struct buf *out)
{
    const struct watch_place at = watch_wrong_place(rule, wrong);
    buf_format(out,
               "{\"good\":false,\"at\":%zu,\"line\":%zu,\"column\":%zu,\"why\":", at.characters,
               at.line, at.column);
    buf_json_string(out, wrong->why, strlen(wrong->why));
    const struct fault f = fault_find(wrong->why, 400);
    fault_json(&f, out);
    buf_byte(out, '}');
}

static void write_places(const struct watch_rule *r, const struct airports *airports,
                         struct buf *out)
{
    bool first = true;
    buf_text(out, ",\"places\":[");
    for (uint16_t k = 0; k < r->terms; k++) {
        const struct watch_term *t = &r->term[k];
        for (uint16_t p = 0; t->where != WATCH_IN_COUNTRY && p < t->places; p++) {
            const struct watch_value *v = &r->value[t->place + p];
            const struct airport *a = airport_at(airports, v->number);
            const char *name = airport_name(airports, a);
            buf_format(out,
                       "%s{\"code\":\"%s\",\"lat\":%.5f,\"lon\":%.5f,\"name\":", first ? "" : ",",
                       v->text, a->lat_e7 / 1e7, a->lon_e7 / 1e7);
            buf_json_string(out, name, strlen(name));
            buf_byte(out, '}');
            first = false;
        }
    }
    buf_byte(out, ']');
}

/* Whether a rule is one; where it is not, that is the answer, no error. */
static int ask_check(const struct watch_asking *q)
{
    char rule[RULE_ARGS_MAX];
    struct watch_rule *r = NULL;
    struct watch_wrong wrong;
    if (!query_arg(q->args, "rule", rule, sizeof rule)) {
        snprintf(q->why, q->why_size, "say which: check?rule=...");
        return 400;
    }
    struct watch_world *w = watch_world_over(q->a->ledger, q->book);
    if (!w || watch_world_operations(w, q->a->store)) {
        watch_world_close(w);
        snprintf(q->why, q->why_size, "the areas and lists cannot be read");
        return 503;
    }
    const struct watch_names names = watch_world_names(w);
    if (watch_rule_read(rule, strlen(rule), &names, &r, &wrong)) {
        write_wrong(rule, &wrong, q->out);
    } else {
        buf_format(q->out, "{\"good\":true,\"steps\":%u,\"cases\":%u", (unsigned)r->steps,
                   (unsigned)r->cases);
        write_places(r, names.airports, q->out);
        buf_byte(q->out, '}');
    }
    watch_rule_free(r);
    watch_world_close(w);
    return 200;
}

/* ---- what was told ---- */

struct telling {
    struct buf *out;
    size_t n;
};

static void list_alert(void *ctx, const struct book_alert *a)
{
    struct telling *t = ctx;
    buf_text(t->out, t->n++ ? "," : "");
    watch_json_alert(a, t->out);
}

static int read_query(const struct watch_asking *q, unsigned rows, unsigned most,
                      struct book_query *b)
{
    char before[24];
    *b = (struct book_query){.notes = watch_asked_flag(q, "notes")};
    const int status = find_watch(q, &b->watch);
    if (query_arg(q->args, "before", before, sizeof before)) {
        b->before_id = strtoll(before, NULL, 10);
    }
    if (status != 200) {
        return status;
    }
    return watch_asked_time(q, "since", INT64_MIN, &b->since_ms) &&
                   watch_asked_time(q, "until", INT64_MAX, &b->until_ms) &&
                   watch_asked_count(q, "limit", rows, most, &b->limit)
               ? 200
               : 400;
}

static int ask_log(const struct watch_asking *q)
{
    struct telling t = {.out = q->out};
    struct book_query b;
    const int status = read_query(q, LOG_ROWS, LOG_MOST, &b);
    if (status != 200) {
        return status;
    }
    buf_text(q->out, "{\"alerts\":[");
    const enum err e = q->book ? book_alerts(q->book, &b, list_alert, &t) : ERR_OK;
    buf_format(q->out, "],\"more\":%s}", t.n == b.limit ? "true" : "false");
    return watch_status_of(e);
}

static int ask_feed(const struct watch_asking *q)
{
    char language[8] = "";
    struct watch_feed f = {.out = q->out, .language = WATCH_LANGUAGES};
    const int status = read_query(q, FEED_ROWS, FEED_MOST, &f.query);
    if (status != 200) {
        return status;
    }
    if (query_arg(q->args, "language", language, sizeof language) &&
        (f.language = watch_language_find(language)) == WATCH_LANGUAGES) {
        snprintf(q->why, q->why_size, "language: '%s' is none of en, ar, fr", language);
        return 400;
    }
    const enum err e = watch_feed_write(&f, q->book);
    if (e) {
        snprintf(q->why, q->why_size, "the book of watches cannot be read");
    }
    return watch_status_of(e);
}

/* ---- expected flights ---- */

static void list_flight(void *ctx, const struct watch_expected *e)
{
    struct listing *l = ctx;
    struct watching_flight state;
    begin_row(l);
    watch_json_flight(e, flight_of(l->q->a, e->id, &state) ? &state : NULL, l->q->out);
}

static int ask_expected(const struct watch_asking *q)
{
    struct listing l = listing_of(q);
    buf_text(q->out, "{\"flights\":[");
    const enum err e = q->book ? book_expected(q->book, list_flight, &l) : ERR_OK;
    buf_text(q->out, "]");
    watch_json_time(q->out, "now", l.now_ms);
    buf_byte(q->out, '}');
    return watch_status_of(e);
}

/* ---- which ---- */

int watch_asked(struct watch_asked *a, struct store *s, const char *path, const char *args,
                struct buf *out, char *why, size_t why_size)
{
    static const struct {
        const char *path;
        int (*ask)(const struct watch_asking *q);
    } parts[] = {{"/watches", ask_all},         {"/watches/words", ask_words},
                 {"/watches/check", ask_check}, {"/watches/test", watch_preview},
                 {"/alerts", ask_log},          {"/alerts.atom", ask_feed},
                 {"/expected", ask_expected}};
    struct watch_asking q = {
        .a = a, .s = s, .args = args, .out = out, .why = why, .why_size = why_size};
    int status = 0;
    snprintf(why, why_size, "the book of watches cannot be read");
    const enum err e = book_open(a->store, false, &q.book, why, why_size);
    if (e && e != ERR_NOT_FOUND) {
        return 503;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == 0; i++) {
        status = strcmp(parts[i].path, path) == 0 ? parts[i].ask(&q) : 0;
    }
    status = status ? status : ask_one(&q, path + strlen("/watches/"));
    book_close(q.book);
    return out->failed ? 503 : status;
}
