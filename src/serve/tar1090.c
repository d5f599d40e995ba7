/* The files an unmodified tar1090 asks for. */
#include "serve/internal.h"

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

static void head(const struct serve *s, struct buf *b, int64_t now_us)
{
    buf_text(b, "{\"now\":");
    json_seconds(b, now_us);
    buf_format(b, ",\"messages\":%" PRIu64 ",\"aircraft\":[",
               (s->o.counters->n[COUNT_FRAMES_TRACKED] + s->o.counters->n[COUNT_MESSAGES_IN]));
}

const struct sheet_kind tar1090_sheet = {head, is_listed};

void tar1090_aircraft(struct serve *s, const struct request *q, struct answer *a)
{
    answer_sheet(s, &s->tar1090, q, a);
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
    if (s->readers) { /* data/traces and globe_history are answered from history */
        buf_text(&b, ",\"haveTraces\":true");
    }
    buf_text(&b, "}\n");
    answer_json(s, a, &b);
}
