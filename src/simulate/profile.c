#include "simulate/profile.h"

#include "base/instant.h"

#include <math.h>

static const double taxi_kt = 15, line_up_s = 45, roll_s = 35;

/* The airborne part for one cruise speed: lengths of climb, cruise, descent. */
struct flown {
    double climb_s, climb_nm, cruise_s, cruise_nm, descent_s, descent_nm;
};

static double climb_seconds(const struct profile_plan *plan, double top_ft)
{
    const double mean_fpm = (plan->type->climb_fpm_low + plan->type->climb_fpm_high) / 2;
    return fmax(top_ft - plan->from_ft, 100) / mean_fpm * 60;
}

static struct flown fly(const struct profile_plan *plan, double way_nm, double top_ft, double v_kt)
{
    struct flown f;
    f.climb_s = climb_seconds(plan, top_ft);
    f.climb_nm = (plan->type->rotate_kt + v_kt) / 2 * f.climb_s / 3600;
    f.descent_nm = plan->type->descent_nm * fmax(top_ft - plan->to_ft, 100) / 1000;
    f.descent_s = f.descent_nm / ((v_kt + plan->type->approach_kt) / 2) * 3600;
    f.cruise_nm = way_nm - f.climb_nm - f.descent_nm;
    f.cruise_s = f.cruise_nm / v_kt * 3600;
    return f;
}

/* Speeds over the ground an airliner reaches low are lower. */
static double at_most_kt(double v_kt, double top_ft)
{
    return fmin(v_kt, 230 + 0.007 * top_ft);
}

/* On a short way the top is as high as leaves 5 NM of cruise. */
static struct flown fly_as_planned(struct profile *p, const struct profile_plan *plan,
                                   double way_nm)
{
    p->cruise_ft = plan->cruise_ft;
    for (;;) {
        p->cruise_kt = at_most_kt(plan->cruise_kt, p->cruise_ft);
        const struct flown f = fly(plan, way_nm, p->cruise_ft, p->cruise_kt);
        if (f.cruise_nm >= 5 || p->cruise_ft - fmax(plan->from_ft, plan->to_ft) < 2000) {
            return f;
        }
        p->cruise_ft -= 1000;
    }
}

/* The speed at which the way takes the time given: the slower the longer, so by halving. */
static enum err fly_in_time(struct profile *p, const struct profile_plan *plan, double way_nm,
                            struct flown *out)
{
    const double wanted_s = (double)(plan->landing_us - plan->takeoff_us) / 1e6;
    double low = 100, high = 700;
    p->cruise_ft = plan->cruise_ft;
    for (int i = 0; i < 40; i++) {
        p->cruise_kt = (low + high) / 2;
        *out = fly(plan, way_nm, p->cruise_ft, p->cruise_kt);
        if (out->climb_s + out->cruise_s + out->descent_s > wanted_s) {
            low = p->cruise_kt;
        } else {
            high = p->cruise_kt;
        }
    }
    const double error_s = out->climb_s + out->cruise_s + out->descent_s - wanted_s;
    return out->cruise_nm < 0 || fabs(error_s) > 1 ? ERR_RANGE : ERR_OK;
}

static void phase_set(struct profile *p, enum phase_kind k, double length_s, double v_kt,
                      double v_end_kt)
{
    struct phase *to = &p->phase[k];
    *to = (struct phase){.length_s = length_s, .v_kt = v_kt, .v_end_kt = v_end_kt};
    if (k > 0) {
        const struct phase *before = &to[-1];
        to->begin_s = before->begin_s + before->length_s;
        to->s_nm = before->s_nm + (before->v_kt + before->v_end_kt) / 2 * before->length_s / 3600;
    }
}

static void phase_rate(struct profile *p, enum phase_kind k, double h_ft, double r_fpm,
                       double r_end_fpm)
{
    p->phase[k].h_ft = h_ft;
    p->phase[k].r_fpm = r_fpm;
    p->phase[k].r_end_fpm = r_end_fpm;
}

