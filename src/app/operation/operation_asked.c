#include "app/operation/operation_asked.h"

#include "app/operation/operation_board.h"
#include "app/operation/operation_heard.h"
#include "app/operation/operation_planned.h"
#include "app/options.h"
#include "base/instant.h"
#include "operation/plan_told.h"
#include "serve/query.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct operation_asked {
    char store[1024];
    struct operation_world *world;
    _Atomic int64_t now_ms; /* of the picture: set by the loop, read by threads */
    pthread_mutex_t plan;   /* held while one is solved: one at a time in a process */
};

enum { LOG_ROWS = 500, FLIGHTS_MOST = 2000 };

struct operation_asked *operation_asked_open(const char *store, const struct ledger_world *ledger)
{
    struct operation_asked *a = calloc(1, sizeof *a);
    if (a) {
        snprintf(a->store, sizeof a->store, "%s", store);
        a->world = operation_world_open(ledger);
        a->now_ms = app_clock_us() / 1000;
        pthread_mutex_init(&a->plan, NULL);
    }
    if (a && !a->world) {
        pthread_mutex_destroy(&a->plan);
        free(a);
        a = NULL;
    }
    return a;
}

void operation_asked_tick(struct operation_asked *a, int64_t now_ms)
{
    a->now_ms = now_ms;
}

void operation_asked_close(struct operation_asked *a)
{
    if (a) {
        operation_world_close(a->world);
        pthread_mutex_destroy(&a->plan);
        free(a);
    }
}

static int status_of(enum err e)
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

/* ---- questions ---- */

struct asking {
    struct operation_asked *a;
    struct operation_file *f;
    struct store *s;
    const char *name, *part, *args;
    bool published;
    struct buf *out;
    char *why;
    size_t why_size;
};

/* The instant asked for; the picture's where that is later than what is asked about. */
static bool read_at(const struct asking *q, int64_t *at_ms)
{
    char text[40];
    int64_t t_us;
    *at_ms = SORTIE_NO_TIME;
    if (!query_arg(q->args, "at", text, sizeof text) || !text[0]) {
        return true;
    }
    if (instant_parse(text, &t_us)) {
        snprintf(q->why, q->why_size, "at: '%s' is no instant; as 2024-07-20T12:00:00Z", text);
        return false;
    }
    *at_ms = t_us / 1000;
    return true;
}

static size_t read_count(const struct asking *q, const char *name, size_t otherwise, size_t most)
{
    char text[16];
    if (!query_arg(q->args, name, text, sizeof text)) {
        return otherwise;
    }
    const long long n = strtoll(text, NULL, 10);
    return n < 0 ? 0 : (size_t)n > most ? most : (size_t)n;
}

static enum err write_plan(const struct asking *q, const struct operation_now *now)
{
    static const char *const words[] = {"fleet", "hours", "edition"};
    struct operation_planning ask;
    enum err e = ERR_OK;
    operation_planning_begin(&ask);
    for (size_t k = 0; k < sizeof words / sizeof *words && !e; k++) {
        char value[256];
        if (query_arg(q->args, words[k], value, sizeof value) && value[0]) {
            e = operation_planning_say(&ask, words[k], value, q->why, q->why_size);
        }
    }
    struct plan *p = e ? NULL : malloc(sizeof *p);
    if (p) {
        pthread_mutex_lock(&q->a->plan);
        e = operation_planning_solve(&ask, now, operation_world_views(q->a->world), p, q->why,
                                     q->why_size);
        pthread_mutex_unlock(&q->a->plan);
        e = e ? e : plan_write(p, q->out);
        free(p);
    } else if (!e) {
        e = ERR_MEMORY;
    }
    return e;
}

static enum err write_part(const struct asking *q, const struct operation_now *now)
{
    const struct operation_views *views = operation_world_views(q->a->world);
    struct board_view v = operation_board_view(now, views);
    v.published = q->published;
    if (!q->part[0]) {
        return operation_board_json(now, views, q->f, q->published, q->out);
    }
    if (strcmp(q->part, "flights") == 0) {
        return board_flights(&v, read_count(q, "from", 0, SIZE_MAX / 2),
                             read_count(q, "limit", 500, FLIGHTS_MOST), q->out);
    }
    if (strcmp(q->part, "claims") == 0) {
        return board_claims(&v, q->out);
    }
    if (strcmp(q->part, "clearances") == 0) {
        return board_clearances(&v, q->out);
    }
    if (strcmp(q->part, "sums") == 0) {
        return board_sums(&v, q->out);
    }
    if (strcmp(q->part, "forecast") == 0) {
        board_forecast(&now->forecast, q->out);
        return q->out->failed ? ERR_MEMORY : ERR_OK;
    }
    if (strcmp(q->part, "heard") == 0) {
        return operation_heard_json(&v, q->s, views->airports, q->out);
    }
    if (strcmp(q->part, "plan") == 0) {
        return write_plan(q, now);
    }
    snprintf(q->why, q->why_size,
             "there is no part '%s'; there are flights, claims, clearances, sums, forecast, heard, "
             "plan, statements, log and items-lines and so of each kind",
             q->part);
    return ERR_NOT_FOUND;
}

