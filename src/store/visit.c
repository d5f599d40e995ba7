#include "store/visit.h"

#include <string.h>

static int32_t altitude(const struct kept *p)
{
    return p->ground ? 0 : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft : p->alt_geom_ft;
}

static bool is_other_flight(const struct visit *v, const struct kept *p)
{
    return v->flight[0] && p->flight[0] && memcmp(v->flight, p->flight, 8) != 0;
}

static void begin(struct visits *v, const struct kept *p)
{
    v->open = true;
    v->now = (struct visit){.first = *p,
                            .last = *p,
                            .alt_low_ft = KEPT_NONE,
                            .alt_high_ft = KEPT_NONE,
                            .closest_m = -1};
}

static void add(struct visits *v, const struct kept *p)
{
    struct visit *w = &v->now;
    const int32_t alt = altitude(p);
    if (p->flight[0]) {
        memcpy(w->flight, p->flight, 8);
    }
    if (alt != KEPT_NONE) {
        w->alt_low_ft = w->alt_low_ft == KEPT_NONE || alt < w->alt_low_ft ? alt : w->alt_low_ft;
        w->alt_high_ft = alt > w->alt_high_ft ? alt : w->alt_high_ft; /* KEPT_NONE is the least */
    }
    if (v->has_middle) {
        const struct sphere_place at = {p->lat_e7, p->lon_e7};
        const double m = sphere_distance_m(v->middle, at);
        if (w->closest_m < 0 || m < w->closest_m) {
            w->closest_m = m;
            w->closest = *p;
        }
    }
    w->last_n = v->same.n;
    w->last = *p;
    w->points++;
}

bool visits_take(struct visits *v, const struct kept *p, struct visit *ended)
{
    const bool ends =
        v->open && (p->address != v->now.first.address || p->t_ms - v->now.last.t_ms > v->gap_ms ||
                    is_other_flight(&v->now, p));
    if (ends) {
        *ended = v->now;
    }
    if (ends || !v->open) {
        begin(v, p);
    }
    const bool is_same = p->address == v->same.address && p->t_ms == v->same.t_ms;
    v->same = (struct visit_same){p->address, p->t_ms, is_same ? v->same.n + 1 : 1};
    add(v, p);
    return ends;
}

bool visits_end(struct visits *v, struct visit *ended)
{
    const bool ends = v->open;
    if (ends) {
        *ended = v->now;
        v->open = false;
    }
    return ends;
}
