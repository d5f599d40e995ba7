#include "store/thin.h"

#include "geo/sphere.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Longer without a kept point nothing is left out: a gap in hearing shall stay one. */
enum { GAP_MS = 60000 };

/* Meters of 1e-7 degrees, of latitude or at the equator, on the ellipsoid where it is longest. */
#define M_PER_E7 0.0111701F
/* What is reached within a minute: half a degree of latitude is 1,800 kt. */
enum { REACH_E7 = 5000000 };
/* The octagon inside a circle: its sides' distance from the middle, less what floats round. */
#define APOTHEM  0.9238F
#define DIAGONAL 0.70710678F

static bool changed(const struct kept *a, const struct kept *b)
{
    return memcmp(a->flight, b->flight, 8) != 0 || a->squawk != b->squawk ||
           a->ground != b->ground || a->origin != b->origin || a->version != b->version ||
           a->nic != b->nic || a->nac_p != b->nac_p || a->sil != b->sil ||
           (a->alt_baro_ft == KEPT_NONE) != (b->alt_baro_ft == KEPT_NONE);
}

static int32_t magnitude(int32_t v)
{
    return v < 0 ? -v : v;
}

bool thin_must_keep(const struct thin *t, const struct kept *p)
{
    return !t->has_anchor || changed(&t->anchor, p) || p->t_ms - t->anchor.t_ms > GAP_MS ||
           p->t_ms <= t->anchor.t_ms ||
           magnitude(p->lat_e7) < magnitude(t->anchor.lat_e7) - REACH_E7;
}

/* From the anchor to a place, in meters along the four axes: east, north, and between. */
static void offset(const struct thin *t, const struct kept *p, float along[4])
{
    const int32_t lon = sphere_wrap_e7((int64_t)p->lon_e7 - t->anchor.lon_e7);
    const float x = (float)lon * t->lon_scale;
    const float y = (float)(p->lat_e7 - t->anchor.lat_e7) * M_PER_E7;
    along[0] = x;
    along[1] = y;
    along[2] = (x + y) * DIAGONAL;
    along[3] = (x - y) * DIAGONAL;
}

bool thin_fits(const struct thin *t, const struct kept *p)
{
    if (thin_must_keep(t, p)) {
        return false;
    }
    const float dt = (float)(p->t_ms - t->anchor.t_ms);
    float along[4];
    offset(t, p, along);
    for (int i = 0; i < 4; i++) {
        const float v = along[i] / dt;
        if (v < t->low[i] || v > t->high[i]) {
            return false;
        }
    }
    if (p->alt_baro_ft == KEPT_NONE) {
        return true;
    }
    const float climb = (float)(p->alt_baro_ft - t->anchor.alt_baro_ft) / dt;
    return climb >= t->climb_low && climb <= t->climb_high;
}

void thin_kept(struct thin *t, const struct kept *p)
{
    if (p != &t->anchor) {
        t->anchor = *p;
    }
    t->has_anchor = true;
    t->waiting = 0;
}

static void start_waiting(struct thin *t)
{
    const int32_t lat = magnitude(t->anchor.lat_e7) - REACH_E7;
    t->lon_scale = M_PER_E7 * (lat > 0 ? cosf((float)lat * 1.745329e-9F) : 1);
    for (int i = 0; i < 4; i++) {
        t->low[i] = -FLT_MAX;
        t->high[i] = FLT_MAX;
    }
    t->climb_low = -FLT_MAX;
    t->climb_high = FLT_MAX;
}

static void narrow(float *low, float *high, float middle, float half)
{
    *low = fmaxf(*low, middle - half);
    *high = fminf(*high, middle + half);
}

void thin_wait(struct thin *t, const struct kept *p, int32_t m, int32_t ft)
{
    if (t->waiting == 0) {
        start_waiting(t);
    }
    const float dt = (float)(p->t_ms - t->anchor.t_ms);
    float along[4];
    offset(t, p, along);
    for (int i = 0; i < 4; i++) {
        narrow(&t->low[i], &t->high[i], along[i] / dt, (float)m * APOTHEM / dt);
    }
    if (p->alt_baro_ft != KEPT_NONE) {
        narrow(&t->climb_low, &t->climb_high, (float)(p->alt_baro_ft - t->anchor.alt_baro_ft) / dt,
               (float)ft / dt);
    }
    t->newest = *p;
    t->waiting++;
}