static enum err write_items(const struct asking *q, enum item_kind kind)
{
    struct operation o;
    enum err e = operation_file_load(q->f, q->name, &o, q->why, q->why_size);
    if (e) {
        return e;
    }
    size_t n;
    const struct item *i = operation_all(&o, kind, &n);
    buf_byte(q->out, '[');
    for (size_t k = 0; k < n; k++) {
        buf_format(q->out, "%s{\"version\":%" PRId64 ",\"item\":", k ? "," : "",
                   operation_file_version(q->f, q->name, kind, i[k].key));
        item_json(&i[k], q->out);
        buf_byte(q->out, '}');
    }
    buf_byte(q->out, ']');
    operation_free(&o);
    return q->out->failed ? ERR_MEMORY : ERR_OK;
}

/* What an editor needs and the public does not see. */
static bool is_inner(const char *part, enum item_kind *kind)
{
    const size_t n = strlen(part);
    char name[32];
    *kind = ITEM_KINDS;
    if (n > 6 && n < sizeof name + 6 && strncmp(part, "items-", 6) == 0) {
        snprintf(name, sizeof name, "%s", part + 6);
        *kind = item_kind_find(name);
    }
    return *kind < ITEM_KINDS || strcmp(part, "log") == 0 || strcmp(part, "plan") == 0;
}

static bool is_published(const struct asking *q, const char *name)
{
    struct operation o;
    char why[OPERATION_FILE_WHY_MAX];
    if (operation_file_load(q->f, name, &o, why, sizeof why)) {
        return false;
    }
    const bool yes = item_flag(operation_head(&o), SAID_HEAD_PUBLISHED);
    operation_free(&o);
    return yes;
}

static enum err ask_one(const struct asking *q)
{
    int64_t at_ms;
    enum item_kind kind;
    const bool inner = is_inner(q->part, &kind);
    if (q->published && (inner || !is_published(q, q->name))) {
        snprintf(q->why, q->why_size, "there is no operation '%.60s' here", q->name);
        return ERR_NOT_FOUND;
    }
    if (kind < ITEM_KINDS) {
        return write_items(q, kind);
    }
    if (strcmp(q->part, "log") == 0) {
        return operation_file_log(q->f, q->name, LOG_ROWS, q->out);
    }
    if (strcmp(q->part, "statements") == 0) {
        return operation_file_statements(q->f, q->name, q->published, q->out);
    }
    if (!read_at(q, &at_ms)) {
        return ERR_SYNTAX;
    }
    struct operation_now now;
    const struct operation_question ask = {.operation = q->name,
                                           .at_ms = at_ms,
                                           .now_ms = q->a->now_ms,
                                           .series = !q->part[0],
                                           .all_paths = strcmp(q->part, "flights") == 0};
    enum err e = operation_now_open(q->a->world, q->f, q->s, &ask, &now, q->why, q->why_size);
    if (!e) {
        e = write_part(q, &now);
        operation_now_close(&now);
    }
    return e;
}

struct naming_all {
    const struct asking *q;
    const char *between;
};

static void write_name(void *ctx, const char *operation)
{
    struct naming_all *n = ctx;
    struct operation o;
    char why[OPERATION_FILE_WHY_MAX];
    if (operation_file_load(n->q->f, operation, &o, why, sizeof why)) {
        return;
    }
    const struct item *head = operation_head(&o);
    if (!n->q->published || item_flag(head, SAID_HEAD_PUBLISHED)) {
        buf_text(n->q->out, n->between);
        item_json(head, n->q->out);
        n->between = ",";
    }
    operation_free(&o);
}

/* Whether history is still being made: `progress` in the store's folder holds a share, 0 to 1. */
static double progress(const struct operation_asked *a)
{
    char path[1100];
    double share = 1;
    snprintf(path, sizeof path, "%s/progress", a->store);
    FILE *f = fopen(path, "r");
    if (f) {
        char text[32] = "";
        share = fgets(text, sizeof text, f) ? strtod(text, NULL) : 0;
        fclose(f);
    }
    return share >= 0 && share <= 1 ? share : 1;
}

static enum err ask_all(const struct asking *q)
{
    struct naming_all n = {.q = q, .between = ""};
    buf_text(q->out, "{\"operations\":[");
    const enum err e = q->f ? operation_file_names(q->f, write_name, &n) : ERR_OK;
    buf_format(q->out, "],\"prepared\":%.3f}", progress(q->a));
    return e ? e : q->out->failed ? ERR_MEMORY : ERR_OK;
}

