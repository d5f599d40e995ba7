#include "serve/census.h"

#include "serve/internal.h"

#include <math.h>

enum { POSITION_US = 60000000, HEARD_US = 60000000, SHARED_MS = 1000 };

static void look(void *ctx, const struct track *t, int64_t now_us)
{
    struct census *c = ctx;
    struct fix f;
    struct value v;
    c->known++;
    if (now_us - track_seen_us(t) >= HEARD_US) {
        return;
    }
    const double rssi = (double)track_rssi_dbfs(t);
    c->heard++;
    c->with_position += track_place(t, &f) && now_us - f.t_us < POSITION_US;
    c->with_flight += track_flight(t)[0] != '\0';
    c->emergency += track_fresh(t, FIELD_EMERGENCY, now_us, &v) && v.v != EMERGENCY_NONE;
    c->type[track_origin(t) < ORIGIN_COUNT ? track_origin(t) : ORIGIN_UNKNOWN]++;
    if (track_get(t, FIELD_VERSION, &v) && v.v >= 0 && v.v < 3) {
        c->version[v.v]++;
    }
    if (rssi < 0) {
        c->rssi_n++;
        c->rssi_sum += rssi;
        c->rssi_min = fmin(c->rssi_min, rssi);
        c->rssi_max = fmax(c->rssi_max, rssi);
    }
}

static bool count_some(void *ctx)
{
    struct counting *c = ctx;
    if (walk_some(&c->walk, look, &c->under_way)) {
        return true;
    }
    c->done = c->under_way;
    c->ever = true;
    c->begun_ms = c->walk.begun_ms;
    serve_ready(c->s);
    return false;
}

const struct census *census_get(struct counting *c, int64_t asked_ms, bool again)
{
    const bool recent = c->ever && asked_ms - c->begun_ms < SHARED_MS;
    if (recent && (again || c->slow)) {
        return &c->done;
    }
    if (!c->job.runs) {
        walk_begin(&c->walk, c->s->o.tracker, serve_now_us(c->s), serve_clock_ms(c->s));
        c->under_way = (struct census){.rssi_min = 0, .rssi_max = -INFINITY};
        job_start(&c->s->jobs, &c->job, count_some, c);
        c->slow = c->job.runs;
    }
    return c->job.runs ? NULL : &c->done;
}
