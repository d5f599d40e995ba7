/* Flights that ended elsewhere than they were going: back where they came from, or diverted. */
#include "movement/internal.h"

#include "geo/sphere.h"

#include <math.h>

/* Back where it came from after going straight away; it may have held for a while until it gave up.
   Who stays away for hours went there to stay: but what carries from place to place, and came far,
   has no errand that ends where it began. */
#define HELD_H      1.75F
#define ERRAND_NM   150
#define TURN_BACK_P 0.8F

/* Of all flights so many come back without having been anywhere, and of all round trips so many
   lead back from the first stop: what came back after a silence it may have landed in mostly did.
 */
#define TURNED_SHARE       0.002F
#define STATE_TURNED_SHARE 0.02F
#define ROUND_TRIPS        0.7F

static float turn_back_p(const struct aircraft *a)
{
    const float turned = (a->frame.state ? STATE_TURNED_SHARE : TURNED_SHARE) * (1 - a->leg.gap_p);
    const float landed = ROUND_TRIPS * a->leg.gap_p;
    return TURN_BACK_P * turned / (turned + landed);
}

/* Whether it came back from where it was heard last in about the time that takes. */
static bool is_seen_back(const struct aircraft *a, int64_t hi_ms)
{
    const float back_h = a->leg.farthest_nm / fmaxf(100, a->leg.top_gs_kt);
    return (float)(hi_ms - a->path.last.t_ms) < (2 * back_h + 1) * 3.6e6F;
}

static bool is_turn_back(const struct aircraft *a, const struct posterior_end *site, int64_t hi_ms)
{
    const struct leg *l = &a->leg;
    if (!l->is_takeoff || !l->origin.n || !site->n || l->farthest_nm < 30 ||
        l->origin.place[0].airport != site->place[0].airport || !is_seen_back(a, hi_ms)) {
        return false;
    }
    return (a->frame.type.carries && l->farthest_nm > ERRAND_NM) ||
           (l->farthest_flown_nm <= 1.3F * l->farthest_nm + 10 &&
            l->flown_nm <= 3.2F * l->farthest_nm + HELD_H * l->top_gs_kt);
}

void leg_turned_back(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                     int64_t hi_ms)
{
    const struct leg *l = &a->leg;
    const float p = turn_back_p(a);
    if (!is_turn_back(a, site, hi_ms) || p < 0.5F) {
        return;
    }
    struct claim c = row_of(a, CLAIM_TURN_BACK, CLAIM_METHOD_PATH);
    row_place(&c, &l->farthest);
    row_times(&c, l->farthest.t_ms, hi_ms);
    c.sure_lo_ms = c.t_lo_ms;
    c.sure_hi_ms = c.t_hi_ms;
    c.flags |= CLAIM_NOT_SORTIE;
    c.p = p;
    c.size_m = (uint32_t)((double)l->farthest_nm * SPHERE_M_PER_NM);
    row_end(m, &c, site);
    row_give(m, a, &c);
}

/* Two or three flights in a thousand are diverted, so that a wrong guess of where one is bound is
   far likelier, were it not for the way: who was bound there all along does not come by a long way
   round. Miles round are told by the share of flights that fly as many for other reasons: states'
   aircraft go around countries. */
#define DIVERTED_SHARE 0.003F
#define GUESS_MOST     0.98F
#define ROUND_NM       20
#define ROUND_ODD      0.005F
#define DIVERSION_P    0.5F

static float diversion_p(const struct aircraft *a, float bound_p, const struct site *to)
{
    const struct leg *l = &a->leg;
    const float round = a->frame.state ? 0.12F : 0.05F;
    const float flown_nm = l->flown_nm + path_nm(&l->odometer, &a->path.last);
    const float left_nm = unit_nm(unit_of(a->path.last.lat_e7, a->path.last.lon_e7), to->at);
    const float direct_nm = unit_nm(unit_of(l->start.lat_e7, l->start.lon_e7), to->at);
    const float over_nm = fmaxf(flown_nm + left_nm - direct_nm, 0);
    const float bound = fminf(bound_p, GUESS_MOST);
    const float straight = expf(-over_nm / (ROUND_NM + round * flown_nm));
    const float diverted = bound * DIVERTED_SHARE;
    return diverted / (diverted + (1 - bound) * fmaxf(straight, ROUND_ODD));
}

/* Where it was thought to be bound for; once it turned, that may be where it landed: then before.
 */
void leg_diverted(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                  int64_t hi_ms)
{
    const struct leg *l = &a->leg;
    const bool turned = site->n && l->bound == site->place[0].airport;
    const uint32_t bound = turned ? l->was_bound : l->bound;
    const float bound_p = turned ? l->was_bound_p : l->bound_p;
    if (!site->n || bound == SITE_NONE || bound_p < LEG_BOUND_P ||
        bound == site->place[0].airport ||
        (l->origin.n && l->origin.place[0].airport == site->place[0].airport)) {
        return;
    }
    const struct site to = site_of(m->o.views.airports, site->place[0].airport);
    const float p = diversion_p(a, bound_p, &to) * site->place[0].p;
    if (p < DIVERSION_P) {
        return;
    }
    struct claim c = row_of(a, CLAIM_DIVERSION, CLAIM_METHOD_PATH);
    row_times(&c, turned ? l->was_bound_ms : l->bound_ms, hi_ms);
    c.sure_lo_ms = c.t_lo_ms;
    c.sure_hi_ms = c.t_hi_ms;
    c.p = p;
    row_end(m, &c, site);
    row_give(m, a, &c);
}
