#include "store/visit.h"

#include "store/way.h"

#include <string.h>

static int32_t altitude(const struct kept *p)
{
    return p->ground ? 0 : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft : p->alt_geom_ft;
}

/* Whether a visit ends before this point, under this call sign. */
static bool ends_before(const struct visits *v, const struct kept *p, const char flight[8])
{
    const struct visit *w = &v->now;
    return v->open && (p->address != w->first.address || p->t_ms - w->last.t_ms > v->gap_ms ||
                       (w->flight[0] && flight[0] && memcmp(w->flight, flight, 8) != 0));
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

static void add_altitude(struct visit *w, int32_t alt)
{
    if (alt != KEPT_NONE) {
        w->alt_low_ft = w->alt_low_ft == KEPT_NONE || alt < w->alt_low_ft ? alt : w->alt_low_ft;
        w->alt_high_ft = alt > w->alt_high_ft ? alt : w->alt_high_ft; /* KEPT_NONE is the least */
    }
}

static void add(struct visits *v, const struct kept *p)
{
    struct visit *w = &v->now;
    add_altitude(w, altitude(p));
    if (p->flight[0]) {
        memcpy(w->flight, p->flight, 8);
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
    w->points += p->spare[0] != WAY_RECKONED;
}

bool visits_take(struct visits *v, const struct kept *p, struct visit *ended)
{
    const bool ends = ends_before(v, p, p->flight);
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

bool visits_take_whole(struct visits *v, const struct part_whole *w, struct visit *ended)
{
    const bool ends = ends_before(v, &w->first, w->flight);
    if (ends) {
        *ended = v->now;
    }
    if (ends || !v->open) {
        begin(v, &w->first);
    }
    add_altitude(&v->now, w->alt_low_ft);
    add_altitude(&v->now, w->alt_high_ft);
    if (w->flight[0]) {
        memcpy(v->now.flight, w->flight, 8);
    }
    v->same = (struct visit_same){w->last.address, w->last.t_ms, 1};
    v->now.last = w->last;
    v->now.last_n = 1;
    v->now.points += w->points;
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