int operation_asked(struct operation_asked *a, struct store *s, const char *path, const char *args,
                    bool published, struct buf *out, char *why, size_t why_size)
{
    char name[ITEM_KEY_MAX + 1] = "", part[40] = "";
    struct asking q = {.a = a,
                       .s = s,
                       .name = name,
                       .part = part,
                       .args = args,
                       .published = published,
                       .out = out,
                       .why = why,
                       .why_size = why_size};
    char said[OPERATION_FILE_WHY_MAX] = "";
    const bool statement = strncmp(path, "/statements/", 12) == 0;
    const char *rest = statement ? path + 12 : path + strlen("/operations");
    enum err e = operation_file_open(a->store, false, &q.f, said, sizeof said);
    if (!statement && !rest[0]) {
        e = ask_all(&q); /* without a file there are none */
    } else if (e) {
        snprintf(why, why_size, "there is no operation here yet");
        e = ERR_NOT_FOUND;
    } else if (statement) {
        snprintf(why, why_size, "there is no such statement");
        e = operation_file_statement(q.f, rest, published, out);
    } else if (sscanf(rest, "/%48[^/]/%39s", name, part) >= 1) {
        e = ask_one(&q);
    } else {
        snprintf(why, why_size, "name an operation");
        e = ERR_NOT_FOUND;
    }
    operation_file_close(q.f);
    return status_of(e);
}

/* ---- changes ---- */

/* A member of the body as text; numbers and flags as items write them. "" where it is none. */
static const char *member(const json_t *v, char room[32])
{
    if (json_is_string(v)) {
        return json_string_value(v);
    }
    if (json_is_boolean(v)) {
        return json_is_true(v) ? "yes" : "no";
    }
    if (json_is_integer(v)) {
        snprintf(room, 32, "%lld", (long long)json_integer_value(v));
        return room;
    }
    if (json_is_real(v)) {
        snprintf(room, 32, "%.6f", json_real_value(v));
        return room;
    }
    return "";
}

static enum err set_fields(struct item *i, json_t *fields, char *why, size_t why_size)
{
    const char *name;
    json_t *v;
    char room[32];
    enum err e = ERR_OK;
    json_object_foreach(fields, name, v)
    {
        e = e ? e : item_set(i, name, member(v, room), why, why_size);
    }
    return e;
}

static enum err change_item(struct operation_file *f, const char *name, enum item_kind kind,
                            json_t *body, const struct operation_by *by, int64_t *id, char *why,
                            size_t why_size)
{
    char room[32];
    struct operation o;
    struct item i;
    const char *key = member(json_object_get(body, "key"), room);
    const json_t *version = json_object_get(body, "version");
    const bool remove = json_is_true(json_object_get(body, "remove"));
    enum err e = operation_file_load(f, name, &o, why, why_size);
    if (e) {
        return e;
    }
    const struct item *old = operation_find(&o, kind, key);
    if (old && !json_is_integer(version)) {
        snprintf(why, why_size, "version: the change last seen of %s %s", item_kind_key(kind), key);
        e = ERR_SYNTAX;
    }
    e = e ? e : old ? item_copy(old, &i) : item_start(&i, kind, key, why, why_size);
    operation_free(&o);
    if (e) {
        return e;
    }
    e = remove ? ERR_OK : set_fields(&i, json_object_get(body, "fields"), why, why_size);
    if (!e) {
        const struct operation_change c = {.after = remove ? NULL : &i,
                                           .kind = kind,
                                           .key = key,
                                           .version = json_integer_value(version)};
        e = operation_file_change(f, name, &c, 1, by, id, why, why_size);
    }
    item_free(&i);
    return e;
}

int operation_asked_change(struct operation_asked *a, const char *path, const void *bytes, size_t n,
                           struct buf *out, char *why, size_t why_size)
{
    char name[ITEM_KEY_MAX + 1] = "", part[40] = "", author[32], reason[32];
    struct operation_file *f = NULL;
    int64_t id = 0;
    json_t *body = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL);
    const struct operation_by by = {member(json_object_get(body, "author"), author),
                                    member(json_object_get(body, "reason"), reason),
                                    app_clock_us() / 1000};
    enum err e = ERR_SYNTAX;
    if (!json_is_object(body)) {
        snprintf(why, why_size, "the body is one JSON object: author, key, version, fields");
    } else if (sscanf(path, "/%48[^/]/%39s", name, part) != 2) {
        snprintf(why, why_size, "post to /api/v1/operations/NAME/KIND");
    } else {
        e = operation_file_open(a->store, false, &f, why, why_size);
    }
    const enum item_kind kind = item_kind_find(part);
    if (!e && strcmp(part, "undo") == 0) {
        e = operation_file_undo(f, name, json_integer_value(json_object_get(body, "change")), &by,
                                why, why_size);
    } else if (!e && kind == ITEM_KINDS) {
        snprintf(why, why_size,
                 "there is no kind '%s'; there are operation, base, line, clearance, rule, claim, "
                 "factor, tail, correction, sighting and undo",
                 part);
        e = ERR_NOT_FOUND;
    } else if (!e) {
        e = change_item(f, name, kind, body, &by, &id, why, why_size);
    }
    operation_file_close(f);
    json_decref(body);
    if (!e) {
        buf_format(out, "{\"change\":%" PRId64 "}\n", id);
    }
    return status_of(e);
}
