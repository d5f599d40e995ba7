/* The state machine of one aircraft: what each point says (ground, air, neither), and what follows
   from points that contradict the state. */
#include "movement/internal.h"

#include <math.h>

/* A silence in flight longer than this is looked at before the flight goes on. */
#define GAP_MS 600000

/* Ground contact followed by a climb within this is a touch-and-go. */
#define TOUCH_MS 90000

/* Slower than this on the ground it has come to stay. */
#define STOPPED_KT 50

enum contact { CONTACT_UNSURE, CONTACT_GROUND, CONTACT_AIR };

/* ---- the field below ---- */

#define NEAR_NM    12
#define NEAR_FT    18000
#define REFRESH_NM 1.5F

/* Within this distance of a field a flight may be passing low over it. */
#define PASS_NM 9

static void look_down(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    if (p->alt_ft != PATH_NO_ALTITUDE && p->alt_ft > NEAR_FT) {
        a->near = SITE_NONE;
        a->near_at.t_ms = KEPT_NO_TIME;
        return;
    }
    if (a->near_at.t_ms != KEPT_NO_TIME && path_nm(&a->near_at, p) < REFRESH_NM) {
        return;
    }
    a->near_at = *p;
    a->near = match_nearest(m->o.views.airports, day_of(p->t_ms), p->lat_e7, p->lon_e7, NEAR_NM,
                            a->leg.top_gs_kt > 250, &a->near_nm);
    a->near_ft = match_elevation(m->o.views.airports, a->near);
}

/* Pressure altitude at a field is within 700 ft of its height whatever the weather; a ground bit
   far above that, or faster than a roll, or over no field, is not believed (MOVEMENTS 1.0). */
static enum contact contact_of(struct movement *m, const struct aircraft *a,
                               const struct path_point *p)
{
    const bool has_field = a->near != SITE_NONE && a->near_nm < 5;
    const bool has_alt = p->alt_ft != PATH_NO_ALTITUDE;
    const float above_ft = has_alt && has_field ? (float)p->alt_ft - a->near_ft : NAN;
    if (p->ground) {
        const bool too_high = above_ft > 1500;
        const bool too_fast = p->gs_kt >= (has_field ? 200 : 80);
        m->sums.ground_denied += too_high || too_fast;
        return too_high || too_fast ? CONTACT_UNSURE : CONTACT_GROUND;
    }
    if (p->gs_kt >= 0 && p->gs_kt < 40 && a->near_nm < 2.5F && above_ft < 700 &&
        !a->frame.type.helicopter) {
        return CONTACT_GROUND;
    }
    if (p->gs_kt >= 60 || above_ft > 1000 || (has_alt && !has_field && p->alt_ft > 3000)) {
        return CONTACT_AIR;
    }
    return CONTACT_UNSURE;
}

/* ---- low passes ---- */

static void watch_low(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct leg *l = &a->leg;
    if (p->alt_ft == PATH_NO_ALTITUDE) {
        return;
    }
    if (a->near == SITE_NONE || a->near_nm > PASS_NM) {
        l->low_ft = INFINITY;
        return;
    }
    const float height_ft = (float)p->alt_ft - a->near_ft;
    if (isinf(l->low_ft)) {
        l->before_low_ft = height_ft; /* as high as it came in */
    }
    if (height_ft < l->low_ft) {
        l->low_ft = height_ft;
        l->low = *p;
    } else if (l->low_ft < 1500 && height_ft > l->low_ft + 500 &&
               l->before_low_ft > l->low_ft + 700) {
        struct claim c = row_of(a, CLAIM_GO_AROUND, CLAIM_METHOD_PATH);
        struct posterior_end end = {.place = {{a->near, 1}}, .n = 1};
        row_place(&c, &l->low);
        row_times(&c, l->low.t_ms - 60000, p->t_ms);
        c.p = 0.9F;
        row_end(m, &c, &end);
        row_give(m, a, &c);
        l->before_low_ft = 0;
    }
    if (height_ft > l->low_ft + 500) {
        l->low_ft = height_ft;
        l->before_low_ft = height_ft > l->before_low_ft ? height_ft : l->before_low_ft;
    }
}

/* ---- changes of state ---- */

static void touch_and_go(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct claim c = row_of(a, CLAIM_TOUCH_AND_GO, CLAIM_METHOD_OBSERVED);
    struct posterior_end site;
    match_ground(m->o.views.airports, day_of(p->t_ms), &a->ground_first, false, &site);
    row_place(&c, &a->ground_first);
    c.t_lo_ms = a->air_last.t_ms;
    c.sure_lo_ms = a->ground_first.t_ms;
    c.sure_hi_ms = a->ground_last.t_ms;
    c.t_hi_ms = p->t_ms;
    c.flags |= CLAIM_NOT_SORTIE;
    row_end(m, &c, &site);
    row_give(m, a, &c);
    a->pending = false;
    a->state = FLIGHT_AIR;
    a->leg.low_ft = INFINITY;
    a->leg.before_low_ft = 0;
}

/* A landing stands once it has slowed down, or time for a touch-and-go has passed. */
static void settle(struct movement *m, struct aircraft *a)
{
    struct posterior_end site;
    if (!a->pending) {
        return;
    }
    a->pending = false;
    match_ground(m->o.views.airports, day_of(a->ground_last.t_ms), &a->ground_last,
                 a->frame.type.helicopter, &site);
    const struct instant when = {a->air_last.t_ms, a->ground_first.t_ms, CLAIM_NO_TIME};
    leg_land(m, a, &site, when, CLAIM_METHOD_OBSERVED, 0.995F);
    path_cut(&a->path);
}

