/* The last hour's way of every aircraft, thinned as it comes.

   Rule: fixes 0.9 s apart or more are looked at. One is kept when without it some one since the
   last kept would be farther from the straight line in time between its kept neighbors than 20 m (5
   m on the ground) plus 0.2 s of flight, or 50 ft in altitude; when it is the first after a silence
   of more than 60 s (gap), or the first on or off the ground; and every 5 minutes. For each axis
   the slopes a line from the last kept point may have to pass every fix closely enough form an
   interval, which shrinks with every fix; when the newest lies outside, the one before it is kept
   and a new line begins there. So thinning takes no memory but the interval.

   Memory: 112 bytes for every aircraft that has had a position, where its newest kept point is, and
   for the older ones chunks of 120 bytes for 5 points each out of one pool. A straight flight keeps
   a point in 5 minutes, a busy one ten times as many. Where the pool is used up an aircraft's
   newest points displace its own oldest. */
#include "track/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_POINTS = 5,
    CALC_TRACK_MS = 4000,
    NO_CHUNK = 0, /* chunk 0 is not used, so that a head of zeros is an empty trail */
    UNKNOWN_16 = 65535
};

static const int64_t GAP_US = 60 * INT64_C(1000000);
static const int64_t LOOK_US = 900000;
static const int64_t KEEP_US = 300 * INT64_C(1000000);
static const float TOLERANCE_AIR_M = 20;
static const float TOLERANCE_GROUND_M = 5;
static const float TOLERANCE_S = 0.2F;
static const float TOLERANCE_FT = 50;
static const float CALC_TRACK_M = 150; /* shorter ways have no direction worth telling */

struct trail_kept { /* 20 bytes */
    uint32_t ms;    /* since the chunk's base */
    int32_t lat_e7, lon_e7;
    int32_t alt_ft : 24; /* ALT_NONE if not known */
    uint32_t origin : 5, ground : 1, gap : 1;
    uint16_t gs_kt, track_deg;
};

enum { ALT_NONE = -(1 << 23) };

struct trail_chunk {
    int64_t base_us;
    uint32_t next; /* newer */
    uint16_t first, n;
    struct trail_kept point[CHUNK_POINTS];
};

_Static_assert(sizeof(struct trail_chunk) == 120, "as promised above");

/* Slopes a line from the last kept point may have, per second. */
struct cone {
    float x_lo, x_hi, y_lo, y_hi, z_lo, z_hi;
};

struct trail_head {
    uint32_t oldest, newest; /* chunks */
    struct trail_point from; /* the last kept point, not in a chunk yet */
    struct trail_point last; /* the newest fix, not kept yet unless it is from */
    struct cone cone;
    int32_t calc_lat_e7, calc_lon_e7; /* where the last calculated track began */
    float cos_lat;
    bool is_begun, has_last;
};

bool trail_init(struct tracker *t, uint32_t points_max, int32_t trail_s)
{
    t->trail_us = trail_s * INT64_C(1000000);
    t->trail_chunks = points_max / CHUNK_POINTS + 2;
    t->trail_used = 1;
    t->trail_head = calloc(t->aircraft_max, sizeof *t->trail_head);
    t->trail_chunk = calloc(t->trail_chunks, sizeof *t->trail_chunk);
    return t->trail_head && t->trail_chunk;
}

static void chunk_drop_oldest(struct tracker *t, struct trail_head *h)
{
    const uint32_t c = h->oldest;
    h->oldest = t->trail_chunk[c].next;
    if (h->oldest == NO_CHUNK) {
        h->newest = NO_CHUNK;
    }
    t->trail_chunk[c].next = t->trail_free;
    t->trail_free = c;
}

static uint32_t chunk_take(struct tracker *t, struct trail_head *h)
{
    if (t->trail_free == NO_CHUNK && t->trail_used == t->trail_chunks) {
        if (h->oldest == NO_CHUNK) {
            return NO_CHUNK;
        }
        chunk_drop_oldest(t, h);
    }
    uint32_t c = t->trail_free;
    if (c != NO_CHUNK) {
        t->trail_free = t->trail_chunk[c].next;
    } else {
        c = t->trail_used++;
    }
    return c;
}

/* The chunk the next point goes to, NULL if the pool has none. */
static struct trail_chunk *chunk_for(struct tracker *t, struct trail_head *h, int64_t t_us)
{
    struct trail_chunk *c = &t->trail_chunk[h->newest];
    if (h->newest != NO_CHUNK && c->n < CHUNK_POINTS && t_us - c->base_us < (INT64_C(1) << 41)) {
        return c;
    }
    const uint32_t taken = chunk_take(t, h);
    if (taken == NO_CHUNK) {
        return NULL;
    }
    c = &t->trail_chunk[taken];
    c->base_us = t_us;
    c->next = NO_CHUNK;
    c->first = c->n = 0;
    if (h->newest == NO_CHUNK) {
        h->oldest = taken;
    } else {
        t->trail_chunk[h->newest].next = taken;
    }
    h->newest = taken;
    return c;
}

