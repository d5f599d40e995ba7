/* History over HTTP: /api/v1/history, and the traces an unmodified tar1090 asks for. A request
   makes a question, the readers answer it, and the answer is sent as it grows. */
#include "base/instant.h"
#include "serve/internal.h"
#include "serve/query.h"
#include "serve/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VISITS = 1000,
    VISITS_MAX = 10000,
    POINTS = 10000,
    POINTS_MAX = 100000,
    WHOLE_BYTES = 128 << 10 /* an answer so short is sent with its length */
};

#define RECENT_MS INT64_C(1800000)
#define DAY_MS    INT64_C(86400000)

static bool is_here(struct serve *s, struct answer *a)
{
    if (!s->readers) {
        answer_error(s, a, 404, "there is no history: masar serve --store DIR keeps one");
    }
    return s->readers;
}

/* The parameters of a request, one after the other. False: it is answered with an error. */
static bool read_args(struct serve *s, const struct request *r, struct question *q,
                      struct answer *a)
{
    char why[QUESTION_WHY_MAX];
    char *copy = strdup(r->args), *rest = copy;
    bool fine = copy;
    for (char *pair; fine && (pair = strsep(&rest, "&"));) {
        char *value = strchr(pair, '=');
        if (pair[0] == 0 || strncmp(pair, "_=", 2) == 0) { /* what keeps caches away */
            continue;
        }
        if (value) {
            *value++ = 0;
        }
        if (question_set(q, pair, value ? value : "", why, sizeof why)) {
            answer_error(s, a, 400, "%s", why);
            fine = false;
        }
    }
    if (!copy) {
        answer_error(s, a, 503, "out of memory");
    }
    free(copy);
    return fine;
}

static bool set_limit(struct serve *s, struct question *q, struct answer *a)
{
    const bool is_visits = q->kind == QUESTION_VISITS || q->kind == QUESTION_THEN;
    const uint64_t most = is_visits ? VISITS_MAX : POINTS_MAX;
    if (q->kind == QUESTION_EXPORT) {
        return true;
    }
    if (q->limit > most) {
        answer_error(s, a, 400, "limit: %llu at most; `next` in an answer says where to go on",
                     (unsigned long long)most);
        return false;
    }
    if (q->limit == 0) {
        q->limit = is_visits ? VISITS : q->kind == QUESTION_PICTURE ? POINTS_MAX : POINTS;
    }
    return true;
}

/* Asks; the answer comes later. */
static void begin(struct serve *s, const struct request *r, struct question *q, struct answer *a)
{
    char why[QUESTION_WHY_MAX];
    bool is_peer;
    if (question_ready(q, why, sizeof why)) {
        answer_error(s, a, 400, "%s", why);
    } else if (set_limit(s, q, a)) {
        *r->ask = ask_new(s->readers, q, r->peer, r->gzip, &is_peer);
        a->later = *r->ask;
        if (!*r->ask && is_peer) {
            answer_error(s, a, 429, "too many questions at once: wait for an answer");
        } else if (!*r->ask) {
            answer_error(s, a, 503, "history is busy: ask again in a moment");
        }
    }
    question_free(q);
}

/* Looks whether the answer is there, or enough of it to begin with. */
static void go_on(struct serve *s, const struct request *r, struct answer *a, bool needs_points)
{
    const struct ask_state state = ask_state(*r->ask);
    if (state.failed) {
        answer_error(s, a, 503, "%s", state.why[0] ? state.why : "out of memory");
        return;
    }
    if (!state.done && state.ready < WHOLE_BYTES) {
        a->later = true;
        return;
    }
    if (state.done && needs_points && state.found == 0) {
        answer_error(s, a, 404, "there is nothing of it in history");
        return;
    }
    a->status = 200;
    a->type = state.type;
    a->encoding = state.gzip ? "gzip" : NULL;
    a->streams = true;
    a->whole = state.done;
    a->length = state.ready;
}