static void touch_down(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    a->state = FLIGHT_GROUND;
    a->ground_first = a->run_first;
    a->ground_last = *p;
    a->run = 0;
    a->pending = true;
    if (p->gs_kt < STOPPED_KT) {
        settle(m, a);
    }
}

static void on_ground(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    if (a->state == FLIGHT_NEW) {
        a->state = FLIGHT_GROUND;
        a->ground_first = *p;
        a->ground_last = *p;
        return;
    }
    if (a->state == FLIGHT_GROUND) {
        a->run = 0;
        a->ground_last = *p;
        if (a->pending && (p->gs_kt < STOPPED_KT || p->t_ms - a->ground_first.t_ms > TOUCH_MS)) {
            settle(m, a);
        }
        return;
    }
    if (a->run++ == 0) {
        a->run_first = *p;
        if (p->t_ms - a->air_last.t_ms < 120000 || p->gs_kt >= 60) {
            return;
        }
    }
    if (a->run > 1 ? p->t_ms - a->run_first.t_ms >= 5000 : true) {
        touch_down(m, a, p);
    }
}

static void in_air(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    if (a->state == FLIGHT_NEW) {
        leg_begin(m, a, p);
        a->state = FLIGHT_AIR;
    } else if (a->state == FLIGHT_GROUND) {
        if (a->run++ == 0) {
            a->run_first = *p;
        }
        const bool is_high =
            p->alt_ft != PATH_NO_ALTITUDE && p->gs_kt > 80 && (float)p->alt_ft > a->near_ft + 1200;
        if (!is_high && (a->run < 2 || p->t_ms - a->run_first.t_ms < 3000)) {
            return;
        }
        if (a->pending && a->run_first.t_ms - a->ground_first.t_ms < TOUCH_MS) {
            touch_and_go(m, a, p);
        } else {
            settle(m, a);
            /* After a silence on the ground it is found in flight: nobody heard it leave. */
            const bool unheard = a->run_first.t_ms - a->ground_last.t_ms > GAP_MS &&
                                 path_nm(&a->ground_last, &a->run_first) > 6;
            if (!unheard || !gap_left(m, a, &a->run_first)) {
                leg_take_off(m, a, &a->ground_last, &a->run_first);
            }
            a->state = FLIGHT_AIR;
        }
    }
    a->run = 0;
    a->air_last = *p;
    leg_track(m, a, p);
    leg_watch(m, a);
    watch_low(m, a, p);
}

/* Parked, silent, and heard again at another field: a flight nobody heard. */
static void moved_unheard(struct movement *m, struct aircraft *a, const struct path_point *p)
{
    struct posterior_end site;
    struct instant off, on;
    const struct path_point from = a->ground_last;
    settle(m, a);
    match_ground(m->o.views.airports, day_of(from.t_ms), &from, a->frame.type.helicopter, &site);
    leg_give_stay(m, a, &site, from.t_ms, p->t_ms);
    gap_moved(m, a, &from, p, &off, &on);
    leg_took_off(m, a, p, &site, off, CLAIM_METHOD_INFERRED_REAPPEARANCE, 1);
    leg_track(m, a, p);
    match_ground(m->o.views.airports, day_of(p->t_ms), p, a->frame.type.helicopter, &site);
    leg_land(m, a, &site, on, CLAIM_METHOD_INFERRED_REAPPEARANCE, 0.98F);
    a->ground_first = *p;
    a->ground_last = *p;
    a->state = FLIGHT_GROUND;
}

void flight_point(struct movement *m, struct aircraft *a, const struct path_point *p, bool jumped)
{
    (void)jumped;
    look_down(m, a, p);
    const enum contact c = contact_of(m, a, p);
    if (a->closed && c == CONTACT_UNSURE) {
        return;
    }
    if (a->state == FLIGHT_LOST) {
        a->state = FLIGHT_AIR;
        if (p->t_ms - a->air_last.t_ms <= GAP_MS) {
            lost_withdraw(m, a); /* it was a short silence after all */
        }
    }
    if (a->state == FLIGHT_AIR && p->t_ms - a->air_last.t_ms > GAP_MS && a->run == 0 &&
        c != CONTACT_UNSURE && gap_resolve(m, a, p, c == CONTACT_GROUND)) {
        return;
    }
    if (a->state == FLIGHT_GROUND && p->t_ms - a->ground_last.t_ms > GAP_MS &&
        path_nm(&a->ground_last, p) > 6 && c == CONTACT_GROUND) {
        moved_unheard(m, a, p);
        return;
    }
    if (c == CONTACT_GROUND) {
        on_ground(m, a, p);
    } else if (c == CONTACT_AIR) {
        in_air(m, a, p);
    } else if (a->state == FLIGHT_AIR) {
        leg_track(m, a, p);
    }
}

void flight_end(struct movement *m, struct aircraft *a)
{
    if (a->state == FLIGHT_GROUND && a->legs == 0) {
        leg_parked(m, a);
    } else if (a->state == FLIGHT_GROUND) {
        settle(m, a);
    } else if (!a->closed && (a->state == FLIGHT_AIR || a->state == FLIGHT_LOST)) {
        if (a->run > 0 && a->run_first.gs_kt < 60) {
            a->ground_first = a->ground_last = a->run_first;
            a->pending = true;
            settle(m, a);
        } else {
            leg_lost(m, a);
        }
    }
    a->state = FLIGHT_NEW;
    a->has_landed = false;
}