static void keep(struct tracker *t, struct trail_head *h, const struct trail_point *p)
{
    struct trail_chunk *c = chunk_for(t, h, p->t_us);
    if (!c) {
        return;
    }
    const bool has_alt = p->alt_baro_ft > ALT_NONE && p->alt_baro_ft < -ALT_NONE;
    c->point[c->n++] = (struct trail_kept){
        .ms = (uint32_t)((p->t_us - c->base_us) / 1000),
        .lat_e7 = p->lat_e7,
        .lon_e7 = p->lon_e7,
        .alt_ft = has_alt ? p->alt_baro_ft : ALT_NONE,
        .origin = p->origin & 31,
        .ground = p->ground & 1,
        .gap = p->gap & 1,
        .gs_kt = p->gs_kt,
        .track_deg = p->track_deg,
    };
}

/* A new line begins at a kept point. */
static void begin(struct tracker *t, struct trail_head *h, const struct trail_point *p)
{
    if (h->is_begun) {
        keep(t, h, &h->from);
    }
    h->from = *p;
    h->has_last = false;
    h->is_begun = true;
    h->cone = (struct cone){-INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY};
    h->cos_lat = cosf((float)p->lat_e7 * (float)(1e-7 * M_PI / 180));
}

struct slope {
    float x, y, z; /* east and north m, up ft, from the last kept point */
    float dt_s;
};

static struct slope slope_to(const struct trail_head *h, const struct trail_point *p)
{
    const float m = (float)SPHERE_M_PER_LAT_E7;
    const int32_t east = sphere_wrap_e7((int64_t)p->lon_e7 - h->from.lon_e7);
    return (struct slope){
        .x = (float)east * h->cos_lat * m,
        .y = (float)((int64_t)p->lat_e7 - h->from.lat_e7) * m,
        .z = (float)((int64_t)p->alt_baro_ft - h->from.alt_baro_ft),
        .dt_s = (float)(p->t_us - h->from.t_us) * 1e-6F,
    };
}

static bool in_cone(const struct cone *c, const struct slope *s)
{
    const float r = 1 / s->dt_s;
    const float x = s->x * r;
    const float y = s->y * r;
    const float z = s->z * r;
    return x >= c->x_lo && x <= c->x_hi && y >= c->y_lo && y <= c->y_hi && z >= c->z_lo &&
           z <= c->z_hi;
}

/* Half a square's side whose corner is the tolerance away. */
static float side_m(const struct trail_point *p)
{
    const float flight_m = p->gs_kt == UNKNOWN_16 ? 0 : (float)p->gs_kt * 0.514444F * TOLERANCE_S;
    return ((p->ground ? TOLERANCE_GROUND_M : TOLERANCE_AIR_M) + flight_m) * 0.7071F;
}

static inline float larger(float a, float b)
{
    return a > b ? a : b;
}

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

static void narrow(struct cone *c, const struct slope *s, float side)
{
    const float r = 1 / s->dt_s;
    c->x_lo = larger(c->x_lo, (s->x - side) * r);
    c->x_hi = smaller(c->x_hi, (s->x + side) * r);
    c->y_lo = larger(c->y_lo, (s->y - side) * r);
    c->y_hi = smaller(c->y_hi, (s->y + side) * r);
    c->z_lo = larger(c->z_lo, (s->z - TOLERANCE_FT) * r);
    c->z_hi = smaller(c->z_hi, (s->z + TOLERANCE_FT) * r);
}

/* What a line cannot pass over, whatever its slope. */
static bool is_break(const struct trail_head *h, const struct trail_point *p)
{
    return p->ground != h->from.ground || p->origin != h->from.origin ||
           (p->alt_baro_ft == FIX_NO_ALTITUDE) != (h->from.alt_baro_ft == FIX_NO_ALTITUDE) ||
           p->t_us - h->from.t_us > KEEP_US;
}

static void extend(struct tracker *t, struct trail_head *h, const struct trail_point *p)
{
    struct slope s = slope_to(h, p);
    if (h->has_last && (is_break(h, p) || !in_cone(&h->cone, &s))) {
        const struct trail_point last = h->last;
        begin(t, h, &last);
        s = slope_to(h, p);
    }
    if (s.dt_s > 0) {
        narrow(&h->cone, &s, side_m(p));
        h->last = *p;
        h->has_last = true;
    }
}

