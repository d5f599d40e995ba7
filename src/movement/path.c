#include "movement/path.h"

#include "geo/sphere.h"

#include <math.h>
#include <string.h>

/* Points of the ring are at least this far apart: the ring then covers five minutes of a dense
   track, a turn of a holding pattern. */
#define RING_MS 12000

/* Faster than this between two points of one source is no flight (MOVEMENTS 1.0), and how far a
   position may be wrong or late besides. */
#define FASTEST_KT 900.0
#define SLACK_NM   2.0

/* How long a held point waits for another that agrees. */
#define HOLD_MS 600000

static enum claim_source source_of(uint8_t origin)
{
    switch (origin) {
    case ORIGIN_ADSB_OTHER:
    case ORIGIN_ADSB_ICAO_NT:
    case ORIGIN_ADSB_ICAO:
        return CLAIM_SOURCE_ADSB;
    case ORIGIN_TISB_OTHER:
    case ORIGIN_TISB_TRACKFILE:
    case ORIGIN_TISB_ICAO:
    case ORIGIN_ADSR_OTHER:
    case ORIGIN_ADSR_ICAO:
        return CLAIM_SOURCE_RELAY;
    case ORIGIN_MLAT:
        return CLAIM_SOURCE_MLAT;
    case ORIGIN_ADSC:
        return CLAIM_SOURCE_ADSC;
    default:
        return CLAIM_SOURCE_OTHER;
    }
}