static void ask_with(struct serve *s, const struct request *r, struct answer *a,
                     enum question_kind kind, const char *name, const char *value)
{
    struct question q;
    char why[QUESTION_WHY_MAX];
    if (!is_here(s, a)) {
        return;
    }
    if (*r->ask) {
        go_on(s, r, a, false);
        return;
    }
    question_start(&q);
    q.lands = s->o.lands;
    q.kind = kind;
    q.format = QUESTION_JSON;
    if (name && question_set(&q, name, value, why, sizeof why)) {
        answer_error(s, a, 400, "%s", why);
    } else if (read_args(s, r, &q, a)) {
        if (kind == QUESTION_EXPORT && !q.export) {
            answer_error(s, a, 400,
                         "format says what to write: csv, jsonl, geojson, gpx, kml or "
                         "readsb-trace");
        } else if (kind == QUESTION_PICTURE && q.at_ms == KEPT_NO_TIME) {
            answer_error(s, a, 400, "at says which instant, say at=2024-06-07T08:30:00Z");
        } else {
            begin(s, r, &q, a);
        }
    }
    question_free(&q);
}

void history_find(struct serve *s, const struct request *q, struct answer *a)
{
    ask_with(s, q, a, QUESTION_VISITS, NULL, NULL);
}

void history_at(struct serve *s, const struct request *q, struct answer *a)
{
    ask_with(s, q, a, QUESTION_PICTURE, NULL, NULL);
}

void history_points(struct serve *s, const struct request *q, struct answer *a)
{
    ask_with(s, q, a, QUESTION_POINTS, "points", "1");
}

void history_export(struct serve *s, const struct request *q, struct answer *a)
{
    ask_with(s, q, a, QUESTION_EXPORT, NULL, NULL);
}

void history_aircraft(struct serve *s, const struct request *q, struct answer *a)
{
    struct request points = *q;
    char hex[16];
    snprintf(hex, sizeof hex, "%s", q->rest);
    if (!*q->ask) {
        uint32_t address;
        if (!query_hex(hex, &address)) {
            answer_error(s, a, 400, "'%s' is no address: six hexadecimal digits", hex);
            return;
        }
    }
    char args[4200];
    snprintf(args, sizeof args, "%s%shex=%s", q->args, q->args[0] ? "&" : "", hex);
    points.args = args;
    ask_with(s, &points, a, QUESTION_POINTS, "points", "1");
}

/* ---- tar1090 ---- */

/* trace_full_3c6444.json, trace_recent_3c6444.json. */
static bool read_name(const char *name, uint32_t *address, bool *is_recent)
{
    static const char *const kinds[] = {"trace_full_", "trace_recent_"};
    for (int i = 0; i < 2; i++) {
        const size_t n = strlen(kinds[i]);
        char hex[8];
        if (strncmp(name, kinds[i], n) != 0) {
            continue;
        }
        const size_t length = strcspn(name + n, ".");
        if (length >= sizeof hex || strcmp(name + n + length, ".json") != 0) {
            return false;
        }
        memcpy(hex, name + n, length);
        hex[length] = 0;
        *is_recent = i == 1;
        return query_hex(hex, address);
    }
    return false;
}

static void trace(struct serve *s, const struct request *r, struct answer *a, int64_t from_ms,
                  int64_t to_ms)
{
    struct question q;
    bool is_recent;
    uint32_t address;
    if (!s->readers || !read_name(r->rest, &address, &is_recent)) {
        serve_file(s, r, a);
        return;
    }
    if (*r->ask) {
        go_on(s, r, a, true);
        return;
    }
    question_start(&q);
    q.kind = QUESTION_EXPORT;
    q.export = export_format_find("readsb-trace");
    q.query.address = address;
    q.query.from_ms = is_recent && to_ms - RECENT_MS > from_ms ? to_ms - RECENT_MS : from_ms;
    q.query.to_ms = to_ms;
    begin(s, r, &q, a);
    question_free(&q);
}

/* The last day of an aircraft. */
void history_trace(struct serve *s, const struct request *q, struct answer *a)
{
    const int64_t now_ms = serve_now_us(s) / 1000;
    trace(s, q, a, now_ms - DAY_MS, now_ms + 1000);
}

/* /globe_history/2024/06/07/traces/44/trace_full_3c6444.json: a day, UTC. */
void history_globe(struct serve *s, const struct request *q, struct answer *a)
{
    struct instant_parts day = {0};
    int end = 0;
    if (sscanf(q->path, "/globe_history/%4d/%2d/%2d/traces/%n", &day.year, &day.month, &day.day,
               &end) != 3 ||
        end == 0 || day.year < 1936 || day.year > 2071 || day.month < 1 || day.month > 12 ||
        day.day < 1 || day.day > 31) {
        serve_file(s, q, a);
        return;
    }
    const int64_t from_ms = instant_join(&day) / 1000;
    trace(s, q, a, from_ms, from_ms + DAY_MS);
}
