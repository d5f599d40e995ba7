/* /healthz and /metrics. */
#include "serve/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool history_of(struct serve *s, struct serve_history *out)
{
    *out = (struct serve_history){0};
    return s->o.history && s->o.history(s->o.ctx, out);
}

bool health_stopped(struct serve *s)
{
    struct serve_history h;
    return history_of(s, &h) && h.stopped;
}

void health_history(struct serve *s, struct buf *b)
{
    struct serve_history h;
    if (!history_of(s, &h)) {
        buf_text(b, "null");
        return;
    }
    buf_format(b, "{\"recording\":%s,\"why\":", h.stopped ? "false" : "true");
    json_text(b, h.why);
    buf_format(b, ",\"lost\":%" PRIu64 ",\"ledger_why\":", h.lost);
    json_text(b, h.ledger_why);
    buf_byte(b, '}');
}

void health(struct serve *s, const struct request *q, struct answer *a)
{
    const struct census *c = census_get(&s->counting, q->asked_ms, q->again);
    if (!c) {
        a->later = true;
        return;
    }
    struct buf b = {0};
    struct serve_history h;
    history_of(s, &h);
    buf_format(&b, "{\"status\":\"%s\",\"now\":", h.stopped ? "history stopped" : "ok");
    json_seconds(&b, serve_now_us(s));
    buf_text(&b, ",\"uptime_s\":");
    buf_decimal(&b, serve_clock_ms(s) - s->started_ms, 3);
    buf_format(&b,
               ",\"simulation\":%s,\"aircraft\":%" PRIu64 ",\"with_position\":%" PRIu64
               ",\"websocket_clients\":%"
               "zu,\"sources\":%s,\"history\":",
               serve_simulated(s) ? "true" : "false", c->known, c->with_position,
               live_clients(s->live), serve_sources(s));
    health_history(s, &b);
    buf_text(&b, "}\n");
    answer_json(s, a, &b);
}

/* ------------------------------------------------------------------ metrics */