static int16_t short_of(int32_t v)
{
    return (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
}

bool path_point_of(const struct kept *k, struct path_point *out)
{
    if (k->t_ms == KEPT_NO_TIME || k->lat_e7 < -900000000 || k->lat_e7 > 900000000 ||
        (k->lat_e7 == 0 && k->lon_e7 == 0)) {
        return false;
    }
    const int32_t rate = k->baro_rate_fpm != KEPT_NONE ? k->baro_rate_fpm : k->geom_rate_fpm;
    *out = (struct path_point){
        .t_ms = k->t_ms,
        .lat_e7 = k->lat_e7,
        .lon_e7 = k->lon_e7,
        .alt_ft = k->alt_baro_ft != KEPT_NONE
                      ? k->alt_baro_ft
                      : (k->alt_geom_ft != KEPT_NONE ? k->alt_geom_ft : PATH_NO_ALTITUDE),
        .gs_kt = k->gs_e2_kt == KEPT_NONE ? -1 : short_of(k->gs_e2_kt / 100),
        .track_e1 = k->track_e2_deg == KEPT_NONE ? -1 : short_of(k->track_e2_deg / 10),
        .rate_fpm = rate == KEPT_NONE ? INT16_MIN : short_of(rate),
        .receiver = k->receiver,
        .source = (uint8_t)source_of(k->origin),
        .ground = k->ground,
        .qnh_known = k->alt_baro_ft == KEPT_NONE,
    };
    /* Some feeds say "on the ground" as altitude 0; what flies at 0 is fast. */
    if (out->alt_ft == 0 && (out->ground || (out->gs_kt >= 0 && out->gs_kt < 60))) {
        out->alt_ft = PATH_NO_ALTITUDE;
        out->ground = 1;
    }
    return true;
}

void path_clear(struct path *p)
{
    p->last.t_ms = KEPT_NO_TIME;
    p->held.t_ms = KEPT_NO_TIME;
    p->n = p->at = 0;
}

void path_cut(struct path *p)
{
    p->n = p->at = 0;
}

float path_nm(const struct path_point *a, const struct path_point *b)
{
    const int64_t dlat = (int64_t)a->lat_e7 - b->lat_e7, dlon = (int64_t)a->lon_e7 - b->lon_e7;
    const int64_t near = 5000000; /* half a degree */
    if (dlat < near && dlat > -near && dlon < near && dlon > -near && a->lat_e7 < 750000000 &&
        a->lat_e7 > -750000000) {
        const struct sphere_offset o = sphere_offset((struct sphere_place){a->lat_e7, a->lon_e7},
                                                     (struct sphere_place){b->lat_e7, b->lon_e7});
        return sqrtf(o.x_m * o.x_m + o.y_m * o.y_m) / (float)SPHERE_M_PER_NM;
    }
    const struct sphere_place from = {a->lat_e7, a->lon_e7}, to = {b->lat_e7, b->lon_e7};
    return (float)(sphere_distance_m(from, to) / SPHERE_M_PER_NM);
}

static bool can_fly(const struct path_point *a, const struct path_point *b)
{
    const double hours = (double)(b->t_ms - a->t_ms) / 3.6e6;
    /* A cheap bound first: most points lie close together. */
    const struct sphere_offset o = sphere_offset((struct sphere_place){a->lat_e7, a->lon_e7},
                                                 (struct sphere_place){b->lat_e7, b->lon_e7});
    const double allowed_m = (SLACK_NM + FASTEST_KT * hours) * SPHERE_M_PER_NM;
    if ((double)o.x_m * o.x_m + (double)o.y_m * o.y_m < 0.8 * allowed_m * allowed_m) {
        return true;
    }
    return path_nm(a, b) * SPHERE_M_PER_NM <= allowed_m;
}

enum path_verdict path_judge(struct path *p, const struct path_point *n)
{
    if (p->last.t_ms != KEPT_NO_TIME && n->t_ms <= p->last.t_ms) {
        return PATH_LATE;
    }
    if (p->last.t_ms == KEPT_NO_TIME || can_fly(&p->last, n)) {
        p->held.t_ms = KEPT_NO_TIME;
        p->last = *n;
        return PATH_TAKEN;
    }
    if (p->held.t_ms != KEPT_NO_TIME && n->t_ms > p->held.t_ms &&
        n->t_ms - p->held.t_ms < HOLD_MS && can_fly(&p->held, n)) {
        p->last = *n;
        return PATH_JUMPED;
    }
    p->held = *n;
    return PATH_HELD;
}

void path_keep(struct path *p, const struct path_point *n)
{
    if (p->n > 0) {
        struct path_point *newest = &p->recent[(p->at + PATH_RECENT - 1) % PATH_RECENT];
        const struct path_point *before = &p->recent[(p->at + PATH_RECENT - 2) % PATH_RECENT];
        if (p->n > 1 && n->t_ms - before->t_ms < RING_MS) {
            *newest = *n; /* the newest is always there; its elders keep their distance */
            return;
        }
    }
    p->recent[p->at] = *n;
    p->at = (uint8_t)((p->at + 1) % PATH_RECENT);
    p->n = (uint8_t)(p->n < PATH_RECENT ? p->n + 1 : PATH_RECENT);
}

/* back 0 is the newest. */
static const struct path_point *back(const struct path *p, unsigned i)
{
    return &p->recent[(p->at + 2 * PATH_RECENT - 1 - i) % PATH_RECENT];
}

static void place(const struct path_point *q, struct posterior_moment *out)
{
    *out = (struct posterior_moment){
        .at = unit_of(q->lat_e7, q->lon_e7),
        .lat_e7 = q->lat_e7,
        .lon_e7 = q->lon_e7,
        .track_deg = q->track_e1 < 0 ? -1 : (float)q->track_e1 / 10,
        .alt_ft = q->alt_ft == PATH_NO_ALTITUDE ? NAN : (float)q->alt_ft,
        .gs_kt = q->gs_kt < 0 ? NAN : (float)q->gs_kt,
        .straight = 1,
    };
}

/* From q0 (earlier) to q1: rate and phase. */
static void trend(const struct path_point *q0, const struct path_point *q1, int16_t reported,
                  struct posterior_moment *out)
{
    const double minutes = (double)(q1->t_ms - q0->t_ms) / 60000;
    if (q0->alt_ft != PATH_NO_ALTITUDE && q1->alt_ft != PATH_NO_ALTITUDE && minutes > 0.3) {
        out->rate_fpm = (float)((q1->alt_ft - q0->alt_ft) / minutes);
    } else if (reported != INT16_MIN) {
        out->rate_fpm = reported;
    } else {
        out->phase = VERTICAL_UNKNOWN;
        return;
    }
    out->phase = out->rate_fpm > 300    ? VERTICAL_CLIMB
                 : out->rate_fpm < -300 ? VERTICAL_DESCENT
                                        : VERTICAL_LEVEL;
}

static float chord_deg(const struct path_point *from, const struct path_point *to)
{
    const struct sphere_place a = {from->lat_e7, from->lon_e7}, b = {to->lat_e7, to->lon_e7};
    return (float)sphere_bearing_deg(a, b);
}

/* Over the last five minutes or a little more. */
static float straightness(const struct path *p)
{
    float way = 0;
    const struct path_point *newest = back(p, 0), *last = newest;
    for (unsigned i = 1; i < p->n; i++) {
        const struct path_point *q = back(p, i);
        way += path_nm(last, q);
        last = q;
        if (newest->t_ms - q->t_ms > 300000) {
            break;
        }
    }
    return way > 3 ? path_nm(last, newest) / way : 1;
}

void path_moment(const struct path *p, struct posterior_moment *out)
{
    const struct path_point *newest = p->n ? back(p, 0) : &p->last;
    place(newest, out);
    const struct path_point *before = newest;
    for (unsigned i = 1; i < p->n; i++) {
        const struct path_point *q = back(p, i);
        if (newest->t_ms - q->t_ms > 300000 && before != newest) {
            break;
        }
        before = q;
        if (newest->t_ms - q->t_ms >= 90000) {
            break;
        }
    }
    trend(before, newest, newest->rate_fpm, out);
    out->straight = p->n > 2 ? straightness(p) : 1;
    for (unsigned i = 1; i < p->n && out->track_deg < 0; i++) {
        const struct path_point *q = back(p, i);
        if (path_nm(q, newest) >= 3 && newest->t_ms - q->t_ms < 900000) {
            out->track_deg = chord_deg(q, newest);
        }
    }
}

void path_first_moment(const struct path *p, struct posterior_moment *out)
{
    if (p->n == 0) {
        place(&p->last, out);
        return;
    }
    const struct path_point *oldest = back(p, p->n - 1U);
    place(oldest, out);
    const struct path_point *after = oldest;
    for (unsigned i = p->n - 1U; i-- > 0;) {
        const struct path_point *q = back(p, i);
        if (q->t_ms - oldest->t_ms > 300000 && after != oldest) {
            break;
        }
        after = q;
        if (q->t_ms - oldest->t_ms >= 90000) {
            break;
        }
    }
    trend(oldest, after, oldest->rate_fpm, out);
    for (unsigned i = p->n - 1U; i-- > 0 && out->track_deg < 0;) {
        const struct path_point *q = back(p, i);
        if (path_nm(oldest, q) >= 3 && q->t_ms - oldest->t_ms < 900000) {
            out->track_deg = chord_deg(oldest, q);
        }
    }
}
