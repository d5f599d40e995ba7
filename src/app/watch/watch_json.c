#include "app/watch/watch_json.h"

#include "base/instant.h"
#include "deliver/deliver.h"

#include <stdio.h>
#include <string.h>

static void text(struct buf *out, const char *key, const char *value)
{
    buf_format(out, ",\"%s\":", key);
    buf_json_string(out, value, strlen(value));
}

void watch_json_time(struct buf *out, const char *key, int64_t t_ms)
{
    char room[32];
    if (t_ms == KEPT_NO_TIME || t_ms == BOOK_NEVER) {
        buf_format(out, ",\"%s\":null", key);
        return;
    }
    instant_format(t_ms * 1000, 0, room);
    buf_format(out, ",\"%s\":\"%s\"", key, room);
}

/* "a,b" as ["a","b"]. */
static void names(struct buf *out, const char *key, const char *list)
{
    buf_format(out, ",\"%s\":[", key);
    for (const char *p = list; *p;) {
        const size_t n = strcspn(p, ",");
        buf_json_string(out, p, n);
        p += n + (p[n] == ',');
        buf_text(out, *p ? "," : "");
    }
    buf_byte(out, ']');
}

void watch_json_watch(const struct book_watch *w, int64_t now_ms, struct buf *out)
{
    buf_format(out, "{\"id\":%lld", (long long)w->id);
    text(out, "name", w->name);
    text(out, "rule", w->rule);
    names(out, "to", w->to);
    text(out, "language", w->language);
    watch_json_time(out, "made", w->made_ms);
    buf_format(out, ",\"muted\":%s", w->muted_until_ms > now_ms ? "true" : "false");
    watch_json_time(out, "muted_until", w->muted_until_ms ? w->muted_until_ms : KEPT_NO_TIME);
    watch_json_time(out, "expires", w->expires_ms);
    buf_format(out, ",\"expired\":%s,\"alerts\":%llu", w->expires_ms <= now_ms ? "true" : "false",
               (unsigned long long)w->alerts);
    watch_json_time(out, "last", w->last_ms);
    buf_byte(out, '}');
}

void watch_json_receiver(const struct book_receiver *r, struct buf *out)
{
    char target[512];
    deliver_shown(r->kind, r->target, target, sizeof target);
    buf_text(out, "{\"name\":");
    buf_json_string(out, r->name, strlen(r->name));
    text(out, "kind", r->kind);
    text(out, "target", target);
    buf_format(out, ",\"signed\":%s,\"local\":%s,\"waiting\":%llu}", *r->secret ? "true" : "false",
               r->local ? "true" : "false", (unsigned long long)r->waiting);
}

/* The alert as it was told, with what the book knows of it before it. */
void watch_json_alert(const struct book_alert *a, struct buf *out)
{
    buf_format(out, "{\"id\":%lld", (long long)a->id);
    text(out, "name", a->watch_name);
    text(out, "language", a->language);
    watch_json_time(out, "told", a->told_ms);
    buf_format(out, ",\"taken_back\":%s,\"delivered\":%u,\"waiting\":%u",
               a->taken_back ? "true" : "false", a->delivered, a->waiting);
    if (a->json[0] == '{' && a->json[1]) {
        buf_byte(out, ',');
        buf_text(out, a->json + 1);
    } else {
        buf_byte(out, '}');
    }
}

void watch_json_flight(const struct watch_expected *e, const struct watching_flight *state,
                       struct buf *out)
{
    buf_format(out, "{\"id\":%lld", (long long)e->id);
    text(out, "callsign", e->callsign);
    if (e->address == ADDRESS_NONE) {
        buf_text(out, ",\"hex\":null");
    } else {
        buf_format(out, ",\"hex\":\"%06x\"", (unsigned)e->address);
    }
    text(out, "from", e->origin);
    text(out, "to", e->destination);
    watch_json_time(out, "off", e->off_ms);
    watch_json_time(out, "on", e->on_ms);
    watch_json_time(out, "fuel", e->fuel_ms);
    buf_format(out, ",\"report_min\":%lld", (long long)(e->report_ms / 60000));
    watch_json_time(out, "reported", e->reported_ms);
    if (state) {
        text(out, "phase", watch_phase_name((enum watch_phase)state->phase));
        watch_json_time(out, "heard", state->heard_ms);
    }
    buf_byte(out, '}');
}