/* The direction from where it was last told, once that is far enough away. */
static void calc_track(struct push *p, struct trail_head *h, const struct fix *f)
{
    if (tick_within(stamp_tick(p->a->said[FIELD_CALC_TRACK]), p->tick, TICKS(CALC_TRACK_MS))) {
        return;
    }
    const struct sphere_place from = {h->calc_lat_e7, h->calc_lon_e7};
    const struct sphere_offset o = sphere_offset(from, (struct sphere_place){f->lat_e7, f->lon_e7});
    if (o.x_m * o.x_m + o.y_m * o.y_m < CALC_TRACK_M * CALC_TRACK_M) {
        return;
    }
    accept_value(p, FIELD_CALC_TRACK, (int32_t)(sphere_offset_bearing_deg(o) + 0.5F) % 360);
    h->calc_lat_e7 = f->lat_e7;
    h->calc_lon_e7 = f->lon_e7;
}

static uint16_t whole(int32_t e2)
{
    return e2 < 0 || e2 > 100 * (UNKNOWN_16 - 1) ? UNKNOWN_16 : (uint16_t)((e2 + 50) / 100);
}

static struct trail_point point_at(const struct fix *f)
{
    return (struct trail_point){
        .t_us = f->t_us,
        .lat_e7 = f->lat_e7,
        .lon_e7 = f->lon_e7,
        .alt_baro_ft = f->alt_baro_ft,
        .gs_kt = whole(f->gs_e2_kt),
        .track_deg =
            f->track_e2_deg < 0 ? UNKNOWN_16 : (uint16_t)((f->track_e2_deg + 50) / 100 % 360),
        .origin = f->origin,
        .ground = f->ground,
    };
}

void trail_add(struct push *p, const struct fix *f)
{
    struct tracker *t = p->t;
    struct trail_head *h = &t->trail_head[slot_of(t, p->a)];
    const int64_t silent_us = f->t_us - (h->has_last ? h->last.t_us : h->from.t_us);
    if (h->is_begun && silent_us < LOOK_US) {
        return;
    }
    struct trail_point now = point_at(f);
    if (h->is_begun && silent_us <= GAP_US) {
        extend(t, h, &now);
        calc_track(p, h, f);
        return;
    }
    if (h->has_last) {
        const struct trail_point last = h->last;
        begin(t, h, &last);
    }
    now.gap = h->is_begun;
    h->calc_lat_e7 = f->lat_e7;
    h->calc_lon_e7 = f->lon_e7;
    begin(t, h, &now);
}

void trail_drop(struct tracker *t, uint32_t slot)
{
    struct trail_head *h = &t->trail_head[slot];
    if (!h->is_begun) {
        return; /* do not touch the memory of aircraft that never had a position */
    }
    while (h->oldest != NO_CHUNK) {
        chunk_drop_oldest(t, h);
    }
    memset(h, 0, sizeof *h);
}

/* A chunk goes when its last point is too old. */
void trail_trim(struct tracker *t, uint32_t slot, int64_t now_us)
{
    struct trail_head *h = &t->trail_head[slot];
    while (h->oldest != NO_CHUNK) {
        const struct trail_chunk *c = &t->trail_chunk[h->oldest];
        if (c->n < CHUNK_POINTS ||
            now_us - (c->base_us + c->point[c->n - 1].ms * INT64_C(1000)) <= t->trail_us) {
            return;
        }
        chunk_drop_oldest(t, h);
    }
}

static struct trail_point point_of(const struct trail_chunk *c, const struct trail_kept *k)
{
    return (struct trail_point){
        .t_us = c->base_us + k->ms * INT64_C(1000),
        .lat_e7 = k->lat_e7,
        .lon_e7 = k->lon_e7,
        .alt_baro_ft = k->alt_ft == ALT_NONE ? FIX_NO_ALTITUDE : k->alt_ft,
        .gs_kt = k->gs_kt,
        .track_deg = k->track_deg,
        .origin = k->origin,
        .ground = k->ground,
        .gap = k->gap,
    };
}

size_t track_trail(const struct tracker *t, const struct track *a, struct trail_point *out,
                   size_t max)
{
    const struct trail_head *h = &t->trail_head[slot_of(t, a)];
    const int64_t since_us = a->seen_us - t->trail_us;
    size_t n = 0;
    for (uint32_t i = h->oldest; i != NO_CHUNK; i = t->trail_chunk[i].next) {
        const struct trail_chunk *c = &t->trail_chunk[i];
        for (unsigned k = 0; k < c->n && n < max; k++) {
            out[n] = point_of(c, &c->point[k]);
            n += out[n].t_us >= since_us;
        }
    }
    if (h->is_begun && n < max && h->from.t_us >= since_us) {
        out[n++] = h->from;
    }
    struct fix f;
    if (h->is_begun && n < max && track_place(a, &f) && f.t_us > h->from.t_us) {
        out[n++] = point_at(&f); /* where it is now */
    }
    return n;
}
