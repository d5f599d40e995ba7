/* GET /watches/test: what a rule would have told in an interval of the past, within bounds. */
#include "app/watch/watch_asked_internal.h"
#include "app/watch/watch_json.h"
#include "app/watch/watch_past.h"
#include "base/instant.h"
#include "serve/query.h"
#include "watch/say.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

enum { ALERTS_USUAL = 200, ALERTS_MOST = 2000 };

#define USUAL_MS (7 * INT64_C(86400000))
#define MOST_NS  UINT64_C(8000000000) /* then it ends where it is, and says so */

struct preview {
    const struct watch_asking *q;
    struct watch_past past;
    unsigned limit, shown;
    bool notes;
    uint64_t told[3], end_ns;
    struct watch_rule *rule; /* the set's */
};

static void take(void *ctx, const struct watch_alert *a)
{
    struct preview *p = ctx;
    if (a->made_ms < p->past.from_ms || a->made_ms >= p->past.to_ms) {
        return;
    }
    p->told[a->tell]++;
    if ((a->tell != WATCH_TELL_NOTE || p->notes) && p->shown < p->limit) {
        buf_text(p->q->out, p->shown++ ? "," : "");
        watch_say_json(a, watch_world_airports(p->past.world), p->q->out);
    }
}

static bool go_on(void *ctx, int64_t t_ms)
{
    (void)t_ms;
    return uv_hrtime() < ((const struct preview *)ctx)->end_ns;
}

struct naming {
    const char *name;
    char *rule;
    size_t size;
    int64_t id;
};

static void take_rule(void *ctx, const struct book_watch *w)
{
    struct naming *n = ctx;
    if (w->id == n->id) {
        snprintf(n->rule, n->size, "%s", w->rule);
    }
}

static void take_flight(void *ctx, const struct watch_expected *e)
{
    (void)watch_expect(((struct preview *)ctx)->past.set, e);
}

/* The rule itself, or that of a watch. */
static bool read_rule(const struct watch_asking *q, char rule[WATCH_TEXT_MAX + 1])
{
    char name[BOOK_NAME_MAX + 1];
    struct naming n = {.rule = rule, .size = WATCH_TEXT_MAX + 1};
    rule[0] = '\0';
    if (query_arg(q->args, "rule", rule, WATCH_TEXT_MAX + 1)) {
        return true;
    }
    if (!query_arg(q->args, "watch", name, sizeof name)) {
        snprintf(q->why, q->why_size, "say which: test?rule=... or test?watch=NAME");
        return false;
    }
    if (q->book && book_watch_find(q->book, name, &n.id) == ERR_OK) {
        (void)book_watches(q->book, take_rule, &n);
    }
    if (!rule[0]) {
        snprintf(q->why, q->why_size, "there is no watch '%s'", name);
    }
    return rule[0] != '\0';
}

/* The last days of the store, unless it was said when. */
static bool read_interval(struct preview *p)
{
    struct store_stats stats;
    int64_t last_ms = 0;
    if (store_stats(p->past.store, &stats) == ERR_OK && stats.last_ms != KEPT_NO_TIME) {
        last_ms = stats.last_ms + 1;
    }
    if (!watch_asked_time(p->q, "until", last_ms, &p->past.to_ms) ||
        !watch_asked_time(p->q, "since", p->past.to_ms - USUAL_MS, &p->past.from_ms)) {
        return false;
    }
    if (p->past.from_ms >= p->past.to_ms) {
        snprintf(p->q->why, p->q->why_size, "since is not before until");
        return false;
    }
    return true;
}

static void write_heard(struct preview *p)
{
    const struct airports *airports = watch_world_airports(p->past.world);
    const struct watch_rule *r = p->rule;
    bool first = true;
    buf_text(p->q->out, ",\"places\":[");
    for (uint16_t k = 0; k < r->terms; k++) {
        const struct watch_term *t = &r->term[k];
        for (uint16_t i = 0; t->where != WATCH_IN_COUNTRY && i < t->places; i++) {
            const struct watch_value *v = &r->value[t->place + i];
            const struct airport *a = airport_at(airports, v->number);
            const char *name = airport_name(airports, a);
            float low = 0, high = 0;
            const bool known = watch_past_heard(&p->past, a->lat_e7, a->lon_e7, &low, &high);
            buf_format(
                p->q->out,
                "%s{\"code\":\"%s\",\"lat\":%.5f,\"lon\":%.5f,\"heard\":%s,\"heard_low\":%.3f"
                ",\"heard_high\":%.3f,\"name\":",
                first ? "" : ",", v->text, a->lat_e7 / 1e7, a->lon_e7 / 1e7,
                known && (low >= 0.05F || high >= 0.05F) ? "true" : "false", (double)low,
                (double)high);
            buf_json_string(p->q->out, name, strlen(name));
            buf_byte(p->q->out, '}');
            first = false;
        }
    }
    buf_byte(p->q->out, ']');
}

static int run(struct preview *p)
{
    p->end_ns = uv_hrtime() + MOST_NS;
    buf_text(p->q->out, "{\"alerts\":[");
    const enum err e = watch_past_run(&p->past, p->q->why, p->q->why_size);
    if (e) {
        return 503;
    }
    buf_format(p->q->out, "],\"counts\":{\"alerts\":%llu,\"corrected\":%llu,\"notes\":%llu}",
               (unsigned long long)p->told[0], (unsigned long long)p->told[1],
               (unsigned long long)p->told[2]);
    watch_json_time(p->q->out, "since", p->past.from_ms);
    watch_json_time(p->q->out, "until", p->past.until_ms);
    buf_format(p->q->out, ",\"complete\":%s,\"positions\":%llu,\"claims\":%llu",
               p->past.until_ms == p->past.to_ms ? "true" : "false",
               (unsigned long long)p->past.looked_at, (unsigned long long)p->past.claims);
    write_heard(p);
    buf_byte(p->q->out, '}');
    return 200;
}

static int with_world(struct preview *p, const char *rule)
{
    const struct watch_asking *q = p->q;
    struct watch_views views;
    struct watch_wrong wrong;
    struct store_stats stats;
    watch_world_views(p->past.world, &views);
    if (store_stats(p->past.store, &stats) == ERR_OK) {
        views.known_since_ms = stats.first_ms;
    }
    p->past.set = watch_set_new(&views, take, p);
    if (!p->past.set) {
        return 503;
    }
    const struct watch_names names = watch_world_names(p->past.world);
    if (watch_rule_read(rule, strlen(rule), &names, &p->rule, &wrong)) {
        watch_wrong_text(rule, &wrong, q->why, q->why_size);
        return 400;
    }
    if (watch_set_put(p->past.set, 1, p->rule) ||
        (q->book && book_expected(q->book, take_flight, p))) {
        return 503;
    }
    return run(p);
}

int watch_preview(const struct watch_asking *q)
{
    char rule[WATCH_TEXT_MAX + 1];
    struct preview p = {.q = q, .past = {.store = q->s}, .notes = watch_asked_flag(q, "notes")};
    p.past.go_on = go_on;
    p.past.ctx = &p;
    if (!read_rule(q, rule) || !read_interval(&p) ||
        !watch_asked_count(q, "limit", ALERTS_USUAL, ALERTS_MOST, &p.limit)) {
        return 400;
    }
    p.past.world =
        watch_world_open(q->a->data[0] ? q->a->data : NULL, q->book, q->why, q->why_size);
    const bool good = p.past.world && !watch_world_operations(p.past.world, q->a->store);
    const int status = good ? with_world(&p, rule) : 503;
    watch_set_free(p.past.set);
    watch_world_close(p.past.world);
    return status;
}
