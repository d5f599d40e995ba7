#include "store/thin.h"

#include "geo/sphere.h"

#include <string.h>

/* Longer without a kept point nothing is left out: a gap in hearing shall stay one. */
enum { GAP_MS = 60000 };

static bool changed(const struct kept *a, const struct kept *b)
{
    return memcmp(a->flight, b->flight, 8) != 0 || a->squawk != b->squawk ||
           a->ground != b->ground || a->origin != b->origin || a->version != b->version ||
           a->nic != b->nic || a->nac_p != b->nac_p || a->sil != b->sil ||
           (a->alt_baro_ft == KEPT_NONE) != (b->alt_baro_ft == KEPT_NONE);
}

/* Whether a waiting place lies within bounds of the line from the anchor to p. */
static bool lies_on(const struct thin_place *w, const struct kept *a, const struct kept *p,
                    int32_t m, int32_t ft)
{
    const double share = (double)(w->t_ms - a->t_ms) / (double)(p->t_ms - a->t_ms);
    const double lat = a->lat_e7 + share * ((double)p->lat_e7 - a->lat_e7);
    const double lon = a->lon_e7 + share * (double)sphere_wrap_e7((int64_t)p->lon_e7 - a->lon_e7);
    const struct sphere_offset o =
        sphere_offset((struct sphere_place){w->lat_e7, w->lon_e7},
                      (struct sphere_place){(int32_t)lat, sphere_wrap_e7((int64_t)lon)});
    if (o.x_m * o.x_m + o.y_m * o.y_m > (float)m * (float)m) {
        return false;
    }
    if (w->alt_ft == KEPT_NONE) {
        return true;
    }
    const double alt = a->alt_baro_ft + share * ((double)p->alt_baro_ft - a->alt_baro_ft);
    return alt - w->alt_ft <= ft && w->alt_ft - alt <= ft;
}

static bool all_on_line(const struct thin *t, const struct kept *p, int32_t m, int32_t ft)
{
    if (t->n == THIN_WAITING_MAX || changed(&t->anchor, p) || p->t_ms <= t->anchor.t_ms ||
        (t->n > 0 && p->t_ms - t->newest.t_ms > GAP_MS) || p->t_ms - t->anchor.t_ms > GAP_MS) {
        return false;
    }
    for (unsigned i = 0; i < t->n; i++) {
        if (!lies_on(&t->waiting[i], &t->anchor, p, m, ft)) {
            return false;
        }
    }
    return true;
}

unsigned thin_take(struct thin *t, const struct kept *p, int32_t m, int32_t ft, struct kept out[2])
{
    unsigned n = 0;
    if (t->has_anchor && !all_on_line(t, p, m, ft) && t->n > 0) {
        t->anchor = out[n++] = t->newest;
        t->n = 0;
    }
    /* Anything new of the aircraft itself is kept at once, and so is what follows a gap. */
    if (!t->has_anchor || changed(&t->anchor, p) || p->t_ms - t->anchor.t_ms > GAP_MS ||
        p->t_ms <= t->anchor.t_ms) {
        t->anchor = out[n++] = *p;
        t->has_anchor = true;
        return n;
    }
    t->waiting[t->n++] = (struct thin_place){p->t_ms, p->lat_e7, p->lon_e7, p->alt_baro_ft};
    t->newest = *p;
    return n;
}