static void set_phases(struct profile *p, const struct path *path, const struct profile_plan *plan,
                       const struct flown *f)
{
    const double v = p->cruise_kt, rotate = plan->type->rotate_kt, land = plan->type->approach_kt;
    const double roll_nm = rotate / 2 * roll_s / 3600;
    phase_set(p, PHASE_PARKED, plan->rolling ? 0 : plan->parked_s, 0, 0);
    phase_set(p, PHASE_TAXI_OUT, plan->rolling ? 0 : path->runway_nm / taxi_kt * 3600, taxi_kt,
              taxi_kt);
    phase_set(p, PHASE_LINE_UP, plan->rolling ? 0 : line_up_s, 0, 0);
    if (plan->rolling) {
        phase_set(p, PHASE_ROLL, roll_nm / ((land + rotate) / 2) * 3600, land, rotate);
        p->phase[PHASE_ROLL].s_nm = path->runway_nm;
    } else {
        phase_set(p, PHASE_ROLL, roll_s, 0, rotate);
    }
    phase_set(p, PHASE_CLIMB, f->climb_s, rotate, v);
    phase_set(p, PHASE_CRUISE, f->cruise_s, v, v);
    phase_set(p, PHASE_DESCENT, f->descent_s, v, land);
    const double out_nm = path->exit_nm - path->touch_nm;
    phase_set(p, PHASE_ROLL_OUT, out_nm / ((land + taxi_kt) / 2) * 3600, land, taxi_kt);
    phase_set(p, PHASE_TAXI_IN, (path->length_nm - path->exit_nm) / taxi_kt * 3600, taxi_kt,
              taxi_kt);
    phase_set(p, PHASE_ARRIVED, plan->arrived_s, 0, 0);
    for (enum phase_kind k = 0; k < PHASE_COUNT; k++) {
        phase_rate(p, k, k < PHASE_CRUISE ? plan->from_ft : plan->to_ft, 0, 0);
    }
    phase_rate(p, PHASE_CLIMB, plan->from_ft, plan->type->climb_fpm_low,
               plan->type->climb_fpm_high);
    phase_rate(p, PHASE_CRUISE, p->cruise_ft, 0, 0);
    /* Along a straight glide path the vertical rate goes with the speed. */
    const double ft_per_nm = fmax(p->cruise_ft - plan->to_ft, 100) / f->descent_nm;
    phase_rate(p, PHASE_DESCENT, p->cruise_ft, -v * ft_per_nm / 60, -land * ft_per_nm / 60);
}

static int64_t microseconds(double s)
{
    return (int64_t)llround(s * 1e6);
}

enum err profile_build(struct profile *p, const struct path *path, const struct profile_plan *plan)
{
    const double roll_nm = plan->type->rotate_kt / 2 * roll_s / 3600;
    const double way_nm = path->touch_nm - path->runway_nm - roll_nm;
    struct flown f;
    enum err e = ERR_OK;
    if (plan->landing_us == INSTANT_NONE) {
        f = fly_as_planned(p, plan, way_nm);
        e = f.cruise_nm < 0 ? ERR_RANGE : ERR_OK;
    } else {
        e = fly_in_time(p, plan, way_nm, &f);
    }
    if (e) {
        return e;
    }
    set_phases(p, path, plan, &f);
    p->takeoff_us = plan->takeoff_us;
    p->on_us = plan->takeoff_us - microseconds(p->phase[PHASE_CLIMB].begin_s);
    p->landing_us = p->on_us + microseconds(p->phase[PHASE_ROLL_OUT].begin_s);
    const struct phase *last = &p->phase[plan->touching ? PHASE_DESCENT : PHASE_ARRIVED];
    p->off_us = p->on_us + microseconds(last->begin_s + last->length_s);
    return ERR_OK;
}

void profile_at(const struct profile *p, int64_t t_us, struct profile_state *out)
{
    const double s = (double)(t_us - p->on_us) / 1e6;
    enum phase_kind k = PHASE_PARKED;
    while (k + 1 < PHASE_COUNT && p->phase[k + 1].begin_s <= s) {
        k++;
    }
    const struct phase *f = &p->phase[k];
    const double in_s = fmin(fmax(s - f->begin_s, 0), f->length_s);
    const double share = f->length_s > 0 ? in_s / f->length_s : 0;
    const double v_now = f->v_kt + (f->v_end_kt - f->v_kt) * share;
    const double r_now = f->r_fpm + (f->r_end_fpm - f->r_fpm) * share;
    out->phase = k;
    out->ground = k < PHASE_CLIMB || k > PHASE_DESCENT;
    out->s_nm = f->s_nm + (f->v_kt + v_now) / 2 * in_s / 3600;
    out->v_kt = v_now;
    out->h_ft = f->h_ft + (f->r_fpm + r_now) / 2 * in_s / 60;
    out->r_fpm = r_now;
}
