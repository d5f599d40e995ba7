/* The files an unmodified tar1090 asks for. */
#include "serve/internal.h"
#include "wire/aircraft_json.h"

#include <inttypes.h>
#include <string.h>

enum {
    REFRESH_MS = 1000,
    POSITION_US = 60000000,
    POSITION_ADSC_US = 2000000000,
    HEARD_US = 30000000
};

/* Which aircraft readsb lists: a position of the last 60 s (ADS-C reports minutes apart: 2,000 s),
   or any message of the last 30 s. */
static bool is_listed(const struct track *t, int64_t now_us)
{
    struct fix f;
    if (now_us - track_seen_us(t) < HEARD_US) {
        return true;
    }
    return track_place(t, &f) &&
           now_us - f.t_us < (f.origin == ORIGIN_ADSC ? POSITION_ADSC_US : POSITION_US);
}

/* Made once for all who ask within the same second. */
static void refresh(struct serve *s)
{
    const int64_t clock_ms = serve_clock_ms(s);
    if (s->picture && clock_ms - s->picture_ms < REFRESH_MS) {
        return;
    }
    const int64_t now_us = serve_now_us(s);
    struct buf b = {0};
    buf_text(&b, "{\"now\":");
    json_seconds(&b, now_us);
    buf_format(&b, ",\"messages\":%" PRIu64 ",\"aircraft\":[",
               (s->o.counters->n[COUNT_FRAMES_TRACKED] + s->o.counters->n[COUNT_MESSAGES_IN]));
    const char *between = "\n";
    for (const struct track *t = NULL; (t = tracker_next(s->o.tracker, t));) {
        if (is_listed(t, now_us)) {
            buf_text(&b, between);
            aircraft_json_write(&b, t, s->o.receivers->row, now_us, 0);
            between = ",\n";
        }
    }
    buf_text(&b, "\n]}\n");
    struct body *body = body_of(&b);
    buf_free(&b);
    if (body) {
        body_drop(s->picture);
        body_drop(s->picture_gzip);
        s->picture = body;
        s->picture_gzip = NULL;
        s->picture_ms = clock_ms;
    }
}

void tar1090_aircraft(struct serve *s, const struct request *q, struct answer *a)
{
    refresh(s);
    if (!s->picture) {
        answer_error(s, a, 503, "out of memory");
        return;
    }
    if (q->gzip && !s->picture_gzip) {
        s->picture_gzip = body_gzip(s->picture);
    }
    const bool gzip = q->gzip && s->picture_gzip;
    a->status = 200;
    a->type = "application/json";
    a->cache = "no-store";
    a->encoding = gzip ? "gzip" : NULL;
    a->body = body_hold(gzip ? s->picture_gzip : s->picture);
}

/* binCraft, zstd, reapi and globeIndexGrid are left out: tar1090 then reads aircraft.json. */
void tar1090_receiver(struct serve *s, const struct request *q, struct answer *a)
{
    (void)q;
    struct buf b = {0};
    buf_format(&b, "{\"version\":\"masar\",\"refresh\":%d,\"history\":0,\"readsb\":true",
               REFRESH_MS);
    if (s->o.has_place) {
        buf_format(&b, ",\"lat\":%.6f,\"lon\":%.6f,\"alt_m_amsl\":%.0f", s->o.lat_deg, s->o.lon_deg,
                   s->o.alt_m);
    }
    buf_text(&b, "}\n");
    answer_json(s, a, &b);
}