static void write_help(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_format(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_counters(struct buf *b, const struct counters *c)
{
    char name[96];
    for (int i = 0; i < COUNT_COUNT; i++) {
        snprintf(name, sizeof name, "masar_%s", counter_row[i].name);
        write_help(b, name, "counter", counter_row[i].help);
        buf_format(b, "%s %" PRIu64 "\n", name, c->n[i]);
    }
    write_help(b, "masar_fixes_rejected_by_reason_total", "counter",
               "positions rejected, by reason");
    for (int i = 0; i < VERDICT_COUNT; i++) {
        if (i != VERDICT_ACCEPTED) {
            buf_format(b, "masar_fixes_rejected_by_reason_total{reason=\"%s\"} %" PRIu64 "\n",
                       verdict_row[i].key, c->verdict[i]);
        }
    }
    write_help(b, "masar_frames_by_format_total", "counter", "frames by downlink format");
    for (int i = 0; i < 33; i++) {
        if (i == 32) {
            buf_format(b, "masar_frames_by_format_total{df=\"ac\"} %" PRIu64 "\n", c->df[i]);
        } else if (c->df[i] > 0) {
            buf_format(b, "masar_frames_by_format_total{df=\"%d\"} %" PRIu64 "\n", i, c->df[i]);
        }
    }
}

static void write_sample(struct buf *b, const char *name, const char *type, const char *help,
                         double v)
{
    write_help(b, name, type, help);
    buf_format(b, "%s %.15g\n", name, v);
}

static void write_gauge(struct buf *b, const char *name, const char *help, double v)
{
    write_sample(b, name, "gauge", help, v);
}

static void write_own_gauges(struct buf *b, const struct serve *s, const struct census *c)
{
    write_gauge(b, "masar_aircraft", "aircraft not forgotten", (double)c->known);
    write_gauge(b, "masar_aircraft_heard", "aircraft heard in the last minute", (double)c->heard);
    write_gauge(b, "masar_aircraft_with_position", "aircraft with a position of the last minute",
                (double)c->with_position);
    write_gauge(b, "masar_websocket_clients", "WebSocket clients connected",
                (double)live_clients(s->live));
    write_gauge(b, "masar_http_connections", "HTTP and WebSocket connections open",
                (double)limit_connections(&s->limits));
    write_gauge(b, "masar_receivers", "receivers and inputs known",
                (double)(s->o.receivers->n - 1));
    write_gauge(b, "masar_uptime_seconds", "time since start",
                (double)(serve_clock_ms(s) - s->started_ms) / 1000);
}

static void write_history(struct buf *b, struct serve *s)
{
    struct serve_history h;
    if (!history_of(s, &h)) {
        return;
    }
    write_gauge(b, "masar_history_recording", "1 while history is written, 0 while it cannot be",
                h.stopped ? 0 : 1);
    write_gauge(b, "masar_history_buffered", "positions of history in no chunk yet",
                (double)h.buffered);
    write_sample(b, "masar_history_kept_total", "counter", "positions kept by history",
                 (double)h.kept);
    write_sample(b, "masar_history_thinned_total", "counter",
                 "positions left out, as they lie on the line between kept ones",
                 (double)h.thinned);
    write_sample(b, "masar_history_refused_total", "counter",
                 "positions not later than the aircraft's last", (double)h.refused);
    write_sample(
        b, "masar_history_lost_total", "counter",
        "positions lost because they came faster than they could be written and memory was full",
        (double)h.lost);
    write_gauge(b, "masar_ledger_waiting",
                "positions kept that the ledger has not looked at (it waits two minutes)",
                (double)h.ledger_waits);
}

static void write_pauses(struct buf *b, const struct pause *p)
{
    static const char name[] = "masar_loop_pause_seconds";
    uint64_t n = 0;
    write_help(b, name, "histogram",
               "time between two looks at the sockets, every turn of the loop");
    for (int i = 0; i < PAUSE_BUCKETS; i++) {
        n += p->bucket[i];
        if (pause_bound_us[i] == UINT32_MAX) {
            buf_format(b, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, n);
        } else {
            buf_format(b, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, pause_bound_us[i] / 1e6, n);
        }
    }
    buf_format(b, "%s_sum %.9f\n%s_count %" PRIu64 "\n", name, (double)p->sum_ns / 1e9, name, p->n);
    const struct pause_second longest = pause_longest(p);
    write_gauge(b, "masar_loop_pause_max_seconds", "the longest of these of the last minute",
                (double)longest.longest_ns / 1e9);
    write_gauge(
        b, "masar_loop_pause_max_cpu_seconds",
        "the most that a turn of the last minute ran; what a pause is longer, the system gave "
        "to others",
        (double)longest.longest_cpu_ns / 1e9);
}

/* readsb's names, for the dashboards that exist; only what we count alike. */
static void write_readsb(struct buf *b, const struct serve *s, const struct census *c)
{
    const uint64_t *n = s->o.counters->n;
    const struct {
        const char *name, *help;
        double v;
        bool counts; /* only ever grows */
    } rows[] = {
        {"readsb_now", "time of the picture", (double)serve_now_us(s) / 1e6, false},
        {"readsb_uptime", "milliseconds since start", (double)(serve_clock_ms(s) - s->started_ms),
         false},
        {"readsb_aircraft_total", "aircraft heard in the last minute", (double)c->heard, false},
        {"readsb_aircraft_with_position", "of these with a position", (double)c->with_position,
         false},
        {"readsb_aircraft_without_position", "of these without",
         (double)(c->heard - c->with_position), false},
        {"readsb_aircraft_with_flight_number", "of these with a call sign", (double)c->with_flight,
         false},
        {"readsb_aircraft_without_flight_number", "of these without",
         (double)(c->heard - c->with_flight), false},
        {"readsb_aircraft_emergency", "of these with an emergency", (double)c->emergency, false},
        {"readsb_aircraft_adsb_version_zero", "of these with ADS-B version 0",
         (double)c->version[0], false},
        {"readsb_aircraft_adsb_version_one", "of these with ADS-B version 1", (double)c->version[1],
         false},
        {"readsb_aircraft_adsb_version_two", "of these with ADS-B version 2", (double)c->version[2],
         false},
        {"readsb_messages_modes_valid", "frames attributed to an aircraft",
         (double)n[COUNT_FRAMES_TRACKED], true},
        {"readsb_messages_modes_valid_fixed_bit", "frames repaired",
         (double)n[COUNT_FRAMES_REPAIRED], true},
        {"readsb_messages_modes_invalid_bad", "frames with bad parity",
         (double)n[COUNT_FRAMES_BAD_PARITY], true},
        {"readsb_messages_modes_invalid_unknown_icao", "frames of an unknown address",
         (double)n[COUNT_FRAMES_UNKNOWN_ADDRESS], true},
        {"readsb_messages_modeac_valid", "Mode A/C replies", (double)n[COUNT_FRAMES_MODE_AC], true},
        {"readsb_position_count_total", "positions accepted", (double)n[COUNT_FIXES_ACCEPTED],
         true},
        {"readsb_network_bytes_in", "bytes read", (double)n[COUNT_BYTES_IN], true},
        {"readsb_network_malformed_beast_bytes", "bytes outside any Beast frame",
         (double)n[COUNT_BEAST_GARBAGE], true},
        {"readsb_api_request_count", "HTTP requests", (double)n[COUNT_HTTP_REQUESTS], true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_sample(b, rows[i].name, rows[i].counts ? "counter" : "gauge", rows[i].help,
                     rows[i].v);
    }
    if (c->rssi_n > 0) {
        write_gauge(b, "readsb_aircraft_rssi_average", "dBFS", c->rssi_sum / (double)c->rssi_n);
        write_gauge(b, "readsb_aircraft_rssi_max", "dBFS", c->rssi_max);
        write_gauge(b, "readsb_aircraft_rssi_min", "dBFS", c->rssi_min);
    }
}

/* Origins that share a type are one line. */
static void write_types(struct buf *b, const struct census *c)
{
    for (int i = 0; i < ORIGIN_COUNT; i++) {
        uint64_t n = 0;
        bool told = false;
        for (int k = 0; k < ORIGIN_COUNT; k++) {
            if (strcmp(origin_row[k].type, origin_row[i].type) == 0) {
                n += c->type[k];
                told = told || k < i;
            }
        }
        if (!told) {
            char name[64];
            snprintf(name, sizeof name, "readsb_aircraft_%s", origin_row[i].type);
            write_gauge(b, name, "aircraft heard in the last minute, by best origin", (double)n);
        }
    }
}

void metrics(struct serve *s, const struct request *q, struct answer *a)
{
    const struct census *c = census_get(&s->counting, q->asked_ms, q->again);
    if (!c) {
        a->later = true;
        return;
    }
    struct buf b = {0};
    write_counters(&b, s->o.counters);
    write_own_gauges(&b, s, c);
    write_history(&b, s);
    write_pauses(&b, &s->pause);
    write_readsb(&b, s, c);
    write_types(&b, c);
    metrics_receivers(s, &b);
    answer_json(s, a, &b);
    if (a->status == 200) {
        a->type = "text/plain; version=0.0.4; charset=utf-8";
    }
}
